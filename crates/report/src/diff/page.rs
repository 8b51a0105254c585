//! A difference as one page of HTML.

use askama::Template;

use super::show::{accounts, by_rules, did, option, signed};
use super::{PartKind, RunDiff};
use crate::shown::{bytes, count, excerpt, harmless, plural};

#[derive(Template)]
#[template(path = "diff.html")]
struct Page {
    versions: Option<String>,
    accounts: Vec<[String; 4]>,
    options: Vec<String>,
    rules: Vec<(String, String)>,
    changes: Vec<Change>,
    amounts: Vec<(String, String, String)>,
    texts: Vec<Text>,
}

struct Change {
    heading: String,
    rules: Vec<(String, String)>,
    documents: Vec<(String, String)>,
    more: Option<String>,
}

struct Text {
    id: String,
    sizes: String,
    rules: String,
    parts: Vec<(PartKind, String)>,
    more: Option<String>,
}

/// Renders the page.
pub(super) fn render(diff: &RunDiff) -> Result<String, askama::Error> {
    let row =
        |(name, was, is): (&str, u64, u64)| [name.to_owned(), count(was), count(is), signed(was, is, count)];
    let changes = diff.documents.iter().map(|(change, changed)| {
        let more = changed.documents.saturating_sub(changed.first.len() as u64);
        Change {
            heading: format!("{}: {}", change.says(), plural(changed.documents, "document")),
            rules: changed.rules.iter().map(|(rule, times)| (harmless(rule), count(*times))).collect(),
            documents: changed
                .first
                .iter()
                .map(|(id, what)| (excerpt(id, 200), excerpt(what, 300)))
                .collect(),
            more: (more > 0).then(|| format!("… and {} more", count(more))),
        }
    });
    let texts = diff.texts.iter().map(|text| Text {
        id: harmless(&text.id),
        sizes: format!("−{} +{}", bytes(text.gone), bytes(text.new)),
        rules: if text.rules.is_empty() { String::new() } else { by_rules(text) },
        parts: text.parts.iter().map(|part| (part.kind, harmless(&part.text))).collect(),
        more: (text.more > 0).then(|| format!("… and {}", plural(text.more, "more change"))),
    });
    Page {
        versions: (diff.tamis.0 != diff.tamis.1)
            .then(|| format!("tamis {} → {}", diff.tamis.0, diff.tamis.1)),
        accounts: accounts(diff).map(row).to_vec(),
        options: diff.pipeline.iter().map(option).collect(),
        rules: diff.rules.iter().map(|rule| (harmless(&rule.rule), did(rule).join(", "))).collect(),
        changes: changes.collect(),
        amounts: diff
            .amounts
            .iter()
            .map(|(kind, (gone, new))| (harmless(kind), count(*gone), count(*new)))
            .collect(),
        texts: texts.collect(),
    }
    .render()
}
