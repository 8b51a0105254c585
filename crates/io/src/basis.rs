//! What a piece of output was made from, as a hash: unchanged input need not be worked again.

use std::fmt;

use serde::{Deserialize, Serialize};
use tamis_core::{Format, Outcome};
use xxhash_rust::xxh3::Xxh3;

use crate::ReadDocument;

/// A 128-bit XXH3 hash of all that was read of a piece of the input, with names and places.
///
/// Not a defence against someone who forges inputs; the hashes that a run publishes are SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Basis(u128);

impl Basis {
    /// The basis of what stands on all of `parts`, in order.
    pub fn of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut hash = Xxh3::new();
        for part in parts {
            hash.update(&part.0.to_le_bytes());
        }
        Self(hash.digest128())
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Basis> for String {
    fn from(basis: Basis) -> Self {
        basis.to_string()
    }
}

impl TryFrom<String> for Basis {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u128::from_str_radix(&text, 16).map(Self)
    }
}

/// Hashes documents as they are read: raw bytes, names, places, hints, and why they could not be read.
#[derive(Clone, Default)]
pub struct BasisHasher {
    hash: Xxh3,
    fields: Vec<u8>,
}

impl BasisHasher {
    /// Adds a document that was just read.
    pub fn add(&mut self, read: &ReadDocument) {
        let ReadDocument { document, location, extra } = read;
        self.fields.clear();
        let metadata = &document.metadata;
        self.text(Some(&metadata.id));
        self.text(Some(&metadata.source));
        self.text(metadata.url.as_deref());
        self.text(metadata.language_hint.as_deref());
        self.text(metadata.charset_hint.as_deref());
        self.text(metadata.title_hint.as_deref());
        self.text(Some(&location.file));
        self.text(Some(extra));
        self.fields.push(match metadata.format {
            Format::Unknown => 0,
            Format::Text => 1,
            Format::Html => 2,
        });
        self.fields.push(location.field.map_or(0, |field| 1 + field as u8));
        let (start, end) = location.byte_range.unwrap_or_default();
        for number in [location.line.unwrap_or(0), start, end, document.raw.len() as u64] {
            self.fields.extend(number.to_le_bytes());
        }
        if let Outcome::Failed(failed) = &document.outcome {
            self.text(Some(&failed.reason));
            self.fields.extend(failed.offset.unwrap_or(u64::MAX).to_le_bytes());
        }
        self.hash.update(&self.fields);
        self.hash.update(&document.raw);
    }

    fn text(&mut self, text: Option<&str>) {
        self.fields.extend(text.map_or(u32::MAX, |text| text.len() as u32).to_le_bytes());
        self.fields.extend(text.unwrap_or_default().as_bytes());
    }

    /// The basis of all documents since the last time; makes ready for the next.
    pub fn finish(&mut self) -> Basis {
        let basis = Basis(self.hash.digest128());
        self.hash.reset();
        basis
    }
}

impl fmt::Debug for BasisHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasisHasher").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_tells() {
        let one = || {
            let mut read = ReadDocument::default();
            read.document.metadata.id = "a".into();
            read.document.raw = b"text".to_vec();
            read
        };
        let changes: [fn(&mut ReadDocument); 8] = [
            |_| {},
            |read| read.document.metadata.id = "b".into(),
            |read| read.document.metadata.source = "a".into(),
            |read| read.document.metadata.url = Some(String::new()),
            |read| read.document.metadata.format = Format::Html,
            |read| read.document.raw.push(b'x'),
            |read| read.location.line = Some(2),
            |read| read.extra.push('x'),
        ];
        let mut hasher = BasisHasher::default();
        let mut all: Vec<Basis> = changes
            .iter()
            .map(|change| {
                let mut read = one();
                change(&mut read);
                hasher.add(&read);
                hasher.finish()
            })
            .collect();
        hasher.add(&one());
        assert_eq!(hasher.finish(), all[0], "the hasher was not made ready");
        assert_eq!(Basis::try_from(all[0].to_string()), Ok(all[0]));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), changes.len());
    }
}
