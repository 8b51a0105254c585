//! Outlines of documents: what tells that two texts cannot match, without a look at either.
//!
//! Texts made of the same set phrases share keys with many others and match none of them. An outline has 32 bits of each
//! shingle, and those of the documents compared lately are kept: a pair takes a pass over some hundred numbers, probed in
//! 16 KiB of bits, where both texts would be read, split and hashed. What is counted so is never less than what they share,
//! so a pair that falls short by it falls short; all others are compared in full. Of 12,000 pairs among 4,200 such texts, it
//! settles all but 250, 130 of which need an alignment.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tamis_core::StageError;

use crate::compare::Likeness;
use crate::shingles::{HashedSet, shingles};
use crate::slots;

/// Bits for each shingle, at least: of a hundred others, one at most seems to be there.
const BITS: usize = 128;
/// 64 bits each, at least: the other text may have many more shingles, each of which may seem to be there.
const LEAST: usize = 1 << 10;

/// The most that outlines take, in bytes: those of 6,000 documents of 500 words.
const MOST: usize = 12 << 20;
/// The part of the budget that they may take.
const PART: usize = 32;
const SLOTS: usize = 4096;

/// What is known of a text.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) words: usize,
    /// The upper half of each distinct shingle.
    shingles: Vec<u32>,
}

impl Outline {
    /// The outline of a text with these words.
    pub(crate) fn of(words: &[slots::Slot], met: &mut HashedSet) -> Self {
        met.begin(words.len());
        let mut upper = vec![0; words.len()];
        let mut distinct = 0;
        // Each is written, and stays where it is new.
        shingles(words.iter().map(|word| word.place() as u64)).for_each(|shingle| {
            if let Some(place) = upper.get_mut(distinct) {
                *place = (shingle >> 32) as u32;
                distinct += usize::from(met.insert(shingle));
            }
        });
        upper.truncate(distinct);
        upper.shrink_to_fit();
        Self { words: words.len(), shingles: upper }
    }

    /// As alike as two texts may be at most: at least as similar and as much contained as they are. Those of the left one
    /// are in `bits`.
    pub(crate) fn at_most(&self, right: &Self, bits: &Bits) -> Likeness {
        Likeness {
            left: self.shingles.len(),
            right: right.shingles.len(),
            shared: bits.shared(&right.shingles),
            ..Likeness::default()
        }
    }

    /// Memory in bytes, the smallest allocation included.
    const fn size(&self) -> usize {
        size_of::<Self>() + 4 * self.shingles.capacity()
    }
}

/// A set of shingles that may seem to have more than it has, never less.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    bits: Vec<u64>,
}

impl Bits {
    /// Takes the shingles of a text, and no others.
    pub(crate) fn fill(&mut self, outline: &Outline) {
        self.bits.clear();
        self.bits.resize((outline.shingles.len() * BITS / 64).next_power_of_two().max(LEAST), 0);
        let mask = self.bits.len().wrapping_sub(1);
        for shingle in &outline.shingles {
            if let Some(bits) = self.bits.get_mut((shingle >> 6) as usize & mask) {
                *bits |= 1 << (shingle % 64);
            }
        }
    }

    /// How many of these shingles seem to be there.
    fn shared(&self, shingles: &[u32]) -> usize {
        let mask = self.bits.len().wrapping_sub(1);
        let is_there = |shingle: &u32| {
            self.bits.get((shingle >> 6) as usize & mask).map_or(0, |bits| (bits >> (shingle % 64)) & 1)
        };
        shingles.iter().map(is_there).sum::<u64>() as usize
    }
}

/// A slot for the outline of a document.
type Slot = Mutex<Option<(u32, Arc<Outline>)>>;

/// The outlines of documents that were compared lately. What is found does not depend on which they are.
#[derive(Debug)]
pub(crate) struct Outlines {
    slots: Vec<Slot>,
    /// What they take, and may take.
    bytes: AtomicUsize,
    most: usize,
}

impl Outlines {
    /// Room for the outlines of some of so many documents, under a budget of so many bytes.
    pub(crate) fn new(documents: usize, memory: usize) -> Self {
        let slots = documents.next_power_of_two().min(SLOTS);
        Self {
            slots: std::iter::repeat_with(Slot::default).take(slots).collect(),
            bytes: AtomicUsize::new(0),
            most: (memory / PART).min(MOST),
        }
    }

    /// The outline of a document, which is made where it is not there, and stays where there is room.
    pub(crate) fn get(
        &self,
        ordinal: u32,
        make: impl FnOnce() -> Result<Outline, StageError>,
    ) -> Result<Arc<Outline>, StageError> {
        let Some(slot) = self.slots.get(ordinal as usize & self.slots.len().wrapping_sub(1)) else {
            return make().map(Arc::new);
        };
        let lock = || slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, outline)) = lock().as_ref().filter(|(other, _)| *other == ordinal) {
            return Ok(Arc::clone(outline));
        }
        let outline = Arc::new(make()?);
        let mut slot = lock();
        let before = slot.take().map_or(0, |(_, before)| before.size());
        let bytes = self.bytes.fetch_sub(before, Ordering::Relaxed) - before;
        // Other threads may add theirs meanwhile: an outline or two more than there is room for.
        if bytes + outline.size() <= self.most {
            self.bytes.fetch_add(outline.size(), Ordering::Relaxed);
            *slot = Some((ordinal, Arc::clone(&outline)));
        }
        Ok(outline)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::align::AlignBuffers;
    use crate::compare::{Profile, compare};

    proptest! {
        /// Few different words, so that shingles repeat themselves within a text and between texts.
        #[test]
        fn texts_are_never_more_alike_than_their_outlines(
            [left, right] in [(); 2].map(|()| prop::collection::vec("[a-d]", 0..300))
        ) {
            let [left, right] = [left, right].map(|words| words.join(" ") + " ");
            let [mut of_left, mut of_right] = <[Profile; 2]>::default();
            of_left.load([left.as_bytes()].into_iter());
            of_right.load([right.as_bytes()].into_iter());
            let (mut bits, mut met) = (Bits::default(), HashedSet::default());
            let right = Outline::of(&read(&right), &mut met);
            let left = Outline::of(&read(&left), &mut met);
            bits.fill(&left);
            let most = left.at_most(&right, &bits);
            let found = compare(&mut of_left, &of_right, &mut AlignBuffers::default());
            prop_assert!(most.shared >= found.shared && (most.left, most.right) == (found.left, found.right));
            prop_assert!(most.similarity() >= found.similarity());
            prop_assert!(most.containment() >= found.containment());
        }
    }

    fn read(folded: &str) -> Vec<slots::Slot> {
        let mut slots = Vec::new();
        slots::read_slots(folded.as_bytes(), &mut slots);
        slots
    }

    fn words(from: u32, len: u32) -> Vec<slots::Slot> {
        read(&(from..from + len).map(|number| format!("{number} ")).collect::<Vec<_>>().concat())
    }

    #[test]
    fn outlines_tell_unlike_texts_apart() {
        let (mut bits, mut met) = (Bits::default(), HashedSet::default());
        let right = Outline::of(&words(900, 1000), &mut met);
        let left = Outline::of(&words(0, 1000), &mut met);
        bits.fill(&left);
        let most = left.at_most(&right, &bits);
        assert!((96..110).contains(&most.shared), "{most:?}");
        assert_eq!((most.left, most.right), (996, 996));
    }

    #[test]
    fn outlines_stay_where_there_is_room() {
        let size = Outline::of(&words(0, 100), &mut HashedSet::default()).size();
        for (memory, stay) in [(0, 0), (2 * size * PART, 2), (usize::MAX, 4)] {
            let outlines = Outlines::new(4, memory);
            let mut made = 0;
            for ordinal in [0, 1, 2, 3, 0, 1, 2, 3] {
                let outline = outlines.get(ordinal, || {
                    made += 1;
                    Ok(Outline::of(&words(ordinal, 100), &mut HashedSet::default()))
                });
                assert_eq!(outline.unwrap().words, 100);
            }
            assert_eq!(made, 8 - stay);
            assert!(outlines.bytes.into_inner() <= outlines.most);
        }
        let outlines = Outlines::new(1, usize::MAX);
        for ordinal in [5, 6, 5] {
            let made =
                outlines.get(ordinal, || Ok(Outline { words: ordinal as usize, ..Outline::default() }));
            assert_eq!(made.unwrap().words, ordinal as usize);
        }
    }
}
