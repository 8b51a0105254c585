//! Blocks of bytes that workers write and read at any place of one temporary file, and sketches in such a file.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use tamis_core::{Sketches, StageError, StageErrorKind};

/// A temporary file without a name that several workers append blocks to. Its place on disk depends on timing; what
/// is read through a block's offset does not.
#[derive(Debug)]
pub(crate) struct BlockFile {
    file: File,
    end: AtomicU64,
}

impl BlockFile {
    pub(crate) fn create(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(directory)?, end: AtomicU64::new(0) })
    }

    /// Writes a block and returns its offset.
    pub(crate) fn append(&self, block: &[u8]) -> io::Result<u64> {
        let offset = self.end.fetch_add(block.len() as u64, Ordering::Relaxed);
        write_at(&self.file, block, offset)?;
        Ok(offset)
    }

    /// Writes over what was written at `offset`.
    #[cfg(test)]
    pub(crate) fn write(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        write_at(&self.file, bytes, offset)
    }

    /// Reads a block into `into`, over what it holds.
    pub(crate) fn read(&self, offset: u64, len: usize, into: &mut Vec<u8>) -> io::Result<()> {
        into.clear();
        into.resize(len, 0);
        read_at(&self.file, into, offset)
    }
}

#[cfg(unix)]
fn write_at(file: &File, block: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, block, offset)
}

#[cfg(unix)]
pub(crate) fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, offset)
}

#[cfg(windows)]
fn write_at(file: &File, mut block: &[u8], mut offset: u64) -> io::Result<()> {
    while !block.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, block, offset)?;
        block = block.get(written..).unwrap_or_default();
        offset += written as u64;
    }
    Ok(())
}

#[cfg(windows)]
pub(crate) fn read_at(file: &File, mut into: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !into.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, into, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        into = into.get_mut(read..).unwrap_or_default();
        offset += read as u64;
    }
    Ok(())
}

/// Takes the sketches of units as workers finish them, in any order.
#[derive(Debug)]
pub struct SketchWriter {
    file: BlockFile,
}

/// Where the sketches of one unit stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SketchBlock {
    /// Where each sketch ends (eight bytes, counted from the first one), then the sketches.
    offset: u64,
    /// How many there are.
    pub sketches: usize,
}

/// Bytes of one end in a block.
const END: usize = 8;

impl SketchWriter {
    /// Sketches in a temporary file of `directory`.
    pub fn create(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: BlockFile::create(directory)? })
    }

    /// Writes the sketches of one unit, one after the other in `block` with the given lengths, and returns where they
    /// stand.
    pub fn unit(&self, block: &[u8], lengths: &[u32]) -> io::Result<SketchBlock> {
        let mut whole = Vec::with_capacity(END * lengths.len() + block.len());
        let mut end = 0;
        for len in lengths {
            end += u64::from(*len);
            whole.extend_from_slice(&end.to_le_bytes());
        }
        whole.extend_from_slice(block);
        Ok(SketchBlock { offset: self.file.append(&whole)?, sketches: lengths.len() })
    }

    /// All sketches, given the blocks of all units in input order.
    pub fn finish(self, blocks: impl IntoIterator<Item = SketchBlock>) -> FileSketches {
        let mut sketches = 0;
        let units = blocks.into_iter().filter(|block| block.sketches > 0).map(|block| {
            let first = sketches;
            sketches += block.sketches;
            (first, block.offset)
        });
        let units = units.collect();
        FileSketches { file: self.file, units, sketches }
    }
}

/// Sketches in a temporary file. What is in memory is 16 bytes for each unit; where in its unit a sketch stands is read
/// from the file, in half a microsecond.
#[derive(Debug)]
pub struct FileSketches {
    file: BlockFile,
    /// The first ordinal of each unit, and where its block begins.
    units: Vec<(usize, u64)>,
    sketches: usize,
}

impl FileSketches {
    fn read(&self, ordinal: usize) -> io::Result<Vec<u8>> {
        let unit = self.units.partition_point(|(first, _)| *first <= ordinal);
        let place = unit.checked_sub(1).and_then(|unit| self.units.get(unit));
        let (first, offset) = *place.ok_or(io::ErrorKind::NotFound)?;
        let next = self.units.get(unit).map_or(self.sketches, |(next, _)| *next);
        let (number, count) = (ordinal - first, next - first);
        let mut bytes = Vec::new();
        // The end of the sketch before, and its own.
        let before = number.saturating_sub(1);
        self.file.read(offset + (END * before) as u64, END * (number - before + 1), &mut bytes)?;
        let mut ends = bytes.as_chunks::<END>().0.iter().map(|end| u64::from_le_bytes(*end));
        let start = if number == 0 { 0 } else { ends.next().unwrap_or_default() };
        let len = ends.next().and_then(|end| usize::try_from(end.checked_sub(start)?).ok());
        let len = len.ok_or(io::ErrorKind::InvalidData)?;
        self.file.read(offset + (END * count) as u64 + start, len, &mut bytes)?;
        Ok(bytes)
    }
}

impl Sketches for FileSketches {
    fn len(&self) -> usize {
        self.sketches
    }

    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError> {
        let told = |detail: String| StageError::from(StageErrorKind::Sketch { ordinal, detail });
        if ordinal >= self.sketches {
            return Err(told("there is no such document".into()));
        }
        self.read(ordinal).map(Cow::Owned).map_err(|error| told(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sketches_are_found_by_their_ordinals() {
        let directory = tempfile::tempdir().unwrap();
        let writer = SketchWriter::create(directory.path()).unwrap();
        let last = writer.unit(b"fourfifth", &[4, 5]).unwrap();
        let first = writer.unit(b"onethree", &[3, 0, 5]).unwrap();
        let none = writer.unit(b"", &[]).unwrap();
        let sketches = writer.finish([first, none, last]);
        let all: Vec<Vec<u8>> = (0..5).map(|ordinal| sketches.get(ordinal).unwrap().into_owned()).collect();
        assert_eq!(all, [&b"one"[..], b"", b"three", b"four", b"fifth"]);
        assert_eq!(sketches.len(), 5);
        assert!(sketches.get(5).is_err());
        let empty = SketchWriter::create(directory.path()).unwrap().finish([]);
        assert!(empty.is_empty() && empty.get(0).is_err());
    }
}
