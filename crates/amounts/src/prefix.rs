//! The first four bytes of words: enough to tell that nearly all of them open no amount.

use crate::fold::folded_latin;
use crate::word::leading_letters;

const SMALL: u32 = 0x2020_2020;
/// The bits of a word's first four bytes that are the word's, by its length.
const KEPT: [u32; 5] = [0, 0xFF, 0xFFFF, 0x00FF_FFFF, u32::MAX];

/// Which first bytes of words may open an amount: bits, some of them set by chance.
#[derive(Debug)]
pub(crate) struct Prefixes(Box<[u64; PREFIX_BITS / 64]>);

/// 8 KiB: stays in the first-level cache.
const PREFIX_BITS: usize = 1 << 16;

/// The first four bytes of a folded word; zeros behind a shorter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Prefix([u8; Self::LONGEST]);

impl Prefix {
    pub(crate) const LONGEST: usize = 4;

    /// Of the first word of a folded phrase.
    pub(crate) fn of(phrase: &str) -> Self {
        Self::of_bytes(phrase.as_bytes().iter().take_while(|b| **b != b' '))
    }

    pub(crate) fn of_bytes<'b>(word: impl Iterator<Item = &'b u8>) -> Self {
        let mut prefix = [0; Self::LONGEST];
        prefix.iter_mut().zip(word).for_each(|(slot, byte)| *slot = *byte);
        Self(prefix)
    }

    /// Of four bytes of text, as many of which are the word's.
    #[inline]
    pub(crate) fn of_raw(four: u32, letters: u32) -> Self {
        let kept = KEPT.get(letters as usize).copied().unwrap_or(u32::MAX);
        Self(((four | SMALL) & kept).to_le_bytes())
    }

    /// Of the word of at most eight letters, all of ASCII, at `at`, and its length; longer ones have the length eight.
    #[inline]
    fn at(text: &[u8], at: usize) -> Option<(Self, usize)> {
        let eight = u64::from_le_bytes(*text.get(at..)?.first_chunk()?);
        let (letters, wide) = leading_letters(eight);
        if wide {
            return None;
        }
        (letters > 0).then(|| (Self::of_raw(eight as u32, letters), letters as usize))
    }

    /// The letters of a word of at most three.
    pub(crate) fn word(&self) -> Option<&str> {
        let len = self.0.iter().position(|byte| *byte == 0).filter(|len| *len > 0)?;
        self.0.get(..len).and_then(|letters| std::str::from_utf8(letters).ok())
    }

    #[inline]
    fn hash(self) -> u32 {
        u32::from_le_bytes(self.0).wrapping_mul(0x9E37_79B1)
    }
}

impl Default for Prefixes {
    fn default() -> Self {
        Self(Box::new([0; PREFIX_BITS / 64]))
    }
}

impl Prefixes {
    /// Of words that start so.
    pub(crate) fn of_words(mut words: Vec<Prefix>) -> Self {
        let mut prefixes = Self::default();
        words.sort_unstable();
        words.dedup();
        for Prefix(word) in words {
            let len = word.iter().position(|byte| *byte == 0).unwrap_or(word.len());
            prefixes.add_spellings([0; 4], 0, word.get(..len).unwrap_or_default());
        }
        prefixes
    }

    #[inline]
    fn place(prefix: Prefix) -> usize {
        (prefix.hash() >> (32 - PREFIX_BITS.trailing_zeros())) as usize
    }

    #[inline]
    pub(crate) fn may_open(&self, prefix: Prefix) -> bool {
        let place = Self::place(prefix);
        self.0.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }

    fn add(&mut self, prefix: [u8; 4]) {
        let place = Self::place(Prefix(prefix));
        if let Some(bits) = self.0.get_mut(place / 64) {
            *bits |= 1 << (place % 64);
        }
    }

    /// Adds what follows `len` bytes, however its letters are written: with accents, as ligatures. At most four bytes deep.
    fn add_spellings(&mut self, prefix: [u8; 4], len: usize, rest: &[u8]) {
        let with = |at: usize, byte: u8| {
            let mut longer = prefix;
            if let Some(slot) = longer.get_mut(at) {
                *slot = byte;
            }
            longer
        };
        let Some((letter, behind)) = rest.split_first().filter(|_| len < 4) else {
            return self.add(prefix);
        };
        if !letter.is_ascii() {
            // What passes for the letters before it has to do.
            return;
        }
        self.add_spellings(with(len, *letter), len + 1, behind);
        let mut accented = |second: u8, behind: &[u8]| {
            let mut longer = with(len, 0xC3 | 0x20);
            if let Some(slot) = longer.get_mut(len + 1) {
                *slot = second;
            }
            self.add_spellings(longer, len + 2, behind);
        };
        // In lower case, as blocks are looked up: U+00E0 to U+00FF.
        // Most consonants have none.
        let accents = if b"acdeinouy".contains(letter) { 0xA0..0xC0 } else { 0..0_u8 };
        for second in accents.filter(|second| folded_latin(0xC3, *second) == Some(*letter)) {
            accented(second, behind);
        }
        match rest {
            [b'a', b'e', behind @ ..] => accented(0xA6, behind),
            [b's', b's', behind @ ..] => accented(0xBF, behind),
            _ => {}
        }
    }
}

/// Short words that count only together with the next ("un", "des", "a"), and how that may begin: nearly every word in ten
/// is such a one, and nearly none of them an amount.
#[derive(Debug)]
pub(crate) struct Leaders {
    slots: [(Prefix, Leads); LEADERS],
    following: [u64; FOLLOWING / 64],
}

/// What a short word takes to be part of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// A word that may be counted.
    Counted,
    /// Any word the lexicon knows, unless bare numbers are looked for.
    Known,
}

const LEADERS: usize = 256;
/// 8 KiB of bits, in two halves: words that may be counted, words that the lexicon knows.
const FOLLOWING: usize = 1 << 16;

impl Default for Leaders {
    fn default() -> Self {
        Self { slots: [(Prefix([0; 4]), Leads::Counted); LEADERS], following: [0; FOLLOWING / 64] }
    }
}

impl Leaders {
    /// Adds a word; one without a free place is looked at closely each time.
    pub(crate) fn add(&mut self, word: Prefix, leads: Leads) {
        if let Some(slot) = self.slots.get_mut(Self::slot(word)).filter(|slot| slot.0 == Prefix([0; 4])) {
            *slot = (word, leads);
        }
    }

    /// Adds how a word starts that may follow.
    pub(crate) fn add_following(&mut self, start: Prefix, leads: Leads) {
        let place = Self::place(start, leads);
        if let Some(bits) = self.following.get_mut(place / 64) {
            *bits |= 1 << (place % 64);
        }
    }

    #[inline]
    fn slot(word: Prefix) -> usize {
        (word.hash() >> (32 - LEADERS.trailing_zeros())) as usize
    }

    #[inline]
    fn place(start: Prefix, leads: Leads) -> usize {
        let half = FOLLOWING.trailing_zeros() - 1;
        (start.hash() >> (32 - half)) as usize + if leads == Leads::Known { FOLLOWING / 2 } else { 0 }
    }

    /// The end of the short word at `at` if one blank and a word that it does not count follow. Words with letters outside
    /// ASCII are left to a closer look.
    #[inline]
    pub(crate) fn counts_nothing(&self, text: &[u8], at: usize, numbers: bool) -> Option<usize> {
        let (word, len) = Prefix::at(text, at)?;
        let end = at + len;
        if len > 3 || text.get(end) != Some(&b' ') {
            return None;
        }
        let (leader, leads) = *self.slots.get(Self::slot(word))?;
        if leader != word || leads == Leads::Known && numbers {
            return None;
        }
        let (next, len) = Prefix::at(text, end + 1)?;
        let place = Self::place(next, leads);
        if self.following.get(place / 64)? >> (place % 64) & 1 == 1 {
            return None;
        }
        // "un US$": a short word may belong to the sign behind it; one that ends in a capital may be a code.
        let stop = end + 1 + len;
        let behind = *text.get(stop)?;
        let short =
            len < 2 || len <= 4 && (behind == b'$' || behind == b' ' && text.get(stop + 1) == Some(&b'$'));
        let code =
            text.get(stop - 1)?.is_ascii_uppercase() || leads == Leads::Known && behind.is_ascii_alphabetic();
        (behind.is_ascii() && !short && !code).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_passes_in_all_its_spellings() {
        let prefixes =
            Prefixes::of_words(vec![Prefix::of("un"), Prefix::of("neun mal"), Prefix::of("aessen")]);
        let passes = |written: &str| {
            let small: Vec<u8> = written.bytes().map(|b| b | 0x20).collect();
            prefixes.may_open(Prefix::of_bytes(small.iter()))
        };
        for written in ["un", "ûN", "neun", "NÉUN", "ñë", "næ", "AEssen", "æßen", "Äéss"] {
            assert_eq!(passes(written), !written.starts_with("næ"), "{written}");
        }
    }
}
