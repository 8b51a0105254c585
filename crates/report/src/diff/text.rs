//! Texts that changed: word by word, the largest changes first.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::words::{Fate, WordDiff};

/// Words shown beside each change.
const AROUND: usize = 6;
/// So many changes are shown of one text.
const CHANGES: usize = 20;
/// So many characters are shown of one change.
const LONGEST: usize = 600;

/// A text that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextChange {
    /// The document.
    pub id: String,
    /// Bytes that only the text before has.
    pub gone: u64,
    /// Bytes that only the text after has.
    pub new: u64,
    /// Rules whose edits differ: how many edits before alone, how many after alone.
    pub rules: BTreeMap<String, (u64, u64)>,
    /// What differs, with a few words around.
    pub parts: Vec<Part>,
    /// Changes that are not among the parts.
    pub more: u64,
}

/// A stretch of a text that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What became of it.
    pub kind: PartKind,
    /// The words; empty where some were left out.
    pub text: String,
}

/// What became of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// In both texts.
    Same,
    /// In the text before alone.
    Gone,
    /// In the text after alone.
    New,
    /// Words that both have were left out.
    Omitted,
}

impl TextChange {
    /// Compares two texts of a document.
    fn of(id: &str, diff: &WordDiff<'_>, rules: BTreeMap<String, (u64, u64)>) -> Self {
        let bytes = |fate| diff.of_fate(fate).map(|text| text.len() as u64).sum();
        let mut change = Self {
            id: id.to_owned(),
            gone: bytes(Fate::Gone),
            new: bytes(Fate::New),
            rules,
            parts: Vec::new(),
            more: 0,
        };
        let mut changes = 0;
        for part in diff.shortened(AROUND) {
            let kind = match part {
                None => PartKind::Omitted,
                Some((Fate::Same, _)) => PartKind::Same,
                Some((Fate::Gone, _)) => PartKind::Gone,
                Some((Fate::New, _)) => PartKind::New,
            };
            let is_change = matches!(kind, PartKind::Gone | PartKind::New);
            changes += usize::from(is_change);
            if changes > CHANGES {
                change.more += u64::from(is_change);
                continue;
            }
            change.parts.push(Part { kind, text: cut(part.map_or("", |(_, text)| text)) });
        }
        change
    }

    fn weight(&self) -> u64 {
        self.gone + self.new
    }
}

/// The beginning and the end of a long change.
fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST * 2 / 3).collect();
    let tail: String = text.chars().skip(length - LONGEST / 3).collect();
    format!("{head} […] {tail}")
}

/// The largest changes met so far; of equal ones the first.
#[derive(Debug)]
pub(super) struct Largest {
    room: usize,
    changes: Vec<TextChange>,
}

impl Largest {
    pub(super) fn new(room: usize) -> Self {
        Self { room, changes: Vec::new() }
    }

    /// Takes a document whose text changed in, where it is one of the largest.
    pub(super) fn offer(
        &mut self,
        id: &str,
        (before, after): (&str, &str),
        rules: impl FnOnce() -> BTreeMap<String, (u64, u64)>,
    ) {
        let diff = WordDiff::of(before, after);
        let weight = diff.weight();
        let full = self.changes.len() >= self.room;
        if self.room == 0 || full && self.changes.last().is_some_and(|least| least.weight() >= weight) {
            return;
        }
        let place = self.changes.partition_point(|change| change.weight() >= weight);
        self.changes.insert(place, TextChange::of(id, &diff, rules()));
        self.changes.truncate(self.room);
    }

    pub(super) fn into_vec(self) -> Vec<TextChange> {
        self.changes
    }
}
