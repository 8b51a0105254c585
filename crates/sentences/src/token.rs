//! The token before a full stop: abbreviation, initial, ordinal or just a word.

use crate::marks;
use crate::text::Text;
use crate::words::{Class, Words};

/// Longest token looked at, in bytes. Longer ones are never abbreviations, and a bound keeps `a.a.a.a…` linear.
const LONGEST_TOKEN: usize = 40;

/// The token before a full stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'t> {
    source: Text<'t>,
    /// Nothing before this is looked at.
    floor: usize,
    pub(crate) start: usize,
    pub(crate) text: &'t str,
}

impl<'t> Token<'t> {
    /// The token that ends at `end`: back to white space, an opening mark or an apostrophe, at most to `floor`.
    pub(crate) fn before(source: Text<'t>, floor: usize, end: usize) -> Self {
        let mut start = end;
        while start > floor && end - start < LONGEST_TOKEN {
            let before = source.0.as_bytes().get(floor.max(end.saturating_sub(LONGEST_TOKEN))..start);
            let ascii = before
                .unwrap_or_default()
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count();
            start -= ascii;
            match source.letter_before(start).filter(|_| start > floor && end - start < LONGEST_TOKEN) {
                Some(letter) if belongs(letter) => start -= letter.len_utf8(),
                _ => break,
            }
        }
        Self { source, floor, start, text: source.part(start, end) }
    }

    /// Its classes. Parts written apart are looked up together first, "т. д", "v. Chr"; of a compound only the last part
    /// counts, "Univ.-Prof", "Dr.med".
    pub(crate) fn class(self, words: &Words) -> Class {
        let compound = self.text.bytes().any(|byte| matches!(byte, b'-' | b'.'));
        let whole = words.class(self.text).and(self.class_with_part_before(words).unwrap_or_default());
        if whole != Class::NONE || !compound {
            return whole;
        }
        let of_part = |part: &str| {
            let class = words.class(part);
            let short = Class::TITLE.and(Class::ABBREVIATION).and(Class::REFERENCE);
            if part.chars().nth(1).is_some() && class.has(short) { class } else { Class::NONE }
        };
        // A host, "example.co", is no compound: with stops inside, every part must be known.
        if self.text.contains('.') && self.text.split(['-', '.']).any(|part| of_part(part) == Class::NONE) {
            return Class::NONE;
        }
        self.text.rsplit(['-', '.']).next().map_or(Class::NONE, of_part)
    }

    /// The classes of "d. h" as "d.h", if that is known.
    fn class_with_part_before(self, words: &Words) -> Option<Class> {
        if self.text.len() > 6 {
            return None;
        }
        let space = self.letter_before().filter(|letter| letter.is_whitespace())?;
        let stop = self.start - space.len_utf8();
        if self.source.byte(stop.checked_sub(1)?) != b'.' || stop <= self.floor {
            return None;
        }
        let before = Self::before(self.source, self.floor, stop - 1).text;
        let class = words.class_of_parts(before, self.text);
        (class != Class::NONE).then_some(class)
    }

    /// One letter, "J" or "p", and not the end of "paria's". Scripts without capitals write whole words that short.
    pub(crate) fn is_initial(self) -> bool {
        let mut letters = self.text.chars();
        matches!((letters.next(), letters.next()), (Some(letter), None) if letter.is_uppercase() || letter.is_lowercase())
            && !self.letter_before().is_some_and(|letter| matches!(letter, '\'' | '’'))
    }

    /// "J.D", "U.S", "av.J.-C", "ph.d": parts of one to three letters with stops between.
    pub(crate) fn is_dotted(self) -> bool {
        if !self.text.bytes().any(|byte| byte == b'.') {
            return false;
        }
        let is_short = |part: &str| {
            part.chars().filter(|&letter| !is_vowel_sign(letter)).nth(3).is_none()
                && part.chars().all(|letter| letter.is_alphabetic() || is_vowel_sign(letter))
        };
        let is_host =
            self.text.starts_with("www.") || self.source.part(self.floor, self.start).ends_with("//");
        !is_host && self.text.split(['.', '-']).all(is_short)
    }

    /// A number that counts a day, an edition, a king: at most two digits, or a Roman number; but not the end of a score,
    /// a price or a telephone number.
    pub(crate) fn is_ordinal(self) -> bool {
        let last = self.text.rsplit('.').next().unwrap_or_default();
        let short = !last.is_empty() && last.len() <= 2 && last.bytes().all(|byte| byte.is_ascii_digit());
        (short || is_roman(self.text)) && self.stands_alone() && !self.follows_number()
    }

    /// Whether it begins a word: it is no part of an address, a score or a price.
    pub(crate) fn stands_alone(self) -> bool {
        self.letter_before().is_none_or(|letter| {
            letter.is_whitespace()
                || marks::opens(letter)
                || marks::quotes(letter)
                || matches!(letter, '–' | '-' | '—')
        })
    }

    /// Whether what stands before it makes it a part of an address: "site.org/page".
    pub(crate) fn is_in_address(self) -> bool {
        self.letter_before().is_some_and(|letter| matches!(letter, '/' | '&' | '?' | ':'))
    }

    /// Whether a number stands before it.
    pub(crate) fn follows_number(self) -> bool {
        let before = self.source.skip_space_back(self.start, self.floor);
        before > self.floor && self.source.letter_before(before).is_some_and(char::is_numeric)
    }

    /// A number of three digits or more, perhaps with stops, commas or hyphens inside.
    pub(crate) fn is_long_number(self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
            && self.text.len() > 2
    }

    /// A whole word, neither shortened nor a name of a file: at least four letters.
    pub(crate) fn is_whole_word(self) -> bool {
        self.text.chars().nth(3).is_some()
            && self.text.chars().all(|letter| letter.is_alphabetic() || letter == '-')
    }

    fn letter_before(self) -> Option<char> {
        if self.start > self.floor { self.source.letter_before(self.start) } else { None }
    }
}

/// Whether a letter may stand inside a token.
pub(crate) fn belongs(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || !(letter.is_whitespace()
            || marks::opens(letter)
            || marks::quotes(letter)
            || marks::closes(letter)
            || matches!(letter, '—' | '–' | '/' | ',' | ';' | ':' | '+' | '&' | '|' | '!' | '?' | '…'))
}

/// Vowel signs and the virama of Indic scripts, which stand at the same place in every block: parts of a letter.
fn is_vowel_sign(letter: char) -> bool {
    matches!(letter, '\u{900}'..='\u{DFF}') && matches!(u32::from(letter) & 0x7F, 0..=3 | 0x3E..=0x4D)
}

/// "XIV", "IV".
pub(crate) fn is_roman(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 7
        && word.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X' | b'L' | b'C' | b'M'))
}
