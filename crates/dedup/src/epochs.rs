//! The documents of the near-duplicate pass in epochs, so that the keys of one fit in memory.
//!
//! Documents are decided over in the order of their ranks, and each needs the kept documents that are listed under its
//! keys. An epoch is a run of ranks; its keys are in memory while it lasts. When it ends, each key's list is sent on to
//! the next epoch that has a document with the key: time-forward processing, as external-memory algorithms call it
//! (Chiang et al. 1995). So the pass does the same in any number of epochs, and reads and writes each list once an epoch.

use tamis_core::StageError;

use crate::candidates::SharedKeys;
use crate::listing::{Groups, KeyTable, LISTED, Listing};
use crate::order::Ranking;
use crate::spill::{Budget, Spill, SpillWriter};

/// Memory for one entry of a key table and its lists, while the table is made.
const ENTRY_BYTES: usize = 40;
/// Places are numbers of 32 bits.
const MOST_ENTRIES: usize = 1 << 31;

const FIRST_BATCH: u32 = 64;
const LARGEST_BATCH: u32 = 8192;

/// The documents from rank `start` on that are searched for together.
fn batch(start: u32, documents: u32) -> u32 {
    (start / 8).clamp(FIRST_BATCH, LARGEST_BATCH).min(documents - start)
}

/// The first ranks of all batches of so many documents, and one more. Depends on their number alone.
pub(crate) fn batches(documents: u32) -> impl Iterator<Item = (u32, u32)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        (start < documents).then(|| {
            let this = start;
            start += batch(start, documents);
            (this, start)
        })
    })
}

/// What is known of keys, by epoch.
pub(crate) struct Epochs {
    /// The first rank of each epoch, and one more.
    starts: Vec<u32>,
    /// The keys of the only epoch, where one is enough: they go nowhere else meanwhile.
    only: Option<Groups>,
    /// Keys and the ranks of the epoch's documents that have them.
    members: Spill<(u64, u32)>,
    /// Keys that documents of a later epoch have, and the next such epoch.
    next: Spill<(u64, u32)>,
    /// Keys and the documents listed under them when an earlier epoch ended.
    listed: Spill<(u64, u32)>,
    last_level: u64,
}

impl Epochs {
    /// Lays out the shared keys of ranked documents. Keys that only one of them has are left out.
    pub(crate) fn lay_out(
        shared: &SharedKeys,
        ranking: &Ranking,
        budget: &Budget<'_>,
    ) -> Result<Self, StageError> {
        let starts = starts(shared, ranking, budget);
        let count = starts.len().saturating_sub(1);
        let spill = || Spill::with_partitions(budget, count);
        let mut epochs = Self {
            starts,
            only: None,
            members: spill()?,
            next: spill()?,
            listed: spill()?,
            last_level: shared.last_level,
        };
        if count == 1 {
            epochs.only = Some(shared.groups(ranking)?);
            return Ok(epochs);
        }
        shared.for_each(
            || KeyMembers {
                key: u64::MAX,
                alone: None,
                met: vec![false; count],
                members: epochs.members.writer(),
                next: epochs.next.writer(),
            },
            |key, of, ordinal| match ranking.rank(ordinal) {
                Some(rank) => key.add(of, rank, &epochs),
                None => Ok(()),
            },
            |mut key| {
                key.close()?;
                key.members.finish()?;
                key.next.finish()
            },
        )?;
        Ok(epochs)
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The epoch of a rank.
    pub(crate) fn of(&self, rank: u32) -> usize {
        self.starts.partition_point(|start| *start <= rank).saturating_sub(1)
    }

    /// The keys of an epoch, and the documents that are listed under them already.
    pub(crate) fn load(&mut self, epoch: usize) -> Result<(KeyTable, Vec<(u64, u32)>), StageError> {
        let read = |spill: &Spill<(u64, u32)>| {
            let mut all = Vec::new();
            spill.for_each(epoch, |entry| {
                all.push(entry);
                Ok(())
            })?;
            Ok::<_, StageError>(all)
        };
        let mut listed = read(&self.listed)?;
        listed.sort_unstable();
        let rank = |epoch: usize| self.starts.get(epoch).copied().unwrap_or_default();
        let ranks = rank(epoch)..rank(epoch + 1);
        let groups = if let Some(groups) = self.only.take() {
            groups
        } else {
            let mut members = read(&self.members)?;
            // They come in long runs of ascending keys, which a stable sort makes use of.
            members.sort_by_key(|member| member.0);
            Groups::of(&members)
        };
        Ok((KeyTable::new(groups, ranks, &listed, self.last_level), listed))
    }

    /// Sends the lists of an epoch that has ended to the next ones that need them.
    pub(crate) fn carry(&self, epoch: usize, table: &KeyTable, kept: &Listing<'_>) -> Result<(), StageError> {
        let mut writer = self.listed.writer();
        self.next.for_each(epoch, |(key, next)| {
            let Ok(place) = table.keys.binary_search(&key) else { return Ok(()) };
            kept.listed(place).iter().try_for_each(|rank| writer.push(next as usize, (key, *rank)))
        })?;
        writer.finish()
    }
}

/// Cuts ranks into epochs, at the ends of batches.
fn starts(shared: &SharedKeys, ranking: &Ranking, budget: &Budget<'_>) -> Vec<u32> {
    let most = (budget.memory / 2 / ENTRY_BYTES).min(MOST_ENTRIES);
    let mut starts = vec![0];
    let mut entries = 0;
    for (start, end) in batches(ranking.len()) {
        let ordinals = ranking.ordinals.get(start as usize..end as usize).unwrap_or_default();
        let more: usize = ordinals.iter().map(|ordinal| shared.count(*ordinal)).sum();
        if entries > 0 && entries + more > most {
            starts.push(start);
            entries = 0;
        }
        entries += more;
    }
    if !ranking.ordinals.is_empty() {
        starts.push(ranking.len());
    }
    starts
}

/// The documents of one key after the other.
struct KeyMembers<'a> {
    key: u64,
    /// The key's first document, until there is a second.
    alone: Option<u32>,
    /// The epochs of the key's documents.
    met: Vec<bool>,
    members: SpillWriter<'a, (u64, u32)>,
    next: SpillWriter<'a, (u64, u32)>,
}

impl KeyMembers<'_> {
    fn add(&mut self, key: u64, rank: u32, epochs: &Epochs) -> Result<(), StageError> {
        if key != self.key {
            self.close()?;
            self.key = key;
            self.alone = Some(rank);
            return Ok(());
        }
        if let Some(first) = self.alone.take() {
            self.write(first, epochs)?;
        }
        self.write(rank, epochs)
    }

    fn write(&mut self, rank: u32, epochs: &Epochs) -> Result<(), StageError> {
        let epoch = epochs.of(rank);
        if let Some(met) = self.met.get_mut(epoch) {
            *met = true;
        }
        self.members.push(epoch, (self.key, rank))
    }

    fn close(&mut self) -> Result<(), StageError> {
        let mut before = None;
        for (epoch, met) in self.met.iter_mut().enumerate().filter(|(_, met)| **met) {
            if let Some(before) = before.replace(epoch) {
                self.next.push(before, (self.key, epoch as u32))?;
            }
            *met = false;
        }
        Ok(())
    }
}

/// Keeps the promise that lists fit where they are counted.
const _: () = assert!(LISTED <= u8::MAX as usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_tile_the_ranks() {
        for documents in [0, 1, 64, 65, 1000, 100_000] {
            let mut at = 0;
            for (start, end) in batches(documents) {
                assert!(start == at && end > start && end - start <= LARGEST_BATCH);
                at = end;
            }
            assert_eq!(at, documents);
        }
    }
}
