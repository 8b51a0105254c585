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
use std::sync::Arc;

use rayon::prelude::*;
use tamis_core::{Sketches, StageError};

use crate::align::AlignBuffers;
use crate::candidates::{Entries, SharedKeys, needed};
use crate::census::{Census, read};
use crate::compare::{Likeness, Match, Profile, matching};
use crate::earlier::Corpus;
use crate::epochs::{Epochs, batches};
use crate::frames::Frames;
use crate::listing::{Listing, Part, Sharing, Tally};
use crate::options::Near;
use crate::order::Ranking;
use crate::outlines::{Bits, Outline, Outlines};
use crate::ranking::ranking;
use crate::shingles::HashedSet;
use crate::slots::{KeptSlots, Slot, read_slots};
use crate::spill::Budget;

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

/// A near duplicate and the kept document that it matches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Duplicate {
    pub(crate) ordinal: u32,
    pub(crate) kept: u32,
    /// What the rule measures.
    pub(crate) measured: f64,
    pub(crate) found: Match,
    /// Whether the two are so alike that they are one page at two addresses.
    pub(crate) is_same_page: bool,
}

/// The similarity from which two documents are one page. Pages that are merely near duplicates may be alike for their
/// frames, which are just what repeated lines are.
const SAME_PAGE: f64 = 0.9;

impl Duplicate {
    fn new(ordinal: u32, kept: u32, found: Match, likeness: &Likeness) -> Self {
        let is_same_page = likeness.similarity() >= SAME_PAGE;
        Self { ordinal, kept, measured: likeness.measured(found), found, is_same_page }
    }
}

/// What the pass found.
#[derive(Debug, Default)]
pub(crate) struct NearDuplicates {
    /// By ordinal.
    pub(crate) duplicates: Vec<Duplicate>,
    /// Shingles that as many kept documents share as are listed.
    pub(crate) crowded_shingles: usize,
    /// Documents without a match that have more candidates than they were compared with.
    pub(crate) crowded_documents: usize,
}

/// Finds near duplicates among the documents of the census.
pub(crate) fn near_duplicates(
    near: &Near,
    corpus: &Corpus<'_>,
    census: &Census,
    entries: Entries,
    budget: &Budget<'_>,
) -> Result<NearDuplicates, StageError> {
    let shared = SharedKeys::find(entries, census, budget)?;
    let is_contested = |ordinal: u32| {
        let samples = census.samples(ordinal);
        samples > 0 && shared.count(ordinal) >= needed(samples)
    };
    let frames = Frames::find(corpus, census, is_contested, budget)?;
    let kept = KeptSlots::new(budget.memory);
    let ranking = ranking(corpus, census, &frames, is_contested, &kept)?;
    let mut epochs = Epochs::lay_out(&shared, &ranking, budget)?;
    drop(shared);

    let outlines = Outlines::new(ranking.len() as usize, budget.memory);
    let search = Search {
        near,
        corpus,
        census,
        frames: &frames,
        ranking: &ranking,
        slots: &kept,
        outlines: &outlines,
    };
    let mut found = NearDuplicates::default();
    let mut pending = batches(ranking.len()).peekable();
    for epoch in 0..epochs.len() {
        let (table, listed) = epochs.load(epoch)?;
        let (mut kept, mut members) = (Listing::new(&table), Listing::new(&table));
        kept.restore(&listed);
        drop(listed);
        while let Some((start, end)) = pending.next_if(|(start, _)| epochs.of(*start) == epoch) {
            search.batch(start, &table.documents(start..end), &mut kept, &mut members, &mut found)?;
        }
        found.crowded_shingles += kept.full;
        epochs.carry(epoch, &table, &kept)?;
    }
    found.duplicates.par_sort_unstable_by_key(|duplicate| duplicate.ordinal);
    Ok(found)
}

/// What documents are compared by.
struct Search<'a> {
    near: &'a Near,
    corpus: &'a Corpus<'a>,
    census: &'a Census,
    frames: &'a Frames,
    ranking: &'a Ranking,
    /// The words of some documents, to outline them.
    slots: &'a KeptSlots,
    outlines: &'a Outlines,
}

/// A document's rank and its keys.
type Ranked<'a> = (u32, &'a [u32]);

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
    fn read(&mut self, sharing: &mut Sharing, samples: usize, crowded: usize) {
        let outstanding = |usual: u32| (usual + (16 * usual).isqrt()).min(samples as u32 * 3 / 5);
        let usual = sharing.get(CROWD).map(|(_, usual)| usual);
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
    /// The document that is compared, and others that were of late.
    document: Loaded,
    others: [Loaded; LOADED],
    /// The document whose shingles `bits` holds, and its outline.
    outlined: Option<(u32, Arc<Outline>)>,
    bits: Bits,
    /// What outlines are made with.
    met: HashedSet,
    slots: Vec<Slot>,
    align: AlignBuffers,
    /// For one document, and for what is found out about it on the way.
    sharing: Vec<Sharing>,
    tally: Tally,
}

/// A document that is ready for comparison.
#[derive(Default)]
struct Loaded {
    ordinal: Option<u32>,
    profile: Profile,
}

impl Loaded {
    const fn is_long(&self) -> bool {
        self.profile.len() > LONG
    }
}

/// Other documents that stay ready: copies have similar ranks, so what was loaded last is asked for again. Among 700 scraped
/// pages, three in ten are there.
const LOADED: usize = 16;

/// Longer texts, in bytes, share the first place: sixteen of any length would be too much, and few are as long.
const LONG: usize = 1 << 16;

/// The place of a document among those that stay ready, unless it is long.
const fn place(ordinal: u32) -> usize {
    1 + ordinal as usize % (LOADED - 1)
}

impl Comparer {
    /// Listed documents that share keys, in a buffer that should be given back.
    fn sharing(&mut self, keys: &[u32], listing: &Listing<'_>, part: Part, least: usize) -> Sharing {
        let mut sharing = self.sharing.pop().unwrap_or_default();
        listing.sharing(keys, part, least, &mut sharing, &mut self.tally);
        sharing
    }
}

/// What is known ahead of time of a document and those of its batch.
struct Ahead<'a> {
    members: &'a Listing<'a>,
    /// The first rank of the batch.
    start: u32,
    /// Nothing until it is asked for.
    known: Option<Known>,
}

impl Search<'_> {
    /// Decides over the documents of a batch, whose first rank is `start`.
    fn batch(
        &self,
        start: u32,
        batch: &[Ranked<'_>],
        kept: &mut Listing<'_>,
        members: &mut Listing<'_>,
        found: &mut NearDuplicates,
    ) -> Result<(), StageError> {
        for (rank, keys) in batch {
            members.add(*rank, keys);
        }
        // One thread finds out no more than is asked for.
        let is_alone = rayon::current_num_threads() == 1;
        let before: Vec<(Outcome, Option<Known>)> = batch
            .par_iter()
            .map_init(Comparer::default, |comparer, document| {
                if self.is_earlier(document.0) {
                    return Ok(Default::default());
                }
                let outcome = self.best(document, kept, Crowd::default(), None, comparer)?;
                let known = match outcome.duplicate {
                    None if !is_alone => {
                        Some(self.ahead(document, members, start, outcome.crowd, comparer)?)
                    }
                    _ => None,
                };
                Ok((outcome, known))
            })
            .collect::<Result<_, StageError>>()?;
        let mut comparer = Comparer::default();
        for (document, (mut outcome, known)) in batch.iter().zip(before) {
            if outcome.duplicate.is_none() && !self.is_earlier(document.0) {
                let mut ahead = Ahead { members, start, known };
                let within = self.best(document, kept, outcome.crowd, Some(&mut ahead), &mut comparer)?;
                outcome = Outcome { passed_over: outcome.passed_over || within.passed_over, ..within };
            }
            found.crowded_documents += usize::from(outcome.passed_over);
            match outcome.duplicate {
                Some(duplicate) => found.duplicates.push(duplicate),
                None => kept.add(document.0, document.1),
            }
        }
        for (_, keys) in batch {
            members.forget(keys);
            kept.settle(keys);
        }
        Ok(())
    }

    /// Whether a ranked document is of an earlier run, and so is kept.
    fn is_earlier(&self, rank: u32) -> bool {
        self.ranking.ordinal(rank).is_some_and(|ordinal| ordinal < self.corpus.first)
    }

    /// The ordinal of a ranked document, and how many samples it has.
    fn document(&self, rank: u32) -> Option<(u32, usize)> {
        let ordinal = self.ranking.ordinal(rank)?;
        Some((ordinal, self.census.samples(ordinal)))
    }

    /// The best match of a document among those that were kept before its batch, or among those of its batch, of which
    /// something is known `ahead`.
    fn best(
        &self,
        document: &Ranked<'_>,
        kept: &Listing<'_>,
        crowd: Crowd,
        mut ahead: Option<&mut Ahead<'_>>,
        comparer: &mut Comparer,
    ) -> Result<Outcome, StageError> {
        let mut outcome = Outcome { crowd, ..Outcome::default() };
        let Some((ordinal, samples)) = self.document(document.0) else { return Ok(outcome) };
        let mut best = None;
        let part = if ahead.is_some() { Part::New } else { Part::All };
        let mut sharing = comparer.sharing(document.1, kept, part, needed(samples));
        outcome.crowd.read(&mut sharing, samples, kept.crowded(document.1));
        for (place, (rank, kept, count)) in self.likely(samples, &mut sharing).enumerate() {
            let is_found = outcome.duplicate.is_some() && !outcome.crowd.stands_out(count);
            if is_found || place == COMPARED || !outcome.crowd.admits(count) {
                outcome.passed_over = outcome.duplicate.is_none();
                break;
            }
            let known = match &mut ahead {
                Some(Ahead { known: Some(known), .. }) => Some(&*known),
                Some(Ahead { members, start, known }) => {
                    Some(&*known.insert(self.ahead(document, members, *start, crowd, comparer)?))
                }
                None => None,
            };
            let known = known.and_then(|known| known.iter().find(|(other, _)| *other == rank));
            let matched = match known {
                Some((_, matched)) => *matched,
                None => self.matching(ordinal, kept, count, outcome.crowd, comparer)?,
            };
            let Some((found, likeness)) = matched else { continue };
            // Ties go to the better document.
            let merit = (Reverse(found), likeness.shared, Reverse(rank));
            if best.is_none_or(|best| merit > best) {
                best = Some(merit);
                outcome.duplicate = Some(Duplicate::new(ordinal, kept, found, &likeness));
            }
        }
        comparer.sharing.push(sharing);
        Ok(outcome)
    }

    /// What documents that come before in the same batch, which begins at rank `start`, are to a document. They may or
    /// may not be kept: copies have similar ranks, and what is known of them need not be found out one after the other.
    fn ahead(
        &self,
        document: &Ranked<'_>,
        members: &Listing<'_>,
        start: u32,
        mut crowd: Crowd,
        comparer: &mut Comparer,
    ) -> Result<Known, StageError> {
        let Some((ordinal, samples)) = self.document(document.0).filter(|_| document.0 > start) else {
            return Ok(Known::new());
        };
        let mut sharing = comparer.sharing(document.1, members, Part::Below(document.0), needed(samples));
        crowd.read(&mut sharing, samples, members.crowded(document.1));
        let mut admitted = crowd;
        let likely = self.likely(samples, &mut sharing);
        let known = likely.take_while(|(_, _, count)| admitted.admits(*count)).take(AHEAD);
        let known = known
            .map(|(rank, other, count)| Ok((rank, self.matching(ordinal, other, count, crowd, comparer)?)));
        let known = known.collect();
        comparer.sharing.push(sharing);
        known
    }

    /// The ranks and ordinals of those that share enough keys, and how many they share.
    fn likely<'s>(
        &'s self,
        samples: usize,
        sharing: &'s mut Sharing,
    ) -> impl Iterator<Item = (u32, u32, u32)> + 's {
        (0..).map_while(|place| sharing.get(place)).filter_map(move |(rank, count)| {
            let (other, others) = self.document(rank)?;
            let needed = needed(samples.max(others));
            (count as usize >= needed).then_some((rank, other, count))
        })
    }

    /// Compares two documents, which share so many keys, without the frames of their sites. Misread copies are looked for
    /// where one stands out from the crowd.
    fn matching(
        &self,
        left: u32,
        right: u32,
        count: u32,
        crowd: Crowd,
        comparer: &mut Comparer,
    ) -> Result<Option<(Match, Likeness)>, StageError> {
        let may_be_misread = crowd.stands_out(count);
        // Texts share about as many of their shingles as of their samples. Where that may do, outlines would settle little.
        let [part, of] = if may_be_misread { [1, 6] } else { [3, 5] };
        if of * count as usize <= part * self.census.samples(left)
            && !self.may_match(left, right, may_be_misread, comparer)?
        {
            return Ok(None);
        }
        let Comparer { document, others, align, .. } = comparer;
        if document.ordinal != Some(left) {
            // What was compared may have been kept, and then others are compared with it.
            let before = document.ordinal.map(|before| if document.is_long() { 0 } else { place(before) });
            if let Some(other) = before.and_then(|before| others.get_mut(before)) {
                std::mem::swap(document, other);
                document.profile.swap_sets(&mut other.profile);
            }
            self.load(left, document)?;
        }
        if !self.has_words(document) {
            return Ok(None);
        }
        let Some(other) = self.ready(right, others)?.filter(|other| self.has_words(other)) else {
            return Ok(None);
        };
        Ok(matching(self.near, &mut document.profile, &other.profile, may_be_misread, align))
    }

    /// Whether the outlines of two documents leave it open that they match.
    fn may_match(
        &self,
        left: u32,
        right: u32,
        may_be_misread: bool,
        comparer: &mut Comparer,
    ) -> Result<bool, StageError> {
        let Comparer { outlined, bits, met, slots, .. } = comparer;
        let of_right = self.outline(right, slots, met)?;
        let of_left = match outlined.take() {
            Some((ordinal, outline)) if ordinal == left => outline,
            _ => {
                let outline = self.outline(left, slots, met)?;
                bits.fill(&outline);
                outline
            }
        };
        let least = self.near.min_words as usize;
        let may_match = of_left.words >= least
            && of_right.words >= least
            && of_left.at_most(&of_right, bits).may_match(self.near, may_be_misread);
        *outlined = Some((left, of_left));
        Ok(may_match)
    }

    /// The outline of a document, which is made with these buffers where it is not there.
    fn outline(
        &self,
        ordinal: u32,
        slots: &mut Vec<Slot>,
        met: &mut HashedSet,
    ) -> Result<Arc<Outline>, StageError> {
        self.outlines.get(ordinal, || {
            if let Some(slots) = self.slots.get(ordinal) {
                return Ok(Outline::of(&slots, met));
            }
            let bytes = self.corpus.get(ordinal as usize)?;
            let sketch = read(ordinal, &bytes)?;
            slots.clear();
            for passage in self.frames.passages(sketch.site, sketch.folded) {
                read_slots(passage, slots);
            }
            Ok(Outline::of(slots, met))
        })
    }

    /// A document among those that are ready, which is loaded where it is not.
    fn ready<'o>(
        &self,
        ordinal: u32,
        others: &'o mut [Loaded; LOADED],
    ) -> Result<Option<&'o Loaded>, StageError> {
        let is_there = |place: &usize| others.get(*place).is_some_and(|other| other.ordinal == Some(ordinal));
        if let Some(place) = [0, place(ordinal)].into_iter().find(is_there) {
            return Ok(others.get(place));
        }
        let [long, rest @ ..] = others;
        let Some(other) = rest.get_mut(place(ordinal) - 1) else { return Ok(None) };
        self.load(ordinal, other)?;
        if other.is_long() {
            *long = std::mem::take(other);
            return Ok(Some(long));
        }
        Ok(Some(other))
    }

    fn load(&self, ordinal: u32, loaded: &mut Loaded) -> Result<(), StageError> {
        loaded.ordinal = None;
        let bytes = self.corpus.get(ordinal as usize)?;
        let sketch = read(ordinal, &bytes)?;
        loaded.profile.load(self.frames.passages(sketch.site, sketch.folded));
        loaded.ordinal = Some(ordinal);
        Ok(())
    }

    /// Whether a document has enough words without the frames of its site.
    const fn has_words(&self, loaded: &Loaded) -> bool {
        loaded.profile.hashes.len() >= self.near.min_words as usize
    }
}
