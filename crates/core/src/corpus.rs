//! Stages that must see the whole corpus before they decide.

use std::borrow::Cow;

use crate::{Decisions, Resources, Scratch, StageError, StageErrorKind, StageSpec, View};

/// A stage that sketches every document, decides once over all sketches, and has its decisions applied to each
/// document as ordinary drops and edits.
///
/// Sketches and decisions have a file form and know documents by ordinal, their place in input order: nothing depends
/// on which worker met which document first.
pub trait CorpusStage: Send + Sync {
    /// What it is.
    fn spec(&self) -> &'static StageSpec;

    /// Appends to `sketch` all that the decision needs of this document, in the stage's own stable binary form.
    fn sketch(&self, view: View<'_>, sketch: &mut Vec<u8>, scratch: &mut Scratch) -> Result<(), StageError>;

    /// The indexes it asks for: those of earlier runs come with the resources of [`CorpusStage::decide`].
    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    /// Decides over all sketches. May use the current rayon pool; must not depend on the number of its threads, nor on
    /// how much memory there is: what does not fit goes to temporary files.
    fn decide(&self, sketches: &dyn Sketches, resources: &Resources<'_>) -> Result<Decisions, StageError>;
}

/// All sketches of a corpus, by ordinal. Documents that were dropped or failed before the stage have none and are
/// not counted: ordinals here run over the documents that reached the stage, in input order.
pub trait Sketches: Sync {
    /// The number of sketches.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sketch of document `ordinal`; borrowed where it lies in memory, read anew where it lies in a file.
    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError>;
}

/// What a corpus stage reads of earlier runs and leaves for later ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indexes {
    /// The directory of an index, or of several.
    pub against: Option<String>,
    /// The directory where the index of this run is written: the sketches and ids of the documents that it keeps.
    pub index: Option<String>,
    /// The options that sketches and rules depend on: indexes made with others are refused.
    pub options: String,
}

/// The documents that an earlier run kept.
pub trait EarlierRun: Sketches {
    /// What its index is called.
    fn name(&self) -> &str;

    /// The id of document `ordinal` there.
    fn id(&self, ordinal: usize) -> Result<String, StageError>;
}

/// Sketches in memory.
#[derive(Clone, Debug, Default)]
pub struct MemorySketches(pub Vec<Vec<u8>>);

impl Sketches for MemorySketches {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError> {
        let sketch = self.0.get(ordinal);
        sketch.map(|sketch| Cow::Borrowed(sketch.as_slice())).ok_or_else(|| {
            StageErrorKind::Sketch { ordinal, detail: "there is no such document".into() }.into()
        })
    }
}
