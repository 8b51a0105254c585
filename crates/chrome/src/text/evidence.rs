//! Evidence: what speaks for and against a unit, as yes-or-no features with integer weights.
//!
//! Every measurement falls into one bin, and every bin has a weight in `weights.rs`: a verdict is a sum of integers
//! that can be read off the table. There are two sheets. The first, here, looks at the unit alone; its sum says how
//! much the unit looks like prose. The second, in `place`, looks at where it stands.

use crate::phrases::Category;

use super::sign::{First, Last, Signs};
use super::unit::Unit;

/// Weights count in sixteenths of a unit of log-odds.
pub(crate) const SCALE: i32 = 16;

/// Receives the bins a unit falls into.
pub(crate) trait Sheet {
    /// The unit falls into `bin` of a field of `bins` bins; bins beyond the last count as the last.
    fn field(&mut self, name: &'static str, bins: u32, bin: u32);

    /// The unit falls into bin 0 of each of these fields. That bin weighs nothing there.
    fn absent(&mut self, names: &[&'static str], bins: u32);
}

/// Adds up the weights of the bins.
#[derive(Debug)]
pub(crate) struct Sum<'a> {
    weights: &'a [i16],
    base: usize,
    pub(crate) total: i32,
}

impl<'a> Sum<'a> {
    pub(crate) const fn new(weights: &'a [i16]) -> Self {
        Self { weights, base: 0, total: 0 }
    }
}

impl Sheet for Sum<'_> {
    #[inline]
    fn field(&mut self, _: &'static str, bins: u32, bin: u32) {
        let bin = bin.min(bins - 1);
        self.total += i32::from(self.weights.get(self.base + bin as usize).copied().unwrap_or(0));
        self.base += bins as usize;
    }

    #[inline]
    fn absent(&mut self, names: &[&'static str], bins: u32) {
        self.base += names.len() * bins as usize;
    }
}

/// The bin of a value between ascending bounds. Counts all bounds, as a loop that stops is mispredicted.
#[inline]
pub(super) fn bin(value: u32, bounds: &[u32]) -> u32 {
    bounds.iter().map(|&bound| u32::from(value >= bound)).sum()
}

/// The bin of a share between ascending bounds in percent, without dividing.
#[inline]
fn percent(part: u16, whole: u16, bounds: &[u32]) -> u32 {
    let (part, whole) = (u32::from(part) * 100, u32::from(whole));
    if whole == 0 { 0 } else { bounds.iter().map(|&bound| u32::from(part >= bound * whole)).sum() }
}

/// The categories and none.
pub(super) const CATEGORIES: u32 = Category::COUNT as u32 + 1;

/// The category that covers most of the unit, plus one; 0 if phrases cover less than half of it.
pub(crate) fn label(unit: &Unit) -> u32 {
    if unit.coverage() < 50 {
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
pub(crate) fn alone(unit: &Unit, sheet: &mut impl Sheet) {
    let sum = &unit.sum;
    let words = unit.words();
    let length = bin(words, &[1, 2, 3, 4, 6, 9, 13, 19, 29, 46, 81]);
    let short = bin(words, &[5, 13]);
    let brief = bin(words, &[13]);
    let sign = |sign: u16| u32::from(sum.signs.has(sign));
    let (first, last) = (sum.first as u32, sum.last as u32);
    sheet.field("words", 12, length);
    sheet.field("words and end", 96, length * 8 + last);
    sheet.field("beginning", 27, short * 9 + first);
    sheet.field(
        "function words",
        24,
        short * 8 + percent(sum.stops, sum.tokens, &[1, 12, 20, 28, 36, 44, 55]),
    );
    sheet.field("capitals", 18, short * 6 + percent(sum.capitals, sum.tokens, &[1, 8, 16, 32, 60]));
    sheet.field("all capitals", 12, short * 4 + percent(sum.shouts, sum.tokens, &[1, 20, 70]));
    sheet.field("numbers", 15, short * 5 + percent(sum.numbers, sum.tokens, &[1, 10, 25, 50]));
    sheet.field("sentences", 5, bin(sum.sentences.into(), &[1, 2, 3, 5]));
    sheet.field("commas", 5, bin(sum.commas.into(), &[1, 2, 4, 7]));
    sheet.field("separators", 12, short * 4 + bin(sum.separators.into(), &[1, 2, 4]));
    sheet.field("address", 4, brief * 2 + sign(Signs::ADDRESS));
    sheet.field("at sign", 4, brief * 2 + sign(Signs::AT));
    sheet.field("hash sign", 4, brief * 2 + sign(Signs::HASH));
    sheet.field("money", 4, brief * 2 + sign(Signs::MONEY));
    sheet.field("percent", 4, brief * 2 + sign(Signs::PERCENT));
    sheet.field("copyright", 4, brief * 2 + sign(Signs::COPYRIGHT));
    sheet.field("clock", 4, brief * 2 + sign(Signs::CLOCK));
    sheet.field("cut", 4, brief * 2 + sign(Signs::CUT));
    sheet.field("question", 4, brief * 2 + sign(Signs::QUESTION));
    sheet.field("quotation", 6, short * 2 + sign(Signs::QUOTE));
    sheet.field("bracket", 6, short * 2 + sign(Signs::BRACKET));
    sheet.field("no letters", 2, u32::from(sum.tokens == 0));
    sheet.field("single word", 3, if sum.tokens == 1 { 1 + u32::from(sum.stops == 1) } else { 0 });
    let fragment =
        sum.first == First::Lower && sum.last == Last::Open && unit.blank_before && unit.blank_after;
    sheet.field("fragment", 4, if fragment { 1 + short } else { 0 });
    sheet.field("indent", 6, bin(sum.indent.into(), &[1, 4]) * 2 + u32::from(sum.bullet));
    sheet.field("lines", 3, bin(unit.lines.1 - unit.lines.0, &[2, 3]));
    let blank = u32::from(unit.blank_before) * 2 + u32::from(unit.blank_after);
    sheet.field("blank lines", 12, short * 4 + blank);
    sheet.field("repeats", 9, short * 3 + bin(unit.repeats, &[2, 3]));
    sheet.field("phrases", 18, short * 6 + bin(unit.coverage(), &[1, 15, 30, 50, 85]));
    if sum.covered.iter().all(|&covered| covered == 0) {
        sheet.absent(&CATEGORY_FIELDS, 5);
    } else {
        for (name, &covered) in CATEGORY_FIELDS.iter().zip(&sum.covered) {
            sheet.field(name, 5, percent(covered.into(), sum.tokens, &[1, 12, 40, 80]));
        }
    }
    // "Share" opens a line of five words in another way than a paragraph of fifty.
    let extent = bin(words, &[13, 30]);
    sheet.field("opening phrase", 3 * CATEGORIES, extent * CATEGORIES + u32::from(sum.opens));
    sheet.field("closing phrase", 3 * CATEGORIES, extent * CATEGORIES + u32::from(sum.closes));
}

/// Names of the fields of the categories, in their order.
const CATEGORY_FIELDS: [&str; Category::COUNT] = [
    "cookie",
    "comments",
    "related",
    "read more",
    "share",
    "newsletter",
    "paywall",
    "login",
    "legal",
    "loading",
    "media",
    "credit",
    "byline",
    "breadcrumb",
    "event",
    "ticker",
    "shop",
    "navigation",
    "calendar",
];
