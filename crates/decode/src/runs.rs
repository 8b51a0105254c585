//! How the text is tied to its bytes.
//!
//! A decoder writes text and, beside it, a list of runs that tiles the raw bytes and the text in order. Whoever keeps the
//! runs can point from any character back to the bytes it came from, and rebuild the text from the bytes: kept bytes are the
//! text itself, transcoded ones are read in the document's encoding, and everything else is spelled out.

use tamis_core::Rule;

/// What happened to a stretch of raw bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// The text is the bytes.
    Kept,
    /// Each code point of the text comes from exactly `unit` bytes in the document's encoding.
    Transcoded {
        /// Bytes per code point, 1 to 4.
        unit: u8,
    },
    /// The bytes give other text than the document's encoding says.
    Replaced(&'static Rule),
    /// The bytes give no text.
    Removed(&'static Rule),
}

/// One stretch of raw bytes and the stretch of text that it became; both lengths in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Bytes of the raw document.
    pub raw: usize,
    /// Bytes of text, in UTF-8.
    pub text: usize,
    /// What happened.
    pub kind: RunKind,
}

/// Where decoders write.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    pub(crate) text: &'a mut String,
    pub(crate) runs: &'a mut Vec<Run>,
    /// How many places of the raw bytes meant nothing, and where the first ones are.
    pub(crate) losses: Losses,
    /// Raw bytes written so far.
    position: usize,
}

/// How many U+FFFD stand for bytes that mean nothing, and where the first ones are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Losses {
    count: usize,
    first: [usize; Losses::KEPT],
}

impl Losses {
    const KEPT: usize = 8;

    /// The number of U+FFFD that were written for bytes without meaning.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Raw byte offsets of the first of them, at most eight.
    pub fn offsets(&self) -> &[usize] {
        self.first.get(..self.count.min(Self::KEPT)).unwrap_or_default()
    }

    fn add(&mut self, at: usize) {
        if let Some(slot) = self.first.get_mut(self.count) {
            *slot = at;
        }
        self.count += 1;
    }
}

impl<'a> Output<'a> {
    pub(crate) fn new(text: &'a mut String, runs: &'a mut Vec<Run>) -> Self {
        Self { text, runs, losses: Losses::default(), position: 0 }
    }

    /// Writes bytes that are their own text.
    pub(crate) fn keep(&mut self, text: &str) {
        self.text.push_str(text);
        self.record(text.len(), text.len(), RunKind::Kept);
    }

    /// Records text already pushed, each code point of it from `unit` bytes.
    pub(crate) fn transcoded(&mut self, raw: usize, text: usize, unit: u8) {
        self.record(raw, text, RunKind::Transcoded { unit });
    }

    pub(crate) fn replace(&mut self, raw: usize, text: &str, rule: &'static Rule) {
        self.text.push_str(text);
        self.record(raw, text.len(), RunKind::Replaced(rule));
    }

    /// Records text already pushed that stands for bytes read otherwise than the document's encoding says.
    pub(crate) fn replaced(&mut self, raw: usize, text: usize, rule: &'static Rule) {
        self.record(raw, text, RunKind::Replaced(rule));
    }

    pub(crate) fn remove(&mut self, raw: usize, rule: &'static Rule) {
        self.record(raw, 0, RunKind::Removed(rule));
    }

    /// Writes U+FFFD for bytes that mean nothing.
    pub(crate) fn lose(&mut self, raw: usize, rule: &'static Rule) {
        self.losses.add(self.position);
        self.replace(raw, "\u{fffd}", rule);
    }

    fn record(&mut self, raw: usize, text: usize, kind: RunKind) {
        self.position += raw;
        if raw == 0 && text == 0 {
            return;
        }
        if let Some(last) = self.runs.last_mut()
            && last.kind == kind
            && matches!(kind, RunKind::Kept | RunKind::Transcoded { .. })
        {
            last.raw += raw;
            last.text += text;
            return;
        }
        self.runs.push(Run { raw, text, kind });
    }
}
