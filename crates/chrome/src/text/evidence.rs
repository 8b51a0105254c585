//! Evidence: what speaks for and against a unit, as yes-or-no features with integer weights.
//!
//! Every measurement falls into one bin, and every bin has a weight in `weights.rs`: a verdict is a sum of integers
//! that can be read off the table. There are two sheets. The first, here, looks at the unit alone; its sum says how
//! much the unit looks like prose. The second, in `place`, looks at where it stands.

use crate::phrases::Category;

use super::sheet::{Field, Sheet, bin, look_up, reached};
use super::sign::{First, Last, Signs};
use super::unit::Unit;

/// The categories and none.
pub(super) const CATEGORIES: usize = Category::COUNT + 1;

/// The fields of the first sheet, in the order of their weights.
pub(crate) mod fields {
    use super::{CATEGORIES, Category, Field};

    pub(crate) const ENDING: Field = Field::first("words and end", 12 * 8).in_runs(8);
    pub(crate) const BEGINNING: Field = ENDING.then("beginning", 3 * 9);
    pub(crate) const STOPS: Field = BEGINNING.then("function words", 3 * 8);
    pub(crate) const CAPITALS: Field = STOPS.then("capitals", 3 * 6);
    pub(crate) const SHOUTS: Field = CAPITALS.then("all capitals", 3 * 4);
    pub(crate) const NUMBERS: Field = SHOUTS.then("numbers", 3 * 5);
    pub(crate) const SENTENCES: Field = NUMBERS.then("sentences", 5);
    pub(crate) const COMMAS: Field = SENTENCES.then("commas", 5);
    pub(crate) const SEPARATORS: Field = COMMAS.then("separators", 3 * 4);
    pub(crate) const ADDRESS: Field = SEPARATORS.then("address", 2 * 2);
    pub(crate) const AT: Field = ADDRESS.then("at sign", 2 * 2);
    pub(crate) const HASH: Field = AT.then("hash sign", 2 * 2);
    pub(crate) const MONEY: Field = HASH.then("money", 2 * 2);
    pub(crate) const PERCENT: Field = MONEY.then("percent", 2 * 2);
    pub(crate) const COPYRIGHT: Field = PERCENT.then("copyright", 2 * 2);
    pub(crate) const CLOCK: Field = COPYRIGHT.then("clock", 2 * 2);
    pub(crate) const CUT: Field = CLOCK.then("cut", 2 * 2);
    pub(crate) const QUESTION: Field = CUT.then("question", 2 * 2);
    pub(crate) const QUOTATION: Field = QUESTION.then("quotation", 3 * 2);
    pub(crate) const BRACKET: Field = QUOTATION.then("bracket", 3 * 2);
    pub(crate) const NO_LETTERS: Field = BRACKET.then("no letters", 2);
    pub(crate) const SINGLE: Field = NO_LETTERS.then("single word", 3);
    pub(crate) const FRAGMENT: Field = SINGLE.then("fragment", 4);
    pub(crate) const INDENT: Field = FRAGMENT.then("indent", 3 * 2);
    pub(crate) const LINES: Field = INDENT.then("lines", 3);
    pub(crate) const BLANKS: Field = LINES.then("blank lines", 3 * 4);
    pub(crate) const REPEATS: Field = BLANKS.then("repeats", 3 * 3);
    pub(crate) const PHRASES: Field = REPEATS.then("phrases", 3 * 6);
    /// One field a category, named by it.
    ///
    /// A static: a constant is copied where it is used.
    pub(crate) static CATEGORY: [Field; Category::COUNT] = one_a_category(PHRASES);
    pub(crate) const OPENING: Field = last(&one_a_category(PHRASES)).then("opening phrase", 3 * CATEGORIES);
    pub(crate) const CLOSING: Field = OPENING.then("closing phrase", 3 * CATEGORIES);
    pub(crate) const EXTENT: Field = CLOSING.then("extent", 3);
    /// How many bins the sheet has.
    pub(crate) const BINS: usize = EXTENT.end();

    /// Every field, in order.
    #[cfg(feature = "tuning")]
    pub(crate) fn all() -> Vec<Field> {
        let mut fields = vec![
            ENDING, BEGINNING, STOPS, CAPITALS, SHOUTS, NUMBERS, SENTENCES, COMMAS, SEPARATORS, ADDRESS, AT,
            HASH, MONEY, PERCENT, COPYRIGHT, CLOCK, CUT, QUESTION, QUOTATION, BRACKET, NO_LETTERS, SINGLE,
            FRAGMENT, INDENT, LINES, BLANKS, REPEATS, PHRASES,
        ];
        fields.extend(CATEGORY);
        fields.extend([OPENING, CLOSING, EXTENT]);
        fields
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "evaluated while compiling, where an index out of range is an error"
    )]
    const fn one_a_category(before: Field) -> [Field; Category::COUNT] {
        let mut fields = [before.then(Category::ALL[0].name(), 5); Category::COUNT];
        let mut at = 1;
        while at < Category::COUNT {
            fields[at] = fields[at - 1].then(Category::ALL[at].name(), 5);
            at += 1;
        }
        fields
    }

    const fn last(fields: &[Field; Category::COUNT]) -> Field {
        fields[Category::COUNT - 1]
    }
}

/// Bins of lengths in words, for lengths up to the last bound.
static LENGTH: [u8; 82] = reached(&[1, 2, 3, 4, 6, 9, 13, 19, 29, 46, 81]);
static SHORT: [u8; 14] = reached(&[5, 13]);
/// Bins of shares in percent.
static STOPS: [u8; 56] = reached(&[1, 12, 20, 28, 36, 44, 55]);
static CAPITALS: [u8; 61] = reached(&[1, 8, 16, 32, 60]);
static SHOUTS: [u8; 71] = reached(&[1, 20, 70]);
static NUMBERS: [u8; 51] = reached(&[1, 10, 25, 50]);
static COVERAGE: [u8; 86] = reached(&[1, 15, 30, 50, 85]);
static COVERED: [u8; 81] = reached(&[1, 12, 40, 80]);

/// The bin of a length: up to four words, up to twelve, more.
#[inline]
pub(super) fn short(words: u32) -> usize {
    look_up(&SHORT, words)
}

/// The category that covers most of the unit, plus one; 0 if phrases cover less than half of it.
#[inline]
pub(crate) fn label(unit: &Unit) -> usize {
    if !unit.sum.phrases || unit.coverage() < 50 {
        return 0;
    }
    let (mut most, mut label) = (0, 0);
    for (category, &covered) in (1..).zip(unit.sum.covered.iter().take(Category::Calendar as usize)) {
        if covered > most {
            (most, label) = (covered, category);
        }
    }
    label
}

/// The unit alone.
#[inline]
pub(crate) fn alone(unit: &Unit, words: u32, sheet: &mut impl Sheet) {
    use fields::{
        BEGINNING, BLANKS, BRACKET, COMMAS, ENDING, EXTENT, FRAGMENT, INDENT, LINES, NO_LETTERS, QUOTATION,
        REPEATS, SENTENCES, SEPARATORS, SINGLE,
    };
    let sum = &unit.sum;
    let short = short(words);
    sheet.add(ENDING, look_up(&LENGTH, words) * 8 + sum.last as usize);
    sheet.add(BEGINNING, short * 9 + sum.first as usize);
    sheet.add(fields::STOPS, short * 8 + look_up(&STOPS, unit.share(sum.stops)));
    let blank = usize::from(unit.blank_before) * 2 + usize::from(unit.blank_after);
    sheet.add(BLANKS, short * 4 + blank);
    // "Share" opens a line of five words in another way than a paragraph of fifty.
    let extent = bin(words, &[13, 30]);
    sheet.add(EXTENT, extent);
    if sum.capitals > 0 {
        sheet.add(fields::CAPITALS, short * 6 + look_up(&CAPITALS, unit.share(sum.capitals)));
    }
    if sum.shouts > 0 {
        sheet.add(fields::SHOUTS, short * 4 + look_up(&SHOUTS, unit.share(sum.shouts)));
    }
    if sum.numbers > 0 {
        sheet.add(fields::NUMBERS, short * 5 + look_up(&NUMBERS, unit.share(sum.numbers)));
    }
    if sum.sentences > 0 {
        sheet.add(SENTENCES, bin(sum.sentences.into(), &[1, 2, 3, 5]));
    }
    if sum.commas > 0 {
        sheet.add(COMMAS, bin(sum.commas.into(), &[1, 2, 4, 7]));
    }
    if sum.separators > 0 {
        sheet.add(SEPARATORS, short * 4 + bin(sum.separators.into(), &[1, 2, 4]));
    }
    if sum.signs.0 & !Signs::STOP_LAST != 0 {
        let brief = bin(words, &[13]);
        for (sign, field) in SIGNS {
            if sum.signs.has(sign) {
                sheet.add(field, brief * 2 + 1);
            }
        }
        if sum.signs.has(Signs::QUOTE) {
            sheet.add(QUOTATION, short * 2 + 1);
        }
        if sum.signs.has(Signs::BRACKET) {
            sheet.add(BRACKET, short * 2 + 1);
        }
    }
    if sum.tokens <= 1 {
        if sum.tokens == 0 {
            sheet.add(NO_LETTERS, 1);
        } else {
            sheet.add(SINGLE, 1 + usize::from(sum.stops == 1));
        }
    }
    if sum.first == First::Lower && sum.last == Last::Open && unit.blank_before && unit.blank_after {
        sheet.add(FRAGMENT, 1 + short);
    }
    if sum.indent > 0 || sum.bullet {
        sheet.add(INDENT, bin(sum.indent.into(), &[1, 4]) * 2 + usize::from(sum.bullet));
    }
    if unit.height > 1 {
        sheet.add(LINES, bin(unit.height, &[2, 3]));
    }
    if unit.repeats > 1 {
        sheet.add(REPEATS, short * 3 + bin(unit.repeats, &[2, 3]));
    }
    if sum.phrases {
        wording(unit, short, extent, sheet);
    }
}

/// The phrases of chrome in the unit.
#[inline]
fn wording(unit: &Unit, short: usize, extent: usize, sheet: &mut impl Sheet) {
    let sum = &unit.sum;
    sheet.add(fields::PHRASES, short * 6 + look_up(&COVERAGE, unit.coverage()));
    for (field, &covered) in fields::CATEGORY.iter().zip(&sum.covered) {
        if covered > 0 {
            sheet.add(*field, look_up(&COVERED, unit.share(covered.into())));
        }
    }
    if sum.opens > 0 {
        sheet.add(fields::OPENING, extent * CATEGORIES + usize::from(sum.opens));
    }
    if sum.closes > 0 {
        sheet.add(fields::CLOSING, extent * CATEGORIES + usize::from(sum.closes));
    }
}

const SIGNS: [(u16, Field); 9] = [
    (Signs::ADDRESS, fields::ADDRESS),
    (Signs::AT, fields::AT),
    (Signs::HASH, fields::HASH),
    (Signs::MONEY, fields::MONEY),
    (Signs::PERCENT, fields::PERCENT),
    (Signs::COPYRIGHT, fields::COPYRIGHT),
    (Signs::CLOCK, fields::CLOCK),
    (Signs::CUT, fields::CUT),
    (Signs::QUESTION, fields::QUESTION),
];
