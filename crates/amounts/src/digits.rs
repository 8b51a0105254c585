//! Numbers in figures: separators, groups, and what only looks like a number.
//!
//! A run is read once, left to right, whatever its length: blocks of digits with one separator between each two. The
//! separators decide: groups of three, decimals, or neither ("27.12.2025", "192.168.0.1", "3.11.2"), and a run that
//! is neither is passed over as a whole, so that no part of a date becomes an amount.

use tamis_core::Decimal;

use crate::fold::{is_apostrophe, is_blank};
use crate::reader::Reader;

/// A run of digits and separators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    Number(Figures),
    /// Not a number: a date, a time, a version, a telephone number. Its end.
    Other(usize),
}

/// A number in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// `None`: more digits than a [`Decimal`] holds.
    pub(crate) value: Option<Decimal>,
    /// Written with groups or decimals: no year, no page number.
    pub(crate) marked: bool,
    /// Digits before the decimal separator.
    pub(crate) digits: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Point,
    Comma,
    Apostrophe,
    Blank,
}

/// Blocks kept apart; runs of more are sums of groups no amount has, and are read to their end all the same.
const BLOCKS: usize = 14;

/// Digit blocks and the separators before all but the first.
struct Blocks {
    lengths: [usize; BLOCKS],
    separators: [Separator; BLOCKS],
    count: usize,
}

impl Blocks {
    fn lengths(&self) -> &[usize] {
        self.lengths.get(..self.count).unwrap_or_default()
    }

    fn separators(&self) -> &[Separator] {
        self.separators.get(1..self.count).unwrap_or_default()
    }
}

/// Reads the run at `at`, which must be a digit, or a point or comma before one (".75"). With `english`, a comma
/// before three figures groups, whatever the locale says.
pub(crate) fn read(reader: Reader<'_>, at: usize, english: bool) -> Option<Run> {
    let mut blocks = Blocks { lengths: [0; BLOCKS], separators: [Separator::Point; BLOCKS], count: 0 };
    let leading_point = !reader.digit_at(at);
    let mut end = if leading_point { at + 1 } else { at };
    let mut too_many = false;
    let (mut separator, mut pending) = (Separator::Point, end);
    if leading_point {
        // An empty block before the point.
        push(&mut blocks, separator, 0);
    }
    loop {
        let start = pending;
        let mut stop = start;
        while reader.digit_at(stop) {
            stop += 1;
        }
        if stop == start {
            break;
        }
        if separator == Separator::Blank && blocks.count > 0 {
            // A blank joins only groups: three digits after one to three, blocks of three before.
            let groups = stop - start == 3
                && blocks.lengths().first().is_some_and(|&n| (1..=3).contains(&n))
                && blocks.lengths().iter().skip(1).all(|&n| n == 3)
                && blocks.separators().iter().all(|&s| s == Separator::Blank);
            if !groups {
                break;
            }
        }
        too_many |= !push(&mut blocks, separator, stop - start);
        end = stop;
        match separator_at(reader, stop) {
            Some((next, after)) if reader.digit_at(after) => (separator, pending) = (next, after),
            _ => break,
        }
    }
    if blocks.count == 0 {
        return None;
    }
    if let Some(other) = joined(reader, end) {
        return Some(Run::Other(other));
    }
    if phone_tail(reader, &blocks, end) {
        return Some(Run::Other(skip_numerals(reader, end)));
    }
    let Some(decimals) = (if too_many { None } else { decimals(reader, &blocks, at, english) }) else {
        return Some(Run::Other(end));
    };
    let fraction: usize = if decimals { blocks.lengths().last().copied().unwrap_or_default() } else { 0 };
    let digits = blocks.lengths().iter().sum::<usize>() - fraction;
    let value = value(reader.slice(at, end), fraction);
    Some(Run::Number(Figures { start: at, end, value, marked: blocks.count > 1, digits }))
}

fn push(blocks: &mut Blocks, separator: Separator, length: usize) -> bool {
    let (Some(l), Some(s)) = (blocks.lengths.get_mut(blocks.count), blocks.separators.get_mut(blocks.count))
    else {
        return false;
    };
    *l = length;
    *s = separator;
    blocks.count += 1;
    true
}

fn separator_at(reader: Reader<'_>, at: usize) -> Option<(Separator, usize)> {
    let c = reader.char_at(at)?;
    let separator = match c {
        '.' => Separator::Point,
        ',' => Separator::Comma,
        _ if is_apostrophe(c) => Separator::Apostrophe,
        _ if is_blank(c) && c != '\t' => Separator::Blank,
        _ => return None,
    };
    Some((separator, at + c.len_utf8()))
}

/// Whether a digit run goes on behind a colon, slash, or a second hyphen: times, dates, scores, references. The end
/// of all that.
fn joined(reader: Reader<'_>, end: usize) -> Option<usize> {
    let followed = |at: usize| reader.digit_at(at + 1);
    match reader.byte(end)? {
        b':' | b'/' if followed(end) => Some(skip_numerals(reader, end)),
        b'-' if followed(end) => {
            let mut next = end + 1;
            while reader.byte(next).is_some_and(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
                next += 1;
            }
            (reader.byte(next) == Some(b'-') && followed(next)
                || matches!(reader.byte(next), Some(b':' | b'/')) && followed(next))
            .then(|| skip_numerals(reader, end))
        }
        _ => None,
    }
}

/// The end of everything made of digits and the marks that join them.
fn skip_numerals(reader: Reader<'_>, mut at: usize) -> usize {
    loop {
        while reader.digit_at(at) {
            at += 1;
        }
        match reader.char_at(at) {
            Some(c)
                if (matches!(c, ':' | '/' | '-' | '.' | ',') || is_blank(c))
                    && reader.digit_at(at + c.len_utf8()) =>
            {
                at += c.len_utf8();
            }
            _ => return at,
        }
    }
}

/// Pairs of digits in a row are a telephone number: "01 42 33 44 55".
fn phone_tail(reader: Reader<'_>, blocks: &Blocks, end: usize) -> bool {
    if blocks.lengths() != [2] && !(blocks.count > 2 && blocks.lengths().iter().all(|&n| n == 2)) {
        return false;
    }
    let mut at = end;
    for _ in 0..3 {
        let Some((_, next)) = separator_at(reader, at) else { return false };
        if !(reader.digit_at(next) && reader.digit_at(next + 1)) || reader.digit_at(next + 2) {
            return false;
        }
        at = next + 2;
    }
    true
}

/// Whether the last block is a fraction; `None` when the blocks are no number.
fn decimals(reader: Reader<'_>, blocks: &Blocks, start: usize, english: bool) -> Option<bool> {
    let (lengths, separators) = (blocks.lengths(), blocks.separators());
    let (&first, &last) = (lengths.first()?, separators.last().unwrap_or(&Separator::Blank));
    // Groups: three digits each, or two in the Indian way with three in the last.
    let grouped = |groups: &[usize]| match groups.split_last() {
        Some((&3, inner)) => inner.iter().all(|&n| n == 3) || inner.iter().all(|&n| n == 2) && first <= 2,
        _ => groups.is_empty(),
    };
    let head_fits = (1..=3).contains(&first);
    match separators {
        [] => Some(false),
        [Separator::Blank | Separator::Apostrophe] => (lengths == [first, 3] && head_fits).then_some(false),
        [one] => {
            if first == 0 {
                return Some(true);
            }
            let comma_decides = reader.locale.decimal == b',';
            let is_decimal = (*one == Separator::Comma) == comma_decides && !(english && comma_decides);
            let three =
                lengths.last() == Some(&3) && head_fits && !reader.slice(start, start + 1).starts_with('0');
            if reader.lexicon.grammar.groups_of_three { Some(!three) } else { Some(!three || is_decimal) }
        }
        _ if separators.iter().all(|s| *s == last) => {
            // "1.234.567"; an apostrophe or blank never stands before decimals.
            (head_fits && grouped(lengths.get(1..)?)).then_some(false)
        }
        [inner @ .., Separator::Point | Separator::Comma] => {
            let group = inner.first()?;
            let groups = lengths.get(1..lengths.len() - 1)?;
            // ".75,333" in a shop page: the empty head says nothing, three digits close a group.
            let same = inner.iter().all(|s| s == group) && *group != last;
            (same && head_fits && grouped(groups)).then_some(true)
        }
        _ => None,
    }
}

/// The value of a run whose last `fraction` digits stand after the point.
fn value(run: &str, fraction: usize) -> Option<Decimal> {
    let mut mantissa = 0_i128;
    for digit in run.bytes().filter(u8::is_ascii_digit) {
        mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    Some(Decimal::new(mantissa, u8::try_from(fraction).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;
    use crate::reader::Source;

    /// The value of the run that starts the text and what is left behind it, or where to go on.
    fn run(lang: &str, text: &str) -> (String, String) {
        let locale = Locale::of(lang);
        let source = Source::new(text, &locale);
        let reader = Reader(&source);
        match read(reader, 0, false) {
            Some(Run::Number(figures)) => {
                (figures.value.map_or("too long".into(), |v| v.to_string()), reader.rest(figures.end).into())
            }
            Some(Run::Other(end)) => ("no number".into(), reader.rest(end).into()),
            None => ("nothing".into(), text.into()),
        }
    }

    #[test]
    fn separators_decide_what_a_run_is() {
        for (lang, text, value, rest) in [
            ("fr", "1 234,56 €", "1234.56", " €"),
            ("fr", "12\u{a0}500", "12500", ""),
            ("fr", "1\u{202f}234\u{202f}567", "1234567", ""),
            ("fr", "1,335", "1.335", ""),
            ("fr", "250.000", "250000", ""),
            ("fr", "0.750", "0.75", ""),
            ("fr", "16.4", "16.4", ""),
            ("en", "1,335", "1335", ""),
            ("en", "1.335", "1.335", ""),
            ("en", "12,34,567.89", "1234567.89", ""),
            ("de", "1.234.567,5", "1234567.5", ""),
            ("de-CH", "1'234.50", "1234.5", ""),
            ("de-CH", "12’000", "12000", ""),
            ("und", "69,900", "69900", ""),
            ("fr", ",75", "0.75", ""),
            // Two numbers, not one: no group has two digits, and no year has groups.
            ("fr", "12 50", "12", " 50"),
            ("fr", "2019 300", "2019", " 300"),
            ("fr", "3, 4", "3", ", 4"),
            ("fr", "99999999999999999999999999999999999999999", "too long", ""),
            ("fr", "27.12.2025 19:37", "no number", " 19:37"),
            ("fr", "19:37", "no number", ""),
            ("fr", "01 42 33 44 55", "no number", ""),
            ("fr", "192.168.0.1", "no number", ""),
            ("fr", "2020-01-02", "no number", ""),
            ("fr", "12/05/2020", "no number", ""),
        ] {
            assert_eq!(run(lang, text), (value.to_owned(), rest.to_owned()), "{lang} {text:?}");
        }
    }
}
