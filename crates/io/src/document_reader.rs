//! Goes through a unit of work, one document after the other.

use std::fmt::Write as _;
use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};
use tamis_core::{Document, Failed, Format, Outcome};

use crate::{
    BlockEnd, Compression, Discovered, FieldKind, FileKind, InputFile, Line, Lines, StreamBlock, Unit,
    UnitWork, Unreadable, read_record,
};

/// What one document may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one document, decompressed, or of one JSONL line.
    pub document_bytes: usize,
}

impl Default for Limits {
    /// 64 MiB.
    fn default() -> Self {
        Self { document_bytes: 64 << 20 }
    }
}

/// A document of more bytes is large: its reader asks for admission before it holds it whole.
pub const LARGE: usize = 1 << 20;

/// Lets large documents in where there is memory for them.
pub trait Admission {
    /// Waits until a document of up to so many raw bytes may be read and worked on.
    fn admit(&self, bytes: u64);
}

/// Lets everything in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open;

impl Admission for Open {
    fn admit(&self, _: u64) {}
}

/// Where a document's raw bytes stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The file's name, relative to its input root.
    pub file: String,
    /// The line of a JSONL record, from 1.
    pub line: Option<u64>,
    /// The bytes of a JSONL record's line in the (decompressed) file, without its end.
    pub byte_range: Option<(u64, u64)>,
    /// The field of a JSONL record.
    pub field: Option<FieldKind>,
}

/// A document that was read, or could not be.
#[derive(Clone, Debug, Default)]
pub struct ReadDocument {
    /// Raw bytes and metadata; its outcome is a failure when it could not be read.
    pub document: Document,
    /// Where the raw bytes stand.
    pub location: Location,
    /// A JSONL record's unknown keys as one JSON object; empty when there are none.
    pub extra: String,
}

impl ReadDocument {
    fn clear(&mut self) {
        self.document.clear();
        self.location = Location::default();
        self.extra.clear();
    }

    /// Names the document and the file it stands in.
    fn file_name(&mut self, source: &str, file: &str) {
        self.document.metadata.id.push_str(source);
        self.document.metadata.source.push_str(source);
        self.location.file.push_str(file);
    }

    fn fail(&mut self, reason: impl Into<String>, offset: Option<u64>) {
        self.document.outcome =
            Outcome::Failed(Failed { stage: None, rule: None, reason: reason.into(), offset });
    }
}

/// The documents of one unit, in order.
pub struct DocumentReader<'a> {
    limits: Limits,
    source: Source<'a>,
    /// The rest of a document or file whose reading broke off: a failure of its own.
    rest: Option<Rest>,
}

struct Rest {
    source: String,
    file: String,
    reason: String,
    offset: u64,
}

enum Source<'a> {
    Files(std::slice::Iter<'a, InputFile>),
    Lines(Box<LineSource<'a>>),
    Unreadable(std::slice::Iter<'a, Unreadable>),
    Broken(Option<Unreadable>),
}

struct LineSource<'a> {
    file: &'a InputFile,
    lines: Lines<Box<dyn Read + 'a>>,
    number: u64,
    /// Lines from here on belong to the next unit.
    end: u64,
    /// What comes behind the lines of a block.
    block_end: Option<&'a BlockEnd>,
    done: bool,
}

impl<'a> DocumentReader<'a> {
    /// Opens a unit of what was found. What cannot be opened becomes a failed document.
    pub fn new(unit: &Unit, found: &'a Discovered, limits: Limits) -> Self {
        let file = |place: usize| found.files.get(place);
        let source = match &unit.work {
            UnitWork::Files(places) => {
                Some(Source::Files(found.files.get(places.clone()).unwrap_or_default().iter()))
            }
            UnitWork::Unreadable => Some(Source::Unreadable(found.unreadable.iter())),
            UnitWork::Stream(place) => file(*place).map(|file| lines(file, 0, u64::MAX, 1, limits)),
            UnitWork::Lines { file: place, range, first_line } => {
                file(*place).map(|file| lines(file, range.start, range.end, *first_line, limits))
            }
        };
        Self { limits, source: source.unwrap_or(Source::Broken(None)), rest: None }
    }

    /// Opens a file by itself, from a line on where one is told.
    pub fn of_file(file: &'a InputFile, from: Option<(u64, u64)>, limits: Limits) -> Self {
        let source = match (file.kind, from) {
            (_, Some((offset, line))) if file.compression == Compression::None => {
                lines(file, offset, u64::MAX, line, limits)
            }
            (FileKind::Jsonl, _) => lines(file, 0, u64::MAX, 1, limits),
            (FileKind::Document(_), _) => Source::Files(std::slice::from_ref(file).iter()),
        };
        Self { limits, source, rest: None }
    }

    /// Opens a block of a compressed file.
    pub fn of_block(file: &'a InputFile, block: &'a StreamBlock, limits: Limits) -> Self {
        let reader: Box<dyn Read + 'a> = Box::new(block.bytes.as_slice());
        let source = LineSource {
            file,
            lines: Lines::new(reader, block.offset, limits.document_bytes),
            number: block.first_line,
            end: u64::MAX,
            block_end: Some(&block.end),
            done: false,
        };
        Self { limits, source: Source::Lines(Box::new(source)), rest: None }
    }

    /// Reads the next document into `into`; false at the end of the unit.
    pub fn next(&mut self, into: &mut ReadDocument) -> bool {
        self.next_admitted(into, &Open)
    }

    /// Reads the next document into `into`, a large one when `admission` lets it in; false at the end of the unit.
    pub fn next_admitted(&mut self, into: &mut ReadDocument, admission: &dyn Admission) -> bool {
        into.clear();
        if let Some(rest) = self.rest.take() {
            return rest.tell(into);
        }
        match &mut self.source {
            Source::Files(files) => {
                let Some(file) = files.next() else { return false };
                let format = match file.kind {
                    FileKind::Document(format) => format,
                    FileKind::Jsonl => Format::Unknown,
                };
                into.file_name(&file.source, &file.source);
                into.document.metadata.format = format;
                self.rest = read_file(file, self.limits, into, admission);
                true
            }
            Source::Lines(lines) => lines.next(self.limits, into, admission),
            Source::Unreadable(all) => all.next().is_some_and(|unreadable| tell(unreadable, into)),
            Source::Broken(broken) => broken.take().is_some_and(|unreadable| tell(&unreadable, into)),
        }
    }
}

fn tell(unreadable: &Unreadable, into: &mut ReadDocument) -> bool {
    into.file_name(&unreadable.source, &unreadable.source);
    into.fail(unreadable.reason.clone(), None);
    true
}

impl Rest {
    /// What `reason` kept from being read of `file`, from `offset` on.
    fn of(file: &InputFile, reason: String, offset: u64) -> Self {
        Self { source: format!("{}#rest", file.source), file: file.source.to_string(), reason, offset }
    }

    fn tell(self, into: &mut ReadDocument) -> bool {
        into.file_name(&self.source, &self.file);
        into.fail(self.reason, Some(self.offset));
        true
    }
}

/// Reads one file whole. Returns the part that could not be read of a compressed file that breaks off.
fn read_file(
    file: &InputFile,
    limits: Limits,
    into: &mut ReadDocument,
    admission: &dyn Admission,
) -> Option<Rest> {
    let compressed = file.compression != Compression::None;
    let unreadable = |error: io::Error| format!("unreadable: {}", plain(&error));
    let handle = match fs_err::File::open(file.path()) {
        Ok(handle) => handle,
        Err(error) => {
            into.fail(unreadable(error), None);
            return None;
        }
    };
    let before = match handle.metadata() {
        Ok(metadata) => metadata,
        Err(error) => {
            into.fail(unreadable(error), None);
            return None;
        }
    };
    if !compressed && before.len() > limits.document_bytes as u64 {
        into.fail(over_limit(before.len(), limits), None);
        return None;
    }
    if before.len() > LARGE as u64 {
        admission.admit(if compressed { limits.document_bytes as u64 } else { before.len() });
    }
    let raw = &mut into.document.raw;
    // A plain file is read through its own handle: a second one costs two calls of the system for each document.
    let read = if compressed {
        let reader = handle.try_clone().and_then(|handle| file.compression.reader(handle));
        reader.and_then(|reader| read_bounded(reader, limits, raw, admission))
    } else if before.is_file() && before.len() > 0 {
        read_known(&handle, before.len(), raw)
    } else {
        read_bounded(&handle, limits, raw, admission)
    };
    let length = raw.len();
    if length > limits.document_bytes {
        raw.clear();
        into.fail(format!("over the size limit: more than {} bytes", limits.document_bytes), None);
        return None;
    }
    match read {
        Err(error) if compressed && length > 0 => {
            Some(Rest::of(file, broken_off(&error, length as u64), length as u64))
        }
        Err(error) if compressed => {
            into.fail(broken_off(&error, 0), Some(0));
            None
        }
        Err(error) => {
            raw.clear();
            into.fail(unreadable(error), Some(length as u64));
            None
        }
        Ok(_) => {
            let same = |after: std::fs::Metadata| after.len() == before.len() && !changed(&after, &before);
            if !handle.metadata().is_ok_and(same) {
                raw.clear();
                into.fail("the file changed while it was read", None);
            }
            None
        }
    }
}

/// Reads a file whose length is known, in one call of the system where reading to the end takes three. One that has grown
/// since is found out by its length afterwards; one of the system's that tells no length is read to its end instead.
fn read_known(file: &fs_err::File, length: u64, raw: &mut Vec<u8>) -> io::Result<usize> {
    raw.reserve(usize::try_from(length).unwrap_or(0));
    file.take(length).read_to_end(raw)
}

/// Reads to the end, or a byte beyond the limit. Only a compressed file may turn out to be large.
fn read_bounded(
    reader: impl Read,
    limits: Limits,
    raw: &mut Vec<u8>,
    admission: &dyn Admission,
) -> io::Result<usize> {
    let all = limits.document_bytes as u64 + 1;
    let mut reader = reader.take(all);
    let read = reader.by_ref().take(LARGE as u64 + 1).read_to_end(raw)?;
    if read <= LARGE {
        return Ok(read);
    }
    admission.admit(limits.document_bytes as u64);
    Ok(read + reader.read_to_end(raw)?)
}

fn changed(now: &std::fs::Metadata, before: &std::fs::Metadata) -> bool {
    match (now.modified(), before.modified()) {
        (Ok(now), Ok(before)) => now != before,
        _ => false,
    }
}

fn over_limit(bytes: u64, limits: Limits) -> String {
    format!("over the size limit: {bytes} bytes, and {} are allowed", limits.document_bytes)
}

pub(crate) fn broken_off(error: &io::Error, offset: u64) -> String {
    format!("the compressed stream breaks off: {} after {offset} decompressed bytes", plain(error))
}

/// The system's words without the path, which the ledger tells on its own.
pub(crate) fn plain(error: &io::Error) -> String {
    error.get_ref().and_then(|inner| inner.source()).map_or_else(|| error.to_string(), ToString::to_string)
}

fn lines(file: &InputFile, start: u64, end: u64, first_line: u64, limits: Limits) -> Source<'_> {
    match open_lines(file, start, end, first_line, limits) {
        Ok(lines) => Source::Lines(Box::new(lines)),
        Err(error) => Source::Broken(Some(Unreadable {
            source: file.source.to_string(),
            reason: format!("unreadable: {}", plain(&error)),
        })),
    }
}

/// Opens the lines that start in `start..end`. A line that merely reaches into the range belongs to the unit before.
fn open_lines(
    file: &InputFile,
    start: u64,
    end: u64,
    first_line: u64,
    limits: Limits,
) -> io::Result<LineSource<'_>> {
    let mut handle = fs_err::File::open(file.path())?;
    let mut number = first_line;
    let lines = if start == 0 {
        let reader: Box<dyn Read> = file.compression.reader(handle)?;
        Lines::new(reader, 0, limits.document_bytes)
    } else {
        handle.seek(SeekFrom::Start(start - 1))?;
        let mut lines = Lines::new(Box::new(handle) as Box<dyn Read>, start - 1, limits.document_bytes);
        lines.next_line()?;
        if lines.offset() != start {
            number += 1;
        }
        lines
    };
    Ok(LineSource { file, lines, number, end, block_end: None, done: false })
}

impl LineSource<'_> {
    fn next(&mut self, limits: Limits, into: &mut ReadDocument, admission: &dyn Admission) -> bool {
        loop {
            if self.done || self.lines.offset() >= self.end {
                return false;
            }
            let number = self.number;
            self.number += 1;
            match self.lines.next_admitted(admission) {
                Ok(None) => return self.block_end(number, limits, into),
                Ok(Some(Line::Bytes { offset, bytes })) => {
                    let mark = if offset == 0 { bytes.strip_prefix(b"\xef\xbb\xbf") } else { None };
                    let marked = mark.is_some();
                    let bytes = mark.unwrap_or(bytes);
                    if bytes.iter().all(u8::is_ascii_whitespace) {
                        continue;
                    }
                    let start = offset + if marked { 3 } else { 0 };
                    into.location.byte_range = Some((start, start + bytes.len() as u64));
                    match read_record(bytes, &mut into.document) {
                        Ok((field, extra)) => {
                            into.location.field = Some(field);
                            into.extra = extra;
                        }
                        Err(error) => {
                            into.document.clear();
                            into.fail(error.reason, Some(start + error.offset));
                        }
                    }
                }
                Ok(Some(Line::TooLong { offset, len })) => {
                    into.location.byte_range = Some((offset, offset + len));
                    into.fail(over_limit(len, limits), Some(offset));
                }
                Err(error) => {
                    self.done = true;
                    let offset = self.lines.offset();
                    let compressed = self.file.compression != Compression::None;
                    let reason = if compressed {
                        broken_off(&error, offset)
                    } else {
                        format!("unreadable: {} from byte {offset} on", plain(&error))
                    };
                    return Rest::of(self.file, reason, offset).tell(into);
                }
            }
            self.name(number, into);
            return true;
        }
    }

    /// Names the record of line `number`.
    fn name(&self, number: u64, into: &mut ReadDocument) {
        into.location.file.push_str(&self.file.source);
        into.location.line = Some(number);
        let metadata = &mut into.document.metadata;
        if metadata.id.is_empty() {
            let _ = write!(metadata.id, "{}#{number}", self.file.source);
        }
        metadata.source.clone_from(&metadata.id);
    }

    /// Tells what comes behind the lines of a block; false where that is nothing.
    fn block_end(&mut self, number: u64, limits: Limits, into: &mut ReadDocument) -> bool {
        self.done = true;
        let offset = self.lines.offset();
        match self.block_end {
            None | Some(BlockEnd::Whole) => false,
            Some(BlockEnd::TooLong { len }) => {
                into.location.byte_range = Some((offset, offset + len));
                into.fail(over_limit(*len, limits), Some(offset));
                self.name(number, into);
                true
            }
            Some(BlockEnd::Broken { reason }) => Rest::of(self.file, reason.clone(), offset).tell(into),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs_err::write(&path, "une phrase ".repeat(1_000_000)).unwrap();
        let file = InputFile::of(&path, "a.txt", FileKind::Document(Format::Text), 0);
        let stop = AtomicBool::new(false);
        // Another process writes all the time: sooner or later it writes while the file is read.
        let told = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut file = fs_err::OpenOptions::new().append(true).open(&path).unwrap();
                while !stop.load(Ordering::Relaxed) {
                    file.write_all(b".").unwrap();
                }
            });
            let told = (0..500).find_map(|_| {
                let mut into = ReadDocument::default();
                let rest = read_file(&file, Limits::default(), &mut into, &Open);
                assert!(rest.is_none());
                match into.document.outcome {
                    Outcome::Failed(failed) => Some((failed.reason, into.document.raw.len())),
                    _ => None,
                }
            });
            stop.store(true, Ordering::Relaxed);
            told
        });
        assert_eq!(told, Some(("the file changed while it was read".to_owned(), 0)));
    }
}
