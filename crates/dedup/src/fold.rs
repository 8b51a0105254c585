//! From text to words that compare: the same story keeps the same words through changes of case, accents, quotes,
//! spaces, ligatures and punctuation.
//!
//! A word is a run of letters and digits after compatibility decomposition (NFKC's mapping, [UAX #15]), in lower
//! case, without combining marks. Apostrophes and hyphens divide. Scripts that put no spaces between words (Han,
//! kana, Thai, Lao, Khmer, Burmese) give one word per character. Splitting at ASCII punctuation alone, as common
//! tools do, makes `« non »` and `"non"` different words: typographic variants of French text then go unnoticed.
//!
//! ASCII is folded in blocks of 64 bytes and copied in pieces, characters of two UTF-8 bytes by a table; only the rest is
//! decomposed one by one, and remembered.
//!
//! [UAX #15]: https://www.unicode.org/reports/tr15/

mod characters;
mod words;

use characters::{ALONE, Folded, SKIPPED, TWO_BYTES, fold_character};
use words::EACH_BYTE;

pub(crate) use characters::{Kind, kind};
pub(crate) use words::{count_words, dividers, letters_and_digits, lines_of, words_of};

/// The folded words of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    /// Each word followed by one space. Longer than what is in use while a text is folded: so many bytes can be written
    /// before it is known how many of them count.
    pub(crate) bytes: Vec<u8>,
    /// How many words there are.
    pub(crate) count: usize,
    /// Where each line of the text ends in `bytes`; where the one before does, when it has no words.
    pub(crate) lines: Vec<u32>,
    /// How many words are single characters of a script without spaces.
    pub(crate) characters: u32,
    /// What characters of three and four bytes folded to, by their low bits; empty until one is met.
    met: Vec<(u32, Folded<11>)>,
}

impl Words {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.lines.clear();
        self.count = 0;
        self.characters = 0;
    }

    /// Adds the words of `text`. A word does not go on into the next call, nor does a line.
    pub(crate) fn fold(&mut self, text: &str) {
        let start = self.bytes.len();
        let mut folding = Folding { at: start, open: false, out: self };
        reserve(&mut folding.out.bytes, start, text.len());
        folding.fold(text);
        folding.close();
        let at = folding.at;
        self.bytes.truncate(at);
        if !text.is_empty() && !text.ends_with('\n') {
            self.lines.push(at as u32);
        }
        // As many as a byte can count, sixteen at a time.
        for some in self.bytes.get(start..).unwrap_or_default().chunks(240) {
            self.count += usize::from(some.iter().map(|byte| u8::from(*byte == b' ')).sum::<u8>());
        }
    }
}

/// Bytes that are read together.
const BLOCK: usize = 64;
/// Bytes that may be written beyond what is in use.
const SPARE: usize = BLOCK;

/// Makes room behind the `at` bytes in use for `rest` bytes of text that fold to as many, for the end of a word, and to
/// spare.
fn reserve(bytes: &mut Vec<u8>, at: usize, rest: usize) {
    let needed = at + rest + 1 + SPARE;
    if bytes.len() < needed {
        bytes.resize(needed + rest, 0);
    }
}

/// Some bytes of a text, by what they are. Bits of numbers are bytes, the lowest the first.
struct Block {
    /// In lower case, and spaces for what is not a letter or digit of ASCII; more than there are, so that many can be
    /// copied before it is known how many count.
    folded: [u8; 2 * BLOCK],
    /// Other ASCII characters.
    dividers: u64,
    newlines: u64,
    /// Bytes that are not ASCII.
    wide: u64,
}

impl Block {
    /// Reads the first bytes; dividers follow the last ones of a text.
    fn read(bytes: &[u8]) -> Self {
        if let Some(whole) = bytes.first_chunk() {
            return Self::of(whole);
        }
        let mut padded = [0; BLOCK];
        for (place, byte) in padded.iter_mut().zip(bytes) {
            *place = *byte;
        }
        Self::of(&padded)
    }

    #[inline]
    fn of(bytes: &[u8; BLOCK]) -> Self {
        let mut folded = [0; 2 * BLOCK];
        let mut letters = [0; BLOCK];
        let mut newlines = [0; BLOCK];
        for (byte, (folded, (letter, newline))) in
            bytes.iter().zip(folded.iter_mut().zip(letters.iter_mut().zip(&mut newlines)))
        {
            // Digits have this bit, and capitals get it.
            let small = *byte | 0x20;
            let counts = (small.wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10);
            *folded = if counts { small } else { b' ' };
            *letter = if counts { u8::MAX } else { 0 };
            *newline = if *byte == b'\n' { u8::MAX } else { 0 };
        }
        let wide = highest_bits(bytes);
        Self { folded, dividers: !highest_bits(&letters) & !wide, newlines: highest_bits(&newlines), wide }
    }
}

/// The highest bit of each byte.
#[inline]
fn highest_bits(bytes: &[u8; BLOCK]) -> u64 {
    let eights = bytes.as_chunks::<8>().0.iter().zip(0..);
    eights.fold(0, |bits, (eight, place)| {
        let highest = (u64::from_le_bytes(*eight) >> 7) & EACH_BYTE;
        // The sum of eight shifts, each of which takes one bit to the last byte.
        bits | ((highest.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * place))
    })
}

/// One text on its way.
struct Folding<'a> {
    out: &'a mut Words,
    /// Bytes in use.
    at: usize,
    /// Whether a word goes on.
    open: bool,
}

impl Folding<'_> {
    /// Folds a text, block by block.
    fn fold(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut done = 0;
        while done < bytes.len() {
            let rest = bytes.get(done..).unwrap_or_default();
            done += self.block(&Block::read(rest), text, done).max(1);
        }
    }

    /// Folds a block that begins at the byte `start` of the text, and tells how many bytes that were: some more where a
    /// character goes on beyond its end.
    ///
    /// Piece by piece: what stands between two characters that are not ASCII, or two dividers in a row, is copied whole.
    fn block(&mut self, block: &Block, text: &str, start: usize) -> usize {
        let two_bytes = &**TWO_BYTES;
        let bytes = text.as_bytes();
        let len = (bytes.len() - start).min(BLOCK);
        let stops = block.wide | block.newlines | (block.dividers & (block.dividers << 1));
        let (mut at, mut open, mut done) = (self.at, self.open, 0);
        let mut out = self.out.bytes.as_mut_slice();
        while done < len {
            let bit = 1 << done;
            if (stops | if open { 0 } else { block.dividers }) & bit == 0 {
                let piece = ((stops >> done).trailing_zeros() as usize).min(BLOCK - done);
                let (Some(from), Some(to)) = (room::<BLOCK>(&block.folded, done), room_mut::<BLOCK>(out, at))
                else {
                    break;
                };
                copy(from, to, piece);
                at += piece;
                done += piece;
                open = (block.dividers >> (done - 1)) & 1 == 0;
            } else if block.wide & bit == 0 {
                done += 1;
                if block.newlines & bit != 0 {
                    if let Some(place) = out.get_mut(at).filter(|_| open) {
                        *place = b' ';
                        at += 1;
                    }
                    open = false;
                    self.out.lines.push(at as u32);
                    out = self.out.bytes.as_mut_slice();
                }
            } else if let Some([lead @ ..0xE0, low]) = bytes.get(start + done..).and_then(<[u8]>::first_chunk)
            {
                let code = (usize::from(lead & 0x1F) << 6) | usize::from(low & 0x3F);
                done += 2;
                let Some(folded) = two_bytes.get(code).filter(|folded| folded.len != SKIPPED) else {
                    continue;
                };
                let len = usize::from(folded.len);
                if len > 2 {
                    reserve(&mut self.out.bytes, at, len + bytes.len() - start - done);
                    out = self.out.bytes.as_mut_slice();
                }
                let Some(places) = room_mut(out, at) else { break };
                // The first byte of a separator is a space, which ends the word that is open.
                *places = folded.bytes;
                at += len + usize::from(open && len == 0);
                open = len > 0;
            } else {
                let Some(character) = text.get(start + done..).and_then(|rest| rest.chars().next()) else {
                    break;
                };
                done += character.len_utf8();
                (self.at, self.open) = (at, open);
                self.long(character, bytes.len() - start - done);
                (at, open) = (self.at, self.open);
                out = self.out.bytes.as_mut_slice();
            }
        }
        (self.at, self.open) = (at, open);
        done.min(bytes.len() - start)
    }

    /// Adds letters to the word, with room for the `rest` of the text.
    fn push(&mut self, letters: &[u8], rest: usize) {
        reserve(&mut self.out.bytes, self.at, letters.len() + rest);
        if let Some(places) = self.out.bytes.get_mut(self.at..self.at + letters.len()) {
            places.copy_from_slice(letters);
            self.at += letters.len();
            self.open = true;
        }
    }

    fn close(&mut self) {
        if let Some(place) = self.out.bytes.get_mut(self.at).filter(|_| self.open) {
            *place = b' ';
            self.at += 1;
        }
        self.open = false;
    }

    /// Folds a character of three or four bytes. A text has few of them, many times each.
    fn long(&mut self, character: char, rest: usize) {
        // Dashes, curly quotes and narrow spaces: most of what French text brings here.
        if matches!(character, '\u{2010}'..='\u{202F}' | '\u{3000}'..='\u{3003}') {
            return self.close();
        }
        let code = u32::from(character);
        if self.out.met.is_empty() {
            self.out.met.resize(MET, (0, Folded::SEPARATOR));
        }
        match self.out.met.get(code as usize % MET) {
            Some((met, folded)) if *met == code => {
                let folded = *folded;
                self.add(folded.len, &folded.bytes, rest);
            }
            _ => self.meet(character, rest),
        }
    }

    /// Folds a character of three or four bytes that was not met of late.
    fn meet(&mut self, character: char, rest: usize) {
        let mut letters = Vec::new();
        let kind = fold_character(character, &mut letters);
        let mut bytes = [0; 11];
        match bytes.get_mut(..letters.len()) {
            Some(places) => {
                places.copy_from_slice(&letters);
                self.add(kind, &bytes, rest);
                let code = u32::from(character);
                if let Some(met) = self.out.met.get_mut(code as usize % MET) {
                    *met = (code, Folded { len: kind, bytes });
                }
            }
            None => self.add(kind, &letters, rest),
        }
    }

    /// Adds what a character folds to.
    fn add(&mut self, kind: u8, letters: &[u8], rest: usize) {
        match kind {
            SKIPPED => {}
            0 => self.close(),
            _ => {
                let letters = letters.get(..usize::from(kind & !ALONE)).unwrap_or_default();
                if kind & ALONE == 0 {
                    return self.push(letters, rest);
                }
                self.close();
                self.push(letters, rest);
                self.close();
                self.out.characters += 1;
            }
        }
    }
}

/// Characters of three and four bytes that are remembered: 16 KiB a worker.
const MET: usize = 1024;

/// Some places from one on.
fn room<const COUNT: usize>(places: &[u8], from: usize) -> Option<&[u8; COUNT]> {
    places.get(from..)?.first_chunk()
}

/// The same, to be written.
fn room_mut<const COUNT: usize>(places: &mut [u8], from: usize) -> Option<&mut [u8; COUNT]> {
    places.get_mut(from..)?.first_chunk_mut()
}

/// Copies a few bytes, sixteen at a time.
#[inline]
fn copy(from: &[u8; BLOCK], to: &mut [u8; BLOCK], count: usize) {
    let sixteens = from.as_chunks::<16>().0.iter().zip(to.as_chunks_mut::<16>().0);
    for ((from, to), place) in sixteens.zip(0..) {
        *to = *from;
        if count <= 16 * (place + 1) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut words = Words::default();
        words.fold(text);
        assert_eq!(words_of(&words.bytes).count(), words.count);
        String::from_utf8(words.bytes).unwrap()
    }

    #[test]
    fn typography_does_not_count() {
        assert_eq!(folded("L’ÉTÉ, « déjà » fini…"), folded("l'ete \"deja\" FINI."));
        assert_eq!(folded("cœur ﬁn Straße"), "coeur fin strasse ");
        assert_eq!(folded("e\u{301}te\u{301}"), "ete ");
        assert_eq!(folded("co\u{AD}opé\u{200B}rer"), "cooperer ");
        assert_eq!(folded("ＡＢＣ１２"), "abc12 ");
    }

    #[test]
    fn scripts_without_spaces_count_by_character() {
        assert_eq!(folded("東京2024年"), "東 京 2024 年 ");
        assert_eq!(folded("서울 시"), folded("서울, 시"));
    }

    #[test]
    fn every_byte_of_ascii_folds_at_every_place() {
        for byte in 0..0x80_u8 {
            for before in 0..20 {
                let text = format!("{}{}zy9 ", "aB".repeat(before), char::from(byte));
                let letters: String = text
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
                    .collect();
                let words: Vec<&str> = letters.split_whitespace().collect();
                assert_eq!(folded(&text), words.join(" ") + " ");
            }
        }
    }

    #[test]
    fn words_are_read_back() {
        let text = "a été 日本 anticonstitutionnellement МОСКВА x 12345678 1234567 ß";
        let mut words = Words::default();
        words.fold(text);
        let folded = String::from_utf8(words.bytes.clone()).unwrap();
        let expected: Vec<&[u8]> = folded.split_terminator(' ').map(str::as_bytes).collect();
        assert_eq!(words_of(&words.bytes).collect::<Vec<_>>(), expected);
        assert_eq!(words_of(b"").count(), 0);
        for folded in [folded.as_bytes(), b"", b"a", b"a b\nc"] {
            assert_eq!(count_words(folded), words_of(folded).count());
        }
    }

    #[test]
    fn lines_are_read_back() {
        for text in
            ["", "a b\n", "a\nbc def ghi jkl\nm\n", "anticonstitutionnellement\nb c d e f g h i j k\nl "]
        {
            let expected: Vec<&[u8]> = text.as_bytes().split_inclusive(|byte| *byte == b'\n').collect();
            assert_eq!(lines_of(text.as_bytes()).collect::<Vec<_>>(), expected);
        }
        let mut words = Words::default();
        words.fold("un\n\n. deux, trois\n…\n東京 \nquatre");
        assert_eq!(words.lines, [3, 3, 14, 14, 22, 29]);
        words.fold("\nx\n");
        assert_eq!((words.lines.as_slice(), words.count), (&[3, 3, 14, 14, 22, 29, 29, 31][..], 7));
    }

    #[test]
    fn other_alphabets_fold_their_case() {
        assert_eq!(folded("МОСКВА Ёлка"), folded("москва елка"));
        assert_eq!(folded("ΑΘΗΝΑ"), folded("Αθήνα"));
    }

    #[test]
    fn nothing_folds_to_nothing() {
        assert_eq!(folded(""), "");
        assert_eq!(folded(" — … « »\n"), "");
    }

    /// A run is known in another text by its letters, which must not depend on whether it was folded before.
    #[test]
    fn folding_keeps_the_letters_of_every_character() {
        let letters = |text: &str| {
            let mut letters = String::new();
            tamis_core::letters(text, &mut letters);
            letters
        };
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            assert_eq!(letters(&folded(&text)), letters(&text), "{character:?}");
        }
    }
}
