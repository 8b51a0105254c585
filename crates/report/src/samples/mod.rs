//! What the page shows of single documents: a bounded sample of a run, the same for the same run.
//!
//! - [`table`]: the first thousand documents, each with its text before and after;
//! - [`examples`]: three edits or drops of each rule, drawn by a fixed seed;
//! - [`provenance`]: one pass over `provenance.csv` for failed documents, clusters of duplicates, confidences;
//!   [`titles`]: of the documents that clusters are named by;
//! - [`edits`]: ledger lines, [`records`]: titles of records, [`raw`]: the raw documents behind both;
//! - [`stretches`]: a document as stretches that are kept, gone or put in; [`view`]: clipped to what a page can hold;
//! - [`room`]: how much of a page each document can have.
//!
//! Nothing here holds the corpus: one line, one raw document and the samples at a time, and eight bytes for each
//! duplicate while clusters are counted.

mod edits;
mod examples;
mod provenance;
mod raw;
mod records;
mod room;
mod stretches;
mod table;
mod titles;
mod view;

use std::collections::BTreeMap;
use std::io;

pub(crate) use examples::Example;
pub(crate) use provenance::{Duplicates, Failed};
pub(crate) use table::{Row, Strip, evidence};
pub(crate) use view::{PieceKind, View};

use tamis_io::InputFile;

use crate::Run;
use edits::RulePlaces;
use examples::Draws;
use raw::RawDocuments;
use room::Room;

/// The seed of every draw: the same run gives the same page.
const SEED: u64 = 0x7461_6d69_7300_0001;

/// All samples of a run.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    /// The first documents in input order.
    pub(crate) rows: Vec<Row>,
    /// Failed documents after those, in input order.
    pub(crate) failed: Vec<Failed>,
    /// Failed documents that are in neither, for want of room.
    pub(crate) failed_untold: u64,
    /// Documents dropped for another one.
    pub(crate) duplicates: Duplicates,
    /// Kept documents by confidence in their language: ten steps from 0, then those that are certain.
    pub(crate) confidences: [u64; 11],
    /// What each document can have of the page.
    room: Room,
    /// Examples by rule.
    pub(crate) examples: BTreeMap<String, Vec<Example>>,
}

impl Samples {
    /// Draws the samples of `run`, which has just read `files_read`.
    pub(crate) fn read(run: &Run, files_read: &[InputFile]) -> io::Result<Self> {
        let mut samples = Self { room: Room::of(run.report.accounting.documents), ..Self::default() };
        let mut raw = RawDocuments::new(run, files_read);
        let mut rules = RulePlaces::of(&run.report);
        let mut draws = Draws::new(run);
        samples.rows = table::read(run, &mut raw, &mut rules, &mut draws, &mut samples.room);
        provenance::read(run, &mut samples)?;
        samples.examples = draws.finish(&mut raw, &mut rules);
        Ok(samples)
    }

    /// Clips the texts to what is left of a page by everything else.
    pub(crate) fn fit(&mut self, room: usize) {
        self.room.fit(&mut self.rows, room);
    }
}

/// A number for a draw, well mixed.
fn draw(text: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(text, SEED)
}
