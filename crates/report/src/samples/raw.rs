//! The raw documents behind ledger lines, read where the run read them.

use std::io::{Read, Seek, SeekFrom};

use tamis_io::{
    Compression, Discovered, DocumentReader, InputFile, LedgerLine, Limits, ReadDocument, read_record, sha256,
};

use crate::Run;
use crate::inputs::{self, Root};

/// Longer documents are not read for the page.
const DOCUMENT_BYTES: u64 = 4 << 20;
/// A compressed file is read this far and no further: behind it, a sample would cost a pass over the corpus.
const STREAM_BYTES: u64 = 256 << 20;

/// Finds input files by the names that the ledger has for them.
pub(super) struct RawDocuments<'a> {
    run: &'a Run,
    roots: Vec<Root>,
    limits: Limits,
    /// The files that the run has just read, in order of their names.
    files_read: &'a [InputFile],
    /// The walk over all inputs, made once, where a name is not a path.
    walked: Option<Discovered>,
}

impl<'a> RawDocuments<'a> {
    pub(super) fn new(run: &'a Run, files_read: &'a [InputFile]) -> Self {
        Self { run, roots: inputs::roots(run, &[]), limits: run.report.limits(), files_read, walked: None }
    }

    /// The input file, where it still stands.
    pub(super) fn file(&mut self, name: &str) -> Option<OpenFile> {
        let read = self.files_read.binary_search_by(|file| (*file.source).cmp(name));
        let read = read.ok().and_then(|place| self.files_read.get(place));
        if let Some(file) = read.filter(|file| file.is_unchanged()) {
            return Some(OpenFile { file: file.clone(), limits: self.limits, is_unchanged: true });
        }
        let file = inputs::locate(&self.roots, name).or_else(|| {
            // Bytes that are no UTF-8 stand escaped in a name: only a walk finds such a file.
            if !name.contains('\\') {
                return None;
            }
            let walked =
                self.walked.get_or_insert_with(|| inputs::discovered(self.run, &[]).unwrap_or_default());
            walked.files.iter().find(|file| *file.source == *name).cloned()
        })?;
        Some(OpenFile { file, limits: self.limits, is_unchanged: false })
    }
}

/// An input file.
pub(super) struct OpenFile {
    file: InputFile,
    limits: Limits,
    /// Whether it is known to be what the run read.
    is_unchanged: bool,
}

/// The documents of one file, asked for in the order they stand in it.
pub(super) struct FileDocuments<'a> {
    file: Option<&'a OpenFile>,
    /// A compressed file, read as far as it was asked for.
    stream: Option<DocumentReader<'a>>,
    read: u64,
    /// A file of records, open to be read anywhere.
    records: Option<fs_err::File>,
    buffers: &'a mut Buffers,
}

/// Memory that serves one file after the other: pages of HTML ask the system for so much that it takes as long as to read
/// them.
#[derive(Default)]
pub(super) struct Buffers {
    record: Vec<u8>,
    document: ReadDocument,
    hash: String,
}

impl<'a> FileDocuments<'a> {
    pub(super) fn new(file: Option<&'a OpenFile>, buffers: &'a mut Buffers) -> Self {
        Self { file, stream: None, read: 0, records: None, buffers }
    }

    /// The raw bytes that the line speaks of, or why they cannot be shown.
    pub(super) fn raw(&mut self, line: &LedgerLine<'_>) -> Result<&[u8], &'static str> {
        let Some(told) = line.raw_sha256.as_deref() else { return Err("Its bytes could not be read.") };
        let Some(file) = self.file else { return Err("Its file is no longer where the run read it.") };
        if line.raw_bytes > DOCUMENT_BYTES {
            return Err("It is too long to be shown here.");
        }
        let found = match (line.line, line.byte_range) {
            (Some(number), _) if file.file.compression != Compression::None => self.forward(file, number),
            // The ledger knows where a record stands: neighbours are read without the lines between them, and a draw
            // from anywhere without what stands behind it.
            (Some(_), Some(range)) => self.record(file, range).is_some(),
            _ => {
                let mut reader = DocumentReader::of_file(&file.file, None, file.limits);
                reader.next(&mut self.buffers.document) && line.line.is_none()
            }
        };
        if !found {
            return Err("It lies too far into a compressed file, or is no longer there.");
        }
        let Buffers { document, hash, .. } = &mut *self.buffers;
        let raw = &document.document.raw;
        let is_same = if file.is_unchanged {
            raw.len() as u64 == line.raw_bytes
        } else {
            sha256(raw, hash);
            hash == told
        };
        if is_same { Ok(raw) } else { Err("Its file has changed since the run.") }
    }

    /// Reads the record that stands at these bytes.
    fn record(&mut self, file: &OpenFile, (start, end): (u64, u64)) -> Option<()> {
        let records = match &mut self.records {
            Some(records) => records,
            None => self.records.insert(fs_err::File::open(file.file.path()).ok()?),
        };
        records.seek(SeekFrom::Start(start)).ok()?;
        let length = end.checked_sub(start).filter(|length| *length <= file.limits.document_bytes as u64)?;
        let Buffers { record, document, .. } = &mut *self.buffers;
        record.clear();
        records.take(length).read_to_end(record).ok()?;
        document.document.clear();
        // What is no record any more has no bytes, and so not those of the run.
        let _ = read_record(record, &mut document.document);
        Some(())
    }

    /// Reads on to a line.
    fn forward(&mut self, file: &'a OpenFile, number: u64) -> bool {
        let stream =
            self.stream.get_or_insert_with(|| DocumentReader::of_file(&file.file, None, file.limits));
        while self.read < STREAM_BYTES && stream.next(&mut self.buffers.document) {
            self.read += self.buffers.document.document.raw.len() as u64;
            match self.buffers.document.location.line {
                Some(line) if line < number => {}
                line => return line == Some(number),
            }
        }
        false
    }
}
