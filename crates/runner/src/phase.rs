//! Phases: what happens between two barriers.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::sync::Mutex;

use tamis_core::{Decision, Decisions, Plan, StageError};
use tamis_io::spool::{Spool, SpooledCorpus, SpooledUnit, UnitBuffer};
use tamis_io::{Basis, Discovered, Journal, JournalLine, JournalUnit, Unit};

use crate::RunError;
use crate::assemble::{Assembler, locked};
use crate::flow::{OrderedWriter, Place};
use crate::layout::Part;

/// One phase: the same for every worker.
pub(crate) struct Phase<'a> {
    pub(crate) plan: &'a Plan,
    /// The stages of the phase.
    pub(crate) stages: Range<usize>,
    pub(crate) from: From<'a>,
    pub(crate) to: To<'a>,
}

/// Where a phase's documents come from.
#[derive(Clone, Copy)]
pub(crate) enum From<'a> {
    /// The input, and how many documents of each unit to read, where that is limited.
    Input { found: &'a Discovered, units: &'a [Unit], take: Option<&'a [u64]> },
    /// The spool of the phase before, with what the corpus stage between them decided.
    Spool { waiting: &'a Waiting, decided: &'a Decided },
}

/// Where a phase's documents go to.
#[derive(Clone, Copy)]
pub(crate) enum To<'a> {
    /// Into the spool, with a sketch for the corpus stage at this place of the plan.
    Spool { stage: usize, spooling: &'a Spooling<'a> },
    /// Into the shards of a directory.
    Shards(&'a Assembler<'a>),
    /// Kept documents in order into one stream, and the counts of all.
    Stream { writer: &'a OrderedWriter<Box<dyn Write + Send>>, tally: &'a Mutex<tamis_io::Tally> },
}

impl To<'_> {
    /// Whether nothing is left to do on a part.
    pub(crate) fn is_done(&self, place: Place) -> bool {
        match self {
            Self::Spool { spooling, .. } => locked(&spooling.units).contains_key(&place),
            Self::Shards(assembler) => assembler.is_done(place),
            Self::Stream { .. } => false,
        }
    }
}

/// A spool that workers write to.
pub(crate) struct Spooling<'a> {
    pub(crate) phase: usize,
    pub(crate) spool: Spool,
    pub(crate) journal: &'a Mutex<Journal>,
    pub(crate) units: Mutex<BTreeMap<Place, (bool, Basis, SpooledUnit)>>,
}

/// A spool that is complete.
pub(crate) struct Waiting {
    pub(crate) corpus: SpooledCorpus,
    pub(crate) parts: Vec<(Part, Basis)>,
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

impl Spooling<'_> {
    /// Takes the documents of a part.
    pub(crate) fn take(&self, part: Part, basis: Basis, buffer: &mut UnitBuffer) -> Result<(), RunError> {
        let unit = self.spool.append(buffer)?;
        let Place { unit: number, part: of_unit } = part.place;
        let line = JournalUnit { phase: self.phase, unit: number, part: of_unit, basis, place: unit.place() };
        locked(self.journal).append(&JournalLine::Spooled(line))?;
        locked(&self.units).insert(part.place, (part.last, basis, unit));
        Ok(())
    }

    /// Closes the spool.
    pub(crate) fn finish(self) -> Waiting {
        let units = self.units.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (mut parts, mut spooled) = (Vec::with_capacity(units.len()), Vec::with_capacity(units.len()));
        for (place, (last, basis, unit)) in units {
            parts.push((Part { place, last }, basis));
            spooled.push(unit);
        }
        Waiting { corpus: SpooledCorpus::new(self.spool, spooled), parts }
    }
}

/// The bases of the parts behind a corpus stage: what becomes of one depends on all.
pub(crate) fn beyond(parts: &[(Part, Basis)]) -> Vec<(Part, Basis)> {
    let all = Basis::of(parts.iter().map(|(_, basis)| *basis));
    parts.iter().map(|(part, basis)| (*part, Basis::of([*basis, all]))).collect()
}
