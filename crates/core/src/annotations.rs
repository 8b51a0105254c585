//! What stages find in a text without changing it.

use std::fmt;

use tamis_span::{EditList, Span, rebase};

use crate::{Amount, Stays};

/// Everything found in one document. Spans are bytes of the current text; the engine carries them through edits.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// How the bytes were read.
    pub decoding: Option<Decoding>,
    /// The language of the text.
    pub language: Option<Language>,
    /// The document's title; empty when none was found.
    pub title: String,
    /// What the page tells of itself outside its text, at most once per field.
    pub told: Vec<Told>,
    /// What was removed because another document has it, ascending and disjoint.
    pub runs: Vec<RepeatedRun>,
    /// Sentences, ascending and disjoint.
    pub sentences: Vec<Span>,
    /// Amounts, ascending and disjoint.
    pub amounts: Vec<Amount>,
}

impl Annotations {
    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.decoding = None;
        self.language = None;
        self.title.clear();
        self.told.clear();
        self.runs.clear();
        self.sentences.clear();
        self.amounts.clear();
    }

    /// What the page tells for a field.
    pub fn told(&self, field: PageField) -> Option<&str> {
        self.told.iter().find(|told| told.field == field).map(|told| told.value.as_str())
    }

    /// Takes over what a stage has added: a stage that tells sentences (amounts, …) tells them all, so its own
    /// replace earlier ones.
    pub(crate) fn merge(&mut self, added: &mut Self) {
        self.decoding = added.decoding.take().or(self.decoding.take());
        self.language = added.language.take().or(self.language.take());
        if !added.title.is_empty() {
            std::mem::swap(&mut self.title, &mut added.title);
            added.title.clear();
        }
        if !added.told.is_empty() {
            std::mem::swap(&mut self.told, &mut added.told);
            added.told.clear();
        }
        if !added.sentences.is_empty() {
            std::mem::swap(&mut self.sentences, &mut added.sentences);
            added.sentences.clear();
        }
        if !added.amounts.is_empty() {
            std::mem::swap(&mut self.amounts, &mut added.amounts);
            added.amounts.clear();
        }
    }

    /// Carries all spans through edits of the text; what lost all its text is forgotten.
    pub(crate) fn rebase(&mut self, edits: &EditList) {
        rebase(edits, self.sentences.iter_mut());
        self.sentences.retain(|span| !span.is_empty());
        rebase(edits, self.amounts.iter_mut().map(|amount| &mut amount.span));
        self.amounts.retain(|amount| !amount.span.is_empty());
    }
}

/// What a page says of itself outside its text: in `meta` elements, JSON-LD, its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is about.
    pub field: PageField,
    /// The value: references decoded, white space collapsed.
    pub value: String,
    /// Where it stands, in raw bytes. Edits of the text do not move it.
    pub raw: Span,
}

/// A part of the text that was removed because it stays in another document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatedRun {
    /// Where it stood, in raw bytes. Later edits of the text do not move it.
    pub raw: Span,
    /// Where it stays, by the ordinals of the stage that removed it.
    pub stays: Stays,
    /// The id of the document where it stays; empty until it is looked up.
    pub id: String,
}

/// What a page can say of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageField {
    /// The headline.
    Title,
    /// Who wrote it.
    Author,
    /// When it was published, as the page writes it.
    Published,
    /// The site's name.
    Site,
    /// The address by which the page wants to be known.
    CanonicalUrl,
}

impl PageField {
    /// Every field, in the order of [`Ord`].
    pub const ALL: [Self; 5] = [Self::Title, Self::Author, Self::Published, Self::Site, Self::CanonicalUrl];

    /// The name in records and ledgers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Author => "author",
            Self::Published => "published",
            Self::Site => "site",
            Self::CanonicalUrl => "canonical_url",
        }
    }
}

/// How a document's bytes were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoding {
    /// The encoding's WHATWG label in lower case.
    pub encoding: &'static str,
    /// What told it.
    pub evidence: EncodingEvidence,
    /// The label the document declares, where it is a known one.
    pub declared: Option<&'static str>,
    /// The encoding that came second, where there was a choice.
    pub runner_up: Option<&'static str>,
    /// Bad sequences read as U+FFFD.
    pub replacements: u32,
    /// Stretches of mojibake repaired.
    pub repairs: u32,
}

/// What told a document's encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingEvidence {
    /// A byte order mark.
    ByteOrderMark,
    /// The bytes are valid UTF-8.
    Utf8,
    /// The bytes are UTF-8 but for a few.
    NearlyUtf8,
    /// NULs and pairs where UTF-16 or UTF-32 has them.
    Shape,
    /// A declaration in the document or beside it.
    Declared,
    /// What the bytes look like.
    Detected,
}

impl EncodingEvidence {
    /// The name in ledgers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "bom",
            Self::Utf8 => "utf8-valid",
            Self::NearlyUtf8 => "utf8-nearly",
            Self::Shape => "shape",
            Self::Declared => "declared",
            Self::Detected => "detected",
        }
    }
}

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Language {
    /// The language; `und` when unsure.
    pub tag: LanguageTag,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// The language that came second.
    pub second: Option<LanguageTag>,
    /// How far ahead the first is, 0 to 1.
    pub margin: f64,
    /// How much of the text is in which language.
    pub shares: LanguageShares,
}

/// How much of a text is in which language: shares from 0 to 1, the largest first. What is missing to 1 is in languages
/// that could not be told.
///
/// A list of fixed size, so that a document's language is copied without allocation.
///
/// ```
/// use tamis_core::{LanguageShares, LanguageTag};
///
/// let mut shares = LanguageShares::default();
/// for (tag, part) in [("en", 0.25), ("fr", 0.5), ("en", 0.125)] {
///     shares.add(LanguageTag::new(tag), part);
/// }
/// assert_eq!(shares.as_slice(), [(LanguageTag::new("fr"), 0.5), (LanguageTag::new("en"), 0.375)]);
/// ```
#[derive(Clone, Copy, Default, PartialEq)]
pub struct LanguageShares {
    list: [(LanguageTag, f64); Self::MOST],
    len: usize,
}

impl LanguageShares {
    /// Languages that it has room for; the share of a further one is left untold.
    pub const MOST: usize = 4;

    /// Adds to a language's share.
    pub fn add(&mut self, tag: LanguageTag, share: f64) {
        let told = self.list.get_mut(..self.len).unwrap_or_default();
        if let Some(known) = told.iter_mut().find(|(known, _)| *known == tag) {
            known.1 += share;
        } else if let Some(free) = self.list.get_mut(self.len) {
            *free = (tag, share);
            self.len += 1;
        }
        // Stable: of equal shares, the one told first comes first.
        self.list.get_mut(..self.len).unwrap_or_default().sort_by(|left, right| right.1.total_cmp(&left.1));
    }

    /// The languages with their shares, the largest first.
    pub fn as_slice(&self) -> &[(LanguageTag, f64)] {
        self.list.get(..self.len).unwrap_or_default()
    }
}

impl fmt::Debug for LanguageShares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.as_slice().iter().copied()).finish()
    }
}

/// A BCP 47 tag of at most 15 bytes: `fr`, `pt-BR`, `sr-Latn`, `und`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag {
    bytes: [u8; 15],
    len: u8,
}

impl LanguageTag {
    /// Not known.
    pub const UNDETERMINED: Self = Self { bytes: *b"und\0\0\0\0\0\0\0\0\0\0\0\0", len: 3 };

    /// The tag, `und` when `tag` is empty, too long or has other characters than ASCII letters, digits and hyphens.
    pub const fn new(tag: &str) -> Self {
        let source = tag.as_bytes();
        let mut bytes = [0; 15];
        let mut at = 0;
        if source.is_empty() || source.len() > bytes.len() {
            return Self::UNDETERMINED;
        }
        #[expect(clippy::indexing_slicing, reason = "`at` is below both lengths")]
        while at < source.len() {
            if !source[at].is_ascii_alphanumeric() && source[at] != b'-' {
                return Self::UNDETERMINED;
            }
            bytes[at] = source[at];
            at += 1;
        }
        Self { bytes, len: at as u8 }
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        self.bytes.get(..usize::from(self.len)).and_then(|tag| std::str::from_utf8(tag).ok()).unwrap_or("und")
    }

    /// The language without script and region: `pt` of `pt-BR`.
    pub fn primary(&self) -> &str {
        self.as_str().split('-').next().unwrap_or("und")
    }
}

impl Default for LanguageTag {
    fn default() -> Self {
        Self::UNDETERMINED
    }
}

impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_tags_are_undetermined() {
        for tag in ["", "français", "a-very-long-tag-x", "f r"] {
            assert_eq!(LanguageTag::new(tag).as_str(), "und");
        }
        assert_eq!(LanguageTag::new("sr-Latn").primary(), "sr");
    }
}
