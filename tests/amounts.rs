//! Replace mode from end to end: the text changes where amounts stand and nowhere else, everything noted about it stays
//! true, and a second run has nothing to do.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test should stop here")]

mod tamis;

use std::fs;

use serde_json::{Value, json};
use tamis::{Run, code, project, tamis, told};

/// The main job over the corpus, with this in the place of `mode = "annotate"`.
fn press(mode: &str) -> Run {
    let root = tempfile::tempdir().unwrap();
    let pipeline = root.path().join("press.toml");
    let text = fs::read_to_string(project("pipelines/press.toml")).unwrap();
    assert!(text.contains("mode = \"annotate\"\n"), "{text}");
    fs::write(&pipeline, text.replace("mode = \"annotate\"\n", mode)).unwrap();
    let run = Run::of(&[pipeline.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.errors);
    run
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

/// Start and end of each amount, in code points.
fn spans(record: &Value) -> Vec<(usize, usize)> {
    let amounts = record["amounts"].as_array().unwrap();
    amounts.iter().map(|amount| (number(&amount["start"]), number(&amount["end"]))).collect()
}

/// What stands between the amounts.
fn between(record: &Value) -> Vec<String> {
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let mut at = 0;
    let mut parts = Vec::new();
    for (start, end) in spans(record).into_iter().chain([(text.len(), text.len())]) {
        parts.push(text[at..start].iter().collect());
        at = end;
    }
    parts
}

fn counted(record: &Value) -> Vec<Value> {
    let told = |amount: &Value| {
        let fields = ["kind", "value", "low", "high", "currency", "modifier", "vague", "rule"];
        fields.into_iter().map(|field| amount[field].clone()).collect()
    };
    record["amounts"].as_array().unwrap().iter().map(told).collect()
}

#[test]
fn amounts_are_rewritten_and_all_else_stays_true() {
    let (noted, written) = (press("mode = \"annotate\"\n"), press("mode = \"replace\"\n"));
    let mut rewritten = 0;
    for (before, after) in noted.records().iter().zip(written.records().iter()) {
        assert_eq!(before["id"], after["id"]);
        assert_eq!(between(before), between(after), "{}", before["id"]);
        assert_eq!(counted(before), counted(after), "{}", before["id"]);
        // A sentence's edges move by what the amounts before it grew or shrank.
        let (from, to) = (spans(before), spans(after));
        let moved = |edge: usize| {
            let place = from.partition_point(|(_, end)| *end <= edge);
            let (old, new) = place.checked_sub(1).map_or((0, 0), |last| (from[last].1, to[last].1));
            let inside = from.get(place).is_some_and(|(start, _)| *start < edge);
            if inside { None } else { Some(edge - old + new) }
        };
        let edges = |record: &Value| -> Vec<usize> {
            record["sentences"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|s| [number(&s[0]), number(&s[1])])
                .collect()
        };
        let (old, new) = (edges(before), edges(after));
        assert_eq!(old.len(), new.len(), "{}", before["id"]);
        for (old, new) in old.iter().zip(&new) {
            assert_eq!(moved(*old).unwrap_or(*new), *new, "{}", before["id"]);
        }
        for (before, after) in
            before["amounts"].as_array().unwrap().iter().zip(after["amounts"].as_array().unwrap())
        {
            if before["text"] != after["text"] {
                rewritten += 1;
                // "0.0840": a fourth decimal keeps three from reading as thousands.
                let text = after["text"].as_str().unwrap();
                let value = after["value"].as_str().unwrap_or_default();
                let code = after["currency"].as_str().unwrap_or_default();
                assert!(text.starts_with(value) && text.ends_with(code), "{after}");
            }
        }
    }
    assert!(rewritten > 50, "{rewritten} amounts rewritten");
    let rules: Vec<String> = written
        .ledger()
        .iter()
        .flat_map(|line| {
            let edits = line["edits"].as_array().cloned().unwrap_or_default();
            edits.into_iter().map(|edit| edit[2].as_str().unwrap().to_owned())
        })
        .collect();
    assert!(rules.iter().filter(|rule| *rule == "amounts/canonical-money").count() > 20);
    let done = tamis(&["verify", written.path().to_str().unwrap(), "--input", "corpus"]);
    assert_eq!(code(&done), 0, "{}", told(&done));
}

#[test]
fn a_second_run_changes_nothing_whatever_the_template() {
    for form in ["{value} {unit}", "<{kind}>{value} {unit}</{kind}>"] {
        let once = press(&format!("mode = \"replace\"\nform = \"{form}\"\n"));
        let root = tempfile::tempdir().unwrap();
        let (pipeline, input) = (root.path().join("again.toml"), root.path().join("once.jsonl"));
        let stage = format!("use = \"normalise-amounts\"\nmode = \"replace\"\nform = \"{form}\"");
        let stages = format!("name = \"again\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\n{stage}\n");
        fs::write(&pipeline, stages).unwrap();
        let records = once.records();
        let line = |record: &Value| {
            let fields = json!({ "id": record["id"], "lang": record["lang"], "text": record["text"] });
            fields.to_string() + "\n"
        };
        fs::write(&input, records.iter().map(line).collect::<String>()).unwrap();
        let again = Run::of(&[pipeline.to_str().unwrap(), "--input", input.to_str().unwrap()]);
        assert_eq!(again.code, 0, "{}", again.errors);
        let texts = |records: &[Value]| -> Vec<String> {
            records.iter().map(|record| record["text"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(texts(&again.records()), texts(&records));
        if form.starts_with('<') {
            assert!(texts(&records).iter().any(|text| text.contains(" EUR</money>")));
        }
    }
}
