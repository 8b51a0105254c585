//! A finished run, opened for reading.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use tamis_io::{LedgerLine, Record};
use thiserror::Error;

use crate::{MANIFEST, Manifest, RUN_FACTS, Report, RunFacts, ShardLines};

/// A finished run.
#[derive(Debug)]
pub struct Run {
    /// Its directory.
    pub root: PathBuf,
    /// Every file with length and hash.
    pub manifest: Manifest,
    /// What the run did.
    pub report: Report,
    /// The run's circumstances; `None` when `run.json` is gone or of another version, which harms nothing.
    pub facts: Option<RunFacts>,
}

/// Why a directory cannot be opened as a run.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is no manifest.
    #[error("`{0}` is not a finished run: it has no {MANIFEST}")]
    Unfinished(PathBuf),
    /// A file cannot be read.
    #[error("failed to read the run: {0}")]
    Io(#[from] io::Error),
    /// A file is not what it should be.
    #[error("`{path}` cannot be understood: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl Run {
    /// Opens the run at `root`.
    pub fn open(root: &Path) -> Result<Self, OpenError> {
        let path = root.join(MANIFEST);
        if !path.exists() {
            return Err(OpenError::Unfinished(root.to_owned()));
        }
        Ok(Self {
            root: root.to_owned(),
            manifest: json(&path)?,
            report: json(&root.join("report.json"))?,
            facts: json(&root.join(RUN_FACTS)).ok(),
        })
    }

    /// One line for each input document, in input order.
    pub fn ledger(&self) -> ShardLines<LedgerLine<'static>> {
        ShardLines::new(&self.root, self.shards("ledger/"))
    }

    /// The kept documents, in input order.
    pub fn records(&self) -> ShardLines<Record> {
        ShardLines::new(&self.root, self.shards("documents/"))
    }

    /// The lines of the files below `folder`, read as what the caller needs of them.
    pub(crate) fn shard_lines<T: DeserializeOwned>(&self, folder: &str) -> ShardLines<T> {
        ShardLines::new(&self.root, self.shards(folder))
    }

    /// The names of the files below `folder`, in order: shard 100000 comes after shard 99999, and the parts of shard 7
    /// before shard 8.
    pub(crate) fn shards(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = self.manifest.files.iter().map(|file| file.path.clone()).collect();
        names.retain(|name| name.starts_with(folder));
        names.sort_by_cached_key(|name| numbers(name));
        names
    }

    /// The place in the plan of the stage that `rule` belongs to; 0 for a rule of no stage.
    pub(crate) fn stage_of(&self, rule: &str) -> usize {
        let known = self.report.rules.iter().find(|known| known.rule == rule);
        let place = known.and_then(|known| self.report.stages.iter().position(|at| at.stage == known.stage));
        place.unwrap_or(0)
    }

    /// The inputs of the run where `run.json` tells them: as they were given, made absolute.
    pub fn inputs(&self) -> Vec<PathBuf> {
        let Some(facts) = &self.facts else { return Vec::new() };
        let directory = PathBuf::from(facts.directory.as_deref().unwrap_or_default());
        facts.inputs.iter().map(|input| directory.join(input)).collect()
    }
}

/// The numbers in the name of a shard: 7 and 3 of `part-00007-00003`.
fn numbers(name: &str) -> Vec<u64> {
    let digits = name.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|digits| digits.parse().ok()).collect()
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T, OpenError> {
    let bytes = fs_err::read(path)?;
    serde_json::from_slice(&bytes).map_err(|source| OpenError::Json { path: path.to_owned(), source })
}
