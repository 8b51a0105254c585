//! One document for people: how it ended and why, and its raw text with every removed span struck out and named.
//!
//! [`Explanation::find`] takes one document's ledger line and its raw bytes; [`Explanation::terminal`],
//! [`Explanation::page`] and [`Explanation::at`] show it. No stage runs: the ledger and the raw file are enough. Who has the
//! stages can add what stood between them, as a [`History`].

mod at;
mod header;
mod history;
mod item;
mod layout;
mod page;
mod passages;
mod twin;

use std::path::PathBuf;

use tamis_io::{LedgerLine, ReadDocument, Status, sha256};
use thiserror::Error;

use crate::shown::harmless;
use crate::terminal::{LEAST, Style, Tone, WIDTH, flow};
use crate::{Rebuilt, Run, ShardError, inputs, rebuild};
pub use history::{History, Step};
use item::Item;
use layout::Columns;
use twin::Twin;

/// How a document is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExplainOptions {
    /// With the terminal's colours, one for each stage; without them spans are marked `[-removed-]` and `{+inserted+}`.
    pub color: bool,
    /// Show long removed stretches whole.
    pub whole: bool,
    /// Columns of the terminal, 100 when nobody says. Rules stand at the side from 72 on, in the text below.
    pub width: Option<usize>,
}

/// Why a document cannot be explained.
#[derive(Debug, Error)]
pub enum ExplainError {
    /// No document of the run has this id.
    #[error("no document of this run has the id {0}")]
    Unknown(String),
    /// Several ids end like this.
    #[error("`{id}` is the end of several ids: {}", several.join(", "))]
    Ambiguous {
        /// What was asked for.
        id: String,
        /// The first ids that end like this.
        several: Vec<String>,
    },
    /// A ledger line cannot be read.
    #[error("failed to read the ledger: {0}")]
    Ledger(#[from] ShardError),
    /// The inputs cannot be listed.
    #[error(transparent)]
    Discover(#[from] tamis_io::DiscoverError),
    /// The clean text has fewer characters.
    #[error("the clean text has {points} code points; there is none at {at}")]
    Outside {
        /// What was asked for.
        at: u64,
        /// The length of the text.
        points: u64,
    },
    /// Raw bytes or edits are not there, so that no character can be led back.
    #[error("nothing leads back from the clean text: {0}")]
    NoWayBack(String),
    /// The page cannot be written.
    #[error("failed to write the page: {0}")]
    Page(#[from] askama::Error),
}

/// One document of a run, ready to be shown.
#[derive(Debug)]
pub struct Explanation<'a> {
    run: &'a Run,
    line: LedgerLine<'static>,
    raw: Result<ReadDocument, String>,
}

/// Explains the document `id` of `run` for a terminal: [`Explanation::find`] and [`Explanation::terminal`] in one.
pub fn explain(
    run: &Run,
    id: &str,
    inputs: &[PathBuf],
    options: &ExplainOptions,
) -> Result<String, ExplainError> {
    Ok(Explanation::find(run, id, inputs)?.terminal(options))
}

impl<'a> Explanation<'a> {
    /// Takes the document `id` of `run`. Its raw file is looked for below `inputs`, or, when there are none, where
    /// `run.json` says. `id` may be a path, or the end or a part of an id, where only one document has it.
    pub fn find(run: &'a Run, id: &str, inputs: &[PathBuf]) -> Result<Self, ExplainError> {
        Ok(Self::of(run, line(run, id)?, inputs))
    }

    /// Takes the document of a ledger line.
    pub fn of(run: &'a Run, line: LedgerLine<'static>, inputs: &[PathBuf]) -> Self {
        let raw = raw(run, inputs, &line);
        Self { run, line, raw }
    }

    /// Its ledger line.
    pub fn line(&self) -> &LedgerLine<'static> {
        &self.line
    }

    /// Its raw document, where the file is still the one that was read.
    pub fn raw(&self) -> Option<&ReadDocument> {
        self.raw.as_ref().ok()
    }

    /// The document for a terminal.
    pub fn terminal(&self, options: &ExplainOptions) -> String {
        let (style, wide) = (Style { color: options.color }, options.width.unwrap_or(WIDTH).max(LEAST));
        let content = self.content(options.whole);
        let mut out = String::new();
        header::write(self.run, &self.line, wide, style, &mut out);
        for note in &content.notes {
            out.push('\n');
            flow([(Tone::Faint, note.as_str())], wide, style, &mut out);
        }
        if !content.items.is_empty() {
            out.push('\n');
            layout::write(&content.items, Columns::of(wide), style, &mut out);
        }
        if let Some(legend) = content.legend {
            out.push('\n');
            flow([(Tone::Faint, legend)], wide, style, &mut out);
        }
        if let Some(twin) = &content.twin {
            twin.write(wide, style, &mut out);
        }
        out
    }

    /// The document as one page of HTML that needs nothing else.
    pub fn page(&self, options: &ExplainOptions) -> Result<String, ExplainError> {
        Ok(page::render(self, options.whole)?)
    }

    /// Where the character at code point `at` of the clean text comes from: file, raw bytes, and what stood for them after
    /// each stage, where a history tells; where there is none, why.
    pub fn at(
        &self,
        at: u64,
        history: Result<&History<'_>, &str>,
        options: &ExplainOptions,
    ) -> Result<String, ExplainError> {
        let style = Style { color: options.color };
        at::show(self, at, history, options.width.unwrap_or(WIDTH).max(LEAST), style)
    }

    /// Everything but the header.
    fn content(&self, whole: bool) -> Content {
        let mut content = Content::default();
        let note = |content: &mut Content, text: String| content.notes.push(text);
        match &self.raw {
            Err(why) => note(&mut content, why.clone()),
            Ok(read) if self.line.status == Status::Failed => {
                note(&mut content, bytes_at(&read.document.raw, self.line.offset));
            }
            Ok(_) if self.line.counts.is_some() => {
                note(
                    &mut content,
                    "the ledger has counts instead of edits: what went where cannot be shown".into(),
                );
            }
            Ok(read) => match rebuild(&read.document.raw, self.line.encoding.as_deref(), &self.line.edits) {
                Ok(rebuilt) => {
                    let (items, marks) =
                        passages::items(self.run, &self.line, &read.document.raw, &rebuilt, whole);
                    content.items = items;
                    content.legend = marks.then_some(passages::LEGEND);
                    self.beside_its_twin(&rebuilt, whole, &mut content);
                }
                Err(misfit) => note(&mut content, format!("the edits do not fit the raw bytes: {misfit}")),
            },
        }
        content
    }

    /// A duplicate is shown beside the document it lost to.
    fn beside_its_twin(&self, rebuilt: &Rebuilt<'_>, whole: bool, content: &mut Content) {
        let Some(id) = self.line.duplicate_of.as_deref() else { return };
        let quoted = serde_json::to_string(id).unwrap_or_default();
        let kept = self.run.records().beginning_with(format!("{{\"id\":{quoted},").into_bytes()).next();
        match kept {
            Some(Ok(record)) => content.twin = Some(Twin::of(id, &record.text, &rebuilt.text, whole)),
            _ => content.notes.push(format!("the kept document `{}` cannot be read", harmless(id))),
        }
    }
}

/// The raw bytes of a failed document, where it failed or from its beginning.
fn bytes_at(raw: &[u8], offset: Option<u64>) -> String {
    /// So many are shown.
    const SHOWN: usize = 16;
    let at = offset.and_then(|at| usize::try_from(at).ok()).unwrap_or(0).min(raw.len());
    let start = at.saturating_sub(SHOWN / 2);
    let bytes = raw.get(start..raw.len().min(start + SHOWN)).unwrap_or_default();
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let plain: String = bytes
        .iter()
        .map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '·' })
        .collect();
    format!("raw bytes from {start} on: {}  {plain}", hex.join(" "))
}

/// What is shown below the header.
#[derive(Debug, Default)]
struct Content {
    notes: Vec<String>,
    items: Vec<Item>,
    legend: Option<&'static str>,
    twin: Option<Twin>,
}

/// The ledger line of the document `id`, or of the only one whose id ends in it, or has it somewhere.
fn line(run: &Run, id: &str) -> Result<LedgerLine<'static>, ExplainError> {
    // The id is a line's first field: others need not be parsed.
    let quoted = serde_json::to_string(id).unwrap_or_default();
    let exact = run.ledger().beginning_with(format!("{{\"id\":{quoted},").into_bytes()).next();
    if let Some(found) = exact {
        return Ok(found?);
    }
    let (mut found, mut part) = (None, None);
    let (mut several, mut alike_ids) = (Vec::new(), Vec::new());
    for line in run.ledger() {
        let line = line?;
        if line.id.ends_with(id) || line.file == id {
            several.push(format!("`{}`", harmless(&line.id)));
            if several.len() > SHOWN {
                break;
            }
            found = Some(line);
        } else if alike_ids.len() < SHOWN && line.id.contains(id) {
            alike_ids.push(format!("`{}`", harmless(&line.id)));
            part = Some(line);
        }
    }
    match found.or(part.filter(|_| alike_ids.len() == 1 && several.is_empty())) {
        Some(line) if several.is_empty() => Ok(line),
        None => Err(ExplainError::Unknown(alike(id, &alike_ids))),
        Some(line) if several.len() == 1 => Ok(line),
        Some(_) => Err(ExplainError::Ambiguous { id: harmless(id), several }),
    }
}

/// So many ids are shown of those that could be meant.
const SHOWN: usize = 5;

/// What was asked for, and the ids that have it somewhere.
fn alike(id: &str, ids: &[String]) -> String {
    let id = harmless(id);
    if ids.is_empty() { format!("`{id}`") } else { format!("`{id}`; it is part of {}", ids.join(", ")) }
}

/// The raw document that the line speaks of, or why it cannot be had.
fn raw(run: &Run, inputs: &[PathBuf], line: &LedgerLine<'_>) -> Result<ReadDocument, String> {
    let Some(told) = line.raw_sha256.as_deref() else {
        return Err("the raw bytes could not be read".to_owned());
    };
    let read = match inputs::find(run, inputs, line) {
        Ok(Some(read)) => read,
        Ok(None) => return Err("the raw file is not below the inputs: name them with `--input`".to_owned()),
        Err(error) => return Err(format!("{error}: name the inputs with `--input`")),
    };
    let mut hash = String::new();
    sha256(&read.document.raw, &mut hash);
    if hash == told { Ok(read) } else { Err("the raw file is no longer the one that was read".to_owned()) }
}
