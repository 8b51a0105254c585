//! Reads one line: its words, its signs and the phrases of chrome in it, each byte once.

use super::line::{Content, Line};
use super::sign::{First, Last, Mark, Signs, is_closing, is_terminal, mark};
use super::token::{Token, Tokens};
use crate::phrases::{
    Begin, Category, Class, Hit, Looked, Matcher, Phrases, Pieces, Word, WordHash, character_at, read_long,
    read_on, read_short, read_small,
};

/// Phrases are looked for in that many bytes at both ends of a line: within a long paragraph they tell nothing.
const EDGE: usize = 160;

/// In a line of more words, a phrase of one word ("plus", "share") tells nothing, unless it begins or ends the line.
const SENTENCE: usize = 12;

/// Reads lines, and collects the hashes of their content words: those that are neither short nor function words nor
/// numbers, and pairs of characters in scripts without spaces.
pub(super) struct Scanner<'a> {
    phrases: &'a Phrases,
    text: Looked<'a>,
    content: &'a mut Content,
    /// Written where it stays: a line that is copied as soon as it is measured waits for what was just written.
    line: &'a mut Line,
    matcher: Matcher,
    /// The last two signs that are no space, and how many tokens stood before the last: if there are more by now, what
    /// came last is a letter or digit.
    last: char,
    before: char,
    sign_tokens: usize,
    /// How many tokens there were with the last capital that is a word by itself.
    initial: usize,
    /// How many tokens there were with the last ideograph.
    ideograph: usize,
    /// A sentence end waits for a space.
    ended: bool,
    numbers: u32,
    capitals: u32,
    shouts: u32,
    /// Where the first word starts, and the last phrase ends; its category plus one.
    first_word: usize,
    last_hit_end: u32,
    last_hit: u8,
    /// How many phrases of one word the line has, by category.
    singles: [u8; Category::COUNT],
}

/// Sums over the tokens of a line.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    stops: u32,
    /// Is the last a function word?
    stop: bool,
    hash: u64,
    /// The last.
    before: WordHash,
}

/// Marks the hint of a token that may be a phrase by itself, and begins none with the token before.
const ALONE: u32 = 1 << 31;

/// Stands for the last letter or digit of any word.
const LETTER: char = 'a';

impl<'a> Scanner<'a> {
    /// Of a line that has nothing but its place in the text yet.
    #[inline]
    pub(super) fn new(
        phrases: &'a Phrases,
        text: Looked<'a>,
        content: &'a mut Content,
        line: &'a mut Line,
    ) -> Self {
        let first = content.count as u32;
        line.content = (first, first);
        Self {
            phrases,
            text,
            content,
            line,
            matcher: Matcher::default(),
            last: ' ',
            before: ' ',
            sign_tokens: 0,
            initial: 0,
            ideograph: 0,
            ended: false,
            numbers: 0,
            capitals: 0,
            shouts: 0,
            first_word: 0,
            last_hit_end: 0,
            last_hit: 0,
            singles: [0; Category::COUNT],
        }
    }

    /// Measures the line.
    pub(super) fn measure(mut self, tokens: &mut Tokens) {
        let (start, next) = (self.line.start as usize, self.line.next as usize);
        let fed = next > start && self.text.bytes().get(next - 1) == Some(&b'\n');
        let end = next - usize::from(fed);
        tokens.begin(next - start);
        let Tokens { all, hints } = tokens;
        let (from, to) = (start + EDGE, next.saturating_sub(EDGE));
        let count = if from >= to {
            let (_, count) = self.read(all, 0, start, end);
            self.weigh(all.get(..count).unwrap_or_default(), hints, (count, count));
            count
        } else {
            let (at, first) = self.read(all, 0, start, from.min(end));
            let (at, last) = self.read(all, first, at, to.min(end));
            let (_, count) = self.read(all, last, at, end);
            self.weigh(all.get(..count).unwrap_or_default(), hints, (first, last));
            count
        };
        if fed {
            self.space(1, count);
        }
        self.finish(all.get(..count).unwrap_or_default());
    }

    /// Finds the tokens that start between two places of a line, and looks at what stands between them. Returns where they
    /// end, and how many tokens the line then has.
    #[inline(never)]
    fn read(&mut self, tokens: &mut [Token], mut count: usize, mut at: usize, end: usize) -> (usize, usize) {
        let (text, folding) = (self.text, self.phrases.folding());
        while at < end {
            let piece = text.piece(at);
            if piece.begin() != Begin::Small {
                let inner = if count > 0 { self.inner_sign(at, count) } else { 0 };
                if inner > 0 {
                    at += inner;
                } else {
                    (at, count) = self.others(tokens, at, count, end);
                }
                continue;
            }
            let Some(slot) = tokens.get_mut(count) else { break };
            count += 1;
            match read_small(&text, at, piece) {
                Ok(small) => (*slot, at) = (Token::small(small, at), small.next),
                Err(begun) => {
                    let small = read_on(folding, &text, at, begun);
                    (*slot, at) = (Token::small(small, at), small.next);
                }
            }
        }
        (at, count)
    }

    /// A comma and its space, or an apostrophe, behind so many tokens: the signs that stand within sentences most. How many
    /// bytes they are; 0 for anything else.
    #[inline]
    fn inner_sign(&mut self, at: usize, count: usize) -> usize {
        let (sign, bytes) = match self.text.bytes().get(at..) {
            Some([b',', b' ', ..]) => (',', 2),
            Some([b'\'', ..]) => ('\'', 1),
            Some([0xE2, 0x80, 0x99, ..]) => ('’', 3),
            _ => return 0,
        };
        if sign == ',' {
            self.line.commas = self.line.commas.saturating_add(1);
        }
        self.ended &= sign != ',' && count == self.sign_tokens;
        (self.before, self.last, self.sign_tokens) = (self.last(count), sign, count);
        bytes
    }

    /// Whatever stands before the next word that begins with a small ASCII letter.
    #[inline]
    fn others(
        &mut self,
        tokens: &mut [Token],
        mut at: usize,
        mut count: usize,
        end: usize,
    ) -> (usize, usize) {
        let (text, folding) = (self.text, self.phrases.folding());
        while at < end {
            let piece = text.piece(at);
            let reading = match piece.begin() {
                Begin::Small => break,
                Begin::Large => match read_short(text, at, piece) {
                    Some(reading) => reading,
                    None => read_long(folding, text, at, piece),
                },
                Begin::Space => {
                    self.space(1, count);
                    at += 1;
                    continue;
                }
                Begin::Sign => {
                    let Some(&byte) = text.bytes().get(at) else { break };
                    match byte {
                        b'\n'..=b'\r' => self.space(1, count),
                        b'\t' => self.space(4, count),
                        _ => self.sign(byte.into(), tokens.get(..count).unwrap_or_default()),
                    }
                    at += 1;
                    continue;
                }
                Begin::Wide => {
                    let Some((character, after)) = character_at(text.bytes(), at) else {
                        return (usize::MAX, count);
                    };
                    let (class, folded) = folding.of(character);
                    match class {
                        Class::Lower | Class::Upper | Class::Digit => read_long(folding, text, at, piece),
                        Class::Space => {
                            self.space(1, count);
                            at = after;
                            continue;
                        }
                        Class::Mark => {
                            at = after;
                            continue;
                        }
                        Class::Other => {
                            self.sign(character, tokens.get(..count).unwrap_or_default());
                            at = after;
                            continue;
                        }
                        Class::Ideograph => {
                            (self.before, self.last) = (self.last(count), character);
                            self.line.ideographs = self.line.ideographs.saturating_add(1);
                            let word = Word { hash: WordHash::of_character(folded), start: at, end: after };
                            let behind_another = count > 0 && self.ideograph == count;
                            if let Some(slot) = tokens.get_mut(count) {
                                *slot = Token::ideograph(word, behind_another);
                            }
                            (at, count) = (after, count + 1);
                            (self.ideograph, self.sign_tokens, self.ended) = (count, count, false);
                            continue;
                        }
                    }
                }
            };
            let Some(slot) = tokens.get_mut(count) else { return (end, count) };
            *slot = Token::new(reading.word, if reading.number { 0 } else { reading.letters as usize });
            if reading.number {
                self.numbers += 1;
            } else if reading.capital {
                // Capitals count from the second word on.
                self.capitals += u32::from(count > 0);
                if reading.letters == 1 {
                    self.initial = count + 1;
                }
            }
            if reading.capitals && reading.letters > 1 && !reading.number {
                self.shouts += 1;
            }
            count += 1;
            at = reading.word.end;
            at += usize::from(text.bytes().get(at) == Some(&b' '));
        }
        (at, count)
    }

    /// Counts function words, hashes the line, keeps its content words, and looks for phrases at both ends: the `middle`
    /// is too far within the line.
    fn weigh(&mut self, tokens: &[Token], hints: &mut [u32], middle: (usize, usize)) {
        let mut sums = Sums::default();
        self.first_word = tokens.first().map_or(usize::MAX, |token| token.start as usize);
        let (rest, end) = tokens.split_at_checked(middle.1).unwrap_or((tokens, &[]));
        let (start, middle) = rest.split_at_checked(middle.0).unwrap_or((rest, &[]));
        let long = tokens.len() > SENTENCE;
        let found = self.sum::<true>(start, &mut sums, hints);
        self.search(start, found, long);
        if !middle.is_empty() {
            self.sum::<false>(middle, &mut sums, hints);
            self.pass_over(middle);
        }
        if !end.is_empty() {
            let found = self.sum::<true>(end, &mut sums, hints);
            self.search(end, found, long);
        }
        let Self { matcher, line, last_hit_end, last_hit, singles, first_word, .. } = self;
        matcher.finish(&mut |hit| count(line, singles, hit, *first_word, last_hit_end, last_hit));
        (line.hash, line.content.1) = (sums.hash, self.content.count as u32);
        line.stops = sums.stops.min(u16::MAX.into()) as u16;
        line.signs.0 |= if sums.stop { Signs::STOP_LAST } else { 0 };
    }

    /// Adds some tokens of a line to its sums. If these are at an end of it, returns the `hints`: which of them may belong
    /// to a phrase, or begin one with the token before.
    #[expect(clippy::needless_bitwise_bool, reason = "a branch here is mispredicted for one word in four")]
    #[inline]
    fn sum<'h, const END: bool>(
        &mut self,
        tokens: &[Token],
        sums: &mut Sums,
        hints: &'h mut [u32],
    ) -> &'h [u32] {
        let table = self.phrases.table();
        let Sums { stops, stop, hash, before } = sums;
        let (mut kept, mut hinted) = (0, 0);
        let words = self.content.rest();
        for (at, token) in (0..).zip(tokens) {
            let known = table.known(token.hash);
            *stop = known.stop;
            *stops += u32::from(known.stop);
            *hash = (hash.rotate_left(5) ^ token.hash.0).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let Some(slot) = words.get_mut(kept) else { break };
            if token.is_pair() {
                *slot = before.then(token.hash).0 as u32;
                kept += 1;
            } else {
                *slot = token.hash.0 as u32;
                kept += usize::from(token.is_long() & !known.stop);
            }
            if END {
                let pair = before.then(token.hash);
                if let Some(slot) = hints.get_mut(hinted) {
                    let begins = table.begins(pair) | (at == 0);
                    *slot = at | if begins { 0 } else { ALONE };
                    hinted += usize::from(known.phrase | begins);
                }
            }
            *before = token.hash;
        }
        self.content.count += kept;
        hints.get(..hinted).unwrap_or_default()
    }

    /// Looks for phrases among some tokens at an end of the line.
    ///
    /// In a long line a phrase of one word does not count where another word follows, but that there is one does: one
    /// such word is looked up, and the others are passed over.
    #[inline(never)]
    fn search(&mut self, tokens: &[Token], hints: &[u32], long: bool) {
        let Self { matcher, phrases, line, last_hit_end, last_hit, singles, first_word, .. } = self;
        let mut at = 0;
        for &hint in hints {
            let alone = hint & ALONE != 0;
            let hint = (hint & !ALONE) as usize;
            if hint < at {
                continue;
            }
            if long && alone && hint + 1 < tokens.len() {
                if !line.phrases
                    && let Some(token) = tokens.get(hint)
                {
                    line.phrases = phrases.table().entry(token.hash).category().is_some();
                }
                continue;
            }
            let mut found = |hit| count(line, singles, hit, *first_word, last_hit_end, last_hit);
            if let Some(before) = hint.checked_sub(1).and_then(|before| tokens.get(before)) {
                matcher.begin_behind(before.word());
            }
            let Some(rest) = tokens.get(hint..) else { break };
            at = hint;
            for token in rest {
                at += 1;
                matcher.follow(phrases, token.word(), &mut found);
                if !matcher.is_open() {
                    break;
                }
            }
        }
        if let Some(last) = tokens.last()
            && at < tokens.len()
        {
            matcher.begin_behind(last.word());
        }
    }

    /// Passes over the tokens in the middle of a line.
    fn pass_over(&mut self, tokens: &[Token]) {
        let Self { matcher, phrases, line, last_hit_end, last_hit, singles, first_word, .. } = self;
        let mut found = |hit| count(line, singles, hit, *first_word, last_hit_end, last_hit);
        let word = |at: usize| tokens.get(at).copied().unwrap_or_default().word();
        matcher.skip(phrases, tokens.len(), word, &mut found);
    }

    /// The last sign that is no space, after so many tokens.
    #[inline]
    fn last(&self, tokens: usize) -> char {
        if tokens == self.sign_tokens { self.last } else { LETTER }
    }

    /// A space behind so many tokens.
    #[inline]
    fn space(&mut self, columns: u8, tokens: usize) {
        if self.ended {
            self.line.sentences = self.line.sentences.saturating_add(u16::from(tokens == self.sign_tokens));
            self.ended = false;
        }
        if tokens == 0 && self.line.is_blank() && !self.line.bullet {
            self.line.indent = self.line.indent.saturating_add(columns);
        }
    }

    /// Punctuation and symbols.
    fn sign(&mut self, character: char, tokens: &[Token]) {
        let mut first = First::Other;
        let count = tokens.len();
        let last = self.last(count);
        self.ended &= count == self.sign_tokens;
        let line = &mut *self.line;
        let mut ends = false;
        match mark(character) {
            Mark::Comma => {
                first = First::Continuation;
                line.commas = line.commas.saturating_add(1);
            }
            Mark::Colon => {
                first = First::Continuation;
                let digit =
                    |token: &Token| self.text.bytes().get(token.end() - 1).is_some_and(u8::is_ascii_digit);
                if character == ':' && last == LETTER && tokens.last().is_some_and(digit) {
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
                let initial = character == '.' && last == LETTER && self.initial == count;
                self.ended = !initial;
                if character == '…' || (character == '.' && last == '.' && self.before == '.') {
                    line.signs.0 |= Signs::CUT;
                }
            }
            Mark::Bullet if count == 0 && line.is_blank() => {
                line.bullet = true;
                // The sign behind the bullet is the first of the line.
                return;
            }
            Mark::Bullet | Mark::Separator => line.separators = line.separators.saturating_add(1),
            Mark::Slash => {
                if last == '/' && self.before == ':' {
                    line.signs.0 |= Signs::ADDRESS;
                }
                if count == 0 || last != '/' {
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
        if count == 0 && line.is_blank() {
            line.first = first;
        }
        if !ends && !is_closing(character) {
            self.ended = false;
        }
        (self.before, self.last, self.sign_tokens) = (last, character, count);
    }

    #[inline]
    fn finish(&mut self, tokens: &[Token]) {
        let last = self.last(tokens.len());
        let line = &mut *self.line;
        if line.phrases && tokens.len() > SENTENCE {
            for (covered, single) in line.covered.iter_mut().zip(&self.singles) {
                *covered = covered.saturating_sub(*single);
            }
        }
        let top = |count: u32| count.min(u16::MAX.into()) as u16;
        (line.tokens, line.numbers) = (top(tokens.len() as u32), top(self.numbers));
        (line.capitals, line.shouts) = (top(self.capitals), top(self.shouts));
        if tokens.last().is_some_and(|token| self.last_hit_end as usize == token.end()) {
            line.closes = self.last_hit;
        }
        if line.is_blank()
            && let Some(token) = tokens.first()
            && let Some((character, _)) = character_at(self.text.bytes(), token.start as usize)
        {
            line.first = match self.phrases.folding().of(character).0 {
                Class::Upper => First::Upper,
                Class::Digit => First::Digit,
                Class::Ideograph => First::Ideograph,
                _ => First::Lower,
            };
        }
        if line.bullet && line.is_blank() {
            line.first = First::Other;
        }
        line.last = match last {
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
