//! Where two pipelines differ.

use serde_json::Value;

use super::PipelineChange;

/// The leaves that differ, by path. Stages are compared by their place.
pub(super) fn changes(before: &Value, after: &Value) -> Vec<PipelineChange> {
    let mut changes = Vec::new();
    // A stack, not recursion: pipelines are small, but the depth of an option is its stage's affair.
    let mut pairs = vec![(String::new(), Some(before), Some(after))];
    while let Some((path, was, is)) = pairs.pop() {
        if was == is {
            continue;
        }
        match (was, is) {
            (Some(Value::Object(was)), Some(Value::Object(is))) => {
                let mut keys: Vec<&String> = was.keys().chain(is.keys()).collect();
                keys.sort_unstable();
                keys.dedup();
                for key in keys.into_iter().rev() {
                    let dot = if path.is_empty() { "" } else { "." };
                    pairs.push((format!("{path}{dot}{key}"), was.get(key), is.get(key)));
                }
            }
            (Some(Value::Array(was)), Some(Value::Array(is))) if is_table(was) || is_table(is) => {
                for place in (0..was.len().max(is.len())).rev() {
                    pairs.push((format!("{path}[{place}]"), was.get(place), is.get(place)));
                }
            }
            (was, is) => changes.push(PipelineChange {
                path,
                before: was.map(ToString::to_string),
                after: is.map(ToString::to_string),
            }),
        }
    }
    changes
}

/// An array of objects is looked into; a list of plain values is one value.
fn is_table(values: &[Value]) -> bool {
    values.first().is_some_and(Value::is_object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn leaves_that_differ_are_told_by_path() {
        let before = json!({ "stages": [{ "use": "a", "options": { "x": 1, "y": ["u"] } }], "name": "n" });
        let after = json!({ "stages": [{ "use": "a", "options": { "x": 2, "y": ["u", "v"] } }, { "use": "b" }], "name": "n" });
        let found: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|change| format!("{} {:?} {:?}", change.path, change.before, change.after))
            .collect();
        assert_eq!(
            found,
            [
                "stages[0].options.x Some(\"1\") Some(\"2\")",
                "stages[0].options.y Some(\"[\\\"u\\\"]\") Some(\"[\\\"u\\\",\\\"v\\\"]\")",
                "stages[1] None Some(\"{\\\"use\\\":\\\"b\\\"}\")",
            ]
        );
    }
}
