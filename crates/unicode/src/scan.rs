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
    let marks = if form == Form::Nfkc { &MARKS_NFKC } else { &MARKS };
    let mut rest = bytes.get(at..).unwrap_or_default().iter();
    while let Some(&byte) = rest.next() {
        match marks.get(usize::from(byte)) {
            Some(Mark::Clean) => {}
            Some(Mark::Space) if rest.as_slice().first() != Some(&b' ') => {}
            _ => return at,
        }
        at += 1;
    }
    at
}

/// What one byte says, for where the block that it is in is not clean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Clean,
    /// Clean unless another space follows.
    Space,
    Dirty,
}

static MARKS: [Mark; 256] = marks(false);
static MARKS_NFKC: [Mark; 256] = marks(true);

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling, where an index out of range is an error"
)]
const fn marks(compatible: bool) -> [Mark; 256] {
    let mut marks = [Mark::Clean; 256];
    let mut byte = 0;
    while byte < marks.len() {
        let dirty = if compatible { is_dirty_nfkc(byte as u8) } else { is_dirty(byte as u8) };
        if dirty {
            marks[byte] = Mark::Dirty;
        }
        byte += 1;
    }
    marks[b' ' as usize] = Mark::Space;
    marks
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
const fn is_dirty(byte: u8) -> bool {
    (byte < 0x20)
        | (byte == 0x7f)
        | (byte == 0xc2)
        | ((byte >= 0xcc) & (byte != 0xd0) & (byte != 0xd1) & ((byte < 0xe4) | (byte > 0xe9)))
}

/// As above; compatibility characters begin in Latin Extended-A.
#[inline]
const fn is_dirty_nfkc(byte: u8) -> bool {
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
