//! Sizes as people write them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A number of bytes: written as such, or as `"512MiB"`, `"2G"`, `"1.5 GB"`. Units are binary, with or without their
/// `i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl Size {
    /// Reads a size.
    ///
    /// ```
    /// use tamis_pipeline::Size;
    /// assert_eq!(Size::parse("512MiB"), Ok(Size(512 << 20)));
    /// assert!(Size::parse("a lot").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let told =
            || format!("`{text}` is not a size; write a number of bytes, or for example 512MiB or 2GiB");
        let text = text.trim();
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(split).ok_or_else(told)?;
        let number: f64 = number.parse().map_err(|_| told())?;
        let power = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 0,
            "k" | "kb" | "kib" => 10,
            "m" | "mb" | "mib" => 20,
            "g" | "gb" | "gib" => 30,
            "t" | "tb" | "tib" => 40,
            _ => return Err(told()),
        };
        Ok(Self((number * f64::from(1_u32 << (power / 2)) * f64::from(1_u32 << (power / 2))) as u64))
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Size;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a size: a number of bytes, or a string such as \"64MiB\"")
            }

            fn visit_i64<E: Error>(self, bytes: i64) -> Result<Size, E> {
                let told = || E::custom(format!("`{bytes}` is not a size; a size is not negative"));
                u64::try_from(bytes).map(Size).map_err(|_| told())
            }

            fn visit_u64<E: Error>(self, bytes: u64) -> Result<Size, E> {
                Ok(Size(bytes))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Size, E> {
                Size::parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Size {
    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "a number of bytes, or a string such as \"64MiB\"",
            "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string" }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_every_usual_form() {
        for (text, bytes) in [
            ("4096", 4096),
            ("512MiB", 512 << 20),
            ("512 MB", 512 << 20),
            ("2G", 2 << 30),
            ("1.5gib", 3 << 29),
            ("1t", 1 << 40),
        ] {
            assert_eq!(Size::parse(text), Ok(Size(bytes)), "{text}");
        }
        for text in ["", "MiB", "1.2.3", "5 apples", "-1"] {
            assert!(Size::parse(text).is_err(), "{text}");
        }
    }
}
