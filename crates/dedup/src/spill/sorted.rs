//! Records of a partition in order: sorted in memory, or in runs that are merged as they are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use tamis_core::{BlockPlace, Blocks, StageError, Storage};

use super::{Record, put_all, take_all};

/// Sorts records whose buckets, of which there are so many, are in the order of the records. Where a bucket has few of
/// them, in a fifth of the time that sorting them all takes.
pub(crate) fn sort_by_bucket<R: Record>(records: &mut Vec<R>, buckets: usize, bucket: impl Fn(&R) -> usize) {
    let Some(filler) = records.first().copied() else { return };
    // The number of records in each bucket, then where each starts, then where each ends.
    let mut places = vec![0_u32; buckets];
    for record in &*records {
        if let Some(count) = places.get_mut(bucket(record)) {
            *count += 1;
        }
    }
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    let mut sorted = vec![filler; records.len()];
    for record in &*records {
        if let Some(place) = places.get_mut(bucket(record)) {
            if let Some(slot) = sorted.get_mut(*place as usize) {
                *slot = *record;
            }
            *place += 1;
        }
    }
    let mut rest = sorted.as_mut_slice();
    let mut start = 0;
    for end in places {
        let (bucket, after) = rest.split_at_mut_checked((end - start) as usize).unwrap_or_default();
        if bucket.len() > 1 {
            bucket.sort_unstable();
        }
        (rest, start) = (after, end);
    }
    *records = sorted;
}

/// The records of a partition, in order.
pub(crate) enum Sorted<R> {
    Whole(std::vec::IntoIter<R>),
    Merged(Runs<R>),
}

impl<R: Record> Sorted<R> {
    /// The same records again, where they are at hand.
    pub(crate) fn again(&self) -> Option<Self> {
        match self {
            Self::Whole(records) => Some(Self::Whole(records.clone())),
            Self::Merged(_) => None,
        }
    }
}

impl<R: Record> Iterator for Sorted<R> {
    type Item = Result<R, StageError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Whole(records) => records.next().map(Ok),
            Self::Merged(runs) => runs.next().transpose(),
        }
    }
}

/// Sorted runs in a file of their own, merged as they are read.
pub(crate) struct Runs<R> {
    blocks: Box<dyn Blocks>,
    block: usize,
    /// The blocks of each run, last first.
    pub(super) places: Vec<Vec<BlockPlace>>,
    /// What has been read of each run, last first.
    read: Vec<Vec<R>>,
    heads: BinaryHeap<Reverse<(R, usize)>>,
}

impl<R: Record> Runs<R> {
    pub(super) fn new(storage: &dyn Storage, block: usize) -> Result<Self, StageError> {
        let (places, read, heads) = (Vec::new(), Vec::new(), BinaryHeap::new());
        Ok(Self { blocks: storage.create()?, block, places, read, heads })
    }

    pub(super) fn add(&mut self, sorted: &[R]) -> Result<(), StageError> {
        let mut bytes = Vec::new();
        let mut places = Vec::new();
        for records in sorted.chunks(self.block.max(1)) {
            put_all(records, &mut bytes);
            places.push(self.blocks.append(&bytes)?);
        }
        places.reverse();
        self.places.push(places);
        Ok(())
    }

    pub(super) fn start(&mut self) -> Result<(), StageError> {
        self.read = self.places.iter().map(|_| Vec::new()).collect();
        for run in 0..self.places.len() {
            if let Some(head) = self.pull(run)? {
                self.heads.push(Reverse((head, run)));
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<R>, StageError> {
        let Some(Reverse((head, run))) = self.heads.peek().copied() else { return Ok(None) };
        let following = self.pull(run)?;
        if let Some(mut top) = self.heads.peek_mut() {
            match following {
                Some(following) => *top = Reverse((following, run)),
                None => drop(PeekMut::pop(top)),
            }
        }
        Ok(Some(head))
    }

    /// The next record of a run.
    fn pull(&mut self, run: usize) -> Result<Option<R>, StageError> {
        let (Some(read), Some(places)) = (self.read.get_mut(run), self.places.get_mut(run)) else {
            return Ok(None);
        };
        if read.is_empty()
            && let Some(place) = places.pop()
        {
            let mut bytes = Vec::new();
            self.blocks.read(place, &mut bytes)?;
            take_all(&bytes, read)?;
            read.reverse();
        }
        Ok(read.pop())
    }
}

/// Has `each` look at the groups of records that have the same key, in order: for each record, its group's key and whether
/// it begins the group.
pub(crate) fn grouped<R: Record, K: PartialEq>(
    records: Sorted<R>,
    key: impl Fn(&R) -> K,
    mut each: impl FnMut(R, bool) -> Result<(), StageError>,
) -> Result<(), StageError> {
    let mut last: Option<K> = None;
    for record in records {
        let record = record?;
        let found = key(&record);
        let begins = last.as_ref() != Some(&found);
        last = Some(found);
        each(record, begins)?;
    }
    Ok(())
}
