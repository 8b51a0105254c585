//! Exit codes, and the errors that lead to them.

use std::io;
use std::process::ExitCode;

use tamis_io::DiscoverError;
use tamis_runner::RunError;
use thiserror::Error;

/// How the command ended. The codes are part of the contract with batch jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Ok = 0,
    /// A gate or a test failed; the output is written.
    GateFailed = 1,
    /// The command line, the pipeline file or an input path is wrong; nothing was written.
    Usage = 2,
    /// The run is whole, with more failed documents than are accepted.
    FailedDocuments = 3,
    /// Reading or writing failed, or the accounting is broken.
    Internal = 4,
    /// Stopped when asked; the run can be resumed.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// Something the user can put right; told as it is.
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What a finished run holds cannot be read.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    /// The exit code that tells it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Discover(_) | Self::Run(RunError::Index(_)) => Exit::Usage,
            Self::Run(RunError::Interrupted) => Exit::Interrupted,
            Self::Run(_) | Self::Io(_) | Self::Broken(_) => Exit::Internal,
        }
    }
}
