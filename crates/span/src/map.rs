//! The segment map: raw bytes and text, tiled together.

use std::fmt;

use crate::{Segment, SegmentKind, TextSize};

/// How raw bytes became text, from the first byte to the last.
///
/// Invariant: the segments' raw lengths add up to the raw bytes, their text lengths to the text, in order on both
/// sides; neighbours that say the same are merged. [`SegmentMap::push`] keeps it, [`SegmentMap::check`] proves it
/// against the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentMap {
    segments: Vec<Segment>,
    raw_len: u64,
    text_len: u64,
}

/// Raw bytes by fate, and inserted bytes of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Raw bytes that reached the text through decoding alone.
    pub kept: u64,
    /// Raw bytes that nothing stands for.
    pub removed: u64,
    /// Raw bytes that other text stands for.
    pub replaced: u64,
    /// Bytes of text with no raw bytes behind them.
    pub inserted: u64,
}

impl SegmentMap {
    /// The map of a text that is its raw bytes.
    pub fn identity(len: usize) -> Self {
        let mut map = Self::default();
        map.push(Segment::kept(TextSize::of(len).to_u32()));
        map
    }

    /// Forgets all segments and keeps the memory.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.raw_len = 0;
        self.text_len = 0;
    }

    /// Appends a segment, merged with the last where both say the same. Empty segments vanish.
    #[inline]
    pub fn push(&mut self, segment: Segment) {
        if segment.raw_len == 0 && segment.text_len == 0 {
            return;
        }
        self.raw_len += u64::from(segment.raw_len);
        self.text_len += u64::from(segment.text_len);
        if let Some(last) = self.segments.last_mut()
            && last.continued_by(&segment)
        {
            last.raw_len += segment.raw_len;
            last.text_len += segment.text_len;
            return;
        }
        self.segments.push(segment);
    }

    /// The segments, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Raw bytes covered.
    pub fn raw_len(&self) -> u64 {
        self.raw_len
    }

    /// Bytes of text covered.
    pub fn text_len(&self) -> u64 {
        self.text_len
    }

    /// Raw bytes by fate: `kept + removed + replaced = raw_len` by construction.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for segment in &self.segments {
            let (raw, text) = (u64::from(segment.raw_len), u64::from(segment.text_len));
            match segment.kind {
                SegmentKind::Kept | SegmentKind::Transcoded { .. } => totals.kept += raw,
                SegmentKind::Replaced => totals.replaced += raw,
                SegmentKind::Removed => totals.removed += raw,
                SegmentKind::Inserted => totals.inserted += text,
            }
        }
        totals
    }

    /// Proves the map against the bytes it speaks of: both sides tiled, kept runs equal, boundaries between
    /// characters, every change with a rule below `rules`.
    pub fn check(&self, raw: &[u8], text: &str, rules: usize) -> Result<(), MapError> {
        let (mut at, mut out) = (0_usize, 0_usize);
        for segment in &self.segments {
            let (raw_end, text_end) = (at + segment.raw_len as usize, out + segment.text_len as usize);
            let told = |what| Err(MapError { raw_offset: at, text_offset: out, what });
            let Some(bytes) = raw.get(at..raw_end) else {
                return told("a segment ends outside the raw bytes");
            };
            let Some(piece) = text.get(out..text_end) else {
                return told("a segment ends outside the text or inside a character");
            };
            match segment.kind {
                SegmentKind::Kept if bytes != piece.as_bytes() => {
                    return told("kept bytes differ from the text");
                }
                SegmentKind::Transcoded { unit }
                    if piece.chars().count() * usize::from(unit) != bytes.len() =>
                {
                    return told("a transcoded run has not its unit of bytes for each code point");
                }
                SegmentKind::Removed if !piece.is_empty() => return told("a removed run has text"),
                SegmentKind::Inserted if !bytes.is_empty() => return told("an inserted run has raw bytes"),
                _ => {}
            }
            match segment.rule.get() {
                None if !segment.is_kept() => return told("a change has no rule"),
                Some(rule) if rule >= rules => return told("a change has a rule that is not in the plan"),
                _ => {}
            }
            (at, out) = (raw_end, text_end);
        }
        if at != raw.len() {
            return Err(MapError {
                raw_offset: at,
                text_offset: out,
                what: "raw bytes are not accounted for",
            });
        }
        if out != text.len() {
            return Err(MapError { raw_offset: at, text_offset: out, what: "text is not accounted for" });
        }
        Ok(())
    }
}

/// A segment map that does not fit its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapError {
    /// Where, in raw bytes.
    pub raw_offset: usize,
    /// Where, in bytes of text.
    pub text_offset: usize,
    /// What does not hold.
    pub what: &'static str,
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (raw byte {}, text byte {})", self.what, self.raw_offset, self.text_offset)
    }
}

impl std::error::Error for MapError {}
