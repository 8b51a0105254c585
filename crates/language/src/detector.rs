//! Detectors: from a text to its language.

use std::cell::RefCell;

use tamis_core::{LanguageShares, LanguageTag};

use crate::confidence;
use crate::model::{Languages, MODEL};
use crate::sample::{BRIEF, SPREAD, Sample, WIDE};
use crate::score::{Ranking, Weights, rank_broadly, rank_in_detail};
use crate::script::Script;
use crate::trigrams::Trigrams;
use crate::{Model, Options, OptionsError};

/// What a detector says of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The language, `und` when there is too little to tell or the confidence is below what was asked for.
    pub language: LanguageTag,
    /// The probability that the likeliest language is right, 0 to 1; also where `language` is `und`.
    pub confidence: f64,
    /// The likeliest language, whatever the confidence; `None` for a text without letters.
    pub likeliest: Option<LanguageTag>,
    /// The next likely language.
    pub second: Option<LanguageTag>,
    /// At least how much more probable the likeliest is than the second, 0 to 1.
    pub margin: f64,
    /// How much of what was read is in which language; empty where `language` is `und`.
    pub shares: LanguageShares,
    /// The confidence that was asked for.
    pub threshold: f64,
    /// The letters it rests on: those read in the likeliest language.
    pub letters: usize,
    /// Bits by which the likeliest is ahead of the second; 0 with a model that does not tell.
    pub lead: f32,
    /// Bits that the letters say for the likeliest; 0 with a model that does not tell.
    pub evidence: f32,
}

impl Detection {
    /// Nothing to tell a language by.
    pub(crate) fn nothing() -> Self {
        Self {
            language: LanguageTag::UNDETERMINED,
            confidence: 0.0,
            likeliest: None,
            second: None,
            margin: 0.0,
            shares: LanguageShares::default(),
            threshold: 0.0,
            letters: 0,
            lead: 0.0,
            evidence: 0.0,
        }
    }
}

/// Buffers that a detector works in: kept from text to text, they spare it all allocation and many look-ups. Half a megabyte.
#[derive(Debug, Default)]
pub struct Buffers {
    pub(crate) sample: Sample,
    weights: Weights,
    pub(crate) plain: String,
}

/// Finds the language of texts.
///
/// ```
/// use tamis_language::{Detector, Options};
///
/// let detector = Detector::new(&Options { candidates: vec!["fr".into(), "oc".into()], ..Options::default() })?;
/// assert_eq!(detector.detect("Lo filh dejós de son ostal").language.as_str(), "oc");
/// # Ok::<(), tamis_language::OptionsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Detector {
    engine: Engine,
    min_confidence: Option<f64>,
}

#[derive(Clone, Debug)]
enum Engine {
    Ngrams { candidates: Option<Languages> },
    Trigrams(Trigrams),
}

impl Default for Detector {
    fn default() -> Self {
        Self { engine: Engine::Ngrams { candidates: None }, min_confidence: None }
    }
}

impl Detector {
    /// A detector with options.
    pub fn new(options: &Options) -> Result<Self, OptionsError> {
        options.check()?;
        let engine = match options.model {
            Model::Tamis => Engine::Ngrams { candidates: candidates(&options.candidates) },
            Model::Whatlang => Engine::Trigrams(Trigrams::new(&options.candidates)),
        };
        Ok(Self { engine, min_confidence: options.min_confidence })
    }

    /// Finds the language of a text, in buffers that the thread keeps.
    pub fn detect(&self, text: &str) -> Detection {
        thread_local! {
            static BUFFERS: RefCell<Buffers> = RefCell::default();
        }
        BUFFERS.with(|buffers| match buffers.try_borrow_mut() {
            Ok(mut buffers) => self.detect_with(text, &mut buffers),
            Err(_) => self.detect_with(text, &mut Buffers::default()),
        })
    }

    /// Finds the language of a text, in buffers used before.
    pub fn detect_with(&self, text: &str, buffers: &mut Buffers) -> Detection {
        let found = match &self.engine {
            Engine::Ngrams { candidates } => by_ngrams(text, buffers, *candidates),
            Engine::Trigrams(trigrams) => {
                buffers.sample.read(text, WIDE);
                if main_script(&buffers.sample).is_some() {
                    trigrams.detect(buffers)
                } else {
                    Detection::nothing()
                }
            }
        };
        self.judge(found, buffers)
    }

    /// Leaves the language open when the confidence is too small.
    fn judge(&self, mut found: Detection, buffers: &Buffers) -> Detection {
        let usual = || threshold(found.letters, buffers.sample.has_plain_word);
        found.threshold = self.min_confidence.unwrap_or_else(usual);
        let enough = found.letters >= FEWEST_LETTERS && found.confidence >= found.threshold;
        found.language = found.likeliest.filter(|_| enough).unwrap_or_default();
        if !enough {
            found.shares = LanguageShares::default();
        }
        found
    }
}

/// From this many bytes on, a text is first looked at in brief.
const LONG: usize = 900;
/// With more digits to a letter, a text is a table of figures, and its few letters are headings and units.
const DIGITS_PER_LETTER: usize = 2;
/// With fewer letters there is no language to find.
const FEWEST_LETTERS: usize = 2;

/// The confidence asked for where the options ask for none. Over a hundred languages compete, and close ones share what
/// there is: asking for 0.5 leaves open one in four sentences of Bosnian, Croatian and Serbian, and as many single words.
const LIKELY: f64 = 0.2;
/// The same for a text of some sentences: there, doubt means a language that the model does not know.
const LIKELY_IN_A_TEXT: f64 = 0.4;
/// From this many letters on.
const TEXT: usize = 160;
/// The same for a few words that all start with a capital: a name, a title, an entry of a menu. Names belong to no
/// language, and n-grams see one all the same.
const LIKELY_NO_NAME: f64 = 0.95;
/// With this many letters, capitals throughout are a heading or shouting.
const LONGER_THAN_NAMES: usize = 40;

fn threshold(letters: usize, has_plain_word: bool) -> f64 {
    match letters {
        TEXT.. => LIKELY_IN_A_TEXT,
        LONGER_THAN_NAMES.. => LIKELY,
        _ if has_plain_word => LIKELY,
        _ => LIKELY_NO_NAME,
    }
}

/// The script of most letters, with its letters. A Han letter says as much as three of an alphabet, a Hangul one as two.
/// `None` where there are no letters, or next to none among figures.
fn main_script(sample: &Sample) -> Option<(Script, usize)> {
    let kana = sample.letters_in(Script::KANA);
    let han = sample.letters_in(Script::HAN);
    let size = |script: Script| match script {
        Script::HAN | Script::KANA => (kana + han) * 3,
        Script::HANGUL => sample.letters_in(script) * 2,
        _ => sample.letters_in(script),
    };
    let script = Script::all().max_by_key(|script| size(*script)).filter(|script| size(*script) > 0)?;
    let script = match script {
        // Japanese runs of Han letters are broken by kana endings: one kana in ten is enough.
        Script::HAN | Script::KANA if kana * 10 > han => Script::KANA,
        Script::HAN | Script::KANA => Script::HAN,
        other => other,
    };
    (sample.digits <= size(script) * DIGITS_PER_LETTER).then_some((script, size(script)))
}

fn by_ngrams(text: &str, buffers: &mut Buffers, asked: Option<Languages>) -> Detection {
    let Some((ranking, script)) = best(text, buffers, asked) else { return Detection::nothing() };
    let confidence = match (ranking.first, ranking.second) {
        (None, _) => 0.0,
        (Some(_), None) => confidence::of_script(ranking.letters),
        (Some(first), Some(_)) if asked.is_some_and(|asked| !asked.has(first)) => 0.0,
        (Some(_), Some(_)) => confidence::of(&ranking),
    };
    let likeliest = ranking.first.map(|language| tag(language, script));
    Detection {
        language: likeliest.unwrap_or_default(),
        confidence,
        likeliest,
        second: ranking.second.map(|language| tag(language, script)),
        margin: (2.0 * confidence - 1.0).max(0.0),
        shares: shares(&ranking, script, buffers, asked),
        letters: ranking.own_letters,
        lead: ranking.distance,
        evidence: ranking.evidence,
        ..Detection::nothing()
    }
}

/// A script other than the text's with this share of the letters, in percent, is a language's own share.
const OTHER_SCRIPT: usize = 8;

/// The shares of the windows' languages among all letters read, and those of other scripts.
fn shares(
    ranking: &Ranking,
    script: Script,
    buffers: &mut Buffers,
    asked: Option<Languages>,
) -> LanguageShares {
    let Buffers { sample, weights, .. } = buffers;
    let all = sample.letter_count().max(1);
    let share = |letters: usize| letters as f64 / all as f64;
    let mut shares = LanguageShares::default();
    let windows = ranking.windows.iter().filter_map(|(language, size)| Some(((*language)?, *size)));
    for (language, letters) in windows {
        shares.add(tag(language, script), share(letters));
    }
    // Han letters are Japanese where there is kana, and counted with it.
    let is_east_asian = |script: Script| script == Script::HAN || script == Script::KANA;
    for other in
        Script::all().filter(|other| *other != script && !(is_east_asian(*other) && is_east_asian(script)))
    {
        let letters = sample.letters_in(other);
        if letters * 100 < all * OTHER_SCRIPT || letters < TEXT / 4 {
            continue;
        }
        let written = MODEL.written_in(other);
        let candidates = asked.map_or(written, |asked| written.and(asked));
        let found = match candidates.count() {
            0 => None,
            1 => candidates.iter().next(),
            _ => rank_broadly(sample, other, candidates, weights).first,
        };
        if let Some(language) = found {
            shares.add(tag(language, other), share(letters));
        }
    }
    shares
}

/// Ranks the languages of the text's script by as much of it as it takes.
fn best(text: &str, buffers: &mut Buffers, asked: Option<Languages>) -> Option<(Ranking, Script)> {
    let Buffers { sample, weights, .. } = buffers;
    for extent in [BRIEF, WIDE, SPREAD] {
        if extent == BRIEF && text.len() < LONG {
            continue;
        }
        sample.read(text, extent);
        let (script, letters) = main_script(sample)?;
        let written = MODEL.written_in(script);
        if written.count() == 1 {
            let first = written.iter().next().filter(|only| asked.is_none_or(|asked| asked.has(*only)));
            let mut ranking = Ranking { first, letters, own_letters: letters, ..Ranking::default() };
            let east_asian = sample.letters_in(Script::HAN) + sample.letters_in(Script::KANA);
            let is_east_asian = script == Script::HAN || script == Script::KANA;
            ranking.windows[0] = (first, if is_east_asian { east_asian } else { sample.letters_in(script) });
            return Some((ranking, script));
        }
        let candidates = match asked.map(|asked| written.and(asked)) {
            None => written,
            Some(none) if none.count() == 0 => return None,
            // One language has no rival to lead: whether a text is in it shows among all.
            Some(one) if one.count() == 1 => written,
            Some(several) => several,
        };
        let ranking = rank_broadly(sample, script, candidates, weights);
        if ranking.is_clear(sample.is_whole()) {
            return Some((ranking, script));
        }
        if extent == BRIEF {
            continue;
        }
        let ranking = rank_in_detail(sample, script, candidates, weights);
        if extent == SPREAD || sample.is_whole() || ranking.is_of_one_language() {
            return Some((ranking, script));
        }
    }
    None
}

fn candidates(tags: &[String]) -> Option<Languages> {
    let mut set = Languages::default();
    for language in tags.iter().filter_map(|tag| MODEL.language(primary(tag))) {
        set.insert(language);
    }
    (!tags.is_empty()).then_some(set)
}

/// A tag's language: `sr` of `sr-Latn`.
pub(crate) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Languages written in more than one script here, and the one that goes without saying (CLDR likely subtags).
const USUAL_SCRIPTS: [(&str, &str); 11] = [
    ("az", "Latn"),
    ("kk", "Cyrl"),
    ("ks", "Arab"),
    ("ku", "Latn"),
    ("ky", "Cyrl"),
    ("mn", "Cyrl"),
    ("sr", "Cyrl"),
    ("tk", "Latn"),
    ("tt", "Cyrl"),
    ("ug", "Arab"),
    ("uz", "Latn"),
];

/// The tag of a language in a script: `sr-Latn`, but `sr`.
fn tag(language: u8, script: Script) -> LanguageTag {
    let name = MODEL.tag(language);
    if USUAL_SCRIPTS.iter().all(|(of, usual)| *of != name || *usual == script.code()) {
        return LanguageTag::new(name);
    }
    let mut long = [0_u8; 8];
    let bytes = name.bytes().chain(std::iter::once(b'-')).chain(script.code().bytes());
    let mut length = 0;
    for (place, byte) in long.iter_mut().zip(bytes) {
        *place = byte;
        length += 1;
    }
    let text = long.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.map_or(LanguageTag::UNDETERMINED, LanguageTag::new)
}
