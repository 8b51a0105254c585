//! How the workers of a phase come by their work.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tamis_core::StageWork;
use tamis_io::{Discovered, DocumentReader, InputFile, Limits, StreamBlock, StreamReader, Unit};

use crate::RunError;
use crate::assemble::locked;
use crate::flow::{ByteBudget, Place, Streams};
use crate::layout::Part;
use crate::memory::Desk;
use crate::opened::Opened;
use crate::phase::{From, Phase, To};
use crate::worker::{Setting, Worker};

/// What the workers of a phase share.
struct Shared<'a> {
    phase: &'a Phase<'a>,
    setting: Setting<'a>,
    limits: Limits,
    next: AtomicUsize,
    stopped: AtomicBool,
    streams: Streams<Block<'a>>,
}

/// A block of a compressed file.
struct Block<'a> {
    file: &'a InputFile,
    part: Part,
    content: StreamBlock,
}

/// Has the workers of the pool work through a phase. What each stage has cost is added to `work`.
pub(crate) fn work_through<'a>(
    pool: &rayon::ThreadPool,
    phase: &'a Phase<'a>,
    setting: Setting<'a>,
    limits: Limits,
    budget: &'a ByteBudget,
    work: &Mutex<Vec<StageWork>>,
) -> Result<(), RunError> {
    let shared = Shared {
        phase,
        setting,
        limits,
        next: AtomicUsize::new(0),
        stopped: AtomicBool::new(false),
        streams: Streams::new(2 * pool.current_num_threads()),
    };
    let results: Vec<Result<(), RunError>> = pool.broadcast(|_| {
        let mut worker = Worker::new(phase, setting, Desk::new(budget));
        // A panic outside a document is a defect of the runner: the run stops, and says so.
        let done = catch_unwind(AssertUnwindSafe(|| shared.run(&mut worker)));
        let result = done.unwrap_or_else(|payload| {
            Err(RunError::Worker(payload.downcast_ref::<String>().cloned().unwrap_or_default()))
        });
        if result.is_err() {
            shared.stopped.store(true, Ordering::Relaxed);
            if let To::Stream { writer, .. } = &phase.to {
                writer.close();
            }
        }
        let mut sum = locked(work);
        for (sum, work) in sum.iter_mut().zip(worker.finish()) {
            sum.add(work);
        }
        result
    });
    // The cause comes before the interruptions that followed from it.
    let mut interrupted = Ok(());
    for result in results {
        match result {
            Err(RunError::Interrupted) => interrupted = Err(RunError::Interrupted),
            Err(RunError::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                interrupted = interrupted.and(Err(RunError::Io(error)));
            }
            Err(error) => return Err(error),
            Ok(()) => {}
        }
    }
    interrupted
}

impl<'a> Shared<'a> {
    /// One worker, until there is nothing left to do.
    fn run(&self, worker: &mut Worker<'a>) -> Result<(), RunError> {
        loop {
            if self.stopped.load(Ordering::Relaxed) {
                return Ok(());
            }
            if self.setting.cancel.is_asked() {
                return Err(RunError::Interrupted);
            }
            // Blocks come first: they are earlier in the output than any unit that is left.
            if let Some(block) = self.streams.take_any() {
                self.block(worker, &block)?;
                continue;
            }
            let claimed = self.next.fetch_add(1, Ordering::Relaxed);
            let found = match self.phase.from {
                From::Input { found, units, take } => match units.get(claimed) {
                    Some(unit) => {
                        let left = take.map_or(u64::MAX, |take| take.get(claimed).copied().unwrap_or(0));
                        self.unit(worker, found, claimed, unit, left)?;
                        self.setting.counters.bytes.fetch_add(unit.bytes, Ordering::Relaxed);
                        true
                    }
                    None => false,
                },
                From::Spool { waiting, decided } => match waiting.parts.get(claimed) {
                    Some((part, _)) => {
                        if !self.phase.to.is_done(part.place) {
                            whole(worker.spooled(claimed, waiting, decided)?)?;
                        }
                        let bytes =
                            waiting.corpus.units().get(claimed).map_or(0, |unit| unit.place().bytes());
                        self.setting.counters.bytes.fetch_add(bytes, Ordering::Relaxed);
                        true
                    }
                    None => false,
                },
            };
            if !found {
                match self.streams.wait_any() {
                    Some(block) => self.block(worker, &block)?,
                    None => return Ok(()),
                }
            }
        }
    }

    fn unit(
        &self,
        worker: &mut Worker<'a>,
        found: &'a Discovered,
        number: usize,
        unit: &Unit,
        mut left: u64,
    ) -> Result<(), RunError> {
        match Opened::new(unit, found, self.limits, left) {
            Opened::Blocks(file, reader) => {
                self.streams.open(number);
                let result = self.stream(worker, number, file, reader, left);
                self.streams.close(number);
                result
            }
            Opened::Documents(documents) => {
                let part = Part::whole(number);
                if self.phase.to.is_done(part.place) {
                    return Ok(());
                }
                whole(worker.read(part, documents, &mut left)?)
            }
        }
    }

    /// Decompresses a file and offers its blocks to all workers.
    fn stream(
        &self,
        worker: &mut Worker<'a>,
        number: usize,
        file: &'a InputFile,
        mut reader: StreamReader,
        mut left: u64,
    ) -> Result<(), RunError> {
        let is_limited = left < u64::MAX;
        for number_of_part in 0.. {
            if self.stopped.load(Ordering::Relaxed) {
                return Ok(());
            }
            if self.setting.cancel.is_asked() {
                return Err(RunError::Interrupted);
            }
            let mut content = StreamBlock::default();
            if !reader.next_admitted(&mut content, worker.desk()) {
                break;
            }
            let part = Part { place: Place { unit: number, part: number_of_part }, last: content.last };
            let block = Block { file, part, content };
            if self.phase.to.is_done(part.place) {
                worker.desk().leave();
            } else if is_limited || worker.desk().settle(block.content.bytes.len()) {
                // A large line has its permit here, and the first lines of a file are counted by one worker.
                let documents = DocumentReader::of_block(file, &block.content, self.limits);
                whole(worker.read(part, documents, &mut left)?)?;
                worker.desk().leave();
                if left == 0 {
                    break;
                }
            } else if let Some(block) = self.streams.offer(number, block) {
                self.block(worker, &block)?;
            }
        }
        while let Some(block) = self.streams.take(number) {
            self.block(worker, &block)?;
        }
        Ok(())
    }

    fn block(&self, worker: &mut Worker<'a>, block: &Block<'a>) -> Result<(), RunError> {
        let documents = DocumentReader::of_block(block.file, &block.content, self.limits);
        whole(worker.read(block.part, documents, &mut { u64::MAX })?)
    }
}

/// A part that was left means that stopping is urgent.
fn whole(is_whole: bool) -> Result<(), RunError> {
    if is_whole { Ok(()) } else { Err(RunError::Interrupted) }
}
