//! A unit's output: compressed frames in memory, on disk beyond a few megabytes.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tamis_io::{AtomicFile, Compression, FrameBuffers, FrameWriter};

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
pub(crate) struct SpareBuffers(Mutex<Vec<[FrameBuffers; 3]>>);

impl SpareBuffers {
    pub(crate) fn take(&self) -> [FrameBuffers; 3] {
        locked(&self.0).pop().unwrap_or_default()
    }

    pub(crate) fn put(&self, buffers: [FrameBuffers; 3]) {
        locked(&self.0).push(buffers);
    }
}

impl Frames {
    pub(crate) fn new(compression: Compression, buffers: FrameBuffers) -> Self {
        Self { writer: FrameWriter::over(compression, buffers), spilled: None }
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

    /// Closes the last frame.
    pub(crate) fn finish(self) -> io::Result<Finished> {
        Ok(Finished { spilled: self.spilled, buffers: self.writer.into_buffers()? })
    }
}

/// Plain frames that a CSV writer writes into.
#[derive(Debug)]
pub(crate) struct Rows {
    frames: Frames,
    directory: PathBuf,
}

impl Rows {
    pub(crate) fn new(directory: &Path, buffers: FrameBuffers) -> Self {
        Self { frames: Frames::new(Compression::None, buffers), directory: directory.to_owned() }
    }

    /// Closes the last frame.
    pub(crate) fn finish(self) -> io::Result<Finished> {
        self.frames.finish()
    }
}

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frames.line().extend(bytes);
        self.frames.end_line(&self.directory)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Frames that are closed.
#[derive(Debug)]
pub(crate) struct Finished {
    spilled: Option<File>,
    buffers: FrameBuffers,
}

impl Finished {
    /// Whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.spilled.is_none() && self.buffers.frames().is_empty()
    }

    /// Appends all frames to `file`, and hands back their memory.
    pub(crate) fn copy_to(self, file: &mut AtomicFile) -> io::Result<FrameBuffers> {
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
        file.write(self.buffers.frames())?;
        Ok(self.buffers)
    }
}
