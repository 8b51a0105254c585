//! Documents on their way from one phase to the next, in a file of the run's work directory.
//!
//! A corpus stage decides only when it has seen every document; until then they wait here, as text, segment map,
//! annotations and metadata. The raw bytes stay behind: their length and hash are all a later phase needs, and for
//! HTML they are ten times the text. Later stages therefore see an empty `raw`.

use std::io;

use tamis_core::{Format, PageField, RepeatedRun, Stays, Told};

use crate::{FieldKind, ReadDocument};

mod put;
mod store;
mod take;

use put::Put;
use take::Take;

pub use store::{Spool, SpooledCorpus, SpooledUnit, UnitBuffer, UnitPlace};

/// A document in the spool: what a later phase and the ledger need.
#[derive(Clone, Debug, Default)]
pub struct Spooled {
    /// The document without its raw bytes.
    pub read: ReadDocument,
    /// The number of raw bytes.
    pub raw_bytes: u64,
    /// SHA-256 of the raw bytes in hexadecimal; empty when they could not be read.
    pub raw_sha256: String,
}

/// Appends a document's encoded form.
pub fn write(spooled: &Spooled, out: &mut Vec<u8>) {
    let document = &spooled.read.document;
    let mut put = Put::new(out);
    put.text(&document.metadata.id);
    put.text(&document.metadata.source);
    put.optional(document.metadata.url.as_deref());
    put.optional(document.metadata.language_hint.as_deref());
    put.optional(document.metadata.charset_hint.as_deref());
    put.optional(document.metadata.title_hint.as_deref());
    put.byte(match document.metadata.format {
        Format::Unknown => 0,
        Format::Text => 1,
        Format::Html => 2,
    });
    put.text(&spooled.read.location.file);
    put.number(spooled.read.location.line);
    put.number(spooled.read.location.byte_range.map(|range| range.0));
    put.number(spooled.read.location.byte_range.map(|range| range.1));
    put.byte(match spooled.read.location.field {
        None => 0,
        Some(FieldKind::Text) => 1,
        Some(FieldKind::Html) => 2,
        Some(FieldKind::Raw) => 3,
    });
    put.text(&spooled.read.extra);
    put.word(spooled.raw_bytes);
    put.text(&spooled.raw_sha256);
    put.text(&document.text);
    put.word(document.map.segments().len() as u64);
    for segment in document.map.segments() {
        put.segment(segment);
    }
    put.decoding(document.annotations.decoding.as_ref());
    put.language(document.annotations.language.as_ref());
    put.text(&document.annotations.title);
    put.word(document.annotations.told.len() as u64);
    for told in &document.annotations.told {
        put.byte(told.field as u8);
        put.text(&told.value);
        put.span(told.raw);
    }
    put.word(document.annotations.runs.len() as u64);
    for RepeatedRun { raw, stays, id } in &document.annotations.runs {
        put.span(*raw);
        put.word(stays.document as u64);
        put.word(u64::from(stays.letters));
        put.word(stays.hash);
        put.text(id);
    }
    put.word(document.annotations.sentences.len() as u64);
    for span in &document.annotations.sentences {
        put.span(*span);
    }
    put.word(document.annotations.amounts.len() as u64);
    for amount in &document.annotations.amounts {
        put.amount(amount);
    }
    put.outcome(&document.outcome);
}

/// Decodes the documents of one unit.
#[derive(Debug)]
pub struct Reader<'a> {
    take: Take<'a>,
}

impl<'a> Reader<'a> {
    /// Starts at the first document of a unit's block.
    pub fn new(block: &'a [u8]) -> Self {
        Self { take: Take::new(block) }
    }

    /// Decodes the next document over `into`; false at the end. An error means that the temporary file was damaged.
    pub fn next(&mut self, into: &mut Spooled) -> io::Result<bool> {
        if self.take.is_empty() {
            return Ok(false);
        }
        self.document(into)
            .map(|()| true)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a spooled document is damaged"))
    }

    fn document(&mut self, into: &mut Spooled) -> Option<()> {
        let take = &mut self.take;
        let document = &mut into.read.document;
        document.clear();
        take.into(&mut document.metadata.id)?;
        take.into(&mut document.metadata.source)?;
        document.metadata.url = take.optional()?;
        document.metadata.language_hint = take.optional()?;
        document.metadata.charset_hint = take.optional()?;
        document.metadata.title_hint = take.optional()?;
        document.metadata.format = match take.byte()? {
            1 => Format::Text,
            2 => Format::Html,
            _ => Format::Unknown,
        };
        let location = &mut into.read.location;
        location.file.clear();
        take.into(&mut location.file)?;
        location.line = take.number()?;
        location.byte_range = match (take.number()?, take.number()?) {
            (Some(start), Some(end)) => Some((start, end)),
            _ => None,
        };
        location.field = match take.byte()? {
            1 => Some(FieldKind::Text),
            2 => Some(FieldKind::Html),
            3 => Some(FieldKind::Raw),
            _ => None,
        };
        into.read.extra.clear();
        take.into(&mut into.read.extra)?;
        into.raw_bytes = take.word()?;
        into.raw_sha256.clear();
        take.into(&mut into.raw_sha256)?;
        take.into(&mut document.text)?;
        for _ in 0..take.word()? {
            document.map.push(take.segment()?);
        }
        document.annotations.decoding = take.decoding()?;
        document.annotations.language = take.language()?;
        take.into(&mut document.annotations.title)?;
        for _ in 0..take.word()? {
            let field = *PageField::ALL.get(usize::from(take.byte()?))?;
            let mut value = String::new();
            take.into(&mut value)?;
            document.annotations.told.push(Told { field, value, raw: take.span()? });
        }
        for _ in 0..take.word()? {
            let raw = take.span()?;
            let ordinal = usize::try_from(take.word()?).ok()?;
            let letters = u32::try_from(take.word()?).ok()?;
            let stays = Stays { document: ordinal, letters, hash: take.word()? };
            let mut id = String::new();
            take.into(&mut id)?;
            document.annotations.runs.push(RepeatedRun { raw, stays, id });
        }
        for _ in 0..take.word()? {
            document.annotations.sentences.push(take.span()?);
        }
        for _ in 0..take.word()? {
            document.annotations.amounts.push(take.amount()?);
        }
        document.outcome = take.outcome()?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_core::{
        Amount, AmountKind, Currency, Decimal, Decoding, Document, Dropped, EncodingEvidence, Failed,
        Language, LanguageShares, LanguageTag, Modifier, Original, Outcome, RuleIndex, Segment, Span,
    };

    const OTHERS: &[Currency] = &[Currency::new("CHF").unwrap(), Currency::new("XOF").unwrap()];

    #[test]
    fn a_document_survives_the_spool() {
        let mut document = Document::from_text("Deux millions d’euros, dit-il.");
        document.raw.clear();
        document.metadata.id = "7".into();
        document.metadata.url = Some("https://exemple.fr/".into());
        document.metadata.format = Format::Html;
        document.map.push(Segment::edited(4, 0, RuleIndex::new(3), Some(-7)));
        document.annotations.sentences.push(Span::of(0, 31));
        document.annotations.title = "Titre".into();
        let mut shares = LanguageShares::default();
        shares.add(LanguageTag::new("fr"), 0.75);
        shares.add(LanguageTag::new("en"), 0.25);
        let tag = LanguageTag::new("fr");
        for field in PageField::ALL {
            document.annotations.told.push(Told { field, value: field.name().into(), raw: Span::of(3, 9) });
        }
        let stays = Stays { document: 5, letters: 250, hash: u64::MAX };
        document.annotations.runs.push(RepeatedRun { raw: Span::of(7, 99), stays, id: "là".into() });
        document.annotations.language =
            Some(Language { tag, confidence: 0.98, second: None, margin: 0.5, shares });
        document.annotations.decoding = Some(Decoding {
            encoding: "windows-1252",
            evidence: EncodingEvidence::Declared,
            declared: Some("windows-1252"),
            runner_up: None,
            replacements: 2,
            repairs: 0,
        });
        document.annotations.amounts.push(Amount {
            value: Some(Decimal::new(2_000_000, 0)),
            currency: Currency::new("EUR"),
            candidates: OTHERS,
            unit: Some("euro"),
            high: Some(Decimal::new(-3, 2)),
            modifier: Some(Modifier::Approx),
            vague: true,
            magnitude: Some(6),
            inherited: true,
            ..Amount::new(Span::of(0, 23), AmountKind::Money, "amounts/unit-after")
        });
        for outcome in [
            Outcome::Kept,
            Outcome::Dropped(Dropped {
                stage: 2,
                rule: RuleIndex::new(1),
                value: Some(0.3),
                threshold: None,
                duplicate_of: Some(Original::Document(9)),
                similarity: None,
            }),
            Outcome::Dropped(Dropped {
                stage: 2,
                rule: RuleIndex::new(1),
                value: None,
                threshold: None,
                duplicate_of: Some(Original::Named("mars/4".into())),
                similarity: Some(1.0),
            }),
            Outcome::Failed(Failed { stage: None, rule: None, reason: "lost".into(), offset: Some(3) }),
            Outcome::Dropped(Dropped {
                stage: 2,
                rule: RuleIndex::new(0),
                value: None,
                threshold: Some(0.5),
                duplicate_of: Some(Original::Earlier { id: "février/3".into(), index: "2025".into() }),
                similarity: Some(0.75),
            }),
        ] {
            document.outcome = outcome;
            let read = ReadDocument { document: document.clone(), ..ReadDocument::default() };
            let spooled = Spooled { read, raw_bytes: 35, raw_sha256: "ab".into() };
            let mut bytes = Vec::new();
            write(&spooled, &mut bytes);
            write(&spooled, &mut bytes);
            let mut reader = Reader::new(&bytes);
            let mut back = Spooled::default();
            for _ in 0..2 {
                assert!(reader.next(&mut back).unwrap());
                assert_eq!(format!("{back:?}"), format!("{spooled:?}"));
            }
            assert!(!reader.next(&mut back).unwrap());
            for cut in 0..bytes.len() / 2 {
                let mut reader = Reader::new(&bytes[..cut]);
                assert!(matches!(reader.next(&mut back), Err(_) | Ok(false)), "cut at {cut}");
            }
        }
    }
}
