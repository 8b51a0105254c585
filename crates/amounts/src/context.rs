//! What stands around an amount: modifiers, and whether an everyday word is money here.

use tamis_core::Modifier;

use crate::fold::is_hyphen;
use crate::lexicon::{self, Kinds, Sense, Unit};
use crate::numeral::Numeral;
use crate::reader::{Reader, floor_boundary};

/// Bytes before and after an amount in which a word may tell that money is meant. About one clause.
const CLAUSE_BEFORE: usize = 80;
const CLAUSE_AFTER: usize = 40;

/// Whether a currency name that is also an everyday word ("livre", "won", "real") is money here.
pub(crate) fn money_is_meant(reader: Reader<'_>, number: &Numeral, unit_end: usize) -> bool {
    if number.scale > 0 {
        return true;
    }
    if number.article || word_near(reader, number.start, unit_end, Sense::AgainstCue) {
        return false;
    }
    let next = reader.skip_blanks(unit_end);
    if reader.means(next, Sense::Against).is_some() {
        return false;
    }
    number.value.is_some_and(|v| v.scale() != 0)
        || alone(reader, number.start, unit_end)
        || word_near(reader, number.start, unit_end, Sense::Cue)
}

/// Whether a pound is a weight here: "180 pounds of muscle", "pesa 10 libras".
pub(crate) fn weighs(reader: Reader<'_>, number: &Numeral, unit_end: usize, unit: Unit) -> bool {
    let pound = unit
        .family
        .and_then(|index| lexicon::families().get(usize::from(index)))
        .is_some_and(|f| f.name == "pound");
    // "a 2-pound loaf"; money is not hyphenated without a scale word.
    let hyphened = reader.char_at(number.end).is_some_and(is_hyphen);
    pound
        && (hyphened
            || reader.means(reader.skip_blanks(unit_end), Sense::Against).is_some()
            || word_near(reader, number.start, unit_end, Sense::AgainstCue))
}

/// Whether the text is nothing else, but for a modifier: a price tag, a cell of a table. A line is not enough: "Deux
/// livres" is a headline too.
pub(crate) fn alone(reader: Reader<'_>, start: usize, end: usize) -> bool {
    let start = reader.phrase_before(start, Kinds::MODIFIERS, modifier_before).map_or(start, |(_, at)| at);
    reader.slice(0, start).trim().is_empty() && reader.rest(end).trim().is_empty()
}

/// Whether a word of this sense stands in the same clause.
pub(crate) fn word_near(reader: Reader<'_>, start: usize, end: usize, wanted: Sense) -> bool {
    let floor = floor_boundary(reader.text, start.saturating_sub(CLAUSE_BEFORE));
    let ceiling = floor_boundary(reader.text, end.saturating_add(CLAUSE_AFTER));
    let ends_clause = |c: char| matches!(c, '.' | '!' | '?' | ';' | '\n');
    let from = reader.slice(floor, start).rfind(ends_clause).map_or(floor, |at| floor + at + 1);
    let to = reader.slice(end, ceiling).find(ends_clause).map_or(ceiling, |at| end + at);
    [(from, start), (end, to)].into_iter().any(|(mut at, stop)| {
        while at < stop {
            match reader.word_at(at) {
                Some(word) => {
                    // A word cut by the window's edge may match by chance: harmless, it only lends support.
                    if word
                        .entry
                        .is_some_and(|entry| entry.readings.iter().any(|reading| reading.sense == wanted))
                    {
                        return true;
                    }
                    at = word.end;
                }
                None => at = reader.letters_end(at).max(at + reader.char_at(at).map_or(1, char::len_utf8)),
            }
        }
        false
    })
}

/// Words that may stand between a verb and its amount: "plus de", "exactement".
fn modifier_before(sense: Sense) -> Option<Sense> {
    matches!(sense, Sense::Min | Sense::Max | Sense::Approx | Sense::Exact).then_some(sense)
}

fn modifier_of(sense: Sense) -> Option<Modifier> {
    match sense {
        Sense::Min | Sense::AfterMin => Some(Modifier::Min),
        Sense::Max | Sense::AfterMax => Some(Modifier::Max),
        Sense::Approx | Sense::AfterApprox => Some(Modifier::Approx),
        _ => None,
    }
}

/// Where the words of the modifier before `start` begin.
pub(crate) fn modifier_start(reader: Reader<'_>, start: usize) -> Option<usize> {
    reader.phrase_before(start, Kinds::MODIFIERS, modifier_before).map(|(_, at)| at)
}

/// The modifier of the amount at `start..end`: "plus de …", "… ou plus", "≥ …".
pub(crate) fn modifier(reader: Reader<'_>, start: usize, end: usize) -> Option<Modifier> {
    if let Some((found, _)) = reader.phrase_before(start, Kinds::MODIFIERS, modifier_before) {
        return modifier_of(found);
    }
    let before = reader.blanks_before(start);
    let mark = reader.char_before(before);
    let equal = mark == Some('=');
    let mark = if equal { reader.char_before(reader.blanks_before(before - 1)) } else { mark };
    match mark {
        Some('>' | '≥' | '⩾') => return Some(Modifier::Min),
        Some('<' | '≤' | '⩽') => return Some(Modifier::Max),
        Some('~' | '≈' | '≃' | '±' | '∼') if !equal => return Some(Modifier::Approx),
        _ => {}
    }
    let after = |sense| match sense {
        Sense::AfterMin | Sense::AfterMax | Sense::AfterApprox => modifier_of(sense),
        _ => None,
    };
    reader.phrase(reader.skip_blanks(end), Kinds::AFTER, after).map(|(modifier, _)| modifier)
}
