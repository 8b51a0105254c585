//! How a document ends: kept, dropped or failed, and nothing else.

use tamis_span::RuleIndex;

use crate::Original;

/// A document's end, or its state on the way there.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    /// It is in the output.
    #[default]
    Kept,
    /// A rule wants it out.
    Dropped(Dropped),
    /// It could not be worked on.
    Failed(Failed),
}

/// A document that a rule dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    /// The stage's place in the plan.
    pub stage: usize,
    /// The rule's place in the plan's table.
    pub rule: RuleIndex,
    /// What was measured.
    pub value: Option<f64>,
    /// What it was held against.
    pub threshold: Option<f64>,
    /// For duplicates: the kept document it matches.
    pub duplicate_of: Option<Original>,
    /// For duplicates: how alike, 0 to 1.
    pub similarity: Option<f64>,
}

/// A document that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The stage's place in the plan; `None` when it failed before the first (unreadable, over a limit).
    pub stage: Option<usize>,
    /// The rule, when a stage refused it by one.
    pub rule: Option<RuleIndex>,
    /// Why, as a lower-case fragment: "binary: png", "invalid UTF-8 in record".
    pub reason: String,
    /// Where, in bytes of what was being read.
    pub offset: Option<u64>,
}
