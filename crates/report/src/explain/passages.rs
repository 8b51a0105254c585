//! The raw text, what is gone struck out, as items to be shown.

use std::fmt::Write as _;
use std::ops::Range;

use tamis_io::{LedgerEdit, LedgerLine};

use super::item::{Item, Label};
use crate::encoding::read_lossily;
use crate::shown::push_harmless;
use crate::{Piece, Rebuilt, Run};

/// Removed stretches longer than this are shown by their beginning and end.
const LONG: usize = 240;
/// What is shown of their beginning and end.
const HEAD: usize = 140;
const TAIL: usize = 60;

/// What the signs say.
pub(super) const LEGEND: &str =
    "‹…› markup alone; ‹⏎› a line end that went, ‹+⏎› one that was put in, ‹⍽→␣› one space for another";

/// The items of a document, and whether signs are among them.
pub(super) fn items(
    run: &Run,
    line: &LedgerLine<'_>,
    raw: &[u8],
    rebuilt: &Rebuilt<'_>,
    whole: bool,
) -> (Vec<Item>, bool) {
    let mut body = Body { run, line, raw, whole, marks: false, last_rule: String::new(), items: Vec::new() };
    let mut pieces = rebuilt.pieces.as_slice();
    while let Some((piece, rest)) = pieces.split_first() {
        pieces = rest;
        match piece.edit {
            None => body.text(rebuilt.text.get(piece.text.clone()).unwrap_or_default()),
            Some((_, LedgerEdit(_, _, _, Some(new)))) => body.replaced(piece, new),
            Some(_) => {
                // Neighbours that are gone are shown together.
                let more = pieces.iter().take_while(|next| is_removal(next)).count();
                let (others, rest) = pieces.split_at_checked(more).unwrap_or((pieces, &[]));
                pieces = rest;
                let run: Vec<&Piece<'_>> = std::iter::once(piece).chain(others).collect();
                body.removed(&run);
            }
        }
    }
    (body.items, body.marks)
}

fn is_removal(piece: &Piece<'_>) -> bool {
    matches!(piece.edit, Some((_, LedgerEdit(_, _, _, None))))
}

struct Body<'a> {
    run: &'a Run,
    line: &'a LedgerLine<'a>,
    raw: &'a [u8],
    whole: bool,
    /// Whether a sign was used, which needs a word at the end.
    marks: bool,
    /// The rule of the replacement before.
    last_rule: String,
    items: Vec<Item>,
}

impl Body<'_> {
    /// The raw bytes of a range as text.
    fn old(&self, range: Range<usize>) -> String {
        let bytes = self.raw.get(range).unwrap_or_default();
        read_lossily(self.line.encoding.as_deref(), bytes).into_owned()
    }

    /// Text that was kept.
    fn text(&mut self, text: &str) {
        match self.items.last_mut() {
            Some(Item::Text(before)) => push_harmless(text, before),
            _ => self.items.push(Item::Text(harmless_line(text))),
        }
    }

    /// A sign. One for a line end that went stands on the line before, not alone at the head of the next.
    fn sign(&mut self, text: String, rule: &str) {
        self.marks = true;
        let stage = self.run.stage_of(rule);
        let mark = Item::Mark { text, stage };
        match self.items.last_mut() {
            Some(Item::Text(before)) if before.ends_with('\n') => {
                before.pop();
                self.items.push(mark);
                self.items.push(Item::Text("\n".to_owned()));
            }
            _ => self.items.push(mark),
        }
    }

    /// A replacement: old and new, spaces and markup by a sign.
    fn replaced(&mut self, piece: &Piece<'_>, new: &str) {
        let old = self.old(piece.raw.clone());
        let Some((place, edit)) = piece.edit else { return };
        if new.chars().all(char::is_whitespace) && without_markup(&old).trim().is_empty() {
            let old = if old.trim().is_empty() { spaces_shown(&old) } else { "…".to_owned() };
            let arrow = if old.is_empty() { "+" } else { "→" };
            let shown = spaces_shown(new);
            // A tag that became a line end shows by the line end.
            let sign = if old == "…" && new.contains('\n') {
                "‹…›".into()
            } else {
                format!("‹{old}{arrow}{shown}›")
            };
            self.marks = true;
            self.items.push(Item::Mark { text: sign, stage: self.run.stage_of(&edit.2) });
            // What the new line ends do to the page is shown too.
            let ends: String = new.chars().filter(|c| *c == '\n').collect();
            if !ends.is_empty() {
                self.text(&ends);
            }
            return;
        }
        // An entity in every other word has one rule: told once, until another one comes.
        let scored = self.line.scores.get(place).is_some_and(Option::is_some);
        let label = (self.last_rule != edit.2 || scored).then(|| self.label(&edit.2, &[place], false));
        self.last_rule.clone_from(&edit.2);
        let stage = self.run.stage_of(&edit.2);
        let new = if new.trim().is_empty() { spaces_shown(new) } else { harmless_line(new) };
        let old = abbreviated(&old, self.whole);
        if old.is_empty() {
            self.items.push(Item::Inserted { text: new, stage, label });
        } else {
            self.items.push(Item::Removed { text: old, stage, label: None });
            self.items.push(Item::Inserted { text: new, stage, label });
        }
    }

    /// A run of removals: one stretch for each rule that took words, which takes in the markup and spaces around them.
    fn removed(&mut self, run: &[&Piece<'_>]) {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for piece in run {
            let text = self.old(piece.raw.clone());
            let (rule, wordless) = (rule_of(piece), wordless(&text));
            match groups.last_mut() {
                Some(group) if group.wordless || wordless || group.rule == rule => {
                    // The rule of the words is the one to name.
                    if group.wordless && !wordless {
                        (group.rule, group.wordless) = (rule, false);
                    }
                    group.text.push_str(&text);
                    group.edits.extend(piece.edit.map(|(place, _)| place));
                }
                _ => {
                    let edits = piece.edit.map(|(place, _)| place).into_iter().collect();
                    groups.push(Group { rule, wordless, text, edits });
                }
            }
        }
        let several = groups.len() > 1;
        for group in groups {
            if group.wordless {
                let sign = if is_space(&group.text) { spaces_shown(&group.text) } else { "…".to_owned() };
                self.sign(format!("‹{sign}›"), group.rule);
                continue;
            }
            self.stretch(&group);
            if several || group.text.ends_with('\n') {
                self.text("\n");
            }
        }
    }

    /// One stretch with words.
    fn stretch(&mut self, group: &Group<'_>) {
        // Words among markup: the markup would drown them.
        let words = without_markup(&group.text);
        let among_markup = words.len() < group.text.len();
        let shown = if among_markup {
            collapsed(&words)
        } else {
            group.text.trim_matches(['\n', '\r', '\u{feff}']).to_owned()
        };
        let long = shown.chars().count() > LONG && !self.whole;
        let label = Some(self.label(group.rule, &group.edits, long || among_markup));
        let text = abbreviated(&shown, self.whole);
        self.items.push(Item::Removed { text, stage: self.run.stage_of(group.rule), label });
    }

    /// A rule, with the evidence of those of the edits that it made.
    fn label(&self, rule: &str, edits: &[usize], with_bytes: bool) -> Label {
        let by_rule = |place: &&usize| self.line.edits.get(**place).is_some_and(|edit| edit.2 == rule);
        let scores =
            edits.iter().filter(by_rule).filter_map(|place| self.line.scores.get(*place).copied().flatten());
        let evidence = scores.clone().min().zip(scores.max());
        let bytes = edits.iter().filter_map(|place| self.line.edits.get(*place));
        let bytes = with_bytes.then(|| bytes.map(|edit| edit.1.saturating_sub(edit.0)).sum());
        let mut stays: Vec<String> = Vec::new();
        for edit in edits.iter().filter(by_rule).filter_map(|place| self.line.edits.get(*place)) {
            let runs = self.line.runs.iter().filter(|run| run.0 < edit.1 && edit.0 < run.1);
            for document in runs.map(|run| harmless_line(&run.2)) {
                if !stays.contains(&document) {
                    stays.push(document);
                }
            }
        }
        Label { rule: harmless_line(rule), stage: self.run.stage_of(rule), evidence, bytes, stays }
    }
}

/// Neighbouring edits that are shown as one.
struct Group<'a> {
    /// The rule of its words.
    rule: &'a str,
    /// Whether there are none.
    wordless: bool,
    text: String,
    /// Places in the ledger line.
    edits: Vec<usize>,
}

fn rule_of<'a>(piece: &Piece<'a>) -> &'a str {
    piece.edit.map_or("", |(_, edit)| &edit.2)
}

/// Whether the text is markup and spaces alone.
fn wordless(text: &str) -> bool {
    is_space(&without_markup(text))
}

/// Whether the text is spaces and other characters that show nothing.
fn is_space(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || c == '\u{feff}')
}

/// Spaces made visible, long runs of one counted.
fn spaces_shown(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let mut times = 1;
        while characters.next_if_eq(&c).is_some() {
            times += 1;
        }
        match c {
            ' ' => out.push('␣'),
            '\u{a0}' | '\u{202f}' => out.push('⍽'),
            '\t' => out.push('⇥'),
            '\n' => out.push('⏎'),
            '\r' => out.push('␍'),
            c => {
                let _ = write!(out, "<U+{:04X}>", u32::from(c));
            }
        }
        if times > 1 {
            let _ = write!(out, "×{times}");
        }
    }
    out
}

fn harmless_line(text: &str) -> String {
    let mut out = String::new();
    push_harmless(text, &mut out);
    out
}

/// The beginning and end of a long text.
fn abbreviated(text: &str, whole: bool) -> String {
    let length = text.chars().count();
    if whole || length <= LONG {
        return harmless_line(text);
    }
    let head: String = text.chars().take(HEAD).collect();
    let tail: String = text.chars().skip(length - TAIL).collect();
    let mut out = collapsed(&head);
    out.push_str(" … ");
    out.push_str(&collapsed(&tail));
    harmless_line(&out)
}

/// Runs of whitespace as one space.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c == '\u{feff}').filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The words of removed HTML, without its tags, comments, scripts and styles: for showing, where the structure no
/// longer matters. A `<` that opens no tag stays.
fn without_markup(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let Some(len) = markup_len(from) else {
            out.push('<');
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        out.push(' ');
        rest = from.get(len..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The bytes of the tag, comment or hidden element that `text` begins with.
fn markup_len(text: &str) -> Option<usize> {
    let next = text.as_bytes().get(1)?;
    if !next.is_ascii_alphabetic() && !matches!(next, b'/' | b'!' | b'?') {
        return None;
    }
    let until = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    if text.starts_with("<!--") {
        return Some(until("-->"));
    }
    for name in ["script", "style", "noscript", "svg"] {
        let opens = text.get(1..=name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
            && text.as_bytes().get(name.len() + 1).is_none_or(|after| !after.is_ascii_alphanumeric());
        if opens {
            return Some(closing(text, name));
        }
    }
    Some(until(">"))
}

/// The bytes up to the end tag of `name`, or all.
fn closing(text: &str, name: &str) -> usize {
    for (at, _) in text.match_indices("</") {
        let from = text.get(at + 2..).unwrap_or_default();
        if from.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return from.find('>').map_or(text.len(), |end| at + 2 + end + 1);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_markup_is_too_broken(text in "[<>/!é a-]{0,30}|(<|</|<!--|-->|script|svg|>|é| ){0,12}") {
            let words = without_markup(&text);
            prop_assert!(words.len() <= text.len());
            abbreviated(&text.repeat(20), false);
        }
    }

    #[test]
    fn words_come_out_of_markup() {
        assert_eq!(
            collapsed(&without_markup("<p class=\"a\">Lire <b>aussi</b></p><!-- x>y -->")),
            "Lire aussi"
        );
        assert_eq!(collapsed(&without_markup("<script>if (a<b) {}</script>fin <style>p{}</STYLE >")), "fin");
        assert_eq!(without_markup("1 < 2"), "1 < 2");
        assert_eq!(collapsed(&without_markup("<p")), "");
    }

    #[test]
    fn spaces_are_counted() {
        assert_eq!(spaces_shown("  \u{a0}\r\n\n\u{200b}"), "␣×2⍽␍⏎×2<U+200B>");
    }

    #[test]
    fn long_stretches_have_a_beginning_and_an_end() {
        let long = format!("debut {} fin", "mot ".repeat(200));
        let shown = abbreviated(&long, false);
        assert!(shown.starts_with("debut mot") && shown.ends_with("mot fin") && shown.chars().count() < LONG);
        assert_eq!(abbreviated(&long, true), long);
    }
}
