//! How fast each stage and the whole pipeline are, over a generated corpus.
//!
//!     cargo bench --bench throughput -- [DOCUMENTS] [PIPELINE]
//!     cargo bench --bench throughput -- DOCUMENTS write DIRECTORY     # the corpus alone, for other tools
//!
//! Prints CPU time, the least of five passes: on a shared machine the least is what the work costs. The last rows hold
//! the runner against hand-written serial loops of the same stages, turn by turn: one that writes records alone, one that
//! writes all that a run does. What the runner takes beyond the latter is its own.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that fails should stop, and prints what it found"
)]

mod generator;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use generator::{Generated, corpus};
use sha2::{Digest, Sha256};
use tamis_core::{Document, Engine, Format, MemorySketches, Outcome, Plan, PlannedKind, Resources};
use tamis_io::spool::Spooled;
use tamis_io::{
    Compression, Cutting, FileKind, LedgerLine, Limits, Tally, TallyBuffer, discover, provenance_row, sha256,
    write_record,
};
use tamis_runner::{Cancel, Counters, Event, Job, Observer, run};

const PASSES: usize = 5;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let count = arguments.first().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    if let [_, word, directory] = arguments.as_slice()
        && word == "write"
    {
        return write(&corpus(7, count), Path::new(directory));
    }
    let path = arguments.get(1).map_or("pipelines/press.toml", String::as_str);
    let text = std::fs::read_to_string(path).unwrap();
    let pipeline = tamis_pipeline::parse(&text).unwrap();
    let plan = &pipeline.plan;
    let files = corpus(7, count);
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    println!("{count} documents, {:.1} MB, {path}\n", bytes as f64 / 1e6);
    println!("{:<28} {:>9} {:>12} {:>12}", "", "ms", "us/document", "MB/s");
    let row = |name: &str, time: Duration| {
        let seconds = time.as_secs_f64();
        println!(
            "{name:<28} {:>9.1} {:>12.2} {:>12.1}",
            seconds * 1e3,
            seconds * 1e6 / count as f64,
            bytes as f64 / 1e6 / seconds
        );
    };
    for (place, stage) in plan.stages().iter().enumerate() {
        row(stage.spec().name, stage_time(plan, place, &files));
    }
    let folder = tempfile::tempdir().unwrap();
    write(&files, &folder.path().join("in"));
    println!();
    let mut least = [Duration::MAX; 4];
    for _ in 0..PASSES {
        let passes = [
            serial_loop(plan, folder.path(), Output::Records),
            serial_loop(plan, folder.path(), Output::Everything),
            runner(plan, folder.path(), 1),
            runner(plan, folder.path(), 2),
        ];
        for (least, pass) in least.iter_mut().zip(passes) {
            *least = pass.min(*least);
        }
    }
    let names = ["loop: records", "loop: all a run writes", "runner, 1 worker", "runner, 2 workers"];
    for (name, time) in names.into_iter().zip(least) {
        row(name, time);
    }
    let [_, everything, one, two] = least.map(|time| time.as_secs_f64());
    println!(
        "\nthe runner itself: {:.2} us a document, {:.1} %; two workers: {:.2} times one",
        (one - everything) * 1e6 / count as f64,
        (one / everything - 1.0) * 100.0,
        one / two
    );
}

/// What a serial loop writes.
#[derive(Clone, Copy, PartialEq)]
enum Output {
    /// Clean documents.
    Records,
    /// Records, ledger, `provenance.csv`, counts, and the hashes of all of it.
    Everything,
}

fn write(files: &[Generated], directory: &Path) {
    for file in files {
        let path = directory.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.bytes).unwrap();
    }
}

/// The time of one stage alone over all documents, each brought to it by the stages before.
fn stage_time(plan: &Plan, place: usize, files: &[Generated]) -> Duration {
    let mut engine = Engine::default();
    let stage = plan.stages().get(place).unwrap();
    let mut ready: Vec<Document> = files
        .iter()
        .map(|file| {
            let mut document = loaded(file);
            engine.run_stages(plan, 0..place, &mut document);
            document
        })
        .collect();
    ready.retain(|document| document.outcome == Outcome::Kept);
    let mut sketch = Vec::new();
    (0..PASSES)
        .map(|_| {
            let mut copies = ready.clone();
            let clock = Instant::now();
            for document in &mut copies {
                sketch.clear();
                let _ = engine.run_stage(stage, document);
                let _ = engine.sketch(stage, document, &mut sketch);
            }
            clock.elapsed()
        })
        .min()
        .unwrap()
}

fn loaded(file: &Generated) -> Document {
    let mut document = Document { raw: file.bytes.clone(), ..Document::default() };
    document.metadata.id.clone_from(&file.name);
    document.metadata.source.clone_from(&file.name);
    document.metadata.format = if file.html { Format::Html } else { Format::Text };
    document
}

/// What one would write without the runner: one thread, all documents in memory while the corpus stages decide. No
/// spool, no shards, no journal, no isolation, no bound on memory.
fn serial_loop(plan: &Plan, folder: &Path, output: Output) -> Duration {
    let clock = Instant::now();
    let found = discover(&[folder.join("in")], &[]).unwrap();
    let mut engine = Engine::default();
    let mut all: Vec<Spooled> = Vec::new();
    for file in &found.files {
        let mut one = Spooled::default();
        let document = &mut one.read.document;
        document.raw = std::fs::read(file.path()).unwrap();
        document.metadata.id.push_str(&file.source);
        document.metadata.source.push_str(&file.source);
        one.read.location.file.push_str(&file.source);
        document.metadata.format = match file.kind {
            FileKind::Document(format) => format,
            FileKind::Jsonl => Format::Unknown,
        };
        one.raw_bytes = document.raw.len() as u64;
        sha256(&document.raw, &mut one.raw_sha256);
        all.push(one);
    }
    let mut from = 0;
    for end in plan.barriers().chain([plan.stages().len()]) {
        let kept = |one: &&mut Spooled| one.read.document.outcome == Outcome::Kept;
        for one in all.iter_mut().filter(kept) {
            engine.run_stages(plan, from..end, &mut one.read.document);
        }
        if let Some(stage) = plan.stages().get(end)
            && let PlannedKind::Corpus(corpus) = &stage.kind
        {
            let mut sketches = MemorySketches::default();
            for one in all.iter_mut().filter(kept) {
                let mut sketch = Vec::new();
                engine.sketch(stage, &one.read.document, &mut sketch).unwrap();
                sketches.0.push(sketch);
            }
            let decisions = corpus.decide(&sketches, &Resources::unbounded()).unwrap();
            for (one, decision) in all.iter_mut().filter(kept).zip(decisions.iter()) {
                engine.apply_decision(plan, end, &decision.unwrap(), &mut one.read.document);
            }
        }
        from = end + 1;
    }
    let out = tempfile::tempdir().unwrap();
    write_output(plan, &all, output, out.path());
    clock.elapsed()
}

fn write_output(plan: &Plan, all: &[Spooled], output: Output, folder: &Path) {
    let file = |name: &str| BufWriter::new(std::fs::File::create(folder.join(name)).unwrap());
    let (mut records, mut ledger, mut line) = (file("records"), file("ledger"), Vec::new());
    let mut rows = csv::Writer::from_writer(file("rows"));
    let (mut hashes, mut text_sha256) = ([Sha256::new(), Sha256::new()], String::new());
    let (mut tally, mut counts) = (Tally::default(), TallyBuffer::default());
    for Spooled { read, raw_bytes, raw_sha256 } in all {
        let document = &read.document;
        if document.outcome == Outcome::Kept {
            line.clear();
            write_record(document, &read.location, &read.extra, raw_sha256, *raw_bytes, &mut line).unwrap();
            records.write_all(&line).unwrap();
            if output == Output::Everything {
                hashes[0].update(&line);
            }
        }
        if output == Output::Everything {
            sha256(document.text.as_bytes(), &mut text_sha256);
            let told = LedgerLine::of(plan, read, None, *raw_bytes, raw_sha256, &text_sha256, false);
            line.clear();
            serde_json::to_writer(&mut line, &told).unwrap();
            line.push(b'\n');
            ledger.write_all(&line).unwrap();
            hashes[1].update(&line);
            provenance_row(&told, &mut rows).unwrap();
            tally.count(plan, document, *raw_bytes, &mut counts);
        }
    }
    records.flush().unwrap();
    ledger.flush().unwrap();
    rows.flush().unwrap();
    std::hint::black_box((hashes.map(Sha256::finalize), tally));
}

#[derive(Default)]
struct Silent(Counters);

impl Observer for Silent {
    fn event(&self, _: Event) {}

    fn counters(&self) -> &Counters {
        &self.0
    }
}

fn runner(plan: &Plan, folder: &Path, jobs: usize) -> Duration {
    let out = tempfile::tempdir().unwrap();
    let observer = Silent::default();
    let clock = Instant::now();
    let found = discover(&[folder.join("in")], &[]).unwrap();
    let job = Job {
        plan,
        input: &found,
        output: out.path().to_owned(),
        compression: Compression::None,
        counts_only: false,
        limits: Limits::default(),
        jobs,
        memory: 1 << 30,
        cutting: Cutting::default(),
        limit: None,
        plan_hash: String::new(),
        resume: false,
        writes_indexes: false,
        observer: &observer,
    };
    run(&job, &Cancel::new()).unwrap();
    clock.elapsed()
}
