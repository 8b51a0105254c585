//! Judging one line by one route.

use super::Unit;
use super::measure::{self, Price};
use super::routes::{self, Route};
use crate::letters::{Cost, Language};

/// The dearest price of a repaired character with its neighbours: what it becomes must be likely, not only likelier.
const PLAUSIBLE: Cost = 150;
/// Words that prove nothing alone do so together.
const WEAK_WORDS: usize = 3;

/// A word before and after, as ranges of the line's units.
#[derive(Debug, Clone, Copy)]
struct Word {
    old: (usize, usize),
    new: (usize, usize),
    /// It holds a sequence that is hardly there by chance.
    strong: bool,
}

/// What a repair of a line does.
#[derive(Debug)]
pub(super) struct Outcome {
    /// What it saves, in tenths of a bit.
    pub(super) gain: Cost,
    /// How many characters fewer the line has.
    pub(super) fewer: usize,
    pub(super) line: Vec<Unit>,
}

/// Repairs the words of a line by a route where that saves. `None` when there is nothing to do or nothing proves it;
/// `proven` when earlier lines have.
pub(super) fn repair(
    units: &[Unit],
    route: &Route,
    proven: bool,
    main: Option<&'static Language>,
) -> Option<Outcome> {
    let outcome = repair_with(units, route, false, proven, main)?;
    // No-break spaces are often made plain after the damage: with the line's other sequences for evidence, a space counts.
    let Some(again) = repair_with(&outcome.line, route, true, true, main) else { return Some(outcome) };
    Some(Outcome { gain: outcome.gain + again.gain, fewer: outcome.fewer + again.fewer, line: again.line })
}

fn repair_with(
    units: &[Unit],
    route: &Route,
    spaces: bool,
    proven: bool,
    main: Option<&'static Language>,
) -> Option<Outcome> {
    let (repaired, words) = read_words(units, route, spaces)?;
    let mut gain = 0;
    let (mut kept, mut plausible_words, mut strong) = (Vec::new(), 0, false);
    for word in words {
        let before = price(units.get(word.old.0..word.old.1)?, main);
        let new = repaired.get(word.new.0..word.new.1)?;
        let after = price(new, main);
        if after.cost >= before.cost {
            continue;
        }
        if proven || is_plausible(new, main, route) {
            gain += before.cost - after.cost;
            plausible_words += 1;
            strong |= word.strong;
        }
        kept.push(word);
    }
    if plausible_words == 0 || !proven && plausible_words < WEAK_WORDS && !strong {
        return None;
    }
    // Words that the repair would spoil stay as they were.
    let mut line = Vec::with_capacity(repaired.len());
    let mut from = 0;
    for word in kept {
        line.extend_from_slice(units.get(from..word.old.0)?);
        line.extend_from_slice(repaired.get(word.new.0..word.new.1)?);
        from = word.old.1;
    }
    line.extend_from_slice(units.get(from..)?);
    Some(Outcome { gain, fewer: units.len() - line.len(), line })
}

/// Where a sequence may start, and by which routes, a bit each. All but a few of a good line's characters start none, and
/// no route needs to look at them.
pub(super) fn suspects(units: &[Unit]) -> Vec<(usize, u16)> {
    let pairs = units.iter().zip(units.iter().skip(1)).enumerate();
    let suspect = |(at, (unit, next)): (usize, (&Unit, &Unit))| {
        let routes = if unit.c.is_ascii() { 0 } else { routes::possible(unit.c, next.c) };
        (routes != 0).then_some((at, routes))
    };
    pairs.filter_map(suspect).collect()
}

/// Where a route's sequences may start.
fn suspects_of<'a>(suspects: &'a [(usize, u16)], route: &Route) -> impl Iterator<Item = usize> + use<'a> {
    let bit = 1 << route.place;
    suspects.iter().filter(move |(_, routes)| routes & bit != 0).map(|&(at, _)| at)
}

/// How many sequences the route reads in the line.
pub(super) fn count(units: &[Unit], suspects: &[(usize, u16)], route: &Route) -> usize {
    let (mut end, mut count) = (0, 0);
    for at in suspects_of(suspects, route) {
        if at >= end
            && let Some((len, _)) = route.sequence(units, at, false)
        {
            count += 1;
            end = at + len;
        }
    }
    count
}

/// The line with all of the route's sequences read, and the words that hold some.
fn read_words(units: &[Unit], route: &Route, spaces: bool) -> Option<(Vec<Unit>, Vec<Word>)> {
    let suspects = suspects(units);
    let first = suspects_of(&suspects, route).find(|&at| route.sequence(units, at, spaces).is_some())?;
    let mut next = suspects_of(&suspects, route).skip_while(|&at| at < first).peekable();
    let mut repaired = Vec::with_capacity(units.len());
    let mut words = Vec::new();
    let (mut start, mut found) = ((0, 0), None);
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        while next.next_if(|&suspect| suspect < at).is_some() {}
        if next.peek() == Some(&at)
            && let Some((len, c)) = route.sequence(units, at, spaces)
        {
            let end = units.get(at + len - 1).map_or(unit.end, |last| last.end);
            let is_letter = |at: Option<usize>| {
                at.and_then(|at| units.get(at)).is_some_and(|unit| unit.c.is_ascii_alphabetic())
            };
            let neighbours = is_letter(at.checked_sub(1)) || is_letter(Some(at + len));
            let follows = repaired.last().is_some_and(|last: &Unit| last.changed);
            let strong = len > 2 || neighbours || follows || unit.c == 'Â';
            found = Some(found.unwrap_or(false) || strong);
            repaired.push(Unit { c, start: unit.start, end, changed: true });
            at += len;
            continue;
        }
        repaired.push(*unit);
        at += 1;
        if unit.c.is_ascii_whitespace() {
            if let Some(strong) = found.take() {
                words.push(Word { old: (start.0, at), new: (start.1, repaired.len()), strong });
            }
            start = (at, repaired.len());
        }
    }
    if let Some(strong) = found {
        words.push(Word { old: (start.0, at), new: (start.1, repaired.len()), strong });
    }
    Some((repaired, words))
}

fn price(units: &[Unit], main: Option<&'static Language>) -> Price {
    measure::price(units.iter().map(|unit| unit.c), main)
}

/// The repaired characters are such as words have, once all that is mojibake still is read too.
fn is_plausible(units: &[Unit], main: Option<&'static Language>, route: &Route) -> bool {
    let mut word = units.to_vec();
    for _ in 0..super::ROUNDS {
        match read_words(&word, route, false) {
            Some((read, _)) => word = read,
            None => break,
        }
    }
    let at = |place: Option<usize>| place.and_then(|place| word.get(place)).map_or(' ', |unit| unit.c);
    let (mut total, mut count) = (0, 0);
    for (place, unit) in word.iter().enumerate().filter(|(_, unit)| unit.changed) {
        if let Some(language) = price(letters_around(&word, place), main).language {
            total += measure::cost_between(at(place.checked_sub(1)), unit.c, at(Some(place + 1)), language);
        }
        count += 1;
    }
    total <= PLAUSIBLE * count
}

/// The stretch of letters that a unit stands in, at most so many to each side: a token may hold several words, of several
/// languages, and a text without spaces must not be read again for each of its characters.
fn letters_around(units: &[Unit], place: usize) -> &[Unit] {
    const REACH: usize = 12;
    let is_letter = |unit: &&Unit| unit.c.is_alphabetic();
    let (before, after) = units.split_at_checked(place + 1).unwrap_or((units, &[]));
    let letters_before = before.iter().rev().skip(1).take(REACH).take_while(is_letter).count();
    let letters_after = after.iter().take(REACH).take_while(is_letter).count();
    let start = place.saturating_sub(letters_before);
    units.get(start..before.len() + letters_after).unwrap_or(units)
}
