//! The counts of `report.json` against the sums over the documents.

use std::collections::BTreeMap;

use tamis_io::{LedgerLine, Record, Status, length_step, power_of_ten};

use super::{Law, VerifyReport};
use crate::Run;

/// Everything that `report.json` counts, counted again from ledger and records.
#[derive(Debug, Default)]
pub(super) struct Sums {
    counts: BTreeMap<String, u64>,
    /// Raw bytes of kept documents by rule: removed, replaced.
    raw: BTreeMap<String, (u64, u64)>,
}

impl Sums {
    /// Counts a document.
    pub(super) fn add(&mut self, line: &LedgerLine<'_>, record: Option<&Record>, text: Option<&str>) {
        self.count("documents", 1);
        self.count(line.status.name(), 1);
        self.count("raw_bytes", line.raw_bytes);
        match line.status {
            Status::Kept => {
                self.count("kept_bytes", line.bytes.kept);
                self.count("removed_bytes", line.bytes.removed);
                self.count("replaced_bytes", line.bytes.replaced);
                self.count("inserted_bytes", line.bytes.inserted);
                let text = record.map(|record| record.text.len()).or(text.map(str::len));
                let length = text.unwrap_or_default() as u64;
                self.count("text_bytes", length);
                self.count(&format!("raw length from {}", length_step(line.raw_bytes)), 1);
                self.count(&format!("text length from {}", length_step(length)), 1);
                self.edits(line);
                if let Some(record) = record {
                    self.record(record);
                }
            }
            Status::Dropped => {
                self.end("dropped", line);
            }
            Status::Failed => {
                self.end("failed", line);
                let reason = line.reason.as_deref().unwrap_or_default();
                let words = reason.split(|c: char| c == ':' || c.is_ascii_digit()).next();
                self.count(&format!("failures {}", words.unwrap_or_default().trim()), 1);
            }
        }
    }

    fn edits(&mut self, line: &LedgerLine<'_>) {
        let mut met: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
        for edit in &line.edits {
            let sum = met.entry(edit.2.as_str()).or_default();
            let raw = edit.1.saturating_sub(edit.0);
            let (removed, replaced) = if edit.3.is_none() { (raw, 0) } else { (0, raw) };
            match self.raw.get_mut(&edit.2) {
                Some(sums) => *sums = (sums.0 + removed, sums.1 + replaced),
                None => {
                    self.raw.insert(edit.2.clone(), (removed, replaced));
                }
            }
            let text = edit.3.as_ref().map_or(0, String::len) as u64;
            *sum = [sum[0] + 1, sum[1] + edit.1.saturating_sub(edit.0), sum[2] + text];
        }
        for (rule, edits, bytes) in line.counts.iter().flatten() {
            met.insert(rule, [*edits, *bytes, 0]);
        }
        for (rule, [edits, raw, text]) in met {
            self.count(&format!("rule {rule} documents"), 1);
            self.count(&format!("rule {rule} edits"), edits);
            self.count(&format!("rule {rule} raw_bytes"), raw);
            self.count(&format!("rule {rule} text_bytes"), text);
        }
    }

    fn record(&mut self, record: &Record) {
        self.count("sentences", record.sentences.len() as u64);
        self.count(&format!("lang {}", record.lang), 1);
        if let Some(encoding) = &record.encoding {
            self.count(&format!("encoding {encoding}"), 1);
        }
        for amount in &record.amounts {
            let name = match &amount.currency {
                Some(currency) => format!("amount {} {currency}", amount.kind),
                None => format!("amount {}", amount.kind),
            };
            self.count(&name, 1);
            let value = amount.value.as_ref().or(amount.low.as_ref()).or(amount.high.as_ref());
            if let Some(power) = value.and_then(|value| power_of_ten(value)) {
                self.count(&format!("{name} of power {power}"), 1);
            }
        }
    }

    fn end(&mut self, how: &str, line: &LedgerLine<'_>) {
        if let Some(stage) = &line.stage {
            self.count(&format!("stage {stage} {how}"), 1);
            self.count(&format!("stage {stage} {how}_bytes"), line.raw_bytes);
        }
        if let Some(rule) = &line.rule {
            self.count(&format!("rule {rule} {how}"), 1);
        }
    }

    fn count(&mut self, key: &str, number: u64) {
        match self.counts.get_mut(key) {
            Some(sum) => *sum += number,
            None => {
                self.counts.insert(key.to_owned(), number);
            }
        }
    }

    /// Compares with what `report.json` tells, in both directions: a count told of nothing is as wrong as one missing.
    pub(super) fn compare(self, run: &Run, report: &mut VerifyReport) {
        let raw = self.raw;
        let told = told(run);
        let mut keys: Vec<&String> = told.keys().chain(self.counts.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            // What rules put into texts is not in a ledger of counts.
            if run.report.counts_only() && key.starts_with("rule ") && key.ends_with(" text_bytes") {
                continue;
            }
            let (told, found) = (told.get(key).copied(), self.counts.get(key).copied());
            let (told, found) = (told.unwrap_or_default(), found.unwrap_or_default());
            report.check(Law::Totals, "report.json", told == found, || {
                format!("`{key}` is told as {told}, the documents make {found}")
            });
        }
        let accounting = &run.report.accounting;
        let sum = accounting.kept + accounting.dropped + accounting.failed;
        report.check(Law::Totals, "report.json", accounting.closed && accounting.documents == sum, || {
            format!(
                "{} documents in, {sum} accounted for, told as closed: {}",
                accounting.documents, accounting.closed
            )
        });
        for stage in &run.report.stages {
            let sum = stage.passed + stage.dropped + stage.failed;
            report.check(Law::Totals, "report.json", sum == stage.documents, || {
                format!(
                    "stage `{}` took {} documents and gave account of {sum}",
                    stage.stage, stage.documents
                )
            });
        }
        for stage in &run.report.stages {
            let sum = stage.passed_bytes + stage.dropped_bytes + stage.failed_bytes + stage.removed_bytes;
            report.check(Law::Totals, "report.json", sum == stage.bytes, || {
                format!("stage `{}` took {} bytes and gave account of {sum}", stage.stage, stage.bytes)
            });
        }
        // A ledger of counts does not tell what was removed from what was replaced.
        for stage in run.report.stages.iter().filter(|_| !run.report.counts_only()) {
            let rules = run.report.rules.iter().filter(|rule| rule.stage == stage.stage);
            let sums = rules.filter_map(|rule| raw.get(&rule.rule));
            let sum = sums.fold((0, 0), |sum, raw| (sum.0 + raw.0, sum.1 + raw.1));
            let told = (stage.removed_bytes, stage.replaced_bytes);
            report.check(Law::Totals, "report.json", sum == told, || {
                format!(
                    "stage `{}` is told to have removed {} bytes and replaced {}, the edits make {} and {}",
                    stage.stage, told.0, told.1, sum.0, sum.1
                )
            });
        }
        let passed = run.report.stages.last().map(|stage| stage.passed);
        report.check(
            Law::Totals,
            "report.json",
            passed.is_none_or(|passed| passed == accounting.kept),
            || {
                format!(
                    "{} documents passed the last stage, {} were kept",
                    passed.unwrap_or(0),
                    accounting.kept
                )
            },
        );
    }
}

/// What `report.json` tells, by the names of [`Sums`].
fn told(run: &Run) -> BTreeMap<String, u64> {
    let (report, mut told) = (&run.report, BTreeMap::new());
    let mut tell = |key: String, number: u64| *told.entry(key).or_insert(0) += number;
    for (key, number) in [
        ("documents", report.accounting.documents),
        ("kept", report.accounting.kept),
        ("dropped", report.accounting.dropped),
        ("failed", report.accounting.failed),
        ("raw_bytes", report.totals.raw_bytes),
        ("kept_bytes", report.totals.kept_bytes),
        ("removed_bytes", report.totals.removed_bytes),
        ("replaced_bytes", report.totals.replaced_bytes),
        ("inserted_bytes", report.totals.inserted_bytes),
        ("text_bytes", report.totals.text_bytes),
        ("sentences", report.totals.sentences),
    ] {
        tell(key.to_owned(), number);
    }
    // A stage that stands twice in a plan is one name in the ledger.
    for stage in &report.stages {
        tell(format!("stage {} dropped", stage.stage), stage.dropped);
        tell(format!("stage {} failed", stage.stage), stage.failed);
        tell(format!("stage {} dropped_bytes", stage.stage), stage.dropped_bytes);
        tell(format!("stage {} failed_bytes", stage.stage), stage.failed_bytes);
    }
    for rule in &report.rules {
        for (name, number) in [
            ("documents", rule.documents),
            ("edits", rule.edits),
            ("raw_bytes", rule.raw_bytes),
            ("text_bytes", rule.text_bytes),
            ("dropped", rule.dropped),
            ("failed", rule.failed),
        ] {
            tell(format!("rule {} {name}", rule.rule), number);
        }
    }
    for (prefix, counts) in [
        ("lang", &report.languages),
        ("encoding", &report.encodings),
        ("amount", &report.amounts),
        ("failures", &report.failures),
    ] {
        for (name, number) in counts {
            tell(format!("{prefix} {name}"), *number);
        }
    }
    for (name, powers) in &report.amount_powers {
        for (power, number) in powers {
            tell(format!("amount {name} of power {power}"), *number);
        }
    }
    for (prefix, steps) in [("raw", &report.lengths.raw), ("text", &report.lengths.text)] {
        for (step, number) in steps {
            tell(format!("{prefix} length from {step}"), *number);
        }
    }
    told
}
