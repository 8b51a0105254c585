//! A hash table from words to their classes that keeps all words in one run of bytes.
//!
//! A map with a box for each word spends most of the time of reading a data file on allocating: a run over texts of eight
//! languages took 5 ms to fill its tables that way, as long as to split a megabyte.

use crate::words::Class;

/// Words and their classes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// All words, one behind the other.
    letters: Vec<u8>,
    /// Open addressing. A power of two long, half of it free.
    slots: Vec<Slot>,
    words: usize,
}

/// Where a word stands among the letters, and what it is. Free when it has no length.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    start: u32,
    length: u8,
    class: Class,
}

/// Slots of a table that holds something: enough for half of the languages.
const FEWEST: usize = 1 << 12;

impl Table {
    /// Adds classes to a word of 1 to 255 bytes.
    pub(crate) fn add(&mut self, word: &[u8], class: Class) {
        let Ok(length @ 1..) = u8::try_from(word.len()) else { return };
        if 2 * self.words >= self.slots.len() {
            self.grow();
        }
        let place = self.place(word);
        let Some(slot) = self.slots.get_mut(place) else { return };
        if slot.length == 0 {
            *slot = Slot { start: self.letters.len() as u32, length, class };
            self.letters.extend_from_slice(word);
            self.words += 1;
        } else {
            slot.class = slot.class.and(class);
        }
    }

    /// The classes of a word; none of one that it does not hold.
    #[inline]
    pub(crate) fn get(&self, word: &[u8]) -> Class {
        self.slots.get(self.place(word)).map_or(Class::NONE, |slot| slot.class)
    }

    fn grow(&mut self) {
        let slots = vec![Slot::default(); (2 * self.slots.len()).max(FEWEST)];
        for slot in std::mem::replace(&mut self.slots, slots) {
            let place = self.place(self.word(slot));
            if let Some(free) = self.slots.get_mut(place).filter(|_| slot.length > 0) {
                *free = slot;
            }
        }
    }

    fn word(&self, slot: Slot) -> &[u8] {
        let start = slot.start as usize;
        self.letters.get(start..start + usize::from(slot.length)).unwrap_or_default()
    }

    /// The slot of a word: that which holds it, or a free one.
    #[inline]
    fn place(&self, word: &[u8]) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash(word) as usize & mask;
        // Half of the slots are free, so the walk ends.
        while let Some(slot) = self.slots.get(at).filter(|slot| slot.length > 0) {
            if usize::from(slot.length) == word.len() && self.word(*slot) == word {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }
}

/// Words are short, and the tables are ours, so no one can choose keys that collide: eight bytes at a time, and the last
/// eight once more.
#[inline]
fn hash(word: &[u8]) -> u64 {
    let mix = |hash: u64, bits: u64| {
        let product = (hash ^ bits).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        product ^ (product >> 32)
    };
    let mut hash = mix(0, word.len() as u64);
    if let Some(last) = word.last_chunk::<8>() {
        for chunk in word.as_chunks::<8>().0 {
            hash = mix(hash, u64::from_le_bytes(*chunk));
        }
        return mix(hash, u64::from_le_bytes(*last));
    }
    let bits = match (word.first_chunk::<4>(), word.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => word.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte)),
    };
    mix(hash, bits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_map_holds(
            words in prop::collection::vec(("[ab]{1,3}|[a-c]{1,20}", 0_u8..3), 0..6_000),
            others in prop::collection::vec("[a-c]{0,22}", 50),
        ) {
            let classes = [Class::TITLE, Class::STARTER, Class::UNIT];
            let (mut table, mut map) = (Table::default(), BTreeMap::<String, Class>::new());
            for (word, class) in words {
                let class = classes[usize::from(class)];
                table.add(word.as_bytes(), class);
                let known = map.entry(word).or_default();
                *known = known.and(class);
            }
            for word in map.keys().chain(&others) {
                let known = map.get(word).copied().unwrap_or_default();
                prop_assert_eq!(table.get(word.as_bytes()), known, "{}", word);
            }
        }
    }
}
