//! Telling how a run goes, on standard error.

use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use tamis_runner::{Counters, Event, Observer};

use crate::arguments::Progress;
use crate::sizes;
use crate::terminal::Terminal;

/// Watches a run and tells of it in the way that was asked for.
pub(crate) struct Watcher {
    counters: Counters,
    how: How,
    started: Instant,
    last: Mutex<Instant>,
    finished: Mutex<bool>,
    ending: Condvar,
}

enum How {
    Bar(ProgressBar),
    Plain,
    Json,
    Silent,
}

const PERIOD: Duration = Duration::from_secs(10);

impl Watcher {
    pub(crate) fn new(asked: Progress, terminal: Terminal) -> Self {
        let how = match asked {
            Progress::Auto if terminal.interactive => How::Bar(bar()),
            Progress::Auto | Progress::None => How::Silent,
            Progress::Plain => How::Plain,
            Progress::Json => How::Json,
        };
        let now = Instant::now();
        Self {
            counters: Counters::default(),
            how,
            started: now,
            last: Mutex::new(now),
            finished: Mutex::new(false),
            ending: Condvar::new(),
        }
    }

    /// Tells how far the run is, until [`Watcher::finish`]: workers only count, one thread looks.
    pub(crate) fn look<'scope>(&'scope self, scope: &'scope std::thread::Scope<'scope, '_>) {
        if !matches!(self.how, How::Silent) {
            scope.spawn(|| {
                let mut finished = locked(&self.finished);
                while !*finished {
                    // Woken at the end: a run must not wait for the one that watches it.
                    let waited = self.ending.wait_timeout(finished, Duration::from_millis(100));
                    finished = waited.unwrap_or_else(PoisonError::into_inner).0;
                    if !*finished {
                        self.tick();
                    }
                }
            });
        }
    }

    /// Ends the telling.
    pub(crate) fn finish(&self) {
        *locked(&self.finished) = true;
        self.ending.notify_all();
        if let How::Bar(bar) = &self.how {
            bar.finish_and_clear();
        }
    }

    fn tick(&self) {
        let documents = self.counters.documents.load(Ordering::Relaxed);
        let bytes = self.counters.bytes.load(Ordering::Relaxed);
        let failed = self.counters.failed.load(Ordering::Relaxed);
        if let How::Bar(bar) = &self.how {
            bar.set_position(bytes);
            let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
            bar.set_message(format!("{} documents{failed}", sizes::count(documents)));
            return;
        }
        {
            let mut last = locked(&self.last);
            if last.elapsed() < PERIOD {
                return;
            }
            *last = Instant::now();
        }
        let seconds = self.started.elapsed().as_secs();
        match self.how {
            How::Plain => Terminal::note(&format!(
                "{seconds} s: {} documents, {}, {failed} failed",
                sizes::count(documents),
                sizes::bytes(bytes)
            )),
            How::Json => Self::json(&json!({
                "event": "progress", "seconds": seconds, "documents": documents, "bytes": bytes, "failed": failed,
            })),
            How::Bar(_) | How::Silent => {}
        }
    }

    fn json(event: &serde_json::Value) {
        Terminal::note(&event.to_string());
    }
}

impl Observer for Watcher {
    fn event(&self, event: Event) {
        match (&self.how, event) {
            (How::Bar(bar), Event::PhaseStarted { phase, of, stages, bytes }) => {
                bar.set_length(bytes);
                bar.set_position(0);
                bar.set_prefix(format!("phase {phase}/{of} {}", stages.last().copied().unwrap_or("write")));
            }
            (How::Bar(bar), Event::Deciding { stage, documents }) => {
                bar.set_prefix(format!("{stage}, deciding over {}", sizes::count(documents as u64)));
            }
            (How::Plain, Event::PhaseStarted { phase, of, stages, bytes }) => {
                let stages = stages.join(", ");
                Terminal::note(&format!("phase {phase} of {of}: {stages} over {}", sizes::bytes(bytes)));
            }
            (How::Plain, Event::Deciding { stage, documents }) => {
                Terminal::note(&format!("{stage} decides over {} documents", sizes::count(documents as u64)));
            }
            (How::Json, Event::PhaseStarted { phase, of, stages, bytes }) => Self::json(&json!({
                "event": "phase", "phase": phase, "of": of, "stages": stages, "bytes": bytes,
            })),
            (How::Json, Event::Deciding { stage, documents }) => {
                Self::json(&json!({ "event": "deciding", "stage": stage, "documents": documents }));
            }
            (How::Json, Event::ShardWritten { shard }) => {
                Self::json(&json!({ "event": "shard", "shard": shard }));
            }
            _ => {}
        }
    }

    fn counters(&self) -> &Counters {
        &self.counters
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    let template = "{prefix} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left, {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
