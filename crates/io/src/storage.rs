//! Temporary files for decisions over a corpus that need more than memory.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use tamis_core::{BlockPlace, Blocks, StageError, StageErrorKind, Storage};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::block_file::BlockFile;

/// What each block begins with, before the plan's hash (8 bytes), the length (4) and the checksum (8).
const MAGIC: [u8; 4] = *b"TWB1";
const HEADER: usize = 24;

/// Temporary files without names in the work directory of a run.
///
/// Each block carries a magic number, a hash of the run's plan, its length and an XXH3 checksum: a disk that gives
/// back something else than was written, or the file of another run, is an error and not a decision.
#[derive(Clone, Debug)]
pub struct WorkStorage {
    directory: PathBuf,
    plan: u64,
}

impl WorkStorage {
    /// Storage in `directory` for the run with this plan hash.
    pub fn new(directory: &Path, plan_hash: &str) -> Self {
        Self { directory: directory.to_owned(), plan: xxh3_64(plan_hash.as_bytes()) }
    }
}

impl Storage for WorkStorage {
    fn create(&self) -> Result<Box<dyn Blocks>, StageError> {
        let told = |error: io::Error| failed(format!("no file in `{}`: {error}", self.directory.display()));
        let file = BlockFile::create(&self.directory).map_err(told)?;
        Ok(Box::new(WorkBlocks { file, plan: self.plan }))
    }
}

/// Blocks in one temporary file.
struct WorkBlocks {
    file: BlockFile,
    plan: u64,
}

impl WorkBlocks {
    fn header(&self, block: &[u8]) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        let (magic, rest) = header.split_at_mut(4);
        magic.copy_from_slice(&MAGIC);
        let (plan, rest) = rest.split_at_mut(8);
        plan.copy_from_slice(&self.plan.to_le_bytes());
        let (len, checksum) = rest.split_at_mut(4);
        len.copy_from_slice(&(block.len() as u32).to_le_bytes());
        checksum.copy_from_slice(&xxh3_64_with_seed(block, self.plan).to_le_bytes());
        header
    }
}

impl Blocks for WorkBlocks {
    fn append(&self, block: &[u8]) -> Result<BlockPlace, StageError> {
        let len = u32::try_from(block.len())
            .ok()
            .filter(|len| u32::MAX - *len >= HEADER as u32)
            .ok_or_else(|| failed("a block of more than 4 GiB".into()))?;
        let mut whole = Vec::with_capacity(HEADER + block.len());
        whole.extend_from_slice(&self.header(block));
        whole.extend_from_slice(block);
        let offset = self.file.append(&whole).map_err(|error| failed(error.to_string()))?;
        Ok(BlockPlace { offset, len })
    }

    fn read(&self, place: BlockPlace, into: &mut Vec<u8>) -> Result<(), StageError> {
        let told = |what: &str| failed(format!("block at {}: {what}", place.offset));
        let whole = HEADER + place.len as usize;
        self.file.read(place.offset, whole, into).map_err(|error| told(&error.to_string()))?;
        let (header, block) = into.split_at_checked(HEADER).ok_or_else(|| told("cut off"))?;
        if self.header(block) != header {
            return Err(told("it is not what was written"));
        }
        into.drain(..HEADER);
        Ok(())
    }
}

impl fmt::Debug for WorkBlocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkBlocks").field("file", &self.file).finish_non_exhaustive()
    }
}

fn failed(what: String) -> StageError {
    StageErrorKind::Storage(what).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_as_they_were_written() {
        let directory = tempfile::tempdir().unwrap();
        let blocks = WorkStorage::new(directory.path(), "plan").create().unwrap();
        let long = vec![3; 70_000];
        let written = [&b"one"[..], b"", &long];
        let places = written.map(|block| blocks.append(block).unwrap());
        let mut into = vec![9];
        for (place, block) in places.into_iter().zip(written).rev() {
            blocks.read(place, &mut into).unwrap();
            assert_eq!(into, block);
        }
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "files without names");
    }

    #[test]
    fn what_is_not_what_was_written_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let file = BlockFile::create(directory.path()).unwrap();
        let (mine, other) = (WorkBlocks { file, plan: 1 }, WorkStorage::new(directory.path(), "other"));
        let place = mine.append(b"a block of bytes").unwrap();
        let told = |blocks: &WorkBlocks, place| blocks.read(place, &mut Vec::new()).unwrap_err().to_string();
        assert!(told(&mine, BlockPlace { len: 15, ..place }).contains("not what was written"));
        assert!(told(&mine, BlockPlace { len: 17, ..place }).contains("block at 0"));
        assert!(told(&mine, BlockPlace { offset: 1, len: 15 }).contains("block at 1"));
        let WorkBlocks { file, .. } = mine;
        let of_another_plan = WorkBlocks { file, plan: other.plan };
        assert!(told(&of_another_plan, place).contains("not what was written"));
        file_flip(&of_another_plan.file, place.offset + HEADER as u64 + 3);
        let mine = WorkBlocks { plan: 1, ..of_another_plan };
        assert!(told(&mine, place).contains("not what was written"));
    }

    fn file_flip(file: &BlockFile, offset: u64) {
        let mut byte = Vec::new();
        file.read(offset, 1, &mut byte).unwrap();
        file.write(&[byte[0] ^ 1], offset).unwrap();
    }
}
