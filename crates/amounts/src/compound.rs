//! Number words written together: "siebenhunderteinundzwanzigtausend", "tweeëndertig", "centottantatré".

use std::collections::BTreeMap;

use crate::fold::{Folded, fold_char};
use crate::lexicon::{NumberGrammar, Reading, Sense};
use crate::locale::Locale;

/// The parts a language's compounds are made of.
#[derive(Debug, Default)]
pub(crate) struct Morphemes {
    parts: Vec<(Box<[u8]>, Sense)>,
    /// A bit per second letter for each first letter: nine words in ten start otherwise and are no compounds.
    initials: [u32; 26],
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
    pub(crate) fn new(table: &BTreeMap<String, Vec<Reading>>, grammar: NumberGrammar) -> Self {
        let mut parts = Vec::new();
        let mut initials = [0_u32; 26];
        for (folded, readings) in table {
            let Some(sense) =
                readings.iter().filter(|r| r.exact.is_none()).map(|r| r.sense).find(|sense| match sense {
                    Sense::Number(_)
                    | Sense::Hundred
                    | Sense::Scale(3)
                    | Sense::Tenths(_)
                    | Sense::WithHalf => true,
                    // Dutch writes "vijfmiljoen" too; abbreviations are no parts of words.
                    Sense::Scale(_) | Sense::Illion(..) => grammar.units_first && folded.len() > 5,
                    Sense::Article(_) => folded.len() <= 3,
                    Sense::And => grammar.units_first,
                    _ => false,
                })
            else {
                continue;
            };
            // "en half" is written together as "enhalf": blanks drop out.
            let letters: Box<[u8]> = folded.bytes().filter(|b| *b != b' ').collect();
            // Two letters are too little to stand for a number inside a word, except the conjunction and "un".
            if letters.len() < 3 && !matches!(sense, Sense::And | Sense::Article(_)) {
                continue;
            }
            if let [first @ b'a'..=b'z', second @ b'a'..=b'z', ..] = *letters
                && let Some(seconds) = initials.get_mut(usize::from(first - b'a'))
            {
                *seconds |= 1 << (second - b'a');
            }
            parts.push((letters, sense));
        }
        Self { parts, initials }
    }

    /// Whether some part starts with the first two letters of the word. Accents are left to [`Self::split`].
    #[inline]
    fn may_start(&self, word: &str) -> bool {
        match word.as_bytes() {
            [first, second, ..] if first.is_ascii_alphabetic() => {
                let seconds =
                    self.initials.get(usize::from((first | 0x20) - b'a')).copied().unwrap_or_default();
                if second.is_ascii_alphabetic() {
                    seconds >> ((second | 0x20) - b'a') & 1 == 1
                } else {
                    seconds != 0
                }
            }
            _ => false,
        }
    }

    /// Splits a word into parts; `None` unless parts cover it to the last letter.
    ///
    /// Forward over the word, keeping for each reachable place the longest part that ends there; no backtracking.
    pub(crate) fn split(&self, word: &str) -> Option<Parts> {
        if word.len() > LONGEST || !self.may_start(word) {
            return None;
        }
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
            for (index, (letters, sense)) in self.parts.iter().enumerate() {
                if rest.starts_with(letters) && !(at == 0 && *sense == Sense::And) {
                    // Places are visited in order, so the first part to reach an end is the longest.
                    if let Some(slot) = ends.get_mut(at + letters.len()).filter(|slot| **slot == 0) {
                        *slot = index as u8 + 1;
                    }
                }
            }
        }
        let mut senses = [Sense::And; MOST_PARTS];
        let (mut at, mut count) = (len, 0);
        while at > 0 {
            let part = ends.get(at).copied()?;
            let (letters, sense) = self.parts.get(usize::from(part).checked_sub(1)?)?;
            *senses.get_mut(count)? = *sense;
            count += 1;
            at = at.checked_sub(letters.len())?;
        }
        if count < 2 || senses.first() == Some(&Sense::And) {
            return None;
        }
        senses.get_mut(..count)?.reverse();
        Some(Parts { senses, len: count })
    }
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
