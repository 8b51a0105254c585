//! The tables of a pipeline file, as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Size;

/// What to read.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct InputTable {
    /// Files and directories, relative to the working directory. `--input` overrides them.
    pub(crate) paths: Vec<String>,
    /// Globs of the files that count, relative to each directory. Without any, the known extensions: `.txt`, `.text`,
    /// `.md`, `.html`, `.htm`, `.xhtml`, `.jsonl`, `.ndjson`, each also with `.gz` or `.zst`.
    pub(crate) include: Vec<String>,
}

/// What to write.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OutputTable {
    /// The directory of the run. `--output` overrides it. Without either, `out/` and the pipeline's name.
    pub(crate) directory: Option<String>,
    /// How documents and ledger are compressed: `none`, `gzip` or `zstd`.
    pub(crate) compression: CompressionName,
    /// `edits`: every change with its place, so that the run is reversible. `counts`: totals by rule only.
    pub(crate) ledger: LedgerName,
    /// Bytes of input that one shard of the output is made from: a number, or a string such as `"64MiB"`. At least
    /// 64 KiB. Without it, 8 MiB.
    pub(crate) shard_size: Option<Size>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CompressionName {
    None,
    Gzip,
    #[default]
    Zstd,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LedgerName {
    #[default]
    Edits,
    Counts,
}

/// What a run may cost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct LimitsTable {
    /// Bytes of one document, decompressed; a larger one fails alone. At most 1 GiB.
    pub(crate) document_bytes: u64,
    /// Failed documents that are accepted: with more, the exit code is 3. `--max-failed` overrides it.
    pub(crate) max_failed: u64,
}

impl Default for LimitsTable {
    fn default() -> Self {
        Self { document_bytes: tamis_io::Limits::default().document_bytes as u64, max_failed: 0 }
    }
}

/// A condition on the counts of a run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateTable {
    /// What is measured, for example `dropped.ratio`, `lang.fr.ratio`, `rule.dedup/near-duplicate.dropped`.
    pub(crate) metric: String,
    /// When the run fails with exit code 1, for example `"> 0.40"`.
    pub(crate) error_if: Option<String>,
    /// When a warning is told.
    pub(crate) warn_if: Option<String>,
}
