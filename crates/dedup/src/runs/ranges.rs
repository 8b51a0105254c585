//! Stretches of words, of one document and of many.

use std::ops::Range;

use tamis_core::{BlockPlace, Blocks, StageError};

use crate::spill::{Budget, Record};

/// Stretches of one document, ascending and apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// Adds a stretch; what touches becomes one.
    pub(crate) fn add(&mut self, range: Range<u32>) {
        let first = self.0.partition_point(|(_, end)| *end < range.start);
        let last = self.0.partition_point(|(start, _)| *start <= range.end);
        let touched = self.0.get(first..last).unwrap_or_default();
        let start = touched.first().map_or(range.start, |(start, _)| range.start.min(*start));
        let end = touched.last().map_or(range.end, |(_, end)| range.end.max(*end));
        self.0.splice(first..last, (start < end).then_some((start, end)));
    }

    /// The stretch that `place` is in.
    fn around(&self, place: u32) -> Option<&(u32, u32)> {
        let place = self.0.get(self.0.partition_point(|(_, end)| *end <= place))?;
        Some(place)
    }

    /// Whether all of `range` is in one stretch.
    pub(crate) fn cover(&self, range: &Range<u32>) -> bool {
        self.around(range.start).is_some_and(|(start, end)| *start <= range.start && *end >= range.end)
    }

    /// The part of `range` around `middle` that no stretch touches; `None` where one touches `middle`.
    pub(crate) fn free(&self, range: &Range<u32>, middle: &Range<u32>) -> Option<Range<u32>> {
        let next = self.0.partition_point(|(_, end)| *end <= middle.start);
        let start = next.checked_sub(1).and_then(|before| self.0.get(before)).map_or(0, |(_, end)| *end);
        let end = self.0.get(next).map_or(u32::MAX, |(start, _)| *start);
        (end >= middle.end).then(|| range.start.max(start)..range.end.min(end))
    }

    /// How many words they are.
    pub(crate) fn words(&self) -> u64 {
        self.0.iter().map(|(start, end)| u64::from(end - start)).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Range<u32>> + '_ {
        self.0.iter().map(|(start, end)| *start..*end)
    }
}

impl Extend<Range<u32>> for Ranges {
    fn extend<T: IntoIterator<Item = Range<u32>>>(&mut self, ranges: T) {
        ranges.into_iter().for_each(|range| self.add(range));
    }
}

/// Stretches of many documents, in temporary storage; 16 bytes of memory for each document that has some.
pub(crate) struct Stored {
    blocks: Box<dyn Blocks>,
    /// By key.
    places: Vec<(u32, BlockPlace)>,
}

impl Stored {
    pub(crate) fn new(budget: &Budget<'_>) -> Result<Self, StageError> {
        Ok(Self { blocks: budget.storage.create()?, places: Vec::new() })
    }

    /// Stores stretches under a key; keys ascend from call to call.
    pub(crate) fn put(
        &mut self,
        key: u32,
        ranges: impl IntoIterator<Item = (u32, u32)>,
    ) -> Result<(), StageError> {
        let mut bytes = Vec::new();
        ranges.into_iter().for_each(|range| range.put(&mut bytes));
        if !bytes.is_empty() {
            self.places.push((key, self.blocks.append(&bytes)?));
        }
        Ok(())
    }

    pub(crate) fn put_ranges(&mut self, key: u32, ranges: &Ranges) -> Result<(), StageError> {
        self.put(key, ranges.0.iter().copied())
    }

    /// The stretches under a key.
    pub(crate) fn get(&self, key: u32) -> Result<Vec<(u32, u32)>, StageError> {
        let Ok(place) = self.places.binary_search_by_key(&key, |(key, _)| *key) else {
            return Ok(Vec::new());
        };
        let Some((_, place)) = self.places.get(place) else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        self.blocks.read(*place, &mut bytes)?;
        Ok(bytes.chunks_exact(<(u32, u32)>::SIZE).filter_map(<(u32, u32)>::take).collect())
    }

    /// The keys that have some.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u32> + '_ {
        self.places.iter().map(|(key, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use tamis_core::MemoryStorage;

    use super::*;

    #[test]
    fn what_touches_becomes_one() {
        let mut ranges = Ranges::default();
        ranges.extend([20..30, 5..8, 40..41, 8..10, 12..12, 29..40]);
        assert_eq!(ranges.0, [(5, 10), (20, 41)]);
        assert_eq!(ranges.words(), 26);
        assert!(ranges.cover(&(6..10)) && !ranges.cover(&(6..11)) && !ranges.cover(&(12..13)));
        ranges.add(0..100);
        assert_eq!(ranges.0, [(0, 100)]);
    }

    #[test]
    fn what_is_free_lies_between() {
        let mut ranges = Ranges::default();
        ranges.extend([5..10, 20..30]);
        assert_eq!(ranges.free(&(0..100), &(12..15)), Some(10..20));
        assert_eq!(ranges.free(&(11..19), &(11..19)), Some(11..19));
        assert_eq!(ranges.free(&(0..100), &(31..33)), Some(30..100));
        assert_eq!(ranges.free(&(0..100), &(0..5)), Some(0..5));
        assert_eq!(ranges.free(&(0..100), &(4..6)), None);
        assert_eq!(ranges.free(&(0..100), &(18..21)), None);
        assert_eq!(Ranges::default().free(&(3..9), &(4..5)), Some(3..9));
    }

    #[test]
    fn what_is_stored_is_found() {
        let budget = Budget { memory: 0, storage: &MemoryStorage };
        let mut stored = Stored::new(&budget).unwrap();
        stored.put(3, [(1, 2), (5, 9)]).unwrap();
        stored.put(4, []).unwrap();
        stored.put(9, [(0, 1)]).unwrap();
        assert_eq!(stored.get(3).unwrap(), [(1, 2), (5, 9)]);
        assert_eq!((stored.get(4).unwrap(), stored.get(9).unwrap()), (vec![], vec![(0, 1)]));
        assert_eq!(stored.keys().collect::<Vec<_>>(), [3, 9]);
    }
}
