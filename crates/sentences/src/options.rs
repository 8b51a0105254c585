//! What a pipeline file may say about the stage.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{following, token, words};

/// Options of the stage; the default is what a pipeline file without options gets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// More abbreviations, by language: `{ fr = ["chap."], de = ["Abk."] }`, with or without their last full stop. They
    /// end a sentence only before a starter. `und` is the language of documents whose own is not known.
    pub abbreviations: BTreeMap<LanguageCode, Vec<String>>,
    /// More starters, by language: single words, in small letters, that open a sentence even after an abbreviation.
    pub starters: BTreeMap<LanguageCode, Vec<String>>,
    /// What a line end is.
    pub headings: Headings,
}

impl Options {
    /// Words that could never be met, in sentences that name the option; empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let told = |option: &'static str, unusable: fn(&str) -> Option<String>| {
            let lists = if option == "starters" { &self.starters } else { &self.abbreviations };
            lists.iter().flat_map(move |(code, words)| {
                words.iter().filter_map(move |word| {
                    let reason = unusable(word)?;
                    Some(format!("`{option}` for `{}` has `{word}`, {reason}", code.as_str()))
                })
            })
        };
        told("abbreviations", unusable_abbreviation).chain(told("starters", unusable_starter)).collect()
    }
}

/// "p. ex." is two abbreviations in a row, so each part counts.
fn unusable_abbreviation(word: &str) -> Option<String> {
    if word.split_whitespace().next().is_none() {
        return Some("which is empty".to_owned());
    }
    word.split_whitespace().find_map(|part| unusable(part.trim_end_matches('.'), token::belongs))
}

fn unusable_starter(word: &str) -> Option<String> {
    if word.split_whitespace().nth(1).is_some() {
        return Some("but a starter is a single word".to_owned());
    }
    unusable(word.trim(), following::is_word)
}

fn unusable(word: &str, belongs: fn(char) -> bool) -> Option<String> {
    if !word.chars().any(char::is_alphanumeric) {
        return Some("which has no letter".to_owned());
    }
    if word.len() > words::LONGEST {
        return Some(format!("which is longer than {} bytes", words::LONGEST));
    }
    let stranger = word.chars().find(|&letter| !belongs(letter))?;
    Some(format!("but no word is read with `{stranger}` inside"))
}

/// What a line end is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Headings {
    /// Every line end ends a sentence: a heading or a list item is one of its own.
    #[default]
    Split,
    /// The text is hard-wrapped: a line end where the next word would not have fitted joins, told from line lengths.
    Join,
}

/// The primary part of a language tag: two or three small letters, `fr`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct LanguageCode(String);

impl LanguageCode {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LanguageCode {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        if matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
            Ok(Self(code))
        } else {
            Err(format!("`{code}` is no language code: two or three small letters, such as `fr`"))
        }
    }
}
