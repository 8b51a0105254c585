//! The table of documents, and how much of each a page can show.

use std::fmt::Write as _;

use tamis_io::Status;

use crate::Report;
use crate::samples::{Failed, Row, Samples, Strip, evidence};
use crate::shown::{bytes, count, excerpt, plural};

pub(super) struct DocumentRow {
    pub(super) number: usize,
    pub(super) status: &'static str,
    pub(super) status_word: &'static str,
    pub(super) sign: &'static str,
    pub(super) id: String,
    pub(super) title: String,
    /// Whether the beginning of the text stands for a title.
    pub(super) untitled: bool,
    pub(super) lang: String,
    pub(super) raw: u64,
    pub(super) gone: u64,
    pub(super) raw_told: String,
    pub(super) text_told: String,
    /// Class and path of each colour of the strip.
    pub(super) strip: Vec<(String, String)>,
    /// `rule edits bytes`, joined by semicolons.
    pub(super) rules: String,
    pub(super) facts: String,
    /// The kept document it matches, and its place where that one is in the table.
    pub(super) original: Option<(String, Option<usize>)>,
    pub(super) note: String,
}

pub(super) struct FailedRow {
    pub(super) id: String,
    pub(super) reason: String,
    pub(super) raw: u64,
    pub(super) raw_told: String,
}

/// The rows of the table, without the views.
pub(super) fn rows(report: &Report, samples: &Samples) -> Vec<DocumentRow> {
    let places: std::collections::BTreeMap<&str, usize> =
        samples.rows.iter().enumerate().map(|(place, row)| (row.line.id.as_ref(), place)).collect();
    let rows = samples.rows.iter().enumerate().map(|(number, row)| {
        let mut shown = document(number, row, report);
        let original = row.line.duplicate_of.as_deref();
        shown.original = original.map(|id| (excerpt(id, 200), places.get(id).copied()));
        shown
    });
    rows.collect()
}

fn document(number: usize, row: &Row, report: &Report) -> DocumentRow {
    let line = &row.line;
    let (status, sign) = match line.status {
        Status::Kept => ("k", "●"),
        Status::Dropped => ("d", "◆"),
        Status::Failed => ("f", "▲"),
    };
    let mut rules = String::new();
    for count in &row.rules {
        let separator = if rules.is_empty() { "" } else { ";" };
        let _ = write!(rules, "{separator}{} {} {}", count.rule, count.edits, count.raw_bytes);
    }
    let untitled = line.status == Status::Kept && row.title.is_none();
    let title = match line.status {
        Status::Kept => excerpt(row.title.as_deref().unwrap_or(&row.beginning), 120),
        Status::Dropped => excerpt(line.rule.as_deref().unwrap_or_default(), 120),
        Status::Failed => {
            why(line.stage.as_deref().unwrap_or_default(), line.reason.as_deref().unwrap_or_default())
        }
    };
    DocumentRow {
        number,
        status,
        status_word: line.status.name(),
        sign,
        id: excerpt(&line.id, 200),
        title,
        untitled,
        lang: excerpt(line.lang.as_deref().unwrap_or_default(), 20),
        raw: line.raw_bytes,
        gone: line.bytes.removed + line.bytes.replaced,
        raw_told: bytes(line.raw_bytes),
        text_told: row.text_bytes.map(bytes).unwrap_or_default(),
        strip: strip(&row.strip),
        rules,
        facts: facts(row, report),
        original: None,
        note: row.note.unwrap_or_default().to_owned(),
    }
}

/// What is known of a document, in a sentence or two.
fn facts(row: &Row, report: &Report) -> String {
    let line = &row.line;
    let mut facts = String::new();
    match line.status {
        Status::Kept => {}
        Status::Dropped => {
            let reason = line.rule.as_deref().and_then(|id| report.rules.iter().find(|rule| rule.rule == id));
            let _ = write!(
                facts,
                "Dropped by {}: {}",
                line.stage.as_deref().unwrap_or("a stage"),
                reason.map_or(line.reason.as_deref().unwrap_or_default(), |rule| rule.reason.as_str())
            );
            let evidence = evidence(line);
            if !evidence.is_empty() {
                let _ = write!(facts, " ({evidence})");
            }
            facts.push_str(". ");
        }
        Status::Failed => {
            let _ = write!(
                facts,
                "Failed {}: {}",
                line.stage
                    .as_deref()
                    .map_or_else(|| "before the first stage".to_owned(), |stage| format!("in {stage}")),
                line.reason.as_deref().unwrap_or_default()
            );
            if let Some(offset) = line.offset {
                let _ = write!(facts, " (byte {})", count(offset));
            }
            facts.push_str(". ");
        }
    }
    if let Some(encoding) = &line.encoding {
        let _ = write!(facts, "Read as {encoding}");
        if let Some(evidence) = &line.encoding_evidence {
            let _ = write!(facts, " ({evidence})");
        }
        if let Some(lang) = &line.lang {
            let _ = write!(facts, ", language {lang}");
            if let Some(confidence) = line.lang_confidence {
                let _ = write!(facts, " ({confidence})");
            }
            // A mixed text is told with the share of each of its languages.
            if line.lang_shares.len() > 1 {
                let shares =
                    line.lang_shares.iter().map(|(tag, share)| format!("{tag} {:.0} %", share * 100.0));
                let _ = write!(facts, ": {}", shares.collect::<Vec<_>>().join(", "));
            }
        }
        facts.push_str(". ");
    }
    excerpt(facts.trim_end(), 600)
}

/// The stage, where there is one, and the reason.
fn why(stage: &str, reason: &str) -> String {
    let separator = if stage.is_empty() { "" } else { ": " };
    excerpt(&format!("{stage}{separator}{reason}"), 240)
}

/// One path for each rule.
fn strip(strips: &[Strip]) -> Vec<(String, String)> {
    let mut paths: Vec<(usize, String)> = Vec::new();
    for strip in strips {
        let columns = format!("M{} 0h{}v1h-{}z", strip.start, strip.columns, strip.columns);
        match paths.iter_mut().find(|(rule, _)| *rule == strip.rule) {
            Some((_, path)) => path.push_str(&columns),
            None => paths.push((strip.rule, columns)),
        }
    }
    paths.into_iter().map(|(rule, path)| (format!("r{rule}"), path)).collect()
}

/// Failed documents after the table's last.
pub(super) fn failed(samples: &Samples) -> Vec<FailedRow> {
    let row = |failed: &Failed| FailedRow {
        id: excerpt(&failed.id, 200),
        reason: why(&failed.stage, &failed.reason),
        raw: failed.raw_bytes,
        raw_told: bytes(failed.raw_bytes),
    };
    samples.failed.iter().map(row).collect()
}

pub(super) fn told(report: &Report, samples: &Samples) -> String {
    let shown = samples.rows.len() as u64;
    let mut told = if shown < report.accounting.documents {
        format!("The first {} of {}", count(shown), plural(report.accounting.documents, "document"))
    } else {
        format!("All {}", plural(shown, "document"))
    };
    match (samples.failed.len() as u64, samples.failed_untold) {
        (0, 0) => {}
        (failed, 0) => {
            let _ = write!(told, ", and {} after them", plural(failed, "failed one"));
        }
        (failed, untold) => {
            let _ = write!(
                told,
                ", and the first {} after them; {} more are in provenance.csv",
                plural(failed, "failed one"),
                count(untold)
            );
        }
    }
    told.push('.');
    told
}
