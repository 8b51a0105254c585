//! Where one character of the clean text comes from: file, bytes, and what stood there after each stage.

use std::fmt::Write as _;
use std::ops::Range;

use super::history::History;
use super::{ExplainError, Explanation};
use crate::encoding::Characters;
use crate::shown::{count, excerpt, harmless};
use crate::terminal::{Style, Tone, flow, folded, hanging};
use crate::{Piece, Rebuilt, rebuild};

/// So many characters are shown before and after.
const AROUND: usize = 60;
/// So many raw bytes are written out.
const BYTES: usize = 32;

/// Shows the raw bytes behind the code point `at`.
pub(super) fn show(
    explanation: &Explanation<'_>,
    at: u64,
    history: Result<&History<'_>, &str>,
    wide: usize,
    style: Style,
) -> Result<String, ExplainError> {
    let line = &explanation.line;
    let raw = match &explanation.raw {
        Ok(read) => read.document.raw.as_slice(),
        Err(why) => return Err(ExplainError::NoWayBack(why.clone())),
    };
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
    let range = raw_range(line.encoding.as_deref(), raw, &rebuilt, piece, byte);

    let mut out = String::new();
    let (before, after) = around(&rebuilt.text, byte);
    let shown = format!("⟦{}⟧", excerpt(&c.to_string(), 1));
    flow(
        [(Tone::Plain, before.as_str()), (Tone::Strong, &shown), (Tone::Plain, &after)],
        wide,
        style,
        &mut out,
    );
    out.push('\n');
    let mut row = |name: &str, value: &str| hanging(name, value, wide, style, &mut out);
    row(
        "character",
        &format!("{}, code point {} of the clean text (byte {})", named(c), count(at), count(byte as u64)),
    );
    let mut file = harmless(&line.file);
    if let Some(number) = line.line {
        let _ = write!(file, ", line {number}");
    }
    if let Some((start, end)) = line.byte_range {
        let _ = write!(file, " (bytes {}–{} of the file)", count(start), count(end));
    }
    row("file", &file);
    let of = if line.field.is_some() { "its field's value" } else { "the file" };
    let told = match (range.end - range.start, piece.raw.is_empty()) {
        (_, true) => format!("none: inserted at byte {} of {of}", count(range.start as u64)),
        (1, _) => format!("{} of {of}, 1 byte", count(range.start as u64)),
        (len, _) => format!(
            "{}–{} of {of}, {} bytes",
            count(range.start as u64),
            count(range.end as u64),
            count(len as u64)
        ),
    };
    row("raw bytes", &told);
    let bytes = raw.get(range.clone()).unwrap_or_default();
    if !bytes.is_empty() {
        let mut hex: Vec<String> = bytes.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect();
        if bytes.len() > BYTES {
            hex.push("…".to_owned());
        }
        row("", &hex.join(" "));
    }
    if let Some((place, edit)) = &piece.edit {
        let kind = if piece.raw.is_empty() { "inserted" } else { "replaced" };
        let score = line.scores.get(*place).copied().flatten();
        let score = score.map(|score| format!(", evidence {score} against 0")).unwrap_or_default();
        let new = excerpt(edit.3.as_deref().unwrap_or_default(), 60);
        row(kind, &format!("by {}{score}, with `{new}`", harmless(&edit.2)));
    } else {
        row("kept", &format!("read in {}", line.encoding.as_deref().unwrap_or("utf-8")));
    }
    out.push('\n');
    match history {
        Err(why) => flow([(Tone::Faint, why)], wide, style, &mut out),
        Ok(history) => steps(history, &range, line.encoding.as_deref(), wide, style, &mut out),
    }
    Ok(out)
}

/// What stood there after each stage.
fn steps(
    history: &History<'_>,
    range: &Range<usize>,
    encoding: Option<&str>,
    wide: usize,
    style: Style,
    out: &mut String,
) {
    let stood = history.of(range);
    let longest = stood.iter().map(|step| step.stage_name.len()).max().unwrap_or(0);
    for step in stood {
        style.paint(Tone::Stage(step.stage), step.stage_name, out);
        let _ = write!(out, "{:pad$}  ", "", pad = longest - step.stage_name.len());
        let text = if step.text.is_empty() {
            "nothing".to_owned()
        } else {
            let one = (step.text.chars().count() == 1).then(|| step.text.chars().next()).flatten();
            one.map_or_else(|| format!("`{}`", excerpt(&step.text, 40)), named)
        };
        let why = match step.rule {
            Some((rule, reason)) => format!("{text}, {rule}: {reason}"),
            None if step.stage == 0 => format!("{text}, read in {}", encoding.unwrap_or("utf-8")),
            None if step.unchanged => {
                style.paint(Tone::Faint, "unchanged", out);
                out.push('\n');
                continue;
            }
            None => text,
        };
        let room = wide.saturating_sub(longest + 2).max(20);
        for (place, part) in folded(&why, room).iter().enumerate() {
            if place > 0 {
                out.extend(std::iter::repeat_n(' ', longest + 2));
            }
            out.push_str(part);
            out.push('\n');
        }
    }
}

/// A character by its code point, and itself where it shows.
fn named(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    match c {
        '\n' => format!("{code} (line end)"),
        ' ' => format!("{code} (space)"),
        '\u{a0}' => format!("{code} (no-break space)"),
        '\u{202f}' => format!("{code} (narrow no-break space)"),
        c if c.is_whitespace() || c.is_control() => code,
        c => format!("{code} `{}`", harmless(&c.to_string())),
    }
}

/// The raw bytes of the character at `byte` of the text: its own where it was kept, all that were replaced otherwise.
fn raw_range(
    encoding: Option<&str>,
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
    for (place, character) in Characters::new(encoding, bytes).enumerate() {
        if place == before {
            return start..start + character.bytes;
        }
        start += character.bytes;
    }
    piece.raw.clone()
}

/// What stands before and after, on one line.
fn around(text: &str, byte: usize) -> (String, String) {
    let (before, from) = text.split_at_checked(byte).unwrap_or((text, ""));
    let mut head: Vec<char> = before.chars().rev().take(AROUND).collect();
    head.reverse();
    let cut = before.chars().count() > AROUND;
    let head: String = head.into_iter().collect();
    let mut after = from.chars();
    after.next();
    let rest = after.as_str();
    (format!("{}{}", if cut { "…" } else { "" }, excerpt(&head, AROUND)), excerpt(rest, AROUND))
}
