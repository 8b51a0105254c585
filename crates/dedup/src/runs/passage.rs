//! A document as the search for runs reads it: word by word.

use std::ops::Range;

use tamis_core::{StageError, StageErrorKind, Stays};

use super::cuts::{self, Cut};
use super::ranges::Ranges;
use crate::sketch::Sketch;

/// A document's folded words.
#[derive(Debug, Default)]
pub(crate) struct Passage {
    folded: Vec<u8>,
    /// Where each word ends; what divides it from the next is one byte.
    ends: Vec<u32>,
    /// Words that are not there to be matched: on lines that go, or in runs that went.
    pub(crate) gone: Ranges,
}

impl Passage {
    /// Takes the words of a sketch.
    pub(crate) fn load(&mut self, sketch: &Sketch<'_>) {
        self.folded.clear();
        self.folded.extend_from_slice(sketch.folded);
        self.ends.clear();
        // Spaces and line breaks are the only folded bytes below 0x21.
        let ends = sketch.folded.iter().zip(0..).filter(|(byte, _)| **byte <= b' ');
        self.ends.extend(ends.map(|(_, place)| place));
        self.gone = Ranges::default();
    }

    /// The number of words.
    pub(crate) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    pub(crate) fn word(&self, word: u32) -> Option<&[u8]> {
        let end = *self.ends.get(word as usize)? as usize;
        self.folded.get(self.start(word)..end)
    }

    fn start(&self, word: u32) -> usize {
        match word.checked_sub(1) {
            Some(before) => self.ends.get(before as usize).map_or(self.folded.len(), |end| *end as usize + 1),
            None => 0,
        }
    }

    /// How the letters of some words are known elsewhere.
    pub(crate) fn letters(&self, words: &Range<u32>, document: usize) -> Stays {
        let folded = self.folded.get(self.start(words.start)..self.start(words.end)).unwrap_or_default();
        let mut letters = String::new();
        tamis_core::letters(std::str::from_utf8(folded).unwrap_or_default(), &mut letters);
        let hash = Stays::hash(letters.bytes());
        Stays { document, letters: u32::try_from(letters.len()).unwrap_or(u32::MAX), hash }
    }

    /// The longest run around the words from `place` on that `other` has around its words from `there` on, where neither
    /// has lost a word; `None` where that holds for fewer than `least` words from these places on.
    pub(crate) fn common(&self, place: u32, other: &Self, there: u32, least: u32) -> Option<Range<u32>> {
        let free =
            |passage: &Self, place: u32| passage.gone.free(&(0..passage.len()), &(place..place + least));
        let (here, over) = (free(self, place)?, free(other, there)?);
        let same = |(left, right): &(u32, u32)| {
            self.word(*left).is_some_and(|word| other.word(*right) == Some(word))
        };
        let after = (place..here.end).zip(there..over.end).take_while(same).count() as u32;
        if after < least {
            return None;
        }
        let before = (here.start..place).rev().zip((over.start..there).rev()).take_while(same).count() as u32;
        Some(place - before..place + after)
    }
}

/// Reads the cuts of a document.
pub(crate) fn read_cuts(ordinal: u32, sketch: &Sketch<'_>, into: &mut Vec<Cut>) -> Result<(), StageError> {
    let bytes = sketch.runs.map(|section| section.cuts).unwrap_or_default();
    let torn = || StageErrorKind::Sketch { ordinal: ordinal as usize, detail: "truncated".into() };
    Ok(cuts::read(bytes, into).ok_or_else(torn)?)
}

/// The words that begin in these stretches of text.
pub(crate) fn words_in(cuts: &[Cut], spans: &[(u32, u32)]) -> Ranges {
    let word = |place: u32| cuts.partition_point(|cut| cut.at < place) as u32;
    let last = cuts.len().saturating_sub(1) as u32;
    let mut words = Ranges::default();
    words.extend(spans.iter().map(|(start, end)| word(*start).min(last)..word(*end).min(last)));
    words
}
