//! Where runs may stand twice: fingerprints of several documents, each with the better documents that have it.
//!
//! Fingerprints go to partitions on disk, are sorted by hash to find the shared ones, which are few, and again by the
//! ranks of their documents. A document is then held against the best documents that have its fingerprint, of which
//! there are [`LISTED`]. That suffices for a notice on a hundred thousand pages: the best page keeps it, and all others
//! are compared with that one. It does not where the fingerprint is part of a set phrase shorter than a run, which all
//! the listed documents have and go on from in other words; so such a fingerprint is marked, and where it stays, looked
//! for with all the words of a run ([`super::search`]).

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use tamis_core::{Sketches, StageError};

use super::passage::{read_cuts, words_in};
use super::ranges::Stored;
use crate::census::read;
use crate::options::{Runs, Scope};
use crate::order::Ranking;
use crate::shingles::scatter;
use crate::spill::{Budget, Spill, grouped};

/// Documents that one is compared with for one fingerprint.
pub(crate) const LISTED: usize = 8;
/// Places of one document that are tried for one fingerprint.
const PLACES: usize = 2;

const PARTITIONS: usize = 256;
/// Documents read by one task.
const CHUNK: usize = 1024;

/// A fingerprint, the document, its first word there.
type Entry = (u64, (u32, u32));

/// A document's rank and the first word of a fingerprint; the same of a better document that has it.
pub(crate) type Pair = ((u32, u32), (u32, u32));

/// In place of a better document: the fingerprint stands in more places than are listed.
pub(crate) const CROWDED: u32 = u32::MAX;

/// Fingerprints that several documents have, by hash and document.
pub(crate) struct Shared {
    entries: Spill<Entry>,
    /// The documents that have some.
    pub(crate) documents: Vec<AtomicBool>,
}

impl Shared {
    /// Finds the fingerprints that several of the documents that stay have. Those on lines that go do not count.
    pub(crate) fn find(
        options: &Runs,
        sketches: &dyn Sketches,
        stays: &(dyn Fn(u32) -> bool + Sync),
        lines: &Stored,
        budget: &Budget<'_>,
    ) -> Result<Self, StageError> {
        let all = Spill::<Entry>::with_partitions(budget, PARTITIONS)?;
        let gram = options.widths().gram as u32;
        (0..sketches.len().div_ceil(CHUNK)).into_par_iter().try_for_each(|chunk| {
            let mut all = all.writer();
            let mut cuts = Vec::new();
            for ordinal in chunk * CHUNK..((chunk + 1) * CHUNK).min(sketches.len()) {
                let number = ordinal as u32;
                if !stays(number) {
                    continue;
                }
                let bytes = sketches.get(ordinal)?;
                let sketch = read(number, &bytes)?;
                let Some(section) = sketch.runs else { continue };
                let site = match options.scope {
                    Scope::Corpus => 0,
                    Scope::Site if sketch.site == 0 => continue,
                    Scope::Site => scatter(sketch.site),
                };
                let lines = lines.get(number)?;
                if !lines.is_empty() {
                    read_cuts(number, &sketch, &mut cuts)?;
                }
                let gone = words_in(&cuts, &lines);
                for (hash, place) in section.fingerprints() {
                    let words = place..place.saturating_add(gram);
                    if gone.free(&words, &words).is_some() {
                        let key = hash ^ site;
                        // The low bits: smallest of their windows, hashes are small.
                        all.push(key as usize % PARTITIONS, (key, (number, place)))?;
                    }
                }
            }
            all.finish()
        })?;
        let entries = Spill::with_partitions(budget, PARTITIONS)?;
        let found =
            Self { entries, documents: (0..sketches.len()).map(|_| AtomicBool::new(false)).collect() };
        (0..all.partitions())
            .into_par_iter()
            .try_for_each(|partition| found.share(&all, partition, budget))?;
        Ok(found)
    }

    /// Keeps the entries of a partition whose fingerprint several documents have.
    fn share(&self, all: &Spill<Entry>, partition: usize, budget: &Budget<'_>) -> Result<(), StageError> {
        let mut entries = self.entries.writer();
        // The places of the first document, until there is a second one.
        let mut first: Vec<Entry> = Vec::new();
        let mut is_shared = false;
        grouped(
            all.sorted(partition, budget)?,
            |entry| entry.0,
            |entry, begins| {
                if begins {
                    first.clear();
                    is_shared = false;
                }
                is_shared |= first.last().is_some_and(|first| first.1.0 != entry.1.0);
                first.push(entry);
                if is_shared {
                    for entry in first.drain(..) {
                        if let Some(document) = self.documents.get(entry.1.0 as usize) {
                            document.store(true, Ordering::Relaxed);
                        }
                        entries.push(partition, entry)?;
                    }
                }
                Ok(())
            },
        )?;
        entries.finish()
    }

    /// Whether a document shares a fingerprint.
    pub(crate) fn has(&self, ordinal: u32) -> bool {
        self.documents.get(ordinal as usize).is_some_and(|document| document.load(Ordering::Relaxed))
    }

    /// Pairs each place with those of better documents, by rank.
    pub(crate) fn pairs(self, ranking: &Ranking, budget: &Budget<'_>) -> Result<Spill<Pair>, StageError> {
        let pairs = Spill::<Pair>::with_partitions(budget, PARTITIONS)?;
        let ranked = Spill::<Entry>::with_partitions(budget, PARTITIONS)?;
        (0..self.entries.partitions()).into_par_iter().try_for_each(|partition| {
            let mut writer = ranked.writer();
            self.entries.for_each(partition, |(key, (ordinal, place))| match ranking.rank(ordinal) {
                Some(rank) => writer.push(partition, (key, (rank, place))),
                None => Ok(()),
            })?;
            writer.finish()?;
            let mut writer = pairs.writer();
            let mut group = Group::default();
            let mut push = |pair: Pair| {
                writer.push(pair.0.0 as usize * PARTITIONS / ranking.len().max(1) as usize, pair)
            };
            grouped(
                ranked.sorted(partition, budget)?,
                |entry| entry.0,
                |(_, entry), begins| {
                    if begins {
                        group = Group::default();
                    }
                    group.add(entry, &mut push)
                },
            )?;
            writer.finish()
        })?;
        Ok(pairs)
    }
}

/// The documents of a fingerprint so far, the best first.
#[derive(Default)]
struct Group {
    documents: usize,
    last: Option<u32>,
    /// Places of the last document.
    places: usize,
    listed: Vec<(u32, u32)>,
    /// Whether there are places that are not listed.
    is_crowded: bool,
    /// All places until there are more than are listed.
    early: Vec<(u32, u32)>,
}

impl Group {
    fn add(
        &mut self,
        entry: (u32, u32),
        push: &mut impl FnMut(Pair) -> Result<(), StageError>,
    ) -> Result<(), StageError> {
        if self.last.replace(entry.0) != Some(entry.0) {
            self.documents += 1;
            self.places = 0;
        }
        let better = self.listed.iter().filter(|listed| listed.0 < entry.0);
        better.copied().try_for_each(|listed| push((entry, listed)))?;
        self.places += 1;
        let is_listed = self.documents <= LISTED && self.places <= PLACES;
        if is_listed {
            self.listed.push(entry);
        }
        self.early.push(entry);
        self.is_crowded |= !is_listed;
        if self.is_crowded {
            return self.early.drain(..).try_for_each(|entry| push((entry, (CROWDED, 0))));
        }
        Ok(())
    }
}
