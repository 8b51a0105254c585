//! Blocks of compressed files, from the worker that decompresses to those that are free.

use std::collections::{BTreeMap, VecDeque};

use super::{Condvar, Mutex, lock, wait};

/// Queues of blocks, one for each file that is being decompressed.
///
/// A file can be decompressed by one worker only, faster than one worker can work through it. So the worker that has
/// claimed the file offers blocks, and takes one back and works on it where enough of them wait: it never stands idle,
/// and never waits for another worker. It takes its own file's oldest block, and others take the oldest block of the
/// first file: the block that the output waits for is always in somebody's hands or next in a queue.
#[derive(Debug)]
pub(crate) struct Streams<T> {
    /// Blocks that may wait in all queues together.
    capacity: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    queues: BTreeMap<usize, VecDeque<T>>,
    waiting: usize,
}

impl<T> Streams<T> {
    pub(crate) fn new(capacity: usize) -> Self {
        let state = State { queues: BTreeMap::new(), waiting: 0 };
        Self { capacity, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Begins a file.
    pub(crate) fn open(&self, unit: usize) {
        lock(&self.state).queues.insert(unit, VecDeque::new());
    }

    /// Offers the next block of a file. Gives the file's oldest block back to the offering worker where enough of them
    /// wait.
    pub(crate) fn offer(&self, unit: usize, block: T) -> Option<T> {
        let mut state = lock(&self.state);
        let is_full = state.waiting >= self.capacity;
        state.waiting += 1;
        state.queues.entry(unit).or_default().push_back(block);
        if is_full {
            return state.take(unit);
        }
        drop(state);
        self.changed.notify_one();
        None
    }

    /// The file's oldest block, for the worker that decompresses it.
    pub(crate) fn take(&self, unit: usize) -> Option<T> {
        lock(&self.state).take(unit)
    }

    /// Ends a file. Blocks that still wait are lost: the worker takes them first, unless the run stops.
    pub(crate) fn close(&self, unit: usize) {
        let mut state = lock(&self.state);
        if let Some(lost) = state.queues.remove(&unit) {
            state.waiting -= lost.len();
        }
        drop(state);
        self.changed.notify_all();
    }

    /// A block of any file, if one waits.
    pub(crate) fn take_any(&self) -> Option<T> {
        lock(&self.state).take_any()
    }

    /// A block of any file; waits for one as long as a file is open. `None` when there is none.
    pub(crate) fn wait_any(&self) -> Option<T> {
        let mut state = lock(&self.state);
        loop {
            if let Some(block) = state.take_any() {
                return Some(block);
            }
            if state.queues.is_empty() {
                return None;
            }
            state = wait(&self.changed, state);
        }
    }
}

impl<T> State<T> {
    fn take(&mut self, unit: usize) -> Option<T> {
        let block = self.queues.get_mut(&unit)?.pop_front()?;
        self.waiting -= 1;
        Some(block)
    }

    fn take_any(&mut self) -> Option<T> {
        let block = self.queues.values_mut().find_map(VecDeque::pop_front)?;
        self.waiting -= 1;
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use shuttle::sync::Arc;
    use shuttle::thread;

    use super::*;

    #[test]
    fn every_block_is_taken_once_and_all_workers_come_home() {
        shuttle::check_random(
            || {
                let streams = Arc::new(Streams::new(2));
                let taken = Arc::new(Mutex::new(Vec::new()));
                for unit in [0, 1] {
                    streams.open(unit);
                }
                let readers = [0, 1].map(|unit| {
                    let (streams, taken) = (Arc::clone(&streams), Arc::clone(&taken));
                    thread::spawn(move || {
                        for part in 0..4 {
                            if let Some(block) = streams.offer(unit, (unit, part)) {
                                lock(&taken).push(block);
                            }
                        }
                        while let Some(block) = streams.take(unit) {
                            lock(&taken).push(block);
                        }
                        streams.close(unit);
                    })
                });
                let others = [0, 1].map(|_| {
                    let (streams, taken) = (Arc::clone(&streams), Arc::clone(&taken));
                    thread::spawn(move || {
                        if let Some(block) = streams.take_any() {
                            lock(&taken).push(block);
                        }
                        while let Some(block) = streams.wait_any() {
                            lock(&taken).push(block);
                        }
                    })
                });
                for worker in readers.into_iter().chain(others) {
                    worker.join().unwrap();
                }
                let mut taken = std::mem::take(&mut *lock(&taken));
                taken.sort_unstable();
                let all: Vec<_> =
                    [0, 1].into_iter().flat_map(|unit| (0..4).map(move |part| (unit, part))).collect();
                assert_eq!(taken, all);
            },
            3_000,
        );
    }

    #[test]
    fn a_file_that_is_given_up_wakes_those_who_wait() {
        shuttle::check_random(
            || {
                let streams = Arc::new(Streams::<u8>::new(1));
                streams.open(7);
                let waiting = {
                    let streams = Arc::clone(&streams);
                    thread::spawn(move || streams.wait_any())
                };
                streams.close(7);
                assert_eq!(waiting.join().unwrap(), None);
            },
            500,
        );
    }
}
