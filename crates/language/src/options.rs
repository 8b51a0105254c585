//! What a pipeline file may say about `detect-language`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::detector::primary;
use crate::model::MODEL;
use crate::trigrams;

/// Options of `detect-language`. The default detects among all languages and drops nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Options {
    /// The languages to keep; documents in others, or in none, are dropped. BCP 47 tags: `sr` keeps `sr-Latn` too, and
    /// `und` keeps documents whose language could not be told. Empty: all.
    pub keep: Vec<String>,
    /// The languages to drop. `und` drops documents whose language could not be told.
    pub drop: Vec<String>,
    /// The least confidence at which a language is told, 0 to 1; below it, the document is `und`. Without it: 0.2, and
    /// 0.95 for a few capitalised words, which may be a name.
    pub min_confidence: Option<f64>,
    /// The languages to choose from. Empty: all that the model knows. A text in another language is given the nearest
    /// of these, or `und`.
    pub candidates: Vec<String>,
    /// The model to detect with.
    pub model: Model,
}

/// A language model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// The model of this crate: 175 languages.
    #[default]
    Tamis,
    /// The trigrams of the `whatlang` crate: 70 languages.
    Whatlang,
}

impl Model {
    /// The tags of the languages it knows.
    pub fn languages(self) -> Vec<&'static str> {
        match self {
            Self::Tamis => MODEL.tags().to_vec(),
            Self::Whatlang => whatlang::Lang::all().iter().map(|lang| trigrams::tag(*lang)).collect(),
        }
    }
}

/// What is wrong with options. Fits after "failed to set up detect-language: ".
#[derive(Clone, Debug, Error, PartialEq)]
pub enum OptionsError {
    /// A tag of a language that the model does not know.
    #[error("`{option}` names the language `{tag}`, which the model does not know{}", hint(*.nearest))]
    UnknownLanguage {
        /// The option.
        option: &'static str,
        /// The tag.
        tag: String,
        /// A known tag much like it.
        nearest: Option<&'static str>,
    },
    /// A confidence outside 0 to 1.
    #[error("`min-confidence` is {0}, and must be from 0 to 1")]
    Confidence(f64),
    /// A language both kept and dropped.
    #[error("`{0}` is in both `keep` and `drop`")]
    KeptAndDropped(String),
}

fn hint(nearest: Option<&'static str>) -> String {
    nearest.map(|tag| format!("; did you mean `{tag}`?")).unwrap_or_default()
}

impl Options {
    /// Whether the options can be worked with.
    pub fn check(&self) -> Result<(), OptionsError> {
        let known = self.model.languages();
        for (option, tags) in [("keep", &self.keep), ("drop", &self.drop), ("candidates", &self.candidates)] {
            for tag in tags {
                if tag == "und" && option != "candidates" || known.contains(&primary(tag)) {
                    continue;
                }
                let nearest = nearest(tag, &known);
                return Err(OptionsError::UnknownLanguage { option, tag: tag.clone(), nearest });
            }
        }
        if let Some(both) = self.keep.iter().find(|tag| self.drop.contains(tag)) {
            return Err(OptionsError::KeptAndDropped(both.clone()));
        }
        match self.min_confidence {
            Some(value) if !(0.0..=1.0).contains(&value) => Err(OptionsError::Confidence(value)),
            _ => Ok(()),
        }
    }
}

/// The tag that was meant: in other letter case, the start of what was written (`fra`, `french`), or what `no` and
/// other retired codes have become.
fn nearest(tag: &str, known: &[&'static str]) -> Option<&'static str> {
    const RENAMED: [(&str, &str); 10] = [
        ("no", "nb"),
        ("iw", "he"),
        ("in", "id"),
        ("ji", "yi"),
        ("jw", "jv"),
        ("sh", "sr"),
        ("german", "de"),
        ("deu", "de"),
        ("spanish", "es"),
        ("spa", "es"),
    ];
    let small = tag.to_ascii_lowercase();
    let renamed = RENAMED.iter().find(|(old, _)| *old == small).map_or(small.as_str(), |(_, new)| new);
    let starts = |start: Option<&str>| known.iter().copied().find(|tag| Some(*tag) == start);
    starts(Some(primary(renamed))).or_else(|| starts(renamed.get(..2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_languages_are_named() {
        let options = Options { keep: vec!["french".into()], ..Options::default() };
        let message = options.check().map_err(|error| error.to_string());
        let expected =
            "`keep` names the language `french`, which the model does not know; did you mean `fr`?";
        assert_eq!(message, Err(expected.into()));
        let options = Options { keep: vec!["sr-Latn".into(), "und".into()], ..Options::default() };
        assert_eq!(options.check(), Ok(()));
        assert!(Options { candidates: vec!["und".into()], ..Options::default() }.check().is_err());
    }

    #[test]
    fn contradictions_are_refused() {
        let options = Options { keep: vec!["fr".into()], drop: vec!["fr".into()], ..Options::default() };
        assert_eq!(options.check(), Err(OptionsError::KeptAndDropped("fr".into())));
        assert!(Options { min_confidence: Some(1.5), ..Options::default() }.check().is_err());
        assert!(Options { min_confidence: Some(f64::NAN), ..Options::default() }.check().is_err());
    }
}
