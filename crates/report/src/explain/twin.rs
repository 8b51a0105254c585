//! A duplicate beside the document it lost to.

use crate::shown::{count, harmless};
use crate::terminal::{Style, Tone, flow};
use crate::words::{Fate, WordDiff, stretches};

/// Words shown beside each change.
const AROUND: usize = 8;
/// So many changes are shown.
const CHANGES: usize = 60;

/// How a duplicate and the kept document differ.
#[derive(Clone, Debug)]
pub(super) struct Twin {
    /// The kept document.
    pub(super) id: String,
    /// In a sentence.
    pub(super) summary: String,
    /// What differs, with a few words around; `None` where something was left out.
    pub(super) parts: Vec<Option<(Fate, String)>>,
}

impl Twin {
    /// Compares the dropped document's text with that of `id`.
    pub(super) fn of(id: &str, kept: &str, dropped: &str, whole: bool) -> Self {
        let diff = WordDiff::of_words(kept, dropped);
        let mut parts: Vec<Option<(Fate, String)>> = Vec::new();
        let mut summary = format!(
            "{} of this document's {} words stand in `{}` in the same order, which has {}",
            count(diff.same),
            count(diff.after),
            harmless(id),
            count(diff.before)
        );
        if diff.weight() == 0 {
            summary = format!("word for word the text of `{}`", harmless(id));
        } else {
            let shown = diff.shortened(if whole { usize::MAX } else { AROUND });
            let mut changes = 0;
            for part in shown {
                changes += usize::from(part.is_some_and(|(fate, _)| fate != Fate::Same));
                if changes > CHANGES && !whole {
                    parts.push(None);
                    break;
                }
                parts.push(part.map(|(fate, text)| (fate, harmless(text))));
            }
        }
        Self { id: harmless(id), summary, parts }
    }

    /// Writes it for a terminal.
    pub(super) fn write(&self, wide: usize, style: Style, out: &mut String) {
        out.push('\n');
        flow([(Tone::Faint, self.summary.as_str())], wide, style, out);
        if self.parts.is_empty() {
            return;
        }
        let legend = [
            (Tone::Faint, "what only ".to_owned()),
            (Tone::Gone, style.gone(&self.id)),
            (Tone::Faint, " has, what only ".to_owned()),
            (Tone::New, style.added("this document")),
            (Tone::Faint, " has; forms of spaces, quotes and dashes aside\n\n".to_owned()),
        ];
        flow(legend.iter().map(|(tone, text)| (*tone, text.as_str())), wide, style, out);
        stretches(&self.parts, wide, style, out);
    }
}
