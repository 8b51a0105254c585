//! What the search for runs needs of a document, behind the folded words of its sketch.
//!
//! All numbers are little-endian:
//!
//! | bytes | what |
//! | --- | --- |
//! | *c* | the cuts, [`super::cuts`] |
//! | 12 *f* | the fingerprints: hash and first word, by their place |
//! | 4 | *c* |
//! | 4 | *f* |
//!
//! About a byte a word for the cuts and another for the fingerprints.

use tamis_span::Span;

use super::cuts;
use super::fingerprints::{Widths, winnow};

/// Appends the section of a text whose words have these hashes.
pub(crate) fn write(text: &str, sentences: &[Span], words: &[u64], widths: Widths, out: &mut Vec<u8>) {
    let start = out.len();
    let count = cuts::write(text, sentences, out);
    debug_assert_eq!(count, words.len(), "words and cuts do not belong together");
    let middle = out.len();
    if count == words.len() {
        winnow(words, widths, |hash, place| {
            out.extend_from_slice(&hash.to_le_bytes());
            out.extend_from_slice(&place.to_le_bytes());
        });
    }
    let fingerprints = (out.len() - middle) / FINGERPRINT;
    for number in [middle - start, fingerprints] {
        out.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    }
}

const FINGERPRINT: usize = 12;

/// A section, read where it lies.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Section<'a> {
    /// For [`cuts::read`].
    pub(crate) cuts: &'a [u8],
    fingerprints: &'a [u8],
}

impl<'a> Section<'a> {
    /// Divides what comes before the section from it; `None` where it is not whole.
    pub(crate) fn split(bytes: &'a [u8]) -> Option<(&'a [u8], Self)> {
        let (rest, fingerprints) = bytes.split_last_chunk()?;
        let (rest, cuts) = rest.split_last_chunk()?;
        let fingerprints = FINGERPRINT.checked_mul(u32::from_le_bytes(*fingerprints) as usize)?;
        let cuts = u32::from_le_bytes(*cuts) as usize;
        let (rest, fingerprints) = rest.split_at_checked(rest.len().checked_sub(fingerprints)?)?;
        let (rest, cuts) = rest.split_at_checked(rest.len().checked_sub(cuts)?)?;
        Some((rest, Self { cuts, fingerprints }))
    }

    /// The fingerprints and their first words, in text order.
    pub(crate) fn fingerprints(&self) -> impl Iterator<Item = (u64, u32)> + 'a {
        self.fingerprints.as_chunks::<FINGERPRINT>().0.iter().filter_map(|bytes| {
            let (hash, place) = bytes.split_first_chunk()?;
            Some((u64::from_le_bytes(*hash), u32::from_le_bytes(place.try_into().ok()?)))
        })
    }
}
