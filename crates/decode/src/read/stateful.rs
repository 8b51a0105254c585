//! ISO-2022-JP, ISO-2022-KR and HZ: escape sequences change what the bytes after them mean.
//!
//! ASCII stretches are kept; from an escape sequence to the one that returns to ASCII, or to the line's end, the text is
//! written out. That is a line at most in well-formed files, so an offset inside maps to its line.

use crate::charset::Stateful;
use crate::rules::{STATEFUL_ENCODING, UNREADABLE_BYTES};
use crate::runs::Output;

const ESCAPE: u8 = 0x1b;
const SHIFT_OUT: u8 = 0x0e;
const SHIFT_IN: u8 = 0x0f;

/// Reads a document.
pub(super) fn read(stateful: Stateful, raw: &[u8], out: &mut Output<'_>) {
    let mut rest = raw;
    while !rest.is_empty() {
        let shifts = |&byte: &u8| match stateful {
            Stateful::Iso2022Jp => byte == ESCAPE || !byte.is_ascii(),
            Stateful::Iso2022Kr => matches!(byte, ESCAPE | SHIFT_OUT | SHIFT_IN) || !byte.is_ascii(),
            Stateful::Hz => byte == b'~' || !byte.is_ascii(),
        };
        let plain = rest.iter().position(shifts).unwrap_or(rest.len());
        let (ascii, shifted) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
        out.keep(std::str::from_utf8(ascii).unwrap_or_default());
        let taken = match stateful {
            Stateful::Iso2022Jp => japanese(shifted, out),
            Stateful::Iso2022Kr => korean(shifted, out),
            Stateful::Hz => chinese(shifted, out),
        };
        rest = shifted.get(taken..).unwrap_or_default();
    }
}

fn japanese(raw: &[u8], out: &mut Output<'_>) -> usize {
    if raw.is_empty() {
        return 0;
    }
    if raw.first() != Some(&ESCAPE) {
        out.lose(1, &UNREADABLE_BYTES);
        return 1;
    }
    let back = raw
        .windows(3)
        .position(|window| matches!(window, [ESCAPE, b'(', b'B']))
        .map_or(raw.len(), |at| at + 3);
    let piece = raw.get(..back).unwrap_or(raw);
    let (text, _) = encoding_rs::ISO_2022_JP.decode_without_bom_handling(piece);
    out.replace(piece.len(), &text, &STATEFUL_ENCODING);
    piece.len()
}

fn korean(raw: &[u8], out: &mut Output<'_>) -> usize {
    match raw {
        [] => 0,
        [ESCAPE, b'$', b')', b'C', ..] => {
            out.remove(4, &STATEFUL_ENCODING);
            4
        }
        [SHIFT_IN, ..] => {
            out.remove(1, &STATEFUL_ENCODING);
            1
        }
        [SHIFT_OUT, shifted @ ..] => {
            let len = shifted
                .iter()
                .position(|&byte| matches!(byte, SHIFT_IN | b'\n' | b'\r'))
                .unwrap_or(shifted.len());
            let inside = shifted.get(..len).unwrap_or_default();
            let back = usize::from(shifted.get(len) == Some(&SHIFT_IN));
            shifted_pairs(inside, 1 + len + back, encoding_rs::EUC_KR, out)
        }
        _ => {
            out.lose(1, &UNREADABLE_BYTES);
            1
        }
    }
}

fn chinese(raw: &[u8], out: &mut Output<'_>) -> usize {
    match raw {
        [] => 0,
        [b'~', b'~', ..] => {
            out.replace(2, "~", &STATEFUL_ENCODING);
            2
        }
        [b'~', b'\n', ..] => {
            out.remove(2, &STATEFUL_ENCODING);
            2
        }
        [b'~', b'{', shifted @ ..] => {
            let back = shifted.windows(2).position(|window| window == b"~}");
            let line = shifted.iter().position(|&byte| byte == b'\n').unwrap_or(shifted.len());
            let len = back.unwrap_or(line).min(line);
            let inside = shifted.get(..len).unwrap_or_default();
            let closed = if back == Some(len) { 2 } else { 0 };
            shifted_pairs(inside, 2 + len + closed, encoding_rs::GBK, out)
        }
        [b'~', ..] => {
            out.keep("~");
            1
        }
        _ => {
            out.lose(1, &UNREADABLE_BYTES);
            1
        }
    }
}

/// Writes out pairs of seven-bit bytes that an eight-bit encoding has with the high bit set.
fn shifted_pairs(
    inside: &[u8],
    raw_len: usize,
    encoding: &'static encoding_rs::Encoding,
    out: &mut Output<'_>,
) -> usize {
    let high: Vec<u8> = inside.iter().map(|&byte| if byte > b' ' { byte | 0x80 } else { byte }).collect();
    let (text, _) = encoding.decode_without_bom_handling(&high);
    if text.is_empty() {
        out.remove(raw_len, &STATEFUL_ENCODING);
    } else {
        out.replace(raw_len, &text, &STATEFUL_ENCODING);
    }
    raw_len
}
