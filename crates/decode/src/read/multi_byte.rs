//! Shift_JIS, EUC-JP, EUC-KR, Big5, GBK and gb18030.
//!
//! The length of a sequence follows from its first bytes, so a document is cut into runs of equal length per character, each
//! decoded in one go by `encoding_rs`. A run that does not give one character per sequence is read sequence by sequence.

use encoding_rs::Encoding;

use crate::charset::Charset;
use crate::contested;
use crate::rules::{CONTESTED_BYTES, UNREADABLE_BYTES};
use crate::runs::Output;

/// Reads a document.
pub(super) fn read(encoding: &'static Encoding, raw: &[u8], out: &mut Output<'_>) {
    let mut rest = raw;
    while !rest.is_empty() {
        let unit = sequence_len(encoding, rest);
        let mut end = 0;
        while let Some(following) = rest.get(end..)
            && !following.is_empty()
            && sequence_len(encoding, following) == unit
            && is_ascii_first(following) == is_ascii_first(rest)
        {
            end += unit;
        }
        let run = rest.get(..end.min(rest.len())).unwrap_or_default();
        if is_ascii_first(rest) {
            out.keep(std::str::from_utf8(run).unwrap_or_default());
        } else {
            read_run(encoding, run, unit, out);
        }
        rest = rest.get(run.len()..).unwrap_or_default();
    }
}

fn is_ascii_first(raw: &[u8]) -> bool {
    raw.first().is_some_and(u8::is_ascii)
}

fn read_run(encoding: &'static Encoding, run: &[u8], unit: usize, out: &mut Output<'_>) {
    let contested = contested::ranges(Charset::MultiByte(encoding).label());
    let is_contested = |sequence: &[u8]| {
        // The two-byte sequences of gb18030 changed between editions; the characters they gave up moved to four bytes.
        sequence.len() == 4 && matches!(sequence.first(), Some(..0x90))
            || contested::covers(
                contested,
                sequence.iter().fold(0, |number, &byte| number << 8 | u32::from(byte)),
            )
    };
    if run.len().is_multiple_of(unit)
        && !run.chunks_exact(unit).any(is_contested)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(run)
        && text.chars().count() * unit == run.len()
    {
        out.text.push_str(&text);
        out.transcoded(run.len(), text.len(), unit as u8);
        return;
    }
    let mut rest = run;
    while !rest.is_empty() {
        let (len, sequence) = sequence_text(encoding, rest);
        match sequence {
            None => out.lose(len, &UNREADABLE_BYTES),
            Some(text) if text.chars().count() == 1 && !rest.get(..len).is_some_and(is_contested) => {
                out.text.push_str(&text);
                out.transcoded(len, text.len(), len as u8);
            }
            Some(text) => out.replace(len, &text, &CONTESTED_BYTES),
        }
        rest = rest.get(len..).unwrap_or_default();
    }
}

/// The next sequence and its text. An ill-formed one ends before an ASCII byte, which is read again by itself.
fn sequence_text(encoding: &'static Encoding, raw: &[u8]) -> (usize, Option<String>) {
    let len = sequence_len(encoding, raw).min(raw.len());
    let sequence = raw.get(..len).unwrap_or_default();
    match encoding.decode_without_bom_handling_and_without_replacement(sequence) {
        Some(text) if !text.is_empty() => (len, Some(text.into_owned())),
        _ => {
            let ill_formed = sequence.iter().skip(1).position(u8::is_ascii).map_or(len, |at| at + 1);
            (ill_formed.max(1), None)
        }
    }
}

/// See [`super::next_character`].
pub(super) fn next_character(encoding: &'static Encoding, raw: &[u8]) -> (usize, Option<char>) {
    let (len, text) = sequence_text(encoding, raw);
    let mut characters = text.as_deref().unwrap_or_default().chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => (len, Some(only)),
        _ => (len, None),
    }
}

/// How many bytes the sequence takes that starts `raw`, by its first bytes alone.
fn sequence_len(encoding: &'static Encoding, raw: &[u8]) -> usize {
    let (Some(&lead), second) = (raw.first(), raw.get(1)) else { return 1 };
    if lead.is_ascii() {
        return 1;
    }
    if encoding == encoding_rs::SHIFT_JIS {
        return if matches!(lead, 0x81..=0x9f | 0xe0..=0xfc) { 2 } else { 1 };
    }
    if encoding == encoding_rs::EUC_JP {
        return match lead {
            0x8f => 3,
            0x8e | 0xa1..=0xfe => 2,
            _ => 1,
        };
    }
    if encoding == encoding_rs::GBK || encoding == encoding_rs::GB18030 {
        return match (lead, second) {
            (0x81..=0xfe, Some(0x30..=0x39)) => 4,
            (0x81..=0xfe, _) => 2,
            _ => 1,
        };
    }
    if matches!(lead, 0x81..=0xfe) { 2 } else { 1 }
}
