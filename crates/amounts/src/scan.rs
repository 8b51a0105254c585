//! Places where an amount may begin, sixty bytes of text at a time.
//!
//! Nine words in ten open no amount, and their first four bytes tell so. Byte by byte, where words begin and how long they
//! are takes a branch the processor guesses wrong; here a block's bytes are classed at once, and each word's first bytes
//! looked up without a branch. What passes is looked at closely by `opener`.

#![expect(clippy::needless_bitwise_bool, reason = "without branches, so that blocks become vector code")]

use tamis_core::{BLOCK, bits_of};

use crate::prefix::{Prefix, Prefixes};

/// Bytes of a block at whose words is looked: the four bytes from each lie in the block.
const STEP: usize = 60;
/// A block with the bytes beside it.
const WINDOW: usize = BLOCK + 2;
const IN_STEP: u64 = (1 << STEP) - 1;

/// Classes of a block's bytes, a bit each, the first byte's the lowest.
struct Classes {
    /// Letters of ASCII, and U+00C0 to U+00FF without `×` and `÷`.
    words: u64,
    /// Digits and `$`; first bytes of the currency signs of U+0080 to U+00BF and U+2000 to U+2FFF, and of a few characters
    /// beside them. What else is there are quotation marks, blanks, and no letters but rare ones.
    figures: u64,
    /// First bytes of all other characters outside ASCII.
    others: u64,
}

impl Classes {
    #[inline]
    fn of(window: &[u8; WINDOW]) -> Self {
        // Three blocks, each a byte behind the one before it: a window that is walked with an offset is no vector code under
        // some settings, at ten times the instructions.
        let [Some(before), Some(block), Some(behind)] = [0, 1, 2].map(|offset| block_at(window, offset))
        else {
            return Self { words: 0, figures: 0, others: 0 };
        };
        let (mut words, mut figures) = ([0; BLOCK], [0; BLOCK]);
        let mut is_wide = false;
        let around = before.iter().zip(behind);
        let marks = words.iter_mut().zip(&mut figures);
        for ((byte, (before, behind)), (word, figure)) in block.iter().zip(around).zip(marks) {
            let (small, behind) = (byte | 0x20, behind | 0x20);
            let latin = ((*byte == 0xC3) & (behind != 0xB7)) | ((*before == 0xC3) & (small != 0xB7));
            *word = u8::from((small.wrapping_sub(b'a') < 26) | latin);
            let sign = (small == 0xE2) & ((behind == 0xA2) | (behind == 0xA3) | (behind == 0xA5));
            *figure = u8::from((byte.wrapping_sub(b'0') < 10) | (*byte == b'$') | sign);
            is_wide |= is_other(*byte);
        }
        let others = || block.map(|byte| u8::from(is_other(byte)));
        Self {
            words: bits_of(&words),
            figures: bits_of(&figures),
            others: if is_wide { bits_of(&others()) } else { 0 },
        }
    }
}

/// The block that starts so many bytes into the window.
#[inline]
fn block_at(window: &[u8; WINDOW], offset: usize) -> Option<&[u8; BLOCK]> {
    window.get(offset..).and_then(<[u8]>::first_chunk)
}

#[inline]
fn is_other(b: u8) -> bool {
    (b > 0xC3) & (b != 0xE2)
}

/// The block being looked at.
pub(crate) struct Scan<'a> {
    bytes: &'a [u8],
    prefixes: &'a Prefixes,
    start: usize,
    /// Places where an amount may begin.
    hits: u64,
    /// Letters.
    words: u64,
    figures: u64,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str, prefixes: &'a Prefixes) -> Self {
        let mut scan = Self { bytes: text.as_bytes(), prefixes, start: 0, hits: 0, words: 0, figures: 0 };
        scan.look(0);
        scan
    }

    /// Begins at `at`, even if it is inside a word or behind a digit.
    #[inline]
    pub(crate) fn resume(&mut self, at: usize) {
        let place = at.wrapping_sub(self.start);
        if place < STEP {
            let here = 1_u64 << place;
            self.hits = self.hits & here.wrapping_neg() | (self.words | self.figures) & here;
        } else {
            self.go_to(at);
        }
    }

    /// The next place at or after `at`.
    #[inline]
    pub(crate) fn next(&mut self, at: usize) -> Option<usize> {
        // Behind the block a word may have been read; what is left of the next block is all there is to look at.
        let place = at.saturating_sub(self.start);
        if place < STEP {
            self.hits &= u64::MAX << place;
        } else {
            self.go_to(at);
        }
        while self.hits == 0 {
            let next = self.start + STEP;
            if next >= self.bytes.len() {
                return None;
            }
            self.look(next);
        }
        let hit = self.hits.trailing_zeros() as usize;
        self.hits &= self.hits - 1;
        Some(self.start + hit)
    }

    /// Comes by `at`, met last, once more.
    pub(crate) fn keep(&mut self, at: usize) {
        self.hits |= 1 << (at.saturating_sub(self.start) % BLOCK);
    }

    /// Looks at the block from `start` on, which is not inside a word or figures.
    fn go_to(&mut self, start: usize) {
        (self.words, self.figures) = (0, 0);
        self.look(start);
    }

    /// Looks at the block from `start` on, behind the one looked at.
    fn look(&mut self, start: usize) {
        self.start = start;
        let before = start.checked_sub(1).and_then(|before| self.bytes.get(before..));
        if let Some(window) = before.and_then(<[u8]>::first_chunk) {
            self.look_at(window);
            return;
        }
        let mut padded = [b' '; WINDOW];
        let rest = before.unwrap_or(self.bytes);
        for (place, byte) in padded.iter_mut().skip(usize::from(start == 0)).zip(rest) {
            *place = *byte;
        }
        self.look_at(&padded);
    }

    #[inline]
    fn look_at(&mut self, window: &[u8; WINDOW]) {
        let Some(block) = block_at(window, 1) else { return };
        let Classes { words, figures, others } = Classes::of(window);
        let last = STEP - 1;
        let starts = words & !(words << 1 | self.words >> last & 1);
        // Words with other letters among their first four bytes are looked at closely.
        let near = others | others >> 1;
        let mut hits =
            figures & !(figures << 1 | self.figures >> last & 1) | others | starts & (near | near >> 2);
        let ends = !words;
        let mut left = starts & IN_STEP;
        while left != 0 {
            let place = left.trailing_zeros();
            left &= left - 1;
            let first = block.get(place as usize..).and_then(<[u8]>::first_chunk);
            let first = u32::from_le_bytes(first.copied().unwrap_or_default());
            let length = (ends >> place | 1 << 4).trailing_zeros();
            let prefix = Prefix::of_raw(first, length);
            let capitals = first & CAPITALS == 0;
            hits |= u64::from(self.prefixes.may_open(prefix) | capitals) << place;
        }
        self.hits = hits & IN_STEP;
        self.words = words;
        self.figures = figures;
    }
}

/// Set in a word whose second and third letter are no capitals of ASCII.
const CAPITALS: u32 = 0x0020_2000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_byte_has_its_class() {
        for byte in 0..=u8::MAX {
            for next in 0..=u8::MAX {
                let mut block = [b'.'; WINDOW];
                (block[22], block[23]) = (byte, next);
                let Classes { words, figures, others } = Classes::of(&block);
                let at = |bits: u64| bits >> 21 & 1 == 1;
                let latin = byte == 0xC3 && next != 0x97 && next != 0xB7;
                assert_eq!(at(words), byte.is_ascii_alphabetic() || latin);
                assert_eq!(
                    at(words >> 1),
                    next.is_ascii_alphabetic() || next == 0xC3 || latin,
                    "{byte:x} {next:x}"
                );
                assert_eq!(at(others), byte >= 0xC4 && byte != 0xE2);
                let money = matches!((byte, next), (0xE2, 0x82 | 0x83) | (0xC2, 0xA3 | 0xA5));
                let figure = byte.is_ascii_digit() || byte == b'$';
                assert!(at(figures) || !(money || figure), "{byte:x} {next:x}");
                assert!(!at(figures) || figure || matches!(byte, 0xC2 | 0xE2), "{byte:x} {next:x}");
            }
        }
    }

    proptest! {
        #[test]
        fn all_places_are_met_once_and_in_order(text in "([a-dA-D]{0,5}[0-9$é×’原ж  ]{0,3}){0,60}", cut in 0_usize..40) {
            let all = ["a", "b", "c", "d", "e"].map(|a| ["a", "b", "c", "d", "e"].map(|b| ["a", "b", "c", "d", "e", ""].map(|c| format!("{a}{b}{c}"))));
            let mut words: Vec<Prefix> = all.iter().flatten().flatten().map(|word| Prefix::of(word)).collect();
            for word in all.iter().flatten().flatten() {
                words.extend("abcde".chars().map(|last| Prefix::of(&format!("{word}{last}"))));
            }
            words.extend(["a", "b", "c", "d", "e"].map(Prefix::of));
            let prefixes = Prefixes::of_words(words);
            let mut scan = Scan::new(&text, &prefixes);
            let starts = |at: usize| {
                let before = text.split_at(at).0.chars().next_back();
                text.split_at(at).1.chars().next().is_some_and(|c| match c {
                    '0'..='9' | '$' => at == 0 || !before.is_some_and(|b| b.is_ascii_digit() || b == '$'),
                    'a'..='e' | 'A'..='E' | 'é' => !before.is_some_and(char::is_alphabetic),
                    'ж' | '原' => true,
                    _ => false,
                })
            };
            let from = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            scan.resume(from);
            let mut met = Vec::new();
            let mut at = from;
            while let Some(place) = scan.next(at) {
                met.push(place);
                at = place + 1;
            }
            prop_assert!(met.is_sorted());
            for at in (from..text.len()).filter(|at| text.is_char_boundary(*at) && (*at == from || starts(*at))) {
                let c = text.split_at(at).1.chars().next().unwrap_or(' ');
                prop_assert_eq!(met.contains(&at), c.is_alphanumeric() || c == '$', "{:?} {}", text, at);
            }
        }
    }
}
