//! Brackets that are open in a sentence: an aside that closes soon does not end in its middle.

use crate::text::Text;

/// How far a closing bracket is looked for, in bytes: a longer aside is a passage of its own.
const LONGEST_ASIDE: usize = 400;

/// Lead byte of the full-width brackets `（` and `）`.
const FULL_WIDTH: u8 = 0xEF;

/// Brackets open in a sentence. Most paragraphs have none, so the next closing one is looked for first, once for all the
/// sentences before it; what is open is counted only where one closes soon. Every byte is looked at once for each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asides {
    /// The sentence's start.
    start: usize,
    /// Where counting stands.
    counted: usize,
    round: Brackets,
    square: Brackets,
}

/// Brackets of one shape.
#[derive(Debug, Clone, Copy, Default)]
struct Brackets {
    /// How many are open where counting stands.
    open: usize,
    /// The next closing one at or after the last place asked for; the end of the paragraph when there is none.
    closing: usize,
}

impl Asides {
    /// None are open where a sentence starts.
    pub(crate) fn start_sentence(&mut self, start: usize) {
        self.start = start;
        self.counted = start;
        self.round.open = 0;
        self.square.open = 0;
    }

    /// Whether `at` lies in an aside that opened after the start of the sentence and closes before `end`, and soon.
    pub(crate) fn hold(&mut self, text: Text<'_>, at: usize, end: usize) -> bool {
        let bytes = text.0.as_bytes();
        let rest = bytes.get(at..end).unwrap_or_default();
        if self.round.closing < at {
            let mut places = memchr::memchr2_iter(b')', FULL_WIDTH, rest).map(|place| at + place);
            self.round.closing = places.find(|&place| opens(text, place) == Some(false)).unwrap_or(end);
        }
        if self.square.closing < at {
            self.square.closing = memchr::memchr(b']', rest).map_or(end, |place| at + place);
        }
        let limit = end.min(at + LONGEST_ASIDE);
        if self.round.closing >= limit && self.square.closing >= limit {
            return false;
        }
        self.count(text, at);
        (self.round.open > 0 && self.round.closing < limit)
            || (self.square.open > 0 && self.square.closing < limit)
    }

    /// Counts what is open at `at`. A bracket that opens the sentence holds sentences of its own and does not count.
    fn count(&mut self, text: Text<'_>, at: usize) {
        let since = text.0.as_bytes().get(self.counted..at).unwrap_or_default();
        for place in memchr::memchr3_iter(b'(', b')', FULL_WIDTH, since).map(|place| self.counted + place) {
            match opens(text, place) {
                Some(true) => self.round.open += usize::from(place > self.start),
                Some(false) => self.round.open = self.round.open.saturating_sub(1),
                None => {}
            }
        }
        for place in memchr::memchr2_iter(b'[', b']', since).map(|place| self.counted + place) {
            match text.byte(place) {
                b'[' => self.square.open += usize::from(place > self.start),
                _ => self.square.open = self.square.open.saturating_sub(1),
            }
        }
        self.counted = at.max(self.counted);
    }
}

/// Whether the round bracket at `place` opens, if there is one.
fn opens(text: Text<'_>, place: usize) -> Option<bool> {
    match text.letter(place)? {
        '(' | '（' => Some(true),
        ')' | '）' => Some(false),
        _ => None,
    }
}
