//! Which of a text's runs of words stand for it: winnowing.
//!
//! Of each window of neighbouring hashes the smallest is taken, the last of equals (Schleimer, Wilkerson and Aiken,
//! *Winnowing: Local Algorithms for Document Fingerprinting*, SIGMOD 2003). What is taken of a window depends on its words
//! alone, so two texts with a run of [`Widths::run`] words in common share a fingerprint inside it, at the same word.
//! Two in `window + 1` hashes are taken: 37 of the 500 words of an article for runs of 50 words.

use crate::shingles::scatter;

/// How many words fingerprints are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Widths {
    /// The shortest run that is found for sure.
    pub(crate) run: usize,
    /// Words in a fingerprint: half of a run. Shorter ones would be set phrases more often; longer ones leave shorter
    /// windows, and so are more.
    pub(crate) gram: usize,
}

impl Widths {
    pub(crate) fn of(min_words: u32) -> Self {
        let run = (min_words as usize).max(2);
        Self { run, gram: run.div_ceil(2) }
    }

    /// Hashes in a window.
    fn window(self) -> usize {
        self.run - self.gram + 1
    }
}

/// Multiplier of the polynomial, another one than that of shingles.
const BASE: u64 = 0xD6E8_FEB8_6659_FD93;

/// The hashes of all runs of `width` words, in text order.
pub(crate) fn hashes(words: &[u64], width: usize) -> impl Iterator<Item = u64> {
    let highest = (0..width).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let (first, rest) = words.split_at_checked(width).unwrap_or_default();
    let step = |hash: u64, word: &u64| hash.wrapping_mul(BASE).wrapping_add(*word);
    let start = first.iter().fold(0, step);
    let rolled = rest.iter().zip(words).scan(start, move |hash, (next, gone)| {
        *hash = step(*hash, next).wrapping_sub(gone.wrapping_mul(highest));
        Some(scatter(*hash))
    });
    (width > 0 && first.len() == width).then(|| scatter(start)).into_iter().chain(rolled)
}

/// Has `each` see the fingerprints of a text by its words' hashes: each hash and its first word, in text order.
pub(crate) fn winnow(words: &[u64], widths: Widths, mut each: impl FnMut(u64, u32)) {
    if words.len() < widths.run {
        return;
    }
    let window = widths.window();
    // The last hashes, the newest at `place % window`.
    let mut ring = vec![u64::MAX; window];
    let mut smallest = (u64::MAX, 0);
    let mut taken = None;
    for (place, hash) in hashes(words, widths.gram).enumerate() {
        if let Some(slot) = ring.get_mut(place % window) {
            *slot = hash;
        }
        if hash <= smallest.0 {
            smallest = (hash, place);
        } else if smallest.1 + window <= place {
            // The smallest has left the window: look again, from the oldest to the newest. One time in `window`.
            smallest = (u64::MAX, 0);
            for place in place + 1 - window..=place {
                let hash = ring.get(place % window).copied().unwrap_or(u64::MAX);
                if hash <= smallest.0 {
                    smallest = (hash, place);
                }
            }
        }
        if place + 1 >= window && taken != Some(smallest.1) {
            taken = Some(smallest.1);
            each(smallest.0, u32::try_from(smallest.1).unwrap_or(u32::MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[u64], widths: Widths) -> Vec<(u64, u32)> {
        let mut found = Vec::new();
        winnow(words, widths, |hash, place| found.push((hash, place)));
        found
    }

    fn words(seed: u64, count: u64) -> Vec<u64> {
        (0..count).map(|n| scatter(seed * 1_000_003 + n)).collect()
    }

    #[test]
    fn a_hash_depends_on_its_words_alone() {
        let all = words(1, 40);
        let rolled: Vec<u64> = hashes(&all, 7).collect();
        assert_eq!(rolled.len(), 34);
        for (place, hash) in rolled.iter().enumerate() {
            assert_eq!(hashes(&all[place..place + 7], 7).collect::<Vec<_>>(), [*hash]);
        }
        assert_eq!(hashes(&all[..6], 7).count(), 0);
        assert_eq!(hashes(&[], 3).count(), 0);
    }

    #[test]
    fn each_window_gives_its_smallest() {
        let widths = Widths::of(20);
        let all: Vec<u64> = words(2, 300).into_iter().map(|word| word % 5).collect();
        let hashes: Vec<u64> = hashes(&all, widths.gram).collect();
        let mut expected: Vec<(u64, u32)> = hashes
            .windows(widths.window())
            .enumerate()
            .map(|(start, window)| {
                let (place, hash) = window.iter().enumerate().rev().min_by_key(|(_, hash)| **hash).unwrap();
                (*hash, (start + place) as u32)
            })
            .collect();
        expected.dedup();
        assert_eq!(found(&all, widths), expected);
    }

    #[test]
    fn texts_with_a_run_in_common_share_a_fingerprint_in_it() {
        for min_words in [2, 3, 20, 50, 51] {
            let widths = Widths::of(min_words);
            let run = words(3, u64::from(min_words));
            for seed in 10..40 {
                let left = [words(seed, seed), run.clone(), words(seed + 100, 70)].concat();
                let right = [words(seed + 200, 3 * seed), run.clone(), words(seed + 300, 7)].concat();
                let (left, right) = (found(&left, widths), found(&right, widths));
                let in_run = |(hash, place): &(u64, u32)| {
                    let inside = *place as usize + widths.gram <= seed as usize + run.len();
                    let there = right.contains(&(*hash, place.wrapping_add(2 * seed as u32)));
                    u64::from(*place) >= seed && inside && there
                };
                assert!(left.iter().any(in_run), "{min_words} words, seed {seed}");
            }
            let short = &run[1..];
            assert!(found(short, widths).is_empty());
        }
    }

    #[test]
    fn one_word_in_thirteen_is_taken() {
        let share = found(&words(5, 100_000), Widths::of(50)).len() as f64 / 100_000.0;
        assert!((share - 2.0 / 27.0).abs() < 0.002, "{share}");
    }
}
