//! A line of `documents/`.

use serde::{Deserialize, Serialize};
use tamis_core::{Amount, Currency, Document, Modifier, PageField};

use crate::json::JsonWriter;
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
    /// ISO 4217; null when nothing tells which of `candidates` is meant.
    pub currency: Option<String>,
    /// Other ISO 4217 codes the written name may mean; empty when the text tells the currency.
    pub candidates: Vec<String>,
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
    /// Power of ten of the scale words: 9 for "109 milliards", 10 for "des dizaines de milliards".
    pub magnitude: Option<u8>,
    /// The currency is a convention.
    pub assumed: bool,
    /// Scale or unit of one end of a range are those of the other end.
    pub inherited: bool,
    /// Id of the rule of the grammar, or of the policy, that read it.
    pub rule: String,
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
/// tests hold the two together.
pub fn write_record(
    document: &Document,
    location: &Location,
    extra: &str,
    raw_sha256: &str,
    raw_bytes: u64,
    out: &mut Vec<u8>,
) {
    let Document { text, metadata, annotations, .. } = document;
    let title = Some(annotations.title.as_str()).filter(|title| !title.is_empty());
    let mut json = JsonWriter::new(out);
    json.raw(r#"{"id":"#).string(&metadata.id);
    json.raw(r#","source":"#).string(&metadata.source);
    json.raw(r#","text":"#).string(text);
    json.raw(r#","title":"#).optional_string(title.or(metadata.title_hint.as_deref()));
    json.raw(r#","lang":"#).string(document.view().language());
    let confidence = annotations.language.map(|language| rounded(language.confidence));
    json.raw(r#","lang_confidence":"#).optional(confidence, JsonWriter::ratio);
    let encoding = annotations.decoding.as_ref().map(|decoding| decoding.encoding);
    json.raw(r#","encoding":"#).optional_string(encoding);
    let mut points = CodePoints::new(text);
    json.raw(r#","sentences":"#).list(&annotations.sentences, |json, span| {
        let start = points.at(span.start());
        json.range(start, points.at(span.end())).raw("]");
    });
    let mut points = CodePoints::new(text);
    json.raw(r#","amounts":"#).list(&annotations.amounts, |json, amount| {
        write_amount(amount, text, &mut points, json);
    });
    json.raw(r#","metadata":{"path":"#).string(&location.file);
    json.raw(r#","url":"#).optional_string(metadata.url.as_deref());
    json.raw(r#","author":"#).optional_string(annotations.told(PageField::Author));
    json.raw(r#","published":"#).optional_string(annotations.told(PageField::Published));
    json.raw(r#","site":"#).optional_string(annotations.told(PageField::Site));
    json.raw(r#","canonical_url":"#).optional_string(annotations.told(PageField::CanonicalUrl));
    json.raw(r#","raw_sha256":"#).string(raw_sha256);
    json.raw(r#","raw_bytes":"#).number(raw_bytes);
    json.raw(r#","extra":"#).optional_string(Some(extra).filter(|extra| !extra.is_empty()));
    json.raw("}}\n");
}

fn write_amount(amount: &Amount, text: &str, points: &mut CodePoints<'_>, json: &mut JsonWriter<'_>) {
    json.raw(r#"{"start":"#).number(points.at(amount.span.start()));
    json.raw(r#","end":"#).number(points.at(amount.span.end()));
    json.raw(r#","text":"#).string(amount.span.slice(text).unwrap_or_default());
    json.raw(r#","kind":"#).string(amount.kind.name());
    json.raw(r#","value":"#).optional(amount.value, JsonWriter::shown);
    json.raw(r#","currency":"#).optional_string(amount.currency.as_ref().map(Currency::code));
    json.raw(r#","candidates":"#).list(amount.candidates, |json, currency| {
        json.string(currency.code());
    });
    json.raw(r#","unit":"#).optional_string(amount.unit);
    json.raw(r#","low":"#).optional(amount.low, JsonWriter::shown);
    json.raw(r#","high":"#).optional(amount.high, JsonWriter::shown);
    json.raw(r#","modifier":"#).optional_string(amount.modifier.map(Modifier::name));
    json.raw(r#","vague":"#).flag(amount.vague);
    json.raw(r#","magnitude":"#).optional(amount.magnitude.map(u64::from), JsonWriter::number);
    json.raw(r#","assumed":"#).flag(amount.assumed);
    json.raw(r#","inherited":"#).flag(amount.inherited);
    json.raw(r#","rule":"#).string(amount.rule).raw("}");
}

/// Three digits are all a confidence means.
pub(crate) fn rounded(ratio: f64) -> f64 {
    (ratio * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tamis_core::{AmountKind, Decimal, Span, Told};

    use super::*;

    const OTHERS: &[Currency] = &[Currency::new("XBT").unwrap(), Currency::new("XAU").unwrap()];

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut document = Document::from_text("L’été à 109 milliards d’euros. Fin.");
        let start = document.text.find("109").unwrap();
        document.annotations.sentences = vec![Span::of(0, document.text.len() - 5)];
        let span = Span::of(start, start + "109 milliards d’euros".len());
        document.annotations.amounts.push(Amount {
            value: Decimal::new(109, 0).shifted(9),
            currency: Currency::new("EUR"),
            candidates: OTHERS,
            magnitude: Some(9),
            ..Amount::new(span, AmountKind::Money, "amounts/unit-after")
        });
        document.annotations.told.push(Told {
            field: PageField::Author,
            value: "Ada".into(),
            raw: Span::of(0, 3),
        });
        let mut line = Vec::new();
        write_record(&document, &Location::default(), "{\"a\":1}", "00", 40, &mut line);
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
        assert_eq!((amount.candidates.join(" "), amount.magnitude), ("XBT XAU".to_owned(), Some(9)));
        assert_eq!((record.metadata.author.as_deref(), record.metadata.site.as_deref()), (Some("Ada"), None));
        assert_eq!(record.metadata.extra.as_deref(), Some("{\"a\":1}"));
    }

    fn optional<T: std::fmt::Debug>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
        proptest::option::of(values)
    }

    fn amount() -> impl Strategy<Value = Amount> {
        let decimal = || {
            optional((any::<i64>(), 0..12_u8).prop_map(|(digits, scale)| Decimal::new(digits.into(), scale)))
        };
        let modifier = Just(Some(Modifier::Approx)).prop_union(Just(None));
        let told = (optional(Just("km")), modifier, optional(any::<u8>()), any::<[bool; 4]>());
        (decimal(), decimal(), decimal(), told).prop_map(
            |(value, low, high, (unit, modifier, magnitude, flags))| {
                let [vague, assumed, inherited, has_currency] = flags;
                Amount {
                    value,
                    low,
                    high,
                    unit,
                    modifier,
                    magnitude,
                    vague,
                    assumed,
                    inherited,
                    currency: Currency::new("EUR").filter(|_| has_currency),
                    candidates: if has_currency { &[] } else { OTHERS },
                    ..Amount::new(Span::of(0, 0), AmountKind::Quantity, "amounts/\"rule\"")
                }
            },
        )
    }

    proptest! {
        /// The same keys in the same order, and the same way to write each value: serde_json, writing what it read, writes
        /// the same line.
        #[test]
        fn a_line_is_what_serde_json_writes(
            text in ".{0,60}",
            title in "[a-zé\"\n]{0,6}",
            extra in ".{0,9}",
            amounts in proptest::collection::vec(amount(), 0..3),
        ) {
            let mut document = Document::from_text(&text);
            document.annotations.title = title;
            let mut at: Vec<usize> = text.char_indices().map(|(place, _)| place).step_by(7).collect();
            at.push(text.len());
            for (pair, amount) in at.windows(2).zip(amounts.iter().map(Some).chain(std::iter::repeat(None))) {
                let span = Span::of(pair[0], pair[1]);
                document.annotations.sentences.push(span);
                document.annotations.amounts.extend(amount.map(|amount| Amount { span, ..*amount }));
            }
            let mut line = Vec::new();
            write_record(&document, &Location::default(), &extra, "00", 40, &mut line);
            let record: Record = serde_json::from_slice(&line).unwrap();
            prop_assert_eq!(serde_json::to_string(&record).unwrap() + "\n", String::from_utf8(line).unwrap());
        }
    }
}
