//! Number words written together: "siebenhunderteinundzwanzigtausend", "tweeëndertig", "centottantatré".

use crate::fold::{Folded, fold_char};
use crate::lexicon::{Kinds, NumberGrammar, Sense};
use crate::locale::Locale;
use crate::prefix::Prefix;

/// The parts a language's compounds are made of.
#[derive(Debug, Default)]
pub(crate) struct Morphemes {
    parts: Vec<Part>,
    /// Where the parts with each first letter begin and end.
    starting: [(u8, u8); 26],
    /// A bit per second letter for each first letter: nine words in ten start otherwise and are no compounds.
    initials: [u32; 26],
    /// The same of the last letters but one, for each last letter.
    finals: [u32; 26],
}

/// A part of compounds.
#[derive(Debug)]
struct Part {
    letters: Box<[u8]>,
    sense: Sense,
}

/// The place of a small letter in the alphabet.
fn place(letter: u8) -> Option<usize> {
    letter.is_ascii_lowercase().then(|| usize::from(letter - b'a'))
}

/// The places of two letters of either case.
fn places(first: u8, second: u8) -> Option<(usize, usize)> {
    place(first | 0x20).zip(place(second | 0x20))
}

/// Longest compound read, in folded bytes. "Neunhundertneunundneunzigtausendneunhundertneunundneunzig" has 54.
pub(crate) const LONGEST: usize = 120;
/// Most parts of a compound.
pub(crate) const MOST_PARTS: usize = 24;

/// The parts of a compound, in order.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    senses: [Sense; MOST_PARTS],
    len: usize,
}

impl Parts {
    pub(crate) fn iter(&self, locale: &Locale) -> impl Iterator<Item = Sense> {
        self.senses.iter().take(self.len).map(|sense| locale.meant(*sense))
    }
}

impl Morphemes {
    /// Meanings that a part of a compound may have. Of a word with several of them the first counts.
    pub(crate) const PARTS: Kinds = Kinds::NUMBER
        .or(Kinds::HUNDRED)
        .or(Kinds::SCALE)
        .or(Kinds::TENTHS)
        .or(Kinds::WITH_HALF)
        .or(Kinds::ARTICLE)
        .or(Kinds::AND);

    /// Of folded phrases with such meanings, those of one phrase in the order of the data.
    pub(crate) fn new(mut phrases: Vec<(String, Sense)>, grammar: NumberGrammar) -> Self {
        let mut morphemes = Self::default();
        phrases.retain(|(folded, sense)| match sense {
            // Dutch writes "vijfmiljoen" too; abbreviations are no parts of words.
            Sense::Scale(3) => true,
            Sense::Scale(_) | Sense::Illion(..) => grammar.units_first && folded.len() > 5,
            Sense::Article(_) => folded.len() <= 3,
            Sense::And => grammar.units_first,
            _ => true,
        });
        phrases.sort_by(|(a, _), (b, _)| a.cmp(b));
        phrases.dedup_by(|(a, _), (b, _)| a == b);
        for (folded, sense) in phrases {
            // "en half" is written together as "enhalf": blanks drop out.
            let letters: Box<[u8]> = folded.bytes().filter(|b| *b != b' ').collect();
            // Two letters are too little to stand for a number inside a word, except the conjunction and "un".
            if letters.len() < 3 && !matches!(sense, Sense::And | Sense::Article(_)) {
                continue;
            }
            morphemes.parts.push(Part { letters, sense });
        }
        morphemes.file();
        morphemes
    }

    /// Sorts the parts by their letters and fills the tables.
    fn file(&mut self) {
        self.parts.sort_by(|a, b| a.letters.cmp(&b.letters));
        for (index, part) in self.parts.iter().enumerate() {
            if let Some(starting) =
                part.letters.first().and_then(|b| place(*b)).and_then(|first| self.starting.get_mut(first))
            {
                let index = index as u8;
                *starting = if starting.1 == 0 { (index, index + 1) } else { (starting.0, index + 1) };
            }
            if let [first, second, ..] = *part.letters {
                mark(&mut self.initials, places(first, second));
            }
            match *part.letters {
                [.., before, last] => mark(&mut self.finals, places(last, before)),
                // Any letter may stand before it.
                [last] => {
                    let places =
                        place(last).into_iter().flat_map(|last| (0..26).map(move |before| (last, before)));
                    places.for_each(|pair| mark(&mut self.finals, Some(pair)));
                }
                [] => {}
            }
        }
    }

    /// Whether some part starts with the first two letters of the word, and some ends with its last two. Accents are
    /// left to [`Self::split`].
    #[inline]
    fn may_be(&self, word: &str) -> bool {
        let ([first, second, ..], [.., before, last]) = (word.as_bytes(), word.as_bytes()) else {
            return false;
        };
        let (first, second, before, last) = (*first, *second, *before, *last);
        if !first.is_ascii_alphabetic() {
            return false;
        }
        let starts = !second.is_ascii_alphabetic() || is_marked(&self.initials, places(first, second));
        let ends = !(before.is_ascii() && last.is_ascii()) || is_marked(&self.finals, places(last, before));
        starts && ends
    }

    /// How compounds begin.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = Prefix> {
        let first = self.parts.iter().filter(|part| part.sense != Sense::And);
        first.flat_map(|first| {
            // A short part is followed by another; a long one says it all.
            let next = if first.letters.len() < Prefix::LONGEST { self.parts.as_slice() } else { &[] };
            let two = next.iter().map(|next| Prefix::of_bytes(first.letters.iter().chain(&next.letters)));
            two.chain([Prefix::of_bytes(first.letters.iter())])
        })
    }

    /// Splits a word into parts; `None` unless parts cover it to the last letter.
    ///
    /// Forward over the word, keeping for each reachable place the longest part that ends there; no backtracking.
    #[inline]
    pub(crate) fn split(&self, word: &str) -> Option<Parts> {
        // Most languages write number words apart.
        if self.parts.is_empty() || word.len() > LONGEST || !self.may_be(word) {
            return None;
        }
        self.split_folded(word)
    }

    fn split_folded(&self, word: &str) -> Option<Parts> {
        let mut folded = [0_u8; LONGEST + 1];
        let mut len = 0;
        let mut put = |b: u8| {
            if let Some(slot) = folded.get_mut(len) {
                *slot = b;
                len += 1;
            }
        };
        for c in word.chars() {
            match fold_char(c) {
                Folded::Nothing => {}
                Folded::One(a) => put(a),
                Folded::Two(a, b) => {
                    put(a);
                    put(b);
                }
                Folded::Other(_) => return None,
            }
        }
        let folded = folded.get(..len)?;
        // ends[i]: 1 + the part that ends at i, 0 where none does.
        let mut ends = [0_u8; LONGEST + 2];
        for at in 0..len {
            if at > 0 && ends.get(at).is_none_or(|&part| part == 0) {
                continue;
            }
            let rest = folded.get(at..)?;
            let Some(first) = rest.first().and_then(|b| place(*b)) else { continue };
            let (from, to) = self.starting.get(first).copied().unwrap_or_default();
            for index in from..to {
                let part = self.parts.get(usize::from(index))?;
                if rest.starts_with(&part.letters) && !(at == 0 && part.sense == Sense::And) {
                    // Places are visited in order, so the first part to reach an end is the longest.
                    if let Some(slot) = ends.get_mut(at + part.letters.len()).filter(|slot| **slot == 0) {
                        *slot = index + 1;
                    }
                }
            }
        }
        let mut senses = [Sense::And; MOST_PARTS];
        let (mut at, mut count) = (len, 0);
        while at > 0 {
            let part = ends.get(at).copied()?;
            let part = self.parts.get(usize::from(part).checked_sub(1)?)?;
            *senses.get_mut(count)? = part.sense;
            count += 1;
            at = at.checked_sub(part.letters.len())?;
        }
        if count < 2 || senses.first() == Some(&Sense::And) {
            return None;
        }
        senses.get_mut(..count)?.reverse();
        Some(Parts { senses, len: count })
    }
}

/// Sets the bit of a pair of letters.
fn mark(pairs: &mut [u32; 26], pair: Option<(usize, usize)>) {
    if let Some((letter, beside)) = pair
        && let Some(bits) = pairs.get_mut(letter)
    {
        *bits |= 1 << beside;
    }
}

#[inline]
fn is_marked(pairs: &[u32; 26], pair: Option<(usize, usize)>) -> bool {
    pair.is_some_and(|(letter, beside)| pairs.get(letter).is_some_and(|bits| bits >> beside & 1 == 1))
}

#[cfg(test)]
mod tests {
    use crate::lexicon::{Lexicon, Sense};
    use crate::locale::Locale;

    fn parts(language: &str, word: &str) -> Vec<Sense> {
        let (lexicon, locale) = (Lexicon::of(language), Locale::of(language));
        lexicon.morphemes.split(word).map(|parts| parts.iter(&locale).collect()).unwrap_or_default()
    }

    #[test]
    fn words_are_split_to_the_last_letter() {
        assert_eq!(parts("de", "dreiundzwanzig"), [Sense::Number(3), Sense::And, Sense::Number(20)]);
        assert_eq!(parts("nl", "tweeënhalf"), [Sense::Number(2), Sense::WithHalf]);
        assert_eq!(parts("it", "centottanta"), [Sense::Hundred, Sense::Number(80)]);
        for (language, word) in [
            ("de", "dreiundzwanzigste"),
            ("nl", "achten"),
            ("it", "tremare"),
            ("de", "und"),
            ("fr", "vingtdeux"),
        ] {
            assert_eq!(parts(language, word), [], "{word}");
        }
    }
}
