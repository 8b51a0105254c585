//! Parts that are finished in any order, written in order.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Condvar, Mutex, lock, wait};

/// The place of a part in the output: its unit, and its number in the unit. A unit is complete with the part that is
/// marked as its last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) unit: usize,
    pub(crate) part: usize,
}

impl Place {
    fn next(self, last: bool) -> Self {
        if last { Self { unit: self.unit + 1, part: 0 } } else { Self { part: self.part + 1, ..self } }
    }
}

/// Writes parts in the order of their places.
///
/// At most `ahead` bytes wait for their turn, and a worker that brings more is held until there is room. The worker
/// whose part is next is never held, so the order always goes on; the condition is that places are claimed in order.
#[derive(Debug)]
pub(crate) struct OrderedWriter<W> {
    ahead: usize,
    state: Mutex<State<W>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<W> {
    writer: W,
    next: Place,
    waiting: BTreeMap<Place, (Vec<u8>, bool)>,
    /// The bytes of `waiting`.
    held: usize,
    /// Writing has failed or was given up: nobody waits any longer.
    closed: bool,
}

impl<W: Write> OrderedWriter<W> {
    pub(crate) fn new(writer: W, ahead: usize) -> Self {
        let state =
            State { writer, next: Place::default(), waiting: BTreeMap::new(), held: 0, closed: false };
        Self { ahead, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Writes a part, or leaves it until the parts before it are there. Fails as the writer does; once it has failed,
    /// for every worker.
    pub(crate) fn put(&self, place: Place, bytes: Vec<u8>, last: bool) -> io::Result<()> {
        let mut state = lock(&self.state);
        while !state.closed && place != state.next && state.held + bytes.len() > self.ahead {
            state = wait(&self.changed, state);
        }
        if state.closed {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        state.held += bytes.len();
        state.waiting.insert(place, (bytes, last));
        let written = state.write_ready();
        state.closed |= written.is_err();
        drop(state);
        self.changed.notify_all();
        written
    }

    /// Ends all waiting: what is not written yet is not going to be.
    pub(crate) fn close(&self) {
        lock(&self.state).closed = true;
        self.changed.notify_all();
    }

    /// Flushes the writer.
    pub(crate) fn flush(&self) -> io::Result<()> {
        lock(&self.state).writer.flush()
    }
}

impl<W: Write> State<W> {
    fn write_ready(&mut self) -> io::Result<()> {
        while let Some((bytes, last)) = self.waiting.remove(&self.next) {
            self.held -= bytes.len();
            self.next = self.next.next(last);
            self.writer.write_all(&bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use shuttle::sync::Arc;
    use shuttle::sync::atomic::{AtomicUsize, Ordering};
    use shuttle::thread;

    use super::*;

    /// The places of three units, of 2, 1 and 3 parts.
    const PLACES: [(Place, bool); 6] = [
        (Place { unit: 0, part: 0 }, false),
        (Place { unit: 0, part: 1 }, true),
        (Place { unit: 1, part: 0 }, true),
        (Place { unit: 2, part: 0 }, false),
        (Place { unit: 2, part: 1 }, false),
        (Place { unit: 2, part: 2 }, true),
    ];

    #[test]
    fn parts_come_out_in_order_whoever_brings_them_and_nobody_waits_for_ever() {
        shuttle::check_random(
            || {
                let writer = Arc::new(OrderedWriter::new(Vec::new(), 3));
                let claimed = Arc::new(AtomicUsize::new(0));
                let workers: Vec<_> = (0..3)
                    .map(|_| {
                        let (writer, claimed) = (Arc::clone(&writer), Arc::clone(&claimed));
                        thread::spawn(move || {
                            while let Some((place, last)) = PLACES.get(claimed.fetch_add(1, Ordering::SeqCst))
                            {
                                let bytes = vec![b'0' + place.unit as u8, b'a' + place.part as u8];
                                writer.put(*place, bytes, *last).unwrap();
                                assert!(lock(&writer.state).held <= 3);
                            }
                        })
                    })
                    .collect();
                for worker in workers {
                    worker.join().unwrap();
                }
                assert_eq!(lock(&writer.state).writer, b"0a0b1a2a2b2c");
            },
            2_000,
        );
    }

    #[test]
    fn a_writer_that_fails_lets_everyone_go() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        shuttle::check_random(
            || {
                let writer = Arc::new(OrderedWriter::new(Full, 1));
                let workers: Vec<_> = [2, 1, 0]
                    .into_iter()
                    .map(|part| {
                        let writer = Arc::clone(&writer);
                        thread::spawn(move || writer.put(Place { unit: 0, part }, vec![b'x'; 2], part == 2))
                    })
                    .collect();
                let failed = workers.into_iter().filter(|_| true).map(|worker| worker.join().unwrap());
                assert!(failed.filter(Result::is_err).count() >= 1);
            },
            1_000,
        );
    }
}
