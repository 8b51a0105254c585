//! A pipeline file, read and checked.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};
use tamis_core::{Plan, PlannedStage};
use tamis_dedup::Forecast;
use tamis_io::{Compression, Cutting, Limits};
use toml::de::{DeTable, DeValue};

use crate::decode::Table;
use crate::diagnostic::did_you_mean;
use crate::file::{CompressionName, GateTable, InputTable, LedgerName, LimitsTable, OutputTable};
use crate::files::Files;
use crate::registry::{STAGES, StageFactory};
use crate::{Diagnostic, Gate, Size, TestCase, order};

/// A pipeline, ready to run.
#[derive(Debug)]
pub struct Pipeline {
    /// What it is for, in a few words.
    pub description: String,
    /// What it reads.
    pub input: Input,
    /// Its stages.
    pub plan: Plan,
    /// Each stage's name and its options, every default made explicit.
    pub stages: Vec<StageEntry>,
    /// What it writes.
    pub output: Output,
    /// What one document may cost.
    pub limits: Limits,
    /// Failed documents that are accepted.
    pub max_failed: u64,
    /// Conditions on the counts.
    pub gates: Vec<Gate>,
    /// Tests of the pipeline itself.
    pub tests: Vec<TestCase>,
}

/// What a pipeline reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Files and directories.
    pub paths: Vec<String>,
    /// Globs of the files that count; without any, the known extensions.
    pub include: Vec<String>,
}

/// What a pipeline writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The directory of the run.
    pub directory: String,
    /// How documents and ledger are compressed.
    pub compression: Compression,
    /// How much the ledger tells.
    pub ledger: Ledger,
    /// Bytes of input that one shard is made from.
    pub cutting: Cutting,
}

/// How much the ledger tells of each document's changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ledger {
    /// Every edit.
    #[default]
    Edits,
    /// Totals by rule.
    Counts,
}

/// A stage of a pipeline file.
#[derive(Clone, Debug, PartialEq)]
pub struct StageEntry {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
    /// Its options, defaults included.
    pub options: Value,
}

impl Pipeline {
    /// The pipeline with every default made explicit, without what names places: what a run's result depends on.
    pub fn resolved(&self) -> Value {
        let stages: Vec<Value> = self
            .stages
            .iter()
            .map(|stage| json!({ "use": stage.name, "version": stage.version, "options": stage.options }))
            .collect();
        json!({
            "name": self.plan.name,
            "description": self.description,
            "input": { "include": self.input.include },
            "stages": stages,
            "limits": { "document-bytes": self.limits.document_bytes, "max-failed": self.max_failed },
            "output": {
                "compression": self.output.compression,
                "ledger": match self.output.ledger { Ledger::Edits => "edits", Ledger::Counts => "counts" },
                "shard_size": self.output.cutting.shard_bytes,
            },
            "gates": self.gates.iter().map(Gate::resolved).collect::<Vec<_>>(),
        })
    }
}

/// A shard for every few documents is a mistake.
const SMALLEST_SHARD: u64 = 64 << 10;

const KEYS: [&str; 8] = ["name", "description", "input", "stage", "output", "limits", "gate", "test"];

impl Pipeline {
    /// What deduplication will need for so many documents with so many bytes of text together, under a budget of so much
    /// memory; `None` for a pipeline without it.
    pub fn forecast(&self, documents: u64, text: u64, budget: u64) -> Option<Forecast> {
        let stage = self.stages.iter().find(|stage| stage.name == tamis_dedup::SPEC.name)?;
        let with_runs = stage.options.get("runs").is_some_and(Value::is_object);
        let forecast = if with_runs { Forecast::with_runs } else { Forecast::new };
        Some(forecast(documents, text, budget))
    }
}

/// Reads a pipeline that stands in no folder: its options can name no files. All its errors come at once.
pub fn parse(text: &str) -> Result<Pipeline, Vec<Diagnostic>> {
    parse_with(text, Files::none())
}

/// Reads a pipeline file that stands in `folder`, and the files its options name, relative to it. All errors come at
/// once.
pub fn parse_in(text: &str, folder: &Path) -> Result<Pipeline, Vec<Diagnostic>> {
    parse_with(text, Files::beside(folder))
}

fn parse_with(text: &str, files: Files<'_>) -> Result<Pipeline, Vec<Diagnostic>> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    let mut told: Vec<Diagnostic> = syntax
        .iter()
        .map(|error| Diagnostic::new(error.message().to_owned(), error.span().unwrap_or_default()))
        .collect();
    if !told.is_empty() {
        return Err(told);
    }
    let mut file = Table::new(document.into_inner(), 0..first_line(text));
    let name = string(&mut file, "name", &mut told);
    let description = string(&mut file, "description", &mut told).unwrap_or_default();
    let input = section::<InputTable>(&mut file, "input", &mut told);
    let output = section::<OutputTable>(&mut file, "output", &mut told);
    let limits = section::<LimitsTable>(&mut file, "limits", &mut told);
    let tables = file.take_tables("stage", &mut told);
    let no_stage = tables.is_empty();
    let built = stages(tables, &files, &mut told);
    let gates = gates(file.take_tables("gate", &mut told), &mut told);
    let tests: Vec<TestCase> = file
        .take_tables("test", &mut told)
        .into_iter()
        .filter_map(|table| table.read::<TestCase>("`[[test]]`", &mut told).map(|read| read.value))
        .collect();
    file.refuse_rest(&KEYS, &mut told);
    let head = 0..first_line(text);
    if name.is_none() && !told.iter().any(|diagnostic| diagnostic.message.contains("`name`")) {
        told.push(Diagnostic::new("the pipeline has no `name`", head.clone()));
    }
    if no_stage && told.is_empty() {
        told.push(
            Diagnostic::new("the pipeline has no `[[stage]]`", head.clone())
                .with_help("the first one reads bytes: `[[stage]]` with `use = \"decode\"`"),
        );
    }
    if limits.document_bytes > 1 << 30 || limits.document_bytes == 0 {
        let message = "`limits.document-bytes` must be between 1 and 1073741824 (1 GiB)";
        told.push(Diagnostic::new(message, head.clone()));
    }
    if output.shard_size.is_some_and(|size| size.0 < SMALLEST_SHARD) {
        told.push(Diagnostic::new("`output.shard_size` must be 65536 (64 KiB) at least", head));
    }
    if !told.is_empty() {
        told.sort_by_key(|diagnostic| diagnostic.span.start);
        return Err(told);
    }
    let name = name.unwrap_or_default();
    let (stages, planned) = built.into_iter().unzip();
    Ok(Pipeline {
        description,
        input: Input { paths: input.paths, include: input.include },
        stages,
        output: Output {
            directory: output.directory.unwrap_or_else(|| format!("out/{name}")),
            compression: match output.compression {
                CompressionName::None => Compression::None,
                CompressionName::Gzip => Compression::Gzip,
                CompressionName::Zstd => Compression::Zstd,
            },
            ledger: match output.ledger {
                LedgerName::Edits => Ledger::Edits,
                LedgerName::Counts => Ledger::Counts,
            },
            cutting: output
                .shard_size
                .map_or(Cutting::default(), |Size(shard_bytes)| Cutting { shard_bytes }),
        },
        plan: Plan::new(name, planned),
        limits: Limits { document_bytes: usize::try_from(limits.document_bytes).unwrap_or(usize::MAX) },
        max_failed: limits.max_failed,
        gates,
        tests,
    })
}

fn first_line(text: &str) -> usize {
    text.lines().next().map_or(0, str::len)
}

fn string(file: &mut Table<'_>, key: &str, told: &mut Vec<Diagnostic>) -> Option<String> {
    let (_, value) = file.take(key)?;
    let span = value.span();
    match value.into_inner() {
        DeValue::String(text) => Some(text.into_owned()),
        other => {
            let message = format!("`{key}`: {} where there must be a string", other.type_str());
            told.push(Diagnostic::new(message, span));
            None
        }
    }
}

fn section<T>(file: &mut Table<'_>, key: &str, told: &mut Vec<Diagnostic>) -> T
where
    T: serde::de::DeserializeOwned + schemars::JsonSchema + Default,
{
    let table = file.take_table(key, told);
    table.and_then(|table| table.read::<T>(key, told)).map(|read| read.value).unwrap_or_default()
}

fn stages(
    tables: Vec<Table<'_>>,
    files: &Files<'_>,
    told: &mut Vec<Diagnostic>,
) -> Vec<(StageEntry, PlannedStage)> {
    let mut built = Vec::new();
    let mut met: Vec<(&'static dyn StageFactory, Range<usize>)> = Vec::new();
    for mut table in tables {
        let Some((key, value)) = table.take("use") else {
            let names: Vec<_> = STAGES.iter().map(|stage| format!("`{}`", stage.spec().name)).collect();
            told.push(
                Diagnostic::new("a stage without `use`", table.head.clone())
                    .with_help(format!("stages: {}", names.join(", "))),
            );
            continue;
        };
        let place = value.span();
        let Some(name) = value.get_ref().as_str() else {
            let message = format!("`use`: {} where there must be a string", value.get_ref().type_str());
            told.push(Diagnostic::new(message, place));
            continue;
        };
        let Some(stage) = STAGES.iter().find(|stage| stage.spec().name == name) else {
            let names = STAGES.iter().map(|stage| stage.spec().name);
            let help = did_you_mean(name, names.clone()).unwrap_or_else(|| {
                format!("stages: {}", names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
            });
            told.push(Diagnostic::new(format!("unknown stage `{name}`"), place).with_help(help));
            continue;
        };
        table.head = key.start..place.end;
        met.push((*stage, place));
        if let Some((options, planned)) = stage.build(table, files, told) {
            let spec = stage.spec();
            built.push((StageEntry { name: spec.name, version: spec.version, options }, planned));
        }
    }
    order::check(&met, told);
    built
}

fn gates(tables: Vec<Table<'_>>, told: &mut Vec<Diagnostic>) -> Vec<Gate> {
    let mut gates = Vec::new();
    for table in tables {
        if let Some(read) = table.read::<GateTable>("`[[gate]]`", told) {
            gates.extend(Gate::new(&read, told));
        }
    }
    gates
}

/// The options a person wrote, by stage: for `tamis check`.
impl StageEntry {
    /// Options as `key = value`, defaults included, in the order of their names.
    pub fn listed(&self) -> BTreeMap<String, String> {
        let Value::Object(options) = &self.options else { return BTreeMap::new() };
        options.iter().map(|(key, value)| (key.clone(), value.to_string())).collect()
    }
}
