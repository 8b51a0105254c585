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
    /// Languages in the order of their shares, each with percents that its share must be near.
    #[serde(default)]
    shares: Vec<(String, f64)>,
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
        let shares = found.shares.as_slice();
        let near = case.shares.iter().zip(shares).all(|((tag, percent), (told, share))| {
            tag == told.as_str() && (percent - share * 100.0).abs() < 12.0
        });
        if !(case.shares.is_empty() || near && shares.len() == case.shares.len()) {
            wrong.push(format!("{}: {shares:?}", case.name));
        }
        if found.tag.as_str() != case.language || rule != case.rule.as_deref() {
            wrong.push(format!("{}: {found:?}, dropped by {rule:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
