//! What a batch job relies on: every exit code, gates with baselines, summaries, and what other systems read of a run.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

mod tamis;

use std::fs;
use std::path::Path;
use std::process::Command;

use tamis::{Run, SMALL, code, folder, project, tamis, told};

/// `in/` with `documents` texts and one that is none, and `pipeline.toml` with `more` at its end.
fn corpus(documents: usize, more: &str) -> tempfile::TempDir {
    let root = folder(&[
        ("pipeline.toml", format!("{SMALL}{more}").as_bytes()),
        ("in/photo.txt", b"\x89PNG\r\n\x1a\n\0\0"),
    ]);
    for number in 0..documents {
        fs::write(root.path().join(format!("in/{number}.txt")), format!("Le point {number} est voté.\n"))
            .unwrap();
    }
    root
}

fn path(root: &Path, name: &str) -> String {
    root.join(name).to_str().unwrap().to_owned()
}

fn run(root: &Path, more: &[&str]) -> Run {
    let (pipeline, input) = (path(root, "pipeline.toml"), path(root, "in"));
    Run::of(&[&[pipeline.as_str(), "--input", &input, "--max-failed", "1"], more].concat())
}

#[test]
fn every_exit_code_says_what_it_says_in_the_manual() {
    let root = corpus(2, "[[gate]]\nmetric = \"kept\"\nerror_if = \"> 9\"\n");
    let whole = run(root.path(), &[]);
    assert_eq!(whole.code, 0, "0: all is well: {}", whole.errors);
    let out = whole.path().to_str().unwrap().to_owned();
    let pipeline = path(root.path(), "pipeline.toml");
    assert_eq!(code(&tamis(&["gate", &out, &pipeline])), 0);

    let strict = path(root.path(), "strict.toml");
    fs::write(&strict, format!("{SMALL}[[gate]]\nmetric = \"kept\"\nerror_if = \"< 9\"\n")).unwrap();
    assert_eq!(code(&tamis(&["gate", &out, &strict])), 1, "1: a gate does not hold");
    let gated = Run::of(&[&strict, "--input", &path(root.path(), "in"), "--max-failed", "1"]);
    assert_eq!(
        (gated.code, gated.path().join("manifest.json").exists()),
        (1, true),
        "1, and the output is written"
    );
    let test = path(root.path(), "test.toml");
    fs::write(&test, format!("{SMALL}[[test]]\nname = \"no\"\ninput.text = \"a\"\nexpect.text = \"b\"\n"))
        .unwrap();
    assert_eq!(code(&tamis(&["test", &test])), 1, "1: a test fails");

    assert_eq!(code(&tamis(&["run", "no-such.toml"])), 2, "2: no such pipeline");
    assert_eq!(code(&tamis(&["run", &pipeline, "--jobs", "many"])), 2, "2: no such number");
    assert_eq!(code(&tamis(&["run", &pipeline, "--emit", "tar=x"])), 2, "2: no such system");
    assert_eq!(code(&tamis(&["gate", &path(root.path(), "in"), &pipeline])), 2, "2: no run");

    let failed = Run::of(&[&pipeline, "--input", &path(root.path(), "in")]);
    assert_eq!(failed.code, 3, "3: one document failed, none is accepted: {}", failed.errors);
    // Failed documents are worse than a gate that does not hold: the code tells the worse.
    assert_eq!(Run::of(&[&strict, "--input", &path(root.path(), "in")]).code, 3);

    fs::write(root.path().join("file"), "").unwrap();
    let done = tamis(&[
        "run",
        &pipeline,
        "--input",
        &path(root.path(), "in"),
        "--output",
        &path(root.path(), "file/out"),
    ]);
    assert_eq!(code(&done), 4, "4: the output cannot be made");
    let report = whole.path().join("report.json");
    fs::write(&report, fs::read_to_string(&report).unwrap().replacen("\"kept\": 2", "\"kept\": 1", 1))
        .unwrap();
    assert_eq!(
        code(&tamis(&["verify", &out, "--input", &path(root.path(), "in")])),
        4,
        "4: the accounting is broken"
    );

    // 130, interrupted and resumable, is in tests/cli.rs: `an_interrupted_run_says_how_to_go_on`; a closed pipe is 0:
    // `a_closed_pipe_is_no_error`; a disk that fills up is 4: `a_full_disk_is_an_error_and_leaves_no_manifest`.
}

#[test]
fn a_gate_holds_a_run_against_an_earlier_one() {
    let root = corpus(4, "");
    let earlier = run(root.path(), &[]);
    assert_eq!(earlier.code, 0, "{}", earlier.errors);
    let baseline = path(root.path(), "earlier.json");
    let gate = format!(
        "{SMALL}[[gate]]\nmetric = \"kept\"\nbaseline = {baseline:?}\nerror_if = \"< baseline - 25%\"\nwarn_if = \"< baseline\"\n"
    );
    let pipeline = path(root.path(), "gated.toml");
    fs::write(&pipeline, gate).unwrap();
    let input = path(root.path(), "in");
    let gated = |more: &[&str]| {
        Run::of(&[&[pipeline.as_str(), "--input", &input, "--max-failed", "1"], more].concat())
    };

    // The first run has nothing to be held against: it goes through, and says so.
    let first = gated(&[]);
    assert_eq!(first.code, 0, "{}", first.errors);
    assert!(
        first.output.contains("gate warning: kept is 4.0000, there is no baseline at"),
        "{}",
        first.output
    );

    fs::copy(earlier.path().join("report.json"), &baseline).unwrap();
    let same = gated(&[]);
    assert!(same.code == 0 && !same.output.contains("gate"), "{}", same.output);
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(same.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(
        (&report["gates"][0]["baseline"], &report["gates"][0]["verdict"]),
        (&4.0.into(), &"pass".into())
    );

    fs::remove_file(root.path().join("in/3.txt")).unwrap();
    let fewer = gated(&[]);
    assert_eq!(fewer.code, 0, "{}", fewer.output);
    assert!(
        fewer.output.contains("gate warning: kept is 3.0000, < baseline (baseline 4.0000)"),
        "{}",
        fewer.output
    );
    fs::remove_file(root.path().join("in/2.txt")).unwrap();
    let half = gated(&[]);
    assert_eq!(half.code, 1, "{}", half.output);

    // The command line names another one: a run's directory will do.
    let other = fewer.path().to_str().unwrap().to_owned();
    assert_eq!(gated(&["--baseline", &other]).code, 1);
    let judged = tamis(&[
        "gate",
        half.path().to_str().unwrap(),
        &pipeline,
        "--baseline",
        half.path().to_str().unwrap(),
    ]);
    assert_eq!((code(&judged), told(&judged).as_str()), (0, "pass  kept = 2.0000, baseline 2.0000\n"));

    // One that cannot be understood is told before any work is done.
    fs::write(&baseline, "{}").unwrap();
    let broken = gated(&[]);
    assert_eq!((broken.code, broken.path().exists()), (2, false), "{}", broken.errors);
    assert!(broken.errors.contains("is no report.json of this version"), "{}", broken.errors);
}

#[test]
fn mistakes_in_baselines_are_told_with_their_place() {
    for (gate, part) in [
        ("error_if = \"< baseline - 5%\"\n", "names a baseline that the gate does not have"),
        ("error_if = \"< 5\"\nbaseline = 4\n", "`baseline` is named by no condition"),
        ("error_if = \"< baseline * 2\"\nbaseline = 4\n", "is not a condition"),
        ("error_if = \"< baseline\"\nbaseline = true\n", "a number or the path of a report.json"),
    ] {
        let root = corpus(0, &format!("[[gate]]\nmetric = \"kept\"\n{gate}"));
        let done = tamis(&["check", &path(root.path(), "pipeline.toml")]);
        assert_eq!(code(&done), 2, "{gate}");
        assert!(told(&done).contains(part) && told(&done).contains("pipeline.toml:"), "{}", told(&done));
    }
}

#[test]
fn a_summary_in_markdown_is_all_that_is_printed() {
    let root = corpus(2, "[[gate]]\nmetric = \"kept\"\nwarn_if = \"< 3\"\n");
    let run = run(root.path(), &["--summary", "md"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(run.output.starts_with("## ⚠️ small: warn\n"), "{}", run.output);
    for part in ["| 3 (", "| kept | 2 |  | **warn**: \\< 3 |", "| decode | 2 |  | 1 |", "| binary | 1 |"] {
        assert!(run.output.contains(part), "no {part:?} in\n{}", run.output);
    }
    let out = run.path().to_str().unwrap().to_owned();
    let again = tamis(&["gate", &out, &path(root.path(), "pipeline.toml"), "--summary", "md"]);
    assert_eq!(told(&again), run.output, "the gate command tells the same run otherwise");
    // Records alone go to standard output; the summary goes where the table would.
    let pipeline = path(root.path(), "pipeline.toml");
    let input = path(root.path(), "in");
    let piped = tamis(&[
        "run",
        &pipeline,
        "--input",
        &input,
        "--max-failed",
        "1",
        "--output",
        "-",
        "--summary",
        "md",
    ]);
    assert!(String::from_utf8_lossy(&piped.stderr).starts_with("## "), "{}", told(&piped));
    assert_eq!(String::from_utf8_lossy(&piped.stdout).lines().count(), 2);
}

#[test]
fn other_systems_read_what_is_emitted() {
    let root = folder(&[]);
    let (events, prov) = (path(root.path(), "events.jsonl"), path(root.path(), "run.prov.json"));
    // Zstandard is more than mlcroissant reads.
    let pipeline = path(root.path(), "press.toml");
    let text = fs::read_to_string(project("pipelines/press.toml")).unwrap();
    fs::write(&pipeline, text.replace("compression = \"zstd\"", "compression = \"none\"")).unwrap();
    let emit = [format!("openlineage={events}"), format!("prov={prov}")];
    let run = Run::of(&[&pipeline, "--emit", &emit[0], "--emit", &emit[1]]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert_eq!(fs::read_to_string(&events).unwrap().lines().count(), 2);
    // They are told of the run alone: the same again, and nothing of them is in it.
    let first = fs::read(&events).unwrap();
    let out = run.path().to_str().unwrap().to_owned();
    assert_eq!(code(&tamis(&["report", &out, "--emit", &emit[0]])), 0);
    assert!(first == fs::read(&events).unwrap());
    assert!(!fs::read_to_string(run.path().join("manifest.json")).unwrap().contains("events"));
    assert_eq!(code(&tamis(&["run", &pipeline, "--output", "-", "--emit", &emit[0]])), 2);

    // The packages that read them, and croissant.json, where they are installed.
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for arguments in [
        [project("tests/validate_lineage.py").into_os_string(), events.into(), prov.into()].to_vec(),
        [project("tests/load_dataset.py").into_os_string(), out.into()].to_vec(),
    ] {
        let Ok(done) = Command::new(&python).args(&arguments).output() else {
            println!("skipped: needs `{python}`");
            return;
        };
        println!("{}", told(&done));
        assert!(done.status.success(), "{}", told(&done));
    }
}
