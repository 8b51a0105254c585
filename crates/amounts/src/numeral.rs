//! Reads one number at a place: figures, words, or both, with their scale words.

use tamis_core::Decimal;

use crate::builder::Builder;
use crate::digits::{self, Run};
use crate::fold::{is_apostrophe, is_hyphen};
use crate::lexicon::{Kinds, Sense};
use crate::reader::Reader;

/// A number as read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numeral {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// `None`: more digits than a [`Decimal`] holds.
    pub(crate) value: Option<Decimal>,
    /// Power of ten of the largest scale word, 0 without one.
    pub(crate) scale: u8,
    /// Begins with figures.
    pub(crate) figures: bool,
    /// Ends in figures, so that letters right behind are a unit or spoil it.
    pub(crate) ends_in_figures: bool,
    /// Figures with groups or decimals, or a scale word: certainly an amount of something.
    pub(crate) marked: bool,
    /// Digits before the point, where it begins with figures.
    pub(crate) digits: usize,
    /// Only an article: "un", "a".
    pub(crate) article: bool,
    /// "and" was read between two words of the number.
    pub(crate) joined: bool,
}

/// What stands where a number was looked for.
pub(crate) enum Found {
    Number(Numeral),
    /// Figures that are no number; go on behind them.
    NotANumber(usize),
    Nothing,
}

/// How to read.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manner {
    /// The "and" after the number closes a range opened by "between".
    pub(crate) no_and: bool,
    /// Words for hundredths are not hundreds: "cinquante cents" after euros.
    pub(crate) no_hundred: bool,
    /// A comma before three figures groups thousands, whatever the locale.
    pub(crate) english: bool,
}

fn number_sense(sense: Sense) -> Option<Sense> {
    matches!(
        sense,
        Sense::Number(_)
            | Sense::Article(_)
            | Sense::Hundred
            | Sense::Scale(_)
            | Sense::Half
            | Sense::Tenths(_)
            | Sense::WithHalf
    )
    .then_some(sense)
}

/// The word at `at` that numbers are made of, and its end.
fn number_word(reader: Reader<'_>, at: usize) -> Option<(Sense, usize)> {
    reader.phrase(at, Kinds::NUMERAL, number_sense)
}

/// Reads the number at `at`.
pub(crate) fn read(reader: Reader<'_>, at: usize, manner: Manner) -> Found {
    let mut numeral = Numeral {
        start: at,
        end: at,
        value: None,
        scale: 0,
        figures: false,
        ends_in_figures: false,
        marked: false,
        digits: 0,
        article: false,
        joined: false,
    };
    let mut builder;
    if reader.digit_at(at) || matches!(reader.byte(at), Some(b'.' | b',')) && reader.digit_at(at + 1) {
        match digits::read(reader, at, manner.english) {
            Some(Run::Number(run)) => {
                numeral.end = run.end;
                (numeral.figures, numeral.ends_in_figures) = (true, true);
                (numeral.marked, numeral.digits) = (run.marked, run.digits);
                numeral.value = run.value;
                if ends_here(reader, run.end) {
                    return Found::Number(numeral);
                }
                builder = Builder::new(reader.lexicon.grammar);
                builder.figures(run.value);
            }
            Some(Run::Other(end)) => return Found::NotANumber(end),
            None => return Found::Nothing,
        }
    } else {
        builder = Builder::new(reader.lexicon.grammar);
        match take_word(reader, &mut builder, at, manner) {
            Some(end) => numeral.end = end,
            None => return Found::Nothing,
        }
    }
    while let Some(Step { end, in_figures, joined }) = step(reader, &mut builder, &numeral, manner) {
        (numeral.end, numeral.ends_in_figures) = (end, in_figures);
        numeral.joined |= joined;
    }
    numeral.value = builder.value();
    numeral.scale = builder.largest_scale();
    numeral.marked |= numeral.scale > 0;
    numeral.article = builder.is_article();
    Found::Number(numeral)
}

/// Whether nothing behind figures that end at `end` can go on with the number: true of most.
fn ends_here(reader: Reader<'_>, end: usize) -> bool {
    let at = reader.skip_blanks(end);
    match reader.word_at(at) {
        Some(word) => !word.entry.is_some_and(|entry| entry.leads.meets(Kinds::BEHIND_FIGURES)),
        // "12,500-crore".
        None => reader.byte(at) != Some(b'-') && !reader.letter_at(at),
    }
}

/// Takes the word or compound at `at`; its end.
fn take_word(reader: Reader<'_>, builder: &mut Builder, at: usize, manner: Manner) -> Option<usize> {
    if let Some((sense, end)) = number_word(reader, at) {
        return match sense {
            Sense::Half => half_of_scale(reader, builder, end),
            Sense::Hundred if manner.no_hundred => None,
            _ => builder.take(sense).then_some(end),
        };
    }
    if !reader.lexicon.grammar.compound {
        return None;
    }
    let end = reader.letters_end(at);
    let parts = reader.lexicon.morphemes.split(reader.slice(at, end))?;
    let mut trial = *builder;
    if !parts.iter(reader.locale).all(|part| trial.take(part)) {
        return None;
    }
    *builder = trial;
    Some(end)
}

/// "demi-milliard", "half a million", "medio millón": half of the scale word that must follow.
fn half_of_scale(reader: Reader<'_>, builder: &mut Builder, end: usize) -> Option<usize> {
    let mut at = gap(reader, end);
    if let Some((Sense::Article(_), after)) = number_word(reader, at) {
        at = gap(reader, after);
    }
    let (Sense::Scale(scale), end) = number_word(reader, at)? else { return None };
    let mut fresh = Builder::new(reader.lexicon.grammar);
    if builder.is_open() && !builder.is_article() {
        return None;
    }
    (fresh.take(Sense::Tenths(5)) && fresh.take(Sense::Scale(scale))).then(|| {
        *builder = fresh;
        end
    })
}

/// "trois quarts de milliard", "a quarter of a million", "eine Viertelmillion": quarters of the scale word that must
/// follow, counted by one or three.
fn quarters_of_scale(
    reader: Reader<'_>,
    builder: &mut Builder,
    numeral: &Numeral,
    at: usize,
) -> Option<usize> {
    let quarter = |sense| match sense {
        Sense::Quarter => Some(None),
        Sense::QuarterOf(scale) => Some(Some(scale)),
        _ => None,
    };
    let (told, mut end) = reader.phrase(at, Kinds::QUARTER.or(Kinds::QUARTER_OF), quarter)?;
    let count = builder.value().filter(|count| builder.is_open() && count.scale() == 0)?.mantissa();
    if !matches!(count, 1 | 3) || is_rest_of_mixed(reader, numeral.start) {
        return None;
    }
    let scale = if let Some(scale) = told {
        scale
    } else {
        // "un quart d’un million".
        let apostrophe = reader.char_at(end).filter(|c| is_apostrophe(*c)).map_or(0, char::len_utf8);
        let mut at = gap(reader, end + apostrophe);
        if let Some((Sense::Article(_), after)) = number_word(reader, at) {
            at = gap(reader, after);
        }
        let (Sense::Scale(scale @ 5..), after) = number_word(reader, at)? else {
            return None;
        };
        end = after;
        scale
    };
    let mut fresh = Builder::new(reader.lexicon.grammar);
    (fresh.figures(Some(Decimal::new(25 * count, 2))) && fresh.take(Sense::Scale(scale))).then(|| {
        *builder = fresh;
        end
    })
}

/// "five and three quarters of a million" is neither five nor 750,000: better no value than a wrong one.
fn is_rest_of_mixed(reader: Reader<'_>, start: usize) -> bool {
    let and = reader.phrase_before(start, Kinds::AND, |sense| (sense == Sense::And).then_some(()));
    and.is_some_and(|((), at)| {
        let before = reader.blanks_before(at);
        let word = reader.letters_before(before);
        before.checked_sub(1).is_some_and(|last| reader.digit_at(last))
            || number_word(reader, word).is_some()
            || reader.lexicon.morphemes.split(reader.slice(word, before)).is_some()
    })
}

/// Past blanks or one hyphen.
fn gap(reader: Reader<'_>, at: usize) -> usize {
    match reader.char_at(at) {
        Some(c) if is_hyphen(c) => at + c.len_utf8(),
        _ => reader.skip_blanks(at),
    }
}

/// What continued a number.
struct Step {
    end: usize,
    in_figures: bool,
    joined: bool,
}

/// A word of the number that ends at `end`.
const fn word(end: usize) -> Step {
    Step { end, in_figures: false, joined: false }
}

/// Takes what continues the number.
fn step(reader: Reader<'_>, builder: &mut Builder, numeral: &Numeral, manner: Manner) -> Option<Step> {
    let at = if numeral.ends_in_figures { reader.skip_blanks(numeral.end) } else { gap(reader, numeral.end) };
    if reader.digit_at(at) {
        return figures_between_scales(reader, builder, numeral, at)
            .map(|end| Step { in_figures: reader.digit_at(end - 1), ..word(end) });
    }
    if !reader.letter_at(at) {
        // "12,500-crore".
        if numeral.ends_in_figures && reader.byte(at) == Some(b'-') && reader.letter_at(at + 1) {
            let (Sense::Scale(scale), end) = number_word(reader, at + 1)? else {
                return None;
            };
            return builder.take(Sense::Scale(scale)).then_some(word(end));
        }
        return None;
    }
    let kinds = if numeral.ends_in_figures { Kinds::BEHIND_FIGURES } else { Kinds::BEHIND_WORDS };
    let goes_on =
        reader.word_at(at).and_then(|word| word.entry).is_some_and(|entry| entry.leads.meets(kinds));
    if !goes_on && (numeral.ends_in_figures || !reader.lexicon.grammar.compound) {
        return None;
    }
    if let Some(end) = quarters_of_scale(reader, builder, numeral, at) {
        return Some(word(end));
    }
    // Figures take a scale word, not more number words ("30 trois"): those start the next number.
    let small = |sense| {
        let sense = match sense {
            Sense::SpeltScale(scale) if !numeral.ends_in_figures => Sense::Scale(scale),
            _ => number_sense(sense)?,
        };
        let scale =
            matches!(sense, Sense::Scale(_)) || sense == Sense::Hundred && !reader.lexicon.grammar.score_tens;
        (!numeral.ends_in_figures || scale).then_some(sense)
    };
    if let Some((sense, end)) = reader.phrase(at, Kinds::NUMERAL.or(Kinds::SPELT_SCALE), small) {
        let taken = match sense {
            Sense::Half => half_of_scale(reader, builder, end),
            Sense::Hundred if manner.no_hundred => None,
            Sense::Article(_) if !article_continues(reader, builder, end) => None,
            _ => builder.take(sense).then_some(end),
        };
        if let Some(end) = taken {
            return Some(word(dotted(reader, at, end)));
        }
        return None;
    }
    let plain = !numeral.marked && numeral.digits <= 3;
    if let Some(end) = reader.means(at, Sense::Point).filter(|_| plain) {
        return fraction(reader, builder, end).map(word);
    }
    if numeral.ends_in_figures {
        return None;
    }
    if let Some(end) = take_word(reader, builder, at, manner) {
        return Some(word(end));
    }
    if let Some(end) = reader.means(at, Sense::Link) {
        let (Sense::Scale(scale), end) = number_word(reader, reader.skip_blanks(end))? else {
            return None;
        };
        return builder.scale_of_scale(scale).then_some(word(end));
    }
    if manner.no_and {
        return None;
    }
    let end = reader.means(at, Sense::And)?;
    let next = gap(reader, end);
    if reader.digit_at(next) {
        // "4 hundred and 12".
        let Some(Run::Number(run)) = digits::read(reader, next, false) else { return None };
        let value = run.value.filter(|v| v.scale() == 0 && !run.marked)?;
        let n = u16::try_from(value.mantissa()).ok().filter(|n| *n < 100)?;
        let glued = reader.letter_at(run.end);
        return (!glued && numeral.figures && builder.take_after_and(Sense::Number(n))).then_some(Step {
            end: run.end,
            in_figures: true,
            joined: true,
        });
    }
    if let Some((sense, end)) = number_word(reader, next) {
        return builder.take_after_and(sense).then_some(Step { joined: true, ..word(end) });
    }
    // "drieduizend en tweehonderd".
    let end = reader.letters_end(next);
    let parts = reader.lexicon.morphemes.split(reader.slice(next, end))?;
    let mut trial = *builder;
    if builder.is_open() || !parts.iter(reader.locale).all(|part| trial.take(part)) {
        return None;
    }
    *builder = trial;
    Some(Step { joined: true, ..word(end) })
}

/// "cent un", "zwei Millionen ein hundert"; not "20 millions un an après", not "$3 billion a year".
fn article_continues(reader: Reader<'_>, builder: &Builder, end: usize) -> bool {
    let grammar = reader.lexicon.grammar;
    if grammar.and_after_hundred && !grammar.implicit_one {
        return false;
    }
    let multiplied = |sense| matches!(sense, Sense::Hundred | Sense::Scale(_)).then_some(());
    builder.is_open()
        || builder.last_scale() <= 3
        || reader.phrase(gap(reader, end), Kinds::HUNDRED.or(Kinds::SCALE), multiplied).is_some()
}

/// Abbreviated scale words may carry a full stop: "Mio.", "mrd.". Not at the end of a sentence, where the stop is
/// followed by a capital or nothing.
fn dotted(reader: Reader<'_>, start: usize, end: usize) -> usize {
    if end - start > 4 || reader.byte(end) != Some(b'.') {
        return end;
    }
    let next = reader.skip_blanks(end + 1);
    match reader.char_at(next) {
        Some(c) if next > end + 1 && (c.is_lowercase() || crate::lexicon::is_sign(c)) => end + 1,
        Some(c) if next > end + 1 && c.is_alphabetic() => {
            let unit =
                |sense| matches!(sense, Sense::Money(_) | Sense::Code(_) | Sense::Shop(_)).then_some(());
            let sign = reader.rest(next).chars().take(4).any(crate::lexicon::is_sign);
            if sign || reader.phrase(next, Kinds::MONEY.or(Kinds::CODE).or(Kinds::SHOP), unit).is_some() {
                end + 1
            } else {
                end
            }
        }
        _ => end,
    }
}

/// "3 millions 200 mille": figures after a scale only when a smaller scale closes them.
fn figures_between_scales(
    reader: Reader<'_>,
    builder: &mut Builder,
    numeral: &Numeral,
    at: usize,
) -> Option<usize> {
    if builder.is_open() || numeral.ends_in_figures || at == numeral.end {
        return None;
    }
    let Some(Run::Number(run)) = digits::read(reader, at, false) else { return None };
    if run.value.is_none_or(|value| value.scale() != 0) {
        return None;
    }
    let mut trial = *builder;
    if reader.lexicon.grammar.figures_after_thousand
        && numeral.figures
        && builder.last_scale() == 3
        && run.digits == 3
        && !run.marked
        && !reader.letter_at(run.end)
        && trial.figures(run.value)
    {
        *builder = trial;
        return Some(run.end);
    }
    let next = reader.skip_blanks(run.end);
    let (sense, end) = number_word(reader, next)?;
    let mut trial = *builder;
    let smaller = matches!(sense, Sense::Hundred)
        || matches!(sense, Sense::Scale(scale) if scale < builder.largest_scale());
    if !(smaller && trial.figures(run.value) && trial.take(sense)) {
        return None;
    }
    *builder = trial;
    Some(end)
}

/// Fraction words after "virgule": "quatre cinq", "zéro cinq", "vingt-cinq", "trois cent trois".
fn fraction(reader: Reader<'_>, builder: &mut Builder, at: usize) -> Option<usize> {
    let (mut digits, mut places, mut end) = (0_i128, 0_u8, None);
    let mut next = reader.skip_blanks(at);
    while places <= 30 {
        let mut part = Builder::new(reader.lexicon.grammar);
        let mut part_end = None;
        if reader.digit_at(next) {
            let Some(Run::Number(run)) = digits::read(reader, next, false) else { break };
            if run.marked || !part.figures(run.value) {
                break;
            }
            part_end = Some(run.end);
        }
        // A zero is a digit of its own: "zéro cinq" is 05.
        while part_end.is_none_or(|end| !reader.digit_at(end - 1) && part.value() != Some(Decimal::new(0, 0)))
        {
            let from = part_end.map_or(next, |end| gap(reader, end));
            let below_scale = |sense| {
                number_sense(sense)
                    .filter(|s| matches!(s, Sense::Number(_) | Sense::Article(_) | Sense::Hundred))
            };
            let mut trial = part;
            let taken = reader
                .phrase(from, Kinds::NUMERAL, below_scale)
                .filter(|(sense, _)| trial.take(*sense))
                .map(|(_, end)| end);
            let compound = || {
                let end = reader.letters_end(from);
                let parts = reader.lexicon.morphemes.split(reader.slice(from, end))?;
                let mut trial = part;
                parts.iter(reader.locale).all(|part| trial.take(part)).then_some((trial, end))
            };
            let and = || {
                let end = reader.means(from, Sense::And)?;
                let (sense, end) = reader.phrase(reader.skip_blanks(end), Kinds::NUMERAL, below_scale)?;
                let mut trial = part;
                trial.take_after_and(sense).then_some((trial, end))
            };
            let taken = match taken {
                Some(end) => Some((trial, end)),
                None => compound().or_else(|| part_end.and_then(|_| and())),
            };
            let Some((grown, end)) = taken else { break };
            (part, part_end) = (grown, Some(end));
        }
        let Some((value, stop)) = part.value().zip(part_end) else { break };
        if value.scale() != 0 {
            break;
        }
        let width = value.mantissa().checked_ilog10().map_or(1, |n| n as u8 + 1);
        let Some(widened) = 10_i128.checked_pow(u32::from(width)).and_then(|p| digits.checked_mul(p)) else {
            break;
        };
        digits = widened + value.mantissa();
        places += width;
        end = Some(stop);
        next = gap(reader, stop);
    }
    let end = end?;
    builder.fraction(digits, places);
    Some(end)
}
