//! Near duplicates: one pass over the documents, best first.
//!
//! A document is compared with kept documents only, and dropped for the kept one it matches best. So what it names
//! is always there, no chain of likenesses can carry two unlike documents into one cluster, and a story with ten
//! thousand copies costs ten thousand comparisons.
//!
//! Where texts of one template fill a corpus, a document shares keys with hundreds of others by chance. How many the
//! ninth of them shares tells what is usual; a document is then compared with those that share clearly more, and with
//! one other at most.
//!
//! Documents are taken in batches. Those of one batch are first compared with what was kept before it and with their
//! neighbours in it, in parallel; then they are decided over in order. The sizes of batches depend on the number of
//! documents alone, so the result does not depend on the number of threads.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;
use tamis_core::{Sketches, StageError};

use crate::align::AlignBuffers;
use crate::candidates::{Candidates, Listing, Tally, needed};
use crate::compare::{Likeness, Match, Profile, matching};
use crate::corpus::{Header, read};
use crate::frames::Frames;
use crate::options::Near;
use crate::order::{DRAWN, Rank, Vocabulary, lot};

/// Kept documents that one document is compared with, those that share most keys first. Copies share more than pages in
/// one frame do, so the limit bites where there is none to be found.
pub(crate) const COMPARED: usize = 64;

/// With more candidates than this, none a copy of another, a document is of a kind whose texts share keys by chance; and
/// the first beyond them shows how many.
const CROWD: usize = 8;

/// Members of a crowd that a document is compared with though they are merely notable. Of contained copies (the first
/// 45 to 60 % of a text) among 4,000 texts made from 74 phrases, one in seven share too little to stand out; eight in
/// ten of these are found so, in a tenth more time.
const FEW: usize = 1;

/// Documents of its own batch that one is compared with ahead of time.
const AHEAD: usize = 8;

const FIRST_BATCH: usize = 64;
const LARGEST_BATCH: usize = 8192;

/// A near duplicate and the kept document that it matches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Duplicate {
    pub(crate) ordinal: u32,
    pub(crate) kept: u32,
    pub(crate) found: Match,
    pub(crate) likeness: Likeness,
}

/// What the pass found.
#[derive(Debug, Default)]
pub(crate) struct NearDuplicates {
    pub(crate) duplicates: Vec<Duplicate>,
    /// Shingles that as many kept documents share as are listed.
    pub(crate) crowded_shingles: usize,
    /// Documents without a match that have more candidates than they were compared with.
    pub(crate) crowded_documents: usize,
}

/// Finds near duplicates among the documents behind `entries` (see [`crate::candidates::entry`]).
pub(crate) fn near_duplicates(
    near: &Near,
    sketches: &dyn Sketches,
    headers: &[Header],
    entries: Vec<u64>,
) -> Result<NearDuplicates, StageError> {
    let vocabulary = vocabulary(sketches, headers)?;
    let candidates = Candidates::new(entries);
    let contested: Vec<(u32, &[u64])> = candidates
        .documents()
        .filter(|(ordinal, keys)| keys.len() >= needed(samples_of(headers, *ordinal)))
        .collect();
    let frames = Frames::find(sketches, headers, contested.iter().map(|(ordinal, _)| *ordinal))?;
    let mut ranked: Vec<(Rank, &[u64])> = contested
        .into_par_iter()
        .map(|(ordinal, keys)| {
            let bytes = sketches.get(ordinal as usize)?;
            let sketch = read(ordinal, &bytes)?;
            let content = frames.content(sketch.site, sketch.folded);
            Ok((Rank::new(&sketch, content.map(|line| vocabulary.clean_words(line)).sum(), ordinal), keys))
        })
        .collect::<Result<_, StageError>>()?;
    ranked.par_sort_unstable_by_key(|(rank, _)| *rank);
    drop(vocabulary);

    let search = Search { near, sketches, headers, frames: &frames, ranked: &ranked };
    let mut found = NearDuplicates::default();
    let (mut kept, mut members) = (Listing::new(&candidates), Listing::new(&candidates));
    let mut comparer = Comparer::default();
    let mut start = 0;
    while start < ranked.len() {
        let size = (start / 8).clamp(FIRST_BATCH, LARGEST_BATCH);
        let batch = ranked.get(start..).unwrap_or_default();
        let batch = batch.get(..size.min(batch.len())).unwrap_or_default();
        let ranks = start as u32..;
        ranks.clone().zip(batch).for_each(|(rank, (_, keys))| members.add(rank, keys));
        let before: Vec<(Outcome, Known)> = batch
            .par_iter()
            .enumerate()
            .map_init(Comparer::default, |comparer, (place, document)| {
                let outcome = search.best(document, &kept, 0, Crowd::default(), &Known::new(), comparer)?;
                let known = match outcome.duplicate {
                    Some(_) => Known::new(),
                    None => search.ahead(
                        document,
                        &members,
                        start as u32..(start + place) as u32,
                        outcome.crowd,
                        comparer,
                    )?,
                };
                Ok((outcome, known))
            })
            .collect::<Result<_, StageError>>()?;
        for ((rank, document), (mut outcome, known)) in ranks.zip(batch).zip(before) {
            if outcome.duplicate.is_none() {
                let within =
                    search.best(document, &kept, start as u32, outcome.crowd, &known, &mut comparer)?;
                outcome = Outcome { passed_over: outcome.passed_over || within.passed_over, ..within };
            }
            found.crowded_documents += usize::from(outcome.passed_over);
            match outcome.duplicate {
                Some(duplicate) => found.duplicates.push(duplicate),
                None => kept.add(rank, document.1),
            }
        }
        for (_, keys) in batch {
            members.forget(keys);
        }
        start += batch.len();
    }
    found.crowded_shingles = kept.full;
    Ok(found)
}

/// The vocabulary of documents drawn by their content, so that input order does not matter.
fn vocabulary(sketches: &dyn Sketches, headers: &[Header]) -> Result<Vocabulary, StageError> {
    let eligible = headers.iter().filter(|header| header.is_compared).count().max(1);
    let cut = if eligible <= DRAWN { u64::MAX } else { u64::MAX / eligible as u64 * DRAWN as u64 };
    let mut vocabulary = Vocabulary::new();
    let drawn =
        headers.iter().enumerate().filter(|(_, header)| header.is_compared && lot(header.exact) <= cut);
    for (ordinal, _) in drawn {
        vocabulary.count(read(ordinal as u32, &sketches.get(ordinal)?)?.folded);
    }
    Ok(vocabulary)
}

fn samples_of(headers: &[Header], ordinal: u32) -> usize {
    headers.get(ordinal as usize).map_or(0, |header| usize::from(header.samples))
}

/// What documents are compared by.
struct Search<'a> {
    near: &'a Near,
    sketches: &'a dyn Sketches,
    headers: &'a [Header],
    frames: &'a Frames,
    ranked: &'a [(Rank, &'a [u64])],
}

/// What other documents are to a document, by their ranks.
type Known = Vec<(u32, Option<(Match, Likeness)>)>;

#[derive(Default)]
struct Outcome {
    duplicate: Option<Duplicate>,
    crowd: Crowd,
    /// Whether documents that share enough keys were not compared.
    passed_over: bool,
}

/// Whether a document is of a kind whose texts share keys by chance, and how many keys then mean something; 0 where it
/// is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Crowd {
    /// Four standard deviations more than is usual, but no more than near duplicates share.
    outstanding: u32,
    /// Two standard deviations more than is usual.
    notable: u32,
    /// How many were met that do not stand out.
    met: usize,
}

impl Crowd {
    /// Reads the numbers of shared keys, most shared first, of a document with so many `samples`. Where most of them are
    /// `crowded`, which is to say in full lists, few documents share enough of the others, and do so by chance.
    fn read(&mut self, sharing: &[(u32, u32)], samples: usize, crowded: usize) {
        let outstanding = |usual: u32| (usual + (16 * usual).isqrt()).min(samples as u32 * 3 / 5);
        let usual = sharing.get(CROWD).map(|(_, usual)| *usual);
        if let Some(usual) = usual.or_else(|| (2 * crowded >= samples).then_some(needed(samples) as u32)) {
            self.outstanding = self.outstanding.max(outstanding(usual));
            self.notable = self.notable.max(usual + (4 * usual).isqrt());
        }
    }

    /// Whether a document that shares so many keys is worth a comparison.
    fn admits(&mut self, count: u32) -> bool {
        let stands_out = self.stands_out(count);
        self.met += usize::from(!stands_out);
        stands_out || (self.met <= FEW && count >= self.notable)
    }

    fn stands_out(&self, count: u32) -> bool {
        count >= self.outstanding
    }
}

/// Buffers that live from document to document.
#[derive(Default)]
struct Comparer {
    /// The document that `document` holds, and whether it is long enough.
    loaded: Option<(u32, bool)>,
    document: Profile,
    other: Profile,
    align: AlignBuffers,
    sharing: Vec<(u32, u32)>,
    tally: Tally,
}

impl Comparer {
    /// Listed documents that share keys, in a buffer that should be given back.
    fn sharing(
        &mut self,
        keys: &[u64],
        listing: &Listing<'_>,
        ranks: Range<u32>,
        least: usize,
    ) -> Vec<(u32, u32)> {
        let mut sharing = std::mem::take(&mut self.sharing);
        listing.sharing(keys, ranks, least, &mut sharing, &mut self.tally);
        sharing
    }
}

impl Search<'_> {
    /// The best match of a document among the listed documents from rank `from` on.
    fn best(
        &self,
        document: &(Rank, &[u64]),
        kept: &Listing<'_>,
        from: u32,
        crowd: Crowd,
        known: &Known,
        comparer: &mut Comparer,
    ) -> Result<Outcome, StageError> {
        let ordinal = document.0.ordinal;
        let mut outcome = Outcome { crowd, ..Outcome::default() };
        let mut best = None;
        let sharing =
            comparer.sharing(document.1, kept, from..u32::MAX, needed(samples_of(self.headers, ordinal)));
        outcome.crowd.read(&sharing, samples_of(self.headers, ordinal), kept.crowded(document.1));
        for (place, (rank, kept, count)) in self.likely(ordinal, &sharing).enumerate() {
            let is_found = outcome.duplicate.is_some() && !outcome.crowd.stands_out(count);
            if is_found || place == COMPARED || !outcome.crowd.admits(count) {
                outcome.passed_over = outcome.duplicate.is_none();
                break;
            }
            let matched = match known.iter().find(|(other, _)| *other == rank) {
                Some((_, matched)) => *matched,
                None => self.matching(ordinal, kept, outcome.crowd.stands_out(count), comparer)?,
            };
            let Some((found, likeness)) = matched else { continue };
            // Ties go to the better document.
            let merit = (Reverse(found), likeness.shared, Reverse(rank));
            if best.is_none_or(|best| merit > best) {
                best = Some(merit);
                outcome.duplicate = Some(Duplicate { ordinal, kept, found, likeness });
            }
        }
        comparer.sharing = sharing;
        Ok(outcome)
    }

    /// What documents that come before in the same batch are to a document. They may or may not be kept: copies have
    /// similar ranks, and what is known of them need not be found out one after the other.
    fn ahead(
        &self,
        document: &(Rank, &[u64]),
        members: &Listing<'_>,
        ranks: Range<u32>,
        mut crowd: Crowd,
        comparer: &mut Comparer,
    ) -> Result<Known, StageError> {
        let ordinal = document.0.ordinal;
        let least = needed(samples_of(self.headers, ordinal));
        let sharing = comparer.sharing(document.1, members, ranks, least);
        crowd.read(&sharing, samples_of(self.headers, ordinal), members.crowded(document.1));
        let likely = self.likely(ordinal, &sharing);
        let mut admitted = crowd;
        let known = likely.take_while(|(_, _, count)| admitted.admits(*count)).take(AHEAD);
        let known = known.map(|(rank, other, count)| {
            Ok((rank, self.matching(ordinal, other, crowd.stands_out(count), comparer)?))
        });
        let known = known.collect();
        comparer.sharing = sharing;
        known
    }

    /// The ranks and ordinals of those that share enough keys, and how many they share.
    fn likely<'s>(
        &'s self,
        ordinal: u32,
        sharing: &'s [(u32, u32)],
    ) -> impl Iterator<Item = (u32, u32, u32)> + 's {
        let samples = samples_of(self.headers, ordinal);
        sharing.iter().filter_map(move |(rank, count)| {
            let other = self.ranked.get(*rank as usize)?.0.ordinal;
            let needed = needed(samples.max(samples_of(self.headers, other)));
            (*count as usize >= needed).then_some((*rank, other, *count))
        })
    }

    /// Compares two documents without the frames of their sites. Misread copies are looked for where one `stands_out`.
    fn matching(
        &self,
        left: u32,
        right: u32,
        stands_out: bool,
        comparer: &mut Comparer,
    ) -> Result<Option<(Match, Likeness)>, StageError> {
        let Comparer { loaded, document, other, align, .. } = comparer;
        let is_long = match *loaded {
            Some((ordinal, is_long)) if ordinal == left => is_long,
            _ => {
                let is_long = self.load(left, document)?;
                *loaded = Some((left, is_long));
                is_long
            }
        };
        if !is_long || !self.load(right, other)? {
            return Ok(None);
        }
        Ok(matching(self.near, document, other, stands_out, align))
    }

    fn load(&self, ordinal: u32, profile: &mut Profile) -> Result<bool, StageError> {
        let bytes = self.sketches.get(ordinal as usize)?;
        let sketch = read(ordinal, &bytes)?;
        profile.load(self.frames.content(sketch.site, sketch.folded));
        Ok(profile.hashes.len() >= self.near.min_words as usize)
    }
}
