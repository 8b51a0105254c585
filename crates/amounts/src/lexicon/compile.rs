//! From the data files to tables. Runs once per language, on first use.

use std::collections::BTreeMap;

use tamis_core::Currency;

use super::table::Table;
use super::{Family, Homograph, Kinds, Lexicon, NumberGrammar, Reading, Sense, Unit};
use crate::compound::Morphemes;
use crate::fold::fold_phrase;
use crate::opener::{always_leads, needs_another_word};
use crate::prefix::{Leaders, Leads, Prefix, Prefixes};
use crate::word::hash_folded;

/// A line of a data file: kind, argument, phrases.
struct Line {
    kind: &'static str,
    argument: &'static str,
    phrases: &'static str,
}

impl Line {
    fn phrases(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.phrases.split('|').map(str::trim).filter(|phrase| !phrase.is_empty())
    }
}

fn lines(data: &'static str) -> impl Iterator<Item = Line> {
    data.lines().filter(|line| !line.trim_start().starts_with('#')).filter_map(|line| {
        let (head, phrases) = line.split_once(':')?;
        let (kind, argument) = head.split_once(' ').unwrap_or((head, ""));
        Some(Line { kind, argument: argument.trim(), phrases })
    })
}

pub(super) fn families(common: &'static str) -> Vec<Family> {
    lines(common)
        .filter(|line| line.kind == "family")
        .filter_map(|line| {
            let (name, usual) = line.argument.split_once(' ')?;
            let members = line.phrases.split_whitespace().filter_map(Currency::new).collect();
            Some(Family::new(name, Currency::new(usual), members))
        })
        .collect()
}

/// Folded letters beside a currency sign, in one number: compared for each amount with a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SignLetters(u64);

impl SignLetters {
    pub(crate) const NONE: Self = Self(0);
    /// Most letters.
    pub(crate) const MOST: usize = 8;

    /// Of at most eight letters.
    pub(crate) fn of(letters: impl Iterator<Item = u8>) -> Self {
        Self(letters.take(Self::MOST).fold(0, |all, letter| all << 8 | u64::from(letter)))
    }

    /// Of folded letters; `None` of more than are looked up.
    fn of_folded(letters: &str) -> Option<Self> {
        (letters.len() <= Self::MOST).then(|| Self::of(letters.bytes()))
    }
}

/// Currency signs, with and without letters.
#[derive(Debug)]
pub(super) struct Signs {
    /// For each sign, by its character, what it means with which letters before or after it, in folded form.
    meanings: Vec<(char, Vec<(SignLetters, Unit)>)>,
}

impl Signs {
    pub(super) fn has(&self, sign: char) -> bool {
        self.of(sign).is_some()
    }

    fn of(&self, sign: char) -> Option<&[(SignLetters, Unit)]> {
        let at = self.meanings.binary_search_by_key(&sign, |(sign, _)| *sign).ok()?;
        self.meanings.get(at).map(|(_, letters)| letters.as_slice())
    }

    pub(super) fn meaning(&self, sign: char, letters: SignLetters) -> Option<Unit> {
        let meanings = self.of(sign)?;
        // Without letters comes first, and most often.
        let at = match meanings.first() {
            Some((bare, _)) if *bare == letters => 0,
            _ => meanings.binary_search_by_key(&letters, |(known, _)| *known).ok()?,
        };
        meanings.get(at).map(|(_, unit)| *unit)
    }
}

pub(super) fn signs(common: &'static str, symbols: &'static str) -> Signs {
    let mut meanings: BTreeMap<(char, SignLetters), Unit> = BTreeMap::new();
    for (symbol, code) in symbols.lines().filter_map(|line| line.split_once(' ')) {
        if let Some(sign) = symbol.chars().find(|c| !c.is_alphabetic())
            && let Some(letters) = SignLetters::of_folded(&fold_phrase(symbol))
        {
            meanings.insert((sign, letters), told(code));
        }
    }
    for line in lines(common) {
        match line.kind {
            "sign" => {
                for sign in line.phrases().filter_map(|phrase| phrase.chars().next()) {
                    meanings.insert((sign, SignLetters::NONE), unit_of(line.argument, Homograph::No, false));
                }
            }
            "letters" => {
                let (sign, code) = line.argument.split_once(' ').unwrap_or_default();
                for letters in
                    line.phrases().filter_map(|letters| SignLetters::of_folded(&fold_phrase(letters)))
                {
                    if let Some(sign) = sign.chars().next() {
                        meanings.insert((sign, letters), told(code));
                    }
                }
            }
            _ => {}
        }
    }
    let mut signs = Signs { meanings: Vec::new() };
    for ((sign, letters), unit) in meanings {
        match signs.meanings.last_mut().filter(|(last, _)| *last == sign) {
            Some((_, meanings)) => meanings.push((letters, unit)),
            None => signs.meanings.push((sign, vec![(letters, unit)])),
        }
    }
    signs
}

fn told(code: &str) -> Unit {
    Unit { code: Currency::new(code), family: None, homograph: Homograph::No, assumed: false }
}

/// A currency code, or the name of a family.
fn unit_of(name: &str, homograph: Homograph, assumed: bool) -> Unit {
    let family = super::family(name);
    let code = if family.is_some() { None } else { Currency::new(name) };
    Unit { code, family, homograph, assumed }
}

/// Reads the data of a language. Also returns the lines it could not read: a test holds that there are none.
pub(super) fn lexicon(
    words: &[&'static str],
    names: &'static str,
    codes: &'static str,
) -> (Lexicon, Vec<&'static str>) {
    let mut table = Table::default();
    let mut parts = Vec::new();
    let mut first_bytes = Vec::new();
    let mut leaders = Leaders::default();
    let mut grammar = NumberGrammar::default();
    let mut problems = Vec::new();
    let mut add = |phrase: &'static str, sense: Sense| {
        let exact = phrase.strip_prefix('=');
        let folded = fold_phrase(exact.unwrap_or(phrase));
        first_bytes.push((Prefix::of(&folded), sense.kind()));
        for word in folded.as_bytes().split(|b| *b == b' ').skip(1) {
            leaders.add_following(Prefix::of_bytes(word.iter()), Leads::Known);
            if sense == Sense::Vague {
                leaders.add_following(Prefix::of_bytes(word.iter()), Leads::Counted);
            }
        }
        table.add(&folded, Reading { exact, sense });
        if exact.is_none() && sense.kind().meets(Morphemes::PARTS) {
            parts.push((folded, sense));
        }
    };
    let mut usual = Vec::new();
    let (mut weak_codes, mut lower_codes, mut living) = (Vec::new(), Vec::new(), Vec::new());
    for line in words.iter().flat_map(|data| lines(data)) {
        match line.kind {
            "flags" => {
                line.phrases.split_whitespace().for_each(|flag| set_flag(&mut grammar, flag, &mut problems));
            }
            "weak-code" => weak_codes.extend(line.phrases()),
            "living" => living.extend(line.phrases()),
            "lower" => lower_codes.extend(line.phrases()),
            "sign" | "letters" => {}
            "usual" => usual.extend(super::family(line.argument).zip(Currency::new(line.phrases.trim()))),
            // Only the lines of a language name things: those of common.txt define families.
            "family"
                if line.argument.split(' ').nth(1).is_some_and(|word| Homograph::named(word).is_none()) => {}
            kind => match sense(kind, line.argument) {
                Some(sense) => line.phrases().for_each(|phrase| add(phrase, sense)),
                None => problems.push(line.kind),
            },
        }
    }
    for line in names.lines() {
        if let Some((code, phrases)) = line.split_once(' ') {
            phrases.split('|').for_each(|name| add(name.trim(), Sense::Money(told(code))));
        }
    }
    for line in codes.lines() {
        // Codes no longer in use turn up as initials more often than as money, but for those of the press before 2002.
        let (code, old) = line.split_once(' ').map_or((line, false), |(code, _)| (code, true));
        let old = old && !living.contains(&code);
        let weak = old || weak_codes.iter().any(|weak| weak.eq_ignore_ascii_case(code));
        let homograph = if weak { Homograph::Weak } else { Homograph::No };
        let folded = code.to_ascii_lowercase();
        let sense = Sense::Code(Unit { homograph, ..told(code) });
        leaders.add_following(Prefix::of(&folded), Leads::Known);
        table.add(&folded, Reading { exact: Some(code), sense });
        if lower_codes.iter().any(|lower| lower.eq_ignore_ascii_case(code)) {
            first_bytes.push((Prefix::of(&folded), Kinds::CODE));
            table.add(&folded, Reading { exact: None, sense: Sense::Code(told(code)) });
        }
    }
    let morphemes = if grammar.compound { Morphemes::new(parts, grammar) } else { Morphemes::default() };
    let names = if grammar.name_first { Kinds::MONEY } else { Kinds::NONE };
    let opening = Kinds::OPENING.or(names);
    let parts = morphemes.prefixes().map(|prefix| (prefix, Kinds::COUNTED));
    for (start, kind) in first_bytes.iter().copied().chain(parts) {
        leaders.add_following(start, Leads::Known);
        if kind.meets(Kinds::COUNTED) {
            leaders.add_following(start, Leads::Counted);
        }
        add_leader(&mut leaders, start, &table, opening, &morphemes);
    }
    // Codes in capitals are looked at without that.
    first_bytes.retain(|(_, kind)| kind.meets(opening));
    first_bytes.extend(morphemes.prefixes().map(|prefix| (prefix, Kinds::NUMBER)));
    let prefixes = Prefixes::of_words(first_bytes.into_iter().map(|(prefix, _)| prefix).collect());
    (
        Lexicon {
            openers: table.openers(opening),
            opening,
            prefixes,
            leaders,
            grammar,
            morphemes,
            usual,
            table,
        },
        problems,
    )
}

/// Adds a word of at most three letters, if it needs another.
fn add_leader(leaders: &mut Leaders, start: Prefix, table: &Table, opening: Kinds, morphemes: &Morphemes) {
    let Some(word) = start.word() else { return };
    let Some(entry) = table.find(hash_folded(word)) else { return };
    if always_leads(entry) {
        leaders.add(start, Leads::Counted);
    } else if needs_another_word(opening, entry, false) && morphemes.split(word).is_none() {
        leaders.add(start, Leads::Known);
    }
}

fn set_flag(grammar: &mut NumberGrammar, flag: &'static str, problems: &mut Vec<&'static str>) {
    match flag {
        "score-tens" => grammar.score_tens = true,
        "units-first" => grammar.units_first = true,
        "and-after-hundred" => grammar.and_after_hundred = true,
        "and-after-tens" => grammar.and_after_tens = true,
        "and-anywhere" => grammar.and_anywhere = true,
        "implicit-one" => grammar.implicit_one = true,
        "compound" => grammar.compound = true,
        "figures-after-thousand" => grammar.figures_after_thousand = true,
        "name-first" => grammar.name_first = true,
        "groups-of-three" => grammar.groups_of_three = true,
        _ => problems.push(flag),
    }
}

fn sense(kind: &str, argument: &'static str) -> Option<Sense> {
    let number = argument.parse::<u16>();
    let small = argument.parse::<u8>();
    let money = || {
        let (name, flag) = argument.split_once(' ').unwrap_or((argument, ""));
        unit_of(name, Homograph::named(flag).unwrap_or(Homograph::No), false)
    };
    Some(match kind {
        "number" => Sense::Number(number.ok()?),
        "article" => Sense::Article(number.ok()?),
        "hundred" => Sense::Hundred,
        "scale" => Sense::Scale(small.ok()?),
        "illion" => {
            let (nth, usual) = argument.split_once(' ')?;
            Sense::Illion(nth.parse().ok()?, usual.parse().ok()?)
        }
        "spelt-scale" => Sense::SpeltScale(small.ok()?),
        "short" => Sense::Short(small.ok()?),
        "half" => Sense::Half,
        "quarter" => Sense::Quarter,
        "quarter-of" => Sense::QuarterOf(small.ok()?),
        "fraction" => Sense::Fraction,
        "with-half" => Sense::WithHalf,
        "tenths" => Sense::Tenths(small.ok()?),
        "and" => Sense::And,
        "point" => Sense::Point,
        "minus" => Sense::Minus,
        "link" => Sense::Link,
        "to" => Sense::To,
        "or" => Sense::Or,
        "between" => Sense::Between,
        "vague" => Sense::Vague,
        "collective" => Sense::Collective(number.ok()?),
        "percent" => Sense::Percent,
        "points" => Sense::Points,
        "family" | "currency" => Sense::Money(money()),
        "shop" => Sense::Shop(money()),
        "prefix" => Sense::Prefix(money()),
        "subunit" => {
            let usual = argument.strip_suffix('?');
            Sense::Subunit(unit_of(usual.unwrap_or(argument), Homograph::No, usual.is_some()))
        }
        "min" => Sense::Min,
        "max" => Sense::Max,
        "approx" => Sense::Approx,
        "exact" => Sense::Exact,
        "after-min" => Sense::AfterMin,
        "after-max" => Sense::AfterMax,
        "after-approx" => Sense::AfterApprox,
        "cue" => Sense::Cue,
        "against" => Sense::Against,
        "against-cue" => Sense::AgainstCue,
        "other" => Sense::Other,
        "follows" => Sense::Follows,
        "change" => Sense::Change,
        _ => return None,
    })
}
