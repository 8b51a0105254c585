//! UTF-16 and UTF-32.

use crate::charset::Wide;
use crate::rules::UNREADABLE_BYTES;
use crate::runs::Output;

impl Wide {
    /// Bytes per code unit.
    pub(crate) fn unit(self) -> usize {
        match self {
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf32Le | Self::Utf32Be => 4,
        }
    }

    fn unit_at(self, bytes: &[u8]) -> Option<u32> {
        match (self, bytes) {
            (Self::Utf16Le, &[a, b, ..]) => Some(u32::from(u16::from_le_bytes([a, b]))),
            (Self::Utf16Be, &[a, b, ..]) => Some(u32::from(u16::from_be_bytes([a, b]))),
            (Self::Utf32Le, &[a, b, c, d, ..]) => Some(u32::from_le_bytes([a, b, c, d])),
            (Self::Utf32Be, &[a, b, c, d, ..]) => Some(u32::from_be_bytes([a, b, c, d])),
            _ => None,
        }
    }

    /// The next character and its bytes; `None` for a lone surrogate, a value that is no code point, or a cut unit.
    pub(crate) fn next_character(self, raw: &[u8]) -> (usize, Option<char>) {
        let Some(first) = self.unit_at(raw) else { return (raw.len(), None) };
        let unit = self.unit();
        if let Some(c) = char::from_u32(first) {
            return (unit, Some(c));
        }
        if unit == 2
            && first < 0xdc00
            && let Some(second @ 0xdc00..=0xdfff) = raw.get(2..).and_then(|rest| self.unit_at(rest))
        {
            return (4, char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)));
        }
        (unit, None)
    }
}

/// Reads a document.
pub(super) fn read(wide: Wide, raw: &[u8], out: &mut Output<'_>) {
    out.text.reserve(raw.len() / 2);
    let (mut rest, mut run) = (raw, (0, out.text.len(), wide.unit()));
    loop {
        let (len, read) = wide.next_character(rest);
        if read.is_none() || len != run.2 {
            out.transcoded(run.0, out.text.len() - run.1, run.2 as u8);
            if len == 0 {
                return;
            }
            if read.is_none() {
                out.lose(len, &UNREADABLE_BYTES);
            }
            run = (0, out.text.len(), if read.is_none() { wide.unit() } else { len });
        }
        if let Some(c) = read {
            out.text.push(c);
            run.0 += len;
        }
        rest = rest.get(len..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_count_once_each_and_pairs_are_one_character() {
        for (bytes, read) in [
            (&[0x3d, 0xd8, 0x42, 0xde, 0x21, 0][..], (4, Some('\u{1f642}'))),
            (&[0x3d, 0xd8, 0x21, 0], (2, None)),
            (&[0x42, 0xde], (2, None)),
            (&[0x21], (1, None)),
            (&[], (0, None)),
        ] {
            assert_eq!(Wide::Utf16Le.next_character(bytes), read, "{bytes:x?}");
        }
        assert_eq!(Wide::Utf32Be.next_character(&[0, 0x11, 0, 0]), (4, None));
        assert_eq!(Wide::Utf32Be.next_character(&[0, 1, 0xf6, 0x42]), (4, Some('\u{1f642}')));
    }
}
