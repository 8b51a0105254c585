//! `--progress json`: a line of JSON for each event, a format of its own version, told in docs/formats.md.

use std::fmt::Write;

use serde_json::{Value, json};
use tamis_runner::Event;

use crate::progress::{Begin, Ending, State, Teller};
use crate::terminal::Terminal;

/// The version of the lines: it grows when a member goes or changes its meaning, not when one is added.
const FORMAT: u32 = 1;

/// Tells events as lines of JSON.
pub(crate) struct Events;

impl Teller for Events {
    fn begin(&self, run: &Begin<'_>) {
        tell(
            "run",
            0.0,
            json!({
                "format": FORMAT,
                "tamis": env!("CARGO_PKG_VERSION"),
                "pipeline": run.pipeline,
                "files": run.files,
                "jobs": run.jobs,
                "memory_bytes": run.memory,
                "output": run.output.map(|path| path.to_string_lossy()),
            }),
        );
    }

    fn event(&self, event: &Event, now: &State) {
        let (name, members) = members(event, now);
        tell(name, seconds(now.time), members);
    }

    fn tick(&self, now: &State) {
        tell("progress", seconds(now.time), progress(now));
    }

    fn warning(&self, message: &str) {
        tell("warning", None, json!({ "message": message }));
    }

    fn end(&self, ending: &Ending<'_>, now: &State) {
        tell("end", seconds(now.time), end(ending));
    }
}

fn tell(name: &str, seconds: impl Into<Option<f64>>, members: Value) {
    Terminal::note(&line(name, seconds.into(), members));
}

/// `event` comes first, for people who look on.
fn line(name: &str, seconds: Option<f64>, members: Value) -> String {
    let mut out = format!("{{\"event\":{}", Value::from(name));
    let mut push = |name: &str, value: &Value| {
        // Nothing fails when writing to a string.
        let _ = write!(out, ",{}:{value}", Value::from(name));
    };
    if let Some(seconds) = seconds {
        push("seconds", &seconds.into());
    }
    if let Value::Object(members) = members {
        for (name, value) in &members {
            push(name, value);
        }
    }
    out.push('}');
    out
}

fn members(event: &Event, now: &State) -> (&'static str, Value) {
    match event {
        Event::Started { units, bytes, documents_memory, sketches_memory, decision_memory } => (
            "input",
            json!({
                "units": units,
                "bytes": bytes,
                "memory_bytes": {
                    "documents": documents_memory, "sketches": sketches_memory, "decision": decision_memory,
                },
            }),
        ),
        Event::PhaseStarted { phase, of, stages, bytes } => {
            ("phase", json!({ "phase": phase, "of": of, "stages": stages, "bytes": bytes }))
        }
        Event::PhaseFinished { phase, time } => (
            "phase_done",
            json!({
                "phase": phase,
                "documents": now.documents,
                "bytes": now.bytes,
                "failed": now.failed,
                "phase_seconds": seconds(*time),
            }),
        ),
        Event::Deciding { stage, documents } => {
            ("deciding", json!({ "stage": stage, "documents": documents }))
        }
        Event::Decided { stage, time } => {
            ("decided", json!({ "stage": stage, "decision_seconds": seconds(*time) }))
        }
        Event::ShardWritten { shard } => ("shard", json!({ "shard": shard, "shards": now.shards })),
    }
}

fn progress(now: &State) -> Value {
    json!({
        "phase": now.phase,
        "of": now.of,
        "documents": now.documents,
        "bytes": now.bytes,
        "of_bytes": now.of_bytes,
        "failed": now.failed,
        "bytes_per_second": now.rate().map(f64::round),
        "seconds_left": now.left().map(seconds),
    })
}

fn end(ending: &Ending<'_>) -> Value {
    match ending {
        Ending::Whole { exit, summary, .. } => json!({
            "exit": *exit as u8,
            "documents": summary.tally.documents,
            "kept": summary.tally.kept,
            "dropped": summary.tally.dropped,
            "failed": summary.tally.failed,
            "reused": summary.reused.documents,
            "bytes": summary.tally.raw_bytes,
            "text_bytes": summary.tally.text_bytes,
        }),
        Ending::Cut { exit, message } => json!({ "exit": *exit as u8, "message": message }),
    }
}

/// Milliseconds are enough.
fn seconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_says_its_event_first() {
        assert_eq!(
            line("warning", None, json!({ "message": "a \"b\"\n" })),
            r#"{"event":"warning","message":"a \"b\"\n"}"#
        );
        let (name, members) = members(
            &Event::PhaseStarted { phase: 1, of: 2, stages: vec!["decode"], bytes: 7 },
            &State::default(),
        );
        assert_eq!(
            line(name, Some(0.5), members),
            r#"{"event":"phase","seconds":0.5,"bytes":7,"of":2,"phase":1,"stages":["decode"]}"#
        );
    }

    #[test]
    fn what_is_not_known_is_null() {
        let begun = progress(&State { of_bytes: 10, phase: 1, of: 1, ..State::default() });
        assert_eq!((&begun["bytes_per_second"], &begun["seconds_left"]), (&Value::Null, &Value::Null));
        let half = State { bytes: 5, of_bytes: 10, phase_time: Duration::from_secs(1), ..State::default() };
        let half = progress(&half);
        assert_eq!((&half["bytes_per_second"], &half["seconds_left"]), (&5.0.into(), &1.0.into()));
    }

    #[test]
    fn a_run_that_was_cut_says_why() {
        let cut = end(&Ending::Cut { exit: crate::exit::Exit::Interrupted, message: "interrupted" });
        assert_eq!(cut, json!({ "exit": 130, "message": "interrupted" }));
    }
}
