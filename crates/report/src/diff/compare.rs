//! One document of two runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tamis_io::{LedgerEdit, LedgerLine, Record, Status};
use thiserror::Error;

use super::join::Entry;
use super::text::Largest;
use super::{Change, Changed, amounts, sentences};
use crate::ShardError;
use crate::shown::excerpt;

/// Why two runs cannot be compared.
#[derive(Debug, Error)]
pub enum DiffError {
    /// A shard cannot be read.
    #[error("failed to read a run: {0}")]
    Shard(#[from] ShardError),
    /// A ledger is not in input order.
    #[error("the ledger is not in input order at `{id}`; `tamis verify` tells more")]
    Order {
        /// The document that comes too late.
        id: String,
    },
    /// A kept document has no record in its place.
    #[error("the record of `{id}` is not in its place; `tamis verify` tells more")]
    Record {
        /// The document.
        id: String,
    },
}

/// What was found so far.
#[derive(Debug)]
pub(super) struct Found {
    shown: usize,
    pub(super) documents: BTreeMap<Change, Changed>,
    pub(super) texts: Largest,
    pub(super) amounts: BTreeMap<String, (u64, u64)>,
    pub(super) sentences: (u64, u64),
}

impl Found {
    pub(super) fn new(shown: usize) -> Self {
        Self {
            shown,
            documents: BTreeMap::new(),
            texts: Largest::new(shown),
            amounts: BTreeMap::new(),
            sentences: (0, 0),
        }
    }

    /// A document that one run alone has.
    pub(super) fn alone(&mut self, change: Change, entry: &Entry) {
        let line = &entry.line;
        self.note(change, &line.id, line.rule.as_deref(), line.status.name().to_owned());
    }

    /// A document that both runs have.
    pub(super) fn compare(&mut self, was: &Entry, is: &Entry) {
        if let (Some(before), Some(after)) = (&was.record, &is.record)
            && same_input(&was.line, &is.line)
        {
            self.records(&was.line, &is.line, before, after);
        }
        self.ends(&was.line, &is.line);
    }

    fn ends(&mut self, was: &LedgerLine<'_>, is: &LedgerLine<'_>) {
        let id = is.id.as_ref();
        let (before, after) = (was.rule.as_deref(), is.rule.as_deref());
        let reason = |line: &LedgerLine<'_>| line.reason.as_deref().unwrap_or_default().to_owned();
        if !same_input(was, is) {
            return self.note(Change::Input, id, None, String::new());
        }
        match (was.status, is.status) {
            (Status::Kept, Status::Dropped) => self.note(Change::KeptToDropped, id, after, ended(is)),
            (Status::Dropped, Status::Kept) => self.note(Change::DroppedToKept, id, before, ended(was)),
            (Status::Failed, Status::Failed) => {
                if was.reason != is.reason {
                    let told = format!("{}, before: {}", reason(is), reason(was));
                    self.note(Change::NowFailed, id, after, told);
                }
            }
            (Status::Failed, _) => self.note(Change::NoLongerFailed, id, before, reason(was)),
            (_, Status::Failed) => self.note(Change::NowFailed, id, after, reason(is)),
            (Status::Dropped, Status::Dropped) => {
                if before != after || was.duplicate_of != is.duplicate_of {
                    let told = format!("{}, before: {}", ended(is), ended(was));
                    self.note(Change::DroppedOtherwise, id, after, told);
                }
            }
            (Status::Kept, Status::Kept) => {}
        }
    }

    /// A document kept in both runs.
    fn records(&mut self, was: &LedgerLine<'_>, is: &LedgerLine<'_>, before: &Record, after: &Record) {
        let id = is.id.as_ref();
        if before.text != after.text {
            let rules = differing(was, is);
            let told: Vec<String> =
                rules.iter().map(|(rule, (less, more))| format!("{rule} −{less} +{more}")).collect();
            note(&mut self.documents, self.shown, Change::Text, id, rules.keys().copied(), told.join(", "));
            let owned = || rules.iter().map(|(rule, pair)| ((*rule).to_owned(), *pair)).collect();
            self.texts.offer(id, (&before.text, &after.text), owned);
        }
        let amounts = amounts::compare(&before.amounts, &after.amounts);
        if !amounts.is_empty() {
            for (amount, is_new) in &amounts {
                let sum = self.amounts.entry(amounts::kind(amount)).or_default();
                if *is_new { sum.1 += 1 } else { sum.0 += 1 }
            }
            self.note(Change::Amounts, id, None, amounts::told(&amounts));
        }
        let cuts = sentences::compare(before, after);
        if let Some(first) = cuts.first() {
            for cut in &cuts {
                self.sentences.0 += cut.before.len() as u64;
                self.sentences.1 += cut.after.len() as u64;
            }
            let more = if cuts.len() > 1 { format!(", and {} more", cuts.len() - 1) } else { String::new() };
            self.note(Change::Sentences, id, None, format!("{}{more}", first.told()));
        }
        let (was_lang, is_lang) = (excerpt(&before.lang, 40), excerpt(&after.lang, 40));
        let label = |record: &Record| record.encoding.clone().unwrap_or_else(|| "none".to_owned());
        let mut told = Vec::new();
        if was_lang != is_lang {
            told.push(format!("language {was_lang} → {is_lang}"));
        }
        if before.encoding != after.encoding {
            told.push(format!("encoding {} → {}", label(before), label(after)));
        }
        if !told.is_empty() {
            self.note(Change::Annotations, id, None, told.join(", "));
        }
    }

    fn note(&mut self, change: Change, id: &str, rule: Option<&str>, what: String) {
        note(&mut self.documents, self.shown, change, id, rule, what);
    }
}

/// Whether both runs read the same bytes; where one could not read them, its end says so.
fn same_input(was: &LedgerLine<'_>, is: &LedgerLine<'_>) -> bool {
    was.raw_sha256.is_none() || is.raw_sha256.is_none() || was.raw_sha256 == is.raw_sha256
}

fn note<'a>(
    documents: &mut BTreeMap<Change, Changed>,
    shown: usize,
    change: Change,
    id: &str,
    rules: impl IntoIterator<Item = &'a str>,
    what: String,
) {
    let changed = documents.entry(change).or_default();
    changed.documents += 1;
    for rule in rules.into_iter().filter(|rule| !rule.is_empty()) {
        match changed.rules.get_mut(rule) {
            Some(times) => *times += 1,
            None => {
                changed.rules.insert(rule.to_owned(), 1);
            }
        }
    }
    if changed.first.len() < shown {
        changed.first.push((id.to_owned(), what));
    }
}

/// How a dropped document ended, in a few words.
fn ended(line: &LedgerLine<'_>) -> String {
    let mut words = line.rule.as_deref().unwrap_or_default().to_owned();
    if let Some(value) = line.value {
        let _ = write!(words, " {value}");
        if let Some(threshold) = line.threshold {
            let _ = write!(words, " against {threshold}");
        }
    }
    if let Some(original) = &line.duplicate_of {
        let _ = write!(words, " of {original}");
    }
    words
}

/// Edits that only one side has, by rule: how many before, how many after. A ledger of counts tells the difference of the
/// counts.
fn differing<'a>(was: &'a LedgerLine<'_>, is: &'a LedgerLine<'_>) -> BTreeMap<&'a str, (u64, u64)> {
    let mut rules: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (line, other, is_after) in [(was, is, false), (is, was, true)] {
        for (rule, edits, _) in line.counts.iter().flatten() {
            let others = other.counts.iter().flatten().find(|(name, _, _)| name == rule);
            let more = edits.saturating_sub(others.map_or(0, |(_, edits, _)| *edits));
            if more > 0 {
                let sum = rules.entry(rule.as_ref()).or_default();
                if is_after { sum.1 += more } else { sum.0 += more }
            }
        }
    }
    let (mut left, mut right) = (was.edits.iter().peekable(), is.edits.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return rules,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(was), Some(is)) => {
                let place = |edit: &LedgerEdit| (edit.0, edit.1);
                place(was).cmp(&place(is)).then_with(|| (&was.2, &was.3).cmp(&(&is.2, &is.3)))
            }
        };
        if order.is_le()
            && let Some(edit) = left.next()
            && order.is_lt()
        {
            rules.entry(&edit.2).or_default().0 += 1;
        }
        if order.is_ge()
            && let Some(edit) = right.next()
            && order.is_gt()
        {
            rules.entry(&edit.2).or_default().1 += 1;
        }
    }
}
