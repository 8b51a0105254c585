//! Where workers wait for each other, and nowhere else.
//!
//! - [`ByteBudget`]: memory for large documents, handed out in turn;
//! - [`Streams`]: blocks of compressed files on their way from the worker that decompresses to those that are free;
//! - [`OrderedWriter`]: parts that are finished in any order and written in order, with a bound on what waits.
//!
//! Everything that could deadlock or lose a wake-up stands in this module, small enough to be checked by a model:
//! its tests run under shuttle, which tries thousands of interleavings of every lock and wait.

mod budget;
mod ordered;
mod streams;

pub(crate) use budget::{ByteBudget, Permit};
pub(crate) use ordered::{OrderedWriter, Place};
pub(crate) use streams::Streams;

#[cfg(not(test))]
use std::sync::{Condvar, Mutex, MutexGuard};

#[cfg(test)]
use shuttle::sync::{Condvar, Mutex, MutexGuard};

/// A worker that panicked has left a consistent state behind: every change is made in one piece.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn wait<'a, T>(changed: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    changed.wait(guard).unwrap_or_else(std::sync::PoisonError::into_inner)
}
