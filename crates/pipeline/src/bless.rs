//! Write what tests have found into the pipeline file, in the place of what they expected.

use toml_edit::{Array, DocumentMut, Item, TableLike, value};

use crate::TestOutcome;

/// What can be written: one value for a key. What a text contains or lacks is a person's choice.
const KEYS: [&str; 6] = ["text", "status", "rule", "title", "lang", "encoding"];

/// The pipeline file with the expectations of failed tests made what was found, everything else as it was; `outcomes`
/// are those of its tests, in order. Also the number of failures that a person must see to. An error means that the
/// file is no TOML.
pub fn bless(text: &str, outcomes: &[TestOutcome]) -> Result<(String, usize), String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let mut left = outcomes.iter().map(|outcome| outcome.failures.len()).sum();
    let Some(tests) = document.get_mut("test").and_then(Item::as_array_of_tables_mut) else {
        return Ok((text.to_owned(), left));
    };
    for (test, outcome) in tests.iter_mut().zip(outcomes) {
        for (what, _, found) in &outcome.failures {
            let item = match what.as_str() {
                // A failure's reason stands behind its status.
                "status" => value(found.split(' ').next().unwrap_or_default()),
                "sentences" => value(found.lines().collect::<Array>()),
                key if KEYS.contains(&key) => value(found.as_str()),
                _ => continue,
            };
            if let Some(expect) = table(test.entry("expect").or_insert_with(toml_edit::table)) {
                expect.insert(what, item);
                left -= 1;
            }
        }
    }
    Ok((document.to_string(), left))
}

fn table(item: &mut Item) -> Option<&mut dyn TableLike> {
    item.as_table_like_mut()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    const FILE: &str = "name = \"a\" # kept\n[[stage]]\nuse = \"decode\"\n\n[[test]]\nname = \"one\" # kept\ninput.text = \"un\"\n\
                        expect.text = \"deux\"\nexpect.lacks = [\"n\"]\n\n[[test]]\nname = \"two\"\ninput.text = \"\"\"\na\nb\n\"\"\"\n\
                        expect = { text = \"c\", status = \"dropped\" }\n";

    #[test]
    fn blessed_tests_pass_and_the_rest_of_the_file_stays() {
        let pipeline = parse(FILE).unwrap();
        let outcomes: Vec<_> = pipeline.tests.iter().map(|test| test.run(&pipeline.plan)).collect();
        let (blessed, left) = bless(FILE, &outcomes).unwrap();
        assert_eq!(left, 1, "what a text lacks is a person's choice");
        assert!(
            blessed.contains("name = \"a\" # kept") && blessed.contains("name = \"one\" # kept"),
            "{blessed}"
        );
        let again = parse(&blessed).unwrap();
        let outcomes: Vec<_> = again.tests.iter().map(|test| test.run(&again.plan)).collect();
        assert_eq!(outcomes.iter().map(|outcome| outcome.failures.len()).sum::<usize>(), 1);
        assert!(outcomes.iter().all(|outcome| outcome.failures.iter().all(|failure| failure.0 == "lacks")));
    }
}
