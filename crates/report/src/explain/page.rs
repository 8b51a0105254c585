//! The same explanation as a page of HTML: one file, no script, no network, light and dark.

use askama::Template;

use super::item::{Item, joined};
use super::{Explanation, header};
use crate::shown::harmless;
use crate::words::Fate;

#[derive(Template)]
#[template(path = "explain.html")]
struct Page {
    id: String,
    status: &'static str,
    facts: Vec<(&'static str, String)>,
    rules: Vec<header::RuleRow>,
    notes: Vec<String>,
    paragraphs: Vec<Paragraph>,
    legend: Option<&'static str>,
    twin: Option<Twin>,
}

/// A paragraph, and the rules at its side.
#[derive(Default)]
struct Paragraph {
    parts: Vec<Part>,
    labels: Vec<(usize, String)>,
}

struct Part {
    /// `text`, `del`, `ins` or `mark`.
    kind: &'static str,
    hue: usize,
    text: String,
}

struct Twin {
    summary: String,
    parts: Vec<Part>,
}

/// Hues in the template's style sheet.
const HUES: usize = 6;

/// Renders the page.
pub(super) fn render(explanation: &Explanation<'_>, whole: bool) -> Result<String, askama::Error> {
    let content = explanation.content(whole);
    let twin = content
        .twin
        .map(|twin| Twin { summary: twin.summary, parts: twin.parts.into_iter().map(part_of).collect() });
    let page = Page {
        id: harmless(&explanation.line.id),
        status: explanation.line.status.name(),
        facts: header::facts(&explanation.line),
        rules: header::rules(explanation.run, &explanation.line),
        notes: content.notes,
        paragraphs: paragraphs(&content.items),
        legend: content.legend,
        twin,
    };
    page.render()
}

fn part_of(part: Option<(Fate, String)>) -> Part {
    let (kind, text) = match part {
        None => ("mark", " […] ".to_owned()),
        Some((Fate::Same, text)) => ("text", text),
        Some((Fate::Gone, text)) => ("del", text),
        Some((Fate::New, text)) => ("ins", text),
    };
    Part { kind, hue: if kind == "ins" { 4 } else { 1 }, text }
}

fn paragraphs(items: &[Item]) -> Vec<Paragraph> {
    let mut all = Vec::new();
    let (mut paragraph, mut labels) = (Paragraph::default(), Vec::new());
    for item in items {
        let (kind, stage, text, label) = match item {
            Item::Text(text) => ("text", 0, text, None),
            Item::Removed { text, stage, label } => ("del", *stage, text, label.as_ref()),
            Item::Inserted { text, stage, label } => ("ins", *stage, text, label.as_ref()),
            Item::Mark { text, stage } => ("mark", *stage, text, None),
        };
        labels.extend(label.cloned());
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                close(&mut paragraph, &mut labels, &mut all);
            }
            if !line.is_empty() {
                paragraph.parts.push(Part { kind, hue: stage % HUES, text: line.to_owned() });
            }
        }
    }
    close(&mut paragraph, &mut labels, &mut all);
    all
}

fn close(paragraph: &mut Paragraph, labels: &mut Vec<super::item::Label>, all: &mut Vec<Paragraph>) {
    let mut done = std::mem::take(paragraph);
    done.labels = joined(labels.iter()).iter().map(|label| (label.stage % HUES, label.told())).collect();
    labels.clear();
    if !done.parts.is_empty() {
        all.push(done);
    }
}
