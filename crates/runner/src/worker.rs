//! One worker: an engine and buffers of its own, a part of the input at a time.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::Instant;

use tamis_core::{Decision, Engine, Failed, Original, Outcome, StageWork};
use tamis_io::spool::{self, Spooled};
use tamis_io::{BasisHasher, DocumentReader, LARGE, sha256};

use crate::job::{Counters, Observer};
use crate::layout::Part;
use crate::memory::Desk;
use crate::phase::{Decided, Phase, To, Waiting};
use crate::sink::{Format, Sink, SinkBuffers};
use crate::{Cancel, RunError};

/// What a worker keeps from part to part.
pub(crate) struct Worker<'a> {
    setting: Setting<'a>,
    phase: &'a Phase<'a>,
    desk: Desk<'a>,
    engine: Engine,
    current: Spooled,
    hasher: BasisHasher,
    block: Vec<u8>,
    sketch: Vec<u8>,
    buffers: SinkBuffers,
    /// What stages have cost in engines that were thrown away, and what sketching has.
    work: Vec<StageWork>,
}

/// What does not change in a run.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) format: Format<'a>,
    pub(crate) counters: &'a Counters,
    pub(crate) observer: &'a dyn Observer,
    /// Whether the observer wants to see documents that do not fail.
    pub(crate) sees_all: bool,
    pub(crate) cancel: &'a Cancel,
}

impl<'a> Worker<'a> {
    pub(crate) fn new(phase: &'a Phase<'a>, setting: Setting<'a>, desk: Desk<'a>) -> Self {
        Self {
            setting,
            phase,
            desk,
            engine: Engine::default(),
            current: Spooled::default(),
            hasher: BasisHasher::default(),
            block: Vec::new(),
            sketch: Vec::new(),
            buffers: SinkBuffers::default(),
            work: Vec::new(),
        }
    }

    /// Where large documents are let in.
    pub(crate) fn desk(&self) -> &Desk<'a> {
        &self.desk
    }

    /// Works through the documents of a part, `left` of them at most; what comes behind them counts as not there.
    /// False when the part was left because stopping is urgent.
    pub(crate) fn read(
        &mut self,
        part: Part,
        mut reader: DocumentReader<'_>,
        left: &mut u64,
    ) -> Result<bool, RunError> {
        let mut sink = Sink::new(&self.phase.to, self.setting.format, &mut self.buffers);
        while *left > 0 && reader.next_admitted(&mut self.current.read, &self.desk) {
            if self.setting.cancel.is_urgent() {
                return Ok(false);
            }
            *left -= 1;
            self.hasher.add(&self.current.read);
            self.hash_raw();
            let is_large = self.desk.settle(self.current.read.document.raw.len());
            self.stages();
            self.end(&mut sink, true)?;
            if is_large || self.current.read.document.raw.capacity() > 2 * LARGE {
                self.forget();
            }
        }
        let part = Part { last: part.last || *left == 0, ..part };
        let basis = self.hasher.finish();
        sink.finish(&self.phase.to, part, basis, &mut self.buffers)?;
        Ok(true)
    }

    /// Works through a unit of the spool. False when it was left because stopping is urgent.
    pub(crate) fn spooled(
        &mut self,
        number: usize,
        waiting: &Waiting,
        decided: &Decided,
    ) -> Result<bool, RunError> {
        let Some((part, basis)) = waiting.parts.get(number).copied() else { return Ok(true) };
        let mut sink = Sink::new(&self.phase.to, self.setting.format, &mut self.buffers);
        let mut ordinal = waiting.corpus.first(number);
        let mut bytes = std::mem::take(&mut self.block);
        waiting.corpus.read(number, &mut bytes)?;
        let mut reader = spool::Reader::new(&bytes);
        while reader.next(&mut self.current)? {
            if self.setting.cancel.is_urgent() {
                return Ok(false);
            }
            let is_worked_on = self.current.read.document.outcome == Outcome::Kept;
            if is_worked_on {
                let decision = decided
                    .of(ordinal)
                    .map_err(|source| RunError::Decision { stage: decided.name, source })?;
                self.decision(decided.stage, &decision, waiting);
                ordinal += 1;
                self.stages();
            }
            self.end(&mut sink, is_worked_on)?;
            if self.current.read.document.text.capacity() > 2 * LARGE {
                self.forget();
            }
        }
        bytes.shrink_to(16 * LARGE);
        self.block = bytes;
        sink.finish(&self.phase.to, part, basis, &mut self.buffers)?;
        Ok(true)
    }

    /// What each stage has cost.
    pub(crate) fn finish(mut self) -> Vec<StageWork> {
        self.keep_work();
        self.work
    }

    fn keep_work(&mut self) {
        let of_engine = self.engine.take_work();
        self.work.resize(self.work.len().max(of_engine.len()), StageWork::default());
        for (sum, work) in self.work.iter_mut().zip(of_engine) {
            sum.add(work);
        }
    }

    /// Frees what a large document took, then lets the next one in.
    fn forget(&mut self) {
        self.keep_work();
        self.engine = Engine::default();
        self.current = Spooled::default();
        self.sketch = Vec::new();
        self.desk.leave();
    }

    /// Hashes the raw bytes. Those that could not be read have no hash.
    fn hash_raw(&mut self) {
        self.current.raw_sha256.clear();
        let document = &self.current.read.document;
        self.current.raw_bytes = document.raw.len() as u64;
        if !matches!(&document.outcome, Outcome::Failed(failed) if failed.stage.is_none()) {
            sha256(&document.raw, &mut self.current.raw_sha256);
        }
    }

    /// Runs the phase's stages over the current document.
    fn stages(&mut self) {
        if self.current.read.document.outcome != Outcome::Kept {
            return;
        }
        let (plan, stages) = (self.phase.plan, self.phase.stages.clone());
        self.isolated(|worker| {
            worker.engine.run_stages(plan, stages, &mut worker.current.read.document);
        });
    }

    /// Does to the current document what a corpus stage decided.
    fn decision(&mut self, stage: usize, decision: &Decision, waiting: &Waiting) {
        let plan = self.phase.plan;
        self.isolated(|worker| {
            let document = &mut worker.current.read.document;
            worker.engine.apply_decision(plan, stage, decision, document);
            // Ordinals are this stage's own; the ledger and stages behind another barrier want ids.
            if let Outcome::Dropped(dropped) = &mut document.outcome
                && let Some(Original::Document(ordinal)) = dropped.duplicate_of
            {
                dropped.duplicate_of = waiting.corpus.id(ordinal).map(Original::Named);
            }
            for run in document.annotations.runs.iter_mut().filter(|run| run.id.is_empty()) {
                run.id = waiting.corpus.id(run.stays.document).unwrap_or_default();
            }
        });
    }

    /// Runs `work`; a panic fails the current document and costs the engine.
    fn isolated(&mut self, work: impl FnOnce(&mut Self)) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| work(self))) {
            let stage = self.engine.current_stage();
            self.keep_work();
            self.engine = Engine::default();
            let document = &mut self.current.read.document;
            document.text.clear();
            document.map.clear();
            document.annotations.clear();
            document.outcome = Outcome::Failed(Failed {
                stage: Some(stage),
                rule: None,
                reason: format!("internal error: the stage panicked: {}", panic_message(payload.as_ref())),
                offset: None,
            });
        }
    }

    /// Hands the current document to the sink. One that an earlier phase dropped or failed was not worked on.
    fn end(&mut self, sink: &mut Sink, is_worked_on: bool) -> Result<(), RunError> {
        if let To::Spool { stage, .. } = self.phase.to {
            self.sketch(stage);
        }
        self.count(is_worked_on);
        sink.push(self.phase.plan, &self.current, &self.sketch, self.setting.format, &mut self.buffers)
    }

    /// Tells those who watch of the current document.
    fn count(&self, is_worked_on: bool) {
        let Setting { counters, observer, sees_all, .. } = self.setting;
        let document = &self.current.read.document;
        counters.documents.fetch_add(1, Ordering::Relaxed);
        if document.outcome == Outcome::Kept {
            counters.text_bytes.fetch_add(document.text.len() as u64, Ordering::Relaxed);
        }
        let has_failed = is_worked_on && matches!(document.outcome, Outcome::Failed(_));
        if has_failed {
            counters.failed.fetch_add(1, Ordering::Relaxed);
        }
        if has_failed || (is_worked_on && sees_all) {
            observer.document(self.phase.plan, document);
        }
    }

    /// Sketches the current document for the corpus stage; a failure is the document's.
    fn sketch(&mut self, place: usize) {
        self.sketch.clear();
        if self.current.read.document.outcome != Outcome::Kept {
            return;
        }
        let Some(stage) = self.phase.plan.stages().get(place) else { return };
        let clock = Instant::now();
        self.isolated(|worker| {
            let document = &worker.current.read.document;
            if let Err(error) = worker.engine.sketch(stage, document, &mut worker.sketch) {
                worker.current.read.document.outcome = Outcome::Failed(Failed {
                    stage: Some(place),
                    rule: None,
                    reason: error.to_string(),
                    offset: error.offset,
                });
            }
        });
        self.work.resize(self.work.len().max(place + 1), StageWork::default());
        if let Some(work) = self.work.get_mut(place) {
            let bytes = self.current.read.document.text.len() as u64;
            work.add(StageWork { time: clock.elapsed(), documents: 1, bytes });
        }
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a word")
}
