//! Kept documents, listed under the keys they share with others.

mod groups;
mod sharing;

use std::ops::Range;

pub(crate) use groups::Groups;
pub(crate) use sharing::{Sharing, Tally};

use crate::candidates::{is_shingle, level};

/// Kept documents listed per key. A shingle that more kept documents share is a set phrase, a frame or a template: it
/// says little about any one of them, and following it to all would cost the square of their number. Copies of one
/// story do not fill a list, since only one of them is kept.
pub(crate) const LISTED: usize = 64;

/// The shared keys of some documents, which are known by their ranks.
#[derive(Debug, Default)]
pub(crate) struct KeyTable {
    /// The keys, ascending. Elsewhere a key is its place here.
    pub(crate) keys: Vec<u64>,
    /// Where each key's list starts, and one more.
    starts: Vec<u32>,
    /// The places of keys, by document, ascending.
    by_document: Vec<u32>,
    /// Where the keys of each rank start, and one more; of ranks from the first one of the table on.
    documents: Vec<u32>,
    first: u32,
    /// Keys that stand for one shingle come before this place.
    shingles: usize,
    /// The first key that is not joined with others where it fills its list.
    last_level: usize,
}

impl KeyTable {
    /// Takes keys and the documents of some `ranks` that have them, and keys under which documents are listed already.
    pub(crate) fn new(groups: Groups, ranks: Range<u32>, listed: &[(u64, u32)], last_level: u64) -> Self {
        let mut table = Self {
            starts: Vec::with_capacity(groups.keys.len() + 1),
            documents: vec![0; ranks.len() + 2],
            first: ranks.start,
            ..Self::default()
        };
        let (mut start, mut listed) = (0, listed);
        for (key, group) in groups.keys.iter().zip(groups.members()) {
            let mut already = 0;
            if !listed.is_empty() {
                let of_key = listed.get(listed.partition_point(|entry| entry.0 < *key)..).unwrap_or_default();
                already = of_key.iter().take_while(|entry| entry.0 == *key).count();
                listed = of_key.get(already..).unwrap_or_default();
            }
            table.starts.push(start);
            start += (group.len() + already).min(LISTED) as u32;
        }
        table.starts.push(start);
        for rank in &groups.ranks {
            if let Some(keys) = table.documents.get_mut((rank - table.first) as usize + 2) {
                *keys += 1;
            }
        }
        table.sort_by_document(&groups);
        table.keys = groups.keys;
        table.shingles = table.keys.partition_point(|key| is_shingle(*key));
        table.last_level = table.keys.partition_point(|key| level(*key) < last_level);
        table
    }

    /// Lays the places of keys out by document: a counting sort. The numbers of keys stand two places on, so that they
    /// become places to fill, and then starts.
    fn sort_by_document(&mut self, groups: &Groups) {
        let mut end = 0;
        for start in &mut self.documents {
            end += *start;
            *start = end;
        }
        self.by_document.resize(groups.ranks.len(), 0);
        for (place, group) in groups.members().enumerate() {
            for rank in group {
                if let Some(next) = self.documents.get_mut((rank - self.first) as usize + 1) {
                    if let Some(slot) = self.by_document.get_mut(*next as usize) {
                        *slot = place as u32;
                    }
                    *next += 1;
                }
            }
        }
    }

    /// All ranks are below this one.
    fn end(&self) -> usize {
        self.first as usize + self.documents.len()
    }

    /// The documents of some ranks that have keys, ascending, each with its keys.
    pub(crate) fn documents(&self, ranks: Range<u32>) -> Vec<(u32, &[u32])> {
        let of_rank = |rank: u32| {
            let place = rank.checked_sub(self.first)? as usize;
            let (start, end) = (self.documents.get(place)?, self.documents.get(place + 1)?);
            let keys = self.by_document.get(*start as usize..*end as usize)?;
            (!keys.is_empty()).then_some((rank, keys))
        };
        ranks.filter_map(of_rank).collect()
    }
}

/// For each key of a table, the first of the documents that have it, by rank.
#[derive(Debug)]
pub(crate) struct Listing<'a> {
    table: &'a KeyTable,
    lists: Vec<List>,
    /// The documents of all lists, and some to spare.
    ranks: Vec<u32>,
    /// Shingles whose list has become full.
    pub(crate) full: usize,
}

/// What a listing has of one key.
#[derive(Clone, Copy, Debug)]
struct List {
    start: u32,
    len: u8,
    /// How many of its documents were there when the last ones were [settled](Listing::settle).
    settled: u8,
}

impl List {
    const fn is_full(self) -> bool {
        self.len as usize == LISTED
    }
}

/// Which of the documents of lists are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    All,
    /// Those that were listed since the last ones were settled.
    New,
    /// Those whose rank is below.
    Below(u32),
}

/// Ranks that are copied together.
const TOGETHER: usize = 16;

impl<'a> Listing<'a> {
    pub(crate) fn new(table: &'a KeyTable) -> Self {
        let room = table.starts.last().copied().unwrap_or_default() as usize;
        let lists = table.starts.iter().map(|start| List { start: *start, len: 0, settled: 0 }).collect();
        Self { table, lists, ranks: vec![0; room + TOGETHER], full: 0 }
    }

    /// Lists a document under its keys. Ranks come in ascending order.
    pub(crate) fn add(&mut self, rank: u32, keys: &[u32]) {
        for key in keys {
            self.list(*key as usize, rank);
        }
    }

    fn list(&mut self, key: usize, rank: u32) {
        let Some([list, next]) = self.lists.get_mut(key..).and_then(<[List]>::first_chunk_mut) else {
            return;
        };
        let place = list.start + u32::from(list.len);
        if let Some(place) = self.ranks.get_mut(place as usize).filter(|_| place < next.start) {
            *place = rank;
            list.len += 1;
            self.full += usize::from(list.is_full() && key < self.table.shingles);
        }
    }

    /// What is listed under the keys of these documents is no longer new.
    pub(crate) fn settle(&mut self, keys: &[u32]) {
        for key in keys {
            if let Some(list) = self.lists.get_mut(*key as usize) {
                list.settled = list.len;
            }
        }
    }

    /// Lists documents that an earlier listing had, by key.
    pub(crate) fn restore(&mut self, listed: &[(u64, u32)]) {
        for entries in listed.chunk_by(|a, b| a.0 == b.0) {
            let key = entries.first().map_or(0, |entry| entry.0);
            if let Ok(place) = self.table.keys.binary_search(&key) {
                for (_, rank) in entries {
                    self.list(place, *rank);
                }
                self.settle(&[place as u32]);
            }
        }
        self.full = 0;
    }

    /// The documents listed under the key at this place.
    pub(crate) fn listed(&self, key: usize) -> &[u32] {
        self.lists.get(key).map_or(&[], |list| {
            let start = list.start as usize;
            self.ranks.get(start..start + usize::from(list.len)).unwrap_or_default()
        })
    }

    /// Empties the lists of these keys.
    pub(crate) fn forget(&mut self, keys: &[u32]) {
        for key in keys {
            if let Some(list) = self.lists.get_mut(*key as usize) {
                (list.len, list.settled) = (0, 0);
            }
        }
    }

    /// How many of a document's shingles have a full list.
    pub(crate) fn crowded(&self, keys: &[u32]) -> usize {
        let shingles = keys.iter().map(|key| *key as usize);
        let shingles = shingles.take_while(|key| *key < self.table.shingles);
        shingles.filter(|key| self.lists.get(*key).is_some_and(|list| list.is_full())).count()
    }

    /// Collects the listed documents that share at least `least` keys, with the number they share. Full lists are passed
    /// over where their keys were joined with others.
    pub(crate) fn sharing(
        &self,
        keys: &[u32],
        part: Part,
        least: usize,
        out: &mut Sharing,
        tally: &mut Tally,
    ) {
        tally.begin(keys.len(), self.table.end());
        for key in keys {
            let Some(list) = self.lists.get(*key as usize) else { continue };
            if list.is_full() && (*key as usize) < self.table.last_level {
                continue;
            }
            let settled = usize::from(list.settled);
            let (start, len) = (list.start as usize, usize::from(list.len));
            let (start, len) = match part {
                Part::All => (start, len),
                Part::New => (start + settled, len - settled),
                Part::Below(end) => {
                    let listed = self.ranks.get(start..start + len).unwrap_or_default();
                    (start, listed.partition_point(|rank| *rank < end))
                }
            };
            tally.gather(self.ranks.get(start..).unwrap_or_default(), len);
        }
        tally.count(least, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: u64 = 1 << 40;
    const TWO: u64 = 2 << 40;

    fn table(
        members: impl IntoIterator<Item = (u64, u32)>,
        ranks: Range<u32>,
        listed: &[(u64, u32)],
        last_level: u64,
    ) -> KeyTable {
        let mut members: Vec<(u64, u32)> = members.into_iter().collect();
        members.sort_unstable();
        KeyTable::new(Groups::of(&members), ranks, listed, last_level)
    }

    #[test]
    fn keys_of_partitions_are_ascending_together() {
        let some = [(ONE + 1, 4), (ONE + 1, 7), (TWO + 1, 5), (TWO + 1, 4), (TWO + 2, 9), (TWO + 2, 5)];
        let more = [(ONE + 8, 3), (ONE + 8, 4), (TWO + 8, 2), (TWO + 8, 7)];
        let mut all = some.iter().chain(&more).copied().collect::<Vec<_>>();
        all.sort_by_key(|member| member.0);
        let partitions = [Groups::of(&some), Groups::default(), Groups::of(&more)];
        let (found, expected) = (Groups::concat(&partitions), Groups::of(&all));
        assert_eq!((found.keys, found.ends, found.ranks), (expected.keys, expected.ends, expected.ranks));
    }

    #[test]
    fn listed_documents_are_found_by_shared_keys() {
        let members = (0..4).flat_map(|n| [(ONE, n), (ONE + 1, n), (ONE + 2 + u64::from(n / 2 % 2), n)]);
        let table = table(members, 0..4, &[], 1);
        let keys: Vec<&[u32]> = table.documents(0..9).into_iter().map(|(_, keys)| keys).collect();
        let mut listing = Listing::new(&table);
        listing.add(0, keys[0]);
        listing.settle(keys[0]);
        listing.add(2, keys[2]);
        assert_eq!(sharing(&listing, keys[3], Part::All, 1), [(2, 3), (0, 2)]);
        assert_eq!(sharing(&listing, keys[3], Part::All, 3), [(2, 3)]);
        assert_eq!(sharing(&listing, keys[3], Part::New, 1), [(2, 3)]);
        assert_eq!(sharing(&listing, keys[3], Part::Below(2), 1), [(0, 2)]);
        assert_eq!(table.documents(1..3).len(), 2);
    }

    #[test]
    fn full_lists_take_no_more() {
        let table = table((0..1000).map(|n| (ONE, n)), 0..1000, &[], 1);
        let mut listing = Listing::new(&table);
        for (rank, keys) in table.documents(0..1000) {
            listing.add(rank, keys);
        }
        assert_eq!((listing.full, listing.listed(0).len()), (1, LISTED));
    }

    #[test]
    fn full_lists_of_joined_keys_are_passed_over() {
        let all = |key| (0..100).map(move |n| (key, n));
        let table = table(all(ONE).chain([(TWO, 70), (TWO, 80)]), 0..100, &[], 2);
        let mut listing = Listing::new(&table);
        let documents = table.documents(0..100);
        for (rank, keys) in documents.iter().take(80) {
            listing.add(*rank, keys);
        }
        assert_eq!(sharing(&listing, documents[80].1, Part::All, 1), [(70, 1)]);
        assert_eq!(listing.crowded(documents[80].1), 1);
    }

    #[test]
    fn a_listing_goes_on_where_another_ended() {
        let members = [(ONE, 9), (ONE, 11), (ONE + 5, 11), (ONE + 7, 10)];
        let listed = [(ONE, 2), (ONE, 5), (ONE + 3, 1), (ONE + 7, 4)];
        let table = table(members, 9..12, &listed, 1);
        let mut listing = Listing::new(&table);
        listing.restore(&listed);
        let documents = table.documents(0..20);
        listing.add(9, documents[0].1);
        assert_eq!([listing.listed(0), listing.listed(1), listing.listed(2)], [&[2, 5, 9][..], &[], &[4]]);
    }

    fn sharing(listing: &Listing<'_>, keys: &[u32], part: Part, least: usize) -> Vec<(u32, u32)> {
        let (mut found, mut tally) = (Sharing::default(), Tally::default());
        listing.sharing(keys, part, least, &mut found, &mut tally);
        (0..).map_while(|place| found.get(place)).collect()
    }

    #[test]
    fn those_that_share_most_come_first() {
        let all = |n: u32| (0..n).map(|rank| (rank, rank * 7 % 13));
        for count in [0, 1, 11, 12, 13, 76, 77, 300] {
            let mut sharing = Sharing::default();
            all(count).for_each(|(rank, shared)| sharing.push(rank, shared));
            let mut expected: Vec<(u32, u32)> = all(count).collect();
            expected.sort_by_key(|(rank, shared)| (std::cmp::Reverse(*shared), *rank));
            assert_eq!((0..).map_while(|place| sharing.get(place)).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn ranks_are_counted() {
        let mut tally = Tally::default();
        for _ in 0..2 << sharing::DOCUMENT_BITS {
            tally.begin(0, usize::MAX);
        }
        for (least, expected) in
            [(1, &[(3, 2), (7, 3), (39, 1), (71, 1), (103, 1), (1 << 20, 1)][..]), (2, &[(3, 2), (7, 3)])]
        {
            for end in [(1 << 20) + 1, sharing::FEW] {
                let mut out = Sharing::default();
                tally.begin(2, end);
                let spare = [9; TOGETHER];
                tally.gather(&[&[7, 3, 7, 1 << 20, 7], &spare[..]].concat(), 5);
                tally.gather(&[&[3, 39, 71, 103], &spare[..]].concat(), 4);
                tally.count(least, &mut out);
                let mut counted: Vec<_> = (0..).map_while(|place| out.get(place)).collect();
                counted.sort_unstable();
                let expected: Vec<_> =
                    expected.iter().copied().filter(|(rank, _)| (*rank as usize) < end).collect();
                assert_eq!(counted, expected);
            }
        }
        let mut out = Sharing::default();
        tally.begin(0, usize::MAX);
        tally.count(1, &mut out);
        assert_eq!(out.get(0), None);
    }
}
