//! A splitter for one language, with words of one's own.

use std::borrow::Cow;

use crate::languages;
use crate::scanner::Sentences;
use crate::words::{Class, Words};

/// Splits texts of one language.
///
/// ```
/// use tamis_sentences::Splitter;
///
/// let text = "Voir le circ. Dupont. C'est tout.";
/// let splitter = Splitter::new("fr").with_abbreviations(["circ."]);
/// let sentences: Vec<_> = splitter.split(text).filter_map(|span| span.slice(text)).collect();
/// assert_eq!(sentences, ["Voir le circ. Dupont.", "C'est tout."]);
/// ```
#[derive(Debug, Clone)]
pub struct Splitter {
    words: Cow<'static, Words>,
    join_lines: bool,
}

impl Splitter {
    /// The splitter for a language, by BCP 47 tag (`fr`, `pt-BR`). A language without a table of its own is split by
    /// the rules that need no words; see [`LANGUAGES`](crate::LANGUAGES).
    pub fn new(language: &str) -> Self {
        Self { words: Cow::Borrowed(languages::words(language)), join_lines: false }
    }

    /// Adds abbreviations, with or without their last full stop. One in lower case also stands for its capitalised
    /// forms. An abbreviation ends a sentence only before a starter.
    #[must_use]
    pub fn with_abbreviations<W: AsRef<str>>(self, words: impl IntoIterator<Item = W>) -> Self {
        self.with(words, Class::ABBREVIATION)
    }

    /// Adds starters: words that are no names when they have a capital, so that they open a sentence even after an
    /// abbreviation. Give them in lower case.
    #[must_use]
    pub fn with_starters<W: AsRef<str>>(self, words: impl IntoIterator<Item = W>) -> Self {
        self.with(words, Class::STARTER)
    }

    /// Reads hard-wrapped text: a line end ends a sentence only where the next word would still have fitted in the line.
    #[must_use]
    pub fn joining_lines(mut self) -> Self {
        self.join_lines = true;
        self
    }

    fn with<W: AsRef<str>>(mut self, words: impl IntoIterator<Item = W>, class: Class) -> Self {
        for word in words {
            // "p. ex." is two abbreviations in a row.
            for part in word.as_ref().split_whitespace() {
                self.words.to_mut().add(part, class);
            }
        }
        self
    }

    /// The sentences of `text`.
    pub fn split<'a>(&'a self, text: &'a str) -> Sentences<'a> {
        Sentences::new(text, &self.words, self.join_lines)
    }
}
