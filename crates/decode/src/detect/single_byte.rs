//! What a sample costs in the single-byte encodings.
#![expect(
    clippy::indexing_slicing,
    reason = "tables of 256 entries, indexed by bytes, and squares of as many places as these hold"
)]

use std::sync::LazyLock;

use super::Ranking;
use super::sample::{Pair, Sample};
use crate::charset::{Charset, SingleByte, single_bytes};
use crate::letters::{Cost, Language, Script, is_letter, languages, symbol_cost};

/// One encoding.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) table: &'static SingleByte,
    /// What a byte costs for being no letter.
    symbols: [u16; 256],
    cases: [Case; 256],
    /// Signs and digits of a script that is not written beside Latin letters.
    strange: [bool; 256],
    /// Languages that the encoding can write.
    spellings: Vec<Spelling>,
}

/// One language in one encoding.
#[derive(Debug)]
struct Spelling {
    /// Place in [`languages`].
    language: usize,
    /// Each byte's place in the language's prices.
    places: [u8; 256],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    None,
    Lower,
    Upper,
}

/// A capital after a small letter, which ordinary words do not have.
const CAPITAL_INSIDE_COST: Cost = 80;
/// A capital after a capital or at a word's start.
const CAPITAL_COST: Cost = 15;
/// A symbol between two letters.
const SYMBOL_IN_WORD_COST: Cost = 30;
/// A vowel sign of Thai or Arabic on a Latin letter.
const STRANGE_SIGN_COST: Cost = 200;
/// Pairs of ASCII letters that are priced, of those met the most frequent: they are nine in ten, and tell the language.
const COMMON_PAIRS: usize = 160;
/// Letter pairs that are priced between two looks at the ceiling.
const PAIRS_AT_ONCE: usize = 8;
/// Of a language's letters, this share must be in the encoding, in percent.
const LEAST_COVERAGE: usize = 90;

/// All of them, in the order of [`single_bytes`].
pub(super) fn pages() -> &'static [Page] {
    &PAGES
}

static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| single_bytes().iter().map(page).collect());

fn page(table: &'static SingleByte) -> Page {
    let mut page = Page {
        table,
        symbols: [0; 256],
        cases: [Case::None; 256],
        strange: [false; 256],
        spellings: Vec::new(),
    };
    for byte in 0..=u8::MAX {
        let c = table.read(byte);
        let at = usize::from(byte);
        if is_letter(c) {
            page.cases[at] = match (c.is_lowercase(), c.is_uppercase()) {
                (true, _) => Case::Lower,
                (_, true) => Case::Upper,
                _ => Case::None,
            };
        } else if !byte.is_ascii() {
            page.symbols[at] = symbol_cost(c) as u16;
            page.strange[at] = matches!(c, '\u{591}'..='\u{6ff}' | '\u{e01}'..='\u{e7f}');
        }
    }
    for (place, language) in languages().iter().enumerate() {
        if writes(table, language) {
            let places =
                std::array::from_fn(|byte| language.place(language.class(table.read(byte as u8))) as u8);
            page.spellings.push(Spelling { language: place, places });
        }
    }
    page
}

/// The encoding has the letters of the language.
fn writes(table: &SingleByte, language: &Language) -> bool {
    let beyond: Vec<char> = language.needed_letters().filter(|letter| !letter.is_ascii()).collect();
    let present = beyond.iter().filter(|&&letter| table.upper.contains(&letter)).count();
    present * 100 >= beyond.len() * LEAST_COVERAGE && !(language.script != Script::Latin && present < 15)
}

/// A sample's ASCII letters priced in each language.
#[derive(Debug)]
pub(super) struct AsciiPrices {
    /// By place in [`languages`].
    prices: Vec<Cost>,
    /// The price in every encoding of another script: the cheapest language in Latin script, and telling the scripts apart.
    pub(super) latin: Cost,
}

impl AsciiPrices {
    pub(super) fn of(sample: &Sample) -> Self {
        // Much ASCII text must not outvote what the other bytes say: beyond a few times their number, it is scaled down.
        let beyond = sample.beyond.iter().map(|pair| pair.count).sum::<u32>();
        let common = sample.ascii.get(..COMMON_PAIRS).unwrap_or(&sample.ascii);
        let total = common.iter().map(|pair| pair.count).sum::<u32>();
        let wanted = (beyond * 3 + 60).min(sample.ascii_total);
        // In ASCII, what is no letter is a word's edge: five bits tell the rest.
        let place = |byte: u8| if byte == b' ' { 0 } else { usize::from(byte & 0x1f) };
        let mut squares = [(0, 0); COMMON_PAIRS];
        for (square, pair) in squares.iter_mut().zip(common) {
            *square = (place(pair.previous) * ASCII_PLACES + place(pair.current), pair.count);
        }
        let squares = squares.get(..common.len()).unwrap_or_default();
        let mut prices: Vec<Cost> = ASCII_PRICES
            .iter()
            .map(|prices| {
                let Some(prices) = prices else { return Cost::MAX };
                let full = squares
                    .iter()
                    .map(|&(at, count)| count * Cost::from(prices[at % prices.len()]))
                    .sum::<Cost>();
                Cost::try_from(u64::from(full) * u64::from(wanted) / u64::from(total.max(1)))
                    .unwrap_or(Cost::MAX)
            })
            .collect();
        let latin = prices.iter().copied().min().unwrap_or_default().saturating_add(sample.switching);
        for price in prices.iter_mut().filter(|price| **price == Cost::MAX) {
            *price = latin;
        }
        Self { prices, latin }
    }

    /// Adds the sample's reading in an encoding to the ranking.
    pub(super) fn rank(&self, page: &Page, sample: &Sample, ranking: &mut Ranking) {
        let charset = Charset::SingleByte(page.table);
        let ceiling = ranking.ceiling(charset);
        let Some(unspelled) = page.unspelled_cost(&sample.beyond, ceiling) else { return };
        let mut best: Option<Cost> = None;
        for spelling in &page.spellings {
            let Some(language) = languages().get(spelling.language) else { continue };
            let base = unspelled + self.prices.get(spelling.language).copied().unwrap_or_default();
            if let Some(cost) = spelling.cost(language, &sample.beyond, base, best.unwrap_or(ceiling)) {
                best = Some(cost);
            }
        }
        if let Some(cost) = best {
            ranking.add(charset, cost);
        }
    }
}

/// Places of ASCII letters, small or capital, and of the edge, which is 0.
const ASCII_PLACES: usize = 32;

/// What ASCII letters cost one after the other, by language; `None` for those of another script.
static ASCII_PRICES: LazyLock<Vec<Option<Box<[u8; ASCII_PLACES * ASCII_PLACES]>>>> = LazyLock::new(|| {
    let character =
        |place: usize| if (1..=26).contains(&place) { char::from(place as u8 | 0x60) } else { ' ' };
    let price = |language: &Language, at: usize| {
        let class = |place| language.class(character(place));
        language.cost(class(at / ASCII_PLACES), class(at % ASCII_PLACES)) as u8
    };
    let prices = |language: &Language| {
        let is_latin = language.script == Script::Latin;
        is_latin.then(|| Box::new(std::array::from_fn(|at| price(language, at))))
    };
    languages().iter().map(prices).collect()
});

impl Page {
    /// What a sample costs in this encoding whatever the language: symbols, and capitals where words have none.
    /// `None` from the ceiling on.
    fn unspelled_cost(&self, pairs: &[Pair], ceiling: Cost) -> Option<Cost> {
        let mut cost = 0;
        for pair in pairs {
            let (previous, current) = (usize::from(pair.previous), usize::from(pair.current));
            let mut each = Cost::from(self.symbols[current]);
            if self.symbols[current] > 0 && self.cases[previous] != Case::None {
                each += SYMBOL_IN_WORD_COST;
            }
            if self.symbols[previous] > 0 && self.cases[current] == Case::Lower {
                each += SYMBOL_IN_WORD_COST;
            }
            each += match (self.cases[previous], self.cases[current]) {
                (Case::Lower, Case::Upper) => CAPITAL_INSIDE_COST,
                (_, Case::Upper) => CAPITAL_COST,
                _ => 0,
            };
            let beside_latin = self.strange[current] && pair.previous.is_ascii_alphabetic()
                || self.strange[previous] && pair.current.is_ascii_alphabetic();
            each += if beside_latin { STRANGE_SIGN_COST } else { 0 };
            cost += each * pair.count;
            if cost >= ceiling {
                return None;
            }
        }
        Some(cost)
    }
}

impl Spelling {
    /// `base` and the price of the letter pairs; `None` from the ceiling on.
    fn cost(&self, language: &Language, pairs: &[Pair], base: Cost, ceiling: Cost) -> Option<Cost> {
        let mut cost = base;
        if cost >= ceiling {
            return None;
        }
        let (prices, width) = language.prices();
        // The ceiling is looked at once for a few pairs: without a branch for each, they overlap.
        for pairs in pairs.chunks(PAIRS_AT_ONCE) {
            for pair in pairs {
                let place = |byte: u8| usize::from(self.places[usize::from(byte)]);
                cost += Cost::from(prices[place(pair.previous) * width + place(pair.current)]) * pair.count;
            }
            if cost >= ceiling {
                return None;
            }
        }
        Some(cost)
    }
}
