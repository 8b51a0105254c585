//! A document as stretches that are kept, gone or put in, clipped to what a page can hold.

use tamis_io::LedgerEdit;

use crate::encoding::read_lossily;
use crate::shown::push_harmless;
use crate::{Rebuilt, Report};

/// No document takes more of a page.
const LARGEST: usize = 16_000;
/// What a stretch costs beyond its text: tags, the word for what is left out.
const STRETCH: usize = 34;

/// How many characters of kept and of removed stretches are shown, from all to hardly any. A document takes the first
/// level that fits what is its share of the page.
const LEVELS: [(usize, usize); 6] = [(LARGEST, 1_200), (1_200, 400), (400, 200), (180, 120), (90, 70), LEAST];

/// The last level.
const LEAST: (usize, usize) = (40, 40);

/// No level shows more characters of the end of a stretch whose middle is left out; see [`Piece::bounds`].
const TAIL: usize = 400;

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
    /// Characters of head and tail: a thousand documents are measured at six levels, and counting anew for each took a
    /// quarter of a run of a thousand pages.
    chars: usize,
    /// Bytes of head and tail in HTML.
    escaped: usize,
    /// Whether it has no letter or digit outside of tags.
    wordless: bool,
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
                view.gone(rule, &read_lossily(encoding, raw.get(piece.raw.clone()).unwrap_or_default()));
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
    fn bounded(mut self) -> Self {
        self.pieces.iter_mut().for_each(Piece::finish);
        let size: usize = self.pieces.iter().map(Piece::size).sum();
        let (kept, gone) = LEVELS[0];
        let is_clipped = self.pieces.iter().any(|piece| piece.bounds(piece.kind.limit(kept, gone)).is_some());
        if size <= LARGEST && !is_clipped { self } else { self.fitting(LARGEST) }
    }

    /// Neighbours that are gone are one stretch where one of them is markup or white space alone: of the rule that
    /// took the words.
    fn gone(&mut self, rule: usize, old: &str) {
        let wordless = is_wordless(old);
        if let Some(last) = self.pieces.last_mut()
            && last.kind == PieceKind::Gone
            && (last.rule == rule || wordless || last.wordless)
        {
            if !wordless && last.wordless {
                last.rule = rule;
            }
            last.wordless &= wordless;
            last.push(old);
            return;
        }
        let mut piece = Piece::new(PieceKind::Gone, rule);
        piece.wordless = wordless;
        if old.chars().all(char::is_whitespace) {
            piece.push(&spaces_shown(old));
        } else {
            piece.push(old);
        }
        self.pieces.push(piece);
    }

    fn push(&mut self, kind: PieceKind, rule: usize, text: &str) {
        let mut piece = Piece::new(kind, rule);
        piece.push(text);
        self.pieces.push(piece);
    }

    /// The most generous view of at most `bytes`; where none is, the beginning of the least.
    pub(crate) fn fitting(&self, bytes: usize) -> Self {
        if let Some(level) = LEVELS.into_iter().find(|level| self.fits(*level, bytes)) {
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

    /// Whether it takes no more than `bytes` at a level. A page with thousands of edits is told by its first ones.
    fn fits(&self, (kept, gone): (usize, usize), bytes: usize) -> bool {
        let mut left = Some(bytes);
        self.pieces.iter().all(|piece| {
            left = left.and_then(|left| left.checked_sub(piece.size_at(piece.kind.limit(kept, gone))));
            left.is_some()
        })
    }

    fn size_at(&self, (kept, gone): (usize, usize)) -> usize {
        let sizes = self.pieces.iter().map(|piece| piece.size_at(piece.kind.limit(kept, gone)));
        sizes.sum()
    }

    fn clipped(&self, (kept, gone): (usize, usize)) -> Self {
        let pieces = self.pieces.iter().map(|piece| piece.clipped(piece.kind.limit(kept, gone)));
        Self { pieces: pieces.collect(), untold: self.untold }
    }
}

impl PieceKind {
    /// The one of a level's limits that holds for it.
    fn limit(self, kept: usize, gone: usize) -> usize {
        if self == Self::Kept { kept } else { gone }
    }
}

impl Piece {
    fn new(kind: PieceKind, rule: usize) -> Self {
        let (head, tail) = (String::new(), String::new());
        Self { kind, rule, head, elided: 0, tail, chars: 0, escaped: 0, wordless: false }
    }

    /// Appends what a reader may be shown of `text`. What no level shows is counted and let go: scripts are nine tenths of
    /// a page, and to keep them until they were clipped took half of a run of 335 pages.
    fn push(&mut self, text: &str) {
        let (kept, gone) = LEVELS[0];
        let room = allowance(self.kind.limit(kept, gone)).saturating_sub(self.chars);
        let (of_head, rest) = split_at_character(text, room);
        self.chars += characters(of_head);
        push_harmless(of_head, &mut self.head);
        if rest.is_empty() {
            return;
        }
        let (passed, end) = rest.split_at_checked(from_end(rest, TAIL)).unwrap_or(("", rest));
        if !passed.is_empty() {
            self.elided += characters(&self.tail) + characters(passed);
            self.tail.clear();
        }
        push_harmless(end, &mut self.tail);
        if self.tail.len() > 16 * TAIL {
            let from = from_end(&self.tail, TAIL);
            self.elided += characters(self.tail.get(..from).unwrap_or_default());
            self.tail.drain(..from);
        }
    }

    /// Counts what it holds, when all is pushed.
    fn finish(&mut self) {
        if self.elided == 0 {
            self.head.push_str(&self.tail);
            self.tail.clear();
        }
        self.chars = characters(&self.head) + characters(&self.tail);
        self.escaped = escaped(&self.head) + escaped(&self.tail);
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
        if self.chars <= allowance(limit) {
            return None;
        }
        let of_tail = limit / 3;
        let head = split_at_character(&self.head, limit - of_tail).0.len();
        // What was never clipped has its end in the head.
        let (text, least) = if self.elided == 0 { (&self.head, head) } else { (&self.tail, 0) };
        let from = from_end(text, of_tail);
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
            wordless: self.wordless,
        }
    }
}

/// So many characters are shown whole where the limit is `limit`: to leave out a few would save nothing.
const fn allowance(limit: usize) -> usize {
    limit + limit / 8 + 8
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

/// The first `count` characters of a text, and the others.
fn split_at_character(text: &str, count: usize) -> (&str, &str) {
    if text.len() <= count {
        return (text, "");
    }
    let mut rest = text.chars();
    // `Chars::nth` counts 32 bytes at a time, `CharIndices::nth` one character.
    let left = match count.checked_sub(1) {
        None => text.len(),
        Some(last) => rest.nth(last).map_or(0, |_| rest.as_str().len()),
    };
    text.split_at_checked(text.len() - left).unwrap_or((text, ""))
}

/// Where the last `count` characters of a text begin.
fn from_end(text: &str, count: usize) -> usize {
    let starts = text.bytes().enumerate().rev().filter(|(_, byte)| byte & 0xc0 != 0x80);
    match count.checked_sub(1) {
        None => text.len(),
        Some(last) => starts.map(|(at, _)| at).nth(last).unwrap_or(0),
    }
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
