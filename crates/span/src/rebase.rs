//! Carry spans of a text through edits of that text.

use crate::{EditList, Span, TextSize};

/// Moves each of `spans` from the text before `edits` to the text after them.
///
/// A start inside a replaced stretch moves to the replacement's start, an end to its end, so that a span never loses
/// text it covered; a span whose text is all gone becomes empty. An insertion at a span's edge stays outside.
/// `spans` must be sorted by start and disjoint: one pass over both lists.
///
/// ```
/// use tamis_span::{rebase, EditList, RuleIndex, Span};
/// let text = "Menu\nUn. Deux.";
/// let mut edits = EditList::default();
/// edits.remove(text, Span::of(0, 5), RuleIndex::new(0), None)?;
/// let mut sentences = [Span::of(0, 4), Span::of(5, 8), Span::of(9, 14)];
/// rebase(&edits, sentences.iter_mut());
/// assert_eq!(sentences, [Span::of(0, 0), Span::of(0, 3), Span::of(4, 9)]);
/// # Ok::<(), tamis_span::EditError>(())
/// ```
pub fn rebase<'a>(edits: &EditList, spans: impl Iterator<Item = &'a mut Span>) {
    let mut passed = Passed { edits, next: 0, gone: 0, come: 0 };
    for span in spans {
        let start = passed.place(span.start(), Edge::Start);
        let end = if span.is_empty() { start } else { passed.place(span.end(), Edge::End) };
        *span = Span::new(start, end);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Edge {
    Start,
    End,
}

/// The edits before the cursor, summed: bytes gone and bytes come.
struct Passed<'a> {
    edits: &'a EditList,
    next: usize,
    gone: usize,
    come: usize,
}

impl Passed<'_> {
    /// Where `offset` stands after the edits. Offsets must come in ascending order.
    fn place(&mut self, offset: TextSize, edge: Edge) -> TextSize {
        let mut inside = 0;
        while let Some(edit) = self.edits.edits().get(self.next) {
            let done = match edge {
                // What is inserted at a span's start stays before it, at its end after it.
                Edge::Start => edit.span.end() <= offset,
                Edge::End => edit.span.end() < offset || (edit.span.end() == offset && !edit.span.is_empty()),
            };
            let come = self.edits.replacement(edit).len();
            if !done {
                if edit.span.start() < offset {
                    // The offset falls inside the edit: count the part of the stretch before it as gone.
                    inside = (offset - edit.span.start()).to_usize();
                    if edge == Edge::End {
                        return TextSize::of(offset.to_usize() - inside - self.gone + self.come + come);
                    }
                }
                break;
            }
            self.gone += edit.span.len().to_usize();
            self.come += come;
            self.next += 1;
        }
        TextSize::of((offset.to_usize() - inside).saturating_sub(self.gone) + self.come)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleIndex;

    #[track_caller]
    fn check(edits: &[(usize, usize, &str)], span: (usize, usize), expected: (usize, usize)) {
        let text = "0123456789";
        let mut list = EditList::default();
        for &(start, end, replacement) in edits {
            list.replace(text, Span::of(start, end), replacement, RuleIndex::new(0), None).unwrap();
        }
        let mut spans = [Span::of(span.0, span.1)];
        rebase(&list, spans.iter_mut());
        assert_eq!(spans[0], Span::of(expected.0, expected.1));
    }

    #[test]
    fn edges_inside_a_replacement_cover_all_of_it() {
        check(&[(2, 6, "abcdefgh")], (4, 8), (2, 12));
        check(&[(2, 6, "ab")], (0, 4), (0, 4));
        check(&[(2, 6, "ab")], (3, 5), (2, 4));
        check(&[(2, 6, "")], (3, 5), (2, 2));
    }

    #[test]
    fn insertions_at_the_edges_stay_outside() {
        check(&[(2, 2, "ab")], (2, 5), (4, 7));
        check(&[(5, 5, "ab")], (2, 5), (2, 5));
        check(&[(3, 3, "ab")], (2, 5), (2, 7));
    }

    #[test]
    fn a_replaced_span_is_its_replacement() {
        check(&[(2, 5, "109000000000 EUR")], (2, 5), (2, 18));
        check(&[(0, 1, ""), (2, 5, "x"), (5, 6, "yz")], (2, 5), (1, 2));
    }
}
