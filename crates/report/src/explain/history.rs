//! What a document was after each stage. The ledger has the sum of all stages; whoever has the stages can run them over the
//! raw bytes again and hand the steps in.

use std::ops::Range;

use tamis_core::{Plan, SegmentKind, SegmentMap, Span};

/// A document after each stage of a plan.
#[derive(Debug)]
pub struct History<'a> {
    /// The plan, for the names of stages and rules.
    pub plan: &'a Plan,
    /// After each stage, as far as the document went.
    pub steps: Vec<Step>,
}

/// A document after one stage.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The text.
    pub text: String,
    /// Between raw bytes and text.
    pub map: SegmentMap,
}

/// What stood for a range of raw bytes after a stage.
pub(super) struct Stood {
    pub(super) stage: usize,
    pub(super) stage_name: &'static str,
    pub(super) text: String,
    /// The rule of this very stage, where one did it.
    pub(super) rule: Option<(&'static str, &'static str)>,
    /// Whether the stage left it as it was.
    pub(super) unchanged: bool,
}

impl History<'_> {
    /// What stood for `raw` after each stage. An empty range is the place of an insertion.
    pub(super) fn of(&self, raw: &Range<usize>) -> Vec<Stood> {
        let mut all: Vec<Stood> = Vec::new();
        for (stage, step) in self.steps.iter().enumerate() {
            let Some(planned) = self.plan.stages().get(stage) else { break };
            let (text, rule) = step.at(raw);
            let rule = rule
                .and_then(|index| self.plan.rules().get(index))
                .filter(|(place, _)| *place == stage)
                .map(|(_, rule)| (rule.id, rule.reason));
            let unchanged = rule.is_none() && all.last().is_some_and(|before| before.text == text);
            all.push(Stood { stage, stage_name: planned.spec().name, text, rule, unchanged });
        }
        all
    }
}

impl Step {
    /// The text that stands for `raw`, and the rule that put it there.
    fn at(&self, raw: &Range<usize>) -> (String, Option<usize>) {
        let (mut text, mut rule) = (String::new(), None);
        if raw.is_empty() {
            self.map.walk(|at, out, segment| {
                if at.to_usize() == raw.start && segment.kind == SegmentKind::Inserted {
                    let start = out.to_usize();
                    text.push_str(
                        self.text.get(start..start + segment.text_len as usize).unwrap_or_default(),
                    );
                    rule = rule.or(segment.rule.get());
                }
            });
            return (text, rule);
        }
        if let Some(span) = self.map.text_span(&self.text, Span::of(raw.start, raw.end)) {
            text.push_str(span.slice(&self.text).unwrap_or_default());
        }
        self.map.walk(|at, _, segment| {
            let (start, end) = (at.to_usize(), at.to_usize() + segment.raw_len as usize);
            if start < raw.end && raw.start < end {
                rule = rule.or(segment.rule.get());
            }
        });
        (text, rule)
    }
}
