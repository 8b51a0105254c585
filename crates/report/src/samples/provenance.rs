//! One pass over `provenance.csv`, and a second one for the names of the largest clusters.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::table::beginning;
use super::{Samples, draw};
use crate::Run;

/// So many bytes of the page are for failed documents beyond the first thousand.
const FAILED_BYTES: usize = 400_000;
/// What a row of them costs beyond its texts.
const FAILED_ROW: usize = 110;
/// So many clusters of duplicates are shown.
const CLUSTERS: usize = 12;

/// A failed document outside the table's first thousand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failed {
    pub(crate) id: String,
    pub(crate) stage: String,
    pub(crate) reason: String,
    pub(crate) raw_bytes: u64,
}

/// Documents dropped because another one was kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Duplicates {
    /// How many.
    pub(crate) documents: u64,
    /// By similarity to the one kept: twenty steps from 0, then those that are the same.
    pub(crate) similarities: [u64; 21],
    /// Clusters by size, the kept document counted.
    pub(crate) sizes: BTreeMap<u64, u64>,
    /// The largest clusters, largest first, then in input order.
    pub(crate) largest: Vec<Cluster>,
}

/// A kept document and its duplicates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cluster {
    /// The kept document.
    pub(crate) id: String,
    /// Its title, or the beginning of its text.
    pub(crate) title: Option<String>,
    /// Documents in the cluster, the kept one counted.
    pub(crate) size: u64,
    /// The place of the kept document in the input.
    pub(crate) ordinal: usize,
}

/// Reads the file once, from the first row to the last.
pub(super) fn read(run: &Run, samples: &mut Samples) -> io::Result<()> {
    let mut rows = Rows::open(&run.root)?;
    let (mut room, shown) = (FAILED_BYTES, samples.rows.len());
    // Eight bytes for each duplicate, not the ids of a million clusters.
    let mut originals: Vec<u64> = Vec::new();
    while rows.next()? {
        match rows.field("status") {
            "kept" => {
                if let Ok(confidence) = rows.field("lang_confidence").parse() {
                    step(&mut samples.confidences, confidence);
                }
            }
            "dropped" => {
                let original = rows.field("duplicate_of");
                if !original.is_empty() {
                    originals.push(draw(original));
                    step(
                        &mut samples.duplicates.similarities,
                        rows.field("similarity").parse().unwrap_or(1.0),
                    );
                }
            }
            _ if rows.ordinal < shown => {}
            _ => {
                let failed = Failed {
                    id: rows.field("id").to_owned(),
                    stage: rows.field("stage").to_owned(),
                    reason: rows.field("reason").to_owned(),
                    raw_bytes: rows.field("raw_bytes").parse().unwrap_or_default(),
                };
                let cost = FAILED_ROW + failed.id.len() + failed.stage.len() + failed.reason.len();
                if samples.failed_untold == 0 && cost <= room {
                    room -= cost;
                    samples.failed.push(failed);
                } else {
                    samples.failed_untold += 1;
                }
            }
        }
    }
    samples.duplicates.documents = originals.len() as u64;
    clusters(run, originals, samples)
}

/// Counts clusters, and looks for the names of the largest.
fn clusters(run: &Run, mut originals: Vec<u64>, samples: &mut Samples) -> io::Result<()> {
    originals.sort_unstable();
    let mut largest: Vec<(u64, u64)> = Vec::new();
    for cluster in originals.chunk_by(|left, right| left == right) {
        let size = 1 + cluster.len() as u64;
        *samples.duplicates.sizes.entry(size).or_default() += 1;
        let place = largest.partition_point(|(larger, _)| *larger >= size);
        if let Some(hash) = cluster.first().filter(|_| place < CLUSTERS) {
            largest.insert(place, (size, *hash));
            largest.truncate(CLUSTERS);
        }
    }
    if largest.is_empty() {
        return Ok(());
    }
    let mut found = Vec::new();
    let mut rows = Rows::open(&run.root)?;
    while found.len() < largest.len() && rows.next()? {
        if rows.field("status") != "kept" {
            continue;
        }
        let (id, ordinal) = (rows.field("id"), rows.ordinal);
        let hash = draw(id);
        if let Some((size, _)) = largest.iter().find(|(_, original)| *original == hash) {
            let row = samples.rows.get(ordinal);
            let title = row.map(|row| row.title.clone().unwrap_or_else(|| row.beginning.clone()));
            found.push(Cluster { id: id.to_owned(), title, size: *size, ordinal });
        }
    }
    titles(run, samples.rows.len(), &mut found);
    found.sort_by_key(|cluster| (std::cmp::Reverse(cluster.size), cluster.ordinal));
    samples.duplicates.largest = found;
    Ok(())
}

/// The titles of documents behind the table, from the records: their ids stand first on the line, so that others are
/// passed over unparsed.
fn titles(run: &Run, shown: usize, clusters: &mut [Cluster]) {
    #[derive(Deserialize)]
    struct Titled {
        id: String,
        title: Option<String>,
        text: String,
    }
    let prefix =
        |id: &str| format!("{{\"id\":{},", serde_json::to_string(id).unwrap_or_default()).into_bytes();
    let wanted: Vec<_> = clusters
        .iter()
        .filter(|cluster| cluster.ordinal >= shown)
        .map(|cluster| prefix(&cluster.id))
        .collect();
    let mut left = wanted.len();
    let mut records = run.shard_lines::<Titled>("documents/").beginning_with_one_of(wanted);
    while left > 0
        && let Some(record) = records.next()
    {
        let Ok(record) = record else { continue };
        left -= 1;
        for cluster in clusters.iter_mut().filter(|cluster| cluster.id == record.id) {
            cluster.title = Some(record.title.clone().unwrap_or_else(|| beginning(&record.text)));
        }
    }
}

fn step<const STEPS: usize>(steps: &mut [u64; STEPS], ratio: f64) {
    let place = (ratio.clamp(0.0, 1.0) * (STEPS - 1) as f64) as usize;
    if let Some(count) = steps.get_mut(place) {
        *count += 1;
    }
}

/// The rows of `provenance.csv`, fields by the names of their columns.
struct Rows {
    reader: csv::Reader<fs_err::File>,
    /// Names of columns and their places. A million rows ask for four fields each.
    columns: BTreeMap<String, usize>,
    row: csv::StringRecord,
    /// The place of the row, from 0.
    ordinal: usize,
    read: usize,
}

impl Rows {
    fn open(root: &Path) -> io::Result<Self> {
        let mut reader =
            csv::ReaderBuilder::new().from_reader(fs_err::File::open(root.join("provenance.csv"))?);
        let headers = reader.headers().map_err(io::Error::other)?;
        let columns = headers.iter().enumerate().map(|(place, name)| (name.to_owned(), place)).collect();
        Ok(Self { reader, columns, row: csv::StringRecord::new(), ordinal: 0, read: 0 })
    }

    fn next(&mut self) -> io::Result<bool> {
        let more = self.reader.read_record(&mut self.row).map_err(io::Error::other)?;
        self.ordinal = self.read;
        self.read += usize::from(more);
        Ok(more)
    }

    /// The field of a column; the empty string where there is none.
    fn field(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|place| self.row.get(*place)).unwrap_or_default()
    }
}
