//! Reading words at a place in the text, forwards and backwards, without copying it.

use crate::fold::{WordHash, is_apostrophe, is_blank, is_hyphen, is_letter};
use crate::lexicon::{Lexicon, Sense};
use crate::locale::Locale;

/// A text, and the language it is read in. All positions are byte offsets on character boundaries.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) text: &'a str,
    pub(crate) lexicon: &'static Lexicon,
    pub(crate) locale: &'a Locale,
}

/// A word: a run of letters.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) end: usize,
    pub(crate) hash: WordHash,
}

/// Words longer than this are in no lexicon; compounds go by their own reader.
const LONGEST_WORD: usize = 48;
/// Words of the longest phrase in a lexicon, and how many are read backwards.
const LONGEST_PHRASE: usize = 6;

/// The last character boundary at or before `at`, at most the end.
pub(crate) fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (at.saturating_sub(3)..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

impl<'a> Reader<'a> {
    pub(crate) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(crate) fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(crate) fn char_at(&self, at: usize) -> Option<char> {
        match self.byte(at)? {
            b if b.is_ascii() => Some(char::from(b)),
            _ => self.rest(at).chars().next(),
        }
    }

    pub(crate) fn char_before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    pub(crate) fn digit_at(&self, at: usize) -> bool {
        self.byte(at).is_some_and(|b| b.is_ascii_digit())
    }

    pub(crate) fn letter_at(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(is_letter)
    }

    /// The end of the blanks at `at`, on the same line. At most eight: wider gaps are columns of a table.
    pub(crate) fn skip_blanks(&self, at: usize) -> usize {
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
    pub(crate) fn skip_blanks_and_break(&self, at: usize) -> usize {
        let end = self.skip_blanks(at);
        match self.byte(end) {
            Some(b'\n') => self.skip_blanks(end + 1),
            Some(b'\r') if self.byte(end + 1) == Some(b'\n') => self.skip_blanks(end + 2),
            _ => end,
        }
    }

    /// The start of the blanks that end at `at`.
    pub(crate) fn blanks_before(&self, at: usize) -> usize {
        let mut start = at;
        for c in self.slice(0, at).chars().rev().take(8) {
            if !is_blank(c) {
                break;
            }
            start -= c.len_utf8();
        }
        start
    }

    /// The word at `at`; `None` when no letter stands there.
    pub(crate) fn word_at(&self, at: usize) -> Option<Word> {
        self.word_from(at, WordHash::START)
    }

    fn word_from(&self, at: usize, mut hash: WordHash) -> Option<Word> {
        let mut end = at;
        while let Some(b) = self.byte(end) {
            if b.is_ascii_alphabetic() {
                hash = hash.byte(b | 0x20);
                end += 1;
            } else if b.is_ascii() {
                break;
            } else {
                let c = self.char_at(end).filter(|c| is_letter(*c));
                let Some(c) = c else { break };
                hash = hash.letter(c);
                end += c.len_utf8();
            }
            if end - at > LONGEST_WORD {
                return None;
            }
        }
        (end > at).then_some(Word { end, hash })
    }

    /// The end of the letters at `at`.
    pub(crate) fn letters_end(&self, at: usize) -> usize {
        let mut end = at;
        while let Some(b) = self.byte(end) {
            if b.is_ascii_alphabetic() {
                end += 1;
            } else if b.is_ascii() {
                break;
            } else {
                let Some(c) = self.char_at(end).filter(|c| is_letter(*c)) else { break };
                end += c.len_utf8();
            }
        }
        end
    }

    /// The start of the letters that end at `at`.
    pub(crate) fn letters_before(&self, at: usize) -> usize {
        let letters = self.slice(0, at).chars().rev().take(LONGEST_WORD).take_while(|c| is_letter(*c));
        at - letters.map(char::len_utf8).sum::<usize>()
    }

    /// The longest phrase at `at` that has a meaning `pick` accepts, with its end.
    pub(crate) fn phrase<T>(
        &self,
        at: usize,
        mut pick: impl FnMut(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        let first = self.word_at(at)?;
        let entry = self.lexicon.find(first.hash.value())?;
        let mut best = None;
        let mut word = first;
        let mut found = Some(entry);
        for count in 1..=entry.phrase {
            if let Some(entry) = found {
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
            let Some(next) = self.next_in_phrase(word) else { break };
            word = next;
            found = self.lexicon.find(word.hash.value());
        }
        best
    }

    /// The next word of a phrase: after blanks, one hyphen, one apostrophe, an ampersand, or a full stop that
    /// abbreviates.
    fn next_in_phrase(&self, word: Word) -> Option<Word> {
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
        self.word_from(joined, word.hash.byte(b' '))
    }

    /// The longest phrase ending at `end` (blanks and an apostrophe skipped) with a meaning `pick` accepts, with its
    /// start.
    pub(crate) fn phrase_before<T>(
        &self,
        end: usize,
        mut pick: impl FnMut(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        let mut best = None;
        let mut edge = end;
        for _ in 0..LONGEST_PHRASE {
            let mut stop = self.blanks_before(edge);
            if let Some(c) = self.char_before(stop).filter(|c| is_apostrophe(*c) || is_hyphen(*c)) {
                stop -= c.len_utf8();
            }
            let start = self.letters_before(stop);
            if start == stop {
                break;
            }
            // The phrase must reach up to the amount, not end before it.
            if let Some((value, reached)) = self.phrase_up_to(start, end, &mut pick)
                && self.slice(reached, end).chars().all(|c| is_blank(c) || is_apostrophe(c))
            {
                best = Some((value, start));
            }
            edge = start;
        }
        best
    }

    fn phrase_up_to<T>(
        &self,
        start: usize,
        end: usize,
        pick: &mut impl FnMut(Sense) -> Option<T>,
    ) -> Option<(T, usize)> {
        let short = Self { text: self.slice(0, end), ..*self };
        short.phrase(start, pick)
    }
}
