//! The template of replace mode: `{value} {unit}`, `<money>{value} {unit}</money>`, `{unit} {value}`.
//!
//! There is no placeholder for the surface: a text that keeps the surface beside the form would be read twice, and the
//! ledger keeps it anyway. A template must read back, or replacing would lose what it says; [`problems`] tries it.

use std::fmt::Write;

use tamis_core::{Amount, AmountKind, Currency, Decimal, Rule, Span};

use crate::canonical::{CANONICAL_TEMPLATE, canonical};
use crate::find::find;
use crate::options::{Mode, Options};
use crate::reader::floor_boundary;

/// What a template is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    Literal(&'t str),
    Value,
    Unit,
    Kind,
    /// Braces about something else, or an odd one.
    Unknown(&'t str),
}

/// The pieces of a template, in order.
pub(crate) fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let brace = rest.find(['{', '}']).unwrap_or(rest.len());
        if brace > 0 {
            let (literal, after) = rest.split_at_checked(brace)?;
            rest = after;
            return Some(Piece::Literal(literal));
        }
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        let (braced, after) = rest.split_at_checked(end)?;
        rest = after;
        match braced {
            "" => None,
            "{value}" => Some(Piece::Value),
            "{unit}" => Some(Piece::Unit),
            "{kind}" => Some(Piece::Kind),
            _ => Some(Piece::Unknown(braced)),
        }
    })
}

/// Past the template's text before its value, where it stands at the start of `text`: what stands beside an amount is
/// the same whether its neighbour was written in its form already or not.
pub(crate) fn past_opening<'t>(template: &str, text: &'t str) -> &'t str {
    let mut rest = text;
    for piece in pieces(template) {
        let after = match piece {
            Piece::Literal(literal) | Piece::Unknown(literal) => rest.strip_prefix(literal),
            Piece::Kind => KINDS.iter().find_map(|kind| rest.strip_prefix(kind.name())),
            Piece::Value | Piece::Unit => return rest,
        };
        match after {
            Some(after) => rest = after,
            None => return text,
        }
    }
    text
}

/// The text before the template's text behind its value, where that ends `text`.
pub(crate) fn before_closing<'t>(template: &str, text: &'t str) -> &'t str {
    let mut rest = text;
    let values = |piece: &Piece| matches!(piece, Piece::Value | Piece::Unit);
    let last = pieces(template).filter(values).count();
    let mut closing: Vec<Piece<'_>> = Vec::new();
    let mut seen = 0;
    for piece in pieces(template) {
        seen += usize::from(values(&piece));
        if seen == last && !values(&piece) {
            closing.push(piece);
        }
    }
    for piece in closing.into_iter().rev() {
        let before = match piece {
            Piece::Kind => KINDS.iter().find_map(|kind| rest.strip_suffix(kind.name())),
            Piece::Literal(literal) | Piece::Unknown(literal) => rest.strip_suffix(literal),
            Piece::Value | Piece::Unit => None,
        };
        match before {
            Some(before) => rest = before,
            None => return text,
        }
    }
    rest
}

const KINDS: [AmountKind; 4] =
    [AmountKind::Money, AmountKind::Percent, AmountKind::Quantity, AmountKind::Number];

/// Fills in the template. Without a unit the blank beside its place goes too.
pub(crate) fn fill(template: &str, value: &str, unit: &str, kind: AmountKind, form: &mut String) {
    let mut skip_blank = false;
    for piece in pieces(template) {
        match piece {
            Piece::Literal(literal) | Piece::Unknown(literal) => {
                let bare = literal.strip_prefix(' ').filter(|_| skip_blank);
                form.push_str(bare.unwrap_or(literal));
            }
            Piece::Value => form.push_str(value),
            Piece::Unit if unit.is_empty() => {
                let blank_before = form.ends_with(' ');
                form.truncate(form.len() - usize::from(blank_before));
                skip_blank = !blank_before;
                continue;
            }
            Piece::Unit => form.push_str(unit),
            Piece::Kind => form.push_str(kind.name()),
        }
        skip_blank = false;
    }
}

/// The form that `amount` must be given in `text`, and the rule that asks for it; `None` when it has no form, or stands
/// in its form already.
pub(crate) fn rewriting(
    text: &str,
    amount: &Amount,
    template: &str,
    form: &mut String,
) -> Option<&'static Rule> {
    if amount.kind == AmountKind::Number {
        // Without its scale word a quantity reads as a bare number.
        canonical(&Amount { kind: AmountKind::Quantity, ..*amount }, template, form)?;
        if is_written(text, amount.span, form) {
            return None;
        }
    }
    canonical(amount, template, form).filter(|_| !is_written(text, amount.span, form))
}

/// Bytes on either side of a form that its reading may depend on: a clause.
const CONTEXT: usize = 80;

/// Buffers of [`reads_in_place`].
#[derive(Default)]
pub(crate) struct Trial {
    text: String,
    found: Vec<Amount>,
}

/// Whether the form, put in the place of the amount, is read as that amount: "2 DEM allemands" would not be, since
/// behind initials a number counts what comes next.
pub(crate) fn reads_in_place(
    text: &str,
    amount: &Amount,
    form: &str,
    language: &str,
    options: &Options,
    trial: &mut Trial,
) -> bool {
    let (start, end) = (amount.span.range().start, amount.span.range().end);
    let from = floor_boundary(text, start.saturating_sub(CONTEXT));
    let to = floor_boundary(text, end.saturating_add(CONTEXT));
    trial.text.clear();
    trial.found.clear();
    let before = text.get(from..start).unwrap_or_default();
    for part in [before, form, text.get(end..to).unwrap_or_default()] {
        trial.text.push_str(part);
    }
    find(&trial.text, language, options, &mut trial.found);
    let place = before.len()..before.len() + form.len();
    let mut there = trial.found.iter().filter(|found| {
        let span = found.span.range();
        span.start < place.end && place.start < span.end
    });
    reads_as(amount, there.next()) && there.next().is_none()
}

/// Whether what is read in the place of `amount` is that amount.
fn reads_as(amount: &Amount, read: Option<&Amount>) -> bool {
    let told = |amount: &Amount| (amount.value, amount.low, amount.high, amount.currency);
    // Without its scale word a quantity is a bare number, and read only where those are looked for.
    let counted = matches!(amount.kind, AmountKind::Money | AmountKind::Percent);
    read.map_or(!counted, |read| told(read) == told(amount) && (!counted || read.kind == amount.kind))
}

/// Whether the text at and about `span` is the form: a template about an amount is no reason to write it again.
fn is_written(text: &str, span: Span, form: &str) -> bool {
    let range = span.range();
    let Some(surface) = text.get(range.clone()).filter(|surface| !surface.is_empty()) else { return false };
    form.match_indices(surface).any(|(offset, _)| {
        range.start.checked_sub(offset).is_some_and(|start| text.get(start..start + form.len()) == Some(form))
    })
}

/// What is wrong with the template of these options.
pub(crate) fn problems(options: &Options) -> Option<String> {
    let template = options.form.as_str();
    // What nobody writes with, and nobody chose, needs no trial, which reads the words of all languages.
    if options.mode == Mode::Annotate && template == CANONICAL_TEMPLATE {
        return None;
    }
    if let Some(Piece::Unknown(braced)) = pieces(template).find(|piece| matches!(piece, Piece::Unknown(_))) {
        return Some(format!(
            "`form` has `{braced}`, but its placeholders are `{{value}}`, `{{unit}}` and `{{kind}}`"
        ));
    }
    if pieces(template).filter(|piece| *piece == Piece::Value).count() != 1 {
        return Some("`form` must have `{value}` once".into());
    }
    if template.contains('\n') {
        return Some("`form` has a line break, but an amount stays within its line".into());
    }
    let mut form = String::new();
    samples().into_iter().filter(|sample| options.wants(sample.kind)).find_map(|sample| {
        canonical(&sample, template, &mut form)?;
        let bad = LANGUAGES.iter().find(|language| !reads_back(&sample, &form, language, options))?;
        Some(format!(
            "`form` makes `{form}` of an amount, which does not read as that amount again (in `{bad}`)"
        ))
    })
}

/// One for each lexicon.
const LANGUAGES: [&str; 8] = ["und", "fr", "en", "de", "es", "it", "pt", "nl"];

/// Amounts that a template is tried on: with and without decimals, ranges, below zero.
fn samples() -> Vec<Amount> {
    let place = Span::of(0, 1);
    let money = Amount { currency: Currency::new("EUR"), ..Amount::new(place, AmountKind::Money, "") };
    let percent = Amount { unit: Some("percent"), ..Amount::new(place, AmountKind::Percent, "") };
    let quantity = Amount::new(place, AmountKind::Quantity, "");
    let number = Amount::new(place, AmountKind::Number, "");
    let values = [(109_000_000_000, 0), (12_345, 1), (-18, 2), (1335, 3)];
    let mut samples = Vec::new();
    for kind in [money, percent, quantity, number] {
        for (mantissa, scale) in values {
            samples.push(Amount { value: Some(Decimal::new(mantissa, scale)), ..kind });
        }
        let (low, high) = (Some(Decimal::new(10, 0)), Some(Decimal::new(155, 1)));
        samples.push(Amount { low, high, ..kind });
    }
    samples
}

/// Whether a reader of the form finds the sample in it, alone and among words, and would not write it again.
fn reads_back(sample: &Amount, form: &str, language: &str, options: &Options) -> bool {
    let (mut found, mut again, mut text) = (Vec::new(), String::new(), String::new());
    ["", "x "].into_iter().all(|before| {
        found.clear();
        text.clear();
        // Writing to a string does not fail.
        let _ = write!(text, "{before}{form}");
        find(&text, language, options, &mut found);
        let same = found.len() < 2 && reads_as(sample, found.first());
        same && found.iter().all(|amount| rewriting(&text, amount, &options.form, &mut again).is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, unit: &str) -> String {
        let mut form = String::new();
        fill(template, "12", unit, AmountKind::Money, &mut form);
        form
    }

    #[test]
    fn a_missing_unit_takes_its_blank_along() {
        for (template, with, without) in [
            ("{value} {unit}", "12 EUR", "12"),
            ("{unit} {value}", "EUR 12", "12"),
            ("[{unit} {value}]", "[EUR 12]", "[12]"),
            ("{value}{unit}", "12EUR", "12"),
            ("<{kind}>{value} {unit}</{kind}>", "<money>12 EUR</money>", "<money>12</money>"),
        ] {
            assert_eq!(
                (filled(template, "EUR"), filled(template, "")),
                (with.to_owned(), without.to_owned())
            );
        }
    }

    #[test]
    fn templates_that_do_not_read_back_are_refused() {
        for (template, reason) in [
            ("{value} {currency}", "`{currency}`"),
            ("{value", "`{value`"),
            ("}{value}", "`}`"),
            ("EUR", "once"),
            ("{value} {value}", "once"),
            ("{value}\n{unit}", "line break"),
            ("{value}", "does not read"),
            ("{value} ({unit})", "does not read"),
            ("7{value} {unit}", "does not read"),
            ("{value} million {unit}", "does not read"),
            ("{value} {unit}5", "does not read"),
            ("{value} {unit} or 5 EUR", "does not read"),
        ] {
            let options = Options { form: template.to_owned(), ..Options::default() };
            let problem = problems(&options).unwrap_or_default();
            assert!(problem.contains(reason) && problem.starts_with("`form`"), "{template}: {problem}");
        }
    }

    #[test]
    fn templates_that_read_back_are_taken() {
        for template in [
            "{value} {unit}",
            "{value}{unit}",
            "[{value} {unit}]",
            "<{kind}>{value} {unit}</{kind}>",
            "«{value} {unit}»",
        ] {
            let options = Options { mode: Mode::Replace, form: template.to_owned(), ..Options::default() };
            assert_eq!(problems(&options), None, "{template}");
        }
        // A per cent sign stands behind its number.
        let kinds = vec![crate::options::Kind::Money];
        let form = "{unit} {value}".to_owned();
        assert_eq!(problems(&Options { form: form.clone(), kinds, ..Options::default() }), None);
        assert!(problems(&Options { form, ..Options::default() }).is_some());
    }
}
