//! Conditions on the counts of a run, for batch jobs.

use std::fmt;

use serde_json::{Value, json};
use tamis_core::Plan;
use tamis_io::Tally;

use crate::Diagnostic;
use crate::decode::Read;
use crate::diagnostic::did_you_mean;
use crate::file::GateTable;

/// A condition on one metric of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// What is measured: see [`METRICS`].
    pub metric: String,
    /// When the run fails.
    pub error_if: Option<Condition>,
    /// When a warning is told.
    pub warn_if: Option<Condition>,
}

/// A comparison with a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    operator: Operator,
    bound: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Equal,
    NotEqual,
}

const OPERATORS: [(&str, Operator); 6] = [
    ("<=", Operator::LessOrEqual),
    (">=", Operator::MoreOrEqual),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<", Operator::Less),
    (">", Operator::More),
];

/// What can be measured. `*` stands for a language tag, a stage's name or a rule's id.
pub const METRICS: [(&str, &str); 21] = [
    ("documents", "documents read"),
    ("kept", "documents kept"),
    ("kept.ratio", "their share of all documents"),
    ("dropped", "documents dropped"),
    ("dropped.ratio", "their share of all documents"),
    ("failed", "documents failed"),
    ("failed.ratio", "their share of all documents"),
    ("bytes.raw", "raw bytes read"),
    ("bytes.text", "bytes of clean text"),
    ("bytes.removed.ratio", "removed bytes in the raw bytes of kept documents"),
    ("sentences", "sentences of kept documents"),
    ("lang.*", "kept documents in a language"),
    ("lang.*.ratio", "their share of kept documents"),
    ("stage.*.dropped", "documents a stage dropped"),
    ("stage.*.dropped.ratio", "their share of all documents"),
    ("rule.*.dropped", "documents a rule dropped"),
    ("cluster.largest", "documents of the largest cluster of duplicates, the kept one among them"),
    ("cluster.largest.ratio", "their share of all documents"),
    ("too-short", "documents too short to have near duplicates"),
    ("too-short.ratio", "their share of all documents"),
    ("rule.*.edits", "edits a rule made in kept documents"),
];

/// What a gate says of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What was measured.
    pub metric: String,
    /// Its value.
    pub value: f64,
    /// What follows.
    pub verdict: Verdict,
    /// The condition that held, for warnings and errors.
    pub condition: Option<String>,
}

/// What follows from a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It holds, with a warning.
    Warn,
    /// It does not hold.
    Fail,
}

impl Gate {
    pub(crate) fn new(read: &Read<GateTable>, told: &mut Vec<Diagnostic>) -> Option<Self> {
        let before = told.len();
        let metric = &read.value.metric;
        if !METRICS.iter().any(|(pattern, _)| matches(pattern, metric).is_some()) {
            let help = did_you_mean(metric, METRICS.iter().map(|(name, _)| *name)).unwrap_or_else(|| {
                let names: Vec<_> = METRICS.iter().map(|(name, _)| format!("`{name}`")).collect();
                format!("metrics: {}", names.join(", "))
            });
            told.push(
                Diagnostic::new(format!("unknown metric `{metric}`"), read.places.of("metric"))
                    .with_help(help),
            );
        }
        let mut condition = |key: &str, text: &Option<String>| {
            let text = text.as_deref()?;
            let parsed = Condition::parse(text);
            if parsed.is_none() {
                told.push(
                    Diagnostic::new(format!("`{key}`: `{text}` is not a condition"), read.places.of(key))
                        .with_help("a comparison and a number, for example `\"> 0.40\"`"),
                );
            }
            parsed
        };
        let error_if = condition("error_if", &read.value.error_if);
        let warn_if = condition("warn_if", &read.value.warn_if);
        if read.value.error_if.is_none() && read.value.warn_if.is_none() {
            told.push(Diagnostic::new("a gate without `error_if` and `warn_if`", read.places.of("metric")));
        }
        (told.len() == before).then(|| Self { metric: metric.clone(), error_if, warn_if })
    }

    /// Judges the counts of a run.
    pub fn judge(&self, plan: &Plan, tally: &Tally) -> Judgement {
        let value = metric(plan, tally, &self.metric).unwrap_or(0.0);
        let holds = |condition: &Option<Condition>| {
            condition.as_ref().filter(|condition| condition.holds(value)).map(ToString::to_string)
        };
        let (verdict, condition) = match (holds(&self.error_if), holds(&self.warn_if)) {
            (Some(condition), _) => (Verdict::Fail, Some(condition)),
            (None, Some(condition)) => (Verdict::Warn, Some(condition)),
            (None, None) => (Verdict::Pass, None),
        };
        Judgement { metric: self.metric.clone(), value, verdict, condition }
    }

    pub(crate) fn resolved(&self) -> Value {
        let text = |condition: &Option<Condition>| condition.as_ref().map(ToString::to_string);
        json!({ "metric": self.metric, "error_if": text(&self.error_if), "warn_if": text(&self.warn_if) })
    }
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (rest, operator) =
            OPERATORS.iter().find_map(|(sign, operator)| Some((text.strip_prefix(sign)?, *operator)))?;
        let bound = rest.trim().parse().ok().filter(|bound: &f64| bound.is_finite())?;
        Some(Self { operator, bound })
    }

    #[expect(clippy::float_cmp, reason = "counts are whole numbers, and equality is what was asked for")]
    fn holds(&self, value: f64) -> bool {
        match self.operator {
            Operator::Less => value < self.bound,
            Operator::LessOrEqual => value <= self.bound,
            Operator::More => value > self.bound,
            Operator::MoreOrEqual => value >= self.bound,
            Operator::Equal => value == self.bound,
            Operator::NotEqual => value != self.bound,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign =
            OPERATORS.iter().find(|(_, operator)| *operator == self.operator).map_or("", |(sign, _)| sign);
        write!(f, "{sign} {}", self.bound)
    }
}

/// The value of a metric, a ratio of nothing being 0; `None` when there is no such metric.
pub fn metric(plan: &Plan, tally: &Tally, name: &str) -> Option<f64> {
    let count = |count: u64| count as f64;
    let ratio = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let all = tally.documents;
    let wild = |pattern| matches(pattern, name).filter(|word| !word.is_empty());
    let of_stage = |name: &str| {
        let place = plan.stages().iter().position(|stage| stage.spec().name == name);
        place.and_then(|place| tally.stages.get(&place)).map_or(0, |stage| stage.0)
    };
    let measured = |name: &str| tally.measures.get(name).copied().unwrap_or(0);
    let language = |tag: &str| tally.languages.get(tag).copied().unwrap_or(0);
    Some(match name {
        "documents" => count(all),
        "kept" => count(tally.kept),
        "kept.ratio" => ratio(tally.kept, all),
        "dropped" => count(tally.dropped),
        "dropped.ratio" => ratio(tally.dropped, all),
        "failed" => count(tally.failed),
        "failed.ratio" => ratio(tally.failed, all),
        "bytes.raw" => count(tally.raw_bytes),
        "bytes.text" => count(tally.text_bytes),
        "bytes.removed.ratio" => {
            ratio(tally.removed_bytes, tally.kept_bytes + tally.removed_bytes + tally.replaced_bytes)
        }
        "sentences" => count(tally.sentences),
        "cluster.largest" | "too-short" => count(measured(name)),
        "cluster.largest.ratio" => ratio(measured("cluster.largest"), all),
        "too-short.ratio" => ratio(measured("too-short"), all),
        _ => {
            if let Some(tag) = wild("lang.*.ratio") {
                ratio(language(tag), tally.kept)
            } else if let Some(tag) = wild("lang.*") {
                count(language(tag))
            } else if let Some(stage) = wild("stage.*.dropped.ratio") {
                ratio(of_stage(stage), all)
            } else if let Some(stage) = wild("stage.*.dropped") {
                count(of_stage(stage))
            } else if let Some(rule) = wild("rule.*.dropped") {
                count(tally.rules.get(rule).map_or(0, |rule| rule.dropped))
            } else if let Some(rule) = wild("rule.*.edits") {
                count(tally.rules.get(rule).map_or(0, |rule| rule.edits))
            } else {
                return None;
            }
        }
    })
}

/// What `*` stands for when `name` fits the pattern; the empty string for a pattern without one.
fn matches<'a>(pattern: &str, name: &'a str) -> Option<&'a str> {
    match pattern.split_once('*') {
        None => (pattern == name).then_some(""),
        Some((head, tail)) => name.strip_prefix(head)?.strip_suffix(tail).filter(|word| !word.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_that_is_told_can_be_measured() {
        let (plan, tally) = (Plan::new("", Vec::new()), Tally::default());
        for (name, _) in METRICS {
            assert_eq!(metric(&plan, &tally, &name.replace('*', "fr")), Some(0.0), "{name}");
        }
        assert_eq!(metric(&plan, &tally, "colour"), None);
    }

    #[test]
    fn conditions_are_comparisons() {
        for (text, value, expected) in
            [("> 0.40", 0.5, true), (">0.40", 0.4, false), ("<= 3", 3.0, true), ("!= 0", 0.0, false)]
        {
            assert_eq!(Condition::parse(text).unwrap().holds(value), expected, "{text}");
        }
        for text in ["", "0.4", "> x", "=> 1", "> NaN"] {
            assert_eq!(Condition::parse(text), None, "{text}");
        }
    }
}
