//! What a pipeline file may say about the stage.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};

use crate::phrases::{ListError, Phrases, read_list};

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
    /// A file of phrases of one's own, added to the lists that ship: `phrases = "our-site.txt"`, next to the pipeline
    /// file. A line is `category: phrase | phrase`, a comment starts with `#`. Categories: cookie, comments, related,
    /// readmore, share, newsletter, paywall, login, legal, loading, media, credit, byline, breadcrumb, event, ticker,
    /// shop, navigation, calendar.
    pub phrases: Option<OwnPhrases>,
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

/// A file of phrases and what it says. In a pipeline file it is the name alone; whoever reads that file hands the contents
/// to [`OwnPhrases::load`], as this crate reads no files. Written out with its contents, so that whatever depends on the
/// options depends on them.
#[derive(Debug, Clone, Serialize)]
pub struct OwnPhrases {
    file: String,
    text: String,
    #[serde(skip)]
    lists: Option<Arc<Phrases>>,
}

impl OwnPhrases {
    /// A file that has not been read.
    pub fn named(file: impl Into<String>) -> Self {
        Self { file: file.into(), text: String::new(), lists: None }
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Takes the contents of the file.
    pub fn load(&mut self, text: String) -> Result<(), Vec<ListError>> {
        self.lists = Some(Arc::new(Phrases::with(&read_list(&text)?)));
        self.text = text;
        Ok(())
    }
}

impl PartialEq for OwnPhrases {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file && self.text == other.text
    }
}

impl Eq for OwnPhrases {}

impl<'de> Deserialize<'de> for OwnPhrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::named)
    }
}

impl JsonSchema for OwnPhrases {
    fn schema_name() -> Cow<'static, str> {
        "OwnPhrases".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

impl Options {
    /// One's own lists with those that ship, if their file has been read.
    pub(crate) fn own_lists(&self) -> Option<Arc<Phrases>> {
        self.phrases.as_ref().and_then(|own| own.lists.clone())
    }

    /// The phrases to look for: the lists that ship, and one's own if their file has been read.
    pub fn lists(&self) -> &Phrases {
        self.phrases.as_ref().and_then(|own| own.lists.as_deref()).unwrap_or_else(|| Phrases::shared())
    }
}
