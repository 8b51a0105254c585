//! Parts become shards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tamis_io::{AtomicFile, Basis, Compression, Journal, JournalLine, JournalShard, Tally};

use crate::flow::Place;
use crate::frames::{Finished, SpareMemory};
use crate::job::{Event, Observer};
use crate::layout::{Layout, Part, Shard};
use crate::{RunError, WORK_DIRECTORY};

/// A part's output.
#[derive(Debug)]
pub(crate) struct PartOutput {
    pub(crate) basis: Basis,
    pub(crate) documents: Finished,
    pub(crate) ledger: Finished,
    pub(crate) rows: Finished,
    pub(crate) tally: Tally,
}

/// Collects parts and writes each shard when its last part is in.
///
/// A lock is taken once a part, not once a document. Parts are claimed in order, so no more shards are open than
/// there are workers, plus one.
pub(crate) struct Assembler<'a> {
    root: PathBuf,
    compression: Compression,
    observer: &'a dyn Observer,
    layout: &'a Layout,
    journal: &'a Mutex<Journal>,
    state: Mutex<State>,
    /// Memory of parts, from one shard to the next.
    pub(crate) spare: SpareMemory,
}

#[derive(Default)]
struct State {
    open: BTreeMap<Shard, Open>,
    done: BTreeMap<Shard, JournalShard>,
}

#[derive(Default)]
struct Open {
    parts: BTreeMap<Place, PartOutput>,
    /// The last part of a unit, where it is there.
    last: Option<Place>,
}

impl<'a> Assembler<'a> {
    /// An assembler for whom some shards are done.
    pub(crate) fn new(
        root: &Path,
        compression: Compression,
        observer: &'a dyn Observer,
        layout: &'a Layout,
        journal: &'a Mutex<Journal>,
        done: BTreeMap<Shard, JournalShard>,
    ) -> Self {
        let state = Mutex::new(State { open: BTreeMap::new(), done });
        let spare = SpareMemory::default();
        Self { root: root.to_owned(), compression, observer, layout, journal, state, spare }
    }

    /// Whether the part belongs to a shard that is whole.
    pub(crate) fn is_done(&self, place: Place) -> bool {
        locked(&self.state).done.contains_key(&self.layout.shard(place))
    }

    /// Takes a part's output; writes the shard when it is the last one.
    pub(crate) fn take(&self, part: Part, output: PartOutput) -> Result<(), RunError> {
        let shard = self.layout.shard(part.place);
        let parts = {
            let mut state = locked(&self.state);
            let open = state.open.entry(shard).or_default();
            open.parts.insert(part.place, output);
            if part.last {
                open.last = open.last.max(Some(part.place));
            }
            if !self.layout.is_complete(shard, open.parts.len(), open.last) {
                return Ok(());
            }
            state.open.remove(&shard).unwrap_or_default().parts
        };
        let written = self.write(shard, parts.into_values())?;
        locked(self.journal).append(&JournalLine::Shard(Box::new(written.clone())))?;
        locked(&self.state).done.insert(shard, written);
        self.observer.event(Event::ShardWritten { shard: shard.to_string() });
        Ok(())
    }

    fn write(&self, shard: Shard, parts: impl Iterator<Item = PartOutput>) -> Result<JournalShard, RunError> {
        let name = |kind: &str| format!("{kind}/part-{shard}.jsonl{}", self.compression.extension());
        let work = self.root.join(WORK_DIRECTORY);
        let mut documents = AtomicFile::create(&self.root.join("documents"))?;
        let mut ledger = AtomicFile::create(&self.root.join("ledger"))?;
        let mut rows = AtomicFile::create(&work)?;
        let mut tally = Tally::default();
        let mut bases = Vec::new();
        let mut any = false;
        for part in parts {
            any |= !part.documents.is_empty();
            self.spare.put([
                part.documents.copy_to(&mut documents)?,
                part.ledger.copy_to(&mut ledger)?,
                part.rows.copy_to(&mut rows)?,
            ]);
            tally.add(&part.tally);
            bases.push(part.basis);
        }
        let mut files = Vec::new();
        // A shard of dropped documents has no file of documents: readers choke on empty ones.
        if any {
            files.push(documents.finish(&self.root, &name("documents"))?);
        }
        files.push(ledger.finish(&self.root, &name("ledger"))?);
        let rows = rows.finish(&work, &format!("rows-{shard}.csv"))?;
        Ok(JournalShard { shard: shard.to_string(), basis: Basis::of(bases), files, rows, tally })
    }

    /// All shards, in order; `None` when one is not complete.
    pub(crate) fn finish(self) -> Option<Vec<JournalShard>> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.open.is_empty().then(|| state.done.into_values().collect())
    }
}

/// What a worker that panicked has left is consistent: every change is made in one piece.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
