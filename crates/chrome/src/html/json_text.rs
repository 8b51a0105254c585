//! The article of a page's JSON-LD as text: the string stays where it stands, less its escapes and tags.

use memchr::memchr;

use crate::edit::Replacement;
use crate::rules;

use super::emit::{Emitter, is_white};
use super::inline::PLAIN;
use super::linked_data::read_escape;
use super::reference;
use super::scanner::Run;
use super::tag::Tag;

impl Emitter<'_> {
    /// Keeps a JSON string: escapes and references decoded, tags away, its lines one paragraph each.
    pub(super) fn keep_string(&mut self, string: Run) {
        let bytes = self.source.as_bytes();
        (self.block, self.line_begun, self.space_due) = (None, false, false);
        let escapes = self.markdown.is_some();
        let end = string.end;
        let mut at = string.start;
        while at < end {
            let tail = bytes.get(at as usize..end as usize).unwrap_or_default();
            let Some(&first) = tail.first() else { break };
            let mut span = Run { start: at, end: at + 1 };
            let mut stands_for = None;
            if is_white(first) {
                stands_for = Some((Replacement::Char(char::from(first)), &rules::WHITE_SPACE));
            } else if first == b'\\'
                && let Some((length, character)) = read_escape(tail)
            {
                span.end = at + length as u32;
                stands_for = Some((Replacement::Char(character), &rules::JSON_ESCAPE));
            } else if first == b'&'
                && let Some(found) = reference::read(tail)
            {
                span.end = at + found.length as u32;
                stands_for = Some((found.stands_for, &rules::ENTITY));
            } else if first == b'<'
                && tail
                    .get(1)
                    .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'\\' | b'!'))
                && let Some(length) = memchr(b'>', tail)
            {
                let name = tail.get(1..length).unwrap_or_default();
                let name = name.trim_ascii_start().strip_prefix(b"\\").unwrap_or(name);
                let name = name.strip_prefix(b"/").unwrap_or(name);
                let name = name.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
                let tag = Tag::of(name).0;
                if !tag.is_inline() || tag == Tag::Br {
                    (self.line_begun, self.space_due) = (false, false);
                }
                at += length as u32 + 1;
                self.push(Run { start: span.start, end: at }, &rules::MARKUP, 0);
                continue;
            }
            at = span.end;
            match stands_for {
                Some((Replacement::Char('\n' | '\r'), rule)) => {
                    (self.line_begun, self.space_due) = (false, false);
                    self.push(span, rule, 0);
                }
                Some((white, _)) if white.is_white() || !self.line_begun && white.is_indent() => {
                    self.white(span, false);
                }
                Some((replacement, rule)) => self.stand_in(span, replacement, rule, PLAIN, escapes),
                None => {
                    let starts = !self.line_begun;
                    self.begin(span.start, PLAIN);
                    let stop = |byte: &u8| is_white(*byte) || matches!(byte, b'\\' | b'&' | b'<');
                    at += tail.iter().skip(1).take_while(|byte| !stop(byte)).count() as u32;
                    if escapes {
                        self.escape(Run { start: span.start, end: at }, end, starts, true);
                    }
                    self.at = at;
                    self.kept_end = at;
                }
            }
        }
        self.line_begun = false;
        self.condemned_by = None;
    }
}
