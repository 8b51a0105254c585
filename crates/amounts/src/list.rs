//! Lists: "10, 20 et 30 millions d’euros". The last number tells scale and unit, all others have them from it.
//!
//! Two numbers before the last at least, with a comma between them: "12 et 30 millions" may be a day and a sum.

use tamis_core::Decimal;

use crate::expression::{self, Expression, Outcome};
use crate::guards;
use crate::lexicon::{Kinds, Sense};
use crate::numeral::Manner;
use crate::range;
use crate::reader::Reader;
use crate::unit::Counted;

/// Most numbers before the last; a longer row of them is the row of a table.
const MOST: usize = 8;

/// A number of a list, before the last.
#[derive(Clone, Copy, Default)]
pub(crate) struct Member {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) value: Option<Decimal>,
}

/// Numbers that share a unit.
pub(crate) struct List {
    members: [Member; MOST],
    count: usize,
    /// The number with the unit.
    pub(crate) last: Expression,
}

impl List {
    /// All but the last, in order.
    pub(crate) fn members(&self) -> impl Iterator<Item = Member> {
        self.members.iter().take(self.count).copied()
    }
}

/// The list that starts with `first`, if one does.
pub(crate) fn read(reader: Reader<'_>, first: &Expression) -> Option<List> {
    if reader.byte(first.end) != Some(b',') || range::head(reader, first.start).is_some() {
        return None;
    }
    let mut members = [Member::default(); MOST];
    let mut count = 0;
    let mut current = *first;
    loop {
        if !is_member(reader, &current) {
            return None;
        }
        *members.get_mut(count)? = Member { start: current.start, end: current.end, value: current.value };
        count += 1;
        let (at, closing) = next(reader, current.end)?;
        let Outcome::Found(found) = expression::read(reader, at, Manner::default()) else { return None };
        if !closing {
            current = found;
            continue;
        }
        let counts = matches!(
            found.counted,
            Some(Counted::Money(_) | Counted::Percent | Counted::Permille | Counted::Points)
        );
        if count < 2
            || !counts
            || found.prefixed
            || !found.number.figures
            || guards::is_reference(reader, &found)
        {
            return None;
        }
        for member in members.iter_mut().take(count) {
            member.value = member.value.and_then(|value| value.shifted(found.scale));
        }
        return Some(List { members, count, last: found });
    }
}

/// Whether this is a number without scale and unit. Years are none, and no reference is.
fn is_member(reader: Reader<'_>, found: &Expression) -> bool {
    let number = &found.number;
    found.counted.is_none()
        && found.scale == 0
        && number.figures
        && (number.marked || number.digits <= 3)
        && !guards::is_reference(reader, found)
}

/// Where the next number stands, and whether it is the last: behind "and" or "or".
fn next(reader: Reader<'_>, end: usize) -> Option<(usize, bool)> {
    let comma = reader.byte(end) == Some(b',');
    let at = reader.skip_blanks(if comma { end + 1 } else { end });
    let closing = |sense| matches!(sense, Sense::And | Sense::Or).then_some(());
    match reader.phrase(at, Kinds::AND.or(Kinds::OR), closing) {
        Some(((), after)) => Some((reader.skip_blanks(after), true)),
        None => (comma && at > end + 1).then_some((at, false)),
    }
}
