//! The decision over a whole corpus: exact duplicates, near duplicates, repeated lines.

use tamis_core::{Decision, Decisions, Removal, Resources, Sketches, StageError};

use crate::census::Census;
use crate::compare::Match;
use crate::earlier::Corpus;
use crate::listing;
use crate::near::{self, Duplicate, NearDuplicates, near_duplicates};
use crate::nets;
use crate::options::{Near, Options};
use crate::paragraphs::Repeated;
use crate::rules::{
    CONTAINED_COPY, CONTAINED_TEXT, EARLIER_CONTAINED_COPY, EARLIER_EXACT_DUPLICATE, EARLIER_MISREAD_COPY,
    EARLIER_NEAR_DUPLICATE, EXACT_DUPLICATE, MISREAD_COPY, NEAR_DUPLICATE,
};
use crate::runs::{RepeatedRuns, Stored};
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
    let mut to =
        Deciding { options, fates: &fates, resources, decisions, next: corpus.first, contained: Vec::new() };
    let stays = |ordinal| !options.documents || !fates.is_dropped(ordinal);
    let repeated = match &options.paragraphs {
        Some(paragraphs) => Some(Repeated::find(paragraphs, &corpus, &fates, &budget)?),
        None => None,
    };
    let mut told = None;
    match (&options.runs, &repeated) {
        (Some(runs), _) => {
            let lines = lines(repeated.as_ref(), &corpus, &stays, &budget)?;
            let takes_part = |ordinal| fates.is_own(ordinal) && stays(ordinal);
            let named = fates.named();
            let may_go = |ordinal| options.documents && !named.contains(ordinal);
            let found = RepeatedRuns::find(runs, &corpus, &census, &takes_part, &may_go, &lines, &budget)?;
            to.contained.clone_from(&found.contained);
            found.for_each(&lines, &budget, |ordinal, removals| to.remove(ordinal, removals))?;
            told = Some(found.told);
        }
        (None, Some(repeated)) => {
            repeated.for_each(&corpus, &budget, &stays, |ordinal, removals| to.remove(ordinal, removals))?;
        }
        (None, None) => {}
    }
    drop(repeated);
    to.drops_before(census.len() as u32)?;
    let mut decisions = to.decisions;
    if let Some(told) = told {
        nets::runs(&told, &mut decisions);
    }
    if options.documents {
        nets::look(options, &census, &fates, sketches.len(), &mut decisions);
    }
    nets::idle(options, sketches.len(), &mut decisions);
    Ok(decisions)
}

/// The lines that go, where runs are looked for without them.
fn lines(
    repeated: Option<&Repeated>,
    corpus: &Corpus<'_>,
    stays: &(dyn Fn(u32) -> bool + Sync),
    budget: &Budget<'_>,
) -> Result<Stored, StageError> {
    let mut lines = Stored::new(budget)?;
    if let Some(repeated) = repeated {
        repeated.for_each(corpus, budget, stays, |ordinal, removals| {
            let spans = removals.iter().map(|removal| removal.span);
            lines.put(ordinal, spans.map(|span| (span.start().to_u32(), span.end().to_u32())))
        })?;
    }
    Ok(lines)
}

/// Takes decisions in the order of documents.
struct Deciding<'a> {
    options: &'a Options,
    fates: &'a Fates<'a>,
    resources: &'a Resources<'a>,
    decisions: Decisions,
    next: u32,
    /// Documents that another one has all of, by ordinal, and that one.
    contained: Vec<(u32, u32)>,
}

impl Deciding<'_> {
    /// Takes the drops of all documents before this one.
    fn drops_before(&mut self, end: u32) -> Result<(), StageError> {
        let near = self.options.near.as_ref();
        for ordinal in self.next..end {
            let drop = match self.container(ordinal) {
                Some(kept) => Some(self.fates.contained(kept)?),
                None if self.options.documents => self.fates.decision(ordinal, near)?,
                None => None,
            };
            if let Some(drop) = drop {
                self.take(ordinal, &drop)?;
            }
        }
        self.next = self.next.max(end);
        Ok(())
    }

    fn remove(&mut self, ordinal: u32, spans: Vec<Removal>) -> Result<(), StageError> {
        if self.container(ordinal).is_some() {
            return self.drops_before(ordinal + 1);
        }
        self.drops_before(ordinal)?;
        self.next = ordinal + 1;
        self.take(ordinal, &Decision::Remove(spans))
    }

    /// The document that has all of this one.
    fn container(&self, ordinal: u32) -> Option<u32> {
        let place = self.contained.binary_search_by_key(&ordinal, |(ordinal, _)| *ordinal).ok()?;
        self.contained.get(place).map(|(_, kept)| *kept)
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

    /// The kept documents of all drops.
    fn named(&self) -> Ordinals {
        let mut named = Ordinals(vec![0; self.census.len().div_ceil(64)]);
        self.kept_by_drop().into_iter().for_each(|ordinal| named.insert(ordinal));
        named
    }

    /// The drop of a document that a kept one has all of.
    fn contained(&self, kept: u32) -> Result<Decision, StageError> {
        let duplicate_of = Some(self.corpus.original(kept)?);
        let (similarity, threshold) = (Some(1.0), Some(1.0));
        Ok(Decision::Drop { rule: &CONTAINED_TEXT, duplicate_of, similarity, threshold })
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

/// A set of documents, a bit each.
struct Ordinals(Vec<u64>);

impl Ordinals {
    fn insert(&mut self, ordinal: u32) {
        if let Some(bits) = self.0.get_mut(ordinal as usize / 64) {
            *bits |= 1 << (ordinal % 64);
        }
    }

    fn contains(&self, ordinal: u32) -> bool {
        self.0.get(ordinal as usize / 64).is_some_and(|bits| bits & (1 << (ordinal % 64)) != 0)
    }
}
