//! The one way replace mode writes an amount.

use std::fmt::Write;

use tamis_core::{Amount, AmountKind, Decimal, Rule, Span};

use crate::fold::{is_apostrophe, is_blank, is_dash};
use crate::lexicon::{Sense, is_sign};
use crate::locale::Locale;
use crate::reader::Reader;
use crate::rules::{CANONICAL_MONEY, CANONICAL_NUMBER, CANONICAL_PERCENT, CANONICAL_QUANTITY};

/// Writes the canonical form of an amount into `form`, and returns the rule that asks for it.
///
/// `None` for what has no exact form: vague amounts, money without a code, percentage points, numbers too long.
///
/// ```
/// use tamis_amounts::{Options, canonical, find};
/// let mut amounts = Vec::new();
/// find("de 10 à 15 %, pour 3,5 M€", "fr", &Options::default(), &mut amounts);
/// let mut form = String::new();
/// assert!(canonical(&amounts[0], &mut form).is_some());
/// assert_eq!(form, "10–15 %");
/// canonical(&amounts[1], &mut form);
/// assert_eq!(form, "3500000 EUR");
/// ```
pub fn canonical(amount: &Amount, form: &mut String) -> Option<&'static Rule> {
    form.clear();
    if amount.vague {
        return None;
    }
    match (amount.value, amount.low, amount.high) {
        (Some(value), ..) => write(value, form),
        (None, Some(low), Some(high)) => {
            write(low, form);
            form.push('–');
            write(high, form);
        }
        _ => return None,
    }
    match amount.kind {
        AmountKind::Money => {
            form.push(' ');
            form.push_str(amount.currency.as_ref()?.code());
            Some(&CANONICAL_MONEY)
        }
        AmountKind::Percent => {
            form.push_str(" %");
            (amount.unit == Some("percent")).then_some(&CANONICAL_PERCENT)
        }
        AmountKind::Quantity => Some(&CANONICAL_QUANTITY),
        AmountKind::Number => Some(&CANONICAL_NUMBER),
    }
}

/// Whether nothing beside the amount would be read together with its canonical form: figures, currencies and number
/// words next to it ("5 € 12", "EUR 5 CHF 6", "3 M€ et 50 centimes") stay as written. So the form reads as it was
/// meant, and a second run finds nothing to change.
pub(crate) fn stands_alone(text: &str, locale: &Locale, span: Span) -> bool {
    let reader = Reader { text, lexicon: locale.lexicon, locale };
    let (start, end) = (span.range().start, span.range().end);
    // Beside the amount: a blank, or a mark that parts sentences and clauses.
    let parts = |c: char| {
        c.is_whitespace() || is_blank(c) || is_apostrophe(c) || "()[]{}«»\"“”„,.;:!?…|*".contains(c)
    };
    if !reader.char_before(start).is_none_or(parts) || !reader.char_at(end).is_none_or(parts) {
        return false;
    }
    let binds = |c: char| {
        c.is_numeric()
            || is_sign(c)
            || is_dash(c)
            || matches!(c, '%' | '+' | '/' | ':' | '=' | '#' | '_' | '.' | ',')
    };
    let left = reader.blanks_before(start);
    if reader.char_before(left).is_some_and(|c| binds(c) && !(matches!(c, '.' | ',' | ':') && left < start)) {
        return false;
    }
    // "1’000 €" with a damaged group, "5 EUR’6 EUR"; "d’5 €" is an elision.
    if let Some(c) = reader.char_before(left).filter(|c| is_apostrophe(*c)) {
        let inner = left - c.len_utf8();
        let figure = reader.char_before(inner).is_some_and(|c| c.is_numeric() || is_sign(c));
        if figure || is_part_of_amounts(reader, reader.letters_before(inner)) {
            return false;
        }
    }
    let word = reader.letters_before(left);
    if word < left && is_part_of_amounts(reader, word) {
        return false;
    }
    let mut right = reader.skip_blanks(end);
    if let Some(((), after)) = reader.phrase(right, |sense| {
        matches!(sense, Sense::And | Sense::To | Sense::Or | Sense::Link).then_some(())
    }) {
        right = reader.skip_blanks(after);
    }
    let mark = reader.char_at(right);
    if mark.is_some_and(|c| {
        binds(c) && !(right == end && matches!(c, '.' | ',' | ':') && !reader.digit_at(right + 1))
    }) {
        return false;
    }
    !is_part_of_amounts(reader, right)
        && (right == reader.letters_end(right)
            || reader.lexicon.morphemes.split(reader.slice(right, reader.letters_end(right))).is_none())
}

/// Whether a word counts, multiplies or names a currency. Small words and modifiers do not.
fn is_part_of_amounts(reader: Reader<'_>, at: usize) -> bool {
    let part = |sense| {
        !matches!(
            sense,
            Sense::And
                | Sense::To
                | Sense::Or
                | Sense::Link
                | Sense::Article(_)
                | Sense::Vague
                | Sense::Between
                | Sense::Cue
                | Sense::Against
                | Sense::AgainstCue
                | Sense::Change
                | Sense::Min
                | Sense::Max
                | Sense::Approx
                | Sense::Exact
        )
    };
    reader.word_at(at).is_some_and(|word| {
        let written = reader.slice(at, word.end);
        let readings = reader.lexicon.find(word.hash.value()).map_or(&[][..], |entry| &entry.readings);
        readings
            .iter()
            .any(|reading| reading.exact.is_none_or(|exact| exact == written) && part(reading.sense))
    })
}

/// Plain digits. Three decimals get a zero behind: "1.335" reads as 1335 wherever the point groups thousands, and a
/// canonical form must read the same in every language.
fn write(value: Decimal, form: &mut String) {
    // Writing to a string does not fail.
    let _ = write!(form, "{value}");
    if value.scale() == 3 {
        form.push('0');
    }
}
