//! A few documents or passages of a run, drawn by a seed: what a rule does, looked at before it is trusted.
//!
//! Drawn are those whose hash, seed and place together, is smallest. So a draw needs one pass and no memory but the drawn,
//! does not depend on the order of anything, and a larger draw with the same seed has the smaller one in it.

mod drawn;
mod show;

use std::collections::BinaryHeap;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tamis_io::{LedgerLine, Status};
use thiserror::Error;

use crate::shown::harmless;
use crate::{Run, ShardError};
pub use drawn::{Drawn, Passage};

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleOptions {
    /// From what.
    pub of: SampleOf,
    /// Only documents in this language.
    pub lang: Option<String>,
    /// How many.
    pub count: usize,
    /// Another seed draws others.
    pub seed: u64,
}

/// From what to draw. A rule is its id, or the beginning of several: `chrome` or `chrome/` is every rule of that area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SampleOf {
    /// All documents.
    #[default]
    Documents,
    /// Kept documents.
    Kept,
    /// Failed documents.
    Failed,
    /// Documents that a rule dropped or refused.
    DroppedBy(String),
    /// Passages of kept documents that a rule removed or replaced.
    RemovedBy(String),
}

/// What was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// In input order.
    pub drawn: Vec<Drawn>,
    /// How many there were to draw from.
    pub of: u64,
    /// Whether passages were drawn, not documents.
    pub passages: bool,
}

/// Why nothing can be drawn.
#[derive(Debug, Error)]
pub enum SampleError {
    /// No rule of the run is called so.
    #[error("no rule of this run is called {asked}, or begins so; rules that did something: {known}")]
    UnknownRule {
        /// What was asked for.
        asked: String,
        /// What could be asked for.
        known: String,
    },
    /// A ledger line cannot be read.
    #[error("failed to read the ledger: {0}")]
    Ledger(#[from] ShardError),
    /// The ledger has counts instead of edits.
    #[error("the ledger has counts instead of edits: there are no passages to draw")]
    CountsOnly,
}

/// Draws from `run`. Raw files are looked for below `inputs`, or where `run.json` says.
///
/// ```no_run
/// use std::path::Path;
/// use tamis_report::{Run, SampleOf, SampleOptions, sample};
/// let run = Run::open(Path::new("out/press"))?;
/// let of = SampleOf::RemovedBy("chrome/read-also".into());
/// let drawn = sample(&run, &[], &SampleOptions { of, count: 20, seed: 7, lang: None })?;
/// print!("{}", drawn.jsonl());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sample(run: &Run, inputs: &[PathBuf], options: &SampleOptions) -> Result<Sample, SampleError> {
    let (lots, of) = draw(run, options)?;
    let drawn = lots.into_iter().map(|lot| Drawn::of(run, inputs, &lot.line, lot.edit)).collect();
    Ok(Sample { drawn, of, passages: matches!(options.of, SampleOf::RemovedBy(_)) })
}

/// Draws ledger lines from `run`, for who shows the documents by other means.
pub fn sample_lines(run: &Run, options: &SampleOptions) -> Result<Vec<LedgerLine<'static>>, SampleError> {
    Ok(draw(run, options)?.0.into_iter().map(|lot| lot.line).collect())
}

/// A document or passage that could be drawn.
struct Lot {
    hash: u64,
    ordinal: u64,
    line: LedgerLine<'static>,
    edit: Option<usize>,
}

impl PartialEq for Lot {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Lot {}

impl PartialOrd for Lot {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Lot {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.hash, self.ordinal).cmp(&(other.hash, other.ordinal))
    }
}

/// The lots with the smallest hashes, in input order, and how many there were.
fn draw(run: &Run, options: &SampleOptions) -> Result<(Vec<Lot>, u64), SampleError> {
    let rule = match &options.of {
        SampleOf::DroppedBy(rule) | SampleOf::RemovedBy(rule) => Some(known(run, rule, &options.of)?),
        _ => None,
    };
    if matches!(options.of, SampleOf::RemovedBy(_)) && run.report.counts_only() {
        return Err(SampleError::CountsOnly);
    }
    let is_it = |id: &str| rule.as_ref().is_some_and(|rule| rule.matches(id));
    let mut lots: BinaryHeap<Lot> = BinaryHeap::new();
    let mut ordinal = 0;
    for line in run.ledger() {
        let line = line?;
        if options.lang.as_deref().is_some_and(|lang| line.lang.as_deref() != Some(lang)) {
            continue;
        }
        let mut offer = |edit: Option<usize>| {
            let hash = hash(options.seed, &line, edit);
            ordinal += 1;
            let full = lots.len() >= options.count;
            if options.count == 0 || full && lots.peek().is_some_and(|worst| worst.hash <= hash) {
                return;
            }
            lots.push(Lot { hash, ordinal, line: line.clone(), edit });
            if full {
                lots.pop();
            }
        };
        match &options.of {
            SampleOf::Documents => offer(None),
            SampleOf::Kept if line.status == Status::Kept => offer(None),
            SampleOf::Failed if line.status == Status::Failed => offer(None),
            SampleOf::DroppedBy(_) if line.rule.as_deref().is_some_and(is_it) => offer(None),
            SampleOf::RemovedBy(_) if line.status == Status::Kept => {
                let edits = line.edits.iter().enumerate().filter(|(_, edit)| is_it(&edit.2));
                edits.for_each(|(place, _)| offer(Some(place)));
            }
            _ => {}
        }
    }
    let mut lots = lots.into_vec();
    lots.sort_by_key(|lot| lot.ordinal);
    Ok((lots, ordinal))
}

/// Where a document or passage stands among all, by chance and seed.
fn hash(seed: u64, line: &LedgerLine<'_>, edit: Option<usize>) -> u64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(line.file.as_bytes());
    hash.update(line.line.unwrap_or(0).to_le_bytes());
    hash.update(line.id.as_bytes());
    hash.update(edit.map_or(u64::MAX, |edit| edit as u64).to_le_bytes());
    hash.finalize().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// A rule, or the beginning of several.
struct Known {
    asked: String,
    exact: bool,
}

impl Known {
    fn matches(&self, id: &str) -> bool {
        let rest = id.strip_prefix(self.asked.as_str());
        rest.is_some_and(|rest| {
            rest.is_empty() || !self.exact && (self.asked.ends_with('/') || rest.starts_with('/'))
        })
    }
}

fn known(run: &Run, asked: &str, of: &SampleOf) -> Result<Known, SampleError> {
    let exact = run.report.rules.iter().any(|rule| rule.rule == asked);
    let known = Known { asked: asked.to_owned(), exact };
    if exact || run.report.rules.iter().any(|rule| known.matches(&rule.rule)) {
        return Ok(known);
    }
    let did = run.report.rules.iter().filter(|rule| match of {
        SampleOf::RemovedBy(_) => rule.edits > 0,
        _ => rule.dropped + rule.failed > 0,
    });
    let names: Vec<String> = did.map(|rule| format!("`{}`", rule.rule)).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Err(SampleError::UnknownRule { asked: format!("`{}`", harmless(asked)), known: names })
}
