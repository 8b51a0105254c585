//! What is told of each stage is what it does: the examples of `tamis stages` are run.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test should stop here")]

use serde_json::json;
use tamis_pipeline::{STAGES, parse};

/// A pipeline of the stages up to `name` that its example needs, with its example as a test.
fn pipeline(name: &str, before: &str, after: &str) -> String {
    let first = if name == "decode" { String::new() } else { "[[stage]]\nuse = \"decode\"\n".to_owned() };
    let documents: Vec<&str> = before.lines().collect();
    let input = if before.starts_with('<') { "html" } else { "text" };
    let expected = match name {
        // A language alone.
        "detect-language" => format!("input.text = {}\nexpect.lang = {}\n", json!(before), json!(after)),
        // What is noted, in brackets.
        "split-sentences" => {
            let sentences: Vec<&str> = after.trim_matches(['[', ']']).split("] [").collect();
            format!("input.text = {}\nexpect.sentences = {}\n", json!(before), json!(sentences))
        }
        "normalise-amounts" => {
            let (text, rest) = after.split_once('[').unwrap().1.split_once(" = ").unwrap();
            let (value, currency) = rest.split_once(']').unwrap().0.split_once(' ').unwrap();
            format!(
                "input.text = {}\nexpect.amounts = [{{ text = {}, value = {}, currency = {} }}]\n",
                json!(before),
                json!(text),
                json!(value),
                json!(currency)
            )
        }
        // Documents, a line each.
        "deduplicate" => {
            assert_eq!(documents[0], after);
            format!(
                "input.text = {}\ninput.beside = {}\nexpect.status = \"dropped\"\n",
                json!(documents[1]),
                json!(documents[..1])
            )
        }
        _ => format!("input.{input} = {}\nexpect.text = {}\n", json!(before), json!(after)),
    };
    format!(
        "name = \"example\"\n{first}[[stage]]\nuse = \"{name}\"\n[[test]]\nname = \"example\"\n{expected}"
    )
}

#[test]
fn every_stage_tells_why_it_is_there_and_its_example_is_true() {
    for stage in STAGES {
        let spec = stage.spec();
        let about = spec.about;
        assert!(about.why.len() > 30 && !about.why.ends_with('.'), "{}: {}", spec.name, about.why);
        assert!(about.since.split('.').count() == 3, "{}: {}", spec.name, about.since);
        let text = pipeline(spec.name, about.before, about.after);
        let pipeline = parse(&text).unwrap_or_else(|told| {
            let told: Vec<_> = told.iter().map(|told| told.message.clone()).collect();
            unreachable!("{told:?} in\n{text}")
        });
        let failures = pipeline.tests[0].run(&pipeline.plan);
        assert!(failures.failures.is_empty(), "{}: {:?}", spec.name, failures.failures);
    }
}
