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
#[inline]
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
#[inline]
pub(crate) fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{300}'..='\u{36F}' => true,
        // Ordinal signs close a number ("10º"), they are not words. The second block is punctuation, currency signs,
        // arrows, shapes, the others are punctuation of Chinese and Japanese: named here, they spare the table behind
        // `is_alphabetic` for every `’` and `，`.
        '\0'..='\u{BF}'
        | '\u{2000}'..='\u{2BFF}'
        | '\u{3000}'..='\u{3004}'
        | '\u{3008}'..='\u{3020}'
        | '\u{FF00}'..='\u{FF20}' => false,
        '\u{C0}'..='\u{24F}' => c != '×' && c != '÷',
        _ => in_other_alphabet(c) || c.is_alphabetic(),
    }
}

/// Letters of the alphabets most text outside Latin is in: Greek, Cyrillic, Arabic, Japanese, Chinese, Korean. They
/// spare the table behind `is_alphabetic`.
const fn in_other_alphabet(c: char) -> bool {
    matches!(
        c,
        'Α'..='Ρ'
            | 'Σ'..='ϵ'
            | 'Ѐ'..='ҁ'
            | '\u{620}'..='\u{657}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30A1}'..='\u{30FA}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7A3}'
    )
}

/// Blank inside a line: spaces of every width, and the invisible characters pasted with them.
#[inline]
pub(crate) fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{A0}' | '\u{2000}'
            ..='\u{200B}' | '\u{202F}' | '\u{205F}' | '\u{2060}' | '\u{3000}' | '\u{FEFF}'
    )
}

/// Apostrophes, straight and typographic.
#[inline]
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '′' | '＇')
}

/// Hyphens that join the parts of one word: "quatre-vingts".
#[inline]
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// Dashes that stand between the ends of a range.
#[inline]
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '~' | '～')
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

/// The letters of U+00C0 to U+00FF that fold to one: nearly all accented ones of a text. 0 for the others.
const LATIN: [u8; 64] = *b"aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0\0aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0y";

/// The folded letter that these two bytes of UTF-8 are, where it is one of [`LATIN`].
#[inline]
pub(crate) fn folded_latin(lead: u8, second: u8) -> Option<u8> {
    let letter = *LATIN.get(usize::from(second & 0x3F))?;
    (lead == 0xC3 && letter != 0).then_some(letter)
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
    fn what_spares_the_table_of_letters_agrees_with_it() {
        let misread = |c: &char| match c {
            '\0'..='\u{BF}' | '\u{2000}'..='\u{2BFF}' | '\u{300}'..='\u{36F}' | '×' | '÷' => false,
            _ => is_letter(*c) != c.is_alphabetic(),
        };
        assert_eq!(('\0'..=char::MAX).filter(misread).collect::<Vec<char>>(), []);
    }

    #[test]
    fn latin_letters_fold_as_all_letters_do() {
        for c in '\u{C0}'..='\u{FF}' {
            let mut bytes = [0; 2];
            c.encode_utf8(&mut bytes);
            let folded = match fold_char(c) {
                Folded::One(letter) => Some(letter),
                _ => None,
            };
            assert_eq!(folded_latin(bytes[0], bytes[1]), folded, "{c}");
        }
    }
}
