//! Shingles: the runs of five words a text consists of, as hashes.
//!
//! Five words, never characters: unrelated books share up to a third of their character 5-grams and next to none
//! of their word 5-grams, which is how character shingles came to merge whole libraries into one cluster.

use xxhash_rust::xxh3::xxh3_64;

/// Words in a shingle.
pub(crate) const WIDTH: usize = 5;

/// Multiplier of the polynomial: odd, so that no word is ever multiplied away.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// A word's hash, the same on every machine. Words of up to eight bytes, most of any text, are read as one number and
/// scattered, in half the time that XXH3 takes them; longer ones are left to XXH3.
#[inline]
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
    scatter(number ^ (word.len() as u64).wrapping_mul(BASE))
}

/// The hashes of all shingles, in text order; none for fewer than [`WIDTH`] words.
///
/// The polynomial of five words from those of two: each pair of words is the end of one shingle and the beginning of
/// another, so a shingle takes three multiplications, none of which waits for the shingle before. A rolling hash takes
/// two, each of which waits for the last.
pub(crate) fn shingles(words: &[u64]) -> impl Iterator<Item = u64> {
    const SQUARE: u64 = BASE.wrapping_mul(BASE);
    let pair = |first: u64, second: u64| first.wrapping_mul(BASE).wrapping_add(second);
    let mut pairs = match words {
        [a, b, c, ..] => [pair(*a, *b), pair(*b, *c)],
        _ => [0; 2],
    };
    let ends = words.windows(WIDTH).filter_map(<[u64]>::last_chunk);
    ends.map(move |[third, fourth, fifth]| {
        let next = pair(*third, *fourth);
        let four = pairs[0].wrapping_mul(SQUARE).wrapping_add(next);
        pairs = [pairs[1], next];
        scatter(pair(four, *fifth))
    })
}

/// Makes every bit depend on every bit (the finaliser of SplitMix64, by Sebastiano Vigna, public domain).
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
#[derive(Debug, Default)]
pub(crate) struct HashedSet {
    /// 0 for a free slot; at least every second one is free.
    slots: Vec<u64>,
    distinct: Vec<u64>,
}

impl HashedSet {
    /// Replaces what the set holds by `hashes`, of which there are at most `most`.
    pub(crate) fn fill(&mut self, hashes: impl Iterator<Item = u64>, most: usize) {
        self.slots.clear();
        self.slots.resize((2 * most).next_power_of_two(), 0);
        self.distinct.clear();
        for hash in hashes.take(most) {
            // 0 and 1 are one: no worse than any other collision.
            let hash = hash.max(1);
            let place = self.place(hash);
            if let Some(slot) = self.slots.get_mut(place).filter(|slot| **slot == 0) {
                *slot = hash;
                self.distinct.push(hash);
            }
        }
    }

    fn contains(&self, hash: u64) -> bool {
        let hash = hash.max(1);
        self.slots.get(self.place(hash)) == Some(&hash)
    }

    pub(crate) fn len(&self) -> usize {
        self.distinct.len()
    }

    /// How many hashes two sets share.
    pub(crate) fn shared(&self, other: &Self) -> usize {
        other.distinct.iter().filter(|hash| self.contains(**hash)).count()
    }

    /// The slot that holds `hash`, else the free one where it would be.
    fn place(&self, hash: u64) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = hash as usize & mask;
        while self.slots.get(place).is_some_and(|slot| *slot != 0 && *slot != hash) {
            place = (place + 1) & mask;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shingle_depends_on_its_words_alone() {
        let words: Vec<u64> = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5_u64].map(scatter).to_vec();
        let all: Vec<u64> = shingles(&words).collect();
        assert_eq!(all.len(), words.len() - WIDTH + 1);
        assert_eq!(all.first(), all.last());
        assert_eq!(shingles(&words[2..7]).next(), Some(all[2]));
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
    fn too_few_words_have_no_shingle() {
        assert_eq!(shingles(&[1, 2, 3, 4]).count(), 0);
        assert_eq!(shingles(&[]).count(), 0);
    }

    #[test]
    fn sets_share_what_both_hold() {
        let set = |hashes: &[u64]| {
            let mut set = HashedSet::default();
            set.fill(hashes.iter().copied(), hashes.len());
            set
        };
        let left = set(&[3, 1, 3, 9, 17]);
        assert_eq!(left.len(), 4);
        assert!(left.contains(17) && !left.contains(25));
        assert_eq!(left.shared(&set(&[0, 2, 9, 10, 9, 25, 17, 33])), 3);
        assert_eq!((left.shared(&set(&[])), set(&[]).shared(&left)), (0, 0));
        assert!(!HashedSet::default().contains(3));
    }
}
