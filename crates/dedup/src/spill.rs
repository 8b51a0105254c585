//! Records that outgrow memory: written to radix partitions in temporary storage, read back sorted.
//!
//! What the decision works on grows with the corpus: four hundred bytes of sampled shingles a document, and more for
//! lines. All of it is records of a fixed size that are wanted in the order of some key. So they go to partitions by
//! some bits of the key, in blocks, and a partition is sorted when it is read. A partition that is larger than its
//! share of memory, because one key is in millions of documents, is sorted in runs that are merged as they are read:
//! it takes longer, and nothing is left out. What comes out is the same for any budget and any number of threads.

mod sorted;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use sorted::{Sorted, grouped, sort_by_bucket};

use sorted::Runs;
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
    partitions: Vec<Mutex<Partition<R>>>,
    /// Records of a block.
    block: usize,
}

struct Partition<R> {
    /// What is not yet a block: records as they are, as those of a small corpus never become bytes.
    open: Vec<R>,
    places: Vec<BlockPlace>,
    /// All records.
    len: usize,
}

impl<R: Record> Spill<R> {
    pub(crate) fn with_partitions(budget: &Budget<'_>, partitions: usize) -> Result<Self, StageError> {
        Ok(Self {
            blocks: budget.storage.create()?,
            partitions: (0..partitions.max(1))
                .map(|_| Mutex::new(Partition { open: Vec::new(), places: Vec::new(), len: 0 }))
                .collect(),
            block: budget.block(partitions) / size_of::<R>(),
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
        self.sorted_by(partition, budget, |records| records.sort_unstable())
    }

    /// The same, where `sort` knows a faster way, and may leave some out that are not wanted. It sees a partition whole
    /// or not at all: those that are larger than their share of memory come whole.
    pub(crate) fn sorted_by(
        &self,
        partition: usize,
        budget: &Budget<'_>,
        sort: impl FnOnce(&mut Vec<R>),
    ) -> Result<Sorted<R>, StageError> {
        let share = budget.share();
        let partition = self.partition(partition)?;
        let is_larger = partition.len * size_of::<R>() > share;
        let mut records: Vec<R> = Vec::with_capacity(partition.len.min(share / size_of::<R>() + self.block));
        let mut runs: Option<Runs<R>> = None;
        let mut bytes = Vec::new();
        for place in partition.places.iter().map(Some).chain([None]) {
            match place {
                Some(place) => {
                    self.blocks.read(*place, &mut bytes)?;
                    take_all(&bytes, &mut records)?;
                }
                None => records.extend_from_slice(&partition.open),
            }
            if is_larger && records.len() * size_of::<R>() >= share {
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
                sort(&mut records);
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
        for place in &partition.places {
            records.clear();
            self.blocks.read(*place, &mut bytes)?;
            take_all(&bytes, &mut records)?;
            records.iter().try_for_each(|record| each(*record))?;
        }
        partition.open.iter().try_for_each(|record| each(*record))
    }

    fn partition(&self, partition: usize) -> Result<MutexGuard<'_, Partition<R>>, StageError> {
        let partition = self.partitions.get(partition).ok_or_else(torn)?;
        Ok(partition.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many records make a block. Those who hand over more at a time make the partition's memory as large for good.
    pub(crate) fn block(&self) -> usize {
        self.block.max(1)
    }

    /// Adds records of a partition.
    pub(crate) fn receive(&self, partition: usize, staged: &mut Vec<R>) -> Result<(), StageError> {
        let mut partition = self.partition(partition)?;
        partition.len += staged.len();
        // Doubled once more, the memory of all partitions together would be twice what blocks may take.
        if partition.open.len() + staged.len() > self.block / 2 {
            let room = self.block.saturating_sub(partition.open.len()).max(staged.len());
            partition.open.reserve_exact(room);
        }
        partition.open.append(staged);
        if partition.open.len() >= self.block {
            let mut bytes = Vec::new();
            put_all(&partition.open, &mut bytes);
            let place = self.blocks.append(&bytes)?;
            partition.places.push(place);
            partition.open.clear();
        }
        Ok(())
    }
}

fn put_all<R: Record>(records: &[R], bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.reserve_exact(records.len() * R::SIZE);
    for record in records {
        record.put(bytes);
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
    staged: Vec<Vec<R>>,
}

impl<R: Record> SpillWriter<'_, R> {
    /// Records that are gathered for one partition.
    const STAGED: usize = STAGED / size_of::<R>();

    pub(crate) fn push(&mut self, partition: usize, record: R) -> Result<(), StageError> {
        let staged = self.staged.get_mut(partition).ok_or_else(torn)?;
        staged.push(record);
        if staged.len() >= Self::STAGED { self.spill.receive(partition, staged) } else { Ok(()) }
    }

    /// Hands over what is left. Nothing is written of a writer that is not finished.
    pub(crate) fn finish(mut self) -> Result<(), StageError> {
        let mut staged = self.staged.iter_mut().enumerate().filter(|(_, staged)| !staged.is_empty());
        staged.try_for_each(|(partition, staged)| self.spill.receive(partition, staged))
    }
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
