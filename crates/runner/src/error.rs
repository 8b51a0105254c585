//! Why a run cannot go on.

use std::io;

use tamis_core::StageError;
use tamis_io::IndexError;
use thiserror::Error;

/// A failure of the run itself, not of a document.
#[derive(Debug, Error)]
pub enum RunError {
    /// Reading the plan or writing the output.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A record or ledger line that cannot be written as JSON.
    #[error("failed to write a record: {0}")]
    Json(#[from] serde_json::Error),
    /// A corpus stage that could not decide.
    #[error("stage `{stage}` could not decide: {source}")]
    Decision {
        /// The stage.
        stage: &'static str,
        /// Why.
        source: StageError,
    },
    /// An index of an earlier run that cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A stage that decided over another number of documents than there are.
    #[error("stage `{stage}` decided over {decided} of {documents} documents")]
    Decisions {
        /// The stage.
        stage: &'static str,
        /// How many decisions there are.
        decided: usize,
        /// How many documents there are.
        documents: usize,
    },
    /// The workers could not be started.
    #[error("failed to start the workers: {0}")]
    Pool(#[from] rayon::ThreadPoolBuildError),
    /// Stopped when asked; what is whole stays, and the run can be resumed.
    #[error("interrupted")]
    Interrupted,
    /// A worker stopped for a defect of the runner.
    #[error("internal error: a worker panicked: {0}")]
    Worker(String),
}
