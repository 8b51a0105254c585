//! Weighs a sample's words among the languages of its script.
//!
//! Two tables speak. The broad one, of all languages, lists for each four-letter sequence and word the few languages
//! that have it most; its weights are log-probabilities above a floor. The detailed one, of 64 languages, is an
//! interpolated five-gram model: it tells close languages apart and reads single words (of words and pairs of words in
//! 75 languages, the broad table alone tells 69 %, both 80 %), and knows nothing of the rest. A language it lacks is
//! held just below the best it has, as long as that fits no better than it usually does on texts in that language; what
//! it fits better speaks against that language.
//!
//! Each window's sums are cut at a limit below the window's best: one foreign window cannot outvote the two others,
//! while neighbours like Bosnian and Croatian, which stay close in every window, are told apart by the sum of all.

use crate::close;
use crate::model::{Key, LANGUAGES, Languages, MODEL};
use crate::rows::{RowSums, Rows};
use crate::sample::{Sample, WINDOWS};
use crate::script::Script;
use crate::table::{Found, Scores};

/// What the detailed table counts for beside the broad one. It reads every letter five times over, the broad one about
/// once. For a language outside it, `outside` bits a letter are taken off, as if it came so far behind the best inside.
struct Share {
    detailed: f32,
    outside: f32,
}

/// In a few words, the languages written most, which are those of the detailed table, are the likelier ones.
const IN_A_FEW_WORDS: Share = Share { detailed: 0.8, outside: 0.5 };
const IN_A_TEXT: Share = Share { detailed: 0.5, outside: 0.1 };
/// Fewer letters than this are a few words.
const FEW: usize = 24;
/// Bits against Bosnian. Its forms are those of Croatian or those of Serbian, so it comes close to both, and there is
/// an eighth as much of it.
const AGAINST_BOSNIAN: f32 = 3.0;
/// What a window can say against a language, in bits.
const WINDOW_LIMIT: f32 = 50.0;
/// The share of its distance that still counts beyond the limit.
const BEYOND: f32 = 1e-3;
/// From this many letters and bits ahead on, the broad table needs no help. The detailed one costs six times as much.
const LONG: usize = 250;
/// The same where there is more to read than the windows.
const LONG_PART: usize = 80;
const CLEAR: f32 = 25.0;
/// Bits a letter that are enough for a language that the detailed table cannot confirm.
const DENSE: f32 = 0.65;
/// A window is in another language than the whole text when that is ahead by this many bits, and as many a letter: less
/// is what chance words and names make.
const WINDOW_AHEAD: f32 = 12.0;
const WINDOW_AHEAD_BY_LETTER: f32 = 0.1;
/// Sequences of the detailed table up to this length are kept as rows. From it on, what starts with an unknown sequence is
/// unknown too, and not looked for. The longest have two letters more.
const SHORT: usize = 3;
/// Letters of a word that the word table knows.
const HEAD: usize = 8;

/// Buffers of [`rank_broadly`] and [`rank_in_detail`].
#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// By window.
    broad: Vec<Scores>,
    detailed: Vec<Scores>,
    letters: Vec<usize>,
    standings: Vec<PerLanguage>,
    /// What is looked up, and the letter after each.
    keys: Vec<Key>,
    next: Vec<Option<char>>,
    longer: Vec<Key>,
    rows: Rows,
    found_broadly: Found,
    found_in_detail: Found,
    /// The group of close languages whose words have been weighed, and how often each was met.
    group: Option<usize>,
    met: Vec<u8>,
}

/// The two best languages and how far apart they are, in bits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ranking {
    pub(crate) first: Option<u8>,
    pub(crate) second: Option<u8>,
    pub(crate) distance: f32,
    /// What the best has gathered in the broad table, in bits.
    pub(crate) evidence: f32,
    /// Letters of the windows that are in the best; distance and evidence are over these.
    pub(crate) own_letters: usize,
    /// Letters weighed.
    pub(crate) letters: usize,
    /// Each window's language, and its letters.
    pub(crate) windows: [(Option<u8>, usize); WINDOWS],
}

impl Ranking {
    /// Whether more letters and the detailed table would not change it.
    pub(crate) fn is_clear(&self, is_whole: bool) -> bool {
        let known = self.first.is_some_and(|first| MODEL.detailed_languages().has(first));
        self.letters >= if is_whole { LONG } else { LONG_PART }
            && self.distance >= CLEAR
            && self.is_of_one_language()
            && (known || self.evidence >= DENSE * self.letters as f32)
    }
}

impl Ranking {
    /// Whether all windows are in the best language.
    pub(crate) fn is_of_one_language(&self) -> bool {
        self.own_letters == self.letters
    }
}

/// Ranks `candidates` by the sample's words in `script`, by the broad table alone.
pub(crate) fn rank_broadly(
    sample: &Sample,
    script: Script,
    candidates: Languages,
    weights: &mut Weights,
) -> Ranking {
    let windows = sample.windows();
    weights.broad.clear();
    weights.broad.resize_with(windows, Scores::default);
    weights.letters.clear();
    weights.letters.resize(windows, 0);
    weights.standings.resize(windows, [0.0; LANGUAGES]);
    let counted = weights.broad.iter_mut().zip(&mut weights.letters);
    for (window, (scores, letters)) in counted.enumerate() {
        weights.keys.clear();
        for word in sample.words_of(window, script) {
            let spelling = sample.spelling(*word);
            *letters += spelling.len();
            broad_keys(spelling, &mut weights.keys);
        }
        MODEL.broad.add(&weights.keys, &mut weights.found_broadly, scores, |_| {});
    }
    weights.group = None;
    weights.met.clear();
    decide_closely(sample, script, candidates, weights, None)
}

/// Ranks again, after [`rank_broadly`] of the same sample, with the detailed table's help.
pub(crate) fn rank_in_detail(
    sample: &Sample,
    script: Script,
    candidates: Languages,
    weights: &mut Weights,
) -> Ranking {
    let Weights { detailed, keys, next, longer, rows, found_in_detail, .. } = weights;
    detailed.clear();
    detailed.resize_with(sample.windows(), Scores::default);
    for (window, scores) in detailed.iter_mut().enumerate() {
        keys.clear();
        next.clear();
        longer.clear();
        let mut sums = RowSums::new();
        for word in sample.words_of(window, script) {
            let mut rest = sample.spelling(*word);
            while !rest.is_empty() {
                let (mut key, mut known) = (Key::DETAILED, true);
                for letter in rest.iter().take(SHORT) {
                    key = key.then(*letter);
                    known = rows.add(key, &mut sums, scores);
                }
                if let Some(letter) = rest.get(SHORT).filter(|_| known) {
                    keys.push(key.then(*letter));
                    next.push(rest.get(SHORT + 1).copied());
                }
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        sums.move_to(scores);
        MODEL.detailed.add(keys, found_in_detail, scores, |place| {
            if let (Some(key), Some(Some(letter))) = (keys.get(place), next.get(place)) {
                longer.push(key.then(*letter));
            }
        });
        MODEL.detailed.add(longer, found_in_detail, scores, |_| {});
    }
    let few = weights.letters.iter().sum::<usize>() < FEW;
    let share = if few { &IN_A_FEW_WORDS } else { &IN_A_TEXT };
    decide_closely(sample, script, candidates, weights, Some(share))
}

/// Joins tables and windows; where two close languages come out first, once more with the words by which these differ.
fn decide_closely(
    sample: &Sample,
    script: Script,
    candidates: Languages,
    weights: &mut Weights,
    share: Option<&Share>,
) -> Ranking {
    let ranking = decide(weights, candidates, share);
    let (Some(first), Some(second)) = (ranking.first, ranking.second) else { return ranking };
    let Some(group) = close::group(first, second).filter(|group| weights.group != Some(*group)) else {
        return ranking;
    };
    weights.group = Some(group);
    for (window, scores) in weights.broad.iter_mut().enumerate() {
        for word in sample.words_of(window, script) {
            close::weigh(group, sample.spelling(*word), scores, &mut weights.met);
        }
    }
    decide(weights, candidates, share)
}

/// The keys of a word in the broad table.
fn broad_keys(word: &[char], keys: &mut Vec<Key>) {
    if word.len() <= 4 {
        keys.push(Key::sequence(true, true).followed_by(word));
    } else {
        let last = word.len() - 4;
        let fours = word.windows(4).enumerate();
        keys.extend(fours.map(|(at, four)| Key::sequence(at == 0, at == last).followed_by(four)));
    }
    let head = word.get(..HEAD).unwrap_or(word);
    keys.push(Key::word(word.len() <= HEAD).followed_by(head));
}

/// Joins tables and windows; the broad table alone where there is no share for the detailed one.
///
/// The sums run over all numbers of languages, candidates or not: arrays of fixed size without a branch become vector
/// code, which costs less than skipping.
fn decide(weights: &mut Weights, candidates: Languages, share: Option<&Share>) -> Ranking {
    let mask: PerLanguage =
        std::array::from_fn(|language| if candidates.has(language as u8) { 0.0 } else { OUT });
    let Weights { broad, detailed, letters, standings, .. } = weights;
    let windows = letters.iter().filter(|letters| **letters > 0).count();
    let mut totals = mask;
    for (window, (broad, standing)) in broad.iter().zip(&mut *standings).enumerate() {
        let size = letters.get(window).copied().unwrap_or_default() as f32;
        if size == 0.0 {
            continue;
        }
        for ((standing, bits), mask) in standing.iter_mut().zip(&broad.0).zip(&mask) {
            *standing = *bits as f32 + mask;
        }
        if let (Some(share), Some(detailed)) = (share, detailed.get(window)) {
            join(broad, detailed, size, share, &mask, standing);
        }
        let best = greatest(standing);
        for (standing, total) in standing.iter_mut().zip(&mut totals) {
            *standing -= best;
            // Beyond the limit, distances still order what is left.
            *total += if windows > 1 { standing.max(-WINDOW_LIMIT) + *standing * BEYOND } else { *standing };
        }
    }
    hold_back_bosnian(&mut totals);
    let (first, second) = two_best(&totals, candidates);
    let mut ranking = Ranking { first, second, letters: letters.iter().sum(), ..Ranking::default() };
    let Some(first) = first else { return ranking };
    for ((window, standing), letters) in ranking.windows.iter_mut().zip(&*standings).zip(&*letters) {
        *window = (window_language(standing, candidates, first, *letters), *letters);
    }
    // How sure the first is shows where the text is in it: a quotation in another language does not make it another.
    let mut rivals = mask;
    let own = ranking.windows.iter().zip(&*standings).zip(&*broad);
    for (((language, letters), standing), broad) in own {
        if *language == Some(first) {
            ranking.own_letters += letters;
            ranking.evidence += broad.of(first) as f32;
            rivals.iter_mut().zip(standing).for_each(|(rival, standing)| *rival += standing);
        }
    }
    hold_back_bosnian(&mut rivals);
    let own = at(&rivals, first);
    if let Some(rival) = rivals.get_mut(usize::from(first)) {
        *rival = OUT;
    }
    ranking.distance = if second.is_some() { own - greatest(&rivals) } else { WINDOW_LIMIT };
    ranking
}

/// What both tables say of a window. A language that the detailed table knows is heard with its own bits; any other as if
/// it came so far behind.
fn join(
    broad: &Scores,
    detailed: &Scores,
    size: f32,
    share: &Share,
    mask: &PerLanguage,
    standing: &mut PerLanguage,
) {
    let levels = MODEL.levels();
    for (((joined, bits), level), mask) in standing.iter_mut().zip(&detailed.0).zip(levels).zip(mask) {
        *joined = *bits as f32 + level.unknown + mask;
    }
    let known = greatest(standing);
    let bits = broad.0.iter().zip(&detailed.0);
    for (((joined, (broad, detailed)), level), mask) in standing.iter_mut().zip(bits).zip(levels).zip(mask) {
        let own = share.detailed * (*detailed as f32 - known);
        let usual = share.detailed * (level.usual * size - known).min(0.0) - share.outside * size;
        *joined = *broad as f32 + if level.unknown == 0.0 { own } else { usual } + mask;
    }
}

/// A number for each language, by its place in the model.
type PerLanguage = [f32; LANGUAGES];

/// What is added for languages that are no candidates.
const OUT: f32 = -1e9;

fn at(values: &PerLanguage, language: u8) -> f32 {
    values.get(usize::from(language)).copied().unwrap_or(OUT)
}

fn hold_back_bosnian(totals: &mut PerLanguage) {
    if let Some(total) = MODEL.bosnian().and_then(|bosnian| totals.get_mut(usize::from(bosnian))) {
        *total -= AGAINST_BOSNIAN;
    }
}

/// The greatest of the values, none below [`OUT`]. Eight greatest ones side by side, which become vector code: one alone
/// waits for itself.
fn greatest(values: &PerLanguage) -> f32 {
    let mut lanes = [OUT; 8];
    for chunk in values.as_chunks::<8>().0 {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value > *lane { *value } else { *lane };
        }
    }
    lanes.into_iter().fold(OUT, f32::max)
}

/// The two candidates with the greatest totals; of equal ones the first.
fn two_best(totals: &PerLanguage, candidates: Languages) -> (Option<u8>, Option<u8>) {
    let mut rest = *totals;
    let mut next = || {
        let best = greatest(&rest);
        let place = rest.iter().position(|total| *total >= best && best > OUT)?;
        if let Some(taken) = rest.get_mut(place) {
            *taken = OUT;
        }
        // What is no candidate has less than any candidate.
        Some(place as u8).filter(|language| candidates.has(*language))
    };
    (next(), next())
}

/// The language of one window: the whole text's, unless another is clearly ahead there.
fn window_language(standing: &PerLanguage, candidates: Languages, first: u8, letters: usize) -> Option<u8> {
    let ahead = WINDOW_AHEAD + WINDOW_AHEAD_BY_LETTER * letters as f32;
    if letters == 0 {
        return None;
    }
    if at(standing, first) >= -ahead {
        return Some(first);
    }
    two_best(standing, candidates).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_laws::proptest::prelude::*;

    /// As [`two_best`], one candidate after the other.
    fn plainly(totals: &PerLanguage, candidates: Languages) -> (Option<u8>, Option<u8>) {
        let (mut first, mut second): (Option<u8>, Option<u8>) = (None, None);
        for language in candidates.iter() {
            let beats =
                |other: Option<u8>| other.is_none_or(|other| at(totals, language) > at(totals, other));
            if beats(first) {
                second = first.replace(language);
            } else if beats(second) {
                second = Some(language);
            }
        }
        (first, second)
    }

    proptest! {
        #[test]
        fn the_two_best_are_the_first_with_the_greatest_totals(
            listed in prop::collection::vec((0..LANGUAGES, -9_i8..9), 0..12),
            others in prop::collection::vec((0..LANGUAGES, -9_i8..9), 0..12),
        ) {
            // As `decide` makes them: what is no candidate stands far below.
            let mut totals = [OUT - 50.0; LANGUAGES];
            let mut candidates = Languages::default();
            for (language, total) in others {
                totals[language] = OUT + f32::from(total) * 100.0;
            }
            for (language, total) in listed {
                totals[language] = f32::from(total);
                candidates.insert(language as u8);
            }
            prop_assert_eq!(two_best(&totals, candidates), plainly(&totals, candidates));
        }
    }
}
