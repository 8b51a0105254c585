//! Where two texts agree word by word, and what stands in the gaps.
//!
//! Shingle sets say how much two texts share, not how. Three very different pairs can have the same Jaccard index:
//! a report and its copy with a paragraph added, two articles in one site's frame, and a page with its bad scan.
//! The gaps of an alignment tell them apart: nothing faces the added paragraph, each article faces the other, and
//! what faces a misread word looks like it.
//!
//! The alignment is greedy: runs of at least three words, each looked up in an index of the other text near the
//! place where the last run ended. A longest common subsequence would cost the product of the lengths, and could not
//! follow paragraphs that changed places.

use crate::fold;

/// Words that must agree for two texts to be anchored to one another.
const ANCHOR: usize = 3;
/// A shorter run than this counts only near its expected place: "of the year" stands everywhere.
const FREE_RUN: usize = 5;
/// Words of one's own in a row from which they are a passage; fewer are rewording.
const PASSAGE: usize = 8;
/// Gaps up to this many words are read letter by letter.
const MISREAD_WORDS: usize = 12;
const MISREAD_BYTES: usize = 120;

/// One text, ready to be aligned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'a> {
    /// Hashes of the words.
    pub(crate) hashes: &'a [u64],
    /// The words, a space after each.
    pub(crate) folded: &'a [u8],
    /// Where each word ends.
    pub(crate) ends: &'a [u32],
}

impl<'a> Side<'a> {
    fn words(&self, start: usize, end: usize) -> &'a [u8] {
        let place = |word: usize| match word.checked_sub(1) {
            Some(before) => self.ends.get(before).map_or(self.folded.len(), |end| *end as usize + 1),
            None => 0,
        };
        self.folded.get(place(start)..place(end)).unwrap_or_default()
    }
}

/// What an alignment found, in words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alignment {
    /// Words of the left and of the right text that stand in a common run.
    pub(crate) agreeing: [usize; 2],
    /// Words of the left and of the right text that face words spelt much alike.
    pub(crate) misread: [usize; 2],
    /// Words of the left and of the right text in passages of at least eight words that the other does not have.
    pub(crate) own: [usize; 2],
}

/// Buffers that live from pair to pair.
#[derive(Debug, Default)]
pub(crate) struct AlignBuffers {
    anchors: Anchors,
    runs: Vec<Run>,
    left_taken: Vec<bool>,
    right_taken: Vec<bool>,
    letters: Letters,
}

/// A run of words that both texts have.
#[derive(Clone, Copy, Debug)]
struct Run {
    left: usize,
    right: usize,
    len: usize,
}

pub(crate) fn align(left: Side<'_>, right: Side<'_>, buffers: &mut AlignBuffers) -> Alignment {
    find_runs(left.hashes, right.hashes, buffers);
    let AlignBuffers { runs, left_taken, right_taken, letters, .. } = buffers;
    for (taken, words) in [(&mut *left_taken, left.hashes.len()), (&mut *right_taken, right.hashes.len())] {
        taken.clear();
        taken.resize(words, false);
    }
    for run in &*runs {
        take(left_taken, run.left, run.len);
        take(right_taken, run.right, run.len);
    }
    let count = |taken: &[bool]| taken.iter().filter(|taken| **taken).count();
    let agreeing = [count(left_taken), count(right_taken)];
    let end = Run { left: left.hashes.len(), right: right.hashes.len(), len: 0 };
    let (mut left_at, mut right_at) = (0, 0);
    let mut misread = [0; 2];
    for run in runs.iter().chain([&end]) {
        let left_gap = run.left - left_at;
        // Nothing faces the gap where the other text jumps back, nor what a run elsewhere has taken.
        let gap = right_taken.get(right_at..run.right).unwrap_or_default();
        let right_gap = gap.len();
        if left_gap.min(right_gap) > 0
            && left_gap.max(right_gap) <= MISREAD_WORDS
            && !gap.contains(&true)
            && look_alike(left.words(left_at, run.left), right.words(right_at, run.right), letters)
        {
            misread = [misread[0] + left_gap, misread[1] + right_gap];
            take(left_taken, left_at, left_gap);
            take(right_taken, right_at, right_gap);
        }
        (left_at, right_at) = (run.left + run.len, run.right + run.len);
    }
    Alignment { agreeing, misread, own: [own(left_taken), own(right_taken)] }
}

fn take(taken: &mut [bool], start: usize, len: usize) {
    if let Some(taken) = taken.get_mut(start..start + len) {
        taken.fill(true);
    }
}

/// Words in passages that the other text does not have.
fn own(taken: &[bool]) -> usize {
    let (mut own, mut passage) = (0, 0);
    let mut end = |passage: &mut usize| {
        own += Some(std::mem::take(passage)).filter(|len| *len >= PASSAGE).unwrap_or(0);
    };
    let (eights, rest) = taken.as_chunks::<8>();
    for eight in eights {
        match *eight {
            // All that copies have, but for a few places.
            [true, true, true, true, true, true, true, true] => end(&mut passage),
            _ => eight.iter().for_each(|taken| if *taken { end(&mut passage) } else { passage += 1 }),
        }
    }
    for taken in rest {
        if *taken { end(&mut passage) } else { passage += 1 }
    }
    end(&mut passage);
    own
}

/// Finds common runs in the order of the left text; they are disjoint there.
fn find_runs(left: &[u64], right: &[u64], buffers: &mut AlignBuffers) {
    let AlignBuffers { anchors, runs, .. } = buffers;
    anchors.clear();
    runs.clear();
    let (mut at, mut done, mut expected) = (0, 0, 0);
    while let Some(words) = left.get(at..).and_then(<[u64]>::first_chunk) {
        let Some(place) = anchors.nearest(right, words, expected) else {
            at += 1;
            continue;
        };
        let ahead = agreeing(left.get(at..), right.get(place..));
        let is_near = place >= expected && place - expected <= 2 * (at - done) + PASSAGE;
        if ahead < ANCHOR || (ahead < FREE_RUN && !is_near) {
            at += 1;
            continue;
        }
        // One or two words before the anchor may agree as well.
        let free = if place >= expected { (at - done).min(place - expected) } else { 0 };
        let behind =
            (1..=free.min(ANCHOR)).take_while(|back| left.get(at - back) == right.get(place - back)).count();
        runs.push(Run { left: at - behind, right: place - behind, len: ahead + behind });
        at += ahead;
        (done, expected) = (at, place + ahead);
    }
}

fn agreeing(left: Option<&[u64]>, right: Option<&[u64]>) -> usize {
    let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}

/// Where the right text has which three words. Made when it is first asked: many copies end before.
#[derive(Debug, Default)]
struct Anchors {
    /// One more than the first place of some three words; 0 for a free slot. At least every second one is free.
    slots: Vec<u32>,
    /// The other places of words that the text repeats, by their first place; sorted.
    repeated: Vec<(u32, u32)>,
}

impl Anchors {
    fn clear(&mut self) {
        self.slots.clear();
        self.repeated.clear();
    }

    /// The place of three words in `right` that comes first from `expected` on, else the last one before.
    fn nearest(&mut self, right: &[u64], words: &[u64; ANCHOR], expected: usize) -> Option<usize> {
        if right.get(expected..).and_then(<[u64]>::first_chunk) == Some(words) {
            return Some(expected);
        }
        if self.slots.is_empty() {
            self.fill(right);
        }
        let (_, first) = self.find(right, words);
        let first = first?;
        if first as usize >= expected || self.repeated.is_empty() {
            return Some(first as usize);
        }
        let of_words = |entry: &&(u32, u32)| entry.0 == first;
        let after = self.repeated.partition_point(|entry| *entry < (first, expected as u32));
        let found = self.repeated.get(after).filter(of_words);
        let found = found.or_else(|| self.repeated.get(after.checked_sub(1)?).filter(of_words));
        Some(found.map_or(first, |entry| entry.1) as usize)
    }

    fn fill(&mut self, right: &[u64]) {
        self.slots.resize((2 * right.len() + 1).next_power_of_two(), 0);
        for (words, place) in right.windows(ANCHOR).filter_map(<[u64]>::first_chunk).zip(0_u32..) {
            match self.find(right, words) {
                (_, Some(first)) => self.repeated.push((first, place)),
                (slot, None) => {
                    if let Some(slot) = self.slots.get_mut(slot) {
                        *slot = place + 1;
                    }
                }
            }
        }
        self.repeated.sort_unstable();
    }

    /// The slot of three words, and their first place.
    #[inline]
    fn find(&self, right: &[u64], words: &[u64; ANCHOR]) -> (usize, Option<u32>) {
        let mask = self.slots.len().wrapping_sub(1);
        let [a, b, c] = words;
        // Words are hashes; three of them in their order are told apart by two multiplications.
        let mixed = a.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(*b);
        let mut slot = (mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9).wrapping_add(*c) >> 32) as usize & mask;
        while let Some(first) = self.slots.get(slot).and_then(|first| first.checked_sub(1)) {
            if right.get(first as usize..).and_then(<[u64]>::first_chunk) == Some(words) {
                return (slot, Some(first));
            }
            slot = (slot + 1) & mask;
        }
        (slot, None)
    }
}

/// Whether two runs of words could be readings of the same print: at most a third of the letters differ, spaces do
/// not count, and whole numbers are the same.
fn look_alike(left: &[u8], right: &[u8], letters: &mut Letters) -> bool {
    if left.len() > MISREAD_BYTES || right.len() > MISREAD_BYTES || !numbers(left).eq(numbers(right)) {
        return false;
    }
    let (shortest, longest) = letters.take(left, right);
    (longest - shortest) * 3 <= longest && letters.distance() * 3 <= longest
}

fn numbers(folded: &[u8]) -> impl Iterator<Item = &[u8]> {
    fold::words_of(folded).filter(|word| word.iter().all(u8::is_ascii_digit))
}

/// The letters of two runs of words, to be compared one by one.
#[derive(Debug, Default)]
struct Letters {
    left: Vec<u8>,
    right: Vec<u8>,
    row: Vec<u16>,
}

impl Letters {
    /// Takes all bytes that are not spaces, and tells how many the shorter has and the longer.
    fn take(&mut self, left: &[u8], right: &[u8]) -> (usize, usize) {
        for (letters, words) in [(&mut self.left, left), (&mut self.right, right)] {
            letters.clear();
            letters.extend(words.iter().filter(|byte| **byte != b' '));
        }
        (self.left.len().min(self.right.len()), self.left.len().max(self.right.len()))
    }

    /// Their Levenshtein distance, row by row. What they begin and end with alike, mostly all but a letter or two, costs
    /// nothing and is left out.
    fn distance(&mut self) -> usize {
        let (mut left, mut right) = (self.left.as_slice(), self.right.as_slice());
        while let (Some((a, after_a)), Some((b, after_b))) = (left.split_first(), right.split_first())
            && a == b
        {
            (left, right) = (after_a, after_b);
        }
        while let (Some((a, before_a)), Some((b, before_b))) = (left.split_last(), right.split_last())
            && a == b
        {
            (left, right) = (before_a, before_b);
        }
        let row = &mut self.row;
        row.clear();
        row.extend(0..=right.len() as u16);
        for (above, letter) in left.iter().enumerate() {
            let mut diagonal = above as u16;
            let mut before = diagonal + 1;
            let Some((first, rest)) = row.split_first_mut() else { break };
            *first = before;
            for (cell, other) in rest.iter_mut().zip(right) {
                let replaced = diagonal + u16::from(letter != other);
                diagonal = *cell;
                before = replaced.min(before + 1).min(diagonal + 1);
                *cell = before;
            }
        }
        row.last().map_or(0, |last| usize::from(*last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Words;
    use crate::shingles::for_each_word;

    fn aligned(left: &str, right: &str) -> Alignment {
        let side = |text: &str| {
            let (mut words, mut hashes, mut ends) = (Words::default(), Vec::new(), Vec::new());
            words.fold(text);
            for_each_word(&words.bytes, |_, end, hash| {
                hashes.push(hash);
                ends.push(end as u32);
            });
            (words.bytes, hashes, ends)
        };
        let (left, right) = (side(left), side(right));
        align(
            Side { hashes: &left.1, folded: &left.0, ends: &left.2 },
            Side { hashes: &right.1, folded: &right.0, ends: &right.2 },
            &mut AlignBuffers::default(),
        )
    }

    const STORY: &str = "le maire de la commune a promis mardi que la piscine rouvrira avant le mois de juin";

    #[test]
    fn a_text_agrees_with_itself() {
        assert_eq!(aligned(STORY, STORY), Alignment { agreeing: [17, 17], misread: [0, 0], own: [0, 0] });
    }

    #[test]
    fn misread_words_look_alike() {
        let scan = STORY.replace("promis", "prornis").replace("piscine", "pi scine");
        let found = aligned(STORY, &scan);
        assert_eq!(found, Alignment { agreeing: [15, 15], misread: [2, 3], own: [0, 0] });
    }

    #[test]
    fn another_number_is_no_misreading() {
        let (a, b) = ("il a compté hier 1250 voix pour la liste", "il a compté hier 1258 voix pour la liste");
        assert_eq!(aligned(a, b).misread, [0, 0]);
    }

    #[test]
    fn passages_of_ones_own_are_counted() {
        let own = "une tout autre affaire occupe les habitants du quartier nord";
        let other = "personne ne sait encore combien de temps dureront ces travaux";
        let framed = |inner: &str| format!("{STORY} {inner} {STORY}");
        assert_eq!(aligned(&framed(own), &framed(other)).own, [10, 10]);
        assert_eq!(aligned(&framed(own), &framed("")).own, [10, 0]);
        assert_eq!(aligned(&format!("{STORY} {own}"), &format!("{other} {STORY}")).own, [10, 10]);
        assert_eq!(aligned(STORY, &STORY.replace("mardi", "jeudi soir")).own, [0, 0]);
    }

    #[test]
    fn moved_paragraphs_still_agree() {
        let other = "personne ne sait encore combien de temps dureront ces travaux";
        let found = aligned(&format!("{STORY} {other}"), &format!("{other} {STORY}"));
        assert_eq!(found, Alignment { agreeing: [27, 27], misread: [0, 0], own: [0, 0] });
    }

    #[test]
    fn the_nearest_place_is_found() {
        let right: Vec<u64> = "abcabdabcxabcabcab".bytes().map(u64::from).collect();
        let all = || right.windows(ANCHOR).filter_map(<[u64]>::first_chunk);
        for words in all().chain([&[97, 97, 97]]) {
            for expected in 0..20 {
                let mut places = all().enumerate().filter(|(_, found)| *found == words);
                let before =
                    places.clone().map(|(place, _)| place).take_while(|place| *place < expected).last();
                let after = places.find(|(place, _)| *place >= expected).map(|(place, _)| place);
                let mut anchors = Anchors::default();
                assert_eq!(anchors.nearest(&right, words, expected), after.or(before));
            }
        }
    }

    #[test]
    fn distances_are_levenshteins() {
        let distance = |left: &str, right: &str| {
            let mut letters = Letters::default();
            letters.take(left.as_bytes(), right.as_bytes());
            letters.distance()
        };
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("w eiter ", "weiter "), 0);
        assert_eq!((distance("", "abc"), distance("abc", "")), (3, 3));
        assert_eq!((distance("aab", "ab"), distance("abab", "ab")), (1, 2));
        assert_eq!(distance("promis", "prornis"), 2);
    }
}
