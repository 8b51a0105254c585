//! Sources and sinks: what tamis reads and what it writes.
//!
//! Reading: [`discover`] walks the input paths and sorts what it finds; [`units`] cuts the files into units of work
//! that depend on the input alone; a [`DocumentReader`] goes through a unit, one document after the other, and turns
//! everything that cannot be read into a failed document with its place.
//!
//! Writing: [`Record`] is a line of `documents/`, [`LedgerLine`] a line of `ledger/`, [`Tally`] the counts of a shard,
//! [`AtomicFile`] a file that is whole or not there, [`Journal`] what a resumed run trusts.
//!
//! Between phases a document travels in its [`spool`] form, together with its sketch. A [`Basis`] tells what a piece of
//! output was made from, so that unchanged input is not worked again.
//!
//! No stage uses this crate, and it knows no stage.

mod atomic;
mod basis;
mod block_file;
mod compression;
mod discover;
mod document_reader;
mod index;
mod journal;
mod json;
mod jsonl;
mod ledger;
mod lines;
mod offsets;
mod provenance;
mod record;
pub mod spool;
mod storage;
mod stream;
mod tally;
mod unit;

pub use atomic::{AtomicFile, WrittenFile, sha256, sync};
pub use basis::{Basis, BasisHasher};
pub use compression::{Compression, FrameWriter};
pub use discover::{DiscoverError, Discovered, FileKind, InputFile, Unreadable, discover, printable};
pub use document_reader::{Admission, DocumentReader, LARGE, Limits, Location, Open, ReadDocument};
pub use index::{Index, IndexError, IndexKey, IndexWriter};
pub use journal::{Journal, JournalDecision, JournalLine, JournalShard, JournalUnit};
pub use jsonl::{FieldKind, RecordError, read_record};
pub use ledger::{LedgerBytes, LedgerDecoding, LedgerEdit, LedgerLine, LedgerRun, MapEdits, Status};
pub use lines::{Line, Lines};
pub use offsets::CodePoints;
pub use provenance::{PROVENANCE_HEADER, provenance_row};
pub use record::{Record, RecordAmount, RecordMetadata, write_record};
pub use storage::WorkStorage;
pub use stream::{BlockEnd, StreamBlock, StreamReader};
pub use tally::{RuleTally, StageTally, Tally, TallyBuffer, length_step, power_of_ten};
pub use unit::{Cutting, Unit, UnitWork, units};
