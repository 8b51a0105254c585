//! Which documents have which key: what a table of keys is made from, partition by partition.

use crate::candidates::{LEVELS, level};

/// Keys and the documents that have them, by their ranks.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// The keys, ascending.
    pub(super) keys: Vec<u64>,
    /// Where the documents of each key end.
    pub(super) ends: Vec<u32>,
    /// The ranks of documents.
    pub(super) ranks: Vec<u32>,
}

impl Groups {
    /// Keys with their documents, those of one key one after the other.
    pub(crate) fn of(members: &[(u64, u32)]) -> Self {
        let mut groups = Self::default();
        for group in members.chunk_by(|a, b| a.0 == b.0) {
            groups.ranks.extend(group.iter().map(|member| member.1));
            groups.close(group.first().map_or(0, |member| member.0));
        }
        groups
    }

    /// Adds a document to those of a key that is then closed.
    pub(crate) fn push(&mut self, rank: u32) {
        self.ranks.push(rank);
    }

    /// How many documents were added since a key was closed.
    pub(crate) fn open(&self) -> usize {
        self.ranks.len() - self.ends.last().map_or(0, |end| *end as usize)
    }

    /// Forgets the documents that were added since a key was closed.
    pub(crate) fn forget(&mut self) {
        self.ranks.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    /// The documents that were added since the last key are those of this one.
    pub(crate) fn close(&mut self, key: u64) {
        self.keys.push(key);
        self.ends.push(self.ranks.len() as u32);
    }

    /// Puts keys one after the other that are ascending by partition within each level.
    pub(crate) fn concat(partitions: &[Self]) -> Self {
        let mut all = Self::default();
        all.keys.reserve_exact(partitions.iter().map(|groups| groups.keys.len()).sum());
        all.ends.reserve_exact(all.keys.capacity());
        all.ranks.reserve_exact(partitions.iter().map(|groups| groups.ranks.len()).sum());
        let mut done = vec![0; partitions.len()];
        for of in 1..=LEVELS {
            for (groups, done) in partitions.iter().zip(&mut done) {
                let first = *done;
                *done = groups.keys.partition_point(|key| level(*key) <= of);
                let start = first.checked_sub(1).and_then(|before| groups.ends.get(before)).copied();
                let start = start.unwrap_or_default();
                let Some(ends) = groups.ends.get(first..*done).filter(|ends| !ends.is_empty()) else {
                    continue;
                };
                let moved = all.ranks.len() as u32;
                all.keys.extend_from_slice(groups.keys.get(first..*done).unwrap_or_default());
                all.ends.extend(ends.iter().map(|end| end - start + moved));
                let end = ends.last().map_or(start, |end| *end);
                all.ranks
                    .extend_from_slice(groups.ranks.get(start as usize..end as usize).unwrap_or_default());
            }
        }
        all
    }

    /// The documents of each key, in the order of keys.
    pub(super) fn members(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let start = std::mem::replace(&mut start, *end as usize);
            self.ranks.get(start..*end as usize).unwrap_or_default()
        })
    }
}
