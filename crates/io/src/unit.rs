//! Cut the input into units of work and shards of output.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use crate::{Compression, Discovered, FileKind, InputFile, Unreadable};

/// A unit of work: what one worker claims, works through and hands in.
///
/// Units depend on the input alone, never on the number of workers, and so do the shards they belong to: the output
/// is the same for any number of workers because the cut is.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The unit's work.
    pub work: UnitWork,
    /// The output shard it belongs to; shards are runs of consecutive units.
    pub shard: usize,
    /// Bytes on disk, for progress.
    pub bytes: u64,
}

/// What a unit is made of.
#[derive(Clone, Debug)]
pub enum UnitWork {
    /// Whole files, one document each.
    Files(Vec<InputFile>),
    /// The lines of a JSONL file that start in a range of its bytes; `first_line` counts from 1.
    Lines {
        /// The file.
        file: InputFile,
        /// Lines that start here belong to the unit.
        range: Range<u64>,
        /// The number of the first line that starts in or after the range's start.
        first_line: u64,
    },
    /// All lines of a compressed JSONL file, which can only be read from its start.
    Stream(InputFile),
    /// Things that could be listed but not read.
    Unreadable(Vec<Unreadable>),
}

/// A unit ends at so many documents or bytes, whichever comes first: small enough that two workers share a corpus of
/// a hundred pages, large enough that claiming one costs nothing.
const UNIT_DOCUMENTS: usize = 64;
const UNIT_BYTES: u64 = 1 << 20;
/// A shard ends at so many documents or bytes of input.
const SHARD_DOCUMENTS: usize = 1024;
const SHARD_BYTES: u64 = 8 << 20;
/// Plain JSONL is cut into ranges of this size, one shard each.
const RANGE_BYTES: u64 = 8 << 20;

/// Cuts the input into units.
pub fn units(found: &Discovered) -> std::io::Result<Vec<Unit>> {
    let mut cut = Cut::default();
    for file in &found.files {
        match file.kind {
            FileKind::Document(_) => cut.document(file),
            FileKind::Jsonl if file.compression == Compression::None => {
                cut.close_shard();
                cut.ranges(file)?;
            }
            FileKind::Jsonl => {
                cut.close_shard();
                cut.push(UnitWork::Stream(file.clone()), file.size);
                cut.close_shard();
            }
        }
    }
    if !found.unreadable.is_empty() {
        cut.close_shard();
        cut.push(UnitWork::Unreadable(found.unreadable.clone()), 0);
    }
    cut.close_unit();
    Ok(cut.units)
}

#[derive(Default)]
struct Cut {
    units: Vec<Unit>,
    files: Vec<InputFile>,
    bytes: u64,
    shard: usize,
    shard_documents: usize,
    shard_bytes: u64,
}

impl Cut {
    fn document(&mut self, file: &InputFile) {
        let full = self.shard_documents >= SHARD_DOCUMENTS || self.shard_bytes + file.size > SHARD_BYTES;
        if full && self.shard_documents > 0 {
            self.close_shard();
        }
        if self.files.len() >= UNIT_DOCUMENTS || self.bytes + file.size > UNIT_BYTES {
            self.close_unit();
        }
        self.files.push(file.clone());
        self.bytes += file.size;
        self.shard_documents += 1;
        self.shard_bytes += file.size;
    }

    fn close_unit(&mut self) {
        if !self.files.is_empty() {
            let (files, bytes) = (std::mem::take(&mut self.files), std::mem::take(&mut self.bytes));
            self.push(UnitWork::Files(files), bytes);
        }
    }

    fn close_shard(&mut self) {
        self.close_unit();
        if self.units.last().is_some_and(|unit| unit.shard == self.shard) {
            self.shard += 1;
        }
        (self.shard_documents, self.shard_bytes) = (0, 0);
    }

    fn push(&mut self, work: UnitWork, bytes: u64) {
        self.units.push(Unit { work, shard: self.shard, bytes });
    }

    /// Line numbers are part of every ledger line, so a file of several ranges is read once for its newlines
    /// (9 GB/s) rather than renumbering all ledgers afterwards.
    fn ranges(&mut self, file: &InputFile) -> std::io::Result<()> {
        let mut reader = (file.size > RANGE_BYTES).then(|| fs_err::File::open(&file.path)).transpose()?;
        let (mut start, mut line) = (0, 1);
        while start < file.size || (start == 0 && file.size == 0) {
            let end = (start + RANGE_BYTES).min(file.size);
            // The first line of a later range is the one after the first newline at or after its start, minus one
            // byte: a line that starts exactly at the range's start belongs to it.
            self.push(
                UnitWork::Lines { file: file.clone(), range: start..end, first_line: line },
                end - start,
            );
            self.close_shard();
            if end == file.size {
                break;
            }
            if let Some(reader) = &mut reader {
                line += newlines(reader, start, end)?;
            }
            start = end;
        }
        Ok(())
    }
}

/// The lines that start in `start + 1..=end`: newlines in `start..end`.
fn newlines(file: &mut fs_err::File, start: u64, end: u64) -> std::io::Result<u64> {
    file.seek(SeekFrom::Start(start))?;
    let mut buffer = vec![0; 1 << 18];
    let (mut left, mut count) = (end - start, 0);
    while left > 0 {
        let want = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = file.read(buffer.get_mut(..want).unwrap_or_default())?;
        if read == 0 {
            break;
        }
        count += memchr::memchr_iter(b'\n', buffer.get(..read).unwrap_or_default()).count() as u64;
        left -= read as u64;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_core::Format;

    fn file(name: &str, size: u64, kind: FileKind) -> InputFile {
        InputFile {
            path: name.into(),
            source: name.into(),
            kind,
            compression: Compression::of(name.as_ref()),
            size,
            modified: None,
        }
    }

    #[test]
    fn small_files_are_packed_and_shards_are_runs_of_units() {
        let files = (0..3000).map(|i| file(&format!("{i:04}.txt"), 3_000, FileKind::Document(Format::Text)));
        let found = Discovered { files: files.collect(), ..Discovered::default() };
        let units = units(&found).unwrap();
        let documents = |unit: &Unit| match &unit.work {
            UnitWork::Files(files) => files.len(),
            _ => 0,
        };
        assert_eq!(units.iter().map(documents).sum::<usize>(), 3000);
        assert!(units.iter().all(|unit| documents(unit) <= UNIT_DOCUMENTS));
        assert!(units.windows(2).all(|pair| pair[1].shard - pair[0].shard <= 1));
        assert_eq!(units.last().unwrap().shard, 2);
    }

    #[test]
    fn a_large_file_is_a_unit_of_its_own() {
        let sizes = [10, 50 << 20, 10];
        let files = sizes.iter().enumerate();
        let files = files
            .map(|(i, size)| file(&format!("{i}.txt"), *size, FileKind::Document(Format::Text)))
            .collect();
        let units = units(&Discovered { files, ..Discovered::default() }).unwrap();
        assert_eq!(units.len(), 3);
    }

    #[test]
    fn nothing_to_read_makes_no_unit() {
        assert!(units(&Discovered::default()).unwrap().is_empty());
    }
}
