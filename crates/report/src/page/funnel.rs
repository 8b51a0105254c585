//! Documents and bytes, from stage to stage.

use super::verdict::stacked;
use crate::Report;
use crate::shown::{bytes, count, share};

pub(super) struct Step {
    pub(super) label: String,
    pub(super) summary: String,
    /// In documents and in bytes.
    pub(super) flows: [Flow; 2],
}

/// What reached a stage, and what became of it.
pub(super) struct Flow {
    /// Class, start and width of the parts, in percent of all that was read.
    pub(super) parts: Vec<(&'static str, String, String)>,
    /// The width of what came in, in percent.
    pub(super) before: String,
    /// Whether something stands above it.
    pub(super) joined: bool,
    /// What went on.
    pub(super) value: String,
    /// What did not.
    pub(super) told: Vec<String>,
}

pub(super) fn funnel(report: &Report) -> Vec<Step> {
    let (all, all_bytes) = (report.accounting.documents, report.totals.raw_bytes);
    let unread = report.failed_before_stages();
    let read_bytes = report.stages.first().map_or(all_bytes, |stage| stage.bytes);
    let mut steps = vec![Step {
        label: "read".to_owned(),
        summary: "opens files, splits records".to_owned(),
        flows: [
            flow(all, None, all.saturating_sub(unread), &[("failed", unread)], count),
            flow(all_bytes, None, read_bytes, &[("failed", all_bytes.saturating_sub(read_bytes))], bytes),
        ],
    }];
    steps.extend(report.stages.iter().map(|stage| Step {
        label: stage.stage.clone(),
        summary: stage.summary.clone(),
        flows: [
            flow(
                all,
                Some(stage.documents),
                stage.passed,
                &[("dropped", stage.dropped), ("failed", stage.failed)],
                count,
            ),
            flow(
                all_bytes,
                Some(stage.bytes),
                stage.passed_bytes,
                &[
                    ("removed", stage.removed_bytes),
                    ("dropped", stage.dropped_bytes),
                    ("failed", stage.failed_bytes),
                ],
                bytes,
            ),
        ],
    }));
    steps
}

fn flow(
    all: u64,
    before: Option<u64>,
    passed: u64,
    gone: &[(&'static str, u64)],
    shown: fn(u64) -> String,
) -> Flow {
    let parts: Vec<_> = std::iter::once(("kept", passed)).chain(gone.iter().copied()).collect();
    let told = gone.iter().filter(|(_, number)| *number > 0);
    Flow {
        parts: stacked(&parts, all),
        before: format!("{:.2}", share(before.unwrap_or(0), all)),
        joined: before.is_some(),
        value: shown(passed),
        told: told.map(|(what, number)| format!("−{} {what}", shown(*number))).collect(),
    }
}

/// From the last raw byte to the text.
pub(super) fn replaced(report: &Report) -> String {
    let totals = &report.totals;
    format!(
        "Of the bytes that went through, {} are as they were but for their encoding, and other text stands for {}; \
         {} of text stand for nothing in the raw files. Clean text, in UTF-8: {}.",
        bytes(totals.kept_bytes),
        bytes(totals.replaced_bytes),
        bytes(totals.inserted_bytes),
        bytes(totals.text_bytes)
    )
}
