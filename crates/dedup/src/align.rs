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
use crate::shingles::scatter;

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
    index: Vec<(u64, u32)>,
    runs: Vec<Run>,
    left_taken: Vec<bool>,
    right_taken: Vec<bool>,
    distances: Vec<u16>,
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
    let AlignBuffers { runs, left_taken, right_taken, distances, .. } = buffers;
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
            && look_alike(left.words(left_at, run.left), right.words(right_at, run.right), distances)
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
    taken.iter_mut().skip(start).take(len).for_each(|taken| *taken = true);
}

/// Words in passages that the other text does not have.
fn own(taken: &[bool]) -> usize {
    let passages = taken.chunk_by(|a, b| a == b).filter(|run| !run.contains(&true));
    passages.map(<[bool]>::len).filter(|len| *len >= PASSAGE).sum()
}

/// Finds common runs in the order of the left text; they are disjoint there.
fn find_runs(left: &[u64], right: &[u64], buffers: &mut AlignBuffers) {
    let AlignBuffers { index, runs, .. } = buffers;
    index.clear();
    index.extend(right.windows(ANCHOR).zip(0_u32..).map(|(words, place)| (anchor(words), place)));
    index.sort_unstable();
    runs.clear();
    let (mut at, mut done, mut expected) = (0, 0, 0);
    while let Some(words) = left.get(at..at + ANCHOR) {
        let Some(place) = nearest(index, anchor(words), expected) else {
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

fn anchor(words: &[u64]) -> u64 {
    words.iter().fold(0, |hash, word| scatter(hash ^ *word))
}

/// The place of `hash` in the index that comes first from `expected` on, else the last one before.
fn nearest(index: &[(u64, u32)], hash: u64, expected: usize) -> Option<usize> {
    let from = (hash, u32::try_from(expected).unwrap_or(u32::MAX));
    let after = index.partition_point(|entry| *entry < from);
    let has_hash = |entry: &&(u64, u32)| entry.0 == hash;
    let found = index.get(after).filter(has_hash);
    let found = found.or_else(|| index.get(after.checked_sub(1)?).filter(has_hash))?;
    Some(found.1 as usize)
}

/// Whether two runs of words could be readings of the same print: at most a third of the letters differ, spaces do
/// not count, and whole numbers are the same.
fn look_alike(left: &[u8], right: &[u8], distances: &mut Vec<u16>) -> bool {
    if left.len() > MISREAD_BYTES || right.len() > MISREAD_BYTES || !numbers(left).eq(numbers(right)) {
        return false;
    }
    let letters = |words: &'_ [u8]| words.iter().filter(|byte| **byte != b' ').count();
    let (shortest, longest) = (letters(left).min(letters(right)), letters(left).max(letters(right)));
    (longest - shortest) * 3 <= longest && distance(left, right, distances) * 3 <= longest
}

fn numbers(folded: &[u8]) -> impl Iterator<Item = &[u8]> {
    fold::words_of(folded).filter(|word| word.iter().all(u8::is_ascii_digit))
}

/// Levenshtein distance of the bytes that are not spaces, row by row.
fn distance(left: &[u8], right: &[u8], row: &mut Vec<u16>) -> usize {
    let letters = |byte: &&u8| **byte != b' ';
    row.clear();
    row.extend(0..=right.iter().filter(letters).count() as u16);
    for (above, letter) in left.iter().filter(letters).enumerate() {
        let mut diagonal = above as u16;
        let mut before = diagonal + 1;
        let Some((first, rest)) = row.split_first_mut() else { break };
        *first = before;
        for (cell, other) in rest.iter_mut().zip(right.iter().filter(letters)) {
            let replaced = diagonal + u16::from(letter != other);
            diagonal = *cell;
            before = replaced.min(before + 1).min(diagonal + 1);
            *cell = before;
        }
    }
    row.last().map_or(0, |last| usize::from(*last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Words;
    use crate::sketch::hash_words;

    fn aligned(left: &str, right: &str) -> Alignment {
        let side = |text: &str| {
            let (mut words, mut hashes) = (Words::default(), Vec::new());
            words.fold(text);
            hash_words(&words, &mut hashes);
            (words, hashes)
        };
        let ((left, left_hashes), (right, right_hashes)) = (side(left), side(right));
        align(
            Side { hashes: &left_hashes, folded: &left.bytes, ends: &left.ends },
            Side { hashes: &right_hashes, folded: &right.bytes, ends: &right.ends },
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
    fn distances_are_levenshteins() {
        let mut row = Vec::new();
        assert_eq!(distance(b"kitten", b"sitting", &mut row), 3);
        assert_eq!(distance(b"w eiter ", b"weiter ", &mut row), 0);
        assert_eq!(distance(b"", b"abc", &mut row), 3);
        assert_eq!(distance(b"abc", b"", &mut row), 3);
    }
}
