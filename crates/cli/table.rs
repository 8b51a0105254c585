//! The table that a run ends with.

use std::fmt::Write;

use tamis_io::Tally;
use tamis_pipeline::{Judgement, Verdict};
use tamis_runner::Reused;

use crate::sizes::{bytes, count};

/// Rules beyond these are told in the report only.
const RULES: usize = 12;

/// What of an earlier run was not made again; nothing where there was none.
pub(crate) fn reused(reused: &Reused) -> String {
    let mut out = String::new();
    if reused.shards > 0 {
        let _ = writeln!(
            out,
            "\nunchanged {:>10}  documents in {} of {} shards, taken from the earlier run",
            count(reused.documents),
            count(reused.shards as u64),
            count(reused.of_shards as u64)
        );
    }
    out
}

/// In, kept, dropped, failed; what each rule did; gates.
pub(crate) fn closing(tally: &Tally, gates: &[Judgement]) -> String {
    let mut out = String::new();
    let share = |part: u64| {
        if tally.documents == 0 {
            String::new()
        } else {
            format!("{:.1} %", 100.0 * part as f64 / tally.documents as f64)
        }
    };
    let mut line = |name: &str, documents: u64, rest: &str| {
        let share = if name == "in" { String::new() } else { share(documents) };
        let _ = writeln!(out, "{name:<9} {:>10}  {share:>7}  {rest}", count(documents));
    };
    line("in", tally.documents, &format!("{} read", bytes(tally.raw_bytes)));
    line("kept", tally.kept, &format!("{} of text", bytes(tally.text_bytes)));
    line("dropped", tally.dropped, "");
    line("failed", tally.failed, "");

    let mut dropping: Vec<_> =
        tally.rules.iter().filter(|(_, rule)| rule.dropped + rule.failed > 0).collect();
    dropping.sort_by_key(|(id, rule)| (std::cmp::Reverse(rule.dropped + rule.failed), id.as_str()));
    if !dropping.is_empty() {
        let _ = writeln!(out, "\ndocuments dropped or refused, by rule");
        for (id, rule) in dropping.iter().take(RULES) {
            let _ = writeln!(out, "{:>10}  {id}", count(rule.dropped + rule.failed));
        }
    }
    let mut editing: Vec<_> = tally.rules.iter().filter(|(_, rule)| rule.edits > 0).collect();
    editing.sort_by_key(|(id, rule)| (std::cmp::Reverse(rule.raw_bytes), id.as_str()));
    if !editing.is_empty() {
        let _ = writeln!(out, "\nbytes removed or replaced in kept documents, by rule");
        for (id, rule) in editing.iter().take(RULES) {
            let documents = if rule.documents == 1 { "document" } else { "documents" };
            let edits = if rule.edits == 1 { "edit" } else { "edits" };
            let _ = writeln!(
                out,
                "{:>10}  {id}, {} {edits} in {} {documents}",
                bytes(rule.raw_bytes),
                count(rule.edits),
                count(rule.documents)
            );
        }
        if editing.len() > RULES {
            let _ = writeln!(out, "{:>10}  {} more rules", "", editing.len() - RULES);
        }
    }
    if tally.failed > 0 {
        let _ = writeln!(out, "\nfailures");
        for (reason, documents) in &tally.failures {
            let _ = writeln!(out, "{:>10}  {reason}", count(*documents));
        }
    }
    for gate in gates {
        let word = match gate.verdict {
            Verdict::Pass => continue,
            Verdict::Warn => "warning",
            Verdict::Fail => "FAILED",
        };
        let condition = gate.condition.as_deref().or(gate.note.as_deref()).unwrap_or_default();
        let baseline = gate.baseline.map(|value| format!(" (baseline {value:.4})")).unwrap_or_default();
        let _ = writeln!(out, "\ngate {word}: {} is {:.4}, {condition}{baseline}", gate.metric, gate.value);
    }
    out
}
