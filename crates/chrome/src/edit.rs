//! What both halves hand back: an ascending, disjoint list of edits on the source text.

use tamis_core::PageField;

use crate::rules::Rule;

/// What stands in the place of an edited span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    /// Nothing: the span is removed.
    Nothing,
    /// A fixed string, such as a space or a line feed.
    Text(&'static str),
    /// One character, such as the one a character reference stands for.
    Char(char),
    /// A range of [`Stripped::written`], in bytes.
    Written {
        /// First byte.
        start: u32,
        /// One past the last byte.
        end: u32,
    },
}

impl Replacement {
    /// The replacement as text; `written` is that of [`Stripped`], `buffer` holds a character.
    pub fn text<'a>(self, written: &'a str, buffer: &'a mut [u8; 4]) -> &'a str {
        match self {
            Self::Nothing => "",
            Self::Text(text) => text,
            Self::Char(character) => character.encode_utf8(buffer),
            Self::Written { start, end } => written.get(start as usize..end as usize).unwrap_or_default(),
        }
    }

    /// Whether nothing stands in the span's place.
    pub(crate) fn is_empty(self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.is_empty(),
            Self::Char(_) => false,
            Self::Written { start, end } => start == end,
        }
    }

    /// Whether it is a space that indents a paragraph when it stands at its start.
    pub(crate) fn is_indent(self) -> bool {
        matches!(self, Self::Text("\u{a0}") | Self::Char('\u{a0}' | '\u{3000}'))
    }

    /// Whether it is white space that HTML collapses.
    pub(crate) fn is_white(self) -> bool {
        match self {
            Self::Nothing | Self::Written { .. } => false,
            Self::Text(text) => matches!(text, " " | "\t" | "\n"),
            Self::Char(character) => matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}'),
        }
    }
}

/// One edit: the bytes `start..end` of the source give way to the replacement.
///
/// `start == end` is an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// First byte of the span.
    pub start: u32,
    /// One past the last byte of the span.
    pub end: u32,
    /// What stands in its place.
    pub replacement: Replacement,
    /// The rule that asked for it.
    pub rule: &'static Rule,
    /// Evidence against the threshold 0: below it, the span is chrome. 0 where the rule needs no evidence.
    pub score: i16,
}

/// What a page says of itself, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is about.
    pub field: PageField,
    /// The value: references and escapes decoded, white space collapsed. Names of several authors are joined by `, `;
    /// a date is as the page writes it.
    pub value: String,
    /// First byte of the source it was read from.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Which step of the ladder gave the result, from the most to the least selective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rung {
    /// The usual case.
    #[default]
    Core,
    /// The page says it is no article, and its text is spread over sections: all but what is plainly chrome was kept.
    Sections,
    /// Vetoes of class and tag, or the doubts about paragraphs and lines, were relaxed, as they left too little.
    Relaxed,
    /// The page's JSON-LD holds the article, its markup little of it: the former was kept.
    LinkedData,
    /// Every block of prose was kept.
    Prose,
    /// Everything visible was kept.
    Everything,
}

/// The result of stripping one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stripped {
    /// Ascending and disjoint edits, on character boundaries.
    pub edits: Vec<Edit>,
    /// Replacements that are neither fixed strings nor single characters.
    pub written: String,
    /// The document's title, where the source declares one (decoded, white space collapsed).
    pub title: Option<String>,
    /// What the page says of itself, at most once per field; a text says nothing.
    pub told: Vec<Told>,
    /// The step of the ladder.
    pub rung: Rung,
}

impl Stripped {
    /// As new; the buffers stay.
    pub(crate) fn clear(&mut self) {
        let Self { edits, written, title, told, rung } = self;
        edits.clear();
        written.clear();
        *title = None;
        told.clear();
        *rung = Rung::default();
    }

    /// The text that is left of `source` once the edits are made.
    pub fn apply(&self, source: &str) -> String {
        let mut text = String::with_capacity(source.len() / 8);
        let mut at = 0;
        for edit in &self.edits {
            text.push_str(source.get(at..edit.start as usize).unwrap_or_default());
            text.push_str(edit.replacement.text(&self.written, &mut [0; 4]));
            at = edit.end as usize;
        }
        text.push_str(source.get(at..).unwrap_or_default());
        text
    }
}
