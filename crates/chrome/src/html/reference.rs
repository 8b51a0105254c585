//! Character references: `&eacute;`, `&#233;`, `&#xe9;`.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state>.

use std::sync::LazyLock;

use crate::edit::Replacement;

/// Names (with their `;`, or without for the old ones that may go without) and what they stand for.
static NAMED: &[(&str, &str)] = &include!("../../data/named-character-references.rs");

/// The longest name without `;`, in bytes.
const LONGEST_BARE: usize = 6;

/// The longest name, in bytes.
const LONGEST: usize = 32;

/// What Windows-1252 has at 0x80–0x9F: numeric references in that range mean these.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}',
    '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// A reference that was read: its length in bytes, from the `&`, and what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) length: usize,
    pub(crate) stands_for: Replacement,
}

/// Reads the reference at the start of `text`, which begins with `&`; `None` when the `&` is just an ampersand.
pub(crate) fn read(text: &[u8]) -> Option<Reference> {
    match text.get(1)? {
        b'#' => numeric(text),
        byte if byte.is_ascii_alphanumeric() => named(text),
        _ => None,
    }
}

/// Reads the reference at the start of `text` inside an attribute's value, where a name without `;` stands for itself
/// when `=`, a letter or a digit follows: `?a=1&copy=2` is an address, not a copyright sign.
pub(crate) fn read_in_attribute(text: &[u8]) -> Option<Reference> {
    let found = read(text)?;
    let bare = text.get(1) != Some(&b'#') && text.get(found.length - 1) != Some(&b';');
    let goes_on = text.get(found.length).is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric());
    (!(bare && goes_on)).then_some(found)
}

fn numeric(text: &[u8]) -> Option<Reference> {
    let (radix, first) = if matches!(text.get(2)?, b'x' | b'X') { (16, 3) } else { (10, 2) };
    let digits = text.get(first..)?.iter().take_while(|byte| char::from(**byte).is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    let mut code = 0_u32;
    for byte in text.get(first..first + digits)? {
        let digit = char::from(*byte).to_digit(radix)?;
        code = code.saturating_mul(radix).saturating_add(digit);
    }
    let semicolon = usize::from(text.get(first + digits) == Some(&b';'));
    let character = match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => WINDOWS_1252.get(code as usize - 0x80).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    Some(Reference { length: first + digits + semicolon, stands_for: Replacement::Char(character) })
}

fn named(text: &[u8]) -> Option<Reference> {
    let tail = text.get(1..)?;
    let letters = tail.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if tail.get(letters) == Some(&b';')
        && let Some(found) = look_up(tail.get(..=letters)?)
    {
        return Some(found);
    }
    (2..=letters.min(LONGEST_BARE)).rev().find_map(|length| look_up(tail.get(..length)?))
}

fn look_up(name: &[u8]) -> Option<Reference> {
    let key = key(name);
    let first = KEYS.partition_point(|known| *known < key);
    let same = KEYS.get(first..)?.iter().take_while(|known| **known == key).count();
    let found = NAMED.get(first..first + same)?.iter().find(|(known, _)| known.as_bytes() == name)?;
    Some(Reference { length: name.len() + 1, stands_for: Replacement::Text(found.1) })
}

/// The first eight bytes of each name as a number, in the order of the table: comparing numbers in one array takes a
/// tenth of the time of comparing strings all over the binary.
static KEYS: LazyLock<Vec<u64>> =
    LazyLock::new(|| NAMED.iter().map(|(name, _)| key(name.as_bytes())).collect());

fn key(name: &[u8]) -> u64 {
    let mut first = [0; 8];
    for (slot, byte) in first.iter_mut().zip(name) {
        *slot = *byte;
    }
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        assert!(NAMED.is_sorted());
        for (name, text) in NAMED {
            let found = read(format!("&{name} x").as_bytes()).unwrap();
            assert_eq!((found.length, found.stands_for), (name.len() + 1, Replacement::Text(text)), "{name}");
        }
    }

    #[test]
    fn numbers_mean_characters() {
        let of = |text: &str| read(text.as_bytes()).map(|found| found.stands_for);
        assert_eq!(of("&#233;"), Some(Replacement::Char('é')));
        assert_eq!(of("&#xE9"), Some(Replacement::Char('é')));
        assert_eq!(of("&#150;"), Some(Replacement::Char('–')));
        for bad in ["&#0;", "&#xD800;", "&#99999999999;"] {
            assert_eq!(of(bad), Some(Replacement::Char(char::REPLACEMENT_CHARACTER)));
        }
        for none in ["&", "&;", "&#;", "&#x;", "& amp;", "&unknown;"] {
            assert_eq!(of(none), None);
        }
    }
}
