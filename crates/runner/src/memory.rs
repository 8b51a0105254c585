//! What the memory of a run is used for.

use tamis_io::{Admission, LARGE};

use crate::flow::{ByteBudget, Permit};

/// Bytes that a document takes for each of its raw bytes while it is worked on: raw bytes, two texts, segment maps,
/// what stages keep of it, its lines of output. Measured on one page of 32 MiB: 9.6 for HTML, 13.1 for text.
const COPIES: u64 = 16;

/// How a run shares its memory out. What the stages' tables and small documents take comes first, about 30 MiB and
/// 25 MiB a worker; these are shares of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// Large documents at work.
    pub(crate) documents: u64,
    /// Sketches held in memory between two phases.
    pub(crate) sketches: u64,
    /// Decisions over the corpus.
    pub(crate) decision: u64,
}

impl Shares {
    /// The shares of `memory` bytes. Documents are at work in other phases than decisions, which take up to twice their share
    /// where memory that they have freed lies in pieces: 2 GB of records in 256 MiB.
    pub(crate) fn of(memory: u64) -> Self {
        Self { documents: memory / 2, sketches: memory / 8, decision: memory / 16 * 3 }
    }
}

/// The largest document that can be worked on with so much memory, in raw bytes.
pub fn largest_document(memory: u64) -> u64 {
    Shares::of(memory).documents / COPIES
}

/// Lets a worker's large documents in, one after the other.
pub(crate) struct Desk<'a> {
    budget: &'a ByteBudget,
    permit: std::cell::RefCell<Option<Permit<'a>>>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(budget: &'a ByteBudget) -> Self {
        Self { budget, permit: std::cell::RefCell::new(None) }
    }

    /// Adjusts what was borrowed to what the document takes, now that its size is known. Whether it is a large one.
    pub(crate) fn settle(&self, bytes: usize) -> bool {
        let mut permit = self.permit.borrow_mut();
        if let Some(permit) = permit.as_mut() {
            permit.shrink(COPIES * bytes.max(LARGE) as u64);
        }
        permit.is_some()
    }

    /// Gives back what the document took. Before a worker waits for anything else, it has to.
    pub(crate) fn leave(&self) {
        self.permit.replace(None);
    }
}

impl Admission for Desk<'_> {
    fn admit(&self, bytes: u64) {
        if self.permit.borrow().is_none() {
            // Larger ones than the budget holds are refused by the limit on documents.
            let bytes = (COPIES * bytes).min(self.budget.capacity());
            let permit = self.budget.acquire(bytes);
            self.permit.replace(permit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_holds_one_permit_and_no_more_than_it_needs() {
        shuttle::check_random(
            || {
                let budget = ByteBudget::new(100 << 20);
                let desk = Desk::new(&budget);
                assert!(!desk.settle(10));
                desk.admit(3 << 20);
                desk.admit(6 << 20);
                assert!(desk.settle(2 << 20));
                let second = Desk::new(&budget);
                second.admit(4 << 20);
                assert!(second.settle(4 << 20));
                second.leave();
                desk.leave();
                desk.admit(1 << 40);
                assert!(desk.settle(1));
            },
            10,
        );
    }
}
