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
    /// What the text of a page is written as. Text that came without tags stays plain.
    pub format: Format,
}

/// Which mistake to avoid when the evidence is thin: `favour = "precision"`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Favour {
    /// Rather lose a paragraph than keep chrome: of what `balance` keeps, only what the article's own element holds.
    Precision,
    /// Neither.
    #[default]
    Balance,
    /// Rather keep chrome than lose a paragraph: besides what `balance` keeps, all that stays when names of elements are
    /// not listened to.
    Recall,
}

/// What the text of a page is written as: `format = "markdown"`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Plain text, one line for each paragraph, heading, item or cell.
    #[default]
    Text,
    /// Markdown: headings, lists, quotations, listings, tables, links and code keep their marks; emphasis does not.
    Markdown,
}

/// Content that is chrome by default and can be kept: `keep = ["comments", "captions"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Reader comments.
    Comments,
    /// Tables that are mostly links, in the article; others stay anyway.
    Tables,
    /// Captions of figures in the article.
    Captions,
    /// Lists of links inside the article. What links lead to is kept by `format = "markdown"`.
    Links,
}
