//! Records that outgrow memory: written to radix partitions in temporary storage, read back sorted.
//!
//! What the decision works on grows with the corpus: four hundred bytes of sampled shingles a document, and more for
//! lines. All of it is records of a fixed size that are wanted in the order of some key. So they go to partitions by
//! some bits of the key, in blocks, and a partition is sorted when it is read. A partition that is larger than its
//! share of memory, because one key is in millions of documents, is sorted in runs that are merged as they are read:
//! it takes longer, and nothing is left out. What comes out is the same for any budget and any number of threads.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tamis_core::{BlockPlace, Blocks, Resources, StageError, StageErrorKind, Storage};

/// Bytes that a task gathers for one partition before it takes the partition's lock.
const STAGED: usize = 2048;
const SMALLEST_BLOCK: usize = 4 << 10;
const LARGEST_BLOCK: usize = 256 << 10;
/// Shares of memory below this are not worth the files they make.
const LEAST_SHARE: usize = 256 << 10;

/// How much of everything one decision may use.
#[derive(Clone, Copy)]
pub(crate) struct Budget<'a> {
    pub(crate) memory: usize,
    pub(crate) storage: &'a dyn Storage,
}

impl<'a> Budget<'a> {
    pub(crate) fn new(resources: &Resources<'a>) -> Self {
        let memory = usize::try_from(resources.memory).unwrap_or(usize::MAX);
        Self { memory, storage: resources.storage }
    }

    /// What each thread may hold of a partition: together half of the budget, as sorting may double it.
    fn share(&self) -> usize {
        (self.memory / 4 / rayon::current_num_threads().max(1)).max(LEAST_SHARE)
    }

    /// The length of blocks, so that those being filled take an eighth of the budget.
    fn block(&self, partitions: usize) -> usize {
        (self.memory / 8 / partitions.max(1)).clamp(SMALLEST_BLOCK, LARGEST_BLOCK)
    }
}

/// Something of a fixed size that is written and read back.
pub(crate) trait Record: Copy + Ord + Send {
    const SIZE: usize;

    fn put(self, out: &mut Vec<u8>);

    /// Reads what was put; nothing for other lengths than [`Record::SIZE`].
    fn take(bytes: &[u8]) -> Option<Self>;
}

macro_rules! number {
    ($($number:ty),*) => {$(
        impl Record for $number {
            const SIZE: usize = size_of::<$number>();

            fn put(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Option<Self> {
                Some(Self::from_le_bytes(bytes.try_into().ok()?))
            }
        }
    )*};
}

number!(u32, u64, u128);

impl<A: Record, B: Record> Record for (A, B) {
    const SIZE: usize = A::SIZE + B::SIZE;

    fn put(self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_at_checked(A::SIZE)?;
        Some((A::take(first)?, B::take(rest)?))
    }
}

impl<A: Record, B: Record, C: Record> Record for (A, B, C) {
    const SIZE: usize = A::SIZE + B::SIZE + C::SIZE;

    fn put(self, out: &mut Vec<u8>) {
        (self.0, self.1).put(out);
        self.2.put(out);
    }

    fn take(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_at_checked(A::SIZE + B::SIZE)?;
        let (a, b) = <(A, B)>::take(first)?;
        Some((a, b, C::take(rest)?))
    }
}

/// Records in partitions.
pub(crate) struct Spill<R> {
    blocks: Box<dyn Blocks>,
    partitions: Vec<Mutex<Partition>>,
    block: usize,
    records: PhantomData<fn() -> R>,
}

#[derive(Default)]
struct Partition {
    open: Vec<u8>,
    places: Vec<BlockPlace>,
    bytes: usize,
}

impl<R: Record> Spill<R> {
    pub(crate) fn with_partitions(budget: &Budget<'_>, partitions: usize) -> Result<Self, StageError> {
        Ok(Self {
            blocks: budget.storage.create()?,
            partitions: (0..partitions.max(1)).map(|_| Mutex::default()).collect(),
            block: budget.block(partitions),
            records: PhantomData,
        })
    }

    pub(crate) fn partitions(&self) -> usize {
        self.partitions.len()
    }

    /// A task's way in.
    pub(crate) fn writer(&self) -> SpillWriter<'_, R> {
        SpillWriter { spill: self, staged: vec![Vec::new(); self.partitions.len()] }
    }

    /// The records of a partition, sorted.
    pub(crate) fn sorted(&self, partition: usize, budget: &Budget<'_>) -> Result<Sorted<R>, StageError> {
        self.sorted_after(partition, budget, |_| {})
    }

    /// The same, where `prune` may leave some out that are not wanted before they are sorted. It sees a partition whole
    /// or not at all: those that are larger than their share of memory come whole.
    pub(crate) fn sorted_after(
        &self,
        partition: usize,
        budget: &Budget<'_>,
        prune: impl FnOnce(&mut Vec<R>),
    ) -> Result<Sorted<R>, StageError> {
        let share = budget.share();
        let partition = self.partition(partition)?;
        let mut records: Vec<R> = Vec::with_capacity(partition.bytes.min(share) / R::SIZE);
        let mut runs: Option<Runs<R>> = None;
        let mut bytes = Vec::new();
        for place in partition.places.iter().map(Some).chain([None]) {
            match place {
                Some(place) => {
                    self.blocks.read(*place, &mut bytes)?;
                    take_all(&bytes, &mut records)?;
                }
                None => take_all(&partition.open, &mut records)?,
            }
            if partition.bytes > share && records.len() * size_of::<R>() >= share {
                records.sort_unstable();
                let runs = match &mut runs {
                    Some(runs) => runs,
                    none => none.insert(Runs::new(budget.storage, self.block)?),
                };
                runs.add(&records)?;
                records.clear();
            }
        }
        drop(partition);
        match runs {
            None => {
                prune(&mut records);
                records.sort_unstable();
                Ok(Sorted::Whole(records.into_iter()))
            }
            Some(mut runs) => {
                records.sort_unstable();
                runs.add(&records)?;
                drop(records);
                runs.start()?;
                Ok(Sorted::Merged(runs))
            }
        }
    }

    /// Has `each` look at the records of a partition, in the order in which they were written where one task wrote them.
    pub(crate) fn for_each(
        &self,
        partition: usize,
        mut each: impl FnMut(R) -> Result<(), StageError>,
    ) -> Result<(), StageError> {
        let partition = self.partition(partition)?;
        let (mut bytes, mut records) = (Vec::new(), Vec::new());
        for place in partition.places.iter().map(Some).chain([None]) {
            records.clear();
            match place {
                Some(place) => {
                    self.blocks.read(*place, &mut bytes)?;
                    take_all(&bytes, &mut records)?;
                }
                None => take_all(&partition.open, &mut records)?,
            }
            records.iter().try_for_each(|record| each(*record))?;
        }
        Ok(())
    }

    fn partition(&self, partition: usize) -> Result<MutexGuard<'_, Partition>, StageError> {
        let partition = self.partitions.get(partition).ok_or_else(torn)?;
        Ok(partition.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn receive(&self, partition: usize, staged: &mut Vec<u8>) -> Result<(), StageError> {
        let mut partition = self.partition(partition)?;
        partition.bytes += staged.len();
        partition.open.append(staged);
        if partition.open.len() >= self.block {
            let place = self.blocks.append(&partition.open)?;
            partition.places.push(place);
            partition.open.clear();
        }
        Ok(())
    }
}

fn take_all<R: Record>(bytes: &[u8], records: &mut Vec<R>) -> Result<(), StageError> {
    if !bytes.len().is_multiple_of(R::SIZE) {
        return Err(torn());
    }
    records.extend(bytes.chunks_exact(R::SIZE).filter_map(R::take));
    Ok(())
}

fn torn() -> StageError {
    StageErrorKind::Storage("a partition that is not whole".into()).into()
}

/// Gathers one task's records.
pub(crate) struct SpillWriter<'a, R> {
    spill: &'a Spill<R>,
    staged: Vec<Vec<u8>>,
}

impl<R: Record> SpillWriter<'_, R> {
    pub(crate) fn push(&mut self, partition: usize, record: R) -> Result<(), StageError> {
        let staged = self.staged.get_mut(partition).ok_or_else(torn)?;
        if staged.capacity() == 0 {
            staged.reserve_exact(STAGED + R::SIZE);
        }
        record.put(staged);
        if staged.len() >= STAGED { self.spill.receive(partition, staged) } else { Ok(()) }
    }

    /// Hands over what is left. Nothing is written of a writer that is not finished.
    pub(crate) fn finish(mut self) -> Result<(), StageError> {
        let mut staged = self.staged.iter_mut().enumerate().filter(|(_, staged)| !staged.is_empty());
        staged.try_for_each(|(partition, staged)| self.spill.receive(partition, staged))
    }
}

/// The records of a partition, in order.
pub(crate) enum Sorted<R> {
    Whole(std::vec::IntoIter<R>),
    Merged(Runs<R>),
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
    places: Vec<Vec<BlockPlace>>,
    /// What has been read of each run, last first.
    read: Vec<Vec<R>>,
    heads: BinaryHeap<Reverse<(R, usize)>>,
}

impl<R: Record> Runs<R> {
    fn new(storage: &dyn Storage, block: usize) -> Result<Self, StageError> {
        let (places, read, heads) = (Vec::new(), Vec::new(), BinaryHeap::new());
        Ok(Self { blocks: storage.create()?, block, places, read, heads })
    }

    fn add(&mut self, sorted: &[R]) -> Result<(), StageError> {
        let mut bytes = Vec::new();
        let mut places = Vec::new();
        for records in sorted.chunks((self.block / R::SIZE).max(1)) {
            bytes.clear();
            for record in records {
                record.put(&mut bytes);
            }
            places.push(self.blocks.append(&bytes)?);
        }
        places.reverse();
        self.places.push(places);
        Ok(())
    }

    fn start(&mut self) -> Result<(), StageError> {
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

#[cfg(test)]
mod tests {
    use tamis_core::MemoryStorage;

    use super::*;
    use crate::shingles::scatter;

    fn filled(budget: &Budget<'_>, records: u64) -> Spill<(u64, u32)> {
        let spill = Spill::with_partitions(budget, 3).unwrap();
        let (mut left, mut right) = (spill.writer(), spill.writer());
        for number in 0..records {
            // Half of all records have one key: its partition is larger than the others together.
            let key = if number % 2 == 0 { 5 } else { scatter(number) };
            let writer = if number % 3 == 0 { &mut left } else { &mut right };
            writer.push(key as usize % 3, (key, number as u32)).unwrap();
        }
        left.finish().unwrap();
        right.finish().unwrap();
        spill
    }

    #[test]
    fn any_budget_gives_the_same_order() {
        for records in [0, 1, 100, 200_000] {
            let mut all = Vec::new();
            for memory in [0, 1 << 20, 1 << 30] {
                let budget = Budget { memory, storage: &MemoryStorage };
                let spill = filled(&budget, records);
                let sorted = |partition| spill.sorted(partition, &budget).unwrap().map(Result::unwrap);
                let partitions: Vec<Vec<(u64, u32)>> = (0..3).map(|place| sorted(place).collect()).collect();
                assert!(partitions.iter().all(|records| records.is_sorted()));
                assert_eq!(partitions.iter().map(Vec::len).sum::<usize>(), records as usize);
                let mut unsorted = Vec::new();
                spill
                    .for_each(2, |record| {
                        unsorted.push(record);
                        Ok(())
                    })
                    .unwrap();
                unsorted.sort_unstable();
                assert_eq!(unsorted, partitions[2]);
                all.push(partitions);
            }
            assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
        }
    }

    #[test]
    fn a_partition_larger_than_its_share_is_merged_from_runs() {
        let budget = Budget { memory: 0, storage: &MemoryStorage };
        let spill = filled(&budget, 200_000);
        assert!(matches!(spill.sorted(2, &budget).unwrap(), Sorted::Merged(runs) if runs.places.len() > 3));
    }

    #[test]
    fn groups_begin_where_the_key_changes() {
        let budget = Budget { memory: 0, storage: &MemoryStorage };
        let spill = Spill::with_partitions(&budget, 1).unwrap();
        let mut writer = spill.writer();
        for record in [(3_u64, 1_u32), (1, 7), (3, 0), (2, 2), (1, 1)] {
            writer.push(0, record).unwrap();
        }
        writer.finish().unwrap();
        let mut begins = Vec::new();
        grouped(
            spill.sorted(0, &budget).unwrap(),
            |record| record.0,
            |_, first| {
                begins.push(first);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(begins, [true, false, true, true, false]);
    }
}
