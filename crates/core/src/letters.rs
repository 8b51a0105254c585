//! A text reduced to its letters and digits, by which a passage is known again in another text.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Appends the letters and digits of `text`: compatibility decomposition (NFKD, [UAX #15]), lower case, without combining
/// marks; `ß`, `œ`, `æ`, `ø`, `đ`, `ł` and `ı` as `ss`, `oe`, `ae`, `o`, `d`, `l` and `i`. Whatever stands between words goes.
///
/// ```
/// let mut letters = String::new();
/// tamis_core::letters("« L’Été », 12 ﬁlms", &mut letters);
/// assert_eq!(letters, "lete12films");
/// ```
///
/// [UAX #15]: https://www.unicode.org/reports/tr15/
pub fn letters(text: &str, out: &mut String) {
    for character in text.chars() {
        if character.is_ascii() {
            if character.is_ascii_alphanumeric() {
                out.push(character.to_ascii_lowercase());
            }
        } else {
            decompose_compatible(character, |part| push(part, out));
        }
    }
}

fn push(part: char, out: &mut String) {
    if !part.is_alphanumeric() || is_combining_mark(part) {
        return;
    }
    match part {
        'ß' | 'ẞ' => out.push_str("ss"),
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ø' | 'Ø' => out.push('o'),
        'đ' | 'Đ' => out.push('d'),
        'ł' | 'Ł' => out.push('l'),
        'ı' => out.push('i'),
        _ => out.extend(part.to_lowercase().filter(|lower| !is_combining_mark(*lower))),
    }
}
