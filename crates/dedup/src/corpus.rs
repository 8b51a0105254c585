//! The decision over a whole corpus: exact duplicates, near duplicates, repeated lines.

use tamis_core::{Decision, Decisions, Original, Resources, Sketches, StageError, StageErrorKind};

use crate::census::Census;
use crate::compare::Match;
use crate::listing;
use crate::near::{self, Duplicate, NearDuplicates, near_duplicates};
use crate::options::{Near, Options};
use crate::paragraphs::Repeated;
use crate::rules::{CONTAINED_COPY, EXACT_DUPLICATE, MISREAD_COPY, NEAR_DUPLICATE};
use crate::spill::Budget;

/// Decides over all sketches.
pub(crate) fn decide(
    options: &Options,
    sketches: &dyn Sketches,
    resources: &Resources<'_>,
) -> Result<Decisions, StageError> {
    if u32::try_from(sketches.len()).is_err() {
        return Err(StageErrorKind::Other("more than 2^32 documents in one corpus".into()).into());
    }
    let budget = Budget::new(resources);
    let (census, entries) = Census::take(options, sketches, &budget)?;
    let mut decisions = Decisions::new(census.len());
    let mut found = NearDuplicates::default();
    if let Some(near) = &options.near {
        found = near_duplicates(near, sketches, &census, entries, &budget)?;
        tell_crowds(&found, &mut decisions.warnings);
    }
    let fates = Fates { census: &census, duplicates: &found.duplicates };
    let drops = |ordinal| fates.decision(ordinal, options.near.as_ref()).filter(|_| options.documents);
    let mut next = 0;
    if let Some(paragraphs) = &options.paragraphs {
        let repeated = Repeated::find(paragraphs, sketches, &fates, &budget)?;
        repeated.for_each(sketches, &budget, &|ordinal| drops(ordinal).is_none(), |ordinal, spans| {
            decide_drops(&mut decisions, next..ordinal, drops, resources)?;
            next = ordinal + 1;
            decisions.decide(ordinal as usize, &Decision::Remove(spans), resources.storage)
        })?;
    }
    decide_drops(&mut decisions, next..census.len() as u32, drops, resources)?;
    Ok(decisions)
}

fn decide_drops(
    decisions: &mut Decisions,
    ordinals: std::ops::Range<u32>,
    drops: impl Fn(u32) -> Option<Decision>,
    resources: &Resources<'_>,
) -> Result<(), StageError> {
    for ordinal in ordinals {
        if let Some(drop) = drops(ordinal) {
            decisions.decide(ordinal as usize, &drop, resources.storage)?;
        }
    }
    Ok(())
}

fn tell_crowds(found: &NearDuplicates, warnings: &mut Vec<String>) {
    if found.crowded_shingles > 0 {
        warnings.push(format!(
            "{} five-word phrases stand in {} unlike documents or more each (site frames, set phrases, templates); \
             later documents were searched for by several of them together, not by each",
            found.crowded_shingles,
            listing::LISTED
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

/// What became of all documents.
pub(crate) struct Fates<'a> {
    pub(crate) census: &'a Census,
    duplicates: &'a [Duplicate],
}

impl Fates<'_> {
    /// The document's twin, or the document itself, and what that is a near duplicate of. A twin has the same words,
    /// so what holds for it holds for the document.
    fn of(&self, ordinal: u32) -> (u32, Option<&Duplicate>) {
        let twin = self.census.twin(ordinal);
        let place = self.duplicates.binary_search_by_key(&twin, |duplicate| duplicate.ordinal);
        (twin, place.ok().and_then(|place| self.duplicates.get(place)))
    }

    /// The document whose page this one is: a story at three addresses of a site is one page. Pages that are merely
    /// near duplicates count apart.
    pub(crate) fn page(&self, ordinal: u32) -> u32 {
        match self.of(ordinal) {
            (_, Some(duplicate)) if duplicate.is_same_page => duplicate.kept,
            (twin, _) => twin,
        }
    }

    /// The drop of a document that does not stay.
    fn decision(&self, ordinal: u32, near: Option<&Near>) -> Option<Decision> {
        let (rule, kept, similarity, threshold) = match (self.of(ordinal), near) {
            ((_, Some(Duplicate { kept, found, measured, .. })), Some(near)) => {
                let (rule, threshold) = match found {
                    Match::Near => (&NEAR_DUPLICATE, Some(near.similarity)),
                    Match::Contained => (&CONTAINED_COPY, near.containment),
                    Match::Misread => (&MISREAD_COPY, near.reading),
                };
                (rule, *kept, *measured, threshold)
            }
            ((twin, _), _) if twin != ordinal => (&EXACT_DUPLICATE, twin, 1.0, Some(1.0)),
            _ => return None,
        };
        let duplicate_of = Some(Original::Document(kept as usize));
        Some(Decision::Drop { rule, duplicate_of, similarity: Some(similarity), threshold })
    }
}
