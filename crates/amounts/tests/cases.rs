//! Runs `cases/*.toml`: texts, and the amounts in them. Adding a case needs no code.
//!
//! A file names its language and has `[[case]]` blocks of `text` and `amounts`, each amount written
//! `surface = value`, where the value is
//!
//! - `1234.5 EUR`, `12 %`, `12 pp` (percentage points), `5 ‰`, `1400000` (a quantity), `number 7` (a bare number);
//! - `30–50 EUR` for a range, `vague EUR` for a magnitude without a value, `about 100 EUR` for a count by the dozen;
//! - followed by `min`, `max`, `approx` for a modifier and `assumed` where the currency is a convention.
//!
//! `numbers = true` asks for bare numbers too; `lang` in a case overrides the file's; `options` are those of a pipeline
//! file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a case file that cannot be read fails its test")]

use std::fmt::Write;

use serde::Deserialize;
use tamis_amounts::{Amount, AmountKind, Kind, Options, find};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lang: String,
    #[serde(default)]
    numbers: bool,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    lang: Option<String>,
    numbers: Option<bool>,
    #[serde(default)]
    options: Options,
    /// What the text is passed over for: `tests/guards.rs` reads it.
    #[serde(default, rename = "guard")]
    _guard: Option<String>,
    amounts: Vec<String>,
}

fn described(text: &str, amount: &Amount) -> String {
    let mut line = format!("{} = ", amount.span.slice(text).unwrap());
    if amount.kind == AmountKind::Number {
        line.push_str("number ");
    }
    if amount.vague {
        line.push_str(if amount.value.is_some() { "about " } else { "vague" });
    }
    if let Some(value) = amount.value {
        write!(line, "{value}").unwrap();
    }
    if let (Some(low), Some(high)) = (amount.low, amount.high) {
        write!(line, "{low}–{high}").unwrap();
    }
    match (amount.kind, amount.unit) {
        (AmountKind::Money, _) => {
            let code = amount.currency.map_or("money".to_owned(), |code| code.to_string());
            write!(line, " {code}").unwrap();
        }
        (AmountKind::Percent, Some("percent")) => line.push_str(" %"),
        (AmountKind::Percent, Some("permille")) => line.push_str(" ‰"),
        (AmountKind::Percent, _) => line.push_str(" pp"),
        _ => {}
    }
    if let Some(modifier) = amount.modifier {
        write!(line, " {}", modifier.name()).unwrap();
    }
    if amount.assumed {
        line.push_str(" assumed");
    }
    line
}

fn run(path: &std::path::Path) -> (usize, String) {
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap())
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut problems = String::new();
    for case in &file.case {
        let mut options = case.options.clone();
        if case.numbers.unwrap_or(file.numbers) {
            options.kinds.push(Kind::Number);
        }
        let mut amounts = Vec::new();
        let lang = case.lang.as_ref().unwrap_or(&file.lang);
        find(&case.text, lang, &options, &mut amounts);
        let found: Vec<String> = amounts.iter().map(|amount| described(&case.text, amount)).collect();
        if found != case.amounts {
            writeln!(
                problems,
                "{} [{lang}] {:?}\n  expected {:?}\n  found    {found:?}",
                path.display(),
                case.text,
                case.amounts
            )
            .unwrap();
        }
    }
    (file.case.len(), problems)
}

#[test]
fn every_case_holds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let results: Vec<_> = files.iter().map(|path| run(path)).collect();
    let problems: String = results.iter().map(|(_, problems)| problems.as_str()).collect();
    assert!(problems.is_empty(), "\n{problems}");
    assert!(results.iter().map(|(count, _)| count).sum::<usize>() > 100);
}
