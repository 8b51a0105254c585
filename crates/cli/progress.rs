//! Telling how a run goes: workers only count, one thread looks and has everybody told who was asked for.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tamis_core::{Document, Plan};
use tamis_runner::{Counters, Event, Observer, Summary};

use crate::arguments::{Progress, RunArguments};
use crate::bars::{Bars, Lines};
use crate::events::Events;
use crate::exit::{Error, Exit};
use crate::logging::Log;
use crate::metrics::Metrics;
use crate::terminal::Terminal;

/// Tells of a run in one way. Called from several threads.
pub(crate) trait Teller: Send + Sync {
    /// The run begins.
    fn begin(&self, _run: &Begin<'_>) {}

    /// Something happened.
    fn event(&self, _event: &Event, _now: &State) {}

    /// How often it wants to be told the state while nothing happens.
    fn period(&self) -> Duration {
        Duration::from_secs(10)
    }

    /// A period has passed.
    fn tick(&self, _now: &State) {}

    /// A document has failed, or is done with where [`Teller::sees_all`] asks for that.
    fn document(&self, _plan: &Plan, _document: &Document) {}

    /// Whether it wants to see documents that do not fail.
    fn sees_all(&self) -> bool {
        false
    }

    /// Nothing is worked on any more.
    fn rest(&self) {}

    /// A person should know this.
    fn warning(&self, _message: &str) {}

    /// How it ended.
    fn end(&self, _ending: &Ending<'_>, _now: &State) {}
}

/// What is known before the first phase.
pub(crate) struct Begin<'a> {
    /// The pipeline's name.
    pub(crate) pipeline: &'a str,
    /// The number of files to read.
    pub(crate) files: usize,
    /// The number of workers.
    pub(crate) jobs: usize,
    /// Bytes of memory.
    pub(crate) memory: u64,
    /// The directory of the run; none where records go to standard output.
    pub(crate) output: Option<&'a Path>,
}

/// How a run ended.
pub(crate) enum Ending<'a> {
    /// It is whole.
    Whole { exit: Exit, summary: &'a Summary, plan: &'a Plan },
    /// It was stopped, or could not go on.
    Cut { exit: Exit, message: &'a str },
}

impl Ending<'_> {
    /// The exit code that tells it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Whole { exit, .. } | Self::Cut { exit, .. } => *exit,
        }
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    /// Time since it began.
    pub(crate) time: Duration,
    /// The phase, from 1; 0 before the first.
    pub(crate) phase: usize,
    /// The number of phases.
    pub(crate) of: usize,
    /// The bytes that the phase reads in all.
    pub(crate) of_bytes: u64,
    /// Time since the phase began.
    pub(crate) phase_time: Duration,
    /// Documents that the phase has worked through.
    pub(crate) documents: u64,
    /// Bytes that it has.
    pub(crate) bytes: u64,
    /// Bytes of texts that it has kept.
    pub(crate) text_bytes: u64,
    /// Failed documents of the run.
    pub(crate) failed: u64,
    /// Shards written.
    pub(crate) shards: u64,
}

impl State {
    /// Bytes a second, over the phase. Bytes are counted when a unit is done, in steps: a mean over less would jump.
    pub(crate) fn rate(&self) -> Option<f64> {
        (self.bytes > 0 && !self.phase_time.is_zero())
            .then(|| self.bytes as f64 / self.phase_time.as_secs_f64())
    }

    /// How long the phase will still take at this rate.
    pub(crate) fn left(&self) -> Option<Duration> {
        let left = self.of_bytes.saturating_sub(self.bytes);
        self.rate().and_then(|rate| Duration::try_from_secs_f64(left as f64 / rate).ok())
    }
}

/// Watches a run and has all tellers tell of it.
pub(crate) struct Watcher {
    counters: Counters,
    tellers: Vec<Box<dyn Teller>>,
    started: Instant,
    place: Mutex<Place>,
    finished: Mutex<bool>,
    ending: Condvar,
}

/// What counters do not tell.
struct Place {
    phase: usize,
    of: usize,
    of_bytes: u64,
    since: Instant,
    shards: u64,
}

/// How often the thread looks who is to be told.
const LOOK: Duration = Duration::from_millis(100);

impl Watcher {
    /// Those who were asked for. An error where what they write to cannot be written.
    pub(crate) fn new(arguments: &RunArguments, terminal: Terminal, run: &Begin<'_>) -> Result<Self, Error> {
        let mut tellers: Vec<Box<dyn Teller>> = Vec::new();
        match arguments.progress {
            Progress::Auto if terminal.interactive => tellers.push(Box::new(Bars::new())),
            Progress::Auto | Progress::None => {}
            Progress::Plain => tellers.push(Box::new(Lines)),
            Progress::Json => tellers.push(Box::new(Events)),
        }
        if let Some(path) = &arguments.metrics {
            tellers.push(Box::new(Metrics::new(path, run, terminal)?));
        }
        if Log::is_wanted() {
            tellers.push(Box::new(Log::new(run)));
        }
        let watcher = Self::of(tellers);
        for teller in &watcher.tellers {
            teller.begin(run);
        }
        Ok(watcher)
    }

    fn of(tellers: Vec<Box<dyn Teller>>) -> Self {
        let now = Instant::now();
        Self {
            counters: Counters::default(),
            tellers,
            started: now,
            place: Mutex::new(Place { phase: 0, of: 0, of_bytes: 0, since: now, shards: 0 }),
            finished: Mutex::new(false),
            ending: Condvar::new(),
        }
    }

    /// Tells how far the run is, until [`Watcher::rest`].
    pub(crate) fn look<'scope>(&'scope self, scope: &'scope std::thread::Scope<'scope, '_>) {
        if self.tellers.is_empty() {
            return;
        }
        scope.spawn(|| {
            let mut told = vec![Instant::now(); self.tellers.len()];
            let mut finished = locked(&self.finished);
            while !*finished {
                // Woken at the end: a run must not wait for the one that watches it.
                let waited = self.ending.wait_timeout(finished, LOOK);
                finished = waited.unwrap_or_else(PoisonError::into_inner).0;
                if *finished {
                    break;
                }
                let now = self.state();
                for (teller, told) in self.tellers.iter().zip(&mut told) {
                    if told.elapsed() >= teller.period() {
                        *told = Instant::now();
                        teller.tick(&now);
                    }
                }
            }
        });
    }

    /// Nothing is worked on any more: bars go, and nobody looks.
    pub(crate) fn rest(&self) {
        *locked(&self.finished) = true;
        self.ending.notify_all();
        for teller in &self.tellers {
            teller.rest();
        }
    }

    /// Tells a warning to those who keep a log of their own.
    pub(crate) fn warning(&self, message: &str) {
        for teller in &self.tellers {
            teller.warning(message);
        }
    }

    /// Tells how the run ended.
    pub(crate) fn end(&self, ending: &Ending<'_>) {
        let now = self.state();
        for teller in &self.tellers {
            teller.end(ending, &now);
        }
    }

    fn state(&self) -> State {
        let place = locked(&self.place);
        let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        State {
            time: self.started.elapsed(),
            phase: place.phase,
            of: place.of,
            of_bytes: place.of_bytes,
            phase_time: place.since.elapsed(),
            documents: of(&self.counters.documents),
            bytes: of(&self.counters.bytes),
            text_bytes: of(&self.counters.text_bytes),
            failed: of(&self.counters.failed),
            shards: place.shards,
        }
    }
}

impl Observer for Watcher {
    fn event(&self, event: Event) {
        {
            let mut place = locked(&self.place);
            match &event {
                Event::PhaseStarted { phase, of, bytes, .. } => {
                    (place.phase, place.of, place.of_bytes) = (*phase, *of, *bytes);
                    place.since = Instant::now();
                }
                Event::ShardWritten { .. } => place.shards += 1,
                _ => {}
            }
        }
        let now = self.state();
        for teller in &self.tellers {
            teller.event(&event, &now);
        }
    }

    fn counters(&self) -> &Counters {
        &self.counters
    }

    fn document(&self, plan: &Plan, document: &Document) {
        for teller in &self.tellers {
            teller.document(plan, document);
        }
    }

    fn sees_all(&self) -> bool {
        self.tellers.iter().any(|teller| teller.sees_all())
    }
}

/// What a lock guards, also after a panic of another thread: states are whole at any time.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// Keeps what it was told.
    #[derive(Clone, Default)]
    struct Ear(Arc<Mutex<Vec<State>>>);

    impl Teller for Ear {
        fn period(&self) -> Duration {
            Duration::ZERO
        }

        fn tick(&self, now: &State) {
            locked(&self.0).push(*now);
        }
    }

    #[test]
    fn state_is_told_while_work_goes_on_and_not_after() {
        let ear = Ear::default();
        let watcher = Watcher::of(vec![Box::new(ear.clone())]);
        std::thread::scope(|scope| {
            watcher.look(scope);
            watcher.event(Event::PhaseStarted { phase: 1, of: 2, stages: Vec::new(), bytes: 100 });
            watcher.counters.bytes.store(25, Ordering::Relaxed);
            watcher.event(Event::ShardWritten { shard: "00000".into() });
            while locked(&ear.0).len() < 2 {
                std::thread::sleep(Duration::from_millis(1));
            }
            watcher.rest();
        });
        let told = locked(&ear.0).len();
        let last = locked(&ear.0).last().copied().unwrap_or_default();
        assert_eq!((last.phase, last.of, last.bytes, last.of_bytes, last.shards), (1, 2, 25, 100, 1));
        std::thread::sleep(2 * LOOK);
        assert_eq!(locked(&ear.0).len(), told);
    }

    #[test]
    fn time_left_follows_from_the_rate_of_the_phase() {
        let now = State {
            bytes: 25,
            of_bytes: 100,
            phase_time: Duration::from_secs(5),
            time: Duration::from_secs(500),
            ..State::default()
        };
        assert_eq!((now.rate(), now.left()), (Some(5.0), Some(Duration::from_secs(15))));
        let begun = State { of_bytes: 100, phase_time: Duration::from_secs(5), ..State::default() };
        assert_eq!((begun.rate(), begun.left()), (None, None));
        assert_eq!(State { bytes: 120, ..now }.left(), Some(Duration::ZERO));
    }
}
