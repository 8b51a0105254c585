//! Runs the cases of `cases/*.toml`.

use std::fmt::Write as _;
use std::path::Path;

use tamis_unicode::{Edits, Options, normalise};

/// One case: what it shows, the options that are not the default ones, the text before and after, and the rules that applied,
/// in order, without repetition.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    shows: String,
    #[serde(default)]
    options: Options,
    before: String,
    after: String,
    rules: Vec<String>,
}

#[derive(Debug, serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[test]
fn cases_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let (mut ran, mut failures) = (0, String::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file: File = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in file.case {
            let mut edits = Edits::default();
            normalise(&case.before, &case.options, &mut edits);
            let mut rules: Vec<&str> = Vec::new();
            for (edit, _) in edits.iter() {
                if !rules.contains(&edit.rule.id) {
                    rules.push(edit.rule.id);
                }
            }
            let after = edits.apply(&case.before);
            if after != case.after || rules != case.rules {
                let _ =
                    writeln!(failures, "{}: {}\n  gave {after:?} by {rules:?}", path.display(), case.shows);
            }
            ran += 1;
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(ran > 30, "only {ran} cases ran");
}
