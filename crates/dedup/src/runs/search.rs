//! The search itself: documents one by one, the best first.
//!
//! A run goes from a document where a better one has it and keeps it. Better documents are decided over before, so what
//! they keep is known, and no run can be lost by a chain in which each document relies on the next.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use tamis_core::{Sketches, StageError, Stays};
use tamis_span::Span;

use super::cuts::{Cut, spans};
use super::fingerprints::{Widths, hashes};
use super::pairs::CROWDED;
use super::passage::{Passage, read_cuts, words_in};
use super::ranges::{Ranges, Stored};
use crate::census::read;
use crate::order::Ranking;
use crate::shingles::word_hash;
use crate::spill::Budget;

/// Better documents that are kept at hand.
const AT_HAND: usize = 8;

/// Words that may be looked at for each word of a document. Ordinary texts take five; one that repeats itself and stands
/// in others that do is the square of its length.
const EFFORT: u64 = 64;

/// Whole runs around crowded fingerprints that are known at a time, about 32 bytes each.
const KNOWN: usize = 1 << 19;

/// What was found besides the runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Runs that go.
    pub(crate) runs: u64,
    /// Documents that have no word left and stay.
    pub(crate) emptied: u64,
    /// Documents in which not every place was looked at.
    pub(crate) cut_short: u64,
}

/// What goes of a document: a stretch of its text and where it stays.
pub(crate) type Gone = (Span, Stays);

/// What becomes of a document.
pub(crate) enum Fate {
    /// It loses these parts, if any.
    Loses(Vec<Gone>),
    /// Another document has all of it.
    ContainedIn(u32),
}

/// A document as a better one of others.
struct Better {
    rank: u32,
    ordinal: u32,
    passage: Arc<Passage>,
}

/// A run of a document and the better document that has it.
struct Run {
    words: Range<u32>,
    ordinal: u32,
}

pub(crate) struct Search<'a> {
    widths: Widths,
    sketches: &'a dyn Sketches,
    ranking: &'a Ranking,
    /// The lines that go, by ordinal.
    lines: &'a Stored,
    /// The words that went in runs, by rank.
    gone: Stored,
    /// Whole runs around crowded fingerprints that stay, with the rank of their document and their first word.
    known: HashMap<u64, (u32, u32)>,
    at_hand: Vec<Better>,
    next: usize,
    pub(crate) told: Told,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        widths: Widths,
        sketches: &'a dyn Sketches,
        ranking: &'a Ranking,
        lines: &'a Stored,
        budget: &Budget<'_>,
    ) -> Result<Self, StageError> {
        let gone = Stored::new(budget)?;
        let (known, at_hand) = (HashMap::new(), Vec::new());
        Ok(Self { widths, sketches, ranking, lines, gone, known, at_hand, next: 0, told: Told::default() })
    }

    /// Decides over one document: its places with the places in better documents, ascending. Documents come by rank. One
    /// that `may_go` is dropped where another one has all of it.
    pub(crate) fn document(
        &mut self,
        rank: u32,
        pairs: &[(u32, (u32, u32))],
        may_go: &dyn Fn(u32) -> bool,
    ) -> Result<(u32, Fate), StageError> {
        let ordinal = self.ranking.ordinal(rank).unwrap_or(u32::MAX);
        let mut document = Document::load(ordinal, self.sketches, self.lines)?;
        let gram = self.widths.gram as u32;
        let mut crowded = Vec::new();
        for (place, (better, there)) in pairs {
            if *better == CROWDED {
                crowded.push(*place);
            } else if !document.found.cover(&(*place..place + gram)) {
                self.compare(&mut document, *place, *better, *there)?;
            }
        }
        self.crowded(&mut document, rank, &crowded)?;
        if document.is_cut_short() {
            self.told.cut_short += 1;
        }
        if document.runs.is_empty() {
            return Ok((ordinal, Fate::Loses(Vec::new())));
        }
        self.gone.put_ranges(rank, &document.found)?;
        let mut left = document.passage.gone.clone();
        left.extend(document.found.iter());
        if left.words() == u64::from(document.passage.len()) {
            match document.only_other().filter(|_| may_go(ordinal)) {
                Some(other) => return Ok((ordinal, Fate::ContainedIn(other))),
                None => self.told.emptied += 1,
            }
        }
        let gone = document.gone();
        self.told.runs += gone.len() as u64;
        Ok((ordinal, Fate::Loses(gone)))
    }

    /// Holds a document against a better one, from these places on.
    fn compare(
        &mut self,
        document: &mut Document,
        place: u32,
        better: u32,
        there: u32,
    ) -> Result<(), StageError> {
        // The same passage of the same document, seen from one of its earlier fingerprints.
        let way = (better, i64::from(there) - i64::from(place));
        if document.is_cut_short() || document.seen.get(&way).is_some_and(|seen| seen.contains(&place)) {
            return Ok(());
        }
        let (other, passage) = self.better(better)?;
        let gram = self.widths.gram as u32;
        let Some(common) = document.passage.common(place, &passage, there, gram) else {
            document.effort += u64::from(gram);
            return Ok(());
        };
        document.effort += u64::from(common.end - common.start);
        document.seen.insert(way, common.clone());
        if let Some(words) = document.trimmed(&common, self.widths.run as u32) {
            document.found.add(words.clone());
            document.runs.push(Run { words, ordinal: other });
        }
        Ok(())
    }

    /// Looks for whole runs around crowded fingerprints that stay in the document, and notes those that stay still.
    fn crowded(&mut self, document: &mut Document, rank: u32, places: &[u32]) -> Result<(), StageError> {
        if places.iter().all(|place| document.found.cover(&(*place..place + self.widths.gram as u32))) {
            return Ok(());
        }
        let (gram, run) = (self.widths.gram as u32, self.widths.run as u32);
        let words: Vec<u64> = (0..document.passage.len())
            .filter_map(|word| document.passage.word(word))
            .map(word_hash)
            .collect();
        // All runs that have one of the fingerprints in them, each once.
        let mut starts = Ranges::default();
        starts.extend(places.iter().map(|place| {
            let last = (document.passage.len() + 1).saturating_sub(run);
            place.saturating_sub(run - gram).min(last)..(place + 1).min(last)
        }));
        let each = |starts: &Ranges| {
            let stretches: Vec<(u32, u64)> = starts
                .iter()
                .flat_map(|starts| {
                    let end = (starts.end + run).saturating_sub(1);
                    let words = words.get(starts.start as usize..end as usize).unwrap_or_default();
                    (starts.start..).zip(hashes(words, run as usize))
                })
                .collect();
            stretches
        };
        let all = each(&starts);
        for (start, hash) in &all {
            if document.found.cover(&(*start..start + run)) {
                continue;
            }
            if let Some((better, there)) = self.known.get(hash).copied() {
                self.compare(document, *start, better, there)?;
            }
        }
        for (start, hash) in all {
            let words = start..start + run;
            let stays = document.found.free(&words, &words).is_some()
                && document.passage.gone.free(&words, &words).is_some();
            if stays && !self.known.contains_key(&hash) {
                if self.known.len() >= KNOWN {
                    self.told.cut_short += 1;
                    break;
                }
                self.known.insert(hash, (rank, start));
            }
        }
        Ok(())
    }

    /// A document that was decided over.
    fn better(&mut self, rank: u32) -> Result<(u32, Arc<Passage>), StageError> {
        if let Some(better) = self.at_hand.iter().find(|better| better.rank == rank) {
            return Ok((better.ordinal, Arc::clone(&better.passage)));
        }
        let ordinal = self.ranking.ordinal(rank).unwrap_or(u32::MAX);
        let mut document = Document::load(ordinal, self.sketches, self.lines)?;
        document.passage.gone.extend(self.gone.get(rank)?.into_iter().map(|(start, end)| start..end));
        let better = Better { rank, ordinal, passage: Arc::new(document.passage) };
        let passage = Arc::clone(&better.passage);
        match self.at_hand.get_mut(self.next) {
            Some(slot) => *slot = better,
            None => self.at_hand.push(better),
        }
        self.next = (self.next + 1) % AT_HAND;
        Ok((ordinal, passage))
    }
}

/// A document at work.
struct Document {
    passage: Passage,
    cuts: Vec<Cut>,
    runs: Vec<Run>,
    /// The words of the runs.
    found: Ranges,
    /// The last run looked at of each way of laying a better document over this one: its rank and how far its words are
    /// shifted.
    seen: HashMap<(u32, i64), Range<u32>>,
    /// Words looked at.
    effort: u64,
}

impl Document {
    fn load(ordinal: u32, sketches: &dyn Sketches, lines: &Stored) -> Result<Self, StageError> {
        let bytes = sketches.get(ordinal as usize)?;
        let sketch = read(ordinal, &bytes)?;
        let (mut passage, mut cuts) = (Passage::default(), Vec::new());
        passage.load(&sketch);
        read_cuts(ordinal, &sketch, &mut cuts)?;
        passage.gone = words_in(&cuts, &lines.get(ordinal)?);
        let (runs, found, seen) = (Vec::new(), Ranges::default(), HashMap::new());
        Ok(Self { passage, cuts, runs, found, seen, effort: 0 })
    }

    fn is_cut_short(&self) -> bool {
        self.effort > EFFORT * (u64::from(self.passage.len()) + 1024)
    }

    /// The document that has all of its runs, where it is one.
    fn only_other(&self) -> Option<u32> {
        let other = self.runs.first()?.ordinal;
        self.runs.iter().all(|run| run.ordinal == other).then_some(other)
    }

    /// The part of a run between places where it may be cut, if that is long enough.
    fn trimmed(&self, words: &Range<u32>, least: u32) -> Option<Range<u32>> {
        let is_allowed = |word: &u32| self.cuts.get(*word as usize).is_some_and(|cut| cut.is_allowed);
        let last = words.end.checked_sub(least)?;
        let start = (words.start..=last).find(is_allowed)?;
        let end = (start + least..=words.end).rev().find(is_allowed)?;
        Some(start..end)
    }

    /// The stretches of text that go, ascending and disjoint, each with the document that keeps it. Where runs overlap,
    /// the next is told from where the one before ends.
    fn gone(&mut self) -> Vec<Gone> {
        self.runs.sort_by_key(|run| (run.words.start, run.words.end));
        let mut parts: Vec<Run> = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            let start = parts.last().map_or(0, |last| last.words.end).max(run.words.start);
            if start < run.words.end {
                parts.push(Run { words: start..run.words.end, ordinal: run.ordinal });
            }
        }
        let mut gone = Vec::with_capacity(parts.len());
        for together in parts.chunk_by(|left, right| left.words.end == right.words.start) {
            let edges: Vec<u32> = together
                .iter()
                .map(|run| run.words.start)
                .chain(together.last().map(|run| run.words.end))
                .collect();
            for (run, span) in together.iter().zip(spans(&self.cuts, &edges)) {
                gone.push((span, self.passage.letters(&run.words, run.ordinal as usize)));
            }
        }
        gone
    }
}
