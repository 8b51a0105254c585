//! Every document ends as one thing, whatever happens to it and whoever works on it.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};

use tamis_io::{Compression, Limits};

use tamis_runner::{Cancel, Counters, run};

use crate::stages::{Setup, closed, ledger, many, plan_of_three_phases, written};

#[test]
fn the_bytes_are_the_same_for_any_number_of_workers() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 300);
    for corpus in [false, true] {
        let mut all = Vec::new();
        for jobs in [1, 2, 8] {
            let place = output.path().join(format!("{corpus}-{jobs}"));
            let setup = Setup { jobs, corpus, ..Setup::new(input.path(), &place) };
            let summary = setup.run().unwrap();
            closed(&summary.tally, 301);
            all.push((written(&place), summary.tally));
        }
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn a_panic_and_bad_bytes_cost_one_document_each() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 14);
    let summary = Setup::new(input.path(), output.path()).run().unwrap();
    closed(&summary.tally, 15);
    let count = |status: &str| ledger(output.path()).iter().filter(|line| line["status"] == status).count();
    assert_eq!((count("kept"), count("dropped"), count("failed")), (9, 3, 3));
    let lines = ledger(output.path());
    assert_eq!(lines[2]["reason"], "internal error: the stage panicked: told to panic");
    assert_eq!(lines[2]["stage"], "lines");
    assert_eq!((&lines[14]["rule"], &lines[14]["offset"]), (&"plain/bad-bytes".into(), &3.into()));
    assert_eq!(lines[7]["duplicate_of"], "00000.txt");
    assert_eq!(lines[0]["edits"], serde_json::json!([[0, 3, "plain/shouting", null]]));
    assert_eq!(lines[0]["scores"], serde_json::json!([-3]));
}

#[test]
fn a_stage_that_panics_loops_or_asks_for_nonsense_costs_one_document_each() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (number, text) in ["un début", "PANIC", "FOREVER", "BACKWARDS", "une fin"].into_iter().enumerate() {
        fs::write(input.path().join(format!("{number}.txt")), text.repeat(3)).unwrap();
    }
    let summary = Setup::new(input.path(), output.path()).run().unwrap();
    assert_eq!((summary.tally.kept, summary.tally.failed), (2, 3));
    let reasons: Vec<String> = ledger(output.path())
        .iter()
        .filter_map(|line| line["reason"].as_str().map(ToOwned::to_owned))
        .collect();
    let expected =
        ["the stage panicked", "more edits than a text of this length", "the stage asked for an impossible"];
    assert!(reasons.iter().zip(expected).all(|(reason, expected)| reason.contains(expected)), "{reasons:?}");
}

#[test]
fn a_copy_is_named_whatever_corpus_stage_comes_later() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let texts = ["un début", "un début", "une suite", "une suite", "une fin", "MENU\nune suite"];
    for (number, text) in texts.into_iter().enumerate() {
        fs::write(input.path().join(format!("{number}.txt")), text).unwrap();
    }
    let (plan, silent) = (plan_of_three_phases(), Counters::default());
    let setup = Setup::new(input.path(), output.path());
    setup.with_plan(&plan, &silent, |job| run(job, &Cancel::new())).unwrap();
    let originals: Vec<String> = ledger(output.path())
        .iter()
        .map(|line| line["duplicate_of"].as_str().unwrap_or("kept").to_owned())
        .collect();
    assert_eq!(originals, ["kept", "0.txt", "kept", "2.txt", "kept", "2.txt"]);
}

#[test]
fn one_bad_byte_in_line_3_of_1000_costs_one_record() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut bytes = Vec::new();
    for number in 0..1000 {
        let accent: &[u8] = if number == 2 { b"\xe9" } else { "é".as_bytes() };
        bytes.extend(format!("{{\"id\":\"r{number}\",\"text\":\"caf").as_bytes());
        bytes.extend(accent);
        bytes.extend(format!(" {number}\"}}\n").as_bytes());
    }
    fs::write(input.path().join("records.jsonl"), &bytes).unwrap();
    let summary = Setup::new(input.path(), output.path()).run().unwrap();
    assert_eq!((summary.tally.kept, summary.tally.failed), (999, 1));
    let line = &ledger(output.path())[2];
    assert_eq!((&line["file"], &line["line"]), (&"records.jsonl".into(), &3.into()));
    let offset = bytes.windows(2).position(|pair| pair == b"f\xe9").unwrap() + 1;
    assert_eq!(line["offset"], offset);
}

#[test]
fn a_truncated_gzip_keeps_what_could_be_read() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut encoder = Gzip(Vec::new());
    for number in 0..20_000 {
        writeln!(
            encoder.0,
            "{{\"id\":\"r{number}\",\"text\":\"phrase {number} {}\"}}",
            number * 7919 % 10_007
        )
        .unwrap();
    }
    let bytes = encoder.finish();
    fs::write(input.path().join("records.jsonl.gz"), &bytes[..bytes.len() / 2]).unwrap();
    let summary = Setup::new(input.path(), output.path()).run().unwrap();
    assert!(summary.tally.kept > 1000, "{:?}", summary.tally);
    assert_eq!(summary.tally.failed, 1);
    let last = ledger(output.path()).pop().unwrap();
    assert_eq!(last["source"], "records.jsonl.gz#rest");
    assert!(last["reason"].as_str().unwrap().starts_with("the compressed stream breaks off: "));
}

/// A gzip writer through the crate under test: frames of [`tamis_io::FrameWriter`].
struct Gzip(Vec<u8>);

impl Gzip {
    fn finish(self) -> Vec<u8> {
        let mut writer = tamis_io::FrameWriter::new(Compression::Gzip);
        writer.line().extend(&self.0);
        writer.finish().unwrap()
    }
}

#[test]
fn a_line_over_the_limit_fails_alone() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut file = fs::File::create(input.path().join("records.jsonl")).unwrap();
    writeln!(file, "{{\"text\":\"avant, en minuscules\"}}").unwrap();
    std::io::copy(&mut std::io::repeat(b'x').take(30 << 20), &mut file).unwrap();
    writeln!(file, "\n{{\"text\":\"apr\u{e8}s, en minuscules\"}}").unwrap();
    let limits = Limits { document_bytes: 1 << 20 };
    let setup = Setup { limits, jobs: 4, ..Setup::new(input.path(), output.path()) };
    let summary = setup.run().unwrap();
    assert_eq!((summary.tally.kept, summary.tally.failed), (2, 1));
    let lines = ledger(output.path());
    assert!(lines[1]["reason"].as_str().unwrap().contains("over the size limit"));
    assert_eq!((&lines[1]["line"], &lines[2]["line"]), (&2.into(), &3.into()));
}

#[test]
fn ranges_of_a_large_file_number_their_lines_alike() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut text = String::new();
    let mut count = 0;
    while text.len() < 5 << 20 {
        count += 1;
        writeln!(text, "{{\"text\":\"phrase {count} {}\"}}", "mot ".repeat(count % 200)).unwrap();
    }
    fs::write(input.path().join("records.jsonl"), &text).unwrap();
    let setup = Setup { corpus: false, ..Setup::new(input.path(), output.path()) };
    closed(&setup.run().unwrap().tally, count as u64);
    let numbers: Vec<u64> = ledger(output.path()).iter().map(|line| line["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=count as u64).collect::<Vec<_>>());
}

#[test]
fn no_document_at_all_is_a_run() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    closed(&Setup::new(input.path(), output.path()).run().unwrap().tally, 0);
}

#[test]
fn a_limit_takes_the_first_documents_in_input_order() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 100);
    fs::write(input.path().join("00050b.jsonl"), "{\"id\":\"a\",\"text\":\"phrase\"}\n".repeat(9)).unwrap();
    let setup = Setup { limit: Some(55), ..Setup::new(input.path(), output.path()) };
    closed(&setup.run().unwrap().tally, 55);
    let lines = ledger(output.path());
    assert_eq!((&lines[0]["id"], &lines[54]["id"]), (&"00000.txt".into(), &"a".into()));
}
