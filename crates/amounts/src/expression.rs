//! One amount without its range or modifiers: sign, currency before, number, scale, unit after, hundredths.

use tamis_core::Decimal;

use crate::fold::is_blank;
use crate::lexicon::{Homograph, Kinds, Sense, Unit};
use crate::numeral::{self, Found, Manner, Numeral};
use crate::reader::Reader;
use crate::rules::{
    ENGLISH_BILLION, ENGLISH_COMMA, HUNDREDTHS, NUMBER, SCALED_NUMBER, UNIT_AFTER, UNIT_BEFORE,
};
use crate::unit::{self, Counted};

/// An amount as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expression {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// In whole units of the currency; `None` when it does not fit.
    pub(crate) value: Option<Decimal>,
    /// Power of ten of the scale word or abbreviation; 0 without one.
    pub(crate) scale: u8,
    pub(crate) counted: Option<Counted>,
    /// The currency stands before the number.
    pub(crate) prefixed: bool,
    /// The unit is a word, not a code or sign.
    pub(crate) worded: bool,
    /// The unit behind the number is a code.
    pub(crate) code: bool,
    /// What of the grammar made the value what it is.
    pub(crate) rule: &'static str,
    pub(crate) number: Numeral,
}

/// What was found at a place.
pub(crate) enum Outcome {
    Found(Expression),
    /// Nothing, but reading may go on from here.
    Skip(usize),
}

/// Reads at `at`: a currency, a sign, a figure or a number word.
pub(crate) fn read(reader: Reader<'_>, at: usize, manner: Manner) -> Outcome {
    if let Some(expression) = prefixed(reader, at, manner) {
        return expression;
    }
    let (negative, number_at) = sign(reader, at).or_else(|| minus_word(reader, at)).unwrap_or((false, at));
    match numeral::read(reader, number_at, manner) {
        Found::Number(number) => Outcome::Found(complete(reader, at, negative, number, manner)),
        Found::NotANumber(end) => Outcome::Skip(end),
        Found::Nothing => Outcome::Skip(at),
    }
}

/// Marks that stand for plus and minus; French typesets a dash for the latter.
pub(crate) fn is_sign_mark(c: char) -> bool {
    matches!(c, '-' | '−' | '+' | '‑' | '–')
}

/// A sign bound to the figure behind it.
fn sign(reader: Reader<'_>, at: usize) -> Option<(bool, usize)> {
    let c = reader.char_at(at).filter(|c| is_sign_mark(*c))?;
    // "(– 0,2 %)", "(+ 3 %)".
    let bracketed = reader.char_before(at) == Some('(');
    let next = at + c.len_utf8();
    let next = if bracketed { reader.skip_blanks(next) } else { next };
    let figure =
        reader.digit_at(next) || matches!(reader.byte(next), Some(b'.' | b',')) && reader.digit_at(next + 1);
    (figure || reader.char_at(next).is_some_and(crate::lexicon::is_sign)).then_some((c != '+', next))
}

/// "moins vingt"; not "au moins vingt".
fn minus_word(reader: Reader<'_>, at: usize) -> Option<(bool, usize)> {
    let end = reader.means(at, Sense::Minus)?;
    let bounds = |sense| matches!(sense, Sense::Min | Sense::Max | Sense::Approx).then_some(());
    if reader.phrase_before(end, Kinds::BOUNDS, bounds).is_some() {
        return None;
    }
    let number = reader.skip_blanks(end);
    (number > end).then_some((true, number))
}

fn prefixed(reader: Reader<'_>, at: usize, manner: Manner) -> Option<Outcome> {
    let (outer, unit_at) = match sign(reader, at) {
        Some((negative, next)) if !reader.digit_at(next) => (negative, next),
        _ => match reader.char_at(at) {
            // "-AUD 1,250.40".
            Some('-' | '−') if reader.letter_at(at + reader.char_at(at).map_or(1, char::len_utf8)) => {
                (true, at + reader.char_at(at).map_or(1, char::len_utf8))
            }
            _ => (false, at),
        },
    };
    let prefix = unit::prefix(reader, unit_at)?;
    let signed = sign(reader, prefix.number);
    let bound = signed.is_some() && !prefix.sign && prefix.end == prefix.number;
    let (inner, number_at) = signed.unwrap_or((false, prefix.number));
    let figures = reader.digit_at(number_at)
        || matches!(reader.byte(number_at), Some(b'.' | b',')) && reader.digit_at(number_at + 1);
    if !figures && !prefix.sign {
        return None;
    }
    // "$5,000" in a French text keeps its own comma; "€2,200" has a European one.
    // Before a scale word the comma is the local one again: "$ 2,254 millones".
    let english = prefix.sign && prefix.english;
    let mut found = numeral::read(reader, number_at, Manner { english, ..manner });
    let mut grouped = false;
    if english {
        let local = numeral::read(reader, number_at, manner);
        let value = |found: &Found| if let Found::Number(number) = found { number.value } else { None };
        if matches!(found, Found::Number(number) if number.scale > 0) {
            found = local;
        } else {
            grouped = value(&found) != value(&local);
        }
    }
    let number = match found {
        Found::Number(number) => number,
        Found::NotANumber(end) => return Some(Outcome::Skip(end)),
        Found::Nothing => return None,
    };
    // "AUD-1250.40", but "BGM-109" is a missile.
    if !figures && number.scale == 0 || number.article || bound && !number.marked {
        return None;
    }
    let mut expression = Expression {
        start: at,
        end: number.end,
        value: number.value,
        scale: number.scale,
        counted: Some(Counted::Money(prefix.unit)),
        prefixed: true,
        worded: false,
        code: false,
        rule: if grouped { ENGLISH_COMMA } else { UNIT_BEFORE },
        number,
    };
    // "US$3.6 billion" in a French or German text is quoted from English: there the word would be in the plural, and
    // the point a comma.
    let last_word = reader.letters_before(number.end);
    let english_billion = number.scale == 12
        && reader.locale.billion.is_none()
        && prefix.sign
        && number.figures
        && reader.slice(last_word, number.end).eq_ignore_ascii_case("billion")
        && number.value.is_some_and(|value| value.mantissa() != 1 || value.scale() != 0)
        && reader.locale.decimal == b',';
    if english_billion {
        expression.value = number.value.map(|value| Decimal::new(value.mantissa(), value.scale() + 3));
        expression.scale = 9;
        expression.rule = ENGLISH_BILLION;
    }
    let mut scale = prefix.scale;
    if number.ends_in_figures || number.scale == 3 {
        if let Some((mut short, end)) = unit::short_after(reader, number.end) {
            if short == 12 && prefix.english && reader.slice(number.end, end) == "B" {
                short = 9;
                expression.rule = ENGLISH_BILLION;
            }
            scale += short;
            expression.end = end;
        } else if number.ends_in_figures
            && reader.letter_at(number.end)
            && unit::suffix(reader, number.end).is_none()
        {
            // "EUR12abc" is a reference.
            return Some(Outcome::Skip(reader.letters_end(number.end)));
        }
    }
    if scale > 0 {
        expression.value = number.value.and_then(|value| value.shifted(scale));
        expression.scale = number.scale + scale;
    }
    // "$20 USD", "US$ 20 dollars": the same currency told twice.
    if let Some(suffix) = unit::suffix(reader, expression.end) {
        let again = suffix.scale == 0 && unit::same(Counted::Money(prefix.unit), suffix.counted);
        let next = reader.skip_blanks(suffix.end);
        if again && !(suffix.symbol && reader.digit_at(next)) {
            expression.end = suffix.end;
            if prefix.unit.code.is_none() {
                expression.counted = Some(suffix.counted);
            }
        }
    }
    // "TOP 50", "CUP 2022": capitals in a headline. "euro 2016", "euro 19 paesi": a name and something else.
    let plain = !number.marked && scale == 0;
    let counts_other = number.digits == 4 || reader.letter_at(reader.skip_blanks(expression.end));
    if plain
        && (prefix.unit.is_weak() || prefix.name && (counts_other || prefix.unit.homograph != Homograph::No))
    {
        return None;
    }
    negate(&mut expression, outer || inner);
    Some(Outcome::Found(expression))
}

fn negate(expression: &mut Expression, negative: bool) {
    if negative {
        expression.value = expression.value.map(Decimal::negated);
    }
}

/// Adds what stands behind the number.
fn complete(reader: Reader<'_>, start: usize, negative: bool, number: Numeral, manner: Manner) -> Expression {
    let mut expression = Expression {
        start,
        end: number.end,
        value: number.value,
        scale: number.scale,
        counted: None,
        prefixed: false,
        worded: false,
        code: false,
        rule: if number.scale > 0 { SCALED_NUMBER } else { NUMBER },
        number,
    };
    if let Some(suffix) = unit::suffix(reader, number.end).filter(|suffix| belongs(reader, &number, suffix)) {
        expression.counted = Some(suffix.counted);
        expression.rule = UNIT_AFTER;
        expression.worded = !suffix.symbol;
        expression.code = suffix.symbol && reader.letter_at(suffix.start);
        expression.end = suffix.end;
        if suffix.scale > 0 {
            expression.scale = suffix.scale;
            expression.value = number.value.and_then(|value| value.shifted(suffix.scale));
        }
        match suffix.counted {
            Counted::Subunit(_) => {
                expression.value = number.value.map(hundredth);
            }
            Counted::Money(unit) => {
                scale_after(reader, &mut expression, suffix.symbol);
                hundredths(reader, &mut expression, unit, manner);
            }
            Counted::Percent | Counted::Permille | Counted::Points => {}
        }
    }
    negate(&mut expression, negative);
    expression
}

fn hundredth(value: Decimal) -> Decimal {
    value.scale().checked_add(2).map_or(value, |scale| Decimal::new(value.mantissa(), scale))
}

/// Whether a unit counts this number, and not the figures behind it ("2019 $5 million").
fn belongs(reader: Reader<'_>, number: &Numeral, suffix: &unit::Suffix) -> bool {
    let Counted::Money(unit) = suffix.counted else {
        // "5c" alone is a telephone or a street number, behind "2 $" it is cents.
        if matches!(suffix.counted, Counted::Subunit(_)) && suffix.end - suffix.start == 1 {
            return false;
        }
        // "un pour cent", "un centime"; "un %" and "un pourcentage" are no amounts.
        return !number.article
            || reader.letter_at(suffix.start) && !reader.slice(suffix.start, suffix.end).ends_with("age");
    };
    if suffix.symbol {
        let glued_left = suffix.start == number.end;
        if reader.digit_at(suffix.end) && !glued_left {
            return false;
        }
        let next = reader.skip_blanks(suffix.end);
        let year = number.figures && !number.marked && number.digits == 4;
        if reader.digit_at(next) && year && !glued_left {
            return false;
        }
        // "un F-16", "eine BGM-109".
        if number.article {
            return false;
        }
        // "64 AMD processors".
        let named = unit.is_weak()
            && !number.marked
            && suffix.scale == 0
            && reader.letter_at(next)
            && !follows_price(reader, next);
        return !named;
    }
    if number.article && suffix.end - suffix.start < 3 {
        return false;
    }
    // "un franc succès"; "un franc et demi" and "un franc." are sums.
    let next = reader.skip_blanks(suffix.end);
    let goes_on = |sense| {
        use Sense::{And, Follows, Link, Or, To};
        matches!(sense, And | Link | To | Or | Follows).then_some(())
    };
    if unit.homograph == Homograph::Shy
        && number.article
        && reader.letter_at(next)
        && reader.phrase(next, Kinds::GOES_ON, goes_on).is_none()
    {
        return false;
    }
    // "deux couronnes dentaires", "tre corone di fiori".
    if unit.homograph == Homograph::Large
        && !number.marked
        && number.value.is_some_and(|value| value < Decimal::new(10, 0))
        && !crate::context::alone(reader, number.start, suffix.end)
    {
        return false;
    }
    if !unit.is_weak() && number.scale == 0 && crate::context::weighs(reader, number, suffix.end, unit) {
        return false;
    }
    !unit.is_weak() || crate::context::money_is_meant(reader, number, suffix.end)
}

/// "75 USD millones": the scale behind the code.
fn scale_after(reader: Reader<'_>, expression: &mut Expression, symbol: bool) {
    if !symbol || expression.scale > 0 {
        return;
    }
    let at = reader.skip_blanks(expression.end);
    let scale = |sense| if let Sense::Scale(scale) = sense { Some(scale) } else { None };
    if let Some((scale, end)) = reader.phrase(at, Kinds::SCALE, scale).filter(|(scale, _)| *scale >= 5) {
        expression.value = expression.value.and_then(|value| value.shifted(scale));
        expression.scale = scale;
        expression.end = end;
    }
}

/// "3 euros et 50 centimes", "cinq dollars vingt", "7$ 80c", "10€50".
fn hundredths(reader: Reader<'_>, expression: &mut Expression, unit: Unit, manner: Manner) {
    if expression.scale > 3
        || expression.value.is_none_or(|v| v.scale() != 0)
        || expression.number.article && manner.no_and
    {
        return;
    }
    let end = expression.end;
    let mut at = reader.skip_blanks(end);
    let glued = at == end;
    let mut joined = false;
    if let Some(after) = reader.means(at, Sense::And).filter(|_| !manner.no_and) {
        at = reader.skip_blanks(after);
        joined = true;
    } else if matches!(reader.slice(at, at + 3), "com" | "con") && reader.skip_blanks(at + 3) > at + 3 {
        at = reader.skip_blanks(at + 3);
        joined = true;
    }
    if glued && !reader.digit_at(at) {
        return;
    }
    let Found::Number(number) = numeral::read(reader, at, Manner { no_hundred: true, ..manner }) else {
        return;
    };
    let Some(value) = number.value.filter(|v| v.scale() == 0 && (0..100).contains(&v.mantissa())) else {
        return;
    };
    if number.scale > 0 || number.marked {
        return;
    }
    let sub = unit::suffix(reader, number.end);
    let (closed, stop) = match sub.map(|s| (s.counted, s.end)) {
        Some((Counted::Subunit(part), stop)) => {
            let fits = part.code.is_none() || part.assumed || part.code == unit.code || unit.code.is_none();
            if !fits && unit.family.is_none() {
                return;
            }
            (true, stop)
        }
        Some(_) => return,
        None => (false, number.end),
    };
    if !closed {
        let two_figures = number.figures && number.digits == 2;
        let words = !number.figures && value.mantissa() >= 10;
        if !(two_figures || words) || number.ends_in_figures && reader.letter_at(number.end) {
            return;
        }
        // "15 euros et 12 personnes", "20 euros 50 places": what is counted next is no part of a price, unless
        // the text ends, or goes on with a small word.
        let next = reader.skip_blanks(stop);
        if reader.letter_at(next) && (joined || !follows_price(reader, next)) {
            return;
        }
        // "5 EUR 12": behind a code stands the next column.
        if expression.code && !joined {
            return;
        }
        // The next number of a list.
        let c = reader.char_at(next);
        if c.is_some_and(|c| {
            c.is_ascii_digit() || matches!(c, '%' | '/' | ':' | '-' | '–') || crate::lexicon::is_sign(c)
        }) {
            return;
        }
        if reader.slice(end, at).chars().filter(|c| is_blank(*c)).count() > 3 {
            return;
        }
    }
    let Some(sum) = expression.value.and_then(|whole| whole.plus(hundredth(value))) else { return };
    expression.value = Some(sum);
    expression.rule = HUNDREDTHS;
    expression.end = stop;
}

/// Whether a word at `at` may follow a price directly: it is not what the number counts.
fn follows_price(reader: Reader<'_>, at: usize) -> bool {
    use Sense::{And, Approx, Follows, Link, Max, Min, Or, To};
    let small = |sense| matches!(sense, Link | And | To | Or | Approx | Min | Max | Follows).then_some(());
    reader.phrase(at, Kinds::GOES_ON.or(Kinds::BOUNDS), small).is_some()
}
