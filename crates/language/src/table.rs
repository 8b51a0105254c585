//! Hash tables of n-grams, read in place: from a key to what it says of which languages.

use crate::model::{Key, number};

/// n-grams and what they say. [`crate::model`] tells its format.
#[derive(Debug, Default)]
pub(crate) struct Table {
    place_bits: u32,
    buckets: u64,
    starts: &'static [[u8; 4]],
    slots: &'static [[u8; 4]],
    pool: &'static [[u8; 2]],
}

/// What a known n-gram says of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    pub(crate) language: u8,
    pub(crate) bits: u8,
}

impl Table {
    /// The table at the start of `bytes`, and what follows; `None` when it is cut short.
    pub(crate) fn read(bytes: &'static [u8]) -> Option<(Self, &'static [u8])> {
        let (place_bits, bytes) = number(bytes)?;
        let (buckets, bytes) = number(bytes)?;
        let (slots, bytes) = number(bytes)?;
        let (pool, bytes) = number(bytes)?;
        let (starts, bytes) = bytes.split_at_checked(buckets.checked_add(1)?.checked_mul(4)?)?;
        let (slots, bytes) = bytes.split_at_checked(slots.checked_mul(4)?)?;
        let (pool, bytes) = bytes.split_at_checked(pool.checked_mul(2)?)?;
        let (_, bytes) = bytes.split_at_checked(pool.len() % 4)?;
        let table = Self {
            place_bits: u32::try_from(place_bits).ok().filter(|bits| (1..32).contains(bits))?,
            buckets: buckets as u64,
            starts: starts.as_chunks().0,
            slots: slots.as_chunks().0,
            pool: pool.as_chunks().0,
        };
        Some((table, bytes))
    }

    /// How many n-grams it has.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Adds what the n-grams of these keys say to `scores`, and hands the place of each known one to `known`.
    ///
    /// The table is larger than the caches, and a key waits for three lines of it, one after the other: bucket, slots,
    /// list. So keys go in batches, each batch step by step: the lines of one step do not depend on each other, and the
    /// processor waits for them together. And it is remembered where the last n-grams were found: texts in one language
    /// use the same few thousand, and two keys in three need not be looked for.
    #[inline]
    pub(crate) fn add(
        &self,
        keys: &[Key],
        found: &mut Found,
        scores: &mut Scores,
        mut known: impl FnMut(usize),
    ) {
        found.make();
        let mut first = 0;
        for batch in keys.chunks(BATCH) {
            let mut lists = [UNKNOWN; BATCH];
            // Those that are to be looked for, written without a branch: it would be guessed wrong each third time.
            let (mut missing, mut count) = ([(0, Key::DETAILED); BATCH], 0);
            for (at, (list, key)) in lists.iter_mut().zip(batch).enumerate() {
                let (place, is_known) = found.look_up(*key);
                *list = place;
                if let Some(slot) = missing.get_mut(count) {
                    *slot = (at, *key);
                }
                count += usize::from(!is_known);
            }
            let missing = missing.get(..count).unwrap_or_default();
            let mut buckets = [Bucket::default(); BATCH];
            for (bucket, (_, key)) in buckets.iter_mut().zip(missing) {
                *bucket = self.bucket(*key);
            }
            let mut touched = 0;
            for bucket in buckets.iter().take(count) {
                touched ^= self.slots.get(bucket.start + bucket.slots / 2).map_or(0, |slot| slot[0]);
            }
            std::hint::black_box(touched);
            for (bucket, (at, key)) in buckets.into_iter().zip(missing) {
                let place = self.place(bucket, *key);
                found.note(*key, place);
                if let Some(list) = lists.get_mut(*at) {
                    *list = place;
                }
            }
            for (at, &place) in (first..).zip(lists.iter().take(batch.len())) {
                if place == UNKNOWN {
                    continue;
                }
                known(at);
                for said in self.said(place) {
                    scores.add(said.language, said.bits.into());
                }
            }
            first += batch.len();
        }
    }

    /// What one n-gram says; nothing when it is unknown.
    pub(crate) fn look_up(&self, key: Key) -> impl Iterator<Item = Said> {
        self.said(self.place(self.bucket(key), key))
    }

    /// The slots among which a key's is, ascending.
    #[inline]
    fn bucket(&self, key: Key) -> Bucket {
        let bucket = (((key.number() >> 32) * self.buckets) >> 32) as usize;
        let Some(&[start, end]) = self.starts.get(bucket..bucket + 2).and_then(|two| two.first_chunk())
        else {
            return Bucket::default();
        };
        let (start, end) = (u32::from_le_bytes(start) as usize, u32::from_le_bytes(end) as usize);
        Bucket { start, slots: end.saturating_sub(start) }
    }

    /// Where the key's list starts in the pool, or [`UNKNOWN`].
    #[inline]
    fn place(&self, bucket: Bucket, key: Key) -> u32 {
        let wanted = (key.number() as u32) << self.place_bits;
        let below = (1_u32 << self.place_bits) - 1;
        let place = self.smaller(bucket, wanted);
        if place >= bucket.slots {
            return UNKNOWN;
        }
        match self.slots.get(bucket.start + place).map(|slot| u32::from_le_bytes(*slot)) {
            Some(slot) if slot & !below == wanted => slot & below,
            _ => UNKNOWN,
        }
    }

    /// The list at a place.
    #[inline]
    fn said(&self, place: u32) -> impl Iterator<Item = Said> {
        let mut ended = false;
        self.pool.get(place as usize..).unwrap_or_default().iter().map_while(move |pair| {
            let [language, bits] = *pair;
            let goes_on = !ended;
            ended = bits >> 7 == 1;
            goes_on.then_some(Said { language, bits: bits & 0x7f })
        })
    }

    /// How many of a bucket's slots are smaller than what is wanted: the place where that stands, as they ascend.
    ///
    /// Counts over as many slots as nearly all buckets have, in vector code: a search, be it by halves, ends after a number
    /// of steps that is guessed wrong each time, and then nothing of the next key has been fetched.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "without a branch, so that it becomes vector code")]
    fn smaller(&self, bucket: Bucket, wanted: u32) -> usize {
        let Some(near) = self.slots.get(bucket.start..).and_then(|slots| slots.first_chunk::<NEARLY_ALL>())
        else {
            return self.smaller_of(bucket, 0, wanted);
        };
        let mut count = 0_u32;
        for (place, slot) in (0_u32..).zip(near) {
            count += u32::from((u32::from_le_bytes(*slot) < wanted) & (place < bucket.slots as u32));
        }
        if bucket.slots > NEARLY_ALL {
            return count as usize + self.smaller_of(bucket, NEARLY_ALL, wanted);
        }
        count as usize
    }

    /// The same for the slots from the place `from` on.
    #[cold]
    fn smaller_of(&self, bucket: Bucket, from: usize, wanted: u32) -> usize {
        let slots = self.slots.get(bucket.start + from..bucket.start + bucket.slots).unwrap_or_default();
        slots.partition_point(|slot| u32::from_le_bytes(*slot) < wanted)
    }
}

/// Where a bucket's slots start, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    start: usize,
    slots: usize,
}

/// A bucket in fifty has more slots.
const NEARLY_ALL: usize = 24;

/// Keys that are looked up together.
const BATCH: usize = 32;

/// The place of the list of what is not in the table. No place has so many bits.
const UNKNOWN: u32 = u32::MAX;

/// Where the last n-grams were found in a table, each in the one place it may have here. Kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Found {
    keys: Vec<u64>,
    places: Vec<u32>,
}

impl Found {
    /// 96 kB, which leaves room in a second-level cache.
    const BITS: u32 = 13;

    fn make(&mut self) {
        if self.keys.is_empty() {
            self.places.resize(1 << Self::BITS, UNKNOWN);
            // No key that belongs elsewhere is taken for one that was found: 0 belongs to the first place.
            self.keys.resize(1 << Self::BITS, 0);
            if let Some(first) = self.keys.first_mut() {
                *first = u64::MAX;
            }
        }
    }

    #[inline]
    fn at(key: Key) -> usize {
        (key.number() >> (u64::BITS - Self::BITS)) as usize
    }

    /// Where a key's list is, and whether that is remembered.
    #[inline]
    fn look_up(&self, key: Key) -> (u32, bool) {
        match (self.keys.get(Self::at(key)), self.places.get(Self::at(key))) {
            (Some(known), Some(place)) => (*place, *known == key.number()),
            _ => (UNKNOWN, false),
        }
    }

    fn note(&mut self, key: Key, place: u32) {
        if let (Some(known), Some(slot)) =
            (self.keys.get_mut(Self::at(key)), self.places.get_mut(Self::at(key)))
        {
            (*known, *slot) = (key.number(), place);
        }
    }
}

/// A sum for each number a language may have in the table: a byte needs no check.
#[derive(Clone, Debug)]
pub(crate) struct Scores(pub(crate) [i32; 256]);

impl Default for Scores {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Scores {
    /// A language's sum.
    pub(crate) fn of(&self, language: u8) -> i32 {
        self.0.get(usize::from(language)).copied().unwrap_or(0)
    }

    /// Adds to a language's sum.
    #[inline]
    pub(crate) fn add(&mut self, language: u8, bits: i32) {
        if let Some(sum) = self.0.get_mut(usize::from(language)) {
            *sum += bits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MODEL;

    #[test]
    fn slots_are_found_as_by_halves() {
        for table in [&MODEL.broad, &MODEL.detailed] {
            // Some buckets, and the last one: nothing stands behind it.
            for at in (0..table.buckets).filter(|at| at % 97 == 0 || at + 1 == table.buckets) {
                let key = (at << 32).div_ceil(table.buckets) << 32;
                let bucket = table.bucket(Key::of_number(key));
                let slots = &table.slots[bucket.start..bucket.start + bucket.slots];
                let wanted = slots.iter().flat_map(|slot| {
                    let slot = u32::from_le_bytes(*slot);
                    [slot.saturating_sub(1), slot, slot.saturating_add(1)]
                });
                for wanted in wanted.chain([0, u32::MAX]) {
                    let expected = slots.partition_point(|slot| u32::from_le_bytes(*slot) < wanted);
                    assert_eq!(table.smaller(bucket, wanted), expected);
                }
            }
        }
    }

    #[test]
    fn what_was_found_is_found_again() {
        let letters = || ('a'..='z').chain('а'..='я').map(|letter| Key::DETAILED.then(letter));
        let keys: Vec<Key> =
            letters().flat_map(|one| ('a'..='z').map(move |letter| one.then(letter))).collect();
        let mut found = Found::default();
        let add = |found: &mut Found| {
            let (mut scores, mut known) = (Scores::default(), Vec::new());
            MODEL.detailed.add(&keys, found, &mut scores, |at| known.push(at));
            (scores.0, known)
        };
        let first = add(&mut found);
        assert_eq!(add(&mut found), first);
        let known: Vec<usize> =
            (0..keys.len()).filter(|at| MODEL.detailed.look_up(keys[*at]).next().is_some()).collect();
        assert_eq!(first.1, known);
    }
}
