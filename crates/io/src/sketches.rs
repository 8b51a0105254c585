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
fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<()> {
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
fn read_at(file: &File, mut into: &mut [u8], mut offset: u64) -> io::Result<()> {
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

impl SketchWriter {
    /// Sketches in a temporary file of `directory`.
    pub fn create(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: BlockFile::create(directory)? })
    }

    /// Writes the sketches of one unit, one after the other in `block` with the given lengths, and returns where each
    /// one stands.
    pub fn unit(&self, block: &[u8], lengths: &[u32]) -> io::Result<Vec<(u64, u32)>> {
        let mut offset = self.file.append(block)?;
        let mut places = Vec::with_capacity(lengths.len());
        for len in lengths {
            places.push((offset, *len));
            offset += u64::from(*len);
        }
        Ok(places)
    }

    /// All sketches, given their places in input order.
    pub fn finish(self, places: Vec<(u64, u32)>) -> FileSketches {
        FileSketches { file: self.file, places }
    }
}

/// Sketches in a temporary file; 16 bytes of memory for each.
#[derive(Debug)]
pub struct FileSketches {
    file: BlockFile,
    places: Vec<(u64, u32)>,
}

impl Sketches for FileSketches {
    fn len(&self) -> usize {
        self.places.len()
    }

    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError> {
        let told = |detail: String| StageError::from(StageErrorKind::Sketch { ordinal, detail });
        let (offset, len) =
            *self.places.get(ordinal).ok_or_else(|| told("there is no such document".into()))?;
        let mut sketch = Vec::new();
        self.file.read(offset, len as usize, &mut sketch).map_err(|error| told(error.to_string()))?;
        Ok(Cow::Owned(sketch))
    }
}
