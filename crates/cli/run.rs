//! `tamis run`: the main job.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;
use tamis_io::{Compression, Cutting, Discovered, discover, units};
use tamis_pipeline::{Judgement, Ledger, Pipeline, Verdict};
use tamis_report::{Found, GateResult, Report, ReportInput, RunFacts, RunFactsInput};
use tamis_runner::{Cancel, Job, RunError, Summary, WORK_DIRECTORY};

use crate::arguments::{RunArguments, SummaryForm};
use crate::exit::{Error, Exit};
use crate::gate::Baselines;
use crate::progress::Watcher;
use crate::sizes::{bytes, count};
use crate::terminal::{Terminal, print};
use crate::{check, gate, output, report, table};

static CANCEL: Cancel = Cancel::new();

pub(crate) fn run(arguments: &RunArguments, terminal: Terminal) -> Result<Exit, Error> {
    let started = SystemTime::now();
    let Some(pipeline) = check::load(&arguments.pipeline, terminal)? else { return Ok(Exit::Usage) };
    let inputs = inputs(arguments, &pipeline)?;
    let baselines = Baselines::read(&pipeline, arguments.baseline.as_deref())?;
    let found = discover(&inputs, &pipeline.input.include)?;
    if arguments.dry_run {
        return dry_run(&pipeline, &found);
    }
    let piped = arguments.output.as_deref() == Some(Path::new("-"));
    if piped && !arguments.emit.is_empty() {
        return Err(Error::Usage("`--emit` tells of a run that stays: `--output -` leaves none".to_owned()));
    }
    let scratch = if piped { Some(tempfile::tempdir()?) } else { None };
    let directory = match (&scratch, &arguments.output) {
        (Some(scratch), _) => scratch.path().to_owned(),
        (None, Some(directory)) => directory.clone(),
        (None, None) => PathBuf::from(&pipeline.output.directory),
    };
    let jobs = workers(arguments, &pipeline, &found)?;
    let plan_hash = plan_hash(&pipeline, &found, arguments.limit);
    output::prepare(&directory, &plan_hash, arguments.resume, arguments.force)?;
    listen(terminal, &arguments.pipeline);

    let watcher = Watcher::new(arguments.progress, terminal);
    let job = Job {
        plan: &pipeline.plan,
        input: &found,
        output: directory.clone(),
        compression: if piped { Compression::None } else { pipeline.output.compression },
        counts_only: pipeline.output.ledger == Ledger::Counts,
        limits: pipeline.limits,
        jobs,
        memory: tamis_runner::DEFAULT_MEMORY,
        limit: arguments.limit,
        plan_hash,
        resume: arguments.resume,
        observer: &watcher,
    };
    let summary = std::thread::scope(|scope| {
        watcher.look(scope);
        let summary = tamis_runner::run(&job, &CANCEL);
        watcher.finish();
        summary
    });
    let mut summary = match summary {
        Err(RunError::Interrupted) => return Ok(interrupted(arguments)),
        other => other?,
    };
    if found.links_passed_over > 0 {
        let links = count(found.links_passed_over);
        summary.warnings.push(format!("{links} links to directories were not followed"));
    }
    for warning in &summary.warnings {
        terminal.warning(warning);
    }
    let gates = baselines.judge(&pipeline, &summary.tally);
    let accepted = arguments.max_failed.unwrap_or(pipeline.max_failed);
    let told = Told { gates: &gates, accepted, inputs: &inputs, pipeline_file: &arguments.pipeline, started };
    let closing = match arguments.summary {
        SummaryForm::Text => table::closing(&summary.tally, &gates),
        SummaryForm::Md => {
            let (facts, results, resolved) = told.of(&job, &pipeline, &summary);
            let input = told.report(&job, &pipeline, &summary, (&facts, &results, &resolved));
            tamis_report::summary(&Report::new(&input))
        }
    };
    if piped {
        stream(&directory)?;
        Terminal::note(&closing);
    } else {
        finish(&job, &pipeline, &summary, &told)?;
        report::emit(&directory, &arguments.emit)?;
        let place = match arguments.summary {
            SummaryForm::Text => format!("\nreport: {}\n", directory.join("report.html").display()),
            SummaryForm::Md => String::new(),
        };
        print(&format!("{closing}{place}"))?;
    }
    Ok(exit(&summary, &gates, accepted, terminal))
}

/// Writes what the run tells of itself, the manifest last, and removes the work directory.
fn finish(job: &Job<'_>, pipeline: &Pipeline, summary: &Summary, told: &Told<'_>) -> Result<(), Error> {
    let (facts, results, resolved) = told.of(job, pipeline, summary);
    let input = told.report(job, pipeline, summary, (&facts, &results, &resolved));
    let report = tamis_report::write_report(&job.output, &input)?;
    tamis_report::write_run_facts(&job.output, &told.facts(job, summary))?;
    // Before the manifest, whose presence says that the run is whole.
    fs_err::remove_dir_all(job.output.join(WORK_DIRECTORY))?;
    let files: Vec<_> = summary.files.iter().chain(&report).cloned().collect();
    tamis_report::write_manifest(&job.output, &files)?;
    Ok(())
}

/// What the report tells beyond the job and its summary.
struct Told<'a> {
    gates: &'a [Judgement],
    accepted: u64,
    inputs: &'a [PathBuf],
    pipeline_file: &'a Path,
    started: SystemTime,
}

impl Told<'_> {
    /// The run's circumstances up to now.
    fn facts(&self, job: &Job<'_>, summary: &Summary) -> RunFacts {
        let inputs: Vec<String> =
            self.inputs.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        RunFacts::new(&RunFactsInput {
            inputs: &inputs,
            pipeline_file: Some(self.pipeline_file),
            started: self.started,
            finished: SystemTime::now(),
            times: &summary.times,
            jobs: job.jobs,
            resumed_shards: summary.resumed_shards,
            documents: summary.tally.documents,
            raw_bytes: summary.tally.raw_bytes,
        })
    }

    /// What a report borrows.
    fn of(
        &self,
        job: &Job<'_>,
        pipeline: &Pipeline,
        summary: &Summary,
    ) -> (RunFacts, Vec<GateResult>, Value) {
        (self.facts(job, summary), self.gates.iter().map(gate::result).collect(), pipeline.resolved())
    }

    fn report<'b>(
        &self,
        job: &Job<'_>,
        pipeline: &'b Pipeline,
        summary: &'b Summary,
        (facts, gates, resolved): (&'b RunFacts, &'b [GateResult], &'b Value),
    ) -> ReportInput<'b> {
        ReportInput {
            plan: &pipeline.plan,
            tally: &summary.tally,
            pipeline: resolved,
            warnings: &summary.warnings,
            gates,
            max_failed: self.accepted,
            limit: job.limit,
            found: Found {
                files: job.input.files.len() as u64,
                files_passed_over: job.input.files_passed_over,
                links_passed_over: job.input.links_passed_over,
            },
            files: &summary.files,
            facts,
        }
    }
}

/// What to read: the command line's inputs, or the pipeline's.
fn inputs(arguments: &RunArguments, pipeline: &Pipeline) -> Result<Vec<PathBuf>, Error> {
    let inputs = if arguments.input.is_empty() {
        pipeline.input.paths.iter().map(PathBuf::from).collect()
    } else {
        arguments.input.clone()
    };
    if inputs.is_empty() {
        return Err(Error::Usage(format!(
            "pipeline `{}` names no input\n\nhint: name one with `--input PATH`, or in the file with `[input] paths`",
            arguments.pipeline.display()
        )));
    }
    Ok(inputs)
}

/// A worker holds a document a few times over while it works: raw bytes, two texts, its lines of output.
const COPIES: u64 = 8;
const WORKER_BYTES: u64 = 48 << 20;

/// The number of workers: as asked, or one for each core; fewer when memory for them all was not given.
fn workers(arguments: &RunArguments, pipeline: &Pipeline, found: &Discovered) -> Result<usize, Error> {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let Some(memory) = arguments.memory else { return Ok(jobs) };
    let largest = found.files.iter().map(|file| file.size).max().unwrap_or(0);
    let one = COPIES * largest.min(pipeline.limits.document_bytes as u64) + WORKER_BYTES;
    if memory < one {
        return Err(Error::Usage(format!(
            "`--memory` gives {}, and one worker needs up to {} for the largest document\n\n\
             hint: give more, or lower `[limits] document-bytes` in the pipeline",
            bytes(memory),
            bytes(one)
        )));
    }
    Ok(jobs.min(usize::try_from(memory / one).unwrap_or(jobs)))
}

/// A hash of all that the output depends on: what a resumed run is trusted by.
fn plan_hash(pipeline: &Pipeline, found: &Discovered, limit: Option<u64>) -> String {
    let mut all = format!("{}\n{}\n{limit:?}\n", env!("CARGO_PKG_VERSION"), pipeline.resolved());
    for file in &found.files {
        let _ = writeln!(all, "{}\0{}", file.source, file.size);
    }
    for file in &found.unreadable {
        let _ = writeln!(all, "{}\0{}", file.source, file.reason);
    }
    let mut hash = String::new();
    tamis_io::sha256(all.as_bytes(), &mut hash);
    hash
}

/// Ctrl-C once: no new unit is claimed. Twice: units at work are left. A third time ends the process.
fn listen(terminal: Terminal, pipeline: &Path) {
    let pipeline = pipeline.display().to_string();
    let told = ctrlc::set_handler(move || match CANCEL.ask() {
        1 => Terminal::note("\nstopping after the units at work; once more to leave them"),
        2 => Terminal::note("\nleaving"),
        _ => {
            #[expect(clippy::exit, reason = "the user has asked three times")]
            std::process::exit(Exit::Interrupted as i32);
        }
    });
    if told.is_err() {
        terminal.warning(&format!("Ctrl-C will end `tamis run {pipeline}` at once: no signal handler"));
    }
}

fn interrupted(arguments: &RunArguments) -> Exit {
    let mut command = format!("tamis run {}", arguments.pipeline.display());
    for input in &arguments.input {
        let _ = write!(command, " --input {}", input.display());
    }
    if let Some(output) = &arguments.output {
        let _ = write!(command, " --output {}", output.display());
    }
    Terminal::note(&format!("interrupted; go on with\n  {command} --resume"));
    Exit::Interrupted
}

/// Lists what would be read and done.
fn dry_run(pipeline: &Pipeline, found: &Discovered) -> Result<Exit, Error> {
    let units = units(found, Cutting::default())?;
    let shards = units.last().map_or(0, |unit| unit.shard + 1);
    let total: u64 = found.files.iter().map(|file| file.size).sum();
    let mut out = check::plan(pipeline);
    let _ = write!(
        out,
        "\n{} files, {}; {} units, {shards} shards\n",
        count(found.files.len() as u64),
        bytes(total),
        count(units.len() as u64)
    );
    if found.files_passed_over > 0 {
        let _ = writeln!(out, "{} files are passed over", count(found.files_passed_over));
    }
    for unreadable in &found.unreadable {
        let _ = writeln!(out, "cannot be read: {} ({})", unreadable.source, unreadable.reason);
    }
    print(&out)?;
    Ok(Exit::Ok)
}

/// Writes the records of a run to standard output, in order.
fn stream(directory: &Path) -> Result<(), Error> {
    let mut shards: Vec<PathBuf> = fs_err::read_dir(directory.join("documents"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    shards.sort();
    let mut out = std::io::stdout().lock();
    for shard in shards {
        std::io::copy(&mut fs_err::File::open(shard)?, &mut out)?;
    }
    std::io::Write::flush(&mut out)?;
    Ok(())
}

/// What the run's end means for a batch job: broken accounting before failed documents before failed gates.
fn exit(summary: &Summary, gates: &[Judgement], accepted: u64, terminal: Terminal) -> Exit {
    let tally = &summary.tally;
    if !tally.is_closed() {
        terminal.error("the accounting is broken: documents in are not kept + dropped + failed");
        Exit::Internal
    } else if tally.failed > accepted {
        let documents = if tally.failed == 1 { "document" } else { "documents" };
        terminal.error(&format!("{} {documents} failed, {accepted} accepted", count(tally.failed)));
        Exit::FailedDocuments
    } else if gates.iter().any(|gate| gate.verdict == Verdict::Fail) {
        Exit::GateFailed
    } else {
        Exit::Ok
    }
}
