//! What a run tells of itself while it goes on and at its end: lines of JSON, a log, metrics, timings.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

mod tamis;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tamis::{Run, code, folder, project, told};

/// Two phases, for the corpus stage between them; a document that fails.
const PIPELINE: &str = "name = \"small \\\"one\\\"\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"deduplicate\"\n\
                        [[stage]]\nuse = \"normalise-unicode\"\n[output]\ncompression = \"none\"\n";

fn corpus() -> tempfile::TempDir {
    let article =
        "Le conseil a voté hier soir le budget de la piscine, qui fermera trois mois pour travaux.\n";
    folder(&[
        ("pipeline.toml", PIPELINE.as_bytes()),
        ("in/a.txt", article.as_bytes()),
        ("in/b.txt", article.as_bytes()),
        ("in/photo.txt", b"\x89PNG\r\n\x1a\n\0\0"),
    ])
}

fn run(root: &Path, more: &[&str]) -> Run {
    let (pipeline, input) = (root.join("pipeline.toml"), root.join("in"));
    let all = [pipeline.to_str().unwrap(), "--input", input.to_str().unwrap(), "--max-failed", "1"];
    Run::of(&[&all[..], more].concat())
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The table of events in docs/formats.md: the members of each.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(project("docs/formats.md")).unwrap();
    let (_, section) = text.split_once("## Progress as lines of JSON\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let code =
        |cell: &str| cell.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect::<BTreeSet<String>>();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut cells = row.split('|').skip(1);
        (code(cells.next().unwrap()).pop_first().unwrap(), code(cells.next().unwrap()))
    })
    .collect()
}

#[test]
fn lines_of_json_tell_what_the_documentation_says() {
    let root = corpus();
    let run = run(root.path(), &["--progress", "json"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let events = lines(&run.errors);
    let documented = documented();
    for event in &events {
        let name = event["event"].as_str().unwrap();
        let members: BTreeSet<String> = event
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| !["event", "seconds"].contains(&key.as_str()))
            .cloned()
            .collect();
        assert_eq!(Some(&members), documented.get(name), "{event}");
        assert!(event["seconds"].is_number() || name == "warning");
    }
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["run", "input", "phase", "phase_done", "deciding", "decided", "phase", "shard", "phase_done", "end"]
    );
    assert_eq!((&events[0]["format"], &events[0]["pipeline"]), (&1.into(), &"small \"one\"".into()));
    let end = events.last().unwrap();
    for (member, value) in [("documents", 3), ("kept", 1), ("dropped", 1), ("failed", 1), ("exit", 0)] {
        assert_eq!(end[member], value, "{member}");
    }
    assert_eq!(events[3]["failed"], 1);
    let seconds: Vec<f64> = events.iter().filter_map(|event| event["seconds"].as_f64()).collect();
    assert!(seconds.is_sorted());
}

#[test]
fn a_run_that_breaks_off_has_an_end_too() {
    let root = corpus();
    let (pipeline, input) = (root.path().join("pipeline.toml"), root.path().join("in"));
    let metrics = root.path().join("run.prom");
    // Nobody reads the records: more of them than a pipe holds.
    let text = "Le conseil a voté hier soir le budget de la piscine.\n";
    for number in 0..40 {
        fs::write(input.join(format!("{number}.txt")), format!("{number} {}", text.repeat(1000))).unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .args(["run", pipeline.to_str().unwrap(), "--input", input.to_str().unwrap(), "--output", "-"])
        .args(["--progress", "json", "--metrics", metrics.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&done.stderr).into_owned();
    let events: Vec<Value> = errors
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let end = events.last().unwrap();
    assert_eq!((&end["event"], &end["exit"]), (&"end".into(), &4.into()), "{errors}");
    assert!(end["message"].is_string());
    let families = parse(&fs::read_to_string(&metrics).unwrap());
    assert_eq!(families["tamis_state"].value(&[("tamis_state", "cut")]), "1");
}

#[test]
fn the_log_tells_phases_and_failed_documents() {
    let root = corpus();
    let logged = run(root.path(), &["--log", "debug", "--log-format", "json"]);
    let events = lines(&logged.errors);
    let of = |target: &str| events.iter().filter(|event| event["target"] == target).collect::<Vec<_>>();
    let failed = of("tamis::document");
    assert_eq!(failed.len(), 1, "{}", logged.errors);
    assert_eq!((&failed[0]["id"], &failed[0]["stage"]), (&"photo.txt".into(), &"decode".into()));
    assert_eq!((&failed[0]["level"], &failed[0]["span"]["phase"]), (&"DEBUG".into(), &1.into()));
    assert!(failed[0]["reason"].as_str().unwrap().starts_with("binary"));
    assert_eq!(of("tamis::phase").len(), 4);
    assert_eq!(of("tamis::decision").len(), 2);
    assert_eq!(of("tamis::shard").len(), 1);
    assert!(of("tamis::memory")[0]["documents_bytes"].is_u64());
    assert_eq!(of("tamis::run").last().unwrap()["kept"], 1);

    // Each document only where it is asked for, in each phase that works on it: three, then the two that are left.
    let traced = run(root.path(), &["--log", "tamis::document=trace", "--log-format", "json"]);
    let seen: Vec<_> =
        lines(&traced.errors).iter().map(|event| event["message"].as_str().unwrap().to_owned()).collect();
    let count = |message: &str| seen.iter().filter(|seen| *seen == message).count();
    assert_eq!(
        (count("document worked on"), count("document dropped"), count("document failed")),
        (3, 1, 1),
        "{seen:?}"
    );

    assert!(run(root.path(), &[]).errors.is_empty(), "nothing is logged unasked");
    assert!(run(root.path(), &["--log", "warn"]).errors.is_empty());
    let text = run(root.path(), &["--log", "info"]).errors;
    assert!(text.contains(" INFO run{pipeline=") && !text.contains('\x1b'), "{text}");
}

#[test]
fn filters_come_from_the_command_line_before_the_environment() {
    let root = corpus();
    let out = root.path().join("out");
    let (pipeline, input) = (root.path().join("pipeline.toml"), root.path().join("in"));
    let run = |variable: &str, more: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_tamis"))
            .args(["run", pipeline.to_str().unwrap(), "--input", input.to_str().unwrap()])
            .args(["--output", out.to_str().unwrap(), "--force", "--max-failed", "1"])
            .args(more)
            .env("NO_COLOR", "1")
            .env("RUST_LOG", variable)
            .output()
            .unwrap();
        (code(&done), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    assert!(run("info", &[]).1.contains("phase begins"));
    assert!(!run("trace", &["--log", "error"]).1.contains("phase begins"));
    assert_eq!(run("", &[]), (0, String::new()));
    let (exit, errors) = run("tamis=loud", &[]);
    assert!(exit == 0 && errors.contains("RUST_LOG is passed over"), "{errors}");
    let (exit, errors) = run("", &["--log", "tamis=loud"]);
    assert!(exit == 2 && errors.contains("hint: a level"), "{errors}");
}

#[test]
fn timings_are_told_where_they_are_asked_for() {
    let root = corpus();
    let text = run(root.path(), &["--timings"]).output;
    assert!(text.contains("stage ") && text.contains("MB/s of one worker"), "{text}");
    assert!(text.contains("decision of `deduplicate`"), "{text}");
    let decode = text.lines().find(|line| line.starts_with("decode ")).unwrap();
    assert_eq!(decode.split_whitespace().nth(1), Some("3"), "{decode}");
    let markdown = run(root.path(), &["--timings", "--summary", "md"]).output;
    assert!(markdown.contains("\n### Time\n") && markdown.contains("| decode | 3 |"), "{markdown}");
    assert!(!run(root.path(), &[]).output.contains("MB/s"));
}

#[test]
fn metrics_are_whole_and_valid() {
    let root = corpus();
    let file = root.path().join("run.prom");
    let run = run(root.path(), &["--metrics", file.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let text = fs::read_to_string(&file).unwrap();
    let families = parse(&text);
    let documents = &families["tamis_documents"];
    for (outcome, count) in [("kept", "1"), ("dropped", "1"), ("failed", "1")] {
        assert_eq!(documents.value(&[("outcome", outcome)]), count, "{outcome}");
    }
    assert_eq!(families["tamis_state"].value(&[("tamis_state", "whole")]), "1");
    assert_eq!(families["tamis_pipeline"].value(&[("name", "small \"one\"")]), "1");
    assert_eq!(families["tamis_failed_documents"].value(&[]), "1");
    assert_eq!(families["tamis_phase_documents"].value(&[("phase", "1")]), "3");
    assert_eq!(families["tamis_stage_documents"].value(&[("stage", "decode"), ("place", "1")]), "3");
    let raw: u64 = fs::read_dir(root.path().join("in"))
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert_eq!(families["tamis_input_bytes"].value(&[]), raw.to_string());
    assert!(
        families["tamis_rule_documents"]
            .samples
            .iter()
            .any(|(labels, _)| labels.contains(&("effect".to_owned(), "dropped".to_owned())))
    );
    // Nothing else is left beside it.
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 3);

    // The parser of the reference implementation, where it is installed.
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let program = "import sys\ntry:\n    from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\n\
                   except ImportError:\n    print('skipped: needs prometheus_client')\n    sys.exit()\n\
                   print(len(list(parse(open(sys.argv[1], encoding='utf-8').read()))), 'families')";
    if let Ok(done) = Command::new(python).arg("-c").arg(program).arg(&file).output() {
        println!("{}", told(&done));
        assert!(done.status.success(), "{}", told(&done));
    }

    let nowhere = root.path().join("none/run.prom");
    let (pipeline, input) = (root.path().join("pipeline.toml"), root.path().join("in"));
    let done = Run::of(&[
        pipeline.to_str().unwrap(),
        "--input",
        input.to_str().unwrap(),
        "--metrics",
        nowhere.to_str().unwrap(),
    ]);
    assert!(done.code == 4 && done.errors.contains("cannot write"), "{}", done.errors);
}

/// A metric family as it was read.
struct Family {
    kind: String,
    unit: Option<String>,
    has_help: bool,
    samples: Vec<(Vec<(String, String)>, String)>,
}

impl Family {
    fn value(&self, labels: &[(&str, &str)]) -> &str {
        let labels: Vec<_> =
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        &self.samples.iter().find(|(found, _)| *found == labels).unwrap().1
    }
}

/// Reads OpenMetrics text and refuses what the specification does not allow of what is written here.
fn parse(text: &str) -> BTreeMap<String, Family> {
    let body = text.strip_suffix("# EOF\n").unwrap();
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let (word, rest) = comment.split_once(' ').unwrap();
            let (name, value) = rest.split_once(' ').unwrap();
            if word == "TYPE" {
                name.clone_into(&mut current);
                let kind = value.to_owned();
                assert!(["counter", "gauge", "info", "stateset"].contains(&value), "{line}");
                let family = Family { kind, unit: None, has_help: false, samples: Vec::new() };
                assert!(families.insert(current.clone(), family).is_none(), "{name} comes twice");
            }
            // All that belongs to a family stands together, what describes it first.
            assert_eq!(name, current, "{line}");
            let family = families.get_mut(name).unwrap();
            assert!(family.samples.is_empty(), "{line}");
            match word {
                "TYPE" => {}
                "UNIT" => {
                    assert!(name.ends_with(&format!("_{value}")), "{line}");
                    assert!(family.unit.replace(value.to_owned()).is_none(), "{line}");
                }
                "HELP" => assert!(!std::mem::replace(&mut family.has_help, true), "{line}"),
                _ => unreachable!("{line}"),
            }
            continue;
        }
        let family = families.get_mut(&current).unwrap();
        let suffix = match family.kind.as_str() {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        let name = format!("{current}{suffix}");
        assert!(
            name.starts_with("tamis_") && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{name}"
        );
        let rest = line.strip_prefix(&name).unwrap();
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => labels(rest),
            None => (Vec::new(), rest),
        };
        let value = value.strip_prefix(' ').unwrap();
        assert!(value.parse::<f64>().unwrap().is_finite(), "{line}");
        match family.kind.as_str() {
            "counter" => assert!(!value.starts_with('-'), "{line}"),
            "info" => assert_eq!(value, "1", "{line}"),
            "stateset" => {
                assert!(["0", "1"].contains(&value) && labels.iter().any(|(label, _)| *label == current));
            }
            _ => {}
        }
        assert!(family.samples.iter().all(|(others, _)| *others != labels), "{line} comes twice");
        family.samples.push((labels, value.to_owned()));
    }
    assert!(families.values().all(|family| family.has_help));
    families
}

/// Labels and what comes behind their `}`.
fn labels(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut labels = Vec::new();
    loop {
        let (name, behind) = rest.split_once("=\"").unwrap();
        let (mut value, mut escaped, mut end) = (String::new(), false, None);
        for (place, character) in behind.char_indices() {
            match (escaped, character) {
                (false, '"') => {
                    end = Some(place);
                    break;
                }
                (false, '\\') => escaped = true,
                (true, 'n') => (value, escaped) = (value + "\n", false),
                (_, other) => {
                    value.push(other);
                    escaped = false;
                }
            }
        }
        labels.push((name.to_owned(), value));
        rest = behind.get(end.unwrap() + 1..).unwrap();
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return (labels, rest.strip_prefix('}').unwrap()),
        }
    }
}
