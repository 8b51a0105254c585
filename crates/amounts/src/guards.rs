//! What is never an amount, whatever figures it has: parts of names, references, versions, ordinals.
//!
//! Dates, times, telephone numbers and addresses are passed over as whole runs while reading figures (`digits`); the
//! guards here look at the characters that touch a number. A number with a unit needs fewer of them: a per cent sign
//! or a currency is evidence enough that "-20 %" after a letter counts something.

use crate::expression::Expression;
use crate::fold::{is_dash, is_letter};
use crate::reader::Reader;

/// Whether the figures of an expression touch something that makes them part of a name or reference.
pub(crate) fn is_reference(reader: Reader<'_>, expression: &Expression) -> bool {
    let before = reader.char_before(expression.start);
    let number = &expression.number;
    if !number.figures {
        // "deux-points", "un-deux": half of a word.
        return expression.counted.is_none() && touches_word(reader, expression);
    }
    match before {
        // "A380", "G20", "№5", "#3", "x86".
        Some(c) if c.is_alphanumeric() || matches!(c, '_' | '#' | '@' | '№' | '&') => return true,
        // "3.11" went before, "v.2", "a/3".
        Some('.' | ',' | ':' | '/' | '\\') => {
            let inner = reader.char_before(expression.start - 1);
            if inner.is_some_and(|c| c.is_ascii_digit() || c == '/')
                || expression.counted.is_none() && inner.is_some_and(char::is_alphanumeric)
            {
                return true;
            }
        }
        Some('%') => return true,
        _ => {}
    }
    if expression.counted.is_some() {
        // "000 euros": the rest of a number whose group separator is damaged.
        return reader.slice(number.start, number.start + 2) == "00";
    }
    // Bare numbers: "covid-19", "10e", "3D", "12°", "4h30", "007.pdf".
    if before.is_some_and(is_dash) {
        let at = expression.start - before.map_or(0, char::len_utf8);
        if reader.char_before(at).is_some_and(char::is_alphanumeric) {
            return true;
        }
    }
    if number.ends_in_figures {
        let after = reader.char_at(expression.end);
        let second = after.and_then(|c| reader.char_at(expression.end + c.len_utf8()));
        match after {
            Some(c) if is_letter(c) || matches!(c, '_' | '°' | 'º' | 'ª' | '@') => return true,
            Some('.' | ',' | ':' | '/' | '\\') if second.is_some_and(char::is_alphanumeric) => return true,
            Some(c) if is_dash(c) && second.is_some_and(is_letter) => return true,
            _ => {}
        }
    }
    touches_word(reader, expression)
}

/// Whether a hyphen binds the last word of a bare number to another word.
fn touches_word(reader: Reader<'_>, expression: &Expression) -> bool {
    let after = reader.char_at(expression.end);
    if expression.number.ends_in_figures || !after.is_some_and(is_dash) {
        return false;
    }
    reader.char_at(expression.end + after.map_or(0, char::len_utf8)).is_some_and(is_letter)
}
