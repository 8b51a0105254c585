//! What a word costs, whatever its language.

use crate::ideographs::{self, Ideographic};
use crate::letters::{Cost, EDGE, Language, Script, languages, symbol_cost};

/// Small letter, then capital; or capitals, then a small letter.
const CAPITAL_INSIDE_COST: Cost = 70;
const CAPITAL_COST: Cost = 15;
/// A sign next to a letter.
const SIGN_AT_LETTER_COST: Cost = 30;
/// A word in another language than the line's.
const OTHER_LANGUAGE_COST: Cost = 30;
/// A letter of a script without tables.
const UNKNOWN_LETTER_COST: Cost = 120;
const EMOJI_COST: Cost = 90;
/// A ligature of Latin letters.
const LIGATURE_COST: Cost = 90;
/// A sign inside a word.
const SIGN_INSIDE_COST: Cost = 200;
/// U+FFFD that is there before and after.
const LOST_COST: Cost = 60;

/// What a word costs, and the language that it is cheapest in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Price {
    pub(super) cost: Cost,
    pub(super) language: Option<&'static Language>,
}

/// The price of a word in its cheapest language.
pub(super) fn price(
    characters: impl Iterator<Item = char> + Clone,
    main: Option<&'static Language>,
) -> Price {
    let scripts = scripts_of(characters.clone());
    let (mut short, mut long) = ([' '; SHORT], Vec::new());
    let spelling = spelling(characters.clone(), &mut short, &mut long);
    let main_cost = main.map_or(Cost::MAX, |main| letter_cost(spelling, main, Cost::MAX));
    let mut best = Price { cost: main_cost, language: main };
    for language in languages() {
        if scripts.contains(&language.script) {
            let ceiling = best.cost.saturating_sub(OTHER_LANGUAGE_COST);
            let cost = letter_cost(spelling, language, ceiling).saturating_add(OTHER_LANGUAGE_COST);
            if cost < best.cost {
                best = Price { cost, language: Some(language) };
            }
        }
    }
    if best.cost == Cost::MAX {
        best.cost = 0;
    }
    best.cost += sign_cost(characters);
    best
}

/// What a character costs between its neighbours.
pub(super) fn cost_between(previous: char, c: char, next: char, language: &Language) -> Cost {
    if matches!(c, '\u{fb00}'..='\u{fb06}') {
        LIGATURE_COST
    } else if c.is_alphabetic() && Script::of(c) != Script::Other {
        let class = language.class(c);
        language.cost(language.class(previous), class) + language.cost(class, language.class(next))
    } else if c.is_alphabetic()
        && (Script::of(previous) != Script::Other || Script::of(next) != Script::Other)
    {
        // An ideograph that is part of a word in letters.
        SIGN_INSIDE_COST
    } else if previous.is_lowercase()
        && next.is_lowercase()
        && !matches!(c, '’' | '\u{ad}' | char::REPLACEMENT_CHARACTER | '\u{2010}'..='\u{2015}' | '\u{300}'..='\u{36f}')
    {
        SIGN_INSIDE_COST
    } else {
        sign_cost_of(c)
    }
}

/// Scripts among the letters beyond ASCII; Latin if there are none.
fn scripts_of(characters: impl Iterator<Item = char>) -> [Script; 2] {
    let mut beyond = characters.filter(|c| !c.is_ascii() && c.is_alphabetic()).map(Script::of);
    let first = beyond.next().unwrap_or(Script::Latin);
    let second = beyond.find(|script| *script != first).unwrap_or(first);
    [first, second]
}

/// Longer words are rare.
const SHORT: usize = 64;

/// The characters as the tables of all languages are to read them: letters that no language of theirs writes are priced
/// with the signs.
fn spelling<'a>(
    characters: impl Iterator<Item = char> + Clone,
    short: &'a mut [char; SHORT],
    long: &'a mut Vec<char>,
) -> &'a [char] {
    let letters = characters.map(|c| if Script::of(c) == Script::Other { ' ' } else { c });
    if letters.clone().nth(SHORT).is_some() {
        long.extend(letters);
        return long;
    }
    let mut length = 0;
    for (slot, c) in short.iter_mut().zip(letters) {
        *slot = c;
        length += 1;
    }
    short.get(..length).unwrap_or_default()
}

/// What a spelling costs in a language; the highest cost where the letters alone cost `ceiling`.
fn letter_cost(spelling: &[char], language: &Language, ceiling: Cost) -> Cost {
    let (cost, last) = language.cost_of(spelling, usize::from(EDGE), ceiling);
    if cost >= ceiling { Cost::MAX } else { cost + language.cost_of(&[' '], last, Cost::MAX).0 }
}

/// The price of what is no letter, and of capitals where words have none.
fn sign_cost(characters: impl Iterator<Item = char>) -> Cost {
    let mut cost = 0;
    let (mut before, mut previous) = (' ', ' ');
    for c in characters {
        let is_letter = c.is_alphabetic() && Script::of(c) != Script::Other;
        if is_letter {
            if c.is_uppercase() {
                cost += if previous.is_lowercase() { CAPITAL_INSIDE_COST } else { CAPITAL_COST };
            } else if before.is_uppercase() && previous.is_uppercase() {
                cost += CAPITAL_INSIDE_COST;
            } else if !previous.is_ascii() && !previous.is_alphabetic() && previous != '’' {
                cost += SIGN_AT_LETTER_COST;
            }
        } else if !c.is_ascii() {
            cost += sign_cost_of(c);
            if previous.is_alphabetic() && previous.is_lowercase() && c != '’' && c != '\u{fffd}' {
                cost += SIGN_AT_LETTER_COST;
            }
        }
        (before, previous) = (previous, c);
    }
    cost
}

fn sign_cost_of(c: char) -> Cost {
    match c {
        '\u{fffd}' => LOST_COST,
        '\u{200d}' | '\u{fe0f}' => 30,
        // Accents of decomposed letters; other marks are rare.
        '\u{300}'..='\u{304}' | '\u{306}'..='\u{30c}' | '\u{323}' | '\u{327}' | '\u{328}' => 60,
        '\u{300}'..='\u{36f}' => 160,
        '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2190}'..='\u{21ff}' => EMOJI_COST,
        '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9f}' => Ideographic::ALL
            .into_iter()
            .map(|language| ideographs::cost(c, language))
            .min()
            .unwrap_or_default(),
        _ if c.is_alphabetic() => UNKNOWN_LETTER_COST,
        _ => symbol_cost(c),
    }
}
