//! UTF-16 and UTF-32 without a byte order mark.

use crate::charset::Wide;
use crate::ideographs::{self, Ideographic};

/// Bytes looked at.
const HEAD: usize = 4096;
/// Of the characters, this share must be ordinary text, in percent. Bytes of other encodings read as UTF-16 are ideographs
/// at random, most of them rare; damaged files keep nearly all of their text.
const LEAST_ORDINARY: usize = 85;

/// After this many characters, a reading with less than this share is given up.
const FIRST: usize = 48;
const LEAST_AT_FIRST: usize = 60;

/// The encoding, if the bytes have the shape of one of these.
pub(crate) fn detect(raw: &[u8]) -> Option<Wide> {
    [Wide::Utf32Le, Wide::Utf32Be, Wide::Utf16Le, Wide::Utf16Be]
        .into_iter()
        .filter_map(|wide| Some((share(wide, raw)?, wide)))
        .filter(|&(ordinary, _)| ordinary >= LEAST_ORDINARY)
        .max_by_key(|&(ordinary, _)| ordinary)
        .map(|(_, wide)| wide)
}

/// The share of ordinary characters, in percent.
fn share(wide: Wide, raw: &[u8]) -> Option<usize> {
    let mut rest = raw.get(..HEAD.min(raw.len()))?;
    if rest.len() < 2 * wide.unit() {
        return None;
    }
    let (mut all, mut ordinary) = (0, 0);
    while rest.len() >= wide.unit() {
        let (len, read) = wide.next_character(rest);
        all += 1;
        ordinary += usize::from(read.is_some_and(is_ordinary));
        rest = rest.get(len..)?;
        // Nearly all bytes that are of another kind show it at once.
        if all == FIRST && ordinary * 100 < FIRST * LEAST_AT_FIRST {
            return None;
        }
    }
    Some(ordinary * 100 / all.max(1))
}

fn is_ordinary(c: char) -> bool {
    match c {
        '\t'
        | '\n'
        | '\r'
        | ' '..='~'
        | '\u{a0}'..='\u{24f}'
        | '\u{370}'..='\u{6ff}'
        | '\u{900}'..='\u{e7f}'
        | '\u{10a0}'..='\u{10ff}'
        | '\u{1e00}'..='\u{1fff}'
        | '\u{2010}'..='\u{203a}'
        | '\u{20ac}'
        | '\u{3000}'..='\u{30ff}'
        | '\u{ff01}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{2a6df}' => true,
        _ => Ideographic::ALL.into_iter().any(|language| ideographs::is_listed(c, language)),
    }
}

/// Bytes that a byte order mark says are text, and are not.
pub(crate) fn is_garbage(wide: Wide, raw: &[u8]) -> bool {
    let mut rest = raw.get(..HEAD.min(raw.len())).unwrap_or(raw);
    let (mut all, mut bad) = (0, 0);
    while rest.len() >= wide.unit() {
        let (len, read) = wide.next_character(rest);
        all += 1;
        bad += usize::from(read.is_none_or(is_no_text));
        rest = rest.get(len..).unwrap_or_default();
    }
    all >= 16 && bad * 4 > all
}

fn is_no_text(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')
        || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}
