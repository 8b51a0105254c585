//! Being told to stop.

use std::sync::atomic::{AtomicU8, Ordering};

/// Whether to stop: not yet, after the units at work, or at the next document.
#[derive(Debug, Default)]
pub struct Cancel(AtomicU8);

impl Cancel {
    /// Not told yet.
    pub const fn new() -> Self {
        Self(AtomicU8::new(0))
    }

    /// Asks to stop, each time more urgently. Returns how often it was asked.
    pub fn ask(&self) -> u8 {
        self.0.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    /// Whether no new unit should be claimed.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// Whether units at work should be left.
    pub fn is_urgent(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}
