//! Documents of earlier runs before those of this one.
//!
//! A run that is held against indexes decides over all documents at once, the earlier ones first: they are kept whatever
//! comes, best copies or not, and are not compared with one another. Everything else is as for one corpus.

use std::borrow::Cow;

use tamis_core::{EarlierRun, Original, Sketches, StageError, StageErrorKind};

/// The documents of earlier runs, then those of this one.
pub(crate) struct Corpus<'a> {
    earlier: &'a [&'a dyn EarlierRun],
    own: &'a dyn Sketches,
    /// The number of documents of earlier runs.
    pub(crate) first: u32,
}

impl<'a> Corpus<'a> {
    pub(crate) fn new(earlier: &'a [&'a dyn EarlierRun], own: &'a dyn Sketches) -> Result<Self, StageError> {
        let first = earlier.iter().map(|run| run.len()).sum::<usize>();
        match u32::try_from(first + own.len()) {
            // The last number is not a document's.
            Ok(all) if all < u32::MAX => Ok(Self { earlier, own, first: first as u32 }),
            _ => Err(StageErrorKind::Other("more than 2^32 documents in one corpus".into()).into()),
        }
    }

    /// What a decision calls a document.
    pub(crate) fn original(&self, ordinal: u32) -> Result<Original, StageError> {
        match self.place(ordinal as usize) {
            (None, ordinal) => Ok(Original::Document(ordinal)),
            (Some(run), ordinal) => {
                Ok(Original::Earlier { id: run.id(ordinal)?, index: run.name().to_owned() })
            }
        }
    }

    /// The run of a document, where it is an earlier one, and its place there.
    fn place(&self, mut ordinal: usize) -> (Option<&'a dyn EarlierRun>, usize) {
        for run in self.earlier {
            if ordinal < run.len() {
                return (Some(*run), ordinal);
            }
            ordinal -= run.len();
        }
        (None, ordinal)
    }
}

impl Sketches for Corpus<'_> {
    fn len(&self) -> usize {
        self.first as usize + self.own.len()
    }

    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError> {
        match self.place(ordinal) {
            (Some(run), ordinal) => run.get(ordinal),
            (None, ordinal) => self.own.get(ordinal),
        }
    }
}
