//! Word tables of a language, read from a data file or built up by hand.
//!
//! A table answers one question: what does the word before a full stop, or the word after it, say about the boundary?
//! The answer is a set of [`Class`] bits, since one word may be several things ("no" is an abbreviation of *number* and
//! a word that opens sentences). Look-up is by bytes, without allocation: as written first, then in lower case.

use crate::table::Table;

/// Longest word a table holds, in bytes; longer tokens are never abbreviations.
pub(crate) const LONGEST: usize = 40;

/// What a word is, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Class(u16);

impl Class {
    pub(crate) const NONE: Self = Self(0);
    /// Never ends a sentence: "M.", "Dr.", "cf.".
    pub(crate) const TITLE: Self = Self(1);
    /// Does not end a sentence before a number: "p.", "art.", "No.".
    pub(crate) const REFERENCE: Self = Self(1 << 1);
    /// Often ends a sentence: "etc.", "Ph.D.".
    pub(crate) const CLOSING: Self = Self(1 << 2);
    /// Closing, and a number after it opens a sentence: "p.m.".
    pub(crate) const TIME: Self = Self(1 << 3);
    /// Closing after a number, otherwise an ordinary word: "in.", "min.".
    pub(crate) const UNIT: Self = Self(1 << 4);
    /// Ends a sentence only before a starter: "févr.", "Inc.".
    pub(crate) const ABBREVIATION: Self = Self(1 << 5);
    /// A starter, but part of a name before a capital: "Le Pen", "Van Gogh".
    pub(crate) const PARTICLE: Self = Self(1 << 6);
    /// Belongs to an opening adverbial: "At around 5 a.m.".
    pub(crate) const FRONTING: Self = Self(1 << 7);
    /// Tells who speaks after a quotation: "he", "said".
    pub(crate) const SPEECH: Self = Self(1 << 9);
    /// A name written with a mark of its own: "Yahoo!".
    pub(crate) const MARKED: Self = Self(1 << 10);
    /// No name when capitalised, so it opens a sentence: "The", "Cependant".
    pub(crate) const STARTER: Self = Self(1 << 8);

    /// Whatever is shortened: all that a full stop may belong to.
    pub(crate) const SHORTENED: Self =
        Self::TITLE.and(Self::REFERENCE).and(Self::CLOSING).and(Self::UNIT).and(Self::ABBREVIATION);

    /// Whether any bit of `other` is set.
    #[inline]
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The bits of both.
    #[inline]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    fn of_section(name: &str) -> Self {
        match name {
            "titles" => Self::TITLE,
            "references" => Self::REFERENCE,
            "closing" => Self::CLOSING,
            "times" => Self::CLOSING.and(Self::TIME),
            "units" => Self::UNIT,
            "abbreviations" => Self::ABBREVIATION,
            "particles" => Self::STARTER.and(Self::PARTICLE),
            "marked" => Self::MARKED,
            "speech" => Self::SPEECH,
            "fronting" => Self::FRONTING,
            "starters" => Self::STARTER,
            _ => Self::NONE,
        }
    }
}

/// What a language does with numbers and marks, as named in the `[traits]` section of its data file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traits {
    /// A number before a full stop is an ordinal: "am 12. Juni".
    pub(crate) ordinals: bool,
    /// Words of speech are known.
    pub(crate) speech: bool,
    /// A small letter after a question opens the next sentence, whatever the word.
    pub(crate) hasty_questions: bool,
    /// "I" is a capital in the middle of a sentence.
    pub(crate) capital_i: bool,
    /// `;` asks a question.
    pub(crate) greek_question: bool,
    /// `:` ends a sentence, as `։` does.
    pub(crate) armenian_stop: bool,
    /// A quotation stays open over who speaks: "«Yes, – he said. – Now go»" is one sentence.
    pub(crate) interrupted_speech: bool,
    /// `|` is typed for the danda `।`.
    pub(crate) danda_bar: bool,
}

/// The words of one language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    table: Table,
    pub(crate) traits: Traits,
    endings: Endings,
}

/// The last four bytes of words, in small letters, as a set that may claim too much: a bit for each of 65,536 hashes. The
/// hundreds of abbreviations of a language set few of them, so nearly all words before a full stop need no look-up.
#[derive(Debug, Clone, Default)]
struct Endings(Vec<u64>);

impl Endings {
    const BITS: u32 = 16;

    fn place(ending: [u8; 4]) -> (usize, u64) {
        let hash = u32::from_le_bytes(ending).wrapping_mul(0x9E37_79B1) >> (u32::BITS - Self::BITS);
        (hash as usize / 64, 1 << (hash % 64))
    }

    fn add(&mut self, word: &[u8]) {
        self.0.resize(1 << Self::BITS >> 6, 0);
        if let Some(ending) = word.last_chunk::<4>() {
            let (index, bit) = Self::place(ending.map(|byte| byte.to_ascii_lowercase()));
            if let Some(bits) = self.0.get_mut(index) {
                *bits |= bit;
            }
        }
    }

    fn may_hold(&self, ending: [u8; 4]) -> bool {
        let (index, bit) = Self::place(ending);
        self.0.get(index).is_some_and(|bits| bits & bit != 0)
    }
}

impl Words {
    /// Reads data files: `[section]` lines, words between white space of ASCII, `#` comments.
    /// Unknown sections and traits are ignored; a unit test refuses them in the files that ship.
    pub(crate) fn parse<const N: usize>(files: [&str; N]) -> Self {
        let mut words = Self::default();
        for data in files {
            words.read(data);
        }
        words
    }

    fn read(&mut self, data: &str) {
        let (mut class, mut traits) = (Class::NONE, false);
        for line in data.lines() {
            let line = line.split('#').next().unwrap_or_default();
            if line.starts_with('[')
                && let Some(section) =
                    line.trim_end().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
            {
                (class, traits) = (Class::of_section(section), section == "traits");
                continue;
            }
            for word in line.split_ascii_whitespace() {
                if traits {
                    self.set_trait(word);
                } else {
                    self.add(word, class);
                }
            }
        }
    }

    fn set_trait(&mut self, name: &str) {
        match name {
            "ordinals" => self.traits.ordinals = true,
            "speech" => self.traits.speech = true,
            "hasty-questions" => self.traits.hasty_questions = true,
            "capital-i" => self.traits.capital_i = true,
            "greek-question" => self.traits.greek_question = true,
            "armenian-stop" => self.traits.armenian_stop = true,
            "interrupted-speech" => self.traits.interrupted_speech = true,
            "danda-bar" => self.traits.danda_bar = true,
            _ => {}
        }
    }

    /// Adds a word, with or without its last full stop.
    pub(crate) fn add(&mut self, word: &str, class: Class) {
        let word = word.trim_end_matches('.');
        if word.is_empty() || word.len() > LONGEST {
            return;
        }
        if class.has(Class::SHORTENED) {
            self.endings.add(word.as_bytes());
        }
        self.table.add(word.as_bytes(), class);
    }

    /// The classes of `word`: as written; in lower case; in title case where it is all capitals ("GEN"). Words all in
    /// capitals are mostly acronyms ("RER"), so they are no abbreviations for looking like one in small letters.
    pub(crate) fn class(&self, word: &str) -> Class {
        if word.is_empty() || word.len() > LONGEST {
            return Class::NONE;
        }
        let written = self.table.get(word.as_bytes());
        if word.is_ascii() {
            return self.class_of_ascii(word.as_bytes(), written);
        }
        if !word.chars().any(char::is_uppercase) {
            return written;
        }
        let lower = self.table.get(Letters::of(word.chars().flat_map(char::to_lowercase)).bytes());
        if word.chars().nth(1).is_none() || !word.chars().all(char::is_uppercase) {
            return written.and(lower);
        }
        let rest = word.chars().skip(1).flat_map(char::to_lowercase);
        let title = self.table.get(Letters::of(word.chars().take(1).chain(rest)).bytes());
        written.and(lower.without(Class::ABBREVIATION)).and(title)
    }

    /// As [`Self::class`], of a word without other letters than those of ASCII.
    fn class_of_ascii(&self, word: &[u8], written: Class) -> Class {
        let mut buffer = [0; LONGEST];
        let Some(letters) = buffer.get_mut(..word.len()).filter(|_| word.iter().any(u8::is_ascii_uppercase))
        else {
            return written;
        };
        letters.copy_from_slice(word);
        letters.make_ascii_lowercase();
        let lower = self.table.get(letters);
        if word.len() == 1 || !word.iter().all(u8::is_ascii_uppercase) {
            return written.and(lower);
        }
        if let (Some(small), Some(capital)) = (letters.first_mut(), word.first()) {
            *small = *capital;
        }
        written.and(lower.without(Class::ABBREVIATION)).and(self.table.get(letters))
    }

    /// Whether a word that ends in these four bytes, all small letters of ASCII, is no shortened word.
    #[inline]
    pub(crate) fn is_whole(&self, ending: [u8; 4]) -> bool {
        ending.iter().all(u8::is_ascii_lowercase) && !self.endings.may_hold(ending)
    }

    /// The classes of `first.second`, for an abbreviation whose parts stand apart.
    pub(crate) fn class_of_parts(&self, first: &str, second: &str) -> Class {
        let joined = Letters::of(first.chars().chain(['.']).chain(second.chars()));
        std::str::from_utf8(joined.bytes()).map(|joined| self.class(joined)).unwrap_or_default()
    }
}

/// A word in another case, on the stack. Empty when it does not fit: then no table holds it either.
struct Letters {
    buffer: [u8; LONGEST + 4],
    length: usize,
}

impl Letters {
    fn of(letters: impl Iterator<Item = char>) -> Self {
        let mut word = Self { buffer: [0; LONGEST + 4], length: 0 };
        for letter in letters {
            let Some(room) = word.buffer.get_mut(word.length..).and_then(<[u8]>::first_chunk_mut::<4>) else {
                word.length = 0;
                return word;
            };
            word.length += letter.encode_utf8(room).len();
        }
        word
    }

    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }
}
