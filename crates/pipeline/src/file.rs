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
    /// When the run fails with exit code 1: a comparison with a number (`"> 0.40"`) or with the baseline
    /// (`"< baseline - 5%"`, `"> baseline + 0.02"`).
    pub(crate) error_if: Option<String>,
    /// When a warning is told, written likewise.
    pub(crate) warn_if: Option<String>,
    /// What `baseline` stands for in conditions: a number, or the `report.json` of an earlier run (or its directory),
    /// relative to the working directory, from which the same metric is read. While there is no such file, conditions
    /// on the baseline are not judged, and the gate warns.
    pub(crate) baseline: Option<BaselineValue>,
}

/// A number or a path. Read by hand: serde's `untagged` loses the place of an error.
#[derive(Clone, Debug)]
pub(crate) enum BaselineValue {
    Number(f64),
    Path(String),
}

impl<'de> Deserialize<'de> for BaselineValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = BaselineValue;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number or the path of a report.json")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<BaselineValue, E> {
                Ok(BaselineValue::Number(number as f64))
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<BaselineValue, E> {
                if number.is_finite() {
                    Ok(BaselineValue::Number(number))
                } else {
                    Err(E::invalid_value(serde::de::Unexpected::Float(number), &self))
                }
            }

            fn visit_str<E: serde::de::Error>(self, path: &str) -> Result<BaselineValue, E> {
                if path.is_empty() {
                    Err(E::invalid_value(serde::de::Unexpected::Str(path), &self))
                } else {
                    Ok(BaselineValue::Path(path.to_owned()))
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for BaselineValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Baseline".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["number", "string"] })
    }
}
