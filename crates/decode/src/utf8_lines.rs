//! Lines of UTF-8 in a file of a single-byte encoding.
//!
//! Files grow by pasting: a page in windows-1252 gets a paragraph in UTF-8. That paragraph is well-formed UTF-8, which other
//! text hardly ever is, and reads as words only so.

use crate::charset::{Charset, SingleByte};
use crate::letters::{Cost, language_of, mean_cost_beyond_ascii};
use crate::read;
use crate::rules::OTHER_ENCODING;
use crate::runs::Output;

/// The dearest price of a letter beyond ASCII, with its neighbours, in a line that reads as words.
const PLAUSIBLE_LETTER: Cost = 125;

/// Reads a document in `table`'s encoding, lines that are UTF-8 as such.
pub(crate) fn read(table: &'static SingleByte, raw: &[u8], out: &mut Output<'_>) {
    let charset = Charset::SingleByte(table);
    let mut rest = raw;
    while let Some((at, text)) = next_utf8_line(table, rest) {
        read::document(charset, rest.get(..at).unwrap_or_default(), out);
        write(text, out);
        rest = rest.get(at + text.len()..).unwrap_or_default();
    }
    read::document(charset, rest, out);
}

/// The first line that is UTF-8 beyond ASCII and reads as words, and where it starts.
fn next_utf8_line<'a>(table: &SingleByte, raw: &'a [u8]) -> Option<(usize, &'a str)> {
    let mut at = 0;
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        if !line.is_ascii()
            && let Ok(text) = std::str::from_utf8(line)
            && reads_as_words(text, line, table)
        {
            return Some((at, text));
        }
        at += line.len();
    }
    None
}

fn reads_as_words(text: &str, line: &[u8], table: &SingleByte) -> bool {
    let Some(language) = language_of(text) else { return false };
    let otherwise: String = line.iter().map(|&byte| table.read(byte)).collect();
    match (mean_cost_beyond_ascii(text, language), mean_cost_beyond_ascii(&otherwise, language)) {
        (Some(as_utf8), Some(otherwise)) => as_utf8 <= PLAUSIBLE_LETTER && as_utf8 < otherwise,
        _ => false,
    }
}

fn write(text: &str, out: &mut Output<'_>) {
    let mut rest = text;
    while !rest.is_empty() {
        let ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (plain, beyond) = rest.split_at_checked(ascii).unwrap_or((rest, ""));
        out.text.push_str(plain);
        out.transcoded(plain.len(), plain.len(), 1);
        let len = beyond.bytes().position(|byte| byte.is_ascii()).unwrap_or(beyond.len());
        let (other, after) = beyond.split_at_checked(len).unwrap_or((beyond, ""));
        if !other.is_empty() {
            out.replace(other.len(), other, &OTHER_ENCODING);
        }
        rest = after;
    }
}
