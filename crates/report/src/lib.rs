//! What a run tells of itself, and the proof that it is true.
//!
//! Writing, once the runner is done:
//!
//! - [`write_report`]: `report.json` (no clock, no machine), `report.html`, the dataset card `README.md`,
//!   `croissant.json`;
//! - [`write_run_facts`]: `run.json`, everything that differs between two runs of the same input;
//! - [`write_manifest`]: last, every file with length and hash.
//!
//! Reading a finished run: [`Run::open`], then
//!
//! - [`verify`]: re-proves the promises from raw files and ledger alone, without any stage;
//! - [`explain`]: one document for people, every removed span struck out and named;
//! - [`diff`]: what changed between two runs, and by which rule;
//! - [`rebuild`]: raw bytes and edits give back the clean text.
//!
//! This crate knows no stage and no runner: a run is plain data.

mod card;
mod croissant;
mod diff;
mod encoding;
mod explain;
mod inputs;
mod lineage;
mod manifest;
mod page;
mod rebuild;
mod report;
mod run;
mod run_facts;
mod sample;
mod samples;
mod shards;
mod shown;
mod summary;
mod terminal;
mod verify;
mod words;
mod write;

pub use diff::{
    Change, Changed, DiffError, DiffOptions, Part, PartKind, PipelineChange, RuleChange, RunDiff, TextChange,
    diff,
};
pub use explain::{ExplainError, ExplainOptions, Explanation, History, Step, explain};
pub use lineage::{openlineage, prov};
pub use manifest::{MANIFEST, Manifest, write_manifest};
pub use rebuild::{Misfit, Piece, Rebuilt, rebuild};
pub use report::{
    Accounting, FORMAT, Found, GateResult, Lengths, Report, ReportInput, RuleReport, StageReport, Totals,
    VERSION, Verdict,
};
pub use run::{OpenError, Run};
pub use run_facts::{PhaseTime, RUN_FACTS, ReusedFacts, RunFacts, RunFactsInput, StageTime, write_run_facts};
pub use sample::{Drawn, Passage, Sample, SampleError, SampleOf, SampleOptions, sample, sample_lines};
pub use shards::{ShardError, ShardLines};
pub use summary::summary;
pub use verify::{Broken, Law, LawResult, VerifyError, VerifyReport, verify};
pub use write::{write_page, write_report};
