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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) hash: WordHash,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What reading a word tells.
#[derive(Debug, Clone, Copy)]
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
    if length == 8 || !piece.byte(length).is_ascii() {
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

/// Reads the word that starts at byte `start` with `piece`, of any length and script.
///
/// A combining mark or a soft hyphen within a word does not end it, and does not count.
pub(crate) fn read_long(folding: &Folding, bytes: &[u8], start: usize, mut piece: Piece) -> Reading {
    let (mut hash, mut end, mut letters) = (WordHash::START, start, 0);
    let (mut number, mut capitals, mut capital) = (true, true, false);
    loop {
        let length = piece.length();
        if length > 0 {
            let kept = u64::MAX >> (64 - 8 * length);
            hash = hash.push(piece.folded(kept));
            number &= piece.letters & kept == 0;
            capitals &= piece.no_capitals() & kept == 0;
            capital |= letters == 0 && piece.is_capital();
            letters += length as u32;
            end += length;
        }
        if length < 8 {
            // Most words end here, at an ASCII character: it need not be looked up.
            if piece.byte(length).is_ascii() {
                break;
            }
            let Some((character, after)) = character_at(bytes, end) else { break };
            let (class, folded) = folding.of(character);
            if class == Class::Mark {
                return read_marked(folding, bytes, start);
            }
            if !class.is_word() {
                break;
            }
            hash = hash.push(folded.into());
            number &= class == Class::Digit;
            capitals &= class == Class::Upper;
            capital |= letters == 0 && class == Class::Upper;
            letters += 1;
            end = after;
        }
        piece = Piece::at(bytes, end);
    }
    let hash = if number { NUMBER } else { hash.end() };
    Reading { word: Word { hash, start, end }, letters, capital, number, capitals }
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

/// The character whose first byte is at `at`, and where the next one starts.
#[inline]
pub(crate) fn character_at(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let low = |byte: u8| u32::from(byte & 0x3F);
    let (code, length) = match *bytes.get(at..)? {
        [one, ..] if one < 0x80 => (u32::from(one), 1),
        [one, two, ..] if one < 0xE0 => (u32::from(one & 0x1F) << 6 | low(two), 2),
        [one, two, three, ..] if one < 0xF0 => (u32::from(one & 0xF) << 12 | low(two) << 6 | low(three), 3),
        [one, two, three, four, ..] => {
            (u32::from(one & 7) << 18 | low(two) << 12 | low(three) << 6 | low(four), 4)
        }
        _ => return None,
    };
    Some((char::from_u32(code)?, at + length))
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
