//! Phases: what happens between two barriers.

use std::ops::Range;
use std::sync::Mutex;

use tamis_core::{Decision, Decisions, Plan, StageError};
use tamis_io::spool::{Block, Spool};
use tamis_io::{Discovered, FileSketches, SketchBlock, SketchWriter, Unit};

use crate::assemble::Assembler;

/// One phase: the same for every worker.
pub(crate) struct Phase<'a> {
    pub(crate) plan: &'a Plan,
    /// The stages of the phase.
    pub(crate) stages: Range<usize>,
    pub(crate) from: From<'a>,
    pub(crate) to: To<'a>,
}

/// Where a phase's documents come from.
pub(crate) enum From<'a> {
    /// The input, and how many documents of each unit to read, where that is limited.
    Input { found: &'a Discovered, units: &'a [Unit], take: Option<Vec<u64>> },
    /// The spool of the phase before, with what the corpus stage between them decided.
    Spool { waiting: &'a Waiting, decided: &'a Decided },
}

/// Where a phase's documents go to.
pub(crate) enum To<'a> {
    /// Into the spool, with a sketch for the corpus stage at this place of the plan.
    Spool { stage: usize, spooling: &'a Spooling },
    /// Into the output.
    Output(&'a Assembler<'a>),
}

/// A spool that workers write to.
pub(crate) struct Spooling {
    pub(crate) spool: Spool,
    pub(crate) sketches: SketchWriter,
    pub(crate) ids: SketchWriter,
    pub(crate) units: Mutex<Vec<SpooledUnit>>,
}

/// What one unit left in the spool.
#[derive(Clone, Debug, Default)]
pub(crate) struct SpooledUnit {
    pub(crate) block: Block,
    pub(crate) documents: u64,
    /// Where the sketches of documents that reached the corpus stage stand.
    pub(crate) sketches: SketchBlock,
    /// Where their ids stand.
    pub(crate) ids: SketchBlock,
}

/// A spool that is complete.
pub(crate) struct Waiting {
    pub(crate) spool: Spool,
    pub(crate) units: Vec<(Block, u64)>,
    /// The ordinal of each unit's first sketched document.
    pub(crate) first: Vec<usize>,
    /// Ids by ordinal.
    pub(crate) ids: FileSketches,
}

/// What a corpus stage decided.
pub(crate) struct Decided {
    pub(crate) stage: usize,
    pub(crate) name: &'static str,
    pub(crate) decisions: Decisions,
}

impl Decided {
    /// The decision for the document with this ordinal.
    pub(crate) fn of(&self, ordinal: usize) -> Result<Decision, StageError> {
        self.decisions.get(ordinal)
    }
}

impl Spooling {
    /// Closes the spool: the sketches by ordinal, and what the next phase reads.
    pub(crate) fn finish(self) -> (FileSketches, Waiting) {
        let units = self.units.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut sketched = 0;
        let first = units.iter().map(|unit| {
            let first = sketched;
            sketched += unit.sketches.sketches;
            first
        });
        let first = first.collect();
        let sketches = self.sketches.finish(units.iter().map(|unit| unit.sketches));
        let ids = self.ids.finish(units.iter().map(|unit| unit.ids));
        let blocks = units.iter().map(|unit| (unit.block, unit.documents)).collect();
        (sketches, Waiting { spool: self.spool, units: blocks, first, ids })
    }
}
