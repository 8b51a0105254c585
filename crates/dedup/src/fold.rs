//! From text to words that compare: the same story keeps the same words through changes of case, accents, quotes,
//! spaces, ligatures and punctuation.
//!
//! A word is a run of letters and digits after compatibility decomposition (NFKC's mapping, [UAX #15]), in lower
//! case, without combining marks. Apostrophes and hyphens divide. Scripts that put no spaces between words (Han,
//! kana, Thai, Lao, Khmer, Burmese) give one word per character. Splitting at ASCII punctuation alone, as common
//! tools do, makes `« non »` and `"non"` different words: typographic variants of French text then go unnoticed.
//!
//! ASCII and characters of two UTF-8 bytes go through tables; only the rest is decomposed one by one.
//!
//! [UAX #15]: https://www.unicode.org/reports/tr15/

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The folded words of a text.
///
/// While a text is folded, both vectors are longer than what is in use: so a byte of ASCII takes a table lookup and
/// two stores and no branch that depends on it. Branching at every end of a word costs twice the time in
/// mispredictions.
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
    /// Makes room for `rest` bytes of text that fold to as many, and for the end of a word.
    fn reserve(&mut self, rest: usize) {
        if self.out.bytes.len() < self.at + rest + 1 {
            self.out.bytes.resize(self.at + 2 * rest + 32, 0);
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
                    len => {
                        self.push(folded.bytes.get(..usize::from(len)).unwrap_or_default(), bytes.len() - at);
                    }
                }
            } else {
                let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                at += character.len_utf8();
                self.long(character, bytes.len() - at);
            }
        }
    }

    /// Folds bytes up to the first that is not ASCII, and tells how many they were.
    fn ascii(&mut self, bytes: &[u8]) -> usize {
        let Words { bytes: out, ends, .. } = &mut *self.out;
        let (mut at, mut words, mut open, mut done) = (self.at, self.words, self.open, 0);
        for byte in bytes {
            let (Some(folded), Some(place), Some(end)) =
                (ASCII.get(usize::from(*byte)), out.get_mut(at), ends.get_mut(words))
            else {
                break;
            };
            let letter = usize::from(*folded != b' ');
            let closes = open & !letter;
            *place = *folded;
            *end = at as u32;
            at += letter | closes;
            words += closes;
            open = letter;
            done += 1;
        }
        (self.at, self.words, self.open) = (at, words, open);
        done
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

/// What each byte of ASCII folds to: a space for what divides words. Other bytes have no entry.
static ASCII: [u8; 128] = {
    let mut table = [b' '; 128];
    let mut byte = 0_u8;
    #[expect(clippy::indexing_slicing, reason = "`byte` is below 128")]
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

/// The words of folded bytes. A space follows each, or a line break where it is the last of its line.
pub(crate) fn words_of(folded: &[u8]) -> impl Iterator<Item = &[u8]> {
    let divides = |byte: &u8| matches!(byte, b' ' | b'\n');
    let words = folded.split_last().map(|(_, words)| words);
    words.into_iter().flat_map(move |words| words.split(divides))
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
    fn other_alphabets_fold_their_case() {
        assert_eq!(folded("МОСКВА Ёлка"), folded("москва елка"));
        assert_eq!(folded("ΑΘΗΝΑ"), folded("Αθήνα"));
    }

    #[test]
    fn nothing_folds_to_nothing() {
        assert_eq!(folded(""), "");
        assert_eq!(folded(" — … « »\n"), "");
    }
}
