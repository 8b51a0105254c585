//! Why a stage could not work on a document.

use tamis_span::EditError;
use thiserror::Error;

use crate::Rule;

/// A stage's failure on one document: the document fails alone, with this reason in the ledger.
#[derive(Debug, Error)]
#[error("{kind}")]
pub struct StageError {
    /// What went wrong.
    pub kind: StageErrorKind,
    /// Where, in bytes of what the stage was reading (raw bytes for decoding, text otherwise).
    pub offset: Option<u64>,
}

/// The kinds of failure; each fits after "failed: ".
#[derive(Debug, Error)]
pub enum StageErrorKind {
    /// The stage refuses the document by a rule: it is not what the stage is for.
    #[error("{detail}")]
    Refused {
        /// The rule that refuses.
        rule: &'static Rule,
        /// What was seen, starting with the rule's word: "binary: png".
        detail: String,
    },
    /// An edit that the text cannot take: a defect of the stage.
    #[error("the stage asked for an impossible {0}")]
    Edit(#[from] EditError),
    /// An edit by a rule that the stage does not declare: a defect of the stage.
    #[error("the stage used rule `{0}`, which it does not declare")]
    UndeclaredRule(&'static str),
    /// More edits than any text of this length can need: a defect of the stage.
    #[error("the stage asked for more edits than a text of this length can need")]
    TooMuchWork,
    /// The decoder's account does not cover the raw bytes: a defect of the decoder.
    #[error("the decoder accounted for {told} of {there} raw bytes")]
    Unaccounted {
        /// Raw bytes in the decoder's account.
        told: u64,
        /// Raw bytes of the document.
        there: u64,
    },
    /// A sketch that cannot be read back.
    #[error("unreadable sketch of document {ordinal}: {detail}")]
    Sketch {
        /// The document.
        ordinal: usize,
        /// What is wrong with it.
        detail: String,
    },
    /// Temporary storage that fails or gives back something else than was written.
    #[error("temporary storage: {0}")]
    Storage(String),
    /// Anything else, in the stage's words.
    #[error("{0}")]
    Other(String),
}

impl StageError {
    /// A refusal by `rule`.
    pub fn refused(rule: &'static Rule, detail: impl Into<String>) -> Self {
        StageErrorKind::Refused { rule, detail: detail.into() }.into()
    }

    /// The same failure, at a byte offset.
    #[must_use]
    pub fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset as u64);
        self
    }
}

impl From<StageErrorKind> for StageError {
    fn from(kind: StageErrorKind) -> Self {
        Self { kind, offset: None }
    }
}

impl From<EditError> for StageError {
    fn from(error: EditError) -> Self {
        Self { offset: Some(u64::from(error.span.start().to_u32())), kind: error.into() }
    }
}
