//! What went because another document has it: whether that document is kept, and its text still has it.
//!
//! The ledger tells a run by the number and hash of its letters. The hash rolls, so that a text is searched for any number
//! of runs of one length in one pass. Memory holds 16 bytes for each different run, and the letters of one text.

use std::collections::{BTreeMap, BTreeSet};

use tamis_core::Stays;
use tamis_io::{LedgerLine, LedgerRun, Status};

use super::{Law, VerifyReport, hash};
use crate::Run;

/// A run by its letters: how many bytes, and their hash.
type Letters = (u32, u64);

/// What documents are said to have.
#[derive(Default)]
pub(super) struct Runs {
    /// By the hash of the document's id.
    named: BTreeMap<u64, BTreeSet<Letters>>,
    /// The place in the plan of the last stage that named one.
    stage: usize,
}

impl Runs {
    /// Takes in what a line tells, and holds it against its edits.
    pub(super) fn add(&mut self, run: &Run, line: &LedgerLine<'_>, report: &mut VerifyReport) {
        for told in &line.runs {
            report.checked(Law::Runs, 1);
            let LedgerRun(start, end, document, letters, _) = told;
            let Some(hash_told) = hash_of(told) else {
                report.broken(Law::Runs, &line.id, Some(*start), "a run without a hash of its letters");
                continue;
            };
            let inside = line.edits.iter().filter(|edit| edit.0 < *end && *start < edit.1);
            let gone: u64 = inside.clone().map(|edit| edit.1.min(*end) - edit.0.max(*start)).sum();
            if start >= end || gone != end - start {
                let what = format!("of the run up to byte {end}, which `{document}` has, not all went");
                report.broken(Law::Runs, &line.id, Some(*start), what);
            }
            self.stage = inside.map(|edit| run.stage_of(&edit.2)).fold(self.stage, usize::max);
            self.named.entry(hash(document)).or_default().insert((*letters, hash_told));
        }
    }

    /// Looks for all of them in the documents they were named in.
    pub(super) fn check(mut self, run: &Run, report: &mut VerifyReport) {
        if self.named.is_empty() {
            return;
        }
        let mut records = run.records().flatten().peekable();
        let mut missing: BTreeSet<(u64, Letters)> = BTreeSet::new();
        for line in run.ledger().flatten().filter(|line| line.status == Status::Kept) {
            // Records that are not in their place are told by another law.
            let record = records.next_if(|record| record.id == line.id);
            let document = hash(&line.id);
            let Some(told) = self.named.remove(&document) else { continue };
            // What a later stage replaced may be a part of a run.
            let is_changed = line.edits.iter().any(|edit| run.stage_of(&edit.2) > self.stage);
            if let Some(record) = record.filter(|_| !is_changed) {
                let found = Searched::new(&record.text);
                missing.extend(found.missing(&told).map(|letters| (document, letters)));
            }
        }
        if !self.named.is_empty() || !missing.is_empty() {
            self.tell(run, &missing, report);
        }
    }

    /// Tells which runs are not where they should be.
    fn tell(&self, run: &Run, missing: &BTreeSet<(u64, Letters)>, report: &mut VerifyReport) {
        for line in run.ledger().flatten() {
            for told in &line.runs {
                let LedgerRun(start, _, document, letters, _) = told;
                let key = hash(document);
                let what = if self.named.contains_key(&key) {
                    format!("a run went because `{document}` has it, which was not kept")
                } else if hash_of(told).is_some_and(|hash| missing.contains(&(key, (*letters, hash)))) {
                    format!("a run went because `{document}` has it, whose text does not")
                } else {
                    continue;
                };
                report.broken(Law::Runs, &line.id, Some(*start), what);
            }
        }
    }
}

fn hash_of(told: &LedgerRun<'_>) -> Option<u64> {
    u64::from_str_radix(&told.4, 16).ok()
}

/// The letters of a text.
struct Searched {
    letters: String,
}

impl Searched {
    fn new(text: &str) -> Self {
        let mut letters = String::new();
        tamis_core::letters(text, &mut letters);
        Self { letters }
    }

    /// Those of the runs that are not in the text; one pass for each length.
    fn missing<'a>(&self, runs: &'a BTreeSet<Letters>) -> impl Iterator<Item = Letters> + use<'a> {
        let mut left = runs.clone();
        let lengths: BTreeSet<u32> = runs.iter().map(|(length, _)| *length).collect();
        for length in lengths {
            for hash in rolled(self.letters.as_bytes(), length as usize) {
                left.remove(&(length, hash));
            }
        }
        left.into_iter()
    }
}

/// [`Stays::hash`] of all stretches of `length` bytes.
fn rolled(letters: &[u8], length: usize) -> impl Iterator<Item = u64> {
    let factor = Stays::FACTOR;
    let highest = (0..length).fold(1_u64, |power, _| power.wrapping_mul(factor));
    let first = letters.get(..length).unwrap_or_default();
    let start = Stays::hash(first.iter().copied());
    let value = |byte: &u8| u64::from(*byte) + 1;
    let rest = letters.get(length..).unwrap_or_default().iter().zip(letters);
    let next = rest.scan(start, move |hash, (comes, goes)| {
        *hash = hash
            .wrapping_mul(factor)
            .wrapping_add(value(comes))
            .wrapping_sub(value(goes).wrapping_mul(highest));
        Some(*hash)
    });
    (first.len() == length).then_some(start).into_iter().chain(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_roll() {
        let letters = b"laseanceestlevee";
        for length in 1..=letters.len() {
            let each: Vec<u64> =
                letters.windows(length).map(|window| Stays::hash(window.iter().copied())).collect();
            assert_eq!(rolled(letters, length).collect::<Vec<_>>(), each);
        }
        assert_eq!(rolled(letters, 17).count(), 0);
    }

    #[test]
    fn runs_are_found_through_case_and_punctuation() {
        let text = Searched::new("— La séance est LEVÉE, dit-il.");
        let run = |letters: &str| (letters.len() as u32, Stays::hash(letters.bytes()));
        let there = BTreeSet::from([run("seanceestlevee"), run("ditil"), run("l")]);
        assert_eq!(text.missing(&there).count(), 0);
        let other = BTreeSet::from([run("seanceestlevee"), run("levees"), run("la seance")]);
        assert_eq!(text.missing(&other).count(), 2);
    }
}
