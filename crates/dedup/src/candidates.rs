//! Which documents are worth comparing: those that share sampled shingles.
//!
//! Every document brings the smallest hashes of its shingles ([`crate::sketch::SAMPLES`]); two documents that share
//! three of them are worth comparing. Keys that too many documents have are joined, two by two, into rarer ones, so that
//! the work stays in proportion to the number of documents where all of them are made from one set of sentences. Keys
//! that only one document has, nine in ten of an ordinary corpus, go before anything else is built.
//!
//! A key is 40 bits of a hash: 32 bits, which a corpus of a million documents would fill by a hundredth, would make
//! strangers meet more often as corpora grow.

use std::sync::atomic::{AtomicU8, Ordering};

use rayon::prelude::*;
use tamis_core::StageError;

use crate::census::Census;
use crate::listing::{Groups, LISTED};
use crate::order::Ranking;
use crate::shingles::scatter;
use crate::spill::{Budget, Sorted, Spill, SpillWriter, grouped, sort_by_bucket};

/// How many times keys are joined: a key of the last level stands for up to eight shingles.
pub(crate) const LEVELS: u64 = 4;

/// Partitions by key: eight of its bits, so that an entry needs only 32 more.
const PARTITIONS: usize = 256;

/// Documents whose crowded keys are joined together, as a power of two: at least so many.
const FEW_BITS: u32 = 9;

/// Bits of a key; its level stands above.
const KEY_BITS: u32 = 40;

/// Entries of documents by their sampled shingles: half a key above, the document's ordinal below.
pub(crate) type Entries = Spill<u64>;

impl Entries {
    pub(crate) fn new(budget: &Budget<'_>) -> Result<Self, StageError> {
        Spill::with_partitions(budget, PARTITIONS)
    }
}

/// Adds a shingle of a document.
pub(crate) fn push(entries: &mut SpillWriter<'_, u64>, sample: u64, ordinal: u32) -> Result<(), StageError> {
    // The low bits: the high ones are what made the hash small enough to be sampled, and so are much alike in all.
    entries.push((sample >> 32) as usize % PARTITIONS, (sample << 32) | u64::from(ordinal))
}

/// How many keys two documents must share when the one with more has `samples` of them.
pub(crate) const fn needed(samples: usize) -> usize {
    match samples {
        0..8 => 1,
        8..24 => 2,
        _ => 3,
    }
}

/// Whether a key stands for one shingle.
pub(crate) const fn is_shingle(key: u64) -> bool {
    level(key) == 1
}

pub(crate) const fn level(key: u64) -> u64 {
    key >> KEY_BITS
}

/// The keys that several documents share.
pub(crate) struct SharedKeys {
    /// Key and ordinal; those of one key one after the other.
    keys: Spill<(u64, u32)>,
    /// How many shared keys each document has.
    counts: Vec<AtomicU8>,
    /// Whether there is one thread.
    is_alone: bool,
    /// The level of keys that are not joined with others where many documents have them.
    pub(crate) last_level: u64,
}

impl SharedKeys {
    /// Finds the keys that documents of the census share.
    ///
    /// Keys of as many documents as a list holds are joined: each such key of a document with its next one makes a key
    /// of the next level, which stands in fewer documents. So weather bulletins, whose every sentence is in hundreds of
    /// others, are found by the sentences that they have together.
    pub(crate) fn find(
        mut entries: Entries,
        census: &Census,
        budget: &Budget<'_>,
    ) -> Result<Self, StageError> {
        let keys = Spill::with_partitions(budget, PARTITIONS)?;
        let counts = (0..census.len()).map(|_| AtomicU8::new(0)).collect();
        let is_alone = rayon::current_num_threads() == 1;
        let mut found = Self { keys, counts, is_alone, last_level: 0 };
        for level in 1..=LEVELS {
            found.last_level = level;
            let crowded = Crowded::new(census.len(), budget)?;
            (0..entries.partitions()).into_par_iter().try_for_each(|partition| {
                let crowded = (level < LEVELS).then_some(&crowded);
                found.share(&entries, level, partition, census, crowded, budget)
            })?;
            entries = Entries::new(budget)?;
            if !crowded.join(&entries, budget)? {
                break;
            }
        }
        Ok(found)
    }

    /// Keeps the keys of a partition that several documents share.
    fn share(
        &self,
        entries: &Entries,
        level: u64,
        partition: usize,
        census: &Census,
        crowded: Option<&Crowded>,
        budget: &Budget<'_>,
    ) -> Result<(), StageError> {
        let mut crowded = crowded.map(|crowded| (crowded, crowded.spill.writer()));
        let whole = |key: u64| (level << KEY_BITS) | ((partition as u64) << 32) | key;
        let mut keys = Vec::new();
        let entries = entries.sorted_by(partition, budget, |entries| {
            entries.retain(|entry| census.is_compared(*entry as u32));
            leave_out_single(entries);
            sort_hashes(entries);
            entries.dedup();
        })?;
        if let Sorted::Whole(entries) = entries {
            for group in
                entries.as_slice().chunk_by(|a, b| a >> 32 == b >> 32).filter(|group| group.len() > 1)
            {
                let key = whole(group.first().map_or(0, |entry| entry >> 32));
                keys.extend(group.iter().map(|entry| (key, *entry as u32)));
                for entry in group {
                    self.count_one(*entry as u32);
                }
                if keys.len() >= self.keys.block() {
                    self.keys.receive(partition, &mut keys)?;
                }
                if let Some((crowded, writer)) = crowded.as_mut().filter(|_| group.len() >= LISTED) {
                    group.iter().try_for_each(|entry| crowded.push(writer, *entry as u32, key))?;
                }
            }
        } else {
            // The documents of the key so far, until there are so many that each can be dealt with at once.
            let mut group: Vec<u32> = Vec::with_capacity(LISTED);
            let (mut members, mut last) = (0, None);
            let keep = |key: u64, ordinal: u32, keys: &mut Vec<(u64, u32)>| {
                self.count_one(ordinal);
                keys.push((key, ordinal));
            };
            let each = |entry: u64, begins| {
                let (key, ordinal) = (whole(entry >> 32), entry as u32);
                if begins {
                    group.clear();
                    members = 0;
                }
                if !census.is_compared(ordinal) || (!begins && last == Some(entry)) {
                    return Ok(());
                }
                last = Some(entry);
                members += 1;
                match members {
                    1 => {}
                    2 => {
                        if let Some(first) = group.first() {
                            keep(key, *first, &mut keys);
                        }
                        keep(key, ordinal, &mut keys);
                    }
                    _ => keep(key, ordinal, &mut keys),
                }
                if keys.len() >= self.keys.block() {
                    self.keys.receive(partition, &mut keys)?;
                }
                match &mut crowded {
                    Some((crowded, writer)) if members >= LISTED => {
                        let all = group.drain(..).chain([ordinal]);
                        all.into_iter().try_for_each(|ordinal| crowded.push(writer, ordinal, key))?;
                    }
                    Some(_) => group.push(ordinal),
                    None if members == 1 => group.push(ordinal),
                    None => {}
                }
                Ok(())
            };
            grouped(entries, |entry| entry >> 32, each)?;
        }
        if let Some((_, crowded)) = crowded {
            crowded.finish()?;
        }
        self.keys.receive(partition, &mut keys)
    }

    /// Counts a shared key of a document. 48 samples have fewer than 190 keys on all levels.
    fn count_one(&self, ordinal: u32) {
        if let Some(count) = self.counts.get(ordinal as usize) {
            if self.is_alone {
                // No other thread counts meanwhile; a tenth of the time.
                count.store(count.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
            } else {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// How many shared keys a document has; 255 for more.
    pub(crate) fn count(&self, ordinal: u32) -> usize {
        self.counts.get(ordinal as usize).map_or(0, |count| usize::from(count.load(Ordering::Relaxed)))
    }

    /// The keys that several ranked documents have, and these documents.
    pub(crate) fn groups(&self, ranking: &Ranking) -> Result<Groups, StageError> {
        let of_partition = |partition| {
            let mut groups = Groups::default();
            let mut last = 0;
            let close = |key: u64, groups: &mut Groups| match groups.open() {
                0 | 1 => groups.forget(),
                _ => groups.close(key),
            };
            self.keys.for_each(partition, |(key, ordinal)| {
                if key != last {
                    close(last, &mut groups);
                    last = key;
                }
                if let Some(rank) = ranking.rank(ordinal) {
                    groups.push(rank);
                }
                Ok(())
            })?;
            close(last, &mut groups);
            Ok(groups)
        };
        let partitions = (0..self.keys.partitions()).into_par_iter().map(of_partition);
        Ok(Groups::concat(&partitions.collect::<Result<Vec<_>, StageError>>()?))
    }

    /// Has `each` look at every key and each document that has it, those of one key one after the other; a task for each
    /// of some partitions.
    pub(crate) fn for_each<T>(
        &self,
        begin: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, u64, u32) -> Result<(), StageError> + Sync,
        end: impl Fn(T) -> Result<(), StageError> + Sync,
    ) -> Result<(), StageError> {
        (0..self.keys.partitions()).into_par_iter().try_for_each(|partition| {
            let mut state = begin();
            self.keys.for_each(partition, |(key, ordinal)| each(&mut state, key, ordinal))?;
            end(state)
        })
    }
}

/// Sorts entries, whose highest bits are those of hashes.
fn sort_hashes(entries: &mut Vec<u64>) {
    let bits = entries.len().max(2).ilog2();
    sort_by_bucket(entries, 1 << bits, |entry| (entry >> (64 - bits)) as usize);
}

/// Leaves out entries of keys that only one of them has, and leaves one such in eight at most: nine in ten go, in a tenth
/// of the time that sorting them takes.
fn leave_out_single(entries: &mut Vec<u64>) {
    /// Bits of a table by the low bits of keys, which are hashes.
    fn bit(table: &mut [u64], entry: u64) -> Option<(&mut u64, u64)> {
        let place = (entry >> 32) as usize & (64 * table.len()).wrapping_sub(1);
        Some((table.get_mut(place / 64)?, 1 << (place % 64)))
    }
    let mut met = vec![0_u64; (entries.len() / 8).next_power_of_two()];
    let mut met_again = met.clone();
    for entry in &*entries {
        let (Some((met, bit)), Some((again, _))) = (bit(&mut met, *entry), bit(&mut met_again, *entry))
        else {
            continue;
        };
        *again |= *met & bit;
        *met |= bit;
    }
    entries.retain(|entry| bit(&mut met_again, *entry).is_some_and(|(again, bit)| *again & bit != 0));
}

/// Keys of as many documents as a list holds, by document.
struct Crowded {
    spill: Spill<(u32, u64)>,
    /// Bits of an ordinal that are one within a partition.
    bits: u32,
}

impl Crowded {
    fn new(documents: usize, budget: &Budget<'_>) -> Result<Self, StageError> {
        // As many partitions as there are for keys at most, and no smaller ones than need be.
        let bits = (documents / PARTITIONS).next_power_of_two().ilog2().max(FEW_BITS);
        Ok(Self { spill: Spill::with_partitions(budget, (documents >> bits) + 1)?, bits })
    }

    fn push(
        &self,
        writer: &mut SpillWriter<'_, (u32, u64)>,
        ordinal: u32,
        key: u64,
    ) -> Result<(), StageError> {
        writer.push(ordinal as usize >> self.bits, (ordinal, key))
    }

    /// Joins each document's keys, each with the next; false when there are none.
    fn join(&self, entries: &Entries, budget: &Budget<'_>) -> Result<bool, StageError> {
        let any = |partition| {
            let mut entries = entries.writer();
            let mut before = None;
            let mut any = false;
            grouped(
                self.spill.sorted_by(partition, budget, |keys| {
                    let mask = (1 << self.bits) - 1;
                    sort_by_bucket(keys, 1 << self.bits, |(ordinal, _)| *ordinal as usize & mask);
                })?,
                |keys| keys.0,
                |(ordinal, key), begins| {
                    if let Some(before) = before.filter(|_| !begins) {
                        push(&mut entries, scatter(scatter(before) ^ key), ordinal)?;
                        any = true;
                    }
                    before = Some(key);
                    Ok(())
                },
            )?;
            entries.finish()?;
            Ok(any)
        };
        let partitions = 0..self.spill.partitions();
        let any: Vec<bool> = partitions.into_par_iter().map(any).collect::<Result<_, StageError>>()?;
        Ok(any.contains(&true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_several_entries_stay() {
        for count in [0, 1, 2, 100, 10_000] {
            // Every tenth key has a second entry.
            let entry = |number: u64| (scatter(number) << 32) | number;
            let mut entries: Vec<u64> = (0..count).map(entry).collect();
            entries.extend((0..count).step_by(10).map(|number| entry(number) ^ (1 << 31)));
            let all = entries.clone();
            leave_out_single(&mut entries);
            let wanted = |entry: &u64| all.iter().filter(|other| *other >> 32 == entry >> 32).count() > 1;
            if count <= 100 {
                let left: Vec<u64> = entries.iter().copied().filter(wanted).collect();
                assert_eq!(left, all.iter().copied().filter(wanted).collect::<Vec<_>>());
            }
            let several = 2 * count.div_ceil(10) as usize;
            assert!(
                (several..=several + count as usize / 8 + 1).contains(&entries.len()),
                "{}",
                entries.len()
            );
        }
    }
}
