//! A document as stretches that are kept, gone or put in, borrowed from its raw bytes.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use tamis_io::LedgerEdit;

use super::edits::Edit;
use super::view::{PieceKind, View};
use crate::encoding::read_lossily;
use crate::shown::{characters, escaped, escaped_if_harmless, harmless, is_harmless, split_at_character};

use crate::{Misfit, rebuild};

/// One stretch, whole or with its middle left out before.
#[derive(Clone, Debug)]
pub(super) struct Stretch<'a> {
    pub(super) kind: PieceKind,
    /// The rule's place in the report, of what is gone or new.
    pub(super) rule: usize,
    /// Spaces that are gone, by signs, which stand before all else.
    pub(super) lead: Cow<'a, str>,
    pub(super) head: &'a str,
    /// Characters left out between head and tail.
    pub(super) elided: usize,
    pub(super) tail: &'a str,
    /// Whether what is gone has no letter or digit outside of tags.
    wordless: bool,
    /// Where the head begins in the text that gone stretches are taken from.
    from: usize,
    /// Its characters and its length in HTML, where it was shown whole: most are, at every level.
    whole: Cell<Option<(usize, usize)>>,
}

/// The view of a document of at most `bytes`, and how many bytes its text has.
pub(super) fn view(
    raw: &[u8],
    encoding: Option<&str>,
    edits: &[Edit],
    bytes: usize,
) -> Result<(View, u64), Misfit> {
    if encoding.is_none_or(|label| label == "utf-8")
        && let Ok(text) = simdutf8::basic::from_utf8(raw)
        && let Some((stretches, length)) = borrowed(text, edits)
    {
        return Ok((View::fitting(&stretches, 0, bytes), length));
    }
    // Other encodings are decoded, stretch by stretch; and what does not fit is told by what rebuilds a document.
    let owned: Vec<LedgerEdit> = edits.iter().map(Edit::without_rule).collect();
    let rebuilt = rebuild(raw, encoding, &owned)?;
    let mut gone = String::new();
    let ends = rebuilt.pieces.iter().map(|piece| {
        if piece.edit.is_some() {
            gone.push_str(&read_lossily(encoding, raw.get(piece.raw.clone()).unwrap_or_default()));
        }
        gone.len()
    });
    let ends: Vec<usize> = ends.collect();
    let (mut stretches, mut start) = (Vec::with_capacity(ends.len()), 0);
    for (piece, end) in rebuilt.pieces.iter().zip(ends) {
        let text = rebuilt.text.get(piece.text.clone()).unwrap_or_default();
        match piece.edit.and_then(|(place, _)| edits.get(place)) {
            None => stretches.push(Stretch::of(PieceKind::Kept, usize::MAX, text)),
            Some(edit) => {
                if !piece.raw.is_empty() {
                    push_gone(&mut stretches, edit.rule, &gone, start..end);
                }
                if !text.is_empty() {
                    stretches.push(Stretch::of(PieceKind::New, edit.rule, text));
                }
            }
        }
        start = end;
    }
    Ok((View::fitting(&stretches, 0, bytes), rebuilt.text.len() as u64))
}

/// The stretches of a document whose raw bytes are its text before any edit, and the length of its text; `None` where an
/// edit does not fit.
fn borrowed<'a>(raw: &'a str, edits: &'a [Edit]) -> Option<(Vec<Stretch<'a>>, u64)> {
    let mut stretches = Vec::with_capacity(2 * edits.len() + 1);
    let (mut at, mut length) = (0, 0);
    for edit in edits {
        let (start, end) = (usize::try_from(edit.start).ok()?, usize::try_from(edit.end).ok()?);
        // One that begins before the last one ends, or ends before it begins, has no bytes to be kept or gone.
        let kept = raw.get(at..start)?;
        raw.get(start..end)?;
        if !kept.is_empty() {
            stretches.push(Stretch::of(PieceKind::Kept, usize::MAX, kept));
        }
        if start < end {
            push_gone(&mut stretches, edit.rule, raw, start..end);
        }
        match edit.new.as_deref() {
            Some("") => return None,
            Some(new) => stretches.push(Stretch::of(PieceKind::New, edit.rule, new)),
            None if start == end => return None,
            None => {}
        }
        length += kept.len() + edit.new.as_deref().map_or(0, str::len);
        at = end;
    }
    let kept = raw.get(at..)?;
    if !kept.is_empty() {
        stretches.push(Stretch::of(PieceKind::Kept, usize::MAX, kept));
    }
    Some((stretches, (length + kept.len()) as u64))
}

/// Neighbours that are gone are one stretch where one of them is markup or white space alone: of the rule that took the
/// words.
fn push_gone<'a>(stretches: &mut Vec<Stretch<'a>>, rule: usize, text: &'a str, range: Range<usize>) {
    let old = text.get(range.clone()).unwrap_or_default();
    let wordless = is_wordless(old);
    if let Some(last) = stretches.last_mut()
        && last.kind == PieceKind::Gone
        && (last.rule == rule || wordless || last.wordless)
    {
        if !wordless && last.wordless {
            last.rule = rule;
        }
        last.wordless &= wordless;
        last.head = text.get(last.from..range.end).unwrap_or_default();
        return;
    }
    let mut stretch = Stretch { wordless, from: range.start, ..Stretch::of(PieceKind::Gone, rule, old) };
    if wordless && old.chars().all(char::is_whitespace) {
        stretch.lead = spaces_shown(old);
        stretch.head = "";
        stretch.from = range.end;
    }
    stretches.push(stretch);
}

impl<'a> Stretch<'a> {
    pub(super) fn of(kind: PieceKind, rule: usize, text: &'a str) -> Self {
        Self {
            kind,
            rule,
            lead: Cow::Borrowed(""),
            head: text,
            elided: 0,
            tail: "",
            wordless: false,
            from: 0,
            whole: Cell::new(None),
        }
    }

    /// At most `limit` characters of it, and a few more where leaving them out would save nothing.
    pub(super) fn clipped(&self, limit: usize) -> Clipped<'_> {
        self.clipped_as_it_is(limit).unwrap_or_else(|| self.clipped_as_shown(limit))
    }

    /// As [`Self::clipped`], without a copy, where nothing is written out and nothing was left out before.
    fn clipped_as_it_is(&self, limit: usize) -> Option<Clipped<'_>> {
        const SHORT: usize = 12;
        if self.elided > 0 || self.lead.len() > SHORT {
            return None;
        }
        let whole = |escaped| Clipped {
            lead: &self.lead,
            head: self.head.into(),
            tail: "".into(),
            escaped,
            is_whole: true,
        };
        let most = allowance(limit);
        if let Some((chars, escaped)) = self.whole.get()
            && chars <= most
        {
            return Some(whole(escaped));
        }
        let (of_lead, of_tail) = (characters(&self.lead), limit / 3);
        if split_at_character(self.head, most - of_lead).1.is_empty() {
            let escaped = self.lead.len() + escaped_if_harmless(self.head)?;
            self.whole.set(Some((of_lead + characters(self.head), escaped)));
            return Some(whole(escaped));
        }
        // There may be more of a tail than is shown of one.
        if of_tail > TAIL {
            return None;
        }
        let head = split_at_character(self.head, limit - of_tail - of_lead).0;
        let tail = self.head.get(from_end(self.head, of_tail)..)?;
        let escaped = self.lead.len() + escaped_if_harmless(head)? + escaped_if_harmless(tail)?;
        Some(Clipped { lead: &self.lead, head: head.into(), tail: tail.into(), escaped, is_whole: false })
    }

    fn clipped_as_shown(&self, limit: usize) -> Clipped<'_> {
        let (most, of_tail) = (allowance(limit), limit / 3);
        let head = self.first(most + 1);
        let chars = characters(&head);
        if chars <= most && (self.elided == 0 || chars + characters(self.tail) <= most) {
            return Clipped::of(head, self.tail.into(), true);
        }
        Clipped::of(cut(head, limit - of_tail), self.last(of_tail, most), false)
    }

    /// The first `count` characters, as they are shown.
    fn first(&self, count: usize) -> Cow<'_, str> {
        let lead = split_at_character(&self.lead, count).0;
        let head = || split_at_character(self.head, count - characters(lead)).0;
        let text = match lead {
            "" => Cow::Borrowed(head()),
            lead if self.head.is_empty() => Cow::Borrowed(lead),
            lead => Cow::Owned(format!("{lead}{}", head())),
        };
        if is_harmless(&text) { text } else { cut(harmless(&text).into(), count) }
    }

    /// The last `count` characters, as they are shown, of a stretch that is not shown whole with `most`.
    fn last(&self, count: usize, most: usize) -> Cow<'_, str> {
        if self.elided > 0 {
            return self.tail.get(from_end(self.tail, count)..).unwrap_or_default().into();
        }
        let mut count = count;
        if count > TAIL && !split_at_character(self.head, most + TAIL).1.is_empty() {
            count = TAIL;
        }
        let from = from_end(self.head, count);
        let text = match (self.head.get(from..).unwrap_or_default(), &*self.lead) {
            (head, "") => Cow::Borrowed(head),
            (head, _) if from > 0 => Cow::Borrowed(head),
            (head, lead) => {
                let lead = lead.get(from_end(lead, count.saturating_sub(characters(head)))..);
                Cow::Owned(format!("{}{head}", lead.unwrap_or_default()))
            }
        };
        if is_harmless(&text) {
            return text;
        }
        let mut shown = harmless(&text);
        shown.drain(..from_end(&shown, count));
        shown.into()
    }

    /// The characters of it, as they are shown where any page may show them. `most` are shown of its beginning.
    pub(super) fn characters(&self, most: usize) -> usize {
        let shown = |text: &str| {
            if is_harmless(text) { characters(text) } else { characters(&harmless(text)) }
        };
        let (head, rest) = split_at_character(self.head, allowance(most));
        let (middle, end) = rest.split_at_checked(from_end(rest, TAIL)).unwrap_or((rest, ""));
        let of_head = shown(&self.lead) + shown(head) + characters(middle) + shown(end);
        of_head + self.elided + characters(self.tail)
    }
}

/// What is shown of a stretch.
pub(super) struct Clipped<'a> {
    pub(super) lead: &'a str,
    pub(super) head: Cow<'a, str>,
    pub(super) tail: Cow<'a, str>,
    /// The length of all three in HTML.
    pub(super) escaped: usize,
    /// Whether nothing is left out that was not left out before.
    pub(super) is_whole: bool,
}

impl<'a> Clipped<'a> {
    fn of(head: Cow<'a, str>, tail: Cow<'a, str>, is_whole: bool) -> Self {
        let escaped = escaped(&head) + escaped(&tail);
        Self { lead: "", head, tail, escaped, is_whole }
    }
}

/// Where more than this many characters are left out, no more than these are shown of the end.
const TAIL: usize = 400;

/// So many characters are shown whole where the limit is `limit`: to leave out a few would save nothing.
const fn allowance(limit: usize) -> usize {
    limit + limit / 8 + 8
}

/// The first `count` characters.
fn cut(text: Cow<'_, str>, count: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => split_at_character(text, count).0.into(),
        Cow::Owned(mut text) => {
            let end = split_at_character(&text, count).0.len();
            text.truncate(end);
            text.into()
        }
    }
}

/// Where the last `count` characters of a text begin.
fn from_end(text: &str, count: usize) -> usize {
    let starts = text.bytes().enumerate().rev().filter(|(_, byte)| byte & 0xc0 != 0x80);
    match count.checked_sub(1) {
        None => text.len(),
        Some(last) => starts.map(|(at, _)| at).nth(last).unwrap_or(0),
    }
}

/// Whether no letter or digit stands outside of tags.
fn is_wordless(text: &str) -> bool {
    let mut rest = text;
    // Pages are mostly tags: these are passed over in wide steps, and what is between them is looked at by characters.
    loop {
        let mut chars = rest.chars();
        let Some(c) = chars.find(|c| *c == '<' || c.is_alphanumeric()) else { return true };
        if c != '<' {
            return false;
        }
        rest = chars.as_str();
        let Some(end) = memchr::memchr(b'>', rest.as_bytes()) else { return true };
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// Spaces that are gone, by signs: where nothing is left, nothing would be seen.
pub(super) fn spaces_shown(text: &str) -> Cow<'static, str> {
    match text {
        "\n" => Cow::Borrowed("⏎"),
        " " => Cow::Borrowed("␣"),
        text => text.chars().map(space_shown).collect::<String>().into(),
    }
}

fn space_shown(space: char) -> char {
    match space {
        '\n' => '⏎',
        '\r' => '␍',
        '\t' => '⇥',
        ' ' => '␣',
        _ => '⍽',
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretches(raw: &str, edits: &[(u64, u64, usize, Option<&str>)]) -> Vec<(PieceKind, usize, String)> {
        let edits = edits.iter().map(|(start, end, rule, new)| Edit {
            start: *start,
            end: *end,
            rule: *rule,
            new: new.map(Into::into),
        });
        let edits: Vec<Edit> = edits.collect();
        let (view, _) = view(raw.as_bytes(), None, &edits, 1_000).unwrap();
        view.pieces().map(|piece| (piece.kind, piece.rule, piece.head.to_owned())).collect()
    }

    #[test]
    fn neighbours_that_are_gone_are_one_stretch_of_the_rule_that_took_the_words() {
        const MARKUP: usize = 0;
        const MENU: usize = 1;
        const SPACE: usize = 2;
        let edits =
            [(0, 3, MARKUP, None), (3, 7, MENU, None), (7, 11, MARKUP, None), (15, 16, SPACE, Some("\n"))];
        let kept = |text: &str| (PieceKind::Kept, usize::MAX, text.to_owned());
        assert_eq!(
            stretches("<p>Menu</p>Kept", &edits[..3]),
            [(PieceKind::Gone, MENU, "<p>Menu</p>".to_owned()), kept("Kept")]
        );
        assert_eq!(
            stretches("<p>Menu</p>Kept end", &edits)[2..],
            [(PieceKind::Gone, SPACE, "␣".into()), (PieceKind::New, SPACE, "\n".into()), kept("end")]
        );
        // Only spaces that a stretch begins with are signs.
        assert_eq!(
            stretches("\n\tMenu\nend", &[(0, 2, SPACE, None), (2, 6, MENU, None), (6, 7, SPACE, None)]),
            [(PieceKind::Gone, MENU, "⏎⇥Menu\n".to_owned()), kept("end")]
        );
    }

    #[test]
    fn other_encodings_are_read_stretch_by_stretch() {
        let edits = [
            Edit { start: 0, end: 1, rule: 0, new: None },
            Edit { start: 1, end: 2, rule: 0, new: Some("T".into()) },
        ];
        let told = |label| {
            let (view, length) = view(b"\xe9t\xe9", Some(label), &edits, 1_000).unwrap();
            let heads: Vec<String> = view.pieces().map(|piece| piece.head.to_owned()).collect();
            (heads.concat(), length)
        };
        assert_eq!(told("windows-1252"), ("étTé".to_owned(), 3));
        assert_eq!(told("iso-8859-5"), ("щtTщ".to_owned(), 3));
        assert!(view(b"\xe9t\xe9", None, &edits, 1_000).is_err());
        assert!(view(b"ab", None, &[Edit { start: 1, end: 1, rule: 0, new: None }], 1_000).is_err());
    }

    proptest! {
        #[test]
        fn words_are_looked_for_outside_of_tags(text in "[<>a-bé0 .]{0,12}") {
            let mut inside = false;
            let has_words = text.chars().any(|c| {
                inside = c == '<' || (inside && c != '>');
                !inside && c.is_alphanumeric()
            });
            prop_assert_eq!(is_wordless(&text), !has_words);
        }

        #[test]
        fn what_needs_no_copy_is_clipped_as_what_does(
            lead in "[⏎␣]{0,4}", head in "[a-eé’<&\n\r\u{202e}\u{85}]{0,300}|[ab é’]{0,300}", limit in 40_usize..140,
        ) {
            let mut stretch = Stretch::of(PieceKind::Gone, 0, &head);
            stretch.lead = lead.into();
            // Asked twice, as what is whole is kept.
            for _ in 0..2 {
                if let Some(fast) = stretch.clipped_as_it_is(limit) {
                    let slow = stretch.clipped_as_shown(limit);
                    let of = |clipped: &Clipped<'_>| (
                        format!("{}{}", clipped.lead, clipped.head), clipped.tail.to_string(), clipped.escaped, clipped.is_whole,
                    );
                    prop_assert_eq!(of(&fast), of(&slow));
                    prop_assert_eq!(fast.escaped, escaped(fast.lead) + escaped(&fast.head) + escaped(&fast.tail));
                } else {
                    prop_assert!(!is_harmless(&head));
                }
            }
        }
    }
}
