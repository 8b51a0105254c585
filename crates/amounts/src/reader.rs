//! Reading words at a place in the text, forwards and backwards, without copying it.

use std::cell::Cell;
use std::ops::Deref;

use crate::fold::{is_apostrophe, is_blank, is_hyphen, is_letter};
use crate::lexicon::{Entry, Kinds, Lexicon, Sense};
use crate::locale::Locale;
use crate::word::{self, WordHash};

/// A text, and the language it is read in.
pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    pub(crate) lexicon: &'static Lexicon,
    pub(crate) locale: &'a Locale,
    /// What was read of the text last.
    seen: Seen,
}

impl<'a> Source<'a> {
    pub(crate) fn new(text: &'a str, locale: &'a Locale) -> Self {
        Self { text, lexicon: locale.lexicon, locale, seen: Seen::default() }
    }
}

/// Reads a [`Source`]; in a register. All positions are byte offsets on character boundaries.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a Source<'a>);

impl<'a> Deref for Reader<'a> {
    type Target = Source<'a>;

    #[inline]
    fn deref(&self) -> &Source<'a> {
        self.0
    }
}

/// A word: a run of letters.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) end: usize,
    pub(crate) hash: WordHash,
    /// What the lexicon says of it.
    pub(crate) entry: Option<&'static Entry>,
}

/// Words read last, by where they stand: each part of the grammar asks for the same few again.
struct Seen {
    words: [Cell<(usize, Option<Word>)>; 8],
    before: Cell<(usize, Kinds)>,
}

impl Default for Seen {
    fn default() -> Self {
        let nowhere = usize::MAX;
        Self {
            words: std::array::from_fn(|_| Cell::new((nowhere, None))),
            before: Cell::new((nowhere, Kinds::NONE)),
        }
    }
}

/// Words longer than this are in no lexicon; compounds go by their own reader.
pub(crate) const LONGEST_WORD: usize = 48;
/// Words of the longest phrase in a lexicon, and how many are read backwards.
const LONGEST_PHRASE: usize = 6;

/// The last character boundary at or before `at`, at most the end.
pub(crate) fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (at.saturating_sub(3)..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

impl<'a> Reader<'a> {
    #[inline]
    pub(crate) fn byte(self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    #[inline]
    pub(crate) fn rest(self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn slice(self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn char_at(self, at: usize) -> Option<char> {
        match self.byte(at)? {
            b if b.is_ascii() => Some(char::from(b)),
            _ => self.rest(at).chars().next(),
        }
    }

    #[inline]
    pub(crate) fn char_before(self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    #[inline]
    pub(crate) fn digit_at(self, at: usize) -> bool {
        self.byte(at).is_some_and(|b| b.is_ascii_digit())
    }

    #[inline]
    pub(crate) fn letter_at(self, at: usize) -> bool {
        self.char_at(at).is_some_and(is_letter)
    }

    /// The end of the blanks at `at`, on the same line. At most eight: wider gaps are columns of a table.
    #[inline]
    pub(crate) fn skip_blanks(self, at: usize) -> usize {
        let mut end = at;
        for _ in 0..8 {
            match self.byte(end) {
                Some(b' ' | b'\t') => end += 1,
                Some(0x80..) => match self.char_at(end).filter(|c| is_blank(*c)) {
                    Some(c) => end += c.len_utf8(),
                    None => break,
                },
                _ => break,
            }
        }
        end
    }

    /// As [`Self::skip_blanks`], over one line break too: hard-wrapped text.
    pub(crate) fn skip_blanks_and_break(self, at: usize) -> usize {
        let end = self.skip_blanks(at);
        match self.byte(end) {
            Some(b'\n') => self.skip_blanks(end + 1),
            Some(b'\r') if self.byte(end + 1) == Some(b'\n') => self.skip_blanks(end + 2),
            _ => end,
        }
    }

    /// The start of the blanks that end at `at`.
    #[inline]
    pub(crate) fn blanks_before(self, at: usize) -> usize {
        let mut start = at;
        for _ in 0..8 {
            match start.checked_sub(1).and_then(|last| self.byte(last)) {
                Some(b' ' | b'\t') => start -= 1,
                Some(0x80..) => match self.char_before(start).filter(|c| is_blank(*c)) {
                    Some(c) => start -= c.len_utf8(),
                    None => break,
                },
                _ => break,
            }
        }
        start
    }

    /// The word at `at`; `None` when no letter stands there.
    #[inline]
    pub(crate) fn word_at(self, at: usize) -> Option<Word> {
        let cell = self.seen.words.get((at ^ at >> 3) % 8)?;
        let (place, word) = cell.get();
        if place == at {
            return word;
        }
        let word = self.word_from(at, WordHash::START);
        cell.set((at, word));
        word
    }

    fn word_from(self, at: usize, hash: WordHash) -> Option<Word> {
        let (end, hash) = word::read(self.text, at, hash, LONGEST_WORD);
        let entry = || self.lexicon.find(hash.value());
        (end > at && end - at <= LONGEST_WORD).then(|| Word { end, hash, entry: entry() })
    }

    /// The end of the letters at `at`.
    #[inline]
    pub(crate) fn letters_end(self, at: usize) -> usize {
        word::end(self.text, at)
    }

    /// The start of the letters that end at `at`.
    pub(crate) fn letters_before(self, at: usize) -> usize {
        let mut start = at;
        for _ in 0..LONGEST_WORD {
            match start.checked_sub(1).and_then(|last| self.byte(last)) {
                Some(b) if b.is_ascii_alphabetic() => start -= 1,
                Some(0x80..) => match self.char_before(start).filter(|c| is_letter(*c)) {
                    Some(c) => start -= c.len_utf8(),
                    None => break,
                },
                _ => break,
            }
        }
        start
    }

    /// The longest phrase at `at` that has a meaning `pick` accepts, with its end. `kinds` are all that it accepts any
    /// of: few words mean such things, and the others are not looked at any closer.
    #[inline]
    pub(crate) fn phrase<T>(
        self,
        at: usize,
        kinds: Kinds,
        pick: impl FnMut(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        let first = self.word_at(at)?;
        let entry = first.entry.filter(|entry| entry.leads.meets(kinds))?;
        self.longest(at, usize::MAX, first, entry, pick)
    }

    /// The end of the longest phrase at `at` that can mean just this.
    #[inline]
    pub(crate) fn means(self, at: usize, sense: Sense) -> Option<usize> {
        self.phrase(at, sense.kind(), |found| (found == sense).then_some(())).map(|((), end)| end)
    }

    /// The longest phrase that starts with the word `first` at `at`, ends at `limit` or before it, and has a meaning
    /// `pick` accepts, with its end.
    fn longest<T>(
        self,
        at: usize,
        limit: usize,
        first: Word,
        entry: &Entry,
        mut pick: impl FnMut(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        let mut best = None;
        let mut word = first;
        for count in 1..=entry.phrase {
            if let Some(entry) = word.entry {
                let written = self.slice(at, word.end);
                let mut meant =
                    entry.readings.iter().filter(|r| r.exact.is_none_or(|exact| exact == written));
                if let Some(value) = meant.find_map(|r| pick(self.locale.meant(r.sense))) {
                    best = Some((value, word.end));
                }
            }
            if count == entry.phrase {
                break;
            }
            let Some(next) = self.next_in_phrase(word).filter(|next| next.end <= limit) else { break };
            word = next;
        }
        best
    }

    /// The next word of a phrase: after blanks, one hyphen, one apostrophe, an ampersand, or a full stop that
    /// abbreviates.
    fn next_in_phrase(self, word: Word) -> Option<Word> {
        let joined = match self.char_at(word.end) {
            Some(c) if is_hyphen(c) || is_apostrophe(c) => word.end + c.len_utf8(),
            Some('.') if self.byte(word.end + 1) == Some(b'-') => word.end + 2,
            Some('.') => self.skip_blanks(word.end + 1),
            _ => {
                let next = self.skip_blanks(word.end);
                if self.byte(next) == Some(b'&') { self.skip_blanks(next + 1) } else { next }
            }
        };
        if joined == word.end {
            return None;
        }
        self.word_from(joined, word.hash.next_word())
    }

    /// The longest phrase ending at `end` (blanks and an apostrophe skipped) with a meaning `pick` accepts, with its
    /// start. `kinds` are all that it accepts any of.
    pub(crate) fn phrase_before<T>(
        self,
        end: usize,
        kinds: Kinds,
        mut pick: impl FnMut(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        debug_assert!(kinds.stand_before(), "the lexicon's table of last words leaves these out");
        if !self.meant_before(end).meets(kinds) {
            return None;
        }
        let mut best = None;
        let mut edge = end;
        for _ in 0..LONGEST_PHRASE {
            let (start, stop) = self.word_before(edge);
            if start == stop {
                break;
            }
            let word = self.word_from(start, WordHash::START).filter(|word| word.end <= end);
            // The phrase must reach up to the amount, not end before it nor behind its start.
            if let Some(first) = word
                && let Some(entry) = first.entry.filter(|entry| entry.leads.meets(kinds))
                && let Some((value, reached)) = self.longest(start, end, first, entry, &mut pick)
                && self.slice(reached, end).chars().all(|c| is_blank(c) || is_apostrophe(c))
            {
                best = Some((value, start));
            }
            if word.is_some_and(|word| !self.lexicon.continues(word.hash.value())) {
                break;
            }
            edge = start;
        }
        best
    }

    /// Start and end of the letters before `edge`: blanks, and an apostrophe or hyphen, may stand between.
    fn word_before(self, edge: usize) -> (usize, usize) {
        let mut stop = self.blanks_before(edge);
        if let Some(c) = self.char_before(stop).filter(|c| is_apostrophe(*c) || is_hyphen(*c)) {
            stop -= c.len_utf8();
        }
        (self.letters_before(stop), stop)
    }

    /// What phrases that end in the last word before `end` may mean.
    fn meant_before(self, end: usize) -> Kinds {
        let (place, kinds) = self.seen.before.get();
        if place == end {
            return kinds;
        }
        let (start, stop) = self.word_before(end);
        let (_, hash) = word::read(self.slice(0, stop), start, WordHash::START, LONGEST_WORD);
        let kinds = if start == stop { Kinds::NONE } else { self.lexicon.closes(hash.value()) };
        self.seen.before.set((end, kinds));
        kinds
    }
}
