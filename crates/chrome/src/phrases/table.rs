//! The prefix table: every word chain that begins a phrase, and every function word, in one open-addressed table.

#![expect(
    clippy::inline_always,
    reason = "one look-up a word: measured, without it the crate is a tenth slower"
)]

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

/// What a word is known for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// It is a phrase by itself.
    pub(crate) phrase: bool,
    /// It is a function word of some language.
    pub(crate) stop: bool,
}

/// Two sets of words that answer with one look-up, and say yes to one word in a thousand that is not in them.
///
/// Bloom filters in blocks (Putze, Sanders and Singler 2007): a word has one block of 64 bits, and three bits in the half
/// that belongs to each set. 32 kB, of which frequent words use a part that stays in the first-level cache.
#[derive(Debug)]
struct Filter(
    /// The bits that are missing.
    Box<[u64; Filter::BLOCKS]>,
);

impl Filter {
    const BLOCKS: usize = 1 << 12;
    const PHRASES: u32 = 0;
    const STOPS: u32 = 32;

    #[expect(
        clippy::large_stack_arrays,
        reason = "32 kB, once a table; with the length in the type a look-up needs no check"
    )]
    fn new() -> Self {
        Self(Box::new([u64::MAX; Self::BLOCKS]))
    }

    #[inline]
    const fn block(word: WordHash) -> usize {
        (word.0 >> 52) as usize
    }

    #[inline]
    const fn bits(word: WordHash) -> u32 {
        1 << (word.0 & 31) | 1 << (word.0 >> 5 & 31) | 1 << (word.0 >> 10 & 31)
    }

    fn add(&mut self, word: WordHash, set: u32) {
        if let Some(block) = self.0.get_mut(Self::block(word)) {
            *block &= !(u64::from(Self::bits(word)) << set);
        }
    }

    #[inline(always)]
    fn look_up(&self, word: WordHash) -> Known {
        let missing = self.0.get(Self::block(word)).copied().unwrap_or(u64::MAX);
        let bits = Self::bits(word);
        let lacks = |set| (missing >> set) as u32 & bits != 0;
        Known { phrase: !lacks(Self::PHRASES), stop: !lacks(Self::STOPS) }
    }
}

/// A set that answers with one look-up of one bit, and says yes to one pair in thirty that is not in it.
#[derive(Debug)]
struct Bits(Box<[u64; Bits::WORDS]>);

impl Bits {
    const WORDS: usize = 1 << 11;

    fn new() -> Self {
        Self(Box::new([0; Self::WORDS]))
    }

    fn add(&mut self, pair: WordHash) {
        if let Some(bits) = self.0.get_mut((pair.0 >> 53) as usize) {
            *bits |= 1 << (pair.0 & 63);
        }
    }

    #[inline(always)]
    fn has(&self, pair: WordHash) -> bool {
        self.0.get((pair.0 >> 53) as usize).copied().unwrap_or(0) >> (pair.0 & 63) & 1 != 0
    }
}

/// The phrases by their chains of words, the words that phrases begin with, and the function words.
///
/// A word in four of prose is the first word of some phrase, but few are a phrase by themselves, and few pairs of words
/// begin one: filters of these two answer for most words. The phrases are in an open-addressed table with linear
/// probing, at most half full, where 0 ends a probe. A slot is 24 bits of the hash above the entry: one look-up in ten
/// million takes a chain for another, and then one phrase of one line counts that should not.
#[derive(Debug)]
pub(crate) struct Table {
    slots: Box<[u32]>,
    mask: usize,
    words: Filter,
    pairs: Bits,
}

impl Table {
    pub(crate) fn new(folding: &Folding, own: &[(Category, &str)]) -> Self {
        let mut nodes: Vec<(WordHash, u8)> = Vec::with_capacity(1 << 14);
        let mut words = Vec::new();
        let (mut filter, mut pairs) = (Filter::new(), Bits::new());
        let shipped = Category::ALL.into_iter().flat_map(|category| {
            let phrases = sections(category.source()).flat_map(|(_, list)| list.split('|'));
            phrases.map(move |phrase| (category, phrase))
        });
        for (category, phrase) in own.iter().copied().chain(shipped) {
            split(folding, phrase, &mut words);
            chain(&words, category as u8 + 1, &mut nodes);
            match words.as_slice() {
                [] => {}
                &[word] => filter.add(word, Filter::PHRASES),
                &[first, second, ..] => pairs.add(first.then(second)),
            }
        }
        nodes.sort_by_key(|&(word, _)| word.0);
        let distinct = nodes.chunk_by(|a, b| a.0 == b.0).count();
        let size = (distinct * 2).next_power_of_two();
        for (_, list) in sections(include_str!("../../data/stopwords.txt")) {
            split(folding, list, &mut words);
            for &word in &words {
                filter.add(word, Filter::STOPS);
            }
        }
        let mut table =
            Self { slots: vec![0; size].into_boxed_slice(), mask: size - 1, words: filter, pairs };
        for same in nodes.chunk_by(|a, b| a.0 == b.0) {
            // The sort is stable: the category that came first wins.
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
    #[inline(always)]
    pub(crate) fn known(&self, word: WordHash) -> Known {
        self.words.look_up(word)
    }

    /// Do the two words of a chain begin a phrase? Now and then yes for words that begin none.
    #[inline(always)]
    pub(crate) fn begins(&self, pair: WordHash) -> bool {
        self.pairs.has(pair)
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
