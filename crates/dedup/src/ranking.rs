//! Puts the documents of a corpus in the order of [`crate::order`].

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tamis_core::{Sketches, StageError};

use crate::census::{Census, read};
use crate::earlier::Corpus;
use crate::frames::Frames;
use crate::order::{Counted, DRAWN, Rank, Ranking, Vocabulary, WordCounts};
use crate::slots::{KeptSlots, Slot, read_slots};

/// Documents that read their ranks together.
const CHUNK: usize = 1024;

/// Ranks the documents that may match another. Their words, without the frames of their sites, are kept where there is room.
pub(crate) fn ranking(
    corpus: &Corpus<'_>,
    census: &Census,
    frames: &Frames,
    is_contested: impl Fn(u32) -> bool + Sync,
    kept: &KeptSlots,
) -> Result<Ranking, StageError> {
    let contested = (0..census.len() as u32).into_par_iter().filter(|ordinal| is_contested(*ordinal)).count();
    if contested == 0 {
        return Ok(Ranking::new(Vec::new(), census.len()));
    }
    let vocabulary = vocabulary(corpus, census, frames, &is_contested, kept)?;
    let rank_chunk = |chunk: usize| {
        let (mut ranks, mut slots) = (Vec::new(), Vec::new());
        let ordinals = chunk * CHUNK..((chunk + 1) * CHUNK).min(census.len());
        for ordinal in ordinals.map(|ordinal| ordinal as u32).filter(|ordinal| is_contested(*ordinal)) {
            let bytes = corpus.get(ordinal as usize)?;
            let sketch = read(ordinal, &bytes)?;
            let clean = if let Some(slots) = kept.get(ordinal) {
                vocabulary.clean_words(&slots)
            } else {
                slots.clear();
                for passage in frames.passages(sketch.site, sketch.folded) {
                    read_slots(passage, &mut slots);
                }
                kept.keep(ordinal, &slots);
                vocabulary.clean_words(&slots)
            };
            let rank = Rank::new(&sketch, clean, ordinal);
            ranks.push(if ordinal < corpus.first { rank.of_earlier_run() } else { rank });
        }
        Ok::<_, StageError>(ranks)
    };
    let mut ranked = Vec::with_capacity(contested);
    // Some chunks at a time: gathered all at once, the ranks would be in memory twice.
    let chunks: Vec<usize> = (0..census.len().div_ceil(CHUNK)).collect();
    for chunks in chunks.chunks(64 * rayon::current_num_threads()) {
        let ranks: Vec<Vec<Rank>> =
            chunks.par_iter().map(|chunk| rank_chunk(*chunk)).collect::<Result<_, StageError>>()?;
        ranked.extend(ranks.into_iter().flatten());
    }
    Ok(Ranking::new(ranked, census.len()))
}

/// Buffers that live from document to document.
type Buffers = (Counted, Vec<Slot>);

/// The vocabulary of documents drawn by their content, so that input order does not matter.
fn vocabulary(
    sketches: &dyn Sketches,
    census: &Census,
    frames: &Frames,
    is_contested: impl Fn(u32) -> bool + Sync,
    kept: &KeptSlots,
) -> Result<Vocabulary, StageError> {
    let eligible = census.compared().max(1);
    let cut = if eligible <= DRAWN { u64::MAX } else { u64::MAX / eligible as u64 * DRAWN as u64 };
    let drawn = Mutex::new(Vec::new());
    census.headers(|headers| {
        let lucky = headers.iter().filter(|header| census.is_compared(header.ordinal) && header.lot <= cut);
        let lucky: Vec<u32> = lucky.map(|header| header.ordinal).collect();
        drawn.lock().unwrap_or_else(PoisonError::into_inner).extend(lucky);
        Ok(())
    })?;
    let drawn = drawn.into_inner().unwrap_or_else(PoisonError::into_inner);
    let counts = WordCounts::new(drawn.len());
    // Counts do not depend on the order of documents.
    drawn.par_iter().try_for_each_init(Buffers::default, |(counted, slots), ordinal| {
        let bytes = sketches.get(*ordinal as usize)?;
        let sketch = read(*ordinal, &bytes)?;
        slots.clear();
        read_slots(sketch.folded, slots);
        counts.count(slots, counted);
        if is_contested(*ordinal) && frames.leave_all(sketch.site, sketch.folded) {
            kept.keep(*ordinal, slots);
        }
        Ok::<_, StageError>(())
    })?;
    Ok(counts.vocabulary())
}
