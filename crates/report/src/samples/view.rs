//! A document as stretches that are kept, gone or put in, clipped to what a page can hold.

use tamis_io::LedgerEdit;

use crate::encoding::decode_lossily;
use crate::shown::push_harmless;
use crate::{Rebuilt, Report};

/// No document takes more of a page.
const LARGEST: usize = 16_000;
/// What a stretch costs beyond its text: tags, the word for what is left out.
const STRETCH: usize = 34;

/// How many characters of kept and of removed stretches are shown, from all to hardly any. A document takes the first
/// level that fits what is its share of the page.
const LEVELS: [(usize, usize); 6] = [(100_000, 1_200), (1_200, 400), (400, 200), (180, 120), (90, 70), LEAST];

/// The last level.
const LEAST: (usize, usize) = (40, 40);

/// A document before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    /// In the order of the raw bytes.
    pub(crate) pieces: Vec<Piece>,
    /// Changes at the end that are not shown.
    pub(crate) untold: u64,
}

/// One stretch; what stands in its middle may be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    /// The rule's place in the report, of what is gone or new.
    pub(crate) rule: usize,
    pub(crate) head: String,
    /// Characters left out between head and tail.
    pub(crate) elided: usize,
    pub(crate) tail: String,
    /// Characters of head and tail, counted as they came in: a thousand documents are measured at six levels, and
    /// counting anew for each took a quarter of a run of a thousand pages.
    chars: usize,
    /// Bytes of head and tail in HTML, counted likewise.
    escaped: usize,
}

/// What became of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    Kept,
    Gone,
    New,
}

/// The places of rules in the report, by id.
pub(crate) struct RulePlaces<'a>(std::collections::BTreeMap<&'a str, usize>);

impl<'a> RulePlaces<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        Self(report.rules.iter().enumerate().map(|(place, rule)| (rule.rule.as_str(), place)).collect())
    }

    pub(crate) fn get(&self, rule: &str) -> usize {
        self.0.get(rule).copied().unwrap_or(usize::MAX)
    }
}

impl View {
    /// The view of a document that was rebuilt from its raw bytes, as large as any page may show it.
    pub(crate) fn of(
        rebuilt: &Rebuilt<'_>,
        raw: &[u8],
        encoding: Option<&str>,
        rules: &RulePlaces<'_>,
    ) -> Self {
        let mut view = Self::default();
        for piece in &rebuilt.pieces {
            let text = rebuilt.text.get(piece.text.clone()).unwrap_or_default();
            let Some((_, LedgerEdit(_, _, rule, _))) = piece.edit else {
                view.push(PieceKind::Kept, usize::MAX, text);
                continue;
            };
            let rule = rules.get(rule);
            if !piece.raw.is_empty() {
                let mut old = String::new();
                decode_lossily(encoding, raw.get(piece.raw.clone()).unwrap_or_default(), &mut old);
                view.gone(rule, &old);
            }
            if !text.is_empty() {
                view.push(PieceKind::New, rule, text);
            }
        }
        view.bounded()
    }

    /// A text without a history.
    pub(crate) fn of_text(text: &str) -> Self {
        let mut view = Self::default();
        view.push(PieceKind::Kept, usize::MAX, text);
        view.bounded()
    }

    /// As large as any page may show it; most are not larger, and need no copy.
    fn bounded(self) -> Self {
        let size: usize = self.pieces.iter().map(Piece::size).sum();
        let has_long_pieces = self.pieces.iter().any(|piece| piece.chars > LEVELS[0].1);
        if size <= LARGEST && !has_long_pieces { self } else { self.fitting(LARGEST) }
    }

    /// Neighbours that are gone are one stretch where one of them is markup or white space alone: of the rule that
    /// took the words.
    fn gone(&mut self, rule: usize, old: &str) {
        let wordless = is_wordless(old);
        if let Some(last) = self.pieces.last_mut()
            && last.kind == PieceKind::Gone
            && (last.rule == rule || wordless || is_wordless(&last.head))
        {
            if !wordless && is_wordless(&last.head) {
                last.rule = rule;
            }
            last.push(old);
        } else if old.chars().all(char::is_whitespace) {
            self.push(PieceKind::Gone, rule, &spaces_shown(old));
        } else {
            self.push(PieceKind::Gone, rule, old);
        }
    }

    fn push(&mut self, kind: PieceKind, rule: usize, text: &str) {
        let mut piece = Piece::new(kind, rule);
        piece.head.reserve_exact(text.len());
        piece.push(text);
        self.pieces.push(piece);
    }

    /// The most generous view of at most `bytes`; where none is, the beginning of the least.
    pub(crate) fn fitting(&self, bytes: usize) -> Self {
        if let Some(level) = LEVELS.into_iter().find(|level| self.size_at(*level) <= bytes) {
            return self.clipped(level);
        }
        let mut view = self.clipped(LEAST);
        let mut left = bytes;
        let fits = |piece: &Piece| {
            let rest = left.checked_sub(piece.size());
            left = rest.unwrap_or(0);
            rest.is_some()
        };
        let shown = view.pieces.iter().map(fits).take_while(|fits| *fits).count();
        let changes = view.pieces.get(shown..).unwrap_or_default().iter();
        view.untold += changes.filter(|piece| piece.kind != PieceKind::Kept).count() as u64;
        view.pieces.truncate(shown);
        view
    }

    /// What it takes of a page, nearly.
    #[cfg(test)]
    pub(crate) fn size(&self) -> usize {
        self.pieces.iter().map(Piece::size).sum()
    }

    /// What it takes at each level, without making the clipped views: a thousand documents are measured before a share is
    /// found that all can have, and making them took two thirds of a run of eight hundred pages.
    pub(crate) fn sizes(&self) -> [usize; LEVELS.len()] {
        LEVELS.map(|level| self.size_at(level))
    }

    fn size_at(&self, (kept, gone): (usize, usize)) -> usize {
        let sizes = self
            .pieces
            .iter()
            .map(|piece| piece.size_at(if piece.kind == PieceKind::Kept { kept } else { gone }));
        sizes.sum()
    }

    fn clipped(&self, (kept, gone): (usize, usize)) -> Self {
        let pieces = self
            .pieces
            .iter()
            .map(|piece| piece.clipped(if piece.kind == PieceKind::Kept { kept } else { gone }));
        Self { pieces: pieces.collect(), untold: self.untold }
    }
}

impl Piece {
    fn new(kind: PieceKind, rule: usize) -> Self {
        Self { kind, rule, head: String::new(), elided: 0, tail: String::new(), chars: 0, escaped: 0 }
    }

    /// Appends to the head what a reader may be shown of `text`.
    fn push(&mut self, text: &str) {
        let from = self.head.len();
        push_harmless(text, &mut self.head);
        let new = self.head.get(from..).unwrap_or_default();
        self.chars += characters(new);
        self.escaped += escaped(new);
    }

    fn size(&self) -> usize {
        STRETCH + self.escaped
    }

    /// The size of [`Piece::clipped`].
    fn size_at(&self, limit: usize) -> usize {
        match self.bounds(limit) {
            None => self.size(),
            Some((head, (text, from))) => {
                let of =
                    |text: &str, range: std::ops::Range<usize>| escaped(text.get(range).unwrap_or_default());
                STRETCH + of(&self.head, 0..head) + of(text, from..text.len())
            }
        }
    }

    /// Where the head ends and which text the tail is taken from and where, with at most `limit` characters and a few
    /// more where leaving them out would save nothing; `None` where nothing is left out.
    fn bounds(&self, limit: usize) -> Option<(usize, (&str, usize))> {
        if self.chars <= limit + limit / 8 + 8 {
            return None;
        }
        let of_tail = limit / 3;
        let mut rest = self.head.chars();
        let head = match (limit - of_tail).checked_sub(1) {
            None => 0,
            // `Chars::nth` counts 32 bytes at a time, `CharIndices::nth` one character.
            Some(last) => self.head.len() - rest.nth(last).map_or("", |_| rest.as_str()).len(),
        };
        // What was never clipped has its end in the head.
        let (text, least) = if self.elided == 0 { (&self.head, head) } else { (&self.tail, 0) };
        let from = match of_tail.checked_sub(1) {
            None => text.len(),
            Some(last) => {
                let starts = text.bytes().enumerate().rev().filter(|(_, byte)| byte & 0xc0 != 0x80);
                starts.map(|(at, _)| at).nth(last).unwrap_or(0)
            }
        };
        Some((head, (text, from.max(least))))
    }

    /// At most `limit` characters of it, and a few more where leaving them out would save nothing.
    fn clipped(&self, limit: usize) -> Self {
        let Some((head, (text, from))) = self.bounds(limit) else { return self.clone() };
        let (head, tail) = (self.head.get(..head).unwrap_or_default(), text.get(from..).unwrap_or_default());
        let chars = characters(head) + characters(tail);
        Self {
            kind: self.kind,
            rule: self.rule,
            head: head.into(),
            elided: self.elided + self.chars.saturating_sub(chars),
            tail: tail.into(),
            chars,
            escaped: escaped(head) + escaped(tail),
        }
    }
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

/// The length of a text in HTML.
fn escaped(text: &str) -> usize {
    let longer = text.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')).count();
    text.len() + 4 * longer
}

/// Whether no letter or digit stands outside of tags.
fn is_wordless(text: &str) -> bool {
    let mut inside = false;
    !text.chars().any(|c| {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c => return !inside && c.is_alphanumeric(),
        }
        false
    })
}

/// Spaces that are gone, by signs: where nothing is left, nothing would be seen.
pub(super) fn spaces_shown(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => '⏎',
            '\r' => '␍',
            '\t' => '⇥',
            ' ' => '␣',
            _ => '⍽',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rebuild;

    fn view(raw: &str, edits: &[(u64, u64, &str, Option<&str>)]) -> View {
        let edits: Vec<LedgerEdit> = edits
            .iter()
            .map(|(start, end, rule, new)| LedgerEdit(*start, *end, (*rule).into(), new.map(Into::into)))
            .collect();
        let rebuilt = rebuild(raw.as_bytes(), None, &edits).unwrap();
        let places = RulePlaces([("markup", 0), ("menu", 1), ("space", 2)].into());
        View::of(&rebuilt, raw.as_bytes(), None, &places)
    }

    fn told(view: &View) -> Vec<(PieceKind, usize, &str)> {
        view.pieces.iter().map(|piece| (piece.kind, piece.rule, piece.head.as_str())).collect()
    }

    #[test]
    fn neighbours_that_are_gone_are_one_stretch_of_the_rule_that_took_the_words() {
        let edits = [
            (0, 3, "markup", None),
            (3, 7, "menu", None),
            (7, 11, "markup", None),
            (15, 16, "space", Some("\n")),
        ];
        assert_eq!(
            told(&view("<p>Menu</p>Kept", &edits[..3])),
            [(PieceKind::Gone, 1, "<p>Menu</p>"), (PieceKind::Kept, usize::MAX, "Kept")]
        );
        assert_eq!(
            told(&view("<p>Menu</p>Kept end", &edits))[2..],
            [(PieceKind::Gone, 2, "␣"), (PieceKind::New, 2, "\n"), (PieceKind::Kept, usize::MAX, "end")]
        );
    }

    #[test]
    fn a_view_takes_no_more_than_it_is_given_and_says_what_is_left_out() {
        let raw = "é&<".repeat(20_000);
        let whole = view(&raw, &[(0, 4, "menu", None), (40_000, 80_000, "menu", None)]);
        assert!(whole.size() <= LARGEST && whole.pieces.len() == 3);
        for (level, size) in LEVELS.into_iter().zip(whole.sizes()) {
            assert_eq!(whole.clipped(level).size(), size);
        }
        for bytes in [10_000, 4_000, 1_000, 300, 120, 0] {
            let small = whole.fitting(bytes);
            assert!(small.size() <= bytes, "{bytes}: {}", small.size());
            let changes = small.pieces.iter().filter(|piece| piece.kind != PieceKind::Kept).count();
            assert_eq!(changes as u64 + small.untold, 2, "{bytes}");
            for (piece, of) in small.pieces.iter().zip(&whole.pieces) {
                let chars =
                    |piece: &Piece| piece.head.chars().count() + piece.elided + piece.tail.chars().count();
                assert_eq!(chars(piece), chars(of), "{bytes}");
            }
        }
    }
}
