//! What changed between two runs, and by which rule.
//!
//! Both ledgers are read side by side, so that memory holds only documents that one run has and the other does not.

mod pipeline;
mod show;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde::Serialize;
use tamis_io::{LedgerEdit, LedgerLine, Status};

use crate::{Accounting, Run, ShardError};

/// So many documents of each kind of change are listed; all are counted.
const LISTED: usize = 20;
/// Unmatched lines beyond this many are kept without their edits.
const UNMATCHED: usize = 10_000;

/// What changed between two runs. Everything is told as it was before and as it is after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunDiff {
    /// The versions of tamis.
    pub tamis: (String, String),
    /// Options of the pipeline that differ, by their path: `stages[5].options.near.similarity`.
    pub pipeline: Vec<PipelineChange>,
    /// The accounts.
    pub accounting: (Accounting, Accounting),
    /// Rules that did more or less than before.
    pub rules: Vec<RuleChange>,
    /// Documents that changed, by kind of change.
    pub documents: BTreeMap<Change, Changed>,
}

/// An option that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PipelineChange {
    /// Where it stands.
    pub path: String,
    /// Its value before, as JSON; `None` where there was none.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}

/// A rule that did more or less than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// Its id.
    pub rule: String,
    /// Documents it dropped.
    pub dropped: (u64, u64),
    /// Its edits in kept documents.
    pub edits: (u64, u64),
    /// Raw bytes it removed or replaced in kept documents.
    pub raw_bytes: (u64, u64),
}

/// How a document changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was kept and is dropped.
    KeptToDropped,
    /// It was dropped and is kept.
    DroppedToKept,
    /// It failed and no longer does.
    NoLongerFailed,
    /// It did not fail and now does.
    NowFailed,
    /// Dropped before and after, by another rule.
    DroppedOtherwise,
    /// Kept before and after, with another text.
    Text,
    /// Kept with the same text, read in another encoding or taken for another language.
    Annotations,
    /// Its raw bytes changed; nothing else of it is compared.
    Input,
    /// Only the run after has it.
    Added,
    /// Only the run before has it.
    Gone,
}

impl Change {
    /// What it says, for people.
    pub const fn says(self) -> &'static str {
        match self {
            Self::KeptToDropped => "kept, now dropped",
            Self::DroppedToKept => "dropped, now kept",
            Self::NoLongerFailed => "failed, no longer",
            Self::NowFailed => "now failed",
            Self::DroppedOtherwise => "dropped by another rule",
            Self::Text => "another text",
            Self::Annotations => "another language or encoding",
            Self::Input => "another input",
            Self::Added => "only after",
            Self::Gone => "only before",
        }
    }
}

/// The documents of one kind of change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// How many there are.
    pub documents: u64,
    /// How often each rule is behind it: the rule that dropped; for texts, the rules whose edits differ.
    pub rules: BTreeMap<String, u64>,
    /// The first documents, in the order they were met: id, and what there is to say.
    pub first: Vec<(String, String)>,
}

impl RunDiff {
    /// Whether the runs say the same of every document.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

/// Compares two runs, document by document: by id, file and line.
pub fn diff(before: &Run, after: &Run) -> Result<RunDiff, ShardError> {
    let mut documents = BTreeMap::new();
    let (mut left, mut right) = (before.ledger(), after.ledger());
    let (mut only_left, mut only_right) = (Unmatched::default(), Unmatched::default());
    loop {
        let (was, is) = (left.next().transpose()?, right.next().transpose()?);
        if was.is_none() && is.is_none() {
            break;
        }
        match (was, is) {
            (Some(was), Some(is)) if key(&was) == key(&is) => compare(&was, &is, &mut documents),
            (was, is) => {
                if let Some(was) = was {
                    match only_right.take(&was) {
                        Some(is) => compare(&was, &is, &mut documents),
                        None => only_left.put(was),
                    }
                }
                if let Some(is) = is {
                    match only_left.take(&is) {
                        Some(was) => compare(&was, &is, &mut documents),
                        None => only_right.put(is),
                    }
                }
            }
        }
    }
    for (change, lines) in [(Change::Gone, only_left), (Change::Added, only_right)] {
        for line in lines.in_order() {
            let rule = line.rule.as_deref().unwrap_or_default();
            note(&mut documents, change, &line.id, [rule], line.status.name().to_owned());
        }
    }
    Ok(RunDiff {
        tamis: (before.report.tamis.clone(), after.report.tamis.clone()),
        pipeline: pipeline::changes(&before.report.pipeline, &after.report.pipeline),
        accounting: (before.report.accounting, after.report.accounting),
        rules: rules(before, after),
        documents,
    })
}

type Line = LedgerLine<'static>;
type Key = (String, String, Option<u64>);

fn key(line: &Line) -> (&str, &str, Option<u64>) {
    (&line.id, &line.file, line.line)
}

/// Lines that the other run has not told yet.
#[derive(Default)]
struct Unmatched {
    lines: HashMap<Key, (u64, Line)>,
    met: u64,
}

impl Unmatched {
    fn put(&mut self, mut line: Line) {
        if self.lines.len() >= UNMATCHED {
            line.edits = Vec::new();
        }
        self.met += 1;
        let key = (line.id.to_string(), line.file.to_string(), line.line);
        self.lines.insert(key, (self.met, line));
    }

    fn take(&mut self, like: &Line) -> Option<Line> {
        if self.lines.is_empty() {
            return None;
        }
        let key = (like.id.to_string(), like.file.to_string(), like.line);
        self.lines.remove(&key).map(|(_, line)| line)
    }

    fn in_order(self) -> Vec<Line> {
        let mut lines: Vec<(u64, Line)> = self.lines.into_values().collect();
        lines.sort_by_key(|(met, _)| *met);
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

fn compare(was: &Line, is: &Line, documents: &mut BTreeMap<Change, Changed>) {
    let mut noted = |change, rule: Option<&str>, what: String| note(documents, change, &is.id, rule, what);
    let (before, after) = (was.rule.as_deref(), is.rule.as_deref());
    let reason = |line: &Line| line.reason.as_deref().unwrap_or_default().to_owned();
    if was.raw_sha256 != is.raw_sha256 && was.raw_sha256.is_some() && is.raw_sha256.is_some() {
        return noted(Change::Input, None, String::new());
    }
    match (was.status, is.status) {
        (Status::Kept, Status::Dropped) => noted(Change::KeptToDropped, after, ended(is)),
        (Status::Dropped, Status::Kept) => noted(Change::DroppedToKept, before, ended(was)),
        (Status::Failed, Status::Failed) => {
            if was.reason != is.reason {
                noted(Change::NowFailed, after, format!("{}, before: {}", reason(is), reason(was)));
            }
        }
        (Status::Failed, _) => noted(Change::NoLongerFailed, before, reason(was)),
        (_, Status::Failed) => noted(Change::NowFailed, after, reason(is)),
        (Status::Dropped, Status::Dropped) => {
            if before != after || was.duplicate_of != is.duplicate_of {
                noted(Change::DroppedOtherwise, after, format!("{}, before: {}", ended(is), ended(was)));
            }
        }
        (Status::Kept, Status::Kept) if was.text_sha256 != is.text_sha256 => {
            let rules = differing(&was.edits, &is.edits);
            let told: Vec<String> =
                rules.iter().map(|(rule, (less, more))| format!("{rule} −{less} +{more}")).collect();
            note(documents, Change::Text, &is.id, rules.keys().copied(), told.join(", "));
        }
        (Status::Kept, Status::Kept) => {
            if was.lang != is.lang {
                let tag = |line: &Line| line.lang.as_deref().unwrap_or("none").to_owned();
                noted(Change::Annotations, None, format!("language {} → {}", tag(was), tag(is)));
            } else if was.encoding != is.encoding {
                let label = |line: &Line| line.encoding.as_deref().unwrap_or("none").to_owned();
                noted(Change::Annotations, None, format!("encoding {} → {}", label(was), label(is)));
            }
        }
    }
}

/// How a dropped document ended, in a few words.
fn ended(line: &Line) -> String {
    let mut words = line.rule.as_deref().unwrap_or_default().to_owned();
    if let Some(value) = line.value {
        let _ = write!(words, " {value}");
    }
    if let Some(original) = &line.duplicate_of {
        let _ = write!(words, " of {original}");
    }
    words
}

/// Edits that only one side has, by rule: how many before, how many after.
fn differing<'a>(was: &'a [LedgerEdit], is: &'a [LedgerEdit]) -> BTreeMap<&'a str, (u64, u64)> {
    let mut rules: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let (mut left, mut right) = (was.iter().peekable(), is.iter().peekable());
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

fn note<'a>(
    documents: &mut BTreeMap<Change, Changed>,
    change: Change,
    id: &str,
    rules: impl IntoIterator<Item = &'a str>,
    what: String,
) {
    let changed = documents.entry(change).or_default();
    changed.documents += 1;
    for rule in rules.into_iter().filter(|rule| !rule.is_empty()) {
        *changed.rules.entry(rule.to_owned()).or_default() += 1;
    }
    if changed.first.len() < LISTED {
        changed.first.push((id.to_owned(), what));
    }
}

/// Rules whose counts differ, by the bytes of the difference.
fn rules(before: &Run, after: &Run) -> Vec<RuleChange> {
    let mut changes: BTreeMap<&str, RuleChange> = BTreeMap::new();
    for (run, is_after) in [(before, false), (after, true)] {
        for rule in &run.report.rules {
            let change = changes.entry(&rule.rule).or_insert_with(|| RuleChange {
                rule: rule.rule.clone(),
                dropped: (0, 0),
                edits: (0, 0),
                raw_bytes: (0, 0),
            });
            for (pair, number) in [
                (&mut change.dropped, rule.dropped),
                (&mut change.edits, rule.edits),
                (&mut change.raw_bytes, rule.raw_bytes),
            ] {
                if is_after { pair.1 = number } else { pair.0 = number }
            }
        }
    }
    let differs = |pair: (u64, u64)| pair.0 != pair.1;
    let mut changes: Vec<RuleChange> = changes
        .into_values()
        .filter(|change| differs(change.dropped) || differs(change.edits) || differs(change.raw_bytes))
        .collect();
    changes.sort_by_key(|change| {
        let weight = |pair: (u64, u64)| pair.0.abs_diff(pair.1);
        std::cmp::Reverse((weight(change.dropped), weight(change.raw_bytes), weight(change.edits)))
    });
    changes
}
