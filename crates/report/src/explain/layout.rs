//! Sets items into rows of a terminal: text at the left, rules at its side.

use std::collections::VecDeque;

use super::item::{Item, Label, NO_BREAK, joined};
use crate::terminal::{LEAST, Row, Rows, Style, Tone, WIDEST_TEXT, folded};

/// Below this width there is no side column: rules stand in the text.
const NARROW: usize = 72;

/// How wide text and side are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    text: usize,
    /// `None` where there is no room.
    side: Option<usize>,
}

impl Columns {
    /// Shares `width` columns out.
    pub(super) fn of(width: usize) -> Self {
        if width < NARROW {
            return Self { text: width.clamp(LEAST, WIDEST_TEXT), side: None };
        }
        let side = (width / 3).clamp(24, 46);
        Self { text: (width - side - 3).min(WIDEST_TEXT), side: Some(side) }
    }
}

/// Writes `items`, rules at their side.
pub(super) fn write(items: &[Item], columns: Columns, style: Style, out: &mut String) {
    let mut rows = Rows::new(columns.text);
    let mut labels = Vec::new();
    for item in items {
        let (tone, text, label) = match item {
            Item::Text(text) => (Tone::Plain, text.clone(), None),
            Item::Mark { text, stage } => (Tone::Mark(*stage), text.clone(), None),
            Item::Removed { text, stage, label } => (Tone::Removed(*stage), style.gone(text), label.as_ref()),
            Item::Inserted { text, stage, label } => {
                (Tone::Inserted(*stage), style.added(text), label.as_ref())
            }
        };
        rows.push(tone, &text, label.map(|_| labels.len()));
        labels.extend(label);
        if let Some(label) = label.filter(|_| columns.side.is_none()) {
            let told = if style.color {
                format!(" ‹{}›", label.told())
            } else {
                format!("{{{}}}", label.told())
            };
            rows.push(Tone::Stage(label.stage), &told, None);
        }
    }
    let rows = rows.finish();
    match columns.side {
        None => {
            for row in &rows {
                row.write(style, out);
                out.push('\n');
            }
        }
        Some(side) => beside(&rows, &labels, columns.text, side, style, out),
    }
}

/// Writes rows and their rules beside them. What has no room beside its row goes on beside the next ones, and below the
/// last where the document goes on.
fn beside(rows: &[Row], labels: &[&Label], text: usize, side: usize, style: Style, out: &mut String) {
    let mut waiting = VecDeque::new();
    for (place, row) in rows.iter().enumerate() {
        for label in joined(row.notes.iter().filter_map(|note| labels.get(*note).copied())) {
            waiting.extend(folded(&label.unbroken(), side).into_iter().map(|line| (label.stage, line)));
        }
        row.write(style, out);
        cell(waiting.pop_front(), text.saturating_sub(row.width), style, out);
        // What follows is of the document, or has rules of its own.
        let next = rows.get(place + 1);
        let apart = row.ends_paragraph && next.is_none_or(Row::is_plain)
            || next.is_some_and(|next| !next.notes.is_empty() && row.ends_paragraph);
        while apart && !waiting.is_empty() {
            cell(waiting.pop_front(), text, style, out);
        }
    }
}

/// The side of one row, and its end.
fn cell(line: Option<(usize, String)>, gap: usize, style: Style, out: &mut String) {
    if let Some((stage, line)) = line {
        out.extend(std::iter::repeat_n(' ', gap + 1));
        style.paint(Tone::Faint, "│", out);
        out.push(' ');
        style.paint(Tone::Stage(stage), &line.replace(NO_BREAK, " "), out);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::width;

    const PLAIN: Style = Style { color: false };

    #[test]
    fn rules_stand_at_the_side_of_what_they_did() {
        let label = Label {
            rule: "essai/menu".into(),
            stage: 1,
            evidence: Some((-7, -7)),
            bytes: None,
            stays: Vec::new(),
        };
        let items = [
            Item::Removed { text: "Accueil".into(), stage: 1, label: Some(label) },
            Item::Text("\nLe port est ouvert.\n".into()),
        ];
        let shown = |width| {
            let mut out = String::new();
            write(&items, Columns::of(width), PLAIN, &mut out);
            out
        };
        let wide = shown(80);
        assert!(wide.starts_with("[-Accueil-]"), "{wide}");
        assert!(wide.contains("│ essai/menu −7 < 0\nLe port est ouvert.\n"), "{wide}");
        assert_eq!(shown(40), "[-Accueil-]{essai/menu −7 < 0}\nLe port est ouvert.\n");
    }

    #[test]
    fn a_rule_without_room_goes_on_below() {
        let rule = "essai/une-regle-au-nom-bien-trop-long-pour-la-colonne";
        let label = |evidence| Label {
            rule: rule.into(),
            stage: 0,
            evidence: Some((evidence, evidence)),
            bytes: None,
            stays: Vec::new(),
        };
        let items = [
            Item::Removed { text: "Un".into(), stage: 0, label: Some(label(-3)) },
            Item::Removed { text: "Deux".into(), stage: 0, label: Some(label(-9)) },
            Item::Text("\nTexte.".into()),
        ];
        let mut out = String::new();
        write(&items, Columns::of(80), PLAIN, &mut out);
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines.iter().all(|line| width(line) <= 80), "{out}");
        assert!(lines[0].starts_with("[-Un-][-Deux-]") && out.contains("−9…−3 < 0"), "{out}");
        assert_eq!(lines.last(), Some(&"Texte."), "{out}");
    }
}
