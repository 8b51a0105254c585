//! Which documents are worth comparing: those that share sampled shingles.
//!
//! Every document brings the smallest hashes of its shingles ([`crate::sketch::SAMPLES`]); two documents that share
//! three of them are worth comparing. Keys that too many documents have are joined, two by two, into rarer ones, so that
//! the work stays in proportion to the number of documents where all of them are made from one set of sentences. Keys are laid out as flat sorted arrays, eight bytes a key, and keys that only one
//! document has (nine in ten of an ordinary corpus) go before anything else is built.

use std::ops::Range;

use rayon::prelude::*;

use crate::shingles::scatter;

/// Kept documents listed per key. A shingle that more kept documents share is a set phrase, a frame or a template: it
/// says little about any one of them, and following it to all would cost the square of their number. Copies of one
/// story do not fill a list, since only one of them is kept.
pub(crate) const LISTED: usize = 64;

/// How many times keys are joined: a key of the last level stands for up to eight shingles.
const LEVELS: usize = 4;

/// A key and the ordinal of a document that has it.
pub(crate) const fn entry(sample: u64, ordinal: u32) -> u64 {
    // The low half: the high half is what made the hash small enough to be sampled, and so is much alike in all.
    (sample << 32) | ordinal as u64
}

/// How many keys two documents must share when the one with more has `samples` of them.
pub(crate) const fn needed(samples: usize) -> usize {
    match samples {
        0..8 => 1,
        8..24 => 2,
        _ => 3,
    }
}

/// Documents by the keys they share with others.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// Ordinal in the high half, key number in the low half; sorted.
    by_document: Vec<u64>,
    /// Where each key's list starts, and one more.
    starts: Vec<usize>,
    /// Keys that stand for one shingle come before this one.
    joined: usize,
    /// The first key that is not joined with others where it fills its list.
    last_level: usize,
}

impl Candidates {
    /// Reads entries made by [`entry`].
    ///
    /// Keys of as many documents as a list holds are joined: each such key of a document with its next one makes a key
    /// of the next level, which stands in fewer documents. So weather bulletins, whose every sentence is in hundreds of
    /// others, are found by the sentences that they have together.
    pub(crate) fn new(mut entries: Vec<u64>) -> Self {
        let mut found = Self { by_document: Vec::new(), starts: vec![0], joined: 0, last_level: 0 };
        for level in 1..=LEVELS {
            entries.par_sort_unstable();
            entries.dedup();
            found.last_level = found.starts.len() - 1;
            let mut crowded = Vec::new();
            for group in entries.chunk_by(|a, b| a >> 32 == b >> 32).filter(|group| group.len() > 1) {
                let key = found.starts.len() as u64 - 1;
                let of_documents = group.iter().map(|entry| (entry << 32) | key);
                if group.len() >= LISTED && level < LEVELS {
                    crowded.extend(of_documents.clone());
                }
                found.by_document.extend(of_documents);
                let start = found.starts.last().copied().unwrap_or_default();
                found.starts.push(start + group.len().min(LISTED));
            }
            if level == 1 {
                found.joined = found.starts.len() - 1;
            }
            crowded.par_sort_unstable();
            entries.clear();
            for keys in crowded.chunk_by(|a, b| a >> 32 == b >> 32) {
                let joined = keys.iter().zip(keys.iter().skip(1)).map(|(key, next)| {
                    entry(scatter((key << 32) | (next & 0xFFFF_FFFF)), (key >> 32) as u32)
                });
                entries.extend(joined);
            }
            if entries.is_empty() {
                break;
            }
        }
        found.by_document.par_sort_unstable();
        found
    }

    /// Each document with shared keys, ascending, and its entries.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (u32, &[u64])> {
        let same = |a: &u64, b: &u64| a >> 32 == b >> 32;
        self.by_document.chunk_by(same).filter_map(|keys| Some(((keys.first()? >> 32) as u32, keys)))
    }
}

/// For each key, the first of the listed documents that have it, by rank.
#[derive(Debug)]
pub(crate) struct Listing<'a> {
    candidates: &'a Candidates,
    filled: Vec<u8>,
    ranks: Vec<u32>,
    /// Shingles whose list is full.
    pub(crate) full: usize,
}

impl<'a> Listing<'a> {
    pub(crate) fn new(candidates: &'a Candidates) -> Self {
        let keys = candidates.starts.len().saturating_sub(1);
        let room = candidates.starts.last().copied().unwrap_or_default();
        Self { candidates, filled: vec![0; keys], ranks: vec![0; room], full: 0 }
    }

    /// Lists a document under its keys. Ranks come in ascending order.
    pub(crate) fn add(&mut self, rank: u32, keys: &[u64]) {
        let starts = &self.candidates.starts;
        for key in keys {
            let key = *key as u32 as usize;
            let (Some(start), Some(end)) = (starts.get(key), starts.get(key + 1)) else { continue };
            let Some(filled) = self.filled.get_mut(key) else { continue };
            let place = start + usize::from(*filled);
            if let Some(place) = self.ranks.get_mut(place).filter(|_| place < *end) {
                *place = rank;
                *filled += 1;
                self.full += usize::from(usize::from(*filled) == LISTED && key < self.candidates.joined);
            }
        }
    }

    /// Empties the lists of these keys.
    pub(crate) fn forget(&mut self, keys: &[u64]) {
        for key in keys {
            if let Some(filled) = self.filled.get_mut(*key as u32 as usize) {
                *filled = 0;
            }
        }
    }

    /// How many of a document's shingles have a full list.
    pub(crate) fn crowded(&self, keys: &[u64]) -> usize {
        let shingles = keys.iter().map(|key| *key as u32 as usize);
        let shingles = shingles.take_while(|key| *key < self.candidates.joined);
        shingles
            .filter(|key| self.filled.get(*key).is_some_and(|filled| usize::from(*filled) == LISTED))
            .count()
    }

    /// Collects those of `ranks` whose listed documents share at least `least` keys, with the number they share; most
    /// shared first. Full lists are passed over where their keys were joined with others.
    pub(crate) fn sharing(
        &self,
        keys: &[u64],
        ranks: Range<u32>,
        least: usize,
        out: &mut Vec<(u32, u32)>,
        tally: &mut Tally,
    ) {
        out.clear();
        let lists = keys.iter().filter_map(|key| {
            let key = *key as u32 as usize;
            let (start, filled) = (*self.candidates.starts.get(key)?, usize::from(*self.filled.get(key)?));
            let is_followed = filled < LISTED || key >= self.candidates.last_level;
            let list = self.ranks.get(start..start + filled).filter(|_| is_followed)?;
            let place = |limit: u32| list.partition_point(|rank| *rank < limit);
            list.get(place(ranks.start)..place(ranks.end))
        });
        tally.clear(lists.clone().map(<[u32]>::len).sum());
        lists.flatten().for_each(|rank| tally.count(*rank));
        out.extend(tally.counted().filter(|(_, count)| *count as usize >= least));
        out.sort_unstable_by_key(|(rank, count)| (std::cmp::Reverse(*count), *rank));
    }
}

/// Counts of ranks: a hash table that lives from document to document. Sorting the ranks takes five times as long.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// A rank and how many times it was met; 0 for a free slot. At least every second one is free.
    slots: Vec<(u32, u32)>,
}

impl Tally {
    /// Forgets all, and makes room for so many ranks.
    fn clear(&mut self, ranks: usize) {
        self.slots.clear();
        self.slots.resize((2 * ranks).next_power_of_two(), (0, 0));
    }

    fn count(&mut self, rank: u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = (u64::from(rank).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize;
        while let Some(slot) = self.slots.get_mut(place & mask) {
            if slot.1 == 0 || slot.0 == rank {
                *slot = (rank, slot.1 + 1);
                return;
            }
            place += 1;
        }
    }

    fn counted(&self) -> impl Iterator<Item = (u32, u32)> {
        self.slots.iter().copied().filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_document_are_forgotten() {
        let entries = vec![entry(7, 0), entry(7, 2), entry(8, 1), entry(9, 2), entry(9, 0), entry(9, 3)];
        let candidates = Candidates::new(entries);
        let documents: Vec<_> = candidates.documents().map(|(ordinal, keys)| (ordinal, keys.len())).collect();
        assert_eq!(documents, [(0, 2), (2, 2), (3, 1)]);
    }

    #[test]
    fn listed_documents_are_found_by_shared_keys() {
        let entries =
            (0..4).flat_map(|n| [entry(1, n), entry(2, n), entry(3 + u64::from(n / 2), n)]).collect();
        let candidates = Candidates::new(entries);
        let keys: Vec<&[u64]> = candidates.documents().map(|(_, keys)| keys).collect();
        let mut listing = Listing::new(&candidates);
        let (mut found, mut tally) = (Vec::new(), Tally::default());
        listing.add(0, keys[0]);
        listing.add(1, keys[2]);
        listing.sharing(keys[3], 0..9, 1, &mut found, &mut tally);
        assert_eq!(found, [(1, 3), (0, 2)]);
        listing.sharing(keys[3], 1..9, 1, &mut found, &mut tally);
        assert_eq!(found, [(1, 3)]);
    }

    #[test]
    fn full_lists_take_no_more() {
        let candidates = Candidates::new((0..1000).map(|n| entry(1, n)).collect());
        let mut listing = Listing::new(&candidates);
        for (rank, (_, keys)) in (0..).zip(candidates.documents()) {
            listing.add(rank, keys);
        }
        assert_eq!(listing.full, 1);
    }

    /// Two hundred documents have one of two pairs of keys; the last one is found where it is listed under a pair.
    #[test]
    fn crowded_keys_are_followed_together() {
        let mut entries: Vec<u64> = (0..200).map(|n| entry(u64::from(n % 2), n)).collect();
        entries.extend((0..200).map(|n| entry(2 + u64::from(n / 2 % 2), n)));
        entries.extend([197, 198].into_iter().flat_map(|n| (10..14).map(move |key| entry(key, n))));
        let candidates = Candidates::new(entries);
        let documents: Vec<(u32, &[u64])> = candidates.documents().collect();
        assert!(documents.iter().all(|(_, keys)| keys.len() >= 3), "two keys and a pair of them");
        let mut listing = Listing::new(&candidates);
        for (ordinal, keys) in documents.iter().take(198) {
            listing.add(*ordinal, keys);
        }
        assert_eq!(listing.full, 4);
        assert_eq!(listing.crowded(documents[0].1), 2);
        let (mut found, mut tally) = (Vec::new(), Tally::default());
        listing.sharing(documents[198].1, 0..198, 1, &mut found, &mut tally);
        assert_eq!(found[0], (197, 4));
        assert!(found.iter().skip(1).all(|(rank, count)| rank % 4 == 2 && *count == 1), "{found:?}");
    }

    #[test]
    fn ranks_are_counted() {
        let mut tally = Tally::default();
        tally.clear(9);
        for rank in [7, 3, 7, 1 << 20, 7, 3, 39, 71, 103] {
            tally.count(rank);
        }
        let mut counted: Vec<_> = tally.counted().collect();
        counted.sort_unstable();
        assert_eq!(counted, [(3, 2), (7, 3), (39, 1), (71, 1), (103, 1), (1 << 20, 1)]);
        tally.clear(0);
        assert_eq!(tally.counted().count(), 0);
    }
}
