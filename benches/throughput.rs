//! How fast each stage and the whole pipeline are, over a generated corpus.
//!
//!     cargo bench --bench throughput -- [DOCUMENTS] [PIPELINE]
//!     cargo bench --bench throughput -- DOCUMENTS write DIRECTORY     # the corpus alone, for other tools
//!
//! Prints CPU time, the least of five passes: on a shared machine the least is what the work costs. The last rows hold
//! the runner against hand-written serial loops of the same stages, turn by turn: one that writes records alone, one that
//! writes all that a run does. What the runner takes beyond the latter is its own.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that fails should stop, and prints what it found"
)]

mod generator;

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use generator::{Generated, corpus};
use sha2::{Digest, Sha256};
use tamis_core::{
    Decisions, Document, Engine, Format, MemorySketches, Outcome, Plan, PlannedKind, Resources,
};
use tamis_io::spool::Spooled;
use tamis_io::{
    Compression, Cutting, FileKind, InputFile, LedgerLine, Limits, Tally, TallyBuffer, discover,
    provenance_row, sha256, write_record,
};
use tamis_runner::{Cancel, Counters, Job, run};

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
    println!("{:<28} {:>9} {:>12} {:>12} {:>9}", "", "CPU ms", "us/document", "MB/s", "wall ms");
    let row = |name: &str, spent: Spent| {
        let seconds = spent.cpu.as_secs_f64();
        println!(
            "{name:<28} {:>9.1} {:>12.2} {:>12.1} {:>9.1}",
            seconds * 1e3,
            seconds * 1e6 / count as f64,
            bytes as f64 / 1e6 / seconds,
            spent.wall.as_secs_f64() * 1e3
        );
    };
    for (place, stage) in plan.stages().iter().enumerate() {
        row(stage.spec().name, stage_time(plan, place, &files));
    }
    let folder = tempfile::tempdir().unwrap();
    write(&files, &folder.path().join("in"));
    println!();
    let mut least = [Spent { cpu: Duration::MAX, wall: Duration::MAX }; 4];
    for _ in 0..PASSES {
        let passes = [
            Spent::of(|| serial_loop(plan, folder.path(), Output::Records)),
            Spent::of(|| serial_loop(plan, folder.path(), Output::Everything)),
            Spent::of(|| runner(plan, folder.path(), 1)),
            Spent::of(|| runner(plan, folder.path(), 2)),
        ];
        for (least, pass) in least.iter_mut().zip(passes) {
            *least = least.min(pass);
        }
    }
    let names = ["loop: records", "loop: all a run writes", "runner, 1 worker", "runner, 2 workers"];
    for (name, spent) in names.into_iter().zip(least) {
        row(name, spent);
    }
    let [_, everything, one, two] = least;
    let [loop_cpu, runner_cpu] = [everything, one].map(|spent| spent.cpu.as_secs_f64());
    println!(
        "\nthe runner itself: {:.2} us of CPU a document, {:.1} %; two workers: {:.2} times as fast as one",
        (runner_cpu - loop_cpu) * 1e6 / count as f64,
        (runner_cpu / loop_cpu - 1.0) * 100.0,
        one.wall.as_secs_f64() / two.wall.as_secs_f64()
    );
}

/// What a pass took.
#[derive(Clone, Copy)]
struct Spent {
    /// Time of all threads on a core, the system's work for them included.
    cpu: Duration,
    wall: Duration,
}

impl Spent {
    fn of<T>(work: impl FnOnce() -> T) -> Self {
        let (clock, cpu) = (Instant::now(), ProcessTime::now());
        work();
        Self { cpu: cpu.elapsed(), wall: clock.elapsed() }
    }

    fn min(self, other: Self) -> Self {
        Self { cpu: self.cpu.min(other.cpu), wall: self.wall.min(other.wall) }
    }
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
fn stage_time(plan: &Plan, place: usize, files: &[Generated]) -> Spent {
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
    let passes = (0..PASSES).map(|_| {
        let mut copies = ready.clone();
        Spent::of(|| {
            for document in &mut copies {
                sketch.clear();
                let _ = engine.run_stage(stage, document);
                let _ = engine.sketch(stage, document, &mut sketch);
            }
        })
    });
    passes.reduce(Spent::min).unwrap()
}

fn loaded(file: &Generated) -> Document {
    let mut document = Document { raw: file.bytes.clone(), ..Document::default() };
    document.metadata.id.clone_from(&file.name);
    document.metadata.source.clone_from(&file.name);
    document.metadata.format = if file.html { Format::Html } else { Format::Text };
    document
}

/// What one would write without the runner: one thread, one document after the other, all of them in memory while a
/// corpus stage decides. No spool, no shards, no journal, no isolation, no bound on memory.
fn serial_loop(plan: &Plan, folder: &Path, output: Output) {
    let found = discover(&[folder.join("in")], &[]).unwrap();
    let out = tempfile::tempdir().unwrap();
    let (mut engine, mut writer) = (Engine::default(), Writer::new(plan, output, out.path()));
    let barriers: Vec<usize> = plan.barriers().collect();
    let first = barriers.first().copied().unwrap_or(plan.stages().len());
    let (mut one, mut waiting) = (Spooled::default(), Waiting::default());
    for file in &found.files {
        one.read.document.clear();
        read(file, &mut one);
        engine.run_stages(plan, 0..first, &mut one.read.document);
        match barriers.first() {
            None => writer.write(&one),
            Some(barrier) => waiting.push(plan, *barrier, &mut engine, std::mem::take(&mut one)),
        }
    }
    for (place, barrier) in barriers.iter().enumerate() {
        let next = barriers.get(place + 1);
        let end = next.copied().unwrap_or(plan.stages().len());
        let decisions = waiting.decide(plan, *barrier);
        let mut decisions = decisions.iter();
        for mut one in std::mem::take(&mut waiting.documents) {
            let document = &mut one.read.document;
            if document.outcome == Outcome::Kept {
                engine.apply_decision(plan, *barrier, &decisions.next().unwrap().unwrap(), document);
            }
            if document.outcome == Outcome::Kept {
                engine.run_stages(plan, barrier + 1..end, document);
            }
            match next {
                None => writer.write(&one),
                Some(next) => waiting.push(plan, *next, &mut engine, one),
            }
        }
    }
    writer.finish();
}

fn read(file: &InputFile, one: &mut Spooled) {
    let document = &mut one.read.document;
    document.raw.clear();
    File::open(file.path()).unwrap().read_to_end(&mut document.raw).unwrap();
    document.metadata.id.push_str(&file.source);
    document.metadata.source.push_str(&file.source);
    one.read.location.file.clear();
    one.read.location.file.push_str(&file.source);
    document.metadata.format = match file.kind {
        FileKind::Document(format) => format,
        FileKind::Jsonl => Format::Unknown,
    };
    one.raw_bytes = document.raw.len() as u64;
    sha256(&document.raw, &mut one.raw_sha256);
}

/// Documents in front of a corpus stage, and the sketches of those that are kept.
#[derive(Default)]
struct Waiting {
    documents: Vec<Spooled>,
    sketches: MemorySketches,
}

impl Waiting {
    fn push(&mut self, plan: &Plan, barrier: usize, engine: &mut Engine, mut one: Spooled) {
        if one.read.document.outcome == Outcome::Kept {
            let mut sketch = Vec::new();
            let stage = plan.stages().get(barrier).unwrap();
            engine.sketch(stage, &one.read.document, &mut sketch).unwrap();
            self.sketches.0.push(sketch);
        }
        one.read.document.raw = Vec::new();
        self.documents.push(one);
    }

    fn decide(&mut self, plan: &Plan, barrier: usize) -> Decisions {
        let Some(PlannedKind::Corpus(corpus)) = plan.stages().get(barrier).map(|stage| &stage.kind) else {
            return Decisions::default();
        };
        let sketches = std::mem::take(&mut self.sketches);
        corpus.decide(&sketches, &Resources::unbounded()).unwrap()
    }
}

/// The output of a serial loop.
struct Writer<'a> {
    plan: &'a Plan,
    output: Output,
    files: [BufWriter<File>; 2],
    rows: BufWriter<File>,
    hashes: [Sha256; 2],
    tally: Tally,
    counts: TallyBuffer,
    text_sha256: String,
    line: Vec<u8>,
    row: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan, output: Output, folder: &Path) -> Self {
        let file = |name: &str| BufWriter::with_capacity(1 << 18, File::create(folder.join(name)).unwrap());
        Self {
            plan,
            output,
            files: [file("records"), file("ledger")],
            rows: file("rows"),
            hashes: [Sha256::new(), Sha256::new()],
            tally: Tally::default(),
            counts: TallyBuffer::default(),
            text_sha256: String::new(),
            line: Vec::new(),
            row: Vec::new(),
        }
    }

    fn write(&mut self, one: &Spooled) {
        let Spooled { read, raw_bytes, raw_sha256 } = one;
        let document = &read.document;
        if document.outcome == Outcome::Kept {
            self.line.clear();
            let line = &mut self.line;
            write_record(document, &read.location, &read.extra, raw_sha256, *raw_bytes, line);
            self.end_line(0);
        }
        if self.output == Output::Records {
            return;
        }
        sha256(document.text.as_bytes(), &mut self.text_sha256);
        let told = LedgerLine::of(self.plan, read, None, *raw_bytes, raw_sha256, &self.text_sha256, false);
        self.line.clear();
        told.write(&mut self.line);
        self.row.clear();
        provenance_row(&told, &mut self.row);
        self.rows.write_all(&self.row).unwrap();
        self.tally.count(self.plan, document, *raw_bytes, &mut self.counts);
        self.end_line(1);
    }

    fn end_line(&mut self, place: usize) {
        self.files[place].write_all(&self.line).unwrap();
        if self.output == Output::Everything {
            self.hashes[place].update(&self.line);
        }
    }

    fn finish(mut self) {
        self.rows.flush().unwrap();
        for file in &mut self.files {
            file.flush().unwrap();
        }
        std::hint::black_box((self.hashes.map(Sha256::finalize), self.tally));
    }
}

fn runner(plan: &Plan, folder: &Path, jobs: usize) {
    let out = tempfile::tempdir().unwrap();
    let observer = Counters::default();
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
}
