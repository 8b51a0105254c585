//! A line of `documents/`.

use serde::ser::{SerializeSeq, SerializeTuple};
use serde::{Deserialize, Serialize, Serializer};
use tamis_core::{Amount, Document, PageField, Span};

use crate::{CodePoints, Location};

/// A clean document, as it is read back. Offsets are code points into `text`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The record's own id, or the source.
    pub id: String,
    /// Path relative to the input root, or the record's own id.
    pub source: String,
    /// The clean text, paragraphs separated by `\n`.
    pub text: String,
    /// The document's title.
    pub title: Option<String>,
    /// BCP 47; `und` when unsure.
    pub lang: String,
    /// 0 to 1; null when no detector ran.
    pub lang_confidence: Option<f64>,
    /// The WHATWG label of the encoding in lower case.
    pub encoding: Option<String>,
    /// Half-open ranges of code points.
    pub sentences: Vec<(u64, u64)>,
    /// What was counted.
    pub amounts: Vec<RecordAmount>,
    /// Where it comes from.
    pub metadata: RecordMetadata,
}

/// An amount in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordAmount {
    /// First code point.
    pub start: u64,
    /// One past the last code point.
    pub end: u64,
    /// The text between them.
    pub text: String,
    /// `money`, `percent`, `quantity` or `number`.
    pub kind: String,
    /// Plain decimal.
    pub value: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// What a quantity counts.
    pub unit: Option<String>,
    /// Lower end of a range.
    pub low: Option<String>,
    /// Upper end of a range.
    pub high: Option<String>,
    /// `min`, `max` or `approx`.
    pub modifier: Option<String>,
    /// A magnitude, not a value.
    pub vague: bool,
    /// The currency is a convention.
    pub assumed: bool,
}

/// Where a record comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordMetadata {
    /// The file, relative to its input root.
    pub path: String,
    /// The page's address.
    pub url: Option<String>,
    /// Who wrote it, as the page says; several names are joined by `, `.
    pub author: Option<String>,
    /// When it was published, as the page writes it (mostly ISO 8601).
    pub published: Option<String>,
    /// The name of the site.
    pub site: Option<String>,
    /// The address by which the page wants to be known.
    pub canonical_url: Option<String>,
    /// SHA-256 of the raw bytes, in hexadecimal.
    pub raw_sha256: String,
    /// The number of raw bytes.
    pub raw_bytes: u64,
    /// An input record's unknown keys, as one JSON object in a string: a struct of varying keys is what
    /// `load_dataset` cannot read.
    pub extra: Option<String>,
}

/// Appends the document as one line, its end included. The keys are those of [`Record`], borrowed from the document:
/// a test holds the two together.
pub fn write_record(
    document: &Document,
    location: &Location,
    extra: &str,
    raw_sha256: &str,
    raw_bytes: u64,
    out: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let annotations = &document.annotations;
    let title = Some(annotations.title.as_str()).filter(|title| !title.is_empty());
    let line = Line {
        id: &document.metadata.id,
        source: &document.metadata.source,
        text: &document.text,
        title: title.or(document.metadata.title_hint.as_deref()),
        lang: document.view().language(),
        lang_confidence: annotations.language.map(|language| rounded(language.confidence)),
        encoding: annotations.decoding.as_ref().map(|decoding| decoding.encoding),
        sentences: Sentences { text: &document.text, spans: &annotations.sentences },
        amounts: Amounts { text: &document.text, amounts: &annotations.amounts },
        metadata: MetadataLine {
            path: &location.file,
            url: document.metadata.url.as_deref(),
            author: annotations.told(PageField::Author),
            published: annotations.told(PageField::Published),
            site: annotations.told(PageField::Site),
            canonical_url: annotations.told(PageField::CanonicalUrl),
            raw_sha256,
            raw_bytes,
            extra: Some(extra).filter(|extra| !extra.is_empty()),
        },
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.push(b'\n');
    Ok(())
}

/// Three digits are all a confidence means.
pub(crate) fn rounded(ratio: f64) -> f64 {
    (ratio * 1000.0).round() / 1000.0
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    source: &'a str,
    text: &'a str,
    title: Option<&'a str>,
    lang: &'a str,
    lang_confidence: Option<f64>,
    encoding: Option<&'a str>,
    sentences: Sentences<'a>,
    amounts: Amounts<'a>,
    metadata: MetadataLine<'a>,
}

#[derive(Serialize)]
struct MetadataLine<'a> {
    path: &'a str,
    url: Option<&'a str>,
    author: Option<&'a str>,
    published: Option<&'a str>,
    site: Option<&'a str>,
    canonical_url: Option<&'a str>,
    raw_sha256: &'a str,
    raw_bytes: u64,
    extra: Option<&'a str>,
}

struct Sentences<'a> {
    text: &'a str,
    spans: &'a [Span],
}

impl Serialize for Sentences<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut points = CodePoints::new(self.text);
        let mut list = serializer.serialize_seq(Some(self.spans.len()))?;
        for span in self.spans {
            list.serialize_element(&Pair(points.at(span.start()), points.at(span.end())))?;
        }
        list.end()
    }
}

struct Pair(u64, u64);

impl Serialize for Pair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(&self.0)?;
        pair.serialize_element(&self.1)?;
        pair.end()
    }
}

struct Amounts<'a> {
    text: &'a str,
    amounts: &'a [Amount],
}

impl Serialize for Amounts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut points = CodePoints::new(self.text);
        let mut list = serializer.serialize_seq(Some(self.amounts.len()))?;
        for amount in self.amounts {
            list.serialize_element(&AmountLine {
                start: points.at(amount.span.start()),
                end: points.at(amount.span.end()),
                text: amount.span.slice(self.text).unwrap_or_default(),
                kind: amount.kind.name(),
                value: amount.value.map(Shown),
                currency: amount.currency.map(Shown),
                unit: amount.unit,
                low: amount.low.map(Shown),
                high: amount.high.map(Shown),
                modifier: amount.modifier.map(tamis_core::Modifier::name),
                vague: amount.vague,
                assumed: amount.assumed,
            })?;
        }
        list.end()
    }
}

#[derive(Serialize)]
struct AmountLine<'a> {
    start: u64,
    end: u64,
    text: &'a str,
    kind: &'a str,
    value: Option<Shown<tamis_core::Decimal>>,
    currency: Option<Shown<tamis_core::Currency>>,
    unit: Option<&'a str>,
    low: Option<Shown<tamis_core::Decimal>>,
    high: Option<Shown<tamis_core::Decimal>>,
    modifier: Option<&'a str>,
    vague: bool,
    assumed: bool,
}

/// A value written as it is displayed, as a JSON string.
struct Shown<T>(T);

impl<T: std::fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_core::{AmountKind, Currency, Decimal, Told};

    #[test]
    fn what_is_written_is_what_is_read_and_every_key_is_there() {
        let mut document = Document::from_text("L’été à 109 milliards d’euros. Fin.");
        let start = document.text.find("109").unwrap();
        document.annotations.sentences = vec![Span::of(0, document.text.len() - 5)];
        document.annotations.amounts.push(Amount {
            span: Span::of(start, start + "109 milliards d’euros".len()),
            kind: AmountKind::Money,
            value: Decimal::new(109, 0).shifted(9),
            currency: Currency::new("EUR"),
            unit: None,
            low: None,
            high: None,
            modifier: None,
            vague: false,
            assumed: false,
        });
        document.annotations.told.push(Told {
            field: PageField::Author,
            value: "Ada".into(),
            raw: Span::of(0, 3),
        });
        let mut line = Vec::new();
        write_record(&document, &Location::default(), "{\"a\":1}", "00", 40, &mut line).unwrap();
        let record: Record = serde_json::from_slice(&line).unwrap();
        let amount = &record.amounts[0];
        let text: String = record
            .text
            .chars()
            .skip(amount.start as usize)
            .take((amount.end - amount.start) as usize)
            .collect();
        assert_eq!(text, "109 milliards d’euros");
        assert_eq!(amount.value.as_deref(), Some("109000000000"));
        assert_eq!((record.metadata.author.as_deref(), record.metadata.site.as_deref()), (Some("Ada"), None));
        assert_eq!(record.metadata.extra.as_deref(), Some("{\"a\":1}"));
        // The same keys in the same order: writing what was read gives the same line.
        assert_eq!(serde_json::to_string(&record).unwrap() + "\n", String::from_utf8(line).unwrap());
    }
}
