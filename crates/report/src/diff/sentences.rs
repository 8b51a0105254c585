//! Sentences of a document in two runs: text that both have, cut otherwise.
//!
//! A sentence whose words changed is a change of the text, told there.

use tamis_io::Record;

use crate::shown::excerpt;
use crate::words::hunks;

/// A stretch of text that both runs have, and its sentences in each.
#[derive(Debug)]
pub(super) struct Cut<'a> {
    pub(super) before: Vec<&'a str>,
    pub(super) after: Vec<&'a str>,
}

impl Cut<'_> {
    /// In a few words: where the finer side cuts.
    pub(super) fn told(&self) -> String {
        let (from, to) = (self.before.len(), self.after.len());
        let finer = if to >= from { &self.after } else { &self.before };
        let around = finer.split_first().map(|(first, rest)| {
            let tail: String = first.chars().skip(first.chars().count().saturating_sub(40)).collect();
            let head: String = rest.first().unwrap_or(&"").chars().take(40).collect();
            let head = if head.is_empty() { head } else { format!(" ¦ {}", excerpt(&head, 40)) };
            format!("{}{head}", excerpt(&tail, 40))
        });
        format!("{from} → {to}: {}", around.unwrap_or_default())
    }
}

/// Where the sentences of two records differ and their text does not.
pub(super) fn compare<'a>(before: &'a Record, after: &'a Record) -> Vec<Cut<'a>> {
    if before.text == after.text && before.sentences == after.sentences {
        return Vec::new();
    }
    let (was, is) = (sentences(before), sentences(after));
    // By their letters: another space inside a sentence is a change of the text.
    let letters = |sentences: &[&str]| -> Vec<String> {
        sentences.iter().map(|sentence| sentence.chars().filter(|c| !c.is_whitespace()).collect()).collect()
    };
    let (was_letters, is_letters) = (letters(&was), letters(&is));
    let mut cuts = Vec::new();
    for (gone, new) in hunks(was_letters.iter(), is_letters.iter()) {
        let one = was_letters.get(gone.clone()).unwrap_or_default().concat();
        if !one.is_empty() && one == is_letters.get(new.clone()).unwrap_or_default().concat() {
            let part = |sentences: &[&'a str], range| {
                sentences.get::<std::ops::Range<usize>>(range).unwrap_or_default().to_vec()
            };
            cuts.push(Cut { before: part(&was, gone), after: part(&is, new) });
        }
    }
    cuts
}

/// The sentences, by one walk through the text.
fn sentences(record: &Record) -> Vec<&str> {
    let (mut out, mut rest, mut at) = (Vec::with_capacity(record.sentences.len()), record.text.as_str(), 0);
    for (start, end) in &record.sentences {
        rest = skip(rest, start.saturating_sub(at));
        let after = skip(rest, end.saturating_sub(*start));
        out.push(rest.get(..rest.len() - after.len()).unwrap_or_default());
        (rest, at) = (after, *end);
    }
    out
}

/// `text` without its first characters.
fn skip(text: &str, characters: u64) -> &str {
    let start = text.char_indices().nth(usize::try_from(characters).unwrap_or(usize::MAX));
    start.map_or("", |(start, _)| text.get(start..).unwrap_or_default())
}
