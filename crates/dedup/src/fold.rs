//! From text to words that compare: the same story keeps the same words through changes of case, accents, quotes,
//! spaces, ligatures and punctuation.
//!
//! A word is a run of letters and digits after compatibility decomposition (NFKC's mapping, [UAX #15]), in lower
//! case, without combining marks. Apostrophes and hyphens divide. Scripts that put no spaces between words (Han,
//! kana, Thai, Lao, Khmer, Burmese) give one word per character. Splitting at ASCII punctuation alone, as common
//! tools do, makes `« non »` and `"non"` different words: typographic variants of French text then go unnoticed.
//!
//! ASCII is folded eight bytes at a time, characters of two UTF-8 bytes by a table; only the rest is decomposed one by one.
//!
//! [UAX #15]: https://www.unicode.org/reports/tr15/

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The folded words of a text.
///
/// While a text is folded, both vectors are longer than what is in use: so eight bytes can be written before it is known
/// how many of them count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    /// Each word followed by one space.
    pub(crate) bytes: Vec<u8>,
    /// Where each word ends in `bytes`; its space follows.
    pub(crate) ends: Vec<u32>,
    /// How many words are single characters of a script without spaces.
    pub(crate) characters: u32,
}

impl Words {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.characters = 0;
    }

    /// Adds the words of `text`. A word does not go on into the next call.
    pub(crate) fn fold(&mut self, text: &str) {
        let mut folding = Folding { at: self.bytes.len(), words: self.ends.len(), open: 0, out: self };
        folding.reserve(text.len());
        // A word takes two bytes at least, with what divides it from the next.
        folding.out.ends.resize(folding.words + text.len() / 2 + 2, 0);
        folding.fold(text);
        folding.close();
        let Folding { at, words, .. } = folding;
        self.bytes.truncate(at);
        self.ends.truncate(words);
    }
}

/// Bytes that may be written beyond what is in use.
const SPARE: usize = 8;

/// One text on its way.
struct Folding<'a> {
    out: &'a mut Words,
    /// Bytes in use.
    at: usize,
    /// Words in use.
    words: usize,
    /// 1 within a word, else 0.
    open: usize,
}

impl Folding<'_> {
    /// Makes room for `rest` bytes of text that fold to as many, for the end of a word, and to spare.
    fn reserve(&mut self, rest: usize) {
        let needed = self.at + rest + 1 + SPARE;
        if self.out.bytes.len() < needed {
            self.out.bytes.resize(needed + rest, 0);
        }
    }

    fn fold(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                let rest = bytes.get(at..).unwrap_or_default();
                at += self.ascii(rest);
            } else if byte < 0xE0 {
                let low = bytes.get(at + 1).copied().unwrap_or_default();
                let code = (usize::from(byte & 0x1F) << 6) | usize::from(low & 0x3F);
                at += 2;
                let folded = TWO_BYTES.get(code).copied().unwrap_or(Folded::SEPARATOR);
                match folded.len {
                    Folded::SKIPPED => {}
                    0 => self.close(),
                    _ => self.short(folded, bytes.len() - at),
                }
            } else {
                let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                at += character.len_utf8();
                self.long(character, bytes.len() - at);
            }
        }
    }

    /// Folds bytes up to the first that is not ASCII, and tells how many they were.
    ///
    /// Eight at a time: all are written, and as many of them count as are letters and digits. So a short word takes one
    /// step and what divides it from the next no other.
    fn ascii(&mut self, bytes: &[u8]) -> usize {
        let Words { bytes: out, ends, .. } = &mut *self.out;
        let (mut at, mut words, mut open, mut done) = (self.at, self.words, self.open, 0);
        while let Some(eight) = bytes.get(done..).and_then(|rest| rest.first_chunk::<8>()) {
            let number = u64::from_le_bytes(*eight);
            let letters = (!letters_and_digits(number)).trailing_zeros() as usize / 8;
            let Some(places) = room::<8>(out, at) else { break };
            // Digits have this bit, and capitals get it.
            *places = (number | (EACH_BYTE * 0x20)).to_le_bytes();
            at += letters;
            done += letters;
            open |= usize::from(letters > 0);
            let Some(next) = eight.get(letters) else { continue };
            if !next.is_ascii() {
                (self.at, self.words, self.open) = (at, words, open);
                return done;
            }
            let (Some(place), Some(end)) = (out.get_mut(at), ends.get_mut(words)) else { break };
            *place = b' ';
            *end = at as u32;
            at += open;
            words += open;
            open = 0;
            done += 1;
        }
        (self.at, self.words, self.open) = (at, words, open);
        let rest = bytes.get(done..).unwrap_or_default();
        for byte in rest.iter().take_while(|byte| byte.is_ascii()) {
            match self.out.bytes.get_mut(self.at) {
                Some(place) if byte.is_ascii_alphanumeric() => {
                    *place = byte.to_ascii_lowercase();
                    self.at += 1;
                    self.open = 1;
                }
                _ => self.close(),
            }
            done += 1;
        }
        done
    }

    /// Adds what a character of two bytes folds to, with room for the `rest` of the text.
    fn short(&mut self, folded: Folded, rest: usize) {
        let len = usize::from(folded.len);
        if len > 2 {
            self.reserve(len + rest);
        }
        if let Some(places) = room(&mut self.out.bytes, self.at) {
            *places = folded.bytes;
            self.at += len;
            self.open = 1;
        }
    }

    /// Adds letters to the word, with room for the `rest` of the text.
    fn push(&mut self, letters: &[u8], rest: usize) {
        self.reserve(letters.len() + rest);
        if let Some(places) = self.out.bytes.get_mut(self.at..self.at + letters.len()) {
            places.copy_from_slice(letters);
            self.at += letters.len();
            self.open = 1;
        }
    }

    fn close(&mut self) {
        if let (1, Some(place), Some(end)) =
            (self.open, self.out.bytes.get_mut(self.at), self.out.ends.get_mut(self.words))
        {
            *place = b' ';
            *end = u32::try_from(self.at).unwrap_or(u32::MAX);
            self.at += 1;
            self.words += 1;
        }
        self.open = 0;
    }

    /// Folds a character of three or four bytes.
    fn long(&mut self, character: char, rest: usize) {
        // Dashes, curly quotes and narrow spaces: most of what French text brings here.
        if matches!(character, '\u{2010}'..='\u{202F}' | '\u{3000}'..='\u{3003}') {
            return self.close();
        }
        if is_skipped(character) {
            return;
        }
        if is_alone(character) {
            return self.alone(character.encode_utf8(&mut [0; 4]).as_bytes(), rest);
        }
        let mut letters = Vec::new();
        let mut alone = false;
        decompose_compatible(character, |part| {
            alone |= is_alone(part);
            push_lower(part, &mut letters);
        });
        if letters.is_empty() {
            self.close();
        } else if alone {
            self.alone(&letters, rest);
        } else {
            self.push(&letters, rest);
        }
    }

    /// Adds a character that is a word.
    fn alone(&mut self, letters: &[u8], rest: usize) {
        self.close();
        self.push(letters, rest);
        self.close();
        self.out.characters += 1;
    }
}

/// Some places from one on.
fn room<const COUNT: usize>(places: &mut [u8], from: usize) -> Option<&mut [u8; COUNT]> {
    places.get_mut(from..)?.first_chunk_mut()
}

/// Eight bytes of one.
const EACH_BYTE: u64 = u64::from_le_bytes([1; 8]);

/// Which of eight bytes are ASCII letters and digits, as the highest bits of them and all other bits set.
pub(crate) const fn letters_and_digits(bytes: u64) -> u64 {
    /// The highest bits of the bytes, all below 0x80, that are not below `least` and below `end`.
    const fn within(bytes: u64, least: u64, end: u64) -> u64 {
        (bytes + EACH_BYTE * (0x80 - least)) & !(bytes + EACH_BYTE * (0x80 - end))
    }
    let low = bytes & (EACH_BYTE * 0x7F);
    let digits = within(low, 0x30, 0x3A);
    let letters = within(low | (EACH_BYTE * 0x20), 0x61, 0x7B);
    ((digits | letters) & !bytes) | (EACH_BYTE * 0x7F)
}

/// The words of folded bytes. A space follows each, or a line break where it is the last of its line.
pub(crate) const fn words_of(folded: &[u8]) -> WordsOf<'_> {
    WordsOf { rest: folded }
}

/// See [`words_of`].
#[derive(Clone, Debug)]
pub(crate) struct WordsOf<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for WordsOf<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (word, rest) = self.rest.split_at_checked(word_len(self.rest))?;
        self.rest = rest.get(1..).unwrap_or_default();
        Some(word)
    }
}

/// The length of the first word of folded bytes, eight bytes at a time: most words end in the first eight. Spaces and
/// line breaks are the only folded bytes below 0x21.
#[inline]
fn word_len(folded: &[u8]) -> usize {
    let mut at = 0;
    while let Some(bytes) = folded.get(at..).and_then(|rest| rest.first_chunk()) {
        let bytes = u64::from_le_bytes(*bytes);
        // The lowest bit set is that of the first byte below 0x21; those above it may be wrong.
        let ends = bytes.wrapping_sub(0x21 * EACH_BYTE) & !bytes & (0x80 * EACH_BYTE);
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = folded.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| *byte <= b' ').unwrap_or(rest.len())
}

/// What one character folds to, at most seven bytes.
#[derive(Clone, Copy)]
struct Folded {
    /// Bytes used; 0 for a separator.
    len: u8,
    bytes: [u8; 7],
}

impl Folded {
    const SKIPPED: u8 = u8::MAX;
    const SEPARATOR: Self = Self { len: 0, bytes: [0; 7] };

    fn of(character: char) -> Self {
        if is_skipped(character) {
            return Self { len: Self::SKIPPED, bytes: [0; 7] };
        }
        let mut letters = Vec::new();
        decompose_compatible(character, |part| push_lower(part, &mut letters));
        let mut folded = Self::SEPARATOR;
        for (place, letter) in folded.bytes.iter_mut().zip(&letters) {
            *place = *letter;
            folded.len += 1;
        }
        folded
    }
}

/// Characters of two UTF-8 bytes by code point: Latin, Greek, Cyrillic, Hebrew, Arabic. The first 128 are not used.
static TWO_BYTES: LazyLock<Vec<Folded>> = LazyLock::new(|| {
    (0..0x800).map(|code| char::from_u32(code).map_or(Folded::SEPARATOR, Folded::of)).collect()
});

/// Appends what a decomposed character counts for: lower case, letters and digits only.
fn push_lower(part: char, out: &mut Vec<u8>) {
    if is_skipped(part) || !part.is_alphanumeric() {
        return;
    }
    let spelt = match part {
        'ß' | 'ẞ' => "ss",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' => "d",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        _ => {
            let mut buffer = [0; 4];
            for lower in part.to_lowercase().filter(|lower| !is_skipped(*lower)) {
                out.extend_from_slice(lower.encode_utf8(&mut buffer).as_bytes());
            }
            return;
        }
    };
    out.extend_from_slice(spelt.as_bytes());
}

/// Characters that neither count nor divide: accents, soft hyphens, joiners, direction marks.
fn is_skipped(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
        || is_combining_mark(character)
}

/// What a character is to the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A part of a word.
    Letter,
    /// A word of its own.
    Word,
    /// Neither a part nor an end.
    Skipped,
    /// The end of a word.
    Divider,
}

/// What folding takes a character for.
pub(crate) fn kind(character: char) -> Kind {
    if let Some(folded) = TWO_BYTES.get(character as usize) {
        return match folded.len {
            Folded::SKIPPED => Kind::Skipped,
            0 => Kind::Divider,
            _ => Kind::Letter,
        };
    }
    if matches!(character, '\u{2010}'..='\u{202F}' | '\u{3000}'..='\u{3003}') {
        return Kind::Divider;
    }
    if is_skipped(character) {
        return Kind::Skipped;
    }
    let (mut letters, mut alone) = (Vec::new(), is_alone(character));
    if !alone {
        decompose_compatible(character, |part| {
            alone |= is_alone(part);
            push_lower(part, &mut letters);
        });
        if letters.is_empty() {
            return Kind::Divider;
        }
    }
    if alone { Kind::Word } else { Kind::Letter }
}

/// Letters of scripts without spaces between words.
fn is_alone(character: char) -> bool {
    matches!(character,
        '\u{0E01}'..='\u{0E30}' | '\u{0E40}'..='\u{0E46}' | '\u{0E80}'..='\u{0EB0}' | '\u{0EC0}'..='\u{0EC6}'
        | '\u{1000}'..='\u{1021}' | '\u{1780}'..='\u{17B3}'
        | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut words = Words::default();
        words.fold(text);
        assert_eq!(words_of(&words.bytes).count(), words.ends.len());
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
        let mut starts = vec![0];
        starts.extend(words.ends.iter().map(|end| *end as usize + 1));
        let pairs = starts.iter().zip(&words.ends);
        let expected: Vec<&[u8]> = pairs.map(|(start, end)| &words.bytes[*start..*end as usize]).collect();
        assert_eq!(words_of(&words.bytes).collect::<Vec<_>>(), expected);
        assert_eq!(words_of(b"").count(), 0);
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
