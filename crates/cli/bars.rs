//! Progress for people: a bar on a terminal, or a line now and then.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tamis_runner::Event;

use crate::progress::{State, Teller};
use crate::sizes;
use crate::terminal::Terminal;

/// One line: what the terminal is too narrow for is cut off at the end, where the least important stands.
const PHASE: &str = "{prefix} {bar:14} {percent:>3} % {wide_msg}";

/// A bar for the running phase; phases that are done stay above it as lines.
pub(crate) struct Bars {
    bar: ProgressBar,
    /// Whether a decision is being made: nobody knows how far it is.
    is_deciding: AtomicBool,
}

impl Bars {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        Terminal::keep_below(Some(bar.clone()));
        let bars = Self { bar, is_deciding: AtomicBool::new(false) };
        bars.style(PHASE);
        bars
    }

    fn style(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("━╸ "));
        }
    }
}

impl Teller for Bars {
    fn event(&self, event: &Event, now: &State) {
        match event {
            Event::PhaseStarted { phase, of, bytes, .. } => {
                self.is_deciding.store(false, Ordering::Relaxed);
                self.bar.set_message(standing(now));
                self.bar.set_prefix(format!("phase {phase}/{of}"));
                self.bar.reset();
                self.bar.set_length(*bytes);
                self.style(PHASE);
            }
            Event::PhaseFinished { time, .. } => Terminal::note(&finished(now, *time)),
            Event::Deciding { stage, documents } => {
                self.is_deciding.store(true, Ordering::Relaxed);
                self.style("{spinner} {elapsed} {wide_msg}");
                self.bar.reset();
                self.bar.set_message(format!(
                    "{stage} decides over {} documents",
                    sizes::count(*documents as u64)
                ));
            }
            Event::Decided { stage, time } => {
                Terminal::note(&format!("{stage} decided in {}", sizes::seconds(*time)));
            }
            Event::Started { .. } | Event::ShardWritten { .. } => {}
        }
    }

    fn period(&self) -> Duration {
        Duration::from_millis(100)
    }

    fn tick(&self, now: &State) {
        if now.phase > 0 && !self.is_deciding.load(Ordering::Relaxed) {
            self.bar.set_position(now.bytes.min(now.of_bytes));
            self.bar.set_message(standing(now));
        }
        self.bar.tick();
    }

    fn rest(&self) {
        self.bar.finish_and_clear();
        Terminal::keep_below(None);
    }
}

/// A line for each phase and decision, and every ten seconds.
pub(crate) struct Lines;

impl Teller for Lines {
    fn event(&self, event: &Event, now: &State) {
        match event {
            Event::PhaseStarted { phase, of, stages, bytes } => Terminal::note(&format!(
                "phase {phase} of {of}: {} over {}",
                stages.join(", "),
                sizes::bytes(*bytes)
            )),
            Event::PhaseFinished { time, .. } => Terminal::note(&finished(now, *time)),
            Event::Deciding { stage, documents } => {
                let documents = sizes::count(*documents as u64);
                Terminal::note(&format!("{stage} decides over {documents} documents"));
            }
            Event::Decided { stage, time } => {
                Terminal::note(&format!("{stage} decided in {}", sizes::seconds(*time)));
            }
            Event::Started { .. } | Event::ShardWritten { .. } => {}
        }
    }

    fn tick(&self, now: &State) {
        Terminal::note(&format!("{}: {}", sizes::seconds(now.time), standing(now)));
    }
}

/// Time left, documents, failures, rate and bytes of the running phase.
fn standing(now: &State) -> String {
    let mut out = String::new();
    // Nothing fails when writing to a string.
    if let Some(left) = now.left() {
        let _ = write!(out, "{} left, ", sizes::seconds(left));
    }
    let _ = write!(out, "{} documents, ", sizes::count(now.documents));
    if now.failed > 0 {
        let _ = write!(out, "{} failed, ", sizes::count(now.failed));
    }
    if let Some(rate) = now.rate() {
        let _ = write!(out, "{}/s, ", sizes::bytes(rate as u64));
    }
    let _ = write!(out, "{} of {}", sizes::bytes(now.bytes), sizes::bytes(now.of_bytes));
    out
}

/// The line of a phase that is done.
fn finished(now: &State, time: Duration) -> String {
    let rate = match now.rate() {
        Some(_) if !time.is_zero() => {
            format!(", {}/s", sizes::bytes((now.bytes as f64 / time.as_secs_f64()) as u64))
        }
        _ => String::new(),
    };
    let failed =
        if now.failed > 0 { format!(", {} failed", sizes::count(now.failed)) } else { String::new() };
    format!(
        "phase {}/{} done: {} documents, {} in {}{rate}{failed}",
        now.phase,
        now.of,
        sizes::count(now.documents),
        sizes::bytes(now.bytes),
        sizes::seconds(time)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_bytes_rate_failures_and_time_left_are_told() {
        let now = State {
            phase: 1,
            of: 2,
            documents: 12_000,
            bytes: 200_000_000,
            of_bytes: 1_000_000_000,
            failed: 3,
            phase_time: Duration::from_secs(2),
            ..State::default()
        };
        assert_eq!(standing(&now), "8.0 s left, 12 000 documents, 3 failed, 100.0 MB/s, 200.0 MB of 1.0 GB");
        let begun = State { of_bytes: 5000, ..State::default() };
        assert_eq!(standing(&begun), "0 documents, 0 B of 5.0 kB");
        assert_eq!(
            finished(&now, Duration::from_secs(2)),
            "phase 1/2 done: 12 000 documents, 200.0 MB in 2.0 s, 100.0 MB/s, 3 failed"
        );
    }
}
