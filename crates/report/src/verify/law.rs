//! What must hold of a run, and what was found.

use std::fmt;

use crate::shown::{count, harmless};

/// So many broken laws are listed; all are counted.
const LISTED: usize = 100;

/// What must hold of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// Every file has the length and hash of the manifest, and no other shard stands beside them.
    Files,
    /// Every input document has exactly one ledger line, in input order.
    Complete,
    /// The raw bytes are those that were read: same length, same hash.
    RawBytes,
    /// Edits ascend, are disjoint, lie inside the raw bytes, and their sums are those told.
    Edits,
    /// Raw bytes and edits give the text of the hash told, and the text of the record.
    Reversible,
    /// Every edit and every end names a stage and a rule of the plan.
    Rules,
    /// Every kept document is in `documents/`, no other is, and record and ledger line say the same.
    Records,
    /// Sentences and amounts ascend, are disjoint, lie inside the text; an amount's text is its slice.
    Offsets,
    /// A duplicate names a document that was kept.
    Duplicates,
    /// What went because another document has it stays there, letter for letter, and that document was kept.
    Runs,
    /// `provenance.csv` says what the ledger says, row by row.
    Provenance,
    /// `documents = kept + dropped + failed`, and every count of `report.json` is the sum over the documents.
    Totals,
}

impl Law {
    /// All laws.
    pub const ALL: [Self; 12] = [
        Self::Files,
        Self::Complete,
        Self::RawBytes,
        Self::Edits,
        Self::Reversible,
        Self::Rules,
        Self::Records,
        Self::Offsets,
        Self::Duplicates,
        Self::Runs,
        Self::Provenance,
        Self::Totals,
    ];

    /// A short name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Complete => "complete",
            Self::RawBytes => "raw-bytes",
            Self::Edits => "edits",
            Self::Reversible => "reversible",
            Self::Rules => "rules",
            Self::Records => "records",
            Self::Offsets => "offsets",
            Self::Duplicates => "duplicates",
            Self::Runs => "runs",
            Self::Provenance => "provenance",
            Self::Totals => "totals",
        }
    }

    /// What it says.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Files => "every file has the length and SHA-256 of the manifest",
            Self::Complete => "every input document has one ledger line, in input order",
            Self::RawBytes => "the raw bytes are those that were read",
            Self::Edits => "edits ascend, are disjoint and add up to every raw byte",
            Self::Reversible => "raw bytes and edits give back the clean text",
            Self::Rules => "every edit and every drop names a rule of the plan",
            Self::Records => "the kept documents are in the output, and no others",
            Self::Offsets => "sentences and amounts lie in their text",
            Self::Duplicates => "every duplicate names a kept document",
            Self::Runs => "every repeated run stays in the kept document it names",
            Self::Provenance => "provenance.csv says what the ledger says",
            Self::Totals => "the counts of report.json are the sums over the documents",
        }
    }

    /// What was checked, for counting.
    const fn unit(self) -> &'static str {
        match self {
            Self::Files => "file",
            Self::Edits => "edit",
            Self::Offsets => "span",
            Self::Runs => "run",
            Self::Provenance => "row",
            Self::Totals => "count",
            _ => "document",
        }
    }
}

/// A law that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The law.
    pub law: Law,
    /// The document's id, or the file.
    pub place: String,
    /// Where in it, in bytes, when there is such a place.
    pub byte: Option<u64>,
    /// What was found.
    pub what: String,
}

/// What was found of one law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LawResult {
    /// The law.
    pub law: Law,
    /// How often it was checked.
    pub checked: u64,
    /// How often it did not hold.
    pub broken: u64,
}

/// What was proved, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// Ledger lines read.
    pub documents: u64,
    /// Raw bytes read of them.
    pub raw_bytes: u64,
    /// Every law.
    pub laws: Vec<LawResult>,
    /// The first broken laws, in the order they were met.
    pub broken: Vec<Broken>,
    /// The run has counts by rule instead of edits: that it can be reversed cannot be proved.
    pub counts_only: bool,
}

impl VerifyReport {
    pub(crate) fn new(counts_only: bool) -> Self {
        let laws = Law::ALL.map(|law| LawResult { law, checked: 0, broken: 0 });
        Self { documents: 0, raw_bytes: 0, laws: laws.to_vec(), broken: Vec::new(), counts_only }
    }

    /// Whether nothing speaks against the run.
    pub fn holds(&self) -> bool {
        self.laws.iter().all(|law| law.broken == 0)
    }

    /// What was found of `law`.
    pub fn of(&self, law: Law) -> LawResult {
        let found = self.laws.iter().find(|result| result.law == law);
        found.copied().unwrap_or(LawResult { law, checked: 0, broken: 0 })
    }

    /// What to look at first: a document where one is told, since a hash says only that a file is another one.
    pub fn first(&self) -> Option<&Broken> {
        self.broken.iter().find(|broken| broken.law != Law::Files).or_else(|| self.broken.first())
    }

    pub(crate) fn checked(&mut self, law: Law, times: u64) {
        if let Some(result) = self.laws.iter_mut().find(|result| result.law == law) {
            result.checked += times;
        }
    }

    pub(crate) fn broken(&mut self, law: Law, place: &str, byte: Option<u64>, what: impl Into<String>) {
        if let Some(result) = self.laws.iter_mut().find(|result| result.law == law) {
            result.broken += 1;
        }
        if self.broken.len() < LISTED {
            self.broken.push(Broken { law, place: place.to_owned(), byte, what: what.into() });
        }
    }

    /// Checks once: breaks `law` unless `holds`.
    pub(crate) fn check(&mut self, law: Law, place: &str, holds: bool, what: impl FnOnce() -> String) {
        self.checked(law, 1);
        if !holds {
            self.broken(law, place, None, what());
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law.name(), harmless(&self.place))?;
        if let Some(byte) = self.byte {
            write!(f, ", byte {byte}")?;
        }
        write!(f, ": {}", harmless(&self.what))
    }
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for result in &self.laws {
            let unproved = self.counts_only && matches!(result.law, Law::Reversible | Law::Edits);
            let mark = match (result.broken, unproved) {
                (0, false) => "ok    ",
                (0, true) => "–     ",
                _ => "BROKEN",
            };
            let plural = if result.checked == 1 { "" } else { "s" };
            let unit = result.law.unit();
            write!(f, "{mark}  {:<10}  {}", result.law.name(), result.law.says())?;
            if unproved {
                writeln!(f, ": not proved, the ledger has counts instead of edits")?;
            } else if result.broken > 0 {
                writeln!(f, ": broken {} of {} {unit}{plural}", count(result.broken), count(result.checked))?;
            } else {
                writeln!(f, " ({} {unit}{plural})", count(result.checked))?;
            }
        }
        let all: u64 = self.laws.iter().map(|law| law.broken).sum();
        if !self.broken.is_empty() {
            writeln!(f)?;
        }
        for broken in &self.broken {
            writeln!(f, "{broken}")?;
        }
        if all > self.broken.len() as u64 {
            writeln!(f, "… and {} more", count(all - self.broken.len() as u64))?;
        }
        Ok(())
    }
}
