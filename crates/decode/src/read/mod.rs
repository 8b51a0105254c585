//! Reading bytes in a known encoding, with the runs that tie the text to them.

mod johab;
mod multi_byte;
mod single_byte;
mod stateful;
pub(crate) mod wide;

use tamis_core::Rule;

use crate::charset::Charset;
use crate::rules::{OTHER_ENCODING, RARE_ENCODING, UNREADABLE_BYTES};
use crate::runs::Output;

/// Reads all of `raw` as the document's encoding. Bytes that mean nothing become U+FFFD.
pub(crate) fn document(charset: Charset, raw: &[u8], out: &mut Output<'_>) {
    match charset {
        Charset::Utf8 => utf8_lossy(raw, out),
        Charset::Wide(wide) => wide::read(wide, raw, out),
        Charset::SingleByte(table) if table.standard => single_byte::read(table, raw, out),
        Charset::SingleByte(_) | Charset::Johab => written_out(charset, raw, &RARE_ENCODING, out),
        Charset::MultiByte(encoding) => multi_byte::read(encoding, raw, out),
        Charset::Stateful(stateful) => stateful::read(stateful, raw, out),
    }
}

/// Reads a line that is in another encoding than its document: ASCII is kept, everything else is written out.
pub(crate) fn foreign_line(charset: Charset, raw: &[u8], out: &mut Output<'_>) {
    if charset.extends_ascii() {
        written_out(charset, raw, &OTHER_ENCODING, out);
    } else {
        utf8_lossy(raw, out);
    }
}

/// Reads UTF-8; each maximal ill-formed subpart becomes one U+FFFD, as Unicode recommends and WHATWG requires.
pub(crate) fn utf8_lossy(raw: &[u8], out: &mut Output<'_>) {
    for chunk in raw.utf8_chunks() {
        out.keep(chunk.valid());
        if !chunk.invalid().is_empty() {
            out.lose(chunk.invalid().len(), &UNREADABLE_BYTES);
        }
    }
}

/// The next character of `raw`: how many bytes it takes (at least 1 unless `raw` is empty), and what it is; `None` when the
/// bytes mean nothing or more than one character.
pub(crate) fn next_character(charset: Charset, raw: &[u8]) -> (usize, Option<char>) {
    match (raw.first(), charset) {
        (None, _) => (0, None),
        (Some(&byte), _) if byte.is_ascii() => (1, Some(char::from(byte))),
        (Some(&byte), Charset::SingleByte(table)) => {
            (1, Some(table.read(byte)).filter(|&c| c != char::REPLACEMENT_CHARACTER))
        }
        (_, Charset::MultiByte(encoding)) => multi_byte::next_character(encoding, raw),
        (_, Charset::Johab) => johab::next_character(raw),
        _ => (1, None),
    }
}

fn written_out(charset: Charset, raw: &[u8], rule: &'static Rule, out: &mut Output<'_>) {
    let mut rest = raw;
    while !rest.is_empty() {
        let ascii = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (plain, beyond) = rest.split_at_checked(ascii).unwrap_or((rest, &[]));
        out.keep(std::str::from_utf8(plain).unwrap_or_default());
        rest = beyond;
        let (mut taken, start) = (0, out.text.len());
        while let Some(following) = rest.get(taken..)
            && following.first().is_some_and(|byte| !byte.is_ascii())
        {
            let (len, Some(c)) = next_character(charset, following) else { break };
            out.text.push(c);
            taken += len;
        }
        out.replaced(taken, out.text.len() - start, rule);
        rest = rest.get(taken..).unwrap_or_default();
        if rest.first().is_some_and(|byte| !byte.is_ascii()) {
            let (len, _) = next_character(charset, rest);
            out.lose(len, &UNREADABLE_BYTES);
            rest = rest.get(len..).unwrap_or_default();
        }
    }
}
