//! What each rule did, with examples, and the text of every rule beside its stage.

use std::collections::BTreeMap;

use serde_json::Value;

use super::palette::weight;
use crate::samples::{Duplicates, Samples};
use crate::shown::{bytes, count, excerpt, harmless, plural, share};
use crate::{Report, RuleReport};

pub(super) struct RuleRow {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) class: String,
    pub(super) reason: String,
    pub(super) width: String,
    pub(super) sum: String,
    pub(super) detail: String,
    pub(super) examples: Vec<ExampleText>,
}

pub(super) struct ExampleText {
    pub(super) id: String,
    /// The document's place in the table.
    pub(super) row: Option<usize>,
    pub(super) evidence: String,
    pub(super) has_text: bool,
    pub(super) before: String,
    pub(super) gone: String,
    pub(super) new: String,
    pub(super) after: String,
}

pub(super) struct ClusterRow {
    pub(super) id: String,
    pub(super) row: Option<usize>,
    pub(super) title: String,
    pub(super) size: String,
}

pub(super) struct StageText {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) summary: String,
    pub(super) options: Vec<(String, String)>,
    pub(super) rules: Vec<RuleText>,
    pub(super) rules_told: String,
}

pub(super) struct RuleText {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) class: String,
    pub(super) since: String,
    pub(super) reason: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// The rules that did something, and how many did not.
pub(super) fn rows(
    report: &Report,
    samples: &Samples,
    colours: &[(usize, usize)],
    places: &BTreeMap<&str, usize>,
) -> (Vec<RuleRow>, u64) {
    let busy: Vec<&RuleReport> = colours.iter().filter_map(|(place, _)| report.rules.get(*place)).collect();
    let most = |of: fn(&RuleReport) -> u64| busy.iter().map(|rule| of(rule)).max().unwrap_or(0);
    let (most_bytes, most_dropped) = (most(|rule| rule.raw_bytes), most(|rule| rule.dropped + rule.failed));
    let rows = colours.iter().filter_map(|(place, _)| {
        let rule = report.rules.get(*place)?;
        let gone = rule.dropped + rule.failed;
        let width = if gone > 0 { share(gone, most_dropped) } else { share(rule.raw_bytes, most_bytes) };
        let examples: Vec<ExampleText> = samples
            .examples
            .get(&rule.rule)
            .into_iter()
            .flatten()
            .map(|example| ExampleText {
                id: excerpt(&example.id, 200),
                row: places.get(example.id.as_str()).copied(),
                evidence: harmless(&example.evidence),
                has_text: !(example.gone.is_empty() && example.new.is_empty()),
                before: example.before.clone(),
                gone: example.gone.clone(),
                new: example.new.clone(),
                after: example.after.clone(),
            })
            .collect();
        Some(RuleRow {
            id: rule.rule.clone(),
            anchor: format!("rule-{place}"),
            class: format!("r{place}"),
            reason: harmless(&rule.reason),
            width: format!("{:.2}", width.max(0.5)),
            sum: match (rule.dropped, rule.failed) {
                (0, 0) if rule.raw_bytes == 0 => format!("+{}", bytes(rule.text_bytes)),
                (0, 0) => bytes(rule.raw_bytes),
                (dropped, 0) => format!("{} dropped", count(dropped)),
                (0, failed) => format!("{} refused", count(failed)),
                (dropped, failed) => format!("{} dropped, {} refused", count(dropped), count(failed)),
            },
            detail: detail(rule),
            examples,
        })
    });
    let rows: Vec<RuleRow> = rows.collect();
    let idle = (0..report.rules.len()).filter(|place| weight(report, *place).is_none()).count();
    (rows, idle as u64)
}

fn detail(rule: &RuleReport) -> String {
    if rule.edits == 0 {
        return String::new();
    }
    let edits = format!("{} in {}", plural(rule.edits, "edit"), plural(rule.documents, "document"));
    if rule.dropped + rule.failed > 0 { format!("and {}, {edits}", bytes(rule.raw_bytes)) } else { edits }
}

pub(super) fn clusters(duplicates: &Duplicates, places: &BTreeMap<&str, usize>) -> Vec<ClusterRow> {
    let row = |id: &str| places.get(id).copied();
    duplicates
        .largest
        .iter()
        .map(|cluster| ClusterRow {
            id: excerpt(&cluster.id, 200),
            row: row(&cluster.id),
            title: excerpt(cluster.title.as_deref().unwrap_or_default(), 160),
            size: count(cluster.size),
        })
        .collect()
}

/// The stages with every option, and the text of each of their rules.
pub(super) fn stages(report: &Report, colours: &[(usize, usize)]) -> Vec<StageText> {
    let told = report.pipeline.get("stages").and_then(Value::as_array);
    let mut named: Vec<String> = Vec::new();
    let stages = told.into_iter().flatten().map(|stage| {
        let name = stage.get("use").and_then(Value::as_str).unwrap_or_default();
        // A stage that stands twice has its rules beside the first.
        let first = !named.iter().any(|known| known == name);
        named.push(name.to_owned());
        let rules = report.rules.iter().enumerate().filter(|(_, rule)| first && rule.stage == name);
        let rules: Vec<RuleText> = rules.map(|(place, rule)| text(place, rule, colours)).collect();
        let summary = report.stages.iter().find(|report| report.stage == name);
        StageText {
            name: harmless(name),
            version: stage.get("version").map(ToString::to_string).unwrap_or_default(),
            summary: summary.map(|stage| stage.summary.clone()).unwrap_or_default(),
            options: stage
                .get("options")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(key, value)| (harmless(key), excerpt(&value.to_string(), 2000)))
                .collect(),
            rules_told: format!("The texts of its {}", plural(rules.len() as u64, "rule")),
            rules,
        }
    });
    stages.collect()
}

fn text(place: usize, rule: &RuleReport, colours: &[(usize, usize)]) -> RuleText {
    let busy = colours.iter().any(|(known, _)| *known == place);
    // An example that makes its point with a whole page is shown by its beginning.
    let shown = |text: &str| excerpt(text, 240);
    RuleText {
        id: rule.rule.clone(),
        anchor: format!("rule-{place}"),
        class: if busy { format!("r{place}") } else { String::new() },
        since: rule.since.clone(),
        reason: harmless(&rule.reason),
        before: shown(&rule.before),
        after: shown(&rule.after),
    }
}
