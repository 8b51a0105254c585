//! What was drawn, for people and for programs.

use std::fmt::Write as _;

use super::{Drawn, Passage, Sample};
use crate::shown::{count, excerpt, harmless, plural};
use crate::terminal::{LEAST, Style, Tone, WIDTH, flow};

/// So many characters are shown of a text, and of a passage, unless all is asked for.
const LONGEST: usize = 700;

impl Sample {
    /// One object a line.
    pub fn jsonl(&self) -> String {
        let mut out = String::new();
        for drawn in &self.drawn {
            // Strings and numbers alone: this cannot fail.
            out.push_str(&serde_json::to_string(drawn).unwrap_or_default());
            out.push('\n');
        }
        out
    }

    /// For a terminal of `width` columns, 100 when nobody says; long texts by beginning and end unless `whole`.
    pub fn terminal(&self, color: bool, width: Option<usize>, whole: bool) -> String {
        let (style, wide) = (Style { color }, width.unwrap_or(WIDTH).max(LEAST));
        let mut out = String::new();
        let unit = if self.passages { "passage" } else { "document" };
        let told = format!("{} of {}", count(self.drawn.len() as u64), plural(self.of, unit));
        style.paint(Tone::Faint, &told, &mut out);
        out.push('\n');
        for drawn in &self.drawn {
            out.push('\n');
            head(drawn, wide, style, &mut out);
            match (&drawn.passage, &drawn.text) {
                (Some(passage), _) => in_context(passage, wide, style, whole, &mut out),
                (None, Some(text)) => {
                    flow([(Tone::Plain, harmless(&cut(text, whole)).as_str())], wide, style, &mut out);
                }
                (None, None) => {}
            }
            if let Some(note) = &drawn.note {
                flow([(Tone::Faint, note.as_str())], wide, style, &mut out);
            }
        }
        out
    }
}

/// The document, and what was decided.
fn head(drawn: &Drawn, wide: usize, style: Style, out: &mut String) {
    let mut told = String::new();
    if let Some(rule) = &drawn.rule {
        let _ = write!(told, "  {}", harmless(rule));
    }
    if let Some(passage) = &drawn.passage {
        if let Some(evidence) = passage.evidence {
            let (sign, compared) = if evidence < 0 { ("−", '<') } else { ("", '≥') };
            let _ = write!(told, " {sign}{} {compared} 0", evidence.unsigned_abs());
        }
        let _ = write!(told, ", raw bytes {}–{}", count(passage.raw_start), count(passage.raw_end));
    }
    if let Some(value) = drawn.value {
        let _ = write!(told, " {value}");
        if let Some(threshold) = drawn.threshold {
            let _ = write!(told, " against {threshold}");
        }
    }
    if let Some(original) = &drawn.duplicate_of {
        let _ = write!(told, " of {}", harmless(original));
    }
    if drawn.rule.is_none()
        && let Some(reason) = &drawn.reason
    {
        let _ = write!(told, "  {}", harmless(reason));
    }
    if let Some(lang) = drawn.lang.as_deref().filter(|_| drawn.passage.is_none()) {
        let _ = write!(told, "  {}", harmless(lang));
    }
    let status = if drawn.passage.is_some() { String::new() } else { format!("  {}", drawn.status.name()) };
    let id = harmless(&drawn.id);
    flow([(Tone::Strong, id.as_str()), (Tone::Faint, &status), (Tone::Faint, &told)], wide, style, out);
}

/// A passage between what stands around it.
fn in_context(passage: &Passage, wide: usize, style: Style, whole: bool, out: &mut String) {
    let removed = if passage.removed.trim().is_empty() {
        excerpt(&passage.removed.replace('\n', "⏎").replace('\u{a0}', "⍽"), LONGEST)
    } else {
        harmless(&cut(passage.removed.trim_matches('\n'), whole))
    };
    let gone = if removed.is_empty() { removed } else { style.gone(&removed) };
    let new = passage.replacement.as_deref().map(|new| style.added(&harmless(&new.replace('\n', "⏎"))));
    let (before, after) = (harmless(&passage.before), harmless(&passage.after));
    flow(
        [
            (Tone::Plain, before.as_str()),
            (Tone::Gone, &gone),
            (Tone::New, new.as_deref().unwrap_or_default()),
            (Tone::Plain, &after),
        ],
        wide,
        style,
        out,
    );
}

/// The beginning and the end of a long text.
fn cut(text: &str, whole: bool) -> String {
    let length = text.chars().count();
    if whole || length <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST * 2 / 3).collect();
    let tail: String = text.chars().skip(length - LONGEST / 3).collect();
    format!("{} […] {}", head.trim_end(), tail.trim_start())
}
