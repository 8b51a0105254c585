//! One document for people: how it ended and why, and its raw text with every removed span struck out and named.

mod at;
mod body;
mod header;
mod style;

use std::path::PathBuf;

use tamis_io::{LedgerLine, ReadDocument, Status, sha256};
use thiserror::Error;

use crate::shown::harmless;
use crate::{Run, ShardError, inputs, rebuild};
use style::Style;

/// How a document is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExplainOptions {
    /// With the terminal's colours; without them spans are marked `[-removed-]{rule}` and `{+inserted+}`.
    pub color: bool,
    /// Show where the character at this code point of the clean text comes from, instead of the document.
    pub at: Option<u64>,
    /// Show long removed stretches whole.
    pub whole: bool,
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
}

/// Explains the document `id` of `run`. Its raw file is looked for below `inputs`, or, when there are none, where
/// `run.json` says. `id` may be the end of an id, where only one document's ends like it.
pub fn explain(
    run: &Run,
    id: &str,
    inputs: &[PathBuf],
    options: &ExplainOptions,
) -> Result<String, ExplainError> {
    let line = line(run, id)?;
    let raw = raw(run, inputs, &line);
    let style = Style { color: options.color };
    if let Some(at) = options.at {
        return match &raw {
            Ok(read) => at::show(&line, &read.document.raw, at, style),
            Err(why) => Err(ExplainError::NoWayBack(why.clone())),
        };
    }
    let mut out = String::new();
    header::show(run, &line, style, &mut out);
    match raw {
        Err(why) => body::note(&why, style, &mut out),
        Ok(_) if line.status == Status::Failed => {}
        Ok(_) if line.counts.is_some() => {
            body::note(
                "the ledger has counts instead of edits: what went where cannot be shown",
                style,
                &mut out,
            );
        }
        Ok(read) => match rebuild(&read.document.raw, line.encoding.as_deref(), &line.edits) {
            Ok(rebuilt) => body::show(&line, &read.document.raw, &rebuilt, options, style, &mut out),
            Err(misfit) => {
                body::note(&format!("the edits do not fit the raw bytes: {misfit}"), style, &mut out);
            }
        },
    }
    Ok(out)
}

/// The ledger line of the document `id`, or of the only one whose id ends in it.
fn line(run: &Run, id: &str) -> Result<LedgerLine<'static>, ExplainError> {
    // The id is a line's first field: others need not be parsed.
    let quoted = serde_json::to_string(id).unwrap_or_default();
    let exact = run.ledger().beginning_with(format!("{{\"id\":{quoted},").into_bytes()).next();
    if let Some(found) = exact {
        return Ok(found?);
    }
    let mut found = None;
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
        }
    }
    match found {
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
