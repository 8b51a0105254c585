//! Lines of a byte stream, with their places and a limit on their length.

use std::io::{self, Read};

use crate::document_reader::{Admission, LARGE, Open};

/// Reads lines from a stream into one buffer.
///
/// Memory is bounded by the limit: a longer line is skipped to its end and told as [`Line::TooLong`].
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Unread bytes of the buffer.
    start: usize,
    end: usize,
    /// Stream offset of `start`.
    offset: u64,
    limit: usize,
    done: bool,
}

/// One line without its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// The bytes, without `\n` or `\r\n`.
    Bytes {
        /// Where the line starts in the stream.
        offset: u64,
        /// What it holds.
        bytes: &'a [u8],
    },
    /// A line longer than the limit, of `len` bytes.
    TooLong {
        /// Where the line starts in the stream.
        offset: u64,
        /// Its length.
        len: u64,
    },
}

impl<R: Read> Lines<R> {
    /// Lines of `reader`, whose first byte stands at `offset`, none longer than `limit` bytes.
    pub fn new(reader: R, offset: u64, limit: usize) -> Self {
        Self { reader, buffer: vec![0; 1 << 16], start: 0, end: 0, offset, limit, done: false }
    }

    /// The offset of the next unread byte.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The next line; `None` at the end. After an error the stream is at its end.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.next_admitted(&Open)
    }

    /// The next line, a large one when `admission` lets it in.
    pub fn next_admitted(&mut self, admission: &dyn Admission) -> io::Result<Option<Line<'_>>> {
        let (offset, mut scanned) = (self.offset, 0);
        self.give_back();
        loop {
            let unread = self.buffer.get(self.start + scanned..self.end).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', unread) {
                let len = scanned + at;
                if len > self.limit {
                    self.skip(len + 1);
                    return Ok(Some(Line::TooLong { offset, len: len as u64 }));
                }
                return Ok(Some(self.take(offset, len, 1)));
            }
            scanned = self.end - self.start;
            if scanned > self.limit {
                return self.skip_line(offset).map(Some);
            }
            if scanned == self.buffer.len() && scanned >= LARGE {
                admission.admit(self.limit as u64);
            }
            if !self.fill()? {
                return Ok((scanned > 0).then(|| self.take(offset, scanned, 0)));
            }
        }
    }

    /// Frees the memory of a large line that is done with.
    fn give_back(&mut self) {
        if self.buffer.len() > 2 * LARGE && self.end - self.start <= LARGE {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            self.buffer.truncate(2 * LARGE);
            self.buffer.shrink_to_fit();
        }
    }

    fn take(&mut self, offset: u64, len: usize, end: usize) -> Line<'_> {
        let start = self.start;
        self.skip(len + end);
        let bytes = self.buffer.get(start..start + len).unwrap_or_default();
        Line::Bytes { offset, bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes) }
    }

    fn skip(&mut self, bytes: usize) {
        self.start += bytes;
        self.offset += bytes as u64;
    }

    /// Passes over a line that is too long, without keeping it.
    fn skip_line(&mut self, offset: u64) -> io::Result<Line<'_>> {
        loop {
            let unread = self.buffer.get(self.start..self.end).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', unread) {
                self.skip(at);
                let len = self.offset - offset;
                self.skip(1);
                return Ok(Line::TooLong { offset, len });
            }
            self.skip(self.end - self.start);
            if !self.fill()? {
                return Ok(Line::TooLong { offset, len: self.offset - offset });
            }
        }
    }

    /// Reads more behind the unread bytes; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.reader.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => {
                    self.done = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.done = true;
                    return Err(error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reader that gives a few bytes at a time.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let len = self.1.min(self.0.len()).min(out.len());
            out[..len].copy_from_slice(&self.0[..len]);
            self.0 = &self.0[len..];
            Ok(len)
        }
    }

    fn all(bytes: &[u8], step: usize, limit: usize) -> Vec<(u64, Result<Vec<u8>, u64>)> {
        let mut lines = Lines::new(Dribble(bytes, step), 0, limit);
        let mut out = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            out.push(match line {
                Line::Bytes { offset, bytes } => (offset, Ok(bytes.to_vec())),
                Line::TooLong { offset, len } => (offset, Err(len)),
            });
        }
        assert_eq!(lines.offset(), bytes.len() as u64);
        out
    }

    proptest! {
        #[test]
        fn lines_are_what_splitting_gives(
            text in prop::collection::vec(prop::sample::select(b"ab\n\r".to_vec()), 0..60), step in 1_usize..9, limit in 0_usize..12,
        ) {
            let mut expected = Vec::new();
            let mut offset = 0;
            for line in text.split_inclusive(|byte| *byte == b'\n') {
                let body = line.strip_suffix(b"\n").unwrap_or(line);
                expected.push((offset, if body.len() > limit {
                    Err(body.len() as u64)
                } else {
                    Ok(body.strip_suffix(b"\r").unwrap_or(body).to_vec())
                }));
                offset += line.len() as u64;
            }
            prop_assert_eq!(all(&text, step, limit), expected);
        }
    }

    #[test]
    fn a_line_over_the_limit_costs_no_memory() {
        let mut lines = Lines::new(io::repeat(b'x').take(50 << 20), 7, 1000);
        assert_eq!(lines.next_line().unwrap(), Some(Line::TooLong { offset: 7, len: 50 << 20 }));
        assert!(lines.buffer.len() < 1 << 17);
    }
}
