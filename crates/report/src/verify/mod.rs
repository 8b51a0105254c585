//! Re-proves the promises of a finished run from the raw files and the ledger alone, without running any stage.
//!
//! One pass over inputs, ledger, documents and `provenance.csv` side by side: all four have input order, so memory
//! holds one document at a time, plus eight bytes for each document that another one lost to, and 16 for each repeated
//! run. Where runs went, ledger and documents are read once more, to find them where they stay.

mod document;
mod files;
mod law;
mod record;
mod runs;
mod side_by_side;
mod totals;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::{Run, inputs};
pub use law::{Broken, Law, LawResult, VerifyReport};

/// Why nothing could be verified at all. A broken promise is no such error; it is in the report.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// Neither the caller nor `run.json` tells where the raw files are.
    #[error("no input: name the raw files with `--input`")]
    NoInput,
    /// `run.json`, which tells where they are, is there and cannot be understood.
    #[error(
        "run.json is not as it was written, and only it tells where the raw files are: name them with `--input`"
    )]
    BrokenFacts,
    /// The inputs cannot be listed.
    #[error(transparent)]
    Discover(#[from] tamis_io::DiscoverError),
    /// The inputs cannot be read.
    #[error("failed to read the inputs: {0}")]
    Io(#[from] io::Error),
}

/// Verifies `run` against the raw files below `inputs`, or, when there are none, those that `run.json` tells.
pub fn verify(run: &Run, inputs: &[PathBuf]) -> Result<VerifyReport, VerifyError> {
    if inputs.is_empty() && run.inputs().is_empty() {
        let there = run.root.join(crate::RUN_FACTS).exists();
        return Err(if there && run.facts.is_none() {
            VerifyError::BrokenFacts
        } else {
            VerifyError::NoInput
        });
    }
    let found = inputs::discovered(run, inputs)?;
    let units = inputs::cut(&found)?;
    let mut report = VerifyReport::new(run.report.counts_only());
    files::check(run, &mut report);
    let wanted = duplicate_targets(run);
    side_by_side::check(run, &found, &units, wanted, &mut report);
    Ok(report)
}

/// Hashes of the ids that documents were dropped for.
fn duplicate_targets(run: &Run) -> BTreeSet<u64> {
    // Lines that cannot be read are told in the pass that follows.
    let lines = run.ledger().flatten();
    let here = lines.filter(|line| line.duplicate_in.is_none());
    here.filter_map(|line| line.duplicate_of.map(|id| hash(&id))).collect()
}

/// The first eight bytes of the SHA-256: two ids of a billion share them with a chance of 3 %.
fn hash(id: &str) -> u64 {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(id.as_bytes());
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
