//! How much of a page each document can have.

use super::table::{DOCUMENTS, Row};
use super::view::LARGEST;
use crate::page::PAGE_BYTES;

/// The largest share of a page that one document may have, and the smaller ones that are tried until all fit.
const SHARES: [usize; 12] = [LARGEST, 12_000, 8_000, 6_000, 4_500, 3_200, 2_400, 1_800, 1_300, 900, 600, 300];
/// Words about what is left out, beyond the stretches themselves.
const AROUND: usize = 140;
/// What a row of the table takes at least, without its text: its tags. A test of the whole page holds it.
const ROW: usize = 360;
/// What each step of a row's strip takes at least: `M0 0h1v1h-1z`.
const STEP: usize = 12;

/// The largest share that all documents can have: those that need less leave more for others.
///
/// It becomes smaller as documents come: what none can have any more is not read of those that follow.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// The place of the largest share that may still be had.
    place: usize,
    /// What the documents take at least, by share.
    least: [usize; SHARES.len()],
    /// No more than this is left for them.
    left: usize,
}

impl Room {
    /// The room for texts on a page of so many documents.
    pub(super) fn of(documents: u64) -> Self {
        let rows = DOCUMENTS.min(usize::try_from(documents).unwrap_or(usize::MAX));
        Self { left: PAGE_BYTES.saturating_sub(rows * ROW), ..Self::default() }
    }

    /// What a document may have at most.
    pub(super) fn share(&self) -> usize {
        SHARES.get(self.place).copied().unwrap_or(0)
    }

    /// Makes room for a document, whose view was given [`Self::share`].
    pub(super) fn take(&mut self, row: &Row) {
        self.left = self.left.saturating_sub(STEP * row.strip.len());
        let Some(view) = &row.view else { return };
        for (share, least) in SHARES.iter().zip(&mut self.least).skip(self.place) {
            *least += view.bounds(*share).0 + AROUND;
        }
        while self.least.get(self.place).is_some_and(|least| *least > self.left) {
            self.place += 1;
        }
    }

    /// Clips all texts to the largest share with which they take at most `room`.
    pub(super) fn fit(&mut self, rows: &mut [Row], room: usize) {
        let fits = |share: usize| {
            let sizes = rows.iter().filter_map(|row| row.view.as_ref()).map(|view| view.size(share) + AROUND);
            sizes.sum::<usize>() <= room
        };
        let shares = SHARES.iter().zip(&self.least).skip(self.place);
        let share = shares.filter(|(_, least)| **least <= room).find(|(share, _)| fits(**share));
        let share = share.map_or(0, |(share, _)| *share);
        rows.iter_mut().filter_map(|row| row.view.as_mut()).for_each(|view| view.shrink(share));
    }
}
