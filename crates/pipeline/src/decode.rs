//! From a TOML table to a typed value, with every mistake told and placed.
//!
//! Decoded in two steps, table first and type second: serde's `tag`, `flatten` and `untagged` buffer what they read
//! and lose its place.

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Diagnostic;
use crate::diagnostic::did_you_mean;

/// A table on its way into a type, and where to point. Cannot be named outside: factories are made only here.
#[derive(Clone)]
pub struct Table<'t> {
    inner: Spanned<DeTable<'t>>,
    /// What a missing key is told at: the header, or the `use` of a stage.
    pub(crate) head: Range<usize>,
}

impl<'t> Table<'t> {
    pub(crate) fn new(inner: DeTable<'t>, span: Range<usize>) -> Self {
        Self { inner: Spanned::new(span.clone(), inner), head: span }
    }

    /// Takes a key out of the table.
    pub(crate) fn take(&mut self, key: &str) -> Option<(Range<usize>, Spanned<DeValue<'t>>)> {
        let found = self.inner.get_ref().keys().find(|candidate| candidate.get_ref() == key)?.clone();
        let span = found.span();
        self.inner.get_mut().remove(key).map(|value| (span, value))
    }

    /// Takes a key that must hold a table.
    pub(crate) fn take_table(&mut self, key: &str, told: &mut Vec<Diagnostic>) -> Option<Table<'t>> {
        let (key_span, value) = self.take(key)?;
        table(key, value, key_span, told)
    }

    /// Takes a key that must hold an array of tables; empty when it is not there.
    pub(crate) fn take_tables(&mut self, key: &str, told: &mut Vec<Diagnostic>) -> Vec<Table<'t>> {
        let Some((key_span, value)) = self.take(key) else { return Vec::new() };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(array) => array
                .into_iter()
                .filter_map(|value| {
                    let span = value.span();
                    table(key, value, span, told)
                })
                .collect(),
            other => {
                let message = format!("`{key}` must be written `[[{key}]]`, not as {}", other.type_str());
                told.push(Diagnostic::new(message, if span.is_empty() { key_span } else { span }));
                Vec::new()
            }
        }
    }

    /// Tells every key that is left.
    pub(crate) fn refuse_rest(&mut self, known: &[&str], told: &mut Vec<Diagnostic>) {
        for key in self.inner.get_ref().keys() {
            told.push(unknown_key(key.get_ref(), key.span(), known.iter().copied()));
        }
    }

    /// Reads the table as `T`. Tells every unknown key and every bad value it can; `None` when there was one.
    pub(crate) fn read<T: DeserializeOwned + JsonSchema>(
        mut self,
        what: &str,
        told: &mut Vec<Diagnostic>,
    ) -> Option<Read<T>> {
        let before = told.len();
        let known = properties::<T>();
        let unknown: Vec<_> = self
            .inner
            .get_ref()
            .keys()
            .filter(|key| !known.iter().any(|name| name == key.get_ref()))
            .map(|key| (key.get_ref().to_string(), key.span()))
            .collect();
        for (key, span) in unknown {
            told.push(unknown_key(&key, span, known.iter().map(String::as_str)));
            self.inner.get_mut().remove(key.as_str());
        }
        let keys = self
            .inner
            .get_ref()
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), key.span().start..value.span().end))
            .collect();
        // A bad value is told and taken out, so that the next reading meets the next one.
        loop {
            let source = toml::Deserializer::from(self.inner.clone());
            match serde_path_to_error::deserialize::<_, T>(source) {
                Ok(value) if told.len() == before => {
                    return Some(Read { value, places: Places { keys, head: self.head } });
                }
                Ok(_) => return None,
                Err(error) => {
                    let path = error.path().to_string();
                    let first = path.split(['.', '[']).next().unwrap_or_default().to_owned();
                    let inner = error.into_inner();
                    let span = inner.span().filter(|span| !span.is_empty());
                    let place = span.unwrap_or_else(|| self.head.clone());
                    let message = plain(inner.message());
                    let found = self.inner.get_ref().keys().any(|key| key.get_ref() == first.as_str());
                    let diagnostic = match nested_unknown(inner.message()) {
                        Some((key, expected)) => {
                            unknown_key(&key, place, expected.iter().map(String::as_str))
                        }
                        None if found => Diagnostic::new(format!("`{path}`: {message}"), place),
                        None => Diagnostic::new(format!("{what}: {message}"), self.head.clone()),
                    };
                    // A key that is missing because it was just told needs no second word.
                    let already = told.len() > before && !found;
                    if !already {
                        told.push(diagnostic);
                    }
                    if !found || self.inner.get_mut().remove(first.as_str()).is_none() {
                        return None;
                    }
                }
            }
        }
    }
}

/// A value and where its keys stand.
pub(crate) struct Read<T> {
    pub(crate) value: T,
    pub(crate) places: Places,
}

/// Where the keys of a table stand.
pub(crate) struct Places {
    keys: BTreeMap<String, Range<usize>>,
    head: Range<usize>,
}

impl Places {
    /// Where `key` stands; the table's head when it is not written.
    pub(crate) fn of(&self, key: &str) -> Range<usize> {
        self.keys.get(key).unwrap_or(&self.head).clone()
    }

    /// Where the option stands that a message names first in backticks: `near.similarity`.
    pub(crate) fn named_in(&self, message: &str) -> Range<usize> {
        let name = message.split('`').nth(1).unwrap_or_default();
        self.of(name.split('.').next().unwrap_or_default())
    }
}

fn table<'t>(
    key: &str,
    value: Spanned<DeValue<'t>>,
    head: Range<usize>,
    told: &mut Vec<Diagnostic>,
) -> Option<Table<'t>> {
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(inner) => Some(Table {
            inner: Spanned::new(span.clone(), inner),
            head: if head.is_empty() { span } else { head },
        }),
        other => {
            told.push(Diagnostic::new(format!("`{key}` must be a table, not {}", other.type_str()), span));
            None
        }
    }
}

fn unknown_key<'a>(
    key: &str,
    span: Range<usize>,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(format!("unknown key `{key}`"), span);
    let help = did_you_mean(key, known.clone()).unwrap_or_else(|| {
        let mut known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        known.sort();
        if known.is_empty() {
            "there are no options".to_owned()
        } else {
            format!("known keys: {}", known.join(", "))
        }
    });
    diagnostic.with_help(help)
}

/// serde's words for an unknown key inside a value, taken apart.
fn nested_unknown(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (key, rest) = rest.split_once('`')?;
    let expected = rest.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect();
    Some((key.to_owned(), expected))
}

/// serde's words in ours.
fn plain(message: &str) -> String {
    message
        .replace("invalid type: ", "")
        .replace("invalid value: ", "")
        .replace(", expected ", " where there must be ")
}

/// The keys of `T`.
pub(crate) fn properties<T: JsonSchema>() -> Vec<String> {
    let schema = schemars::schema_for!(T);
    let object = schema.as_value().get("properties").and_then(|properties| properties.as_object());
    object.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}
