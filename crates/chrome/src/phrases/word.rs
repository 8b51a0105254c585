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
const HIGH: u64 = each_byte(0x80);

/// The bit that small letters and digits have, and capitals have not.
const SMALL: u64 = each_byte(0x20);
/// The bit that letters have, and digits have not.
const LETTER: u64 = each_byte(0x40);
/// What is missing to 0x80 from the first letter, from behind the last one, and the same for digits.
const FROM_LETTER: u64 = each_byte(0x80 - b'a');
const BEHIND_LETTERS: u64 = each_byte(0x80 - b'z' - 1);
const FROM_DIGIT: u64 = each_byte(0x80 - b'0');
const BEHIND_DIGITS: u64 = each_byte(0x80 - b'9' - 1);

const fn each_byte(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// Eight bytes: ASCII letters and digits as they are, for every other byte a mark of what it is, which is beyond ASCII.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece(u64);

/// Marks of a space, of any other ASCII character that is no letter or digit, and of a byte beyond ASCII.
const SPACE: u8 = 0x80;
const SIGN: u8 = 0x81;
const WIDE: u8 = 0x82;

/// What a piece begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// A small letter.
    Small,
    /// A capital or a digit.
    Large,
    Space,
    /// Any other ASCII character.
    Sign,
    /// A byte beyond ASCII.
    Wide,
}

impl Piece {
    /// From eight bytes of a text. Spaces have the mark of other signs.
    #[inline(always)]
    const fn of(bytes: u64) -> Self {
        let wide = bytes & HIGH;
        let low = bytes & !HIGH;
        let lower = low | SMALL;
        // Adding what is missing to 0x80 carries into the highest bit from the bound upwards.
        let letters = (lower + FROM_LETTER) & !(lower + BEHIND_LETTERS);
        let digits = (low + FROM_DIGIT) & !(low + BEHIND_DIGITS);
        let words = (letters | digits) & !wide & HIGH;
        let signs = !(words | wide) & HIGH;
        // The highest bit of a byte and all below.
        let kept = (words >> 7) * 0xFF;
        Self(bytes & kept | signs | signs >> 7 | wide | wide >> 6)
    }

    /// What it begins with.
    #[inline(always)]
    pub(crate) const fn begin(self) -> Begin {
        match self.0 as u8 {
            b'a'..SPACE => Begin::Small,
            0..b'a' => Begin::Large,
            SPACE => Begin::Space,
            SIGN => Begin::Sign,
            _ => Begin::Wide,
        }
    }

    /// Does it begin with a letter or digit?
    #[inline(always)]
    const fn is_word(self) -> bool {
        self.0 & 0x80 == 0
    }

    /// Is it all letters and digits?
    #[inline(always)]
    const fn is_full(self) -> bool {
        self.0 & HIGH == 0
    }

    /// How many letters and digits it begins with.
    #[inline(always)]
    const fn length(self) -> usize {
        (self.0 & HIGH).trailing_zeros() as usize / 8
    }

    /// All bits of the letters and digits it begins with.
    #[inline(always)]
    const fn kept(self) -> u64 {
        let marks = self.0 & HIGH;
        ((marks & marks.wrapping_neg()) >> 7).wrapping_sub(1)
    }

    /// The mark behind the letters and digits it begins with, if it is not full.
    #[inline(always)]
    const fn mark(self) -> u8 {
        (self.0 >> ((self.0 & HIGH).trailing_zeros() & 0x38)) as u8
    }

    /// The letters and digits it begins with, in lower case: digits have the bit that tells small letters.
    #[inline(always)]
    const fn folded(self) -> u64 {
        (self.0 | SMALL) & self.kept()
    }

    /// Not 0 if there is a letter among the letters and digits it begins with.
    #[inline(always)]
    const fn letters(self) -> u64 {
        self.0 & LETTER & self.kept()
    }

    /// Not 0 if there is one that is no capital.
    #[inline(always)]
    const fn no_capitals(self) -> u64 {
        self.0 & SMALL & self.kept()
    }

    /// Is its first byte a capital, if it is a letter or digit?
    #[inline(always)]
    const fn is_capital(self) -> bool {
        self.0 & 0x20 == 0
    }
}

/// Does a word end before the character beyond ASCII that is at `at`? No too where it must be looked up to tell.
///
/// It does before U+2010 to U+203F, the apostrophe and quotation marks among them.
#[inline(always)]
fn ends_before(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..), Some([0xE2, 0x80, 0x90..=0xBF, ..]))
}

/// A text whose words are read in pieces.
pub(crate) trait Pieces: Copy {
    /// The text.
    fn bytes(&self) -> &[u8];

    /// The eight bytes from `at` on; signs beyond the end of the text.
    fn piece(&self, at: usize) -> Piece;
}

/// A text where each piece is looked at when it is asked for.
impl Pieces for &[u8] {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self
    }

    #[inline(always)]
    fn piece(&self, at: usize) -> Piece {
        Piece::of(eight(self, at).unwrap_or_else(|| last_bytes(self, at)))
    }
}

/// A text that was looked at as a whole: which is vector code, and a fraction of what it costs to look at each word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked<'a> {
    bytes: &'a [u8],
    /// The pieces of the text, and eight signs behind its end.
    marks: &'a [u8],
}

impl<'a> Looked<'a> {
    /// Looks at a text. The buffer only grows.
    pub(crate) fn new(bytes: &'a [u8], marks: &'a mut Vec<u8>) -> Self {
        let length = bytes.len() + 8;
        if marks.len() < length {
            marks.resize(length, SIGN);
        }
        let marks = marks.get_mut(..length).unwrap_or_default();
        let (looked, behind) = marks.split_at_mut(bytes.len());
        for (mark, &byte) in looked.iter_mut().zip(bytes) {
            let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
            let other = SIGN + u8::from(byte >= 0x80) - u8::from(byte == b' ');
            *mark = if letter | (byte.wrapping_sub(b'0') < 10) { byte } else { other };
        }
        behind.fill(SIGN);
        Self { bytes, marks }
    }
}

impl Pieces for Looked<'_> {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self.bytes
    }

    #[inline(always)]
    fn piece(&self, at: usize) -> Piece {
        Piece(eight(self.marks, at).unwrap_or(each_byte(SIGN)))
    }
}

/// Eight bytes, if there are so many.
#[inline(always)]
fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The last bytes of a text, fewer than eight, and 0 behind them.
#[cold]
fn last_bytes(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    for (byte, &of_text) in eight.iter_mut().zip(bytes.get(at..).unwrap_or_default()) {
        *byte = of_text;
    }
    u64::from_le_bytes(eight)
}

/// A word that begins with a small ASCII letter, so it is no number, and has no capital to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Small {
    pub(crate) hash: WordHash,
    /// One past the last byte, and one more if a space stands there.
    pub(crate) end: usize,
    pub(crate) next: usize,
    pub(crate) letters: usize,
}

/// Reads the word that starts at byte `start` with `piece`, a small ASCII letter first. Most words do. If a character
/// beyond ASCII comes behind some letters, these must be handed to [`read_on`].
#[inline(always)]
pub(crate) fn read_small(text: &Looked<'_>, start: usize, mut piece: Piece) -> Result<Small, Begun> {
    let (mut hash, mut end) = (WordHash::START.push(piece.folded()), start + piece.length());
    while piece.is_full() {
        piece = text.piece(end);
        if piece.is_word() {
            hash = hash.push(piece.folded());
            end += piece.length();
        }
    }
    let mark = piece.mark();
    if mark == WIDE && !ends_before(text.bytes, end) {
        return Err(Begun { hash, end });
    }
    let next = end + usize::from(mark == SPACE);
    Ok(Small { hash: hash.end(), end, next, letters: end - start })
}

/// The first letters of a word that begins with small ASCII letters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begun {
    hash: WordHash,
    /// One past the last byte.
    end: usize,
}

/// Reads the rest of a word that begins with small ASCII letters, behind which comes a character beyond ASCII.
#[inline(never)]
pub(crate) fn read_on(folding: &Folding, text: &Looked<'_>, start: usize, begun: Begun) -> Small {
    let Begun { mut hash, mut end } = begun;
    let mut letters = end - start;
    let mut space = false;
    while let Some((code, after)) = code_at(text.bytes, end) {
        let (class, folded) = folding.of_code(code);
        if class == Class::Mark {
            let Reading { word, letters, .. } = read_marked(folding, text.bytes, start);
            return Small { hash: word.hash, end: word.end, next: word.end, letters: letters as usize };
        }
        if !class.is_word() {
            break;
        }
        hash = hash.push(folded.into());
        letters += 1;
        end = after;
        let piece = loop {
            let piece = text.piece(end);
            if piece.is_word() {
                hash = hash.push(piece.folded());
                letters += piece.length();
                end += piece.length();
            }
            if !piece.is_full() {
                break piece;
            }
        };
        space = piece.mark() == SPACE;
        if piece.mark() != WIDE || ends_before(text.bytes, end) {
            break;
        }
    }
    Small { hash: hash.end(), end, next: end + usize::from(space), letters }
}

/// Reads the word that starts at byte `start` with `piece`, an ASCII letter or digit first, if that is all of it.
#[inline(always)]
pub(crate) fn read_short(text: Looked<'_>, start: usize, piece: Piece) -> Option<Reading> {
    let length = piece.length();
    if piece.is_full() || (piece.mark() == WIDE && !ends_before(text.bytes, start + length)) {
        return None;
    }
    let number = piece.letters() == 0;
    let hash = if number { NUMBER } else { WordHash::START.push(piece.folded()).end() };
    Some(Reading {
        word: Word { hash, start, end: start + length },
        letters: length as u32,
        capital: piece.is_capital(),
        number,
        capitals: piece.no_capitals() == 0,
    })
}

/// Reads the word that starts at byte `start` with `piece`, of any length and script.
///
/// A combining mark or a soft hyphen within a word does not end it, and does not count.
#[inline]
pub(crate) fn read_long(folding: &Folding, text: impl Pieces, start: usize, mut piece: Piece) -> Reading {
    let (mut hash, mut end, mut letters) = (WordHash::START, start, 0);
    // Not 0 once there is a letter, or a letter or digit that is no capital.
    let (mut some_letters, mut no_capitals, mut capital) = (0, 0, piece.is_capital());
    'pieces: loop {
        if piece.is_word() {
            let length = piece.length();
            hash = hash.push(piece.folded());
            some_letters |= piece.letters();
            no_capitals |= piece.no_capitals();
            letters += length as u32;
            end += length;
        }
        if !piece.is_full() {
            // Most words end here, at a character that need not be looked up.
            if piece.mark() != WIDE || ends_before(text.bytes(), end) {
                break;
            }
            let Some((mut code, mut after)) = code_at(text.bytes(), end) else { break };
            loop {
                let (class, folded) = folding.of_code(code);
                if class == Class::Mark {
                    return read_marked(folding, text.bytes(), start);
                }
                if !class.is_word() {
                    break 'pieces;
                }
                hash = hash.push(folded.into());
                some_letters |= u64::from(class != Class::Digit);
                no_capitals |= u64::from(class != Class::Upper);
                if letters == 0 {
                    capital = class == Class::Upper;
                }
                letters += 1;
                end = after;
                // Cyrillic and Greek letters come in a row, and a piece has nothing to say of them.
                let Some(&[one @ 0xC2..0xE0, two, ..]) = text.bytes().get(end..) else { break };
                (code, after) = (u32::from(one & 0x1F) << 6 | u32::from(two & 0x3F), end + 2);
            }
        }
        piece = text.piece(end);
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
            let word = read_long(folding, bytes, at, bytes.piece(at)).word;
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
            let mut marks = Vec::new();
            let looked = Looked::new(bytes, &mut marks);
            for (start, character) in text.char_indices() {
                if !folding.of(character).0.is_word() {
                    continue;
                }
                let slow = read_marked(&folding, bytes, start);
                let piece = bytes.piece(start);
                prop_assert_eq!(read_long(&folding, bytes, start, piece), slow, "{:?} at {}", text, start);
                prop_assert_eq!(read_long(&folding, looked, start, looked.piece(start)), slow, "{:?} at {}", text, start);
                if matches!(looked.piece(start).begin(), Begin::Small | Begin::Large)
                    && let Some(short) = read_short(looked, start, looked.piece(start))
                {
                    prop_assert_eq!(short, slow, "{:?} at {}", text, start);
                }
                if looked.piece(start).begin() == Begin::Small {
                    let begun = read_small(&looked, start, looked.piece(start));
                    let small = begun.unwrap_or_else(|begun| read_on(&folding, &looked, start, begun));
                    let Small { hash, end, next, letters } = small;
                    let reading = Reading {
                        word: Word { hash, start, end },
                        letters: letters as u32,
                        capital: false,
                        number: false,
                        capitals: false,
                    };
                    prop_assert_eq!(reading, slow, "{:?} at {}", text, start);
                    prop_assert!(next == end || (next == end + 1 && bytes[end] == b' '));
                }
            }
        }
    }
}
