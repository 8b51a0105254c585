//! Ranges: "entre 12 et 18 milliards d’euros", "$3-5bn", "10 à 15 %".
//!
//! The end of a range tells what its start left out: scale and unit are distributed, unless the start has its own or
//! the ends would fall out of order ("12 000 à 15 millions").

use tamis_core::Decimal;

use crate::context;
use crate::expression::{self, Expression, Outcome};
use crate::fold::is_dash;
use crate::guards;
use crate::lexicon::{Kinds, Sense, Unit};
use crate::numeral::Manner;
use crate::reader::Reader;
use crate::unit::{self, Counted};

/// Two ends and what they count.
pub(crate) struct Range {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) low: Option<Decimal>,
    pub(crate) high: Option<Decimal>,
    pub(crate) counted: Option<Counted>,
    /// A scale word takes part.
    pub(crate) scaled: bool,
    /// Power of ten of the larger scale word; 0 without one.
    pub(crate) scale: u8,
    /// One end has its scale or unit from the other.
    pub(crate) inherited: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Connector {
    Dash,
    To,
    Or,
    And,
}

/// The start of "entre" before the first end.
pub(crate) fn head(reader: Reader<'_>, start: usize) -> Option<usize> {
    reader
        .phrase_before(start, Kinds::BETWEEN, |sense| (sense == Sense::Between).then_some(()))
        .map(|((), at)| at)
}

/// What joins an expression to another, and where that must start.
fn connector(reader: Reader<'_>, end: usize) -> Option<(Connector, usize)> {
    let gap = reader.skip_blanks(end);
    let c = reader.char_at(gap)?;
    if is_dash(c) {
        let after = gap + c.len_utf8();
        let at = reader.skip_blanks(after);
        // "10 -20 %" is a number and a negative one.
        let sign = gap > end && at == after && reader.digit_at(at) && c != '–' && c != '—';
        return (!sign).then_some((Connector::Dash, at));
    }
    let pick = |sense| match sense {
        Sense::And => Some(Connector::And),
        Sense::To => Some(Connector::To),
        Sense::Or => Some(Connector::Or),
        _ => None,
    };
    let (connector, after) = reader.phrase(gap, Kinds::AND.or(Kinds::TO).or(Kinds::OR), pick)?;
    Some((connector, reader.skip_blanks(after)))
}

/// The range that starts with `first`, if one does. Ranges of bare numbers only with `numbers`.
pub(crate) fn read(reader: Reader<'_>, first: &Expression, numbers: bool) -> Option<Range> {
    let (connector, mut at) = connector(reader, first.end)?;
    let head = head(reader, first.start);
    let between = head.is_some();
    if connector == Connector::And && !between {
        return None;
    }
    if between && connector != Connector::Dash {
        // "entre 3 millions et plus de 10 millions".
        let bound = |sense| matches!(sense, Sense::Min | Sense::Max | Sense::Approx).then_some(());
        at = reader.phrase(at, Kinds::BOUNDS, bound).map_or(at, |((), end)| reader.skip_blanks(end));
    }
    let dash = connector == Connector::Dash;
    let Outcome::Found(second) = expression::read(reader, at, Manner::default()) else { return None };
    // "3 millions - un record".
    if second.number.article && (dash || second.counted.is_none()) {
        return None;
    }
    if guards::is_reference(reader, first) || !dash && guards::is_reference(reader, &second) {
        return None;
    }
    // "de 3 % en 2016 à 900 millions".
    let plain_year = first.number.figures && !first.number.marked && first.number.digits == 4;
    if plain_year && first.counted.is_none() && second.scale > 0 {
        return None;
    }
    let shared = match (first.counted, second.counted) {
        // "passé de 12 % à 19 %" is a change, "20 euros ou 30 dollars" a choice: percentages with a sign each are a
        // range by dash or "between" only, and sums when no word of change stands near.
        (Some(a), Some(b)) => {
            let change = || context::word_near(reader, first.start, first.end, Sense::Change);
            let sums = matches!(a, Counted::Money(_)) && connector == Connector::To;
            unit::same(a, b) && (dash || between || sums && !change())
        }
        (None, Some(_)) => !second.prefixed,
        (Some(_), None) => first.prefixed && second.number.figures && !reader.letter_at(second.end),
        (None, None) => bare(reader, first, &second, dash, numbers),
    };
    let Ends { low, high, scaled } = if shared { ends(first, &second, dash)? } else { return None };
    let counted = match (first.counted, second.counted) {
        // The more telling of "$3-5 USD" and "US$3-5".
        (Some(Counted::Money(Unit { code: None, .. })) | None, other) => other.or(first.counted),
        (told, _) => told,
    };
    let scale = first.scale.max(second.scale);
    Some(Range {
        start: head.unwrap_or(first.start),
        end: second.end,
        low,
        high,
        counted,
        scaled: scale >= 5 || scale > 0 && second.number.figures,
        scale,
        inherited: scaled || first.counted.is_some() != second.counted.is_some(),
    })
}

/// The values of a range's ends, and whether the first has its scale from the second.
struct Ends {
    low: Option<Decimal>,
    high: Option<Decimal>,
    scaled: bool,
}

/// Both values, with the scale and unit of the second where the first has none; `None` when they fall out of order.
fn ends(first: &Expression, second: &Expression, dash: bool) -> Option<Ends> {
    let (mut low, high) = (first.value, second.value);
    let mut distributed = false;
    if first.scale == 0 && second.scale > 0 && (first.counted.is_none() || first.prefixed) {
        let scaled = low.and_then(|low| low.shifted(second.scale));
        if scaled.zip(high).is_some_and(|(low, high)| low <= high) {
            low = scaled;
            distributed = true;
        }
    }
    if matches!((first.counted, second.counted), (None, Some(Counted::Subunit(_)))) {
        low = low.map(|low| Decimal::new(low.mantissa(), low.scale().saturating_add(2)));
    }
    match low.zip(high) {
        Some((low, high)) if low > high => {
            // "de 10 euros à 5 euros": from the larger end.
            let turned = Ends { low: Some(high), high: Some(low), scaled: distributed };
            (!dash && first.counted.is_some()).then_some(turned)
        }
        _ => Some(Ends { low, high, scaled: distributed }),
    }
}

/// Two numbers without a unit are a range only when nothing makes them a reference ("12-3456", "2014-15").
fn bare(reader: Reader<'_>, first: &Expression, second: &Expression, dash: bool, numbers: bool) -> bool {
    let scaled = first.scale > 0 || second.scale > 0;
    let whole = Expression { start: first.start, ..*second };
    (scaled || numbers)
        && !(dash && guards::is_reference(reader, &whole))
        && first.value.zip(second.value).is_some_and(|(low, high)| low < high || scaled)
}
