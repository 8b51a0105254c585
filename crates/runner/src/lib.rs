//! The parallel stage runner.
//!
//! # How a run goes
//!
//! The input is cut into units and shards before anything is read ([`tamis_io::units`]); the cut depends on the input
//! alone. Workers of a rayon pool claim units from an atomic counter, in order, each with an engine and buffers of its
//! own: no lock and no channel on the way of a document. A finished unit hands its compressed frames to its shard; the
//! worker that brings a shard's last unit writes the shard, atomically, and notes it in the journal.
//!
//! A corpus stage is a barrier. Before it, a phase ends in the spool: documents wait in a temporary file
//! while their sketches are decided over; the next phase reads them back, applies the decisions as ordinary drops and
//! edits, and goes on.
//!
//! # What is promised
//!
//! - The same bytes for any number of workers: units, shards, ordinals and decisions know input order only.
//! - A document fails alone: everything a stage does to it runs under `catch_unwind`, and after a panic the worker's
//!   engine is thrown away.
//! - Memory is bounded by the units in flight, whose output goes to disk beyond a few megabytes, plus about 100 bytes
//!   for each document that meets a corpus stage.
//! - A run that was cut short goes on where its journal ends.

mod assemble;
mod cancel;
mod error;
mod flow;
mod frames;
mod indexes;
mod job;
mod layout;
mod memory;
mod opened;
mod phase;
mod resume;
mod run;
mod sink;
mod work;
mod worker;

pub use cancel::Cancel;
pub use error::RunError;
pub use indexes::index_hashes;
pub use job::{Counters, Event, Job, Observer};
pub use memory::largest_document;
pub use resume::JOURNAL;
pub use run::{Reused, Summary, WORK_DIRECTORY, run, stream};
