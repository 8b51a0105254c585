//! The decision over a whole corpus: exact duplicates, near duplicates, repeated lines.

use tamis_core::{Decision, Decisions, Resources, Rule, Sketches, Span, StageError};

use crate::census::Census;
use crate::compare::Match;
use crate::earlier::Corpus;
use crate::listing;
use crate::near::{self, Duplicate, NearDuplicates, near_duplicates};
use crate::nets;
use crate::options::{Near, Options};
use crate::paragraphs::Repeated;
use crate::rules::{
    CONTAINED_COPY, EARLIER_CONTAINED_COPY, EARLIER_EXACT_DUPLICATE, EARLIER_MISREAD_COPY,
    EARLIER_NEAR_DUPLICATE, EXACT_DUPLICATE, MISREAD_COPY, NEAR_DUPLICATE,
};
use crate::spill::Budget;

/// Decides over all sketches.
pub(crate) fn decide(
    options: &Options,
    sketches: &dyn Sketches,
    resources: &Resources<'_>,
) -> Result<Decisions, StageError> {
    let corpus = Corpus::new(resources.earlier, sketches)?;
    let budget = Budget::new(resources);
    let (census, entries) = Census::take(options, &corpus, &budget)?;
    let mut decisions = Decisions::new(sketches.len());
    let mut found = NearDuplicates::default();
    if let Some(near) = &options.near {
        found = near_duplicates(near, &corpus, &census, entries, &budget)?;
        tell_crowds(&found, &mut decisions.warnings);
    }
    let fates = Fates { corpus: &corpus, census: &census, duplicates: &found.duplicates };
    let mut to = Deciding { options, fates: &fates, resources, decisions, next: corpus.first };
    if let Some(paragraphs) = &options.paragraphs {
        let repeated = Repeated::find(paragraphs, &corpus, &fates, &budget)?;
        let stays = |ordinal| !options.documents || !fates.is_dropped(ordinal);
        repeated.for_each(&corpus, &budget, &stays, |ordinal, spans| to.remove(ordinal, spans))?;
    }
    to.drops_before(census.len() as u32)?;
    let mut decisions = to.decisions;
    if options.documents {
        nets::look(options, &census, &fates, sketches.len(), &mut decisions);
    }
    nets::idle(options, sketches.len(), &mut decisions);
    Ok(decisions)
}

/// Takes decisions in the order of documents.
struct Deciding<'a> {
    options: &'a Options,
    fates: &'a Fates<'a>,
    resources: &'a Resources<'a>,
    decisions: Decisions,
    next: u32,
}

impl Deciding<'_> {
    /// Takes the drops of all documents before this one.
    fn drops_before(&mut self, end: u32) -> Result<(), StageError> {
        let near = self.options.near.as_ref();
        for ordinal in self.next..end {
            if self.options.documents
                && let Some(drop) = self.fates.decision(ordinal, near)?
            {
                self.take(ordinal, &drop)?;
            }
        }
        self.next = self.next.max(end);
        Ok(())
    }

    fn remove(&mut self, ordinal: u32, spans: Vec<(Span, &'static Rule)>) -> Result<(), StageError> {
        self.drops_before(ordinal)?;
        self.next = ordinal + 1;
        self.take(ordinal, &Decision::Remove(spans))
    }

    fn take(&mut self, ordinal: u32, decision: &Decision) -> Result<(), StageError> {
        let own = (ordinal - self.fates.corpus.first) as usize;
        self.decisions.decide(own, decision, self.resources.storage)
    }
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
    corpus: &'a Corpus<'a>,
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

    fn is_dropped(&self, ordinal: u32) -> bool {
        let (twin, duplicate) = self.of(ordinal);
        twin != ordinal || duplicate.is_some()
    }

    /// The kept document of each drop of this run.
    pub(crate) fn kept_by_drop(&self) -> Vec<u32> {
        let own = self.corpus.first..self.census.len() as u32;
        own.filter_map(|ordinal| match self.of(ordinal) {
            (_, Some(duplicate)) => Some(duplicate.kept),
            (twin, None) => (twin != ordinal).then_some(twin),
        })
        .collect()
    }

    /// Whether the document is one of this run.
    pub(crate) fn is_own(&self, ordinal: u32) -> bool {
        ordinal >= self.corpus.first
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
    fn decision(&self, ordinal: u32, near: Option<&Near>) -> Result<Option<Decision>, StageError> {
        let ([here, earlier], kept, similarity, threshold) = match (self.of(ordinal), near) {
            ((_, Some(Duplicate { kept, found, measured, .. })), Some(near)) => {
                let (rules, threshold) = match found {
                    Match::Near => ([&NEAR_DUPLICATE, &EARLIER_NEAR_DUPLICATE], Some(near.similarity)),
                    Match::Contained => ([&CONTAINED_COPY, &EARLIER_CONTAINED_COPY], near.containment),
                    Match::Misread => ([&MISREAD_COPY, &EARLIER_MISREAD_COPY], near.reading),
                };
                (rules, *kept, *measured, threshold)
            }
            ((twin, _), _) if twin != ordinal => {
                ([&EXACT_DUPLICATE, &EARLIER_EXACT_DUPLICATE], twin, 1.0, Some(1.0))
            }
            _ => return Ok(None),
        };
        let rule = if self.is_own(kept) { here } else { earlier };
        let duplicate_of = Some(self.corpus.original(kept)?);
        Ok(Some(Decision::Drop { rule, duplicate_of, similarity: Some(similarity), threshold }))
    }
}
