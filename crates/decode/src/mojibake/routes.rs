//! The encodings that UTF-8 is most often misread in, and the sequences that give them away.

#![expect(clippy::needless_bitwise_bool, reason = "without branches, so that blocks become vector code")]

use std::sync::LazyLock;

use tamis_core::Rule;

use super::Unit;
use crate::charset::single_byte;
use crate::letters::Cost;
use crate::rules;

/// One misreading.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) rule: &'static Rule,
    /// What a line must save beyond the usual, in tenths of a bit.
    pub(super) rarity: Cost,
    /// Its place among the routes.
    pub(super) place: usize,
}

/// The byte that a character is in each route; 0 where it has none.
type Bytes = [u8; ROUTES];
const ROUTES: usize = 12;

static LABELS: [(&str, Cost, &Rule); ROUTES] = [
    ("windows-1252", 0, &rules::MOJIBAKE_WINDOWS_1252),
    ("macintosh", 30, &rules::MOJIBAKE_MACINTOSH),
    ("ibm437", 30, &rules::MOJIBAKE_IBM437),
    ("ibm850", 30, &rules::MOJIBAKE_IBM850),
    ("windows-1250", 20, &rules::MOJIBAKE_WINDOWS_1250),
    ("windows-1251", 20, &rules::MOJIBAKE_WINDOWS_1251),
    ("windows-1254", 20, &rules::MOJIBAKE_WINDOWS_1254),
    ("windows-1253", 60, &rules::MOJIBAKE_WINDOWS_1253),
    ("windows-1257", 60, &rules::MOJIBAKE_WINDOWS_1257),
    ("iso-8859-2", 60, &rules::MOJIBAKE_ISO_8859_2),
    ("ibm852", 60, &rules::MOJIBAKE_IBM852),
    ("x-mac-cyrillic", 80, &rules::MOJIBAKE_MAC_CYRILLIC),
];

/// Characters beyond this are in none of the encodings but U+FB01, U+FB02 and U+F8FF.
const LAST: usize = 0x25ff;

struct Table {
    routes: Vec<Route>,
    /// By code point, the place in `bytes`, 0 for none.
    index: Vec<u16>,
    bytes: Vec<Bytes>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { routes: Vec::new(), index: vec![0; LAST + 1], bytes: vec![[0; ROUTES]] };
    for (place, &(label, rarity, rule)) in LABELS.iter().enumerate() {
        table.routes.push(Route { rule, rarity, place });
        let Some(page) = single_byte(label) else { continue };
        for byte in 0x80..=0xff_u8 {
            table.set(page.read(byte), place, byte);
            // Bytes that a Windows encoding leaves empty are read as controls; so are all of them by who means ISO 8859-1.
            if byte < 0xa0 && label.starts_with("windows") {
                table.set(char::from(byte), place, byte);
            }
        }
    }
    table
});

impl Table {
    fn set(&mut self, c: char, place: usize, byte: u8) {
        let Some(slot) = self.index.get_mut(c as usize) else { return };
        if *slot == 0 {
            *slot = self.bytes.len() as u16;
            self.bytes.push([0; ROUTES]);
        }
        if let Some(byte_of) = self.bytes.get_mut(usize::from(*slot)).and_then(|bytes| bytes.get_mut(place)) {
            *byte_of = byte;
        }
    }

    fn bytes(&self, c: char) -> &Bytes {
        let slot = self.index.get(c as usize).copied().unwrap_or_default();
        self.bytes.get(usize::from(slot)).unwrap_or(&[0; ROUTES])
    }
}

pub(super) fn all() -> &'static [Route] {
    &TABLE.routes
}

impl Route {
    fn byte(&self, c: char) -> u8 {
        TABLE.bytes(c).get(self.place).copied().unwrap_or_default()
    }

    /// The misread character that starts at `at`: how many units it takes, and what it is. A character that was lost on the
    /// way (U+FFFD) stays lost, without its remains. With `spaces`, a plain space stands for the rest of a no-break
    /// space, and nothing else counts.
    pub(super) fn sequence(&self, units: &[Unit], at: usize, spaces: bool) -> Option<(usize, char)> {
        let character = |offset: usize| units.get(at + offset).map(|unit| unit.c);
        let first = character(0)?;
        if self.byte(first) == 0xc3 && character(1) == Some(' ') {
            // `à` before a space: the space that follows the letter, or the rest of the letter itself before another one.
            let is_lower = |at: Option<usize>| {
                at.and_then(|at| units.get(at)).is_some_and(|unit| unit.c.is_ascii_lowercase())
            };
            let doubled = character(2) == Some(' ');
            return (spaces || is_lower(at.checked_sub(1))).then_some((if doubled { 2 } else { 1 }, 'à'));
        }
        self.sequence_of(character, spaces)
    }

    fn sequence_of(&self, character: impl Fn(usize) -> Option<char>, spaces: bool) -> Option<(usize, char)> {
        let lead = self.byte(character(0)?);
        let len = match lead {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return None,
        };
        let mut bytes = [lead, 0, 0, 0];
        let (mut lost, mut spaced) = (false, false);
        for (offset, slot) in bytes.iter_mut().enumerate().take(len).skip(1) {
            let c = character(offset)?;
            if c == char::REPLACEMENT_CHARACTER {
                lost = true;
                continue;
            }
            let is_space = spaces && c == ' ' && lead > 0xc3;
            spaced |= is_space;
            *slot = if is_space { 0xa0 } else { self.byte(c) };
            if !matches!(*slot, 0x80..=0xbf) {
                return None;
            }
        }
        if spaces && !spaced {
            return None;
        }
        if lost {
            return Some((len, char::REPLACEMENT_CHARACTER));
        }
        if let [0xed, 0xa0..=0xaf, ..] = bytes {
            return self.surrogates(character).map(|c| (6, c));
        }
        let c = std::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()?;
        is_wanted(c).then_some((len, c))
    }

    /// A character beyond U+FFFF whose surrogates were encoded one by one.
    fn surrogates(&self, character: impl Fn(usize) -> Option<char>) -> Option<char> {
        let half = |offset: usize| {
            let byte = |at: usize| character(at).map(|c| u32::from(self.byte(c)));
            let (lead, middle, last) = (byte(offset)?, byte(offset + 1)?, byte(offset + 2)?);
            (lead == 0xed && middle & 0xc0 == 0x80 && last & 0xc0 == 0x80)
                .then_some(0xd000 | (middle & 0x3f) << 6 | last & 0x3f)
        };
        let (high @ 0xd800..=0xdbff, low @ 0xdc00..=0xdfff) = (half(0)?, half(3)?) else { return None };
        char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }
}

/// Characters that texts have. Others come of chance.
fn is_wanted(c: char) -> bool {
    matches!(
        c,
        '\u{80}'..='\u{24f}' | '\u{2b0}'..='\u{2ff}' | '\u{300}'..='\u{36f}' | '\u{370}'..='\u{52f}' | '\u{5b0}'..='\u{6ff}' | '\u{900}'..='\u{e7f}'
        | '\u{1e00}'..='\u{1fff}' | '\u{200b}'..='\u{2027}' | '\u{202f}'..='\u{203a}' | '\u{20a0}'..='\u{20bf}' | '\u{2100}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f000}'..='\u{f8ff}' | '\u{fb00}'..='\u{fb4f}' | '\u{fe0f}' | '\u{feff}' | '\u{ff01}'..='\u{ffee}' | '\u{1f000}'..='\u{1faff}' | '\u{fffd}'
    )
}

/// Where the first character stands that may be mojibake: it and the next one are beyond ASCII, and some route makes a
/// character of them; or it is one of the controls that no text has.
pub(super) fn first_suspect(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += next_neighbours(bytes.get(at..)?)?;
        // `at` is the last byte of the first of the two characters, or the first of a control.
        let start = (at.saturating_sub(3)..=at).rev().find(|&at| text.is_char_boundary(at))?;
        let mut characters = text.get(start..)?.chars();
        let next: [Option<char>; 6] = std::array::from_fn(|_| characters.next());
        let suspect =
            |route: &Route| route.sequence_of(|offset| next.get(offset).copied().flatten(), false).is_some();
        match next {
            [Some('\u{80}'..='\u{9f}'), ..] => return Some(start),
            [Some(first), Some(second), ..]
                if may_lead(first) && may_follow(second) && TABLE.routes.iter().any(suspect) =>
            {
                return Some(start);
            }
            [Some('Ã'), Some(' '), ..] => return Some(start),
            _ => {}
        }
        at += 1;
    }
}

/// Some route has a lead byte in the character's place.
pub(super) fn may_lead(c: char) -> bool {
    TABLE.bytes(c).iter().any(|&byte| byte >= 0xc2)
}

fn may_follow(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || TABLE.bytes(c).iter().any(|byte| matches!(byte, 0x80..=0xbf))
}

const BLOCK: usize = 32;

/// The offset of the first byte that ends a character beyond ASCII and stands before another one, or before a space if the
/// character is `Ã`, or that starts a control character.
fn next_neighbours(bytes: &[u8]) -> Option<usize> {
    let found = |&byte: &u8, &next: &u8| {
        ((byte & 0xc0) == 0x80) & (next >= 0xc0)
            | (byte == 0xc2) & (next < 0xa0)
            | (byte == 0x83) & (next == b' ')
    };
    let mut at = 0;
    while let Some(block) = bytes.get(at..at + BLOCK)
        && let Some(shifted) = bytes.get(at + 1..=at + BLOCK)
    {
        let mut any = false;
        for (byte, next) in block.iter().zip(shifted) {
            any |= found(byte, next);
        }
        if any {
            break;
        }
        at += BLOCK;
    }
    let rest = bytes.get(at..)?;
    rest.iter().zip(rest.iter().skip(1)).position(|(byte, next)| found(byte, next)).map(|offset| at + offset)
}
