//! What is known of the document as a whole.

use std::fmt::Write as _;

use tamis_io::{LedgerLine, Status};

use crate::Run;
use crate::shown::{count, harmless, percent, plural};
use crate::terminal::{Style, Tone, folded, hanging};

/// What is told of a document, by name.
pub(super) fn facts(line: &LedgerLine<'_>) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let mut row = |name: &'static str, value: String| facts.push((name, value));
    if let Some(reason) = &line.reason {
        row("because", harmless(reason));
    }
    if let Some(stage) = &line.stage {
        let rule = line.rule.as_deref().map(|rule| format!(", rule {rule}")).unwrap_or_default();
        row("by", harmless(&format!("stage {stage}{rule}")));
    }
    if let Some(value) = line.value {
        let threshold = line.threshold.map(|threshold| format!(" against a threshold of {threshold}"));
        row("measured", format!("{value}{}", threshold.unwrap_or_default()));
    }
    if let Some(original) = &line.duplicate_of {
        let similarity = line.similarity.map(|similarity| format!(", similarity {similarity}"));
        let index = line.duplicate_in.as_deref();
        let earlier = index.map(|index| format!(" of an earlier run (index {})", harmless(index)));
        let (earlier, similarity) = (earlier.unwrap_or_default(), similarity.unwrap_or_default());
        row("duplicate", format!("of {}{earlier}{similarity}", harmless(original)));
    }
    if let Some(offset) = line.offset {
        row("at byte", count(offset));
    }
    row("file", place(line));
    if let Some(hash) = &line.raw_sha256 {
        row("raw", format!("{}, SHA-256 {}", plural(line.raw_bytes, "byte"), harmless(hash)));
    }
    if let Some(encoding) = &line.encoding {
        row("encoding", decoding(encoding, line));
    }
    if let Some(language) = &line.lang {
        row("language", self::language(language, line));
    }
    if line.text_sha256.is_some() {
        let bytes = &line.bytes;
        let mut told = format!("{} kept ({})", count(bytes.kept), percent(bytes.kept, line.raw_bytes));
        for (name, number) in
            [("removed", bytes.removed), ("replaced", bytes.replaced), ("inserted", bytes.inserted)]
        {
            let _ = write!(told, ", {} {name}", count(number));
        }
        row("bytes", told);
    }
    facts
}

/// The tone of an end.
pub(super) fn tone(status: Status) -> Tone {
    match status {
        Status::Kept => Tone::Kept,
        Status::Dropped => Tone::Dropped,
        Status::Failed => Tone::Failed,
    }
}

/// Writes the header.
pub(super) fn write(run: &Run, line: &LedgerLine<'_>, wide: usize, style: Style, out: &mut String) {
    style.paint(Tone::Strong, &harmless(&line.id), out);
    out.push_str("  ");
    style.paint(tone(line.status), line.status.name(), out);
    out.push('\n');
    for (name, value) in facts(line) {
        hanging(name, &value, wide, style, out);
    }
    let rules = rules(run, line);
    if rules.is_empty() {
        return;
    }
    let longest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let sums = rules.iter().map(|rule| rule.sums.len()).max().unwrap_or(0);
    let indent = longest + sums + 6;
    let mut last = None;
    for rule in &rules {
        if last != Some(rule.stage) {
            out.push('\n');
            style.paint(Tone::Stage(rule.stage), &rule.stage_name, out);
            out.push('\n');
        }
        last = Some(rule.stage);
        out.push_str("  ");
        style.paint(Tone::Stage(rule.stage), &rule.id, out);
        let _ = write!(out, "{:pad$}  {:<sums$}", "", rule.sums, pad = longest - rule.id.len());
        // Without room for the reason beside it, it stands below.
        let (indent, room) = if wide >= indent + 24 { (indent, wide - indent) } else { (4, wide - 4) };
        for (place, part) in folded(&rule.reason, room).iter().enumerate() {
            if place > 0 || indent == 4 {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
            } else {
                out.push_str("  ");
            }
            style.paint(Tone::Faint, part, out);
        }
        out.push('\n');
    }
}

fn place(line: &LedgerLine<'_>) -> String {
    let mut place = harmless(&line.file);
    if let Some(number) = line.line {
        let _ = write!(place, ", line {}", count(number));
    }
    if let Some((start, end)) = line.byte_range {
        let _ = write!(place, " (bytes {start}–{end})");
    }
    if let Some(field) = line.field {
        let _ = write!(place, ", field `{}`", format!("{field:?}").to_lowercase());
    }
    place
}

fn decoding(encoding: &str, line: &LedgerLine<'_>) -> String {
    let mut out = harmless(encoding);
    if let Some(evidence) = &line.encoding_evidence {
        let _ = write!(out, " ({})", harmless(evidence));
    }
    if let Some(decoding) = &line.decoding {
        if let Some(declared) = &decoding.declared {
            let _ = write!(out, ", declared {}", harmless(declared));
        }
        if let Some(second) = &decoding.runner_up {
            let _ = write!(out, ", before {}", harmless(second));
        }
        if decoding.replacements > 0 {
            let _ = write!(out, ", {}", plural(u64::from(decoding.replacements), "unreadable sequence"));
        }
        if decoding.repairs > 0 {
            let _ = write!(out, ", {} of mojibake", plural(u64::from(decoding.repairs), "repair"));
        }
    }
    out
}

fn language(language: &str, line: &LedgerLine<'_>) -> String {
    let mut out = harmless(language);
    if let Some(confidence) = line.lang_confidence {
        let _ = write!(out, ", confidence {confidence}");
    }
    if let Some(second) = &line.lang_second {
        let _ = write!(out, ", before {}", harmless(second));
        if let Some(margin) = line.lang_margin {
            let _ = write!(out, " by {margin}");
        }
    }
    if line.lang_shares.len() > 1 {
        for (at, (tag, share)) in line.lang_shares.iter().enumerate() {
            let _ = write!(out, "{} {:.0} % {tag}", if at == 0 { ";" } else { "," }, share * 100.0);
        }
    }
    out
}

/// A rule that changed something.
pub(super) struct RuleRow {
    pub(super) id: String,
    pub(super) stage: usize,
    pub(super) stage_name: String,
    pub(super) sums: String,
    pub(super) reason: String,
}

/// The rules that changed something, by stage, in order of their first edit, with their reasons.
pub(super) fn rules(run: &Run, line: &LedgerLine<'_>) -> Vec<RuleRow> {
    let mut met: Vec<(&str, u64, u64)> = Vec::new();
    for edit in &line.edits {
        let bytes = edit.1.saturating_sub(edit.0);
        match met.iter_mut().find(|rule| rule.0 == edit.2) {
            Some(rule) => (rule.1, rule.2) = (rule.1 + 1, rule.2 + bytes),
            None => met.push((&edit.2, 1, bytes)),
        }
    }
    for (rule, edits, bytes) in line.counts.iter().flatten() {
        met.push((rule, *edits, *bytes));
    }
    let mut rows: Vec<RuleRow> = met
        .into_iter()
        .map(|(id, edits, bytes)| {
            let known = run.report.rules.iter().find(|rule| rule.rule == id);
            RuleRow {
                id: harmless(id),
                stage: run.stage_of(id),
                stage_name: known.map_or_else(|| "unknown".to_owned(), |rule| rule.stage.clone()),
                sums: format!("{}, {}", plural(edits, "edit"), plural(bytes, "byte")),
                reason: known.map(|rule| rule.reason.clone()).unwrap_or_default(),
            }
        })
        .collect();
    rows.sort_by_key(|row| row.stage);
    rows
}
