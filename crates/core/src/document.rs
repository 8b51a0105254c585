//! One document on its way through the stages.

use tamis_span::SegmentMap;

use crate::{Annotations, Outcome};

/// A document: raw bytes, the text they have become, the map between them, and what was found.
///
/// Invariant after decoding: `map` tiles `raw` and `text`. The engine keeps it; see [`SegmentMap::check`].
/// One value serves many inputs: [`Document::clear`] keeps all memory.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Where it comes from and what is known of it.
    pub metadata: Metadata,
    /// The bytes as they were read; for a JSONL record the UTF-8 of the field.
    pub raw: Vec<u8>,
    /// The text so far.
    pub text: String,
    /// From `raw` to `text`.
    pub map: SegmentMap,
    /// What stages found.
    pub annotations: Annotations,
    /// What has become of it.
    pub outcome: Outcome,
}

impl Document {
    /// A decoded document of `text`, for tests and for stages used as libraries.
    pub fn from_text(text: &str) -> Self {
        Self {
            raw: text.as_bytes().to_vec(),
            text: text.to_owned(),
            map: SegmentMap::identity(text.len()),
            ..Self::default()
        }
    }

    /// Makes it ready for the next input and keeps the memory.
    pub fn clear(&mut self) {
        self.metadata.clear();
        self.raw.clear();
        self.text.clear();
        self.map.clear();
        self.annotations.clear();
        self.outcome = Outcome::Kept;
    }

    /// What a stage may read.
    pub fn view(&self) -> View<'_> {
        View {
            text: &self.text,
            raw: &self.raw,
            map: &self.map,
            annotations: &self.annotations,
            metadata: &self.metadata,
        }
    }
}

/// What is known of a document before its first stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The record's id, or the source.
    pub id: String,
    /// Path relative to the input root with `/` between its parts, or the record's own id.
    pub source: String,
    /// The page's address, where a record gives one.
    pub url: Option<String>,
    /// A language told by the record; a hint, used where no detector ran.
    pub language_hint: Option<String>,
    /// A charset told beside the bytes (an HTTP header).
    pub charset_hint: Option<String>,
    /// The record's own title.
    pub title_hint: Option<String>,
    /// What the bytes are said to be.
    pub format: Format,
}

impl Metadata {
    fn clear(&mut self) {
        self.id.clear();
        self.source.clear();
        self.url = None;
        self.language_hint = None;
        self.charset_hint = None;
        self.title_hint = None;
        self.format = Format::Unknown;
    }
}

/// What a document's bytes are said to be, by file name or record field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Not told: a record's `text` or `raw`. Stages look for themselves.
    #[default]
    Unknown,
    /// Plain text.
    Text,
    /// HTML or XHTML.
    Html,
}

/// What a stage may read of a document.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The text so far.
    pub text: &'a str,
    /// The raw bytes; empty behind a corpus stage, where documents come out of the spool without them.
    pub raw: &'a [u8],
    /// From raw bytes to text.
    pub map: &'a SegmentMap,
    /// What earlier stages found.
    pub annotations: &'a Annotations,
    /// Where the document comes from.
    pub metadata: &'a Metadata,
}

impl<'a> View<'a> {
    /// The language to work in: the detected one, else the record's hint, else `und`.
    pub fn language(&self) -> &'a str {
        match (&self.annotations.language, &self.metadata.language_hint) {
            (Some(language), _) => language.tag.as_str(),
            (None, Some(hint)) => hint,
            (None, None) => "und",
        }
    }
}
