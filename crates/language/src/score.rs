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

use crate::model::{Key, LANGUAGES, Languages, MODEL, Scores, Table};
use crate::sample::{Sample, WINDOWS};
use crate::script::Script;

/// What the detailed table counts for beside the broad one. It reads every letter five times over, the broad one about
/// once. For a language outside it, `outside` bits a letter are taken off, as if it came so far behind the best inside.
struct Share {
    detailed: f32,
    outside: f32,
}

/// In a few words, the languages written most, which are those of the detailed table, are the likelier ones.
const IN_A_FEW_WORDS: Share = Share { detailed: 0.8, outside: 0.5 };
const IN_A_TEXT: Share = Share { detailed: 0.5, outside: 0.1 };
const BROAD_ONLY: Share = Share { detailed: 0.0, outside: 0.0 };
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
const CLEAR: f32 = 25.0;
/// Bits a letter that are enough for a language that the detailed table cannot confirm.
const DENSE: f32 = 0.65;
/// A window is in another language than the whole text when that is ahead by this many bits, and as many a letter: less
/// is what chance words and names make.
const WINDOW_AHEAD: f32 = 12.0;
const WINDOW_AHEAD_BY_LETTER: f32 = 0.1;
/// Longest sequence of the detailed table, in letters.
const DETAILED_LENGTH: usize = 5;
/// Letters of a word that the word table knows.
const HEAD: usize = 8;

/// Buffers of [`rank_broadly`] and [`rank_in_detail`].
#[derive(Debug, Default)]
pub(crate) struct Weights {
    broad: [Scores; WINDOWS],
    detailed: [Scores; WINDOWS],
    letters: [usize; WINDOWS],
}

/// The two best languages and how far apart they are, in bits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ranking {
    pub(crate) first: Option<u8>,
    pub(crate) second: Option<u8>,
    pub(crate) distance: f32,
    /// What the best has gathered in the broad table, in bits.
    pub(crate) evidence: f32,
    /// Letters weighed.
    pub(crate) letters: usize,
    /// Each window's language, and its letters.
    pub(crate) windows: [(Option<u8>, usize); WINDOWS],
}

impl Ranking {
    /// Whether more letters and the detailed table would not change it.
    pub(crate) fn is_clear(&self) -> bool {
        let known = self.first.is_some_and(|first| MODEL.detailed_languages().has(first));
        self.letters >= LONG
            && self.distance >= CLEAR
            && (known || self.evidence >= DENSE * self.letters as f32)
    }
}

/// Ranks `candidates` by the sample's words in `script`, by the broad table alone.
pub(crate) fn rank_broadly(
    sample: &Sample,
    script: Script,
    candidates: Languages,
    weights: &mut Weights,
) -> Ranking {
    *weights = Weights::default();
    for word in sample.words().iter().filter(|word| word.script == script) {
        let spelling = sample.spelling(*word);
        if let Some(count) = weights.letters.get_mut(word.window) {
            *count += spelling.len();
        }
        if let Some(scores) = weights.broad.get_mut(word.window) {
            weigh_broadly(&MODEL.broad, spelling, scores);
        }
    }
    decide(weights, candidates, &BROAD_ONLY)
}

/// Ranks again, after [`rank_broadly`] of the same sample, with the detailed table's help.
pub(crate) fn rank_in_detail(
    sample: &Sample,
    script: Script,
    candidates: Languages,
    weights: &mut Weights,
) -> Ranking {
    for word in sample.words().iter().filter(|word| word.script == script) {
        if let Some(scores) = weights.detailed.get_mut(word.window) {
            weigh_in_detail(&MODEL.detailed, sample.spelling(*word), scores);
        }
    }
    let few = weights.letters.iter().sum::<usize>() < FEW;
    decide(weights, candidates, if few { &IN_A_FEW_WORDS } else { &IN_A_TEXT })
}

fn weigh_broadly(table: &Table, word: &[char], scores: &mut Scores) {
    if word.len() <= 4 {
        table.add(Key::sequence(true, true).followed_by(word), scores);
    } else {
        let last = word.len() - 4;
        for (at, four) in word.windows(4).enumerate() {
            table.add(Key::sequence(at == 0, at == last).followed_by(four), scores);
        }
    }
    let head = word.get(..HEAD).unwrap_or(word);
    table.add(Key::word(word.len() <= HEAD).followed_by(head), scores);
}

fn weigh_in_detail(table: &Table, word: &[char], scores: &mut Scores) {
    let mut rest = word;
    while !rest.is_empty() {
        let mut key = Key::DETAILED;
        for letter in rest.iter().take(DETAILED_LENGTH) {
            key = key.then(*letter);
            table.add(key, scores);
        }
        rest = rest.get(1..).unwrap_or_default();
    }
}

/// Joins tables and windows.
fn decide(weights: &Weights, candidates: Languages, share: &Share) -> Ranking {
    let detailed_languages = MODEL.detailed_languages().and(candidates);
    let windows = weights.letters.iter().filter(|letters| **letters > 0).count();
    let mut totals = [0.0_f32; LANGUAGES];
    let mut evidence = [0.0_f32; LANGUAGES];
    let mut standings = [[0.0_f32; LANGUAGES]; WINDOWS];
    let scored = weights.broad.iter().zip(&weights.detailed).zip(weights.letters);
    for (((broad, detailed), letters), standing) in scored.zip(&mut standings) {
        if letters == 0 {
            continue;
        }
        let of = |scores: &Scores, language: u8| {
            scores.0.get(usize::from(language)).map_or(0.0, |bits| *bits as f32)
        };
        let known = detailed_languages.iter().map(|language| of(detailed, language)).fold(f32::MIN, f32::max);
        let joined = |language: u8| {
            let fine = if detailed_languages.has(language) {
                share.detailed * (of(detailed, language) - known)
            } else {
                let usual = MODEL.usual_level(language) * letters as f32;
                share.detailed * (usual - known).min(0.0) - share.outside * letters as f32
            };
            of(broad, language) + fine
        };
        let best = candidates.iter().map(joined).fold(f32::MIN, f32::max);
        for language in candidates.iter() {
            let behind = joined(language) - best;
            let place = usize::from(language);
            if let Some(stands) = standing.get_mut(place) {
                *stands = behind;
            }
            if let Some(total) = totals.get_mut(place) {
                // Beyond the limit, distances still order what is left.
                *total += if windows > 1 { behind.max(-WINDOW_LIMIT) + behind * BEYOND } else { behind };
            }
            if let Some(sum) = evidence.get_mut(place) {
                *sum += of(broad, language);
            }
        }
    }
    if let Some(total) = MODEL.language("bs").and_then(|bosnian| totals.get_mut(usize::from(bosnian))) {
        *total -= AGAINST_BOSNIAN;
    }
    let total = |language: u8| totals.get(usize::from(language)).copied().unwrap_or(f32::MIN);
    let mut ranking = Ranking { letters: weights.letters.iter().sum(), ..Ranking::default() };
    for language in candidates.iter() {
        if ranking.first.is_none_or(|first| total(language) > total(first)) {
            ranking.second = ranking.first.replace(language);
        } else if ranking.second.is_none_or(|second| total(language) > total(second)) {
            ranking.second = Some(language);
        }
    }
    if let Some(first) = ranking.first {
        ranking.distance = ranking.second.map_or(WINDOW_LIMIT, |second| total(first) - total(second));
        ranking.evidence = evidence.get(usize::from(first)).copied().unwrap_or(0.0);
        for ((window, standing), letters) in ranking.windows.iter_mut().zip(&standings).zip(weights.letters) {
            *window = (window_language(standing, candidates, first, letters), letters);
        }
    }
    ranking
}

/// The language of one window: the whole text's, unless another is clearly ahead there.
fn window_language(
    standing: &[f32; LANGUAGES],
    candidates: Languages,
    first: u8,
    letters: usize,
) -> Option<u8> {
    let of = |language: u8| standing.get(usize::from(language)).copied().unwrap_or(f32::MIN);
    let ahead = WINDOW_AHEAD + WINDOW_AHEAD_BY_LETTER * letters as f32;
    match candidates.iter().max_by(|left, right| of(*left).total_cmp(&of(*right))) {
        _ if letters == 0 => None,
        Some(best) if of(first) < -ahead => Some(best),
        _ => Some(first),
    }
}
