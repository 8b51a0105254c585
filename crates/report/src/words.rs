//! Where two texts differ, word by word.
//!
//! Lines would be too coarse: a paragraph of an article is one line. Characters would be too fine: `le` and `la` share a
//! letter and no meaning. The comparison is imara-diff's Myers with its heuristics, which bound the time on texts that
//! have nothing in common; a plain Myers is quadratic there.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput, Interner};

use crate::terminal::{Style, Tone, flow};

/// What became of a stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// In both texts.
    Same,
    /// In the first alone.
    Gone,
    /// In the second alone.
    New,
}

/// Where two texts differ: their stretches in order, [`Fate::Gone`] before [`Fate::New`] in the same place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordDiff<'a> {
    /// The stretches; no two neighbours have the same fate, none is empty.
    pub(crate) stretches: Vec<(Fate, &'a str)>,
    /// Words in the first text.
    pub(crate) before: u64,
    /// Words in the second text.
    pub(crate) after: u64,
    /// Words in both.
    pub(crate) same: u64,
}

impl<'a> WordDiff<'a> {
    /// Compares two texts.
    pub(crate) fn of(before: &'a str, after: &'a str) -> Self {
        let (left, right) = (Tokens::of(before), Tokens::of(after));
        let found = hunks(left.texts(), right.texts());
        Self::between(&left, &right, found)
    }

    /// Compares two texts as readers do: another form of the same space, quote, apostrophe or dash is no difference.
    pub(crate) fn of_words(before: &'a str, after: &'a str) -> Self {
        let (left, right) = (Tokens::of(before), Tokens::of(after));
        let found = hunks(left.texts().map(plain), right.texts().map(plain));
        Self::between(&left, &right, found)
    }

    fn between(left: &Tokens<'a>, right: &Tokens<'a>, hunks: Vec<(Range<usize>, Range<usize>)>) -> Self {
        let mut changes: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        for (gone, new) in hunks {
            // A space or a comma between two changes joins them: what is read as one change is one.
            match changes.last_mut() {
                Some((before, after)) if is_filler(left.slice(before.end..gone.start)) => {
                    (before.end, after.end) = (gone.end, new.end);
                }
                _ => changes.push((gone, new)),
            }
        }
        let mut found = Self { before: words(left.text), after: words(right.text), ..Self::default() };
        let mut at = 0;
        for (gone, new) in changes {
            found.push(Fate::Same, left.slice(at..gone.start));
            at = gone.end;
            found.push(Fate::Gone, left.slice(gone));
            found.push(Fate::New, right.slice(new));
        }
        found.push(Fate::Same, left.slice(at..left.len()));
        found.same = found.of_fate(Fate::Same).map(words).sum();
        found
    }

    /// Bytes that one text has and the other has not.
    pub(crate) fn weight(&self) -> u64 {
        let changed = self.stretches.iter().filter(|(fate, _)| *fate != Fate::Same);
        changed.map(|(_, text)| text.len() as u64).sum()
    }

    /// The stretches of one fate.
    pub(crate) fn of_fate(&self, fate: Fate) -> impl Iterator<Item = &'a str> {
        self.stretches.iter().filter(move |(found, _)| *found == fate).map(|(_, text)| *text)
    }

    /// The stretches, what is the same shortened to at most `around` words beside each change: for showing. Where
    /// something was left out stands `None`.
    pub(crate) fn shortened(&self, around: usize) -> Vec<Option<(Fate, &'a str)>> {
        let mut out = Vec::new();
        let last = self.stretches.len().saturating_sub(1);
        for (place, (fate, text)) in self.stretches.iter().enumerate() {
            if *fate != Fate::Same {
                out.push(Some((*fate, *text)));
                continue;
            }
            let head = if place == 0 { "" } else { first_words(text, around) };
            let rest = text.get(head.len()..).unwrap_or_default();
            let tail = if place == last { "" } else { last_words(rest, around) };
            if head.len() + tail.len() + 40 > text.len() && place != 0 && place != last {
                out.push(Some((Fate::Same, *text)));
                continue;
            }
            out.extend((!head.is_empty()).then_some(Some((Fate::Same, head))));
            out.extend((head.len() + tail.len() < text.len()).then_some(None));
            out.extend((!tail.is_empty()).then_some(Some((Fate::Same, tail))));
        }
        out
    }

    fn push(&mut self, fate: Fate, text: &'a str) {
        if !text.is_empty() {
            self.stretches.push((fate, text));
        }
    }
}

/// Where two sequences differ: ranges of items of the first that gave way to ranges of the second.
pub(crate) fn hunks<T: Eq + std::hash::Hash>(
    before: impl Iterator<Item = T>,
    after: impl Iterator<Item = T>,
) -> Vec<(Range<usize>, Range<usize>)> {
    let mut input = InternedInput {
        before: Vec::new(),
        after: Vec::new(),
        interner: Interner::new(before.size_hint().0),
    };
    input.update_before(before);
    input.update_after(after);
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_no_heuristic(&input);
    let wide = |range: Range<u32>| range.start as usize..range.end as usize;
    diff.hunks().map(|hunk| (wide(hunk.before), wide(hunk.after))).collect()
}

/// Writes the stretches of a word diff.
pub(crate) fn stretches(parts: &[Option<(Fate, String)>], wide: usize, style: Style, out: &mut String) {
    let marked = parts.iter().map(|part| match part {
        None => (Tone::Faint, " […] ".to_owned()),
        Some((Fate::Same, text)) => (Tone::Plain, text.clone()),
        Some((Fate::Gone, text)) => (Tone::Gone, style.gone(text)),
        Some((Fate::New, text)) => (Tone::New, style.added(text)),
    });
    let marked: Vec<(Tone, String)> = marked.collect();
    flow(marked.iter().map(|(tone, text)| (*tone, text.as_str())), wide, style, out);
}

/// Whether the text between two changes is none of its own: a space, a comma.
fn is_filler(text: &str) -> bool {
    text.chars().count() <= 3 && !text.contains('\n') && !text.chars().any(char::is_alphanumeric)
}

/// The number of words: runs of letters and digits. A text cut between tokens has as many as its parts together.
fn words(text: &str) -> u64 {
    let is_word = |token: &&str| token.chars().any(char::is_alphanumeric);
    Tokens::of(text).texts().filter(is_word).count() as u64
}

/// One form for all forms of a space, a quotation mark, an apostrophe and a dash.
fn plain(token: &str) -> &str {
    match token {
        "\n" => "\n",
        "’" | "‘" | "ʼ" | "′" | "`" => "'",
        "“" | "”" | "„" | "«" | "»" => "\"",
        "–" | "—" | "‑" | "‐" | "−" => "-",
        token if token.chars().all(char::is_whitespace) => " ",
        token => token,
    }
}

/// The first `count` words with what stands between them.
fn first_words(text: &str, count: usize) -> &str {
    let mut ends = text.char_indices().skip_while(|(_, c)| c.is_whitespace());
    let mut left = count;
    let end = ends.find(|(_, c)| {
        left -= usize::from(c.is_whitespace() && left > 0);
        left == 0
    });
    end.map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// The last `count` words with what stands between them.
fn last_words(text: &str, count: usize) -> &str {
    let trimmed = text.trim_end();
    let mut left = count;
    let start = trimmed.char_indices().rev().find(|(_, c)| {
        left -= usize::from(c.is_whitespace() && left > 0);
        left == 0
    });
    start.map_or(text, |(start, c)| text.get(start + c.len_utf8()..).unwrap_or(text))
}

/// A text cut into words, spaces and single other characters.
struct Tokens<'a> {
    text: &'a str,
    /// Where each token starts, and the end of the text.
    starts: Vec<usize>,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        let (mut starts, mut before) = (Vec::with_capacity(text.len() / 3 + 1), None);
        for (at, c) in text.char_indices() {
            let kind = Kind::of(c);
            if before != Some(kind) || kind == Kind::Single {
                starts.push(at);
            }
            before = Some(kind);
        }
        starts.push(text.len());
        Self { text, starts }
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn texts(&self) -> impl Iterator<Item = &'a str> {
        let text = self.text;
        self.starts.windows(2).map(move |pair| match pair {
            [start, end] => text.get(*start..*end).unwrap_or_default(),
            _ => "",
        })
    }

    /// The text of a range of tokens.
    fn slice(&self, tokens: Range<usize>) -> &'a str {
        let at = |token: usize| self.starts.get(token).copied().unwrap_or(self.text.len());
        self.text.get(at(tokens.start)..at(tokens.end)).unwrap_or_default()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Space,
    Single,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            // Scripts written without spaces: each character counts as a word.
            '\u{2e80}'..='\u{abff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '\n' => {
                Self::Single
            }
            c if c.is_alphanumeric() => Self::Word,
            // Combining accents belong to their letters.
            '\u{300}'..='\u{36f}' => Self::Word,
            c if c.is_whitespace() => Self::Space,
            _ => Self::Single,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(before: &str, after: &str) -> String {
        let stretches = WordDiff::of(before, after).stretches;
        let mark = |(fate, text): &(Fate, &str)| match fate {
            Fate::Same => (*text).to_owned(),
            Fate::Gone => format!("[-{text}-]"),
            Fate::New => format!("{{+{text}+}}"),
        };
        stretches.iter().map(mark).collect()
    }

    #[test]
    fn words_are_compared_and_neighbouring_changes_are_one() {
        for (before, after, expected) in [
            ("le chat dort", "le chien dort", "le [-chat-]{+chien+} dort"),
            ("un deux trois quatre", "un 2, 3 quatre", "un [-deux trois-]{+2, 3+} quatre"),
            ("a\nb", "a\nc", "a\n[-b-]{+c+}"),
            ("", "neuf", "{+neuf+}"),
            ("parti", "", "[-parti-]"),
            ("日本語文", "日本文", "日本[-語-]文"),
            ("pareil", "pareil", "pareil"),
        ] {
            assert_eq!(shown(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn what_is_the_same_is_shortened_around_changes() {
        let text = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize";
        let before = format!("{text} ici {text}");
        let after = format!("{text} là {text}");
        let diff = WordDiff::of(&before, &after);
        let shown: Vec<String> = diff
            .shortened(2)
            .into_iter()
            .map(|part| part.map_or("…".to_owned(), |(_, text)| text.to_owned()))
            .collect();
        assert_eq!(shown, ["…", "quinze seize ", "ici", "là", " un deux", "…"]);
        assert_eq!((diff.before, diff.after, diff.same), (33, 33, 32));
    }

    #[test]
    fn readers_see_no_difference_between_forms_of_a_sign() {
        let diff = WordDiff::of_words("l’été «\u{a0}tard\u{a0}» – fin", "l'été \" tard \" - fin");
        assert_eq!((diff.weight(), diff.before, diff.after, diff.same), (0, 4, 4, 4));
        assert!(WordDiff::of("l’été", "l'été").weight() > 0);
    }

    proptest! {
        #[test]
        fn both_texts_come_back(before in "[ab é,\n語]{0,40}", after in "[ab é,\n語]{0,40}") {
            let diff = WordDiff::of(&before, &after);
            let side = |other: Fate| -> String {
                diff.stretches.iter().filter(|(fate, _)| *fate != other).map(|(_, text)| *text).collect()
            };
            prop_assert_eq!(side(Fate::New), before.as_str());
            // What was the same between two joined changes stands in both.
            prop_assert_eq!(side(Fate::Gone), after.as_str());
            prop_assert!(diff.stretches.windows(2).all(|pair| pair[0].0 != pair[1].0));
            prop_assert!(diff.stretches.iter().all(|(_, text)| !text.is_empty()));
            prop_assert_eq!(diff.weight() == 0, before == after);
        }
    }
}
