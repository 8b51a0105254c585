//! Where a sentence may end: one pass over the bytes that stops at line ends and at the last bytes of ending marks.
//!
//! Marks are found by their *last* byte. By their first, every typographic apostrophe (`’` shares its lead byte with `…`)
//! would stop the scan in French, and every letter in Arabic. A byte that only looks like the end of a mark costs one
//! look at the character before it.

/// Bytes that may end a mark in any language.
pub(crate) const MARKS: u8 = 1;
/// `.`, `!` and `?` alone.
pub(crate) const ASCII_MARKS: u8 = 0;
/// `;`
pub(crate) const SEMICOLON: u8 = 1 << 1;
/// `:`
pub(crate) const COLON: u8 = 1 << 2;
/// `|`
pub(crate) const BAR: u8 = 1 << 3;

/// For each byte, the sets it belongs to.
static SETS: [u8; 256] = sets();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time: a bad index would not build")]
const fn sets() -> [u8; 256] {
    const ENDINGS: [&str; 33] = [
        ".", "!", "?", "…", "．", "︙", "‼", "⁇", "⁈", "⁉", "؟", "۔", "\u{61E}", "\u{1367}", "\u{55C}", "。",
        "｡", "！", "？", "︒", "।", "॥", "։", "።", "፨", "။", "។", "៕", "᠃", "꓿", "꘎", "؟", "۔",
    ];
    let mut table = [0; 256];
    let mut index = 0;
    while index < ENDINGS.len() {
        let bytes = ENDINGS[index].as_bytes();
        table[bytes[bytes.len() - 1] as usize] |= MARKS;
        index += 1;
    }
    table[b';' as usize] |= SEMICOLON;
    table[b':' as usize] |= COLON;
    table[b'|' as usize] |= BAR;
    table
}

/// The first byte of `bytes` that is in one of `wanted` and ends a character, as an offset.
///
/// Where only `.`, `!` and `?` can be met, vector instructions find them. Otherwise the look-ups of sixteen bytes are
/// or-ed together and tested once.
pub(crate) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    if wanted == ASCII_MARKS {
        return memchr::memchr3(b'.', b'!', b'?', bytes);
    }
    let sets = |byte: u8| SETS.get(usize::from(byte)).copied().unwrap_or_default();
    let mut before = 0;
    let mut offset = 0;
    for block in bytes.chunks(16) {
        if block.iter().fold(0, |met, &byte| met | sets(byte)) & wanted != 0 {
            let mut previous = before;
            for (within, &byte) in block.iter().enumerate() {
                // After the first byte of three, a byte is the second: kana have those of `。` and `！` there.
                if sets(byte) & wanted != 0 && previous < 0xE0 {
                    return Some(offset + within);
                }
                previous = byte;
            }
        }
        before = block.last().copied().unwrap_or_default();
        offset += block.len();
    }
    None
}

/// A line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it ends, before the line end.
    pub(crate) end: usize,
    /// Where the next one starts.
    pub(crate) next: usize,
    /// It may hold marks other than `.`, `!` and `?`.
    pub(crate) rare_marks: bool,
}

/// The line that `bytes` starts with.
///
/// One byte range holds `\n`, `\u{B}`, `\u{C}` and `\r`; the other line ends are `U+0085`, `U+2028` and `U+2029`, whose last
/// bytes French writes all day long (`é` ends in `0xA9`), so they are tested in pairs with the byte before. The same pass
/// tells whether the line has marks that are not ASCII: `…`, or a letter of a script that has marks of its own. It is
/// written so that it compiles to vector instructions.
pub(crate) fn line(bytes: &[u8]) -> Line {
    let mut before = 0_u8;
    let mut offset = 0;
    let mut rare = 0;
    for block in bytes.chunks(32) {
        let mut ends = 0;
        let mut previous = before;
        for &byte in block {
            ends |= u8::from(byte.wrapping_sub(b'\n') < 4);
            ends |= u8::from(previous == 0x80) & u8::from(byte & 0xFE == 0xA8);
            ends |= u8::from(previous == 0xC2) & u8::from(byte == 0x85);
            // `…` is E2 80 A6, `‼` to `⁉` start with E2 80 or E2 81.
            rare |= u8::from(previous == 0x80) & u8::from(byte == 0xA6 || byte == 0xBC);
            rare |= u8::from(previous == 0xE2) & u8::from(byte == 0x81);
            // Armenian, Arabic and what is written in three bytes, but for general punctuation.
            rare |= u8::from(byte.wrapping_sub(0xD5) < 7);
            rare |= u8::from(byte.wrapping_sub(0xE0) < 16) & u8::from(byte != 0xE2);
            previous = byte;
        }
        if ends != 0
            && let Some((end, next)) = line_end_within(bytes, offset, offset + block.len())
        {
            return Line { end, next, rare_marks: rare != 0 };
        }
        before = previous;
        offset += block.len();
    }
    Line { end: bytes.len(), next: bytes.len(), rare_marks: rare != 0 }
}

/// The first line end whose last byte lies in `from..to`: where it starts and ends.
fn line_end_within(bytes: &[u8], from: usize, to: usize) -> Option<(usize, usize)> {
    let at = |offset: usize| bytes.get(offset).copied().unwrap_or_default();
    (from..to).find_map(|offset| match at(offset) {
        b'\n' | 0xB | 0xC => Some((offset, offset + 1)),
        b'\r' => Some((offset, offset + if at(offset + 1) == b'\n' { 2 } else { 1 })),
        0x85 if offset >= 1 && at(offset - 1) == 0xC2 => Some((offset - 1, offset + 1)),
        0xA8 | 0xA9 if offset >= 2 && at(offset - 1) == 0x80 && at(offset - 2) == 0xE2 => {
            Some((offset - 2, offset + 1))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks;

    #[test]
    fn every_mark_is_found_and_told_as_rare() {
        for letter in
            (0..0x2_FFFF).filter_map(char::from_u32).filter(|&letter| marks::ending(letter).is_some())
        {
            let text = format!("été {letter} fin");
            let bytes = text.as_bytes();
            let last = 6 + letter.len_utf8() - 1;
            assert_eq!(find(&bytes[last..], MARKS), Some(0), "{letter:?} is not found");
            let alone = find(bytes, ASCII_MARKS) == Some(last);
            assert_eq!(line(bytes).rare_marks, !alone, "{letter:?}");
        }
    }

    #[test]
    fn line_ends_are_found_at_any_offset() {
        for end in ["\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
            for before in 0..70 {
                let text = format!("{}{end}é", "é".repeat(before / 2) + &"a".repeat(before % 2));
                let found = line(text.as_bytes());
                assert_eq!((found.end, found.next), (before, before + end.len()), "{end:?} after {before}");
            }
        }
        assert_eq!(line("été … à".as_bytes()), Line { end: 12, next: 12, rare_marks: true });
    }
}
