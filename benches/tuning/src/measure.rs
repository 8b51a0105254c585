//! How good a page's text is: shingles of four words for whole articles, stretches found for the others.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use tamis_chrome::Options;
use tamis_chrome::html::{Scratch, Weights, strip};

use crate::label::{Gold, Page};

/// How often each run of four words occurs, by hash.
pub type Shingles = HashMap<u64, u32>;

/// Counts of hits, false finds and misses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub hits: f64,
    pub extra: f64,
    pub missed: f64,
}

impl Counts {
    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let all = 2.0 * self.hits + self.extra + self.missed;
        if all == 0.0 { 1.0 } else { 2.0 * self.hits / all }
    }
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// The words of a text; scripts written without spaces have a word for each character.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        let word = character.is_alphanumeric() || character == '_';
        if word && !is_ideograph(character) {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            words.push(&text[start..at]);
        }
        if word {
            words.push(&text[at..at + character.len_utf8()]);
        }
    }
    words
}

pub fn shingles(text: &str) -> Shingles {
    let words = words(text);
    let mut counts = Shingles::new();
    if words.is_empty() {
        return counts;
    }
    for shingle in words.windows(words.len().min(4)) {
        let mut hasher = DefaultHasher::new();
        shingle.hash(&mut hasher);
        *counts.entry(hasher.finish()).or_default() += 1;
    }
    counts
}

/// White space collapsed.
pub fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stripping gives of the page.
pub fn counts(page: &Page, scratch: &mut Scratch) -> Counts {
    let text = strip(&page.html, &Options::default(), scratch).apply(&page.html);
    match &page.gold {
        Gold::Text(gold) => {
            let found = shingles(&text);
            let hits: u32 =
                found.iter().map(|(shingle, count)| (*count).min(*gold.get(shingle).unwrap_or(&0))).sum();
            let sum = |all: &Shingles| all.values().sum::<u32>();
            Counts {
                hits: f64::from(hits),
                extra: f64::from(sum(&found) - hits),
                missed: f64::from(sum(gold) - hits),
            }
        }
        Gold::Parts { with, without } => {
            let text = normal(&text);
            let found = |parts: &[String]| parts.iter().filter(|part| text.contains(part.as_str())).count();
            let hits = found(with) as f64;
            Counts { hits, extra: found(without) as f64, missed: with.len() as f64 - hits }
        }
    }
}

/// Each page's F1 under these weights.
pub fn scores(pages: &[Page], weights: &Weights) -> Vec<f64> {
    let mut scratch = Scratch::weighted(weights.clone());
    pages.iter().map(|page| counts(page, &mut scratch).f1()).collect()
}

/// The mean over sets of the mean over the chosen pages of each set.
pub fn mean(pages: &[Page], scores: &[f64], chosen: impl Fn(usize) -> bool) -> f64 {
    let mut sets: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (place, (page, score)) in pages.iter().zip(scores).enumerate() {
        if chosen(place) {
            let set = sets.entry(&page.set).or_default();
            *set = (set.0 + score, set.1 + 1.0);
        }
    }
    let count = sets.len().max(1) as f64;
    100.0 * sets.values().map(|(sum, pages)| sum / pages).sum::<f64>() / count
}

/// Prints the mean F1 by set and kind, and the pages that do worst.
pub fn table(pages: &[Page], weights: &Weights) {
    let scores = scores(pages, weights);
    let mut rows: BTreeMap<(&str, &str), (f64, u32)> = BTreeMap::new();
    for (page, score) in pages.iter().zip(&scores) {
        for kind in ["", page.kind.as_str()] {
            let row = rows.entry((&page.set, kind)).or_default();
            *row = (row.0 + score, row.1 + 1);
            if page.kind.is_empty() {
                break;
            }
        }
    }
    println!("{:<8} {:<14} {:>5}  F1", "set", "kind", "pages");
    for ((set, kind), (sum, count)) in rows {
        println!("{set:<8} {kind:<14} {count:>5}  {:.4}", sum / f64::from(count));
    }
    println!("mean over sets {:.2}", mean(pages, &scores, |_| true));
    let mut worst: Vec<_> = scores.iter().zip(pages).collect();
    worst.sort_by(|a, b| a.0.total_cmp(b.0));
    for (score, page) in
        worst.into_iter().take(std::env::var("WORST").ok().and_then(|n| n.parse().ok()).unwrap_or(10))
    {
        println!("{score:.4}  {}", page.id);
    }
}

/// Prints how each set and each page does under these weights and under the default ones, where they differ.
pub fn differences(pages: &[Page], weights: &Weights) {
    let (before, after) = (scores(pages, &Weights::default()), scores(pages, weights));
    println!("mean over sets {:+.3}", mean(pages, &after, |_| true) - mean(pages, &before, |_| true));
    for ((page, before), after) in pages.iter().zip(&before).zip(&after) {
        if (before - after).abs() > 1e-9 {
            println!("{:+.4}  {before:.4} -> {after:.4}  {}", after - before, page.id);
        }
    }
}
