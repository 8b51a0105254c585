//! From a job to its output.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tamis_core::{EarlierRun, PlannedKind, Resources, Sketches};
use tamis_io::spool::Spool;
use tamis_io::{
    AtomicFile, Cutting, DocumentReader, IndexWriter, Journal, JournalLine, PROVENANCE_HEADER, ReadDocument,
    SketchWriter, Tally, Unit, UnitWork, WorkStorage, WrittenFile, units,
};

use crate::assemble::Assembler;
use crate::indexes;
use crate::job::Event;
use crate::phase::{Decided, From, Phase, SpooledUnit, Spooling, To, Waiting};
use crate::worker::{Setting, Worker};
use crate::{Cancel, Job, RunError};

/// The folder of a run that holds the journal and temporary files; it goes when the run is whole.
pub const WORK_DIRECTORY: &str = ".work";

/// What a run has done.
#[derive(Debug)]
pub struct Summary {
    /// All counts.
    pub tally: Tally,
    /// The files written: documents, ledger, `provenance.csv`.
    pub files: Vec<WrittenFile>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Shards that an earlier, unfinished run had written.
    pub resumed_shards: usize,
    /// Wall time of each phase and decision, in order.
    pub times: Vec<(String, Duration)>,
}

/// Runs a job. The directories `documents`, `ledger` and `.work` are made; everything else in the output is the
/// caller's.
pub fn run(job: &Job<'_>, cancel: &Cancel) -> Result<Summary, RunError> {
    let units = units(job.input, Cutting::default())?;
    let take = job.limit.map(|limit| share(&units, job, limit));
    let work = job.output.join(WORK_DIRECTORY);
    for directory in [job.output.join("documents"), job.output.join("ledger"), work.clone()] {
        fs_err::create_dir_all(directory)?;
    }
    let (journal, trusted) = journal(job, &work)?;
    let resumed_shards = trusted.len();
    let setting = Setting {
        limits: job.limits,
        compression: job.compression,
        counts_only: job.counts_only,
        work: &work,
        counters: job.observer.counters(),
        cancel,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(job.jobs.max(1))
        .thread_name(|number| format!("tamis-{number}"))
        .build()?;
    let assembler = Assembler::new(&job.output, job.compression, job.observer, &units, journal, trusted);

    let barriers: Vec<usize> = job.plan.barriers().collect();
    let phases = barriers.len() + 1;
    let mut warnings = Vec::new();
    let mut measures = BTreeMap::new();
    let mut times = Vec::new();
    let mut before: Option<(Waiting, Decided)> = None;
    let mut indexes_to_finish = Vec::new();
    let bytes: u64 = units.iter().map(|unit| unit.bytes).sum();
    for number in 0..phases {
        let first = before.as_ref().map_or(0, |(_, decided)| decided.stage + 1);
        let end = barriers.get(number).copied().unwrap_or(job.plan.stages().len());
        job.observer.counters().reset();
        let names = job.plan.stages().get(first..end).unwrap_or_default();
        job.observer.event(Event::PhaseStarted {
            phase: number + 1,
            of: phases,
            stages: names.iter().map(|stage| stage.spec().name).collect(),
            bytes,
        });
        let clock = Instant::now();
        let from = match &before {
            None => From::Input { found: job.input, units: &units, take: take.clone() },
            Some((waiting, decided)) => From::Spool { waiting, decided },
        };
        if end == job.plan.stages().len() {
            let phase = Phase { plan: job.plan, stages: first..end, from, to: To::Output(&assembler) };
            let skip = |unit| assembler.is_done(unit);
            work_through(&pool, &phase, &setting, &units, &skip)?;
            times.push((format!("phase {}", number + 1), clock.elapsed()));
            break;
        }
        let spooling = Spooling {
            spool: Spool::create(&work)?,
            sketches: SketchWriter::create(&work)?,
            ids: SketchWriter::create(&work)?,
            units: Mutex::new(vec![SpooledUnit::default(); units.len()]),
        };
        let to = To::Spool { stage: end, spooling: &spooling };
        let phase = Phase { plan: job.plan, stages: first..end, from, to };
        work_through(&pool, &phase, &setting, &units, &|_| false)?;
        times.push((format!("phase {}", number + 1), clock.elapsed()));
        let (sketches, waiting) = spooling.finish();
        let clock = Instant::now();
        let (decided, index) = decide(job, &pool, &work, end, &sketches, &waiting)?;
        indexes_to_finish.extend(index);
        times.push((format!("decision of `{}`", stage_name(job, end)), clock.elapsed()));
        warnings.extend(decided.decisions.warnings.iter().cloned());
        let told = decided.decisions.measures.iter();
        measures.extend(told.map(|(name, value)| ((*name).to_owned(), *value)));
        before = Some((waiting, decided));
    }
    drop(before);

    let shards = assembler.finish().ok_or(RunError::Interrupted)?;
    for index in indexes_to_finish {
        index.finish()?;
    }
    let mut tally = Tally { measures, ..Tally::default() };
    for shard in &shards {
        tally.add(&shard.tally);
    }
    let mut files: Vec<WrittenFile> = shards.iter().flat_map(|shard| shard.files.clone()).collect();
    files.push(provenance(&job.output, &work, &shards)?);
    Ok(Summary { tally, files, warnings, resumed_shards, times })
}

fn stage_name(job: &Job<'_>, place: usize) -> &'static str {
    job.plan.stages().get(place).map_or("", |stage| stage.spec().name)
}

/// The journal to write on, and the shards that can be trusted: in the journal of the same plan, with files of the
/// length they were written with.
fn journal(job: &Job<'_>, work: &Path) -> Result<(Journal, Vec<JournalLine>), RunError> {
    let path = work.join("journal.jsonl");
    if job.resume
        && let Some((journal, lines)) = Journal::open(&path, &job.plan_hash)?
    {
        let whole = |root: &Path, file: &WrittenFile| {
            std::fs::metadata(root.join(&file.path)).is_ok_and(|found| found.len() == file.bytes)
        };
        let trusted = lines
            .into_iter()
            .filter(|line| line.files.iter().all(|file| whole(&job.output, file)) && whole(work, &line.rows))
            .collect();
        return Ok((journal, trusted));
    }
    Ok((Journal::create(&path, &job.plan_hash)?, Vec::new()))
}

/// Has the workers of the pool claim units until there are none left.
fn work_through(
    pool: &rayon::ThreadPool,
    phase: &Phase<'_>,
    setting: &Setting<'_>,
    units: &[Unit],
    skip: &(dyn Fn(usize) -> bool + Sync),
) -> Result<(), RunError> {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let results: Vec<Result<(), RunError>> = pool.broadcast(|_| {
        let mut worker = Worker::default();
        loop {
            if stopped.load(Ordering::Relaxed) {
                return Ok(());
            }
            if setting.cancel.is_asked() {
                return Err(RunError::Interrupted);
            }
            let claimed = next.fetch_add(1, Ordering::Relaxed);
            let Some(unit) = units.get(claimed) else { return Ok(()) };
            if !skip(claimed) {
                // A panic outside a document is a defect of the runner: the run stops, and says so.
                let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    worker.unit(phase, setting, claimed)
                }));
                match done {
                    Ok(Ok(true)) => {}
                    Ok(Ok(false)) => return Err(RunError::Interrupted),
                    Ok(Err(error)) => {
                        stopped.store(true, Ordering::Relaxed);
                        return Err(error);
                    }
                    Err(payload) => {
                        stopped.store(true, Ordering::Relaxed);
                        let told = payload.downcast_ref::<String>().cloned();
                        return Err(RunError::Worker(told.unwrap_or_default()));
                    }
                }
            }
            setting.counters.bytes.fetch_add(unit.bytes, Ordering::Relaxed);
        }
    });
    // The cause comes before the interruptions that followed from it.
    let mut interrupted = Ok(());
    for result in results {
        match result {
            Err(RunError::Interrupted) => interrupted = Err(RunError::Interrupted),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
    }
    interrupted
}

fn decide(
    job: &Job<'_>,
    pool: &rayon::ThreadPool,
    work: &Path,
    place: usize,
    sketches: &dyn Sketches,
    waiting: &Waiting,
) -> Result<(Decided, Option<IndexWriter>), RunError> {
    let stage = stage_name(job, place);
    job.observer.event(Event::Deciding { stage, documents: sketches.len() });
    let Some(PlannedKind::Corpus(corpus)) = job.plan.stages().get(place).map(|stage| &stage.kind) else {
        return Err(RunError::Decisions { stage, decided: 0, documents: sketches.len() });
    };
    let storage = WorkStorage::new(work, &job.plan_hash);
    let earlier = indexes::open(corpus.as_ref())?;
    let earlier: Vec<&dyn EarlierRun> = earlier.iter().map(|index| index as _).collect();
    let resources = Resources { memory: job.memory, storage: &storage, earlier: &earlier };
    let decisions = pool
        .install(|| corpus.decide(sketches, &resources))
        .map_err(|source| RunError::Decision { stage, source })?;
    if decisions.len() != sketches.len() {
        let decided = decisions.len();
        return Err(RunError::Decisions { stage, decided, documents: sketches.len() });
    }
    let index = indexes::write(corpus.as_ref(), &decisions, sketches, &waiting.ids)?;
    Ok((Decided { stage: place, name: stage, decisions }, index))
}

/// How many documents of each unit to read, so that they are the first `limit` in all.
fn share(units: &[Unit], job: &Job<'_>, limit: u64) -> Vec<u64> {
    let mut left = limit;
    let mut read = ReadDocument::default();
    let share = units.iter().map(|unit| {
        let take = match &unit.work {
            _ if left == 0 => 0,
            UnitWork::Files(files) => left.min(files.len() as u64),
            _ => {
                let mut reader = DocumentReader::new(unit, job.input, job.limits);
                let mut count = 0;
                while count < left && reader.next(&mut read) {
                    count += 1;
                }
                count
            }
        };
        left -= take;
        take
    });
    share.collect()
}

/// Joins the shards' rows into `provenance.csv`.
fn provenance(root: &Path, work: &Path, shards: &[JournalLine]) -> Result<WrittenFile, RunError> {
    let mut file = AtomicFile::create(root)?;
    file.write(PROVENANCE_HEADER.join(",").as_bytes())?;
    file.write(b"\n")?;
    for shard in shards {
        file.write(&fs_err::read(work.join(&shard.rows.path))?)?;
    }
    Ok(file.finish(root, "provenance.csv")?)
}
