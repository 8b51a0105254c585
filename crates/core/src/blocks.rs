//! Blocks of text that are looked at as a whole: a bit for each byte.

/// Bytes of a block: as many as a number has bits.
pub const BLOCK: usize = 64;

/// The bits of marks that are 0 or 1, the first one's the lowest. Where the marks of a block are made without a branch, the
/// compiler makes vector code of that, and the next byte of a kind is then found by counting zeros.
///
/// ```
/// let mut marks = [0; tamis_core::BLOCK];
/// marks[3] = 1;
/// marks[63] = 1;
/// let bits = tamis_core::bits_of(&marks);
/// assert_eq!((bits, bits.trailing_zeros()), (1 << 3 | 1 << 63, 3));
/// ```
#[inline]
pub fn bits_of(marks: &[u8; BLOCK]) -> u64 {
    marks.as_chunks::<8>().0.iter().zip(0..).fold(0, |bits, (eight, place)| {
        // Eight shifts at once, each of which brings one bit into the highest byte.
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits | gathered << (8 * place)
    })
}
