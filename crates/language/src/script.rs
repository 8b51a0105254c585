//! Scripts of letters.
//!
//! Most scripts name one language or a handful; only the Latin one leaves a hundred. So the script is looked at first,
//! and n-grams are weighed only among the languages written in it. Ranges follow the Unicode Character Database
//! (Scripts.txt), joined where only unassigned characters or other scripts' marks lie between.

use std::sync::OnceLock;

/// A script, by its place in [`CODES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Script(u8);

/// How many scripts there are.
const SCRIPTS: usize = CODES.len();

const CODES: [&str; 35] = [
    "Latn", "Cyrl", "Arab", "Grek", "Hebr", "Hani", "Kana", "Hang", "Deva", "Beng", "Guru", "Gujr", "Orya",
    "Taml", "Telu", "Knda", "Mlym", "Sinh", "Thai", "Laoo", "Tibt", "Mymr", "Geor", "Ethi", "Cher", "Cans",
    "Khmr", "Mong", "Armn", "Syrc", "Thaa", "Nkoo", "Tfng", "Yiii", "Olck",
];

impl Script {
    pub(crate) const LATIN: Self = Self(0);
    pub(crate) const HAN: Self = Self(5);
    pub(crate) const KANA: Self = Self(6);
    pub(crate) const HANGUL: Self = Self(7);

    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..SCRIPTS as u8).map(Self)
    }

    /// The ISO 15924 code.
    pub(crate) fn code(self) -> &'static str {
        CODES.get(usize::from(self.0)).copied().unwrap_or("Zyyy")
    }

    /// The script of a letter or mark; `None` for what no listed script owns.
    fn of(letter: char) -> Option<Self> {
        let code = letter as u32;
        if code < 0x250 {
            return Some(Self::LATIN);
        }
        let after = RANGES.partition_point(|range| range.0 <= code);
        let range = RANGES.get(after.checked_sub(1)?)?;
        (code <= range.1).then_some(Self(range.2))
    }
}

/// A value for each script.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PerScript<T>([T; SCRIPTS]);

impl<T: Copy + Default> Default for PerScript<T> {
    fn default() -> Self {
        Self([T::default(); SCRIPTS])
    }
}

impl<T: Copy + Default> PerScript<T> {
    /// A script's value.
    pub(crate) fn get(&self, script: Script) -> T {
        self.0.get(usize::from(script.0)).copied().unwrap_or_default()
    }

    /// A script's value, to be changed.
    pub(crate) fn get_mut(&mut self, script: Script) -> Option<&mut T> {
        self.0.get_mut(usize::from(script.0))
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied()
    }
}

/// First, last, script. Ascending.
static RANGES: &[(u32, u32, u8)] = &[
    (0x250, 0x2af, 0),
    (0x370, 0x3ff, 3),
    (0x400, 0x52f, 1),
    (0x531, 0x58f, 28),
    (0x591, 0x5ff, 4),
    (0x600, 0x6ff, 2),
    (0x700, 0x74f, 29),
    (0x750, 0x77f, 2),
    (0x780, 0x7bf, 30),
    (0x7c0, 0x7ff, 31),
    (0x860, 0x8ff, 2),
    (0x900, 0x97f, 8),
    (0x980, 0x9ff, 9),
    (0xa00, 0xa7f, 10),
    (0xa80, 0xaff, 11),
    (0xb00, 0xb7f, 12),
    (0xb80, 0xbff, 13),
    (0xc00, 0xc7f, 14),
    (0xc80, 0xcff, 15),
    (0xd00, 0xd7f, 16),
    (0xd80, 0xdff, 17),
    (0xe00, 0xe7f, 18),
    (0xe80, 0xeff, 19),
    (0xf00, 0xfff, 20),
    (0x1000, 0x109f, 21),
    (0x10a0, 0x10ff, 22),
    (0x1100, 0x11ff, 7),
    (0x1200, 0x139f, 23),
    (0x13a0, 0x13ff, 24),
    (0x1400, 0x167f, 25),
    (0x1780, 0x17ff, 26),
    (0x1800, 0x18af, 27),
    (0x1c50, 0x1c7f, 34),
    (0x1c80, 0x1c8f, 1),
    (0x1c90, 0x1cbf, 22),
    (0x1e00, 0x1eff, 0),
    (0x1f00, 0x1fff, 3),
    (0x2c60, 0x2c7f, 0),
    (0x2d00, 0x2d2f, 22),
    (0x2d30, 0x2d7f, 32),
    (0x2d80, 0x2ddf, 23),
    (0x2de0, 0x2dff, 1),
    (0x3005, 0x3007, 5),
    (0x3041, 0x30ff, 6),
    (0x3131, 0x318f, 7),
    (0x31f0, 0x31ff, 6),
    (0x3400, 0x4dbf, 5),
    (0x4e00, 0x9fff, 5),
    (0xa000, 0xa4cf, 33),
    (0xa640, 0xa69f, 1),
    (0xa720, 0xa7ff, 0),
    (0xa8e0, 0xa8ff, 8),
    (0xa960, 0xa97f, 7),
    (0xa9e0, 0xa9ff, 21),
    (0xaa60, 0xaa7f, 21),
    (0xab00, 0xab2f, 23),
    (0xab30, 0xab6f, 0),
    (0xab70, 0xabbf, 24),
    (0xac00, 0xd7ff, 7),
    (0xf900, 0xfaff, 5),
    (0xfb00, 0xfb06, 0),
    (0xfb13, 0xfb17, 28),
    (0xfb1d, 0xfb4f, 4),
    (0xfb50, 0xfdff, 2),
    (0xfe70, 0xfefc, 2),
    (0xff21, 0xff5a, 0),
    (0xff66, 0xff9f, 6),
    (0x20000, 0x3ffff, 5),
];

/// What a character is to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A letter, or a mark on one, of a script.
    Letter(Script),
    /// A letter or mark of no script of ours: it goes with the letters around it.
    Neutral,
    /// No part of a word.
    Other,
}

impl Role {
    #[inline]
    pub(crate) fn of(character: char) -> Self {
        match character {
            'a'..='z' | 'A'..='Z' => Self::Letter(Script::LATIN),
            '\0'..='\x7f' => Self::Other,
            _ => match Self::kept(character) {
                Some(0) => Self::Other,
                Some(1) => Self::Neutral,
                Some(script) => Self::Letter(Script(script - 2)),
                None => Self::work_out(character),
            },
        }
    }

    /// The role as [`ROLES`] has it.
    fn kept(character: char) -> Option<u8> {
        let point = character as usize;
        let block = ROLES.get(point / BLOCK)?.get_or_init(|| Self::block(point / BLOCK * BLOCK));
        block.get(point % BLOCK).copied()
    }

    /// The roles of a block.
    #[cold]
    fn block(start: usize) -> Box<[u8; BLOCK]> {
        let role = |offset| match char::from_u32((start + offset) as u32).map(Self::work_out) {
            None | Some(Self::Other) => 0,
            Some(Self::Neutral) => 1,
            Some(Self::Letter(script)) => script.0 + 2,
        };
        Box::new(std::array::from_fn(role))
    }

    fn work_out(character: char) -> Self {
        if !is_word_character(character) {
            return Self::Other;
        }
        Script::of(character).map_or(Self::Neutral, Self::Letter)
    }
}

/// The roles of the Basic Multilingual Plane: 0 other, 1 neutral, else two more than the script. The searches in tables that
/// it spares were a sixth of all instructions on texts outside the Latin script. By blocks, worked out when a text first has
/// a character of theirs: all at once they cost each run 2 ms.
static ROLES: [OnceLock<Box<[u8; BLOCK]>>; 0x1_0000 / BLOCK] = [const { OnceLock::new() }; 0x1_0000 / BLOCK];
const BLOCK: usize = 256;

/// Whether `character` belongs to a word: a letter or a mark on one.
///
/// `char::is_alphabetic` lacks viramas, nuktas and other marks; without them words of Indic, Tibetan and Hebrew
/// scripts would fall apart.
fn is_word_character(character: char) -> bool {
    character.is_alphabetic() || is_mark(character)
}

/// Marks that `char::is_alphabetic` does not count (general category M without Other_Alphabetic).
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}'
        | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{730}'..='\u{74a}'
        | '\u{7eb}'..='\u{7f3}' | '\u{93c}' | '\u{94d}' | '\u{951}'..='\u{954}' | '\u{9bc}' | '\u{9cd}'
        | '\u{a3c}' | '\u{a4d}' | '\u{abc}' | '\u{acd}' | '\u{b3c}' | '\u{b4d}' | '\u{bcd}' | '\u{c4d}'
        | '\u{cbc}' | '\u{ccd}' | '\u{d4d}' | '\u{dca}' | '\u{e47}'..='\u{e4e}' | '\u{eba}'
        | '\u{ec8}'..='\u{ecd}' | '\u{f18}' | '\u{f19}' | '\u{f35}' | '\u{f37}' | '\u{f39}'
        | '\u{f3e}' | '\u{f3f}' | '\u{f82}'..='\u{f84}' | '\u{f86}' | '\u{f87}' | '\u{1037}' | '\u{1039}'
        | '\u{103a}' | '\u{17c9}'..='\u{17d3}' | '\u{1dc0}'..='\u{1dff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_ascend() {
        for (left, right) in RANGES.iter().zip(RANGES.iter().skip(1)) {
            assert!(left.0 <= left.1 && left.1 < right.0, "{left:x?} and {right:x?}");
        }
    }

    #[test]
    fn kept_roles_are_those_worked_out() {
        for character in '\0'..='\u{10ffff}' {
            assert_eq!(Role::of(character), Role::work_out(character), "{character:?}");
        }
    }

    #[test]
    fn letters_have_their_script() {
        let found = |letter| Script::of(letter).map_or("none", Script::code);
        let expected =
            [('é', "Latn"), ('ß', "Latn"), ('ж', "Cyrl"), ('ω', "Grek"), ('中', "Hani"), ('ひ', "Kana")];
        for (letter, code) in expected {
            assert_eq!(found(letter), code, "{letter}");
        }
        assert_eq!(found('€'), "none");
    }
}
