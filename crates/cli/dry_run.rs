//! `tamis run --dry-run`: what would be read and done, and with a number, what it would yield.

use std::collections::{BTreeMap, BinaryHeap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tamis_io::{Discovered, FileKind, InputFile, Line, Lines, Status, sha256, units};
use tamis_pipeline::Pipeline;

use crate::arguments::RunArguments;
use crate::exit::{Error, Exit};
use crate::prediction::{Drawn, Prediction};
use crate::sizes::{bytes, count};
use crate::terminal::print;
use crate::{check, trial};

/// Lists what would be read and done.
pub(crate) fn list(pipeline: &Pipeline, found: &Discovered) -> Result<Exit, Error> {
    let units = units(found, pipeline.output.cutting)?;
    let shards = units.last().map_or(0, |unit| unit.shard + 1);
    let total: u64 = found.files.iter().map(|file| file.size).sum();
    let mut out = check::plan(pipeline);
    let _ = write!(
        out,
        "\n{} files, {}; {} units, {shards} shards\n",
        count(found.files.len() as u64),
        bytes(total),
        count(units.len() as u64)
    );
    if found.files_passed_over > 0 {
        let _ = writeln!(out, "{} files are passed over", count(found.files_passed_over));
    }
    for unreadable in &found.unreadable {
        let _ = writeln!(out, "cannot be read: {} ({})", unreadable.source, unreadable.reason);
    }
    print(&out)?;
    Ok(Exit::Ok)
}

/// Runs a sample of `wanted` documents and predicts what the whole run will yield.
pub(crate) fn predict(
    pipeline: &Pipeline,
    found: &Discovered,
    inputs: &[PathBuf],
    arguments: &RunArguments,
    wanted: u64,
) -> Result<Exit, Error> {
    let folder = tempfile::tempdir()?;
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let chosen = choose(found, pipeline.limits.document_bytes, wanted, arguments.seed, folder.path())?;
    let trial = trial::run(pipeline, &arguments.pipeline, &chosen.found, inputs)?;
    let mut drawn = chosen.drawn;
    let broken = |error: &dyn std::fmt::Display| Error::Broken(error.to_string());
    // Records have the order of the ledger's kept lines.
    let mut records = trial.run.records();
    for line in trial.run.ledger() {
        let line = line.map_err(|error| broken(&error))?;
        if line.status != Status::Kept {
            continue;
        }
        let text =
            records.next().transpose().map_err(|error| broken(&error))?.map_or(0, |record| record.text.len());
        if let Some(drawn) = drawn.get_mut(&(line.file.to_string(), line.line)) {
            drawn.text += text as u64;
        }
    }
    let prediction = Prediction {
        pipeline,
        tally: &trial.summary.tally,
        drawn: drawn.into_values().collect(),
        documents: chosen.documents,
        bytes: chosen.bytes,
        unreadable: found.unreadable.len() as u64 + chosen.unreadable,
        seed: arguments.seed,
    };
    print(&prediction.to_string())?;
    Ok(Exit::Ok)
}

/// What was drawn, as an input of its own.
struct Chosen {
    found: Discovered,
    /// The drawn documents by file and line of that input.
    drawn: BTreeMap<(String, Option<u64>), Drawn>,
    /// How many there were to draw from.
    documents: u64,
    /// Their bytes: of files on disk, of records the line.
    bytes: u64,
    /// Records over the limit and files that cannot be opened: they will fail.
    unreadable: u64,
}

/// A document that could be drawn: its hash, the place of its file, and of a record its number and its line.
type Lot = (u64, usize, Option<(u64, Vec<u8>)>);

/// Draws the `wanted` documents whose hash with the seed is smallest. Files of records are read once for their lines, which
/// are not parsed; of other files only the names count.
fn choose(
    found: &Discovered,
    longest: usize,
    wanted: usize,
    seed: u64,
    folder: &Path,
) -> Result<Chosen, Error> {
    let mut chosen = Chosen {
        found: Discovered::default(),
        drawn: BTreeMap::new(),
        documents: 0,
        bytes: 0,
        unreadable: 0,
    };
    let mut lots: BinaryHeap<Lot> = BinaryHeap::new();
    let mut offer = |hash: u64, file: usize, record: Option<(u64, &[u8])>| {
        let full = lots.len() >= wanted;
        if full && lots.peek().is_some_and(|worst| worst.0 <= hash) {
            return;
        }
        lots.push((hash, file, record.map(|(number, line)| (number, line.to_vec()))));
        if full {
            lots.pop();
        }
    };
    for (place, file) in found.files.iter().enumerate() {
        if !matches!(file.kind, FileKind::Jsonl) {
            chosen.documents += 1;
            chosen.bytes += file.size;
            offer(hash(seed, &file.source, 0), place, None);
            continue;
        }
        let opened = fs_err::File::open(file.path().as_ref());
        let Ok(reader) = opened.and_then(|handle| file.compression.reader(handle)) else {
            chosen.unreadable += 1;
            continue;
        };
        let mut lines = Lines::new(reader, 0, longest);
        let mut number = 0;
        // What lies behind a break in a compressed file cannot be drawn.
        while let Ok(Some(line)) = lines.next_line() {
            number += 1;
            match line {
                Line::TooLong { .. } => chosen.unreadable += 1,
                Line::Bytes { bytes, .. } if bytes.trim_ascii().is_empty() => {}
                Line::Bytes { bytes, .. } => {
                    chosen.documents += 1;
                    chosen.bytes += bytes.len() as u64;
                    offer(hash(seed, &file.source, number), place, Some((number, bytes)));
                }
            }
        }
    }
    let mut lots = lots.into_vec();
    lots.sort_by_key(|(_, place, record)| (*place, record.as_ref().map(|record| record.0)));
    let mut lots = lots.into_iter().peekable();
    while let Some((_, place, record)) = lots.next() {
        let Some(file) = found.files.get(place) else { continue };
        let source = file.source.to_string();
        let Some((_, first)) = record else {
            chosen.drawn.insert((source, None), Drawn { input: file.size, text: 0 });
            chosen.found.files.push(file.clone());
            continue;
        };
        // The drawn lines of a file become a file of their own, under its name.
        let (mut content, mut line) = (Vec::new(), Some(first));
        let mut number = 0;
        while let Some(bytes) = line {
            number += 1;
            let drawn = Drawn { input: bytes.len() as u64, text: 0 };
            chosen.drawn.insert((source.clone(), Some(number)), drawn);
            content.extend_from_slice(&bytes);
            content.push(b'\n');
            let next = lots.next_if(|(_, next, _)| *next == place);
            line = next.and_then(|(_, _, record)| record).map(|(_, bytes)| bytes);
        }
        let path = folder.join(format!("{place}.jsonl"));
        fs_err::write(&path, &content)?;
        let size = content.len() as u64;
        chosen.found.files.push(InputFile::of(&path, &source, FileKind::Jsonl, size));
    }
    Ok(chosen)
}

/// Where a document stands among all, by chance and seed.
fn hash(seed: u64, source: &str, line: u64) -> u64 {
    let mut hex = String::new();
    sha256(format!("{seed}\n{line}\n{source}").as_bytes(), &mut hex);
    u64::from_str_radix(hex.get(..16).unwrap_or_default(), 16).unwrap_or(0)
}
