//! Buffers that a worker keeps from document to document.

use std::any::{Any, TypeId};
use std::fmt;

/// A worker's buffers, one slot for each type a stage asks for.
///
/// A stage declares a private struct of buffers and fetches it; its contents must not change what the stage does
/// (the laws run every stage with a fresh and with a used scratch).
///
/// ```
/// #[derive(Default)]
/// struct Lines(Vec<usize>);
///
/// let mut scratch = tamis_core::Scratch::default();
/// let lines = scratch.of::<Lines>();
/// lines.0.clear();
/// lines.0.push(3);
/// ```
#[derive(Default)]
pub struct Scratch {
    // A handful of stages: a walk over the slots is cheaper than a hash map.
    slots: Vec<(TypeId, Box<dyn Any + Send>)>,
}

impl Scratch {
    /// The slot of type `T`, made on first use.
    pub fn of<T: Any + Default + Send>(&mut self) -> &mut T {
        let id = TypeId::of::<T>();
        let place = self.slots.iter().position(|slot| slot.0 == id).unwrap_or_else(|| {
            self.slots.push((id, Box::<T>::default()));
            self.slots.len() - 1
        });
        #[expect(
            clippy::expect_used,
            clippy::indexing_slicing,
            reason = "the slot was found or pushed just above"
        )]
        self.slots[place].1.downcast_mut().expect("the slot holds the type it is filed under")
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("slots", &self.slots.len()).finish()
    }
}
