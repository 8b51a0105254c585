//! What a decision over a corpus may use besides the sketches: memory up to a budget, and temporary storage.
//!
//! Stages do no I/O. A stage whose working data outgrow its budget hands blocks of bytes to [`Storage`] and asks for
//! them back; that they lie in files is its implementation's business.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use crate::{EarlierRun, StageError, StageErrorKind};

/// What a decision may use.
#[derive(Clone, Copy)]
pub struct Resources<'a> {
    /// Bytes of memory for buffers and tables. A few bytes per document, which a stage states, come on top; so does
    /// what the caller holds itself.
    pub memory: u64,
    /// Where blocks of bytes go that memory has no room for.
    pub storage: &'a dyn Storage,
    /// The earlier runs that the stage asked for.
    pub earlier: &'a [&'a dyn EarlierRun],
}

impl Resources<'static> {
    /// As much memory as there is, and storage in it: for corpora that are small, as in tests.
    pub fn unbounded() -> Self {
        Self { memory: u64::MAX, storage: &MemoryStorage, earlier: &[] }
    }
}

impl fmt::Debug for Resources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resources").field("memory", &self.memory).finish_non_exhaustive()
    }
}

/// Makes stores of blocks.
pub trait Storage: Sync {
    /// A new store, empty. What it holds is gone when it is dropped.
    fn create(&self) -> Result<Box<dyn Blocks>, StageError>;
}

/// Blocks of bytes that several threads write and read.
pub trait Blocks: Send + Sync {
    /// Writes a block and tells its place. A block has at most 2^32 - 1 bytes.
    fn append(&self, block: &[u8]) -> Result<BlockPlace, StageError>;

    /// Reads the block at `place` into `into`, over what it holds. Fails where it is not what was written.
    fn read(&self, place: BlockPlace, into: &mut Vec<u8>) -> Result<(), StageError>;
}

/// Where a block lies in its store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockPlace {
    /// The place of its first byte.
    pub offset: u64,
    /// Its length in bytes.
    pub len: u32,
}

/// Storage in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryStorage;

impl Storage for MemoryStorage {
    fn create(&self) -> Result<Box<dyn Blocks>, StageError> {
        Ok(Box::new(MemoryBlocks::default()))
    }
}

/// Blocks in memory; a block's offset is its number.
#[derive(Debug, Default)]
struct MemoryBlocks(RwLock<Vec<Box<[u8]>>>);

impl Blocks for MemoryBlocks {
    fn append(&self, block: &[u8]) -> Result<BlockPlace, StageError> {
        let len = u32::try_from(block.len())
            .map_err(|_| StageErrorKind::Storage("a block of more than 4 GiB".into()))?;
        let mut blocks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        blocks.push(block.into());
        Ok(BlockPlace { offset: blocks.len() as u64 - 1, len })
    }

    fn read(&self, place: BlockPlace, into: &mut Vec<u8>) -> Result<(), StageError> {
        let blocks = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let block = usize::try_from(place.offset).ok().and_then(|number| blocks.get(number));
        let block = block.filter(|block| block.len() == place.len as usize);
        let block = block.ok_or_else(|| StageErrorKind::Storage("there is no such block".into()))?;
        into.clear();
        into.extend_from_slice(block);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_as_they_were_written() {
        let blocks = MemoryStorage.create().unwrap();
        let places = [&b"one"[..], b"", b"three"].map(|block| blocks.append(block).unwrap());
        let mut into = vec![7];
        for (place, block) in places.into_iter().zip([&b"one"[..], b"", b"three"]) {
            blocks.read(place, &mut into).unwrap();
            assert_eq!(into, block);
        }
        assert!(blocks.read(BlockPlace { offset: 3, len: 0 }, &mut into).is_err());
        assert!(blocks.read(BlockPlace { offset: 0, len: 2 }, &mut into).is_err());
    }
}
