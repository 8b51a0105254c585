//! What a stage is.

use crate::{Decoding, Editor, Metadata, Rule, Scratch, StageError, TextBuilder, View};

/// A stage that works on one document at a time.
pub trait Stage: Send + Sync {
    /// What it is.
    fn spec(&self) -> &'static StageSpec;

    /// Reads the document and asks the editor for what it wants changed or noted.
    ///
    /// Must depend on the view and the stage's own options alone: not on earlier documents, the clock, or the order
    /// of a hash map. Must not panic; a panic costs the document.
    fn apply(
        &self,
        view: View<'_>,
        editor: &mut Editor<'_>,
        scratch: &mut Scratch,
    ) -> Result<Verdict, StageError>;
}

/// The first stage: from bytes to text.
pub trait Decode: Send + Sync {
    /// What it is.
    fn spec(&self) -> &'static StageSpec;

    /// Reads all of `raw` and tells the builder, from the first byte to the last, what became of it.
    fn decode(
        &self,
        raw: &[u8],
        metadata: &Metadata,
        text: &mut TextBuilder<'_>,
        scratch: &mut Scratch,
    ) -> Result<Decoding, StageError>;
}

/// What a stage says it is. The laws hold it to its word.
#[derive(Debug)]
pub struct StageSpec {
    /// What it does, as pipeline files name it: `strip-chrome`.
    pub name: &'static str,
    /// One line for `tamis stages`: lower case, no full stop.
    pub summary: &'static str,
    /// Grows with every change of behaviour; part of what makes a run resumable.
    pub version: u32,
    /// What it does to documents.
    pub kind: StageKind,
    /// What it promises.
    pub claims: Claims,
    /// All rules it may name.
    pub rules: &'static [&'static Rule],
    /// What people are told of it.
    pub about: About,
}

/// What people are told of a stage, beside its summary: `tamis stages NAME` and `docs/rules.md` print it.
#[derive(Clone, Copy, Debug, Default)]
pub struct About {
    /// What it is good for: a lower-case sentence without its full stop.
    pub why: &'static str,
    /// The version of tamis that brought it.
    pub since: &'static str,
    /// An example text; for a stage over the corpus, a document a line.
    pub before: &'static str,
    /// What the stage makes of it with its default options. What is only noted stands in brackets; a language stands
    /// alone.
    pub after: &'static str,
}

impl About {
    /// Nothing, for stages of tests.
    pub const NOTHING: Self = Self { why: "", since: "", before: "", after: "" };
}

/// What a stage does to documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// Makes text of bytes.
    Decode,
    /// Changes text.
    Edit,
    /// Notes what it finds; it may also write that in another form.
    Annotate,
    /// Decides over the whole corpus.
    Corpus,
}

/// What a stage promises, tested by the laws.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims {
    /// A second run on its own output changes nothing.
    pub idempotent: bool,
    /// The text never grows.
    pub only_shrinks: bool,
}

/// What a stage wants done with the document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Verdict {
    /// It goes on to the next stage.
    #[default]
    Keep,
    /// It is dropped.
    Drop {
        /// Why.
        rule: &'static Rule,
        /// What was measured.
        value: Option<f64>,
        /// What it was held against.
        threshold: Option<f64>,
    },
}
