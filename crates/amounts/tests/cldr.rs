//! What CLDR writes is read back: sums in every locale and every currency that is legal tender somewhere, by symbol, by
//! code, by name and in compact form, and percentages.
//!
//! The formatter below follows the number patterns of UTS #35, part 3, in so far as the patterns of these locales go.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "data that cannot be read fails its test"
)]

use std::collections::BTreeMap;
use std::fmt::Write;

use tamis_amounts::{Amount, AmountKind, Currency, Decimal, Options, find};

const FORMATS: &str = include_str!("../data/cldr/formats.txt");

struct Locale {
    tag: &'static str,
    decimal: &'static str,
    group: &'static str,
    least_groups: usize,
    standard: &'static str,
    percent: &'static str,
    /// Power of ten of the smallest number a pattern is for, and the pattern.
    compact: Vec<(u8, &'static str)>,
    currencies: BTreeMap<&'static str, Names>,
}

#[derive(Clone, Copy)]
struct Names {
    code: &'static str,
    digits: u8,
    symbol: &'static str,
    narrow: &'static str,
    name: &'static str,
}

/// All locales of the data. What a locale does not say of a currency its language says.
fn locales() -> Vec<Locale> {
    let mut locales: Vec<Locale> = Vec::new();
    for line in FORMATS.lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        match fields[..] {
            ["locale", tag, decimal, group, least, standard, percent, ref compact @ ..] => {
                let language = tag.split('-').next().unwrap();
                let base = locales.iter().find(|locale| locale.tag == language);
                let currencies = base.map(|locale| locale.currencies.clone()).unwrap_or_default();
                let compact = compact.iter().map(|pattern| pattern.split_once('=').unwrap());
                let compact = compact.map(|(power, pattern)| (power.parse().unwrap(), pattern)).collect();
                let least_groups = least.parse().unwrap();
                locales.push(Locale {
                    tag,
                    decimal,
                    group,
                    least_groups,
                    standard,
                    percent,
                    compact,
                    currencies,
                });
            }
            ["currency", tag, code, digits, symbol, narrow, name] => {
                let locale = locales.last_mut().filter(|locale| locale.tag == tag).unwrap();
                let names = Names { code, digits: digits.parse().unwrap(), symbol, narrow, name };
                locale.currencies.insert(code, names);
            }
            _ => panic!("{line}"),
        }
    }
    locales
}

/// Figures with the separators of the locale.
fn figures(locale: &Locale, pattern: &str, value: Decimal) -> String {
    let plain = value.to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let indian = pattern.contains("#,##,##0");
    let grouped = pattern.contains(',') && whole.len() >= 3 + locale.least_groups;
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        let edge = if indian && left > 3 { left % 2 == 1 } else { left.is_multiple_of(3) };
        if grouped && at > 0 && edge {
            out.push_str(locale.group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        write!(out, "{}{fraction}", locale.decimal).unwrap();
    }
    out
}

/// The pattern with its figures and currency put in; letters of a currency stand off the figures.
fn filled(pattern: &str, figures: &str, currency: &str) -> String {
    let pattern = pattern.replace('\'', "");
    let edge = |c: Option<char>| c.is_some_and(|c| matches!(c, '#' | '0'));
    let (before, after) = pattern.split_once('¤').unwrap_or((&pattern, ""));
    let spaced = if edge(after.chars().next()) && currency.ends_with(char::is_alphabetic) {
        format!("{currency}\u{a0}")
    } else if edge(before.chars().next_back()) && currency.starts_with(char::is_alphabetic) {
        format!("\u{a0}{currency}")
    } else {
        currency.to_owned()
    };
    let joined = pattern.replace('¤', &spaced);
    let start = joined.find(['#', '0']).unwrap();
    let end = joined.rfind(['#', '0']).unwrap() + 1;
    format!("{}{figures}{}", &joined[..start], &joined[end..])
}

/// Well-spread numbers, the same in every run (Steele et al., SplitMix).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A sum of one to nine digits with two decimals, or none.
    fn sum(&mut self, digits: u8) -> Decimal {
        let bound = 10_u64.pow(self.next() as u32 % 9 + 1);
        let whole = i128::from(self.next() % bound + 1);
        // Three decimals (dinars) would be a group of thousands to any reader.
        if digits == 2 && self.next().is_multiple_of(2) {
            Decimal::new(whole * 100 + i128::from(self.next() % 99 + 1), 2)
        } else {
            Decimal::new(whole, 0)
        }
    }
}

fn one(text: &str, lang: &str) -> Option<Amount> {
    let mut found = Vec::new();
    find(text, lang, &Options::default(), &mut found);
    // A full stop at the end may be that of the sentence.
    let whole = text.strip_suffix('.').unwrap_or(text).len()..=text.len();
    found.first().copied().filter(|amount| {
        let span = amount.span.range();
        found.len() == 1 && span.start == 0 && whole.contains(&span.end)
    })
}

/// Codes that are initials too, and so only read beside decimals or groups: the lines of the lexicon that say so.
fn is_initials(code: &str) -> bool {
    let common = include_str!("../data/lexicon/common.txt");
    let listed = common.lines().find_map(|line| line.strip_prefix("weak-code:")).unwrap();
    listed.split('|').any(|weak| weak.trim().eq_ignore_ascii_case(code))
}

/// Whether it is this sum: the currency told, or among those the name may mean.
fn is_sum(amount: &Amount, value: Decimal, code: &str) -> bool {
    let wanted = Currency::new(code);
    let may_mean = wanted.is_some_and(|code| amount.candidates.contains(&code));
    amount.kind == AmountKind::Money && amount.value == Some(value) && (amount.currency == wanted || may_mean)
}

/// Texts that do not read back, by what is wrong.
#[derive(Default)]
struct Misread {
    texts: Vec<String>,
    count: usize,
    of: usize,
}

impl Misread {
    fn hold(&mut self, locale: &Locale, text: &str, value: Decimal, code: &str) {
        self.of += 1;
        let read = one(text, locale.tag);
        if !read.is_some_and(|amount| is_sum(&amount, value, code)) {
            self.count += 1;
            self.texts.push(format!("{} {text:?} = {value} {code}, read as {read:?}", locale.tag));
        }
    }

    fn none(self, least: usize) {
        assert!(self.of >= least, "only {} texts", self.of);
        assert!(self.count == 0, "{} of {}:\n{}", self.count, self.of, self.texts.join("\n"));
    }
}

#[test]
fn sums_by_code_read_back() {
    let (mut misread, mut numbers) = (Misread::default(), Numbers(1));
    for locale in locales() {
        for names in locale.currencies.values() {
            let value = numbers.sum(names.digits);
            let figures = figures(&locale, locale.standard, value);
            if is_initials(names.code) && figures.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            misread.hold(&locale, &filled(locale.standard, &figures, names.code), value, names.code);
        }
    }
    misread.none(30_000);
}

/// Whether the symbol is only letters, which are initials or units of measure anywhere but at home ("K", "L", "Rs",
/// "FC"), or a sign that the locale has for another currency than most of the world.
fn is_local(symbol: &str, code: &str) -> bool {
    !symbol.contains(|c: char| {
        !c.is_alphabetic() && !c.is_whitespace() && c != '.' && c != '/' && c != '\u{200b}'
    }) || [("₩", "KPW"), ("C$", "NIO"), ("$C", "NIO"), ("$", "MOP")].contains(&(symbol, code))
}

#[test]
fn sums_by_symbol_read_back() {
    let (mut misread, mut numbers) = (Misread::default(), Numbers(2));
    for locale in locales() {
        for names in locale.currencies.values() {
            for symbol in [names.symbol, names.narrow] {
                let value = numbers.sum(names.digits);
                let figures = figures(&locale, locale.standard, value);
                if !symbol.is_empty() && !is_local(symbol, names.code) {
                    misread.hold(&locale, &filled(locale.standard, &figures, symbol), value, names.code);
                }
            }
        }
    }
    misread.none(10_000);
}

#[test]
fn sums_by_name_read_back() {
    let (mut misread, mut numbers) = (Misread::default(), Numbers(3));
    for locale in locales() {
        // "francs CFA (BEAC)", "Dobra (2018)": nobody writes the brackets.
        for names in locale.currencies.values().filter(|names| !names.name.contains('(')) {
            let value = numbers.sum(names.digits);
            let figures = figures(&locale, locale.standard, value);
            misread.hold(&locale, &format!("{figures} {}", names.name), value, names.code);
        }
    }
    misread.none(30_000);
}

#[test]
fn compact_sums_read_back() {
    let (mut misread, mut numbers) = (Misread::default(), Numbers(4));
    for locale in locales() {
        for code in ["EUR", "USD", "GBP", "JPY", "CHF"] {
            let Some(names) = locale.currencies.get(code) else { continue };
            for (power, pattern) in &locale.compact {
                // As many zeros as digits before the point; "1200 M" has four of them for 10^9.
                let zeros = pattern.matches('0').count() as u8;
                let bound = 10_u64.pow(u32::from(zeros) - 1);
                let whole = i128::from(bound + numbers.next() % (9 * bound));
                let shown = if zeros == 1 { Decimal::new(whole * 10 + 5, 1) } else { Decimal::new(whole, 0) };
                let figures = figures(&locale, "", shown);
                let value = shown.shifted(power + 1 - zeros).unwrap();
                for currency in [names.code, names.symbol] {
                    if !currency.is_empty() {
                        misread.hold(&locale, &filled(pattern, &figures, currency), value, code);
                    }
                }
            }
        }
    }
    misread.none(10_000);
}

#[test]
fn percentages_read_back() {
    let mut numbers = Numbers(5);
    for locale in locales() {
        for _ in 0..20 {
            let value = numbers.sum(2);
            let text = filled(locale.percent, &figures(&locale, locale.percent, value), "");
            let read = one(&text, locale.tag);
            let same = read.is_some_and(|read| read.kind == AmountKind::Percent && read.value == Some(value));
            assert!(same, "{} {text:?} = {value}, read as {read:?}", locale.tag);
        }
    }
}
