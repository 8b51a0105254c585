//! `report.html`: one file for people. It loads nothing, and runs nothing but its own script.
//!
//! - [`verdict`], [`funnel`]: how it ended, and where documents and bytes went;
//! - [`charts`]: bars, columns and the table of amounts;
//! - [`rules`]: what each rule did, with examples and its text; [`palette`]: its colour;
//! - [`documents`]: the table, each document before and after, within the room a page has.
//!
//! Askama escapes every value; [`harmless`] and [`excerpt`] take away what escaping leaves. Style and script are the
//! only things written as they are, and the page's policy names them by their hashes: markup that got past all that
//! could neither run nor dress itself up.

mod charts;
mod documents;
mod funnel;
mod palette;
mod rules;
mod verdict;

pub(crate) use verdict::{number, sentence};

use std::collections::BTreeMap;

use askama::Template;
use base64::Engine as _;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Report;
use crate::samples::{PieceKind, Samples, View};
use crate::shown::{bytes, count, excerpt, harmless, plural};
use charts::{Bars, Columns, Heat};
use documents::{DocumentRow, FailedRow};
use funnel::Step;
use rules::{ClusterRow, RuleRow, StageText};
use verdict::{GateRow, VerdictText};

const STYLE: &str = include_str!("../../templates/report/style.css");
const SCRIPT: &str = include_str!("../../templates/report/script.js");

/// A page is smaller than this, whatever the corpus.
pub(crate) const PAGE_BYTES: usize = 1_950_000;

#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'a> {
    name: String,
    description: String,
    version: String,
    style: &'a str,
    style_hash: &'a str,
    script: &'static str,
    script_hash: &'a str,
    sections: &'a [(&'static str, &'static str, String)],
    verdict: &'a VerdictText,
    gates: &'a [GateRow],
    has_baselines: bool,
    funnel: &'a [Step],
    replaced: String,
    languages: &'a Bars,
    encodings: &'a Bars,
    confidences: &'a Columns,
    rules: &'a [RuleRow],
    idle: u64,
    idle_told: String,
    duplicates_told: String,
    clusters: &'a [ClusterRow],
    similarities: &'a Columns,
    cluster_sizes: &'a Bars,
    amounts: &'a Heat,
    lengths: &'a Columns,
    lengths_told: String,
    warnings: &'a [String],
    failures: &'a Bars,
    stages: &'a [StageText],
    settings: &'a [(String, String)],
    documents_told: String,
    failed: &'a [FailedRow],
}

/// A row of the table, without its view and its end.
#[derive(Template)]
#[template(path = "report/row.html")]
struct RowStart<'a> {
    row: &'a DocumentRow,
}

/// A document before and after.
#[derive(Template)]
#[template(path = "report/view.html")]
struct ViewText<'a> {
    view: &'a View,
}

/// What a row ends with.
const ROW_END: &str = "</div></details></li>";
/// What rows stand behind. No text of a document has it, as all are escaped.
const ROWS: &str = "<ol id=\"docs\">";

/// The page as HTML.
pub(crate) fn page(report: &Report, mut samples: Samples) -> askama::Result<String> {
    // Everything but the views comes first; what is left of the page is theirs. Nothing is rendered twice.
    let around = render(report, &samples)?;
    let (before, behind) = around.split_once(ROWS).ok_or(askama::Error::Fmt)?;
    let mut rows = String::new();
    let mut ends = Vec::with_capacity(samples.rows.len());
    for row in &documents::rows(report, &samples) {
        rows.push('\n');
        RowStart { row }.render_into(&mut rows)?;
        ends.push(rows.len());
    }
    let bare = around.len() + rows.len() + ends.len() * ROW_END.len();
    samples.fit(PAGE_BYTES.saturating_sub(bare));
    let mut page = String::with_capacity(PAGE_BYTES.max(bare));
    page.push_str(before);
    page.push_str(ROWS);
    let mut start = 0;
    for (row, end) in samples.rows.iter().zip(ends) {
        page.push_str(rows.get(start..end).unwrap_or_default());
        if let Some(view) = &row.view {
            ViewText { view }.render_into(&mut page)?;
        }
        page.push_str(ROW_END);
        start = end;
    }
    page.push_str(behind);
    Ok(page)
}

/// The page without the rows of the table.
fn render(report: &Report, samples: &Samples) -> askama::Result<String> {
    let colours = palette::colours(report);
    let style = format!("{STYLE}{}", palette::style(&colours));
    let duplicates = &samples.duplicates;
    let places: BTreeMap<&str, usize> =
        samples.rows.iter().enumerate().map(|(place, row)| (row.line.id.as_ref(), place)).collect();
    let (rules, idle) = rules::rows(report, samples, &colours, &places);
    let warnings: Vec<String> = report.warnings.iter().map(|warning| harmless(warning)).collect();
    let replaced = funnel::replaced(report);
    Page {
        name: harmless(&report.name),
        description: harmless(report.pipeline.get("description").and_then(Value::as_str).unwrap_or_default()),
        version: report.tamis.clone(),
        style_hash: &hash(&style),
        style: &style,
        script: SCRIPT,
        script_hash: &hash(SCRIPT),
        sections: &sections(report, samples, rules.len()),
        verdict: &verdict::verdict(report),
        gates: &verdict::gates(report),
        has_baselines: report.gates.iter().any(|gate| gate.baseline.is_some() || gate.note.is_some()),
        funnel: &funnel::funnel(report),
        replaced,
        languages: &charts::bars("Languages", "Language", &report.languages),
        encodings: &charts::bars("Encodings", "Encoding", &report.encodings),
        confidences: &charts::steps("Confidence in the language", "Confidence", &samples.confidences),
        rules: &rules,
        idle,
        idle_told: plural(idle, "rule"),
        duplicates_told: charts::duplicates_told(duplicates),
        clusters: &rules::clusters(duplicates, &places),
        similarities: &charts::steps("Similarity to the one kept", "Similarity", &duplicates.similarities),
        cluster_sizes: &charts::cluster_sizes(&duplicates.sizes),
        amounts: &charts::amounts(report),
        lengths: &charts::lengths(report),
        lengths_told: charts::lengths_told(report),
        warnings: &warnings,
        failures: &charts::bars("Failed documents, by reason", "Reason", &report.failures),
        stages: &rules::stages(report, &colours),
        settings: &settings(report),
        documents_told: documents::told(report, samples),
        failed: &documents::failed(samples),
    }
    .render()
}

/// The source expression of a content security policy that lets exactly `text` through.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn sections(report: &Report, samples: &Samples, rules: usize) -> Vec<(&'static str, &'static str, String)> {
    let some = |number: u64| if number == 0 { String::new() } else { count(number) };
    vec![
        ("verdict", "Verdict", report.verdict.name().to_owned()),
        ("stages", "Stages", some(report.stages.len() as u64)),
        ("languages", "Languages", some(report.languages.len() as u64)),
        ("rules", "Rules", some(rules as u64)),
        ("duplicates", "Duplicates", some(samples.duplicates.documents)),
        ("amounts", "Amounts", some(report.amounts.values().sum())),
        ("lengths", "Lengths", String::new()),
        ("warnings", "Warnings", some(report.warnings.len() as u64)),
        ("pipeline", "Pipeline", String::new()),
        ("documents", "Documents", some(report.accounting.documents)),
    ]
}

/// Everything of the pipeline that is no stage.
fn settings(report: &Report) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    for (section, value) in report.pipeline.as_object().into_iter().flatten() {
        match (section.as_str(), value) {
            ("stages" | "name" | "description" | "gates", _) => {}
            (section, Value::Object(table)) => settings.extend(
                table
                    .iter()
                    .map(|(key, value)| (format!("{section}.{key}"), excerpt(&value.to_string(), 2000))),
            ),
            (section, value) => settings.push((section.to_owned(), excerpt(&value.to_string(), 2000))),
        }
    }
    if let Some(limit) = report.limit {
        settings.push(("documents read at most".to_owned(), count(limit)));
    }
    settings.push(("failed documents accepted".to_owned(), count(report.max_failed)));
    settings.push(("files found".to_owned(), count(report.found.files)));
    settings.push(("files passed over".to_owned(), count(report.found.files_passed_over)));
    settings.push(("links passed over".to_owned(), count(report.found.links_passed_over)));
    settings.push(("raw bytes read".to_owned(), bytes(report.totals.raw_bytes)));
    settings
}
