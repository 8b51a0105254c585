//! Single-byte encodings of the WHATWG standard: one character per byte, so the whole file is one run.

use crate::charset::SingleByte;
use crate::rules::{CONTESTED_BYTES, UNREADABLE_BYTES};
use crate::runs::Output;

/// Reads a document. Bytes on which Python's codec disagrees are written out, so that anyone can rebuild the text.
pub(super) fn read(table: &SingleByte, raw: &[u8], out: &mut Output<'_>) {
    out.text.reserve(raw.len() + raw.len() / 8);
    let (mut run_raw, mut run_text) = (0, out.text.len());
    let mut rest = raw;
    loop {
        let ascii = encoding_rs::Encoding::ascii_valid_up_to(rest);
        let (plain, beyond) = rest.split_at_checked(ascii).unwrap_or((rest, &[]));
        out.text.push_str(std::str::from_utf8(plain).unwrap_or_default());
        run_raw += plain.len();
        let Some((&byte, after)) = beyond.split_first() else { break };
        rest = after;
        let c = table.read(byte);
        if c != char::REPLACEMENT_CHARACTER && table.is_agreed(byte) {
            out.text.push(c);
            run_raw += 1;
            continue;
        }
        out.transcoded(run_raw, out.text.len() - run_text, 1);
        if c == char::REPLACEMENT_CHARACTER {
            out.lose(1, &UNREADABLE_BYTES);
        } else {
            out.replace(1, c.encode_utf8(&mut [0; 4]), &CONTESTED_BYTES);
        }
        (run_raw, run_text) = (0, out.text.len());
    }
    out.transcoded(run_raw, out.text.len() - run_text, 1);
}
