//! A unit's output: compressed frames in memory, on disk beyond a few megabytes.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::Mutex;

use tamis_io::{AtomicFile, Compression, FrameWriter};

use crate::assemble::locked;

/// A unit holds at most this much output in memory, so that one large compressed input cannot fill it.
const IN_MEMORY: usize = 8 << 20;

/// Frames on their way to a shard.
#[derive(Debug)]
pub(crate) struct Frames {
    writer: FrameWriter,
    spilled: Option<File>,
}

/// Memory of parts that are written, for those that come next: of documents, ledger and rows, each for its own kind. There
/// is never more of it than there were parts at one time. Without, a document of 8 kB costs 2 µs more: the system clears
/// what it hands out.
#[derive(Debug, Default)]
pub(crate) struct SpareMemory(Mutex<Vec<[Vec<u8>; 3]>>);

impl SpareMemory {
    pub(crate) fn take(&self) -> [Vec<u8>; 3] {
        locked(&self.0).pop().unwrap_or_default()
    }

    pub(crate) fn put(&self, memory: [Vec<u8>; 3]) {
        locked(&self.0).push(memory);
    }
}

impl Frames {
    /// Frames by a worker's `writer`, into `memory` that others had.
    pub(crate) fn new(mut writer: FrameWriter, compression: Compression, memory: Vec<u8>) -> Self {
        writer.start(compression, memory);
        Self { writer, spilled: None }
    }

    /// The buffer that the next line is appended to.
    pub(crate) fn line(&mut self) -> &mut Vec<u8> {
        self.writer.line()
    }

    /// Ends a line; spills closed frames to a temporary file of `directory` when there are many.
    pub(crate) fn end_line(&mut self, directory: &Path) -> io::Result<()> {
        self.writer.end_line()?;
        if self.writer.finished_len() < IN_MEMORY {
            return Ok(());
        }
        if self.spilled.is_none() {
            self.spilled = Some(tempfile::tempfile_in(directory)?);
        }
        let frames = self.writer.take_finished();
        self.spilled.as_mut().map_or(Ok(()), |file| file.write_all(&frames))
    }

    /// Closes the last frame, and hands back the writer.
    pub(crate) fn finish(mut self) -> io::Result<(Finished, FrameWriter)> {
        let frames = self.writer.finish()?;
        Ok((Finished { spilled: self.spilled, frames }, self.writer))
    }
}

/// Frames that are closed.
#[derive(Debug)]
pub(crate) struct Finished {
    spilled: Option<File>,
    frames: Vec<u8>,
}

impl Finished {
    /// Whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.spilled.is_none() && self.frames.is_empty()
    }

    /// Appends all frames to `file`, and hands back their memory.
    pub(crate) fn copy_to(self, file: &mut AtomicFile) -> io::Result<Vec<u8>> {
        if let Some(mut spilled) = self.spilled {
            spilled.rewind()?;
            let mut buffer = vec![0; 1 << 18];
            loop {
                let read = spilled.read(&mut buffer)?;
                if read == 0 {
                    break;
                }
                file.write(buffer.get(..read).unwrap_or_default())?;
            }
        }
        file.write(&self.frames)?;
        Ok(self.frames)
    }
}
