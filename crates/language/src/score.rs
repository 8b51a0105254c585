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

use std::ops::Range;

use crate::close;
use crate::model::{Counted, Key, LANGUAGES, Languages, MODEL, Scores};
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
/// The same where there is more to read than the windows.
const LONG_PART: usize = 80;
const CLEAR: f32 = 25.0;
/// Bits a letter that are enough for a language that the detailed table cannot confirm.
const DENSE: f32 = 0.65;
/// A window is in another language than the whole text when that is ahead by this many bits, and as many a letter: less
/// is what chance words and names make.
const WINDOW_AHEAD: f32 = 12.0;
const WINDOW_AHEAD_BY_LETTER: f32 = 0.1;
/// From this length on, what starts with an unknown sequence is unknown too, and not looked for.
const FIRST_TELLING: usize = 3;
/// Longest sequence of the detailed table, in letters.
const DETAILED_LENGTH: usize = 5;
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
    /// What is looked up: keys and, of the detailed table's, the letters that may follow.
    keys: Vec<Counted>,
    gathered: Vec<Counted>,
    tails: Vec<Range<usize>>,
    known: Vec<bool>,
    longer: Vec<(Key, Range<usize>)>,
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
    for scores in [&mut weights.broad, &mut weights.detailed] {
        scores.clear();
        scores.resize_with(windows, Scores::default);
    }
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
        MODEL.broad.add(&weights.keys, scores, |_| {});
    }
    weights.group = None;
    weights.met.clear();
    decide_closely(sample, script, candidates, weights, &BROAD_ONLY)
}

/// Ranks again, after [`rank_broadly`] of the same sample, with the detailed table's help.
pub(crate) fn rank_in_detail(
    sample: &Sample,
    script: Script,
    candidates: Languages,
    weights: &mut Weights,
) -> Ranking {
    let Weights { detailed, keys, gathered, tails, known, longer, .. } = weights;
    for (window, scores) in detailed.iter_mut().enumerate() {
        longer.clear();
        for word in sample.words_of(window, script) {
            longer.extend(word.letters().map(|at| (Key::DETAILED, at..word.letters().end)));
        }
        for length in 1..=DETAILED_LENGTH {
            keys.clear();
            tails.clear();
            for (key, tail) in longer.drain(..) {
                if let Some(letter) = sample.letter(tail.start).filter(|_| !tail.is_empty()) {
                    keys.push(key.then(letter).into());
                    tails.push(tail.start + 1..tail.end);
                }
            }
            known.clear();
            known.resize(keys.len(), length < FIRST_TELLING);
            if length < FIRST_TELLING {
                gather(keys, gathered);
                MODEL.detailed.add(gathered, scores, |_| {});
            } else {
                let note = |place| known.get_mut(place).into_iter().for_each(|known| *known = true);
                MODEL.detailed.add(keys, scores, note);
            }
            let all = keys.iter().zip(&*tails).zip(&*known);
            longer.extend(all.filter(|(_, known)| **known).map(|((key, tail), _)| (key.key, tail.clone())));
        }
    }
    let few = weights.letters.iter().sum::<usize>() < FEW;
    let share = if few { &IN_A_FEW_WORDS } else { &IN_A_TEXT };
    decide_closely(sample, script, candidates, weights, share)
}

/// Counts keys that come again: one or two letters are listed with nearly all languages, and cost as many additions.
///
/// A table of a few places, each with the key it met last, counts most of them; sorting would cost what counting saves.
fn gather(keys: &[Counted], gathered: &mut Vec<Counted>) {
    const PLACES: usize = 256;
    let mut met: [Option<Counted>; PLACES] = [None; PLACES];
    gathered.clear();
    for new in keys {
        let Some(place) = met.get_mut((new.key.number() >> 40) as usize % PLACES) else { continue };
        match place {
            Some(old) if old.key == new.key => old.times += new.times,
            _ => gathered.extend(place.replace(*new)),
        }
    }
    gathered.extend(met.into_iter().flatten());
}

/// Joins tables and windows; where two close languages come out first, once more with the words by which these differ.
fn decide_closely(
    sample: &Sample,
    script: Script,
    candidates: Languages,
    weights: &mut Weights,
    share: &Share,
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
fn broad_keys(word: &[char], keys: &mut Vec<Counted>) {
    if word.len() <= 4 {
        keys.push(Key::sequence(true, true).followed_by(word).into());
    } else {
        let last = word.len() - 4;
        let fours = word.windows(4).enumerate();
        keys.extend(
            fours.map(|(at, four)| Counted::from(Key::sequence(at == 0, at == last).followed_by(four))),
        );
    }
    let head = word.get(..HEAD).unwrap_or(word);
    keys.push(Key::word(word.len() <= HEAD).followed_by(head).into());
}

/// Joins tables and windows.
///
/// The sums run over all numbers of languages, candidates or not: arrays of fixed size without a branch become vector
/// code, which costs less than skipping.
fn decide(weights: &mut Weights, candidates: Languages, share: &Share) -> Ranking {
    let mask: PerLanguage =
        std::array::from_fn(|language| if candidates.has(language as u8) { 0.0 } else { OUT });
    let levels = MODEL.levels();
    let Weights { broad, detailed, letters, standings, .. } = weights;
    let windows = letters.iter().filter(|letters| **letters > 0).count();
    let mut totals = mask;
    let scored = broad.iter().zip(&*detailed).zip(&*letters);
    for (((broad, detailed), &letters), standing) in scored.zip(&mut *standings) {
        if letters == 0 {
            continue;
        }
        let size = letters as f32;
        // A language that the detailed table knows is heard with its own bits; any other as if it came so far behind.
        let known = detailed.0.iter().zip(levels).zip(&mask);
        let known =
            known.map(|((bits, level), mask)| *bits as f32 + level.unknown + mask).fold(OUT, f32::max);
        let joined = standing.iter_mut().zip(broad.0).zip(detailed.0).zip(levels).zip(&mask);
        let mut best = OUT;
        for ((((joined, broad), detailed), level), mask) in joined {
            let own = share.detailed * (detailed as f32 - known);
            let usual = share.detailed * (level.usual * size - known).min(0.0) - share.outside * size;
            *joined = broad as f32 + if level.unknown == 0.0 { own } else { usual } + mask;
            best = best.max(*joined);
        }
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
    let next = candidates
        .iter()
        .filter(|language| *language != first)
        .map(|rival| at(&rivals, rival))
        .fold(OUT, f32::max);
    ranking.distance = if second.is_some() { at(&rivals, first) - next } else { WINDOW_LIMIT };
    ranking
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

fn two_best(totals: &PerLanguage, candidates: Languages) -> (Option<u8>, Option<u8>) {
    let (mut first, mut second): (Option<u8>, Option<u8>) = (None, None);
    for language in candidates.iter() {
        let beats = |other: Option<u8>| other.is_none_or(|other| at(totals, language) > at(totals, other));
        if beats(first) {
            second = first.replace(language);
        } else if beats(second) {
            second = Some(language);
        }
    }
    (first, second)
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
