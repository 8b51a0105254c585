//! Byte spans, edits and the segment map that ties clean text to raw bytes.
//!
//! This is tamis' ground floor: no I/O, no dependencies. Four types matter.
//!
//! - [`Span`] is a half-open range of bytes, [`TextSize`] one byte offset or length; both are 32 bits wide, so a
//!   document is at most 4 GiB (sources refuse larger ones long before).
//! - [`EditList`] is what one stage wants changed: ascending, disjoint edits on character boundaries, each with the
//!   rule that asked for it.
//! - [`SegmentMap`] tiles the raw bytes and the text at once: each [`Segment`] says how a run of raw bytes became a
//!   run of text, and by which rule.
//! - [`apply`] runs an edit list over a text and composes the segment map, in one forward pass.
//!
//! # Example
//!
//! ```
//! use tamis_span::{apply, EditList, RuleIndex, SegmentMap, Span};
//!
//! let raw = "Menu\nLe plan vaut 109 milliards.";
//! let mut edits = EditList::default();
//! edits.remove(raw, Span::of(0, 5), RuleIndex::new(7), None)?;
//!
//! let (mut text, mut map) = (String::new(), SegmentMap::default());
//! apply(raw, &SegmentMap::identity(raw.len()), &edits, &mut text, &mut map);
//! assert_eq!(text, "Le plan vaut 109 milliards.");
//!
//! // Where in the raw bytes does "plan" stand?
//! assert_eq!(map.raw_span(&text, Span::of(3, 7)), Some(Span::of(8, 12)));
//! assert_eq!(map.totals().removed, 5);
//! # Ok::<(), tamis_span::EditError>(())
//! ```

mod apply;
mod edit;
mod lookup;
mod map;
mod rebase;
mod segment;
mod size;

pub use apply::{apply, compose};
pub use edit::{Edit, EditError, EditErrorKind, EditList};
pub use map::{MapError, SegmentMap, Totals};
pub use rebase::rebase;
pub use segment::{RuleIndex, Segment, SegmentKind};
pub use size::{Span, TextSize};
