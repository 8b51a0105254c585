//! `--log FILTER` and `RUST_LOG`: what happens in a run as a log on standard error, for people or as JSON.
//!
//! The runner tells its observer, and this one tells the log: nothing on the way of a document asks whether it is to be
//! logged, but for those that fail, and all where `tamis::document=trace` is asked for.

use std::io::{self, Write};

use tamis_core::{Document, Outcome, Plan};
use tamis_runner::Event;
use tracing::{Level, Span, debug, enabled, error, info, info_span, trace, warn};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::arguments::LogFormat;
use crate::exit::Error;
use crate::progress::{Begin, Ending, State, Teller, locked};
use crate::terminal::Terminal;

/// Begins to log, where `asked` or `RUST_LOG` asks for it.
pub(crate) fn listen(asked: Option<&str>, format: LogFormat, terminal: Terminal) -> Result<(), Error> {
    let environment = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let Some(filter) = asked.or(environment.as_deref()) else { return Ok(()) };
    let filter = match EnvFilter::builder().parse(filter) {
        Ok(filter) => filter,
        // The variable may be meant for other programs.
        Err(error) if asked.is_none() => {
            terminal.warning(&format!("RUST_LOG is passed over: {error}"));
            return Ok(());
        }
        Err(error) => {
            return Err(Error::Usage(format!(
                "`--log {filter}`: {error}\n\nhint: a level (error, warn, info, debug, trace), or parts with levels: \
                 info,tamis::document=trace"
            )));
        }
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Lines);
    let begun = match format {
        LogFormat::Text => builder.with_ansi(terminal.error_colour).finish().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).finish().try_init(),
    };
    begun.map_err(|error| Error::Broken(error.to_string()))
}

/// Standard error, above a bar.
struct Lines;

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Terminal::tell_bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tells a run to the log.
pub(crate) struct Log {
    run: Span,
    /// The phase that runs; the run outside of phases.
    phase: std::sync::Mutex<Span>,
}

impl Log {
    /// Whether anybody listens.
    pub(crate) fn is_wanted() -> bool {
        LevelFilter::current() != LevelFilter::OFF
    }

    pub(crate) fn new(run: &Begin<'_>) -> Self {
        let span = info_span!(target: "tamis::run", "run", pipeline = run.pipeline);
        Self { phase: std::sync::Mutex::new(span.clone()), run: span }
    }

    fn phase(&self) -> Span {
        locked(&self.phase).clone()
    }
}

impl Teller for Log {
    fn begin(&self, run: &Begin<'_>) {
        let output = run.output.map(|path| path.display().to_string());
        info!(target: "tamis::run", parent: &self.run, files = run.files, jobs = run.jobs,
            memory_bytes = run.memory, output, "run begins");
    }

    fn event(&self, event: &Event, now: &State) {
        match event {
            Event::Started { units, bytes, documents_memory, sketches_memory, decision_memory } => {
                debug!(target: "tamis::run", parent: &self.run, units, bytes, "input is cut");
                debug!(target: "tamis::memory", parent: &self.run, documents_bytes = documents_memory,
                    sketches_bytes = sketches_memory, decision_bytes = decision_memory, "memory is shared out");
            }
            Event::PhaseStarted { phase, of, stages, bytes } => {
                let span = info_span!(target: "tamis::phase", parent: &self.run, "phase", phase);
                info!(target: "tamis::phase", parent: &span, of, stages = stages.join(","), bytes, "phase begins");
                *locked(&self.phase) = span;
            }
            Event::PhaseFinished { time, .. } => {
                info!(target: "tamis::phase", parent: &self.phase(), documents = now.documents,
                    bytes = now.bytes, failed = now.failed, seconds = time.as_secs_f64(), "phase ends");
                locked(&self.phase).clone_from(&self.run);
            }
            Event::Deciding { stage, documents } => {
                info!(target: "tamis::decision", parent: &self.run, stage, documents, "stage decides");
            }
            Event::Decided { stage, time } => {
                info!(target: "tamis::decision", parent: &self.run, stage, seconds = time.as_secs_f64(),
                    "stage has decided");
            }
            Event::ShardWritten { shard } => {
                debug!(target: "tamis::shard", parent: &self.phase(), shard, "shard is written");
            }
        }
    }

    fn tick(&self, now: &State) {
        debug!(target: "tamis::run", parent: &self.phase(), documents = now.documents, bytes = now.bytes,
            of_bytes = now.of_bytes, failed = now.failed, "run goes on");
    }

    fn document(&self, plan: &Plan, document: &Document) {
        if !enabled!(target: "tamis::document", Level::DEBUG) {
            return;
        }
        let stage = |place: usize| plan.stages().get(place).map(|stage| stage.spec().name);
        let (id, raw_bytes) = (document.metadata.id.as_str(), document.raw.len());
        match &document.outcome {
            Outcome::Failed(failed) => {
                debug!(target: "tamis::document", parent: &self.phase(), id, stage = failed.stage.and_then(stage),
                    reason = failed.reason, offset = failed.offset, "document failed");
            }
            Outcome::Dropped(dropped) => {
                let rule = plan.rule(dropped.rule).map(|(_, rule)| rule.id);
                trace!(target: "tamis::document", parent: &self.phase(), id, stage = stage(dropped.stage), rule,
                    raw_bytes, "document dropped");
            }
            Outcome::Kept => {
                trace!(target: "tamis::document", parent: &self.phase(), id, raw_bytes,
                    text_bytes = document.text.len(), "document worked on");
            }
        }
    }

    fn sees_all(&self) -> bool {
        enabled!(target: "tamis::document", Level::TRACE)
    }

    fn warning(&self, message: &str) {
        warn!(target: "tamis::run", parent: &self.run, "{message}");
    }

    fn end(&self, ending: &Ending<'_>, now: &State) {
        let (exit, seconds) = (ending.exit() as u8, now.time.as_secs_f64());
        match ending {
            Ending::Whole { summary, .. } => {
                let tally = &summary.tally;
                info!(target: "tamis::run", parent: &self.run, exit, seconds, documents = tally.documents,
                    kept = tally.kept, dropped = tally.dropped, failed = tally.failed, "run is whole");
            }
            Ending::Cut { message, .. } => {
                error!(target: "tamis::run", parent: &self.run, exit, seconds, message, "run is cut");
            }
        }
    }
}
