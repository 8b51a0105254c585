//! A checked sequence of stages.

use std::fmt;

use tamis_span::RuleIndex;

use crate::{CorpusStage, Decode, Rule, Stage, StageRules, StageSpec};

/// Stages in order, with all their rules in one table.
#[derive(Debug)]
pub struct Plan {
    /// The pipeline's name.
    pub name: String,
    stages: Vec<PlannedStage>,
    rules: Vec<(usize, &'static Rule)>,
}

/// One stage of a plan.
pub struct PlannedStage {
    /// The stage itself.
    pub kind: PlannedKind,
    rules: StageRules,
}

/// A stage, by how it is run.
pub enum PlannedKind {
    /// From bytes to text.
    Decode(Box<dyn Decode>),
    /// One document at a time.
    Document(Box<dyn Stage>),
    /// Over the whole corpus.
    Corpus(Box<dyn CorpusStage>),
}

impl PlannedStage {
    /// A stage that makes text of bytes.
    pub fn decode(stage: Box<dyn Decode>) -> Self {
        Self::new(PlannedKind::Decode(stage))
    }

    /// A stage that works on one document at a time.
    pub fn document(stage: Box<dyn Stage>) -> Self {
        Self::new(PlannedKind::Document(stage))
    }

    /// A stage that decides over the whole corpus.
    pub fn corpus(stage: Box<dyn CorpusStage>) -> Self {
        Self::new(PlannedKind::Corpus(stage))
    }

    fn new(kind: PlannedKind) -> Self {
        let mut stage = Self { kind, rules: StageRules::alone(&[]) };
        stage.rules = StageRules::alone(stage.spec().rules);
        stage
    }

    /// What the stage says it is.
    pub fn spec(&self) -> &'static StageSpec {
        match &self.kind {
            PlannedKind::Decode(stage) => stage.spec(),
            PlannedKind::Document(stage) => stage.spec(),
            PlannedKind::Corpus(stage) => stage.spec(),
        }
    }

    /// Its rules, with their place in the plan's table.
    pub fn rules(&self) -> StageRules {
        self.rules
    }
}

impl fmt::Debug for PlannedStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlannedStage").field(&self.spec().name).finish()
    }
}

impl Plan {
    /// A plan of `stages`, in order.
    pub fn new(name: impl Into<String>, mut stages: Vec<PlannedStage>) -> Self {
        let mut rules = Vec::new();
        for (place, stage) in stages.iter_mut().enumerate() {
            stage.rules = StageRules { base: rules.len() as u16, rules: stage.spec().rules };
            rules.extend(stage.spec().rules.iter().map(|rule| (place, *rule)));
        }
        Self { name: name.into(), stages, rules }
    }

    /// The stages, in order.
    pub fn stages(&self) -> &[PlannedStage] {
        &self.stages
    }

    /// The rule at `index` and the place of its stage.
    pub fn rule(&self, index: RuleIndex) -> Option<(usize, &'static Rule)> {
        self.rules.get(index.get()?).copied()
    }

    /// All rules, by index, with the place of their stage.
    pub fn rules(&self) -> &[(usize, &'static Rule)] {
        &self.rules
    }

    /// The places of corpus stages: where the stages fall into phases.
    pub fn barriers(&self) -> impl Iterator<Item = usize> + '_ {
        let corpus = |stage: &PlannedStage| matches!(stage.kind, PlannedKind::Corpus(_));
        self.stages.iter().enumerate().filter(move |(_, stage)| corpus(stage)).map(|(place, _)| place)
    }
}
