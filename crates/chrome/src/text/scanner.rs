//! Reads one line: its words, its signs and the phrases of chrome in it, each byte once.

#![expect(
    clippy::inline_always,
    reason = "called for each word: measured, without it the crate is a tenth slower"
)]

use super::line::{Content, Line};
use super::sign::{First, Last, Mark, Signs, is_closing, is_terminal, mark};
use crate::phrases::{
    Category, Class, Hit, Matcher, Phrases, Piece, Reading, Word, WordHash, character_at, read_eight,
    read_long, read_short,
};

/// Phrases are looked for in that many bytes at both ends of a line: within a long paragraph they tell nothing.
const EDGE: usize = 160;

/// In a line of more words, a phrase of one word ("plus", "share") tells nothing, unless it begins or ends the line.
const SENTENCE: u32 = 12;

/// Shorter words tell little of what a text is about.
const CONTENT_LETTERS: u32 = 4;

/// Reads lines, and collects the hashes of their content words: those that are neither short nor function words nor
/// numbers, and pairs of characters in scripts without spaces.
pub(super) struct Scanner<'a> {
    phrases: &'a Phrases,
    content: &'a mut Content,
    line: Line,
    /// Counts of the line, before they stop at the top of their type.
    tokens: u32,
    stops: u32,
    capitals: u32,
    /// Is the last word a function word?
    stop_last: bool,
    hash: u64,
    matcher: Matcher,
    /// The last two signs that are no space.
    last: char,
    before: char,
    /// The last word: how many letters it has, and whether it begins with a capital.
    letters: u32,
    capital: bool,
    /// The ideograph right before, for pairs.
    ideograph: Option<WordHash>,
    /// A sentence end waits for a space.
    ended: bool,
    /// Words that start here are too far within the line to belong to a phrase.
    middle: (usize, usize),
    /// Where the first word starts, the last one ends, and the last phrase ends; its category plus one.
    first_word: usize,
    word_end: usize,
    last_hit_end: u32,
    last_hit: u8,
    /// How many phrases of one word the line has, by category.
    singles: [u8; Category::COUNT],
}

/// Stands for the last letter or digit of any word.
const LETTER: char = 'a';

/// Before the first word of a line.
const NO_WORD: usize = usize::MAX;

impl<'a> Scanner<'a> {
    pub(super) fn new(phrases: &'a Phrases, content: &'a mut Content) -> Self {
        Self {
            phrases,
            content,
            line: Line::default(),
            tokens: 0,
            stops: 0,
            capitals: 0,
            stop_last: false,
            hash: 0,
            matcher: Matcher::default(),
            last: ' ',
            before: ' ',
            letters: 0,
            capital: false,
            ideograph: None,
            ended: false,
            middle: (0, 0),
            first_word: NO_WORD,
            word_end: 0,
            last_hit_end: 0,
            last_hit: 0,
            singles: [0; Category::COUNT],
        }
    }

    /// The line in `bytes`, a whole text, from `start` up to `end`.
    pub(super) fn line(&mut self, bytes: &[u8], start: usize, end: usize) -> Line {
        self.begin_line(start, end);
        let mut at = start;
        let fed = end > start && bytes.get(end - 1) == Some(&b'\n');
        let end = end - usize::from(fed);
        while at < end {
            let piece = Piece::at(bytes, at);
            let length = piece.length();
            if length > 0 {
                if self.line.is_blank() {
                    self.first(piece.first());
                }
                // A space behind a word tells nothing.
                if let Some(reading) = read_short(at, piece, length) {
                    at = self.word(&reading) + usize::from(piece.byte(length) == b' ');
                } else {
                    let ascii = if length == 8 { read_eight(bytes, at, piece) } else { None };
                    let reading = match ascii {
                        Some(reading) => reading,
                        None => read_long(self.phrases.folding(), bytes, at, piece),
                    };
                    at = self.word(&reading);
                    at += usize::from(bytes.get(at) == Some(&b' '));
                }
            } else if let byte @ 0..0x80 = piece.byte(0) {
                at += 1;
                match byte {
                    b'\t' => self.space(4),
                    b' ' | b'\n'..=b'\r' => self.space(1),
                    _ => {
                        self.sign(bytes, byte.into());
                        if piece.byte(1) == b' ' {
                            self.space(1);
                            at += 1;
                        }
                    }
                }
            } else {
                let Some((character, after)) = character_at(bytes, at) else { break };
                at = self.other(bytes, at, after, character);
            }
        }
        if fed {
            self.space(1);
        }
        self.finish()
    }

    #[inline]
    fn begin_line(&mut self, start: usize, end: usize) {
        let first = self.content.count as u32;
        self.line =
            Line { start: start as u32, next: end as u32, content: (first, first), ..Line::default() };
        (self.tokens, self.stops, self.capitals, self.stop_last, self.hash) = (0, 0, 0, false, 0);
        (self.last, self.before) = (' ', ' ');
        (self.letters, self.capital, self.ideograph, self.ended) = (0, false, None, false);
        self.middle = (start + EDGE, end.saturating_sub(EDGE));
        (self.first_word, self.word_end) = (NO_WORD, start);
        (self.last_hit_end, self.last_hit) = (0, 0);
    }

    /// Any character beyond ASCII.
    fn other(&mut self, bytes: &[u8], at: usize, end: usize, character: char) -> usize {
        let (class, folded) = self.phrases.folding().of(character);
        match class {
            Class::Lower | Class::Upper | Class::Digit => {
                self.first(class);
                return self.word(&read_long(self.phrases.folding(), bytes, at, Piece::at(bytes, at)));
            }
            Class::Space => self.space(1),
            Class::Mark => {}
            Class::Ideograph => {
                self.first(class);
                self.ended = false;
                (self.before, self.last) = (self.last, character);
                self.line.ideographs = self.line.ideographs.saturating_add(1);
                let hash = WordHash::of_character(folded);
                if let Some(before) = self.ideograph.replace(hash) {
                    self.content.add(before.then(hash), true);
                }
                self.token(Word { hash, start: at, end });
            }
            Class::Other => self.sign(bytes, character),
        }
        end
    }

    #[inline]
    fn space(&mut self, columns: u8) {
        if self.ended {
            self.line.sentences = self.line.sentences.saturating_add(1);
            self.ended = false;
        }
        if self.line.is_blank() && !self.line.bullet {
            self.line.indent = self.line.indent.saturating_add(columns);
        }
    }

    /// Counts a word; returns where it ends.
    #[inline(always)]
    fn word(&mut self, reading: &Reading) -> usize {
        self.ended = false;
        self.last = LETTER;
        self.capital = reading.capital;
        self.letters = reading.letters;
        self.ideograph = None;
        self.capitals += u32::from(reading.capital);
        if reading.number {
            self.line.numbers = self.line.numbers.saturating_add(1);
        } else if reading.capitals && reading.letters > 1 {
            self.line.shouts = self.line.shouts.saturating_add(1);
        }
        let stop = self.token(reading.word);
        let content = !(stop | reading.number) && reading.letters >= CONTENT_LETTERS;
        self.content.add(reading.word.hash, content);
        reading.word.end
    }

    /// Notes how the line begins, if it begins here.
    #[inline]
    fn first(&mut self, class: Class) {
        if self.line.is_blank() {
            self.line.first = match class {
                Class::Upper => First::Upper,
                Class::Digit => First::Digit,
                Class::Ideograph => First::Ideograph,
                _ => First::Lower,
            };
        }
    }

    /// Counts a token; says whether it is a function word.
    #[inline(always)]
    fn token(&mut self, word: Word) -> bool {
        let known = self.phrases.table().known(word.hash);
        let stop = known.stop;
        if self.tokens == 0 {
            self.first_word = word.start;
            // Capitals count from the second word on.
            self.capitals = 0;
        }
        self.tokens += 1;
        self.stops += u32::from(stop);
        self.stop_last = stop;
        self.hash = (self.hash.rotate_left(5) ^ word.hash.0).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.word_end = word.end;
        if self.matcher.matters(self.phrases, word, known) {
            self.follow(word);
        }
        stop
    }

    /// Follows a phrase.
    fn follow(&mut self, word: Word) {
        let Self { matcher, phrases, line, first_word, last_hit_end, last_hit, singles, .. } = self;
        let mut found = |hit| count(line, singles, hit, *first_word, last_hit_end, last_hit);
        if word.start >= self.middle.0 && word.start < self.middle.1 {
            matcher.finish(&mut found);
        } else {
            matcher.follow(phrases, word, &mut found);
        }
    }

    /// Punctuation and symbols.
    #[inline]
    fn sign(&mut self, bytes: &[u8], character: char) {
        let mut first = First::Other;
        let line = &mut self.line;
        let mut ends = false;
        match mark(character) {
            Mark::Comma => {
                first = First::Continuation;
                line.commas = line.commas.saturating_add(1);
            }
            Mark::Colon => {
                first = First::Continuation;
                let digit = || bytes.get(self.word_end.wrapping_sub(1)).is_some_and(u8::is_ascii_digit);
                if character == ':' && self.last == LETTER && digit() {
                    line.signs.0 |= Signs::CLOCK;
                }
            }
            Mark::WideEnd => {
                first = First::Continuation;
                line.signs.0 |= if character == '？' { Signs::QUESTION } else { 0 };
                line.sentences = line.sentences.saturating_add(1);
            }
            Mark::End => {
                first = First::Continuation;
                ends = true;
                line.signs.0 |= if matches!(character, '?' | '؟') { Signs::QUESTION } else { 0 };
                // "M. Macron": one capital and a full stop end no sentence.
                let initial = self.letters == 1 && self.capital && character == '.' && self.last == LETTER;
                self.ended = !initial;
                if character == '…' || (character == '.' && self.last == '.' && self.before == '.') {
                    line.signs.0 |= Signs::CUT;
                }
            }
            Mark::Bullet if line.is_blank() => {
                line.bullet = true;
                // The sign behind the bullet is the first of the line.
                return;
            }
            Mark::Bullet | Mark::Separator => line.separators = line.separators.saturating_add(1),
            Mark::Slash => {
                if self.last == '/' && self.before == ':' {
                    line.signs.0 |= Signs::ADDRESS;
                }
                if self.tokens == 0 || self.last != '/' {
                    line.separators = line.separators.saturating_add(1);
                }
            }
            Mark::Sign(sign) => line.signs.0 |= sign,
            Mark::Quotation => {
                first = First::Quote;
                line.signs.0 |= Signs::QUOTE;
            }
            Mark::Apostrophe => first = First::Quote,
            Mark::Opening => {
                first = First::Quote;
                line.signs.0 |= Signs::BRACKET;
            }
            Mark::Closing => first = First::Continuation,
            Mark::Dash => first = First::Dash,
            Mark::Other => {}
        }
        if line.is_blank() {
            line.first = first;
        }
        if !ends && !is_closing(character) {
            self.ended = false;
        }
        self.before = self.last;
        self.last = character;
    }

    #[inline]
    fn finish(&mut self) -> Line {
        let Self { matcher, line, first_word, last_hit_end, last_hit, singles, .. } = self;
        matcher.finish(&mut |hit| count(line, singles, hit, *first_word, last_hit_end, last_hit));
        if line.phrases && self.tokens > SENTENCE {
            for (covered, single) in line.covered.iter_mut().zip(&*singles) {
                *covered = covered.saturating_sub(*single);
            }
        }
        if line.phrases {
            *singles = [0; Category::COUNT];
        }
        let top = |count: u32| count.min(u16::MAX.into()) as u16;
        (line.tokens, line.stops, line.capitals) = (top(self.tokens), top(self.stops), top(self.capitals));
        line.signs.0 |= if self.stop_last { Signs::STOP_LAST } else { 0 };
        line.hash = self.hash;
        line.content.1 = self.content.count as u32;
        if self.last_hit_end as usize == self.word_end && self.tokens > 0 {
            line.closes = self.last_hit;
        }
        if line.bullet && line.is_blank() {
            line.first = First::Other;
        }
        line.last = match self.last {
            LETTER | ' ' => Last::Open,
            '.' if self.before == '.' => Last::Ellipsis,
            '…' => Last::Ellipsis,
            last if is_terminal(last) => Last::Terminal,
            ':' | '：' => Last::Colon,
            ',' | '，' | '、' | ';' | '；' | '،' | '؛' | '(' | '（' | '[' | '「' | '『' | '《' => {
                Last::Comma
            }
            last if is_closing(last) => {
                if is_terminal(self.before) || self.before == '…' {
                    Last::Quoted
                } else {
                    Last::Closing
                }
            }
            last => match self.phrases.folding().of(last).0 {
                Class::Other => Last::Other,
                _ => Last::Open,
            },
        };
        *line
    }
}

fn count(
    line: &mut Line,
    singles: &mut [u8; Category::COUNT],
    hit: Hit,
    first_word: usize,
    last_hit_end: &mut u32,
    last_hit: &mut u8,
) {
    let category = hit.category as u8;
    if let Some(covered) = line.covered.get_mut(usize::from(category)) {
        *covered = covered.saturating_add(hit.words.min(255) as u8);
        line.phrases = true;
    }
    if hit.words == 1
        && let Some(single) = singles.get_mut(usize::from(category))
    {
        *single = single.saturating_add(1);
    }
    if first_word == hit.start {
        line.opens = category + 1;
    }
    *last_hit_end = hit.end as u32;
    *last_hit = category + 1;
}
