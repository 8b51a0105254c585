//! The counts of a unit, a shard or a whole run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tamis_core::{Decimal, Document, Outcome, Plan, RuleIndex};

/// Counts that add up, in any order: of a unit, a shard, a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Documents read, or met and unreadable.
    pub documents: u64,
    /// Documents in the output.
    pub kept: u64,
    /// Documents that a rule dropped.
    pub dropped: u64,
    /// Documents that could not be worked on.
    pub failed: u64,
    /// Raw bytes of all documents.
    pub raw_bytes: u64,
    /// Raw bytes of kept documents that reached the text through decoding alone.
    pub kept_bytes: u64,
    /// Raw bytes of kept documents that nothing stands for.
    pub removed_bytes: u64,
    /// Raw bytes of kept documents that other text stands for.
    pub replaced_bytes: u64,
    /// Bytes of kept texts with no raw bytes behind them.
    pub inserted_bytes: u64,
    /// Bytes of kept texts.
    pub text_bytes: u64,
    /// Sentences of kept documents.
    pub sentences: u64,
    /// What each stage did, by its place in the plan.
    pub stages: BTreeMap<usize, StageTally>,
    /// What each rule did, by stage place and rule id.
    pub rules: BTreeMap<String, RuleTally>,
    /// Kept documents by language.
    pub languages: BTreeMap<String, u64>,
    /// Kept documents by encoding.
    pub encodings: BTreeMap<String, u64>,
    /// Amounts of kept documents by kind, for money followed by the currency.
    pub amounts: BTreeMap<String, u64>,
    /// Amounts of kept documents by kind (and currency), then by the power of ten of their value, 9
    /// being milliards. Ranges count by their lower end; vague amounts and zeros have no power.
    pub amount_powers: BTreeMap<String, BTreeMap<i32, u64>>,
    /// Kept documents by their raw bytes, in steps of half an octave: see [`length_step`].
    pub raw_lengths: BTreeMap<u64, u64>,
    /// Kept documents by the bytes of their text, in the same steps.
    pub text_lengths: BTreeMap<u64, u64>,
    /// Failed documents by the first words of their reason, up to a colon or digit.
    pub failures: BTreeMap<String, u64>,
    /// What corpus stages measured, by the name of the metric.
    #[serde(default)]
    pub measures: BTreeMap<String, u64>,
}

/// What one stage did to documents and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageTally {
    /// Documents it dropped.
    pub dropped: u64,
    /// Documents that failed in it.
    pub failed: u64,
    /// Raw bytes of the documents it dropped.
    pub dropped_bytes: u64,
    /// Raw bytes of the documents that failed in it.
    pub failed_bytes: u64,
    /// Raw bytes it removed from kept documents.
    pub removed_bytes: u64,
    /// Raw bytes of kept documents that other text of it stands for.
    pub replaced_bytes: u64,
}

/// The step that a length belongs to, named by its lower bound: 0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, …
///
/// ```
/// let steps = [0, 1, 5, 6, 7, 8, 4095, 4096].map(tamis_io::length_step);
/// assert_eq!(steps, [0, 1, 4, 6, 6, 8, 3072, 4096]);
/// ```
pub const fn length_step(length: u64) -> u64 {
    let Some(octave) = length.checked_ilog2() else { return 0 };
    let base = 1_u64 << octave;
    let half = base + base / 2;
    if length >= half { half } else { base }
}

/// The power of ten of a decimal number: 0 for 1 to 9.99, 9 for milliards, -2 for hundredths; `None` for zero.
///
/// ```
/// let power = |text| tamis_io::power_of_ten(text);
/// assert_eq!((power("109000000000"), power("-0.018"), power("7.5"), power("0")), (Some(11), Some(-2), Some(0), None));
/// ```
pub fn power_of_ten(decimal: &str) -> Option<i32> {
    let digits = decimal.trim_start_matches('-');
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    if whole.is_empty() {
        let zeros = fraction.bytes().position(|digit| digit != b'0')?;
        Some(-1 - i32::try_from(zeros).ok()?)
    } else {
        Some(i32::try_from(whole.len()).ok()? - 1)
    }
}

/// What one rule did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleTally {
    /// The place of the rule's stage in the plan.
    pub stage: usize,
    /// Kept documents with at least one edit by it.
    pub documents: u64,
    /// Its edits in kept documents.
    pub edits: u64,
    /// Raw bytes it removed or replaced in kept documents.
    pub raw_bytes: u64,
    /// Bytes of text it put into kept documents.
    pub text_bytes: u64,
    /// Documents it dropped.
    pub dropped: u64,
    /// Documents it refused.
    pub failed: u64,
}

/// What the rules did to one document, by their place in the plan. A page has hundreds of edits by a dozen of rules: they
/// are added up here, and looked up by name once a rule.
#[derive(Clone, Debug, Default)]
pub struct TallyBuffer {
    rules: Vec<RuleEdits>,
    /// The rules with edits.
    met: Vec<RuleIndex>,
}

#[derive(Clone, Copy, Debug, Default)]
struct RuleEdits {
    edits: u64,
    /// Raw bytes that nothing stands for.
    removed: u64,
    /// Raw bytes that other text stands for.
    replaced: u64,
    text: u64,
}

impl Tally {
    /// Counts a document at its end. `buffer` lives from document to document.
    pub fn count(&mut self, plan: &Plan, document: &Document, raw_bytes: u64, buffer: &mut TallyBuffer) {
        self.documents += 1;
        self.raw_bytes += raw_bytes;
        match &document.outcome {
            Outcome::Kept => self.count_kept(plan, document, raw_bytes, buffer),
            Outcome::Dropped(dropped) => {
                self.dropped += 1;
                let stage = self.stages.entry(dropped.stage).or_default();
                stage.dropped += 1;
                stage.dropped_bytes += raw_bytes;
                if let Some(rule) = self.rule(plan, dropped.rule) {
                    rule.dropped += 1;
                }
            }
            Outcome::Failed(failed) => {
                self.failed += 1;
                if let Some(stage) = failed.stage {
                    let stage = self.stages.entry(stage).or_default();
                    stage.failed += 1;
                    stage.failed_bytes += raw_bytes;
                }
                if let Some(rule) = failed.rule.and_then(|rule| self.rule(plan, rule)) {
                    rule.failed += 1;
                }
                let words = failed.reason.split(|c: char| c == ':' || c.is_ascii_digit()).next();
                add(&mut self.failures, words.unwrap_or_default().trim(), 1);
            }
        }
    }

    fn count_kept(&mut self, plan: &Plan, document: &Document, raw_bytes: u64, buffer: &mut TallyBuffer) {
        let totals = document.map.totals();
        self.kept += 1;
        self.kept_bytes += totals.kept;
        self.removed_bytes += totals.removed;
        self.replaced_bytes += totals.replaced;
        self.inserted_bytes += totals.inserted;
        self.text_bytes += document.text.len() as u64;
        self.sentences += document.annotations.sentences.len() as u64;
        *self.raw_lengths.entry(length_step(raw_bytes)).or_default() += 1;
        *self.text_lengths.entry(length_step(document.text.len() as u64)).or_default() += 1;
        let TallyBuffer { rules, met } = buffer;
        rules.resize(plan.rules().len(), RuleEdits::default());
        for segment in document.map.segments() {
            let Some(of_rule) = segment.rule.get().and_then(|index| rules.get_mut(index)) else { continue };
            if of_rule.edits == 0 {
                met.push(segment.rule);
            }
            of_rule.edits += 1;
            if segment.text_len == 0 {
                of_rule.removed += u64::from(segment.raw_len);
            } else {
                of_rule.replaced += u64::from(segment.raw_len);
            }
            of_rule.text += u64::from(segment.text_len);
        }
        for index in met.drain(..) {
            let Some(of_rule) = index.get().and_then(|index| rules.get_mut(index)).map(std::mem::take) else {
                continue;
            };
            let Some(rule) = self.rule(plan, index) else { continue };
            rule.documents += 1;
            rule.edits += of_rule.edits;
            rule.raw_bytes += of_rule.removed + of_rule.replaced;
            rule.text_bytes += of_rule.text;
            let Some((place, _)) = plan.rule(index) else { continue };
            let stage = self.stages.entry(place).or_default();
            stage.removed_bytes += of_rule.removed;
            stage.replaced_bytes += of_rule.replaced;
        }
        add(&mut self.languages, document.view().language(), 1);
        if let Some(decoding) = &document.annotations.decoding {
            add(&mut self.encodings, decoding.encoding, 1);
        }
        let mut name = String::new();
        for amount in &document.annotations.amounts {
            name.clear();
            name.push_str(amount.kind.name());
            if let Some(currency) = &amount.currency {
                name.push(' ');
                name.push_str(currency.code());
            }
            add(&mut self.amounts, &name, 1);
            let number = amount.value.or(amount.low).or(amount.high);
            if let Some(power) = number.and_then(Decimal::power_of_ten) {
                add_power(&mut self.amount_powers, &name, power, 1);
            }
        }
    }

    fn rule(&mut self, plan: &Plan, index: RuleIndex) -> Option<&mut RuleTally> {
        let (stage, rule) = plan.rule(index)?;
        // Rules are few and met often: no allocation but the first time.
        if !self.rules.contains_key(rule.id) {
            self.rules.insert(rule.id.to_owned(), RuleTally { stage, ..RuleTally::default() });
        }
        self.rules.get_mut(rule.id)
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: &Self) {
        self.documents += other.documents;
        self.kept += other.kept;
        self.dropped += other.dropped;
        self.failed += other.failed;
        self.raw_bytes += other.raw_bytes;
        self.kept_bytes += other.kept_bytes;
        self.removed_bytes += other.removed_bytes;
        self.replaced_bytes += other.replaced_bytes;
        self.inserted_bytes += other.inserted_bytes;
        self.text_bytes += other.text_bytes;
        self.sentences += other.sentences;
        for (stage, theirs) in &other.stages {
            let ours = self.stages.entry(*stage).or_default();
            ours.dropped += theirs.dropped;
            ours.failed += theirs.failed;
            ours.dropped_bytes += theirs.dropped_bytes;
            ours.failed_bytes += theirs.failed_bytes;
            ours.removed_bytes += theirs.removed_bytes;
            ours.replaced_bytes += theirs.replaced_bytes;
        }
        for (ours, theirs) in
            [(&mut self.raw_lengths, &other.raw_lengths), (&mut self.text_lengths, &other.text_lengths)]
        {
            for (step, count) in theirs {
                *ours.entry(*step).or_default() += count;
            }
        }
        for (name, powers) in &other.amount_powers {
            for (power, count) in powers {
                add_power(&mut self.amount_powers, name, *power, *count);
            }
        }
        for (id, theirs) in &other.rules {
            let ours = self
                .rules
                .entry(id.clone())
                .or_insert(RuleTally { stage: theirs.stage, ..RuleTally::default() });
            ours.documents += theirs.documents;
            ours.edits += theirs.edits;
            ours.raw_bytes += theirs.raw_bytes;
            ours.text_bytes += theirs.text_bytes;
            ours.dropped += theirs.dropped;
            ours.failed += theirs.failed;
        }
        for (ours, theirs) in [
            (&mut self.languages, &other.languages),
            (&mut self.encodings, &other.encodings),
            (&mut self.amounts, &other.amounts),
            (&mut self.failures, &other.failures),
        ] {
            for (key, count) in theirs {
                add(ours, key, *count);
            }
        }
    }

    /// `documents = kept + dropped + failed`, and the bytes of kept documents likewise.
    pub fn is_closed(&self) -> bool {
        self.documents == self.kept + self.dropped + self.failed
    }
}

fn add_power(counts: &mut BTreeMap<String, BTreeMap<i32, u64>>, name: &str, power: i32, count: u64) {
    match counts.get_mut(name) {
        Some(powers) => *powers.entry(power).or_default() += count,
        None => {
            counts.insert(name.to_owned(), BTreeMap::from([(power, count)]));
        }
    }
}

fn add(counts: &mut BTreeMap<String, u64>, key: &str, count: u64) {
    match counts.get_mut(key) {
        Some(sum) => *sum += count,
        None => {
            counts.insert(key.to_owned(), count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A run counts numbers, its verification the decimals that were written.
        #[test]
        fn a_number_has_the_power_of_its_decimal(mantissa in any::<i64>(), shift in 0_u32..64, scale in 0_u8..30) {
            let number = Decimal::new(i128::from(mantissa >> shift), scale);
            prop_assert_eq!(number.power_of_ten(), power_of_ten(&number.to_string()));
        }
    }
}
