//! Compressed input and output.

use std::fmt;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// How a file is compressed, told by its last extension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip, of any number of members.
    Gzip,
    /// Zstandard, of any number of frames.
    Zstd,
}

impl Compression {
    /// The compression of a file of this name.
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(extension) if extension.eq_ignore_ascii_case("gz") => Self::Gzip,
            Some(extension) if extension.eq_ignore_ascii_case("zst") => Self::Zstd,
            _ => Self::None,
        }
    }

    /// The extension, with its dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }

    /// A reader of what is compressed. Multi-member and multi-frame files are read to their end.
    pub fn reader(self, file: fs_err::File) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::None => Box::new(file),
            // `GzDecoder` would stop in silence after the first member of a file written in parallel.
            Self::Gzip => {
                Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 17, file)))
            }
            Self::Zstd => Box::new(zstd::stream::read::Decoder::new(file)?),
        })
    }

    /// The parts of a file's bytes that can be read each by itself: the frames of Zstandard, whose ends are found without
    /// decompressing. All bytes are one part where they cannot be told apart so.
    pub fn parts(self, bytes: &[u8]) -> Vec<&[u8]> {
        let mut parts = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let length = match self {
                Self::Zstd => zstd::zstd_safe::find_frame_compressed_size(rest).ok(),
                Self::None | Self::Gzip => None,
            };
            let (part, behind) =
                length.and_then(|length| rest.split_at_checked(length)).unwrap_or((rest, &[]));
            parts.push(part);
            rest = behind;
        }
        parts
    }

    /// A reader of one of the [`Self::parts`].
    pub fn part_reader(self, part: &[u8]) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::None => Box::new(part),
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(part)),
            Self::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(part)?),
        })
    }
}

/// Compresses a stream of lines into frames, each complete in itself.
///
/// A frame closes at about 4 MB of input, so that readers can decompress in parallel and a worker holds no more.
/// Frames written by several workers are joined by concatenation.
#[derive(Default)]
pub struct FrameWriter {
    compression: Compression,
    /// Made for the first frame; its tables serve all.
    compressor: Option<zstd::bulk::Compressor<'static>>,
    /// The frame that is being written; nothing without compression.
    plain: Vec<u8>,
    /// Closed frames.
    done: Vec<u8>,
}

/// 433 MB/s on HTML where level 3 has 256 and level 9 has 77: compression must not cost more than the stages.
const ZSTD_LEVEL: i32 = 1;
const FRAME_BYTES: usize = 4 << 20;

impl fmt::Debug for FrameWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { compression, plain, done, .. } = self;
        f.debug_struct("FrameWriter")
            .field("compression", compression)
            .field("plain", &plain.len())
            .field("done", &done.len())
            .finish_non_exhaustive()
    }
}

impl FrameWriter {
    /// A writer of frames.
    pub fn new(compression: Compression) -> Self {
        Self { compression, ..Self::default() }
    }

    /// Starts anew. Closed frames go into `memory`, what it holds is forgotten: megabytes that are asked of the system anew
    /// have to be cleared by it, page by page.
    pub fn start(&mut self, compression: Compression, memory: Vec<u8>) {
        self.compression = compression;
        self.plain.clear();
        self.done = memory;
        self.done.clear();
    }

    /// The buffer that the next line is appended to.
    pub fn line(&mut self) -> &mut Vec<u8> {
        // What is not compressed needs no second buffer.
        if self.compression == Compression::None { &mut self.done } else { &mut self.plain }
    }

    /// Closes the frame where it is large enough.
    pub fn end_line(&mut self) -> io::Result<()> {
        if self.plain.len() >= FRAME_BYTES { self.end_frame() } else { Ok(()) }
    }

    /// Bytes of frames closed so far.
    pub fn finished_len(&self) -> usize {
        self.done.len()
    }

    /// Hands over the closed frames.
    pub fn take_finished(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.done)
    }

    /// Closes the last frame and hands over all that was not taken yet.
    pub fn finish(&mut self) -> io::Result<Vec<u8>> {
        self.end_frame()?;
        Ok(self.take_finished())
    }

    fn end_frame(&mut self) -> io::Result<()> {
        let Self { plain, done, compressor, .. } = self;
        if plain.is_empty() {
            return Ok(());
        }
        match self.compression {
            // Its lines are there already.
            Compression::None => {}
            Compression::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(&mut *done, flate2::Compression::new(6));
                encoder.write_all(plain)?;
                encoder.finish()?;
            }
            Compression::Zstd => {
                let compressor = match compressor {
                    Some(compressor) => compressor,
                    None => compressor.insert(zstd::bulk::Compressor::new(ZSTD_LEVEL)?),
                };
                done.reserve(zstd::zstd_safe::compress_bound(plain.len()));
                let mut end = io::Cursor::new(&mut *done);
                end.seek(io::SeekFrom::End(0))?;
                compressor.compress_to_buffer(plain.as_slice(), &mut end)?;
            }
        }
        plain.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_join_by_concatenation() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let mut joined = Vec::new();
            for line in ["un\n", "deux\n"] {
                let mut writer = FrameWriter::new(compression);
                writer.line().extend(line.as_bytes());
                writer.end_line().unwrap();
                joined.extend(writer.finish().unwrap());
            }
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&joined).unwrap();
            file.rewind().unwrap();
            let mut text = String::new();
            let file = fs_err::File::from_parts(file, "test");
            compression.reader(file).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "un\ndeux\n");
            let parts = compression.parts(&joined);
            assert_eq!(parts.len(), if compression == Compression::Zstd { 2 } else { 1 });
            assert_eq!(parts.concat(), joined);
            text.clear();
            for part in parts {
                compression.part_reader(part).unwrap().read_to_string(&mut text).unwrap();
            }
            assert_eq!(text, "un\ndeux\n");
            assert_eq!(compression.parts(b"no frame"), [b"no frame"]);
        }
    }
}
