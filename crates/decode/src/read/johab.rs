//! Johab (KS X 1001 annex 3): Korean syllables spelled by their parts.
//!
//! Two bytes carry a 1 bit and three groups of 5 bits: initial, vowel, final. What is no syllable is a KS X 1001 character,
//! moved by arithmetic, and read through EUC-KR.

/// The codes of a group that is empty.
const INITIAL_FILL: u16 = 1;
const VOWEL_FILL: u16 = 2;
const FINAL_FILL: u16 = 1;

/// Letters on their own, in the order of the initials' and the finals' codes.
const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// See [`super::next_character`].
pub(super) fn next_character(raw: &[u8]) -> (usize, Option<char>) {
    let (Some(&lead), Some(&trail)) = (raw.first(), raw.get(1)) else { return (1, None) };
    let read = match lead {
        0x84..=0xd3 => syllable(u16::from_be_bytes([lead, trail])),
        0xd9..=0xde | 0xe0..=0xf9 => ksx1001(lead, trail),
        _ => None,
    };
    match read {
        Some(c) => (2, Some(c)),
        None if trail.is_ascii() => (1, None),
        None => (2, None),
    }
}

fn syllable(code: u16) -> Option<char> {
    let (initial, vowel, tail) = (code >> 10 & 31, code >> 5 & 31, code & 31);
    match (initial, vowel, tail) {
        (INITIAL_FILL, VOWEL_FILL, FINAL_FILL) => Some('\u{3164}'),
        (INITIAL_FILL, _, FINAL_FILL) => char::from_u32(0x314f + u32::from(vowel_index(vowel)?)),
        (INITIAL_FILL, VOWEL_FILL, _) => FINALS.chars().nth(usize::from(final_index(tail)?.checked_sub(1)?)),
        (_, VOWEL_FILL, FINAL_FILL) => INITIALS.chars().nth(usize::from(initial.checked_sub(2)?)),
        _ => {
            let initial = initial.checked_sub(2).filter(|&index| index < 19)?;
            let (vowel, tail) = (vowel_index(vowel)?, final_index(tail)?);
            char::from_u32(0xac00 + (u32::from(initial) * 21 + u32::from(vowel)) * 28 + u32::from(tail))
        }
    }
}

fn vowel_index(code: u16) -> Option<u16> {
    match code {
        3..=7 => Some(code - 3),
        10..=15 => Some(code - 5),
        18..=23 => Some(code - 7),
        26..=29 => Some(code - 9),
        _ => None,
    }
}

fn final_index(code: u16) -> Option<u16> {
    match code {
        FINAL_FILL => Some(0),
        2..=17 => Some(code - 1),
        19..=29 => Some(code - 2),
        _ => None,
    }
}

fn ksx1001(lead: u8, trail: u8) -> Option<char> {
    let column = match trail {
        0x31..=0x7e => u16::from(trail) - 0x31,
        0x91..=0xfe => u16::from(trail) - 0x43,
        _ => return None,
    };
    let lead = u16::from(lead);
    let row = if lead < 0xe0 { 2 * (lead - 0xd9) } else { 2 * lead - 0x197 };
    let (row, column) = if column < 94 { (row, column) } else { (row + 1, column - 94) };
    let bytes = [u8::try_from(row + 0xa1).ok()?, u8::try_from(column + 0xa1).ok()?];
    let text = encoding_rs::EUC_KR.decode_without_bom_handling_and_without_replacement(&bytes)?;
    text.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_signs_and_ideographs() {
        for (bytes, read) in [
            ([0x88, 0x61], Some('가')),
            ([0xd3, 0xbd], Some('힣')),
            ([0x88, 0x41], Some('ㄱ')),
            ([0x84, 0x61], Some('ㅏ')),
            ([0x84, 0x42], Some('ㄱ')),
            ([0xd9, 0x31], Some('\u{3000}')),
            ([0xe0, 0x31], Some('伽')),
            ([0x84, 0x40], None),
        ] {
            assert_eq!(next_character(&bytes).1, read, "{bytes:x?}");
        }
    }
}
