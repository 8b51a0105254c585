//! What a pipeline file may say about the stage.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of the stage; the default is what a pipeline file without options gets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// More abbreviations, by language: `{ fr = ["chap."], de = ["Abk."] }`. They end a sentence only before a starter.
    pub abbreviations: BTreeMap<LanguageCode, Vec<String>>,
    /// More starters, by language: words that open a sentence even after an abbreviation.
    pub starters: BTreeMap<LanguageCode, Vec<String>>,
    /// What a line end is.
    pub headings: Headings,
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
