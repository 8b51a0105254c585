//! Compressed JSONL, decompressed once and cut into blocks of whole lines that several workers can work through.

use std::io::{self, Read};

use crate::document_reader::{Admission, Open, broken_off, plain};
use crate::{Compression, InputFile, Limits};

/// A block ends at the last line end within so many bytes, or within the fewest multiples of it that hold one. The
/// cut depends on the decompressed bytes alone, never on how they arrive.
const BLOCK_BYTES: usize = 1 << 20;

/// Whole lines of a compressed file.
#[derive(Clone, Debug, Default)]
pub struct StreamBlock {
    /// The lines, with their ends.
    pub bytes: Vec<u8>,
    /// Where they start in the decompressed file.
    pub offset: u64,
    /// The number of the first one, from 1.
    pub first_line: u64,
    /// What comes behind them that is no line to read.
    pub end: BlockEnd,
    /// Whether the file ends here.
    pub last: bool,
}

/// What ends a block, beside the wish for another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BlockEnd {
    /// Nothing.
    #[default]
    Whole,
    /// A line over the limit, left out.
    TooLong {
        /// Its length in bytes.
        len: u64,
    },
    /// The file could not be read on.
    Broken {
        /// Why.
        reason: String,
    },
}

/// Reads blocks. Holds no more than a line of the longest allowed length and a block.
pub struct StreamReader {
    reader: Box<dyn Read + Send>,
    compressed: bool,
    limit: usize,
    /// Read, and not in a block yet.
    rest: Vec<u8>,
    /// The place of `rest` in the decompressed file.
    offset: u64,
    line: u64,
    state: State,
}

#[derive(Debug, PartialEq)]
enum State {
    Open,
    /// All is read.
    AtEnd,
    /// Reading failed, for this reason.
    Failed(String),
    Done,
}

impl StreamReader {
    /// Opens a file.
    pub fn open(file: &InputFile, limits: Limits) -> io::Result<Self> {
        let reader = file.compression.reader(fs_err::File::open(file.path())?)?;
        Ok(Self::new(reader, file.compression != Compression::None, limits))
    }

    fn new(reader: Box<dyn Read + Send>, compressed: bool, limits: Limits) -> Self {
        let limit = limits.document_bytes;
        Self { reader, compressed, limit, rest: Vec::new(), offset: 0, line: 1, state: State::Open }
    }

    /// Reads the next block over `block`; false behind the last one. A file has one block at least.
    pub fn next(&mut self, block: &mut StreamBlock) -> bool {
        self.next_admitted(block, &Open)
    }

    /// Reads the next block over `block`, one that holds a large line when `admission` lets it in.
    pub fn next_admitted(&mut self, block: &mut StreamBlock, admission: &dyn Admission) -> bool {
        if self.state == State::Done {
            return false;
        }
        (block.offset, block.first_line, block.end) = (self.offset, self.line, BlockEnd::Whole);
        block.bytes.clear();
        let mut wanted = BLOCK_BYTES;
        let cut = loop {
            self.fill(wanted);
            let seen = self.rest.get(..wanted).unwrap_or(&self.rest);
            if let Some(at) = memchr::memrchr(b'\n', seen) {
                break at + 1;
            }
            if self.state != State::Open || self.rest.len() > self.limit {
                break 0;
            }
            admission.admit(self.limit as u64);
            wanted += BLOCK_BYTES;
        };
        self.rest.shrink_to(2 * BLOCK_BYTES);
        block.bytes.shrink_to(2 * BLOCK_BYTES);
        // Without a line end left, what there is may be the last line, or part of one.
        let cut = if cut == 0 && self.state == State::AtEnd { self.rest.len() } else { cut };
        let head = self.rest.get(..cut).unwrap_or_default();
        if head.len() <= self.limit || memchr::memchr(b'\n', head).is_some() {
            block.bytes.extend_from_slice(head);
        }
        self.rest.drain(..cut);
        self.offset += cut as u64;
        self.line += memchr::memchr_iter(b'\n', &block.bytes).count() as u64;
        if cut > 0 && block.bytes.is_empty() {
            block.end = BlockEnd::TooLong { len: cut as u64 };
        } else if self.rest.len() > self.limit && memchr::memchr(b'\n', &self.rest).is_none() {
            block.end = self.skip_line();
        }
        self.close(block);
        true
    }

    /// Tells whether the block is the last one: reads ahead for that.
    fn close(&mut self, block: &mut StreamBlock) {
        if self.rest.is_empty() {
            self.fill(1);
        }
        let unread = memchr::memchr(b'\n', &self.rest).is_some();
        block.last = match &self.state {
            State::AtEnd => self.rest.is_empty(),
            State::Failed(reason) if !unread && block.end == BlockEnd::Whole => {
                block.end = BlockEnd::Broken { reason: reason.clone() };
                true
            }
            _ => false,
        };
        if block.last {
            self.state = State::Done;
        }
    }

    /// Passes over a line that is too long, without keeping it.
    fn skip_line(&mut self) -> BlockEnd {
        let mut len = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.rest) {
                len += at as u64;
                self.rest.drain(..=at);
                self.offset += len + 1;
                self.line += 1;
                return BlockEnd::TooLong { len };
            }
            len += self.rest.len() as u64;
            self.rest.clear();
            self.fill(BLOCK_BYTES);
            if self.rest.is_empty() {
                self.offset += len;
                return BlockEnd::TooLong { len };
            }
        }
    }

    /// Reads until `rest` holds so many bytes, or there are no more.
    fn fill(&mut self, wanted: usize) {
        let missing = wanted.saturating_sub(self.rest.len()) as u64;
        if missing == 0 || self.state != State::Open {
            return;
        }
        match self.reader.by_ref().take(missing).read_to_end(&mut self.rest) {
            Ok(_) if self.rest.len() < wanted => self.state = State::AtEnd,
            Ok(_) => {}
            Err(error) => {
                let at = self.offset + memchr::memrchr(b'\n', &self.rest).map_or(0, |end| end as u64 + 1);
                self.state = State::Failed(if self.compressed {
                    broken_off(&error, at)
                } else {
                    format!("unreadable: {} from byte {at} on", plain(&error))
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::{Discovered, DocumentReader, FileKind, ReadDocument, Unit, UnitWork};

    const LIMITS: Limits = Limits { document_bytes: 3 << 20 };

    /// Every field of every document, as one unit and as blocks.
    fn read(path: &std::path::Path) -> (Vec<String>, Vec<String>, usize) {
        let file = InputFile::of(path, "records.jsonl.gz", FileKind::Jsonl, 0);
        let found = Discovered { files: vec![file.clone()], ..Discovered::default() };
        let unit = Unit { work: UnitWork::Stream(0), shard: 0, bytes: 0 };
        let all = |mut reader: DocumentReader<'_>, all: &mut Vec<String>| {
            let mut document = ReadDocument::default();
            while reader.next(&mut document) {
                all.push(format!("{document:?}"));
            }
        };
        let (mut whole, mut parts, mut blocks) = (Vec::new(), Vec::new(), 0);
        all(DocumentReader::new(&unit, &found, LIMITS), &mut whole);
        let mut stream = StreamReader::open(&file, LIMITS).unwrap();
        let mut block = StreamBlock::default();
        while stream.next(&mut block) {
            blocks += 1;
            all(DocumentReader::of_block(&file, &block, LIMITS), &mut parts);
            assert_eq!(block.last, stream.state == State::Done);
        }
        (whole, parts, blocks)
    }

    fn compressed(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn blocks_hold_what_the_file_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.jsonl.gz");
        let record = |bytes: usize| format!("{{\"text\":\"{}\"}}\n", "a".repeat(bytes)).into_bytes();
        let small: Vec<u8> = (0..3_000).flat_map(|i| record(i % 1_500)).collect();
        let long = record(4 << 20);
        let cases: [(&str, Vec<u8>, usize); 9] = [
            ("nothing", Vec::new(), 1),
            ("one line without end", b"{\"text\":\"a\"}".to_vec(), 1),
            ("blank lines", b"\n\n \n".to_vec(), 1),
            ("many lines", small.clone(), 3),
            ("a line longer than a block", [small.clone(), record(5 << 19), small.clone()].concat(), 6),
            ("a line over the limit", [small.clone(), long.clone(), small.clone()].concat(), 6),
            ("two of them, at the ends", [long.clone(), small.clone(), long.clone()].concat(), 5),
            ("one that does not end", [small.clone(), long[..long.len() - 1].to_vec()].concat(), 4),
            ("bad lines and a mark", [b"\xef\xbb\xbf{}\n{\n".to_vec(), small].concat(), 3),
        ];
        for (name, content, most) in cases {
            fs_err::write(&path, compressed(&content)).unwrap();
            let (whole, parts, blocks) = read(&path);
            assert_eq!(whole, parts, "{name}");
            assert!(blocks <= most + 1, "{name}: {blocks} blocks");
        }
    }

    #[test]
    fn a_file_that_breaks_off_is_told_where_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.jsonl.gz");
        let content: Vec<u8> =
            (0..200_000).flat_map(|i| format!("{{\"text\":\"{i}\"}}\n").into_bytes()).collect();
        let whole = compressed(&content);
        for cut in [whole.len() - 4, whole.len() / 2, whole.len() / 3, 12, 1] {
            fs_err::write(&path, &whole[..cut]).unwrap();
            let (one, parts, _) = read(&path);
            assert_eq!(one, parts, "cut at {cut}");
            assert!(
                parts.last().is_some_and(|last| last.contains("breaks off")),
                "cut at {cut}: {:?}",
                parts.last()
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_cut_does_not_depend_on_how_bytes_arrive(
            lengths in prop::collection::vec(0_usize..600_000, 1..12), step in 1_usize..2_000_000,
        ) {
            struct Steps(io::Cursor<Vec<u8>>, usize);
            impl Read for Steps {
                fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                    let len = out.len().min(self.1);
                    self.0.read(&mut out[..len])
                }
            }
            let content: Vec<u8> = lengths.iter().flat_map(|len| [vec![b'x'; *len], vec![b'\n']].concat()).collect();
            let blocks = |step: usize| {
                let reader = Box::new(Steps(io::Cursor::new(content.clone()), step));
                let mut stream = StreamReader::new(reader, false, LIMITS);
                let (mut all, mut block) = (Vec::new(), StreamBlock::default());
                while stream.next(&mut block) {
                    all.push((block.offset, block.first_line, block.bytes.len(), block.last));
                }
                all
            };
            let cut = blocks(step);
            prop_assert_eq!(&cut, &blocks(usize::MAX));
            prop_assert_eq!(cut.iter().map(|block| block.2).sum::<usize>(), content.len());
        }
    }
}
