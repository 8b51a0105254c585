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

/// Bytes looked at together: two vectors of the smallest machine.
const BLOCK: usize = 32;

/// Finds lines, one after the other.
///
/// Nearly every line ends in `\n`, and most texts have no other line end, and no mark that is not ASCII: `…`, or one of a
/// script that has marks of its own. A pass over stretches of the text tells where that is so, and there nothing is left to
/// look for but `\n`. One byte range holds `\u{B}`, `\u{C}` and `\r`; the last bytes of `U+0085`, `U+2028`, `U+2029` and `…` are
/// what French writes all day long (`é` ends in `0xA9`), so they are tested in pairs with the byte before.
///
/// All is written so that it compiles to vector instructions, without a branch for a byte or a block: typographic
/// apostrophes begin like `…`, and which of the blocks have one cannot be guessed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lines {
    /// The last `\n` found, or the end of the text: what lies before is not searched again.
    newline: Option<usize>,
    /// What was looked through for other line ends and rare marks, and whether it has some.
    looked: usize,
    has_rare: bool,
}

impl Lines {
    /// The line that starts at `start`. Lines are asked for in their order.
    pub(crate) fn line(&mut self, bytes: &[u8], start: usize) -> Line {
        let newline = match self.newline {
            Some(newline) if newline >= start => newline,
            _ => {
                let rest = bytes.get(start..).unwrap_or_default();
                memchr::memchr(b'\n', rest).map_or(bytes.len(), |place| start + place)
            }
        };
        self.newline = Some(newline);
        let usual = Line { end: newline, next: bytes.len().min(newline + 1), rare_marks: false };
        if self.is_plain(bytes, start, newline) {
            return usual;
        }
        let line = bytes.get(start..newline).unwrap_or_default();
        let mut rare_marks = false;
        let mut before = 0;
        let mut offset = 0;
        let (blocks, rest) = line.as_chunks::<BLOCK>();
        let mut padded = [0; BLOCK];
        if let Some(room) = padded.get_mut(..rest.len()) {
            room.copy_from_slice(rest);
        }
        for block in blocks.iter().chain((!rest.is_empty()).then_some(&padded)) {
            if before == 0x80 || is_suspect(block) {
                let found = look_at(before, block);
                rare_marks |= found.rare;
                if found.ends
                    && let Some((end, next)) =
                        rare_end(bytes, start + offset, newline.min(start + offset + BLOCK))
                {
                    return Line { end, next, rare_marks };
                }
            }
            before = block[BLOCK - 1];
            offset += BLOCK;
        }
        Line { rare_marks, ..usual }
    }

    /// Whether nothing rare stands in `start..end`. A text that has some is not looked through any more.
    fn is_plain(&mut self, bytes: &[u8], start: usize, end: usize) -> bool {
        while !self.has_rare && self.looked < end {
            let from = self.looked.max(start);
            let stretch = bytes.get(from..).unwrap_or_default();
            let mut padded = [0; STRETCH + 1];
            self.has_rare = !is_plain(stretch.first_chunk().unwrap_or_else(|| {
                if let Some(room) = padded.get_mut(..stretch.len()) {
                    room.copy_from_slice(stretch);
                }
                &padded
            }));
            self.looked = from + STRETCH;
        }
        !self.has_rare
    }
}

/// Bytes looked through together.
const STRETCH: usize = 256;

/// Whether a stretch of a text has no rare line end and no mark that is not ASCII. May be wrong about what has none.
#[inline(never)]
fn is_plain(stretch: &[u8; STRETCH + 1]) -> bool {
    let (Some(bytes), Some(nexts)) = (stretch.first_chunk::<STRETCH>(), stretch.last_chunk::<STRETCH>())
    else {
        return false;
    };
    bytes.iter().zip(nexts).fold(0, |met, (&byte, &next)| {
        met | u8::from(byte.wrapping_sub(0xB) < 3)
            // Of U+2000 to U+203F what stands behind `‥`, but for the narrow blank.
            | (u8::from(byte == 0x80) & u8::from(next >= 0xA6) & u8::from(next != 0xAF))
            // U+0085, U+2040 to U+207F, and some letters.
            | u8::from(byte == 0x85)
            | u8::from(byte == 0x81)
            | (u8::from(byte >= 0xD5) & u8::from(byte != 0xE2))
    }) == 0
}

/// Whether a block may hold a rare line end or a mark that is not ASCII: a control character, the byte after the first of
/// such a mark, or the first byte of a letter of another script.
fn is_suspect(block: &[u8; BLOCK]) -> bool {
    block.iter().fold(0, |met, &byte| {
        met | u8::from(byte.wrapping_sub(0xB) < 3)
            | u8::from(byte.wrapping_sub(0x80) < 6)
            | (u8::from(byte >= 0xD5) & u8::from(byte != 0xE2))
    }) != 0
}

/// What a block holds: something that may end a line, a mark that is not ASCII.
#[derive(Debug, Clone, Copy)]
struct Found {
    ends: bool,
    rare: bool,
}

/// Looks at each byte of a block and the one before it.
fn look_at(before: u8, block: &[u8]) -> Found {
    let (mut ends, mut rare) = (0, 0);
    let mut previous = before;
    for &byte in block {
        ends |= u8::from(byte.wrapping_sub(0xB) < 3);
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
    Found { ends: ends != 0, rare: rare != 0 }
}

/// The first line end other than `\n` whose last byte lies in `from..to`: where it starts and ends.
fn rare_end(bytes: &[u8], from: usize, to: usize) -> Option<(usize, usize)> {
    let at = |offset: usize| bytes.get(offset).copied().unwrap_or_default();
    (from..to).find_map(|offset| match at(offset) {
        0xB | 0xC => Some((offset, offset + 1)),
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
    use proptest::prelude::*;

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
            assert_eq!(Lines::default().line(bytes, 0).rare_marks, !alone, "{letter:?}");
        }
    }

    proptest! {
        #[test]
        fn texts_without_rare_marks_are_read_as_with(
            text in "([a-zé’« \u{202f}.!?]{0,90}[\n\r\u{85}\u{2028}…‼⁇‰¡ÅÁ。а]?\n?){0,12}",
        ) {
            let bytes = text.as_bytes();
            let (mut quick, mut careful) = (Lines::default(), Lines { has_rare: true, ..Lines::default() });
            let mut at = 0;
            while at < bytes.len() {
                let (found, expected) = (quick.line(bytes, at), careful.line(bytes, at));
                prop_assert_eq!((found.end, found.next), (expected.end, expected.next));
                prop_assert!(found.rare_marks == expected.rare_marks, "{:?} from {}", text, at);
                at = found.next;
            }
        }
    }

    #[test]
    fn line_ends_are_found_at_any_offset() {
        for end in ["\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
            for before in 0..70 {
                let text = format!("{}{end}é", "é".repeat(before / 2) + &"a".repeat(before % 2));
                let found = Lines::default().line(text.as_bytes(), 0);
                assert_eq!((found.end, found.next), (before, before + end.len()), "{end:?} after {before}");
            }
        }
        let found = Lines::default().line("été … à".as_bytes(), 0);
        assert_eq!(found, Line { end: 12, next: 12, rare_marks: true });
    }
}
