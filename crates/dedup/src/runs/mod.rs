//! Runs of words that stand in several documents: in the best of them they stay.
//!
//! Near duplicates are decided over first; runs are looked for among the documents that stay. Each document brings
//! fingerprints of its words ([`fingerprints`]) and the places where its text may be cut ([`cuts`]). Documents that share
//! a fingerprint ([`pairs`]) are laid over one another and compared word by word ([`search`]), best first, in the order
//! in which near duplicates are considered too. So
//!
//! - a run goes only where the named document has it, word for word, and keeps it to the end;
//! - after it, no two documents have a run of that length in common, unless cutting it at the ends of sentences left
//!   less, or the parts around a removal now read on as another document does;
//! - time and temporary files are in proportion to the words, and memory to the number of documents that lose a run.
//!
//! Rejected: a suffix array over the corpus finds all repeated substrings, but must hold or sort all of it (8 bytes for
//! each byte of text), compares bytes and so cuts inside characters and words, and does not see through other quotes
//! or capitals.

mod cuts;
mod fingerprints;
mod pairs;
mod passage;
mod ranges;
mod search;
mod section;

use tamis_core::{Removal, StageError, Stays};
use tamis_span::{Span, TextSize};

pub(crate) use fingerprints::Widths;
pub(crate) use ranges::Stored;
pub(crate) use search::Told;
pub(crate) use section::{Section, write as write_section};

use crate::census::Census;
use crate::earlier::Corpus;
use crate::frames::Frames;
use crate::options::Runs;
use crate::ranking::ranking;
use crate::rules::{REPEATED_PARAGRAPH, REPEATED_RUN};
use crate::slots::KeptSlots;
use crate::spill::{Budget, Spill, SpillWriter, grouped};
use pairs::Shared;
use search::{Fate, Gone, Search};

/// Partitions of what goes, by document.
const PARTITIONS: usize = 64;

/// A document and the stretch of its text that goes; the end of that and the document where it stays; its letters.
type Entry = (((u32, u32), (u32, u32)), u32, u64);

/// The runs that go.
pub(crate) struct RepeatedRuns {
    gone: Spill<Entry>,
    /// Documents that another one has all of, by ordinal, and that one.
    pub(crate) contained: Vec<(u32, u32)>,
    pub(crate) told: Told,
}

impl RepeatedRuns {
    /// Finds the runs that better documents keep, among the documents that stay without the lines that go. Of these, one
    /// that `may_go` is dropped where another one has all of it.
    pub(crate) fn find(
        options: &Runs,
        corpus: &Corpus<'_>,
        census: &Census,
        stays: &(dyn Fn(u32) -> bool + Sync),
        may_go: &dyn Fn(u32) -> bool,
        lines: &Stored,
        budget: &Budget<'_>,
    ) -> Result<Self, StageError> {
        let shared = Shared::find(options, corpus, stays, lines, budget)?;
        let has = |ordinal: u32| shared.has(ordinal);
        let frames = Frames::find(corpus, census, has, budget)?;
        let ranking = ranking(corpus, census, &frames, has, &KeptSlots::new(budget.memory))?;
        drop(frames);
        let pairs = shared.pairs(&ranking, budget)?;
        let gone = Spill::<Entry>::with_partitions(budget, PARTITIONS)?;
        let mut writer = gone.writer();
        let mut search = Search::new(options.widths(), corpus, &ranking, lines, budget)?;
        let documents = census.len().max(1);
        let mut contained = Vec::new();
        let mut decide =
            |rank: u32, places: &[(u32, (u32, u32))]| match search.document(rank, places, may_go)? {
                (ordinal, Fate::ContainedIn(other)) => {
                    contained.push((ordinal, other));
                    Ok(())
                }
                (ordinal, Fate::Loses(gone)) => gone.into_iter().try_for_each(|(span, stays)| {
                    // Decisions know the documents of this run alone.
                    let document = stays.document - corpus.first as usize;
                    put(&mut writer, ordinal, documents, &(span, Stays { document, ..stays }))
                }),
            };
        for partition in 0..pairs.partitions() {
            let mut document: Option<u32> = None;
            let mut places = Vec::new();
            grouped(
                pairs.sorted(partition, budget)?,
                |pair| pair.0.0,
                |((rank, place), there), begins| {
                    if begins {
                        if let Some(rank) = document.replace(rank) {
                            decide(rank, &places)?;
                        }
                        places.clear();
                    }
                    places.push((place, there));
                    Ok(())
                },
            )?;
            if let Some(rank) = document {
                decide(rank, &places)?;
            }
        }
        let told = search.told;
        writer.finish()?;
        contained.sort_unstable();
        Ok(Self { gone, contained, told })
    }

    /// Has `each` see the documents that lose runs or lines, in order, with all that goes of them.
    pub(crate) fn for_each(
        &self,
        lines: &Stored,
        budget: &Budget<'_>,
        mut each: impl FnMut(u32, Vec<Removal>) -> Result<(), StageError>,
    ) -> Result<(), StageError> {
        let mut with_lines = lines.keys().peekable();
        let mut give = |runs: &mut Vec<Entry>| {
            let Some((((ordinal, _), _), ..)) = runs.first().copied() else { return Ok(()) };
            while let Some(other) = with_lines.next_if(|other| *other < ordinal) {
                each(other, joined(&[], &lines.get(other)?))?;
            }
            let of_lines =
                if with_lines.next_if_eq(&ordinal).is_some() { lines.get(ordinal)? } else { Vec::new() };
            each(ordinal, joined(runs, &of_lines))?;
            runs.clear();
            Ok::<_, StageError>(())
        };
        for partition in 0..self.gone.partitions() {
            let mut runs: Vec<Entry> = Vec::new();
            grouped(
                self.gone.sorted(partition, budget)?,
                |entry| entry.0.0.0,
                |entry, begins| {
                    if begins {
                        give(&mut runs)?;
                    }
                    runs.push(entry);
                    Ok(())
                },
            )?;
            give(&mut runs)?;
        }
        with_lines.try_for_each(|other| each(other, joined(&[], &lines.get(other)?)))
    }
}

fn put(
    writer: &mut SpillWriter<'_, Entry>,
    ordinal: u32,
    documents: usize,
    (span, stays): &Gone,
) -> Result<(), StageError> {
    let place = (ordinal, span.start().to_u32());
    let entry = ((place, (span.end().to_u32(), stays.document as u32)), stays.letters, stays.hash);
    writer.push(ordinal as usize * PARTITIONS / documents, entry)
}

/// Runs and lines of one document in the order of the text. A line without words may lie in a run, which then has it.
fn joined(runs: &[Entry], lines: &[(u32, u32)]) -> Vec<Removal> {
    let span = |start: u32, end: u32| Span::new(TextSize::new(start), TextSize::new(end));
    let mut all = Vec::with_capacity(runs.len() + lines.len());
    let mut lines = lines.iter().copied().peekable();
    let mut line = |from: &mut u32, to: u32, all: &mut Vec<Removal>| {
        while let Some((start, end)) = lines.next_if(|(start, _)| *start < to) {
            let (start, end) = (start.max(*from), end.min(to));
            if start < end {
                all.push(Removal::new(span(start, end), &REPEATED_PARAGRAPH));
            }
        }
    };
    let mut from = 0;
    for (((_, start), (end, document)), letters, hash) in runs.iter().copied() {
        line(&mut from, start, &mut all);
        let stays = Stays { document: document as usize, letters, hash };
        all.push(Removal { stays: Some(stays), ..Removal::new(span(start, end), &REPEATED_RUN) });
        from = end;
    }
    line(&mut from, u32::MAX, &mut all);
    all
}
