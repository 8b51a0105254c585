//! Cut the input into units of work and shards of output.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use crate::{Compression, Discovered, FileKind, InputFile};

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

/// What a unit is made of. Files are told by their place in [`Discovered::files`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitWork {
    /// Whole files, one document each.
    Files(Range<usize>),
    /// The lines of a JSONL file that start in a range of its bytes; `first_line` counts from 1.
    Lines {
        /// The file.
        file: usize,
        /// Lines that start here belong to the unit.
        range: Range<u64>,
        /// The number of the first line that starts in or after the range's start.
        first_line: u64,
    },
    /// All lines of a compressed JSONL file, which can only be read from its start; [`crate::StreamReader`] cuts them
    /// into parts as they come.
    Stream(usize),
    /// All things that could be listed but not read.
    Unreadable,
}

/// A unit ends at so many documents or bytes, whichever comes first: small enough that two workers share a corpus of
/// a hundred pages, large enough that claiming one costs nothing.
const UNIT_DOCUMENTS: usize = 64;
const UNIT_BYTES: u64 = 1 << 20;
/// A shard ends at so many documents at the latest.
const SHARD_DOCUMENTS: usize = 4096;
/// Plain JSONL is cut into ranges of this size, or of a shard where that is smaller.
const RANGE_BYTES: u64 = 1 << 20;
/// From an eighth of its size on, a shard ends before a file whose name's hash is a multiple of this. So a file that
/// comes or goes changes the shard it falls into and leaves most of those behind it as they were.
const CUT_AT: u64 = 256;

/// How the input is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutting {
    /// Bytes of input, decompressed where a file is a stream of lines, at which a shard of the output ends.
    pub shard_bytes: u64,
}

impl Default for Cutting {
    /// 8 MiB.
    fn default() -> Self {
        Self { shard_bytes: 8 << 20 }
    }
}

/// Cuts the input into units.
pub fn units(found: &Discovered, cutting: Cutting) -> std::io::Result<Vec<Unit>> {
    let mut cut = Cut { shard_limit: cutting.shard_bytes.max(1), ..Cut::default() };
    for (place, file) in found.files.iter().enumerate() {
        match file.kind {
            FileKind::Document(_) => cut.document(place, file),
            FileKind::Jsonl if file.compression == Compression::None => {
                cut.close_shard();
                cut.ranges(place, file)?;
            }
            FileKind::Jsonl => {
                cut.close_shard();
                cut.push(UnitWork::Stream(place), file.size);
                cut.close_shard();
            }
        }
    }
    if !found.unreadable.is_empty() {
        cut.close_shard();
        cut.push(UnitWork::Unreadable, 0);
    }
    cut.close_unit();
    Ok(cut.units)
}

#[derive(Default)]
struct Cut {
    units: Vec<Unit>,
    /// The files of the unit that is being filled.
    files: Range<usize>,
    bytes: u64,
    shard: usize,
    shard_documents: usize,
    shard_bytes: u64,
    shard_limit: u64,
}

impl Cut {
    fn document(&mut self, place: usize, file: &InputFile) {
        let full = self.shard_documents >= SHARD_DOCUMENTS || self.shard_bytes + file.size > self.shard_limit;
        let may_end = self.shard_bytes >= self.shard_limit / 8 || self.shard_documents >= SHARD_DOCUMENTS / 8;
        let named = may_end && xxh3_64(file.source.as_bytes()).is_multiple_of(CUT_AT);
        if (full || named) && self.shard_documents > 0 {
            self.close_shard();
        }
        if self.files.len() >= UNIT_DOCUMENTS || self.bytes + file.size > UNIT_BYTES {
            self.close_unit();
        }
        if self.files.is_empty() {
            self.files = place..place;
        }
        self.files.end = place + 1;
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
    fn ranges(&mut self, place: usize, file: &InputFile) -> std::io::Result<()> {
        let several = file.size > self.shard_limit.min(RANGE_BYTES);
        let mut reader = several.then(|| fs_err::File::open(file.path())).transpose()?;
        let (mut start, mut line) = (0, 1);
        while start < file.size || (start == 0 && file.size == 0) {
            let end = (start + RANGE_BYTES.min(self.shard_limit)).min(file.size);
            if self.shard_bytes > 0 && self.shard_bytes + (end - start) > self.shard_limit {
                self.close_shard();
            }
            // The first line of a later range is the one after the first newline at or after its start, minus one
            // byte: a line that starts exactly at the range's start belongs to it.
            self.push(UnitWork::Lines { file: place, range: start..end, first_line: line }, end - start);
            self.shard_bytes += end - start;
            if end == file.size {
                break;
            }
            if let Some(reader) = &mut reader {
                line += newlines(reader, start, end)?;
            }
            start = end;
        }
        self.close_shard();
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
    use std::path::Path;

    use tamis_core::Format;

    use super::*;

    fn found(files: impl IntoIterator<Item = (String, u64)>, kind: FileKind) -> Discovered {
        let files = files.into_iter().map(|(name, size)| InputFile::of(Path::new(&name), &name, kind, size));
        Discovered { files: files.collect(), ..Discovered::default() }
    }

    const TEXT: FileKind = FileKind::Document(Format::Text);

    fn documents(unit: &Unit) -> usize {
        match &unit.work {
            UnitWork::Files(files) => files.len(),
            _ => 0,
        }
    }

    /// The files of each shard.
    fn shards(found: &Discovered) -> Vec<Vec<&str>> {
        let mut shards: Vec<Vec<&str>> = Vec::new();
        for unit in units(found, Cutting { shard_bytes: 1 << 20 }).unwrap() {
            shards.resize_with(unit.shard + 1, Vec::new);
            if let UnitWork::Files(files) = unit.work {
                shards[unit.shard].extend(found.files[files].iter().map(|file| &*file.source));
            }
        }
        shards
    }

    #[test]
    fn small_files_are_packed_and_shards_are_runs_of_units() {
        let found = found((0..3000).map(|i| (format!("{i:04}.txt"), 3_000)), TEXT);
        let units = units(&found, Cutting::default()).unwrap();
        assert_eq!(units.iter().map(documents).sum::<usize>(), 3000);
        assert!(units.iter().all(|unit| documents(unit) <= UNIT_DOCUMENTS));
        assert!(units.windows(2).all(|pair| pair[1].shard - pair[0].shard <= 1));
        assert!((2..=8).contains(&units.last().unwrap().shard));
    }

    #[test]
    fn a_file_more_changes_few_shards() {
        let names = |extra: Option<&str>| {
            let mut names: Vec<_> = (0..5000).map(|i| (format!("{i:04}.txt"), 3_000)).collect();
            names.extend(extra.map(|name| (name.to_owned(), 3_000)));
            names.sort();
            names
        };
        let (before, after) = (found(names(None), TEXT), found(names(Some("0001a.txt")), TEXT));
        let (before, after) = (shards(&before), shards(&after));
        let same = after.iter().filter(|shard| before.contains(shard)).count();
        assert!(after.len() >= 15, "{} shards", after.len());
        assert!(after.len() - same <= after.len() / 2, "{same} of {} shards are the same", after.len());
    }

    #[test]
    fn a_large_file_is_a_unit_of_its_own() {
        let sizes = [10, 50 << 20, 10];
        let found = found(sizes.iter().enumerate().map(|(i, size)| (format!("{i}.txt"), *size)), TEXT);
        assert_eq!(units(&found, Cutting::default()).unwrap().len(), 3);
    }

    #[test]
    fn a_shard_holds_what_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs_err::write(&path, "{}\n".repeat(2_000_000)).unwrap();
        let file = InputFile::of(&path, "a.jsonl", FileKind::Jsonl, 6_000_000);
        let found = Discovered { files: vec![file], ..Discovered::default() };
        let cut = |shard_bytes| units(&found, Cutting { shard_bytes }).unwrap();
        let (one, several, many) = (cut(8 << 20), cut(2 << 20), cut(100_000));
        assert_eq!((one.len(), one.last().unwrap().shard), (6, 0));
        assert_eq!((several.len(), several.last().unwrap().shard), (6, 2));
        assert_eq!((many.len(), many.last().unwrap().shard), (60, 59));
        let UnitWork::Lines { first_line, range, .. } = &several[3].work else { panic!() };
        assert_eq!(*first_line, range.start.div_ceil(3) + 1);
    }

    #[test]
    fn nothing_to_read_makes_no_unit() {
        assert!(units(&Discovered::default(), Cutting::default()).unwrap().is_empty());
    }
}
