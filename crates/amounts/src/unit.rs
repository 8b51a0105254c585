//! Currencies and percent signs before and after a number.

use tamis_core::Currency;

use crate::fold::{Folded, fold_char, is_dash, is_hyphen};
use crate::lexicon::{self, Homograph, Kinds, Sense, SignLetters, Unit, is_sign};
use crate::reader::Reader;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Money(Unit),
    /// Hundredths of a currency.
    Subunit(Unit),
    Percent,
    Permille,
    Points,
}

/// A unit after a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suffix {
    pub(crate) counted: Counted,
    /// Power of ten of an abbreviation before the unit: "12 k€".
    pub(crate) scale: u8,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A code or sign, which may as well belong to a number behind it.
    pub(crate) symbol: bool,
}

/// A currency before a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix {
    pub(crate) unit: Unit,
    pub(crate) scale: u8,
    /// The end of the currency.
    pub(crate) end: usize,
    /// A name, as in "euro 50,00": also stands before figures by chance.
    pub(crate) name: bool,
    /// One of the signs of English-speaking countries: "$5,000".
    pub(crate) english: bool,
    /// Where the number, or its sign, must stand.
    pub(crate) number: usize,
    /// A sign such as `$`, after which number words count too ("$ um bilhão").
    pub(crate) sign: bool,
}

/// Letters in folded form, as currency signs are looked up with them. Others than Latin ones are left out.
fn folded(letters: impl Iterator<Item = char>) -> SignLetters {
    let folded = letters.take(SignLetters::MOST).filter_map(|c| match fold_char(c) {
        Folded::One(letter) => Some(letter),
        _ => None,
    });
    SignLetters::of(folded)
}

/// A sign with the letters about it: its meaning and the end of it all. `letters` is what stands before the sign.
fn sign_at(reader: Reader<'_>, letters: &str, at: usize) -> Option<(Unit, usize)> {
    let c = reader.char_at(at).filter(|c| is_sign(*c))?;
    let end = at + c.len_utf8();
    if !letters.is_empty() {
        // "U$S", "U$D".
        let stop = reader.letters_end(end);
        if (1..=2).contains(&(stop - end)) && letters.is_ascii() {
            let both = letters.chars().chain(reader.slice(end, stop).chars());
            if let Some(unit) = lexicon::sign(c, folded(both)) {
                return Some((unit, stop));
            }
        }
        return lexicon::sign(c, folded(letters.chars())).map(|unit| (unit, end));
    }
    // "$US", "$ US", "$CAN"; apart only in capitals, since "$ a" is no Australian dollar.
    let gap = reader.skip_blanks(end);
    let stop = reader.letters_end(gap);
    let after = reader.slice(gap, stop);
    if (1..=4).contains(&after.len()) {
        let apart = gap > end;
        let capitals = after.len() >= 2 && after.bytes().all(|b| b.is_ascii_uppercase());
        if (!apart || capitals || matches!(after, "c" | "C" | "usd" | "us"))
            && let Some(unit) = lexicon::sign(c, folded(after.chars()))
        {
            return Some((unit, stop));
        }
    }
    lexicon::sign(c, SignLetters::NONE).map(|unit| (unit, end))
}

/// "MEUR", "kUSD", "MdsEUR": a scale written on the code.
fn scaled_code(word: &str) -> Option<(Unit, u8)> {
    let at = word.len().checked_sub(3).filter(|at| (1..=3).contains(at))?;
    let scale = match word.get(..at)? {
        "k" | "K" | "T" => 3,
        "M" | "m" | "Mio" | "mn" => 6,
        "G" | "B" | "Md" | "Mds" | "Mrd" | "bn" => 9,
        _ => return None,
    };
    let code = Currency::new(word.get(at..)?)?;
    MONEY_CODES
        .contains(&code.code())
        .then_some((Unit { code: Some(code), family: None, homograph: Homograph::No, assumed: false }, scale))
}

/// Codes companies report in.
const MONEY_CODES: [&str; 20] = [
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF",
    "INR", "BRL", "MXN", "ZAR", "FRF",
];

/// The currency at `at`, if a number can follow it.
pub(crate) fn prefix(reader: Reader<'_>, at: usize) -> Option<Prefix> {
    let number_after = |end: usize, unit: Unit, scale: u8, sign: bool| {
        // "US$: 12.99".
        let colon = usize::from(sign && reader.byte(end) == Some(b':'));
        let number = reader.skip_blanks(end + colon);
        let english = reader.char_before(end).is_some_and(|c| matches!(c, '$' | '£' | '¥' | '₹'));
        Some(Prefix { unit, scale, end, name: false, english, number, sign })
    };
    if let Some((unit, end)) = sign_at(reader, "", at) {
        return number_after(end, unit, 0, true);
    }
    let end = reader.letters_end(at);
    if end == at {
        return None;
    }
    let letters = reader.slice(at, end);
    // "US$", "hk $ 10.05".
    for from in [end, reader.skip_blanks(end)] {
        // "a $ 1 billion loan" is no Australian one.
        if letters.len() <= 4
            && (from == end || letters.len() > 1 || letters.eq_ignore_ascii_case("c"))
            && let Some((unit, end)) = sign_at(reader, letters, from)
        {
            return number_after(end, unit, 0, true);
        }
    }
    let before_number = |sense| match sense {
        Sense::Money(unit) if reader.lexicon.grammar.name_first && !unit.is_weak() => Some((unit, true)),
        Sense::Code(unit) | Sense::Prefix(unit) | Sense::Shop(unit) => Some((unit, false)),
        _ => None,
    };
    if let Some(((unit, name), end)) = reader.phrase(at, Kinds::MONEY.or(Kinds::LETTERS), before_number) {
        // "Fr. 20", "Rs. 500".
        let end = if end - at <= 3 && reader.byte(end) == Some(b'.') { end + 1 } else { end };
        return number_after(end, unit, 0, false).map(|prefix| Prefix { name, ..prefix });
    }
    let (unit, scale) = scaled_code(letters)?;
    number_after(end, unit, scale, false)
}

/// The unit behind a number that ends at `at`.
pub(crate) fn suffix(reader: Reader<'_>, at: usize) -> Option<Suffix> {
    let mut start = reader.skip_blanks(price_dash(reader, at));
    if start == at {
        // "10-Euro-Schein": a hyphen binds the unit.
        if let Some(c) = reader.char_at(at).filter(|c| is_hyphen(*c)) {
            let after = at + c.len_utf8();
            if reader.letter_at(after) {
                start = after;
            }
        }
    }
    // Most numbers count what no lexicon knows: "12 coureurs".
    if let Some(word) = reader.word_at(start)
        && word.end - start > 4
        && start > at
        && word.entry.is_none()
        && scaled_code(reader.slice(start, word.end)).is_none()
    {
        return None;
    }
    percent(reader, start)
        .or_else(|| currency(reader, start, 0))
        .or_else(|| shortened(reader, start))
        .or_else(|| linked(reader, at))
}

/// Past the dash that stands for no hundredths: "1.299,- €", "45.– CHF".
fn price_dash(reader: Reader<'_>, at: usize) -> usize {
    if !matches!(reader.byte(at), Some(b',' | b'.')) {
        return at;
    }
    let dashes =
        reader.rest(at + 1).chars().take(2).take_while(|c| is_dash(*c)).map(char::len_utf8).sum::<usize>();
    if dashes == 0 || reader.digit_at(at + 1 + dashes) { at } else { at + 1 + dashes }
}

fn percent(reader: Reader<'_>, start: usize) -> Option<Suffix> {
    let found = |counted, end| Some(Suffix { counted, scale: 0, start, end, symbol: false });
    let c = reader.char_at(start)?;
    if matches!(c, '%' | '٪' | '％' | '﹪') {
        let end = start + c.len_utf8();
        // "%20" in an address is no percentage.
        let glued = reader.char_at(end).is_some_and(char::is_alphanumeric);
        return if glued { None } else { found(Counted::Percent, end) };
    }
    if c == '‰' {
        return found(Counted::Permille, start + c.len_utf8());
    }
    let pick = |sense| match sense {
        Sense::Percent => Some(Counted::Percent),
        Sense::Points => Some(Counted::Points),
        _ => None,
    };
    if let Some((counted, end)) = reader.phrase(start, Kinds::PERCENT.or(Kinds::POINTS), pick) {
        // "p.c." keeps its full stop.
        let abbreviated = reader.slice(start, end).contains('.') && reader.byte(end) == Some(b'.');
        return found(counted, if abbreviated { end + 1 } else { end });
    }
    // "p. 100".
    if matches!(c, 'p' | 'P') && reader.byte(start + 1) == Some(b'.') {
        let hundred = reader.skip_blanks(start + 2);
        if reader.slice(hundred, hundred + 3) == "100" && !reader.digit_at(hundred + 3) {
            return found(Counted::Percent, hundred + 3);
        }
    }
    None
}

fn currency(reader: Reader<'_>, start: usize, scale: u8) -> Option<Suffix> {
    if let Some((unit, end)) = sign_at(reader, "", start) {
        return Some(Suffix { counted: Counted::Money(unit), scale, start, end, symbol: true });
    }
    let letters_end = reader.letters_end(start);
    if letters_end == start {
        return None;
    }
    let letters = reader.slice(start, letters_end);
    if letters.len() <= 4
        && let Some((unit, end)) = sign_at(reader, letters, letters_end)
    {
        return Some(Suffix { counted: Counted::Money(unit), scale, start, end, symbol: true });
    }
    let glued = reader.char_before(start).is_some_and(|c| c.is_ascii_digit());
    let pick = |sense| match sense {
        Sense::Money(unit) => Some((Counted::Money(unit), false)),
        Sense::Code(unit) | Sense::Shop(unit) => Some((Counted::Money(unit), true)),
        Sense::Prefix(unit) if glued => Some((Counted::Money(unit), true)),
        Sense::Subunit(unit) => Some((Counted::Subunit(unit), false)),
        _ => None,
    };
    let ((counted, symbol), end) =
        reader.phrase(start, Kinds::MONEY.or(Kinds::LETTERS).or(Kinds::SUBUNIT), pick)?;
    // "francs-tireurs", "pesos pesados".
    if reader.means(start, Sense::Other).is_some_and(|other| other > end) {
        return None;
    }
    Some(Suffix { counted, scale, start, end, symbol })
}

/// "12 k€", "3 M CHF", "60 MUSD".
fn shortened(reader: Reader<'_>, start: usize) -> Option<Suffix> {
    let short = |sense| if let Sense::Short(scale) = sense { Some(scale) } else { None };
    if let Some((scale, end)) = reader.phrase(start, Kinds::SHORT, short) {
        let unit = reader.skip_blanks(end);
        return currency(reader, unit, scale)
            .filter(|suffix| matches!(suffix.counted, Counted::Money(_)))
            .map(|suffix| Suffix { start, ..suffix });
    }
    let end = reader.letters_end(start);
    let (unit, scale) = scaled_code(reader.slice(start, end))?;
    Some(Suffix { counted: Counted::Money(unit), scale, start, end, symbol: true })
}

/// "milliards d’euros", "million of dollars"; a hard line break may follow the scale word or the link.
fn linked(reader: Reader<'_>, at: usize) -> Option<Suffix> {
    if reader.char_before(at).is_none_or(|c| c.is_ascii_digit()) {
        // "12 de euros" is no French; figures alone take their unit directly.
        return None;
    }
    let start = reader.skip_blanks_and_break(at);
    if let Some(end) = reader.means(start, Sense::Link) {
        let apostrophe =
            reader.char_at(end).filter(|c| crate::fold::is_apostrophe(*c)).map_or(0, char::len_utf8);
        let next = reader.skip_blanks_and_break(end + apostrophe);
        return currency(reader, next, 0);
    }
    if start > at { currency(reader, start, 0).filter(|suffix| !suffix.symbol) } else { None }
}

/// The scale abbreviation behind a number with its currency before it: "$3k", "₹47L", "€5m".
pub(crate) fn short_after(reader: Reader<'_>, at: usize) -> Option<(u8, usize)> {
    let short = |sense| if let Sense::Short(scale) = sense { Some(scale) } else { None };
    let start = reader.skip_blanks(at);
    let found = reader.phrase(start, Kinds::SHORT, short)?;
    // Apart from the number only capitals: "$5 m" is not written, "$5 a" is no scale.
    let glued = start == at;
    (glued || reader.slice(start, found.1).bytes().any(|b| b.is_ascii_uppercase() || b == b'k'))
        .then_some(found)
}

/// Whether two units can be the ends of one range.
pub(crate) fn same(a: Counted, b: Counted) -> bool {
    match (a, b) {
        (Counted::Money(a), Counted::Money(b)) | (Counted::Subunit(a), Counted::Subunit(b)) => {
            a.code == b.code && a.family == b.family
                || a.family.is_some_and(|f| member(f, b.code))
                || b.family.is_some_and(|f| member(f, a.code))
                || matches!((usual(a.family), usual(b.family)), (Some(a), Some(b)) if a == b)
        }
        _ => a == b,
    }
}

fn usual(family: Option<u8>) -> Option<Currency> {
    lexicon::families().get(usize::from(family?)).and_then(|family| family.usual)
}

fn member(family: u8, code: Option<Currency>) -> bool {
    let family = lexicon::families().get(usize::from(family));
    family.zip(code).is_some_and(|(family, code)| family.members.contains(&code))
}
