//! Tokens of plain Latin letters, which nine in ten are: read eight bytes at a time.

use super::{LONG, Sample, Script, UNIT, Word};

impl Sample {
    /// Reads the token at the start of `text` where it is one or more words of plain Latin letters, as nine in ten are: its
    /// length with the white space behind it, and the bytes of the letters taken. `None`, with nothing taken, for all others:
    /// those are read with more care.
    ///
    /// Eight bytes at a time: what these words are read by letter by letter took half of the time of a text.
    pub(super) fn read_plain(
        &mut self,
        text: &[u8],
        window: usize,
        room: usize,
        after_number: bool,
    ) -> Option<(usize, usize)> {
        let (letters, words) = (self.letters.len(), self.words.len());
        let (mut at, mut used, mut has_plain_word) = (0, 0, false);
        let end = loop {
            let start = self.letters.len();
            let from = at;
            at = self.push_letters(text, at);
            if at == from {
                break None;
            }
            used += at - from;
            has_plain_word |= text.get(from..).is_some_and(is_small);
            self.words.push(Word { start, end: self.letters.len(), script: Script::LATIN, window });
            match text.get(at..).unwrap_or_default() {
                [] => break Some(at),
                [b'\t'..=b'\r' | b' ', ..] => break Some(at + 1),
                // An address ends in no stop, but for `www.`.
                [b'.' | b':', b'\t'..=b'\r' | b' ', ..] if at != 3 => break Some(at + 2),
                [b',' | b';' | b'!' | b'?' | b')', b'\t'..=b'\r' | b' ', ..] => break Some(at + 2),
                [b'\'' | b'-', ..] if used < room => at += 1,
                // `’`
                [0xE2, 0x80, 0x99, ..] if used < room => at += 3,
                _ => break None,
            }
        };
        let taken = end.filter(|end| *end < LONG && !(after_number && *end <= UNIT + 1));
        if taken.is_none() {
            self.letters.truncate(letters);
            self.words.truncate(words);
            return None;
        }
        self.has_plain_word |= has_plain_word;
        if let Some(count) = self.counts.get_mut(Script::LATIN) {
            *count += self.letters.len() - letters;
        }
        taken.map(|end| (end, used))
    }

    /// Takes the letters of U+0041 to U+00FF at `at`, in lower case; their end. Stops behind the longest plain token.
    #[inline]
    fn push_letters(&mut self, text: &[u8], mut at: usize) -> usize {
        while at < LONG {
            let Some(eight) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) else {
                // The last bytes of the text.
                match text.get(at) {
                    Some(byte) if byte.is_ascii_alphabetic() => {
                        self.letters.push(char::from(byte.to_ascii_lowercase()));
                        at += 1;
                        continue;
                    }
                    _ => return at,
                }
            };
            let count = leading_letters(u64::from_le_bytes(*eight));
            let length = self.letters.len() + count;
            self.letters.extend_from_slice(&eight.map(|byte| char::from(byte | 0x20)));
            self.letters.truncate(length);
            at += count;
            if count == 8 {
                continue;
            }
            match text.get(at..) {
                Some([0xC3, second @ (0x80..=0x96 | 0x98..=0xB6 | 0xB8..=0xBF), ..]) => {
                    // À to Þ are small 32 places further on.
                    let small = if *second <= 0x9E { second + 0x20 } else { *second };
                    self.letters.push(char::from(small + 0x40));
                    at += 2;
                }
                _ => return at,
            }
        }
        at
    }
}

/// How many of eight bytes are letters of ASCII before the first that is none.
#[inline]
fn leading_letters(eight: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x80 * EACH;
    let small = (eight | (0x20 * EACH)) & !TOP;
    let from_a = small + (0x80 - u64::from(b'a')) * EACH;
    let past_z = small + (0x7F - u64::from(b'z')) * EACH;
    let letters = from_a & !past_z & !eight & TOP;
    (letters ^ TOP).trailing_zeros() as usize / 8
}

/// Whether the letter of U+0041 to U+00FF that these bytes start with has no capital form.
#[inline]
fn is_small(bytes: &[u8]) -> bool {
    !matches!(bytes, [b'A'..=b'Z', ..] | [0xC3, 0x80..=0x9E, ..])
}
