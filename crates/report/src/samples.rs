//! What the page shows of single documents: a bounded sample of `provenance.csv`, by fixed order.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// So many failed documents are shown, the first in input order.
const FAILED: usize = 50;
/// So many dropped documents are shown of each rule.
const DROPPED_BY_RULE: usize = 5;
/// So many clusters of duplicates are shown.
const CLUSTERS: usize = 10;

/// What was taken from `provenance.csv`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples {
    /// The first failed documents.
    pub(crate) failed: Vec<Sample>,
    /// The first dropped documents of each rule, by rule.
    pub(crate) dropped: BTreeMap<String, Vec<Sample>>,
    /// Kept documents with most duplicates, most first, then by id.
    pub(crate) clusters: Vec<(String, u64)>,
    /// Documents dropped as duplicates.
    pub(crate) duplicates: u64,
    /// Duplicates by similarity: ten steps from 0, then those that are equal.
    pub(crate) similarities: [u64; 11],
    /// Kept documents by confidence in their language: ten steps from 0, then those that are certain.
    pub(crate) confidences: [u64; 11],
}

/// One document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) id: String,
    pub(crate) stage: String,
    pub(crate) reason: String,
    pub(crate) value: String,
    pub(crate) threshold: String,
    pub(crate) duplicate_of: String,
    pub(crate) raw_bytes: u64,
}

impl Samples {
    /// Reads the run's `provenance.csv` once, from the first row to the last.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let path = root.join("provenance.csv");
        let mut reader = csv::ReaderBuilder::new().from_reader(fs_err::File::open(&path)?);
        let columns = Columns::of(reader.headers().map_err(io::Error::other)?);
        let mut samples = Self::default();
        let mut clusters: BTreeMap<String, u64> = BTreeMap::new();
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row).map_err(io::Error::other)? {
            let field = |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or_default();
            match field(columns.status) {
                "kept" => {
                    if let Ok(confidence) = field(columns.lang_confidence).parse() {
                        add(&mut samples.confidences, confidence);
                    }
                }
                "dropped" => {
                    let duplicate_of = field(columns.duplicate_of);
                    if !duplicate_of.is_empty() {
                        samples.duplicates += 1;
                        add(&mut samples.similarities, field(columns.similarity).parse().unwrap_or(1.0));
                        match clusters.get_mut(duplicate_of) {
                            Some(size) => *size += 1,
                            None => {
                                clusters.insert(duplicate_of.to_owned(), 1);
                            }
                        }
                    }
                    let rule = field(columns.rule);
                    if !samples.dropped.contains_key(rule) {
                        samples.dropped.insert(rule.to_owned(), Vec::new());
                    }
                    if let Some(sample) = samples.dropped.get_mut(rule)
                        && sample.len() < DROPPED_BY_RULE
                    {
                        sample.push(columns.sample(&row));
                    }
                }
                _ if samples.failed.len() < FAILED => samples.failed.push(columns.sample(&row)),
                _ => {}
            }
        }
        samples.clusters = clusters.into_iter().collect();
        samples.clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.1));
        samples.clusters.truncate(CLUSTERS);
        Ok(samples)
    }
}

fn add(steps: &mut [u64; 11], ratio: f64) {
    let step = (ratio.clamp(0.0, 1.0) * 10.0) as usize;
    if let Some(count) = steps.get_mut(step) {
        *count += 1;
    }
}

/// Where the columns stand.
struct Columns {
    id: Option<usize>,
    status: Option<usize>,
    stage: Option<usize>,
    rule: Option<usize>,
    reason: Option<usize>,
    value: Option<usize>,
    threshold: Option<usize>,
    duplicate_of: Option<usize>,
    similarity: Option<usize>,
    raw_bytes: Option<usize>,
    lang_confidence: Option<usize>,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Self {
        let place = |name: &str| header.iter().position(|column| column == name);
        Self {
            id: place("id"),
            status: place("status"),
            stage: place("stage"),
            rule: place("rule"),
            reason: place("reason"),
            value: place("value"),
            threshold: place("threshold"),
            duplicate_of: place("duplicate_of"),
            similarity: place("similarity"),
            raw_bytes: place("raw_bytes"),
            lang_confidence: place("lang_confidence"),
        }
    }

    fn sample(&self, row: &csv::StringRecord) -> Sample {
        let field =
            |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or_default().to_owned();
        Sample {
            id: field(self.id),
            stage: field(self.stage),
            reason: field(self.reason),
            value: field(self.value),
            threshold: field(self.threshold),
            duplicate_of: field(self.duplicate_of),
            raw_bytes: field(self.raw_bytes).parse().unwrap_or_default(),
        }
    }
}
