//! Shingles: the runs of five words a text consists of, as hashes.
//!
//! Five words, never characters: unrelated books share up to a third of their character 5-grams and next to none
//! of their word 5-grams, which is how character shingles came to merge whole libraries into one cluster.

use xxhash_rust::xxh3::xxh3_64;

use crate::fold::{dividers, words_of};

/// Words in a shingle.
pub(crate) const WIDTH: usize = 5;

/// Multiplier of the polynomial: odd, so that no word is ever multiplied away.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// A word's hash, the same on every machine. Words of up to eight bytes, most of any text, are read as one number and
/// scattered, in half the time that XXH3 takes them; longer ones are left to XXH3.
pub(crate) fn word_hash(word: &[u8]) -> u64 {
    let number = match (word.first_chunk::<4>(), word.last_chunk::<4>(), word) {
        (Some(first), Some(last), _) if word.len() <= 8 => {
            (u64::from(u32::from_le_bytes(*first)) << 32) | u64::from(u32::from_le_bytes(*last))
        }
        (None, _, [a, b, c]) => u64::from(u32::from_le_bytes([*a, *b, *c, 0])),
        (None, _, [a, b]) => u64::from(u16::from_le_bytes([*a, *b])),
        (None, _, [a]) => u64::from(*a),
        _ => xxh3_64(word),
    };
    finish(number, word.len())
}

/// Has `each` see the words of folded bytes in their order, see [`words_of`]: where they begin and end, and their hashes.
///
/// Nearly all end in the first sixteen bytes: these are read once, to find the end and to hash what comes before. An iterator
/// that keeps what is left takes nearly twice the instructions.
#[expect(clippy::inline_always, reason = "a call, and the word in memory, take as long as the hash")]
#[inline(always)]
pub(crate) fn for_each_word(folded: &[u8], mut each: impl FnMut(usize, usize, u64)) {
    let mut start = 0;
    while let Some(rest) = folded.get(start..).filter(|rest| !rest.is_empty()) {
        let (len, hash) = match rest.first_chunk::<16>() {
            Some(sixteen) => {
                let sixteen = u128::from_le_bytes(*sixteen);
                let (eight, more) = (sixteen as u64, (sixteen >> 64) as u64);
                let (ends, later_ends) = (dividers(eight), dividers(more));
                if ends != 0 {
                    let len = ends.trailing_zeros() as usize / 8;
                    (len, finish(short_word(eight, len), len))
                } else if later_ends != 0 {
                    let len = 8 + later_ends.trailing_zeros() as usize / 8;
                    (len, finish(middle_word(eight, more, len), len))
                } else {
                    first_word(rest)
                }
            }
            None => first_word(rest),
        };
        each(start, start + len, hash);
        start += len + 1;
    }
}

/// The length and hash of the first word, where it is longer, or one of the last.
#[inline(never)]
fn first_word(folded: &[u8]) -> (usize, u64) {
    let word = words_of(folded).next().unwrap_or_default();
    (word.len(), word_hash(word))
}

/// What [`word_hash`] makes a number of, for a word of 8 to 15 bytes that `eight` and `more` begin with: XXH3-64 for nine
/// and more, whose case of 9 to 16 bytes is this ([specification](https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md)).
/// Three in ten words are as long, and XXH3 has many lengths to tell apart.
#[inline]
const fn middle_word(eight: u64, more: u64, len: usize) -> u64 {
    // Of eight bytes, none are left of `more`: a shift by all bits, which is made in two.
    let last = (eight >> (8 * (len % 8))) | ((more << 8) << (56 - 8 * (len % 8)));
    let (low, high) = (eight ^ 0x6782_737B_EA42_39B9, last ^ 0xAF56_BC3B_0996_523A);
    let product = low as u128 * high as u128;
    let folded = product as u64 ^ (product >> 64) as u64;
    let mut hash = (len as u64).wrapping_add(low.swap_bytes()).wrapping_add(high).wrapping_add(folded);
    hash = (hash ^ (hash >> 37)).wrapping_mul(0x1656_6791_9E37_79F9);
    hash ^= hash >> 32;
    // Chosen at the end, without a branch.
    if len == 8 { eight.rotate_left(32) } else { hash }
}

/// A word's hash from its number.
#[inline]
const fn finish(number: u64, len: usize) -> u64 {
    scatter(number ^ (len as u64).wrapping_mul(BASE))
}

/// What [`word_hash`] makes a number of, for a word of less than eight bytes that `eight` begins with: the first four and
/// the last four bytes, or all of a shorter word.
#[inline]
fn short_word(eight: u64, len: usize) -> u64 {
    // Without a branch, which would be guessed wrong at every third word.
    match SHORT.get(len) {
        Some([shift, last, first, _]) => ((eight >> (shift % 64)) & last) | ((eight << 32) & first),
        None => eight,
    }
}

/// By the length of a short word: where its last four bytes begin, in bits; the bits of these, or of all; and of the first
/// four where it has as many. Four numbers, as a place among so many is found by a shift.
const SHORT: [[u64; 4]; 8] = {
    const FOUR: u64 = u32::MAX as u64;
    [
        [0, 0, 0, 0],
        [0, 0xFF, 0, 0],
        [0, 0xFFFF, 0, 0],
        [0, 0xFF_FFFF, 0, 0],
        [0, FOUR, u64::MAX, 0],
        [8, FOUR, u64::MAX, 0],
        [16, FOUR, u64::MAX, 0],
        [24, FOUR, u64::MAX, 0],
    ]
};

/// The hashes of all shingles, in text order; none for fewer than [`WIDTH`] words.
///
/// A rolling hash: the polynomial of five words from that of the last four.
pub(crate) fn shingles(mut words: impl Iterator<Item = u64> + Clone) -> impl Iterator<Item = u64> {
    let first = words.clone();
    let four =
        words.by_ref().take(WIDTH - 1).fold(0, |hash: u64, word| hash.wrapping_mul(BASE).wrapping_add(word));
    words.zip(first).scan(four, |four, (last, first)| {
        let five = four.wrapping_mul(BASE).wrapping_add(last);
        *four = five.wrapping_sub(first.wrapping_mul(FIRST));
        Some(scatter(five))
    })
}

/// What the first word of a shingle is multiplied by.
const FIRST: u64 = BASE.wrapping_pow(WIDTH as u32 - 1);

/// Makes every bit depend on every bit (the finaliser of SplitMix64, by Sebastiano Vigna, public domain).
#[inline]
pub(crate) const fn scatter(mut value: u64) -> u64 {
    value ^= value >> 30;
    value = value.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value ^= value >> 27;
    value = value.wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Sorts and deduplicates: from shingles in text order to the set of them.
pub(crate) fn into_set(shingles: &mut Vec<u64>) {
    shingles.sort_unstable();
    shingles.dedup();
}

/// A set of hashes in a flat table: filled in a fifth of the time that sorting takes.
///
/// The lowest bit of a hash is not told apart: it marks what an [`HashedSet::overlap`] has met.
#[derive(Debug, Default)]
pub(crate) struct HashedSet {
    /// 0 for a free slot; at least every third one is free.
    slots: Vec<u64>,
    /// Hashes in the set.
    len: usize,
    /// Slots that the last overlap filled, until they are emptied.
    added: Vec<usize>,
    is_marked: bool,
}

impl HashedSet {
    /// Empties the set and makes room for so many hashes, with those that it will be held against.
    pub(crate) fn begin(&mut self, most: usize) {
        self.slots.clear();
        self.slots.resize((most + most / 2 + 1).next_power_of_two(), 0);
        self.added.clear();
        self.is_marked = false;
        self.len = 0;
    }

    /// Whether there is room for so many hashes.
    pub(crate) const fn has_room(&self, most: usize) -> bool {
        most + most / 2 < self.slots.len()
    }

    /// Adds a hash, and tells whether it is new.
    #[inline]
    pub(crate) fn insert(&mut self, hash: u64) -> bool {
        let hash = Self::unmarked(hash);
        let (_, Some(slot)) = self.slot(hash) else { return false };
        let is_new = *slot == 0;
        *slot = hash;
        self.len += usize::from(is_new);
        is_new
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// How many of `hashes` differ, and how many of these the set has. There must be room for all of them.
    pub(crate) fn overlap(&mut self, hashes: impl Iterator<Item = u64>) -> (usize, usize) {
        if self.is_marked {
            for place in self.added.drain(..) {
                if let Some(slot) = self.slots.get_mut(place) {
                    *slot = 0;
                }
            }
            self.slots.iter_mut().for_each(|slot| *slot &= !1);
        }
        self.is_marked = true;
        let mut shared = 0;
        for hash in hashes {
            let hash = Self::unmarked(hash);
            let (place, Some(slot)) = self.slot(hash) else { continue };
            let before = std::mem::replace(slot, hash | 1);
            shared += usize::from(before == hash);
            if before == 0 {
                self.added.push(place);
            }
        }
        (shared + self.added.len(), shared)
    }

    const fn unmarked(hash: u64) -> u64 {
        // 0 and 2 are one as well: no worse than any other collision.
        if hash & !1 == 0 { 2 } else { hash & !1 }
    }

    /// The slot that holds `hash`, else the free one where it would be.
    #[inline]
    fn slot(&mut self, hash: u64) -> (usize, Option<&mut u64>) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = (hash >> 1) as usize & mask;
        while self.slots.get(place).is_some_and(|slot| *slot != 0 && *slot & !1 != hash) {
            place = (place + 1) & mask;
        }
        (place, self.slots.get_mut(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shingle_depends_on_its_words_alone() {
        let words: Vec<u64> = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5_u64].map(scatter).to_vec();
        let shingles = |words: &[u64]| shingles(words.iter().copied()).collect::<Vec<u64>>();
        let all = shingles(&words);
        assert_eq!(all.len(), words.len() - WIDTH + 1);
        assert_eq!(all.first(), all.last());
        assert_eq!(shingles(&words[2..7]), [all[2]]);
        assert_ne!(all[0], all[1]);
    }

    #[test]
    fn words_hash_apart() {
        let words = ["", "a", "b", "ab", "ba", "abc", "abcd", "abcda", "abcdabcd", "abcdabcda", "été", "e"];
        let mut hashes: Vec<u64> = words.iter().map(|word| word_hash(word.as_bytes())).collect();
        into_set(&mut hashes);
        assert_eq!(hashes.len(), words.len());
    }

    #[test]
    fn words_are_hashed_as_they_are_split() {
        for len in 1..20 {
            let word: String = ('a'..='z').take(len).collect();
            for text in
                [format!("{word} "), format!("été {word}\n{word} x "), format!("{word} anticonstitution ")]
            {
                let mut hashed = Vec::new();
                for_each_word(text.as_bytes(), |start, end, hash| {
                    hashed.push((&text.as_bytes()[start..end], hash));
                });
                let words = words_of(text.as_bytes()).map(|word| (word, word_hash(word)));
                assert_eq!(hashed, words.collect::<Vec<_>>(), "{text}");
            }
        }
    }

    #[test]
    fn too_few_words_have_no_shingle() {
        assert_eq!(shingles([1, 2, 3, 4].into_iter()).count(), 0);
        assert_eq!(shingles([].into_iter()).count(), 0);
    }

    #[test]
    fn sets_share_what_both_hold() {
        let mut set = HashedSet::default();
        set.begin(14);
        let is_new: Vec<bool> = [4, 16, 4, 10, 18].into_iter().map(|hash| set.insert(hash)).collect();
        assert_eq!((is_new, set.len()), (vec![true, true, false, true, true], 4));
        for _ in 0..2 {
            assert_eq!(set.overlap([0, 2, 10, 8, 10, 8, 26, 18, 34].into_iter()), (6, 2));
            assert_eq!(set.overlap([].into_iter()), (0, 0));
        }
        assert_eq!(set.overlap([4, 16, 4, 10, 18].into_iter()), (4, 4));
        set.begin(0);
        assert_eq!((set.len(), set.overlap([].into_iter())), (0, (0, 0)));
        assert!(set.has_room(0) && !set.has_room(1));
    }
}
