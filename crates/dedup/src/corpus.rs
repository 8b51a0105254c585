//! The decision over a whole corpus: exact duplicates, near duplicates, repeated lines.

use rayon::prelude::*;
use tamis_core::{Decision, Decisions, Original, Resources, Sketches, StageError, StageErrorKind};

use crate::candidates;
use crate::compare::Match;
use crate::near::{self, Duplicate, NearDuplicates, near_duplicates};
use crate::options::{Near, Options};
use crate::paragraphs;
use crate::rules::{CONTAINED_COPY, EXACT_DUPLICATE, MISREAD_COPY, NEAR_DUPLICATE};
use crate::sketch::Sketch;

/// Documents read by one task.
const CHUNK: usize = 1024;

/// What stays in memory of each document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) exact: u128,
    pub(crate) site: u64,
    cost: u32,
    pub(crate) samples: u8,
    /// Whether it is compared with others: long enough, and no exact duplicate.
    pub(crate) is_compared: bool,
}

/// Reads one sketch; errors name the document.
pub(crate) fn read(ordinal: u32, bytes: &[u8]) -> Result<Sketch<'_>, StageError> {
    Sketch::read(bytes).map_err(|error| {
        StageErrorKind::Sketch { ordinal: ordinal as usize, detail: error.to_string() }.into()
    })
}

/// Decides over all sketches.
pub(crate) fn decide(
    options: &Options,
    sketches: &dyn Sketches,
    resources: &Resources<'_>,
) -> Result<Decisions, StageError> {
    if u32::try_from(sketches.len()).is_err() {
        return Err(StageErrorKind::Other("more than 2^32 documents in one corpus".into()).into());
    }
    let (mut headers, mut entries) = read_headers(options.near.as_ref(), sketches)?;
    let mut fates = vec![Fate::Kept; headers.len()];
    if options.exact {
        drop_exact(&mut headers, &mut fates);
    }
    let mut warnings = Vec::new();
    let mut found = NearDuplicates::default();
    if let Some(limits) = &options.near {
        let is_compared =
            |entry: &u64| headers.get(*entry as u32 as usize).is_some_and(|header| header.is_compared);
        entries.retain(is_compared);
        found = near_duplicates(limits, sketches, &headers, entries)?;
        for (place, duplicate) in (0..).zip(&found.duplicates) {
            if let Some(fate) = fates.get_mut(duplicate.ordinal as usize) {
                *fate = Fate::Near(place);
            }
        }
        if found.crowded_shingles > 0 {
            warnings.push(format!(
                "{} five-word phrases stand in {} unlike documents or more each (site frames, set phrases, templates); \
                 later documents were searched for by several of them together, not by each",
                found.crowded_shingles,
                candidates::LISTED
            ));
        }
        if found.crowded_documents > 0 {
            warnings.push(format!(
                "{} documents share phrases with many kept ones (texts of one template); each was compared with the \
                 likeliest only, {} at most",
                found.crowded_documents,
                near::COMPARED
            ));
        }
    }
    let fates = Fates { fates, duplicates: found.duplicates };
    let mut documents = vec![Decision::Keep; headers.len()];
    if options.documents {
        for (ordinal, document) in documents.iter_mut().enumerate() {
            *document = fates.decision(ordinal, options.near.as_ref());
        }
    }
    if let Some(paragraphs) = &options.paragraphs {
        let pages: Vec<u32> = (0..headers.len()).map(|ordinal| fates.page(ordinal)).collect();
        paragraphs::remove_repeated(paragraphs, sketches, &headers, &pages, &mut documents)?;
    }
    let mut decisions = Decisions::new(documents.len());
    decisions.warnings = warnings;
    for (ordinal, document) in documents.iter().enumerate() {
        decisions.decide(ordinal, document, resources.storage)?;
    }
    Ok(decisions)
}

/// What became of a document.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Kept,
    /// It has the same words as this one, which may itself be a near duplicate.
    Exact(u32),
    /// Its place among the near duplicates.
    Near(u32),
}

/// What became of all documents.
struct Fates {
    fates: Vec<Fate>,
    duplicates: Vec<Duplicate>,
}

/// The similarity from which two documents are one page.
const SAME_PAGE: f64 = 0.9;

impl Fates {
    /// The document's twin, or the document itself, and what that is a near duplicate of. A twin has the same words,
    /// so what holds for it holds for the document.
    fn of(&self, ordinal: usize) -> (u32, Option<&Duplicate>) {
        let own = ordinal as u32;
        let twin = if let Some(Fate::Exact(twin)) = self.fates.get(ordinal) { *twin } else { own };
        match self.fates.get(twin as usize) {
            Some(Fate::Near(place)) => (twin, self.duplicates.get(*place as usize)),
            _ => (twin, None),
        }
    }

    /// The document whose page this one is: a story at three addresses of a site is one page. Pages that are merely
    /// near duplicates may be alike for their frames, which are just what is to be found; they count apart.
    fn page(&self, ordinal: usize) -> u32 {
        match self.of(ordinal) {
            (_, Some(duplicate)) if duplicate.likeness.similarity() >= SAME_PAGE => duplicate.kept,
            (twin, _) => twin,
        }
    }

    fn decision(&self, ordinal: usize, near: Option<&Near>) -> Decision {
        let (rule, kept, similarity, threshold) = match (self.of(ordinal), near) {
            ((_, Some(Duplicate { kept, found, likeness, .. })), Some(near)) => {
                let (rule, similarity, threshold) = match found {
                    Match::Near => (&NEAR_DUPLICATE, likeness.similarity(), Some(near.similarity)),
                    Match::Contained => (&CONTAINED_COPY, likeness.containment(), near.containment),
                    Match::Misread => (&MISREAD_COPY, likeness.reading(), near.reading),
                };
                (rule, *kept, similarity, threshold)
            }
            ((twin, _), _) if twin as usize != ordinal => (&EXACT_DUPLICATE, twin, 1.0, Some(1.0)),
            _ => return Decision::Keep,
        };
        Decision::Drop {
            rule,
            duplicate_of: Some(Original::Document(kept as usize)),
            similarity: Some(similarity),
            threshold,
        }
    }
}

/// Headers by ordinal, and the candidate entries of all documents where near duplicates are looked for.
fn read_headers(near: Option<&Near>, sketches: &dyn Sketches) -> Result<(Vec<Header>, Vec<u64>), StageError> {
    let read_chunk = |chunk: usize| {
        let range = chunk * CHUNK..((chunk + 1) * CHUNK).min(sketches.len());
        let mut headers = Vec::with_capacity(range.len());
        let mut entries = Vec::new();
        for ordinal in range {
            let bytes = sketches.get(ordinal)?;
            let sketch = read(ordinal as u32, &bytes)?;
            let is_compared = near.is_some_and(|near| sketch.is_comparable(near.min_words));
            let before = entries.len();
            if is_compared {
                entries.extend(sketch.samples().map(|sample| candidates::entry(sample, ordinal as u32)));
            }
            headers.push(Header {
                exact: sketch.exact,
                site: sketch.site,
                cost: sketch.cost(),
                samples: u8::try_from(entries.len() - before).unwrap_or(u8::MAX),
                is_compared,
            });
        }
        Ok((headers, entries))
    };
    let chunks: Vec<(Vec<Header>, Vec<u64>)> = (0..sketches.len().div_ceil(CHUNK))
        .into_par_iter()
        .map(read_chunk)
        .collect::<Result<_, StageError>>()?;
    let mut headers = Vec::with_capacity(sketches.len());
    let mut entries = Vec::with_capacity(chunks.iter().map(|chunk| chunk.1.len()).sum());
    for (chunk_headers, chunk_entries) in chunks {
        headers.extend(chunk_headers);
        entries.extend(chunk_entries);
    }
    Ok((headers, entries))
}

/// Leaves the best of each group of documents with the same words: the least damaged, then the first.
fn drop_exact(headers: &mut [Header], fates: &mut [Fate]) {
    let mut order: Vec<u32> = (0..headers.len() as u32).collect();
    let key =
        |ordinal: &u32| headers.get(*ordinal as usize).map(|header| (header.exact, header.cost, *ordinal));
    order.par_sort_unstable_by_key(key);
    let same = |a: &u32, b: &u32| {
        headers.get(*a as usize).map(|header| header.exact)
            == headers.get(*b as usize).map(|header| header.exact)
    };
    let groups: Vec<&[u32]> = order.chunk_by(same).filter(|group| group.len() > 1).collect();
    let mut twins = Vec::new();
    for group in groups {
        if let Some((best, others)) = group.split_first() {
            twins.extend(others.iter().map(|other| (*other, *best)));
        }
    }
    for (other, best) in twins {
        if let (Some(fate), Some(header)) = (fates.get_mut(other as usize), headers.get_mut(other as usize)) {
            *fate = Fate::Exact(best);
            header.is_compared = false;
        }
    }
}
