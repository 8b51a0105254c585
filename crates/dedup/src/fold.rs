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

mod block;
mod characters;
mod words;

use std::hint::select_unpredictable;

use block::{BLOCK, Block};
use characters::{ALONE, Folded, SKIPPED, STOPS, Stop, TWO_BYTES, fold_character, is_mark, syllable};

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
    /// Where each line ends in the text, of the last one that was folded.
    pub(crate) breaks: Vec<u32>,
    /// How many words are single characters of a script without spaces.
    pub(crate) characters: u32,
    /// What characters of three and four bytes folded to, by their low bits; empty until one is met.
    met: Vec<(u32, Folded<11>)>,
}

impl Words {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.lines.clear();
        self.breaks.clear();
        self.count = 0;
        self.characters = 0;
    }

    /// Adds the words of `text`. A word does not go on into the next call, nor does a line.
    pub(crate) fn fold(&mut self, text: &str) {
        let start = self.bytes.len();
        self.breaks.clear();
        let mut folding = Folding { at: start, open: false, out: self, stops: &STOPS };
        reserve(&mut folding.out.bytes, start, text.len());
        folding.fold(text);
        folding.close();
        let at = folding.at;
        self.bytes.truncate(at);
        if !text.is_empty() && !text.ends_with('\n') {
            self.lines.push(at as u32);
            self.breaks.push(text.len() as u32);
        }
        // As many as a byte can count, sixteen at a time.
        for some in self.bytes.get(start..).unwrap_or_default().chunks(240) {
            self.count += usize::from(some.iter().map(|byte| u8::from(*byte == b' ')).sum::<u8>());
        }
    }
}

/// Bytes that may be written beyond what is in use.
const SPARE: usize = BLOCK;

/// Makes room behind the `at` bytes in use for `rest` bytes of text that fold to as many, for the end of a word, and to
/// spare.
fn reserve(bytes: &mut Vec<u8>, at: usize, rest: usize) {
    let needed = at + rest + 1 + SPARE;
    if bytes.len() < needed {
        // Few texts fold to more: what is never written need not be zeroed.
        bytes.resize(needed + rest / 8, 0);
    }
}

/// One text on its way.
struct Folding<'a> {
    out: &'a mut Words,
    /// Bytes in use.
    at: usize,
    /// Whether a word goes on.
    open: bool,
    stops: &'a [Stop; 0x800],
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
    /// Piece by piece: what stands between two stops is copied whole. Stops are dividers that follow a divider and what is
    /// not ASCII. Which of them comes next is not foreseen, so nearly all take the same way, without a branch.
    fn block(&mut self, block: &Block, text: &str, start: usize) -> usize {
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let len = rest.len().min(BLOCK);
        let within = u64::MAX >> (BLOCK - len).min(BLOCK - 1);
        let dividers = block.dividers;
        let stops = (block.wide | block.newlines | (dividers & (dividers << 1))) & within;
        let (mut at, mut open, mut done) = (self.at, u64::from(self.open), 0);
        let mut out = self.out.bytes.as_mut_slice();
        while done < len {
            let piece = ((stops >> done).trailing_zeros() as usize).min(len - done);
            // A piece that begins with a divider where no word is open: behind what is not ASCII, and at the beginning. It is
            // no stop, as where the next piece begins would have to wait for what the last character was.
            let skipped = (((dividers & !stops) >> done) & (open ^ 1)) as usize;
            let (Some(from), Some(to)) = (room(&block.folded, done + skipped), room_mut(out, at)) else {
                break;
            };
            copy(from, to, piece);
            at += piece - skipped;
            done += piece;
            let is_letter = (!dividers >> (done.wrapping_sub(1) % BLOCK)) & 1;
            open = select_unpredictable(piece == 0, open, is_letter);
            if done == len {
                break;
            }
            if let Some(bytes @ [lead, second, _]) = rest.get(done..).and_then(<[u8]>::first_chunk) {
                let is_mark = is_mark(*bytes);
                // Marks are taken for U+0080, which divides as they do.
                let code = (usize::from(lead & 0x1F) << 6) | usize::from(second & 0x3F);
                let is_wide = *lead >= 0x80;
                let stop = self.stops.get(select_unpredictable(is_wide, code, 0)).copied();
                let stop = stop.unwrap_or(Stop::SEPARATOR);
                if *lead != b'\n' && (*lead < 0xE0 || is_mark) && !stop.is_long() {
                    let Some(places) = room_mut(out, at) else { break };
                    *places = stop.bytes();
                    at += (stop.len() + (open & stop.ends())) as usize;
                    open = (open | u64::from(stop.len() > 0)) & !stop.ends();
                    done += 1 + usize::from(is_wide) + usize::from(is_mark);
                    continue;
                }
            }
            let Some(character) = text.get(start + done..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            done += character.len_utf8();
            (self.at, self.open) = (at, open == 1);
            if character == '\n' {
                self.close();
                self.out.lines.push(self.at as u32);
                self.out.breaks.push((start + done) as u32);
            } else {
                self.character(character, rest.len() - done);
            }
            (at, open) = (self.at, u64::from(self.open));
            out = self.out.bytes.as_mut_slice();
        }
        (self.at, self.open) = (at, open == 1);
        done.min(rest.len())
    }

    /// Folds a character at which a piece ends, with room for the `rest` of the text.
    fn character(&mut self, character: char, rest: usize) {
        if let Some(folded) = TWO_BYTES.get(character as usize) {
            self.add(folded.len, &folded.bytes, rest);
        } else {
            self.long(character, rest);
        }
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
        if matches!(character, '\u{2010}'..='\u{202F}' | '\u{3000}'..='\u{3003}') {
            return self.close();
        }
        // Each its own word, or spelt out in the letters of its syllable: too many to be remembered.
        if let '\u{4E00}'..='\u{9FFF}' = character {
            return self.add(3 | ALONE, character.encode_utf8(&mut [0; 4]).as_bytes(), rest);
        }
        if let Some((letters, len)) = syllable(character) {
            return self.push(letters.get(..len).unwrap_or_default(), rest);
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

/// Copies a few bytes: thirty-two at least, as pieces of more are few.
#[inline]
fn copy(from: &[u8; BLOCK], to: &mut [u8; BLOCK], count: usize) {
    const HALF: usize = BLOCK / 2;
    if let ([from, from_rest], [to, to_rest]) = (from.as_chunks::<HALF>().0, to.as_chunks_mut::<HALF>().0) {
        *to = *from;
        if count > HALF {
            *to_rest = *from_rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        /// Blocks, pieces and stops make no difference to folding one character at a time.
        #[test]
        fn characters_fold_alike_at_every_place(
            parts in prop::collection::vec("[a-cA-C0-9]{1,40}|[ ,.\n]{1,3}|[éÉœß×ŉ]|[’«»\u{AD}\u{301}\u{200B}\u{A0}]|[東ｶ가ﬃ🎈]", 0..60)
        ) {
            let text = parts.concat();
            let (mut expected, mut lines, mut breaks) = (Vec::new(), Vec::new(), Vec::new());
            let close = |out: &mut Vec<u8>| if out.last().is_some_and(|last| *last != b' ') { out.push(b' ') };
            for (at, character) in text.char_indices() {
                let mut letters = Vec::new();
                match fold_character(character, &mut letters) {
                    SKIPPED => {}
                    0 => close(&mut expected),
                    kind if kind & ALONE == 0 => expected.extend(letters),
                    _ => {
                        close(&mut expected);
                        expected.extend(letters);
                        close(&mut expected);
                    }
                }
                if character == '\n' {
                    lines.push(expected.len() as u32);
                    breaks.push(at as u32 + 1);
                }
            }
            close(&mut expected);
            if !text.is_empty() && !text.ends_with('\n') {
                lines.push(expected.len() as u32);
                breaks.push(text.len() as u32);
            }
            let mut words = Words::default();
            words.fold(&text);
            prop_assert_eq!(words.count, words_of(&expected).count());
            prop_assert_eq!((words.bytes, words.lines, words.breaks), (expected, lines, breaks));
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

    #[test]
    fn syllables_are_spelt_out() {
        for character in '\u{3000}'..='\u{E000}' {
            let mut letters = Vec::new();
            let kind = fold_character(character, &mut letters);
            let mut words = Words::default();
            words.fold(&character.to_string());
            let found = words.bytes.strip_suffix(b" ").unwrap_or_default();
            assert!(kind == SKIPPED || found == letters, "{character}");
            assert_eq!(words.characters, u32::from(kind != SKIPPED && kind & ALONE != 0));
        }
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
