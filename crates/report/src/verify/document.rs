//! One ledger line against the raw bytes it speaks of.

use tamis_core::Outcome;
use tamis_io::{LedgerBytes, LedgerLine, ReadDocument, Status, sha256};

use super::{Law, VerifyReport};
use crate::{Rebuilt, Run, rebuild};

/// Checks one line and returns the text it gives back; `None` where there is none, or none that can be had.
pub(super) fn check<'a>(
    run: &Run,
    line: &'a LedgerLine<'_>,
    read: Option<&ReadDocument>,
    report: &mut VerifyReport,
) -> Option<Rebuilt<'a>> {
    rules(run, line, report);
    ends(line, report);
    let raw = raw_bytes(line, read?, report)?;
    if line.status == Status::Failed {
        report.check(Law::Edits, &line.id, line.bytes == LedgerBytes::default(), || {
            "a failed document has bytes that were kept, removed or replaced".into()
        });
        return None;
    }
    let told = line.bytes.kept + line.bytes.removed + line.bytes.replaced;
    if run.report.counts_only() {
        counted(line, told, report);
        return None;
    }
    report.checked(Law::Edits, line.edits.len() as u64);
    report.checked(Law::Reversible, 1);
    let rebuilt = match rebuild(raw, line.encoding.as_deref(), &line.edits) {
        Ok(rebuilt) => rebuilt,
        Err(misfit) => {
            report.broken(Law::Edits, &line.id, Some(misfit.byte), misfit.what);
            return None;
        }
    };
    let sums = rebuilt.bytes();
    if sums != line.bytes {
        let what = format!("the edits make {sums:?}, the line tells {:?}", line.bytes);
        report.broken(Law::Edits, &line.id, None, what);
    }
    if told != line.raw_bytes {
        let what = format!("{told} of {} raw bytes are accounted for", line.raw_bytes);
        report.broken(Law::Edits, &line.id, None, what);
    }
    if !line.scores.is_empty() && line.scores.len() != line.edits.len() {
        let what = format!("{} scores for {} edits", line.scores.len(), line.edits.len());
        report.broken(Law::Edits, &line.id, None, what);
    }
    let mut hash = String::new();
    sha256(rebuilt.text.as_bytes(), &mut hash);
    if line.text_sha256.as_deref() != Some(hash.as_str()) {
        let what = "raw bytes and edits give a text of another SHA-256 than the one told";
        report.broken(Law::Reversible, &line.id, None, what);
    }
    Some(rebuilt)
}

/// A run with counts instead of edits: at least they must add up.
fn counted(line: &LedgerLine<'_>, told: u64, report: &mut VerifyReport) {
    let counts = line.counts.as_deref().unwrap_or_default();
    let edits: u64 = counts.iter().map(|(_, edits, _)| edits).sum();
    let bytes: u64 = counts.iter().map(|(_, _, bytes)| bytes).sum();
    report.checked(Law::Edits, edits);
    if told != line.raw_bytes || bytes != line.bytes.removed + line.bytes.replaced {
        let what = format!("{told} of {} raw bytes are accounted for, {bytes} by rules", line.raw_bytes);
        report.broken(Law::Edits, &line.id, None, what);
    }
}

/// Every rule and stage that the line names is in the plan, and the rule is one of the stage.
fn rules(run: &Run, line: &LedgerLine<'_>, report: &mut VerifyReport) {
    report.checked(Law::Rules, 1);
    let known = |id: &str| run.report.rules.iter().find(|rule| rule.rule == id);
    let mut last = "";
    for edit in &line.edits {
        // Neighbours mostly share their rule.
        if edit.2 != last && known(&edit.2).is_none() {
            let what = format!("an edit names rule `{}`, which no stage of the plan has", edit.2);
            report.broken(Law::Rules, &line.id, Some(edit.0), what);
        }
        last = &edit.2;
    }
    for (rule, _, _) in line.counts.iter().flatten() {
        if known(rule).is_none() {
            let what = format!("rule `{rule}` is counted, which no stage of the plan has");
            report.broken(Law::Rules, &line.id, None, what);
        }
    }
    let stage = line.stage.as_deref();
    if let Some(rule) = line.rule.as_deref() {
        match known(rule) {
            None => {
                let what = format!("rule `{rule}` ended it, which no stage of the plan has");
                report.broken(Law::Rules, &line.id, None, what);
            }
            Some(found) if Some(found.stage.as_str()) != stage => {
                let what = format!("rule `{rule}` is one of `{}`, not of the stage told", found.stage);
                report.broken(Law::Rules, &line.id, None, what);
            }
            Some(_) => {}
        }
    }
    if let Some(stage) = stage
        && !run.report.stages.iter().any(|known| known.stage == stage)
    {
        let what = format!("stage `{stage}` ended it, which the plan does not have");
        report.broken(Law::Rules, &line.id, None, what);
    }
}

/// A kept document has no reason to be gone; every other one has.
fn ends(line: &LedgerLine<'_>, report: &mut VerifyReport) {
    let holds = match line.status {
        Status::Kept => line.stage.is_none() && line.rule.is_none() && line.reason.is_none(),
        Status::Dropped => line.stage.is_some() && line.rule.is_some() && line.reason.is_some(),
        Status::Failed => line.reason.is_some() && line.text_sha256.is_none(),
    };
    if !holds {
        let what = format!("a document that was {} is not explained as one", line.status.name());
        report.broken(Law::Rules, &line.id, None, what);
    }
}

/// The raw bytes that the line speaks of, when they are those that were read.
fn raw_bytes<'a>(
    line: &LedgerLine<'_>,
    read: &'a ReadDocument,
    report: &mut VerifyReport,
) -> Option<&'a [u8]> {
    let document = &read.document;
    let metadata = &document.metadata;
    if line.id != metadata.id || line.source != metadata.source || line.field != read.location.field {
        let what = format!("the input has `{}` in its place", metadata.id);
        report.broken(Law::Complete, &line.id, None, what);
    }
    if line.byte_range != read.location.byte_range {
        let what = "the record stands at another place of its file than the line tells";
        report.broken(Law::RawBytes, &line.id, read.location.byte_range.map(|range| range.0), what);
    }
    report.checked(Law::RawBytes, 1);
    let before = line.status == Status::Failed && line.stage.is_none();
    if let Outcome::Failed(failed) = &document.outcome {
        // Unreadable then and now, or the world has changed.
        if !before {
            let what = format!("it could be read, and now it cannot: {}", failed.reason);
            report.broken(Law::RawBytes, &line.id, None, what);
        } else if line.reason.as_deref() != Some(failed.reason.as_str()) || line.offset != failed.offset {
            let what = format!("it fails for another reason than the one told: {}", failed.reason);
            report.broken(Law::RawBytes, &line.id, None, what);
        }
        if line.raw_bytes != document.raw.len() as u64 {
            let what = format!("{} raw bytes, not {}", document.raw.len(), line.raw_bytes);
            report.broken(Law::RawBytes, &line.id, None, what);
        }
        return None;
    }
    if before {
        let told = line.reason.as_deref().unwrap_or_default();
        let what = format!("it was unreadable ({told}), and now it can be read");
        report.broken(Law::RawBytes, &line.id, None, what);
        return None;
    }
    let mut hash = String::new();
    sha256(&document.raw, &mut hash);
    if line.raw_bytes != document.raw.len() as u64 {
        let what = format!("{} raw bytes, not {} as the line tells", document.raw.len(), line.raw_bytes);
        report.broken(Law::RawBytes, &line.id, None, what);
        return None;
    }
    if line.raw_sha256.as_deref() != Some(hash.as_str()) {
        // Which byte it is, the edits and the record's text may still tell.
        let what = "the raw bytes have another SHA-256 than the one told";
        report.broken(Law::RawBytes, &line.id, None, what);
    }
    Some(&document.raw)
}
