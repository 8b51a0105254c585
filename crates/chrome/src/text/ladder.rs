//! The ladder: what stays when the verdicts would leave too little.

use crate::Rung;

use super::place::Place;
use super::sheet::SCALE;
use super::sign::Last;
use super::unit::Unit;

/// Three units of log-odds: twice as much is added to paragraphs of sentences on the first step, and so much to every
/// margin on the second.
const DOUBT: i64 = 3 * SCALE as i64;

/// Climbs down the ladder when too little of the prose would be left, as on pages that are no article: first paragraphs
/// of sentences stay if none would, then what is removed by a narrow margin, then every unit that looks like prose, then
/// everything.
pub(super) fn climb(units: &[Unit], places: &[Place], margins: &mut [i64]) -> Rung {
    if units.is_empty() {
        return Rung::Core;
    }
    if is_thread(places, margins) {
        for (margin, place) in margins.iter_mut().zip(places).filter(|(_, place)| is_reply(place)) {
            *margin = (*margin).max(place.alone.into());
        }
        return Rung::Relaxed;
    }
    let told = tells(units, places, margins);
    if told && is_enough(units, places, margins) {
        return Rung::Core;
    }
    if !told {
        // A short article inside a menu of hundreds of lines: all around it speaks against it.
        for (margin, (unit, place)) in margins.iter_mut().zip(units.iter().zip(places)) {
            if is_statement(unit, place) {
                *margin += 2 * DOUBT;
            }
        }
        if is_enough(units, places, margins) {
            return Rung::Relaxed;
        }
    }
    for margin in margins.iter_mut() {
        *margin += DOUBT;
    }
    if is_enough(units, places, margins) {
        return Rung::Relaxed;
    }
    for (margin, place) in margins.iter_mut().zip(places) {
        *margin = (*margin).max(place.alone.into());
    }
    if units.iter().zip(&*margins).any(|(unit, &margin)| margin >= 0 && unit.sum.tokens > 0) {
        return Rung::Prose;
    }
    margins.fill(0);
    Rung::Everything
}

/// A paragraph of sentences, by its words and ends alone. Where it stands does not count, and it may be cut short.
fn is_statement(unit: &Unit, place: &Place) -> bool {
    let ended = unit.sum.sentences >= 1 || matches!(unit.sum.last, Last::Terminal | Last::Quoted);
    ended && place.label == 0 && place.words >= 20 && unit.share(unit.sum.stops) >= 28
}

/// Is a paragraph of sentences kept, if there is one? Titles of a menu and teasers alone are no article.
fn tells(units: &[Unit], places: &[Place], margins: &[i64]) -> bool {
    let mut any = false;
    for ((unit, place), &margin) in units.iter().zip(places).zip(margins) {
        if is_statement(unit, place) {
            any = true;
            if margin >= 0 {
                return true;
            }
        }
    }
    !any
}

/// Prose that stands a little under a label of comments.
fn is_reply(place: &Place) -> bool {
    place.alone > 0 && place.since[0] <= 12
}

/// Is the document a thread of posts? Then what looks like comments is what it is about. An article that readers
/// comment on is longer than a post, so there must be little else, and several replies that outweigh it.
fn is_thread(places: &[Place], margins: &[i64]) -> bool {
    let (mut kept, mut replies, mut words) = (0_u64, 0_u32, 0_u64);
    for (place, &margin) in places.iter().zip(margins).filter(|(place, _)| place.alone > 0) {
        if margin >= 0 {
            kept += u64::from(place.words);
        } else if is_reply(place) {
            replies += 1;
            words += u64::from(place.words);
        }
    }
    kept < 120 && replies >= 3 && words > kept
}

/// Is what would be kept worth calling an article? The article of a page may be a tenth of its prose, where readers
/// comment much; a twentieth never was.
fn is_enough(units: &[Unit], places: &[Place], margins: &[i64]) -> bool {
    let (mut words, mut prose, mut kept) = (0_u64, 0_u64, 0_u64);
    for ((unit, place), &margin) in units.iter().zip(places).zip(margins) {
        let own = if place.alone > 0 { u64::from(place.words) } else { 0 };
        prose += own;
        if margin >= 0 {
            kept += own;
            words += u64::from(unit.sum.tokens);
        }
    }
    words > 0 && kept * 16 >= prose && (kept >= 25 || kept * 3 >= prose)
}
