//! One pass over the text: its lines, and what can be counted in each without looking at the others.

use super::sign::{First, Last, Signs, is_closing, is_terminal};
use crate::phrases::{Category, Class, Hit, Matcher, NUMBER, Phrases, Word, WordHash};

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
    pub(crate) const fn is_blank(&self) -> bool {
        matches!(self.first, First::Blank)
    }
}

/// Phrases are looked for in that many bytes at both ends of a line: within a long paragraph they tell nothing.
const EDGE: usize = 160;

/// Shorter words tell little of what a text is about.
const CONTENT_LETTERS: u32 = 4;

/// Fills `lines` with the lines of `text`, and `content` with the hashes of their content words: those that are neither
/// short nor function words nor numbers, and pairs of characters in scripts without spaces.
pub(crate) fn scan(text: &str, phrases: &Phrases, lines: &mut Vec<Line>, content: &mut Vec<u32>) {
    lines.clear();
    content.clear();
    let mut start = 0;
    while start < text.len() {
        let next = memchr::memchr(b'\n', text.as_bytes().get(start..).unwrap_or_default())
            .map_or(text.len(), |length| start + length + 1);
        // Every other line of a scraped page is empty.
        if text.get(start..next) == Some("\n") {
            lines.push(Line { start: start as u32, next: next as u32, ..Line::default() });
            start = next;
            continue;
        }
        let first = content.len() as u32;
        let mut line = Scanner::new(phrases, content).run(text.get(start..next).unwrap_or_default());
        line.content = (first, content.len() as u32);
        line.start = start as u32;
        line.next = next as u32;
        lines.push(line);
        start = next;
    }
}

struct Scanner<'a> {
    phrases: &'a Phrases,
    content: &'a mut Vec<u32>,
    line: Line,
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
    /// Bytes of the line.
    length: usize,
    /// Where the first word starts, the last one ends, and the last phrase ends; its category plus one.
    first_word: Option<usize>,
    word_end: usize,
    last_hit_end: u32,
    last_hit: u8,
}

impl<'a> Scanner<'a> {
    fn new(phrases: &'a Phrases, content: &'a mut Vec<u32>) -> Self {
        Self {
            phrases,
            content,
            ideograph: None,
            line: Line::default(),
            matcher: Matcher::default(),
            last: ' ',
            before: ' ',
            letters: 0,
            capital: false,
            ended: false,
            length: 0,
            first_word: None,
            word_end: 0,
            last_hit_end: 0,
            last_hit: 0,
        }
    }

    fn run(mut self, content: &str) -> Line {
        self.length = content.len();
        let folding = self.phrases.folding();
        let mut at = 0;
        while let Some(character) = character_at(content, at) {
            let end = at + character.len_utf8();
            let (class, folded) = folding.of(character);
            at = match class {
                Class::Lower | Class::Upper | Class::Digit => {
                    self.begin(class);
                    self.word(content, at, character, class, folded)
                }
                Class::Space => {
                    self.space(character);
                    end
                }
                Class::Mark => end,
                Class::Ideograph => {
                    self.begin(class);
                    (self.before, self.last) = (self.last, character);
                    self.line.ideographs = self.line.ideographs.saturating_add(1);
                    let hash = WordHash::START.push(folded).end();
                    if let Some(before) = self.ideograph.replace(hash) {
                        self.content.push(before.then(hash).0 as u32);
                    }
                    self.token(Word { hash, start: at, end });
                    end
                }
                Class::Other => {
                    self.sign(character);
                    end
                }
            };
        }
        self.finish()
    }

    #[inline]
    fn space(&mut self, character: char) {
        self.line.sentences = self.line.sentences.saturating_add(u16::from(self.ended));
        self.ended = false;
        if self.line.is_blank() && !self.line.bullet {
            let columns = if character == '\t' { 4 } else { 1 };
            self.line.indent = self.line.indent.saturating_add(columns);
        }
    }

    /// Reads the word that starts at byte `start` with `character`; returns where it ends.
    ///
    /// Most characters pass through this loop, so it looks at bytes, and decodes what is not ASCII.
    #[inline]
    fn word(&mut self, content: &str, start: usize, character: char, class: Class, folded: u32) -> usize {
        let folding = self.phrases.folding();
        let mut end = start + character.len_utf8();
        let mut hash = WordHash::START.push(folded);
        let (mut letters, mut classes, mut last) = (1_u32, class.bit(), character);
        while let Some(&byte) = content.as_bytes().get(end) {
            if byte.is_ascii() {
                let (class, folded) = folding.of_ascii(byte);
                if !class.is_word() {
                    break;
                }
                hash = hash.push(folded);
                classes |= class.bit();
                last = char::from(byte);
                end += 1;
            } else {
                let Some(character) = character_at(content, end) else { break };
                let (class, folded) = folding.of(character);
                if class == Class::Mark {
                    end += character.len_utf8();
                    continue;
                }
                if !class.is_word() {
                    break;
                }
                hash = hash.push(folded);
                classes |= class.bit();
                last = character;
                end += character.len_utf8();
            }
            letters += 1;
        }
        // What stands before the last letter of a word is no sign.
        (self.before, self.last) = (if letters > 1 { 'a' } else { self.last }, last);
        self.capital = class == Class::Upper;
        self.letters = letters;
        self.ideograph = None;
        let number = classes == Class::Digit.bit();
        let hash = hash.end();
        let line = &mut self.line;
        line.numbers = line.numbers.saturating_add(u16::from(number));
        line.shouts = line.shouts.saturating_add(u16::from(letters > 1 && classes == Class::Upper.bit()));
        line.capitals = line.capitals.saturating_add(u16::from(self.capital && line.tokens > 0));
        let stop = self.token(Word { hash: if number { NUMBER } else { hash }, start, end });
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
        let Self { matcher, phrases, line, first_word, last_hit_end, last_hit, .. } = self;
        line.tokens = line.tokens.saturating_add(1);
        line.hash = (line.hash.rotate_left(5) ^ word.hash.0).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let stop = phrases.is_stop_word(word.hash);
        line.stops = line.stops.saturating_add(u16::from(stop));
        line.signs.0 = (line.signs.0 & !Signs::STOP_LAST) | (u16::from(stop) * Signs::STOP_LAST);
        self.word_end = word.end;
        let first = *first_word.get_or_insert(word.start);
        let mut found = |hit| count(line, hit, first, last_hit_end, last_hit);
        if word.start < EDGE || word.start + EDGE >= self.length {
            matcher.push(phrases, word, &mut found);
        } else {
            matcher.finish(&mut found);
        }
        stop
    }

    /// Punctuation and symbols.
    fn sign(&mut self, character: char) {
        let line = &mut self.line;
        let mut first = First::Other;
        match character {
            '.' | '!' | '?' | '。' | '！' | '？' | '．' | '؟' | '।' | '۔' | '…' | '‽' | ';' | ':' | '：'
            | '；' | ',' | '，' | '、' | '،' | '؛' => {
                first = First::Continuation;
                match character {
                    ',' | '，' | '、' | '،' => line.commas = line.commas.saturating_add(1),
                    ':' if self.last.is_ascii_digit() => line.signs.0 |= Signs::CLOCK,
                    ';' | ':' | '：' | '；' | '؛' => {}
                    _ => {
                        if matches!(character, '?' | '？' | '؟') {
                            line.signs.0 |= Signs::QUESTION;
                        }
                        if matches!(character, '。' | '！' | '？') {
                            line.sentences = line.sentences.saturating_add(1);
                        } else {
                            // "M. Macron": one capital and a full stop end no sentence.
                            let initial = self.letters == 1
                                && self.capital
                                && self.phrases.folding().of(self.last).0 == Class::Upper;
                            self.ended = !initial || character != '.';
                        }
                        if character == '…' || (character == '.' && self.last == '.' && self.before == '.')
                        {
                            line.signs.0 |= Signs::CUT;
                        }
                    }
                }
            }
            '|' | '•' | '›' | '·' | '▪' | '►' | '▸' | '■' | '●' | '‣' | '→' | '>' | '¦' | '｜' | '∙'
            | '★' | '◆' => {
                if line.is_blank()
                    && matches!(character, '•' | '·' | '▪' | '►' | '▸' | '■' | '●' | '‣' | '∙' | '◆')
                {
                    line.bullet = true;
                    // The sign behind the bullet is the first of the line.
                    return;
                }
                line.separators = line.separators.saturating_add(1);
            }
            '/' => {
                if self.last == '/' && self.before == ':' {
                    line.signs.0 |= Signs::ADDRESS;
                }
                line.separators =
                    line.separators.saturating_add(u16::from(self.word_end == 0 || self.last != '/'));
            }
            '@' => line.signs.0 |= Signs::AT,
            '#' => line.signs.0 |= Signs::HASH,
            '$' | '€' | '£' | '¥' | '₽' | '₹' | '₴' | '₺' => line.signs.0 |= Signs::MONEY,
            '%' | '٪' => line.signs.0 |= Signs::PERCENT,
            '©' | '®' | '™' => line.signs.0 |= Signs::COPYRIGHT,
            '"' | '“' | '„' | '«' | '‘' | '\'' | '「' | '『' | '‚' | '‹' | '”' | '»' | '’' | '」' | '』' =>
            {
                first = First::Quote;
                if !matches!(character, '\'' | '’') {
                    line.signs.0 |= Signs::QUOTE;
                }
            }
            '(' | '[' | '（' | '【' | '《' => {
                first = First::Quote;
                line.signs.0 |= Signs::BRACKET;
            }
            ')' | ']' | '）' | '】' | '》' => first = First::Continuation,
            '-' | '–' | '—' | '―' | '−' => first = First::Dash,
            _ => {}
        }
        if self.line.is_blank() {
            self.line.first = first;
        }
        if !matches!(character, '.' | '!' | '?' | '…' | '؟' | '।' | '۔') && !is_closing(character) {
            self.ended = false;
        }
        self.before = self.last;
        self.last = character;
    }

    fn finish(mut self) -> Line {
        let Self { matcher, line, first_word, last_hit_end, last_hit, .. } = &mut self;
        let first = first_word.unwrap_or(0);
        matcher.finish(&mut |hit| count(line, hit, first, last_hit_end, last_hit));
        if self.last_hit_end as usize == self.word_end && self.line.tokens > 0 {
            self.line.closes = self.last_hit;
        }
        if self.line.bullet && self.line.is_blank() {
            self.line.first = First::Other;
        }
        self.line.last = match self.last {
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
        self.line
    }
}

/// The character at a byte that starts one.
#[inline]
fn character_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(at..)?.chars().next(),
    }
}

fn count(line: &mut Line, hit: Hit, first_word: usize, last_hit_end: &mut u32, last_hit: &mut u8) {
    let category = hit.category as u8;
    if let Some(covered) = line.covered.get_mut(usize::from(category)) {
        *covered = covered.saturating_add(hit.words.min(255) as u8);
    }
    if first_word == hit.start {
        line.opens = category + 1;
    }
    *last_hit_end = hit.end as u32;
    *last_hit = category + 1;
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
