//! Pipeline files: which stages run, in which order, with which options.
//!
//! - [`parse`] turns the text of a pipeline file into a [`Pipeline`], or into all its errors at once, each a
//!   [`Diagnostic`] with its place; [`render`] draws them.
//! - [`STAGES`] is the list of all stages: the one place that knows them by name.
//! - [`TestCase::run`] runs a `[[test]]` block, [`bless`] writes what it found; [`Gate::judge`] a `[[gate]]`.
//! - [`schema`] is the JSON Schema of pipeline files, from the same types that read them.
//!
//! ```
//! let pipeline = tamis_pipeline::parse(
//!     r#"
//!     name = "small"
//!
//!     [[stage]]
//!     use = "decode"
//!
//!     [[stage]]
//!     use = "normalise-unicode"
//!     "#,
//! );
//! assert_eq!(pipeline.unwrap().plan.stages().len(), 2);
//!
//! let errors = tamis_pipeline::parse("name = \"small\"\n[[stage]]\nuse = \"decod\"\n").unwrap_err();
//! assert_eq!(errors[0].help.as_deref(), Some("did you mean `decode`?"));
//! ```

mod bless;
mod decode;
mod diagnostic;
mod file;
mod files;
mod gate;
mod order;
mod pipeline;
mod registry;
mod render;
mod schema;
mod size;
mod test_case;

pub use bless::bless;
pub use diagnostic::Diagnostic;
pub use files::Files;
pub use gate::{Baseline, Condition, Gate, Judgement, METRICS, Verdict, metric};
pub use pipeline::{Input, Ledger, Output, Pipeline, StageEntry, parse, parse_in};
pub use registry::{STAGES, StageFactory};
pub use render::{render, render_json};
pub use schema::schema;
pub use size::Size;
pub use tamis_dedup::Forecast;
pub use test_case::{ExpectedAmount, TestCase, TestExpect, TestInput, TestOutcome};
