//! Classes and simple lower case of characters, by table.

use std::sync::OnceLock;

/// What a character is to a reader of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    /// Punctuation, symbols, controls.
    Other,
    /// White space.
    Space,
    /// A letter without capitals, or a small one.
    Lower,
    /// A capital letter.
    Upper,
    /// A digit.
    Digit,
    /// A character of a script that is written without spaces.
    Ideograph,
    /// A combining mark or a sign inside words (vowel signs, soft hyphen, joiners).
    Mark,
}

impl Class {
    /// Words are made of it.
    #[inline]
    pub(crate) const fn is_word(self) -> bool {
        matches!(self, Self::Lower | Self::Upper | Self::Digit)
    }
}

/// The alphabets that most texts are in, up to Hebrew: their characters are in a table from the start.
const TABLE: usize = 0x600;
/// Every other alphabet in use, kana and CJK punctuation are tabled by blocks, each when a text first has a character of
/// it: all at once they cost every run a millisecond. Above are ideographs, Hangul and rare scripts.
const BLOCKS: usize = 0x3100 / BLOCK;
const BLOCK: usize = 0x100;

type Entry = (Class, u16);

/// The table: class and lower case of the characters below U+3100.
#[derive(Debug)]
pub(crate) struct Folding {
    table: Box<[Entry; TABLE]>,
    blocks: Box<[OnceLock<Box<[Entry; BLOCK]>>; BLOCKS]>,
}

impl Folding {
    pub(crate) fn new() -> Self {
        Self {
            table: Box::new(std::array::from_fn(|code| entry(code as u32))),
            blocks: Box::new([const { OnceLock::new() }; BLOCKS]),
        }
    }

    /// Class and lower case of a character.
    #[inline]
    pub(crate) fn of(&self, character: char) -> (Class, u32) {
        self.of_code(u32::from(character))
    }

    /// The same by its code point.
    #[inline]
    pub(crate) fn of_code(&self, code: u32) -> (Class, u32) {
        match self.table.get(code as usize) {
            Some(&(class, folded)) => (class, u32::from(folded)),
            None => self.of_block(code),
        }
    }

    /// The same beyond the table.
    fn of_block(&self, code: u32) -> (Class, u32) {
        // What Chinese and Korean are written in, without a search.
        match code {
            0x4E00..=0x9FFF => return (Class::Ideograph, code),
            0xAC00..=0xD7A3 => return (Class::Lower, code),
            _ => {}
        }
        let (block, place) = (code as usize / BLOCK, code as usize % BLOCK);
        let read = || Box::new(std::array::from_fn(|place| entry((block * BLOCK + place) as u32)));
        match self.blocks.get(block).and_then(|block| block.get_or_init(read).get(place)) {
            Some(&(class, folded)) => (class, u32::from(folded)),
            None => (classify(char::from_u32(code).unwrap_or(' ')), code),
        }
    }
}

/// What a table has of a character below U+10000.
fn entry(code: u32) -> Entry {
    let character = char::from_u32(code).unwrap_or(' ');
    let mut lower = character.to_lowercase();
    let folded = match (lower.next(), lower.next()) {
        (Some(one), None) if (one as usize) < 0x1_0000 => one as u16,
        _ => code as u16,
    };
    (classify(character), folded)
}

fn classify(character: char) -> Class {
    let code = character as u32;
    match code {
        0xAD
        | 0x300..=0x36F
        | 0x483..=0x489
        | 0x591..=0x5BD
        | 0x610..=0x61A
        | 0x64B..=0x65F
        | 0x900..=0x903
        | 0x93A..=0x94F
        | 0x962..=0x963
        | 0x981..=0x983
        | 0x9BC..=0x9CD
        | 0x200B..=0x200F
        | 0x2060
        | 0xFE00..=0xFE0F
        | 0xFEFF => return Class::Mark,
        0xE00..=0xEFF
        | 0x1000..=0x109F
        | 0x1780..=0x17FF
        | 0x3040..=0x30FF
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF
        | 0x2_0000..=0x3_FFFF => {
            return if code < 0x3000 && character.is_numeric() {
                Class::Digit
            } else if code == 0x30FB {
                Class::Other
            } else {
                Class::Ideograph
            };
        }
        // Hangul is beyond the table too, and by far the most frequent of what is.
        0xAC00..=0xD7A3 => return Class::Lower,
        _ => {}
    }
    if character.is_whitespace() {
        Class::Space
    } else if character.is_uppercase() {
        Class::Upper
    } else if character.is_alphabetic() {
        Class::Lower
    } else if character.is_numeric() {
        Class::Digit
    } else {
        Class::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_hold_what_is_worked_out() {
        let folding = Folding::new();
        for character in '\0'..='\u{ffff}' {
            let code = u32::from(character);
            let lower = if code < 0x3100 { entry(code).1.into() } else { code };
            assert_eq!(folding.of(character), (classify(character), lower), "{character:?}");
        }
    }
}
