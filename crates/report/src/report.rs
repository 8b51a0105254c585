//! The content of `report.json`: what a run did, and nothing of the clock or the machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tamis_core::Plan;
use tamis_io::Tally;

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
    /// What follows.
    pub verdict: Verdict,
    /// The condition that held, for warnings and failures.
    pub condition: Option<String>,
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

/// What one stage did to documents: `documents = passed + dropped + failed`.
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
        let gates = input.gates.iter().map(|gate| gate.verdict).max().unwrap_or_default();
        let verdict = if !accounting.closed || tally.failed > input.max_failed {
            Verdict::Fail
        } else if input.warnings.is_empty() && tally.failed == 0 {
            gates
        } else {
            gates.max(Verdict::Warn)
        };
        Self {
            format: FORMAT,
            tamis: VERSION.to_owned(),
            name: input.plan.name.clone(),
            verdict,
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
            failures: tally.failures.clone(),
            measures: tally.measures.clone(),
            gates: input.gates.to_vec(),
            warnings: input.warnings.to_vec(),
            pipeline: input.pipeline.clone(),
        }
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
    let ended: u64 = tally.stages.values().map(|(_, failed)| failed).sum();
    let mut left = tally.documents.saturating_sub(tally.failed.saturating_sub(ended));
    let reports = plan.stages().iter().enumerate().map(|(place, stage)| {
        let spec = stage.spec();
        let (dropped, failed) = tally.stages.get(&place).copied().unwrap_or_default();
        let documents = left;
        left = left.saturating_sub(dropped + failed);
        StageReport {
            stage: spec.name.to_owned(),
            version: spec.version,
            summary: spec.summary.to_owned(),
            documents,
            dropped,
            failed,
            passed: left,
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
