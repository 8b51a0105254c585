//! Words as the lexicons know them: case, accents and typography folded away while reading, never in the text.
//!
//! `’` and `'`, NBSP and space, `É` and `E` + U+0301 must not change what is found, only where it stands. So words are
//! compared through [`fold_char`], one character at a time, and offsets always point at the text as it is.

/// What one character contributes to a folded word: up to two bytes, or nothing (a combining accent).
#[derive(Clone, Copy)]
pub(crate) enum Folded {
    Nothing,
    One(u8),
    Two(u8, u8),
    /// A letter outside Latin: kept as it is, in lower case.
    Other(char),
}

/// Folds a letter. Accents go because press text drops them on capitals and web text drops them anywhere.
pub(crate) fn fold_char(c: char) -> Folded {
    use Folded::{Nothing, One, Other, Two};
    match c {
        'a'..='z' => One(c as u8),
        'A'..='Z' => One(c as u8 | 0x20),
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'ª' => One(b'a'),
        'Æ' | 'æ' => Two(b'a', b'e'),
        'Ç' | 'ç' | 'Ć'..='č' => One(b'c'),
        'Ð' | 'ð' | 'Ď'..='đ' => One(b'd'),
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => One(b'e'),
        'Ĝ'..='ģ' => One(b'g'),
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => One(b'i'),
        'Ķ' | 'ķ' => One(b'k'),
        'Ĺ'..='ł' => One(b'l'),
        'Ñ' | 'ñ' | 'Ń'..='ň' => One(b'n'),
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'º' => One(b'o'),
        'Œ' | 'œ' => Two(b'o', b'e'),
        'Ŕ'..='ř' => One(b'r'),
        'Ś'..='š' | 'Ș' | 'ș' => One(b's'),
        'ß' => Two(b's', b's'),
        'Ţ'..='ŧ' | 'Ț' | 'ț' => One(b't'),
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => One(b'u'),
        'Ŵ' | 'ŵ' => One(b'w'),
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => One(b'y'),
        'Ź'..='ž' => One(b'z'),
        '\u{300}'..='\u{36F}' => Nothing,
        _ => Other(c.to_lowercase().next().unwrap_or(c)),
    }
}

/// Letters, and the accents written after them.
pub(crate) fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{300}'..='\u{36F}' => true,
        // Ordinal signs close a number ("10º"), they are not words. The second block is punctuation, currency signs,
        // arrows, shapes: named here, it spares the table behind `is_alphabetic` for every `’`.
        '\0'..='\u{BF}' | '\u{2000}'..='\u{2BFF}' => false,
        '\u{C0}'..='\u{24F}' => c != '×' && c != '÷',
        _ => c.is_alphabetic(),
    }
}

/// Blank inside a line: spaces of every width, and the invisible characters pasted with them.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{A0}' | '\u{2000}'
            ..='\u{200B}' | '\u{202F}' | '\u{205F}' | '\u{2060}' | '\u{3000}' | '\u{FEFF}'
    )
}

/// Apostrophes, straight and typographic.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '′' | '＇')
}

/// Hyphens that join the parts of one word: "quatre-vingts".
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// Dashes that stand between the ends of a range.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '~' | '～')
}

/// Hash of a folded word, extended one byte at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct WordHash(u64);

impl WordHash {
    pub(crate) const START: Self = Self(0xCBF2_9CE4_8422_2325);

    #[inline]
    pub(crate) fn byte(self, b: u8) -> Self {
        Self((self.0 ^ u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23))
    }

    #[inline]
    pub(crate) fn letter(self, c: char) -> Self {
        match fold_char(c) {
            Folded::Nothing => self,
            Folded::One(a) => self.byte(a),
            Folded::Two(a, b) => self.byte(a).byte(b),
            Folded::Other(c) => {
                let mut buffer = [0_u8; 4];
                c.encode_utf8(&mut buffer).bytes().fold(self, Self::byte)
            }
        }
    }

    #[inline]
    pub(crate) fn value(self) -> u64 {
        self.0
    }
}

/// The folded form of a phrase: words in folded letters, separated by single spaces.
pub(crate) fn fold_phrase(phrase: &str) -> String {
    let mut folded = String::new();
    let mut pending = false;
    for c in phrase.chars() {
        if !is_letter(c) {
            pending = !folded.is_empty();
            continue;
        }
        if std::mem::take(&mut pending) {
            folded.push(' ');
        }
        match fold_char(c) {
            Folded::Nothing => {}
            Folded::One(a) => folded.push(char::from(a)),
            Folded::Two(a, b) => folded.extend([char::from(a), char::from(b)]),
            Folded::Other(c) => folded.push(c),
        }
    }
    folded
}

/// Hash of an already folded phrase; agrees with [`WordHash`] fed letter by letter.
pub(crate) fn hash_folded(folded: &str) -> u64 {
    folded.bytes().fold(WordHash::START, WordHash::byte).value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_variants_fold_together() {
        for (a, b) in [
            ("d’euros", "D'EUROS"),
            ("dólar", "do\u{301}lar"),
            ("Quatre-vingts", "quatre vingts"),
            ("dreißig", "DREISSIG"),
        ] {
            assert_eq!(fold_phrase(a), fold_phrase(b));
        }
    }

    #[test]
    fn letterwise_hash_is_the_hash_of_the_folded_word() {
        for word in ["milliards", "Złoty", "руб", "fünfzig"] {
            let letterwise = word.chars().fold(WordHash::START, WordHash::letter).value();
            assert_eq!(letterwise, hash_folded(&fold_phrase(word)));
        }
    }
}
