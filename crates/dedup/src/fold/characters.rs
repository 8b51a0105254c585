//! What one character folds to.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The bytes of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folded<const ROOM: usize> {
    /// Bytes used; 0 for a separator, [`SKIPPED`] for what neither counts nor divides. With [`ALONE`] they are a word.
    pub(super) len: u8,
    /// The first of a separator is a space.
    pub(super) bytes: [u8; ROOM],
}

pub(super) const SKIPPED: u8 = u8::MAX;
/// Set in the length of letters of scripts without spaces.
pub(super) const ALONE: u8 = 0x40;

impl<const ROOM: usize> Folded<ROOM> {
    pub(super) const SEPARATOR: Self = Self { len: 0, bytes: [b' '; ROOM] };

    /// What a character that is no word folds to.
    fn of(character: char) -> Self {
        let mut letters = Vec::new();
        let mut folded = Self::SEPARATOR;
        folded.len = fold_character(character, &mut letters);
        debug_assert!(folded.len == SKIPPED || letters.len() <= ROOM, "{character:?}");
        for (place, letter) in folded.bytes.iter_mut().zip(&letters) {
            *place = *letter;
        }
        folded
    }
}

/// Characters of two UTF-8 bytes by code point: Latin, Greek, Cyrillic, Hebrew, Arabic. The first 128 are not used.
pub(super) static TWO_BYTES: LazyLock<Box<[Folded<7>]>> = LazyLock::new(|| {
    (0..0x800).map(|code| char::from_u32(code).map_or(Folded::SEPARATOR, Folded::of)).collect()
});

/// What a stop folds to, in one number: the letters, and above them how many there are and what they do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop(u64);

impl Stop {
    /// It ends a word.
    const ENDS: u64 = 1 << 59;
    /// Its letters take more room than the character did.
    const LONG: u64 = 1 << 60;
    pub(super) const SEPARATOR: Self = Self(Self::ENDS | b' ' as u64);

    fn of(folded: Folded<7>) -> Self {
        let letters =
            folded.bytes.iter().rev().fold(0, |letters, letter| (letters << 8) | u64::from(*letter));
        match folded.len {
            0 => Self::SEPARATOR,
            SKIPPED => Self(0),
            len @ ..3 => Self(letters | (u64::from(len) << 56)),
            _ => Self(Self::LONG),
        }
    }

    /// The letters, and some bytes more; the first of a separator is a space, which ends the word that is open.
    #[inline]
    pub(super) const fn bytes(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }

    /// How many letters there are.
    #[inline]
    pub(super) const fn len(self) -> u64 {
        (self.0 >> 56) & 7
    }

    /// 1 where it ends a word, else 0.
    #[inline]
    pub(super) const fn ends(self) -> u64 {
        (self.0 >> 59) & 1
    }

    #[inline]
    pub(super) const fn is_long(self) -> bool {
        self.0 & Self::LONG != 0
    }
}

/// The same as [`TWO_BYTES`], and separators for ASCII: letters and digits are no stops.
pub(super) static STOPS: LazyLock<Box<[Stop; 0x800]>> = LazyLock::new(|| {
    let mut stops = Box::new([Stop::SEPARATOR; 0x800]);
    for (stop, folded) in stops.iter_mut().zip(&**TWO_BYTES).skip(0x80) {
        *stop = Stop::of(*folded);
    }
    stops
});

/// Whether these bytes are a character from U+2010 to U+202F: dashes, curly quotes and narrow spaces, most of what French
/// text has of three bytes. All of them divide.
#[inline]
pub(super) const fn is_mark([lead, second, third]: [u8; 3]) -> bool {
    lead == 0xE2 && second == 0x80 && third.wrapping_sub(0x90) < 0x20
}

/// Appends what a character folds to, and tells how many bytes that is; see [`Folded::len`].
pub(super) fn fold_character(character: char, letters: &mut Vec<u8>) -> u8 {
    if is_skipped(character) {
        return SKIPPED;
    }
    if is_alone(character) {
        letters.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        return letters.len() as u8 | ALONE;
    }
    let mut alone = 0;
    decompose_compatible(character, |part| {
        if is_alone(part) {
            alone = ALONE;
        }
        push_lower(part, letters);
    });
    // Nothing folds to more than 33 bytes.
    if letters.is_empty() { 0 } else { (letters.len() as u8 & (ALONE - 1)) | alone }
}

/// Appends what a decomposed character counts for: lower case, letters and digits only.
fn push_lower(part: char, out: &mut Vec<u8>) {
    if is_skipped(part) || !part.is_alphanumeric() {
        return;
    }
    let spelt = match part {
        'ß' | 'ẞ' => "ss",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' => "d",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        _ => {
            let mut buffer = [0; 4];
            for lower in part.to_lowercase().filter(|lower| !is_skipped(*lower)) {
                out.extend_from_slice(lower.encode_utf8(&mut buffer).as_bytes());
            }
            return;
        }
    };
    out.extend_from_slice(spelt.as_bytes());
}

/// Characters that neither count nor divide: accents, soft hyphens, joiners, direction marks.
fn is_skipped(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
        || is_combining_mark(character)
}

/// The letters of a Hangul syllable, and how many bytes they are: what [`fold_character`] finds, by the arithmetic of
/// [the Unicode Standard](https://www.unicode.org/versions/latest/core-spec/chapter-3/), section 3.12.
pub(super) fn syllable(character: char) -> Option<([u8; 9], usize)> {
    let index = u32::from(character).checked_sub(0xAC00).filter(|index| *index < 11_172)?;
    let (first, vowel, last) = (0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28);
    let mut letters = [0; 9];
    for (places, code) in letters.as_chunks_mut::<3>().0.iter_mut().zip([first, vowel, last]) {
        *places = [0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8];
    }
    Some((letters, if last == 0x11A7 { 6 } else { 9 }))
}

/// What a character is to the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A part of a word.
    Letter,
    /// A word of its own.
    Word,
    /// Neither a part nor an end.
    Skipped,
    /// The end of a word.
    Divider,
}

/// What folding takes a character for.
pub(crate) fn kind(character: char) -> Kind {
    if let Some(folded) = TWO_BYTES.get(character as usize) {
        return match folded.len {
            SKIPPED => Kind::Skipped,
            0 => Kind::Divider,
            _ => Kind::Letter,
        };
    }
    if matches!(character, '\u{2010}'..='\u{202F}' | '\u{3000}'..='\u{3003}') {
        return Kind::Divider;
    }
    match fold_character(character, &mut Vec::new()) {
        SKIPPED => Kind::Skipped,
        0 => Kind::Divider,
        kind if kind & ALONE != 0 => Kind::Word,
        _ => Kind::Letter,
    }
}

/// Letters of scripts without spaces between words.
fn is_alone(character: char) -> bool {
    matches!(character,
        '\u{0E01}'..='\u{0E30}' | '\u{0E40}'..='\u{0E46}' | '\u{0E80}'..='\u{0EB0}' | '\u{0EC0}'..='\u{0EC6}'
        | '\u{1000}'..='\u{1021}' | '\u{1780}'..='\u{17B3}'
        | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}
