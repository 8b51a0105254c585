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
    /// By code point.
    parts: Vec<Parts>,
}

/// The routes in which a character may be the first byte of a sequence, and those in which it may be another one, a bit
/// each.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    first: u16,
    other: u16,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        routes: Vec::new(),
        index: vec![0; LAST + 1],
        bytes: vec![[0; ROUTES]],
        parts: vec![Parts::default(); LAST + 1],
    };
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
        if let Some(parts) = self.parts.get_mut(c as usize) {
            parts.first |= u16::from(matches!(byte, 0xc2..=0xf4)) << place;
            parts.other |= u16::from(matches!(byte, 0x80..=0xbf)) << place;
        }
    }

    fn parts(&self, code: u32) -> Parts {
        // What was lost may have been anything.
        let lost = Parts { first: 0, other: u16::MAX };
        let rare = if code == u32::from(char::REPLACEMENT_CHARACTER) { lost } else { Parts::default() };
        self.parts.get(code as usize).copied().unwrap_or(rare)
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
        match suspect_nearby(text, start) {
            Ok(found) => return Some(found),
            Err(end) => at = end,
        }
    }
}

/// The same from `start` on, up to a longer stretch of ASCII; where that ends, if there is none. In scripts without ASCII
/// letters all characters have neighbours: they are looked at one after the other, with a table of what may be neighbours
/// in which route.
fn suspect_nearby(text: &str, start: usize) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let (mut at, mut plain) = (start, 0);
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            at += 1;
            plain += 1;
            if plain == BLOCK {
                return Err(at);
            }
            continue;
        }
        plain = 0;
        let (mut code, mut next) = code_at(bytes, at);
        // Characters beyond ASCII, one after the other.
        let mut run = 0;
        loop {
            run += 1;
            if matches!(code, 0x80..=0x9f) {
                return Ok(at);
            }
            match bytes.get(next) {
                None => return Err(next),
                Some(0x80..) => {}
                Some(b' ') if code == u32::from('Ã') => return Ok(at),
                Some(_) => break,
            }
            let (second, after) = code_at(bytes, next);
            if TABLE.parts(code).first & TABLE.parts(second).other != 0 && is_sequence(text, at) {
                return Ok(at);
            }
            (at, code, next) = (next, second, after);
        }
        at = next;
        // An accent and a quotation mark: in Latin script the search for neighbours is faster.
        if run < LONG_RUN {
            return Err(at);
        }
    }
    Err(at)
}

/// So many characters beyond ASCII in a row are of another script.
const LONG_RUN: usize = 3;

/// Some route reads a sequence here.
#[cold]
fn is_sequence(text: &str, at: usize) -> bool {
    let mut characters = text.get(at..).unwrap_or_default().chars();
    let next: [Option<char>; 6] = std::array::from_fn(|_| characters.next());
    let suspect =
        |route: &Route| route.sequence_of(|offset| next.get(offset).copied().flatten(), false).is_some();
    TABLE.routes.iter().any(suspect)
}

/// The code point of the character at `at`, and where the next one starts. The bytes are UTF-8.
#[inline]
fn code_at(bytes: &[u8], at: usize) -> (u32, usize) {
    let byte = |at: usize| bytes.get(at).map_or(0, |&byte| u32::from(byte));
    let rest = |at: usize| byte(at) & 0x3f;
    match byte(at) {
        one @ ..0x80 => (one, at + 1),
        one @ ..0xe0 => ((one & 0x1f) << 6 | rest(at + 1), at + 2),
        one @ ..0xf0 => ((one & 0xf) << 12 | rest(at + 1) << 6 | rest(at + 2), at + 3),
        one => ((one & 7) << 18 | rest(at + 1) << 12 | rest(at + 2) << 6 | rest(at + 3), at + 4),
    }
}

/// The routes, a bit each, that may read a sequence of two characters and more, or the first of them before a space.
pub(super) fn possible(first: char, second: char) -> u16 {
    let first = TABLE.parts(u32::from(first)).first;
    if second == ' ' { first } else { first & TABLE.parts(u32::from(second)).other }
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

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_laws::proptest::prelude::*;

    /// As [`first_suspect`], character by character and route by route.
    fn plainly(text: &str) -> Option<usize> {
        text.char_indices().map(|(at, _)| at).find(|&at| {
            let mut characters = text.get(at..).unwrap_or_default().chars();
            match (characters.next(), characters.next()) {
                (Some('\u{80}'..='\u{9f}'), _) | (Some('Ã'), Some(' ')) => true,
                (Some(first), Some(second)) if !first.is_ascii() && !second.is_ascii() => {
                    is_sequence(text, at)
                }
                _ => false,
            }
        })
    }

    proptest! {
        #[test]
        fn suspects_are_found_where_they_are(
            text in "(café |Ã©|Ã | Ð²|â€™|её|сБЏЉ|ΞΎ|É\u{85}|\u{81}|ï¿½|Â\u{fffd}|“ré”|日本|[a-z ]{0,70}|[а-яА-ЯёЁΆ-ώ«»]{0,9}){0,9}"
        ) {
            prop_assert_eq!(first_suspect(&text), plainly(&text));
        }

        #[test]
        fn possible_routes_are_all_that_read_something(
            text in "[ÃÂâ€™©«»Ѓё ЂА-яΆ-ώ\u{fffd}a \u{a0}š]{2,6}", spaces in any::<bool>()
        ) {
            let units: Vec<Unit> = text.chars().map(|c| Unit { c, start: 0, end: 0, changed: false }).collect();
            for route in all() {
                let read = route.sequence(&units, 0, spaces).is_some();
                prop_assert!(!read || possible(units[0].c, units[1].c) >> route.place & 1 == 1, "{:?}", route);
            }
        }
    }
}
