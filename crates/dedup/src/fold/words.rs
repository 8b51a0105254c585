//! Folded bytes, read eight at a time: their words and lines.

/// Eight bytes of one.
pub(super) const EACH_BYTE: u64 = u64::from_le_bytes([1; 8]);

/// Which of eight bytes are ASCII letters and digits, as the highest bits of them and all other bits set.
pub(crate) const fn letters_and_digits(bytes: u64) -> u64 {
    /// The highest bits of the bytes, all below 0x80, that are not below `least` and below `end`.
    const fn within(bytes: u64, least: u64, end: u64) -> u64 {
        (bytes + EACH_BYTE * (0x80 - least)) & !(bytes + EACH_BYTE * (0x80 - end))
    }
    let low = bytes & (EACH_BYTE * 0x7F);
    let digits = within(low, 0x30, 0x3A);
    let letters = within(low | (EACH_BYTE * 0x20), 0x61, 0x7B);
    ((digits | letters) & !bytes) | (EACH_BYTE * 0x7F)
}

/// The words of folded bytes. A space follows each, or a line break where it is the last of its line.
#[inline]
pub(crate) const fn words_of(folded: &[u8]) -> WordsOf<'_> {
    WordsOf { rest: folded }
}

/// See [`words_of`].
#[derive(Clone, Debug)]
pub(crate) struct WordsOf<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for WordsOf<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (word, rest) = self.rest.split_at_checked(word_len(self.rest))?;
        self.rest = rest.get(1..).unwrap_or_default();
        Some(word)
    }
}

/// How many words folded bytes have: as many as spaces and line breaks, counted many at a time.
pub(crate) fn count_words(folded: &[u8]) -> usize {
    let dividers = |some: &[u8]| usize::from(some.iter().map(|byte| u8::from(*byte <= b' ')).sum::<u8>());
    folded.chunks(240).map(dividers).sum::<usize>()
        + usize::from(folded.last().is_some_and(|last| *last > b' '))
}

/// The lines of folded bytes, each with the line break that ends it.
pub(crate) fn lines_of(folded: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = rest.split_at_checked(line_len(rest))?;
        rest = after;
        Some(line)
    })
}

/// The length of the first line of folded bytes, with its break; eight bytes at a time.
#[inline]
fn line_len(folded: &[u8]) -> usize {
    let mut at = 0;
    while let Some(bytes) = folded.get(at..).and_then(|rest| rest.first_chunk()) {
        // A line break becomes zero; see `dividers`.
        let bytes = u64::from_le_bytes(*bytes) ^ (EACH_BYTE * u64::from(b'\n'));
        let ends = bytes.wrapping_sub(EACH_BYTE) & !bytes & (0x80 * EACH_BYTE);
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8 + 1;
        }
        at += 8;
    }
    let rest = folded.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |place| place + 1)
}

/// The spaces and line breaks among eight folded bytes, which are the only ones below 0x21, as their highest bits. The
/// lowest bit set is right; those above it may be wrong.
#[inline]
pub(crate) const fn dividers(bytes: u64) -> u64 {
    bytes.wrapping_sub(0x21 * EACH_BYTE) & !bytes & (0x80 * EACH_BYTE)
}

/// The length of the first word of folded bytes, eight bytes at a time: most words end in the first eight.
#[inline]
fn word_len(folded: &[u8]) -> usize {
    let mut at = 0;
    while let Some(bytes) = folded.get(at..).and_then(|rest| rest.first_chunk()) {
        let ends = dividers(u64::from_le_bytes(*bytes));
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = folded.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| *byte <= b' ').unwrap_or(rest.len())
}
