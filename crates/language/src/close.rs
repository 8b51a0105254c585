//! The second look at languages that are close to each other.
//!
//! Bosnian, Croatian and Serbian share most of their words and letter sequences, and so do Indonesian and Malay, Danish
//! and the two Norwegians, Catalan, French and Occitan, Galician, Spanish and Portuguese. What tells them apart is a few
//! hundred forms: `vrijeme` and `vreme`, `karena` and `kerana`, `ikke` and `ikkje`. N-grams see these as slightly likelier
//! letters among many; here they count as what they are. `data/close.txt` lists them: each word speaks against the
//! languages of its group that do not have it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use crate::model::{Key, Languages, MODEL};
use crate::table::Scores;

/// A word that comes again says less; after so many times it says nothing more.
const TIMES: u8 = 2;
/// Lengths of the stems of the list.
const SHORTEST_STEM: usize = 3;
const LONGEST_STEM: usize = 9;

/// What one word or stem of the list says.
#[derive(Debug)]
struct Mark {
    group: usize,
    against: Languages,
    /// What it takes from each of them.
    bits: i32,
}

/// Close languages, and what a word takes from those that it speaks against.
#[derive(Debug)]
struct Group {
    languages: Languages,
    bits: i32,
}

/// The list.
#[derive(Debug, Default)]
struct Marks {
    groups: Vec<Group>,
    list: Vec<Mark>,
    /// Places in `list` by the key of the word or stem.
    words: Places,
    stems: Places,
}

type Places = HashMap<u64, usize, BuildHasherDefault<Hashed>>;

/// Keys are hashes already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 ^= key;
    }
}

static MARKS: LazyLock<Marks> = LazyLock::new(|| Marks::read(include_str!("../data/close.txt")));

impl Marks {
    fn read(list: &str) -> Self {
        let mut marks = Self::default();
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            if let Some((bits, tags)) = line.strip_prefix("group ").and_then(|line| line.split_once(' ')) {
                let bits = bits.parse().unwrap_or_default();
                marks.groups.push(Group { languages: languages(tags), bits });
                continue;
            }
            let (Some((tags, words)), Some(group)) = (line.split_once(": "), marks.groups.last()) else {
                continue;
            };
            let (against, bits) = (group.languages.without(languages(tags)), group.bits);
            for word in words.split(' ') {
                let place = marks.list.len();
                marks.list.push(Mark { group: marks.groups.len() - 1, against, bits });
                match word.strip_suffix('*') {
                    Some(stem) => marks.stems.insert(key(stem.chars()), place),
                    None => marks.words.insert(key(word.chars()), place),
                };
            }
        }
        marks
    }

    /// The marks that a word bears.
    fn of(&self, word: &[char]) -> impl Iterator<Item = (usize, &Mark)> {
        let head = word.iter().take(LONGEST_STEM).scan(Key::CLOSE, |key, letter| {
            *key = key.then(*letter);
            Some(*key)
        });
        let stems = head.skip(SHORTEST_STEM - 1).filter_map(|key| self.stems.get(&key.number()));
        let whole = self.words.get(&key(word.iter().copied()));
        stems.chain(whole).filter_map(|place| Some((*place, self.list.get(*place)?)))
    }
}

fn languages(tags: &str) -> Languages {
    let mut set = Languages::default();
    tags.split(' ').filter_map(|tag| MODEL.language(tag)).for_each(|language| set.insert(language));
    set
}

fn key(letters: impl Iterator<Item = char>) -> u64 {
    letters.fold(Key::CLOSE, Key::then).number()
}

/// The group that two languages are in.
pub(crate) fn group(one: u8, other: u8) -> Option<usize> {
    MARKS.groups.iter().position(|group| group.languages.has(one) && group.languages.has(other))
}

/// Takes from the languages of a group what the words speak against them. `met` counts what was met in all windows.
pub(crate) fn weigh(group: usize, word: &[char], scores: &mut Scores, met: &mut Vec<u8>) {
    met.resize(MARKS.list.len(), 0);
    for (place, mark) in MARKS.of(word).filter(|(_, mark)| mark.group == group) {
        let Some(times) = met.get_mut(place).filter(|times| **times < TIMES) else { continue };
        *times += 1;
        for language in mark.against.iter() {
            scores.add(language, -mark.bits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn against(word: &str) -> Vec<&'static str> {
        let letters: Vec<char> = word.chars().collect();
        MARKS
            .of(&letters)
            .flat_map(|(_, mark)| mark.against.iter())
            .map(|language| MODEL.tag(language))
            .collect()
    }

    #[test]
    fn words_and_stems_speak_against_what_lacks_them() {
        assert_eq!(against("vrijeme"), ["sr"]);
        assert_eq!(against("vremenom"), ["bs", "hr"]);
        assert_eq!(against("kerana"), ["id"]);
        assert_eq!(against("ikkje"), ["da", "nb"]);
        assert_eq!(against("maison"), [""; 0]);
    }

    #[test]
    fn the_list_is_read_whole() {
        let words = include_str!("../data/close.txt");
        for line in words.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (tags, words) = line.split_once(": ").unwrap_or((line, ""));
            for tag in tags.split(' ').filter(|tag| tag.len() == 2 && tag.parse::<i32>().is_err()) {
                assert!(MODEL.language(tag).is_some(), "{line}");
            }
            for stem in words.split(' ').filter_map(|word| word.strip_suffix('*')) {
                let length = stem.chars().count();
                assert!((SHORTEST_STEM..=LONGEST_STEM).contains(&length), "{stem}");
            }
        }
        assert_eq!(MARKS.groups.len(), 5);
    }
}
