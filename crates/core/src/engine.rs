//! Runs stages over documents.

use std::ops::Range;
use std::time::{Duration, Instant};

use tamis_span::{EditList, SegmentMap, apply};

use crate::{
    Annotations, Decision, Document, Dropped, Editor, Failed, Outcome, Plan, PlannedKind, PlannedStage,
    Removal, RepeatedRun, Scratch, StageError, StageErrorKind, TextBuilder, Verdict,
};

/// A worker's engine: the second buffer that edits are applied into, and the stages' scratch.
///
/// Keeps its memory from document to document. After a panic inside a stage it must be thrown away.
#[derive(Debug, Default)]
pub struct Engine {
    edits: EditList,
    added: Annotations,
    text: String,
    map: SegmentMap,
    scratch: Scratch,
    at: usize,
    work: Vec<StageWork>,
}

/// What a stage has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageWork {
    /// Wall time inside the stage, of all workers together.
    pub time: Duration,
    /// Documents it was given.
    pub documents: u64,
    /// Bytes it was given: raw ones for the stage that decodes, text for all others.
    pub bytes: u64,
}

impl StageWork {
    /// Adds what another worker has done.
    pub fn add(&mut self, other: Self) {
        self.time += other.time;
        self.documents += other.documents;
        self.bytes += other.bytes;
    }
}

impl Engine {
    /// The place of the stage that runs or ran last: who to name after a panic.
    pub fn current_stage(&self) -> usize {
        self.at
    }

    /// Runs the stages `range` of `plan` over `document` until one drops it or fails; corpus stages are passed over.
    /// The document's outcome tells how it ended.
    pub fn run_stages(&mut self, plan: &Plan, range: Range<usize>, document: &mut Document) {
        if self.work.len() < plan.stages().len() {
            self.work.resize(plan.stages().len(), StageWork::default());
        }
        // One look at the clock between two stages: 25 ns each.
        let mut clock = Instant::now();
        for (place, stage) in plan.stages().iter().enumerate().take(range.end).skip(range.start) {
            self.at = place;
            let bytes = match &stage.kind {
                PlannedKind::Decode(_) => document.raw.len(),
                _ => document.text.len(),
            };
            let verdict = self.run_stage(stage, document);
            if let Some(work) = self.work.get_mut(place) {
                let now = Instant::now();
                work.add(StageWork { time: now - clock, documents: 1, bytes: bytes as u64 });
                clock = now;
            }
            match verdict {
                Ok(Verdict::Keep) => {}
                Ok(Verdict::Drop { rule, value, threshold }) => {
                    let Some(rule) = stage.rules().index(rule) else {
                        let error = StageErrorKind::UndeclaredRule(rule.id).into();
                        document.outcome = failed(stage, place, &error);
                        return;
                    };
                    document.outcome = Outcome::Dropped(Dropped {
                        stage: place,
                        rule,
                        value,
                        threshold,
                        duplicate_of: None,
                        similarity: None,
                    });
                    return;
                }
                Err(error) => {
                    document.outcome = failed(stage, place, &error);
                    return;
                }
            }
        }
    }

    /// What each stage of the plan has cost so far, by its place; forgets it.
    pub fn take_work(&mut self) -> Vec<StageWork> {
        std::mem::take(&mut self.work)
    }

    /// Runs one stage and applies what it asks for.
    pub fn run_stage(
        &mut self,
        stage: &PlannedStage,
        document: &mut Document,
    ) -> Result<Verdict, StageError> {
        match &stage.kind {
            PlannedKind::Decode(decode) => {
                document.text.clear();
                document.map.clear();
                let mut builder = TextBuilder::new(&mut document.text, &mut document.map, stage.rules());
                let decoding =
                    decode.decode(&document.raw, &document.metadata, &mut builder, &mut self.scratch)?;
                if let Some(id) = builder.undeclared() {
                    return Err(StageErrorKind::UndeclaredRule(id).into());
                }
                let (told, there) = (document.map.raw_len(), document.raw.len() as u64);
                if told != there {
                    return Err(StageErrorKind::Unaccounted { told, there }.into());
                }
                document.annotations.decoding = Some(decoding);
                Ok(Verdict::Keep)
            }
            PlannedKind::Document(inner) => {
                self.edits.clear();
                self.added.clear();
                let mut editor = Editor::new(&document.text, stage.rules(), &mut self.edits, &mut self.added);
                let verdict = inner.apply(document.view(), &mut editor, &mut self.scratch)?;
                document.annotations.merge(&mut self.added);
                self.apply_edits(document);
                Ok(verdict)
            }
            PlannedKind::Corpus(_) => Ok(Verdict::Keep),
        }
    }

    /// Has the corpus stage `stage` sketch the document.
    pub fn sketch(
        &mut self,
        stage: &PlannedStage,
        document: &Document,
        sketch: &mut Vec<u8>,
    ) -> Result<(), StageError> {
        match &stage.kind {
            PlannedKind::Corpus(corpus) => corpus.sketch(document.view(), sketch, &mut self.scratch),
            _ => Ok(()),
        }
    }

    /// Does to the document what the corpus stage at `place` decided.
    pub fn apply_decision(
        &mut self,
        plan: &Plan,
        place: usize,
        decision: &Decision,
        document: &mut Document,
    ) {
        self.at = place;
        let Some(stage) = plan.stages().get(place) else { return };
        let undeclared = |id| failed(stage, place, &StageErrorKind::UndeclaredRule(id).into());
        match decision {
            Decision::Keep => {}
            Decision::Drop { rule, duplicate_of, similarity, threshold } => {
                document.outcome = match stage.rules().index(rule) {
                    None => undeclared(rule.id),
                    Some(rule) => Outcome::Dropped(Dropped {
                        stage: place,
                        rule,
                        value: *similarity,
                        threshold: *threshold,
                        duplicate_of: duplicate_of.clone(),
                        similarity: *similarity,
                    }),
                };
            }
            Decision::Remove(spans) => {
                self.edits.clear();
                for Removal { span, rule, stays } in spans {
                    let Some(index) = stage.rules().index(rule) else {
                        document.outcome = undeclared(rule.id);
                        return;
                    };
                    if let Err(error) = self.edits.remove(&document.text, *span, index, None) {
                        document.outcome = failed(stage, place, &error.into());
                        return;
                    }
                    if let Some(stays) = *stays
                        && let Some(raw) = document.map.raw_span(&document.text, *span)
                    {
                        document.annotations.runs.push(RepeatedRun { raw, stays, id: String::new() });
                    }
                }
                self.apply_edits(document);
            }
        }
    }

    fn apply_edits(&mut self, document: &mut Document) {
        if self.edits.is_empty() {
            return;
        }
        apply(&document.text, &document.map, &self.edits, &mut self.text, &mut self.map);
        document.annotations.rebase(&self.edits);
        std::mem::swap(&mut document.text, &mut self.text);
        std::mem::swap(&mut document.map, &mut self.map);
    }
}

/// The outcome of a document on which a stage failed.
fn failed(stage: &PlannedStage, place: usize, error: &StageError) -> Outcome {
    let rule = match &error.kind {
        StageErrorKind::Refused { rule, .. } => stage.rules().index(rule),
        _ => None,
    };
    Outcome::Failed(Failed { stage: Some(place), rule, reason: error.to_string(), offset: error.offset })
}
