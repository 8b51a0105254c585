//! What the article is about: which words of a unit the core of the document uses elsewhere.
//!
//! A title shares its words with the article below it, the headline of another article does not. Content words of the
//! core are counted in a table of hashes; each unit is then compared with the counts, less its own.

use super::line::Line;
use super::place::{Outline, Place};
use super::unit::Unit;

/// Counters for each content word of the core, so that few words share one, and how many there are at most (16 MB).
const SPARSE: usize = 4;
const LARGEST: usize = 1 << 22;

/// With fewer content words in the rest of the core, a paragraph that shares none is no surprise.
const ENOUGH: u32 = 40;

/// Fills in [`Place::shared`].
pub(crate) fn compare(
    (units, lines, kept, content): (&[Unit], &[Line], &[bool], &[u32]),
    outline: Outline,
    table: &mut Vec<u32>,
    places: &mut [Place],
) {
    let words = |unit: &Unit| {
        let range = unit.lines.0 as usize..unit.lines.1 as usize;
        let lines =
            lines.get(range.clone()).unwrap_or_default().iter().zip(kept.get(range).unwrap_or_default());
        lines.filter(|&(_, &kept)| kept).flat_map(|(line, _)| {
            content.get(line.content.0 as usize..line.content.1 as usize).unwrap_or_default().iter().copied()
        })
    };
    let (start, end) = outline.core;
    let mut total = 0_u32;
    for (unit, place) in units.iter().zip(places.iter()).take(end).skip(start) {
        if place.alone > 0 {
            total += words(unit).count() as u32;
        }
    }
    let size = (total as usize * SPARSE).next_power_of_two().clamp(64, LARGEST);
    let slot = |word: u32| word.wrapping_mul(0x9E37_79B9) as usize >> (32 - size.trailing_zeros());
    table.clear();
    table.resize(size, 0);
    for (unit, place) in units.iter().zip(places.iter()).take(end).skip(start) {
        if place.alone > 0 {
            for word in words(unit) {
                if let Some(count) = table.get_mut(slot(word)) {
                    *count += 1;
                }
            }
        }
    }
    for (at, (unit, place)) in units.iter().zip(places.iter_mut()).enumerate() {
        let counted = at >= start && at < end && place.alone > 0;
        if counted {
            for word in words(unit) {
                if let Some(count) = table.get_mut(slot(word)) {
                    *count -= 1;
                }
            }
        }
        let (mut all, mut shared) = (0_u32, 0_u32);
        for word in words(unit) {
            all += 1;
            shared += u32::from(table.get(slot(word)).is_some_and(|&count| count > 0));
        }
        let own = if counted { all } else { 0 };
        if total >= own + ENOUGH {
            place.shared = (u64::from(shared) * 100).checked_div(all.into()).map(|share| share as u32);
        }
        if counted {
            for word in words(unit) {
                if let Some(count) = table.get_mut(slot(word)) {
                    *count += 1;
                }
            }
        }
    }
}
