//! `--metrics FILE`: counts of a run for Prometheus and its like, by way of a file that is whole at any time (the textfile
//! collector of node_exporter reads such).

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tamis_core::Plan;
use tamis_io::AtomicFile;
use tamis_runner::{Event, Summary};

use crate::exit::Error;
use crate::openmetrics::{Exposition, Kind};
use crate::progress::{Begin, Ending, State, Teller, locked};
use crate::terminal::Terminal;

/// Writes the file at the beginning, every five seconds, after each phase and at the end.
pub(crate) struct Metrics {
    directory: PathBuf,
    name: String,
    pipeline: String,
    jobs: usize,
    started: SystemTime,
    terminal: Terminal,
    /// The state that each phase was last seen in.
    phases: Mutex<Vec<State>>,
    /// Whether the file could not be written: told once.
    failed: Mutex<bool>,
}

impl Metrics {
    /// Writes the first file: whether that can be done is known before any work.
    pub(crate) fn new(path: &Path, run: &Begin<'_>, terminal: Terminal) -> Result<Self, Error> {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(Error::Usage(format!("`--metrics {}` is not the name of a file", path.display())));
        };
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let metrics = Self {
            directory,
            name: name.to_owned(),
            pipeline: run.pipeline.to_owned(),
            jobs: run.jobs,
            started: SystemTime::now(),
            terminal,
            phases: Mutex::default(),
            failed: Mutex::default(),
        };
        metrics.write(&metrics.exposition(&State::default(), None)).map_err(|error| {
            Error::Io(std::io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display())))
        })?;
        Ok(metrics)
    }

    fn write(&self, text: &str) -> std::io::Result<()> {
        AtomicFile::write_all(&self.directory, &self.name, text.as_bytes()).map(|_| ())
    }

    /// A file that cannot be written is no reason to lose a run.
    fn rewrite(&self, now: &State, ending: Option<&Ending<'_>>) {
        let written = self.write(&self.exposition(now, ending));
        let mut failed = locked(&self.failed);
        if let Err(error) = written
            && !*failed
        {
            *failed = true;
            self.terminal.warning(&format!("metrics are not written: {error}"));
        }
    }

    /// Remembers where the running phase is.
    fn note(&self, now: &State) {
        let mut phases = locked(&self.phases);
        match phases.last_mut() {
            Some(last) if last.phase == now.phase => *last = *now,
            _ if now.phase > 0 => phases.push(*now),
            _ => {}
        }
    }

    fn exposition(&self, now: &State, ending: Option<&Ending<'_>>) -> String {
        let mut out = Exposition::default();
        self.run(now, ending, &mut out);
        phases(&locked(&self.phases), now, &mut out);
        if let Some(Ending::Whole { summary, plan, .. }) = ending {
            results(summary, &mut out);
            stages(summary, plan, &mut out);
        }
        out.finish()
    }

    fn run(&self, now: &State, ending: Option<&Ending<'_>>, out: &mut Exposition) {
        out.family("tamis_build", Kind::Info, None, "The version that runs.");
        out.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1.0);
        out.family("tamis_pipeline", Kind::Info, None, "The pipeline that is run.");
        out.sample(&[("name", &self.pipeline)], 1.0);
        out.single("tamis_workers", Kind::Gauge, None, "Threads that work on documents.", self.jobs as f64);
        let state = match ending {
            None => "running",
            Some(Ending::Whole { .. }) => "whole",
            Some(Ending::Cut { .. }) => "cut",
        };
        out.family(
            "tamis_state",
            Kind::StateSet,
            None,
            "Whether the run goes on, is whole, or was stopped or broke off.",
        );
        for name in ["running", "whole", "cut"] {
            out.sample(&[("tamis_state", name)], f64::from(u8::from(name == state)));
        }
        if let Some(ending) = ending {
            let exit = f64::from(ending.exit() as u8);
            out.single("tamis_exit_code", Kind::Gauge, None, "The exit code, as in tamis --help.", exit);
        }
        let seconds = Some("seconds");
        let of_time = |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0.0, milliseconds);
        let (started, written) = (of_time(self.started), of_time(SystemTime::now()));
        out.single("tamis_started_seconds", Kind::Gauge, seconds, "When it began, in Unix time.", started);
        out.single(
            "tamis_written_seconds",
            Kind::Gauge,
            seconds,
            "When this was written, in Unix time.",
            written,
        );
        out.single("tamis_run_seconds", Kind::Gauge, seconds, "Wall time up to now.", milliseconds(now.time));
        out.single(
            "tamis_failed_documents",
            Kind::Counter,
            None,
            "Documents that could not be worked on.",
            now.failed as f64,
        );
        out.single("tamis_shards", Kind::Counter, None, "Shards written.", now.shards as f64);
    }
}

impl Teller for Metrics {
    fn event(&self, event: &Event, now: &State) {
        match event {
            Event::PhaseStarted { .. } | Event::PhaseFinished { .. } => {
                self.note(now);
                self.rewrite(now, None);
            }
            _ => {}
        }
    }

    fn period(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn tick(&self, now: &State) {
        // The clock of a phase runs on through the decision after it; its numbers stand still.
        let is_done = locked(&self.phases).last().is_some_and(|last| {
            last.phase == now.phase && last.bytes >= last.of_bytes && last.documents == now.documents
        });
        if !is_done {
            self.note(now);
        }
        self.rewrite(now, None);
    }

    fn end(&self, ending: &Ending<'_>, now: &State) {
        self.rewrite(now, Some(ending));
    }
}

/// What each phase has done so far.
fn phases(phases: &[State], now: &State, out: &mut Exposition) {
    let names: Vec<String> = phases.iter().map(|phase| phase.phase.to_string()).collect();
    let mut family = |name, kind, unit, help, of: fn(&State) -> f64| {
        out.family(name, kind, unit, help);
        for (name, phase) in names.iter().zip(phases) {
            out.sample(&[("phase", name)], of(phase));
        }
    };
    let bytes = Some("bytes");
    family(
        "tamis_phase_documents",
        Kind::Counter,
        None,
        "Documents that a phase has worked through.",
        |phase| phase.documents as f64,
    );
    family("tamis_phase_bytes", Kind::Counter, bytes, "Bytes that a phase has worked through.", |phase| {
        phase.bytes as f64
    });
    family("tamis_phase_size_bytes", Kind::Gauge, bytes, "Bytes that a phase reads in all.", |phase| {
        phase.of_bytes as f64
    });
    family(
        "tamis_phase_text_bytes",
        Kind::Counter,
        bytes,
        "Bytes of texts that a phase has kept.",
        |phase| phase.text_bytes as f64,
    );
    family("tamis_phase_seconds", Kind::Gauge, Some("seconds"), "Wall time of a phase.", |phase| {
        milliseconds(phase.phase_time)
    });
    out.single("tamis_phases", Kind::Gauge, None, "Phases of the run.", now.of as f64);
}

/// What became of all documents.
fn results(summary: &Summary, out: &mut Exposition) {
    let tally = &summary.tally;
    out.family("tamis_documents", Kind::Counter, None, "Documents by what became of them.");
    for (outcome, documents) in [("kept", tally.kept), ("dropped", tally.dropped), ("failed", tally.failed)] {
        out.sample(&[("outcome", outcome)], documents as f64);
    }
    let bytes = Some("bytes");
    out.single(
        "tamis_reused_documents",
        Kind::Counter,
        None,
        "Documents taken from an earlier run over the same input.",
        summary.reused.documents as f64,
    );
    out.single(
        "tamis_input_bytes",
        Kind::Counter,
        bytes,
        "Raw bytes of all documents.",
        tally.raw_bytes as f64,
    );
    out.single("tamis_text_bytes", Kind::Counter, bytes, "Bytes of kept texts.", tally.text_bytes as f64);
    out.single(
        "tamis_sentences",
        Kind::Counter,
        None,
        "Sentences of kept documents.",
        tally.sentences as f64,
    );
    out.family("tamis_rule_documents", Kind::Counter, None, "Documents by rule and what it did to them.");
    for (rule, tally) in &tally.rules {
        for (effect, documents) in
            [("dropped", tally.dropped), ("failed", tally.failed), ("edited", tally.documents)]
        {
            if documents > 0 {
                out.sample(&[("rule", rule), ("effect", effect)], documents as f64);
            }
        }
    }
}

/// What each stage has cost. A pipeline may name a stage twice: its place keeps the two apart.
fn stages(summary: &Summary, plan: &Plan, out: &mut Exposition) {
    let places: Vec<String> = (1..=plan.stages().len()).map(|place| place.to_string()).collect();
    let mut family = |name, unit, help, of: fn(&tamis_core::StageWork) -> f64| {
        out.family(name, Kind::Counter, unit, help);
        for ((stage, place), work) in plan.stages().iter().zip(&places).zip(&summary.stages) {
            out.sample(&[("stage", stage.spec().name), ("place", place)], of(work));
        }
    };
    family("tamis_stage_documents", None, "Documents that a stage was given.", |work| work.documents as f64);
    family("tamis_stage_bytes", Some("bytes"), "Bytes that a stage was given.", |work| work.bytes as f64);
    family("tamis_stage_seconds", Some("seconds"), "Time inside a stage, all workers together.", |work| {
        work.time.as_secs_f64()
    });
}

/// Seconds, to the millisecond.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round() / 1e3
}
