//! The fields of a spooled document, written.

use tamis_core::{
    Amount, Currency, Decimal, Decoding, Language, LanguageTag, Original, Outcome, RuleIndex, Segment,
    SegmentKind, Span,
};

/// The kind of segments that an edit has made, and the bit of those that have a score.
pub(super) const EDITED: u8 = 8;
pub(super) const SCORED: u8 = 16;

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
        let kind = match segment.kind {
            SegmentKind::Kept => 0,
            SegmentKind::Transcoded { unit } => unit,
            SegmentKind::Replaced | SegmentKind::Removed | SegmentKind::Inserted => EDITED,
        };
        // A page has hundreds of segments: eleven bytes for one that was edited, where every field after a flag takes 20.
        self.byte(if segment.score.is_some() { kind | SCORED } else { kind });
        self.0.extend(segment.raw_len.to_le_bytes());
        self.0.extend(segment.text_len.to_le_bytes());
        if !segment.is_kept() {
            let rule = segment.rule.get().and_then(|rule| u16::try_from(rule).ok()).unwrap_or(u16::MAX);
            self.0.extend(rule.to_le_bytes());
            if let Some(score) = segment.score {
                self.0.extend(score.to_le_bytes());
            }
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
        self.word(amount.candidates.len() as u64);
        amount.candidates.iter().for_each(|currency| self.0.extend(currency.code().as_bytes()));
        self.optional(amount.unit);
        self.decimal(amount.low);
        self.decimal(amount.high);
        self.byte(amount.modifier.map_or(0, |modifier| 1 + modifier as u8));
        self.flag(amount.magnitude, Self::byte);
        let flags = [amount.vague, amount.assumed, amount.inherited];
        self.byte(flags.iter().rev().fold(0, |byte, flag| 2 * byte + u8::from(*flag)));
        self.text(amount.rule);
    }

    fn original(&mut self, original: Option<&Original>) {
        match original {
            None => self.byte(0),
            Some(Original::Document(ordinal)) => {
                self.byte(1);
                self.word(*ordinal as u64);
            }
            Some(Original::Earlier { id, index }) => {
                self.byte(2);
                self.text(id);
                self.text(index);
            }
            Some(Original::Named(id)) => {
                self.byte(3);
                self.text(id);
            }
        }
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
                self.original(dropped.duplicate_of.as_ref());
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
