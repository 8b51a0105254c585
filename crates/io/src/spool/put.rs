//! The fields of a spooled document, written.

use tamis_core::{
    Amount, Currency, Decimal, Decoding, Language, LanguageTag, Outcome, RuleIndex, Segment, SegmentKind,
    Span,
};

/// Writes fields: numbers little-endian, texts after their length.
pub(super) struct Put<'a>(&'a mut Vec<u8>);

impl<'a> Put<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self(out)
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn word(&mut self, word: u64) {
        self.0.extend(word.to_le_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    pub(super) fn flag<T>(&mut self, value: Option<T>, put: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            put(self, value);
        }
    }

    pub(super) fn optional(&mut self, text: Option<&str>) {
        self.flag(text, Self::text);
    }

    pub(super) fn number(&mut self, number: Option<u64>) {
        self.flag(number, Self::word);
    }

    pub(super) fn ratio(&mut self, ratio: Option<f64>) {
        self.number(ratio.map(f64::to_bits));
    }

    pub(super) fn span(&mut self, span: Span) {
        self.0.extend(span.start().to_u32().to_le_bytes());
        self.0.extend(span.end().to_u32().to_le_bytes());
    }

    pub(super) fn rule(&mut self, rule: RuleIndex) {
        self.number(rule.get().map(|rule| rule as u64));
    }

    pub(super) fn segment(&mut self, segment: &Segment) {
        self.byte(match segment.kind {
            SegmentKind::Kept => 0,
            SegmentKind::Transcoded { unit } => unit,
            SegmentKind::Replaced => 8,
            SegmentKind::Removed => 9,
            SegmentKind::Inserted => 10,
        });
        self.0.extend(segment.raw_len.to_le_bytes());
        self.0.extend(segment.text_len.to_le_bytes());
        if !segment.is_kept() {
            self.rule(segment.rule);
            self.flag(segment.score, |put, score| put.0.extend(score.to_le_bytes()));
        }
    }

    pub(super) fn decoding(&mut self, decoding: Option<&Decoding>) {
        self.flag(decoding, |put, decoding| {
            put.text(decoding.encoding);
            put.byte(decoding.evidence as u8);
            put.optional(decoding.declared);
            put.optional(decoding.runner_up);
            put.word(u64::from(decoding.replacements));
            put.word(u64::from(decoding.repairs));
        });
    }

    pub(super) fn language(&mut self, language: Option<&Language>) {
        self.flag(language, |put, language| {
            put.text(language.tag.as_str());
            put.ratio(Some(language.confidence));
            put.optional(language.second.as_ref().map(LanguageTag::as_str));
            put.ratio(Some(language.margin));
            put.word(language.shares.as_slice().len() as u64);
            for (tag, share) in language.shares.as_slice() {
                put.text(tag.as_str());
                put.ratio(Some(*share));
            }
        });
    }

    pub(super) fn decimal(&mut self, decimal: Option<Decimal>) {
        self.flag(decimal, |put, decimal| {
            put.0.extend(decimal.mantissa().to_le_bytes());
            put.byte(decimal.scale());
        });
    }

    pub(super) fn amount(&mut self, amount: &Amount) {
        self.span(amount.span);
        self.byte(amount.kind as u8);
        self.decimal(amount.value);
        self.optional(amount.currency.as_ref().map(Currency::code));
        self.optional(amount.unit);
        self.decimal(amount.low);
        self.decimal(amount.high);
        self.byte(amount.modifier.map_or(0, |modifier| 1 + modifier as u8));
        self.byte(u8::from(amount.vague) + 2 * u8::from(amount.assumed));
    }

    pub(super) fn outcome(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Kept => self.byte(0),
            Outcome::Dropped(dropped) => {
                self.byte(1);
                self.word(dropped.stage as u64);
                self.rule(dropped.rule);
                self.ratio(dropped.value);
                self.ratio(dropped.threshold);
                self.number(dropped.duplicate_of.map(|ordinal| ordinal as u64));
                self.ratio(dropped.similarity);
            }
            Outcome::Failed(failed) => {
                self.byte(2);
                self.number(failed.stage.map(|stage| stage as u64));
                self.flag(failed.rule, Self::rule);
                self.text(&failed.reason);
                self.number(failed.offset);
            }
        }
    }
}
