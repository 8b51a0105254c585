//! The first reading of all sketches: what stays in memory of each document, and documents with the same words.
//!
//! Six bytes a document stay in memory. Exact hashes, sites and sampled shingles, which only whole passes need, go to
//! temporary storage.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

use rayon::prelude::*;
use tamis_core::{BlockPlace, Blocks, Sketches, StageError, StageErrorKind};

use crate::candidates::{self, Entries};
use crate::earlier::Corpus;
use crate::options::Options;
use crate::sketch::{SAMPLES, Sketch};
use crate::spill::{Budget, Record, Spill, grouped};

/// Documents read by one task.
pub(crate) const CHUNK: usize = 1024;
/// Partitions of exact hashes.
const EXACT_PARTITIONS: usize = 64;

/// Reads one sketch; errors name the document.
pub(crate) fn read(ordinal: u32, bytes: &[u8]) -> Result<Sketch<'_>, StageError> {
    Sketch::read(bytes).map_err(|error| {
        StageErrorKind::Sketch { ordinal: ordinal as usize, detail: error.to_string() }.into()
    })
}

/// The hash of a document's words, what speaks against it among those with the same, a hash of its text, its ordinal.
type Exact = ((u128, u64), u64, u32);

/// What is known of every document.
pub(crate) struct Census {
    /// The document with the same words that stays, or the document itself.
    twin: Vec<AtomicU32>,
    /// Sampled shingles of documents that are compared with others; 0 for those that are not.
    samples: Vec<AtomicU8>,
    headers: Box<dyn Blocks>,
    chunks: Vec<BlockPlace>,
    /// The number of words that half of this run's documents have at most; 1023 for more.
    pub(crate) median_words: u32,
    /// Documents of this run that are too short to be compared.
    pub(crate) too_short: u64,
}

/// What whole passes over the documents read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) ordinal: u32,
    /// Drawn from the words; see [`crate::order::lot`].
    pub(crate) lot: u64,
    pub(crate) site: u64,
}

impl Census {
    /// Reads all sketches; their sampled shingles are left in the entries where near duplicates are looked for.
    pub(crate) fn take(
        options: &Options,
        corpus: &Corpus<'_>,
        budget: &Budget<'_>,
    ) -> Result<(Self, Entries), StageError> {
        let mut census = Self {
            twin: (0..corpus.len() as u32).map(AtomicU32::new).collect(),
            samples: (0..corpus.len()).map(|_| AtomicU8::new(0)).collect(),
            headers: budget.storage.create()?,
            chunks: Vec::new(),
            median_words: 0,
            too_short: 0,
        };
        let entries = Entries::new(budget)?;
        let exact = Spill::with_partitions(budget, EXACT_PARTITIONS)?;
        let lengths: Vec<AtomicU32> = (0..LENGTHS).map(|_| AtomicU32::new(0)).collect();
        let too_short = AtomicU64::new(0);
        let read_chunk = |chunk: usize| {
            let mut headers = Vec::new();
            let (mut entries, mut exact) = (entries.writer(), exact.writer());
            for ordinal in chunk * CHUNK..((chunk + 1) * CHUNK).min(corpus.len()) {
                let bytes = corpus.get(ordinal)?;
                let number = ordinal as u32;
                let sketch = read(number, &bytes)?;
                let is_own = number >= corpus.first;
                if let Some(count) = lengths.get((sketch.words as usize).min(LENGTHS - 1)).filter(|_| is_own)
                {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                if options.near.as_ref().is_some_and(|near| sketch.is_comparable(near.min_words)) {
                    let mut samples = 0_u8;
                    for sample in sketch.samples().take(SAMPLES) {
                        candidates::push(&mut entries, sample, number)?;
                        samples = samples.saturating_add(1);
                    }
                    if let Some(slot) = get(&census.samples, ordinal) {
                        slot.store(samples, Ordering::Relaxed);
                    }
                } else if is_own {
                    too_short.fetch_add(1, Ordering::Relaxed);
                }
                if options.exact {
                    let place = (sketch.exact >> 122) as usize;
                    let merit = sketch.merit(is_own);
                    exact.push(place, ((sketch.exact, merit), sketch.text, number))?;
                }
                (crate::order::lot(sketch.exact), sketch.site).put(&mut headers);
            }
            entries.finish()?;
            exact.finish()?;
            census.headers.append(&headers)
        };
        let chunks = corpus.len().div_ceil(CHUNK);
        let chunks = (0..chunks).into_par_iter().map(read_chunk).collect::<Result<_, StageError>>()?;
        census.chunks = chunks;
        census.too_short = too_short.into_inner();
        census.median_words = median(&lengths);
        census.find_twins(&exact, budget)?;
        Ok((census, entries))
    }

    /// Leaves the best of each group of documents with the same words.
    fn find_twins(&self, exact: &Spill<Exact>, budget: &Budget<'_>) -> Result<(), StageError> {
        (0..exact.partitions()).into_par_iter().try_for_each(|partition| {
            let mut best = 0;
            grouped(
                exact.sorted(partition, budget)?,
                |record| record.0.0,
                |(_, _, ordinal), begins| {
                    if begins {
                        best = ordinal;
                    } else if let (Some(twin), Some(samples)) =
                        (get(&self.twin, ordinal as usize), get(&self.samples, ordinal as usize))
                    {
                        twin.store(best, Ordering::Relaxed);
                        samples.store(0, Ordering::Relaxed);
                    }
                    Ok(())
                },
            )
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.twin.len()
    }

    /// The document with the same words that stays, or the document itself.
    pub(crate) fn twin(&self, ordinal: u32) -> u32 {
        get(&self.twin, ordinal as usize).map_or(ordinal, |twin| twin.load(Ordering::Relaxed))
    }

    /// Whether the document is compared with others: long enough, and no exact duplicate.
    pub(crate) fn is_compared(&self, ordinal: u32) -> bool {
        self.samples(ordinal) > 0
    }

    /// The number of sampled shingles of a document that is compared.
    pub(crate) fn samples(&self, ordinal: u32) -> usize {
        get(&self.samples, ordinal as usize).map_or(0, |samples| usize::from(samples.load(Ordering::Relaxed)))
    }

    /// The number of documents that are compared with others.
    pub(crate) fn compared(&self) -> usize {
        self.samples.par_iter().filter(|samples| samples.load(Ordering::Relaxed) > 0).count()
    }

    /// Has `each` look at the headers of all documents, a task for each chunk of them.
    pub(crate) fn headers(
        &self,
        each: impl Fn(&[Header]) -> Result<(), StageError> + Sync,
    ) -> Result<(), StageError> {
        self.chunks.par_iter().enumerate().try_for_each(|(chunk, place)| {
            let mut bytes = Vec::new();
            self.headers.read(*place, &mut bytes)?;
            let headers: Vec<Header> = (chunk as u32 * CHUNK as u32..)
                .zip(bytes.chunks_exact(<(u64, u64)>::SIZE).filter_map(<(u64, u64)>::take))
                .map(|(ordinal, (lot, site))| Header { ordinal, lot, site })
                .collect();
            each(&headers)
        })
    }
}

fn get<T>(all: &[T], ordinal: usize) -> Option<&T> {
    all.get(ordinal)
}

/// Longer documents count as this long, less one.
const LENGTHS: usize = 1024;

/// The number of words that half of the documents have at most.
fn median(lengths: &[AtomicU32]) -> u32 {
    let counts: Vec<u64> = lengths.iter().map(|count| u64::from(count.load(Ordering::Relaxed))).collect();
    let half = counts.iter().sum::<u64>().div_ceil(2);
    let mut met = 0;
    let middle = counts.iter().position(|count| {
        met += count;
        met >= half
    });
    middle.unwrap_or_default() as u32
}
