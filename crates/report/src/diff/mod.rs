//! What changed between two runs, and by which rule.
//!
//! Ledgers and documents of both runs are read side by side and joined as they come, since all are in input order: memory
//! holds one document of each run, and the few that are shown.

mod amounts;
mod compare;
mod join;
mod page;
mod pipeline;
mod sentences;
mod show;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Accounting, Run};
pub use compare::DiffError;
use join::{Joined, Pair};
pub use text::{Part, PartKind, TextChange};

/// So many documents are shown of each kind of change, unless asked otherwise; all are counted.
const SHOWN: usize = 10;

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
    /// Documents that changed, by kind of change. One document can have several: another text, and other amounts in it.
    pub documents: BTreeMap<Change, Changed>,
    /// The texts that changed most, by bytes that one has and the other has not, the largest first.
    pub texts: Vec<TextChange>,
    /// Amounts of documents kept in both runs, by kind and currency: found before alone, found after alone.
    pub amounts: BTreeMap<String, (u64, u64)>,
    /// Stretches of text that both runs have and cut into sentences otherwise: into how many before, into how many after.
    pub sentences: (u64, u64),
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
    /// It did not fail and now does.
    NowFailed,
    /// It failed and no longer does.
    NoLongerFailed,
    /// Dropped before and after, by another rule or for another document.
    DroppedOtherwise,
    /// Kept before and after, with another text.
    Text,
    /// Kept before and after, with other amounts: found, lost or read otherwise.
    Amounts,
    /// Kept before and after, text that both have cut into other sentences.
    Sentences,
    /// Kept before and after, read in another encoding or taken for another language.
    Annotations,
    /// Its raw bytes changed; nothing else of it is compared.
    Input,
    /// Only the run after has it.
    Added,
    /// Only the run before had it.
    Gone,
}

impl Change {
    /// A heading.
    pub const fn says(self) -> &'static str {
        match self {
            Self::KeptToDropped => "kept → dropped",
            Self::DroppedToKept => "dropped → kept",
            Self::NowFailed => "now failed",
            Self::NoLongerFailed => "no longer failed",
            Self::DroppedOtherwise => "dropped otherwise",
            Self::Text => "text changed",
            Self::Amounts => "amounts changed",
            Self::Sentences => "sentences changed",
            Self::Annotations => "language or encoding changed",
            Self::Input => "input changed",
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
    /// The first documents in input order: id, and what there is to say.
    pub first: Vec<(String, String)>,
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiffOptions {
    /// Documents shown of each kind of change, and texts.
    pub shown: usize,
}

impl Default for DiffOptions {
    fn default() -> Self {
        Self { shown: SHOWN }
    }
}

impl RunDiff {
    /// Whether the runs say the same of every document.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// As one page of HTML that needs nothing else.
    pub fn page(&self) -> Result<String, askama::Error> {
        page::render(self)
    }

    /// As Markdown, for a comment on a change.
    pub fn markdown(&self) -> String {
        show::markdown(self)
    }

    /// For a terminal of `width` columns, 100 when nobody says.
    pub fn terminal(&self, color: bool, width: Option<usize>) -> String {
        show::terminal(self, color, width)
    }
}

/// Compares two runs, document by document: by file, line and id. Lines of both must be in input order, as runs write them;
/// the cost is one pass over the ledgers and documents of both.
///
/// ```no_run
/// use std::path::Path;
/// use tamis_report::{DiffOptions, Run, diff};
/// let (before, after) = (Run::open(Path::new("out/before"))?, Run::open(Path::new("out/after"))?);
/// print!("{}", diff(&before, &after, &DiffOptions::default())?.markdown());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn diff(before: &Run, after: &Run, options: &DiffOptions) -> Result<RunDiff, DiffError> {
    let mut joined = Joined::new(before, after);
    let mut found = compare::Found::new(options.shown);
    while let Some(pair) = joined.next()? {
        match pair {
            Pair::Both(was, is) => found.compare(&was, &is),
            Pair::Before(was) => found.alone(Change::Gone, &was),
            Pair::After(is) => found.alone(Change::Added, &is),
        }
    }
    Ok(RunDiff {
        tamis: (before.report.tamis.clone(), after.report.tamis.clone()),
        pipeline: pipeline::changes(&before.report.pipeline, &after.report.pipeline),
        accounting: (before.report.accounting, after.report.accounting),
        rules: rules(before, after),
        documents: found.documents,
        texts: found.texts.into_vec(),
        amounts: found.amounts,
        sentences: found.sentences,
    })
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
