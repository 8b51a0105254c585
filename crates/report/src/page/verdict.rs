//! How the run ended: verdict, accounting, gates.

use crate::shown::{bytes, count, harmless, percent, plural, share};
use crate::{Report, Verdict};

pub(super) struct VerdictText {
    pub(super) word: &'static str,
    pub(super) sentence: String,
    pub(super) terms: Vec<Term>,
    /// Class, start and width of the parts of the whole, in percent.
    pub(super) parts: Vec<(&'static str, String, String)>,
    pub(super) told: String,
    pub(super) closed: String,
}

/// A term of `in = kept + dropped + failed`.
pub(super) struct Term {
    pub(super) sign: &'static str,
    pub(super) class: &'static str,
    pub(super) value: String,
    pub(super) label: &'static str,
    pub(super) note: String,
}

pub(super) struct GateRow {
    pub(super) metric: String,
    pub(super) value: String,
    pub(super) baseline: String,
    pub(super) error_if: String,
    pub(super) warn_if: String,
    pub(super) verdict: &'static str,
    pub(super) note: String,
}

pub(super) fn verdict(report: &Report) -> VerdictText {
    let accounting = &report.accounting;
    let term = |sign, class, number, label, note| Term { sign, class, value: count(number), label, note };
    let of_all = |part| percent(part, accounting.documents);
    let parts = [("kept", accounting.kept), ("dropped", accounting.dropped), ("failed", accounting.failed)];
    VerdictText {
        word: report.verdict.name(),
        sentence: sentence(report),
        terms: vec![
            term("", "in", accounting.documents, "in", bytes(report.totals.raw_bytes)),
            term("=", "kept", accounting.kept, "kept", of_all(accounting.kept)),
            term("+", "dropped", accounting.dropped, "dropped", of_all(accounting.dropped)),
            term("+", "failed", accounting.failed, "failed", of_all(accounting.failed)),
        ],
        parts: stacked(&parts, accounting.documents),
        told: format!(
            "{} kept, {} dropped, {} failed",
            of_all(accounting.kept),
            of_all(accounting.dropped),
            of_all(accounting.failed)
        ),
        closed: if accounting.closed {
            format!(
                "The accounting is closed: every document ended as exactly one of the three. {} of clean text, {}.",
                bytes(report.totals.text_bytes),
                plural(report.totals.sentences, "sentence"),
            )
        } else {
            "The accounting is not closed.".to_owned()
        },
    }
}

/// Parts of a whole side by side, as class, start and width in percent. What is there can be seen, however small.
pub(super) fn stacked(parts: &[(&'static str, u64)], whole: u64) -> Vec<(&'static str, String, String)> {
    let mut at = 0.0;
    let there = parts.iter().filter(|(_, part)| *part > 0);
    there
        .map(|(class, part)| {
            let width = share(*part, whole).clamp(0.35, 100.0);
            // The last ones are pushed to the left where they would fall off the end.
            let start = f64::min(at, 100.0 - width);
            at = start + width;
            (*class, format!("{start:.2}"), format!("{width:.2}"))
        })
        .collect()
}

pub(super) fn gates(report: &Report) -> Vec<GateRow> {
    let condition = |text: &Option<String>| text.as_deref().map(harmless).unwrap_or_default();
    report
        .gates
        .iter()
        .map(|gate| GateRow {
            metric: harmless(&gate.metric),
            value: number(gate.value),
            baseline: gate.baseline.map(number).unwrap_or_default(),
            error_if: condition(&gate.error_if),
            warn_if: condition(&gate.warn_if),
            verdict: gate.verdict.name(),
            note: condition(&gate.note),
        })
        .collect()
}

/// The verdict in one sentence.
pub(crate) fn sentence(report: &Report) -> String {
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

/// A metric's value: a whole number with commas, a ratio with four digits.
pub(crate) fn number(value: f64) -> String {
    if value.fract() == 0.0 && (0.0..1e15).contains(&value) {
        count(value as u64)
    } else {
        format!("{value:.4}")
    }
}
