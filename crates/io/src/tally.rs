//! The counts of a unit, a shard or a whole run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tamis_core::{Document, Outcome, Plan, SegmentKind};

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
    /// Documents that met their end at a stage, by its place in the plan: dropped, failed.
    pub stages: BTreeMap<usize, (u64, u64)>,
    /// What each rule did, by stage place and rule id.
    pub rules: BTreeMap<String, RuleTally>,
    /// Kept documents by language.
    pub languages: BTreeMap<String, u64>,
    /// Kept documents by encoding.
    pub encodings: BTreeMap<String, u64>,
    /// Amounts of kept documents by kind, for money followed by the currency.
    pub amounts: BTreeMap<String, u64>,
    /// Failed documents by the first words of their reason, up to a colon or digit.
    pub failures: BTreeMap<String, u64>,
    /// What corpus stages measured, by the name of the metric.
    #[serde(default)]
    pub measures: BTreeMap<String, u64>,
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

impl Tally {
    /// Counts a document at its end. `seen` is a buffer, one flag for each rule of the plan.
    pub fn count(&mut self, plan: &Plan, document: &Document, raw_bytes: u64, seen: &mut Vec<bool>) {
        self.documents += 1;
        self.raw_bytes += raw_bytes;
        match &document.outcome {
            Outcome::Kept => self.count_kept(plan, document, seen),
            Outcome::Dropped(dropped) => {
                self.dropped += 1;
                self.stages.entry(dropped.stage).or_default().0 += 1;
                if let Some(rule) = self.rule(plan, dropped.rule) {
                    rule.dropped += 1;
                }
            }
            Outcome::Failed(failed) => {
                self.failed += 1;
                if let Some(stage) = failed.stage {
                    self.stages.entry(stage).or_default().1 += 1;
                }
                if let Some(rule) = failed.rule.and_then(|rule| self.rule(plan, rule)) {
                    rule.failed += 1;
                }
                let words = failed.reason.split(|c: char| c == ':' || c.is_ascii_digit()).next();
                add(&mut self.failures, words.unwrap_or_default().trim(), 1);
            }
        }
    }

    fn count_kept(&mut self, plan: &Plan, document: &Document, seen: &mut Vec<bool>) {
        let totals = document.map.totals();
        self.kept += 1;
        self.kept_bytes += totals.kept;
        self.removed_bytes += totals.removed;
        self.replaced_bytes += totals.replaced;
        self.inserted_bytes += totals.inserted;
        self.text_bytes += document.text.len() as u64;
        self.sentences += document.annotations.sentences.len() as u64;
        seen.clear();
        seen.resize(plan.rules().len(), false);
        for segment in document.map.segments() {
            if matches!(segment.kind, SegmentKind::Kept | SegmentKind::Transcoded { .. }) {
                continue;
            }
            let Some(rule) = self.rule(plan, segment.rule) else { continue };
            rule.edits += 1;
            rule.raw_bytes += u64::from(segment.raw_len);
            rule.text_bytes += u64::from(segment.text_len);
            if let Some(seen) = segment.rule.get().and_then(|index| seen.get_mut(index))
                && !std::mem::replace(seen, true)
            {
                rule.documents += 1;
            }
        }
        add(&mut self.languages, document.view().language(), 1);
        if let Some(decoding) = &document.annotations.decoding {
            add(&mut self.encodings, decoding.encoding, 1);
        }
        for amount in &document.annotations.amounts {
            match &amount.currency {
                Some(currency) => add(&mut self.amounts, &format!("{} {currency}", amount.kind.name()), 1),
                None => add(&mut self.amounts, amount.kind.name(), 1),
            }
        }
    }

    fn rule(&mut self, plan: &Plan, index: tamis_core::RuleIndex) -> Option<&mut RuleTally> {
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
        for (stage, (dropped, failed)) in &other.stages {
            let sum = self.stages.entry(*stage).or_default();
            sum.0 += dropped;
            sum.1 += failed;
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

fn add(counts: &mut BTreeMap<String, u64>, key: &str, count: u64) {
    match counts.get_mut(key) {
        Some(sum) => *sum += count,
        None => {
            counts.insert(key.to_owned(), count);
        }
    }
}
