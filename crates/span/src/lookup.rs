//! From text to raw bytes and back: the inverse of the segment map.

use crate::{Segment, SegmentKind, SegmentMap, Span, TextSize};

impl SegmentMap {
    /// The raw bytes behind a span of `text`: exact inside kept and transcoded runs, the whole replaced run for a
    /// part of a replacement. Removed bytes strictly inside the span are inside the answer; those at its edges are
    /// not. `None` when the span is not inside the text.
    ///
    /// Costs one walk over the segments.
    pub fn raw_span(&self, text: &str, span: Span) -> Option<Span> {
        if u64::from(span.end().to_u32()) > self.text_len() || span.slice(text).is_none() {
            return None;
        }
        if span.is_empty() {
            return self.raw_offset(text, span.start()).map(Span::empty);
        }
        let (mut start, mut end) = (None, None);
        self.walk(|at, out, segment| {
            let (from, to) = (out.max(span.start()), (out + TextSize::new(segment.text_len)).min(span.end()));
            if from < to {
                let raw = raw_part(text, at, out, segment, Span::new(from, to));
                start.get_or_insert(raw.start());
                end = Some(raw.end());
            }
        });
        Some(Span::new(start?, end?))
    }

    /// The raw offset at which the character at `offset` of the text begins; the end of the raw bytes for the end of
    /// the text.
    pub fn raw_offset(&self, text: &str, offset: TextSize) -> Option<TextSize> {
        let mut found = None;
        self.walk(|at, out, segment| {
            let end = out + TextSize::new(segment.text_len);
            if found.is_none() && out <= offset && offset < end {
                found = Some(raw_part(text, at, out, segment, Span::new(offset, end)).start());
            }
        });
        found.or_else(|| {
            (u64::from(offset.to_u32()) == self.text_len()).then(|| TextSize::of(self.raw_len() as usize))
        })
    }

    /// The text that stands for a span of raw bytes; a part of a replaced run has the whole replacement, a removed
    /// run the empty span where it would stand.
    pub fn text_span(&self, text: &str, raw: Span) -> Option<Span> {
        if u64::from(raw.end().to_u32()) > self.raw_len() {
            return None;
        }
        let (mut start, mut end) = (None, None);
        self.walk(|at, out, segment| {
            let (from, to) = (at.max(raw.start()), (at + TextSize::new(segment.raw_len)).min(raw.end()));
            if from < to {
                let part = text_part(text, at, out, segment, Span::new(from, to));
                start.get_or_insert(part.start());
                end = Some(part.end());
            }
        });
        Some(Span::new(start?, end?))
    }

    /// Calls `visit` with each segment and where it starts in raw bytes and in text.
    pub fn walk(&self, mut visit: impl FnMut(TextSize, TextSize, &Segment)) {
        let (mut at, mut out) = (TextSize::ZERO, TextSize::ZERO);
        for segment in self.segments() {
            visit(at, out, segment);
            at += TextSize::new(segment.raw_len);
            out += TextSize::new(segment.text_len);
        }
    }
}

/// The raw bytes of `segment` behind `part` of the text, which lies inside the segment.
fn raw_part(text: &str, at: TextSize, out: TextSize, segment: &Segment, part: Span) -> Span {
    match segment.kind {
        SegmentKind::Kept => Span::new(at + (part.start() - out), at + (part.end() - out)),
        SegmentKind::Transcoded { unit } => {
            let raw = |to: TextSize| at + code_units(text, Span::new(out, to), unit);
            Span::new(raw(part.start()), raw(part.end()))
        }
        _ => Span::new(at, at + TextSize::new(segment.raw_len)),
    }
}

/// The text of `segment` for `part` of its raw bytes.
fn text_part(text: &str, at: TextSize, out: TextSize, segment: &Segment, part: Span) -> Span {
    match segment.kind {
        SegmentKind::Kept => Span::new(out + (part.start() - at), out + (part.end() - at)),
        SegmentKind::Transcoded { unit } => {
            let piece = Span::new(out, out + TextSize::new(segment.text_len)).slice(text).unwrap_or_default();
            let unit = usize::from(unit.max(1));
            let (first, past) =
                ((part.start() - at).to_usize() / unit, (part.end() - at).to_usize().div_ceil(unit));
            let offset =
                |count: usize| piece.char_indices().nth(count).map_or(piece.len(), |(offset, _)| offset);
            Span::new(out + TextSize::of(offset(first)), out + TextSize::of(offset(past)))
        }
        _ => Span::new(out, out + TextSize::new(segment.text_len)),
    }
}

/// The raw length of a piece of transcoded text.
pub(crate) fn code_units(text: &str, span: Span, unit: u8) -> TextSize {
    let points = span.slice(text).map_or(0, |piece| piece.chars().count());
    TextSize::of(points * usize::from(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleIndex;

    /// "é" and "€uros" in windows-1252, then a mojibake pair repaired, then a removed menu.
    fn example() -> (String, SegmentMap) {
        let mut map = SegmentMap::default();
        map.push(Segment::transcoded(6, 9, 1));
        map.push(Segment::edited(2, 2, RuleIndex::new(0), None));
        map.push(Segment::edited(4, 0, RuleIndex::new(1), None));
        map.push(Segment::kept(1));
        ("é€uros".to_owned() + "à" + "!", map)
    }

    #[test]
    fn text_leads_back_to_raw_bytes() {
        let (text, map) = example();
        assert_eq!(map.raw_span(&text, Span::of(0, 2)), Some(Span::of(0, 1)));
        assert_eq!(map.raw_span(&text, Span::of(2, 9)), Some(Span::of(1, 6)));
        assert_eq!(map.raw_span(&text, Span::of(9, 12)), Some(Span::of(6, 13)));
        assert_eq!(map.raw_offset(&text, TextSize::new(11)), Some(TextSize::new(12)));
        assert_eq!(map.raw_offset(&text, TextSize::new(12)), Some(TextSize::new(13)));
        assert_eq!(map.raw_span(&text, Span::of(0, 99)), None);
    }

    #[test]
    fn raw_bytes_lead_to_text() {
        let (text, map) = example();
        assert_eq!(map.text_span(&text, Span::of(1, 2)), Some(Span::of(2, 5)));
        assert_eq!(map.text_span(&text, Span::of(8, 12)), Some(Span::of(11, 11)));
        assert_eq!(map.text_span(&text, Span::of(7, 13)), Some(Span::of(9, 12)));
    }
}
