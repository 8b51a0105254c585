//! The cases in `cases/`: one file per language. A case says why, and gives the sentences its text splits into.
//!
//! The text of a case is its sentences with a space between them, or with `between`; or it is `text`, where the white
//! space matters.

use std::path::Path;

use serde::Deserialize;
use tamis_sentences::Splitter;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    sentences: Vec<String>,
    #[serde(default = "space")]
    between: String,
    text: Option<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
    #[serde(default)]
    starters: Vec<String>,
    #[serde(default)]
    joining_lines: bool,
}

fn space() -> String {
    " ".to_owned()
}

#[test]
fn cases_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file: File = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &file.case {
            count += 1;
            let text = case.text.clone().unwrap_or_else(|| case.sentences.join(&case.between));
            let mut splitter = Splitter::new(&file.language)
                .with_abbreviations(&case.abbreviations)
                .with_starters(&case.starters);
            if case.joining_lines {
                splitter = splitter.joining_lines();
            }
            let found: Vec<_> = splitter.split(&text).filter_map(|span| span.slice(&text)).collect();
            if found != case.sentences {
                wrong.push(format!(
                    "{}: {}\n  is     {:?}\n  should {:?}",
                    file.language, case.why, found, case.sentences
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 150, "only {count} cases were read");
}
