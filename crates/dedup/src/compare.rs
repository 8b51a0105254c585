//! How alike two texts are, and what that makes of them.
//!
//! Three rules, and two reasons not to apply them:
//!
//! - *near*: enough shared shingles;
//! - *contained*: nearly all of the smaller text is in the larger, and is a good part of it;
//! - *misread*: the words agree or look alike, and most of those that do not agree look alike;
//! - but not where both have passages of their own: two articles in one frame;
//! - nor where the larger has another article besides.
//!
//! A limit on the Jaccard index alone must choose. On 3,400 labelled texts (press with edited and scanned copies, the
//! versions of a law, pages of one site) a limit of .8 finds two copies in three (F1 .81); one of .7 drops seven
//! articles for their frames (F1 .87). These rules find 96 in a hundred and drop none wrongly (F1 .98). Ignoring
//! shingles of more than six documents, the usual remedy against frames, reaches .92 with one, and would erase any
//! story that more papers print.

use crate::align::{AlignBuffers, Side, align};
use crate::fold::count_words;
use crate::options::Near;
use crate::shingles::{HashedSet, for_each_word, shingles};

/// What a comparison of two texts found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Likeness {
    /// Distinct five-word shingles of the first text.
    pub left: usize,
    /// Distinct five-word shingles of the second text.
    pub right: usize,
    /// Shingles that both have.
    pub shared: usize,
    /// Share of the shorter text's words that stand in runs common to both, at least three words long.
    pub agreement: f64,
    /// Share of the shorter text's words that face words spelt much alike.
    pub misread: f64,
    /// Share of the words of both texts that agree or look alike.
    pub overlap: f64,
    /// Words in passages that only one text has, at least eight in a row, for the text with fewer of them.
    pub own: usize,
    /// Words of the longer text in passages that the shorter has not.
    pub rest: usize,
    /// Words of the shorter text.
    pub shorter: usize,
    /// Words of the longer text.
    pub longer: usize,
}

/// What a likeness makes of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// They say the same in the same words.
    Near,
    /// One is the main part of the other.
    Contained,
    /// One is a bad reading of the other.
    Misread,
}

impl Likeness {
    /// Share of the shingles of both texts that both have (the Sørensen–Dice coefficient), 0 to 1. Half of a text
    /// against the whole of it gives 2/3.
    pub fn similarity(&self) -> f64 {
        ratio(2 * self.shared, self.left + self.right)
    }

    /// Shared shingles over all shingles of the two texts, 0 to 1.
    pub fn jaccard(&self) -> f64 {
        ratio(self.shared, self.left + self.right - self.shared)
    }

    /// Share of the smaller text's shingles that the other has, 0 to 1.
    pub fn containment(&self) -> f64 {
        ratio(self.shared, self.left.min(self.right))
    }

    /// What the two texts are to each other under `near`; `None` for two texts in their own right.
    pub fn judge(&self, near: &Near) -> Option<Match> {
        if self.have_own_passages(near) || self.has_another_article() {
            return None;
        }
        if self.similarity() >= near.similarity {
            Some(Match::Near)
        } else if near.containment.is_some_and(|limit| self.containment() >= limit)
            && self.jaccard() >= LEAST_PART
        {
            Some(Match::Contained)
        } else if near.reading.is_some_and(|limit| self.reading() >= limit)
            && self.misread >= MOSTLY_MISREAD * (1.0 - self.agreement)
            && self.overlap >= LEAST_OVERLAP
        {
            Some(Match::Misread)
        } else {
            None
        }
    }

    /// Whether the shingles alone leave it open that the texts match. More shared ones, or fewer of either text, never
    /// speak against it.
    pub(crate) fn may_match(&self, near: &Near, may_be_misread: bool) -> bool {
        self.similarity() >= near.similarity
            || near.containment.is_some_and(|limit| self.containment() >= limit)
            || (may_be_misread && near.reading.is_some() && self.containment() >= WORTH_ALIGNING)
    }

    /// Share of the shorter text's words that agree or look alike, 0 to 1.
    pub fn reading(&self) -> f64 {
        self.agreement + self.misread
    }

    /// What the rule of `found` measures, 0 to 1.
    pub fn measured(&self, found: Match) -> f64 {
        match found {
            Match::Near => self.similarity(),
            Match::Contained => self.containment(),
            Match::Misread => self.reading(),
        }
    }

    /// Whether both texts have passages of their own in each other's place: two articles in one frame, not copies.
    fn have_own_passages(&self, near: &Near) -> bool {
        self.own >= OWN_WORDS && self.own as f64 >= near.own_passages * self.shorter as f64
    }

    /// Whether the longer text is more than a copy of the shorter: most of it is something else, and enough for an
    /// article. A page of several articles, of which this is one, or an article that quotes a note in full.
    fn has_another_article(&self) -> bool {
        self.rest >= ARTICLE_WORDS && 2 * self.shorter < self.longer
    }
}

/// The Jaccard index below which a contained text is an excerpt, which is not dropped: a quotation, a summary, one
/// article on a page of many.
const LEAST_PART: f64 = 0.3;

/// The same for misread copies, in words that agree or look alike: few shingles survive a bad scan.
const LEAST_OVERLAP: f64 = 0.5;

/// The share of the differences that must be misreadings. Amended laws and updated reports read as much alike as bad
/// scans do, but their new words do not look like the old ones.
const MOSTLY_MISREAD: f64 = 0.5;

/// Fewer words of one's own than this are a changed headline or byline.
const OWN_WORDS: usize = 15;

/// What else a longer text has counts as an article from this many words on; fewer are a frame.
const ARTICLE_WORDS: usize = 75;

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A text ready for comparison.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    pub(crate) hashes: Vec<u64>,
    folded: Vec<u8>,
    ends: Vec<u32>,
    /// The shingles, once they were compared; empty before.
    set: HashedSet,
    is_set: bool,
}

impl Profile {
    /// Takes passages of a sketch: whole lines.
    pub(crate) fn load<'a>(&mut self, passages: impl Iterator<Item = &'a [u8]>) {
        self.folded.clear();
        self.is_set = false;
        let mut count = 0;
        for passage in passages {
            let (before, offset) = (count, self.folded.len());
            count += count_words(passage);
            // Longer than what is in use until all are there: what will be written need not be zeroed.
            if self.hashes.len() < count {
                self.hashes.resize(count, 0);
                self.ends.resize(count, 0);
            }
            let hashes = self.hashes.get_mut(before..).unwrap_or_default();
            let mut words = hashes.iter_mut().zip(self.ends.get_mut(before..).unwrap_or_default());
            for_each_word(passage, |_, end, hash| {
                if let Some((to_hash, to_end)) = words.next() {
                    (*to_hash, *to_end) = (hash, (offset + end) as u32);
                }
            });
            self.folded.extend_from_slice(passage);
        }
        self.hashes.truncate(count);
        self.ends.truncate(count);
        // No byte of a longer character is as low.
        self.folded.iter_mut().for_each(|byte| *byte = (*byte).max(b' '));
    }

    /// Bytes of the words.
    pub(crate) const fn len(&self) -> usize {
        self.folded.len()
    }

    /// Gives the room for shingles to another text, and takes its.
    pub(crate) const fn swap_sets(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.set, &mut other.set);
        (self.is_set, other.is_set) = (false, false);
    }

    fn side(&self) -> Side<'_> {
        Side { hashes: &self.hashes, folded: &self.folded, ends: &self.ends }
    }

    fn shingles(&self) -> impl Iterator<Item = u64> {
        shingles(self.hashes.iter().copied())
    }
}

/// Compares two texts. Symmetric in what [`Likeness::judge`] makes of it.
pub(crate) fn compare(left: &mut Profile, right: &Profile, buffers: &mut AlignBuffers) -> Likeness {
    let found = count(left, right);
    if found.containment() >= WORTH_ALIGNING { aligned(found, left, right, buffers) } else { found }
}

/// What `near` makes of two texts; like [`compare`] and [`Likeness::judge`], but without an alignment where none can
/// make them match. Misread copies, which only an alignment can tell, are looked for where `may_be_misread`.
pub(crate) fn matching(
    near: &Near,
    left: &mut Profile,
    right: &Profile,
    may_be_misread: bool,
    buffers: &mut AlignBuffers,
) -> Option<(Match, Likeness)> {
    let found = count(left, right);
    if !found.may_match(near, may_be_misread) {
        return None;
    }
    let likeness = aligned(found, left, right, buffers);
    Some((likeness.judge(near)?, likeness))
}

/// The shingles of two texts. Those of the left one stay in its set, as it may be compared with others.
fn count(left: &mut Profile, right: &Profile) -> Likeness {
    let (of_left, of_right) = (left.hashes.len(), right.hashes.len());
    if !left.is_set || !left.set.has_room(of_left + of_right) {
        let mut set = std::mem::take(&mut left.set);
        set.begin(of_left + of_right);
        left.shingles().for_each(|shingle| _ = set.insert(shingle));
        (left.set, left.is_set) = (set, true);
    }
    let (distinct, shared) = left.set.overlap(right.shingles());
    Likeness {
        left: left.set.len(),
        right: distinct,
        shared,
        shorter: of_left.min(of_right),
        longer: of_left.max(of_right),
        ..Likeness::default()
    }
}

/// Completes a likeness by what an alignment finds.
fn aligned(mut found: Likeness, left: &Profile, right: &Profile, buffers: &mut AlignBuffers) -> Likeness {
    // Alignment has a direction; a fixed one makes the result the same for (a, b) and (b, a).
    let key = |profile: &'_ Profile| profile.hashes.len();
    let swapped = (key(left), &left.folded) > (key(right), &right.folded);
    let (shorter, longer) = if swapped { (right, left) } else { (left, right) };
    let aligned = align(shorter.side(), longer.side(), buffers);
    let ([agreeing, _], [misread, _]) = (aligned.agreeing, aligned.misread);
    found.agreement = ratio(agreeing, found.shorter);
    found.misread = ratio(misread, found.shorter);
    let alike = aligned.agreeing.iter().chain(&aligned.misread).sum();
    found.overlap = ratio(alike, left.hashes.len() + right.hashes.len());
    let [of_shorter, of_longer] = aligned.own;
    found.own = of_shorter.min(of_longer);
    found.rest = of_longer;
    found
}

/// Below this containment no rule holds and no alignment is tried. A scan with three letters in a hundred misread
/// keeps .3 to .5 of its shingles; pairs with less than this might not even become candidates.
const WORTH_ALIGNING: f64 = 0.15;
