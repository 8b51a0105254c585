//! The first documents of a run, each with its text before and after.

use serde::de::IgnoredAny;
use tamis_io::{LedgerLine, Status};

use super::edits::{self, Edit, RulePlaces};
use super::examples::Draws;
use super::raw::{Buffers, FileDocuments, RawDocuments};
use super::records::Clean;
use super::room::Room;
use super::stretches;
use super::view::View;
use crate::{Run, ShardLines};

/// So many documents are in the table.
pub(super) const DOCUMENTS: usize = 1_000;
/// The strip that shows where a document lost something has so many columns.
const COLUMNS: usize = 72;

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

/// Reads the first documents, one at a time.
pub(super) fn read(
    run: &Run,
    raw: &mut RawDocuments<'_>,
    rules: &mut RulePlaces<'_>,
    draws: &mut Draws<'_>,
    room: &mut Room,
) -> Vec<Row> {
    let mut records = run.shard_lines::<IgnoredAny>("documents/");
    let mut ledger = TableLines::new(run, rules, draws);
    let mut lines = ledger.by_ref().filter_map(Result::ok).peekable();
    let mut counted = RulePlaces::of(&run.report);
    let (mut rows, mut buffers) = (Vec::new(), Buffers::default());
    // File by file, so that a compressed one is read once.
    while let Some(name) = lines.peek().map(|(line, _)| line.file.clone()) {
        let file = raw.file(&name);
        let mut documents = FileDocuments::new(file.as_ref(), &mut buffers);
        while let Some((line, edits)) = lines.next_if(|(line, _)| line.file == name) {
            let record = if line.status == Status::Kept { records.next_line() } else { None };
            let record = record.and_then(Result::ok).and_then(Clean::of);
            let mut row = row(line, &edits, record, &mut documents, room.share());
            row.rules = counts(&row.line, &edits, &mut counted);
            room.take(&row);
            rows.push(row);
        }
    }
    ledger.close();
    rows
}

/// The first lines of the ledger, shard by shard, each of which is considered for examples as it comes by.
struct TableLines<'a, 'r, 'd> {
    run: &'a Run,
    shards: std::vec::IntoIter<String>,
    lines: Option<(String, ShardLines<IgnoredAny>)>,
    rules: &'a mut RulePlaces<'r>,
    draws: &'a mut Draws<'d>,
    left: usize,
    buffer: Vec<u8>,
}

impl<'a, 'r, 'd> TableLines<'a, 'r, 'd> {
    fn new(run: &'a Run, rules: &'a mut RulePlaces<'r>, draws: &'a mut Draws<'d>) -> Self {
        let shards = run.shards("ledger/").into_iter();
        Self { run, shards, lines: None, rules, draws, left: DOCUMENTS, buffer: Vec::new() }
    }

    /// Hands over the shard that the last row is of: it may be read on from there.
    fn close(self) {
        if let Some((name, lines)) = self.lines {
            self.draws.read_on(name, lines);
        }
    }
}

impl Iterator for TableLines<'_, '_, '_> {
    type Item = serde_json::Result<(LedgerLine<'static>, Vec<Edit>)>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.left > 0 {
            if self.lines.is_none() {
                let name = self.shards.next()?;
                self.lines = Some((name.clone(), ShardLines::new(&self.run.root, vec![name])));
            }
            let Some((name, lines)) = &mut self.lines else { return None };
            match lines.next_line() {
                Some(line) => {
                    self.left -= 1;
                    let Ok(line) = line else { continue };
                    let read = edits::read(line, self.rules, &mut self.buffer);
                    if let Ok((told, edits)) = &read {
                        let ended =
                            told.rule.as_deref().map_or(usize::MAX, |rule| self.rules.get(rule.as_bytes()));
                        let ended = (told.status != Status::Kept).then_some(ended);
                        self.draws.consider(name, line, &told.id, ended, edits);
                    }
                    return Some(read);
                }
                None => {
                    if let Some((name, _)) = self.lines.take() {
                        self.draws.read_whole(name);
                    }
                }
            }
        }
        None
    }
}

fn row(
    line: LedgerLine<'static>,
    edits: &[Edit],
    record: Option<Clean<'_>>,
    documents: &mut FileDocuments<'_>,
    share: usize,
) -> Row {
    let (mut text_bytes, mut view, mut note) = (None, None, None);
    match documents.raw(&line) {
        _ if line.status == Status::Failed => {}
        Err(why) => note = Some(why),
        Ok(_) if line.counts.is_some() => {
            note = Some("The ledger has counts instead of edits: what went where cannot be shown.");
        }
        Ok(raw) => match stretches::view(raw, line.encoding.as_deref(), edits, share) {
            Ok((shown, length)) => (view, text_bytes) = (Some(shown), Some(length)),
            Err(_) => note = Some("Its edits do not fit its raw bytes: `tamis verify` tells more."),
        },
    }
    let beginning = record.as_ref().filter(|record| record.title.is_none()).map(Clean::beginning);
    let mut title = None;
    if let Some(mut record) = record {
        title = record.title.take();
        if view.is_none() {
            let text = record.text();
            text_bytes = Some(text.len() as u64);
            view = Some(View::of_text(&text, share));
        }
    }
    Row {
        title,
        beginning: beginning.unwrap_or_default(),
        text_bytes,
        strip: strip(line.raw_bytes, edits),
        rules: Vec::new(),
        line,
        view,
        note,
    }
}

/// Edits by rule, in the order of the plan.
fn counts(line: &LedgerLine<'_>, edits: &[Edit], rules: &mut RulePlaces<'_>) -> Vec<RuleCount> {
    let told = line.counts.iter().flatten().map(|(rule, edits, raw_bytes)| RuleCount {
        rule: rules.get(rule.as_bytes()),
        edits: *edits,
        raw_bytes: *raw_bytes,
    });
    let mut counts: Vec<RuleCount> = told.collect();
    for edit in edits {
        let raw_bytes = edit.end.saturating_sub(edit.start);
        match counts.iter_mut().find(|count| count.rule == edit.rule) {
            Some(count) => {
                count.edits += 1;
                count.raw_bytes += raw_bytes;
            }
            None => counts.push(RuleCount { rule: edit.rule, edits: 1, raw_bytes }),
        }
    }
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
fn strip(all: u64, edits: &[Edit]) -> Vec<Strip> {
    let mut strips: Vec<Strip> = Vec::new();
    if all == 0 {
        return strips;
    }
    let mut edits = edits.iter().peekable();
    for column in 0..COLUMNS {
        let bound = |column: usize| (u128::from(all) * column as u128 / COLUMNS as u128) as u64;
        let (from, to) = (bound(column), bound(column + 1));
        let (mut most, mut rule, mut gone) = (0, usize::MAX, 0);
        while let Some(edit) = edits.peek() {
            let overlap = edit.end.min(to).saturating_sub(edit.start.max(from));
            gone += overlap;
            if overlap > most {
                (most, rule) = (overlap, edit.rule);
            }
            if edit.end > to || edits.next().is_none() {
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
