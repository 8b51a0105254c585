//! Conditions on the counts of a run, for batch jobs.

use std::fmt;
use std::path::PathBuf;

use serde_json::{Value, json};
use tamis_core::Plan;
use tamis_io::Tally;

use crate::Diagnostic;
use crate::decode::Read;
use crate::diagnostic::did_you_mean;
use crate::file::{BaselineValue, GateTable};

/// A condition on one metric of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// What is measured: see [`METRICS`].
    pub metric: String,
    /// When the run fails.
    pub error_if: Option<Condition>,
    /// When a warning is told.
    pub warn_if: Option<Condition>,
    /// What `baseline` stands for in them.
    pub baseline: Option<Baseline>,
}

/// What a run is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Baseline {
    /// A number.
    Number(f64),
    /// The same metric in the `report.json` of an earlier run; the path of that file or of its directory, relative to
    /// the working directory.
    Report(PathBuf),
}

/// A comparison with a number, or with what is above or below the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    operator: Operator,
    bound: Bound,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Number(f64),
    /// The baseline plus a number.
    Above(f64),
    /// The baseline plus so many percent of it.
    AbovePercent(f64),
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
pub const METRICS: [(&str, &str); 23] = [
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
    ("runs.removed", "repeated runs that went from documents, with `runs`"),
    ("runs.emptied", "documents that repeated runs left without a word, and that stay"),
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
    /// What it was held against.
    pub baseline: Option<f64>,
    /// When the run fails, as it is written.
    pub error_if: Option<String>,
    /// When a warning is told, as it is written.
    pub warn_if: Option<String>,
    /// What else is to be said: that there is no baseline yet.
    pub note: Option<String>,
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
                        .with_help(
                            "a comparison with a number or the baseline, for example `\"> 0.40\"` or `\"< baseline - 5%\"`",
                        ),
                );
            }
            if read.value.baseline.is_none() && parsed.as_ref().is_some_and(Condition::is_relative) {
                told.push(
                    Diagnostic::new(
                        format!("`{key}` names a baseline that the gate does not have"),
                        read.places.of(key),
                    )
                    .with_help("add `baseline = 0.25`, or `baseline = \"earlier/report.json\"`"),
                );
            }
            parsed
        };
        let error_if = condition("error_if", &read.value.error_if);
        let warn_if = condition("warn_if", &read.value.warn_if);
        if read.value.error_if.is_none() && read.value.warn_if.is_none() {
            told.push(Diagnostic::new("a gate without `error_if` and `warn_if`", read.places.of("metric")));
        }
        let baseline = read.value.baseline.as_ref().map(|baseline| match baseline {
            BaselineValue::Number(number) => Baseline::Number(*number),
            BaselineValue::Path(path) => Baseline::Report(PathBuf::from(path)),
        });
        if baseline.is_some()
            && told.len() == before
            && ![&error_if, &warn_if].into_iter().flatten().any(Condition::is_relative)
        {
            told.push(
                Diagnostic::new("`baseline` is named by no condition", read.places.of("baseline"))
                    .with_help("for example `error_if = \"< baseline - 5%\"`"),
            );
        }
        (told.len() == before).then(|| Self { metric: metric.clone(), error_if, warn_if, baseline })
    }

    /// Judges the counts of a run against the baseline's value of the same metric, where there is one.
    pub fn judge(&self, plan: &Plan, tally: &Tally, baseline: Option<f64>) -> Judgement {
        let value = metric(plan, tally, &self.metric).unwrap_or(0.0);
        let holds = |condition: &Option<Condition>| {
            condition.as_ref().filter(|condition| condition.holds(value, baseline)).map(ToString::to_string)
        };
        let (mut verdict, condition) = match (holds(&self.error_if), holds(&self.warn_if)) {
            (Some(condition), _) => (Verdict::Fail, Some(condition)),
            (None, Some(condition)) => (Verdict::Warn, Some(condition)),
            (None, None) => (Verdict::Pass, None),
        };
        // A first run has nothing to be held against. It may go on; that it was not judged must not go unseen.
        let note = match (&self.baseline, baseline) {
            (Some(Baseline::Report(path)), None) => {
                verdict = verdict.max(Verdict::Warn);
                Some(format!("there is no baseline at {}", path.display()))
            }
            _ => None,
        };
        let text = |condition: &Option<Condition>| condition.as_ref().map(ToString::to_string);
        Judgement {
            metric: self.metric.clone(),
            value,
            verdict,
            condition,
            baseline,
            error_if: text(&self.error_if),
            warn_if: text(&self.warn_if),
            note,
        }
    }

    pub(crate) fn resolved(&self) -> Value {
        let text = |condition: &Option<Condition>| condition.as_ref().map(ToString::to_string);
        let baseline = self.baseline.as_ref().map(|baseline| match baseline {
            Baseline::Number(number) => json!(number),
            Baseline::Report(path) => json!(path.to_string_lossy()),
        });
        json!({
            "metric": self.metric, "error_if": text(&self.error_if), "warn_if": text(&self.warn_if),
            "baseline": baseline,
        })
    }
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (rest, operator) =
            OPERATORS.iter().find_map(|(sign, operator)| Some((text.strip_prefix(sign)?, *operator)))?;
        let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        let rest = rest.trim();
        let Some(change) = rest.strip_prefix("baseline") else {
            return Some(Self { operator, bound: Bound::Number(number(rest)?) });
        };
        let change = change.trim();
        let (sign, size) = match (change.strip_prefix('+'), change.strip_prefix('-')) {
            (Some(size), _) => (1.0, size.trim()),
            (_, Some(size)) => (-1.0, size.trim()),
            (None, None) if change.is_empty() => (1.0, "0"),
            _ => return None,
        };
        // Not "- -5": one sign is told, and told once.
        let unsigned =
            |text: &str| number(text).filter(|_| text.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
        let bound = match size.strip_suffix('%') {
            Some(percent) => Bound::AbovePercent(sign * unsigned(percent)?),
            None => Bound::Above(sign * unsigned(size)?),
        };
        Some(Self { operator, bound })
    }

    /// Whether it names the baseline.
    fn is_relative(&self) -> bool {
        !matches!(self.bound, Bound::Number(_))
    }

    /// Whether it holds; without a baseline, nothing holds against it.
    #[expect(clippy::float_cmp, reason = "counts are whole numbers, and equality is what was asked for")]
    fn holds(&self, value: f64, baseline: Option<f64>) -> bool {
        let bound = match (self.bound, baseline) {
            (Bound::Number(number), _) => number,
            (Bound::Above(number), Some(baseline)) => baseline + number,
            (Bound::AbovePercent(percent), Some(baseline)) => baseline + baseline * percent / 100.0,
            (_, None) => return false,
        };
        match self.operator {
            Operator::Less => value < bound,
            Operator::LessOrEqual => value <= bound,
            Operator::More => value > bound,
            Operator::MoreOrEqual => value >= bound,
            Operator::Equal => value == bound,
            Operator::NotEqual => value != bound,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign =
            OPERATORS.iter().find(|(_, operator)| *operator == self.operator).map_or("", |(sign, _)| sign);
        let direction = |number: f64| if number < 0.0 { '-' } else { '+' };
        match self.bound {
            Bound::Number(number) => write!(f, "{sign} {number}"),
            Bound::Above(0.0) => write!(f, "{sign} baseline"),
            Bound::Above(number) => write!(f, "{sign} baseline {} {}", direction(number), number.abs()),
            Bound::AbovePercent(number) => {
                write!(f, "{sign} baseline {} {}%", direction(number), number.abs())
            }
        }
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
        place.and_then(|place| tally.stages.get(&place)).map_or(0, |stage| stage.dropped)
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
        "cluster.largest" | "too-short" | "runs.removed" | "runs.emptied" => count(measured(name)),
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
            assert_eq!(Condition::parse(text).unwrap().holds(value, None), expected, "{text}");
        }
        for text in [
            "",
            "0.4",
            "> x",
            "=> 1",
            "> NaN",
            "> baseline +",
            "> baseline - -5",
            "> baseline 5",
            "> baselines",
        ] {
            assert_eq!(Condition::parse(text), None, "{text}");
        }
    }

    #[test]
    fn conditions_on_the_baseline_are_its_sum_or_its_share() {
        for (text, value, expected) in [
            ("> baseline", 0.31, true),
            ("> baseline", 0.30, false),
            ("> baseline + 0.02", 0.31, false),
            (">baseline+10%", 0.34, true),
            ("< baseline - 10%", 0.28, false),
            ("< baseline - 0.01", 0.28, true),
        ] {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(condition.holds(value, Some(0.30)), expected, "{text}");
            assert!(!condition.holds(value, None), "{text} without a baseline");
            assert_eq!(Condition::parse(&condition.to_string()), Some(condition), "{text}");
        }
    }

    #[test]
    fn a_run_without_its_baseline_is_warned_of_and_not_failed() {
        let (plan, tally) = (Plan::new("", Vec::new()), Tally::default());
        let gate = Gate {
            metric: "kept".to_owned(),
            error_if: Condition::parse("< baseline - 1"),
            warn_if: None,
            baseline: Some(Baseline::Report("last".into())),
        };
        let first = gate.judge(&plan, &tally, None);
        assert_eq!((first.verdict, first.note.is_some()), (Verdict::Warn, true));
        assert_eq!(gate.judge(&plan, &tally, Some(0.5)).verdict, Verdict::Pass);
        assert_eq!(gate.judge(&plan, &tally, Some(2.0)).verdict, Verdict::Fail);
    }
}
