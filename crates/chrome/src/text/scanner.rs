//! Reads one line: its words, its signs and the phrases of chrome in it, each byte once.

use super::line::Line;
use super::sign::{First, Last, Mark, Signs, is_closing, is_terminal, mark};
use crate::phrases::{Class, Hit, Matcher, NUMBER, Phrases, Word, WordHash};

/// Phrases are looked for in that many bytes at both ends of a line: within a long paragraph they tell nothing.
const EDGE: usize = 160;

/// Shorter words tell little of what a text is about.
const CONTENT_LETTERS: u32 = 4;

/// Reads lines, and collects the hashes of their content words: those that are neither short nor function words nor
/// numbers, and pairs of characters in scripts without spaces.
pub(super) struct Scanner<'a> {
    phrases: &'a Phrases,
    content: &'a mut Vec<u32>,
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
    /// Words that start here or later, but before `tail`, are too far within the line to begin a phrase.
    tail: usize,
    /// Where the first word starts, the last one ends, and the last phrase ends; its category plus one.
    first_word: usize,
    word_end: usize,
    last_hit_end: u32,
    last_hit: u8,
}

/// Before the first word of a line.
const NO_WORD: usize = usize::MAX;

impl<'a> Scanner<'a> {
    pub(super) fn new(phrases: &'a Phrases, content: &'a mut Vec<u32>) -> Self {
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
            tail: 0,
            first_word: NO_WORD,
            word_end: 0,
            last_hit_end: 0,
            last_hit: 0,
        }
    }

    /// Everything but the place of the line.
    pub(super) fn line(&mut self, text: &str) -> Line {
        self.begin_line(text);
        let folding = self.phrases.folding();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let known = folding.byte(byte);
            if known.is_word() {
                let class = if known.class == Class::Upper.bit() {
                    Class::Upper
                } else if known.class == Class::Digit.bit() {
                    Class::Digit
                } else {
                    Class::Lower
                };
                at = self.word(bytes, at, at + 1, char::from(byte), class, known.folded.into());
            } else if byte == b' ' {
                self.space(1);
                at += 1;
            } else {
                let Some((character, end)) = character_at(bytes, at) else { break };
                at = self.other(bytes, at, end, character);
            }
        }
        self.finish()
    }

    fn begin_line(&mut self, text: &str) {
        let first = self.content.len() as u32;
        self.line = Line { content: (first, first), ..Line::default() };
        (self.tokens, self.stops, self.capitals, self.stop_last, self.hash) = (0, 0, 0, false, 0);
        (self.last, self.before) = (' ', ' ');
        (self.letters, self.capital, self.ideograph, self.ended) = (0, false, None, false);
        self.tail = text.len().saturating_sub(EDGE).max(EDGE);
        (self.first_word, self.word_end) = (NO_WORD, 0);
        (self.last_hit_end, self.last_hit) = (0, 0);
    }

    /// A character that is neither an ASCII letter or digit nor a space.
    fn other(&mut self, bytes: &[u8], at: usize, end: usize, character: char) -> usize {
        let (class, folded) = self.phrases.folding().of(character);
        match class {
            Class::Lower | Class::Upper | Class::Digit => {
                return self.word(bytes, at, end, character, class, folded);
            }
            Class::Space => self.space(if character == '\t' { 4 } else { 1 }),
            Class::Mark => {}
            Class::Ideograph => {
                self.begin(class);
                (self.before, self.last) = (self.last, character);
                self.line.ideographs = self.line.ideographs.saturating_add(1);
                let hash = WordHash::START.push(folded).end();
                if let Some(before) = self.ideograph.replace(hash) {
                    self.content.push(before.then(hash).0 as u32);
                }
                self.token(Word { hash, start: at, end });
            }
            Class::Other => self.sign(character),
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

    /// Reads the word that starts at byte `start` with `character`, which ends at byte `end`; returns where it ends.
    ///
    /// Most bytes pass through this loop, so it looks at bytes, and decodes what is not ASCII.
    #[inline]
    fn word(
        &mut self,
        bytes: &[u8],
        start: usize,
        mut end: usize,
        character: char,
        class: Class,
        folded: u32,
    ) -> usize {
        let folding = self.phrases.folding();
        self.begin(class);
        let mut hash = WordHash::START.push(folded);
        // Letters are counted by bytes, less those that are not the first of a letter.
        let (mut surplus, mut classes, mut last) = (end - start - 1, class.bit(), character);
        loop {
            let run = end;
            while let Some(&byte) = bytes.get(end) {
                let known = folding.byte(byte);
                if !known.is_word() {
                    break;
                }
                hash = hash.push(known.folded.into());
                classes |= known.class;
                end += 1;
            }
            if end > run {
                last = bytes.get(end - 1).map_or(' ', |&byte| char::from(byte));
            }
            if bytes.get(end).is_none_or(u8::is_ascii) {
                break;
            }
            let Some((character, after)) = character_at(bytes, end) else { break };
            let (class, folded) = folding.of(character);
            if class == Class::Mark {
                surplus += after - end;
            } else if class.is_word() {
                surplus += after - end - 1;
                hash = hash.push(folded);
                classes |= class.bit();
                last = character;
            } else {
                break;
            }
            end = after;
        }
        let letters = (end - start - surplus) as u32;
        // What stands before the last letter of a word is no sign.
        (self.before, self.last) = (if letters > 1 { 'a' } else { self.last }, last);
        self.capital = class == Class::Upper;
        self.letters = letters;
        self.ideograph = None;
        let number = classes == Class::Digit.bit();
        let hash = if number { NUMBER } else { hash.end() };
        self.capitals += u32::from(self.capital && self.tokens > 0);
        if number {
            self.line.numbers = self.line.numbers.saturating_add(1);
        } else if letters > 1 && classes == Class::Upper.bit() {
            self.line.shouts = self.line.shouts.saturating_add(1);
        }
        let stop = self.token(Word { hash, start, end });
        if !stop && !number && letters >= CONTENT_LETTERS {
            self.content.push(hash.0 as u32);
        }
        end
    }

    /// A word or an ideograph begins.
    #[inline]
    fn begin(&mut self, class: Class) {
        self.ended = false;
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
    #[inline]
    fn token(&mut self, word: Word) -> bool {
        let known = self.phrases.known(word.hash);
        let stop = known.is_stop_word();
        if self.tokens == 0 {
            self.first_word = word.start;
        }
        self.tokens += 1;
        self.stops += u32::from(stop);
        self.stop_last = stop;
        self.hash = (self.hash.rotate_left(5) ^ word.hash.0).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.word_end = word.end;
        if self.matcher.is_open() || known.begins_phrase() {
            let Self { matcher, phrases, line, first_word, last_hit_end, last_hit, .. } = self;
            let mut found = |hit| count(line, hit, *first_word, last_hit_end, last_hit);
            if word.start < EDGE || word.start >= self.tail {
                matcher.push(phrases, word, known, &mut found);
            } else {
                matcher.finish(&mut found);
            }
        }
        stop
    }

    /// Punctuation and symbols.
    fn sign(&mut self, character: char) {
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
                if character == ':' && self.last.is_ascii_digit() {
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
                let initial = self.letters == 1
                    && self.capital
                    && character == '.'
                    && self.phrases.folding().of(self.last).0 == Class::Upper;
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
                if self.word_end == 0 || self.last != '/' {
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

    fn finish(&mut self) -> Line {
        let Self { matcher, line, first_word, last_hit_end, last_hit, .. } = self;
        if matcher.is_open() {
            matcher.finish(&mut |hit| count(line, hit, *first_word, last_hit_end, last_hit));
        }
        let top = |count: u32| count.min(u16::MAX.into()) as u16;
        (line.tokens, line.stops, line.capitals) = (top(self.tokens), top(self.stops), top(self.capitals));
        line.signs.0 |= if self.stop_last { Signs::STOP_LAST } else { 0 };
        line.hash = self.hash;
        line.content.1 = self.content.len() as u32;
        if self.last_hit_end as usize == self.word_end && self.tokens > 0 {
            line.closes = self.last_hit;
        }
        if line.bullet && line.is_blank() {
            line.first = First::Other;
        }
        line.last = match self.last {
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

/// The character whose first byte is at `at`, and where the next one starts.
#[inline]
fn character_at(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let low = |byte: u8| u32::from(byte & 0x3F);
    let (code, length) = match *bytes.get(at..)? {
        [one, ..] if one < 0x80 => (u32::from(one), 1),
        [one, two, ..] if one < 0xE0 => (u32::from(one & 0x1F) << 6 | low(two), 2),
        [one, two, three, ..] if one < 0xF0 => (u32::from(one & 0xF) << 12 | low(two) << 6 | low(three), 3),
        [one, two, three, four, ..] => {
            (u32::from(one & 7) << 18 | low(two) << 12 | low(three) << 6 | low(four), 4)
        }
        _ => return None,
    };
    Some((char::from_u32(code)?, at + length))
}

fn count(line: &mut Line, hit: Hit, first_word: usize, last_hit_end: &mut u32, last_hit: &mut u8) {
    let category = hit.category as u8;
    if let Some(covered) = line.covered.get_mut(usize::from(category)) {
        *covered = covered.saturating_add(hit.words.min(255) as u8);
        line.phrases = true;
    }
    if first_word == hit.start {
        line.opens = category + 1;
    }
    *last_hit_end = hit.end as u32;
    *last_hit = category + 1;
}
