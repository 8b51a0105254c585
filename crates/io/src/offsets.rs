//! From bytes to code points, for what Python slices.

use tamis_core::TextSize;

/// Turns ascending byte offsets of a text into code points, in one walk.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a [u8],
    byte: usize,
    points: u64,
}

impl<'a> CodePoints<'a> {
    /// Starts at the text's first byte.
    pub fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), byte: 0, points: 0 }
    }

    /// The code point that starts at `offset`. Offsets must not descend.
    pub fn at(&mut self, offset: TextSize) -> u64 {
        let passed = self.text.get(self.byte..offset.to_usize()).unwrap_or_default();
        // Bytes that start a character: all but 0b10xxxxxx. The compiler makes vector code of this sum.
        self.points += passed.iter().map(|byte| u64::from(byte.cast_signed() >= -0x40)).sum::<u64>();
        self.byte = self.byte.max(offset.to_usize());
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_what_chars_counts(text in ".{0,40}") {
            let mut points = CodePoints::new(&text);
            for (count, (offset, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(points.at(TextSize::of(offset)), count as u64);
            }
            prop_assert_eq!(points.at(TextSize::of(text.len())), text.chars().count() as u64);
        }
    }
}
