//! Where one character of the clean text comes from.

use std::fmt::Write as _;
use std::ops::Range;

use tamis_io::LedgerLine;

use super::ExplainError;
use super::style::Style;
use crate::encoding::Characters;
use crate::shown::{excerpt, harmless};
use crate::{Piece, Rebuilt, rebuild};

/// So many characters are shown before and after.
const AROUND: usize = 30;

/// Shows the raw bytes behind the code point `at`.
pub(super) fn show(line: &LedgerLine<'_>, raw: &[u8], at: u64, style: Style) -> Result<String, ExplainError> {
    if line.text_sha256.is_none() || line.counts.is_some() {
        let why = if line.counts.is_some() { "the ledger has counts instead of edits" } else { "it failed" };
        return Err(ExplainError::NoWayBack(why.to_owned()));
    }
    let rebuilt = rebuild(raw, line.encoding.as_deref(), &line.edits)
        .map_err(|misfit| ExplainError::NoWayBack(misfit.to_string()))?;
    let outside = || ExplainError::Outside { at, points: rebuilt.text.chars().count() as u64 };
    let place = usize::try_from(at).map_err(|_| outside())?;
    let (byte, c) = rebuilt.text.char_indices().nth(place).ok_or_else(outside)?;
    let piece = rebuilt.pieces.iter().find(|piece| piece.text.contains(&byte)).ok_or_else(outside)?;
    let range = raw_range(line, raw, &rebuilt, piece, byte);

    let mut out = String::new();
    let (before, after) = around(&rebuilt.text, byte);
    out.push_str(&excerpt(&before, AROUND));
    style.strong(&format!("⟦{}⟧", excerpt(&c.to_string(), 1)), &mut out);
    out.push_str(&excerpt(&after, AROUND));
    out.push('\n');
    let mut row = |name: &str, value: &str| {
        style.faint(&format!("{name:<11}"), &mut out);
        out.push_str(value);
        out.push('\n');
    };
    row("character", &format!("U+{:04X}, code point {at} of the clean text (byte {byte})", u32::from(c)));
    let mut file = harmless(&line.file);
    if let Some(number) = line.line {
        let _ = write!(file, ", line {number}, bytes of its field");
    }
    row("file", &file);
    match &piece.edit {
        None => row("kept", &format!("read in {}", line.encoding.as_deref().unwrap_or("utf-8"))),
        Some((place, edit)) => {
            let kind = if piece.raw.is_empty() { "inserted" } else { "replaced" };
            let score = line.scores.get(*place).copied().flatten();
            let score = score.map(|score| format!(", score {score}")).unwrap_or_default();
            row(kind, &format!("by {}{score}", harmless(&edit.2)));
            row("with", &format!("`{}`", excerpt(edit.3.as_deref().unwrap_or_default(), 60)));
        }
    }
    row("raw bytes", &format!("{}–{}", range.start, range.end));
    let bytes = raw.get(range).unwrap_or_default();
    let mut hex: Vec<String> = bytes.iter().take(32).map(|byte| format!("{byte:02x}")).collect();
    if bytes.len() > 32 {
        hex.push("…".to_owned());
    }
    row("", &hex.join(" "));
    Ok(out)
}

/// The raw bytes of the character at `byte` of the text: its own where it was kept, all that were replaced otherwise.
fn raw_range(
    line: &LedgerLine<'_>,
    raw: &[u8],
    rebuilt: &Rebuilt<'_>,
    piece: &Piece<'_>,
    byte: usize,
) -> Range<usize> {
    if piece.edit.is_some() {
        return piece.raw.clone();
    }
    let before = rebuilt.text.get(piece.text.start..byte).unwrap_or_default().chars().count();
    let bytes = raw.get(piece.raw.clone()).unwrap_or_default();
    let mut start = piece.raw.start;
    for (place, character) in Characters::new(line.encoding.as_deref(), bytes).enumerate() {
        if place == before {
            return start..start + character.bytes;
        }
        start += character.bytes;
    }
    piece.raw.clone()
}

fn around(text: &str, byte: usize) -> (String, String) {
    let (before, from) = text.split_at_checked(byte).unwrap_or((text, ""));
    let mut before: Vec<char> = before.chars().rev().take(AROUND).collect();
    before.reverse();
    let after = from.chars().skip(1).take(AROUND).collect();
    (before.into_iter().collect(), after)
}
