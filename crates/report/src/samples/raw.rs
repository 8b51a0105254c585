//! The raw documents behind ledger lines, read where the run read them.

use tamis_io::{
    Compression, Discovered, DocumentReader, InputFile, LedgerLine, Limits, ReadDocument, sha256,
};

use crate::{Run, inputs};

/// Longer documents are not read for the page.
const DOCUMENT_BYTES: u64 = 4 << 20;
/// A compressed file is read this far and no further: behind it, a sample would cost a pass over the corpus.
const STREAM_BYTES: u64 = 256 << 20;
/// So many lines of a file that can be read from anywhere are read over rather than sought past: to open a file and fill a
/// buffer takes as long as two records, and the first thousand documents are mostly neighbours.
const NEAR: u64 = 4;

/// Finds input files by the names that the ledger has for them.
pub(super) struct RawDocuments<'a> {
    run: &'a Run,
    limits: Limits,
    /// The walk over all inputs, made once, where a name is not a path.
    walked: Option<Discovered>,
}

impl<'a> RawDocuments<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self { run, limits: run.report.limits(), walked: None }
    }

    /// The input file, where it still stands.
    pub(super) fn file(&mut self, name: &str) -> Option<OpenFile> {
        let file = inputs::locate(self.run, &[], name).or_else(|| {
            // Bytes that are no UTF-8 stand escaped in a name: only a walk finds such a file.
            if !name.contains('\\') {
                return None;
            }
            let walked =
                self.walked.get_or_insert_with(|| inputs::discovered(self.run, &[]).unwrap_or_default());
            walked.files.iter().find(|file| *file.source == *name).cloned()
        })?;
        Some(OpenFile { file, limits: self.limits })
    }
}

/// An input file.
pub(super) struct OpenFile {
    file: InputFile,
    limits: Limits,
}

/// The documents of one file, asked for in the order they stand in it.
pub(super) struct FileDocuments<'a> {
    file: Option<&'a OpenFile>,
    stream: Option<DocumentReader<'a>>,
    /// The line that the stream comes to next.
    next: u64,
    read: u64,
    document: ReadDocument,
    hash: String,
}

impl<'a> FileDocuments<'a> {
    pub(super) fn new(file: Option<&'a OpenFile>) -> Self {
        Self { file, stream: None, next: 0, read: 0, document: ReadDocument::default(), hash: String::new() }
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
            (Some(number), Some((start, _))) => {
                if !(self.next..=self.next + NEAR).contains(&number) {
                    let from = Some((start, number));
                    self.stream = Some(DocumentReader::of_file(&file.file, from, file.limits));
                }
                self.read = 0;
                self.forward(file, number)
            }
            _ => DocumentReader::of_file(&file.file, None, file.limits).next(&mut self.document),
        };
        if !found || self.document.location.line != line.line {
            return Err("It lies too far into a compressed file, or is no longer there.");
        }
        sha256(&self.document.document.raw, &mut self.hash);
        if self.hash == told {
            Ok(&self.document.document.raw)
        } else {
            Err("Its file has changed since the run.")
        }
    }

    /// Reads on to a line.
    fn forward(&mut self, file: &'a OpenFile, number: u64) -> bool {
        let stream =
            self.stream.get_or_insert_with(|| DocumentReader::of_file(&file.file, None, file.limits));
        while self.read < STREAM_BYTES && stream.next(&mut self.document) {
            self.read += self.document.document.raw.len() as u64;
            self.next = self.document.location.line.map_or(0, |line| line + 1);
            if self.document.location.line.is_none_or(|line| line >= number) {
                return true;
            }
        }
        false
    }
}
