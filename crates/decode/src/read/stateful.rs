//! ISO-2022-JP, ISO-2022-KR, HZ and UTF-7: escape sequences change what the bytes after them mean.
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
            Stateful::Utf7 => byte == b'+' || !byte.is_ascii(),
        };
        let plain = rest.iter().position(shifts).unwrap_or(rest.len());
        let (ascii, shifted) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
        out.keep(std::str::from_utf8(ascii).unwrap_or_default());
        let taken = match stateful {
            Stateful::Iso2022Jp => japanese(shifted, out),
            Stateful::Iso2022Kr => korean(shifted, out),
            Stateful::Hz => chinese(shifted, out),
            Stateful::Utf7 => base64(shifted, out),
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

/// UTF-7 (RFC 2152): from `+` on, UTF-16 in base64, until a character that is none of base64; a hyphen there is taken too.
fn base64(raw: &[u8], out: &mut Output<'_>) -> usize {
    match raw {
        [] => 0,
        [b'+', b'-', ..] => {
            out.replace(2, "+", &STATEFUL_ENCODING);
            2
        }
        [b'+', coded @ ..] => {
            let len = coded.iter().position(|&byte| sextet(byte).is_none()).unwrap_or(coded.len());
            let units = utf16_of_base64(coded.get(..len).unwrap_or_default());
            let Some(text) =
                units.filter(|units| !units.is_empty()).and_then(|units| String::from_utf16(&units).ok())
            else {
                // A plus sign of somebody who did not know.
                out.keep("+");
                return 1;
            };
            let taken = 1 + len + usize::from(coded.get(len) == Some(&b'-'));
            out.replace(taken, &text, &STATEFUL_ENCODING);
            taken
        }
        _ => {
            out.lose(1, &UNREADABLE_BYTES);
            1
        }
    }
}

/// The code units; `None` where bits are left over that are not zero.
fn utf16_of_base64(coded: &[u8]) -> Option<Vec<u16>> {
    let (mut units, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for &byte in coded {
        bits = bits << 6 | u32::from(sextet(byte)?);
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push((bits >> count) as u16);
            bits &= (1 << count) - 1;
        }
    }
    (count < 6 && bits == 0).then_some(units)
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
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
