//! Reading kept bytes: what lies between the edits of a ledger line.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// Appends `bytes` read in `label` to `text`; false when they are not text in it.
///
/// Without a label the bytes are UTF-8. Encodings that the WHATWG standard does not know are kept as ASCII alone: the
/// decoder writes everything else out as replacements.
pub(crate) fn decode(label: Option<&str>, bytes: &[u8], text: &mut String) -> bool {
    let label = label.unwrap_or("utf-8");
    if bytes.is_ascii() && !is_wide(label) {
        return std::str::from_utf8(bytes).is_ok_and(|ascii| {
            text.push_str(ascii);
            true
        });
    }
    match label {
        "utf-16le" => utf16(bytes, u16::from_le_bytes, text),
        "utf-16be" => utf16(bytes, u16::from_be_bytes, text),
        "utf-32le" => utf32(bytes, u32::from_le_bytes, text),
        "utf-32be" => utf32(bytes, u32::from_be_bytes, text),
        _ => {
            let Some(encoding) = Encoding::for_label(label.as_bytes()) else { return false };
            // The `replacement` encoding reads everything as nothing.
            if encoding == encoding_rs::REPLACEMENT {
                return false;
            }
            let Some(decoded) = encoding.decode_without_bom_handling_and_without_replacement(bytes) else {
                return false;
            };
            text.push_str(&decoded);
            true
        }
    }
}

/// As [`decode`], with U+FFFD where the bytes are not text: for showing what was removed. No copy where the bytes are UTF-8
/// already.
pub(crate) fn read_lossily<'a>(label: Option<&str>, bytes: &'a [u8]) -> Cow<'a, str> {
    let label = label.unwrap_or("utf-8");
    if (label == "utf-8" || (bytes.is_ascii() && !is_wide(label)))
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::new();
    if decode(Some(label), bytes, &mut text) {
        return Cow::Owned(text);
    }
    if is_wide(label) {
        return Characters::new(Some(label), bytes).map(|character| character.read).collect();
    }
    let encoding = Encoding::for_label(label.as_bytes()).filter(|found| *found != encoding_rs::REPLACEMENT);
    encoding.unwrap_or(encoding_rs::UTF_8).decode_without_bom_handling(bytes).0
}

fn is_wide(label: &str) -> bool {
    matches!(label, "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be")
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, text: &mut String) -> bool {
    let (units, rest) = bytes.as_chunks::<2>();
    for c in char::decode_utf16(units.iter().map(|bytes| unit(*bytes))) {
        let Ok(c) = c else { return false };
        text.push(c);
    }
    rest.is_empty()
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32, text: &mut String) -> bool {
    let (units, rest) = bytes.as_chunks::<4>();
    for bytes in units {
        let Some(c) = char::from_u32(unit(*bytes)) else { return false };
        text.push(c);
    }
    rest.is_empty()
}

/// One character and how many bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Character {
    pub(crate) bytes: usize,
    pub(crate) read: char,
}

/// The characters of kept bytes, each with its bytes: finds a character's place without a table.
///
/// Tries sequences of one to four bytes; every stateless encoding has characters of that length. A sequence that is
/// two characters (Big5 has four of them) counts as its last.
pub(crate) struct Characters<'a> {
    label: Option<&'a str>,
    rest: &'a [u8],
    buffer: String,
}

impl<'a> Characters<'a> {
    pub(crate) fn new(label: Option<&'a str>, bytes: &'a [u8]) -> Self {
        Self { label, rest: bytes, buffer: String::new() }
    }
}

impl Iterator for Characters<'_> {
    type Item = Character;

    fn next(&mut self) -> Option<Character> {
        if self.rest.is_empty() {
            return None;
        }
        for len in 1..=4 {
            self.buffer.clear();
            let Some((sequence, rest)) = self.rest.split_at_checked(len) else { break };
            if decode(self.label, sequence, &mut self.buffer)
                && let Some(read) = self.buffer.chars().next_back()
            {
                self.rest = rest;
                return Some(Character { bytes: len, read });
            }
        }
        let wide = if self.label.is_some_and(is_wide) { 2 } else { 1 };
        let (_, rest) = self.rest.split_at_checked(wide).unwrap_or((self.rest, &[]));
        let bytes = self.rest.len() - rest.len();
        self.rest = rest;
        Some(Character { bytes, read: char::REPLACEMENT_CHARACTER })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn characters_take_every_byte_and_give_what_decoding_gives(
            bytes in prop::collection::vec(any::<u8>(), 0..40),
            label in prop::sample::select(vec!["utf-8", "windows-1251", "utf-16be", "utf-32le", "euc-jp", "gb18030"]),
        ) {
            let characters: Vec<Character> = Characters::new(Some(label), &bytes).collect();
            prop_assert_eq!(characters.iter().map(|character| character.bytes).sum::<usize>(), bytes.len());
            let mut text = String::new();
            if decode(Some(label), &bytes, &mut text) {
                let read: String = characters.iter().map(|character| character.read).collect();
                prop_assert_eq!(read, text);
            }
            read_lossily(Some(label), &bytes);
        }
    }

    fn read(label: &str, bytes: &[u8]) -> Option<String> {
        let mut text = String::new();
        decode(Some(label), bytes, &mut text).then_some(text)
    }

    #[test]
    fn kept_bytes_are_read_in_their_encoding() {
        for (label, bytes, expected) in [
            ("utf-8", "été".as_bytes(), "été"),
            ("windows-1252", b"\xe9t\xe9 \x80\x81", "été €\u{81}"),
            ("utf-16le", b"\xe9\0t\0", "ét"),
            ("utf-16be", b"\0\xe9\xd8\x3d\xde\x00", "é😀"),
            ("utf-32le", b"\xe9\0\0\0", "é"),
            ("shift_jis", b"\x93\xfa\x96\x7b", "日本"),
            ("ibm850", b"plain", "plain"),
            ("hz-gb-2312", b"plain", "plain"),
        ] {
            assert_eq!(read(label, bytes).as_deref(), Some(expected), "{label}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_not_swallowed() {
        assert_eq!(read("utf-8", b"\xef\xbb\xbfa").as_deref(), Some("\u{feff}a"));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        for (label, bytes) in [
            ("utf-8", &b"\xe9"[..]),
            ("utf-16le", b"\xe9\0t"),
            ("utf-16le", b"\x3d\xd8a\0"),
            ("utf-32be", b"\0\x11\0\0"),
            ("ibm850", b"\x82"),
            ("iso-2022-kr", b"\x82"),
            ("shift_jis", b"\x93"),
        ] {
            assert_eq!(read(label, bytes), None, "{label} {bytes:?}");
        }
    }

    #[test]
    fn characters_know_their_bytes() {
        let lengths = |label, bytes| -> Vec<usize> {
            Characters::new(Some(label), bytes).map(|character| character.bytes).collect()
        };
        assert_eq!(lengths("utf-8", "aé€😀".as_bytes()), [1, 2, 3, 4]);
        assert_eq!(lengths("utf-16be", b"\0\xe9\xd8\x3d\xde\x00\0a"), [2, 4, 2]);
        assert_eq!(lengths("shift_jis", b"a\x93\xfab"), [1, 2, 1]);
        assert_eq!(lengths("windows-1252", b"\xe9t"), [1, 1]);
        assert_eq!(lengths("utf-8", b"a\xffb"), [1, 1, 1]);
    }
}
