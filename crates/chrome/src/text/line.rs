//! One pass over the text: its lines, and what can be counted in each without looking at the others.

use super::scanner::Scanner;
use super::sign::{First, Last, Signs};
use super::token::Tokens;
use crate::phrases::{Category, Looked, Phrases};

/// A line and its counts. Counts stop at the top of their type.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Line {
    /// First byte, white space included.
    pub(crate) start: u32,
    /// First byte of the next line.
    pub(crate) next: u32,
    /// Columns of white space before the first sign.
    pub(crate) indent: u8,
    /// Does a bullet stand before the first word?
    pub(crate) bullet: bool,
    pub(crate) first: First,
    pub(crate) last: Last,
    pub(crate) signs: Signs,
    /// Words; characters in scripts without spaces.
    pub(crate) tokens: u16,
    /// Those tokens that are characters of scripts without spaces.
    pub(crate) ideographs: u16,
    /// Function words.
    pub(crate) stops: u16,
    /// Numbers.
    pub(crate) numbers: u16,
    /// Words after the first that begin with a capital.
    pub(crate) capitals: u16,
    /// Words of two letters and more that are all capitals.
    pub(crate) shouts: u16,
    /// Sentence ends before the last.
    pub(crate) sentences: u16,
    pub(crate) commas: u16,
    /// Signs that part the items of a menu: | • › » · /
    pub(crate) separators: u16,
    /// Are there phrases of chrome in it?
    pub(crate) phrases: bool,
    /// Tokens that phrases of each category cover.
    pub(crate) covered: [u8; Category::COUNT],
    /// Category (plus one) of a phrase at the very beginning.
    pub(crate) opens: u8,
    /// Category (plus one) of a phrase at the very end.
    pub(crate) closes: u8,
    /// Hash of the words, to find repeated lines.
    pub(crate) hash: u64,
    /// Where its content words stand in the list that [`scan`] fills.
    pub(crate) content: (u32, u32),
}

impl Line {
    /// Nothing to read on it.
    #[inline]
    pub(crate) const fn is_blank(&self) -> bool {
        matches!(self.first, First::Blank)
    }
}

/// Hashes of the content words of a text, one after the other.
///
/// The buffer only grows, and what is behind `count` is left over from longer texts: so every word can be written, and
/// kept by counting it, without a branch.
#[derive(Debug, Default)]
pub(crate) struct Content {
    words: Vec<u32>,
    pub(crate) count: usize,
    /// Buffers of [`scan`]: what its bytes are, and the words of a line.
    marks: Vec<u8>,
    tokens: Tokens,
}

impl Content {
    /// Makes place for the words of a text of so many bytes. A content word has three bytes at least.
    fn begin(&mut self, bytes: usize) {
        self.count = 0;
        let most = bytes / 3 + 1;
        if self.words.len() < most {
            self.words.resize(most, 0);
        }
    }

    /// What is left to be written to.
    #[inline]
    pub(super) fn rest(&mut self) -> &mut [u32] {
        self.words.get_mut(self.count..).unwrap_or_default()
    }

    /// The words from one count to another.
    #[inline]
    pub(crate) fn words(&self, (from, to): (u32, u32)) -> &[u32] {
        self.words.get(from as usize..to as usize).unwrap_or_default()
    }
}

/// Fills `lines` with the lines of `text`, and `content` with the hashes of their content words: those that are neither
/// short nor function words nor numbers, and pairs of characters in scripts without spaces.
pub(crate) fn scan(text: &str, phrases: &Phrases, lines: &mut Vec<Line>, content: &mut Content) {
    lines.clear();
    content.begin(text.len());
    let bytes = text.as_bytes();
    let (mut marks, mut tokens) = (std::mem::take(&mut content.marks), std::mem::take(&mut content.tokens));
    let looked = Looked::new(bytes, &mut marks);
    let mut start = 0;
    while let Some(&first) = bytes.get(start) {
        // Every other line of a scraped page is empty.
        let next = if first == b'\n' {
            start + 1
        } else {
            let rest = bytes.get(start..).unwrap_or_default();
            memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| start + length + 1)
        };
        lines.push(Line { start: start as u32, next: next as u32, ..Line::default() });
        if first != b'\n'
            && let Some(line) = lines.last_mut()
        {
            Scanner::new(phrases, looked, content, line).measure(&mut tokens);
        }
        start = next;
    }
    (content.marks, content.tokens) = (marks, tokens);
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
