//! What is to be run, and who watches.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tamis_core::{Document, Plan};
use tamis_io::{Compression, Cutting, Discovered, Limits};

/// A run: what to read, what to do, where to write.
pub struct Job<'a> {
    /// The stages.
    pub plan: &'a Plan,
    /// What there is to read.
    pub input: &'a Discovered,
    /// The directory of the run; it is there and holds nothing of another run.
    pub output: PathBuf,
    /// How documents and ledger are compressed.
    pub compression: Compression,
    /// Whether the ledger tells totals by rule instead of edits.
    pub counts_only: bool,
    /// What one document may cost.
    pub limits: Limits,
    /// The number of workers, at least 1.
    pub jobs: usize,
    /// Bytes of memory for documents at work, sketches and decisions; what does not fit goes to temporary files. No
    /// document may be larger than [`crate::largest_document`] says.
    pub memory: u64,
    /// How the input is cut into shards.
    pub cutting: Cutting,
    /// Read only so many documents, the first in input order.
    pub limit: Option<u64>,
    /// A hash of all that the output depends on besides the input: what the journal is trusted by.
    pub plan_hash: String,
    /// Whether to go on with an earlier run of the same plan, finished or not: what was made from the same input is
    /// not made again.
    pub resume: bool,
    /// Whether stages that leave an index for later runs do so; a trial does not.
    pub writes_indexes: bool,
    /// Who watches.
    pub observer: &'a dyn Observer,
}

/// Watches a run, from several threads at once.
pub trait Observer: Sync {
    /// Something happened.
    fn event(&self, event: Event);

    /// The counters that workers add to, for those who look by themselves.
    fn counters(&self) -> &Counters;

    /// A phase has failed `document`, or is done with it where [`Observer::sees_all`] asks for that. It has its outcome;
    /// stages in it are places of `plan`.
    fn document(&self, _plan: &Plan, _document: &Document) {}

    /// Whether it wants to see documents that do not fail. Asked once a phase: who does not look costs nothing.
    fn sees_all(&self) -> bool {
        false
    }
}

/// What happens in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The input is cut and memory is shared out.
    Started {
        /// Units that workers claim.
        units: usize,
        /// Bytes of input.
        bytes: u64,
        /// Bytes of memory for large documents at work.
        documents_memory: u64,
        /// Bytes of memory for sketches between two phases.
        sketches_memory: u64,
        /// Bytes of memory for one decision over the corpus.
        decision_memory: u64,
    },
    /// A phase begins.
    PhaseStarted {
        /// Its number, from 1.
        phase: usize,
        /// The number of phases.
        of: usize,
        /// What its stages are, in order.
        stages: Vec<&'static str>,
        /// The bytes it will read.
        bytes: u64,
    },
    /// A phase has worked through all it was given.
    PhaseFinished {
        /// Its number, from 1.
        phase: usize,
        /// Wall time.
        time: Duration,
    },
    /// A corpus stage has seen all sketches and decides.
    Deciding {
        /// Its name.
        stage: &'static str,
        /// The number of documents it decides over.
        documents: usize,
    },
    /// A corpus stage has decided.
    Decided {
        /// Its name.
        stage: &'static str,
        /// Wall time.
        time: Duration,
    },
    /// A shard is on disk.
    ShardWritten {
        /// Its name.
        shard: String,
    },
}

/// Counts for those who watch.
#[derive(Debug, Default)]
pub struct Counters {
    /// Documents that the running phase has worked through.
    pub documents: AtomicU64,
    /// Bytes of units that the running phase has worked through.
    pub bytes: AtomicU64,
    /// Documents that have failed since the run began.
    pub failed: AtomicU64,
    /// Bytes of the texts that the running phase has kept.
    pub text_bytes: AtomicU64,
}

impl Counters {
    pub(crate) fn reset(&self) {
        self.documents.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
        self.text_bytes.store(0, Ordering::Relaxed);
    }
}

/// Counts, and tells nobody: for a run that no one watches.
impl Observer for Counters {
    fn event(&self, _: Event) {}

    fn counters(&self) -> &Counters {
        self
    }
}
