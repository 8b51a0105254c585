//! What a page shows of a document: its stretches, clipped to a number of bytes.
//!
//! A document is looked at no further than it can be shown: its stretches are borrowed, measured until they are more than
//! there is room for, and the few hundred characters that stay are copied.

use super::stretches::{Clipped, Stretch};
use crate::shown::characters;

/// No document takes more of a page.
pub(super) const LARGEST: usize = 16_000;
/// What a stretch costs beyond its text: tags, the word for what is left out.
const STRETCH: usize = 34;

/// How many characters of kept and of removed stretches are shown, from all to hardly any. A document takes the first
/// level that fits what is its share of the page. No level shows less of a stretch than those behind it.
const LEVELS: [(usize, usize); 5] = [(LARGEST, 1_200), (1_200, 400), (400, 200), (180, 120), (90, 70)];

/// The last level.
const LEAST: (usize, usize) = (40, 40);

/// A document before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    pieces: Vec<Piece>,
    /// Heads and tails, one behind the other.
    text: String,
    /// Changes at the end that are not shown.
    pub(crate) untold: u64,
    /// What it takes of a page, nearly.
    size: usize,
    /// What it would take at the least level; more than that where it is not known.
    least: usize,
}

/// A stretch by the lengths of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    kind: PieceKind,
    rule: usize,
    head: usize,
    elided: usize,
    tail: usize,
}

/// One stretch; what stands in its middle may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShownPiece<'a> {
    pub(crate) kind: PieceKind,
    /// The rule's place in the report, of what is gone or new.
    pub(crate) rule: usize,
    pub(crate) head: &'a str,
    /// Characters left out between head and tail.
    pub(crate) elided: usize,
    pub(crate) tail: &'a str,
}

impl<'a> ShownPiece<'a> {
    fn stretch(self) -> Stretch<'a> {
        let mut stretch = Stretch::of(self.kind, self.rule, self.head);
        (stretch.elided, stretch.tail) = (self.elided, self.tail);
        stretch
    }
}

/// What became of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    Kept,
    Gone,
    New,
}

impl PieceKind {
    /// The one of a level's limits that holds for it.
    fn limit(self, (kept, gone): (usize, usize)) -> usize {
        if self == Self::Kept { kept } else { gone }
    }
}

impl View {
    /// The most generous view of at most `bytes`; where none is, the beginning of the least. `untold` changes stood behind
    /// these stretches.
    pub(super) fn fitting(stretches: &[Stretch<'_>], untold: u64, bytes: usize) -> Self {
        let (shown, least) = fit(stretches, LEAST, bytes);
        let is_cut = shown < stretches.len();
        let mut view = Self { untold, least: if is_cut { usize::MAX } else { least }, ..Self::default() };
        let (shown, rest) = stretches.split_at_checked(shown).unwrap_or((stretches, &[]));
        let fitting = |level: &(usize, usize)| fit(stretches, *level, bytes).0 == stretches.len();
        let level = if is_cut { None } else { LEVELS.into_iter().find(fitting) };
        view.pieces.reserve(shown.len());
        for stretch in shown {
            view.push(stretch, level.unwrap_or(LEAST));
        }
        view.untold += rest.iter().filter(|stretch| stretch.kind != PieceKind::Kept).count() as u64;
        view
    }

    /// A text without a history.
    pub(super) fn of_text(text: &str, bytes: usize) -> Self {
        let stretch = Stretch::of(PieceKind::Kept, usize::MAX, text);
        Self::fitting(std::slice::from_ref(&stretch), 0, bytes)
    }

    fn push(&mut self, stretch: &Stretch<'_>, level: (usize, usize)) {
        let Clipped { lead, head, tail, escaped, is_whole } = stretch.clipped(stretch.kind.limit(level));
        let elided = if is_whole {
            stretch.elided
        } else {
            let shown = characters(lead) + characters(&head) + characters(&tail);
            stretch.characters(stretch.kind.limit(LEVELS[0])).saturating_sub(shown)
        };
        self.size += STRETCH + escaped;
        self.text.push_str(lead);
        self.text.push_str(&head);
        self.text.push_str(&tail);
        let (kind, rule, head) = (stretch.kind, stretch.rule, lead.len() + head.len());
        self.pieces.push(Piece { kind, rule, head, elided, tail: tail.len() });
    }

    /// Clips it to `bytes`: to what [`View::fitting`] would have made of the document.
    pub(super) fn shrink(&mut self, bytes: usize) {
        if self.size > bytes {
            *self = Self::fitting(&self.stretches(), self.untold, bytes);
        }
    }

    fn stretches(&self) -> Vec<Stretch<'_>> {
        self.pieces().map(ShownPiece::stretch).collect()
    }

    /// The stretches, in the order of the raw bytes.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = ShownPiece<'_>> {
        let mut rest = self.text.as_str();
        let mut take = move |length| {
            let (part, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            rest = behind;
            part
        };
        self.pieces.iter().map(move |piece| ShownPiece {
            kind: piece.kind,
            rule: piece.rule,
            head: take(piece.head),
            elided: piece.elided,
            tail: take(piece.tail),
        })
    }

    /// What it takes of a page where a document has a share of `bytes`, no more than it was made for.
    pub(super) fn size(&self, bytes: usize) -> usize {
        match self.bounds(bytes) {
            (least, most) if least == most => least,
            _ => {
                let stretches = self.stretches();
                let sizes = LEVELS.into_iter().map(|level| fit(&stretches, level, bytes));
                let mut fitting = sizes.filter(|(shown, _)| *shown == stretches.len());
                fitting.next().map_or(self.least, |(_, size)| size)
            }
        }
    }

    /// The least that it may take of a page, and the most, without looking at it.
    pub(super) fn bounds(&self, bytes: usize) -> (usize, usize) {
        let is_cut = self.least == usize::MAX;
        if self.size <= bytes && !(is_cut && bytes < LARGEST) {
            return (self.size, self.size);
        }
        // What is left of a share by a stretch that did not fit is no room for others: the next document may need it. Only
        // where a share is the largest there is will no other be tried.
        (self.least.min(bytes), bytes)
    }
}

/// How many stretches fit `bytes` at a level, from the first one on, and what they take.
fn fit(stretches: &[Stretch<'_>], level: (usize, usize), bytes: usize) -> (usize, usize) {
    let mut left = bytes;
    let mut shown = 0;
    for stretch in stretches {
        let limit = stretch.kind.limit(level);
        // A character is four bytes at most, so that what is too long can be told by its length.
        if (limit - limit / 3).min(stretch.head.len() / 4) > left {
            break;
        }
        let Some(rest) = left.checked_sub(STRETCH + stretch.clipped(limit).escaped) else { break };
        left = rest;
        shown += 1;
    }
    (shown, bytes - left)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretches(texts: &[(PieceKind, String)]) -> Vec<Stretch<'_>> {
        texts.iter().map(|(kind, text)| Stretch::of(*kind, 0, text)).collect()
    }

    /// Characters that are shown and left out, by stretch.
    fn characters_of(view: &View) -> Vec<usize> {
        view.pieces().map(|piece| characters(piece.head) + piece.elided + characters(piece.tail)).collect()
    }

    #[test]
    fn a_view_takes_no_more_than_it_is_given_and_says_what_is_left_out() {
        let text = "é&<".repeat(10_000);
        let texts = [
            (PieceKind::Gone, "é&<".to_owned()),
            (PieceKind::Kept, text.clone()),
            (PieceKind::Gone, text.clone()),
            (PieceKind::Kept, text),
        ];
        let stretches = stretches(&texts);
        let all: Vec<usize> = texts.iter().map(|(_, text)| characters(text)).collect();
        for bytes in [LARGEST, 10_000, 4_000, 1_000, 300, 120, 0] {
            let view = View::fitting(&stretches, 0, bytes);
            let escaped = |piece: ShownPiece<'_>| {
                crate::shown::escaped(piece.head) + crate::shown::escaped(piece.tail) + STRETCH
            };
            assert_eq!(view.size, view.pieces().map(escaped).sum::<usize>());
            assert!(view.size <= bytes, "{bytes}: {}", view.size);
            let changes = view.pieces().filter(|piece| piece.kind != PieceKind::Kept).count();
            assert_eq!(changes as u64 + view.untold, 2, "{bytes}");
            let shown = characters_of(&view);
            assert_eq!(shown, all[..shown.len()], "{bytes}");
        }
    }

    fn any_stretches() -> impl Strategy<Value = Vec<(PieceKind, String)>> {
        let kind = prop::sample::select(vec![PieceKind::Kept, PieceKind::Gone, PieceKind::New]);
        let text = ("[abé<’]{1,40}|[a\r\u{202e}]{1,40}", 1_usize..60);
        let text = text.prop_map(|(text, times)| text.repeat(times));
        prop::collection::vec((kind, text), 0..40)
    }

    proptest! {
        #[test]
        fn to_shrink_a_view_gives_what_the_document_would_have_given(
            texts in any_stretches(), first in 0_usize..LARGEST, then in 0_usize..LARGEST,
        ) {
            let (stretches, then) = (stretches(&texts), then.min(first));
            let mut view = View::fitting(&stretches, 0, first);
            let of_document = View::fitting(&stretches, 0, then);
            // A share that is told without a look is what would be measured.
            let (least, most) = view.bounds(then);
            prop_assert!((least..=most).contains(&view.size(then)));
            prop_assert_eq!(view.size(then), of_document.size(then));
            view.shrink(then);
            prop_assert_eq!(view.pieces().collect::<Vec<_>>(), of_document.pieces().collect::<Vec<_>>());
            prop_assert_eq!(view.untold, of_document.untold);
        }

        #[test]
        fn no_level_shows_less_than_those_behind_it(texts in any_stretches()) {
            let stretches = stretches(&texts);
            let sizes: Vec<usize> = LEVELS.into_iter().chain([LEAST]).map(|level| fit(&stretches, level, usize::MAX).1).collect();
            prop_assert!(sizes.is_sorted_by(|before, after| before >= after), "{sizes:?}");
        }
    }
}
