//! One worker: an engine and buffers of its own, a unit at a time.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;

use tamis_core::{Decision, Engine, Failed, Original, Outcome, Sketches};
use tamis_io::spool::{self, Spooled};
use tamis_io::{
    Compression, DocumentReader, LedgerLine, Limits, Tally, provenance_row, sha256, write_record,
};

use crate::assemble::UnitOutput;
use crate::frames::{Frames, Rows};
use crate::job::Counters;
use crate::phase::{From, Phase, SpooledUnit, To, Waiting};
use crate::{Cancel, RunError};

/// What a worker keeps from unit to unit.
#[derive(Default)]
pub(crate) struct Worker {
    engine: Engine,
    current: Spooled,
    text_sha256: String,
    block: Vec<u8>,
    seen: Vec<bool>,
    sketch: Vec<u8>,
}

/// What does not change in a run.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) limits: Limits,
    pub(crate) compression: Compression,
    pub(crate) counts_only: bool,
    pub(crate) work: &'a Path,
    pub(crate) counters: &'a Counters,
    pub(crate) cancel: &'a Cancel,
}

/// Where a unit's documents go.
enum Sink {
    Spool {
        unit: SpooledUnit,
        block: Vec<u8>,
        sketches: Vec<u8>,
        lengths: Vec<u32>,
        ids: Vec<u8>,
        id_lengths: Vec<u32>,
    },
    Output(Box<UnitSink>),
}

/// The output of a unit while it is written.
struct UnitSink {
    documents: Frames,
    ledger: Frames,
    rows: csv::Writer<Rows>,
    tally: Tally,
}

impl Worker {
    /// Works through one unit. False when it was left because stopping is urgent.
    pub(crate) fn unit(
        &mut self,
        phase: &Phase<'_>,
        setting: &Setting<'_>,
        unit: usize,
    ) -> Result<bool, RunError> {
        let mut sink = Sink::new(phase, setting);
        let whole = match &phase.from {
            From::Input { found, units, take } => {
                let Some(work) = units.get(unit) else { return Ok(true) };
                let mut left = take.as_ref().and_then(|take| take.get(unit)).copied().unwrap_or(u64::MAX);
                let mut reader = DocumentReader::new(work, found, setting.limits);
                loop {
                    if setting.cancel.is_urgent() {
                        break false;
                    }
                    if left == 0 || !reader.next(&mut self.current.read) {
                        break true;
                    }
                    left -= 1;
                    self.hash_raw();
                    self.stages(phase);
                    self.end(phase, setting, &mut sink, None)?;
                }
            }
            From::Spool { waiting, decided } => {
                let Some((block, _)) = waiting.units.get(unit) else { return Ok(true) };
                let mut ordinal = waiting.first.get(unit).copied().unwrap_or(0);
                let mut bytes = std::mem::take(&mut self.block);
                waiting.spool.read(*block, &mut bytes)?;
                let mut reader = spool::Reader::new(&bytes);
                let whole = loop {
                    if setting.cancel.is_urgent() {
                        break false;
                    }
                    if !reader.next(&mut self.current)? {
                        break true;
                    }
                    if self.current.read.document.outcome == Outcome::Kept {
                        let decision = decided
                            .of(ordinal)
                            .map_err(|source| RunError::Decision { stage: decided.name, source })?;
                        self.decision(phase, decided.stage, &decision);
                        ordinal += 1;
                        self.stages(phase);
                    }
                    self.end(phase, setting, &mut sink, Some(waiting))?;
                };
                self.block = bytes;
                whole
            }
        };
        if whole {
            sink.finish(phase, unit)?;
        }
        Ok(whole)
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
    fn stages(&mut self, phase: &Phase<'_>) {
        if self.current.read.document.outcome != Outcome::Kept {
            return;
        }
        let stages = phase.stages.clone();
        self.isolated(|worker| {
            worker.engine.run_stages(phase.plan, stages, &mut worker.current.read.document);
        });
    }

    /// Does to the current document what a corpus stage decided.
    fn decision(&mut self, phase: &Phase<'_>, stage: usize, decision: &Decision) {
        self.isolated(|worker| {
            worker.engine.apply_decision(phase.plan, stage, decision, &mut worker.current.read.document);
        });
    }

    /// Runs `work`; a panic fails the current document and costs the engine.
    fn isolated(&mut self, work: impl FnOnce(&mut Self)) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| work(self))) {
            let stage = self.engine.current_stage();
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

    /// Hands the current document to the sink.
    fn end(
        &mut self,
        phase: &Phase<'_>,
        setting: &Setting<'_>,
        sink: &mut Sink,
        waiting: Option<&Waiting>,
    ) -> Result<(), RunError> {
        setting.counters.documents.fetch_add(1, Ordering::Relaxed);
        match sink {
            Sink::Spool { unit, block, sketches, lengths, ids, id_lengths } => {
                let To::Spool { stage, .. } = phase.to else { return Ok(()) };
                self.sketch(phase, stage);
                let document = &self.current.read.document;
                unit.documents += 1;
                if document.outcome == Outcome::Kept {
                    sketches.extend(&self.sketch);
                    lengths.push(self.sketch.len() as u32);
                    ids.extend(document.metadata.id.as_bytes());
                    id_lengths.push(document.metadata.id.len() as u32);
                }
                spool::write(&self.current, block);
                Ok(())
            }
            Sink::Output(unit) => {
                let UnitSink { documents, ledger, rows, tally } = unit.as_mut();
                let current = &self.current;
                let document = &current.read.document;
                let kept = document.outcome == Outcome::Kept;
                if matches!(document.outcome, Outcome::Failed(_)) {
                    setting.counters.failed.fetch_add(1, Ordering::Relaxed);
                }
                sha256(document.text.as_bytes(), &mut self.text_sha256);
                let duplicate_of = duplicate_of(&document.outcome, waiting);
                if kept {
                    let read = &current.read;
                    let out = documents.line();
                    write_record(
                        document,
                        &read.location,
                        &read.extra,
                        &current.raw_sha256,
                        current.raw_bytes,
                        out,
                    )?;
                    documents.end_line(setting.work)?;
                }
                let line = LedgerLine::of(
                    phase.plan,
                    &current.read,
                    duplicate_of.as_deref(),
                    current.raw_bytes,
                    &current.raw_sha256,
                    &self.text_sha256,
                    setting.counts_only,
                );
                serde_json::to_writer(&mut *ledger.line(), &line)?;
                ledger.line().push(b'\n');
                ledger.end_line(setting.work)?;
                provenance_row(&line, rows)?;
                tally.count(phase.plan, document, current.raw_bytes, &mut self.seen);
                Ok(())
            }
        }
    }

    /// Sketches the current document for the corpus stage; a failure is the document's.
    fn sketch(&mut self, phase: &Phase<'_>, place: usize) {
        self.sketch.clear();
        if self.current.read.document.outcome != Outcome::Kept {
            return;
        }
        let Some(stage) = phase.plan.stages().get(place) else { return };
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
    }
}

/// The id of the kept document that this one lost to.
fn duplicate_of(outcome: &Outcome, waiting: Option<&Waiting>) -> Option<String> {
    let Outcome::Dropped(dropped) = outcome else { return None };
    match dropped.duplicate_of.as_ref()? {
        Original::Document(ordinal) => {
            let id = waiting?.ids.get(*ordinal).ok()?;
            Some(String::from_utf8_lossy(&id).into_owned())
        }
        Original::Earlier { id, .. } => Some(id.clone()),
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a word")
}

impl Sink {
    fn new(phase: &Phase<'_>, setting: &Setting<'_>) -> Self {
        match phase.to {
            To::Spool { .. } => Self::Spool {
                unit: SpooledUnit::default(),
                block: Vec::new(),
                sketches: Vec::new(),
                lengths: Vec::new(),
                ids: Vec::new(),
                id_lengths: Vec::new(),
            },
            To::Output(_) => Self::Output(Box::new(UnitSink {
                documents: Frames::new(setting.compression),
                ledger: Frames::new(setting.compression),
                rows: csv::Writer::from_writer(Rows::new(setting.work)),
                tally: Tally::default(),
            })),
        }
    }

    fn finish(self, phase: &Phase<'_>, number: usize) -> Result<(), RunError> {
        match (self, &phase.to) {
            (
                Self::Spool { mut unit, block, sketches, lengths, ids, id_lengths },
                To::Spool { spooling, .. },
            ) => {
                unit.block = spooling.spool.unit(&block)?;
                unit.sketches = spooling.sketches.unit(&sketches, &lengths)?;
                unit.ids = spooling.ids.unit(&ids, &id_lengths)?;
                let mut units = spooling.units.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if let Some(slot) = units.get_mut(number) {
                    *slot = unit;
                }
                Ok(())
            }
            (Self::Output(unit), To::Output(assembler)) => {
                let UnitSink { documents, ledger, rows, tally } = *unit;
                let rows = rows.into_inner().map_err(csv::IntoInnerError::into_error)?;
                let (documents, ledger, rows) = (documents.finish()?, ledger.finish()?, rows.finish()?);
                assembler.take(number, UnitOutput { documents, ledger, rows, tally })
            }
            _ => Ok(()),
        }
    }
}
