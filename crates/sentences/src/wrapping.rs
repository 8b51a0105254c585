//! Hard-wrapped text: which line ends are the typesetter's, told from the lengths of lines.
//!
//! A line was wrapped if the first word of the next line would not have fitted behind it. That is how every wrapping
//! program works, so it needs no threshold but the width, and a heading never joins its text: there was room left.

use crate::candidates::Lines;
use crate::lists;
use crate::text::Text;

/// Longest line, in characters, that a person or program wraps to; longer ones are paragraphs.
const WIDEST: usize = 160;

/// The width a text is wrapped to, in characters: its longest line, if no line is longer than people wrap.
pub(crate) fn width(text: &str) -> Option<usize> {
    let mut lines = Lines::default();
    let (mut start, mut longest) = (0, 0);
    while start < text.len() {
        let line = lines.line(text.as_bytes(), start);
        longest = longest.max(text.get(start..line.end)?.trim_end().chars().count());
        start = line.next;
    }
    (longest <= WIDEST).then_some(longest)
}

/// Whether the line end between the line `start..end` and the one at `next` is one of wrapping.
pub(crate) fn joins(text: Text<'_>, start: usize, end: usize, next: usize, width: usize) -> bool {
    let after = text.part(next, text.0.len());
    // An empty line, an indent and a list item start afresh.
    if after.chars().next().is_none_or(char::is_whitespace)
        || lists::marker(text, next, text.0.len()).is_some()
    {
        return false;
    }
    let line = text.part(start, end).trim_end();
    let word = after.split_whitespace().next().unwrap_or_default();
    !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width
}
