//! Runs written through the types of the runner: reported, read back, verified, explained, compared.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod corruption;
mod diff;
mod explain;
mod report;
mod sample;
mod support;
mod verify;
