//! Which copy is the best: the order in which documents are considered, and so kept.
//!
//! Most clean words first, a word less for each repaired stretch of mojibake and eight for each unreadable character;
//! then the longest; then a hash of the words, so that input order decides between equal texts alone. A word is clean
//! when other documents use it too: a misread "prcsident" is not, and neither is what a scan made of two halves of a
//! word. A word that is not clean costs two that are: the frame of a badly scanned page goes unrecognised, and would else
//! make the scan the longer text. One number rather than damage first and length second: a single bad byte should not
//! make half an article better than all of it.

use rayon::prelude::*;

use crate::fold::words_of;
use crate::shingles::{scatter, word_hash};
use crate::sketch::Sketch;

/// Documents whose words make the vocabulary: enough for all words of a language but the rarest, few enough to be
/// read in passing (12 MB of text, 16 MiB of table).
pub(crate) const DRAWN: usize = 4096;

const SLOTS: usize = 1 << 22;
/// A clean word stands in at least one of this many drawn documents, and in two at least.
const ONE_IN: u32 = 1024;

/// What a word that is not clean costs, in clean words: at most what its line has, so that no line counts against a text.
/// A list of rare names does not make an article worse than its beginning, and in a language that the vocabulary does
/// not know length decides.
///
/// Nothing in a vocabulary of fewer documents than [`ONE_IN`]: there most words are new, in good copies too.
const COST: u32 = 2;

/// The words that several documents use.
///
/// A table of 2^22 slots without chains: the number of documents in the low byte, the last of them above. Words that
/// share a slot share a count, which makes a rare misreading look known; one in ten may at a full vocabulary, alike
/// for all copies.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    slots: Vec<u32>,
    documents: u32,
}

impl Vocabulary {
    pub(crate) fn new() -> Self {
        Self { slots: vec![0; SLOTS], documents: 0 }
    }

    /// Counts the words of one document, each once.
    pub(crate) fn count(&mut self, folded: &[u8]) {
        let document = self.documents;
        self.documents += 1;
        for word in words_of(folded) {
            let Some(slot) = self.slots.get_mut(slot_of(word)) else { continue };
            if *slot >> 8 != document + 1 {
                *slot = ((document + 1) << 8) | (*slot & 0xFF).saturating_add(1).min(0xFF);
            }
        }
    }

    /// How many words of a line are clean, less what the others cost.
    pub(crate) fn clean_words(&self, line: &[u8]) -> u32 {
        let enough = (self.documents / ONE_IN).clamp(2, 0xFF);
        // Without a vocabulary, all words are alike.
        let is_empty = self.documents == 0;
        let known = |word: &&[u8]| {
            is_empty
                || self.slots.get(slot_of(word)).is_some_and(|slot| slot & 0xFF >= enough)
                || word.iter().all(u8::is_ascii_digit)
        };
        let (mut clean, mut others) = (0_u32, 0_u32);
        for word in words_of(line) {
            if known(&word) { clean += 1 } else { others += 1 }
        }
        let cost = if self.documents < ONE_IN { 0 } else { COST };
        clean.saturating_sub(others.saturating_mul(cost))
    }
}

fn slot_of(word: &[u8]) -> usize {
    (word_hash(word) >> 42) as usize & (SLOTS - 1)
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

    #[test]
    fn words_are_clean_when_documents_share_them() {
        let mut vocabulary = Vocabulary::new();
        for _ in 0..2 {
            vocabulary.count(b"la seance est levee la la ");
        }
        vocabulary.count(b"la seancc seancc seancc seancc ");
        assert_eq!(vocabulary.clean_words(b"la seance est levee 2024\n"), 5);
        assert_eq!(vocabulary.clean_words(b"la seancc est levee\n"), 3, "few documents know few words");
        for _ in 0..ONE_IN {
            vocabulary.count(b"la seance est levee ");
        }
        assert_eq!(vocabulary.clean_words(b"la seancc est levee\n"), 1, "three clean ones, less two");
        assert_eq!(vocabulary.clean_words(b"a seanccc e levee\n"), 0, "never less");
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
