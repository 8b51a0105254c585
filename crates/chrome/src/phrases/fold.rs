//! Classes and simple lower case of characters, by table, and the hash of a folded word.

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

    /// One bit a class, to note which classes a word has.
    #[inline]
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Bits of the classes words are made of.
const WORD: u8 = Class::Lower.bit() | Class::Upper.bit() | Class::Digit.bit();

/// What a byte is, if it is a character: the bit of its class, and its lower case.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Byte {
    pub(crate) class: u8,
    pub(crate) folded: u8,
}

impl Byte {
    /// Words are made of it. Of a byte that is a part of a character: no.
    #[inline(always)]
    pub(crate) const fn is_word(self) -> bool {
        self.class & WORD != 0
    }
}

/// Covers every alphabet in use, kana and CJK punctuation; above are ideographs, Hangul and rare scripts.
const TABLE: usize = 0x3100;

/// The table: class and lower case of the characters below U+3100.
#[derive(Debug)]
pub(crate) struct Folding {
    table: Box<[(Class, u16)]>,
    bytes: [Byte; 256],
}

impl Folding {
    pub(crate) fn new() -> Self {
        let table: Box<[_]> = (0..TABLE as u32)
            .map(|code| {
                let character = char::from_u32(code).unwrap_or(' ');
                let mut lower = character.to_lowercase();
                let folded = match (lower.next(), lower.next()) {
                    (Some(one), None) if (one as usize) < 0x1_0000 => one as u16,
                    _ => code as u16,
                };
                (classify(character), folded)
            })
            .collect();
        let mut bytes = [Byte::default(); 256];
        for (slot, &(class, folded)) in bytes.iter_mut().zip(&table).take(128) {
            *slot = Byte { class: class.bit(), folded: folded as u8 };
        }
        Self { table, bytes }
    }

    /// Class and lower case of an ASCII character; of another byte, neither.
    #[inline(always)]
    pub(crate) fn byte(&self, byte: u8) -> Byte {
        self.bytes.get(usize::from(byte)).copied().unwrap_or_default()
    }

    /// Class and lower case of a character.
    #[inline]
    pub(crate) fn of(&self, character: char) -> (Class, u32) {
        match self.table.get(character as usize) {
            Some(&(class, folded)) => (class, u32::from(folded)),
            None => (classify(character), character as u32),
        }
    }
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

/// Hash of a folded word, or of a chain of words.
///
/// While a word is read its hash is only turned and mixed in, two cycles a letter; it is multiplied once, when the word
/// ends. FNV-1a would make every letter wait for a multiplication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WordHash(pub(crate) u64);

/// Stands for every number.
pub(crate) const NUMBER: WordHash = WordHash::START.push('0' as u32).end();

impl WordHash {
    /// Before the first letter.
    pub(crate) const START: Self = Self(0x9E37_79B9_7F4A_7C15);

    /// With one more letter.
    #[inline]
    pub(crate) const fn push(self, folded: u32) -> Self {
        Self(self.0.rotate_left(9) ^ folded as u64)
    }

    /// When the word is whole.
    #[inline]
    pub(crate) const fn end(self) -> Self {
        let mixed = (self.0 ^ (self.0 >> 31)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        Self(mixed ^ (mixed >> 32))
    }

    /// The chain with one more whole word.
    #[inline]
    pub(crate) const fn then(self, word: Self) -> Self {
        let mixed = (self.0.rotate_left(23) ^ word.0).wrapping_mul(0xA24B_AED4_963E_E407);
        Self(mixed ^ (mixed >> 29))
    }
}
