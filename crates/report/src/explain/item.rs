//! What a shown document is made of, before anyone knows whether a terminal or a page shows it.

use crate::shown::plural;

/// Where a label is not folded.
pub(super) const NO_BREAK: &str = "\u{a0}";

/// A stretch of a shown document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Kept as it is. Line ends are those of the text.
    Text(String),
    /// Words that are gone, and why.
    Removed {
        /// The words.
        text: String,
        /// The stage that took them.
        stage: usize,
        /// The rule, where it has not just been told.
        label: Option<Label>,
    },
    /// Words that were put in.
    Inserted {
        /// The words.
        text: String,
        /// The stage that put them in.
        stage: usize,
        /// The rule, where it has not just been told.
        label: Option<Label>,
    },
    /// What changed of spaces, line ends and markup alone, by a sign.
    Mark {
        /// The sign.
        text: String,
        /// The stage.
        stage: usize,
    },
}

/// What stands at the side of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The rule.
    pub(super) rule: String,
    /// Its stage's place in the plan.
    pub(super) stage: usize,
    /// The least and the most evidence; the threshold is 0.
    pub(super) evidence: Option<(i16, i16)>,
    /// Raw bytes, where the words do not show them all.
    pub(super) bytes: Option<u64>,
    /// The documents where the words stay, where they went because those have them.
    pub(super) stays: Vec<String>,
}

impl Label {
    /// Takes in another label of the same rule.
    pub(super) fn join(&mut self, other: &Self) {
        self.evidence = match (self.evidence, other.evidence) {
            (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
            (one, two) => one.or(two),
        };
        self.bytes = match (self.bytes, other.bytes) {
            (None, None) => None,
            (one, two) => Some(one.unwrap_or(0) + two.unwrap_or(0)),
        };
        for document in &other.stays {
            if !self.stays.contains(document) {
                self.stays.push(document.clone());
            }
        }
    }

    /// Where the words stay.
    fn stays(&self) -> String {
        if self.stays.is_empty() { String::new() } else { format!(", stays in {}", self.stays.join(", ")) }
    }

    /// The evidence against its threshold, which is 0 for every rule that weighs.
    pub(super) fn evidence(&self) -> Option<String> {
        let (least, most) = self.evidence?;
        let sign =
            |score: i16| if score < 0 { format!("−{}", score.unsigned_abs()) } else { score.to_string() };
        let told = if least == most { sign(least) } else { format!("{}…{}", sign(least), sign(most)) };
        let compared = if most < 0 {
            " < 0"
        } else if least >= 0 {
            " ≥ 0"
        } else {
            " around 0"
        };
        Some(format!("{told}{compared}"))
    }

    /// All of it, to be folded between its parts and not inside one.
    pub(super) fn unbroken(&self) -> String {
        let evidence = self.evidence().map(|evidence| format!(" {}", evidence.replace(' ', NO_BREAK)));
        let bytes = self.bytes.map(|bytes| format!(" {}", plural(bytes, "byte").replace(' ', NO_BREAK)));
        let comma = if bytes.is_some() { "," } else { "" };
        let (evidence, bytes) = (evidence.unwrap_or_default(), bytes.unwrap_or_default());
        format!("{}{evidence}{comma}{bytes}{}", self.rule, self.stays())
    }

    /// All of it on one line.
    pub(super) fn told(&self) -> String {
        let evidence = self.evidence().map(|evidence| format!(" {evidence}")).unwrap_or_default();
        let bytes = self.bytes.map(|bytes| format!(", {}", plural(bytes, "byte")));
        format!("{}{evidence}{}{}", self.rule, bytes.unwrap_or_default(), self.stays())
    }
}

/// One label for each rule, in the order they were met.
pub(super) fn joined<'a>(labels: impl IntoIterator<Item = &'a Label>) -> Vec<Label> {
    let mut out: Vec<Label> = Vec::new();
    for label in labels {
        match out.iter_mut().find(|met| met.rule == label.rule) {
            Some(met) => met.join(label),
            None => out.push(label.clone()),
        }
    }
    out
}
