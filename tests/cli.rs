//! The command line: exit codes, diagnostics, what is refused, what is written.

mod tamis;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tamis::{Run, SMALL, article, code, folder, lines, project, small, tamis, told};

#[test]
fn every_mistake_of_a_pipeline_file_is_told_at_once_with_its_place() {
    let root = folder(&[(
        "bad.toml",
        b"name = \"bad\"\ncolour = \"blue\"\n\n[[stage]]\nuse = \"strip-chrom\"\n\n[[stage]]\nuse = \"deduplicate\"\n\
          near = { similarty = 0.7 }\n\n[[stage]]\nuse = \"normalise-amounts\"\nmode = 5\n\n[[gate]]\nmetric = \"droped\"\n\
          error_if = \"many\"\n\n[output]\ncompression = \"rar\"\n",
    )]);
    let path = root.path().join("bad.toml");
    let out = root.path().join("out");
    let done =
        tamis(&["run", path.to_str().unwrap(), "--input", "corpus", "--output", out.to_str().unwrap()]);
    let said = told(&done);
    assert_eq!(code(&done), 2, "{said}");
    for part in [
        "unknown key `colour`",
        "bad.toml:2:1",
        "unknown stage `strip-chrom`",
        "did you mean `strip-chrome`?",
        "bad.toml:5:7",
        "unknown key `similarty`",
        "did you mean `similarity`?",
        "`mode`",
        "unknown metric `droped`",
        "did you mean `dropped`?",
        "`many` is not a condition",
        "`rar`",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    assert!(!out.exists(), "something was written");
    let json = tamis(&["check", "--json", path.to_str().unwrap()]);
    assert_eq!(code(&json), 2);
    for line in String::from_utf8(json.stdout).unwrap().lines() {
        let diagnostic: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(diagnostic["line"].as_u64().unwrap() > 0);
    }
}

#[test]
fn impossible_orders_are_refused() {
    for (stages, part) in [
        (&["normalise-unicode", "decode"][..], "stands before `decode`"),
        (&["decode", "decode"], "stands twice"),
        (&["decode", "split-sentences", "split-sentences"], "stands twice"),
        (&["decode", "normalise-amounts", "normalise-amounts"], "stands twice"),
        (&[], "no `[[stage]]`"),
    ] {
        let mut text = String::from("name = \"order\"\n");
        for stage in stages {
            let _ = write!(text, "[[stage]]\nuse = \"{stage}\"\n");
        }
        let root = folder(&[("order.toml", text.as_bytes())]);
        let done = tamis(&["check", root.path().join("order.toml").to_str().unwrap()]);
        assert_eq!(code(&done), 2);
        assert!(told(&done).contains(part), "{}", told(&done));
    }
}

#[test]
fn a_run_ends_with_a_table_and_says_where_the_report_is() {
    let root = folder(&[("in/a.txt", article(1).as_bytes()), ("in/b.txt", article(2).as_bytes())]);
    let pipeline = small(root.path());
    let run = Run::of(&[&pipeline, "--input", root.path().join("in").to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.errors);
    assert!(run.output.contains("kept") && run.output.contains("100.0 %"), "{}", run.output);
    assert!(run.output.contains("report.html"), "{}", run.output);
    assert!(run.errors.is_empty(), "{}", run.errors);
    assert!(!run.path().join(".work").exists());
    for name in [
        "report.json",
        "report.html",
        "README.md",
        "croissant.json",
        "run.json",
        "manifest.json",
        "provenance.csv",
    ] {
        assert!(run.path().join(name).exists(), "{name}");
    }
}

#[test]
fn the_bytes_are_the_same_for_one_two_and_eight_workers() {
    let runs: Vec<Run> =
        ["1", "2", "8"].iter().map(|jobs| Run::of(&["pipelines/press.toml", "--jobs", jobs])).collect();
    let files: Vec<_> = runs.iter().map(Run::files).collect();
    assert!(files[0].len() > 8);
    for other in &files[1..] {
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|file| file.0.clone()).collect::<Vec<_>>();
        assert_eq!(names(&files[0]), names(other));
        for (left, right) in files[0].iter().zip(other) {
            assert!(left.1 == right.1, "{} differs", left.0);
        }
    }
}

#[test]
fn the_python_script_rebuilds_every_text() {
    let Ok(python) = std::process::Command::new("python3").arg("--version").output() else { return };
    assert!(python.status.success());
    let root = folder(&[]);
    let pipeline = root.path().join("press.toml");
    // Zstandard needs a package that Python may not have.
    let text = fs::read_to_string(project("pipelines/press.toml")).unwrap();
    let plain = text.replace("\"zstd\"", "\"none\"").replace(".{gz,zst}", ".gz");
    assert!(!plain.contains("zst"), "{plain}");
    fs::write(&pipeline, plain).unwrap();
    let run = Run::of(&[pipeline.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let done = std::process::Command::new("python3")
        .arg(project("docs/rebuild.py"))
        .args([run.path(), project("corpus")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    assert!(fs::read_to_string(project("docs/rebuild.py")).unwrap().lines().count() <= 50);
}

#[test]
fn an_output_that_is_not_empty_is_refused_unless_forced() {
    let root = folder(&[("in/a.txt", article(1).as_bytes()), ("out/precious.txt", b"mine")]);
    let pipeline = small(root.path());
    let (input, out) = (root.path().join("in"), root.path().join("out"));
    let arguments = ["run", &pipeline, "--input", input.to_str().unwrap(), "--output", out.to_str().unwrap()];
    let done = tamis(&arguments);
    assert_eq!(code(&done), 2);
    assert!(told(&done).contains("is not empty") && told(&done).contains("--force"), "{}", told(&done));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    let mut forced = arguments.to_vec();
    forced.push("--force");
    assert_eq!(code(&tamis(&forced)), 0);
    assert_eq!(fs::read(out.join("precious.txt")).unwrap(), b"mine");
    let again = tamis(&arguments);
    assert!(told(&again).contains("holds a finished run"), "{}", told(&again));
}

#[test]
fn failed_documents_tell_in_the_exit_code() {
    let root = folder(&[
        ("in/a.txt", article(1).as_bytes()),
        ("in/photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"),
    ]);
    let pipeline = small(root.path());
    let input = root.path().join("in");
    let run = Run::of(&[&pipeline, "--input", input.to_str().unwrap()]);
    assert_eq!(run.code, 3, "{}", run.errors);
    let failed = &run.ledger()[1];
    assert_eq!(failed["status"], "failed");
    assert!(failed["reason"].as_str().unwrap().starts_with("binary"), "{failed}");
    assert_eq!(Run::of(&[&pipeline, "--input", input.to_str().unwrap(), "--max-failed", "1"]).code, 0);
}

#[test]
fn one_bad_byte_in_line_3_of_1000_records_costs_one_record() {
    let mut bytes = Vec::new();
    for number in 1..=1000 {
        bytes.extend(
            format!("{{\"id\":\"r{number}\",\"text\":\"{} caf", article(number).trim_end()).as_bytes(),
        );
        bytes.extend_from_slice(if number == 3 { b"\xe9" } else { "é".as_bytes() });
        bytes.extend(b"\"}\n");
    }
    let root = folder(&[("records.jsonl", &bytes)]);
    let pipeline = small(root.path());
    let run = Run::of(&[&pipeline, "--input", root.path().join("records.jsonl").to_str().unwrap()]);
    assert_eq!(run.code, 3);
    let ledger = run.ledger();
    let failed: Vec<_> = ledger.iter().filter(|line| line["status"] == "failed").collect();
    assert_eq!((ledger.len(), failed.len(), run.records().len()), (1000, 1, 999));
    assert_eq!((failed[0]["file"].as_str(), failed[0]["line"].as_u64()), (Some("records.jsonl"), Some(3)));
    let offset = failed[0]["offset"].as_u64().unwrap() as usize;
    assert_eq!(bytes[offset], 0xe9);
    assert!(failed[0]["reason"].as_str().unwrap().contains("0xe9"));
}

#[test]
fn a_failed_gate_is_exit_code_1_and_the_output_is_written() {
    let root = folder(&[("in/a.txt", article(1).as_bytes())]);
    let gated = format!("{SMALL}[[gate]]\nmetric = \"kept\"\nerror_if = \"< 5\"\n");
    fs::write(root.path().join("gated.toml"), gated).unwrap();
    let pipeline = root.path().join("gated.toml");
    let run = Run::of(&[pipeline.to_str().unwrap(), "--input", root.path().join("in").to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.errors);
    assert!(run.output.contains("gate FAILED: kept is 1"), "{}", run.output);
    assert_eq!(run.records().len(), 1);
    let gate = tamis(&["gate", run.path().to_str().unwrap(), pipeline.to_str().unwrap()]);
    assert_eq!((code(&gate), told(&gate).contains("FAIL  kept")), (1, true), "{}", told(&gate));
}

#[test]
fn records_alone_go_to_standard_output() {
    let root = folder(&[("in/a.txt", article(1).as_bytes()), ("in/b.txt", article(2).as_bytes())]);
    let pipeline = small(root.path());
    let done =
        tamis(&["run", &pipeline, "--input", root.path().join("in").to_str().unwrap(), "--output", "-"]);
    assert_eq!(code(&done), 0);
    let records: Vec<serde_json::Value> = String::from_utf8(done.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1]["text"].as_str().unwrap(), article(2).trim_end());
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_tamis"))
        .args(["stages", "--markdown"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn inputs_that_are_not_there_are_a_usage_error() {
    let root = folder(&[]);
    let pipeline = small(root.path());
    let done = tamis(&["run", &pipeline, "--input", "no/such/place"]);
    assert_eq!((code(&done), told(&done).contains("no/such/place")), (2, true));
    let done = tamis(&["run", &pipeline]);
    assert_eq!((code(&done), told(&done).contains("--input")), (2, true));
    assert_eq!(code(&tamis(&["run", "no-such.toml"])), 2);
    assert_eq!(code(&tamis(&["sieve"])), 2);
}

#[test]
fn no_documents_and_empty_files_are_runs() {
    let root = folder(&[("none/notes.pdf", b"x"), ("empty/a.txt", b"")]);
    let pipeline = small(root.path());
    let none = Run::of(&[&pipeline, "--input", root.path().join("none").to_str().unwrap()]);
    assert_eq!((none.code, none.ledger().len()), (0, 0), "{}", none.errors);
    let empty = Run::of(&[&pipeline, "--input", root.path().join("empty").to_str().unwrap()]);
    assert_eq!(empty.code, 0, "{}", empty.errors);
    assert_eq!(empty.records()[0]["text"], "");
}

#[cfg(unix)]
#[test]
fn unreadable_files_are_failed_documents() {
    let root = folder(&[("in/a.txt", article(1).as_bytes())]);
    std::os::unix::fs::symlink("nowhere", root.path().join("in/gone.txt")).unwrap();
    std::os::unix::fs::symlink(root.path().join("in"), root.path().join("in/loop")).unwrap();
    let pipeline = small(root.path());
    let run = Run::of(&[&pipeline, "--input", root.path().join("in").to_str().unwrap()]);
    assert_eq!(run.code, 3);
    let ledger = run.ledger();
    assert_eq!(ledger.len(), 2);
    assert_eq!(
        (ledger[1]["source"].as_str(), ledger[1]["status"].as_str()),
        (Some("gone.txt"), Some("failed"))
    );
    assert!(run.errors.contains("1 links to directories were not followed"), "{}", run.errors);
}

#[test]
fn a_dry_run_writes_nothing_and_a_limit_reads_the_first() {
    let files: Vec<(String, String)> =
        (0..9).map(|number| (format!("in/{number}.txt"), article(number))).collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let root = folder(&files);
    let pipeline = small(root.path());
    let input = root.path().join("in");
    let dry = Run::of(&[&pipeline, "--input", input.to_str().unwrap(), "--dry-run"]);
    assert_eq!((dry.code, dry.path().exists()), (0, false));
    assert!(dry.output.contains("9 files"), "{}", dry.output);
    let run = Run::of(&[&pipeline, "--input", input.to_str().unwrap(), "--limit", "4"]);
    assert_eq!(run.records().len(), 4);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_go_on() {
    let line = format!("{{\"text\":\"{}\"}}\n", article(1).trim_end().repeat(40));
    let root = folder(&[("records.jsonl", line.repeat(9_000).as_bytes())]);
    let pipeline = small(root.path());
    let (input, out) = (root.path().join("records.jsonl"), root.path().join("out"));
    let arguments = [
        "run",
        &pipeline,
        "--input",
        input.to_str().unwrap(),
        "--output",
        out.to_str().unwrap(),
        "--jobs",
        "1",
    ];
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_tamis"))
        .args(arguments)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while !out.join(".work/journal.jsonl").exists() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let done = child.wait_with_output().unwrap();
    assert_eq!(code(&done), 130, "{}", told(&done));
    assert!(told(&done).contains("--resume"), "{}", told(&done));
    let mut resume = arguments.to_vec();
    resume.push("--resume");
    assert_eq!(code(&tamis(&resume)), 0);
    assert_eq!(lines(&out, "ledger").len(), 9_000);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_are_written_with_their_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let root = folder(&[("in/a.txt", article(1).as_bytes())]);
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    fs::write(root.path().join("in").join(odd), article(2)).unwrap();
    let pipeline = small(root.path());
    let input = root.path().join("in");
    let run = Run::of(&[&pipeline, "--input", input.to_str().unwrap()]);
    assert_eq!((run.code, run.records()[1]["id"].as_str()), (0, Some("caf\\xe9.txt")), "{}", run.errors);
    let done = tamis(&["verify", run.path().to_str().unwrap(), "--input", input.to_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", told(&done));
}

/// Four runs, each killed five times at a random moment and gone on with, end with the bytes of one that was left alone.
#[test]
fn a_run_killed_twenty_times_goes_on_and_ends_with_the_same_bytes() {
    let mut bytes = Vec::new();
    for number in 0..1_500 {
        let text = article(number % 1_300).trim_end().repeat(20);
        bytes.extend(format!("{{\"id\":\"r{number}\",\"text\":\"{text}\"}}\n").as_bytes());
    }
    let root = folder(&[("records.jsonl", &bytes)]);
    let stages = ["decode", "split-sentences", "normalise-amounts"]
        .map(|name| format!("[[stage]]\nuse = \"{name}\"\n"));
    let [decode, sentences, amounts] = &stages;
    let mut reused = 0;
    for (chain, corpus) in [(1_u64, true), (2, false), (3, true), (4, false)] {
        let deduplicate = if corpus { "[[stage]]\nuse = \"deduplicate\"\n" } else { "" };
        let output = "[output]\nshard_size = 65536\n";
        let pipeline = format!("name = \"killed\"\n{decode}{sentences}{deduplicate}{amounts}{output}");
        let path = root.path().join(format!("{chain}.toml"));
        fs::write(&path, pipeline).unwrap();
        let (path, input) = (path.to_str().unwrap(), root.path().join("records.jsonl"));
        let arguments = |out: &Path| {
            let (input, out) = (input.to_str().unwrap(), out.to_str().unwrap());
            ["run", path, "--input", input, "--output", out, "--jobs", "2", "--resume"].map(ToOwned::to_owned)
        };
        let whole = root.path().join(format!("whole-{chain}"));
        let clock = std::time::Instant::now();
        let done = tamis(&arguments(&whole).each_ref().map(String::as_str));
        assert_eq!(code(&done), 0, "{}", told(&done));
        let span = clock.elapsed();

        let out = root.path().join(format!("out-{chain}"));
        let mut random = chain;
        for kill in 0..5 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tamis"));
            let silent = std::process::Stdio::null;
            let mut child = command.args(arguments(&out)).stdout(silent()).stderr(silent()).spawn().unwrap();
            std::thread::sleep(span.mul_f64(0.7 * (random >> 33) as f64 / 2_147_483_648.0));
            let _ = child.kill();
            child.wait().unwrap();
            println!("chain {chain}, kill {kill}: manifest {}", out.join("manifest.json").exists());
        }
        let done = tamis(&arguments(&out).each_ref().map(String::as_str));
        assert_eq!(code(&done), 0, "{}", told(&done));
        for name in ["provenance.csv", "journal.jsonl", "report.json", "manifest.json"] {
            let same = fs::read(out.join(name)).unwrap() == fs::read(whole.join(name)).unwrap();
            assert!(same, "chain {chain}: {name}");
        }
        for kind in ["documents", "ledger"] {
            assert_eq!(lines(&out, kind), lines(&whole, kind), "{chain}");
        }
        let facts: serde_json::Value =
            serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
        reused += facts["reused"]["shards"].as_u64().unwrap();
    }
    assert!(reused > 0, "no kill has left a shard behind");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_leaves_no_manifest() {
    // A limit on the size of files, with its signal ignored, makes writes fail in the middle as a full disk does.
    let text = (0..9_000).map(article).collect::<String>();
    let root = folder(&[("in/a.txt", text.as_bytes())]);
    let pipeline = small(root.path());
    let out = root.path().join("out");
    let done = std::process::Command::new("bash")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 100; exec \"$@\"",
            "bash",
            env!("CARGO_BIN_EXE_tamis"),
            "run",
            &pipeline,
        ])
        .args(["--input", root.path().join("in").to_str().unwrap(), "--output", out.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(code(&done), 4, "{}", told(&done));
    assert!(told(&done).contains("error: "), "{}", told(&done));
    assert!(!out.join("manifest.json").exists());
    assert_eq!(fs::read_dir(out.join("documents")).unwrap().count(), 0, "a torn shard has a name");
    assert_eq!(code(&tamis(&["verify", out.to_str().unwrap()])), 4);
}

#[test]
fn an_output_that_cannot_be_made_is_an_error() {
    let root = folder(&[("in/a.txt", article(1).as_bytes()), ("file", b"")]);
    let pipeline = small(root.path());
    let out = root.path().join("file/out");
    let input = root.path().join("in");
    let done =
        tamis(&["run", &pipeline, "--input", input.to_str().unwrap(), "--output", out.to_str().unwrap()]);
    assert_eq!(code(&done), 4, "{}", told(&done));
}

#[test]
fn documentation_comes_from_the_code() {
    let markdown = tamis(&["stages", "--markdown"]);
    let page = fs::read_to_string(project("docs/rules.md")).unwrap_or_default();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(project("docs/rules.md"), &markdown.stdout).unwrap();
    } else {
        assert!(
            page.as_bytes() == markdown.stdout,
            "docs/rules.md is not what `tamis stages --markdown` prints"
        );
    }
    for stage in ["decode", "strip-chrome", "deduplicate"] {
        assert!(told(&tamis(&["stages", stage])).contains("Rules"));
    }
    assert_eq!(code(&tamis(&["stages", "sieve"])), 2);
}

#[test]
fn schemas_completions_and_the_manual_are_printed() {
    for of in ["pipeline", "record"] {
        let done = tamis(&["schema", of]);
        let schema: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(schema["type"], "object");
    }
    assert!(told(&tamis(&["completions", "bash"])).contains("_tamis"));
    assert!(told(&tamis(&["man"])).contains(".TH"));
    assert!(told(&tamis(&["run", "--help"])).contains("Examples:"));
    assert!(told(&tamis(&["--version"])).starts_with("tamis "));
}

#[test]
fn tests_in_pipeline_files_pass_and_fail_with_their_reasons() {
    let junit = folder(&[]);
    let file = junit.path().join("junit.xml");
    let done =
        tamis(&["test", "pipelines/press.toml", "pipelines/web.toml", "--junit", file.to_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", told(&done));
    assert!(fs::read_to_string(&file).unwrap().contains("<testcase"));
    let bad = format!(
        "{SMALL}[[test]]\nname = \"no\"\ninput.text = \"a\"\nexpect.text = \"b\"\nexpect.status = \"dropped\"\n"
    );
    let root = folder(&[("bad.toml", bad.as_bytes())]);
    let done = tamis(&["test", root.path().join("bad.toml").to_str().unwrap()]);
    assert_eq!(code(&done), 1);
    assert!(told(&done).contains("0 passed, 1 failed"), "{}", told(&done));
}

#[test]
fn progress_is_told_in_the_way_that_was_asked_for() {
    let root = folder(&[("in/a.txt", article(1).as_bytes())]);
    let pipeline = small(root.path());
    let input = root.path().join("in");
    let run = |how: &str| Run::of(&[&pipeline, "--input", input.to_str().unwrap(), "--progress", how]).errors;
    assert!(run("none").is_empty() && run("auto").is_empty());
    assert!(run("plain").contains("phase 1 of 1"));
    for line in run("json").lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event["event"].is_string());
    }
}
