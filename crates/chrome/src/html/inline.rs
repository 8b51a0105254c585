//! Marks of Markdown inside a line: links, code, and the backslashes before what is none.

use memchr::memmem;

use crate::edit::{Edit, Replacement};
use crate::rules;

use super::emit::Emitter;
use super::markdown::{Context, NONE, destination, needs_escape};
use super::page::TextRun;
use super::scanner::Run;
use super::tag::Tag;
use super::title;

/// The link and the code around a character; [`NONE`] without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inline {
    pub(super) link: u32,
    pub(super) code: u32,
}

pub(super) const PLAIN: Inline = Inline { link: NONE, code: NONE };

impl Emitter<'_> {
    pub(super) fn context(&self, starts: bool, digits: bool) -> Context {
        let in_table = self.markdown.as_ref().is_some_and(|outline| outline.in_table());
        Context { starts: starts && !in_table, digits, in_link: self.inline.link != NONE, in_table }
    }

    /// Puts a backslash before what would be read as a mark; inside code only before the bars of a table.
    pub(super) fn escape(&mut self, word: Run, end: u32, starts: bool, escapes: bool) {
        let bytes = self.source.as_bytes();
        let get = |at: u32| bytes.get(at as usize).copied();
        let mut digits = false;
        let mut starts = starts && self.inline == PLAIN;
        for at in word.start..word.end {
            let Some(byte) = get(at) else { break };
            let context = self.context(starts, digits);
            let needs = if escapes {
                let before = if at == word.start { None } else { get(at - 1) };
                let after = if at + 1 < end { get(at + 1) } else { self.line_ends(end).then_some(b' ') };
                needs_escape(byte, before, after, context)
            } else {
                byte == b'|' && context.in_table
            };
            if needs {
                self.mark(at, "\\");
            }
            digits = byte.is_ascii_digit();
            starts &= digits && at - word.start < 9;
        }
    }

    /// Whether the tag at `at` ends the line, as far as one tag tells.
    pub(super) fn line_ends(&self, at: u32) -> bool {
        let rest = self.source.as_bytes().get(at as usize..).unwrap_or_default();
        let name = rest.strip_prefix(b"</").or_else(|| rest.strip_prefix(b"<")).unwrap_or_default();
        let length = name.iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let tag = Tag::of(name.get(..length).unwrap_or_default()).0;
        rest.is_empty() || tag == Tag::Br || !tag.is_inline() && tag != Tag::Other
    }

    /// The link and the code around a run.
    pub(super) fn inline_of(&self, run: &TextRun) -> Inline {
        if self.markdown.is_none() || run.preformatted {
            return PLAIN;
        }
        let code = self.code_of(run).unwrap_or(NONE);
        let link = if self.stream.address_of(run.link).is_some() { run.link } else { NONE };
        Inline { link, code }
    }

    /// The `code` element right around a run without backticks.
    pub(super) fn code_of(&self, run: &TextRun) -> Option<u32> {
        let mut element = run.element;
        for _ in 0..4 {
            let here = self.stream.element(element);
            if here.tag == Tag::Code {
                let text = run.span.of(self.source.as_bytes());
                let ticks = [&b"`"[..], b"&#96", b"&#x60", b"&#X60", b"&grave", b"&DiacriticalGrave"];
                return ticks.iter().all(|tick| memmem::find(text, tick).is_none()).then_some(element);
            }
            if !matches!(here.tag, Tag::Span | Tag::A | Tag::Other) {
                return None;
            }
            element = here.parent;
        }
        None
    }

    /// Inserts a mark of Markdown at `at`.
    pub(super) fn mark(&mut self, at: u32, text: &'static str) {
        let replacement = Replacement::Text(text);
        self.edits.push(Edit { start: at, end: at, replacement, rule: &rules::MARKDOWN, score: 0 });
    }

    /// The replacement that was written since `start`.
    pub(super) fn since(&self, start: usize) -> Replacement {
        Replacement::Written { start: start as u32, end: self.written.len() as u32 }
    }

    /// Ends the link and the code that do not go on.
    pub(super) fn close_inline(&mut self, next: Inline) {
        let same_link = next.link == self.inline.link;
        if self.inline.code != NONE && !(same_link && next.code != NONE && !self.space_due) {
            self.mark(self.kept_end, "`");
            self.inline.code = NONE;
        }
        if self.inline.link != NONE && !same_link {
            let start = self.written.len();
            self.written.push_str("](");
            if let Some(url) = self
                .stream
                .address_of(self.inline.link)
                .and_then(|run| title::decode_attribute(self.source, run))
            {
                destination(&url, self.written);
            }
            self.written.push(')');
            let replacement = self.since(start);
            let at = self.kept_end;
            self.edits.push(Edit { start: at, end: at, replacement, rule: &rules::MARKDOWN, score: 0 });
            self.inline.link = NONE;
        }
    }

    pub(super) fn open_inline(&mut self, at: u32, next: Inline) {
        if next.link != NONE && self.inline.link == NONE {
            self.mark(at, "[");
        }
        if next.code != NONE && self.inline.code == NONE {
            self.mark(at, "`");
        }
        self.inline = next;
    }
}
