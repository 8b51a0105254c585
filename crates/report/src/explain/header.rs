//! What is known of the document as a whole.

use std::fmt::Write as _;

use tamis_io::LedgerLine;

use super::style::Style;
use crate::Run;
use crate::shown::{count, harmless, plural};

/// Writes the header.
pub(super) fn show(run: &Run, line: &LedgerLine<'_>, style: Style, out: &mut String) {
    style.strong(&harmless(&line.id), out);
    out.push_str("  ");
    style.strong(line.status.name(), out);
    out.push('\n');
    let mut row = |name: &str, value: String| {
        style.faint(&format!("{name:<11}"), out);
        out.push_str(&value);
        out.push('\n');
    };
    if let Some(reason) = &line.reason {
        row("because", harmless(reason));
    }
    if let Some(stage) = &line.stage {
        let rule = line.rule.as_deref().map(|rule| format!(", rule {rule}")).unwrap_or_default();
        row("by", format!("stage {stage}{rule}"));
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
        row("raw", format!("{}, SHA-256 {hash}", plural(line.raw_bytes, "byte")));
    }
    if let Some(encoding) = &line.encoding {
        row("encoding", decoding(encoding, line));
    }
    if let Some(language) = &line.lang {
        row("language", self::language(language, line));
    }
    if line.text_sha256.is_some() {
        let bytes = &line.bytes;
        row(
            "bytes",
            format!(
                "{} kept, {} removed, {} replaced, {} inserted",
                count(bytes.kept),
                count(bytes.removed),
                count(bytes.replaced),
                count(bytes.inserted)
            ),
        );
    }
    rules(run, line, style, out);
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
    let mut out = encoding.to_owned();
    if let Some(evidence) = &line.encoding_evidence {
        let _ = write!(out, " ({evidence})");
    }
    if let Some(decoding) = &line.decoding {
        if let Some(declared) = &decoding.declared {
            let _ = write!(out, ", declared {declared}");
        }
        if let Some(second) = &decoding.runner_up {
            let _ = write!(out, ", before {second}");
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
    let mut out = language.to_owned();
    if let Some(confidence) = line.lang_confidence {
        let _ = write!(out, ", confidence {confidence}");
    }
    if let Some(second) = &line.lang_second {
        let _ = write!(out, ", before {second}");
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

/// The rules that changed something, in order of their first edit, with their reasons.
fn rules(run: &Run, line: &LedgerLine<'_>, style: Style, out: &mut String) {
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
    let width = met.iter().map(|rule| rule.0.len()).max().unwrap_or(0);
    for (place, (id, edits, bytes)) in met.into_iter().enumerate() {
        style.faint(if place == 0 { "rules      " } else { "           " }, out);
        let sums = format!("{}, {}", plural(edits, "edit"), plural(bytes, "byte"));
        let _ = write!(out, "{id:<width$}  {sums:<22}  ");
        let reason = run.report.rules.iter().find(|rule| rule.rule == id);
        style.faint(reason.map_or("", |rule| &rule.reason), out);
        out.push('\n');
    }
}
