//! A run over a few documents into a directory that is gone afterwards: for explaining a file before any run, and for
//! telling what a run will do. The same runner as in earnest, so that nothing differs but the input.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tamis_io::{Compression, Discovered};
use tamis_pipeline::Pipeline;
use tamis_report::Run;
use tamis_runner::{Cancel, Counters, Job, RunError, Summary};

use crate::exit::Error;
use crate::run::{Told, finish, plan_hash};

/// What a trial left.
pub(crate) struct Trial {
    /// The run, to be read.
    pub(crate) run: Run,
    /// What it did.
    pub(crate) summary: Summary,
    /// Its directory, removed with this.
    _folder: tempfile::TempDir,
}

/// Memory for decisions over the corpus: a trial has few documents.
const MEMORY: u64 = 256 << 20;

/// Runs `pipeline` over `found`, which was found below `inputs`.
pub(crate) fn run(
    pipeline: &Pipeline,
    pipeline_file: &Path,
    found: &Discovered,
    inputs: &[PathBuf],
) -> Result<Trial, Error> {
    let indexes = tamis_runner::index_hashes(&pipeline.plan).map_err(RunError::Index)?;
    let folder = tempfile::tempdir()?;
    let quiet = Counters::default();
    let job = Job {
        plan: &pipeline.plan,
        input: found,
        output: folder.path().to_owned(),
        compression: Compression::None,
        counts_only: false,
        limits: pipeline.limits,
        jobs: std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        memory: MEMORY,
        cutting: pipeline.output.cutting,
        limit: None,
        plan_hash: plan_hash(pipeline, &indexes, None),
        resume: false,
        writes_indexes: false,
        observer: &quiet,
    };
    let summary = tamis_runner::run(&job, &Cancel::new())?;
    let told = Told { gates: &[], accepted: u64::MAX, inputs, pipeline_file, started: SystemTime::now() };
    finish(&job, pipeline, &summary, &told)?;
    let run = Run::open(folder.path()).map_err(|error| Error::Broken(error.to_string()))?;
    Ok(Trial { run, summary, _folder: folder })
}
