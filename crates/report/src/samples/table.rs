//! The first documents of a run, each with its text before and after.

use serde::Deserialize;
use tamis_io::{LedgerEdit, LedgerLine, Status};

use super::raw::{FileDocuments, RawDocuments};
use super::view::{RulePlaces, View};
use crate::{Run, rebuild};

/// So many documents are in the table.
const DOCUMENTS: usize = 1_000;
/// The strip that shows where a document lost something has so many columns.
const COLUMNS: usize = 72;

/// So many characters of a text stand for a title.
const BEGINNING: usize = 140;

/// One document.
#[derive(Debug)]
pub(crate) struct Row {
    /// What the ledger tells, its edits taken out.
    pub(crate) line: LedgerLine<'static>,
    /// The document's title.
    pub(crate) title: Option<String>,
    /// The first line of a text without a title.
    pub(crate) beginning: String,
    /// Bytes of the text, where there is one.
    pub(crate) text_bytes: Option<u64>,
    /// What rules did to it, in the order of the plan.
    pub(crate) rules: Vec<RuleCount>,
    /// Where they did it.
    pub(crate) strip: Vec<Strip>,
    /// The document before and after; `None` where neither can be had.
    pub(crate) view: Option<View>,
    /// Why the view is less than it could be.
    pub(crate) note: Option<&'static str>,
}

/// What one rule did to a document.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RuleCount {
    /// The rule's place in the report.
    pub(crate) rule: usize,
    pub(crate) edits: u64,
    pub(crate) raw_bytes: u64,
}

/// Columns of the strip where most of what is gone fell to one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strip {
    pub(crate) rule: usize,
    pub(crate) start: usize,
    pub(crate) columns: usize,
}

/// What is read of a record.
#[derive(Deserialize)]
struct Clean {
    title: Option<String>,
    text: String,
}

/// Reads the first documents, one at a time.
pub(super) fn read(run: &Run, raw: &mut RawDocuments<'_>) -> Vec<Row> {
    let places = RulePlaces::of(&run.report);
    let mut records = run.shard_lines::<Clean>("documents/");
    let mut lines = run.ledger().take(DOCUMENTS).filter_map(Result::ok).peekable();
    let mut rows = Vec::new();
    // File by file, so that a compressed one is read once.
    while let Some(name) = lines.peek().map(|line| line.file.clone()) {
        let file = raw.file(&name);
        let mut documents = FileDocuments::new(file.as_ref());
        while let Some(line) = lines.next_if(|line| line.file == name) {
            let record = if line.status == Status::Kept { records.next().and_then(Result::ok) } else { None };
            rows.push(row(line, record, &mut documents, &places));
        }
    }
    rows
}

fn row(
    mut line: LedgerLine<'static>,
    record: Option<Clean>,
    documents: &mut FileDocuments<'_>,
    places: &RulePlaces<'_>,
) -> Row {
    let mut text_bytes = record.as_ref().map(|record| record.text.len() as u64);
    let (mut view, mut note) = (None, None);
    match documents.raw(&line) {
        _ if line.status == Status::Failed => {}
        Err(why) => note = Some(why),
        Ok(_) if line.counts.is_some() => {
            note = Some("The ledger has counts instead of edits: what went where cannot be shown.");
        }
        Ok(raw) => match rebuild(raw, line.encoding.as_deref(), &line.edits) {
            Ok(rebuilt) => {
                text_bytes = Some(rebuilt.text.len() as u64);
                view = Some(View::of(&rebuilt, raw, line.encoding.as_deref(), places));
            }
            Err(_) => note = Some("Its edits do not fit its raw bytes: `tamis verify` tells more."),
        },
    }
    if view.is_none() {
        view = record.as_ref().map(|record| View::of_text(&record.text));
    }
    let rules = counts(&line, places);
    let strip = strip(&line, places);
    line.edits = Vec::new();
    line.scores = Vec::new();
    let (title, text) = record.map(|record| (record.title, record.text)).unwrap_or_default();
    Row { line, title, beginning: beginning(&text), text_bytes, rules, strip, view, note }
}

/// The first line of a text.
pub(super) fn beginning(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().take(BEGINNING).collect()
}

/// Edits by rule, in the order of the plan.
fn counts(line: &LedgerLine<'_>, places: &RulePlaces<'_>) -> Vec<RuleCount> {
    let told = line.counts.iter().flatten().map(|(rule, edits, raw_bytes)| RuleCount {
        rule: places.get(rule),
        edits: *edits,
        raw_bytes: *raw_bytes,
    });
    let mut counts: Vec<RuleCount> = told.collect();
    let mut by_rule: std::collections::BTreeMap<&str, (u64, u64)> = std::collections::BTreeMap::new();
    for LedgerEdit(start, end, rule, _) in &line.edits {
        let count = by_rule.entry(rule).or_default();
        count.0 += 1;
        count.1 += end.saturating_sub(*start);
    }
    counts.extend(by_rule.into_iter().map(|(rule, (edits, raw_bytes))| RuleCount {
        rule: places.get(rule),
        edits,
        raw_bytes,
    }));
    counts.sort_by_key(|count| count.rule);
    counts
}

/// What a dropped document's end rested on: evidence against threshold, the document it lost to.
pub(crate) fn evidence(line: &LedgerLine<'_>) -> String {
    let ratio = |value: f64| {
        let digits = format!("{value:.3}");
        digits.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let mut told = match (line.value, line.threshold) {
        (Some(value), Some(threshold)) => format!("{} against {}", ratio(value), ratio(threshold)),
        (Some(value), None) => ratio(value),
        _ => String::new(),
    };
    if let Some(similarity) = line.similarity.filter(|similarity| Some(*similarity) != line.value) {
        let separator = if told.is_empty() { "" } else { ", " };
        told = format!("{told}{separator}similarity {}", ratio(similarity));
    }
    told
}

/// Cuts the raw bytes into columns, and gives each to the rule that took most of it, if that is a third of it or more.
fn strip(line: &LedgerLine<'_>, places: &RulePlaces<'_>) -> Vec<Strip> {
    let all = line.raw_bytes;
    let mut strips: Vec<Strip> = Vec::new();
    if all == 0 {
        return strips;
    }
    let mut edits = line.edits.iter().peekable();
    for column in 0..COLUMNS {
        let bound = |column: usize| (u128::from(all) * column as u128 / COLUMNS as u128) as u64;
        let (from, to) = (bound(column), bound(column + 1));
        let (mut most, mut rule, mut gone) = (0, usize::MAX, 0);
        while let Some(LedgerEdit(start, end, id, _)) = edits.peek() {
            let overlap = (*end).min(to).saturating_sub((*start).max(from));
            gone += overlap;
            if overlap > most {
                (most, rule) = (overlap, places.get(id));
            }
            if *end > to || edits.next().is_none() {
                break;
            }
        }
        if gone * 3 < (to - from).max(1) {
            continue;
        }
        match strips.last_mut() {
            Some(last) if last.rule == rule && last.start + last.columns == column => last.columns += 1,
            _ => strips.push(Strip { rule, start: column, columns: 1 }),
        }
    }
    strips
}
