//! Verdicts in, edits out.

use crate::edit::{Edit, Replacement};
use crate::options::Format;
use crate::rules::{self, Rule};

use super::linked_data::read_escape;
use super::markdown::{Context, NONE, Outline, destination, needs_escape};
use super::page::{Block, Stream, TextRun};
use super::reference;
use super::scanner::Run;
use super::select::Selection;
use super::tag::Tag;
use super::title;

/// A span since the last kept byte, and why it goes.
#[derive(Debug, Clone, Copy)]
struct Piece {
    span: Run,
    rule: &'static Rule,
    score: i16,
    /// White space of preformatted text: stays if text follows.
    stays: bool,
}

/// Buffers of the writing.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
    outline: Outline,
}

/// The link and the code around a character; [`NONE`] without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inline {
    link: u32,
    code: u32,
}

const PLAIN: Inline = Inline { link: NONE, code: NONE };

/// Writes the edits that leave the kept blocks, one to a line.
struct Emitter<'a> {
    source: &'a str,
    stream: &'a Stream,
    raw: &'a [Run],
    edits: &'a mut Vec<Edit>,
    /// Replacements that are not fixed strings.
    written: &'a mut String,
    /// What goes, since the last kept byte.
    pieces: &'a mut Vec<Piece>,
    /// Present when Markdown is asked for.
    markdown: Option<&'a mut Outline>,
    /// The article in the page's JSON-LD, where it is kept.
    body: Option<Run>,
    /// The block that is being written.
    block: Option<&'a Block>,
    inline: Inline,
    /// End of what is in `edits` and `pieces`.
    at: u32,
    /// End of the last kept byte.
    kept_end: u32,
    /// The rule that took the last block, if nothing was kept since.
    condemned_by: Option<&'static Rule>,
    /// Something has been kept.
    begun: bool,
    /// Something of the block has been kept.
    line_begun: bool,
    /// There was white space since.
    space_due: bool,
}

/// Appends the edits for the whole page.
pub(crate) fn emit(
    source: &str,
    stream: &Stream,
    selection: &Selection,
    format: Format,
    buffers: &mut Pieces,
    edits: &mut Vec<Edit>,
    written: &mut String,
) {
    buffers.pieces.clear();
    if format == Format::Markdown {
        buffers.outline.read(stream, selection);
    }
    let mut emitter = Emitter {
        source,
        stream,
        raw: &stream.raw,
        edits,
        written,
        pieces: &mut buffers.pieces,
        markdown: (format == Format::Markdown).then_some(&mut buffers.outline),
        body: selection.body,
        block: None,
        inline: PLAIN,
        at: 0,
        kept_end: 0,
        condemned_by: None,
        begun: false,
        line_begun: false,
        space_due: false,
    };
    for (block, verdict) in stream.blocks.iter().zip(&selection.verdicts) {
        let runs = stream.runs_of(block);
        emitter.line_begun = false;
        emitter.space_due = false;
        if let Some(rule) = verdict.condemned {
            if let (Some(first), Some(last)) = (runs.first(), runs.last()) {
                let rule = selection.vetoes.of(first.element).unwrap_or(rule);
                emitter.condemn(Run { start: first.span.start, end: last.span.end }, rule, verdict.score);
            }
            continue;
        }
        emitter.block = Some(block);
        for (index, run) in (block.first_run..).zip(runs) {
            match selection.taken(index, run, verdict) {
                Some(rule) => emitter.condemn(run.span, rule, verdict.score),
                None => emitter.keep(run),
            }
        }
    }
    emitter.line_begun = false;
    emitter.gap(source.len() as u32);
    emitter.finish();
}

/// U+00A0 and U+3000.
const INDENTS: [&[u8]; 2] = [b"\xc2\xa0", b"\xe3\x80\x80"];

fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
}

impl<'a> Emitter<'a> {
    fn push(&mut self, span: Run, rule: &'static Rule, score: i16) {
        self.at = span.end;
        if span.is_empty() {
            return;
        }
        // A removal that goes on where the last one ended is one removal.
        if let Some(last) = self.pieces.last_mut()
            && last.span.end == span.start
            && std::ptr::eq(last.rule, rule)
            && !last.stays
        {
            last.span.end = span.end;
            last.score = last.score.min(score);
            return;
        }
        self.pieces.push(Piece { span, rule, score, stays: false });
    }

    /// Decides the bytes up to `end`, in which no text was found: tags, and what is not rendered.
    fn gap(&mut self, end: u32) {
        while let Some((raw, later)) = self.raw.split_first() {
            if raw.start >= end {
                break;
            }
            self.raw = later;
            if raw.start < self.at {
                continue;
            }
            self.push(Run { start: self.at, end: raw.start }, &rules::MARKUP, 0);
            let mut raw = *raw;
            if let Some(body) = self.body.filter(|body| body.start >= raw.start && body.end <= raw.end) {
                self.push(Run { start: raw.start, end: body.start }, &rules::SCRIPT, 0);
                self.keep_string(body);
                raw.start = body.end;
            }
            self.push(raw, &rules::SCRIPT, 0);
        }
        if self.at < end {
            self.push(Run { start: self.at, end }, &rules::MARKUP, 0);
        }
    }

    fn condemn(&mut self, span: Run, rule: &'static Rule, score: i16) {
        let body = self.body.is_some_and(|body| body.start >= self.at && body.end <= span.end);
        if !body && self.condemned_by.is_some_and(|last| std::ptr::eq(last, rule)) {
            // The tags between two blocks that go for the same reason go with them.
            self.push(Run { start: self.at, end: span.end }, rule, score);
        } else {
            self.gap(span.start);
            self.push(span, rule, score);
        }
        self.condemned_by = Some(rule);
    }

    /// Keeps a run, less the white space and references in it.
    fn keep(&mut self, run: &TextRun) {
        let bytes = self.source.as_bytes();
        let inline = self.inline_of(run);
        let escapes = self.markdown.is_some() && !run.preformatted && inline.code == NONE;
        let end = run.span.end;
        let mut at = run.span.start;
        while at < end {
            let tail = bytes.get(at as usize..end as usize).unwrap_or_default();
            let Some(&first) = tail.first() else { break };
            if is_white(first) {
                let length = tail.iter().take_while(|byte| is_white(**byte)).count() as u32;
                self.white(Run { start: at, end: at + length }, run.preformatted);
                at += length;
                continue;
            }
            // A no-break or ideographic space that indents a paragraph is layout.
            if !self.line_begun
                && let Some(length) =
                    INDENTS.iter().find(|indent| tail.starts_with(indent)).map(|indent| indent.len())
            {
                self.white(Run { start: at, end: at + length as u32 }, false);
                at += length as u32;
                continue;
            }
            if first == b'&'
                && let Some(found) = reference::read(tail)
            {
                let span = Run { start: at, end: at + found.length as u32 };
                at = span.end;
                if found.stands_for.is_white() || !self.line_begun && found.stands_for.is_indent() {
                    self.white(span, false);
                } else {
                    self.stand_in(span, found.stands_for, &rules::ENTITY, inline, escapes);
                }
                continue;
            }
            let starts = !self.line_begun;
            self.begin(at, inline);
            let length =
                1 + tail.iter().skip(1).take_while(|byte| !is_white(**byte) && **byte != b'&').count();
            if self.markdown.is_some() && !run.preformatted {
                self.escape(Run { start: at, end: at + length as u32 }, end, starts, escapes);
            }
            at += length as u32;
            self.at = at;
            self.kept_end = at;
        }
    }

    /// Something else stands for `span`.
    fn stand_in(
        &mut self,
        span: Run,
        replacement: Replacement,
        rule: &'static Rule,
        inline: Inline,
        escapes: bool,
    ) {
        let starts = !self.line_begun;
        self.begin(span.start, inline);
        let mut replacement = replacement;
        let context = self.context(starts, false);
        let mut buffer = [0; 4];
        if self.markdown.is_some()
            && let [byte] = replacement.text("", &mut buffer).as_bytes()
            && (escapes && needs_escape(*byte, None, None, context) || *byte == b'|' && context.in_table)
        {
            let start = self.written.len();
            self.written.push('\\');
            self.written.push(char::from(*byte));
            replacement = self.since(start);
        }
        self.edits.push(Edit { start: span.start, end: span.end, replacement, rule, score: 0 });
        self.at = span.end;
        self.kept_end = span.end;
    }

    /// Keeps a JSON string: escapes and references decoded, tags away, its lines one paragraph each.
    fn keep_string(&mut self, string: Run) {
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
                && let Some(length) = memchr::memchr(b'>', tail)
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

    fn context(&self, starts: bool, digits: bool) -> Context {
        let in_table = self.markdown.as_ref().is_some_and(|outline| outline.in_table());
        Context { starts: starts && !in_table, digits, in_link: self.inline.link != NONE, in_table }
    }

    /// Puts a backslash before what would be read as a mark; inside code only before the bars of a table.
    fn escape(&mut self, word: Run, end: u32, starts: bool, escapes: bool) {
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
    fn line_ends(&self, at: u32) -> bool {
        let rest = self.source.as_bytes().get(at as usize..).unwrap_or_default();
        let name = rest.strip_prefix(b"</").or_else(|| rest.strip_prefix(b"<")).unwrap_or_default();
        let length = name.iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let tag = Tag::of(name.get(..length).unwrap_or_default()).0;
        rest.is_empty() || tag == Tag::Br || !tag.is_inline() && tag != Tag::Other
    }

    fn white(&mut self, span: Run, stays: bool) {
        // The one space between two words, the common case, is kept without more ado.
        self.gap(span.start);
        self.space_due = true;
        if stays {
            self.at = span.end;
            self.pieces.push(Piece { span, rule: &rules::WHITE_SPACE, score: 0, stays });
        } else {
            self.push(span, &rules::WHITE_SPACE, 0);
        }
    }

    /// The link and the code around a run.
    fn inline_of(&self, run: &TextRun) -> Inline {
        if self.markdown.is_none() || run.preformatted {
            return PLAIN;
        }
        let code = self.code_of(run).unwrap_or(NONE);
        let link = if self.stream.address_of(run.link).is_some() { run.link } else { NONE };
        Inline { link, code }
    }

    /// The `code` element right around a run without backticks.
    fn code_of(&self, run: &TextRun) -> Option<u32> {
        let mut element = run.element;
        for _ in 0..4 {
            let here = self.stream.element(element);
            if here.tag == Tag::Code {
                let text = run.span.of(self.source.as_bytes());
                let ticks = [&b"`"[..], b"&#96", b"&#x60", b"&#X60", b"&grave", b"&DiacriticalGrave"];
                return ticks
                    .iter()
                    .all(|tick| memchr::memmem::find(text, tick).is_none())
                    .then_some(element);
            }
            if !matches!(here.tag, Tag::Span | Tag::A | Tag::Other) {
                return None;
            }
            element = here.parent;
        }
        None
    }

    /// Inserts a mark of Markdown at `at`.
    fn mark(&mut self, at: u32, text: &'static str) {
        let replacement = Replacement::Text(text);
        self.edits.push(Edit { start: at, end: at, replacement, rule: &rules::MARKDOWN, score: 0 });
    }

    /// The replacement that was written since `start`.
    fn since(&self, start: usize) -> Replacement {
        Replacement::Written { start: start as u32, end: self.written.len() as u32 }
    }

    /// Ends the link and the code that do not go on.
    fn close_inline(&mut self, next: Inline) {
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

    fn open_inline(&mut self, at: u32, next: Inline) {
        if next.link != NONE && self.inline.link == NONE {
            self.mark(at, "[");
        }
        if next.code != NONE && self.inline.code == NONE {
            self.mark(at, "`");
        }
        self.inline = next;
    }

    /// The byte at `at` is kept: settles what goes before it.
    fn begin(&mut self, at: u32, inline: Inline) {
        if self.at == at && self.pieces.is_empty() && self.line_begun && inline == self.inline {
            return;
        }
        self.gap(at);
        if !self.line_begun {
            self.close_inline(PLAIN);
            self.break_line(at);
        } else {
            if inline != self.inline {
                self.close_inline(inline);
            }
            if self.space_due {
                self.keep_space();
            }
        }
        self.flush();
        if inline != self.inline {
            self.open_inline(at, inline);
        }
        self.begun = true;
        self.line_begun = true;
        self.space_due = false;
        self.condemned_by = None;
    }

    /// The last tags before the block become what parts it from the last one.
    fn break_line(&mut self, at: u32) {
        let begun = self.begun;
        let (replacement, rule) = match (&mut self.markdown, self.block) {
            (Some(outline), Some(block)) => {
                let start = self.written.len();
                let (source, stream) = (self.source, self.stream);
                outline.begin(
                    stream,
                    block,
                    |listing| backticks(source, stream, block, listing),
                    self.written,
                );
                let rule = if begun { &rules::PARAGRAPH_BREAK } else { &rules::MARKDOWN };
                (self.since(start), rule)
            }
            (Some(_), None) => (Replacement::Text("\n\n"), &rules::PARAGRAPH_BREAK),
            (None, _) => (Replacement::Text("\n"), &rules::PARAGRAPH_BREAK),
        };
        if replacement.is_empty() || self.markdown.is_none() && !begun || self.block.is_none() && !begun {
            return;
        }
        let last = self.pieces.iter().rposition(|piece| std::ptr::eq(piece.rule, &raw const rules::MARKUP));
        let Some(last) = last else {
            self.flush();
            self.edits.push(Edit { start: at, end: at, replacement, rule, score: 0 });
            return;
        };
        let after = self.pieces.split_off(last + 1);
        let breaking = self.pieces.pop();
        self.flush();
        if let Some(Piece { span, .. }) = breaking {
            self.edits.push(Edit { start: span.start, end: span.end, replacement, rule, score: 0 });
        }
        self.pieces.extend(after);
    }

    /// White space between two words: one space of it stays.
    fn keep_space(&mut self) {
        if self.pieces.iter().any(|piece| piece.stays) {
            self.pieces.retain(|piece| !piece.stays);
            return;
        }
        let Some(index) =
            self.pieces.iter().position(|piece| std::ptr::eq(piece.rule, &raw const rules::WHITE_SPACE))
        else {
            return;
        };
        let Some(piece) = self.pieces.get_mut(index) else { return };
        if self.source.as_bytes().get(piece.span.start as usize) == Some(&b' ') {
            piece.span.start += 1;
            if piece.span.is_empty() {
                self.pieces.remove(index);
            }
        } else {
            let span = piece.span;
            let after = self.pieces.split_off(index + 1);
            self.pieces.pop();
            self.flush();
            self.edits.push(Edit {
                start: span.start,
                end: span.end,
                replacement: Replacement::Text(" "),
                rule: &rules::WHITE_SPACE,
                score: 0,
            });
            self.pieces.extend(after);
        }
    }

    /// Ends what is open, at the end of the page.
    fn finish(&mut self) {
        self.close_inline(PLAIN);
        if let Some(outline) = &mut self.markdown {
            let start = self.written.len();
            outline.finish(self.written);
            let replacement = self.since(start);
            if !replacement.is_empty() {
                let at = self.kept_end;
                self.edits.push(Edit { start: at, end: at, replacement, rule: &rules::MARKDOWN, score: 0 });
            }
        }
        self.flush();
    }

    fn flush(&mut self) {
        for piece in self.pieces.drain(..) {
            self.edits.push(Edit {
                start: piece.span.start,
                end: piece.span.end,
                replacement: Replacement::Nothing,
                rule: piece.rule,
                score: piece.score,
            });
        }
    }
}

/// The longest run of backticks in the blocks of a listing, `block` being its first.
fn backticks(source: &str, stream: &Stream, block: &Block, listing: u32) -> usize {
    let end = stream.element(listing).end_block as usize;
    let first = stream.element(listing).first_block as usize;
    let blocks = stream.blocks.get(first..end.max(first)).unwrap_or_default();
    let (mut longest, mut length) = (0, 0);
    for run in blocks.iter().chain([block]).flat_map(|block| stream.runs_of(block)) {
        // References to a backtick count like it.
        for byte in run.span.of(source.as_bytes()) {
            length = if matches!(byte, b'`') { length + 1 } else { 0 };
            longest = longest.max(length);
        }
    }
    longest
}
