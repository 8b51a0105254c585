//! What the round before found out of units that are still the same.
//!
//! Most rounds take away little or nothing, and most of what is asked of a unit concerns nothing but itself and the core.

use super::place::{Outline, Place};
use super::topic;
use super::unit::Unit;

/// The units of the round before, and what was found out of them.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    units: Vec<Unit>,
    places: Vec<Place>,
    core: (usize, usize),
    /// For each unit of this round, its place (plus one) in the round before, if it has the same lines.
    same: Vec<u32>,
}

impl Earlier {
    /// Another text comes.
    pub(crate) fn forget(&mut self) {
        self.units.clear();
        self.places.clear();
        self.same.clear();
    }

    /// Takes over what a round has found out. The buffers of that round are left with what is no longer needed.
    pub(crate) fn keep(&mut self, units: &mut Vec<Unit>, places: &mut Vec<Place>, outline: &Outline) {
        std::mem::swap(&mut self.units, units);
        std::mem::swap(&mut self.places, places);
        self.core = outline.core;
    }

    /// Finds the units of a new round among those of the round before. Both are in the order of the text.
    pub(crate) fn find(&mut self, units: &[Unit]) {
        self.same.clear();
        if self.units.is_empty() {
            return;
        }
        let mut at = 0;
        for unit in units {
            while self.units.get(at).is_some_and(|earlier| earlier.lines.0 < unit.lines.0) {
                at += 1;
            }
            let same = self
                .units
                .get(at)
                .is_some_and(|earlier| earlier.lines == unit.lines && !earlier.holed && !unit.holed);
            self.same.push(if same { at as u32 + 1 } else { 0 });
        }
    }

    /// The place in the round before of a unit of this round.
    #[inline]
    fn index(&self, at: usize) -> Option<usize> {
        (*self.same.get(at)? as usize).checked_sub(1)
    }

    /// What was found out of a unit alone, if it still holds.
    #[inline]
    pub(crate) fn alone(&self, at: usize, unit: &Unit) -> Option<&Place> {
        let index = self.index(at)?;
        let earlier = self.units.get(index)?;
        let same = earlier.blank_before == unit.blank_before
            && earlier.blank_after == unit.blank_after
            && earlier.repeats == unit.repeats;
        self.places.get(index).filter(|_| same)
    }

    /// Fills in [`Place::shared`] from the round before. No if that must be worked out anew: other paragraphs count for the
    /// core, or there is a unit that was not there.
    pub(crate) fn shared(&self, outline: &Outline, places: &mut [Place]) -> bool {
        if self.same.len() != places.len() || self.same.contains(&0) || self.places.len() > topic::PARAGRAPHS
        {
            return false;
        }
        let mut counted = 0;
        for at in topic::counted(outline.core, places) {
            let same = self.index(at).is_some_and(|index| topic::counts(self.core, &self.places, index));
            if !same {
                return false;
            }
            counted += 1;
        }
        if topic::counted(self.core, &self.places).count() != counted {
            return false;
        }
        for (at, place) in places.iter_mut().enumerate() {
            place.shared = self.index(at).and_then(|index| self.places.get(index)?.shared);
        }
        true
    }
}
