//! The JSON Schema of pipeline files.

use serde_json::{Value, json};

use crate::TestCase;
use crate::file::{GateTable, InputTable, LimitsTable, OutputTable};
use crate::registry::STAGES;

/// The schema, from the types that read pipeline files: an editor that knows it completes keys and marks mistakes.
pub fn schema() -> Value {
    let stages: Vec<Value> = STAGES
        .iter()
        .map(|stage| {
            let mut schema = stage.schema().to_value();
            if let Some(object) = schema.as_object_mut() {
                object.remove("$schema");
                object.insert("title".into(), json!(stage.spec().name));
                object.insert("description".into(), json!(stage.spec().summary));
                let properties = object.entry("properties").or_insert_with(|| json!({}));
                if let Some(properties) = properties.as_object_mut() {
                    properties.insert("use".into(), json!({ "const": stage.spec().name }));
                }
                object.insert("required".into(), json!(["use"]));
            }
            schema
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tamis pipeline",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "stage"],
        "properties": {
            "name": { "type": "string", "description": "The pipeline's name." },
            "description": { "type": "string", "description": "What it is for, in a few words." },
            "input": plain::<InputTable>(),
            "stage": { "type": "array", "minItems": 1, "items": { "oneOf": stages } },
            "output": plain::<OutputTable>(),
            "limits": plain::<LimitsTable>(),
            "gate": { "type": "array", "items": plain::<GateTable>() },
            "test": { "type": "array", "items": plain::<TestCase>() },
        },
    })
}

fn plain<T: schemars::JsonSchema>() -> Value {
    let mut generator = schemars::generate::SchemaSettings::draft2020_12();
    generator.inline_subschemas = true;
    let mut schema = generator.into_generator().into_root_schema_for::<T>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
    }
    schema
}
