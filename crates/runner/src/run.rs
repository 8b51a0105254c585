//! From a job to its output.

use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tamis_core::{EarlierRun, PlannedKind, Resources, Sketches, StageWork};
use tamis_io::spool::{Spool, SpooledCorpus};
use tamis_io::{
    AtomicFile, DocumentReader, IndexWriter, Journal, JournalDecision, JournalLine, JournalShard,
    PROVENANCE_HEADER, ReadDocument, Tally, Unit, UnitWork, WorkStorage, WrittenFile, units,
};

use crate::assemble::{Assembler, locked};
use crate::flow::{ByteBudget, OrderedWriter};
use crate::indexes;
use crate::job::Event;
use crate::layout::Layout;
use crate::memory::Shares;
use crate::phase::{Decided, From, Phase, Spooling, To, Waiting, beyond};
use crate::resume::{Earlier, JOURNAL, reopen, resume};
use crate::sink::Format;
use crate::work::work_through;
use crate::worker::Setting;
use crate::{Cancel, Job, RunError};

/// The folder of a run that holds the journal and temporary files; it goes when the run is whole.
pub const WORK_DIRECTORY: &str = ".work";

/// What a run has done.
#[derive(Debug)]
pub struct Summary {
    /// All counts.
    pub tally: Tally,
    /// The files written: documents, ledger, `provenance.csv`, the journal.
    pub files: Vec<WrittenFile>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// What of an earlier run was not made again.
    pub reused: Reused,
    /// Wall time of each phase and decision, in order.
    pub times: Vec<(String, Duration)>,
    /// What each stage has cost, by its place in the plan; for a corpus stage, its sketches.
    pub stages: Vec<StageWork>,
}

/// What of an earlier run was not made again, because its input is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reused {
    /// Shards of the output.
    pub shards: usize,
    /// Of so many.
    pub of_shards: usize,
    /// Documents in these shards.
    pub documents: u64,
    /// Parts of the input that stood in a spool.
    pub spooled_parts: usize,
}

/// Runs a job into its directory. `documents`, `ledger`, `provenance.csv`, the journal and `.work` are made; everything
/// else in the output is the caller's.
pub fn run(job: &Job<'_>, cancel: &Cancel) -> Result<Summary, RunError> {
    for directory in ["documents", "ledger", WORK_DIRECTORY] {
        fs_err::create_dir_all(job.output.join(directory))?;
    }
    if job.resume {
        reopen(&job.output, &job.plan_hash)?;
    }
    Course::new(job, cancel)?.into_directory()
}

/// Runs a job and writes the records of kept documents to `writer`, in order, while later ones are still worked on. The
/// job's directory holds temporary files alone, below `.work`.
pub fn stream(job: &Job<'_>, writer: Box<dyn Write + Send>, cancel: &Cancel) -> Result<Summary, RunError> {
    fs_err::create_dir_all(job.output.join(WORK_DIRECTORY))?;
    Course::new(job, cancel)?.into_stream(writer)
}

/// A run on its way.
struct Course<'a> {
    job: &'a Job<'a>,
    cancel: &'a Cancel,
    pool: rayon::ThreadPool,
    units: Vec<Unit>,
    take: Option<Vec<u64>>,
    shares: Shares,
    budget: ByteBudget,
    times: Vec<(String, Duration)>,
    told: Vec<JournalDecision>,
    /// Indexes that take their names when all else is written.
    indexes: Vec<IndexWriter>,
    work: Mutex<Vec<StageWork>>,
    spooled_parts: usize,
}

impl<'a> Course<'a> {
    fn new(job: &'a Job<'a>, cancel: &'a Cancel) -> Result<Self, RunError> {
        let units = units(job.input, job.cutting)?;
        let shares = Shares::of(job.memory);
        job.observer.event(Event::Started {
            units: units.len(),
            bytes: units.iter().map(|unit| unit.bytes).sum(),
            documents_memory: shares.documents,
            sketches_memory: shares.sketches,
            decision_memory: shares.decision,
        });
        Ok(Self {
            job,
            cancel,
            pool: rayon::ThreadPoolBuilder::new()
                .num_threads(job.jobs.max(1))
                .thread_name(|number| format!("tamis-{number}"))
                .build()?,
            take: job.limit.map(|limit| share(&units, job, limit)),
            units,
            shares,
            budget: ByteBudget::new(shares.documents),
            times: Vec::new(),
            told: Vec::new(),
            indexes: Vec::new(),
            work: Mutex::new(vec![StageWork::default(); job.plan.stages().len()]),
            spooled_parts: 0,
        })
    }

    fn into_directory(mut self) -> Result<Summary, RunError> {
        let clock = Instant::now();
        let job = self.job;
        let layout = Layout::new(&self.units, job.cutting);
        let (journal, mut earlier) =
            resume(job, &self.pool, &self.units, self.take.as_deref(), &layout, self.cancel)?;
        if !earlier.parts.is_empty() {
            self.times.push(("comparison with the earlier run".into(), clock.elapsed()));
        }
        let mut reused = Reused { shards: earlier.shards.len(), ..Reused::default() };
        reused.documents = earlier.shards.values().map(|shard| shard.tally.documents).sum();
        let journal = Mutex::new(journal);
        let done = std::mem::take(&mut earlier.shards);
        let assembler = Assembler::new(&job.output, job.compression, job.observer, &layout, &journal, done);
        if earlier.is_complete {
            self.told = std::mem::take(&mut earlier.decisions).into_values().collect();
        } else {
            self.phases(&earlier, &journal, To::Shards(&assembler))?;
        }
        let shards = assembler.finish().ok_or(RunError::Interrupted)?;
        (reused.of_shards, reused.spooled_parts) = (shards.len(), self.spooled_parts);
        let mut tally = Tally::default();
        for shard in &shards {
            tally.add(&shard.tally);
        }
        let mut files: Vec<WrittenFile> = shards.iter().flat_map(|shard| shard.files.clone()).collect();
        files.push(provenance(&job.output, &shards)?);
        files.push(finished_journal(job, self.told.clone(), shards)?);
        self.summary(tally, files, reused)
    }

    fn into_stream(mut self, writer: Box<dyn Write + Send>) -> Result<Summary, RunError> {
        let writer = OrderedWriter::new(writer, usize::try_from(self.shares.sketches).unwrap_or(usize::MAX));
        let tally = Mutex::new(Tally::default());
        let journal = Mutex::new(Journal::create(&self.job.output.join(WORK_DIRECTORY).join(JOURNAL), "")?);
        self.phases(&Earlier::default(), &journal, To::Stream { writer: &writer, tally: &tally })?;
        writer.flush()?;
        let tally = tally.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.summary(tally, Vec::new(), Reused::default())
    }

    fn summary(self, mut tally: Tally, files: Vec<WrittenFile>, reused: Reused) -> Result<Summary, RunError> {
        for index in self.indexes {
            index.finish()?;
        }
        let mut warnings = Vec::new();
        for decision in self.told {
            warnings.extend(decision.warnings);
            tally.measures.extend(decision.measures);
        }
        let stages = self.work.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(Summary { tally, files, warnings, reused, times: self.times, stages })
    }

    /// All phases, one after the other; the last one writes to `to`.
    fn phases(&mut self, earlier: &Earlier, journal: &Mutex<Journal>, to: To<'_>) -> Result<(), RunError> {
        let job = self.job;
        let work = job.output.join(WORK_DIRECTORY);
        let barriers: Vec<usize> = job.plan.barriers().collect();
        let input_bytes: u64 = self.units.iter().map(|unit| unit.bytes).sum();
        let mut before: Option<(Waiting, Decided)> = None;
        for number in 1..=barriers.len() + 1 {
            let first = before.as_ref().map_or(0, |(_, decided)| decided.stage + 1);
            let from = match &before {
                None => From::Input { found: job.input, units: &self.units, take: self.take.as_deref() },
                Some((waiting, decided)) => From::Spool { waiting, decided },
            };
            let bytes = match &before {
                None => input_bytes,
                Some((waiting, _)) => waiting.corpus.units().iter().map(|unit| unit.place().bytes()).sum(),
            };
            let Some(end) = barriers.get(number - 1).copied() else {
                let stages = first..job.plan.stages().len();
                let time = self.phase(number, bytes, &Phase { plan: job.plan, stages, from, to })?;
                self.times.push((format!("phase {number}"), time));
                break;
            };
            let spool = Spool::open(&work.join(format!("spool-{number}")), self.shares.sketches)?;
            let units = earlier.spooled_units(number, &spool);
            self.spooled_parts += units.len();
            let spooling = Spooling { phase: number, spool, journal, units: Mutex::new(units) };
            let to = To::Spool { stage: end, spooling: &spooling };
            let time = self.phase(number, bytes, &Phase { plan: job.plan, stages: first..end, from, to })?;
            self.times.push((format!("phase {number}"), time));
            let mut waiting = spooling.finish();
            let clock = Instant::now();
            let (decided, told, index) = self.decide(&work, end, &waiting.corpus)?;
            self.indexes.extend(index);
            locked(journal).append(&JournalLine::Decided(told.clone()))?;
            self.told.push(told);
            let time = clock.elapsed();
            job.observer.event(Event::Decided { stage: decided.name, time });
            self.times.push((format!("decision of `{}`", decided.name), time));
            waiting.parts = beyond(&waiting.parts);
            before = Some((waiting, decided));
        }
        Ok(())
    }

    fn phase(&self, number: usize, bytes: u64, phase: &Phase<'_>) -> Result<Duration, RunError> {
        let job = self.job;
        job.observer.counters().reset();
        let names = job.plan.stages().get(phase.stages.clone()).unwrap_or_default();
        job.observer.event(Event::PhaseStarted {
            phase: number,
            of: job.plan.barriers().count() + 1,
            stages: names.iter().map(|stage| stage.spec().name).collect(),
            bytes,
        });
        let work = job.output.join(WORK_DIRECTORY);
        let format = Format { compression: job.compression, counts_only: job.counts_only, work: &work };
        let observer = job.observer;
        let (counters, sees_all) = (observer.counters(), observer.sees_all());
        let setting = Setting { format, counters, observer, sees_all, cancel: self.cancel };
        let clock = Instant::now();
        work_through(&self.pool, phase, setting, job.limits, &self.budget, &self.work)?;
        let time = clock.elapsed();
        observer.event(Event::PhaseFinished { phase: number, time });
        Ok(time)
    }

    fn decide(
        &mut self,
        work: &Path,
        place: usize,
        sketches: &SpooledCorpus,
    ) -> Result<(Decided, JournalDecision, Option<IndexWriter>), RunError> {
        let job = self.job;
        let stage = stage_name(job, place);
        job.observer.event(Event::Deciding { stage, documents: sketches.len() });
        let Some(PlannedKind::Corpus(corpus)) = job.plan.stages().get(place).map(|stage| &stage.kind) else {
            return Err(RunError::Decisions { stage, decided: 0, documents: sketches.len() });
        };
        let storage = WorkStorage::new(work, &job.plan_hash);
        let earlier = indexes::open(corpus.as_ref())?;
        let earlier: Vec<&dyn EarlierRun> = earlier.iter().map(|index| index as _).collect();
        let resources = Resources { memory: self.shares.decision, storage: &storage, earlier: &earlier };
        let decisions = self
            .pool
            .install(|| corpus.decide(sketches, &resources))
            .map_err(|source| RunError::Decision { stage, source })?;
        if decisions.len() != sketches.len() {
            let decided = decisions.len();
            return Err(RunError::Decisions { stage, decided, documents: sketches.len() });
        }
        let told = JournalDecision {
            stage: place,
            warnings: decisions.warnings.clone(),
            measures: decisions.measures.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
        };
        let index =
            if job.writes_indexes { indexes::write(corpus.as_ref(), &decisions, sketches)? } else { None };
        Ok((Decided { stage: place, name: stage, decisions }, told, index))
    }
}

fn stage_name(job: &Job<'_>, place: usize) -> &'static str {
    job.plan.stages().get(place).map_or("", |stage| stage.spec().name)
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

/// The first line of `provenance.csv`.
pub(crate) fn header() -> String {
    PROVENANCE_HEADER.join(",") + "\n"
}

/// Joins the shards' rows into `provenance.csv`.
fn provenance(root: &Path, shards: &[JournalShard]) -> Result<WrittenFile, RunError> {
    let mut file = AtomicFile::create(root)?;
    file.write(header().as_bytes())?;
    for shard in shards {
        file.write(&fs_err::read(root.join(WORK_DIRECTORY).join(&shard.rows.path))?)?;
    }
    Ok(file.finish(root, "provenance.csv")?)
}

/// The journal of a run that is whole: its shards in order, so that it does not depend on timing.
fn finished_journal(
    job: &Job<'_>,
    told: Vec<JournalDecision>,
    shards: Vec<JournalShard>,
) -> Result<WrittenFile, RunError> {
    let told = told.into_iter().map(JournalLine::Decided);
    let lines = Journal::lines(
        &job.plan_hash,
        told.chain(shards.into_iter().map(|shard| JournalLine::Shard(Box::new(shard)))),
    )?;
    Ok(AtomicFile::write_all(&job.output, JOURNAL, &lines)?)
}
