//! The n-gram model: languages, scripts and two hash tables, read in place from the bytes in the binary.
//!
//! # Format
//!
//! Little-endian, made by `model/build.py`:
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `TAMISNG2` |
//! | 4 + 4 | number of languages (at most 176, 64 of them in the detailed table) and of scripts |
//! | 8 each | language: tag padded with NUL to 7 bytes; 255 when the detailed table knows it, else its usual level there |
//! | 36 each | script: ISO 15924 code, then a bit for each language written in it |
//! | rest | the broad table, the detailed table |
//!
//! A table: `place bits`, `buckets`, `slots`, `pool` as u32; `buckets + 1` starts (u32) into the slots; slots (u32);
//! pool (u16), padded to 4 bytes. A key's bucket is the high half of its hash scaled to the number of buckets; its slot
//! there has the low bits of the hash above `place bits` bits that tell a place in the pool. From that place on, each
//! u16 is a language (low byte) and a weight (7 bits); the last has the top bit set. Lists are shared between keys.
//!
//! With 13 or 14 bits of the hash in a slot and 16 slots (a cache line) a bucket on average, one or two in a thousand
//! unknown n-grams are taken for known ones: noise below what a single n-gram carries. The keys cost 4.25 bytes each; a
//! map of strings would cost four times that.

use std::sync::LazyLock;

use crate::script::{PerScript, Script};
use crate::table::Table;

/// At most this many languages, a multiple of what a vector register holds: sums run over all of them.
pub(crate) const LANGUAGES: usize = 176;
/// At most this many languages in the detailed table.
pub(crate) const DETAILED_LANGUAGES: usize = 64;

/// The model in the binary.
pub(crate) static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_bytes!("../data/ngrams.bin")).unwrap_or_default());

/// A set of languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Languages([u64; 4]);

impl Languages {
    pub(crate) fn insert(&mut self, language: u8) {
        if let Some(word) = self.0.get_mut(usize::from(language) / 64) {
            *word |= 1 << (language % 64);
        }
    }

    pub(crate) fn has(&self, language: u8) -> bool {
        self.0.get(usize::from(language) / 64).is_some_and(|word| word >> (language % 64) & 1 == 1)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        let mut both = self;
        for (word, with) in both.0.iter_mut().zip(other.0) {
            *word &= with;
        }
        both
    }

    pub(crate) fn without(self, other: Self) -> Self {
        let mut rest = self;
        for (word, with) in rest.0.iter_mut().zip(other.0) {
            *word &= !with;
        }
        rest
    }

    pub(crate) fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// In ascending order.
    pub(crate) fn iter(self) -> impl Iterator<Item = u8> {
        self.0.into_iter().zip(0_u8..).flat_map(|(word, high)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as u8;
                    rest &= rest - 1;
                    high * 64 + bit
                })
            })
        })
    }
}

/// In the place of a level: the detailed table knows the language itself.
const DETAILED: u8 = 255;

/// How a language stands to the detailed table.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Level {
    /// Bits a letter that the best language of the table usually reaches on texts in this one, where the table lacks it.
    pub(crate) usual: f32,
    /// 0 where the table knows the language, else a number below all sums of bits.
    pub(crate) unknown: f32,
}

impl Level {
    const UNKNOWN: f32 = -1e9;

    fn read(level: u8) -> Self {
        match level {
            DETAILED => Self::default(),
            _ => Self { usual: f32::from(level) / 10.0, unknown: Self::UNKNOWN },
        }
    }
}

/// A level for each language.
#[derive(Debug)]
struct Levels([Level; LANGUAGES]);

impl Default for Levels {
    fn default() -> Self {
        Self([Level::read(0); LANGUAGES])
    }
}

/// The place of each language of the detailed table among them, by number; 255 for others.
#[derive(Debug)]
struct Places([u8; 256]);

impl Default for Places {
    fn default() -> Self {
        Self([u8::MAX; 256])
    }
}

/// The parts of the file.
#[derive(Debug, Default)]
pub(crate) struct Model {
    tags: Vec<&'static str>,
    detailed_languages: Languages,
    places: Places,
    levels: Levels,
    bosnian: Option<u8>,
    scripts: PerScript<Languages>,
    /// Four-letter sequences and words: all languages.
    pub(crate) broad: Table,
    /// Sequences of one to five letters: languages with full statistics.
    pub(crate) detailed: Table,
}

impl Model {
    /// Takes the file apart; `None` when it is cut short or not such a file.
    fn read(file: &'static [u8]) -> Option<Self> {
        let rest = file.strip_prefix(b"TAMISNG2")?;
        let (languages, rest) = number(rest)?;
        let (scripts, rest) = number(rest)?;
        if languages > LANGUAGES {
            return None;
        }
        let mut model = Self::default();
        let (names, rest) = rest.split_at_checked(languages.checked_mul(8)?)?;
        for (place, name) in names.as_chunks::<8>().0.iter().enumerate() {
            let (tag, [level]) = name.split_last_chunk::<1>()?;
            let level = *level;
            let end = tag.iter().position(|byte| *byte == 0).unwrap_or(tag.len());
            model.tags.push(std::str::from_utf8(tag.get(..end)?).ok()?);
            if level == DETAILED {
                model.detailed_languages.insert(place as u8);
            }
            if let Some(known) = model.levels.0.get_mut(place) {
                *known = Level::read(level);
            }
        }
        if model.detailed_languages.count() as usize > DETAILED_LANGUAGES {
            return None;
        }
        for (place, language) in (0_u8..).zip(model.detailed_languages.iter()) {
            if let Some(slot) = model.places.0.get_mut(usize::from(language)) {
                *slot = place;
            }
        }
        model.bosnian = model.language("bs");
        let (sets, rest) = rest.split_at_checked(scripts.checked_mul(36)?)?;
        for set in sets.as_chunks::<36>().0 {
            let (code, bits) = set.split_at(4);
            let Some(script) = Script::all().find(|script| script.code().as_bytes() == code) else {
                continue;
            };
            let place = model.scripts.get_mut(script)?;
            for (word, bytes) in place.0.iter_mut().zip(bits.as_chunks::<8>().0) {
                *word = u64::from_le_bytes(*bytes);
            }
        }
        let (broad, rest) = Table::read(rest)?;
        let (detailed, rest) = Table::read(rest)?;
        model.broad = broad;
        model.detailed = detailed;
        rest.is_empty().then_some(model)
    }

    /// The tag of a language, as the tables name it.
    pub(crate) fn tag(&self, language: u8) -> &'static str {
        self.tags.get(usize::from(language)).copied().unwrap_or("und")
    }

    /// The language of a tag.
    pub(crate) fn language(&self, tag: &str) -> Option<u8> {
        self.tags.iter().position(|known| *known == tag).map(|place| place as u8)
    }

    /// All tags, ascending.
    pub(crate) fn tags(&self) -> &[&'static str] {
        &self.tags
    }

    /// The languages written in a script.
    pub(crate) fn written_in(&self, script: Script) -> Languages {
        self.scripts.get(script)
    }

    /// How each language stands to the detailed table.
    pub(crate) fn levels(&self) -> &[Level; LANGUAGES] {
        &self.levels.0
    }

    /// Bosnian, which lies between two neighbours.
    pub(crate) fn bosnian(&self) -> Option<u8> {
        self.bosnian
    }

    /// The place of a language among those that the detailed table knows; no place at all for any other.
    #[inline]
    pub(crate) fn detailed_place(&self, language: u8) -> usize {
        self.places.0.get(usize::from(language)).map_or(usize::MAX, |place| usize::from(*place))
    }

    /// The languages that the detailed table knows.
    pub(crate) fn detailed_languages(&self) -> Languages {
        self.detailed_languages
    }
}

/// A number at the start of `bytes`, and what follows.
pub(crate) fn number(bytes: &'static [u8]) -> Option<(usize, &'static [u8])> {
    let (four, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*four) as usize, rest))
}

/// An n-gram's hash. Grows letter by letter, so that all n-grams that start at a letter cost one step each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(u64);

impl Key {
    /// A sequence of at most four letters; `starts` and `ends` tell whether it reaches the word's ends.
    pub(crate) fn sequence(starts: bool, ends: bool) -> Self {
        Self::kind(1 + u64::from(starts) + 2 * u64::from(ends))
    }

    /// A word, or with `ends` false its first eight letters.
    pub(crate) fn word(ends: bool) -> Self {
        Self::kind(6 + 2 * u64::from(ends))
    }

    /// A sequence of the detailed table.
    pub(crate) const DETAILED: Self = Self::kind(9);

    /// A word or stem by which close languages differ.
    pub(crate) const CLOSE: Self = Self::kind(10);

    /// The key as a number.
    #[inline]
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// The key that is a number.
    #[cfg(test)]
    pub(crate) fn of_number(number: u64) -> Self {
        Self(number)
    }

    /// The empty key of a kind. Spread over all bits: in the low ones a kind would cancel against the first letter.
    const fn kind(kind: u64) -> Self {
        Self(kind.wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    /// This and one more letter.
    #[inline]
    pub(crate) fn then(self, letter: char) -> Self {
        let mixed = (self.0 ^ u64::from(letter)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed ^ mixed >> 29)
    }

    /// This and more letters.
    #[inline]
    pub(crate) fn followed_by(self, letters: &[char]) -> Self {
        letters.iter().fold(self, |key, letter| key.then(*letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Found, Scores};

    #[test]
    fn the_file_is_whole() {
        assert!(MODEL.tags().len() > 150, "{} languages", MODEL.tags().len());
        assert!(MODEL.tags().is_sorted());
        assert!(MODEL.broad.len() > 100_000 && MODEL.detailed.len() > 100_000);
        let french = MODEL.language("fr").unwrap_or(255);
        assert!(MODEL.written_in(Script::LATIN).has(french) && !MODEL.written_in(Script::HANGUL).has(french));
    }

    #[test]
    fn a_french_word_says_french() {
        let french = usize::from(MODEL.language("fr").unwrap_or(255));
        let mut scores = Scores::default();
        let word: Vec<char> = "aujourd".chars().collect();
        let keys = [Key::sequence(true, false).followed_by(&word[..4]), Key::word(false)];
        let mut known = Vec::new();
        MODEL.broad.add(&keys, &mut Found::default(), &mut scores, |place| known.push(place));
        assert_eq!(known, [0]);
        assert!(scores.0[french] > 0);
        let best = scores.0.iter().max();
        assert_eq!(best, Some(&scores.0[french]));
    }

    #[test]
    fn a_cut_file_is_refused() {
        let file: &'static [u8] = include_bytes!("../data/ngrams.bin");
        for end in [0, 7, 16, 100, 10_000, file.len() - 1] {
            assert!(Model::read(&file[..end]).is_none(), "{end}");
        }
        assert!(Model::read(file).is_some());
    }

    #[test]
    fn sets_count() {
        let mut set = Languages::default();
        for language in [0, 63, 64, 200, 255] {
            set.insert(language);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 200, 255]);
        assert!(!set.has(1));
    }
}
