//! What the article is about: which words of a unit the core of the document uses elsewhere.
//!
//! A title shares its words with the article below it, the headline of another article does not. Content words of the
//! core are entered in a table of hashes, with the paragraph they stand in; each unit is then compared with it.

use super::line::{Content, Line};
use super::place::{Outline, Place};
use super::unit::Unit;

/// Slots for each content word of the core, so that few words share one, and how many there are at most (16 MB).
const SPARSE: usize = 4;
const LARGEST: usize = 1 << 22;

/// With fewer content words in the rest of the core, a paragraph that shares none is no surprise.
const ENOUGH: u32 = 40;

/// Words of more than one paragraph.
const MANY: u32 = u32::MAX;

/// Fills in [`Place::shared`].
///
/// `table` says of each word whether one paragraph of the core has it, and which (plus one), or [`MANY`].
pub(crate) fn compare(
    document: Words<'_>,
    units: &[Unit],
    outline: &Outline,
    table: &mut Vec<u32>,
    places: &mut [Place],
) {
    let (start, end) = outline.core;
    let counts = |at: usize, place: &Place| at >= start && at < end && place.alone > 0;
    let mut total = 0_u32;
    for (unit, place) in units.iter().zip(places.iter()).take(end).skip(start) {
        if place.alone > 0 {
            document.each(unit, |words| total += words.len() as u32);
        }
    }
    let size = (total as usize * SPARSE).next_power_of_two().clamp(64, LARGEST);
    let shift = 32 - size.trailing_zeros();
    let slot = |word: u32| (word.wrapping_mul(0x9E37_79B9) >> shift) as usize;
    table.clear();
    table.resize(size, 0);
    for (at, (unit, place)) in units.iter().zip(places.iter()).enumerate().take(end).skip(start) {
        if place.alone > 0 {
            let own = at as u32 + 1;
            document.each(unit, |words| {
                for &word in words {
                    if let Some(paragraph) = table.get_mut(slot(word)) {
                        *paragraph = if *paragraph == 0 || *paragraph == own { own } else { MANY };
                    }
                }
            });
        }
    }
    for (at, (unit, place)) in units.iter().zip(places.iter_mut()).enumerate() {
        let own = at as u32 + 1;
        let (mut all, mut shared) = (0_u32, 0_u32);
        document.each(unit, |words| {
            all += words.len() as u32;
            for &word in words {
                let paragraph = table.get(slot(word)).copied().unwrap_or(0);
                shared += u32::from(paragraph != 0 && paragraph != own);
            }
        });
        let elsewhere = if counts(at, place) { total - all } else { total };
        if elsewhere >= ENOUGH {
            place.shared = (u64::from(shared) * 100).checked_div(all.into()).map(|share| share as u32);
        }
    }
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
