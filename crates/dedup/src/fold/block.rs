//! What the bytes of a text are, looked at sixteen together: copied in lower case, and found as bits of numbers.

/// Bytes that are read together.
pub(super) const BLOCK: usize = 64;

/// Some bytes of a text, by what they are. Bits of numbers are bytes, the lowest the first.
pub(super) struct Block {
    /// In lower case, and spaces for what is not a letter or digit of ASCII; more than there are, so that many can be
    /// copied before it is known how many count.
    pub(super) folded: [u8; 2 * BLOCK],
    /// Other ASCII characters.
    pub(super) dividers: u64,
    pub(super) newlines: u64,
    /// Bytes that are not ASCII.
    pub(super) wide: u64,
}

impl Block {
    /// Reads the first bytes; dividers follow the last ones of a text.
    pub(super) fn read(bytes: &[u8]) -> Self {
        if let Some(whole) = bytes.first_chunk() {
            return Self::of(whole);
        }
        let mut padded = [0; BLOCK];
        for (place, byte) in padded.iter_mut().zip(bytes) {
            *place = *byte;
        }
        Self::of(&padded)
    }

    #[inline]
    fn of(bytes: &[u8; BLOCK]) -> Self {
        let mut folded = [0; 2 * BLOCK];
        for (byte, folded) in bytes.iter().zip(&mut folded) {
            // Digits have this bit, and capitals get it.
            let small = *byte | 0x20;
            let counts = (small.wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10);
            *folded = if counts { small } else { b' ' };
        }
        let spaces = folded.first_chunk().map_or(0, |folded| bits(folded, |byte| byte == b' '));
        let wide = bits(bytes, |byte| byte >= 0x80);
        Self { folded, dividers: spaces & !wide, newlines: bits(bytes, |byte| byte == b'\n'), wide }
    }
}

/// A bit by the row of each byte, eight bytes to a row.
const ROW: [u8; BLOCK] = {
    let mut rows = [0; BLOCK];
    let mut rest = rows.as_mut_slice();
    let mut place = 0;
    while let [row, after @ ..] = rest {
        *row = 1 << (place / 8);
        place += 1;
        rest = after;
    }
    rows
};

/// Which bytes are of a kind, which one comparison tells: so sixteen are looked at together.
#[inline]
fn bits(bytes: &[u8; BLOCK], is_of: impl Fn(u8) -> bool) -> u64 {
    // A copy, which is known to be apart from the rows.
    let mut rows = *bytes;
    for (row, bit) in rows.iter_mut().zip(&ROW) {
        *row = if is_of(*row) { *bit } else { 0 };
    }
    transposed(rows.as_chunks().0.iter().fold(0, |all, row| all | u64::from_le_bytes(*row)))
}

/// Eight bytes of eight bits, with bits for bytes (Warren, Hacker's Delight, 7-3).
#[inline]
const fn transposed(mut rows: u64) -> u64 {
    let swapped = (rows ^ (rows >> 7)) & 0x00AA_00AA_00AA_00AA;
    rows ^= swapped ^ (swapped << 7);
    let swapped = (rows ^ (rows >> 14)) & 0x0000_CCCC_0000_CCCC;
    rows ^= swapped ^ (swapped << 14);
    let swapped = (rows ^ (rows >> 28)) & 0x0000_0000_F0F0_F0F0;
    rows ^ swapped ^ (swapped << 28)
}
