//! What a pipeline file may say about the stage.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of the stage; the default is what a pipeline file without options gets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Which mistake to avoid when the evidence is thin.
    pub favour: Favour,
    /// Content that is chrome by default and can be kept.
    pub keep: Vec<Keep>,
}

/// Which mistake to avoid when the evidence is thin: `favour = "precision"`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Favour {
    /// Rather lose a paragraph than keep chrome: only what the article's own element holds stays.
    Precision,
    /// Neither.
    #[default]
    Balance,
    /// Rather keep chrome than lose a paragraph: names of elements are not listened to, tags are.
    Recall,
}

/// Content that is chrome by default and can be kept: `keep = ["comments", "captions"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Reader comments.
    Comments,
    /// Tables that are mostly links; others stay anyway.
    Tables,
    /// Captions of figures.
    Captions,
    /// Lists of links inside the article.
    Links,
}
