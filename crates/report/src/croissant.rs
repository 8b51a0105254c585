//! `croissant.json`: MLCommons Croissant 1.0 metadata.

use serde_json::{Map, Value, json};

use crate::Report;
use crate::card::documents_glob;

/// The type of a list of texts, in the tables below.
const TEXTS: &str = "sc:Text[]";

/// The fields of an amount: name and Croissant type.
const AMOUNT: [(&str, &str, &str); 16] = [
    ("start", "sc:Integer", "First code point."),
    ("end", "sc:Integer", "One past the last code point."),
    ("text", "sc:Text", "The text between them."),
    ("kind", "sc:Text", "money, percent, quantity or number."),
    ("value", "sc:Text", "Plain decimal; null for ranges and vague amounts."),
    ("currency", "sc:Text", "ISO 4217; null when nothing tells which of the candidates is meant."),
    ("candidates", TEXTS, "Other ISO 4217 codes the written name may mean."),
    ("unit", "sc:Text", "What a quantity counts."),
    ("low", "sc:Text", "Lower end of a range."),
    ("high", "sc:Text", "Upper end of a range."),
    ("modifier", "sc:Text", "min, max or approx."),
    ("vague", "sc:Boolean", "A magnitude, not a value."),
    ("magnitude", "sc:Integer", "Power of ten of the scale words; null when none is written."),
    ("assumed", "sc:Boolean", "The currency is a convention."),
    ("inherited", "sc:Boolean", "Scale or unit of one end of a range are those of the other end."),
    ("rule", "sc:Text", "The rule of the grammar, or the policy, that read it."),
];

/// The fields of the metadata.
const METADATA: [(&str, &str, &str); 9] = [
    ("path", "sc:Text", "The file, relative to its input root."),
    ("url", "sc:URL", "The page's address."),
    ("author", "sc:Text", "Who wrote it, as the page says."),
    ("published", "sc:Text", "When it was published, as the page writes it."),
    ("site", "sc:Text", "The name of the site."),
    ("canonical_url", "sc:Text", "The address by which the page wants to be known."),
    ("raw_sha256", "sc:Text", "SHA-256 of the raw bytes, in hexadecimal."),
    ("raw_bytes", "sc:Integer", "The number of raw bytes."),
    ("extra", "sc:Text", "An input record's unknown keys, as one JSON object."),
];

/// The plain fields of a record.
const PLAIN: [(&str, &str, &str); 7] = [
    ("id", "sc:Text", "The record's own id, or the source."),
    ("source", "sc:Text", "Path relative to the input root, or the record's own id."),
    ("text", "sc:Text", "The clean text, paragraphs separated by newlines."),
    ("title", "sc:Text", "The document's title."),
    ("lang", "sc:Text", "BCP 47; und when unsure."),
    ("lang_confidence", "sc:Float", "0 to 1; null when no detector ran."),
    ("encoding", "sc:Text", "The WHATWG label of the encoding in lower case."),
];

/// The columns of a record for OpenLineage: name, type and description, structs with their fields.
pub(crate) fn columns() -> Vec<Value> {
    let column = |(name, kind, description): &(&str, &str, &str)| {
        let kind = kind.split(':').next_back().unwrap_or_default().to_lowercase();
        json!({ "name": name, "type": kind, "description": description })
    };
    let nested = |name: &str, kind: &str, parts: &[(&str, &str, &str)]| json!({ "name": name, "type": kind, "fields": parts.iter().map(column).collect::<Vec<_>>() });
    let mut columns: Vec<Value> = PLAIN.iter().map(column).collect();
    columns.push(column(&("sentences", "array", "Half-open ranges of code points into the text.")));
    columns.push(nested("amounts", "array", &AMOUNT));
    columns.push(nested("metadata", "struct", &METADATA));
    columns
}

/// The metadata of a run.
///
/// The files are a `FileSet` of a glob without `containedIn`: a list of file objects or a directory in it is what the
/// reference implementation refuses.
pub(crate) fn croissant(report: &Report) -> Value {
    let mut fields: Vec<Value> =
        PLAIN.iter().map(|(name, kind, description)| field(name, kind, description, None)).collect();
    let mut sentences =
        field("sentences", "sc:Integer", "Half-open ranges of code points into the text.", None);
    insert(&mut sentences, "isArray", json!(true));
    insert(&mut sentences, "arrayShape", json!("-1,2"));
    fields.push(sentences);
    fields.push(nested(Parent { column: "amounts", repeated: true }, "What was counted.", &AMOUNT));
    let metadata = Parent { column: "metadata", repeated: false };
    fields.push(nested(metadata, "Where the record comes from.", &METADATA));
    let description = report.pipeline.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = if description.is_empty() {
        format!("Documents cleaned by tamis {}, pipeline {}", report.tamis, report.name)
    } else {
        description.to_owned()
    };
    json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": report.name,
        "description": description,
        "inLanguage": report.languages.keys().filter(|tag| *tag != "und").collect::<Vec<_>>(),
        "distribution": [{
            "@type": "cr:FileSet",
            "@id": "documents",
            "name": "documents",
            "description": "Shards of kept documents, in input order.",
            "encodingFormat": "application/jsonlines",
            "includes": documents_glob(report),
        }],
        "recordSet": [{
            "@type": "cr:RecordSet",
            "@id": "articles",
            "name": "articles",
            "description": "One record for each kept document.",
            "key": { "@id": "articles/id" },
            "field": fields,
        }],
    })
}

/// A field; one with a parent is taken out of its parent's column.
fn field(name: &str, kind: &str, description: &str, parent: Option<Parent>) -> Value {
    let file_set = json!({ "@id": "documents" });
    let (id, source) = match parent {
        None => (format!("articles/{name}"), json!({ "fileSet": file_set, "extract": { "column": name } })),
        Some(Parent { column, .. }) => {
            // A transform is applied to each value of a list by itself.
            let source = json!({
                "fileSet": file_set,
                "extract": { "column": column },
                "transform": { "jsonPath": format!("$.{name}") },
            });
            (format!("articles/{column}/{name}"), source)
        }
    };
    let mut field = json!({
        "@type": "cr:Field",
        "@id": id,
        "name": id,
        "description": description,
        "dataType": kind.trim_end_matches("[]"),
        "source": source,
    });
    if kind == TEXTS {
        insert(&mut field, "isArray", json!(true));
        insert(&mut field, "arrayShape", json!("-1"));
    }
    field
}

/// The column that a nested field is taken from.
#[derive(Clone, Copy)]
struct Parent {
    column: &'static str,
    repeated: bool,
}

fn nested(parent: Parent, description: &str, parts: &[(&str, &str, &str)]) -> Value {
    let id = format!("articles/{}", parent.column);
    let parts: Vec<Value> =
        parts.iter().map(|(part, kind, description)| field(part, kind, description, Some(parent))).collect();
    json!({
        "@type": "cr:Field",
        "@id": id,
        "name": id,
        "description": description,
        "repeated": parent.repeated,
        "subField": parts,
    })
}

fn insert(value: &mut Value, key: &str, what: Value) {
    if let Some(object) = value.as_object_mut() {
        object.insert(key.to_owned(), what);
    }
}

/// The context of Croissant 1.0, whole: with a key missing, validators call it not standard.
fn context() -> Value {
    let mut context = Map::new();
    for (key, value) in [
        ("@language", "en"),
        ("@vocab", "https://schema.org/"),
        ("citeAs", "cr:citeAs"),
        ("column", "cr:column"),
        ("conformsTo", "dct:conformsTo"),
        ("cr", "http://mlcommons.org/croissant/"),
        ("dct", "http://purl.org/dc/terms/"),
        ("equivalentProperty", "cr:equivalentProperty"),
        ("extract", "cr:extract"),
        ("field", "cr:field"),
        ("fileObject", "cr:fileObject"),
        ("fileProperty", "cr:fileProperty"),
        ("fileSet", "cr:fileSet"),
        ("format", "cr:format"),
        ("includes", "cr:includes"),
        ("isArray", "cr:isArray"),
        ("arrayShape", "cr:arrayShape"),
        ("isLiveDataset", "cr:isLiveDataset"),
        ("jsonPath", "cr:jsonPath"),
        ("key", "cr:key"),
        ("md5", "cr:md5"),
        ("parentField", "cr:parentField"),
        ("path", "cr:path"),
        ("rai", "http://mlcommons.org/croissant/RAI/"),
        ("recordSet", "cr:recordSet"),
        ("references", "cr:references"),
        ("regex", "cr:regex"),
        ("repeated", "cr:repeated"),
        ("replace", "cr:replace"),
        ("samplingRate", "cr:samplingRate"),
        ("sc", "https://schema.org/"),
        ("separator", "cr:separator"),
        ("source", "cr:source"),
        ("subField", "cr:subField"),
        ("transform", "cr:transform"),
    ] {
        context.insert(key.to_owned(), json!(value));
    }
    context.insert("data".to_owned(), json!({ "@id": "cr:data", "@type": "@json" }));
    context.insert("dataType".to_owned(), json!({ "@id": "cr:dataType", "@type": "@vocab" }));
    context.insert("examples".to_owned(), json!({ "@id": "cr:examples", "@type": "@json" }));
    Value::Object(context)
}
