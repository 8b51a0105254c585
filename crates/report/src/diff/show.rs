//! A difference for people, in a terminal and as Markdown.

use std::fmt::{self, Write as _};

use super::{PartKind, PipelineChange, RuleChange, RunDiff, TextChange};
use crate::shown::{bytes, count, excerpt, harmless, plural};
use crate::terminal::{LEAST, Style, Tone, WIDTH, flow, folded};
use crate::words::{Fate, stretches};

impl fmt::Display for RunDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&terminal(self, false, None))
    }
}

/// For a terminal.
pub(super) fn terminal(diff: &RunDiff, color: bool, width: Option<usize>) -> String {
    let (style, wide) = (Style { color }, width.unwrap_or(WIDTH).max(LEAST));
    let mut out = String::new();
    if diff.tamis.0 != diff.tamis.1 {
        let _ = writeln!(out, "tamis {} → {}\n", harmless(&diff.tamis.0), harmless(&diff.tamis.1));
    }
    if !diff.pipeline.is_empty() {
        heading("pipeline", style, &mut out);
        for change in &diff.pipeline {
            indented(2, &option(change), wide, Tone::Plain, style, &mut out);
        }
        out.push('\n');
    }
    for (name, was, is) in accounts(diff) {
        let _ = write!(out, "{name:<10} {:>12} → {:>12}  ", count(was), count(is));
        let tone = if name == "kept" || name == "documents" { Tone::Strong } else { Tone::Plain };
        style.paint(tone, &signed(was, is, count), &mut out);
        out.push('\n');
    }
    if !diff.rules.is_empty() {
        out.push('\n');
        heading("rules", style, &mut out);
        let longest = diff.rules.iter().map(|rule| rule.rule.len()).max().unwrap_or(0);
        for rule in &diff.rules {
            let name = harmless(&rule.rule);
            indented(
                2,
                &format!("{name:<longest$}  {}", did(rule).join(", ")),
                wide,
                Tone::Plain,
                style,
                &mut out,
            );
        }
    }
    if diff.documents.is_empty() {
        out.push_str("\nno document changed\n");
    }
    for (change, changed) in &diff.documents {
        out.push('\n');
        heading(&format!("{}: {}", change.says(), plural(changed.documents, "document")), style, &mut out);
        for (rule, times) in &changed.rules {
            indented(
                2,
                &format!("by {}: {}", harmless(rule), count(*times)),
                wide,
                Tone::Faint,
                style,
                &mut out,
            );
        }
        for (id, what) in &changed.first {
            out.push_str("    ");
            style.paint(Tone::Strong, &excerpt(id, 200), &mut out);
            out.push('\n');
            if !what.is_empty() {
                indented(6, &excerpt(what, 300), wide, Tone::Plain, style, &mut out);
            }
        }
        let more = changed.documents.saturating_sub(changed.first.len() as u64);
        if more > 0 {
            let _ = writeln!(out, "    … and {} more", count(more));
        }
    }
    if !diff.amounts.is_empty() {
        out.push('\n');
        heading("amounts, by kind: only before, only after", style, &mut out);
        for (kind, (gone, new)) in &diff.amounts {
            let _ = writeln!(out, "  {:<16} −{} +{}", harmless(kind), count(*gone), count(*new));
        }
    }
    if !diff.texts.is_empty() {
        out.push('\n');
        heading("texts, the largest changes first", style, &mut out);
        for text in &diff.texts {
            out.push('\n');
            text_change(text, wide, style, &mut out);
        }
    }
    out
}

fn heading(text: &str, style: Style, out: &mut String) {
    style.paint(Tone::Strong, text, out);
    out.push('\n');
}

/// A line behind `by` spaces, folded.
fn indented(by: usize, text: &str, wide: usize, tone: Tone, style: Style, out: &mut String) {
    for (place, line) in folded(text, wide.saturating_sub(by + 2)).iter().enumerate() {
        out.extend(std::iter::repeat_n(' ', if place == 0 { by } else { by + 2 }));
        style.paint(tone, line, out);
        out.push('\n');
    }
}

fn text_change(text: &TextChange, wide: usize, style: Style, out: &mut String) {
    style.paint(Tone::Strong, &harmless(&text.id), out);
    let _ = writeln!(out, "  −{} +{}", bytes(text.gone), bytes(text.new));
    if !text.rules.is_empty() {
        flow([(Tone::Faint, by_rules(text).as_str())], wide, style, out);
    }
    let parts = text.parts.iter().map(|part| {
        let fate = match part.kind {
            PartKind::Omitted => return None,
            PartKind::Same => Fate::Same,
            PartKind::Gone => Fate::Gone,
            PartKind::New => Fate::New,
        };
        Some((fate, harmless(&part.text)))
    });
    stretches(&parts.collect::<Vec<_>>(), wide, style, out);
    if text.more > 0 {
        let _ = writeln!(out, "… and {} more", plural(text.more, "change"));
    }
}

/// The rules behind a change of a text.
pub(super) fn by_rules(text: &TextChange) -> String {
    let told = text.rules.iter().map(|(rule, (less, more))| format!("{} −{less} +{more}", harmless(rule)));
    format!("edits: {}", told.collect::<Vec<_>>().join(", "))
}

/// The sums of both accounts.
pub(super) fn accounts(diff: &RunDiff) -> [(&'static str, u64, u64); 4] {
    let (before, after) = &diff.accounting;
    [
        ("documents", before.documents, after.documents),
        ("kept", before.kept, after.kept),
        ("dropped", before.dropped, after.dropped),
        ("failed", before.failed, after.failed),
    ]
}

/// An option that differs.
pub(super) fn option(change: &PipelineChange) -> String {
    let none = || "–".to_owned();
    let (was, is) = (change.before.clone().unwrap_or_else(none), change.after.clone().unwrap_or_else(none));
    format!("{}  {} → {}", harmless(&change.path), excerpt(&was, 200), excerpt(&is, 200))
}

/// What a rule did more or less of.
pub(super) fn did(rule: &RuleChange) -> Vec<String> {
    let mut told = Vec::new();
    if rule.dropped.0 != rule.dropped.1 {
        told.push(format!("{} documents dropped", signed(rule.dropped.0, rule.dropped.1, count)));
    }
    if rule.edits.0 != rule.edits.1 {
        told.push(format!("{} edits", signed(rule.edits.0, rule.edits.1, count)));
    }
    if rule.raw_bytes.0 != rule.raw_bytes.1 {
        told.push(signed(rule.raw_bytes.0, rule.raw_bytes.1, bytes));
    }
    told
}

/// The difference with its sign; nothing where there is none.
pub(super) fn signed(was: u64, is: u64, shown: fn(u64) -> String) -> String {
    match was.cmp(&is) {
        std::cmp::Ordering::Less => format!("+{}", shown(is - was)),
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!("−{}", shown(was - is)),
    }
}

/// As Markdown, for a comment on a change.
pub(super) fn markdown(diff: &RunDiff) -> String {
    let mut out = String::new();
    if diff.documents.is_empty() {
        out.push_str("**No document changed.**\n");
    }
    if diff.tamis.0 != diff.tamis.1 {
        let _ = writeln!(out, "\ntamis {} → {}", escaped(&diff.tamis.0), escaped(&diff.tamis.1));
    }
    out.push_str("\n| | before | after | |\n| --- | ---: | ---: | ---: |\n");
    for (name, was, is) in accounts(diff) {
        let _ = writeln!(out, "| {name} | {} | {} | {} |", count(was), count(is), signed(was, is, count));
    }
    if !diff.pipeline.is_empty() {
        out.push_str("\n### Pipeline\n\n");
        for change in &diff.pipeline {
            let _ = writeln!(out, "- {}", escaped(&option(change)));
        }
    }
    if !diff.documents.is_empty() {
        out.push_str("\n### Documents\n\n| change | documents | by |\n| --- | ---: | --- |\n");
        for (change, changed) in &diff.documents {
            let rules =
                changed.rules.iter().map(|(rule, times)| format!("{} {}", escaped(rule), count(*times)));
            let rules = rules.collect::<Vec<_>>().join(", ");
            let _ = writeln!(out, "| {} | {} | {rules} |", change.says(), count(changed.documents));
        }
    }
    if !diff.rules.is_empty() {
        out.push_str("\n### Rules\n\n| rule | |\n| --- | --- |\n");
        for rule in &diff.rules {
            let _ = writeln!(out, "| {} | {} |", escaped(&rule.rule), did(rule).join(", "));
        }
    }
    for (change, changed) in &diff.documents {
        let _ = writeln!(
            out,
            "\n<details><summary>{}: {}</summary>\n",
            change.says(),
            plural(changed.documents, "document")
        );
        for (id, what) in &changed.first {
            let what =
                if what.is_empty() { String::new() } else { format!(": {}", escaped(&excerpt(what, 300))) };
            let _ = writeln!(out, "- {}{what}", escaped(&excerpt(id, 200)));
        }
        let more = changed.documents.saturating_sub(changed.first.len() as u64);
        if more > 0 {
            let _ = writeln!(out, "- … and {} more", count(more));
        }
        out.push_str("\n</details>\n");
    }
    for text in &diff.texts {
        let _ = writeln!(
            out,
            "\n<details><summary>{} (−{} +{})</summary>\n",
            escaped(&harmless(&text.id)),
            bytes(text.gone),
            bytes(text.new)
        );
        if !text.rules.is_empty() {
            let _ = writeln!(out, "{}\n", escaped(&by_rules(text)));
        }
        for part in &text.parts {
            let text = escaped(&harmless(&part.text)).replace('\n', "<br>\n");
            match part.kind {
                PartKind::Omitted => out.push_str(" […] "),
                PartKind::Same => out.push_str(&text),
                PartKind::Gone => {
                    let _ = write!(out, "<del>{text}</del>");
                }
                PartKind::New => {
                    let _ = write!(out, "<ins>{text}</ins>");
                }
            }
        }
        out.push_str("\n\n</details>\n");
    }
    out
}

/// Text as Markdown shows it: nothing of it is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '@' | '!' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
