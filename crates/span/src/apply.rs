//! Apply edits to a text and compose its segment map, in one forward pass.

use crate::lookup::code_units;
use crate::{Edit, EditError, EditList, RuleIndex, Segment, SegmentKind, SegmentMap, Span, TextSize};

/// Writes to `out` what `edits` make of `text`, and to `out_map` the map from the raw bytes to it, given `map`, the
/// one from the raw bytes to `text`. Both outputs are cleared first and keep their memory.
///
/// An edit over a run that an earlier stage replaced takes the run's raw bytes only when nothing of the run's text
/// survives; a survivor keeps them with its own rule. A removal leaves earlier removals inside it to their rules; a
/// replacement, which must stand for one stretch of raw bytes, takes them over.
pub fn apply(text: &str, map: &SegmentMap, edits: &EditList, out: &mut String, out_map: &mut SegmentMap) {
    out.clear();
    out.reserve(text.len() + edits.growth());
    out_map.clear();
    match map.segments() {
        [only] if only.kind == SegmentKind::Kept => apply_to_kept(text, edits, out, out_map),
        segments => apply_to(segments, text, edits, out, out_map),
    }
}

/// The first edits of a text that is its raw bytes: there is no earlier map to follow. What strips chrome makes hundreds.
fn apply_to_kept(text: &str, edits: &EditList, out: &mut String, map: &mut SegmentMap) {
    let mut at = TextSize::ZERO;
    let keep = |span: Span, map: &mut SegmentMap, out: &mut String| {
        map.push(Segment::kept(span.len().to_u32()));
        out.push_str(span.slice(text).unwrap_or_default());
    };
    for edit in edits.edits() {
        keep(Span::new(at, edit.span.start()), map, out);
        let replacement = edits.replacement(edit);
        out.push_str(replacement);
        let text_len = TextSize::of(replacement.len()).to_u32();
        map.push(Segment::edited(edit.span.len().to_u32(), text_len, edit.rule, edit.score));
        at = edit.span.end();
    }
    keep(Span::new(at, TextSize::of(text.len())), map, out);
}

/// Edits after earlier ones.
fn apply_to(segments: &[Segment], text: &str, edits: &EditList, out: &mut String, out_map: &mut SegmentMap) {
    let mut pass = Pass { text, rest: segments, piece: None, at: TextSize::ZERO, out, map: out_map };
    for edit in edits.edits() {
        pass.copy_to(edit.span.start());
        pass.edit(edit, edits.replacement(edit));
    }
    pass.copy_to(TextSize::of(text.len()));
}

/// The map from the raw bytes to `end`, given the map `first` from them to `middle` and `second` from `middle` to
/// `end`: equal to applying the second's changes after the first's.
pub fn compose(
    first: &SegmentMap,
    middle: &str,
    second: &SegmentMap,
    end: &str,
) -> Result<SegmentMap, EditError> {
    let edits = EditList::from_map(middle, second, end)?;
    let (mut text, mut map) = (String::new(), SegmentMap::default());
    apply(middle, first, &edits, &mut text, &mut map);
    Ok(map)
}

struct Pass<'a> {
    text: &'a str,
    rest: &'a [Segment],
    /// What is left of the segment at the cursor; for a replaced one, its raw bytes until they found an heir.
    piece: Option<Segment>,
    at: TextSize,
    out: &'a mut String,
    map: &'a mut SegmentMap,
}

impl Pass<'_> {
    /// The segment at the cursor.
    fn piece(&mut self) -> Option<Segment> {
        if self.piece.is_none()
            && let Some((first, rest)) = self.rest.split_first()
        {
            (self.piece, self.rest) = (Some(*first), rest);
        }
        self.piece
    }

    /// Takes `len` bytes of text off the segment at the cursor and returns what was taken. A replaced segment gives
    /// its raw bytes to `heir`s only: to the first text copied, or to the edit that takes its last byte.
    fn take(&mut self, piece: Segment, len: u32, heir: bool) -> Segment {
        let whole = len == piece.text_len;
        let raw_len = match piece.kind {
            SegmentKind::Kept => len,
            SegmentKind::Transcoded { .. } if whole => piece.raw_len,
            SegmentKind::Transcoded { unit } => {
                code_units(self.text, Span::new(self.at, self.at + TextSize::new(len)), unit).to_u32()
            }
            _ if heir || whole => piece.raw_len,
            _ => 0,
        };
        self.at += TextSize::new(len);
        let left = Segment { raw_len: piece.raw_len - raw_len, text_len: piece.text_len - len, ..piece };
        self.piece = if whole { None } else { Some(retyped(left)) };
        retyped(Segment { raw_len, text_len: len, ..piece })
    }

    /// Copies the text up to `end`, and removed runs that stand there.
    fn copy_to(&mut self, end: TextSize) {
        let start = self.at;
        loop {
            if self.piece.is_none() {
                self.copy_whole(end);
            }
            let Some(piece) = self.piece() else { break };
            let len = piece.text_len.min((end - self.at).to_u32());
            if len == 0 && piece.text_len > 0 {
                break;
            }
            let taken = self.take(piece, len, true);
            self.map.push(taken);
        }
        self.out.push_str(Span::new(start, end).slice(self.text).unwrap_or_default());
    }

    /// Copies the segments that end before or at `end`, as they are.
    fn copy_whole(&mut self, end: TextSize) {
        while let Some((first, rest)) = self.rest.split_first()
            && first.text_len <= (end - self.at).to_u32()
        {
            self.map.push(*first);
            self.at += TextSize::new(first.text_len);
            self.rest = rest;
        }
    }

    /// Skips the text under the edit and accounts for its raw bytes.
    fn edit(&mut self, edit: &Edit, replacement: &str) {
        let removes = replacement.is_empty();
        let mut raw_len = 0;
        while self.at < edit.span.end() {
            let Some(piece) = self.piece() else { break };
            let len = piece.text_len.min((edit.span.end() - self.at).to_u32());
            let taken = self.take(piece, len, false);
            if !removes {
                raw_len += taken.raw_len;
            } else if piece.kind == SegmentKind::Removed {
                self.map.push(taken);
            } else {
                self.map.push(Segment::edited(taken.raw_len, 0, edit.rule, edit.score));
            }
        }
        if !removes {
            self.out.push_str(replacement);
            let text_len = TextSize::of(replacement.len()).to_u32();
            self.map.push(Segment::edited(raw_len, text_len, edit.rule, edit.score));
        }
    }
}

/// The kind that fits the lengths, for parts of replaced runs.
fn retyped(segment: Segment) -> Segment {
    if segment.is_kept() {
        return segment;
    }
    debug_assert!(segment.rule != RuleIndex::NONE || segment.raw_len + segment.text_len == 0);
    Segment::edited(segment.raw_len, segment.text_len, segment.rule, segment.score)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn first_edits_are_applied_as_later_ones(
            text in "[a-cé\\n]{1,30}",
            wanted in prop::collection::vec((0..40_usize, 0..4_usize, "[x-zà]{0,3}", 0..3_u16, prop::option::of(any::<i16>())), 0..8),
        ) {
            let mut edits = EditList::default();
            let mut at = 0;
            for (skip, len, replacement, rule, score) in &wanted {
                let boundary = |at: usize| (at..=text.len()).find(|&at| text.is_char_boundary(at));
                let start = boundary((at + skip % 9).min(text.len())).unwrap_or(0);
                let end = boundary((start + len).min(text.len())).unwrap_or(start);
                let rule = RuleIndex::new(*rule);
                prop_assert!(edits.replace(&text, Span::of(start, end), replacement, rule, *score).is_ok());
                at = end;
            }
            let identity = SegmentMap::identity(text.len());
            let (mut first, mut first_map) = (String::new(), SegmentMap::default());
            apply_to_kept(&text, &edits, &mut first, &mut first_map);
            let (mut later, mut later_map) = (String::new(), SegmentMap::default());
            apply_to(identity.segments(), &text, &edits, &mut later, &mut later_map);
            prop_assert_eq!(first, later);
            prop_assert_eq!(first_map, later_map);
        }
    }
}
