//! Verdicts in, edits out.

use crate::edit::{Edit, Replacement};
use crate::rules::{self, Rule};

use super::page::{Stream, TextRun};
use super::reference;
use super::scanner::Run;
use super::select::Selection;
use super::verdict::is_soft;

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
pub(crate) struct Pieces(Vec<Piece>);

/// Writes the edits that leave the kept blocks, one to a line.
struct Emitter<'a> {
    source: &'a str,
    raw: &'a [Run],
    edits: &'a mut Vec<Edit>,
    /// What goes, since the last kept byte.
    pieces: &'a mut Vec<Piece>,
    /// End of what is in `edits` and `pieces`.
    at: u32,
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
    pieces: &mut Pieces,
    edits: &mut Vec<Edit>,
) {
    pieces.0.clear();
    let mut emitter = Emitter {
        source,
        raw: &stream.raw,
        edits,
        pieces: &mut pieces.0,
        at: 0,
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
        for run in runs {
            match selection.vetoes.of(run.element) {
                Some(rule) if !(verdict.whole && is_soft(rule)) => {
                    emitter.condemn(run.span, rule, verdict.score);
                }
                _ => emitter.keep(run),
            }
        }
    }
    emitter.gap(source.len() as u32);
    emitter.flush();
}

/// U+00A0 and U+3000.
const INDENTS: [&[u8]; 2] = [b"\xc2\xa0", b"\xe3\x80\x80"];

fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
}

impl Emitter<'_> {
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
            if raw.start >= self.at {
                self.push(Run { start: self.at, end: raw.start }, &rules::MARKUP, 0);
                self.push(*raw, &rules::SCRIPT, 0);
            }
        }
        if self.at < end {
            self.push(Run { start: self.at, end }, &rules::MARKUP, 0);
        }
    }

    fn condemn(&mut self, span: Run, rule: &'static Rule, score: i16) {
        if self.condemned_by.is_some_and(|last| std::ptr::eq(last, rule)) {
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
                    self.begin(span.start);
                    self.edits.push(Edit {
                        start: span.start,
                        end: span.end,
                        replacement: found.stands_for,
                        rule: &rules::ENTITY,
                        score: 0,
                    });
                    self.at = at;
                }
                continue;
            }
            self.begin(at);
            let length =
                1 + tail.iter().skip(1).take_while(|byte| !is_white(**byte) && **byte != b'&').count();
            at += length as u32;
            self.at = at;
        }
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

    /// The byte at `at` is kept: settles what goes before it.
    fn begin(&mut self, at: u32) {
        if self.at == at && self.pieces.is_empty() && self.line_begun {
            return;
        }
        self.gap(at);
        if !self.line_begun {
            if self.begun {
                self.break_line(at);
            }
        } else if self.space_due {
            self.keep_space();
        }
        self.flush();
        self.begun = true;
        self.line_begun = true;
        self.space_due = false;
        self.condemned_by = None;
    }

    /// The last tags before the block become the line feed before it.
    fn break_line(&mut self, at: u32) {
        let last = self.pieces.iter().rposition(|piece| std::ptr::eq(piece.rule, &raw const rules::MARKUP));
        let Some(last) = last else {
            self.flush();
            self.edits.push(line_break(Run { start: at, end: at }));
            return;
        };
        let after = self.pieces.split_off(last + 1);
        let breaking = self.pieces.pop();
        self.flush();
        if let Some(piece) = breaking {
            self.edits.push(line_break(piece.span));
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

fn line_break(span: Run) -> Edit {
    Edit {
        start: span.start,
        end: span.end,
        replacement: Replacement::Text("\n"),
        rule: &rules::PARAGRAPH_BREAK,
        score: 0,
    }
}
