//! Puts the documents of a corpus in the order of [`crate::order`].

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tamis_core::{Sketches, StageError};

use crate::census::{Census, read};
use crate::earlier::Corpus;
use crate::frames::Frames;
use crate::order::{Counted, DRAWN, Rank, Ranking, Vocabulary, WordCounts};

/// Documents that read their ranks together.
const CHUNK: usize = 1024;

/// Ranks the documents that may match another.
pub(crate) fn ranking(
    corpus: &Corpus<'_>,
    census: &Census,
    frames: &Frames,
    is_contested: impl Fn(u32) -> bool + Sync,
) -> Result<Ranking, StageError> {
    let contested = (0..census.len() as u32).into_par_iter().filter(|ordinal| is_contested(*ordinal)).count();
    if contested == 0 {
        return Ok(Ranking::new(Vec::new(), census.len()));
    }
    let vocabulary = vocabulary(corpus, census)?;
    let rank_chunk = |chunk: usize| {
        let mut ranks = Vec::new();
        let ordinals = chunk * CHUNK..((chunk + 1) * CHUNK).min(census.len());
        for ordinal in ordinals.map(|ordinal| ordinal as u32).filter(|ordinal| is_contested(*ordinal)) {
            let bytes = corpus.get(ordinal as usize)?;
            let sketch = read(ordinal, &bytes)?;
            let content = frames.content(sketch.site, sketch.folded);
            let clean = content.map(|line| vocabulary.clean_words(line)).sum();
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

/// The vocabulary of documents drawn by their content, so that input order does not matter.
fn vocabulary(sketches: &dyn Sketches, census: &Census) -> Result<Vocabulary, StageError> {
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
    drawn.par_iter().try_for_each_init(Counted::default, |counted, ordinal| {
        let bytes = sketches.get(*ordinal as usize)?;
        let sketch = read(*ordinal, &bytes)?;
        counts.count(sketch.folded, counted);
        Ok::<_, StageError>(())
    })?;
    Ok(counts.vocabulary())
}
