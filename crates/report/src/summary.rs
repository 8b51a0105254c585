//! A run on one page of Markdown: what a CI job shows beside its log.

use std::fmt::Write as _;

use crate::card::markdown;
use crate::page::{number, sentence};
use crate::shown::{bytes, count, percent, plural};
use crate::{Report, RuleReport, Verdict};

/// Rules beyond this many are told as one line.
const RULES: usize = 10;

/// The summary: verdict, accounting, gates, stages, the rules that did most, failures, warnings.
pub fn summary(report: &Report) -> String {
    let sign = match report.verdict {
        Verdict::Pass => "✅",
        Verdict::Warn => "⚠️",
        Verdict::Fail => "❌",
    };
    let mut out = String::new();
    let _ = writeln!(
        out,
        "## {sign} {}: {}\n\n{}\n",
        markdown(&report.name),
        report.verdict.name(),
        sentence(report)
    );
    let accounting = &report.accounting;
    let share = |part| percent(part, accounting.documents);
    let _ = writeln!(
        out,
        "| documents in | kept | dropped | failed | clean text |\n| ---: | ---: | ---: | ---: | ---: |"
    );
    let _ = writeln!(
        out,
        "| {} ({}) | {} ({}) | {} ({}) | {} ({}) | {} |",
        count(accounting.documents),
        bytes(report.totals.raw_bytes),
        count(accounting.kept),
        share(accounting.kept),
        count(accounting.dropped),
        share(accounting.dropped),
        count(accounting.failed),
        share(accounting.failed),
        bytes(report.totals.text_bytes)
    );
    gates(report, &mut out);
    stages(report, &mut out);
    rules(report, &mut out);
    if !report.failures.is_empty() {
        let _ = writeln!(out, "\n| failed because | documents |\n| --- | ---: |");
        for (reason, documents) in crate::card::sorted(&report.failures) {
            let _ = writeln!(out, "| {} | {} |", markdown(reason), count(documents));
        }
    }
    if !report.warnings.is_empty() {
        out.push_str("\n### Warnings\n\n");
        for warning in &report.warnings {
            let _ = writeln!(out, "- {}", markdown(warning));
        }
    }
    out
}

fn gates(report: &Report, out: &mut String) {
    if report.gates.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n| gate | value | baseline | verdict |\n| --- | ---: | ---: | --- |");
    for gate in &report.gates {
        let why = gate.condition.as_deref().or(gate.note.as_deref());
        let why = why.map(|why| format!(": {}", markdown(why))).unwrap_or_default();
        let baseline = gate.baseline.map(number).unwrap_or_default();
        let verdict = if gate.verdict == Verdict::Pass {
            "pass".to_owned()
        } else {
            format!("**{}**", gate.verdict.name())
        };
        let _ = writeln!(
            out,
            "| {} | {} | {baseline} | {verdict}{why} |",
            markdown(&gate.metric),
            number(gate.value)
        );
    }
}

fn stages(report: &Report, out: &mut String) {
    let _ = writeln!(
        out,
        "\n| stage | documents | dropped | failed | bytes | removed |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    );
    let dash =
        |number: u64, shown: fn(u64) -> String| if number == 0 { String::new() } else { shown(number) };
    for stage in &report.stages {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            markdown(&stage.stage),
            count(stage.passed),
            dash(stage.dropped, count),
            dash(stage.failed, count),
            bytes(stage.passed_bytes),
            dash(stage.removed_bytes, bytes)
        );
    }
}

fn rules(report: &Report, out: &mut String) {
    let mut rules: Vec<&RuleReport> =
        report.rules.iter().filter(|rule| rule.dropped + rule.failed + rule.edits > 0).collect();
    if rules.is_empty() {
        return;
    }
    rules.sort_by_key(|rule| std::cmp::Reverse((rule.dropped + rule.failed, rule.raw_bytes)));
    let _ = writeln!(
        out,
        "\n| rule | documents dropped or refused | edits | bytes |\n| --- | ---: | ---: | ---: |"
    );
    for rule in rules.iter().take(RULES) {
        let gone = rule.dropped + rule.failed;
        let gone = if gone == 0 { String::new() } else { count(gone) };
        let _ = writeln!(
            out,
            "| {} | {gone} | {} | {} |",
            markdown(&rule.rule),
            count(rule.edits),
            bytes(rule.raw_bytes)
        );
    }
    if rules.len() > RULES {
        let _ =
            writeln!(out, "\n{} more stand in `report.html`.", plural((rules.len() - RULES) as u64, "rule"));
    }
}
