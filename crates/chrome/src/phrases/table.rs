//! The prefix table: every word chain that begins a phrase, and every function word, in one open-addressed table.

use super::{Category, Folding, WordHash, each_word};

/// What the table knows of a word or chain of words: the category it completes, and whether it begins a longer phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Entry(u8);

impl Entry {
    const CATEGORY: u8 = 0x1F;
    const PREFIX: u8 = 0x20;

    /// Is there anything to say of it?
    #[inline]
    pub(crate) const fn is_some(self) -> bool {
        self.0 != 0
    }

    /// The category of the phrase that is complete here.
    #[inline]
    pub(crate) fn category(self) -> Option<Category> {
        Category::ALL.get(usize::from(self.0 & Self::CATEGORY).wrapping_sub(1)).copied()
    }
}

/// What a word is known for: a phrase begins with it, it is a function word of some language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known(u64);

impl Known {
    const BEGINS: Self = Self(1);
    const STOPS: Self = Self(2);

    #[inline]
    pub(crate) const fn begins_phrase(self) -> bool {
        self.0 & Self::BEGINS.0 != 0
    }

    #[inline]
    pub(crate) const fn is_stop_word(self) -> bool {
        self.0 & Self::STOPS.0 != 0
    }
}

/// Two sets of words that answer without a branch, and say yes to one word in a thousand that is not in them
/// (Bloom 1970, with two places a word). A place holds one bit of each set, so two look-ups answer for both; 16 kB, which
/// stay in the first-level cache.
#[derive(Debug)]
struct Filter(Box<[u64; Filter::SIZE]>);

impl Filter {
    const PLACES: u64 = 1 << 16;
    const SIZE: usize = (Self::PLACES / 32) as usize;

    fn new() -> Self {
        Self(Box::new([0; Self::SIZE]))
    }

    #[inline]
    const fn places(word: WordHash) -> [u64; 2] {
        [word.0 % Self::PLACES, (word.0 >> 24) % Self::PLACES]
    }

    fn add(&mut self, word: WordHash, known: Known) {
        for place in Self::places(word) {
            if let Some(bits) = self.0.get_mut((place / 32) as usize) {
                *bits |= known.0 << (place % 32 * 2);
            }
        }
    }

    #[inline]
    fn look_up(&self, word: WordHash) -> Known {
        let at = |place: u64| {
            self.0.get((place / 32) as usize).copied().unwrap_or(0) >> (place % 32 * 2)
        };
        let [one, other] = Self::places(word);
        Known(at(one) & at(other) & 3)
    }
}

/// The phrases by their chains of words, the words that phrases begin with, and the function words.
///
/// Most words of prose begin no phrase, and a filter says so. The phrases are in an open-addressed table with linear
/// probing, at most half full, where 0 ends a probe. A slot is 24 bits of the hash above the entry: one look-up in ten
/// million takes a chain for another, and then one phrase of one line counts that should not.
#[derive(Debug)]
pub(crate) struct Table {
    slots: Box<[u32]>,
    mask: usize,
    words: Filter,
}

impl Table {
    pub(crate) fn new(folding: &Folding) -> Self {
        let mut nodes: Vec<(WordHash, u8)> = Vec::with_capacity(1 << 14);
        let mut words = Vec::new();
        let mut filter = Filter::new();
        for category in Category::ALL {
            for (_, list) in sections(category.source()) {
                for phrase in list.split('|') {
                    split(folding, phrase, &mut words);
                    chain(&words, category as u8 + 1, &mut nodes);
                    if let Some(&word) = words.first() {
                        filter.add(word, Known::BEGINS);
                    }
                }
            }
        }
        nodes.sort_by_key(|&(word, _)| word.0);
        let distinct = nodes.chunk_by(|a, b| a.0 == b.0).count();
        let size = (distinct * 2).next_power_of_two();
        for (_, list) in sections(include_str!("../../data/stopwords.txt")) {
            split(folding, list, &mut words);
            for &word in &words {
                filter.add(word, Known::STOPS);
            }
        }
        let mut table = Self { slots: vec![0; size].into_boxed_slice(), mask: size - 1, words: filter };
        for same in nodes.chunk_by(|a, b| a.0 == b.0) {
            // The sort is stable: the category of the first file wins.
            let entry = same.iter().fold(0, |entry, &(_, bits)| {
                entry | if entry & Entry::CATEGORY == 0 { bits } else { bits & !Entry::CATEGORY }
            });
            if let Some(&(word, _)) = same.first() {
                table.add(word, entry);
            }
        }
        table
    }

    fn add(&mut self, word: WordHash, entry: u8) {
        let mut at = word.0 as usize & self.mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = Self::tag(word) | u32::from(entry);
                return;
            }
            at = (at + 1) & self.mask;
        }
    }

    #[inline]
    const fn tag(word: WordHash) -> u32 {
        (word.0 >> 32) as u32 & !0xFF
    }

    /// What is known of a word or chain; the empty entry if nothing.
    #[inline]
    pub(crate) fn entry(&self, word: WordHash) -> Entry {
        let tag = Self::tag(word);
        let mut at = word.0 as usize & self.mask;
        while let Some(&slot) = self.slots.get(at) {
            if slot == 0 {
                break;
            }
            if slot & !0xFF == tag {
                return Entry(slot as u8);
            }
            at = (at + 1) & self.mask;
        }
        Entry(0)
    }

    /// What a word is known for. Now and then something it is not.
    #[inline]
    pub(crate) fn known(&self, word: WordHash) -> Known {
        self.words.look_up(word)
    }
}

/// The `language: list` lines of a data file.
fn sections(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
}

/// The hashes of the words of a phrase.
fn split(folding: &Folding, phrase: &str, words: &mut Vec<WordHash>) {
    words.clear();
    each_word(folding, phrase, |word| words.push(word.hash));
}

/// Adds a phrase and all its beginnings.
fn chain(words: &[WordHash], category: u8, nodes: &mut Vec<(WordHash, u8)>) {
    let mut prefix: Option<WordHash> = None;
    for (index, &word) in words.iter().enumerate() {
        let longer = prefix.map_or(word, |prefix| prefix.then(word));
        nodes.push((longer, if index + 1 == words.len() { category } else { Entry::PREFIX }));
        prefix = Some(longer);
    }
}
