//! One pass over `provenance.csv`, and a second one for the names of the largest clusters.

use std::collections::BTreeMap;
use std::io::{self, BufReader};
use std::path::Path;

use super::{Samples, draw, titles};
use crate::Run;
use crate::shards::read_line;

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
    let [status, confidence, original, similarity] =
        ["status", "lang_confidence", "duplicate_of", "similarity"].map(|name| rows.column(name));
    let [id, stage, reason, raw_bytes] = ["id", "stage", "reason", "raw_bytes"].map(|name| rows.column(name));
    let (mut room, shown) = (FAILED_BYTES, samples.rows.len());
    // Eight bytes for each duplicate, not the ids of a million clusters.
    let mut originals: Vec<u64> = Vec::new();
    while rows.next()? {
        match rows.field(status) {
            "kept" => {
                if let Ok(confidence) = rows.field(confidence).parse() {
                    step(&mut samples.confidences, confidence);
                }
            }
            "dropped" => {
                let original = rows.field(original);
                if !original.is_empty() {
                    originals.push(draw(original.as_bytes()));
                    let similarity = rows.field(similarity).parse().unwrap_or(1.0);
                    step(&mut samples.duplicates.similarities, similarity);
                }
            }
            _ if rows.ordinal < shown => {}
            _ => {
                let failed = Failed {
                    id: rows.field(id).to_owned(),
                    stage: rows.field(stage).to_owned(),
                    reason: rows.field(reason).to_owned(),
                    raw_bytes: rows.field(raw_bytes).parse().unwrap_or_default(),
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
    let [id, status] = ["id", "status"].map(|name| rows.column(name));
    while found.len() < largest.len() && rows.next()? {
        if rows.field(status) != "kept" {
            continue;
        }
        let (id, ordinal) = (rows.field(id), rows.ordinal);
        let hash = draw(id.as_bytes());
        if let Some((size, _)) = largest.iter().find(|(_, original)| *original == hash) {
            let row = samples.rows.get(ordinal);
            let title = row.map(|row| row.title.clone().unwrap_or_else(|| row.beginning.clone()));
            found.push(Cluster { id: id.to_owned(), title, size: *size, ordinal });
        }
    }
    titles::read(&run.root, &run.shards("documents/"), samples.rows.len(), &mut found)?;
    found.sort_by_key(|cluster| (std::cmp::Reverse(cluster.size), cluster.ordinal));
    samples.duplicates.largest = found;
    Ok(())
}

fn step<const STEPS: usize>(steps: &mut [u64; STEPS], ratio: f64) {
    let place = (ratio.clamp(0.0, 1.0) * (STEPS - 1) as f64) as usize;
    if let Some(count) = steps.get_mut(place) {
        *count += 1;
    }
}

/// The rows of `provenance.csv`.
///
/// A row without a quote is cut at its commas, as far as it is looked at: of 25 fields one or two, in a third of the time that
/// the rules for quotes take. They are for the rows that have quotes, which `csv` reads.
pub(super) struct Rows {
    file: BufReader<fs_err::File>,
    columns: Vec<String>,
    /// The row as it is written.
    row: Vec<u8>,
    /// The row where it has quotes.
    quoted: Option<csv::StringRecord>,
    /// The place of the row, from 0.
    pub(super) ordinal: usize,
    read: usize,
}

/// A column of the file.
#[derive(Clone, Copy)]
pub(super) struct Column(usize);

impl Rows {
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let file = BufReader::with_capacity(1 << 16, fs_err::File::open(root.join("provenance.csv"))?);
        let (columns, row) = (Vec::new(), Vec::new());
        let mut rows = Self { file, columns, row, quoted: None, ordinal: 0, read: 0 };
        if rows.next()? {
            let names = 0..=memchr::memchr_iter(b',', &rows.row).count();
            rows.columns = names.map(|place| rows.field(Column(place)).to_owned()).collect();
        }
        rows.read = 0;
        Ok(rows)
    }

    /// The column of this name; one of empty strings where there is none.
    pub(super) fn column(&self, name: &str) -> Column {
        Column(self.columns.iter().position(|column| column == name).unwrap_or(usize::MAX))
    }

    pub(super) fn next(&mut self) -> io::Result<bool> {
        self.row.clear();
        self.quoted = None;
        let mut quotes = 0;
        loop {
            let from = self.row.len();
            if read_line(&mut self.file, &mut self.row)? == 0 && from == 0 {
                return Ok(false);
            }
            let line = self.row.get(from..).unwrap_or_default();
            quotes += memchr::memchr_iter(b'"', line).count();
            // A line ends within quotes, which come in pairs, or the row does.
            if quotes % 2 == 0 || line.is_empty() {
                break;
            }
        }
        if quotes == 0 {
            for end in [b'\n', b'\r'] {
                self.row.pop_if(|last| *last == end);
            }
        } else {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(self.row.as_slice());
            let mut record = csv::StringRecord::new();
            reader.read_record(&mut record).map_err(io::Error::other)?;
            self.quoted = Some(record);
        }
        self.ordinal = self.read;
        self.read += 1;
        Ok(true)
    }

    /// The row's field of a column.
    pub(super) fn field(&self, Column(place): Column) -> &str {
        if let Some(row) = &self.quoted {
            return row.get(place).unwrap_or_default();
        }
        let mut commas = memchr::memchr_iter(b',', &self.row);
        let start = match place.checked_sub(1) {
            None => 0,
            Some(before) => match commas.nth(before) {
                Some(comma) => comma + 1,
                None => return "",
            },
        };
        let end = commas.next().unwrap_or(self.row.len());
        self.row.get(start..end).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_are_cut_as_csv_cuts_them(rows in prop::collection::vec(("[a,\"\n\r é]{0,6}|[ab]{0,3}", "[ab]{0,3}", "[a,\"]{0,3}"), 0..8)) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("provenance.csv");
            let mut writer = csv::Writer::from_path(&path).unwrap();
            writer.write_record(["one", "two", "three"]).unwrap();
            for (one, two, three) in &rows {
                writer.write_record([one, two, three]).unwrap();
            }
            writer.flush().unwrap();
            let mut read = Rows::open(folder.path()).unwrap();
            let [one, two, three, four] = ["one", "two", "three", "four"].map(|name| read.column(name));
            for (ordinal, row) in rows.iter().enumerate() {
                prop_assert!(read.next().unwrap());
                let fields = (read.field(one), read.field(two), read.field(three));
                prop_assert_eq!((fields, read.field(four)), ((row.0.as_str(), row.1.as_str(), row.2.as_str()), ""));
                prop_assert_eq!(read.ordinal, ordinal);
            }
            prop_assert!(!read.next().unwrap());
        }
    }
}
