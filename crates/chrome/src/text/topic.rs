//! What the article is about: which words of a unit the core of the document uses elsewhere.
//!
//! A title shares its words with the article below it, the headline of another article does not. Content words of the
//! core are entered in a table of hashes, with the paragraph they stand in; each unit is then compared with it.

use super::earlier::Earlier;
use super::line::{Content, Line};
use super::place::{Outline, Place};
use super::unit::{Unit, zeros};

/// Slots for each content word of the core, and how many there are at most (16 MB).
const SPARSE: usize = 4;
const LARGEST: usize = 1 << 22;

/// With fewer content words in the rest of the core, a paragraph that shares none is no surprise.
const ENOUGH: u32 = 40;

/// A slot holds the paragraph a word stands in (plus one), or [`MANY`], and bits of the word to tell it by. Paragraphs
/// beyond the last number share it.
const NUMBERS: u32 = 0x7FFF;
const MANY: u32 = NUMBERS;

/// The words of the core, one a slot: of two words with the same slot the later is known. So a look-up has no branch, and
/// one word in ten goes unrecognised, where without the bits as many would be taken for another.
struct Table<'a> {
    slots: &'a mut [u32],
    shift: u32,
}

impl Table<'_> {
    #[inline]
    fn place(&self, word: u32) -> usize {
        (word.wrapping_mul(0x9E37_79B9) >> self.shift) as usize
    }

    /// Enters words of a paragraph.
    #[inline(never)]
    fn enter(&mut self, words: &[u32], paragraph: u32) {
        for &word in words {
            let place = self.place(word);
            let Some(slot) = self.slots.get_mut(place) else { break };
            *slot = (word & !NUMBERS) | paragraph | (MANY & elsewhere(*slot, word, paragraph));
        }
    }

    /// How many of the words stand in another paragraph of the core.
    #[inline(never)]
    fn shared(&self, words: &[u32], paragraph: u32) -> u32 {
        let mut shared = 0;
        for &word in words {
            let Some(&slot) = self.slots.get(self.place(word)) else { break };
            shared += elsewhere(slot, word, paragraph) & 1;
        }
        shared
    }
}

/// All bits if a slot holds the word from another paragraph, otherwise none. An empty slot has the number 0, which no
/// paragraph of the core has, and the bits of one word in many.
///
/// Without a comparison: compilers make branches of them, and these are mispredicted for a word in three.
#[inline]
const fn elsewhere(slot: u32, word: u32, paragraph: u32) -> u32 {
    let number = slot & NUMBERS;
    // Both are below 2^15, and their product is 0 if one of them is.
    let other = (number * (number ^ paragraph)).wrapping_neg();
    let same = ((slot ^ word) >> NUMBERS.count_ones()).wrapping_sub(1);
    ((other & same).cast_signed() >> 31).cast_unsigned()
}

/// Fills in [`Place::shared`].
///
/// `table` says of each word whether one paragraph of the core has it, and which, or several.
pub(crate) fn compare(
    document: Words<'_>,
    units: &[Unit],
    outline: &Outline,
    earlier: &Earlier,
    table: &mut Vec<u32>,
    places: &mut [Place],
) {
    if earlier.shared(outline, places) {
        return;
    }
    let mut total = 0_u32;
    for at in counted(outline.core, places) {
        if let Some(unit) = units.get(at) {
            document.each(unit, |words| total += words.len() as u32);
        }
    }
    let size = (total as usize * SPARSE).next_power_of_two().clamp(64, LARGEST);
    let mut table = Table { slots: zeros(table, size), shift: 32 - size.trailing_zeros() };
    for at in counted(outline.core, places) {
        let own = number(at - outline.core.0);
        if let Some(unit) = units.get(at) {
            document.each(unit, |words| table.enter(words, own));
        }
    }
    for (at, unit) in units.iter().enumerate() {
        let counts = counts(outline.core, places, at);
        let own = if counts { number(at - outline.core.0) } else { 0 };
        let (mut all, mut shared) = (0_u32, 0_u32);
        document.each(unit, |words| {
            all += words.len() as u32;
            shared += table.shared(words, own);
        });
        let elsewhere = if counts { total - all } else { total };
        if elsewhere >= ENOUGH
            && let Some(place) = places.get_mut(at)
        {
            place.shared = (u64::from(shared) * 100).checked_div(all.into()).map(|share| share as u32);
        }
    }
}

/// Do the words of a unit count as words of the core? It must look like prose.
pub(crate) fn counts((start, end): (usize, usize), places: &[Place], at: usize) -> bool {
    at >= start && at < end && places.get(at).is_some_and(|place| place.alone > 0)
}

/// The units whose words count as words of the core.
pub(crate) fn counted((start, end): (usize, usize), places: &[Place]) -> impl Iterator<Item = usize> {
    let prose = |&(_, place): &(usize, &Place)| place.alone > 0;
    places.iter().enumerate().take(end).skip(start).filter(prose).map(|(at, _)| at)
}

/// So many paragraphs have numbers of their own.
pub(crate) const PARAGRAPHS: usize = MANY as usize - 2;

/// The number of a paragraph of the core.
fn number(at: usize) -> u32 {
    (at as u32 + 1).min(MANY - 1)
}

/// The content words of a document's lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) lines: &'a [Line],
    /// The lines that are still there.
    pub(crate) kept: &'a [bool],
    pub(crate) content: &'a Content,
}

impl Words<'_> {
    /// Calls `found` with the words of a unit, in one piece or, if lines have gone from it, in several.
    #[inline]
    fn each(&self, unit: &Unit, mut found: impl FnMut(&[u32])) {
        if !unit.holed {
            found(self.content.words(unit.sum.content));
            return;
        }
        let range = unit.lines.0 as usize..unit.lines.1 as usize;
        let lines = self.lines.get(range.clone()).unwrap_or_default();
        for (line, _) in lines.iter().zip(self.kept.get(range).unwrap_or_default()).filter(|&(_, &kept)| kept)
        {
            found(self.content.words(line.content));
        }
    }
}
