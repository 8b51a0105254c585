//! A line of `ledger/`.

mod write;

#[cfg(test)]
pub(crate) mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tamis_core::{Original, Outcome, Plan, RepeatedRun, SegmentMap, Told};

use crate::record::rounded;
use crate::{FieldKind, Location, ReadDocument};

/// How a document ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is in `documents/`.
    Kept,
    /// A rule dropped it.
    Dropped,
    /// It could not be worked on.
    Failed,
}

impl Status {
    /// The name in ledgers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Dropped => "dropped",
            Self::Failed => "failed",
        }
    }
}

/// All that is to be said of one input document. Every key is always there.
///
/// `E` is the list of edits: read as a vector, written straight from the segment map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerLine<'a, E = Vec<LedgerEdit>> {
    /// The record's own id, or the source.
    pub id: Cow<'a, str>,
    /// Path relative to the input root, or the record's own id.
    pub source: Cow<'a, str>,
    /// How it ended.
    pub status: Status,
    /// The stage that dropped it or failed on it.
    pub stage: Option<Cow<'a, str>>,
    /// The rule that dropped or refused it.
    pub rule: Option<Cow<'a, str>>,
    /// Why, in words.
    pub reason: Option<Cow<'a, str>>,
    /// What the rule measured.
    pub value: Option<f64>,
    /// What it was held against.
    pub threshold: Option<f64>,
    /// The id of the kept document that it matches.
    pub duplicate_of: Option<Cow<'a, str>>,
    /// The index of the earlier run that kept that document; null when it is of this run.
    pub duplicate_in: Option<Cow<'a, str>>,
    /// How alike they are, 0 to 1.
    pub similarity: Option<f64>,
    /// Where it failed, in bytes of what was being read.
    pub offset: Option<u64>,
    /// Raw bytes read.
    pub raw_bytes: u64,
    /// SHA-256 of the raw bytes, in hexadecimal; null when they could not be read.
    pub raw_sha256: Option<Cow<'a, str>>,
    /// SHA-256 of the clean text; null for failed documents.
    pub text_sha256: Option<Cow<'a, str>>,
    /// The WHATWG label of the encoding in lower case.
    pub encoding: Option<Cow<'a, str>>,
    /// What told it: `bom`, `utf8-valid`, `utf8-nearly`, `shape`, `declared` or `detected`.
    pub encoding_evidence: Option<Cow<'a, str>>,
    /// More of how the bytes were read.
    pub decoding: Option<LedgerDecoding<'a>>,
    /// Where the page says what it says of itself: `[field, raw_start, raw_end]`.
    pub told: Vec<(Cow<'a, str>, u64, u64)>,
    /// BCP 47; `und` when unsure, null when no detector ran.
    pub lang: Option<Cow<'a, str>>,
    /// 0 to 1.
    pub lang_confidence: Option<f64>,
    /// The language that came second.
    pub lang_second: Option<Cow<'a, str>>,
    /// How far ahead the first is, 0 to 1.
    pub lang_margin: Option<f64>,
    /// How much of the text is in which language, `[language, share]`, the largest first; empty when none was told.
    pub lang_shares: Vec<(Cow<'a, str>, f64)>,
    /// Raw bytes by fate.
    pub bytes: LedgerBytes,
    /// What lies between edits is kept, read in `encoding`: raw bytes + edits = text.
    pub edits: E,
    /// Of what was removed because another document has it: what stays there. Not written where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<LedgerRun<'a>>,
    /// Evidence of each edit, in the same order, null where its rule does not weigh; empty when none does.
    pub scores: Vec<Option<i16>>,
    /// Edits by rule as `[rule, edits, raw bytes]`, where the pipeline asks for counts instead of edits.
    pub counts: Option<Vec<(Cow<'a, str>, u64, u64)>>,
    /// The file, relative to its input root.
    pub file: Cow<'a, str>,
    /// The line of a JSONL record, from 1.
    pub line: Option<u64>,
    /// The bytes of that line in the (decompressed) file.
    pub byte_range: Option<(u64, u64)>,
    /// The field of that record.
    pub field: Option<FieldKind>,
}

/// Raw bytes by fate: `kept + removed + replaced = raw_bytes` for kept and dropped documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerBytes {
    /// Raw bytes that reached the text through decoding alone.
    pub kept: u64,
    /// Raw bytes that nothing stands for.
    pub removed: u64,
    /// Raw bytes that other text stands for.
    pub replaced: u64,
    /// Bytes of text with no raw bytes behind them.
    pub inserted: u64,
}

/// How the bytes were read, beyond the encoding and its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerDecoding<'a> {
    /// The label the document declares.
    pub declared: Option<Cow<'a, str>>,
    /// The encoding that came second.
    pub runner_up: Option<Cow<'a, str>>,
    /// Bad sequences read as U+FFFD.
    pub replacements: u32,
    /// Stretches of mojibake repaired.
    pub repairs: u32,
}

/// One change, in raw byte offsets: `[raw_start, raw_end, rule, replacement or null]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEdit(pub u64, pub u64, pub String, pub Option<String>);

/// A removed part that stays in another document: `[raw_start, raw_end, document, letters, hash]`. Its letters and digits
/// ([`tamis_core::letters`]), so many bytes of UTF-8, are also in the text of the document of that id; the hash, in
/// hexadecimal, is [`tamis_core::Stays::hash`] of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRun<'a>(pub u64, pub u64, pub Cow<'a, str>, pub u32, pub Cow<'a, str>);

impl<'a> LedgerRun<'a> {
    fn of(run: &'a RepeatedRun) -> Self {
        let (start, end) = (run.raw.start().to_u32(), run.raw.end().to_u32());
        let hash = format!("{:016x}", run.stays.hash);
        Self(u64::from(start), u64::from(end), run.id.as_str().into(), run.stays.letters, hash.into())
    }
}

impl<'a> LedgerLine<'a, MapEdits<'a>> {
    /// The line of a document at its end. `text_sha256` is empty when there is no text.
    pub fn of(
        plan: &'a Plan,
        read: &'a ReadDocument,
        duplicate_of: Option<&'a str>,
        raw_bytes: u64,
        raw_sha256: &'a str,
        text_sha256: &'a str,
        counts_only: bool,
    ) -> Self {
        let document = &read.document;
        let annotations = &document.annotations;
        let rule_of = |index| plan.rule(index).map(|(_, rule)| rule);
        let stage_of = |place: usize| plan.stages().get(place).map(|stage| stage.spec().name.into());
        let mut line = Self::read(&document.metadata, &read.location);
        let mut has_text = true;
        match &document.outcome {
            Outcome::Kept => {}
            Outcome::Dropped(dropped) => {
                let rule = rule_of(dropped.rule);
                line.status = Status::Dropped;
                line.stage = stage_of(dropped.stage);
                line.rule = rule.map(|rule| rule.id.into());
                line.reason = rule.map(|rule| rule.reason.into());
                line.value = dropped.value.map(rounded);
                line.threshold = dropped.threshold;
                line.duplicate_of = duplicate_of.map(Cow::from);
                if let Some(Original::Earlier { index, .. }) = &dropped.duplicate_of {
                    line.duplicate_in = Some(index.as_str().into());
                }
                line.similarity = dropped.similarity.map(rounded);
            }
            Outcome::Failed(failed) => {
                has_text = false;
                line.status = Status::Failed;
                line.stage = failed.stage.and_then(stage_of);
                line.rule = failed.rule.and_then(rule_of).map(|rule| rule.id.into());
                line.reason = Some(failed.reason.as_str().into());
                line.offset = failed.offset;
            }
        }
        line.raw_bytes = raw_bytes;
        line.raw_sha256 = Some(raw_sha256).filter(|hash| !hash.is_empty()).map(Cow::from);
        if let Some(decoding) = annotations.decoding.as_ref().filter(|_| has_text) {
            line.encoding = Some(decoding.encoding.into());
            line.encoding_evidence = Some(decoding.evidence.name().into());
            line.decoding = Some(LedgerDecoding {
                declared: decoding.declared.map(Cow::from),
                runner_up: decoding.runner_up.map(Cow::from),
                replacements: decoding.replacements,
                repairs: decoding.repairs,
            });
        }
        if has_text {
            let place = |told: &'a Told| {
                let (start, end) = (told.raw.start().to_u32(), told.raw.end().to_u32());
                (told.field.name().into(), u64::from(start), u64::from(end))
            };
            line.told = annotations.told.iter().map(place).collect();
        }
        if let Some(language) = annotations.language.as_ref().filter(|_| has_text) {
            line.lang = Some(language.tag.as_str().into());
            line.lang_confidence = Some(rounded(language.confidence));
            line.lang_second = language.second.as_ref().map(|tag| tag.as_str().into());
            line.lang_margin = Some(rounded(language.margin));
            let shares = language.shares.as_slice().iter();
            line.lang_shares = shares.map(|(tag, share)| (tag.as_str().into(), rounded(*share))).collect();
        }
        if has_text {
            let totals = document.map.totals();
            line.text_sha256 = Some(text_sha256.into());
            line.bytes = LedgerBytes {
                kept: totals.kept,
                removed: totals.removed,
                replaced: totals.replaced,
                inserted: totals.inserted,
            };
            let edits = MapEdits { plan, map: Some(&document.map), text: &document.text };
            if counts_only {
                line.counts = Some(edits.counts());
            } else {
                line.runs = annotations.runs.iter().map(LedgerRun::of).collect();
                line.scores = edits.scores();
                line.edits = edits;
            }
        }
        line
    }

    /// What is known of a document before anything is done to it.
    fn read(metadata: &'a tamis_core::Metadata, location: &'a Location) -> Self {
        Self {
            id: metadata.id.as_str().into(),
            source: metadata.source.as_str().into(),
            status: Status::Kept,
            stage: None,
            rule: None,
            reason: None,
            value: None,
            threshold: None,
            duplicate_of: None,
            duplicate_in: None,
            similarity: None,
            offset: None,
            raw_bytes: 0,
            raw_sha256: None,
            text_sha256: None,
            encoding: None,
            encoding_evidence: None,
            decoding: None,
            told: Vec::new(),
            lang: None,
            lang_confidence: None,
            lang_second: None,
            lang_margin: None,
            lang_shares: Vec::new(),
            bytes: LedgerBytes::default(),
            edits: MapEdits::default(),
            runs: Vec::new(),
            scores: Vec::new(),
            counts: None,
            file: location.file.as_str().into(),
            line: location.line,
            byte_range: location.byte_range,
            field: location.field,
        }
    }
}

/// The edits of a segment map, written without being collected.
#[derive(Clone, Copy, Debug)]
pub struct MapEdits<'a> {
    plan: &'a Plan,
    map: Option<&'a SegmentMap>,
    text: &'a str,
}

impl Default for MapEdits<'_> {
    fn default() -> Self {
        static EMPTY: std::sync::LazyLock<Plan> = std::sync::LazyLock::new(|| Plan::new("", Vec::new()));
        Self { plan: &EMPTY, map: None, text: "" }
    }
}

impl MapEdits<'_> {
    fn scores(&self) -> Vec<Option<i16>> {
        let segments = self.map.map(SegmentMap::segments).unwrap_or_default();
        if segments.iter().all(|segment| segment.score.is_none()) {
            return Vec::new();
        }
        segments.iter().filter(|segment| !segment.is_kept()).map(|segment| segment.score).collect()
    }

    fn counts<'b>(&self) -> Vec<(Cow<'b, str>, u64, u64)> {
        let mut counts: Vec<(u64, u64)> = vec![(0, 0); self.plan.rules().len()];
        for segment in self.map.map(SegmentMap::segments).unwrap_or_default() {
            if let Some(count) = segment.rule.get().and_then(|rule| counts.get_mut(rule)) {
                count.0 += 1;
                count.1 += u64::from(segment.raw_len);
            }
        }
        let named = self.plan.rules().iter().zip(counts).filter(|(_, (edits, _))| *edits > 0);
        named.map(|((_, rule), (edits, bytes))| (Cow::Borrowed(rule.id), edits, bytes)).collect()
    }
}
