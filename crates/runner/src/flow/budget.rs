//! Memory for large documents.

use super::{Condvar, Mutex, lock, wait};

/// A number of bytes that workers borrow from.
///
/// Requests are served in the order they came, so that a large one is not passed over for ever by small ones. A worker
/// holds one permit at a time and gives it back before it asks again; therefore every request is served in the end.
#[derive(Debug)]
pub(crate) struct ByteBudget {
    capacity: u64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Not borrowed; never more than the capacity.
    free: u64,
    /// The number of the next request.
    next: u64,
    /// The number of the request that is served next.
    turn: u64,
}

/// Borrowed bytes; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    budget: &'a ByteBudget,
    bytes: u64,
}

impl ByteBudget {
    pub(crate) fn new(capacity: u64) -> Self {
        let state = State { free: capacity, next: 0, turn: 0 };
        Self { capacity, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// All there is to borrow.
    pub(crate) fn capacity(&self) -> u64 {
        self.capacity
    }

    /// Borrows `bytes`, after all that asked before; `None` when there are not so many at all.
    pub(crate) fn acquire(&self, bytes: u64) -> Option<Permit<'_>> {
        if bytes > self.capacity {
            return None;
        }
        let mut state = lock(&self.state);
        let number = state.next;
        state.next += 1;
        while state.turn != number || state.free < bytes {
            state = wait(&self.changed, state);
        }
        state.turn += 1;
        state.free -= bytes;
        drop(state);
        // The next in turn may fit as well.
        self.changed.notify_all();
        Some(Permit { budget: self, bytes })
    }
}

impl Permit<'_> {
    /// Gives back all but `bytes`, where less was needed than was asked for.
    pub(crate) fn shrink(&mut self, bytes: u64) {
        let back = self.bytes.saturating_sub(bytes);
        self.bytes -= back;
        self.budget.give_back(back);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

impl ByteBudget {
    fn give_back(&self, bytes: u64) {
        if bytes > 0 {
            lock(&self.state).free += bytes;
            self.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use shuttle::sync::Arc;
    use shuttle::sync::atomic::{AtomicU64, Ordering};
    use shuttle::thread;

    use super::*;

    #[test]
    fn no_more_is_borrowed_than_there_is_and_everyone_is_served() {
        shuttle::check_random(
            || {
                let budget = Arc::new(ByteBudget::new(10));
                let borrowed = Arc::new(AtomicU64::new(0));
                let workers: Vec<_> = [[10, 1], [4, 7], [6, 6], [0, 9]]
                    .into_iter()
                    .map(|requests| {
                        let (budget, borrowed) = (Arc::clone(&budget), Arc::clone(&borrowed));
                        thread::spawn(move || {
                            for bytes in requests {
                                let mut permit = budget.acquire(bytes).unwrap();
                                let now = borrowed.fetch_add(bytes, Ordering::SeqCst) + bytes;
                                assert!(now <= 10, "{now} of 10 are borrowed");
                                borrowed.fetch_sub(bytes, Ordering::SeqCst);
                                permit.shrink(bytes / 2);
                            }
                        })
                    })
                    .collect();
                for worker in workers {
                    worker.join().unwrap();
                }
                assert_eq!(lock(&budget.state).free, 10);
            },
            2_000,
        );
    }

    #[test]
    fn what_can_never_be_served_is_told_at_once() {
        shuttle::check_random(|| assert!(ByteBudget::new(10).acquire(11).is_none()), 1);
    }
}
