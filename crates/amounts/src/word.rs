//! Words, eight letters at a time: where one ends, and the hash that lexicons know it by.
//!
//! Nearly every word of a text is read once, hashed, and found in no lexicon. A step per letter (test, fold, multiply)
//! took 8 instructions a byte; eight letters in a register take 25 together.

use crate::fold::{Folded, fold_char, folded_latin, is_letter};

/// Hash of folded letters, extended eight at a time. A word is its blocks of eight letters, the last padded with zeros;
/// a phrase is its words with [`Self::next_word`] between.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct WordHash(u64);

impl WordHash {
    pub(crate) const START: Self = Self(0xCBF2_9CE4_8422_2325);

    /// Of one block no two words share a hash: multiplying by an odd number and the shift can be undone.
    #[inline]
    fn block(self, letters: u64) -> Self {
        let product = (self.0 ^ letters).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(product ^ (product >> 32))
    }

    /// The hash of a phrase's next word starts here.
    #[inline]
    pub(crate) fn next_word(self) -> Self {
        self.block(b' '.into())
    }

    #[inline]
    pub(crate) fn value(self) -> u64 {
        self.0
    }
}

/// Folded letters on their way into a hash.
#[derive(Clone, Copy)]
struct Packed {
    hash: WordHash,
    letters: u64,
    bits: u32,
}

impl Packed {
    fn new(hash: WordHash) -> Self {
        Self { hash, letters: 0, bits: 0 }
    }

    #[inline]
    fn push(&mut self, letter: u8) {
        self.letters |= u64::from(letter) << self.bits;
        self.bits += 8;
        if self.bits == 64 {
            *self = Self::new(self.hash.block(self.letters));
        }
    }

    /// Pushes the first `count` letters, fewer than eight.
    #[inline]
    fn push_all(&mut self, small: u64, count: u32) {
        let letters = small & ((1 << (8 * count)) - 1);
        self.letters |= letters << self.bits;
        let bits = self.bits + 8 * count;
        if bits < 64 {
            self.bits = bits;
        } else {
            let rest = if self.bits == 0 { 0 } else { letters >> (64 - self.bits) };
            *self = Self { hash: self.hash.block(self.letters), letters: rest, bits: bits - 64 };
        }
    }

    fn push_char(&mut self, c: char) {
        match fold_char(c) {
            Folded::Nothing => {}
            Folded::One(a) => self.push(a),
            Folded::Two(a, b) => {
                self.push(a);
                self.push(b);
            }
            Folded::Other(c) => c.encode_utf8(&mut [0; 4]).bytes().for_each(|b| self.push(b)),
        }
    }

    fn finish(self) -> WordHash {
        if self.bits == 0 { self.hash } else { self.hash.block(self.letters) }
    }
}

/// Hash of an already folded phrase; agrees with [`read`].
pub(crate) fn hash_folded(folded: &str) -> u64 {
    let mut hash = WordHash::START;
    // The pieces of a slice of bytes: looking for a character in a text takes as long as all the rest.
    for (place, word) in folded.as_bytes().split(|b| *b == b' ').enumerate() {
        let mut packed = Packed::new(if place == 0 { hash } else { hash.next_word() });
        for b in word {
            packed.push(*b);
        }
        hash = packed.finish();
    }
    hash.value()
}

const EACH: u64 = 0x0101_0101_0101_0101;
const TOP: u64 = 0x80 * EACH;
const CASE: u64 = 0x20 * EACH;

/// The eight bytes at `at`, the first lowest; zeros behind the end.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => last_bytes(bytes, at),
    }
}

#[cold]
fn last_bytes(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take(8).rev().fold(0, |eight, b| eight << 8 | u64::from(*b))
}

/// The top bit of each of eight bytes that is no ASCII letter.
#[inline]
fn others(eight: u64) -> u64 {
    let small = (eight | CASE) & !TOP;
    let from_a = small + (0x80 - u64::from(b'a')) * EACH;
    let past_z = small + (0x7F - u64::from(b'z')) * EACH;
    !(from_a & !past_z & !eight) & TOP
}

/// How many of eight bytes are ASCII letters before the first that is none, and whether that is outside ASCII.
#[inline]
pub(crate) fn leading_letters(eight: u64) -> (u32, bool) {
    let others = others(eight);
    (others.trailing_zeros() / 8, others & others.wrapping_neg() & eight != 0)
}

/// A word that lies in a register with what follows.
#[derive(Clone, Copy)]
pub(crate) struct Short {
    pub(crate) hash: WordHash,
    /// Bytes of the word in the text.
    pub(crate) len: usize,
    /// What follows it, zeros behind; 0 where none of it was read.
    behind: u64,
    /// It has four letters, and all but the first are capitals of ASCII.
    pub(crate) ends_in_code: bool,
}

impl Short {
    /// Whether a `$`, a blank and one, or a character outside ASCII stands behind it, as a currency sign may.
    #[inline]
    pub(crate) fn may_have_sign(self) -> bool {
        let next = self.behind as u8;
        next == b'$' || next >= 0x80 || self.behind as u16 == u16::from_le_bytes(*b" $")
    }
}

/// The word that starts with the letter at `at`, where eight bytes hold it, its accents and the character behind it:
/// three words in four. `None` for others.
#[inline]
pub(crate) fn short(text: &[u8], at: usize) -> Option<Short> {
    let eight = u64::from_le_bytes(*text.get(at..)?.first_chunk()?);
    let others = others(eight);
    let bits = others.trailing_zeros() & !7;
    if bits == 64 {
        return None;
    }
    let behind = eight >> bits;
    if behind & 0x80 != 0 && !ends_word(behind) {
        return short_with_accents(eight, bits);
    }
    let letters = (eight | CASE) & ((1 << bits) - 1);
    Some(Short {
        hash: WordHash::START.block(letters),
        len: (bits / 8) as usize,
        behind,
        ends_in_code: bits == 32 && eight & 0x2020_2000 == 0,
    })
}

/// Whether these bytes, outside ASCII, begin a character that is no letter: U+0080 to U+00BF, U+2000 to U+2BFF.
#[inline]
fn ends_word(bytes: u64) -> bool {
    let (lead, second) = (bytes as u8, (bytes >> 8) as u8);
    lead == 0xC2 || lead == 0xE2 && (0x80..0xB0).contains(&second)
}

/// As [`short`], for a word whose first letter outside ASCII stands behind `bits`: letters with accents become one byte
/// each, and the rest moves up.
fn short_with_accents(eight: u64, bits: u32) -> Option<Short> {
    let (mut eight, mut bits, mut folded) = (eight, bits, 0);
    loop {
        let behind = eight >> bits;
        // Of what moved up too little is left to tell.
        if bits + 8 * folded + 16 > 64 {
            return None;
        }
        if behind & 0x80 == 0 || ends_word(behind) {
            let letters = (eight | CASE) & ((1 << bits) - 1);
            let len = (bits / 8 + folded) as usize;
            return Some(Short { hash: WordHash::START.block(letters), len, behind, ends_in_code: false });
        }
        let letter = folded_latin(behind as u8, (behind >> 8) as u8)?;
        let rest = behind.checked_shr(16).unwrap_or_default().checked_shl(bits + 8).unwrap_or_default();
        eight = eight & ((1 << bits) - 1) | u64::from(letter) << bits | rest;
        folded += 1;
        bits = (others(eight).trailing_zeros() & !7).min(56);
    }
}

/// Reads the letters at `start`: their end, and the hash they extend `hash` to. Stops behind `limit` bytes or a little
/// later.
#[inline]
pub(crate) fn read(text: &str, start: usize, hash: WordHash, limit: usize) -> (usize, WordHash) {
    let (mut at, mut hash) = (start, hash);
    loop {
        let bytes = eight(text.as_bytes(), at);
        let (count, wide) = leading_letters(bytes);
        if wide {
            return read_wide(text, start, at, hash, limit);
        }
        let small = bytes | CASE;
        if count < 8 {
            let letters = small & ((1 << (8 * count)) - 1);
            return (at + count as usize, if count == 0 { hash } else { hash.block(letters) });
        }
        hash = hash.block(small);
        at += 8;
        if at - start > limit {
            return (at, hash);
        }
    }
}

/// As [`read`], from a block on that has letters outside ASCII.
fn read_wide(text: &str, start: usize, from: usize, hash: WordHash, limit: usize) -> (usize, WordHash) {
    let bytes = text.as_bytes();
    let mut packed = Packed::new(hash);
    let mut at = from;
    loop {
        let eight = eight(bytes, at);
        let (count, wide) = leading_letters(eight);
        // Of eight letters the last is read with the next.
        let count = count.min(7);
        packed.push_all(eight | CASE, count);
        at += count as usize;
        if !wide && count < 7 {
            break;
        }
        while let Some(&lead) = bytes.get(at).filter(|lead| !lead.is_ascii()) {
            if let Some(letter) = bytes.get(at + 1).and_then(|second| folded_latin(lead, *second)) {
                packed.push(letter);
                at += 2;
                continue;
            }
            let c = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| is_letter(*c));
            let Some(c) = c else { return (at, packed.finish()) };
            packed.push_char(c);
            at += c.len_utf8();
        }
        if at - start > limit {
            break;
        }
    }
    (at, packed.finish())
}

/// The end of the letters at `start`.
#[inline]
pub(crate) fn end(text: &str, start: usize) -> usize {
    let (count, wide) = leading_letters(eight(text.as_bytes(), start));
    if count == 8 || wide { long_end(text, start + count as usize) } else { start + count as usize }
}

fn long_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        let (count, wide) = leading_letters(eight(bytes, at));
        at += count as usize;
        if !wide && count < 8 {
            return at;
        }
        while let Some(lead) = bytes.get(at).filter(|b| !b.is_ascii()) {
            match (*lead, bytes.get(at + 1)) {
                (0xC3, Some(0x97 | 0xB7)) => return at,
                // Latin with accents and Cyrillic: U+00C0 to U+023F, U+0400 to U+047F, U+04C0 to U+04FF. Greek: U+0391 to
                // U+03FF, but for one free place and one symbol.
                (0xC3..=0xC8 | 0xD0 | 0xD1 | 0xD3, _)
                | (0xCE, Some(0x91..=0xA1 | 0xA3..))
                | (0xCF, Some(0x80..=0xB5 | 0xB7..)) => at += 2,
                // Chinese and Korean: U+5000 to U+9FFF, U+B000 to U+CFFF.
                (0xE5..=0xE9 | 0xEB | 0xEC, _) => at += 3,
                _ => match text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| is_letter(*c)) {
                    Some(c) => at += c.len_utf8(),
                    None => return at,
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fold::fold_phrase;

    /// The end and the hash, letter by letter.
    fn plainly(text: &str) -> (usize, u64) {
        let end = text.find(|c| !is_letter(c)).unwrap_or(text.len());
        (end, hash_folded(&fold_phrase(text.split_at(end).0)))
    }

    proptest! {
        #[test]
        fn eight_letters_at_once_are_read_as_one_by_one(
            text in "[a-zA-Z]{0,20}[a-zA-ZéÉœßØ\u{301}рЖ原]{0,12}[ -~€’\u{a0}éж原]{0,3}( ?\\$)?[ -~]{0,12}",
        ) {
            for start in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let rest = text.split_at(start).1;
                let (end, hash) = plainly(rest);
                if let Some(short) = short(text.as_bytes(), start).filter(|_| rest.starts_with(is_letter)) {
                    let (word, behind) = rest.split_at(end);
                    prop_assert_eq!((short.len, short.hash.value()), (end, hash), "{}", text);
                    let sign = behind.starts_with('$') || behind.starts_with(|c: char| !c.is_ascii());
                    let cut = behind.starts_with(' ') && end + 2 > 8;
                    prop_assert!(cut || short.may_have_sign() == (sign || behind.starts_with(" $")));
                    let capitals = word.bytes().skip(1).all(|b| b.is_ascii_uppercase());
                    prop_assert_eq!(short.ends_in_code, end == 4 && word.is_ascii() && capitals);
                }
                let (read_end, read_hash) = read(&text, start, WordHash::START, usize::MAX);
                prop_assert_eq!((read_end, read_hash.value()), (start + end, hash));
                prop_assert_eq!(super::end(&text, start), start + end);
            }
        }
    }

    #[test]
    fn every_letter_ends_where_it_does() {
        let mut text = String::new();
        for c in '\0'..=char::MAX {
            text.clear();
            text.extend(['é', c, '.']);
            assert_eq!(end(&text, 0), if is_letter(c) { 2 + c.len_utf8() } else { 2 }, "{c}");
        }
    }

    #[test]
    fn long_words_are_read_a_little_past_their_limit() {
        let text = "a".repeat(100) + &"é".repeat(100);
        let (end, _) = read(&text, 0, WordHash::START, 48);
        assert!((49..64).contains(&end), "{end}");
    }

    #[test]
    fn letterwise_hash_is_the_hash_of_the_folded_word() {
        for word in ["milliards", "Złoty", "руб", "fünfzig", "eightnow", "Fußballänderspiel"] {
            let read = read(word, 0, WordHash::START, usize::MAX).1;
            assert_eq!(read.value(), hash_folded(&fold_phrase(word)));
        }
    }
}
