//! One JSONL record in, one document out.

mod plain;

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use tamis_core::{Document, Format, Metadata};
use thiserror::Error;

/// The field of a record that holds the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Text that may or may not be HTML.
    Text,
    /// HTML.
    Html,
    /// Bytes in base64.
    Raw,
}

impl FieldKind {
    /// The name in records and ledgers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Raw => "raw",
        }
    }
}

/// A record that cannot be read.
#[derive(Debug, Error)]
#[error("{reason}")]
pub struct RecordError {
    /// Why, as a lower-case fragment.
    pub reason: String,
    /// Where in the line, in bytes.
    pub offset: u64,
}

/// Reads the record `line` into `document` and returns which field it was, and the keys tamis does not know as one
/// JSON object (empty when there are none).
///
/// Known keys: `text`, `html` or `raw` (exactly one), `id`, `url`, `lang`, `charset`, `title`. Unknown ones are
/// carried as they are written, numbers of any length included.
pub fn read_record(line: &[u8], document: &mut Document) -> Result<(FieldKind, String), RecordError> {
    let text = simdutf8::compat::from_utf8(line).map_err(|error| RecordError {
        reason: format!(
            "invalid UTF-8 in record: byte 0x{:02x}",
            line.get(error.valid_up_to()).copied().unwrap_or_default()
        ),
        offset: error.valid_up_to() as u64,
    })?;
    if let Some(read) = plain::read(text, document) {
        return Ok(read);
    }
    document.clear();
    read_any(text, document)
}

/// Reads any record, each value as it is written before it is looked at: this tells what is wrong with one, and where.
fn read_any(text: &str, document: &mut Document) -> Result<(FieldKind, String), RecordError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fields = deserializer
        .deserialize_map(Fields)
        .and_then(|fields| deserializer.end().map(|()| fields))
        .map_err(|error| json_error(&error))?;
    let mut extra = String::new();
    let mut body = None;
    for (key, value) in &fields {
        let kind = match key.as_ref() {
            "text" => FieldKind::Text,
            "html" => FieldKind::Html,
            "raw" => FieldKind::Raw,
            _ => {
                tell(key, value, &mut document.metadata, &mut extra)?;
                continue;
            }
        };
        if body.is_some() {
            return Err(refused("more than one of `text`, `html` and `raw`"));
        }
        body = Some((kind, string(key, value)?));
    }
    close(&mut extra);
    let Some((kind, body)) = body else {
        return Err(refused("no field `text`, `html` or `raw`"));
    };
    document.metadata.format = format_of(kind);
    if kind == FieldKind::Raw {
        let told = |error| refused(&format!("field `raw` is not base64: {error}"));
        BASE64.decode_vec(body.as_bytes(), &mut document.raw).map_err(told)?;
    } else {
        document.raw.extend_from_slice(body.as_bytes());
    }
    Ok((kind, extra))
}

/// Reads a field that is not the document itself.
fn tell(key: &str, value: &RawValue, metadata: &mut Metadata, extra: &mut String) -> Result<(), RecordError> {
    match key {
        "id" => metadata.id = id(value)?,
        "url" => metadata.url = optional(key, value)?,
        "lang" => metadata.language_hint = optional(key, value)?,
        "charset" => metadata.charset_hint = optional(key, value)?,
        "title" => metadata.title_hint = optional(key, value)?,
        _ => {
            extra.push(if extra.is_empty() { '{' } else { ',' });
            extra.push_str(&serde_json::to_string(key).unwrap_or_default());
            extra.push(':');
            extra.push_str(value.get());
        }
    }
    Ok(())
}

/// Closes the object of unknown keys, where there are any.
fn close(extra: &mut String) {
    if !extra.is_empty() {
        extra.push('}');
    }
}

fn format_of(kind: FieldKind) -> Format {
    if kind == FieldKind::Html { Format::Html } else { Format::Unknown }
}

fn refused(reason: &str) -> RecordError {
    RecordError { reason: reason.to_owned(), offset: 0 }
}

fn json_error(error: &serde_json::Error) -> RecordError {
    // serde_json ends its message with the place, which the ledger tells on its own.
    let told = error.to_string();
    let reason = told.rsplit_once(" at line ").map_or(told.as_str(), |(reason, _)| reason);
    RecordError {
        reason: format!("invalid JSON in record: {reason}"),
        offset: error.column().saturating_sub(1) as u64,
    }
}

fn string<'a>(key: &str, value: &'a RawValue) -> Result<Cow<'a, str>, RecordError> {
    // A string without escapes is borrowed; serde_json alone would copy it.
    let body = value.get().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(body) = body
        && !body.contains('\\')
    {
        return Ok(Cow::Borrowed(body));
    }
    serde_json::from_str(value.get())
        .map(Cow::Owned)
        .map_err(|error| refused(&format!("field `{key}` is not a string: {}", json_error(&error).reason)))
}

fn optional(key: &str, value: &RawValue) -> Result<Option<String>, RecordError> {
    if value.get() == "null" { Ok(None) } else { string(key, value).map(|text| Some(text.into_owned())) }
}

/// An id is a string or a number.
fn id(value: &RawValue) -> Result<String, RecordError> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => Ok(text.to_owned()),
        Some(b'n') => Ok(String::new()),
        _ => string("id", value).map(Cow::into_owned),
    }
}

/// The fields of an object, in order, each value as it is written.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: Self::Value = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if fields.iter().any(|(known, _)| *known == key) {
                return Err(serde::de::Error::custom(format!("key `{key}` stands twice")));
            }
            fields.push((Cow::Owned(key), map.next_value()?));
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(line: &str) -> Result<(Document, FieldKind, String), RecordError> {
        let mut document = Document::default();
        let (kind, extra) = read_record(line.as_bytes(), &mut document)?;
        Ok((document, kind, extra))
    }

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            3 => any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
            2 => "[a-zé ]{0,12}".prop_map(|text| format!("\"{text}\"")),
            1 => "[0-9]{1,3}|null|true|-0.50|1e9|\"w6k=\"|\"\\\\ud83d\"|\"\\\\u00e9\"|x".prop_map(String::from),
        ];
        leaf.prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3)
                    .prop_map(|items| format!("[{}]", items.join(", "))),
                inner.prop_map(|value| format!("{{\"a\":{value}}}")),
            ]
        })
    }

    proptest! {
        /// The quick way gives what the thorough one gives, or leaves it to that.
        #[test]
        fn what_is_read_in_one_pass_is_what_is_read_in_two(
            fields in proptest::collection::vec(
                ("text|html|raw|id|url|lang|charset|title|n|autre|t\\\\u0065xt", json()), 0..5),
            end in "|| |}",
        ) {
            let fields: Vec<String> = fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
            let line = format!("{{{}}}{end}", fields.join(","));
            let mut document = Document::default();
            let thorough = read_any(&line, &mut document);
            let mut quick_document = Document::default();
            if let Some(quick) = plain::read(&line, &mut quick_document) {
                prop_assert_eq!(quick, thorough.unwrap());
                prop_assert_eq!(quick_document.raw, document.raw);
                prop_assert_eq!(quick_document.metadata, document.metadata);
            } else if let Ok((kind, _)) = thorough {
                prop_assert_eq!(kind, FieldKind::Raw, "{} is left to the thorough way", line);
            }
        }
    }

    #[test]
    fn a_record_becomes_a_document() {
        let (document, kind, extra) = read(
            r#"{"id":7,"text":"d\u00e9j\u00e0 l’été","url":"https://exemple.fr/","n":1.10,"deep":{"a":[]}}"#,
        )
        .unwrap();
        assert_eq!(document.raw, "déjà l’été".as_bytes());
        assert_eq!((document.metadata.id.as_str(), kind), ("7", FieldKind::Text));
        assert_eq!(extra, r#"{"n":1.10,"deep":{"a":[]}}"#);
        let (document, kind, extra) = read(r#"{"raw":"w6k="}"#).unwrap();
        assert_eq!((document.raw.as_slice(), kind, extra.as_str()), ("é".as_bytes(), FieldKind::Raw, ""));
    }

    #[test]
    fn bad_records_are_told_with_their_place() {
        for (line, reason, offset) in [
            (&b"{\"text\":\"caf\xe9\"}"[..], "invalid UTF-8 in record: byte 0xe9", 12),
            (b"{\"text\":\"a\"", "invalid JSON in record: EOF while parsing an object", 10),
            (b"{\"text\":\"\\ud83d\"}", "field `text` is not a string", 0),
            (b"{\"text\":1}", "field `text` is not a string", 0),
            (b"{\"texte\":\"a\"}", "no field `text`", 0),
            (b"{\"text\":\"a\",\"html\":\"b\"}", "more than one", 0),
            (b"{\"text\":\"a\",\"text\":\"b\"}", "invalid JSON in record: key `text` stands twice", 17),
            (b"[]", "invalid JSON in record: invalid type: sequence", 0),
            (b"{\"raw\":\"%\"}", "field `raw` is not base64", 0),
            (b"{\"text\":\"a\"} b", "invalid JSON in record: trailing characters", 13),
            (b"{\"text\":\"a\",\"n\":NaN}", "invalid JSON in record: expected value", 16),
        ] {
            let told = read_record(line, &mut Document::default()).unwrap_err();
            assert!(told.reason.starts_with(reason), "{}: {told:?}", String::from_utf8_lossy(line));
            assert_eq!(told.offset, offset, "{}", String::from_utf8_lossy(line));
        }
    }
}
