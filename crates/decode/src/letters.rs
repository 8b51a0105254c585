//! How likely letters follow each other in a language.
//!
//! One measure serves detection, stray bytes and mojibake: what a text costs, in tenths of a bit, when it is spelled by a
//! language's letter pairs. Words in the wrong encoding break pairs that the language uses, and pay for it. The tables hold
//! 47 languages (`data/NOTICE.md`, source and licence) in 75 KB.

use std::sync::LazyLock;

/// Tenths of a bit.
pub(crate) type Cost = u32;

/// A letter's place in its language's alphabet; 0 is a word's edge.
pub(crate) type Class = u8;
pub(crate) const EDGE: Class = 0;
/// A letter that the language does not use, of the language's script.
pub(crate) const FOREIGN: Class = 254;
/// A letter of another script.
pub(crate) const ALIEN: Class = 255;

const FOREIGN_COST: Cost = 170;
const ALIEN_COST: Cost = 220;
/// Words do not mix scripts.
const ALIEN_NEIGHBOUR_COST: Cost = 170;
/// What follows a foreign letter can be any letter.
const AFTER_FOREIGN_COST: Cost = 50;

/// Scripts that single-byte encodings carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Thai,
    Other,
}

impl Script {
    pub(crate) fn of(letter: char) -> Self {
        match letter {
            'A'..='Z' | 'a'..='z' | '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                Self::Latin
            }
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' => Self::Arabic,
            '\u{e00}'..='\u{e7f}' => Self::Thai,
            _ => Self::Other,
        }
    }
}

/// The letter pairs of one language.
#[derive(Debug)]
pub(crate) struct Language {
    pub(crate) script: Script,
    /// Letters in code point order, with their class.
    letters: Vec<(char, Class)>,
    /// Classes of the characters up to the Arabic block, and their places.
    classes: Vec<Class>,
    places: Vec<u8>,
    /// Classes up to this one are letters that the language cannot do without.
    needed: Class,
    /// Classes in a row of `prices`: the edge, letters, [`FOREIGN`], [`ALIEN`].
    width: usize,
    /// What each class costs after each other.
    prices: Vec<u8>,
}

impl Language {
    /// The class of a character. Upper case counts as lower case.
    pub(crate) fn class(&self, c: char) -> Class {
        match self.classes.get(c as usize) {
            Some(&class) => class,
            None => class_of(&self.letters, self.script, c),
        }
    }

    /// The letters that the language cannot do without.
    pub(crate) fn needed_letters(&self) -> impl Iterator<Item = char> {
        self.letters.iter().filter(|(_, class)| *class <= self.needed).map(|&(letter, _)| letter)
    }

    /// The cost of a letter after another.
    pub(crate) fn cost(&self, previous: Class, current: Class) -> Cost {
        let at = self.place(previous) * self.width + self.place(current);
        self.prices.get(at).copied().map_or(ALIEN_COST, Cost::from)
    }

    /// A class's place in a row of [`Language::prices`].
    pub(crate) fn place(&self, class: Class) -> usize {
        match class {
            FOREIGN => self.width - 2,
            ALIEN => self.width - 1,
            letter => usize::from(letter),
        }
    }

    /// The place of a character's class.
    #[inline]
    fn place_of(&self, c: char) -> usize {
        match self.places.get(c as usize) {
            Some(&place) => usize::from(place),
            None => self.place(class_of(&self.letters, self.script, c)),
        }
    }

    /// What characters cost from a word's edge on, and the place of the last; the sum of some of them where that alone is
    /// more than `ceiling`.
    pub(crate) fn cost_of(&self, characters: &[char], from: usize, ceiling: Cost) -> (Cost, usize) {
        let (mut cost, mut previous) = (0, from);
        for chunk in characters.chunks(16) {
            for &c in chunk {
                let place = self.place_of(c);
                let price = self.prices.get(previous * self.width + place).copied();
                cost += price.map_or(ALIEN_COST, Cost::from);
                previous = place;
            }
            if cost > ceiling {
                break;
            }
        }
        (cost, previous)
    }

    /// The costs as rows of places, and how long a row is.
    pub(crate) fn prices(&self) -> (&[u8], usize) {
        (&self.prices, self.width)
    }
}

/// All pairs of places: letters and the edge as the table says, the others as the constants do.
fn prices(letters: usize, table: &[u8]) -> Vec<u8> {
    let known = letters + 1;
    let (foreign, alien) = (known, known + 1);
    let mut prices = Vec::with_capacity((known + 2) * (known + 2));
    for previous in 0..known + 2 {
        for current in 0..known + 2 {
            let cost = if current == alien {
                ALIEN_COST
            } else if current == foreign {
                FOREIGN_COST
            } else if previous >= foreign && current == usize::from(EDGE) {
                AFTER_FOREIGN_COST / 2
            } else if previous == alien {
                ALIEN_NEIGHBOUR_COST
            } else if previous == foreign {
                AFTER_FOREIGN_COST
            } else {
                table.get(previous * known + current).copied().map_or(ALIEN_COST, Cost::from)
            };
            prices.push(u8::try_from(cost).unwrap_or(u8::MAX));
        }
    }
    prices
}

/// Code points whose classes are kept in a table.
const TABLED: u32 = 0x700;

fn class_of(letters: &[(char, Class)], script: Script, c: char) -> Class {
    if !is_letter(c) {
        return EDGE;
    }
    let lower = lower(c);
    match letters.binary_search_by_key(&lower, |&(letter, _)| letter) {
        Ok(found) => letters.get(found).map_or(EDGE, |&(_, class)| class),
        Err(_) if Script::of(lower) == script => FOREIGN,
        Err(_) => ALIEN,
    }
}

/// A letter; vowel signs and points are none to the tables, where they end a stretch of letters.
pub(crate) fn is_letter(c: char) -> bool {
    let is_sign = matches!(
        c,
        '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{300}'..='\u{36f}'
    );
    c.is_alphabetic() && !is_sign
}

/// A letter's lower case.
pub(crate) fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // The one letter whose small form is two characters is the dotted I of Turkish, which gives the plain `i`.
    c.to_lowercase().next().unwrap_or(c)
}

static TABLE: &[u8] = include_bytes!("../data/letters.bin");
static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut rest = TABLE;
    let mut languages = Vec::new();
    while let Some(language) = read_language(&mut rest) {
        languages.push(language);
    }
    languages
});

/// All languages of the tables.
pub(crate) fn languages() -> &'static [Language] {
    &LANGUAGES
}

fn read_language(rest: &mut &'static [u8]) -> Option<Language> {
    let tag_len = usize::from(take(rest, 1)?.first().copied()?);
    let _tag = take(rest, tag_len)?;
    let count = usize::from(take(rest, 1)?.first().copied()?);
    let needed = take(rest, 1)?.first().copied()?;
    let mut letters: Vec<(char, Class)> = take(rest, count * 2)?
        .chunks_exact(2)
        .zip(1..FOREIGN)
        .filter_map(|(bytes, class)| {
            let point = u16::from_le_bytes(<[u8; 2]>::try_from(bytes).ok()?);
            Some((char::from_u32(u32::from(point))?, class))
        })
        .collect();
    let script = letters.first().map_or(Script::Other, |&(letter, _)| Script::of(letter));
    letters.sort_unstable();
    let classes = tabled_classes(&letters, script);
    let known = count + 1;
    let prices = prices(count, take(rest, known * known)?);
    let mut language =
        Language { script, letters, classes, places: Vec::new(), needed, width: known + 2, prices };
    language.places = language.classes.iter().map(|&class| language.place(class) as u8).collect();
    Some(language)
}

/// The classes of all characters of the table: [`class_of`] for each, by what is the same in all languages.
fn tabled_classes(letters: &[(char, Class)], script: Script) -> Vec<Class> {
    let class = |lower: &Option<(char, Script)>| match lower {
        None => EDGE,
        Some((_, of)) if *of == script => FOREIGN,
        Some(_) => ALIEN,
    };
    let mut classes: Vec<Class> = LOWER.points.iter().map(class).collect();
    for &(letter, class) in letters {
        let from = LOWER.by_letter.partition_point(|&(lower, _)| lower < letter);
        let forms = LOWER.by_letter.iter().skip(from).take_while(|&&(lower, _)| lower == letter);
        for &(_, point) in forms {
            if let Some(slot) = classes.get_mut(usize::from(point)) {
                *slot = class;
            }
        }
    }
    classes
}

/// The letters among the characters of the table.
struct Lower {
    /// By code point: the lower case, and its script.
    points: Vec<Option<(char, Script)>>,
    /// By lower case: the code points that have it.
    by_letter: Vec<(char, u16)>,
}

/// Worked out once for all languages: for each of them again it was 3 ms of each run.
static LOWER: LazyLock<Lower> = LazyLock::new(|| {
    let letter = |point| char::from_u32(point).filter(|&c| is_letter(c)).map(lower);
    let points: Vec<_> =
        (0..TABLED).map(|point| letter(point).map(|lower| (lower, Script::of(lower)))).collect();
    let mut by_letter: Vec<(char, u16)> =
        (0_u16..).zip(&points).filter_map(|(point, lower)| Some(((*lower)?.0, point))).collect();
    by_letter.sort_unstable();
    Lower { points, by_letter }
});

fn take(rest: &mut &'static [u8], len: usize) -> Option<&'static [u8]> {
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}

/// What a character costs that is no letter, or no letter of the language, by how often running text has it.
///
/// Set by hand from the order in which such characters are met in news and web text: punctuation that typesetting adds,
/// then signs, then what only tables and formulas have. Controls and unassigned code points mean a wrong reading.
pub(crate) fn symbol_cost(c: char) -> Cost {
    match c {
        '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}' | '\u{7f}' => 200,
        '\u{9}'..='\u{7f}' => 20,
        '\u{80}'..='\u{9f}' => 240,
        '\u{a0}' | '’' => 50,
        '«' | '»' | '“' | '”' | '„' | '‘' | '–' | '—' | '…' | '،' | '؟' => 70,
        '•' | '·' | '°' | '€' | '£' | '§' | '©' | '®' | '™' | '№' | '‚' | '¿' | '¡' | 'º' | 'ª' => {
            95
        }
        '\u{ad}' | '‹' | '›' | '†' | '‰' | '²' | '³' | '½' | '¼' | '¾' | '¹' | '×' | '±' | 'µ' | '׳'
        | '״' => 115,
        '´' | '¨' | '¸' | '¯' | '¶' | '‡' | '÷' | '¥' | '¢' | '¤' | '¦' | '¬' | 'ˆ' | '˜' | 'ƒ' => {
            150
        }
        // The tones of Vietnamese in windows-1258, on most words; other encodings have none.
        '\u{300}'..='\u{36f}' => 75,
        // The marks of Thai, Hebrew and Arabic are part of ordinary spelling in Thai, rare in the others.
        '\u{e30}'..='\u{e4e}' => 28,
        '\u{e50}'..='\u{e59}' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => 90,
        '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{640}' | '\u{64b}'..='\u{65f}' | '\u{200c}'..='\u{200f}' => {
            110
        }
        '\u{2500}'..='\u{25ff}' => 145,
        char::REPLACEMENT_CHARACTER => 400,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => 300,
        _ => 160,
    }
}

/// Characters that tell a language.
const LANGUAGE_SAMPLE: usize = 600;
/// So many of them tell which languages are likely.
const FIRST_SAMPLE: usize = 100;

/// The language whose letter pairs a text follows best; `None` for less than a few words.
///
/// A language that costs more than another for less of the text need not be read further: of 47 languages, three are.
pub(crate) fn language_of(text: &str) -> Option<&'static Language> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(20).count();
    if letters < 20 {
        return None;
    }
    let mut sample = [' '; LANGUAGE_SAMPLE];
    let mut length = 0;
    for (slot, c) in sample.iter_mut().zip(text.chars()) {
        // What no table of classes has is looked at once, not once for each language.
        *slot = if (c as u32) < TABLED || is_letter(c) { c } else { ' ' };
        length += 1;
    }
    let sample = sample.get(..length).unwrap_or_default();
    let (first, rest) = sample.split_at_checked(FIRST_SAMPLE).unwrap_or((sample, &[]));
    let edge = usize::from(EDGE);
    let begun: Vec<(Cost, usize)> =
        languages().iter().map(|language| language.cost_of(first, edge, Cost::MAX)).collect();
    let likely = begun.iter().enumerate().min_by_key(|(_, (cost, _))| cost)?.0;
    let whole = |at: usize, ceiling: Cost| {
        let (language, &(cost, last)) = (languages().get(at)?, begun.get(at)?);
        if cost > ceiling {
            return None;
        }
        Some(cost + language.cost_of(rest, last, ceiling - cost).0)
    };
    // Of languages that cost the same the first counts.
    let mut best = (whole(likely, Cost::MAX)?, likely);
    for at in 0..begun.len() {
        if let Some(cost) = whole(at, best.0) {
            best = best.min((cost, at));
        }
    }
    languages().get(best.1)
}

/// The mean price of a letter beyond ASCII with its neighbours; `None` where there is none.
pub(crate) fn mean_cost_beyond_ascii(text: &str, language: &Language) -> Option<Cost> {
    let (mut total, mut count) = (0, 0);
    let mut previous = EDGE;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let class = language.class(c);
        if !c.is_ascii() && class != EDGE {
            let next = characters.peek().map_or(EDGE, |&next| language.class(next));
            total += language.cost(previous, class) + language.cost(class, next);
            count += 1;
        }
        previous = class;
    }
    total.checked_div(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabled_classes_are_those_worked_out() {
        for language in languages() {
            for (point, class) in (0_u32..).zip(&language.classes) {
                let worked_out =
                    char::from_u32(point).map_or(EDGE, |c| class_of(&language.letters, language.script, c));
                assert_eq!(*class, worked_out, "{point:x}");
            }
        }
    }

    /// As [`language_of`], reading all of the sample in each language.
    fn thoroughly(text: &str) -> Option<&'static Language> {
        languages().iter().min_by_key(|language| {
            let mut previous = EDGE;
            let costs = text.chars().take(LANGUAGE_SAMPLE).map(|c| {
                let class = language.class(c);
                let cost = language.cost(previous, class);
                previous = class;
                u64::from(cost)
            });
            costs.sum::<u64>()
        })
    }

    #[test]
    fn what_is_passed_over_is_never_the_language() {
        let sentences = [
            "La mairie a annoncé lundi que le port rouvrira « au printemps »… ",
            "Der Rat stimmte dem Haushalt für den Hafen am Montagabend zu. ",
            "Городской совет утвердил бюджет порта — одиннадцать голосов. ",
            "Міська рада затвердила бюджет порту одинадцятьма голосами. ",
            "Το δημοτικό συμβούλιο ενέκρινε τον προϋπολογισμό του λιμανιού. ",
            "สภาเทศบาลอนุมัติงบประมาณของท่าเรือเมื่อวันจันทร์ ",
            "مجلس المدينة يوافق على ميزانية الميناء يوم الاثنين ",
            "市議会は月曜日に港の予算を承認した。港は春に再開する予定だ。",
            "xq zxw qqj vvk wjx kkz qxj zzq 12 345 ",
        ];
        for first in sentences {
            for second in sentences {
                for times in [1, 3, 9] {
                    let text = first.repeat(times) + &second.repeat(times);
                    let (found, expected) = (language_of(&text), thoroughly(&text));
                    assert!(found.zip(expected).is_some_and(|(a, b)| std::ptr::eq(a, b)), "{text}");
                }
            }
        }
    }
}
