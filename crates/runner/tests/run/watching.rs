//! What an observer sees of a run.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use tamis_core::{Document, Outcome, Plan};
use tamis_runner::{Cancel, Counters, Event, Observer, run};

use crate::stages::{Setup, plan_of_two_phases};

/// Keeps what it sees.
#[derive(Default)]
struct Watching {
    counters: Counters,
    sees_all: bool,
    seen: Mutex<Vec<(String, &'static str)>>,
    events: Mutex<Vec<&'static str>>,
    text_bytes: Mutex<Vec<u64>>,
}

impl Observer for Watching {
    fn event(&self, event: Event) {
        self.events.lock().unwrap().push(match event {
            Event::Started { .. } => "started",
            Event::PhaseStarted { .. } => "phase",
            Event::PhaseFinished { .. } => {
                let bytes = self.counters.text_bytes.load(Ordering::Relaxed);
                self.text_bytes.lock().unwrap().push(bytes);
                "phase finished"
            }
            Event::Deciding { .. } => "deciding",
            Event::Decided { .. } => "decided",
            Event::ShardWritten { .. } => "shard",
        });
    }

    fn counters(&self) -> &Counters {
        &self.counters
    }

    fn document(&self, _: &Plan, document: &Document) {
        let outcome = match document.outcome {
            Outcome::Kept => "kept",
            Outcome::Dropped(_) => "dropped",
            Outcome::Failed(_) => "failed",
        };
        self.seen.lock().unwrap().push((document.metadata.id.clone(), outcome));
    }

    fn sees_all(&self) -> bool {
        self.sees_all
    }
}

/// One document fails in the first phase, one in the second, one is a copy, one is kept.
fn watched(sees_all: bool) -> Watching {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    for (name, text) in [
        ("bytes.txt", &b"\xff\xff"[..]),
        ("copy.txt", b"one line\n"),
        ("copied.txt", b"one line\n"),
        ("panic.txt", b"a PANIC\n"),
    ] {
        fs::write(input.join(name), text).unwrap();
    }
    let watching = Watching { sees_all, ..Watching::default() };
    let setup = Setup::new(&input, &folder.path().join("out"));
    let summary = setup.with_plan(&plan_of_two_phases(), &watching, |job| run(job, &Cancel::new())).unwrap();
    assert_eq!((summary.tally.kept, summary.tally.dropped, summary.tally.failed), (1, 1, 2));
    watching
}

#[test]
fn failures_of_every_phase_are_counted_and_seen_once() {
    let watching = watched(false);
    assert_eq!(watching.counters.failed.load(Ordering::Relaxed), 2);
    let mut seen = watching.seen.into_inner().unwrap();
    seen.sort();
    assert_eq!(seen, [("bytes.txt".to_owned(), "failed"), ("panic.txt".to_owned(), "failed")]);
    assert_eq!(
        watching.events.into_inner().unwrap(),
        ["started", "phase", "phase finished", "deciding", "decided", "phase", "shard", "phase finished"]
    );
    // Three texts before the decision, one behind it: each phase counts its own.
    assert_eq!(watching.text_bytes.into_inner().unwrap(), [9 + 9 + 8, 9]);
}

#[test]
fn who_asks_for_all_documents_sees_each_phase_that_works_on_them() {
    let mut seen = watched(true).seen.into_inner().unwrap();
    seen.sort();
    let first = [("bytes", "failed"), ("copied", "kept"), ("copy", "kept"), ("panic", "kept")];
    let second = [("copied", "kept"), ("copy", "dropped"), ("panic", "failed")];
    let mut all: Vec<_> =
        first.iter().chain(&second).map(|(id, outcome)| (format!("{id}.txt"), *outcome)).collect();
    all.sort();
    assert_eq!(seen, all);
}
