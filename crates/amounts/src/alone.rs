//! Where a canonical form may be written: beside an amount nothing may stand that would be read together with the form.
//!
//! Figures, currencies and number words next to an amount ("5 € 12", "EUR 5 CHF 6", "3 M€ et 50 centimes") keep it as
//! written. So the form reads as it was meant, and a second run finds nothing to change.

use tamis_core::Span;

use crate::fold::{is_apostrophe, is_blank, is_dash};
use crate::lexicon::{Kinds, Sense, is_sign};
use crate::locale::Locale;
use crate::reader::{Reader, Source};
use crate::template::{before_closing, past_opening};

/// A text, and the template that amounts are written in: what stands beside an amount is the same whether its
/// neighbour was written already or not.
#[derive(Clone, Copy)]
struct Beside<'a> {
    reader: Reader<'a>,
    template: &'a str,
}

/// Whether nothing beside the amount at `span` would be read together with its form. `next` is where the next amount
/// with a unit of its own starts.
pub(crate) fn stands_alone(
    text: &str,
    locale: &Locale,
    span: Span,
    next: Option<usize>,
    template: &str,
) -> bool {
    let source = Source::new(text, locale);
    let beside = Beside { reader: Reader(&source), template };
    beside.alone_before(span.range().start) && beside.alone_after(span.range().end, next)
}

/// A blank, or a mark that parts sentences and clauses.
fn parts(c: char) -> bool {
    c.is_whitespace() || is_blank(c) || is_apostrophe(c) || "()[]{}«»\"“”„,.;:!?…|*".contains(c)
}

/// What a figure may be joined to.
fn binds(c: char) -> bool {
    let mark = matches!(c, '%' | '+' | '/' | ':' | '=' | '#' | '_' | '.' | ',');
    mark || c.is_numeric() || is_sign(c) || is_dash(c)
}

/// "0:€0": what joins figures parts none.
fn joins(mark: Option<char>, beyond: Option<char>) -> bool {
    let glued = |c: char| c.is_alphanumeric() || is_sign(c) || is_dash(c) || c == '%';
    mark.is_some_and(|c| matches!(c, '.' | ',' | ':' | '*')) && beyond.is_some_and(glued)
        || mark.is_some_and(is_apostrophe) && beyond.is_some_and(|c| glued(c) && !c.is_alphabetic())
}

impl Beside<'_> {
    fn alone_before(self, start: usize) -> bool {
        let reader = self.reader;
        let past = |at: usize| before_closing(self.template, reader.slice(0, at)).len();
        let start = past(start);
        let before = reader.char_before(start);
        let beyond = past(start - before.map_or(0, char::len_utf8));
        if !before.is_none_or(parts) || joins(before, reader.char_before(beyond)) {
            return false;
        }
        let left = past(reader.blanks_before(start));
        let bound = |c| binds(c) && !(matches!(c, '.' | ',' | ':') && left < start);
        if reader.char_before(left).is_some_and(bound) {
            return false;
        }
        // "1’000 €" with a damaged group, "5 EUR’6 EUR"; "d’5 €" is an elision.
        if let Some(c) = reader.char_before(left).filter(|c| is_apostrophe(*c)) {
            let inner = past(left - c.len_utf8());
            let figure = reader.char_before(inner).is_some_and(|c| c.is_numeric() || is_sign(c));
            if figure || is_part_of_amounts(reader, reader.letters_before(inner)) {
                return false;
            }
        }
        let word = reader.letters_before(left);
        !(word < left && is_part_of_amounts(reader, word))
    }

    fn alone_after(self, end: usize, next: Option<usize>) -> bool {
        let reader = self.reader;
        let past = |at: usize| reader.text.len() - past_opening(self.template, reader.rest(at)).len();
        let end = past(end);
        let after = reader.char_at(end);
        let beyond = past(end + after.map_or(0, char::len_utf8));
        if !after.is_none_or(parts) || joins(after, reader.char_at(beyond)) {
            return false;
        }
        let mut right = past(reader.skip_blanks(end));
        let connecting = Kinds::AND.or(Kinds::TO).or(Kinds::OR).or(Kinds::LINK);
        let connects =
            |sense| matches!(sense, Sense::And | Sense::To | Sense::Or | Sense::Link).then_some(sense);
        if let Some((connector, after)) = reader.phrase(right, connecting, connects) {
            right = past(reader.skip_blanks(after));
            // "150 € ou 200 €": each has its own unit.
            if next == Some(right) && connector != Sense::Link {
                return true;
            }
        }
        let parted = |c| matches!(c, '.' | ',' | ':') && right == end && !reader.digit_at(right + 1);
        if reader.char_at(right).is_some_and(|c| binds(c) && !parted(c)) {
            return false;
        }
        let word = reader.slice(right, reader.letters_end(right));
        !is_part_of_amounts(reader, right)
            && (word.is_empty() || reader.lexicon.morphemes.split(word).is_none())
    }
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
        let readings = word.entry.map_or(&[][..], |entry| &entry.readings);
        readings
            .iter()
            .any(|reading| reading.exact.is_none_or(|exact| exact == written) && part(reading.sense))
    })
}
