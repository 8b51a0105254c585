//! The detector of the `whatlang` crate, behind the same sampling and the same guard.
//!
//! 70 languages by their 300 most frequent trigrams. Kept for comparison and for who knows its habits: its confidence
//! is not a probability, and languages it lacks (Occitan, Galician, Nynorsk, Malay, Bosnian, Serbian in Latin letters)
//! are given a neighbour's name.

use std::fmt;

use tamis_core::{LanguageShares, LanguageTag};
use whatlang::Lang;

use crate::detector::{Buffers, Detection, primary};

/// whatlang with a list of languages, or with all.
#[derive(Clone)]
pub(crate) struct Trigrams {
    detector: whatlang::Detector,
}

impl fmt::Debug for Trigrams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trigrams")
    }
}

impl Trigrams {
    pub(crate) fn new(candidates: &[String]) -> Self {
        let allowed: Vec<Lang> = candidates
            .iter()
            .filter_map(|asked| Lang::all().iter().copied().find(|lang| tag(*lang) == primary(asked)))
            .collect();
        let detector = if allowed.is_empty() {
            whatlang::Detector::new()
        } else {
            whatlang::Detector::with_allowlist(allowed)
        };
        Self { detector }
    }

    pub(crate) fn detect(&self, buffers: &mut Buffers) -> Detection {
        let Buffers { sample, plain, .. } = buffers;
        plain.clear();
        for word in sample.words() {
            plain.extend(sample.spelling(*word));
            plain.push(' ');
        }
        let letters = sample.letter_count();
        let Some(info) = self.detector.detect(plain) else {
            return Detection { letters, ..Detection::nothing() };
        };
        // Its own verdict on reliability, not the number, is what its authors stand behind: 0.5 is where a text is told.
        let confidence =
            if info.is_reliable() { info.confidence().max(0.5) } else { info.confidence() / 2.0 };
        let mut shares = LanguageShares::default();
        shares.add(LanguageTag::new(tag(info.lang())), 1.0);
        Detection {
            shares,
            language: LanguageTag::new(tag(info.lang())),
            confidence,
            likeliest: Some(LanguageTag::new(tag(info.lang()))),
            second: None,
            margin: confidence,
            letters,
            ..Detection::nothing()
        }
    }
}

/// The BCP 47 tag.
pub(crate) fn tag(lang: Lang) -> &'static str {
    let long = lang.code();
    TAGS.iter().find(|(code, _)| *code == long).map_or("und", |(_, tag)| tag)
}

/// ISO 639-3 codes as whatlang has them, and BCP 47 tags (IANA language subtag registry).
const TAGS: [(&str, &str); 70] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_tag() {
        for lang in Lang::all() {
            assert_ne!(tag(*lang), "und", "{}", lang.code());
        }
    }
}
