//! A hash table of words and phrases, and two small ones that tell at once what a word is not.

use super::{Kinds, Reading};
use crate::word::hash_folded;

/// A word or phrase in the table. Words are told apart by their 64-bit hash alone: over the few thousand entries of a
/// language the chance that some other word of a text shares one is below 10^-15.
#[derive(Debug)]
pub(crate) struct Entry {
    hash: u64,
    pub(crate) readings: Vec<Reading>,
    /// What it means, and phrases that start with this word.
    pub(crate) leads: Kinds,
    /// Words of the longest phrase that starts with this word.
    pub(crate) phrase: u8,
}

impl Entry {
    /// It, or a phrase that starts with it, is a number, a scale, a unit: a word that an article may count.
    pub(crate) fn counts(&self) -> bool {
        self.leads.meets(Kinds::COUNTED)
    }
}

/// Words and phrases by their hash.
#[derive(Debug, Default)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    /// Open addressing: index into `entries` plus one, 0 = free. A power of two long, half of it free.
    slots: Vec<u32>,
    /// By the hash of the last word of phrases, what these mean before an amount; and whether the word is other than the
    /// first of one.
    closing: Vec<u8>,
    /// Words of one or more letters that start outside Latin: their first letter and their hash.
    foreign: Vec<(char, u64)>,
}

/// 4 KiB stay in the first-level cache, and one word in twenty passes by chance.
const CLOSING: usize = 1 << 12;
/// Beside the bits of [`Kinds::before`].
const CONTINUES: u8 = 1 << 7;

impl Table {
    /// Adds a meaning of a folded phrase, if it is not there.
    pub(super) fn add(&mut self, folded: &str, reading: Reading) {
        let kind = reading.sense.kind();
        let blanks = folded.bytes().filter(|b| *b == b' ').count();
        let words = (blanks + 1) as u8;
        let first = if blanks == 0 { folded } else { folded.split(' ').next().unwrap_or_default() };
        self.change(hash_folded(folded), |entry| {
            let there = |known: &Reading| known.sense == reading.sense && known.exact == reading.exact;
            if !entry.readings.iter().any(there) {
                entry.readings.push(reading);
            }
        });
        self.change(hash_folded(first), |entry| {
            entry.phrase = entry.phrase.max(words);
            entry.leads = entry.leads.or(kind);
        });
        if kind.before() != 0 {
            self.closing.resize(CLOSING, 0);
            for (place, word) in (1..).zip(folded.split(' ')) {
                let closes = if place == words { kind.before() } else { 0 };
                let continues = if place > 1 { CONTINUES } else { 0 };
                if let Some(closing) = self.closing.get_mut(hash_folded(word) as usize % CLOSING) {
                    *closing |= closes | continues;
                }
            }
        }
        if let Some(letter) = first.chars().next().filter(|letter| !letter.is_ascii()) {
            self.foreign.push((letter, hash_folded(first)));
        }
    }

    /// Changes the entry with this hash, a new one where there is none.
    fn change(&mut self, hash: u64, change: impl FnOnce(&mut Entry)) {
        if 2 * self.entries.len() >= self.slots.len() {
            self.slots = vec![0; (2 * self.slots.len()).max(2048)];
            for index in 0..self.entries.len() {
                self.put(index);
            }
        }
        let index = self.slots.get(self.place(hash)).map_or(0, |slot| *slot as usize);
        if let Some(entry) = self.entries.get_mut(index.wrapping_sub(1)) {
            return change(entry);
        }
        let mut entry = Entry { hash, readings: Vec::new(), leads: Kinds::NONE, phrase: 0 };
        change(&mut entry);
        self.entries.push(entry);
        self.put(self.entries.len() - 1);
    }

    /// Files an entry under its hash.
    fn put(&mut self, index: usize) {
        let Some(entry) = self.entries.get(index) else { return };
        let place = self.place(entry.hash);
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = index as u32 + 1;
        }
    }

    /// The slot of this hash: that with its entry, or a free one.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        // Half of the slots are free, so the walk ends.
        while let Some(entry) =
            self.slots.get(at).and_then(|&index| self.entries.get((index as usize).wrapping_sub(1)))
        {
            if entry.hash == hash {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    /// The entry of a folded word or phrase, given its hash.
    #[inline]
    pub(super) fn find(&self, hash: u64) -> Option<&Entry> {
        let index = *self.slots.get(self.place(hash))?;
        self.entries.get((index as usize).wrapping_sub(1))
    }

    /// What phrases that end in a word with this hash may mean before an amount; more than they do, by chance.
    #[inline]
    pub(super) fn closes(&self, hash: u64) -> Kinds {
        Kinds::from_before(self.closing(hash))
    }

    /// Whether a word with this hash may stand in such a phrase other than first.
    #[inline]
    pub(super) fn continues(&self, hash: u64) -> bool {
        self.closing(hash) & CONTINUES != 0
    }

    #[inline]
    fn closing(&self, hash: u64) -> u8 {
        self.closing.get(hash as usize % CLOSING).copied().unwrap_or_default()
    }

    /// The words that lead to one of these meanings.
    pub(super) fn openers(&self, opening: Kinds) -> Openers {
        let mut openers = Openers::default();
        for entry in self.entries.iter().filter(|entry| entry.leads.meets(opening)) {
            set(&mut openers.words, entry.hash as usize % OPENER_BITS);
        }
        for (letter, hash) in &self.foreign {
            if self.find(*hash).is_some_and(|entry| entry.leads.meets(opening)) {
                // Folded letters are small ones; a test holds that nothing else becomes one of them.
                for letter in letter.to_uppercase().chain([*letter]) {
                    set(&mut openers.letters, letter as usize % 256);
                }
            }
        }
        openers
    }
}

/// Which words open an amount: bits, some of them set by chance.
#[derive(Debug)]
pub(super) struct Openers {
    words: [u64; OPENER_BITS / 64],
    letters: [u64; 4],
}

/// 4 KiB: stays in the first-level cache, and one word in fifty passes by chance.
const OPENER_BITS: usize = 1 << 15;

fn set(bits: &mut [u64], bit: usize) {
    if let Some(word) = bits.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

#[inline]
fn is_set(bits: &[u64], bit: usize) -> bool {
    bits.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

impl Default for Openers {
    fn default() -> Self {
        Self { words: [0; OPENER_BITS / 64], letters: [0; 4] }
    }
}

impl Openers {
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        is_set(&self.words, hash as usize % OPENER_BITS)
    }

    #[inline]
    pub(super) fn may_start(&self, letter: char) -> bool {
        is_set(&self.letters, letter as usize % 256)
    }
}

#[cfg(test)]
impl Table {
    pub(super) fn hashes_differ(&self) -> bool {
        let mut hashes: Vec<u64> = self.entries.iter().map(|entry| entry.hash).collect();
        hashes.sort_unstable();
        hashes.windows(2).all(|pair| pair[0] != pair[1])
    }

    pub(super) fn bytes(&self) -> usize {
        let readings = |entry: &Entry| entry.readings.capacity() * size_of::<Reading>();
        self.slots.len() * 4
            + self.closing.len()
            + OPENER_BITS / 8
            + self.entries.len() * size_of::<Entry>()
            + self.entries.iter().map(readings).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use crate::fold::{Folded, fold_char};
    use crate::lexicon::Lexicon;

    #[test]
    fn every_spelling_of_a_first_letter_may_open() {
        let lexicons = ["und", "fr", "en", "de", "es", "it", "pt", "nl"].map(Lexicon::of);
        let opens = |lexicon: &Lexicon, first: char| {
            let mut words = lexicon.table.foreign.iter().filter(|(letter, _)| *letter == first);
            words.any(|(_, hash)| lexicon.find(*hash).is_some_and(|entry| entry.leads.meets(lexicon.opening)))
        };
        let mut opening = 0;
        for c in '\u{370}'..=char::MAX {
            let Folded::Other(folded) = fold_char(c) else { panic!("{c} folds to Latin") };
            for lexicon in lexicons.iter().filter(|lexicon| opens(lexicon, folded)) {
                assert!(lexicon.may_open_with(c), "{c}");
                opening += 1;
            }
        }
        assert!(opening > 20, "{opening}");
    }
}
