//! Finding the next byte that may need work.

#![expect(clippy::needless_bitwise_bool, reason = "without branches, so that blocks become vector code")]

use crate::options::Form;

const BLOCK: usize = 32;

/// The length of the clean start of `bytes`: printable ASCII with single spaces, and letters whose first byte says that they
/// are in normal form and nothing special. A byte may be clean and the next one prove that it was not (a space before a
/// line's end): callers look back.
pub(crate) fn clean_len(bytes: &[u8], form: Form) -> usize {
    let mut at = 0;
    // Whole blocks without a branch inside, which the compiler turns into vector code.
    while let Some(block) = bytes.get(at..at + BLOCK)
        && let Some(shifted) = bytes.get(at + 1..=at + BLOCK)
    {
        let dirty = if form == Form::Nfkc {
            any_dirty(block, shifted, is_dirty_nfkc)
        } else {
            any_dirty(block, shifted, is_dirty)
        };
        if dirty {
            break;
        }
        at += BLOCK;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let pairs = rest.iter().zip(rest.iter().skip(1).chain([&b'x']));
    let dirty = |(&byte, &next): (&u8, &u8)| {
        (if form == Form::Nfkc { is_dirty_nfkc(byte) } else { is_dirty(byte) })
            || byte == b' ' && next == b' '
    };
    at + pairs.into_iter().position(dirty).unwrap_or(rest.len())
}

#[inline]
fn any_dirty(block: &[u8], shifted: &[u8], is_dirty: impl Fn(u8) -> bool) -> bool {
    let mut dirty = false;
    for (&byte, &next) in block.iter().zip(shifted) {
        dirty |= is_dirty(byte) | ((byte == b' ') & (next == b' '));
    }
    dirty
}

/// First bytes of characters that are not plain: controls, U+0080 to U+00BF (signs, no-break space, soft hyphen), combining
/// marks and Greek (U+0300 to U+03FF), and from U+0480 on all but the blocks U+4000 to U+9FFF.
#[inline]
fn is_dirty(byte: u8) -> bool {
    (byte < 0x20)
        | (byte == 0x7f)
        | (byte == 0xc2)
        | ((byte >= 0xcc) & (byte != 0xd0) & (byte != 0xd1) & !(0xe4..=0xe9).contains(&byte))
}

/// As above; compatibility characters begin in Latin Extended-A.
#[inline]
fn is_dirty_nfkc(byte: u8) -> bool {
    (byte < 0x20) | (byte == 0x7f) | (byte == 0xc2) | ((byte >= 0xc4) & (byte != 0xd0) & (byte != 0xd1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_find_what_single_bytes_find() {
        let clean = "Le préfet a signé l'arrêté du 3 mai, à Orléans; Городской совет. ".repeat(3);
        for dirt in ["  ", "\n", "\t", "\u{a0}", "’", "\u{301}", "\u{7f}", "λ"] {
            for at in (0..clean.len()).filter(|&at| clean.is_char_boundary(at)) {
                let (before, after) = clean.split_at(at);
                let text = format!("{before}{dirt}{after}");
                let len = clean_len(text.as_bytes(), Form::Nfc);
                let spaces = text.find("  ").unwrap_or(text.len());
                assert_eq!(len, at.min(spaces), "{dirt:?} at {at}");
            }
        }
        assert_eq!(clean_len(clean.as_bytes(), Form::Nfc), clean.len());
    }

    #[test]
    fn compatibility_characters_are_dirty_only_where_they_matter() {
        let text = "ſans ŉ";
        assert_eq!(clean_len(text.as_bytes(), Form::Nfc), text.len());
        assert_eq!(clean_len(text.as_bytes(), Form::Nfkc), 0);
    }
}
