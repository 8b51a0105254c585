//! The words of documents as places in a table, which is all that the order of copies and outlines need of them.
//!
//! Words are hashed in a third of the time that a decision over templates takes, and each document would be hashed up to
//! three times: to count its words, to rank it, to outline it. So what the first of these finds is kept while there is
//! room, at four bytes a word.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::fold::count_words;
use crate::shingles::for_each_word;

/// Places of words, by their hashes.
pub(crate) const SLOTS: usize = 1 << 22;

/// The most that is kept, in bytes: 10,000 documents of 600 words.
const MOST: u64 = 24 << 20;
/// The part of the budget that may be kept.
const PART: u64 = 16;
/// Documents that share a lock.
const LOCKS: usize = 64;

/// A word's place in a table of [`SLOTS`], and what else is asked of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot(u32);

impl Slot {
    const LAST: u32 = 1 << 31;
    const NUMBER: u32 = 1 << 30;

    /// The place alone.
    #[inline]
    pub(crate) const fn place(self) -> usize {
        self.0 as usize & (SLOTS - 1)
    }

    /// Whether the word is the last of its line.
    #[inline]
    pub(crate) const fn is_last(self) -> bool {
        self.0 & Self::LAST != 0
    }

    /// Whether the word has digits only.
    #[inline]
    pub(crate) const fn is_number(self) -> bool {
        self.0 & Self::NUMBER != 0
    }
}

/// Reads the words of folded bytes, behind those that there are.
pub(crate) fn read_slots(folded: &[u8], slots: &mut Vec<Slot>) {
    let before = slots.len();
    // Pushed one by one, they take twice the time.
    slots.resize(before + count_words(folded), Slot::default());
    let mut free = slots.get_mut(before..).unwrap_or_default().iter_mut();
    for_each_word(folded, |start, end, hash| {
        let is_last = folded.get(end) == Some(&b'\n');
        let is_number = folded.get(start).is_none_or(|first| *first <= b'9') && is_number(folded, start, end);
        let place = (hash >> 42) as u32 & (SLOTS as u32 - 1);
        if let Some(slot) = free.next() {
            *slot = Slot(place | (u32::from(is_last) << 31) | (u32::from(is_number) << 30));
        }
    });
}

/// Whether the word has digits only.
#[inline(never)]
fn is_number(folded: &[u8], start: usize, end: usize) -> bool {
    folded.get(start..end).is_some_and(|word| word.iter().all(u8::is_ascii_digit))
}

/// The words of some documents, by ordinal.
pub(crate) struct KeptSlots {
    kept: Vec<Mutex<HashMap<u32, Arc<[Slot]>>>>,
    /// Bytes that are left.
    room: AtomicUsize,
}

impl KeptSlots {
    /// What is kept under a budget, in bytes.
    pub(crate) fn most(memory: u64) -> u64 {
        (memory / PART).min(MOST)
    }

    /// Under a budget of so many bytes.
    pub(crate) fn new(memory: usize) -> Self {
        Self {
            kept: std::iter::repeat_with(Mutex::default).take(LOCKS).collect(),
            room: AtomicUsize::new(Self::most(memory as u64) as usize),
        }
    }

    fn with<T>(&self, ordinal: u32, work: impl FnOnce(&mut HashMap<u32, Arc<[Slot]>>) -> T) -> Option<T> {
        let kept = self.kept.get(ordinal as usize % LOCKS)?;
        Some(work(&mut kept.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    pub(crate) fn get(&self, ordinal: u32) -> Option<Arc<[Slot]>> {
        self.with(ordinal, |kept| kept.get(&ordinal).cloned()).flatten()
    }

    /// Keeps the words of a document where there is room.
    pub(crate) fn keep(&self, ordinal: u32, slots: &[Slot]) {
        let bytes = size_of_val(slots) + 64;
        let take = |room: usize| room.checked_sub(bytes);
        if self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
            self.with(ordinal, |kept| kept.insert(ordinal, slots.into()));
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn slots(folded: &[u8]) -> Vec<Slot> {
        let mut slots = Vec::new();
        read_slots(folded, &mut slots);
        slots
    }

    #[test]
    fn words_have_a_place_and_a_kind() {
        let found = slots(b"un 2024\n4e un\n");
        let kinds: Vec<_> = found.iter().map(|slot| (slot.is_last(), slot.is_number())).collect();
        assert_eq!(kinds, [(false, false), (true, true), (false, false), (true, false)]);
        assert_eq!(found[0].place(), found[3].place());
        assert_ne!(found[0].place(), found[1].place());
    }

    #[test]
    fn words_are_kept_where_there_is_room() {
        let some = slots(b"un deux trois ");
        for (memory, expected) in [(0, 0), (PART as usize * 2 * (64 + 12), 2), (usize::MAX, 4)] {
            let kept = KeptSlots::new(memory);
            for ordinal in 0..4 {
                kept.keep(ordinal, &some);
            }
            let found: Vec<_> = (0..9).filter_map(|ordinal| kept.get(ordinal)).collect();
            assert_eq!(found.len(), expected);
            assert!(found.iter().all(|found| **found == *some));
        }
    }
}
