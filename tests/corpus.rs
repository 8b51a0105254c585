//! The main job over `corpus/`: what `corpus/expectations.toml` asks for, and the golden run.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

mod tamis;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;
use tamis::{Run, project};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectations {
    totals: Totals,
    file: Vec<File>,
    family: Vec<Family>,
    distinct: Vec<Distinct>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Totals {
    documents: usize,
    kept: usize,
    dropped: usize,
    failed: usize,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    path: String,
    id: Option<String>,
    line: Option<u64>,
    status: Option<String>,
    status_any: Vec<String>,
    stage: Option<String>,
    rule: Option<String>,
    reason_contains: Option<String>,
    duplicate_of: Option<String>,
    lang: Option<String>,
    encoding: Option<String>,
    must_contain: Vec<String>,
    must_not_contain: Vec<String>,
    amounts: Vec<BTreeMap<String, toml::Value>>,
    not_money: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    members: Vec<String>,
    kept: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Distinct {
    members: Vec<String>,
}

/// Text as the expectations compare it: NFC, plain apostrophes, single spaces.
fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = text.nfc().map(|c| if c == '’' { '\'' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn same_number(left: &str, right: &str) -> bool {
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => (left - right).abs() < 1e-9,
        _ => left == right,
    }
}

fn amount_fits(expected: &BTreeMap<String, toml::Value>, amount: &Value) -> bool {
    let wanted = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    expected.iter().map(|(key, value)| (key, wanted(value))).all(|(key, wanted)| match key.as_str() {
        "value" | "low" | "high" => same_number(text(amount, key), &wanted),
        "text" => {
            let (found, wanted) = (folded(text(amount, "text")), folded(&wanted));
            found.contains(&wanted) || wanted.contains(&found)
        }
        "vague" | "assumed" => amount[key] == Value::Bool(wanted == "true"),
        _ => text(amount, key) == wanted,
    })
}

impl File {
    fn check(&self, ledger: &Value, record: Option<&Value>, told: &mut String) {
        let name = format!("{} {}", self.path, self.id.clone().unwrap_or_default());
        let mut held = |what: &str, expected: &str, found: &str, holds: bool| {
            if !holds {
                let _ = writeln!(told, "{name}: {what}: expected {expected:?}, found {found:?}");
            }
        };
        for (key, expected) in [
            ("status", &self.status),
            ("stage", &self.stage),
            ("rule", &self.rule),
            ("duplicate_of", &self.duplicate_of),
            ("lang", &self.lang),
            ("encoding", &self.encoding),
        ] {
            if let Some(expected) = expected {
                held(key, expected, text(ledger, key), text(ledger, key) == expected);
            }
        }
        if !self.status_any.is_empty() {
            let found = text(ledger, "status");
            held(
                "status",
                &self.status_any.join(" or "),
                found,
                self.status_any.iter().any(|any| any == found),
            );
        }
        if let Some(expected) = &self.reason_contains {
            let found = text(ledger, "reason").to_lowercase();
            held("reason", expected, &found, found.contains(&expected.to_lowercase()));
        }
        let Some(record) = record else { return };
        let clean = folded(text(record, "text"));
        for phrase in &self.must_contain {
            held("text holds", phrase, "nothing of it", clean.contains(&folded(phrase)));
        }
        for phrase in &self.must_not_contain {
            // A phrase that is not in NFC asks for just that: the text must not hold it as it is written.
            let composed = unicode_normalization::is_nfc(phrase);
            let found = if composed {
                clean.contains(&folded(phrase))
            } else {
                text(record, "text").contains(phrase)
            };
            held("text lacks", phrase, "it", !found);
        }
        let amounts = record["amounts"].as_array().unwrap();
        let all: Vec<_> =
            amounts.iter().map(|amount| format!("{} = {}", amount["text"], amount["value"])).collect();
        for expected in &self.amounts {
            let holds = amounts.iter().any(|amount| amount_fits(expected, amount));
            held("amount", &format!("{expected:?}"), &all.join(", "), holds);
        }
        for phrase in &self.not_money {
            let wrong = amounts.iter().find(|amount| {
                let money = matches!(text(amount, "kind"), "money" | "percent");
                money && overlaps(record, amount, phrase)
            });
            held("no money", phrase, &wrong.map(ToString::to_string).unwrap_or_default(), wrong.is_none());
        }
    }
}

/// Whether an amount overlaps an occurrence of the phrase in the record's text.
fn overlaps(record: &Value, amount: &Value, phrase: &str) -> bool {
    let clean = text(record, "text");
    let offset = |key: &str| {
        let points = amount[key].as_u64().unwrap() as usize;
        clean.char_indices().nth(points).map_or(clean.len(), |(offset, _)| offset)
    };
    let (start, end) = (offset("start"), offset("end"));
    clean.match_indices(phrase).any(|(at, _)| at < end && start < at + phrase.len())
}

#[test]
fn the_main_job_does_what_the_corpus_asks_for() {
    let run = Run::of(&["pipelines/press.toml"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let wanted = std::fs::read_to_string(project("corpus/expectations.toml")).unwrap();
    let wanted: Expectations = toml::from_str(&wanted).unwrap_or_else(|error| panic!("{}", error.message()));
    let (ledger, records) = (run.ledger(), run.records());
    let record_of = |id: &str| records.iter().find(|record| text(record, "id") == id);
    let mut told = String::new();
    for file in &wanted.file {
        let line = ledger.iter().find(|line| {
            text(line, "file") == file.path
                && file.id.as_ref().is_none_or(|id| text(line, "id") == id)
                && file.line.is_none_or(|number| line["line"] == number)
        });
        let Some(line) = line else {
            let _ = writeln!(told, "{}: no line in the ledger", file.path);
            continue;
        };
        file.check(line, record_of(text(line, "id")), &mut told);
    }
    let status =
        |id: &str| ledger.iter().find(|line| text(line, "id") == id).unwrap_or_else(|| panic!("{id}"));
    for family in &wanted.family {
        let kept: Vec<_> = family.members.iter().filter(|id| text(status(id), "status") == "kept").collect();
        if kept.len() != 1 || family.kept.as_ref().is_some_and(|expected| kept[0] != expected) {
            let _ = writeln!(told, "family {:?}: kept {kept:?}, expected {:?}", family.members, family.kept);
        }
        for lost in family.members.iter().filter(|id| text(status(id), "status") != "kept") {
            let to = text(status(lost), "duplicate_of");
            if text(status(lost), "stage") != "deduplicate" || !family.members.iter().any(|id| id == to) {
                let _ = writeln!(told, "{lost} lost to {to:?}");
            }
        }
    }
    for distinct in &wanted.distinct {
        for id in &distinct.members {
            let to = text(status(id), "duplicate_of");
            if distinct.members.iter().any(|other| other == to) {
                let _ = writeln!(told, "{id} was dropped for {to}");
            }
        }
    }
    let count = |status: &str| ledger.iter().filter(|line| text(line, "status") == status).count();
    let found = (ledger.len(), count("kept"), count("dropped"), count("failed"));
    let expected = (wanted.totals.documents, wanted.totals.kept, wanted.totals.dropped, wanted.totals.failed);
    if found != expected {
        let _ = writeln!(told, "in, kept, dropped, failed: expected {expected:?}, found {found:?}");
    }
    assert!(told.is_empty(), "{} of what the corpus asks for does not hold:\n{told}", told.lines().count());
}

/// The records and the fates of the golden run, small enough to be read in a review. `UPDATE_GOLDEN=1` writes it anew.
#[test]
fn the_golden_run_has_not_changed() {
    let run = Run::of(&["pipelines/press.toml"]);
    let mut golden = String::new();
    for line in run.ledger() {
        let _ = writeln!(
            golden,
            "{} {} {} {} {}",
            text(&line, "id"),
            text(&line, "status"),
            line["rule"].as_str().or(line["reason"].as_str()).unwrap_or("-"),
            line["lang"].as_str().unwrap_or("-"),
            line["bytes"]
        );
    }
    for record in run.records() {
        let _ = writeln!(golden, "\n## {}", text(&record, "id"));
        let _ = writeln!(golden, "{}", text(&record, "text"));
        let _ = writeln!(golden, "{} sentences", record["sentences"].as_array().unwrap().len());
        for amount in record["amounts"].as_array().unwrap() {
            let field = |key: &str| amount[key].as_str().unwrap_or("-").to_owned();
            let _ = writeln!(
                golden,
                "- {} = {} {} [{}, {}] {}",
                field("text"),
                field("value"),
                field("currency"),
                field("low"),
                field("high"),
                field("kind")
            );
        }
    }
    let path = project("tests/golden/press.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &golden).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let first = expected.lines().zip(golden.lines()).find(|(old, new)| old != new);
    assert!(
        expected == golden,
        "the golden run has changed; first difference:\n  was {:?}\n  is  {:?}\nrun with UPDATE_GOLDEN=1 and read the diff",
        first.map(|pair| pair.0),
        first.map(|pair| pair.1)
    );
}
