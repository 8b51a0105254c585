//! Units become shards.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tamis_io::{AtomicFile, Compression, Journal, JournalLine, Tally, Unit};

use crate::frames::Finished;
use crate::job::{Event, Observer};
use crate::{RunError, WORK_DIRECTORY};

/// A unit's output.
#[derive(Debug)]
pub(crate) struct UnitOutput {
    pub(crate) documents: Finished,
    pub(crate) ledger: Finished,
    pub(crate) rows: Finished,
    pub(crate) tally: Tally,
}

/// Collects units and writes each shard when its last unit is in.
///
/// A lock is taken once a unit, not once a document. Units are claimed in order, so no more shards are open than
/// there are workers, plus one.
pub(crate) struct Assembler<'a> {
    root: PathBuf,
    compression: Compression,
    observer: &'a dyn Observer,
    shards: Vec<Mutex<Shard>>,
    /// The shard of each unit and its place in it.
    places: Vec<(usize, usize)>,
    journal: Mutex<Journal>,
}

#[derive(Default)]
struct Shard {
    units: Vec<Option<UnitOutput>>,
    missing: usize,
    done: Option<JournalLine>,
}

impl<'a> Assembler<'a> {
    /// An assembler of the shards of `units`; those that `trusted` names are done.
    pub(crate) fn new(
        root: &Path,
        compression: Compression,
        observer: &'a dyn Observer,
        units: &[Unit],
        journal: Journal,
        trusted: Vec<JournalLine>,
    ) -> Self {
        let mut shards: Vec<Shard> = Vec::new();
        let mut places = Vec::with_capacity(units.len());
        for unit in units {
            if shards.len() <= unit.shard {
                shards.resize_with(unit.shard + 1, Shard::default);
            }
            if let Some(shard) = shards.get_mut(unit.shard) {
                places.push((unit.shard, shard.units.len()));
                shard.units.push(None);
                shard.missing += 1;
            }
        }
        for line in trusted {
            if let Some(shard) = shards.get_mut(line.shard) {
                shard.missing = 0;
                shard.done = Some(line);
            }
        }
        Self {
            root: root.to_owned(),
            compression,
            observer,
            shards: shards.into_iter().map(Mutex::new).collect(),
            places,
            journal: Mutex::new(journal),
        }
    }

    /// Whether the unit belongs to a shard that was whole before this run.
    pub(crate) fn is_done(&self, unit: usize) -> bool {
        self.places
            .get(unit)
            .and_then(|place| self.shards.get(place.0))
            .is_some_and(|shard| locked(shard).done.is_some())
    }

    /// Takes a unit's output; writes the shard when it is the last one.
    pub(crate) fn take(&self, unit: usize, output: UnitOutput) -> Result<(), RunError> {
        let Some((number, place)) = self.places.get(unit).copied() else { return Ok(()) };
        let Some(shard) = self.shards.get(number) else { return Ok(()) };
        let units = {
            let mut shard = locked(shard);
            if let Some(slot) = shard.units.get_mut(place) {
                *slot = Some(output);
                shard.missing -= 1;
            }
            if shard.missing > 0 {
                return Ok(());
            }
            std::mem::take(&mut shard.units)
        };
        let line = self.write(number, units.into_iter().flatten())?;
        locked(&self.journal).append(&line)?;
        locked(shard).done = Some(line);
        self.observer.event(Event::ShardWritten { shard: number });
        Ok(())
    }

    fn write(&self, number: usize, units: impl Iterator<Item = UnitOutput>) -> Result<JournalLine, RunError> {
        let name = |kind: &str| format!("{kind}/part-{number:05}.jsonl{}", self.compression.extension());
        let mut documents = AtomicFile::create(&self.root.join("documents"))?;
        let mut ledger = AtomicFile::create(&self.root.join("ledger"))?;
        let mut rows = AtomicFile::create(&self.root.join(WORK_DIRECTORY))?;
        let mut tally = Tally::default();
        let mut any = false;
        for unit in units {
            any |= !unit.documents.is_empty();
            unit.documents.copy_to(&mut documents)?;
            unit.ledger.copy_to(&mut ledger)?;
            unit.rows.copy_to(&mut rows)?;
            tally.add(&unit.tally);
        }
        let mut files = Vec::new();
        // A shard of dropped documents has no file of documents: readers choke on empty ones.
        if any {
            files.push(documents.finish(&self.root, &name("documents"))?);
        }
        files.push(ledger.finish(&self.root, &name("ledger"))?);
        let rows = rows.finish(&self.root.join(WORK_DIRECTORY), &format!("rows-{number:05}.csv"))?;
        Ok(JournalLine { shard: number, files, rows, tally })
    }

    /// All shards, in order; `None` when one is missing.
    pub(crate) fn finish(self) -> Option<Vec<JournalLine>> {
        self.shards.into_iter().map(|shard| locked_owned(shard).done).collect()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn locked_owned<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}
