//! Byte sequences on which decoders disagree.
//!
//! A ledger tells kept bytes by the document's encoding alone, and whoever rebuilds the text may use another decoder than
//! ours. Sequences that Python's codecs read otherwise than the WHATWG standard (some 800, mostly vendor characters) are
//! therefore written out, not left to the encoding's name. `data/contested.txt` lists them, with the codec of each encoding.

use std::sync::LazyLock;

type Ranges = Vec<(u32, u32)>;

static TABLE: LazyLock<Vec<(&'static str, Ranges)>> = LazyLock::new(|| {
    let lines = include_str!("../data/contested.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let (label, _codec, ranges) = (fields.next()?, fields.next()?, fields.next()?);
            Some((label, ranges.split_whitespace().filter_map(range).collect()))
        })
        .collect()
});

fn range(field: &str) -> Option<(u32, u32)> {
    let (first, last) = field.split_once('-').unwrap_or((field, field));
    Some((u32::from_str_radix(first, 16).ok()?, u32::from_str_radix(last, 16).ok()?))
}

/// The contested sequences of an encoding, as big-endian numbers, ascending.
pub(crate) fn ranges(label: &str) -> &'static [(u32, u32)] {
    TABLE.iter().find(|(known, _)| *known == label).map_or(&[], |(_, ranges)| ranges)
}

/// The sequence is one of them.
pub(crate) fn covers(ranges: &[(u32, u32)], sequence: u32) -> bool {
    let after = ranges.partition_point(|&(first, _)| first <= sequence);
    after.checked_sub(1).and_then(|place| ranges.get(place)).is_some_and(|&(_, last)| sequence <= last)
}
