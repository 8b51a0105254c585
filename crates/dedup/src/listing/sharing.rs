//! How many keys a document shares with each of those that are listed, and which of them share most.

use super::{LISTED, TOGETHER};

/// Documents that share keys with one.
#[derive(Debug, Default)]
pub(crate) struct Sharing {
    /// From the highest bits on: how many keys are shared, in reverse; the rank.
    all: Vec<u64>,
    /// How many of them are in order. Mostly no more than the first ones are looked at.
    sorted: usize,
}

impl Sharing {
    /// Documents that are put in order at first, and when those do not do.
    const FIRST: usize = 12;
    const MORE: usize = 64;

    fn clear(&mut self) {
        self.all.clear();
        self.sorted = 0;
    }

    pub(super) fn push(&mut self, rank: u32, count: u32) {
        self.all.push((u64::from(!count) << 32) | u64::from(rank));
    }

    /// The rank of the document at this place, and how many keys it shares; most shared first, then by rank.
    pub(crate) fn get(&mut self, place: usize) -> Option<(u32, u32)> {
        while place >= self.sorted {
            let more = if self.sorted == 0 { Self::FIRST } else { Self::MORE };
            let rest = self.all.get_mut(self.sorted..).filter(|rest| !rest.is_empty())?;
            if more < rest.len() {
                rest.select_nth_unstable(more);
            }
            let more = more.min(rest.len());
            rest.get_mut(..more)?.sort_unstable();
            self.sorted += more;
        }
        self.all.get(place).map(|found| (*found as u32, !((*found >> 32) as u32)))
    }
}

/// Counts of ranks: a table that lives from document to document. Sorting the ranks takes five times as long.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// The ranks that are to be counted, of all lists: the ends of short lists are what a processor does not foresee.
    ranks: Vec<u32>,
    /// How many there are; some more were copied.
    gathered: usize,
    /// From the highest bits on: a rank, the number of the document, how many times the rank was met. Slots of other
    /// documents are free, and at least every second one is.
    slots: Vec<u64>,
    /// The same where there are few ranks: a slot for each, without the rank.
    few: Vec<u32>,
    is_few: bool,
    document: u64,
    /// The slots of ranks that were met often enough.
    reached: Vec<u32>,
}

/// So many ranks have a slot each, near by for a processor: no hash, and half the bytes.
pub(super) const FEW: usize = 1 << 16;

const COUNT_BITS: u32 = 12;
pub(super) const DOCUMENT_BITS: u32 = 32 - COUNT_BITS;

impl Tally {
    /// Forgets all, and makes room for the lists of so many keys, with ranks below `end`.
    pub(super) fn begin(&mut self, keys: usize, end: usize) {
        self.is_few = end <= FEW;
        if self.is_few {
            self.few.resize(end.max(self.few.len()), 0);
        }
        let room = keys * LISTED + TOGETHER;
        self.ranks.resize(room.max(self.ranks.len()), 0);
        self.gathered = 0;
        self.document += 1;
        if self.document >> DOCUMENT_BITS > 0 {
            self.slots.fill(0);
            self.few.fill(0);
            self.document = 1;
        }
    }

    /// Takes the first `len` of these ranks, behind which are some to spare.
    #[inline]
    pub(super) fn gather(&mut self, ranks: &[u32], len: usize) {
        let mut at = 0;
        while at < len {
            let from = ranks.get(at..).and_then(<[u32]>::first_chunk::<TOGETHER>);
            let to = self.ranks.get_mut(self.gathered + at..).and_then(<[u32]>::first_chunk_mut);
            let (Some(from), Some(to)) = (from, to) else { return };
            *to = *from;
            at += TOGETHER;
        }
        self.gathered += len;
    }

    /// Counts what was gathered, and tells the ranks that were met `least` times.
    pub(super) fn count(&mut self, least: usize, out: &mut Sharing) {
        out.clear();
        let Self { ranks, gathered, slots, few, is_few, document, reached } = self;
        let Some(ranks) = ranks.get(..*gathered) else { return };
        if !*is_few {
            let room = (2 * ranks.len()).next_power_of_two();
            slots.resize(room.max(slots.len()), 0);
            reached.clear();
            for rank in ranks {
                count(slots, *document, least as u64, *rank, reached);
            }
            let found = reached.iter().filter_map(|place| slots.get(*place as usize));
            return found.for_each(|slot| out.push((slot >> 32) as u32, *slot as u32 & COUNT));
        }
        if reached.len() <= ranks.len() {
            reached.resize(ranks.len() + 1, 0);
        }
        let document = (*document << COUNT_BITS) as u32;
        let enough = document + least as u32;
        let mut found = 0;
        // Each is written, and stays where it is enough: a branch would be guessed wrong too often.
        for rank in ranks {
            let (Some(slot), Some(place)) = (few.get_mut(*rank as usize), reached.get_mut(found)) else {
                continue;
            };
            let count = (*slot).max(document) + 1;
            *slot = count;
            *place = *rank;
            found += usize::from(count == enough);
        }
        for rank in reached.iter().take(found) {
            let count = few.get(*rank as usize).map_or(0, |slot| slot & COUNT);
            out.push(*rank, count);
        }
    }
}

const COUNT: u32 = (1 << COUNT_BITS) - 1;

/// Counts a rank in a hash table.
#[inline]
fn count(slots: &mut [u64], document: u64, least: u64, rank: u32, reached: &mut Vec<u32>) {
    const COUNT: u64 = self::COUNT as u64;
    let mask = slots.len().wrapping_sub(1);
    let none = (u64::from(rank) << 32) | (document << COUNT_BITS);
    let mut place = (u64::from(rank).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
    while let Some(slot) = slots.get_mut(place) {
        if (*slot as u32) >> COUNT_BITS != document as u32 {
            *slot = none;
        }
        if *slot & !COUNT == none {
            // A document has a few hundred keys at most.
            *slot += 1;
            if *slot & COUNT == least {
                reached.push(place as u32);
            }
            return;
        }
        place = (place + 1) & mask;
    }
}
