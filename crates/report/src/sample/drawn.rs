//! One drawn document or passage.

use std::path::PathBuf;

use serde::Serialize;
use tamis_io::{LedgerLine, Status, sha256};

use crate::encoding::read_lossily;
use crate::{Run, inputs, rebuild};

/// So many characters of the clean text are told on each side of a passage.
const AROUND: usize = 160;

/// A drawn document or passage. Every key is always there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drawn {
    /// The document's id.
    pub id: String,
    /// Its file, relative to the input root.
    pub file: String,
    /// Its line, for a record.
    pub line: Option<u64>,
    /// How it ended.
    pub status: Status,
    /// Its language, where one was looked for.
    pub lang: Option<String>,
    /// The rule that dropped it, or that made the passage.
    pub rule: Option<String>,
    /// What the rule says of itself, or why the document failed.
    pub reason: Option<String>,
    /// What the dropping rule measured.
    pub value: Option<f64>,
    /// What it was held against.
    pub threshold: Option<f64>,
    /// The kept document that it matches.
    pub duplicate_of: Option<String>,
    /// The passage; null for documents.
    pub passage: Option<Passage>,
    /// The text as it was when the document was kept or dropped; null for passages, for failed documents, and where the raw
    /// file is gone.
    pub text: Option<String>,
    /// Why text or passage could not be had.
    pub note: Option<String>,
}

/// A passage that a rule removed or replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Its first raw byte.
    pub raw_start: u64,
    /// One past its last raw byte.
    pub raw_end: u64,
    /// The clean text before it.
    pub before: String,
    /// What went.
    pub removed: String,
    /// What came in its place.
    pub replacement: Option<String>,
    /// The clean text after it.
    pub after: String,
    /// The rule's evidence, where it weighs: below 0 speaks for removing.
    pub evidence: Option<i16>,
}

impl Drawn {
    pub(super) fn of(run: &Run, inputs: &[PathBuf], line: &LedgerLine<'_>, edit: Option<usize>) -> Self {
        let owned = |value: &Option<std::borrow::Cow<'_, str>>| value.as_deref().map(ToOwned::to_owned);
        let mut drawn = Self {
            id: line.id.to_string(),
            file: line.file.to_string(),
            line: line.line,
            status: line.status,
            lang: owned(&line.lang),
            rule: owned(&line.rule),
            reason: owned(&line.reason),
            value: line.value,
            threshold: line.threshold,
            duplicate_of: owned(&line.duplicate_of),
            passage: None,
            text: None,
            note: None,
        };
        if let Some(rule) = edit.and_then(|place| line.edits.get(place)).map(|edit| edit.2.as_str()) {
            let reason = run.report.rules.iter().find(|known| known.rule == rule);
            drawn.rule = Some(rule.to_owned());
            drawn.reason = reason.map(|rule| rule.reason.clone());
        }
        if line.status != Status::Failed {
            match raw(run, inputs, line) {
                Err(note) => drawn.note = Some(note),
                Ok(raw) => drawn.fill(line, &raw, edit),
            }
        }
        drawn
    }

    fn fill(&mut self, line: &LedgerLine<'_>, raw: &[u8], edit: Option<usize>) {
        if line.counts.is_some() {
            self.note = Some("the ledger has counts instead of edits".to_owned());
            return;
        }
        let encoding = line.encoding.as_deref();
        let rebuilt = match rebuild(raw, encoding, &line.edits) {
            Ok(rebuilt) => rebuilt,
            Err(misfit) => {
                self.note = Some(misfit.to_string());
                return;
            }
        };
        let Some(place) = edit else {
            self.text = Some(rebuilt.text);
            return;
        };
        let piece = rebuilt.pieces.iter().find(|piece| piece.edit.is_some_and(|(at, _)| at == place));
        if let Some((piece, (_, told))) = piece.and_then(|piece| Some((piece, piece.edit?))) {
            let before = rebuilt.text.get(..piece.text.start).unwrap_or_default();
            let after = rebuilt.text.get(piece.text.end..).unwrap_or_default();
            let removed = read_lossily(encoding, raw.get(piece.raw.clone()).unwrap_or_default()).into_owned();
            self.passage = Some(Passage {
                raw_start: told.0,
                raw_end: told.1,
                before: last(before),
                removed,
                replacement: told.3.clone(),
                after: after.chars().take(AROUND).collect(),
                evidence: line.scores.get(place).copied().flatten(),
            });
        }
    }
}

fn last(text: &str) -> String {
    let start = text.char_indices().rev().take(AROUND).last();
    start.map_or("", |(start, _)| text.get(start..).unwrap_or_default()).to_owned()
}

/// The raw bytes, where they are still those that were read.
fn raw(run: &Run, inputs: &[PathBuf], line: &LedgerLine<'_>) -> Result<Vec<u8>, String> {
    let read = match inputs::find(run, inputs, line) {
        Ok(Some(read)) => read,
        Ok(None) => return Err("the raw file is not below the inputs".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    let mut hash = String::new();
    sha256(&read.document.raw, &mut hash);
    if line.raw_sha256.as_deref() == Some(hash.as_str()) {
        Ok(read.document.raw)
    } else {
        Err("the raw file is no longer the one that was read".to_owned())
    }
}
