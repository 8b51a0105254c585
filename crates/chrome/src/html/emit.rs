//! Verdicts in, edits out.

use crate::edit::{Edit, Replacement};
use crate::options::Format;
use crate::rules::{self, Rule};

use super::inline::{Inline, PLAIN};
use super::markdown::{NONE, Outline, needs_escape};
use super::page::{Block, Stream, TextRun};
use super::reference;
use super::scanner::Run;
use super::select::Selection;

/// A span since the last kept byte, and why it goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
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

/// Writes the edits that leave the kept blocks, one to a line.
pub(super) struct Emitter<'a> {
    pub(super) source: &'a str,
    pub(super) stream: &'a Stream,
    pub(super) raw: &'a [Run],
    pub(super) edits: &'a mut Vec<Edit>,
    /// Replacements that are not fixed strings.
    pub(super) written: &'a mut String,
    /// What goes, since the last kept byte.
    pub(super) pieces: &'a mut Vec<Piece>,
    /// Present when Markdown is asked for.
    pub(super) markdown: Option<&'a mut Outline>,
    /// The article in the page's JSON-LD, where it is kept.
    pub(super) body: Option<Run>,
    /// The block that is being written.
    pub(super) block: Option<&'a Block>,
    pub(super) inline: Inline,
    /// End of what is in `edits` and `pieces`.
    pub(super) at: u32,
    /// End of the last kept byte.
    pub(super) kept_end: u32,
    /// The rule that took the last block, if nothing was kept since.
    pub(super) condemned_by: Option<&'static Rule>,
    /// Something has been kept.
    pub(super) begun: bool,
    /// Something of the block has been kept.
    pub(super) line_begun: bool,
    /// There was white space since.
    pub(super) space_due: bool,
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

pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
}

impl Emitter<'_> {
    pub(super) fn push(&mut self, span: Run, rule: &'static Rule, score: i16) {
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
    pub(super) fn stand_in(
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

    pub(super) fn white(&mut self, span: Run, stays: bool) {
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

    /// The byte at `at` is kept: settles what goes before it.
    pub(super) fn begin(&mut self, at: u32, inline: Inline) {
        if self.at == at && self.pieces.is_empty() && self.line_begun && inline == self.inline {
            return;
        }
        self.gap(at);
        if self.line_begun {
            if inline != self.inline {
                self.close_inline(inline);
            }
            if self.space_due {
                self.keep_space();
            }
        } else {
            self.close_inline(PLAIN);
            self.break_line(at);
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
