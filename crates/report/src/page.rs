//! `report.html`: one file for people, without scripts and without network.

use askama::Template;
use serde_json::Value;

use crate::card::sorted;
use crate::samples::{Sample, Samples};
use crate::shown::{bytes, count, excerpt, harmless, percent, plural, share};
use crate::{Report, RuleReport, Verdict};

/// The page. Askama escapes every value; [`harmless`] and [`excerpt`] take away what escaping leaves.
#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    name: String,
    description: String,
    version: String,
    verdict: &'static str,
    verdict_words: String,
    tiles: Vec<Tile>,
    gates: Vec<Gate>,
    warnings: Vec<String>,
    funnel: Vec<Step>,
    byte_bars: Vec<Bar>,
    rules: Vec<RuleRow>,
    idle_rules: Vec<(String, String)>,
    languages: Vec<Bar>,
    encodings: Vec<Bar>,
    amounts: Vec<Bar>,
    confidences: Vec<Bar>,
    duplicates: String,
    similarities: Vec<Bar>,
    clusters: Vec<(String, String)>,
    failures: Vec<Bar>,
    failed: Vec<Row>,
    failed_more: String,
    dropped: Vec<DroppedGroup>,
    stages: Vec<StageOptions>,
    settings: Vec<(String, String)>,
}

struct Tile {
    label: &'static str,
    value: String,
    note: String,
}

struct Gate {
    metric: String,
    value: String,
    verdict: &'static str,
    condition: String,
}

struct Step {
    label: String,
    summary: String,
    documents: String,
    kept: String,
    dropped: String,
    failed: String,
    told: String,
}

struct Bar {
    label: String,
    value: String,
    note: String,
    width: String,
}

struct RuleRow {
    id: String,
    stage: String,
    reason: String,
    documents: String,
    edits: String,
    bytes: String,
    width: String,
    dropped: String,
}

struct DroppedGroup {
    rule: String,
    reason: String,
    documents: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    what: String,
    size: String,
}

struct StageOptions {
    name: String,
    version: String,
    options: Vec<(String, String)>,
}

/// Languages, encodings and currencies beyond this many are told as one.
const BARS: usize = 16;

/// The page as HTML.
pub(crate) fn page(report: &Report, samples: &Samples) -> askama::Result<String> {
    let accounting = &report.accounting;
    let totals = &report.totals;
    let reason_of = |id: &str| {
        report.rules.iter().find(|rule| rule.rule == id).map_or("", |rule| rule.reason.as_str()).to_owned()
    };
    let (busy, idle): (Vec<_>, Vec<_>) =
        report.rules.iter().partition(|rule| rule.edits + rule.dropped + rule.failed > 0);
    let dropped_by =
        |id: &str| report.rules.iter().find(|rule| rule.rule == id).map_or(0, |rule| rule.dropped);
    let shown = samples.failed.len() as u64;
    Page {
        name: harmless(&report.name),
        description: harmless(report.pipeline.get("description").and_then(Value::as_str).unwrap_or_default()),
        version: report.tamis.clone(),
        verdict: report.verdict.name(),
        verdict_words: verdict_words(report),
        tiles: tiles(report),
        gates: report
            .gates
            .iter()
            .map(|gate| Gate {
                metric: harmless(&gate.metric),
                value: number(gate.value),
                verdict: gate.verdict.name(),
                condition: gate.condition.clone().unwrap_or_default(),
            })
            .collect(),
        warnings: report.warnings.iter().map(|warning| harmless(warning)).collect(),
        funnel: funnel(report),
        byte_bars: [
            ("kept", totals.kept_bytes, "decoded and otherwise as they were"),
            ("removed", totals.removed_bytes, "nothing stands for them"),
            ("replaced", totals.replaced_bytes, "other text stands for them"),
        ]
        .map(|(label, number, note)| {
            let whole = totals.kept_bytes + totals.removed_bytes + totals.replaced_bytes;
            bar(label.to_owned(), bytes(number), format!("{}, {note}", percent(number, whole)), number, whole)
        })
        .into(),
        rules: rule_rows(&busy),
        idle_rules: idle.iter().map(|rule| (rule.rule.clone(), rule.reason.clone())).collect(),
        languages: bars(&report.languages),
        encodings: bars(&report.encodings),
        amounts: bars(&report.amounts),
        confidences: steps(&samples.confidences),
        duplicates: if samples.duplicates > 0 { count(samples.duplicates) } else { String::new() },
        similarities: steps(&samples.similarities),
        clusters: samples.clusters.iter().map(|(id, size)| (excerpt(id, 200), count(*size))).collect(),
        failures: bars(&report.failures),
        failed: samples.failed.iter().map(failed_row).collect(),
        failed_more: more(accounting.failed, shown),
        dropped: samples
            .dropped
            .iter()
            .map(|(rule, rows)| DroppedGroup {
                rule: harmless(rule),
                reason: reason_of(rule),
                documents: count(dropped_by(rule)),
                rows: rows.iter().map(dropped_row).collect(),
            })
            .collect(),
        stages: stages(report),
        settings: settings(report),
    }
    .render()
}

fn verdict_words(report: &Report) -> String {
    let failed = report.gates.iter().filter(|gate| gate.verdict == Verdict::Fail).count();
    let accounting = &report.accounting;
    if !accounting.closed {
        "The accounting is broken: documents are missing or counted twice.".to_owned()
    } else if failed > 0 {
        format!("{failed} of {} gates do not hold.", report.gates.len())
    } else if accounting.failed > report.max_failed {
        format!("{} documents failed; {} are accepted.", count(accounting.failed), count(report.max_failed))
    } else {
        let warning = report.gates.iter().filter(|gate| gate.verdict == Verdict::Warn).count() as u64;
        let told: Vec<String> = [
            (accounting.failed, "failed document"),
            (warning, "warning gate"),
            (report.warnings.len() as u64, "warning"),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| plural(number, what))
        .collect();
        if told.is_empty() {
            "Every document is accounted for.".to_owned()
        } else {
            format!("Every document is accounted for; {} to look at.", told.join(", "))
        }
    }
}

fn tiles(report: &Report) -> Vec<Tile> {
    let accounting = &report.accounting;
    let of_all = |part| percent(part, accounting.documents);
    vec![
        Tile {
            label: "documents in",
            value: count(accounting.documents),
            note: bytes(report.totals.raw_bytes),
        },
        Tile { label: "kept", value: count(accounting.kept), note: of_all(accounting.kept) },
        Tile { label: "dropped", value: count(accounting.dropped), note: of_all(accounting.dropped) },
        Tile { label: "failed", value: count(accounting.failed), note: of_all(accounting.failed) },
        Tile {
            label: "clean text",
            value: bytes(report.totals.text_bytes),
            note: format!("{} sentences", count(report.totals.sentences)),
        },
    ]
}

fn funnel(report: &Report) -> Vec<Step> {
    let all = report.accounting.documents;
    let width = |part| format!("{:.2}", share(part, all));
    let unread = report.failed_before_stages();
    let told = |dropped: u64, failed: u64| match (dropped, failed) {
        (0, 0) => String::new(),
        (dropped, 0) => format!("{} dropped", count(dropped)),
        (0, failed) => format!("{} failed", count(failed)),
        (dropped, failed) => format!("{} dropped, {} failed", count(dropped), count(failed)),
    };
    let mut steps = vec![Step {
        label: "read".to_owned(),
        summary: "opens files, splits records".to_owned(),
        documents: count(all - unread.min(all)),
        kept: width(all - unread.min(all)),
        dropped: width(0),
        failed: width(unread),
        told: told(0, unread),
    }];
    steps.extend(report.stages.iter().map(|stage| Step {
        label: stage.stage.clone(),
        summary: stage.summary.clone(),
        documents: count(stage.passed),
        kept: width(stage.passed),
        dropped: width(stage.dropped),
        failed: width(stage.failed),
        told: told(stage.dropped, stage.failed),
    }));
    steps
}

fn rule_rows(rules: &[&RuleReport]) -> Vec<RuleRow> {
    let most = rules.iter().map(|rule| rule.raw_bytes).max().unwrap_or(0);
    let dash = |number: u64| if number == 0 { "–".to_owned() } else { count(number) };
    let mut rules = rules.to_vec();
    // A document weighs more than bytes: rules that drop come first.
    rules.sort_by(|left, right| {
        let weight = |rule: &RuleReport| (rule.dropped + rule.failed, rule.raw_bytes);
        weight(right).cmp(&weight(left)).then_with(|| left.rule.cmp(&right.rule))
    });
    rules
        .into_iter()
        .map(|rule| RuleRow {
            id: rule.rule.clone(),
            stage: rule.stage.clone(),
            reason: rule.reason.clone(),
            documents: dash(rule.documents),
            edits: dash(rule.edits),
            bytes: if rule.raw_bytes == 0 { "–".to_owned() } else { bytes(rule.raw_bytes) },
            width: if rule.raw_bytes == 0 {
                String::new()
            } else {
                format!("{:.2}", share(rule.raw_bytes, most))
            },
            dropped: match (rule.dropped, rule.failed) {
                (dropped, 0) => dash(dropped),
                (0, failed) => format!("{} refused", count(failed)),
                (dropped, failed) => format!("{}, {} refused", count(dropped), count(failed)),
            },
        })
        .collect()
}

fn bar(label: String, value: String, note: String, part: u64, whole: u64) -> Bar {
    Bar { label, value, note, width: format!("{:.2}", share(part, whole)) }
}

/// Most first; what is beyond [`BARS`] as one.
fn bars(counts: &std::collections::BTreeMap<String, u64>) -> Vec<Bar> {
    let sorted = sorted(counts);
    let all: u64 = counts.values().sum();
    let most = sorted.first().map_or(0, |(_, number)| *number);
    let mut bars: Vec<Bar> = sorted
        .iter()
        .take(BARS)
        .map(|(label, number)| bar(excerpt(label, 80), count(*number), percent(*number, all), *number, most))
        .collect();
    let rest: u64 = sorted.iter().skip(BARS).map(|(_, number)| number).sum();
    if rest > 0 {
        let label = format!("{} others", sorted.len() - BARS);
        bars.push(bar(label, count(rest), percent(rest, all), rest, most));
    }
    bars
}

/// Ten steps of a ratio, then those that are 1; nothing where there is nothing.
fn steps(counts: &[u64; 11]) -> Vec<Bar> {
    let (all, most) = (counts.iter().sum(), counts.iter().copied().max().unwrap_or(0));
    if all == 0 {
        return Vec::new();
    }
    let first = counts.iter().position(|number| *number > 0).unwrap_or(0);
    let named = counts.iter().enumerate().skip(first).map(|(step, number)| {
        let label =
            if step == 10 { "1".to_owned() } else { format!("0.{step} – {:.1}", (step + 1) as f64 / 10.0) };
        bar(label, count(*number), percent(*number, all), *number, most)
    });
    named.collect()
}

fn failed_row(sample: &Sample) -> Row {
    let stage = if sample.stage.is_empty() { "read" } else { &sample.stage };
    Row {
        id: excerpt(&sample.id, 200),
        what: excerpt(&format!("{stage}: {}", sample.reason), 300),
        size: bytes(sample.raw_bytes),
    }
}

fn dropped_row(sample: &Sample) -> Row {
    let what = match (sample.duplicate_of.as_str(), sample.value.as_str(), sample.threshold.as_str()) {
        ("", "", _) => String::new(),
        ("", value, "") => value.to_owned(),
        ("", value, threshold) => format!("{value} against {threshold}"),
        (original, "", _) => format!("of {original}"),
        (original, value, _) => format!("of {original}, {value}"),
    };
    Row { id: excerpt(&sample.id, 200), what: excerpt(&what, 300), size: bytes(sample.raw_bytes) }
}

fn more(all: u64, shown: u64) -> String {
    if all > shown { count(all - shown) } else { String::new() }
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { count(value as u64) } else { format!("{value:.4}") }
}

fn stages(report: &Report) -> Vec<StageOptions> {
    let told = report.pipeline.get("stages").and_then(Value::as_array);
    told.into_iter()
        .flatten()
        .map(|stage| StageOptions {
            name: harmless(stage.get("use").and_then(Value::as_str).unwrap_or_default()),
            version: stage.get("version").map(ToString::to_string).unwrap_or_default(),
            options: stage
                .get("options")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(key, value)| (harmless(key), excerpt(&value.to_string(), 2000)))
                .collect(),
        })
        .collect()
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
    settings.push(("files found".to_owned(), count(report.found.files)));
    settings.push(("files passed over".to_owned(), count(report.found.files_passed_over)));
    settings.push(("links passed over".to_owned(), count(report.found.links_passed_over)));
    settings
}
