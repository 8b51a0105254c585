//! The words of a line in a row, so that each question about them is a loop of its own.
//!
//! One loop that asks everything of a word before it reads the next has more to keep than a processor has registers:
//! measured, it takes twice the instructions.

#![expect(
    clippy::inline_always,
    reason = "called for each word: measured, without it the crate is a tenth slower"
)]

use crate::phrases::{Small, Word, WordHash};

/// A word, or a character of a script without spaces.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Token {
    pub(super) hash: WordHash,
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte.
    end: u32,
    /// How many letters, and 0 for numbers, or [`PAIR`].
    letters: u32,
}

/// Stands for the letters of an ideograph right behind another.
const PAIR: u32 = u32::MAX;

/// Shorter words tell little of what a text is about.
const CONTENT_LETTERS: u32 = 4;

impl Token {
    /// A word of so many letters, which are 0 for a number.
    #[inline(always)]
    pub(super) fn new(word: Word, letters: usize) -> Self {
        Self { hash: word.hash, start: word.start as u32, end: word.end as u32, letters: letters as u32 }
    }

    /// A word that begins with a small ASCII letter.
    #[inline(always)]
    pub(super) const fn small(small: Small, start: usize) -> Self {
        Self { hash: small.hash, start: start as u32, end: small.end as u32, letters: small.letters as u32 }
    }

    /// An ideograph.
    #[inline]
    pub(super) const fn ideograph(word: Word, behind_another: bool) -> Self {
        Self {
            hash: word.hash,
            start: word.start as u32,
            end: word.end as u32,
            letters: if behind_another { PAIR } else { 0 },
        }
    }

    /// One past the last byte.
    #[inline]
    pub(super) const fn end(self) -> usize {
        self.end as usize
    }

    #[inline]
    pub(super) const fn word(self) -> Word {
        Word { hash: self.hash, start: self.start as usize, end: self.end() }
    }

    /// Does it make a content word with the token before?
    #[inline]
    pub(super) const fn is_pair(self) -> bool {
        self.letters == PAIR
    }

    /// Is it long enough for a content word, and no number?
    #[inline]
    pub(super) const fn is_long(self) -> bool {
        self.letters >= CONTENT_LETTERS
    }
}

/// Buffers for the tokens of a line.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) all: Vec<Token>,
    /// Those that may belong to a phrase.
    pub(super) hints: Vec<u32>,
}

impl Tokens {
    /// Makes place for the tokens of a line of so many bytes: a token and what parts it from the next have two at least.
    pub(super) fn begin(&mut self, bytes: usize) {
        let most = bytes / 2 + 1;
        if self.all.len() < most {
            self.all.resize(most, Token::default());
            self.hints.resize(most, 0);
        }
    }
}
