//! Small stages, and runs of them.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use tamis_core::{
    About, Claims, CorpusStage, Decision, Decisions, Decode, Decoding, Editor, EncodingEvidence, Metadata,
    Original, Plan, PlannedStage, Resources, Rule, Scratch, Sketches, Span, Stage, StageError, StageKind,
    StageSpec, TextBuilder, Verdict, View,
};
use tamis_io::{Compression, Cutting, Limits, Tally, discover};
use tamis_runner::{Cancel, Counters, Event, Job, Observer, RunError, Summary, run, stream};

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
        while view.text.contains("FOREVER") {
            editor.insert(Span::of(0, 0).start(), "encore ", &SHOUTING)?;
        }
        if view.text.contains("BACKWARDS") {
            editor.remove(Span::of(4, 6), &SHOUTING)?;
            editor.remove(Span::of(2, 5), &SHOUTING)?;
        }
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

/// Takes its time, another one for each text and seed: none, a turn of the others, or up to two milliseconds.
struct Delays {
    seed: u64,
}

impl Stage for Delays {
    fn spec(&self) -> &'static StageSpec {
        static SPEC: StageSpec = spec("delays", StageKind::Annotate, &[]);
        &SPEC
    }

    fn apply(&self, view: View<'_>, _: &mut Editor<'_>, _: &mut Scratch) -> Result<Verdict, StageError> {
        let mut hasher = DefaultHasher::new();
        (self.seed, view.text, view.metadata.id.as_str()).hash(&mut hasher);
        match hasher.finish() % 64 {
            _ if self.seed == 0 => {}
            0 => std::thread::sleep(Duration::from_micros(hasher.finish() >> 8 & 0x7ff)),
            1..8 => std::thread::yield_now(),
            _ => {}
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

pub(crate) fn plan(corpus: bool) -> Plan {
    let mut stages = vec![PlannedStage::decode(Box::new(Plain)), PlannedStage::document(Box::new(Lines))];
    if corpus {
        stages.push(PlannedStage::corpus(Box::new(Copies)));
    }
    Plan::new("test", stages)
}

/// The stage that edits stands behind the one that decides.
pub(crate) fn plan_of_two_phases() -> Plan {
    let (copies, lines) = (PlannedStage::corpus(Box::new(Copies)), PlannedStage::document(Box::new(Lines)));
    Plan::new("test", vec![PlannedStage::decode(Box::new(Plain)), copies, lines])
}

/// Copies are looked for before lines go, and again among what is left.
pub(crate) fn plan_of_three_phases() -> Plan {
    let copies = || PlannedStage::corpus(Box::new(Copies));
    let lines = PlannedStage::document(Box::new(Lines));
    Plan::new("test", vec![PlannedStage::decode(Box::new(Plain)), copies(), lines, copies()])
}

/// Stages that take their time before a corpus stage and behind it; none with the seed 0.
pub(crate) fn plan_with_delays(seed: u64) -> Plan {
    let delays = || PlannedStage::document(Box::new(Delays { seed }));
    let (copies, lines) = (PlannedStage::corpus(Box::new(Copies)), PlannedStage::document(Box::new(Lines)));
    Plan::new("test", vec![PlannedStage::decode(Box::new(Plain)), delays(), copies, lines, delays()])
}

/// Stops the run, as urgently as Ctrl-C pressed twice, when so many documents have been worked through in all phases.
struct Stopping<'a> {
    counters: Counters,
    cancel: &'a Cancel,
    after: u64,
}

impl Observer for Stopping<'_> {
    fn event(&self, event: Event) {
        let work = self.counters.documents.load(Ordering::Relaxed);
        if matches!(event, Event::ShardWritten { .. } | Event::PhaseStarted { .. }) && work >= self.after {
            self.cancel.ask();
        }
    }

    fn counters(&self) -> &Counters {
        if self.counters.documents.load(Ordering::Relaxed) >= self.after {
            self.cancel.ask();
        }
        &self.counters
    }
}

/// A run to be made.
pub(crate) struct Setup {
    pub(crate) input: PathBuf,
    pub(crate) output: PathBuf,
    pub(crate) jobs: usize,
    pub(crate) corpus: bool,
    pub(crate) resume: bool,
    pub(crate) limit: Option<u64>,
    pub(crate) limits: Limits,
    pub(crate) cutting: Cutting,
    pub(crate) memory: u64,
}

impl Setup {
    pub(crate) fn new(input: &Path, output: &Path) -> Self {
        Self {
            input: input.to_owned(),
            output: output.to_owned(),
            jobs: 2,
            corpus: true,
            resume: false,
            limit: None,
            limits: Limits::default(),
            cutting: Cutting::default(),
            memory: 1 << 30,
        }
    }

    pub(crate) fn run(&self) -> Result<Summary, RunError> {
        self.with(&Counters::default(), |job| run(job, &Cancel::new()))
    }

    /// Runs until `cancel` says stop.
    pub(crate) fn run_until(&self, cancel: &Cancel) -> Result<Summary, RunError> {
        self.with(&Counters::default(), |job| run(job, cancel))
    }

    /// Runs until a phase has worked through about so many documents.
    pub(crate) fn run_until_documents(&self, after: u64) -> Result<Summary, RunError> {
        let cancel = Cancel::new();
        let stopping = Stopping { counters: Counters::default(), cancel: &cancel, after };
        self.with(&stopping, |job| run(job, &cancel))
    }

    /// Runs into a stream.
    pub(crate) fn stream(&self, writer: impl Write + Send + 'static) -> Result<Summary, RunError> {
        self.with(&Counters::default(), |job| stream(job, Box::new(writer), &Cancel::new()))
    }

    fn with<T>(&self, observer: &dyn Observer, run: impl FnOnce(&Job<'_>) -> T) -> T {
        self.with_plan(&plan(self.corpus), observer, run)
    }

    pub(crate) fn with_plan<T>(
        &self,
        plan: &Plan,
        observer: &dyn Observer,
        run: impl FnOnce(&Job<'_>) -> T,
    ) -> T {
        fs::create_dir_all(&self.output).unwrap();
        run(&Job {
            plan,
            input: &discover(std::slice::from_ref(&self.input), &[]).unwrap(),
            output: self.output.clone(),
            compression: Compression::None,
            counts_only: false,
            limits: self.limits,
            jobs: self.jobs,
            memory: self.memory,
            cutting: self.cutting,
            limit: self.limit,
            plan_hash: format!("{} {:?} {:?}", self.corpus, self.limit, self.cutting),
            resume: self.resume,
            writes_indexes: true,
            observer,
        })
    }
}

/// All files of documents and ledger, and the table.
pub(crate) fn written(output: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for kind in ["documents", "ledger"] {
        for entry in fs::read_dir(output.join(kind)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{kind}/{}", entry.file_name().into_string().unwrap());
            files.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    files.insert("journal.jsonl".into(), fs::read_to_string(output.join("journal.jsonl")).unwrap());
    files.insert("provenance.csv".into(), fs::read_to_string(output.join("provenance.csv")).unwrap());
    files
}

pub(crate) fn ledger(output: &Path) -> Vec<serde_json::Value> {
    written(output)
        .iter()
        .filter(|(name, _)| name.starts_with("ledger"))
        .flat_map(|(_, text)| {
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>()
        })
        .collect()
}

pub(crate) fn many(root: &Path, count: usize) {
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

pub(crate) fn closed(tally: &Tally, documents: u64) {
    assert_eq!(tally.documents, documents);
    assert!(tally.is_closed(), "{tally:?}");
}
