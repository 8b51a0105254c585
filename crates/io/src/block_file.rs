//! Blocks of bytes that workers write and read at any place of one file.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file that several workers append blocks to. Where a block lies depends on timing; what is read through its offset
/// does not.
#[derive(Debug)]
pub(crate) struct BlockFile {
    file: File,
    end: AtomicU64,
}

impl BlockFile {
    /// A temporary file without a name.
    pub(crate) fn create(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(directory)?, end: AtomicU64::new(0) })
    }

    /// The file at `path`, behind what it holds.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let options =
            fs_err::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let end = AtomicU64::new(options.metadata()?.len());
        Ok(Self { file: options.into_parts().0, end })
    }

    /// Writes a block and returns its offset.
    pub(crate) fn append(&self, block: &[u8]) -> io::Result<u64> {
        self.append_parts(&[block])
    }

    /// Writes a block that lies in several parts of memory, and returns its offset.
    pub(crate) fn append_parts(&self, parts: &[&[u8]]) -> io::Result<u64> {
        let len: u64 = parts.iter().map(|part| part.len() as u64).sum();
        let offset = self.end.fetch_add(len, Ordering::Relaxed);
        let mut at = offset;
        for part in parts {
            write_at(&self.file, part, at)?;
            at += part.len() as u64;
        }
        Ok(offset)
    }

    /// Writes over what was written at `offset`.
    #[cfg(test)]
    pub(crate) fn write(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        write_at(&self.file, bytes, offset)
    }

    /// The bytes written, or begun to be.
    pub(crate) fn len(&self) -> u64 {
        self.end.load(Ordering::Relaxed)
    }

    /// Reads a block into `into`, over what it holds.
    pub(crate) fn read(&self, offset: u64, len: usize, into: &mut Vec<u8>) -> io::Result<()> {
        // Not cleared before: what it holds is read over, and megabytes would be filled with zeros for nothing.
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
