//! What one stage wants changed.

use std::fmt;

use crate::{RuleIndex, Span, TextSize};

/// One change to a text: the bytes under `span` give way to a replacement, empty for a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the text before the edit; empty for an insertion.
    pub span: Span,
    /// Bytes of the list's arena that take their place.
    pub(crate) replacement: Span,
    /// The rule that asks for the change.
    pub rule: RuleIndex,
    /// The rule's evidence.
    pub score: Option<i16>,
}

/// Ascending, disjoint edits of one text, with their replacement texts in one arena.
///
/// Invariant: each edit starts at or after the end of the one before it, and both ends of its span are character
/// boundaries of the text. [`EditList::replace`], the one constructor of edits, checks it; a violation is an error of
/// the stage, not of the document, and is reported as such.
#[derive(Clone, Debug, Default)]
pub struct EditList {
    edits: Vec<Edit>,
    arena: String,
    /// Replacement bytes beyond removed ones, so that the engine can size its buffer once.
    grown: usize,
}

impl EditList {
    /// Forgets all edits and keeps the memory.
    pub fn clear(&mut self) {
        self.edits.clear();
        self.arena.clear();
        self.grown = 0;
    }

    /// Asks for `span` to go.
    pub fn remove(
        &mut self,
        text: &str,
        span: Span,
        rule: RuleIndex,
        score: Option<i16>,
    ) -> Result<(), EditError> {
        self.replace(text, span, "", rule, score)
    }

    /// Asks for `replacement` in the place of `span`. An empty span inserts; an edit that would change nothing at all
    /// (empty for empty) is dropped.
    pub fn replace(
        &mut self,
        text: &str,
        span: Span,
        replacement: &str,
        rule: RuleIndex,
        score: Option<i16>,
    ) -> Result<(), EditError> {
        let refuse = |kind| Err(EditError { span, kind });
        if span.end().to_usize() > text.len() {
            return refuse(EditErrorKind::OutsideText);
        }
        if !text.is_char_boundary(span.start().to_usize()) || !text.is_char_boundary(span.end().to_usize()) {
            return refuse(EditErrorKind::InsideCharacter);
        }
        if self.edits.last().is_some_and(|last| span.start() < last.span.end()) {
            return refuse(EditErrorKind::OutOfOrder);
        }
        if span.is_empty() && replacement.is_empty() {
            return Ok(());
        }
        let start = self.arena.len();
        self.arena.push_str(replacement);
        self.grown += replacement.len().saturating_sub(span.len().to_usize());
        self.edits.push(Edit { span, replacement: Span::of(start, self.arena.len()), rule, score });
        Ok(())
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The number of edits.
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// The edits, ascending.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The text that takes the place of `edit`'s span.
    pub fn replacement(&self, edit: &Edit) -> &str {
        edit.replacement.slice(&self.arena).unwrap_or_default()
    }

    /// An upper bound of how many bytes the text grows by.
    pub(crate) fn growth(&self) -> usize {
        self.grown
    }

    /// The edits that turn the text before `map` into `text`: what [`compose`](crate::compose) applies.
    pub(crate) fn from_map(before: &str, map: &crate::SegmentMap, text: &str) -> Result<Self, EditError> {
        let mut list = Self::default();
        let (mut at, mut out) = (TextSize::ZERO, TextSize::ZERO);
        for segment in map.segments() {
            let end = at + TextSize::new(segment.raw_len);
            let out_end = out + TextSize::new(segment.text_len);
            if !segment.is_kept() {
                let replacement = Span::new(out, out_end).slice(text).unwrap_or_default();
                list.replace(before, Span::new(at, end), replacement, segment.rule, segment.score)?;
            }
            (at, out) = (end, out_end);
        }
        Ok(list)
    }
}

/// An edit that no text can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditError {
    /// The span asked for.
    pub span: Span,
    /// What is wrong with it.
    pub kind: EditErrorKind,
}

/// Why an edit was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditErrorKind {
    /// It ends after the text.
    OutsideText,
    /// One of its ends falls inside a character.
    InsideCharacter,
    /// It starts before the end of the edit before it.
    OutOfOrder,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            EditErrorKind::OutsideText => "ends outside the text",
            EditErrorKind::InsideCharacter => "cuts a character",
            EditErrorKind::OutOfOrder => "starts before the end of the edit before it",
        };
        write!(f, "edit of bytes {:?} {what}", self.span)
    }
}

impl std::error::Error for EditError {}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: RuleIndex = RuleIndex::new(0);

    #[track_caller]
    fn refused(spans: &[(usize, usize)], kind: EditErrorKind) {
        let mut list = EditList::default();
        let told: Result<(), EditError> =
            spans.iter().try_for_each(|&(start, end)| list.remove("été", Span::of(start, end), RULE, None));
        assert_eq!(told.unwrap_err().kind, kind);
    }

    #[test]
    fn edits_must_stand_in_the_text_in_order_and_between_characters() {
        refused(&[(0, 9)], EditErrorKind::OutsideText);
        refused(&[(1, 2)], EditErrorKind::InsideCharacter);
        refused(&[(2, 3), (0, 2)], EditErrorKind::OutOfOrder);
        refused(&[(0, 3), (2, 5)], EditErrorKind::OutOfOrder);
    }

    #[test]
    fn insertions_may_share_a_place() {
        let mut list = EditList::default();
        for text in ["a", "b", ""] {
            list.replace("été", Span::of(2, 2), text, RULE, None).unwrap();
        }
        assert_eq!(list.len(), 2);
    }
}
