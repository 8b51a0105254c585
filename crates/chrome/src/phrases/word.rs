//! Words: where they end, and their folded hash, eight bytes at a time.

#![expect(
    clippy::inline_always,
    reason = "called for each word: measured, without it the crate is a tenth slower"
)]

use super::{Class, Folding};

/// Hash of a folded word, or of a chain of words.
///
/// Words are hashed in pieces: runs of up to eight ASCII letters and digits, and single characters beyond ASCII. Each
/// piece costs a multiplication (as in rustc's FxHash), where FNV-1a would cost one a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WordHash(pub(crate) u64);

/// Stands for every number.
const NUMBER: WordHash = WordHash::START.push(b'0' as u64).end();

impl WordHash {
    /// Before the first piece.
    const START: Self = Self(0x9E37_79B9_7F4A_7C15);

    /// No word at all: before the first.
    pub(crate) const NONE: Self = Self(0);

    /// With one more piece.
    #[inline]
    const fn push(self, piece: u64) -> Self {
        Self((self.0.rotate_left(5) ^ piece).wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    /// When the word is whole.
    #[inline]
    const fn end(self) -> Self {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(mixed ^ (mixed >> 29))
    }

    /// The chain with one more whole word.
    #[inline]
    pub(crate) const fn then(self, word: Self) -> Self {
        let mixed = (self.0.rotate_left(23) ^ word.0).wrapping_mul(0xA24B_AED4_963E_E407);
        Self(mixed ^ (mixed >> 29))
    }

    /// A character that is a word by itself, folded.
    #[inline]
    pub(crate) const fn of_character(folded: u32) -> Self {
        Self::START.push(folded as u64).end()
    }
}

impl Default for WordHash {
    fn default() -> Self {
        Self::NONE
    }
}

/// A word of the text, folded and hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) hash: WordHash,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What reading a word tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) word: Word,
    pub(crate) letters: u32,
    /// It begins with a capital.
    pub(crate) capital: bool,
    /// Nothing but digits.
    pub(crate) number: bool,
    /// Nothing but capitals.
    pub(crate) capitals: bool,
}

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The bit that small letters and digits have, and capitals have not.
const SMALL: u64 = each_byte(0x20);
/// What is missing to 0x80 from the first letter, from behind the last one, and the same for digits.
const FROM_LETTER: u64 = each_byte(0x80 - b'a');
const BEHIND_LETTERS: u64 = each_byte(0x80 - b'z' - 1);
const FROM_DIGIT: u64 = each_byte(0x80 - b'0');
const BEHIND_DIGITS: u64 = each_byte(0x80 - b'9' - 1);

const fn each_byte(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// Eight bytes, and the highest bits of those among them that are ASCII letters and digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    bytes: u64,
    letters: u64,
    digits: u64,
}

impl Piece {
    /// The eight bytes of a text from `at` on; 0 beyond its end.
    #[inline(always)]
    pub(crate) fn at(bytes: &[u8], at: usize) -> Self {
        Self::of(eight(bytes, at))
    }

    #[inline(always)]
    const fn of(bytes: u64) -> Self {
        let ascii = !bytes & HIGH;
        let low = bytes & !HIGH;
        let lower = low | SMALL;
        // Adding what is missing to 0x80 carries into the highest bit from the bound upwards.
        let letters = (lower + FROM_LETTER) & !(lower + BEHIND_LETTERS) & ascii;
        let digits = (low + FROM_DIGIT) & !(low + BEHIND_DIGITS) & ascii;
        Self { bytes, letters, digits }
    }

    /// How many letters and digits it begins with.
    #[inline(always)]
    pub(crate) const fn length(self) -> usize {
        let others = !(self.letters | self.digits) & HIGH;
        others.trailing_zeros() as usize / 8
    }

    /// One of its eight bytes; 0 beyond the end of the text.
    #[inline(always)]
    pub(crate) const fn byte(self, at: usize) -> u8 {
        (self.bytes >> (8 * at)) as u8
    }

    /// Does the word end behind so many letters and digits (fewer than eight)? No too where more must be read to tell.
    ///
    /// It does before other ASCII characters and before U+2010 to U+203F, the apostrophe and quotation marks among them.
    #[inline(always)]
    const fn ends_at(self, length: usize) -> bool {
        let after = self.bytes >> (8 * length);
        after & 0x80 == 0 || (after & 0xFFFF == 0x80E2 && after & 0xFF_0000 >= 0x90_0000)
    }

    /// Its letters and digits in lower case, if it begins with so many: digits have the bit that tells small letters.
    #[inline(always)]
    const fn folded(self, kept: u64) -> u64 {
        (self.bytes | SMALL) & kept
    }

    /// Highest bits of letters and digits that are no capitals: all have 0x20.
    #[inline(always)]
    const fn no_capitals(self) -> u64 {
        self.bytes << 2 & HIGH
    }

    /// Is its first byte a capital, if it is a letter or digit?
    #[inline(always)]
    pub(crate) const fn is_capital(self) -> bool {
        self.bytes & 0x20 == 0
    }

    /// Class of its first byte, if that is a letter or digit.
    #[inline]
    pub(crate) const fn first(self) -> Class {
        if self.digits & 0x80 != 0 {
            Class::Digit
        } else if self.is_capital() {
            Class::Upper
        } else {
            Class::Lower
        }
    }
}

/// Eight bytes of a text; 0 beyond its end.
#[inline(always)]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at.wrapping_add(8)).and_then(|eight| eight.first_chunk()) {
        Some(&eight) => u64::from_le_bytes(eight),
        None => last_bytes(bytes, at),
    }
}

#[cold]
fn last_bytes(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    for (byte, &of_text) in eight.iter_mut().zip(bytes.get(at..).unwrap_or_default()) {
        *byte = of_text;
    }
    u64::from_le_bytes(eight)
}

/// Reads the word that starts at byte `start` with `piece`, whose first `length` bytes are letters and digits, if that
/// is all of it: most words are shorter than eight bytes, and nothing but ASCII.
#[inline(always)]
pub(crate) fn read_short(start: usize, piece: Piece, length: usize) -> Option<Reading> {
    if length == 8 || !piece.ends_at(length) {
        return None;
    }
    let kept = u64::MAX >> (64 - 8 * length);
    let number = piece.letters & kept == 0;
    let hash = if number { NUMBER } else { WordHash::START.push(piece.folded(kept)).end() };
    Some(Reading {
        word: Word { hash, start, end: start + length },
        letters: length as u32,
        capital: piece.is_capital(),
        number,
        capitals: piece.no_capitals() & kept == 0,
    })
}

/// As [`read_short`] for words of eight letters and digits or more; `piece` is all of them.
#[inline(always)]
pub(crate) fn read_eight(bytes: &[u8], start: usize, piece: Piece) -> Option<Reading> {
    let (mut hash, mut end) = (WordHash::START.push(piece.bytes | SMALL), start + 8);
    let (mut some_letters, mut no_capitals) = (piece.letters, piece.no_capitals());
    loop {
        let next = Piece::at(bytes, end);
        let length = next.length();
        if length > 0 {
            let kept = u64::MAX >> (64 - 8 * length);
            hash = hash.push(next.folded(kept));
            some_letters |= next.letters & kept;
            no_capitals |= next.no_capitals() & kept;
            end += length;
        }
        if length == 8 {
            continue;
        }
        if !next.ends_at(length) {
            return None;
        }
        let number = some_letters == 0;
        return Some(Reading {
            word: Word { hash: if number { NUMBER } else { hash.end() }, start, end },
            letters: (end - start) as u32,
            capital: piece.is_capital(),
            number,
            capitals: no_capitals == 0,
        });
    }
}

/// Reads the word that starts at byte `start` with `piece`, of any length and script.
///
/// A combining mark or a soft hyphen within a word does not end it, and does not count.
pub(crate) fn read_long(folding: &Folding, bytes: &[u8], start: usize, mut piece: Piece) -> Reading {
    let (mut hash, mut end, mut letters) = (WordHash::START, start, 0);
    // Not 0 once there is a letter, or a letter or digit that is no capital.
    let (mut some_letters, mut no_capitals, mut capital) = (0, 0, piece.is_capital());
    loop {
        let length = piece.length();
        if length > 0 {
            let kept = u64::MAX >> (64 - 8 * length);
            hash = hash.push(piece.folded(kept));
            some_letters |= piece.letters & kept;
            no_capitals |= piece.no_capitals() & kept;
            letters += length as u32;
            end += length;
        }
        if length < 8 {
            // Most words end here, at a character that need not be looked up.
            if piece.ends_at(length) {
                break;
            }
            let Some((code, after)) = code_at(bytes, end) else { break };
            let (class, folded) = folding.of_code(code);
            if class == Class::Mark {
                return read_marked(folding, bytes, start);
            }
            if !class.is_word() {
                break;
            }
            hash = hash.push(folded.into());
            some_letters |= u64::from(class != Class::Digit);
            no_capitals |= u64::from(class != Class::Upper);
            if letters == 0 {
                capital = class == Class::Upper;
            }
            letters += 1;
            end = after;
        }
        piece = Piece::at(bytes, end);
    }
    let number = some_letters == 0;
    let hash = if number { NUMBER } else { hash.end() };
    Reading { word: Word { hash, start, end }, letters, capital, number, capitals: no_capitals == 0 }
}

/// As [`read_long`] for words with marks in them, which break up the runs of ASCII letters that are hashed together.
#[cold]
fn read_marked(folding: &Folding, bytes: &[u8], start: usize) -> Reading {
    let (mut hash, mut end, mut letters) = (WordHash::START, start, 0);
    let (mut number, mut capitals, mut capital) = (true, true, false);
    let (mut run, mut length) = (0_u64, 0);
    while let Some((character, after)) = character_at(bytes, end) {
        let (class, folded) = folding.of(character);
        if class == Class::Mark {
            end = after;
            continue;
        }
        if !class.is_word() {
            break;
        }
        if character.is_ascii() {
            run |= u64::from(folded) << (8 * length);
            length += 1;
        }
        if length == 8 || (!character.is_ascii() && length > 0) {
            hash = hash.push(run);
            (run, length) = (0, 0);
        }
        if !character.is_ascii() {
            hash = hash.push(folded.into());
        }
        number &= class == Class::Digit;
        capitals &= class == Class::Upper;
        capital |= letters == 0 && class == Class::Upper;
        letters += 1;
        end = after;
    }
    if length > 0 {
        hash = hash.push(run);
    }
    let hash = if number && letters > 0 { NUMBER } else { hash.end() };
    Reading { word: Word { hash, start, end }, letters, capital, number, capitals }
}

/// The code point of the character whose first byte is at `at`, and where the next one starts.
#[inline(always)]
fn code_at(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let low = |byte: u8| u32::from(byte & 0x3F);
    match *bytes.get(at..)? {
        [one, two, ..] if (0xC0..0xE0).contains(&one) => {
            Some((u32::from(one & 0x1F) << 6 | low(two), at + 2))
        }
        [one, ..] if one < 0x80 => Some((u32::from(one), at + 1)),
        [one, two, three, ..] if one < 0xF0 => {
            Some((u32::from(one & 0xF) << 12 | low(two) << 6 | low(three), at + 3))
        }
        [one, two, three, four, ..] => {
            Some((u32::from(one & 7) << 18 | low(two) << 12 | low(three) << 6 | low(four), at + 4))
        }
        _ => None,
    }
}

/// The character whose first byte is at `at`, and where the next one starts.
#[inline]
pub(crate) fn character_at(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let (code, after) = code_at(bytes, at)?;
    Some((char::from_u32(code)?, after))
}

/// Calls `found` with every word of `text`; a character is a word in scripts without spaces.
pub(super) fn each_word(folding: &Folding, text: &str, mut found: impl FnMut(Word)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some((character, end)) = character_at(bytes, at) {
        let (class, folded) = folding.of(character);
        if class.is_word() {
            let word = read_long(folding, bytes, at, Piece::at(bytes, at)).word;
            found(word);
            at = word.end;
            continue;
        }
        if class == Class::Ideograph {
            found(Word { hash: WordHash::of_character(folded), start: at, end });
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_laws::proptest::prelude::*;

    #[test]
    fn words_end_before_the_punctuation_that_is_not_looked_up() {
        let folding = Folding::new();
        for character in '\u{2010}'..='\u{203f}' {
            let class = folding.of(character).0;
            assert!(!class.is_word() && class != Class::Mark, "{character:?}");
        }
    }

    proptest! {
        #[test]
        fn words_are_read_as_character_by_character(
            text in "([a-zA-Z0-9]{0,9}|[a-zA-Z0-9]{0,9}|[éàÉßœŒçñЖжΩωłİ٣가日]{1,3}|’|“|\u{203f}|€|…| |-|🙂|ᄀ|ﬁ){1,9}"
        ) {
            let folding = Folding::new();
            let bytes = text.as_bytes();
            for (start, character) in text.char_indices() {
                if !folding.of(character).0.is_word() {
                    continue;
                }
                let piece = Piece::at(bytes, start);
                let slow = read_marked(&folding, bytes, start);
                let long = read_long(&folding, bytes, start, piece);
                prop_assert_eq!(long, slow, "{:?} at {}", text, start);
                let ascii = match piece.length() {
                    0 => None,
                    8 => read_eight(bytes, start, piece),
                    length => read_short(start, piece, length),
                };
                prop_assert_eq!(ascii.unwrap_or(slow), slow, "{:?} at {}", text, start);
            }
        }
    }
}
