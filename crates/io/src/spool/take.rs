//! The fields of a spooled document, read back.

#![expect(
    clippy::option_option,
    reason = "the outer option says that the bytes are damaged, the inner one that the field is null"
)]

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex};

use super::put::{EDITED, SCORED};
use tamis_core::{
    Amount, AmountKind, Currency, Decimal, Decoding, Dropped, EncodingEvidence, Failed, Language,
    LanguageShares, LanguageTag, Modifier, Original, Outcome, RuleIndex, Segment, Span, TextSize,
};

const EDITED_AND_SCORED: u8 = EDITED | SCORED;

/// Reads fields back; `None` when the bytes are not what [`Put`] wrote.
#[derive(Debug)]
pub(super) struct Take<'a>(&'a [u8]);

impl<'a> Take<'a> {
    pub(super) fn new(block: &'a [u8]) -> Self {
        Self(block)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    pub(super) fn word(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.array()?))
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let len = usize::try_from(self.word()?).ok()?;
        // Three times as fast as the standard library's on French text.
        simdutf8::basic::from_utf8(self.bytes(len)?).ok()
    }

    pub(super) fn into(&mut self, buffer: &mut String) -> Option<()> {
        buffer.push_str(self.text()?);
        Some(())
    }

    pub(super) fn flag<T>(&mut self, take: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            _ => take(self).map(Some),
        }
    }

    pub(super) fn optional(&mut self) -> Option<Option<String>> {
        self.flag(|take| take.text().map(str::to_owned))
    }

    pub(super) fn number(&mut self) -> Option<Option<u64>> {
        self.flag(Self::word)
    }

    pub(super) fn ratio(&mut self) -> Option<Option<f64>> {
        Some(self.number()?.map(f64::from_bits))
    }

    pub(super) fn span(&mut self) -> Option<Span> {
        let start = u32::from_le_bytes(self.array()?);
        let end = u32::from_le_bytes(self.array()?);
        Some(Span::new(TextSize::new(start), TextSize::new(end)))
    }

    pub(super) fn rule(&mut self) -> Option<RuleIndex> {
        let index = self.number()?;
        index.map_or(Some(RuleIndex::NONE), |index| u16::try_from(index).ok().map(RuleIndex::new))
    }

    pub(super) fn segment(&mut self) -> Option<Segment> {
        let kind = self.byte()?;
        let raw_len = u32::from_le_bytes(self.array()?);
        let text_len = u32::from_le_bytes(self.array()?);
        match kind {
            0 => Some(Segment::kept(raw_len)),
            1..8 => Some(Segment::transcoded(raw_len, text_len, kind)),
            EDITED | EDITED_AND_SCORED => {
                let rule = RuleIndex::new(u16::from_le_bytes(self.array()?));
                let is_scored = kind == EDITED_AND_SCORED;
                let score = if is_scored { Some(i16::from_le_bytes(self.array()?)) } else { None };
                Some(Segment::edited(raw_len, text_len, rule, score))
            }
            _ => None,
        }
    }

    pub(super) fn label(&mut self) -> Option<Option<&'static str>> {
        self.flag(|take| take.text().map(interned))
    }

    pub(super) fn decoding(&mut self) -> Option<Option<Decoding>> {
        self.flag(|take| {
            Some(Decoding {
                encoding: interned(take.text()?),
                evidence: match take.byte()? {
                    0 => EncodingEvidence::ByteOrderMark,
                    1 => EncodingEvidence::Utf8,
                    2 => EncodingEvidence::NearlyUtf8,
                    3 => EncodingEvidence::Shape,
                    4 => EncodingEvidence::Declared,
                    _ => EncodingEvidence::Detected,
                },
                declared: take.label()?,
                runner_up: take.label()?,
                replacements: u32::try_from(take.word()?).ok()?,
                repairs: u32::try_from(take.word()?).ok()?,
            })
        })
    }

    pub(super) fn language(&mut self) -> Option<Option<Language>> {
        self.flag(|take| {
            Some(Language {
                tag: LanguageTag::new(take.text()?),
                confidence: take.ratio()??,
                second: take.flag(|take| take.text().map(LanguageTag::new))?,
                margin: take.ratio()??,
                shares: take.shares()?,
            })
        })
    }

    fn shares(&mut self) -> Option<LanguageShares> {
        let mut shares = LanguageShares::default();
        for _ in 0..self.word()? {
            shares.add(LanguageTag::new(self.text()?), self.ratio()??);
        }
        Some(shares)
    }

    pub(super) fn decimal(&mut self) -> Option<Option<Decimal>> {
        self.flag(|take| {
            let mantissa = i128::from_le_bytes(take.array()?);
            Some(Decimal::new(mantissa, take.byte()?))
        })
    }

    pub(super) fn amount(&mut self) -> Option<Amount> {
        let mut amount = Amount::new(self.span()?, self.kind()?, "");
        amount.value = self.decimal()?;
        amount.currency = self.flag(Self::text)?.and_then(Currency::new);
        amount.candidates = self.candidates()?;
        amount.unit = self.label()?;
        amount.low = self.decimal()?;
        amount.high = self.decimal()?;
        amount.modifier = match self.byte()? {
            1 => Some(Modifier::Min),
            2 => Some(Modifier::Max),
            3 => Some(Modifier::Approx),
            _ => None,
        };
        amount.magnitude = self.flag(Self::byte)?;
        let flags = self.byte()?;
        (amount.vague, amount.assumed, amount.inherited) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        amount.rule = interned(self.text()?);
        Some(amount)
    }

    fn kind(&mut self) -> Option<AmountKind> {
        Some(match self.byte()? {
            0 => AmountKind::Money,
            1 => AmountKind::Percent,
            2 => AmountKind::Quantity,
            _ => AmountKind::Number,
        })
    }

    fn candidates(&mut self) -> Option<&'static [Currency]> {
        static LISTS: LazyLock<Mutex<BTreeSet<&'static [Currency]>>> = LazyLock::new(Mutex::default);
        let count = self.word()?;
        let mut codes = Vec::new();
        for _ in 0..count {
            codes.push(Currency::new(std::str::from_utf8(self.bytes(3)?).ok()?)?);
        }
        if codes.is_empty() {
            return Some(&[]);
        }
        // As many lists as there are families of currencies and members in them: kept once each.
        let mut lists = LISTS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = lists.get(codes.as_slice()) {
            return Some(known);
        }
        let kept: &'static [Currency] = codes.leak();
        lists.insert(kept);
        Some(kept)
    }

    fn original(&mut self) -> Option<Option<Original>> {
        Some(match self.byte()? {
            0 => None,
            1 => Some(Original::Document(usize::try_from(self.word()?).ok()?)),
            3 => Some(Original::Named(self.text()?.to_owned())),
            _ => Some(Original::Earlier { id: self.text()?.to_owned(), index: self.text()?.to_owned() }),
        })
    }

    pub(super) fn outcome(&mut self) -> Option<Outcome> {
        Some(match self.byte()? {
            0 => Outcome::Kept,
            1 => Outcome::Dropped(Dropped {
                stage: usize::try_from(self.word()?).ok()?,
                rule: self.rule()?,
                value: self.ratio()?,
                threshold: self.ratio()?,
                duplicate_of: self.original()?,
                similarity: self.ratio()?,
            }),
            _ => Outcome::Failed(Failed {
                stage: self.number()?.and_then(|stage| usize::try_from(stage).ok()),
                rule: self.flag(Self::rule)?,
                reason: self.text()?.to_owned(),
                offset: self.number()?,
            }),
        })
    }
}

/// A label that lives as long as the program. Encoding labels and units are a closed set of static strings in the
/// stages; those of a spool are the same few, kept once each.
fn interned(label: &str) -> &'static str {
    static LABELS: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut labels = LABELS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = labels.get(label) {
        return known;
    }
    let kept: &'static str = Box::leak(label.to_owned().into_boxed_str());
    labels.insert(kept);
    kept
}
