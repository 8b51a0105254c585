//! A unit of the input, opened: to be worked through, or to be hashed for a comparison with an earlier run.

use tamis_io::{Discovered, DocumentReader, InputFile, Limits, StreamReader, Unit, UnitWork};

/// How the documents of a unit come.
pub(crate) enum Opened<'a> {
    /// In blocks of a compressed file.
    Blocks(&'a InputFile, StreamReader),
    /// One after the other. A compressed file that cannot be opened is one document, a failed one.
    Documents(DocumentReader<'a>),
}

impl<'a> Opened<'a> {
    /// Opens a unit, of which `left` documents are wanted at most.
    pub(crate) fn new(unit: &Unit, found: &'a Discovered, limits: Limits, left: u64) -> Self {
        if let UnitWork::Stream(place) = unit.work
            && let Some(file) = found.files.get(place)
            && left > 0
            && let Ok(reader) = StreamReader::open(file, limits)
        {
            return Self::Blocks(file, reader);
        }
        Self::Documents(DocumentReader::new(unit, found, limits))
    }
}
