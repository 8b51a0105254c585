//! What the shortest n-grams of the detailed table say, as rows of one byte a language.
//!
//! Sequences of one to three letters are listed with most of the table's languages: 48, 45 and 35 of 64 on average. Added
//! up one language after the other they were a third of the time of a short text. As rows of bytes they are added by
//! vector code, and a row costs what four languages did. The few hundred that one language's texts use again and again are
//! kept from text to text; longer sequences are too many to be kept and their lists too short to gain by it.

use crate::model::{DETAILED_LANGUAGES, Key, MODEL};
use crate::table::Scores;

/// Rows that are kept: 320 kB, which leaves room in a second-level cache.
const KEPT: usize = 1 << 12;
/// Rows that a sum of 16 bits holds: each adds at most 127.
const MOST: u32 = u16::MAX as u32 / 127;

/// What an n-gram says of each of the table's languages, in their order.
#[derive(Clone, Debug)]
struct Row {
    key: Key,
    state: State,
    bits: [u8; DETAILED_LANGUAGES],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The place is not in use.
    Empty,
    /// The table does not list the n-gram.
    Unknown,
    Known,
}

/// Rows by their keys, each in the one place it may have. Kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Rows(Vec<Row>);

impl Rows {
    /// Adds what an n-gram says; whether it is known.
    #[inline]
    pub(crate) fn add(&mut self, key: Key, sums: &mut RowSums, scores: &mut Scores) -> bool {
        if self.0.is_empty() {
            let empty = Row { key: Key::DETAILED, state: State::Empty, bits: [0; DETAILED_LANGUAGES] };
            self.0.resize(KEPT, empty);
        }
        let Some(row) = self.0.get_mut((key.number() >> 40) as usize % KEPT) else { return false };
        if row.key != key || row.state == State::Empty {
            row.read(key);
        }
        sums.add(&row.bits, scores);
        row.state == State::Known
    }
}

impl Row {
    #[cold]
    fn read(&mut self, key: Key) {
        let model = &*MODEL;
        (self.key, self.state, self.bits) = (key, State::Unknown, [0; DETAILED_LANGUAGES]);
        for said in model.detailed.look_up(key) {
            self.state = State::Known;
            if let Some(bits) = self.bits.get_mut(model.detailed_place(said.language)) {
                *bits = said.bits;
            }
        }
    }
}

/// The sum of rows.
#[derive(Debug)]
pub(crate) struct RowSums {
    bits: [u16; DETAILED_LANGUAGES],
    rows: u32,
}

impl RowSums {
    pub(crate) fn new() -> Self {
        Self { bits: [0; DETAILED_LANGUAGES], rows: 0 }
    }

    #[inline]
    fn add(&mut self, row: &[u8; DETAILED_LANGUAGES], scores: &mut Scores) {
        if self.rows == MOST {
            self.move_to(scores);
        }
        self.rows += 1;
        for (sum, bits) in self.bits.iter_mut().zip(row) {
            *sum += u16::from(*bits);
        }
    }

    /// Adds the sums to the languages' scores, and begins anew.
    pub(crate) fn move_to(&mut self, scores: &mut Scores) {
        for (language, sum) in MODEL.detailed_languages().iter().zip(&self.bits) {
            scores.add(language, i32::from(*sum));
        }
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Found;

    /// What the table itself says.
    fn listed(keys: &[Key]) -> Scores {
        let mut scores = Scores::default();
        MODEL.detailed.add(keys, &mut Found::default(), &mut scores, |_| {});
        scores
    }

    #[test]
    fn rows_add_what_the_lists_add() {
        let letters: Vec<char> = "aeinstçéждωλ".chars().collect();
        let keys: Vec<Key> = letters
            .iter()
            .flat_map(|first| {
                let one = Key::DETAILED.then(*first);
                let two = letters.iter().map(move |second| one.then(*second));
                let three = letters.iter().map(move |third| one.then('e').then(*third));
                two.chain(three).chain([one])
            })
            .collect();
        // Twice, to read rows that are kept, and so often that sums of 16 bits would not hold it all.
        let many: Vec<Key> = keys.iter().copied().cycle().take(keys.len() * 5).collect();
        let (mut rows, mut sums, mut scores) = (Rows::default(), RowSums::new(), Scores::default());
        for key in &many {
            let known = rows.add(*key, &mut sums, &mut scores);
            assert_eq!(known, MODEL.detailed.look_up(*key).next().is_some());
        }
        sums.move_to(&mut scores);
        assert!(many.len() > MOST as usize * 2);
        assert_eq!(scores.0, listed(&many).0);
    }

    #[test]
    fn lists_of_the_detailed_table_name_its_languages_alone() {
        let letters = ('a'..='z').chain('а'..='я').chain('α'..='ω');
        for said in letters.flat_map(|letter| MODEL.detailed.look_up(Key::DETAILED.then(letter))) {
            assert!(MODEL.detailed_place(said.language) < DETAILED_LANGUAGES, "{}", MODEL.tag(said.language));
        }
    }
}
