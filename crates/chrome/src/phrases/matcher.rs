//! Follows the words of a text through the table of phrases.

#![expect(
    clippy::inline_always,
    reason = "called for each word: measured, without it the crate is a tenth slower"
)]

use super::table::Entry;
use super::{Hit, Known, Phrases, Word, WordHash};

/// Finds phrases word by word, leftmost longest.
///
/// A chain that breaks after its longest complete phrase does not try again from the words it had read on after it:
/// at most one chain is open, so a text costs one look-up a word. What that loses is a phrase that starts inside the
/// broken beginning of another; lines of chrome start with their phrase.
///
/// A chain is opened by a word that is a phrase, or by two words that begin one. Opening it at every word that begins a
/// phrase would be the same, and a word in four does.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    chain: Option<WordHash>,
    start: usize,
    length: u32,
    best: Option<Hit>,
    /// The word before, where no chain is open and none broke at it; where it starts.
    before: WordHash,
    before_start: usize,
}

impl Matcher {
    /// Takes the next word.
    #[inline]
    pub(crate) fn push(&mut self, phrases: &Phrases, word: Word, found: &mut impl FnMut(Hit)) {
        if self.matters(phrases, word, phrases.table.known(word.hash)) {
            self.follow(phrases, word, found);
        }
    }

    /// Takes the next word, if it neither continues a phrase nor may begin one. Otherwise says yes, and the word must be
    /// handed to [`Self::follow`].
    #[inline(always)]
    pub(crate) fn matters(&mut self, phrases: &Phrases, word: Word, known: Known) -> bool {
        let pair = self.before.then(word.hash);
        if self.chain.is_some() | known.phrase | phrases.table.begins(pair) {
            return true;
        }
        (self.before, self.before_start) = (word.hash, word.start);
        false
    }

    /// A chain is open, or may begin.
    pub(crate) fn follow(&mut self, phrases: &Phrases, word: Word, found: &mut impl FnMut(Hit)) {
        if let Some(chain) = self.chain {
            let longer = chain.then(word.hash);
            let entry = phrases.table.entry(longer);
            if entry.is_some() {
                self.length += 1;
                self.accept(longer, entry, word.end);
                return;
            }
            self.finish(found);
        } else {
            let pair = self.before.then(word.hash);
            let entry = if phrases.table.begins(pair) { phrases.table.entry(pair) } else { Entry::default() };
            if entry.is_some() {
                (self.start, self.length) = (self.before_start, 2);
                self.accept(pair, entry, word.end);
                return;
            }
        }
        if phrases.table.known(word.hash).phrase {
            let entry = phrases.table.entry(word.hash);
            if entry.is_some() {
                (self.start, self.length) = (word.start, 1);
                self.accept(word.hash, entry, word.end);
                return;
            }
        }
        (self.before, self.before_start) = (word.hash, word.start);
    }

    #[inline]
    fn accept(&mut self, chain: WordHash, entry: Entry, end: usize) {
        self.chain = Some(chain);
        self.before = WordHash::NONE;
        if let Some(category) = entry.category() {
            self.best = Some(Hit { category, start: self.start, end, words: self.length });
        }
    }

    /// Is a chain open, so that the next word must be handed to [`Self::follow`]?
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.chain.is_some()
    }

    /// What comes next may begin a phrase with `word`, which did not begin one with the word before.
    #[inline]
    pub(crate) fn begin_behind(&mut self, word: Word) {
        (self.before, self.before_start) = (word.hash, word.start);
    }

    /// Passes over words in which no phrase is looked for; but the last may begin one with the word behind them.
    ///
    /// Whether it may depends on whether one was begun by it and the word before, and so on to the first word. A pair of
    /// words rarely begins a phrase, so looking back over one word or two mostly tells.
    pub(crate) fn skip(
        &mut self,
        phrases: &Phrases,
        count: usize,
        word: impl Fn(usize) -> Word,
        found: &mut impl FnMut(Hit),
    ) {
        if count == 0 {
            return;
        }
        let table = &phrases.table;
        let begins = |before: WordHash, word: Word| {
            table.known(word.hash).phrase || table.begins(before.then(word.hash))
        };
        if self.chain.is_some() || begins(self.before, word(0)) {
            self.finish(found);
        } else {
            self.pass(word(0), false);
        }
        let mut told = 0;
        for at in (1..count).rev() {
            let alone = begins(WordHash::NONE, word(at));
            if alone == begins(word(at - 1).hash, word(at)) {
                self.pass(word(at), alone);
                told = at;
                break;
            }
        }
        for at in told + 1..count {
            self.pass(word(at), begins(self.before, word(at)));
        }
    }

    /// Passes over a word, which may begin a phrase with the next if none began with it.
    #[inline]
    fn pass(&mut self, word: Word, begins: bool) {
        (self.before, self.before_start) =
            if begins { (WordHash::NONE, word.start) } else { (word.hash, word.start) };
    }

    /// Ends the chain: what comes next does not continue it.
    #[inline]
    pub(crate) fn finish(&mut self, found: &mut impl FnMut(Hit)) {
        self.chain = None;
        self.before = WordHash::NONE;
        if let Some(hit) = self.best.take() {
            found(hit);
        }
    }
}
