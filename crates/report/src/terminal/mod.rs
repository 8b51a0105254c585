//! Text in a terminal: colours, and rows of its width.

mod rows;
mod style;

#[cfg(test)]
pub(crate) use rows::width;
pub(crate) use rows::{Row, Rows, WIDEST_TEXT, flow, folded, hanging};
pub(crate) use style::{Style, Tone};

/// The width where nothing tells another one.
pub(crate) const WIDTH: usize = 100;
/// Nothing is folded to less.
pub(crate) const LEAST: usize = 24;
