//! The cases of `cases/*.toml`.

use serde::Deserialize;
use tamis_core::{Document, Engine, PlannedStage, Verdict};
use tamis_language::{DetectLanguage, Options};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    language: String,
    #[serde(default)]
    options: String,
    rule: Option<String>,
}

#[test]
fn cases() {
    let file = include_str!("../cases/languages.toml");
    let mut wrong = Vec::new();
    for case in toml::from_str::<Cases>(file).expect("a file of cases").case {
        let options: Options = toml::from_str(&case.options).expect("options of the stage");
        let stage = PlannedStage::document(Box::new(DetectLanguage::new(&options).expect("sound options")));
        let mut document = Document::from_text(&case.text);
        let verdict = Engine::default().run_stage(&stage, &mut document).expect("a stage that never fails");
        let rule = match verdict {
            Verdict::Keep => None,
            Verdict::Drop { rule, .. } => Some(rule.id),
        };
        let found = document.annotations.language.expect("a language or `und`");
        if found.tag.as_str() != case.language || rule != case.rule.as_deref() {
            wrong.push(format!("{}: {found:?}, dropped by {rule:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
