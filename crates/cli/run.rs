//! `tamis run`: the main job.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;
use tamis_io::{Compression, discover};
use tamis_pipeline::{Judgement, Ledger, Pipeline, Verdict};
use tamis_report::{Found, GateResult, Report, ReportInput, RunFacts, RunFactsInput};
use tamis_runner::{Cancel, Job, RunError, Summary, WORK_DIRECTORY};

use crate::arguments::{RunArguments, SummaryForm};
use crate::exit::{Error, Exit};
use crate::gate::Baselines;
use crate::progress::{Begin, Ending, Watcher};
use crate::sizes::count;
use crate::terminal::{Terminal, print};
use crate::{check, dry_run, gate, logging, memory, output, report, table, timings};

static CANCEL: Cancel = Cancel::new();

pub(crate) fn run(arguments: &RunArguments, terminal: Terminal) -> Result<Exit, Error> {
    let started = SystemTime::now();
    logging::listen(arguments.log.as_deref(), arguments.log_format, terminal)?;
    let Some(mut pipeline) = check::load(&arguments.pipeline, terminal)? else { return Ok(Exit::Usage) };
    let memory = arguments.memory.unwrap_or_else(memory::default);
    let lowered = memory::fit(&mut pipeline, memory);
    let inputs = inputs(arguments, &pipeline)?;
    let baselines = Baselines::read(&pipeline, arguments.baseline.as_deref())?;
    let found = discover(&inputs, &pipeline.input.include)?;
    match arguments.dry_run {
        Some(0) => return dry_run::list(&pipeline, &found),
        Some(sample) => return dry_run::predict(&pipeline, &found, &inputs, arguments, sample),
        None => {}
    }
    let piped = is_piped(arguments);
    if piped && !arguments.emit.is_empty() {
        return Err(Error::Usage("`--emit` tells of a run that stays: `--output -` leaves none".to_owned()));
    }
    let scratch = if piped { Some(tempfile::tempdir()?) } else { None };
    let directory = match (&scratch, &arguments.output) {
        (Some(scratch), _) => scratch.path().to_owned(),
        (None, Some(directory)) => directory.clone(),
        (None, None) => PathBuf::from(&pipeline.output.directory),
    };
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let indexes = tamis_runner::index_hashes(&pipeline.plan).map_err(RunError::Index)?;
    let plan_hash = plan_hash(&pipeline, &indexes, arguments.limit);
    output::prepare(&directory, &plan_hash, arguments.resume, arguments.force)?;
    listen(terminal, &arguments.pipeline);

    let begin = Begin {
        pipeline: &pipeline.plan.name,
        files: found.files.len(),
        jobs,
        memory,
        output: (!piped).then_some(directory.as_path()),
    };
    let watcher = Watcher::new(arguments, terminal, &begin)?;
    let job = Job {
        plan: &pipeline.plan,
        input: &found,
        output: directory.clone(),
        compression: if piped { Compression::None } else { pipeline.output.compression },
        counts_only: pipeline.output.ledger == Ledger::Counts,
        limits: pipeline.limits,
        jobs,
        memory,
        cutting: pipeline.output.cutting,
        limit: arguments.limit,
        plan_hash,
        resume: arguments.resume,
        writes_indexes: true,
        observer: &watcher,
    };
    let told = Told { gates: &[], accepted: 0, inputs: &inputs, pipeline_file: &arguments.pipeline, started };
    let done = watched(arguments, terminal, &job, &pipeline, (&watcher, &baselines), lowered, &told);
    if let Err(error) = &done {
        watcher.end(&Ending::Cut { exit: error.exit(), message: &error.to_string() });
    }
    match done {
        Err(Error::Run(RunError::Interrupted)) => Ok(interrupted(arguments)),
        other => other,
    }
}

/// Runs the job and tells how it ended.
fn watched(
    arguments: &RunArguments,
    terminal: Terminal,
    job: &Job<'_>,
    pipeline: &Pipeline,
    (watcher, baselines): (&Watcher, &Baselines),
    lowered: Option<String>,
    told: &Told<'_>,
) -> Result<Exit, Error> {
    let piped = is_piped(arguments);
    let summary = std::thread::scope(|scope| {
        watcher.look(scope);
        let summary = if piped {
            tamis_runner::stream(job, Box::new(std::io::stdout()), &CANCEL)
        } else {
            tamis_runner::run(job, &CANCEL)
        };
        watcher.rest();
        summary
    });
    let mut summary = summary?;
    if job.input.links_passed_over > 0 {
        let links = count(job.input.links_passed_over);
        summary.warnings.push(format!("{links} links to directories were not followed"));
    }
    summary.warnings.extend(lowered);
    for warning in &summary.warnings {
        terminal.warning(warning);
        watcher.warning(warning);
    }
    let gates = baselines.judge(pipeline, &summary.tally);
    let accepted = arguments.max_failed.unwrap_or(pipeline.max_failed);
    let told = Told { gates: &gates, accepted, ..*told };
    let mut closing = match arguments.summary {
        SummaryForm::Text => table::closing(&summary.tally, &gates),
        SummaryForm::Md => {
            let (facts, results, resolved) = told.of(job, pipeline, &summary);
            let input = told.report(job, pipeline, &summary, (&facts, &results, &resolved));
            tamis_report::summary(&Report::new(&input))
        }
    };
    if arguments.timings {
        closing += &match arguments.summary {
            SummaryForm::Text => timings::text(&summary, job.plan),
            SummaryForm::Md => timings::markdown(&summary, job.plan),
        };
    }
    if piped {
        Terminal::note(&closing);
    } else {
        finish(job, pipeline, &summary, &told)?;
        report::emit(&job.output, &arguments.emit)?;
        let place = match arguments.summary {
            SummaryForm::Text => {
                let reused = table::reused(&summary.reused);
                format!("{reused}\nreport: {}\n", job.output.join("report.html").display())
            }
            SummaryForm::Md => String::new(),
        };
        print(&format!("{closing}{place}"))?;
    }
    let exit = exit(&summary, &gates, accepted, terminal);
    watcher.end(&Ending::Whole { exit, summary: &summary, plan: job.plan });
    Ok(exit)
}

/// Whether records go to standard output.
fn is_piped(arguments: &RunArguments) -> bool {
    arguments.output.as_deref() == Some(Path::new("-"))
}

/// Writes what the run tells of itself, the manifest last, and removes the work directory.
pub(crate) fn finish(
    job: &Job<'_>,
    pipeline: &Pipeline,
    summary: &Summary,
    told: &Told<'_>,
) -> Result<(), Error> {
    let (facts, results, resolved) = told.of(job, pipeline, summary);
    let input = told.report(job, pipeline, summary, (&facts, &results, &resolved));
    let report = tamis_report::write_report(&job.output, &input)?;
    tamis_report::write_run_facts(&job.output, &told.facts(job, summary))?;
    // Before the manifest, whose presence says that the run is whole.
    fs_err::remove_dir_all(job.output.join(WORK_DIRECTORY))?;
    let files: Vec<_> = summary.files.iter().chain(&report).cloned().collect();
    tamis_io::sync(&job.output, &files)?;
    tamis_report::write_manifest(&job.output, &files)?;
    Ok(())
}

/// What the report tells beyond the job and its summary.
pub(crate) struct Told<'a> {
    pub(crate) gates: &'a [Judgement],
    pub(crate) accepted: u64,
    pub(crate) inputs: &'a [PathBuf],
    pub(crate) pipeline_file: &'a Path,
    pub(crate) started: SystemTime,
}

impl Told<'_> {
    /// The run's circumstances up to now.
    fn facts(&self, job: &Job<'_>, summary: &Summary) -> RunFacts {
        let names = job.plan.stages().iter().map(|stage| stage.spec().name);
        let stages: Vec<_> = names.zip(summary.stages.iter().copied()).collect();
        let inputs: Vec<String> =
            self.inputs.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        RunFacts::new(&RunFactsInput {
            inputs: &inputs,
            pipeline_file: Some(self.pipeline_file),
            started: self.started,
            finished: SystemTime::now(),
            times: &summary.times,
            jobs: job.jobs,
            reused: tamis_report::ReusedFacts {
                shards: summary.reused.shards as u64,
                of_shards: summary.reused.of_shards as u64,
                documents: summary.reused.documents,
            },
            stages: &stages,
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
        job: &'b Job<'_>,
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
            files_read: if job.resume { &[] } else { &job.input.files },
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

/// A hash of all that the output depends on besides the input: what a resumed run is trusted by.
pub(crate) fn plan_hash(pipeline: &Pipeline, indexes: &[String], limit: Option<u64>) -> String {
    let mut all = format!("{}\n{}\n{limit:?}\n", env!("CARGO_PKG_VERSION"), pipeline.resolved());
    for index in indexes {
        let _ = writeln!(all, "index {index}");
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
