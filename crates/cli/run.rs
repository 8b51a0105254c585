//! `tamis run`: the main job.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tamis_io::{Compression, Discovered, discover, units};
use tamis_pipeline::{Judgement, Ledger, Pipeline, Verdict};
use tamis_report::{Found, GateResult, ReportInput, RunFactsInput};
use tamis_runner::{Cancel, Job, RunError, Summary, WORK_DIRECTORY};

use crate::arguments::RunArguments;
use crate::exit::{Error, Exit};
use crate::progress::Watcher;
use crate::sizes::{bytes, count};
use crate::terminal::{Terminal, print};
use crate::{check, memory, output, table};

static CANCEL: Cancel = Cancel::new();

pub(crate) fn run(arguments: &RunArguments, terminal: Terminal) -> Result<Exit, Error> {
    let started = SystemTime::now();
    let Some(mut pipeline) = check::load(&arguments.pipeline, terminal)? else { return Ok(Exit::Usage) };
    let memory = arguments.memory.unwrap_or_else(memory::default);
    let lowered = memory::fit(&mut pipeline, memory);
    let inputs = inputs(arguments, &pipeline)?;
    let found = discover(&inputs, &pipeline.input.include)?;
    if arguments.dry_run {
        return dry_run(&pipeline, &found);
    }
    let piped = arguments.output.as_deref() == Some(Path::new("-"));
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

    let watcher = Watcher::new(arguments.progress, terminal);
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
        observer: &watcher,
    };
    let summary = std::thread::scope(|scope| {
        watcher.look(scope);
        let summary = if piped {
            tamis_runner::stream(&job, Box::new(std::io::stdout()), &CANCEL)
        } else {
            tamis_runner::run(&job, &CANCEL)
        };
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
    summary.warnings.extend(lowered);
    for warning in &summary.warnings {
        terminal.warning(warning);
    }
    let gates: Vec<Judgement> =
        pipeline.gates.iter().map(|gate| gate.judge(&pipeline.plan, &summary.tally)).collect();
    let accepted = arguments.max_failed.unwrap_or(pipeline.max_failed);
    let closing = table::closing(&summary.tally, &gates);
    if piped {
        Terminal::note(&closing);
    } else {
        let told =
            Told { gates: &gates, accepted, inputs: &inputs, pipeline_file: &arguments.pipeline, started };
        finish(&job, &pipeline, &summary, &told)?;
        print(&format!(
            "{closing}{}\nreport: {}\n",
            table::reused(&summary.reused),
            directory.join("report.html").display()
        ))?;
    }
    Ok(exit(&summary, &gates, accepted, terminal))
}

/// Writes what the run tells of itself, the manifest last, and removes the work directory.
fn finish(job: &Job<'_>, pipeline: &Pipeline, summary: &Summary, told: &Told<'_>) -> Result<(), Error> {
    let tally = &summary.tally;
    let report = tamis_report::write_report(
        &job.output,
        &ReportInput {
            plan: &pipeline.plan,
            tally,
            pipeline: &pipeline.resolved(),
            warnings: &summary.warnings,
            gates: &told.gates.iter().map(gate_result).collect::<Vec<_>>(),
            max_failed: told.accepted,
            limit: job.limit,
            found: Found {
                files: job.input.files.len() as u64,
                files_passed_over: job.input.files_passed_over,
                links_passed_over: job.input.links_passed_over,
            },
        },
    )?;
    let names = job.plan.stages().iter().map(|stage| stage.spec().name);
    let stages: Vec<_> = names.zip(summary.stages.iter().copied()).collect();
    let inputs: Vec<String> = told.inputs.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    tamis_report::write_run_facts(
        &job.output,
        &RunFactsInput {
            inputs: &inputs,
            pipeline_file: Some(told.pipeline_file),
            started: told.started,
            finished: SystemTime::now(),
            times: &summary.times,
            jobs: job.jobs,
            reused: tamis_report::ReusedFacts {
                shards: summary.reused.shards as u64,
                of_shards: summary.reused.of_shards as u64,
                documents: summary.reused.documents,
            },
            stages: &stages,
            documents: tally.documents,
            raw_bytes: tally.raw_bytes,
        },
    )?;
    // Before the manifest, whose presence says that the run is whole.
    fs_err::remove_dir_all(job.output.join(WORK_DIRECTORY))?;
    let files: Vec<_> = summary.files.iter().chain(&report).cloned().collect();
    tamis_io::sync(&job.output, &files)?;
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

fn gate_result(judgement: &Judgement) -> GateResult {
    GateResult {
        metric: judgement.metric.clone(),
        value: judgement.value,
        verdict: match judgement.verdict {
            Verdict::Pass => tamis_report::Verdict::Pass,
            Verdict::Warn => tamis_report::Verdict::Warn,
            Verdict::Fail => tamis_report::Verdict::Fail,
        },
        condition: judgement.condition.clone(),
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
fn plan_hash(pipeline: &Pipeline, indexes: &[String], limit: Option<u64>) -> String {
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

/// Lists what would be read and done.
fn dry_run(pipeline: &Pipeline, found: &Discovered) -> Result<Exit, Error> {
    let units = units(found, pipeline.output.cutting)?;
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
