//! The content of `report.json`: what a run did, and nothing of the clock or the machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tamis_core::Plan;
use tamis_io::{InputFile, StageTally, Tally, WrittenFile};

use crate::RunFacts;

/// The version of tamis that writes.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version of the format of `report.json`, `run.json` and `manifest.json`; grows when a field changes its meaning.
pub const FORMAT: u32 = 1;

/// What the report is made of.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// The stages, with their rules.
    pub plan: &'a Plan,
    /// All counts.
    pub tally: &'a Tally,
    /// The pipeline with every default made explicit.
    pub pipeline: &'a Value,
    /// What a person should know.
    pub warnings: &'a [String],
    /// What the gates said.
    pub gates: &'a [GateResult],
    /// Failed documents that are accepted.
    pub max_failed: u64,
    /// Only so many documents were to be read, the first in input order.
    pub limit: Option<u64>,
    /// What was found to read.
    pub found: Found,
    /// What the runner wrote: documents, ledger, `provenance.csv`.
    pub files: &'a [WrittenFile],
    /// The files that this run has read, in order of their names: those that have not changed since need no check. None where
    /// an earlier run read some of them.
    pub files_read: &'a [InputFile],
    /// Where the inputs are: the page shows raw text. Nothing of the clock is taken from here.
    pub facts: &'a RunFacts,
}

/// What was found to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Files to read.
    pub files: u64,
    /// Files that no pattern asks for.
    pub files_passed_over: u64,
    /// Symbolic links to directories, which are not followed.
    pub links_passed_over: u64,
}

/// What a gate said of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateResult {
    /// What was measured.
    pub metric: String,
    /// Its value.
    pub value: f64,
    /// What it is held against, where the gate has a baseline.
    pub baseline: Option<f64>,
    /// When the run fails.
    pub error_if: Option<String>,
    /// When a warning is told.
    pub warn_if: Option<String>,
    /// What follows.
    pub verdict: Verdict,
    /// The condition that held, for warnings and failures.
    pub condition: Option<String>,
    /// What else is to be said: that there is no baseline yet.
    pub note: Option<String>,
}

/// What is to be thought of a run, or of one gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing to see to.
    #[default]
    Pass,
    /// A person should look.
    Warn,
    /// A gate does not hold, more documents failed than accepted, or the accounting is broken.
    Fail,
}

impl Verdict {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// `report.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The version of this format.
    pub format: u32,
    /// The version of tamis that wrote it.
    pub tamis: String,
    /// The pipeline's name.
    pub name: String,
    /// The worst of gates, warnings, failed documents and accounting.
    pub verdict: Verdict,
    /// Whether every document is accounted for.
    pub accounting: Accounting,
    /// Sums over all documents.
    pub totals: Totals,
    /// What was found to read.
    pub found: Found,
    /// Only so many documents were to be read.
    pub limit: Option<u64>,
    /// Failed documents that are accepted.
    pub max_failed: u64,
    /// Documents by stage, in the order of the plan.
    pub stages: Vec<StageReport>,
    /// All rules of the plan, those that did nothing too.
    pub rules: Vec<RuleReport>,
    /// Kept documents by language.
    pub languages: BTreeMap<String, u64>,
    /// Kept documents by encoding.
    pub encodings: BTreeMap<String, u64>,
    /// Amounts of kept documents by kind, for money followed by the currency.
    pub amounts: BTreeMap<String, u64>,
    /// Amounts of kept documents by kind (and currency), then by the power of ten of their value, 9 being milliards;
    /// ranges by their lower end, zeros and vague amounts not at all.
    pub amount_powers: BTreeMap<String, BTreeMap<i32, u64>>,
    /// Kept documents by length before and after.
    pub lengths: Lengths,
    /// Failed documents by the first words of their reason.
    pub failures: BTreeMap<String, u64>,
    /// What corpus stages measured, by the name of the metric.
    pub measures: BTreeMap<String, u64>,
    /// What the gates said.
    pub gates: Vec<GateResult>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// The pipeline with every default made explicit.
    pub pipeline: Value,
}

/// `documents = kept + dropped + failed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounting {
    /// Whether the sum holds.
    pub closed: bool,
    /// Documents read, or met and unreadable.
    pub documents: u64,
    /// Documents in the output.
    pub kept: u64,
    /// Documents that a rule dropped.
    pub dropped: u64,
    /// Documents that could not be worked on.
    pub failed: u64,
}

/// Sums over all documents. `kept_bytes + removed_bytes + replaced_bytes` are the raw bytes of kept documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Raw bytes of all documents.
    pub raw_bytes: u64,
    /// Raw bytes of kept documents that reached the text through decoding alone.
    pub kept_bytes: u64,
    /// Raw bytes of kept documents that nothing stands for.
    pub removed_bytes: u64,
    /// Raw bytes of kept documents that other text stands for.
    pub replaced_bytes: u64,
    /// Bytes of kept texts with no raw bytes behind them.
    pub inserted_bytes: u64,
    /// Bytes of kept texts.
    pub text_bytes: u64,
    /// Sentences of kept documents.
    pub sentences: u64,
}

/// What one stage did: `documents = passed + dropped + failed`, and in bytes
/// `bytes = passed_bytes + dropped_bytes + failed_bytes + removed_bytes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageReport {
    /// Its name.
    pub stage: String,
    /// Its version.
    pub version: u32,
    /// What it does.
    pub summary: String,
    /// Documents that reached it.
    pub documents: u64,
    /// Documents it dropped.
    pub dropped: u64,
    /// Documents that failed in it.
    pub failed: u64,
    /// Documents that went on.
    pub passed: u64,
    /// Raw bytes that something still stood for when they reached it.
    pub bytes: u64,
    /// Raw bytes of the documents it dropped.
    pub dropped_bytes: u64,
    /// Raw bytes of the documents that failed in it.
    pub failed_bytes: u64,
    /// Raw bytes it removed from documents that were kept in the end.
    pub removed_bytes: u64,
    /// Raw bytes of kept documents that other text of it stands for; they go on.
    pub replaced_bytes: u64,
    /// Raw bytes that went on.
    pub passed_bytes: u64,
}

/// Kept documents by their length, in steps of half an octave: a key is the lower bound of its step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lengths {
    /// By raw bytes.
    pub raw: BTreeMap<u64, u64>,
    /// By bytes of text.
    pub text: BTreeMap<u64, u64>,
}

/// What one rule did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleReport {
    /// Its id.
    pub rule: String,
    /// The name of its stage.
    pub stage: String,
    /// Why it does what it does.
    pub reason: String,
    /// The version of tamis that brought it.
    pub since: String,
    /// An example text, as the stage meets it.
    pub before: String,
    /// The example after the stage; empty for a rule that drops documents.
    pub after: String,
    /// Kept documents with at least one edit by it.
    pub documents: u64,
    /// Its edits in kept documents.
    pub edits: u64,
    /// Raw bytes it removed or replaced in kept documents.
    pub raw_bytes: u64,
    /// Bytes of text it put into kept documents.
    pub text_bytes: u64,
    /// Documents it dropped.
    pub dropped: u64,
    /// Documents it refused.
    pub failed: u64,
}

impl Report {
    /// The report of a run.
    pub fn new(input: &ReportInput<'_>) -> Self {
        let tally = input.tally;
        let (stages, accounted) = stages(input.plan, tally);
        let accounting = Accounting {
            closed: tally.is_closed() && accounted,
            documents: tally.documents,
            kept: tally.kept,
            dropped: tally.dropped,
            failed: tally.failed,
        };
        let mut report = Self {
            format: FORMAT,
            tamis: VERSION.to_owned(),
            name: input.plan.name.clone(),
            verdict: Verdict::Pass,
            accounting,
            totals: Totals {
                raw_bytes: tally.raw_bytes,
                kept_bytes: tally.kept_bytes,
                removed_bytes: tally.removed_bytes,
                replaced_bytes: tally.replaced_bytes,
                inserted_bytes: tally.inserted_bytes,
                text_bytes: tally.text_bytes,
                sentences: tally.sentences,
            },
            found: input.found,
            limit: input.limit,
            max_failed: input.max_failed,
            stages,
            rules: rules(input.plan, tally),
            languages: tally.languages.clone(),
            encodings: tally.encodings.clone(),
            amounts: tally.amounts.clone(),
            amount_powers: tally.amount_powers.clone(),
            lengths: Lengths { raw: tally.raw_lengths.clone(), text: tally.text_lengths.clone() },
            failures: tally.failures.clone(),
            measures: tally.measures.clone(),
            gates: Vec::new(),
            warnings: input.warnings.to_vec(),
            pipeline: input.pipeline.clone(),
        };
        report.rejudge(input.gates.to_vec());
        report
    }

    /// Puts other gates in the place of the report's own, and thinks the verdict over.
    pub fn rejudge(&mut self, gates: Vec<GateResult>) {
        let worst = gates.iter().map(|gate| gate.verdict).max().unwrap_or_default();
        self.gates = gates;
        self.verdict = if !self.accounting.closed || self.accounting.failed > self.max_failed {
            Verdict::Fail
        } else if self.warnings.is_empty() && self.accounting.failed == 0 {
            worst
        } else {
            worst.max(Verdict::Warn)
        };
    }

    /// Documents that failed before the first stage: unreadable ones, broken records, those over a limit.
    pub fn failed_before_stages(&self) -> u64 {
        self.accounting.failed.saturating_sub(self.stages.iter().map(|stage| stage.failed).sum())
    }

    /// Globs of the files that counted.
    pub fn include(&self) -> Vec<String> {
        let include = self.pipeline.pointer("/input/include").and_then(Value::as_array);
        include.into_iter().flatten().filter_map(|glob| glob.as_str().map(ToOwned::to_owned)).collect()
    }

    /// What one document could cost.
    pub fn limits(&self) -> tamis_io::Limits {
        let bytes = self.pipeline.pointer("/limits/document-bytes").and_then(Value::as_u64);
        bytes.map_or_else(tamis_io::Limits::default, |bytes| tamis_io::Limits {
            document_bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
        })
    }

    /// Whether the ledger tells totals by rule instead of edits, so that nothing can be reversed.
    pub fn counts_only(&self) -> bool {
        self.pipeline.pointer("/output/ledger").and_then(Value::as_str) == Some("counts")
    }

    /// The compression of documents and ledger.
    pub fn compression(&self) -> tamis_io::Compression {
        let told = self.pipeline.pointer("/output/compression").cloned();
        told.and_then(|told| serde_json::from_value(told).ok()).unwrap_or_default()
    }
}

/// The stages, and whether as many documents came out of the last one as were kept.
fn stages(plan: &Plan, tally: &Tally) -> (Vec<StageReport>, bool) {
    let ended: u64 = tally.stages.values().map(|stage| stage.failed).sum();
    let mut left = tally.documents.saturating_sub(tally.failed.saturating_sub(ended));
    // Bytes of documents that failed before the first stage are what is left when all others are told.
    let gone = |stage: &StageTally| stage.dropped_bytes + stage.failed_bytes + stage.removed_bytes;
    let mut bytes = tally.stages.values().map(gone).sum::<u64>() + tally.kept_bytes + tally.replaced_bytes;
    let reports = plan.stages().iter().enumerate().map(|(place, stage)| {
        let spec = stage.spec();
        let did = tally.stages.get(&place).copied().unwrap_or_default();
        let (documents, reached) = (left, bytes);
        left = left.saturating_sub(did.dropped + did.failed);
        bytes = bytes.saturating_sub(gone(&did));
        StageReport {
            stage: spec.name.to_owned(),
            version: spec.version,
            summary: spec.summary.to_owned(),
            documents,
            dropped: did.dropped,
            failed: did.failed,
            passed: left,
            bytes: reached,
            dropped_bytes: did.dropped_bytes,
            failed_bytes: did.failed_bytes,
            removed_bytes: did.removed_bytes,
            replaced_bytes: did.replaced_bytes,
            passed_bytes: bytes,
        }
    });
    let reports = reports.collect();
    (reports, left == tally.kept)
}

/// The rules, each once, where a stage stands twice in a plan.
fn rules(plan: &Plan, tally: &Tally) -> Vec<RuleReport> {
    let mut reports: Vec<RuleReport> = Vec::with_capacity(plan.rules().len());
    for (place, rule) in plan.rules() {
        if reports.iter().any(|known| known.rule == rule.id) {
            continue;
        }
        let did = tally.rules.get(rule.id).copied().unwrap_or_default();
        reports.push(RuleReport {
            rule: rule.id.to_owned(),
            stage: plan.stages().get(*place).map_or("", |stage| stage.spec().name).to_owned(),
            reason: rule.reason.to_owned(),
            since: rule.since.to_owned(),
            before: rule.before.to_owned(),
            after: rule.after.to_owned(),
            documents: did.documents,
            edits: did.edits,
            raw_bytes: did.raw_bytes,
            text_bytes: did.text_bytes,
            dropped: did.dropped,
            failed: did.failed,
        });
    }
    reports
}
