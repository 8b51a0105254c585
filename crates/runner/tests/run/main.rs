//! Whole runs with small stages: determinism, isolation, barriers, streams, memory, resume.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

mod outcomes;
mod resume;
mod stages;
mod streams;
mod watching;
