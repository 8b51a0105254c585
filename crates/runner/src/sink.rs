//! Where the documents of a part go while they are worked through.

use std::mem::take;
use std::path::Path;

use tamis_core::{Original, Outcome, Plan};
use tamis_io::spool::{Spooled, UnitBuffer};
use tamis_io::{
    Basis, Compression, FrameWriter, LedgerLine, Tally, TallyBuffer, provenance_row, sha256, write_record,
};

use crate::RunError;
use crate::assemble::{PartOutput, locked};
use crate::frames::Frames;
use crate::layout::Part;
use crate::phase::To;

/// The output of a part while it is written.
pub(crate) enum Sink {
    /// For the spool.
    Spool(Box<UnitBuffer>),
    /// For a shard.
    Shard(Box<ShardSink>),
    /// For the stream.
    Stream(Box<StreamSink>),
}

pub(crate) struct StreamSink {
    records: Vec<u8>,
    tally: Tally,
}

pub(crate) struct ShardSink {
    documents: Frames,
    ledger: Frames,
    rows: Frames,
    tally: Tally,
}

/// What does not change in a run.
#[derive(Clone, Copy)]
pub(crate) struct Format<'a> {
    pub(crate) compression: Compression,
    pub(crate) counts_only: bool,
    pub(crate) work: &'a Path,
}

/// Buffers that live from document to document.
#[derive(Default)]
pub(crate) struct SinkBuffers {
    text_sha256: String,
    tally: TallyBuffer,
    spooled: Box<UnitBuffer>,
    documents: FrameWriter,
    ledger: FrameWriter,
}

impl Sink {
    pub(crate) fn new(to: &To<'_>, format: Format<'_>, buffers: &mut SinkBuffers) -> Self {
        match to {
            To::Spool { .. } => {
                let mut buffer = take(&mut buffers.spooled);
                buffer.clear();
                Self::Spool(buffer)
            }
            To::Shards(assembler) => {
                let [documents, ledger, rows] = assembler.spare.take();
                Self::Shard(Box::new(ShardSink {
                    documents: Frames::new(take(&mut buffers.documents), format.compression, documents),
                    ledger: Frames::new(take(&mut buffers.ledger), format.compression, ledger),
                    rows: Frames::new(FrameWriter::default(), Compression::None, rows),
                    tally: Tally::default(),
                }))
            }
            To::Stream { .. } => {
                Self::Stream(Box::new(StreamSink { records: Vec::new(), tally: Tally::default() }))
            }
        }
    }

    /// Takes a document at its end, with the sketch for the corpus stage that comes next.
    pub(crate) fn push(
        &mut self,
        plan: &Plan,
        current: &Spooled,
        sketch: &[u8],
        format: Format<'_>,
        buffers: &mut SinkBuffers,
    ) -> Result<(), RunError> {
        let Spooled { read, raw_bytes, raw_sha256 } = current;
        let document = &read.document;
        let kept = document.outcome == Outcome::Kept;
        match self {
            Self::Spool(buffer) => buffer.push(current, sketch),
            Self::Stream(stream) => {
                let StreamSink { records, tally } = stream.as_mut();
                if kept {
                    write_record(document, &read.location, &read.extra, raw_sha256, *raw_bytes, records);
                }
                tally.count(plan, document, *raw_bytes, &mut buffers.tally);
            }
            Self::Shard(shard) => {
                let ShardSink { documents, ledger, rows, tally } = shard.as_mut();
                if kept {
                    let line = documents.line();
                    write_record(document, &read.location, &read.extra, raw_sha256, *raw_bytes, line);
                    documents.end_line(format.work)?;
                }
                sha256(document.text.as_bytes(), &mut buffers.text_sha256);
                let duplicate_of = duplicate_of(&document.outcome);
                let line = LedgerLine::of(
                    plan,
                    read,
                    duplicate_of,
                    *raw_bytes,
                    raw_sha256,
                    &buffers.text_sha256,
                    format.counts_only,
                );
                line.write(ledger.line());
                ledger.end_line(format.work)?;
                provenance_row(&line, rows.line());
                rows.end_line(format.work)?;
                tally.count(plan, document, *raw_bytes, &mut buffers.tally);
            }
        }
        Ok(())
    }

    /// Hands the part over.
    pub(crate) fn finish(
        self,
        to: &To<'_>,
        part: Part,
        basis: Basis,
        buffers: &mut SinkBuffers,
    ) -> Result<(), RunError> {
        match (self, to) {
            (Self::Spool(mut buffer), To::Spool { spooling, .. }) => {
                spooling.take(part, basis, &mut buffer)?;
                buffers.spooled = buffer;
                Ok(())
            }
            (Self::Shard(shard), To::Shards(assembler)) => {
                let ShardSink { documents, ledger, rows, tally } = *shard;
                let ((documents, of_documents), (ledger, of_ledger)) =
                    (documents.finish()?, ledger.finish()?);
                (buffers.documents, buffers.ledger) = (of_documents, of_ledger);
                let (rows, _) = rows.finish()?;
                assembler.take(part, PartOutput { basis, documents, ledger, rows, tally })
            }
            (Self::Stream(stream), To::Stream { writer, tally }) => {
                locked(tally).add(&stream.tally);
                Ok(writer.put(part.place, stream.records, part.last)?)
            }
            _ => Ok(()),
        }
    }
}

/// The id of the kept document that this one lost to.
fn duplicate_of(outcome: &Outcome) -> Option<&str> {
    let Outcome::Dropped(dropped) = outcome else { return None };
    match dropped.duplicate_of.as_ref()? {
        Original::Named(id) | Original::Earlier { id, .. } => Some(id),
        // Decisions that are applied name their documents.
        Original::Document(_) => None,
    }
}
