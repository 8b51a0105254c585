//! Whole runs with small stages: determinism, isolation, barriers, resume.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use tamis_core::{
    About, Claims, CorpusStage, Decision, Decisions, Decode, Decoding, Editor, EncodingEvidence, Metadata,
    Original, Plan, PlannedStage, Resources, Rule, Scratch, Sketches, Span, Stage, StageError, StageKind,
    StageSpec, TextBuilder, Verdict, View,
};
use tamis_io::{Compression, Limits, Tally, discover};
use tamis_runner::{Cancel, Counters, Event, Job, Observer, RunError, Summary, run};

static BAD_BYTES: Rule = rule("plain/bad-bytes");
static SHOUTING: Rule = rule("plain/shouting");
static SHORT: Rule = rule("plain/short");
static COPY: Rule = rule("plain/copy");

const fn rule(id: &'static str) -> Rule {
    Rule { id, reason: "the test says so", since: "0.1.0", before: "", after: "" }
}

const fn spec(name: &'static str, kind: StageKind, rules: &'static [&'static Rule]) -> StageSpec {
    let claims = Claims { idempotent: false, only_shrinks: false };
    StageSpec { name, summary: "", version: 1, kind, claims, rules, about: About::NOTHING }
}

/// Reads UTF-8 and refuses anything else.
struct Plain;

impl Decode for Plain {
    fn spec(&self) -> &'static StageSpec {
        static SPEC: StageSpec = spec("decode", StageKind::Decode, &[&BAD_BYTES]);
        &SPEC
    }

    fn decode(
        &self,
        raw: &[u8],
        _: &Metadata,
        text: &mut TextBuilder<'_>,
        _: &mut Scratch,
    ) -> Result<Decoding, StageError> {
        let read = std::str::from_utf8(raw)
            .map_err(|error| StageError::refused(&BAD_BYTES, "bad bytes").at(error.valid_up_to()))?;
        text.kept(read);
        Ok(Decoding {
            encoding: "utf-8",
            evidence: EncodingEvidence::Utf8,
            declared: None,
            runner_up: None,
            replacements: 0,
            repairs: 0,
        })
    }
}

/// Removes lines of capitals; drops texts under five bytes; panics on `PANIC`; notes lines as sentences.
struct Lines;

impl Stage for Lines {
    fn spec(&self) -> &'static StageSpec {
        static SPEC: StageSpec = spec("lines", StageKind::Edit, &[&SHOUTING, &SHORT]);
        &SPEC
    }

    fn apply(&self, view: View<'_>, editor: &mut Editor<'_>, _: &mut Scratch) -> Result<Verdict, StageError> {
        assert!(!view.text.contains("PANIC"), "told to panic");
        if view.text.len() < 5 {
            let value = Some(view.text.len() as f64);
            return Ok(Verdict::Drop { rule: &SHORT, value, threshold: Some(5.0) });
        }
        let mut at = 0;
        for line in view.text.split_inclusive('\n') {
            let span = Span::of(at, at + line.len());
            if line.chars().any(char::is_lowercase) {
                editor.sentence(Span::of(at, at + line.trim_end().len()));
            } else {
                editor.remove_scored(span, &SHOUTING, -3)?;
            }
            at += line.len();
        }
        Ok(Verdict::Keep)
    }
}

/// Drops every text that an earlier document has.
struct Copies;

impl CorpusStage for Copies {
    fn spec(&self) -> &'static StageSpec {
        static SPEC: StageSpec = spec("copies", StageKind::Corpus, &[&COPY]);
        &SPEC
    }

    fn sketch(&self, view: View<'_>, sketch: &mut Vec<u8>, _: &mut Scratch) -> Result<(), StageError> {
        sketch.extend(view.text.as_bytes());
        Ok(())
    }

    fn decide(&self, sketches: &dyn Sketches, _: &Resources<'_>) -> Result<Decisions, StageError> {
        let mut first = BTreeMap::new();
        let mut decisions = Vec::new();
        for ordinal in 0..sketches.len() {
            let text = sketches.get(ordinal)?.into_owned();
            let kept = *first.entry(text).or_insert(ordinal);
            decisions.push(if kept == ordinal {
                Decision::Keep
            } else {
                Decision::Drop {
                    rule: &COPY,
                    duplicate_of: Some(Original::Document(kept)),
                    similarity: Some(1.0),
                    threshold: Some(1.0),
                }
            });
        }
        Decisions::of(decisions)
    }
}

fn plan(corpus: bool) -> Plan {
    let mut stages = vec![PlannedStage::decode(Box::new(Plain)), PlannedStage::document(Box::new(Lines))];
    if corpus {
        stages.push(PlannedStage::corpus(Box::new(Copies)));
    }
    Plan::new("test", stages)
}

#[derive(Default)]
struct Silent(Counters);

impl Observer for Silent {
    fn event(&self, _: Event) {}

    fn counters(&self) -> &Counters {
        &self.0
    }
}

struct Setup {
    input: PathBuf,
    output: PathBuf,
    jobs: usize,
    corpus: bool,
    resume: bool,
    limit: Option<u64>,
    limits: Limits,
}

impl Setup {
    fn new(input: &Path, output: &Path) -> Self {
        let (input, output) = (input.to_owned(), output.to_owned());
        Self { input, output, jobs: 2, corpus: true, resume: false, limit: None, limits: Limits::default() }
    }

    fn run(&self) -> Result<Summary, RunError> {
        self.run_until(&Cancel::new())
    }

    fn run_until(&self, cancel: &Cancel) -> Result<Summary, RunError> {
        let observer = Silent::default();
        fs::create_dir_all(&self.output).unwrap();
        let job = Job {
            plan: &plan(self.corpus),
            input: &discover(std::slice::from_ref(&self.input), &[]).unwrap(),
            output: self.output.clone(),
            compression: Compression::None,
            counts_only: false,
            limits: self.limits,
            jobs: self.jobs,
            memory: 1 << 24,
            limit: self.limit,
            plan_hash: "test".into(),
            resume: self.resume,
            observer: &observer,
        };
        run(&job, cancel)
    }
}

/// All files of documents and ledger, and the table.
fn written(output: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for kind in ["documents", "ledger"] {
        for entry in fs::read_dir(output.join(kind)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{kind}/{}", entry.file_name().into_string().unwrap());
            files.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    files.insert("provenance.csv".into(), fs::read_to_string(output.join("provenance.csv")).unwrap());
    files
}

fn ledger(output: &Path) -> Vec<serde_json::Value> {
    written(output)
        .iter()
        .filter(|(name, _)| name.starts_with("ledger"))
        .flat_map(|(_, text)| {
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>()
        })
        .collect()
}

fn many(root: &Path, count: usize) {
    for number in 0..count {
        let text = match number % 7 {
            0 => "LU\nune phrase commune.\n".to_owned(),
            1 => "un".to_owned(),
            2 => format!("document {number}\nPANIC\n"),
            _ => format!("MENU\ndocument {number}.\nfin.\n"),
        };
        fs::write(root.join(format!("{number:05}.txt")), text).unwrap();
    }
    fs::write(root.join("zz.txt"), b"caf\xe9").unwrap();
}

fn closed(tally: &Tally, documents: u64) {
    assert_eq!(tally.documents, documents);
    assert!(tally.is_closed(), "{tally:?}");
}

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
    while text.len() < 20 << 20 {
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

#[test]
fn a_run_that_was_cut_short_goes_on_and_ends_the_same() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 2500);
    let whole = output.path().join("whole");
    Setup { corpus: false, ..Setup::new(input.path(), &whole) }.run().unwrap();

    let cut = output.path().join("cut");
    let setup = Setup { corpus: false, resume: true, ..Setup::new(input.path(), &cut) };
    // A run that was stopped before its first unit, then one that lost its last shard and a byte of the journal.
    let cancel = Cancel::new();
    cancel.ask();
    assert!(matches!(setup.run_until(&cancel), Err(RunError::Interrupted)));
    assert_eq!(setup.run().unwrap().resumed_shards, 0);
    fs::remove_file(cut.join("documents/part-00002.jsonl")).unwrap();
    let summary = setup.run().unwrap();
    assert_eq!(summary.resumed_shards, 2);
    closed(&summary.tally, 2501);
    assert_eq!(written(&cut), written(&whole));
}
