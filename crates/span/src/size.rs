//! Offsets and ranges in bytes.

use std::fmt;
use std::ops::{Add, AddAssign, Range, Sub};

/// A byte offset or a length in bytes, 32 bits wide.
///
/// Half the width of `usize` halves the segment table; the price is a limit of 4 GiB on one document.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextSize(u32);

impl TextSize {
    /// Offset zero.
    pub const ZERO: Self = Self(0);

    /// An offset of `bytes` bytes.
    pub const fn new(bytes: u32) -> Self {
        Self(bytes)
    }

    /// An offset from a length in memory. Lengths over 4 GiB saturate; an edit made from one is refused, since it
    /// ends outside its text.
    pub fn of(bytes: usize) -> Self {
        Self(u32::try_from(bytes).unwrap_or(u32::MAX))
    }

    /// The number of bytes.
    pub const fn to_u32(self) -> u32 {
        self.0
    }

    /// The number of bytes, for slicing.
    pub const fn to_usize(self) -> usize {
        self.0 as usize
    }
}

impl Add for TextSize {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for TextSize {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for TextSize {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Debug for TextSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TextSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A half-open range of bytes, `start..end`.
///
/// Invariant: `start <= end`. The constructors keep it: an end before the start gives the empty span at `start`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: TextSize,
    end: TextSize,
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: TextSize, end: TextSize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The span `start..end` from offsets in memory, saturating as [`TextSize::of`] does.
    pub fn of(start: usize, end: usize) -> Self {
        Self::new(TextSize::of(start), TextSize::of(end))
    }

    /// The empty span at `offset`.
    pub const fn empty(offset: TextSize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The first byte.
    pub const fn start(self) -> TextSize {
        self.start
    }

    /// One past the last byte.
    pub const fn end(self) -> TextSize {
        self.end
    }

    /// The number of bytes.
    pub const fn len(self) -> TextSize {
        TextSize(self.end.0 - self.start.0)
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start.0 == self.end.0
    }

    /// Whether `offset` is one of the span's bytes.
    pub fn contains(self, offset: TextSize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The range for slicing.
    pub const fn range(self) -> Range<usize> {
        self.start.to_usize()..self.end.to_usize()
    }

    /// The slice of `text` under the span; `None` outside the text or off a character boundary.
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::of(range.start, range.end)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_never_ends_before_it_starts() {
        assert_eq!(Span::of(5, 2), Span::of(5, 5));
        assert!(Span::of(5, 2).is_empty());
    }

    #[test]
    fn lengths_over_the_limit_saturate() {
        assert_eq!(TextSize::of(usize::MAX).to_u32(), u32::MAX);
    }
}
