//! Finding the next byte that may need work.

#![expect(clippy::needless_bitwise_bool, reason = "without branches, so that blocks become vector code")]

use tamis_core::{BLOCK, bits_of};

use crate::options::Form;

/// Walks from one byte that may need work to the next. What lies between is clean: printable ASCII with single spaces, and
/// letters whose first byte says that they are in normal form and nothing special. A byte may be clean and the next one
/// prove that it was not (a space before a line's end): callers look back.
///
/// A block of text is looked at once, without a branch, and remembered as a bit for each byte: in French, where every
/// second block has an apostrophe or a quotation mark, going on byte by byte from there takes three times as long.
pub(crate) struct Scan<'a> {
    bytes: &'a [u8],
    form: Form,
    /// Where the block that was looked at starts, and its dirty bytes, the lowest bit the first.
    start: usize,
    dirty: u64,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str, form: Form) -> Self {
        let mut scan = Self { bytes: text.as_bytes(), form, start: 0, dirty: 0 };
        scan.look(0);
        scan
    }

    /// The first dirty byte from `at` on; the text's end where there is none.
    pub(crate) fn next(&mut self, mut at: usize) -> usize {
        loop {
            let place = at.wrapping_sub(self.start);
            if place >= BLOCK {
                if at >= self.bytes.len() {
                    return self.bytes.len();
                }
                self.look(at);
                continue;
            }
            let left = self.dirty >> place;
            if left != 0 {
                return at + left.trailing_zeros() as usize;
            }
            at = self.start + BLOCK;
        }
    }

    /// Looks at the block from `start` on.
    fn look(&mut self, start: usize) {
        self.start = start;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let behind = rest.get(1..).unwrap_or_default();
        self.dirty = if let (Some(block), Some(next)) = (rest.first_chunk(), behind.first_chunk()) {
            self.dirty_of(block, next)
        } else {
            self.dirty_of(&padded(rest), &padded(behind))
        };
    }

    #[inline]
    fn dirty_of(&self, block: &[u8; BLOCK], next: &[u8; BLOCK]) -> u64 {
        if self.form == Form::Nfkc { dirty(block, next, is_dirty_nfkc) } else { dirty(block, next, is_dirty) }
    }
}

/// The last bytes of a text, and letters behind them.
fn padded(bytes: &[u8]) -> [u8; BLOCK] {
    let mut padded = [b'a'; BLOCK];
    for (place, byte) in padded.iter_mut().zip(bytes) {
        *place = *byte;
    }
    padded
}

/// The dirty bytes of a block, and spaces that a space follows; `next` is the block that starts one byte later.
#[inline]
fn dirty(block: &[u8; BLOCK], next: &[u8; BLOCK], is_dirty: impl Fn(u8) -> bool) -> u64 {
    let mut marks = [0; BLOCK];
    for ((byte, next), mark) in block.iter().zip(next).zip(&mut marks) {
        let doubled = (*byte == b' ') & (*next == b' ');
        *mark = u8::from(is_dirty(*byte) | doubled);
    }
    bits_of(&marks)
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
    use proptest::prelude::*;

    use super::*;

    /// Byte by byte, as it is said.
    fn places(text: &str, form: Form) -> Vec<usize> {
        let bytes = text.as_bytes();
        let is_dirty = if form == Form::Nfkc { is_dirty_nfkc } else { is_dirty };
        let doubled = |at: usize| bytes[at] == b' ' && bytes.get(at + 1) == Some(&b' ');
        (0..bytes.len()).filter(|&at| is_dirty(bytes[at]) || doubled(at)).collect()
    }

    proptest! {
        #[test]
        fn blocks_find_what_single_bytes_find(
            text in "([a-zé ’]{0,70}(  |\n|\t|\u{a0}|«|\u{301}|λ|中|ŉ)?){0,4}",
            form in prop_oneof![Just(Form::Nfc), Just(Form::Nfkc)],
            from in 0..200_usize,
        ) {
            let all = places(&text, form);
            let mut scan = Scan::new(&text, form);
            let (mut found, mut at) = (Vec::new(), 0);
            while at < text.len() {
                at = scan.next(at);
                found.extend((at < text.len()).then_some(at));
                at += 1;
            }
            prop_assert_eq!(&found, &all);
            // From any place, also one that lies before where it has been.
            let next = all.iter().copied().find(|&place| place >= from).unwrap_or(text.len());
            prop_assert_eq!(scan.next(from).max(from), next.max(from));
            prop_assert_eq!(Scan::new(&text, form).next(from).max(from), next.max(from));
        }
    }

    #[test]
    fn compatibility_characters_are_dirty_only_where_they_matter() {
        let text = "ſans ŉ";
        assert_eq!(Scan::new(text, Form::Nfc).next(0), text.len());
        assert_eq!(Scan::new(text, Form::Nfkc).next(0), 0);
    }
}
