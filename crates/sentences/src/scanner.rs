//! The scanner: paragraphs, then sentences, from left to right and never back.

use std::ops::Range;

use tamis_span::Span;

use crate::asides::Asides;
use crate::boundary::{self, Context};
use crate::candidates::{self, Lines};
use crate::lists;
use crate::marks::{self, Ending};
use crate::tail::{self, Mark};
use crate::text::Text;
use crate::words::Words;
use crate::wrapping;

/// The sentences of a text as byte spans: sorted, disjoint, not empty, without white space at their ends and with
/// nothing but white space between them. An iterator that allocates nothing.
#[derive(Debug, Clone)]
pub struct Sentences<'a> {
    text: Text<'a>,
    words: &'a Words,
    /// Which bytes end a sentence in this language alone, and which may end one in this paragraph.
    own_marks: u8,
    wanted: u8,
    /// Longest line of a hard-wrapped text, in bytes; nothing where every line end ends a sentence.
    width: Option<usize>,
    lines: Lines,
    /// Nothing before this is looked at again.
    at: usize,
    /// Where the paragraph ends, and where the one after it starts.
    end: usize,
    following: usize,
    /// Where the next item of a list starts, when the paragraph holds one.
    item: Option<usize>,
    /// Straight quotes of the paragraph before an offset: the offset, and whether their number is odd.
    quotes: (usize, bool),
    asides: Asides,
}

impl<'a> Sentences<'a> {
    pub(crate) fn new(text: &'a str, words: &'a Words, join_lines: bool) -> Self {
        // White space after the last sentence is none of its business, whatever the rules ask of what follows.
        let text = text.trim_end();
        let traits = words.traits;
        let own_marks = if traits.greek_question { candidates::SEMICOLON } else { 0 }
            | if traits.armenian_stop { candidates::COLON } else { 0 }
            | if traits.danda_bar { candidates::BAR } else { 0 };
        Self {
            text: Text(text),
            words,
            own_marks,
            wanted: candidates::MARKS,
            width: if join_lines { wrapping::width(text) } else { None },
            lines: Lines::default(),
            at: 0,
            end: 0,
            following: 0,
            item: None,
            quotes: (0, false),
            asides: Asides::default(),
        }
    }

    /// Moves to the next paragraph; false at the end of the text.
    fn next_paragraph(&mut self) -> bool {
        let start = self.following;
        let bytes = self.text.0.as_bytes();
        if start >= bytes.len() {
            return false;
        }
        let mut at = start;
        let mut rare_marks = false;
        loop {
            let line = self.lines.line(bytes, at);
            rare_marks |= line.rare_marks;
            (self.end, self.following) = (line.end, line.next);
            match self.width {
                Some(width) if wrapping::joins(self.text, at, self.end, self.following, width) => {
                    at = self.following;
                }
                _ => break,
            }
        }
        self.at = start;
        self.item = None;
        self.quotes = (start, false);
        self.asides = Asides::default();
        self.wanted = if rare_marks || self.own_marks != 0 {
            candidates::MARKS | self.own_marks
        } else {
            candidates::ASCII_MARKS
        };
        true
    }

    /// Where the sentence that starts at `start` ends.
    fn sentence_end(&mut self, start: usize) -> usize {
        let text = self.text;
        let mut from = start;
        let mut initial = None;
        if let Some(marker) = lists::marker(text, start, self.end) {
            let listed = self.item == Some(start);
            from = marker.end;
            let next = marker.next(text, self.end, listed);
            self.item = next.filter(|next| next.is_item).map(|next| next.start);
            let other = next.filter(|next| !next.is_item);
            initial =
                other.and_then(|next| lists::marker(text, next.start, self.end)).map(|marker| marker.end);
        }
        let end = self.item.filter(|&item| item > from).unwrap_or(self.end);
        let context = Context { text, start, end, words: self.words };
        self.asides.start_sentence(start);
        while let Some(mark) = self.next_mark(from, end) {
            let quotes = &mut self.quotes;
            let tail = tail::tail(text, mark, end, &mut |at| odd_quotes(text, quotes, at));
            // The second of "a. … b. …" is a marker or an initial: nothing ends with it.
            let is_initial = initial == Some(mark.end);
            if !is_initial && boundary::ends(context, mark, tail) && !self.asides.hold(text, tail.end, end) {
                return tail.end;
            }
            from = tail.end;
        }
        end
    }

    /// The next mark of `from..end`.
    fn next_mark(&self, mut from: usize, end: usize) -> Option<Mark> {
        loop {
            let after = from + candidates::find(self.text.0.as_bytes().get(from..end)?, self.wanted)? + 1;
            if let Some(letter) = self.text.letter_before(after)
                && let Some(ending) = self.ending(letter)
            {
                return Some(Mark { start: after - letter.len_utf8(), end: after, ending });
            }
            from = after;
        }
    }

    fn ending(&self, letter: char) -> Option<Ending> {
        match letter {
            ';' if self.words.traits.greek_question => Some(Ending::Strong),
            ':' if self.words.traits.armenian_stop => Some(Ending::Strong),
            '|' if self.words.traits.danda_bar => Some(Ending::Plain),
            _ => marks::ending(letter),
        }
    }

    fn next_range(&mut self) -> Option<Range<usize>> {
        loop {
            let start = self.text.skip_space(self.at, self.end);
            if start < self.end {
                self.at = self.sentence_end(start);
                return Some(start..self.text.skip_space_back(self.at, start));
            }
            if !self.next_paragraph() {
                return None;
            }
        }
    }
}

impl Iterator for Sentences<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        self.next_range().map(Span::from)
    }
}

impl std::iter::FusedIterator for Sentences<'_> {}

/// Whether an odd number of straight quotes stands before `at`, counted on from the last time it was asked.
fn odd_quotes(text: Text<'_>, counted: &mut (usize, bool), at: usize) -> bool {
    let (from, odd) = *counted;
    if at > from {
        let since = text.0.as_bytes().get(from..at).unwrap_or_default();
        *counted = (at, odd ^ (memchr::memchr_iter(b'"', since).count() % 2 == 1));
    }
    counted.1
}
