//! What is read of a text: the words of at most three windows, without what is no language.
//!
//! The first 300 bytes of a text tell its language almost as well as all of them (CLD2 on documents of 1–3 KB in 152
//! languages: 84.6 % right by 300 bytes, 85.3 % by 1,200 and by all). But a quotation or a foreign summary at the start
//! tells the wrong one. So 100 bytes of words are taken at the start, in the middle and near the end; 250 where these
//! leave doubt; and twelve times 100 where the windows are in different languages, for how much is in which. Each
//! window has a voice. A text that is not much longer than its windows is read whole.

mod plain;

use unicode_normalization::char::compose;

use crate::guard::{LONG, is_noise};
use crate::script::{PerScript, Role, Script};

/// How much is read of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    windows: usize,
    /// Bytes of words in each.
    room: usize,
}

/// At first, in a long text.
pub(crate) const BRIEF: Extent = Extent { windows: 3, room: 100 };
/// Where that leaves doubt, and in a short text.
pub(crate) const WIDE: Extent = Extent { windows: 3, room: 250 };
/// Where windows are in different languages: many, for how much of the text is in which.
pub(crate) const SPREAD: Extent = Extent { windows: WINDOWS, room: 100 };
/// Windows at most.
pub(crate) const WINDOWS: usize = 12;
/// Longest token that is held for a unit after a number, in bytes.
const UNIT: usize = 3;
/// Bytes of a word without an end that are read even where there is less room.
const LONGEST_WORD: usize = 250;
/// With fewer letters in its windows than this many quarters of what has room in one, a text is read whole: they fell on
/// addresses, figures, tables.
const ENOUGH: usize = 3;

/// The words of a text's windows. Kept from text to text for its memory.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    letters: Vec<char>,
    words: Vec<Word>,
    counts: PerScript<usize>,
    /// Whether some word starts with a small letter, or with a letter that has no case.
    pub(crate) has_plain_word: bool,
    /// Decimal digits met.
    pub(crate) digits: usize,
    /// Whether all of the text was read.
    is_whole: bool,
    windows: usize,
}

/// A run of letters of one script.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    start: usize,
    end: usize,
    pub(crate) script: Script,
    pub(crate) window: usize,
}

impl Sample {
    /// Reads a text: windows all over a long one, a short one from its start on.
    pub(crate) fn read(&mut self, text: &str, extent: Extent) {
        let Extent { windows, room } = extent;
        self.clear();
        self.windows = windows;
        let is_long = text.len() * 2 > windows * room * 3;
        if is_long {
            // The last window starts where it is likely to be filled: half as far from the end again.
            let last = text.len() - room * 3 / 2;
            let start_of = |window: usize| last * window / (windows - 1).max(1);
            for window in 0..windows {
                let limit = if window + 1 == windows { text.len() } else { start_of(window + 1) };
                self.read_window(part(text, start_of(window), limit), window, room);
            }
            if self.letter_count() * 4 >= room * ENOUGH {
                return;
            }
            self.clear();
        }
        // A text that is not much longer than its windows is read whole.
        let room = if is_long { room } else { room.max(text.len().div_ceil(windows)) };
        let mut rest = text;
        for window in 0..windows {
            rest = self.read_window(rest, window, room);
        }
        self.is_whole = rest.is_empty();
    }

    fn clear(&mut self) {
        self.letters.clear();
        self.words.clear();
        self.counts = PerScript::default();
        self.has_plain_word = false;
        self.digits = 0;
        self.is_whole = false;
    }

    /// Reads words until the window is full; the text after them.
    fn read_window<'t>(&mut self, text: &'t str, window: usize, room: usize) -> &'t str {
        let mut room = room;
        let mut rest = text;
        let mut after_number = false;
        while room > 0 && !rest.is_empty() {
            if let Some((length, used)) = self.read_plain(rest.as_bytes(), window, room, after_number) {
                room = room.saturating_sub(used);
                rest = rest.get(length..).unwrap_or_default();
                after_number = false;
                continue;
            }
            rest = self.read_any(rest, window, &mut room, &mut after_number);
        }
        rest
    }

    /// Reads the token at the start of `text`, whatever it is made of; what follows it.
    fn read_any<'t>(
        &mut self,
        text: &'t str,
        window: usize,
        room: &mut usize,
        after_number: &mut bool,
    ) -> &'t str {
        let (token, signs, after) = next_token(text);
        if token.is_empty() {
            return after;
        }
        if signs.has(Signs::DIGIT) {
            self.digits += token.bytes().filter(u8::is_ascii_digit).count();
        }
        // `640 mm`, `4,50 EUR`: a unit, the same in every language.
        let is_unit = *after_number && token.len() <= UNIT;
        let may_be_noise = signs.has(Signs::MAY_BE_NOISE) || token.len() >= LONG;
        if !(is_unit || may_be_noise && is_noise(token)) {
            let used = if signs.has(Signs::BEYOND_ASCII) {
                self.read_token(token, window, *room)
            } else {
                self.read_ascii(token, window, *room)
            };
            *room = room.saturating_sub(used);
        }
        *after_number = signs.has(Signs::DIGIT) && !signs.has(Signs::LETTER);
        after
    }

    /// Takes a token's words; the bytes of the letters taken. In writing without spaces a token may be a whole text.
    fn read_token(&mut self, token: &str, window: usize, room: usize) -> usize {
        let mut used = 0;
        let mut word: Option<Word> = None;
        for character in token.chars() {
            let role = Role::of(character);
            if role == Role::Other {
                self.close(word.take());
                if used >= room {
                    break;
                }
                continue;
            }
            used += character.len_utf8();
            if used > most(room) {
                break;
            }
            if self.composes(word, character) {
                continue;
            }
            let script = if let Role::Letter(script) = role { Some(script) } else { None };
            let same = match (word, script) {
                (Some(open), Some(script)) => open.script == script,
                (Some(_), None) => true,
                (None, _) => false,
            };
            if !same {
                self.close(word.take());
                let Some(script) = script else { continue };
                self.has_plain_word |= !character.is_uppercase();
                word = Some(Word { start: self.letters.len(), end: self.letters.len(), script, window });
            }
            self.letters.push(small(character));
        }
        self.close(word);
        used
    }

    /// As [`Sample::read_token`], for tokens of ASCII alone, which most are: letters in a row are a word.
    fn read_ascii(&mut self, token: &str, window: usize, room: usize) -> usize {
        let mut used = 0;
        let mut rest = token.as_bytes();
        while used < room
            && let Some(start) = rest.iter().position(u8::is_ascii_alphabetic)
        {
            rest = rest.get(start..).unwrap_or_default();
            let length = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(length.min(most(room) - used)).unwrap_or((rest, &[]));
            self.has_plain_word |= !word.first().is_some_and(u8::is_ascii_uppercase);
            let start = self.letters.len();
            self.letters.extend(word.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
            self.close(Some(Word { start, end: start, script: Script::LATIN, window }));
            used += length;
            rest = after;
        }
        used
    }

    /// Puts a mark onto the letter before it, where a letter with that mark exists.
    fn composes(&mut self, word: Option<Word>, mark: char) -> bool {
        if word.is_none() || !('\u{300}'..='\u{36f}').contains(&mark) {
            return false;
        }
        let Some(last) = self.letters.last_mut() else { return false };
        match compose(*last, mark) {
            Some(letter) => {
                *last = letter;
                true
            }
            None => false,
        }
    }

    fn close(&mut self, word: Option<Word>) {
        let Some(mut word) = word else { return };
        word.end = self.letters.len();
        if let Some(count) = self.counts.get_mut(word.script) {
            *count += word.end - word.start;
        }
        self.words.push(word);
    }

    /// Whether all of the text was read: wider windows would show no more.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// How many windows were read.
    pub(crate) fn windows(&self) -> usize {
        self.windows
    }

    /// Letters read.
    pub(crate) fn letter_count(&self) -> usize {
        self.counts.values().sum()
    }

    /// Letters of one script.
    pub(crate) fn letters_in(&self, script: Script) -> usize {
        self.counts.get(script)
    }

    /// A window's words in one script, in their order.
    pub(crate) fn words_of(&self, window: usize, script: Script) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(move |word| word.window == window && word.script == script)
    }

    /// The words, in their order.
    pub(crate) fn words(&self) -> &[Word] {
        &self.words
    }

    /// A word's letters, in lower case and composed.
    pub(crate) fn spelling(&self, word: Word) -> &[char] {
        self.letters.get(word.start..word.end).unwrap_or_default()
    }
}

/// So many bytes of letters are taken of a token at most.
fn most(room: usize) -> usize {
    (2 * room).max(LONGEST_WORD)
}

/// What stands in a token, a bit for each kind of byte.
#[derive(Clone, Copy, Debug, Default)]
struct Signs(u8);

impl Signs {
    const SPACE: u8 = 1;
    const LETTER: u8 = 1 << 1;
    const DIGIT: u8 = 1 << 2;
    const BEYOND_ASCII: u8 = 1 << 3;
    /// What every address has, but for digits.
    const OF_ADDRESSES: u8 = 1 << 4;
    /// The first byte of a character that may be a space.
    const SPACE_BEYOND_ASCII: u8 = 1 << 5;
    /// Without these, a token that is not long is no noise.
    const MAY_BE_NOISE: u8 = Self::DIGIT | Self::OF_ADDRESSES;

    const fn of(byte: u8) -> u8 {
        match byte {
            b'\t'..=b'\r' | b' ' => Self::SPACE,
            b'a'..=b'z' | b'A'..=b'Z' => Self::LETTER,
            b'0'..=b'9' => Self::DIGIT,
            b':' | b'@' | b'/' | b'.' => Self::OF_ADDRESSES,
            0xc2 | 0xe1..=0xe3 => Self::BEYOND_ASCII | Self::SPACE_BEYOND_ASCII,
            0x80.. => Self::BEYOND_ASCII,
            _ => 0,
        }
    }

    fn has(self, signs: u8) -> bool {
        self.0 & signs != 0
    }
}

/// The kinds of all bytes.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling, where an index out of range is an error"
)]
static SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = 0;
    while byte < signs.len() {
        signs[byte] = Signs::of(byte as u8);
        byte += 1;
    }
    signs
};

/// What stands before the first white space of a text, what it is made of, and what follows the white space.
fn next_token(text: &str) -> (&str, Signs, &str) {
    let bytes = text.as_bytes();
    let (mut at, mut signs, mut space) = (0, Signs::default(), 0);
    while let Some(&byte) = bytes.get(at) {
        let sign = SIGNS.get(usize::from(byte)).copied().unwrap_or(0);
        if sign == Signs::SPACE {
            space = 1;
            break;
        }
        if sign & Signs::SPACE_BEYOND_ASCII != 0
            && let Some(character) = text.get(at..).and_then(|rest| rest.chars().next())
            && character.is_whitespace()
        {
            space = character.len_utf8();
            break;
        }
        signs.0 |= sign;
        at += 1;
    }
    (text.get(..at).unwrap_or_default(), signs, text.get(at + space..).unwrap_or_default())
}

/// The text between two offsets, from the first white space on so that no word is cut in two.
fn part(text: &str, start: usize, limit: usize) -> &str {
    let start = boundary(text, start);
    let rest = text.get(start..boundary(text, limit.max(start))).unwrap_or_default();
    if start == 0 {
        return rest;
    }
    // Writing without spaces has none to offer: there, a cut word is no harm.
    let near = boundary(rest, 100);
    let space = rest.get(..near).unwrap_or_default().find(char::is_whitespace).unwrap_or(0);
    rest.get(space..).unwrap_or_default()
}

/// The last character boundary up to an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The letter in lower case; where that is two characters (İ), the first.
fn small(letter: char) -> char {
    match letter {
        'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ' | 'ά'..='ώ' | 'а'..='џ' => letter,
        '\0'..='\x7f' => letter.to_ascii_lowercase(),
        'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => further(letter, 32),
        'Ѐ'..='Џ' => further(letter, 80),
        _ => letter.to_lowercase().next().unwrap_or(letter),
    }
}

/// The letter so many places further on.
fn further(letter: char, places: u32) -> char {
    char::from_u32(u32::from(letter) + places).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_laws::proptest::prelude::*;

    #[test]
    fn small_letters_are_those_of_unicode() {
        for letter in ('\0'..='\u{ffff}').filter(|letter| letter.is_alphabetic()) {
            assert_eq!(Some(small(letter)), letter.to_lowercase().next(), "{letter}");
        }
    }

    proptest! {
        #[test]
        fn tokens_are_what_stands_between_white_space(text in "[a-zé\\u{85}\\u{a0}\\u{2009}\\u{3000}\\u{e000} ½1./:@学\n]{0,40}") {
            let mut rest = text.as_str();
            let mut found = Vec::new();
            while !rest.is_empty() {
                let (token, signs, after) = next_token(rest);
                prop_assert_eq!(signs.has(Signs::BEYOND_ASCII), !token.is_ascii());
                prop_assert_eq!(signs.has(Signs::DIGIT), token.bytes().any(|byte| byte.is_ascii_digit()));
                prop_assert_eq!(signs.has(Signs::LETTER), token.bytes().any(|byte| byte.is_ascii_alphabetic()));
                found.push(token);
                rest = after;
            }
            let mut expected: Vec<&str> = text.split(char::is_whitespace).collect();
            if expected.last() == Some(&"") {
                expected.pop();
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn what_needs_no_look_is_no_noise(token in "[a-zA-Z'’,;!?é()_#%-]{1,19}") {
            let (token, signs, _) = next_token(&token);
            prop_assert!(!signs.has(Signs::MAY_BE_NOISE) && (token.len() >= LONG || !is_noise(token)));
        }

        #[test]
        fn plain_words_are_read_as_any(
            text in "([a-zA-ZéÀÿß×]{1,24}|www|12|[0-9]{2,4}|km|’|[ ,.:;'’?!)(/@\u{a0}\u{301}Œ-]{1,2}| ){0,40}",
            room in 1_usize..60,
        ) {
            let (mut quick, mut any) = (Sample::default(), Sample::default());
            let quick_rest = quick.read_window(&text, 0, room);
            let (mut rest, mut room, mut after_number) = (text.as_str(), room, false);
            while room > 0 && !rest.is_empty() {
                rest = any.read_any(rest, 0, &mut room, &mut after_number);
            }
            prop_assert_eq!(quick_rest, rest);
            prop_assert_eq!(&quick.letters, &any.letters);
            prop_assert_eq!((quick.has_plain_word, quick.digits), (any.has_plain_word, any.digits));
            prop_assert_eq!(quick.letter_count(), any.letter_count());
            prop_assert_eq!(format!("{:?}", quick.words), format!("{:?}", any.words));
        }

        #[test]
        fn ascii_is_read_as_any_text(token in "[a-zA-Z,.'-]{1,60}", room in 1_usize..40) {
            let (mut ascii, mut any) = (Sample::default(), Sample::default());
            let used = ascii.read_ascii(&token, 0, room);
            // What is taken beyond the room does not count.
            prop_assert_eq!(used.min(room), any.read_token(&token, 0, room).min(room));
            prop_assert_eq!(&ascii.letters, &any.letters);
            prop_assert_eq!(ascii.has_plain_word, any.has_plain_word);
            let ranges = |sample: &Sample| {
                sample.words.iter().map(|word| (word.start, word.end, word.script)).collect::<Vec<_>>()
            };
            prop_assert_eq!(ranges(&ascii), ranges(&any));
        }
    }

    fn words(text: &str) -> Vec<String> {
        let mut sample = Sample::default();
        sample.read(text, WIDE);
        sample.words().iter().map(|word| sample.spelling(*word).iter().collect()).collect()
    }

    #[test]
    fn words_are_letters_in_lower_case() {
        assert_eq!(words("L’Été, à 3 km : https://example.org"), ["l", "été", "à"]);
        assert_eq!(words("e\u{301}te\u{301}"), ["été"]);
        assert_eq!(words("हिन्दी में"), ["हिन्दी", "में"]);
    }

    #[test]
    fn scripts_part_words() {
        assert_eq!(words("日本語のUSB"), ["日本語", "の", "usb"]);
    }

    #[test]
    fn a_long_text_gives_three_windows() {
        let text = "premier ".repeat(500) + &"second ".repeat(500) + &"dernier ".repeat(500);
        let mut sample = Sample::default();
        sample.read(&text, WIDE);
        let letters = sample.letter_count();
        assert!((700..800).contains(&letters), "{letters}");
        for (window, expected) in ["premier", "second", "dernier"].into_iter().enumerate() {
            for word in sample.words().iter().filter(|word| word.window == window) {
                assert_eq!(sample.spelling(*word).iter().collect::<String>(), expected);
            }
        }
    }

    #[test]
    fn words_between_addresses_are_found() {
        let text = "https://example.org/a/b/c ".repeat(200)
            + "quelques mots "
            + &"https://example.org/ ".repeat(200);
        assert_eq!(words(&text), ["quelques", "mots"]);
    }
}
