//! Records as nearly all are: known keys with strings, read in one pass and straight into the document.
//!
//! [`super::read_any`] goes over a text twice, once to find its end and once to read it, and copies it once more. This one
//! gives up at whatever it does not expect, mistakes included, and leaves the record to the other.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use tamis_core::Document;

use super::{FieldKind, close, format_of, tell};

/// Reads a record into `document`. When it gives up, what `document` holds is of no use.
pub(super) fn read(line: &str, document: &mut Document) -> Option<(FieldKind, String)> {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let read = deserializer.deserialize_map(Record(document)).ok()?;
    deserializer.end().ok()?;
    Some(read)
}

/// Reads the fields of a record into a document.
struct Record<'a>(&'a mut Document);

impl<'de> Visitor<'de> for Record<'_> {
    type Value = (FieldKind, String);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Document { raw, metadata, .. } = self.0;
        let (mut body, mut extra, mut keys) = (None, String::new(), Vec::new());
        while let Some(key) = map.next_key_seed(Key)? {
            if keys.contains(&key) {
                return Err(gives_up());
            }
            let kind = match key.as_ref() {
                "text" => Some(FieldKind::Text),
                "html" => Some(FieldKind::Html),
                _ => None,
            };
            if kind.is_some() && body.is_none() {
                map.next_value_seed(Body(raw))?;
                body = kind;
            } else if kind.is_some() || key == "raw" {
                return Err(gives_up());
            } else {
                let value: &RawValue = map.next_value()?;
                tell(&key, value, metadata, &mut extra).map_err(|_| gives_up())?;
            }
            keys.push(key);
        }
        close(&mut extra);
        let kind = body.ok_or_else(gives_up)?;
        metadata.format = format_of(kind);
        Ok((kind, extra))
    }
}

/// No one reads it.
fn gives_up<E: Error>() -> E {
    E::custom("")
}

/// A key, borrowed where it is written without escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// A string that goes behind what the buffer holds.
struct Body<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Body<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Body<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
