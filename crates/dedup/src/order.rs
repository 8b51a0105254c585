//! Which copy is the best: the order in which documents are considered, and so kept.
//!
//! Most clean words first, a word less for each repaired stretch of mojibake and eight for each unreadable character;
//! then the longest; then a hash of the words, so that input order decides between equal texts alone. A word is clean
//! when other documents use it too: a misread "prcsident" is not, and neither is what a scan made of two halves of a
//! word. A word that is not clean costs two that are: the frame of a badly scanned page goes unrecognised, and would else
//! make the scan the longer text. One number rather than damage first and length second: a single bad byte should not
//! make half an article better than all of it.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use rayon::prelude::*;

use crate::shingles::{HashedSet, scatter};
use crate::sketch::Sketch;
use crate::slots::{SLOTS, Slot};

/// Documents whose words make the vocabulary: enough for all words of a language but the rarest, few enough to be
/// read in passing (12 MB of text, 4 MiB of table).
pub(crate) const DRAWN: usize = 4096;

/// A clean word stands in at least one of this many drawn documents, and in two at least.
const ONE_IN: usize = 1024;

/// What a word that is not clean costs, in clean words: at most what its line has, so that no line counts against a text.
/// A list of rare names does not make an article worse than its beginning, and in a language that the vocabulary does
/// not know length decides.
///
/// Nothing in a vocabulary of fewer documents than [`ONE_IN`]: there most words are new, in good copies too.
const COST: u32 = 2;

/// How many documents use a word, as far as it matters, while they are counted.
///
/// A table of 2^22 counts without chains, which end at what makes a word clean. Words that share a place share a count,
/// which makes a rare misreading look known; one in ten may at a full vocabulary, alike for all copies.
#[derive(Debug)]
pub(crate) struct WordCounts {
    counts: Vec<AtomicU8>,
    /// A bit for each count that has come to its end. Most words are met here, in an eighth of the memory.
    full: Vec<AtomicU64>,
    /// Documents that make a word clean.
    enough: u8,
    /// What a word that is not clean costs.
    cost: u32,
}

/// Buffers that live from document to document.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// The places of words that are to be counted.
    open: Vec<u32>,
    met: HashedSet,
}

impl WordCounts {
    /// For so many documents, which are to be counted.
    pub(crate) fn new(documents: usize) -> Self {
        // Without documents, all words are alike.
        let full = if documents == 0 { u64::MAX } else { 0 };
        Self {
            counts: std::iter::repeat_with(|| AtomicU8::new(0)).take(SLOTS).collect(),
            full: std::iter::repeat_with(|| AtomicU64::new(full)).take(SLOTS / 64).collect(),
            enough: (documents / ONE_IN).clamp(2, 0xFF) as u8,
            cost: if documents < ONE_IN { 0 } else { COST },
        }
    }

    /// Counts the words of one document, each once.
    pub(crate) fn count(&self, slots: &[Slot], counted: &mut Counted) {
        let Counted { open, met } = counted;
        open.resize(slots.len().max(open.len()), 0);
        // Most words soon have all that can be counted. The others are gathered first, without a branch: the processor
        // then reads ahead of what it waits for.
        let mut found = 0;
        for slot in slots {
            let slot = slot.place();
            let (Some(full), Some(place)) = (self.full.get(slot / 64), open.get_mut(found)) else { continue };
            *place = slot as u32;
            found += usize::from((full.load(Ordering::Relaxed) >> (slot % 64)) & 1 == 0);
        }
        met.begin(found);
        for slot in open.iter().take(found) {
            if met.insert(u64::from(*slot) * 2)
                && let Some(count) = self.counts.get(*slot as usize)
            {
                let more = |count: u8| (count < self.enough).then_some(count + 1);
                let before = count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
                if before.is_ok_and(|before| before + 1 == self.enough)
                    && let Some(full) = self.full.get(*slot as usize / 64)
                {
                    full.fetch_or(1 << (slot % 64), Ordering::Relaxed);
                }
            }
        }
    }

    /// The words that enough documents use.
    pub(crate) fn vocabulary(self) -> Vocabulary {
        Vocabulary { clean: self.full.into_iter().map(AtomicU64::into_inner).collect(), cost: self.cost }
    }
}

/// The words that several documents use: a bit for each place of [`WordCounts`], which a processor has near by.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    clean: Vec<u64>,
    /// What a word that is not clean costs.
    cost: u32,
}

impl Vocabulary {
    /// How many words are clean, less what the others of their lines cost.
    pub(crate) fn clean_words(&self, slots: &[Slot]) -> u32 {
        let (mut all, mut words, mut others) = (0, 0_u32, 0_u32);
        let of_line =
            |words: u32, others: u32| (words - others).saturating_sub(others.saturating_mul(self.cost));
        for slot in slots {
            let place = slot.place();
            let is_clean = self.clean.get(place / 64).is_some_and(|bits| (bits >> (place % 64)) & 1 == 1);
            words += 1;
            others += u32::from(!(is_clean | slot.is_number()));
            if slot.is_last() {
                all += of_line(words, others);
                (words, others) = (0, 0);
            }
        }
        all + of_line(words, others)
    }
}

/// A number drawn from a document's words that shows no likeness to others.
pub(crate) const fn lot(exact: u128) -> u64 {
    scatter(exact as u64)
}

/// A document's place in the order: smaller is better.
///
/// From the highest bits on: words lost, length, lot, ordinal; 32 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(u128);

impl Rank {
    /// The rank of a document with so many clean words.
    pub(crate) fn new(sketch: &Sketch<'_>, clean: u32, ordinal: u32) -> Self {
        let lost = i64::from(sketch.cost()) - i64::from(clean);
        let lost = (lost + (1 << 31)).clamp(1, i64::from(u32::MAX)) as u32;
        let length = !u32::try_from(sketch.folded.len()).unwrap_or(u32::MAX);
        let lot = lot(sketch.exact) >> 32;
        let pair = |high: u32, low: u32| (u64::from(high) << 32) | u64::from(low);
        Self((u128::from(pair(lost, length)) << 64) | u128::from(pair(lot as u32, ordinal)))
    }

    /// The same for a document of an earlier run: they come before all others.
    pub(crate) const fn of_earlier_run(self) -> Self {
        Self(self.0 & (u128::MAX >> 32))
    }

    const fn ordinal(self) -> u32 {
        self.0 as u32
    }
}

/// Documents by their place in the order, and their places: eight bytes a document, 20 while they are sorted.
#[derive(Debug)]
pub(crate) struct Ranking {
    /// Ordinals by rank.
    pub(crate) ordinals: Vec<u32>,
    /// Ranks by ordinal.
    ranks: Vec<u32>,
}

/// The rank of documents that have none.
const UNRANKED: u32 = u32::MAX;

impl Ranking {
    /// The order of some of so many documents.
    pub(crate) fn new(mut ranked: Vec<Rank>, documents: usize) -> Self {
        ranked.par_sort_unstable();
        let ordinals: Vec<u32> = ranked.iter().map(|rank| rank.ordinal()).collect();
        drop(ranked);
        let mut ranks = vec![UNRANKED; documents];
        for (rank, ordinal) in (0..).zip(&ordinals) {
            if let Some(slot) = ranks.get_mut(*ordinal as usize) {
                *slot = rank;
            }
        }
        Self { ordinals, ranks }
    }

    /// How many documents are ranked.
    pub(crate) fn len(&self) -> u32 {
        self.ordinals.len() as u32
    }

    /// The rank of a document, where it has one.
    pub(crate) fn rank(&self, ordinal: u32) -> Option<u32> {
        self.ranks.get(ordinal as usize).copied().filter(|rank| *rank != UNRANKED)
    }

    /// The document of a rank.
    pub(crate) fn ordinal(&self, rank: u32) -> Option<u32> {
        self.ordinals.get(rank as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::{self, Context, SketchBuffers};
    use crate::slots::tests::slots;

    #[test]
    fn words_are_clean_when_documents_share_them() {
        let some =
            ["la seance est levee la la ", "la seance est levee la la ", "la seancc seancc seancc seancc "];
        let vocabulary = |documents: usize| {
            let counts = WordCounts::new(documents);
            let all = some.into_iter().chain(std::iter::repeat("la seance est levee ")).take(documents);
            all.for_each(|text| counts.count(&slots(text.as_bytes()), &mut Counted::default()));
            counts.vocabulary()
        };
        let clean_words = |vocabulary: &Vocabulary, folded: &[u8]| vocabulary.clean_words(&slots(folded));
        assert_eq!(clean_words(&vocabulary(3), b"la seance est levee 2024\n"), 5);
        assert_eq!(clean_words(&vocabulary(3), b"la seancc est levee\n"), 3, "few documents know few words");
        let many = vocabulary(ONE_IN);
        assert_eq!(clean_words(&many, b"la seancc est levee\n"), 1, "three clean ones, less two");
        assert_eq!(clean_words(&many, b"a seanccc e levee\n"), 0, "never less");
        assert_eq!(clean_words(&many, b"a seanccc e levee\nla seance est levee\nla seancc est levee\n"), 5);
        assert_eq!(
            clean_words(&vocabulary(3 * ONE_IN), b"la seancc\n"),
            0,
            "less than one document in a thousand"
        );
    }

    #[test]
    fn better_copies_come_first() {
        let rank = |clean: u32, damage: u32, repairs: u32, text: &str, ordinal: u32| {
            let mut bytes = Vec::new();
            let context = Context { replacements: damage, repairs, ..Context::default() };
            sketch::write(text, context, false, None, &mut SketchBuffers::default(), &mut bytes);
            Rank::new(&Sketch::read(&bytes).unwrap(), clean, ordinal)
        };
        let whole = rank(300, 0, 0, "la séance est levée", 9);
        assert!(whole < rank(300, 0, 0, "la séance est levée", 10), "the first");
        assert!(whole < rank(300, 0, 0, "la séance est là", 0), "the longest");
        assert!(whole < rank(299, 0, 0, "la longue séance est enfin levée", 0), "the most clean words");
        assert!(whole < rank(300, 0, 1, "la séance est levée", 0), "the fewest repairs");
        assert!(rank(300, 1, 0, "la", 0) < rank(150, 0, 0, "la", 0), "one bad byte is not half the text");
    }
}
