//! Magnitudes without a value, and counts by the dozen: "des dizaines de milliards d’euros", "une centaine d'euros".

use tamis_core::Decimal;

use crate::fold::is_apostrophe;
use crate::lexicon::{Kinds, Sense};
use crate::reader::Reader;
use crate::unit::{self, Counted};

/// A magnitude and what it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Magnitude {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// "une dizaine de millions": about this. `None` for "des dizaines".
    pub(crate) about: Option<Decimal>,
    /// A scale word of 10^5 or more takes part.
    pub(crate) scaled: bool,
    /// Power of ten of its words.
    pub(crate) power: u8,
    pub(crate) counted: Option<Counted>,
}

/// Reads a magnitude at `at`; `None` when there is none, or a number says it exactly.
pub(crate) fn read(reader: Reader<'_>, at: usize) -> Option<Magnitude> {
    let head = |sense| match sense {
        Sense::Vague => Some(None),
        Sense::Article(n) => Some(Some(n)),
        _ => None,
    };
    let (count, mut end) = match reader.phrase(at, Kinds::VAGUE.or(Kinds::ARTICLE), head) {
        Some((count, end)) => (count, reader.skip_blanks(end)),
        None => (None, at),
    };
    let determined = end > at;
    let mut about = count.map(|n| Decimal::new(i128::from(n), 0));
    let (mut words, mut power, mut scaled, mut collective, mut thousand, mut last) =
        (0, 0_u8, false, false, false, at);
    loop {
        // "thousands" is both.
        let collective_word = |sense| matches!(sense, Sense::Collective(_)).then_some(sense);
        let scale_word = |sense| matches!(sense, Sense::Scale(_)).then_some(sense);
        let found = reader
            .phrase(end, Kinds::COLLECTIVE, collective_word)
            .or_else(|| reader.phrase(end, Kinds::SCALE, scale_word));
        let Some((sense, stop)) = found else { break };
        about = match (about, sense) {
            (Some(value), Sense::Collective(n)) => {
                Some(Decimal::new(value.mantissa().checked_mul(i128::from(n))?, 0))
            }
            (Some(value), Sense::Scale(scale)) => value.shifted(scale),
            _ => None,
        };
        power = power.saturating_add(match sense {
            Sense::Collective(n) => n.checked_ilog10().unwrap_or_default() as u8,
            Sense::Scale(scale) => scale,
            _ => 0,
        });
        collective |= matches!(sense, Sense::Collective(_));
        scaled |= matches!(sense, Sense::Scale(5..));
        if words == 0 {
            thousand = sense == Sense::Scale(3);
        }
        words += 1;
        last = stop;
        end = past_link(reader, stop);
        if words == 4 {
            break;
        }
    }
    // "un million" is a number; "quelques euros" tells no magnitude.
    if words == 0
        || count.is_some() && !collective
        || !(determined || collective || !thousand && bare_plural(reader, at, last))
    {
        return None;
    }
    let counted = unit::suffix(reader, last)
        .filter(|suffix| suffix.scale == 0)
        .map(|suffix| (suffix.counted, suffix.end));
    let money =
        counted.filter(|(counted, _)| matches!(counted, Counted::Money(unit) if !unit.is_weak() || scaled));
    if !determined && !collective && money.is_none() {
        return None;
    }
    let end = money.map_or(last, |(_, end)| end);
    Some(Magnitude { start: at, end, about, scaled, power, counted: money.map(|(counted, _)| counted) })
}

/// Past "de", "d’", "of".
fn past_link(reader: Reader<'_>, at: usize) -> usize {
    let start = reader.skip_blanks(at);
    match reader.means(start, Sense::Link) {
        Some(end) => {
            let apostrophe = reader.char_at(end).filter(|c| is_apostrophe(*c)).map_or(0, char::len_utf8);
            reader.skip_blanks(end + apostrophe)
        }
        None => start,
    }
}

/// "millions of dollars", but not "(in millions of euros)", the head of a table.
fn bare_plural(reader: Reader<'_>, start: usize, end: usize) -> bool {
    let plural =
        ["s", "i", "onen", "oenen", "arden"].iter().any(|ending| reader.slice(start, end).ends_with(ending));
    let before = reader.blanks_before(start);
    let word = reader.slice(reader.letters_before(before), before);
    let follows_word = reader.char_before(before).is_some_and(|c| c.is_alphabetic() || c == ',');
    plural && follows_word && before < start && !["in", "In", "en", "En", "em", "Em", "x"].contains(&word)
}
