//! Breaks text into rows between words.
//!
//! Widths are columns of the terminal, not characters: a Chinese character takes two, a combining accent none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::style::{Style, Tone};

/// Lines of text longer than this are hard to read.
pub(crate) const WIDEST_TEXT: usize = 100;

/// Writes `text` below and beside `name`, folded to `width`.
pub(crate) fn hanging(name: &str, text: &str, width: usize, style: Style, out: &mut String) {
    const NAME: usize = 11;
    let pad = NAME.saturating_sub(name.width());
    style.paint(Tone::Faint, name, out);
    out.extend(std::iter::repeat_n(' ', pad));
    for (place, line) in folded(text, width.saturating_sub(NAME).max(20)).iter().enumerate() {
        if place > 0 {
            out.extend(std::iter::repeat_n(' ', NAME));
        }
        out.push_str(line);
        out.push('\n');
    }
}

/// Writes stretches of text in their tones, folded to `width`.
pub(crate) fn flow<'a>(
    stretches: impl IntoIterator<Item = (Tone, &'a str)>,
    width: usize,
    style: Style,
    out: &mut String,
) {
    let mut rows = Rows::new(width.clamp(20, WIDEST_TEXT));
    for (tone, text) in stretches {
        rows.push(tone, text, None);
    }
    for row in rows.finish() {
        row.write(style, out);
        out.push('\n');
    }
}

/// The text in lines of at most `width` columns; one line at least.
pub(crate) fn folded(text: &str, width: usize) -> Vec<String> {
    let mut rows = Rows::new(width.max(4));
    rows.push(Tone::Plain, text, None);
    let lines = rows.finish().into_iter();
    let mut lines: Vec<String> =
        lines.map(|row| row.parts.into_iter().map(|(_, text)| text).collect()).collect();
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// The columns that a text takes.
#[cfg(test)]
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// What no row begins with.
const CLOSING: [char; 14] =
    ['。', '、', '，', '．', '！', '？', '：', '；', '」', '』', '）', '】', '〉', '》'];

/// One row of text.
#[derive(Debug, Default)]
pub(crate) struct Row {
    parts: Vec<(Tone, String)>,
    /// Columns it takes.
    pub(crate) width: usize,
    /// Numbers of the notes whose text begins on it.
    pub(crate) notes: Vec<usize>,
    /// Whether a line of the text ends with it.
    pub(crate) ends_paragraph: bool,
}

impl Row {
    fn push(&mut self, tone: Tone, text: &str, width: usize) {
        self.width += width;
        match self.parts.last_mut() {
            Some((last, part)) if *last == tone => part.push_str(text),
            _ => self.parts.push((tone, text.to_owned())),
        }
    }

    /// Whether it begins with text of the document.
    pub(crate) fn is_plain(&self) -> bool {
        self.parts.first().is_some_and(|(tone, _)| *tone == Tone::Plain)
    }

    /// Writes it, without a line end.
    pub(crate) fn write(&self, style: Style, out: &mut String) {
        for (tone, text) in &self.parts {
            style.paint(*tone, text, out);
        }
    }
}

/// Breaks text into rows between words.
#[derive(Debug)]
pub(crate) struct Rows {
    limit: usize,
    done: Vec<Row>,
    row: Row,
    /// The word that is being read: it stands on one row even where its parts differ in tone.
    word: Row,
    /// Whether the character before takes two columns.
    after_wide: bool,
    /// Spaces before it: how many, and the tone of the first.
    space: Option<(Tone, usize)>,
}

impl Rows {
    /// Rows of at most `limit` columns.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            done: Vec::new(),
            row: Row::default(),
            word: Row::default(),
            after_wide: false,
            space: None,
        }
    }

    /// Appends text; `note` goes to the row that its first word stands on.
    pub(crate) fn push(&mut self, tone: Tone, text: &str, note: Option<usize>) {
        let mut note = note;
        let mut buffer = [0; 4];
        for c in text.chars() {
            match c {
                '\n' => {
                    self.place_word();
                    self.end_row(true);
                }
                // A no-break space is part of its word.
                c if c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}') => {
                    self.place_word();
                    let (first, count) = self.space.unwrap_or((tone, 0));
                    self.space = Some((first, count + 1));
                }
                c => {
                    let width = c.width().unwrap_or(0);
                    // Scripts written without spaces break anywhere but before what closes.
                    let may_break = (width == 2 || c.is_alphanumeric()) && !CLOSING.contains(&c);
                    if self.word.width + width > self.limit || may_break && self.after_wide {
                        self.place_word();
                    }
                    self.after_wide = width == 2;
                    self.word.notes.extend(note.take());
                    self.word.push(tone, c.encode_utf8(&mut buffer), width);
                }
            }
        }
    }

    fn place_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if word.parts.is_empty() {
            return;
        }
        // Spaces at the beginning of a row are not shown.
        let space = self.space.take().filter(|_| self.row.width > 0);
        let gap = space.map_or(0, |(_, count)| count);
        if self.row.width > 0 && self.row.width + gap + word.width > self.limit {
            self.end_row(false);
        } else if let Some((tone, count)) = space {
            self.row.push(tone, &" ".repeat(count), count);
        }
        self.row.width += word.width;
        self.row.notes.extend(word.notes);
        for (tone, text) in word.parts {
            self.row.push(tone, &text, 0);
        }
    }

    fn end_row(&mut self, ends_paragraph: bool) {
        self.space = None;
        let mut row = std::mem::take(&mut self.row);
        row.ends_paragraph = ends_paragraph;
        self.done.push(row);
    }

    /// The rows.
    pub(crate) fn finish(mut self) -> Vec<Row> {
        self.place_word();
        if !self.row.parts.is_empty() {
            self.end_row(true);
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(folded("日本語 日本", 6), ["日本語", "日本"]);
        assert_eq!(folded("日本語日本", 5), ["日本", "語日", "本"]);
        assert_eq!(folded("e\u{301}te\u{301} fini", 4), ["e\u{301}te\u{301}", "fini"]);
        assert_eq!(folded("", 9), [""]);
    }

    #[test]
    fn text_without_spaces_breaks_between_its_characters() {
        assert_eq!(folded("会議は、12時に始まる。", 10), ["会議は、", "12時に始ま", "る。"]);
        assert_eq!(folded("始まる。", 6), ["始ま", "る。"]);
    }

    #[test]
    fn a_no_break_space_does_not_break() {
        assert_eq!(folded("vingt 12\u{a0}€ net", 9), ["vingt", "12\u{a0}€ net"]);
    }

    proptest! {
        #[test]
        fn no_row_is_wider_than_asked_and_no_letter_is_lost(text in "[a-zé 日\n-]{0,200}", limit in 4_usize..90) {
            let lines = folded(&text, limit);
            prop_assert!(lines.iter().all(|line| width(line) <= limit));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
