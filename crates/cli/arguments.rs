//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::memory::LEAST;

/// A sieve for text corpora: clean articles into JSONL, and say why every byte is gone.
#[derive(Debug, Parser)]
#[command(
    name = "tamis",
    version,
    propagate_version = true,
    after_help = "\
Examples:
  tamis run pipelines/press.toml                        clean the corpus that the pipeline names
  tamis run pipelines/press.toml --input scraped/       clean another one
  tamis explain out/press agence/007.txt                show what went from one document, and by which rule
  tamis sample out/press --removed-by chrome/read-also  see what a rule does
  tamis verify out/press --input scraped/               prove the run from the raw files alone

Exit codes: 0 ok, 1 a gate or test failed, 2 usage or pipeline error, 3 finished with failed documents,
4 input/output error or broken accounting, 130 interrupted (resumable)."
)]
pub(crate) struct Arguments {
    /// When to colour messages; NO_COLOR is honoured.
    #[arg(long = "color", alias = "colour", value_enum, global = true, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) colour: Colour,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// The command line of this process.
    pub(crate) fn read() -> Self {
        Self::parse_from(told_apart(std::env::args_os()))
    }
}

/// `--dry-run` takes a number or none: what follows it and is no number is another argument.
fn told_apart(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::new();
    for argument in arguments {
        let number = argument.to_str().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(last) = out.last_mut().filter(|last| *last == "--dry-run" && !number) {
            *last = "--dry-run=0".into();
        }
        out.push(argument);
    }
    out
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Colour {
    /// Where a terminal shows it.
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a pipeline over its input: the main job.
    #[command(after_help = "\
Examples:
  tamis run pipelines/press.toml
  tamis run pipelines/press.toml --input scraped/ --input more.jsonl.zst --output out/today
  tamis run pipelines/press.toml --output - | jq -r .text
  tamis run pipelines/press.toml --resume               go on with an unfinished run, or bring one up to date
  tamis run pipelines/press.toml --dry-run              list what would be read and done
  tamis run pipelines/press.toml --dry-run 500          try 500 documents, predict the yield of each stage")]
    Run(RunArguments),
    /// Check a pipeline file and print its plan; opens no input.
    #[command(after_help = "\
Examples:
  tamis check pipelines/press.toml
  tamis check pipelines/press.toml --documents 5000000 --bytes 15GB   what deduplicating them will need")]
    Check(CheckArguments),
    /// Run the [[test]] blocks of pipeline files.
    #[command(after_help = "Example:\n  tamis test pipelines/*.toml")]
    Test(TestArguments),
    /// Show documents of a run, or of a file before any run: what went, by which rule, on which evidence.
    ///
    /// Each stage has its colour; rules stand at the side with their evidence. A duplicate is shown beside the document it
    /// lost to. With a pipeline file in the place of a run, the file is run through it and nothing is written.
    #[command(after_help = "\
Examples:
  tamis explain out/press le-port/003.html              a document by its id, or the end of it
  tamis explain out/press 003.html --at 120             the raw bytes behind a character, and each step between
  tamis explain out/press --dropped-by dedup --sample 3 three that the rules of deduplication dropped
  tamis explain out/press 003.html --html=003.html      as a page
  tamis explain pipelines/press.toml page.html          a file that no run has read yet
  tamis explain pipelines/press.toml lot.jsonl r17      a record of it")]
    Explain(ExplainArguments),
    /// Prove a run's promises from the raw files and the ledger alone.
    #[command(after_help = "Example:\n  tamis verify out/press --input scraped/")]
    Verify(VerifyArguments),
    /// Tell what changed between two runs, and by which rule.
    ///
    /// Documents that were kept and are dropped, and the other way round; texts that changed, word by word, the largest
    /// changes first; other amounts and sentences; options of the pipeline that differ.
    #[command(after_help = "\
Examples:
  tamis diff out/before out/after
  tamis diff out/before out/after --format md --exit-code     for a comment on a change in CI")]
    Diff(DiffArguments),
    /// Draw documents or passages of a run by a seed, to see what a rule does.
    #[command(after_help = "\
Examples:
  tamis sample out/press --removed-by chrome/read-also -n 20  passages with what stood around them
  tamis sample out/press --dropped-by dedup --seed 7          documents that the rules of deduplication dropped
  tamis sample out/press --kept --lang fr --format jsonl | jq -r .text")]
    Sample(SampleArguments),
    /// Write report.html of a run again.
    #[command(after_help = "Example:\n  tamis report out/press --emit prov=press.prov.json")]
    Report(ReportArguments),
    /// Judge the gates of a pipeline file against a finished run.
    #[command(after_help = "\
Examples:
  tamis gate out/press pipelines/press.toml
  tamis gate out/press pipelines/press.toml --baseline out/main --summary md >> \"$GITHUB_STEP_SUMMARY\"")]
    Gate(GateArguments),
    /// List the stages, or tell all about one: options, rules, examples.
    #[command(after_help = "Examples:\n  tamis stages\n  tamis stages strip-chrome")]
    Stages(StagesArguments),
    /// Print the JSON Schema of pipeline files or of records.
    Schema(SchemaArguments),
    /// Print a completion script for a shell.
    #[command(after_help = "Example:\n  tamis completions bash > /etc/bash_completion.d/tamis")]
    Completions(CompletionsArguments),
    /// Print the manual page.
    #[command(after_help = "Example:\n  tamis man > /usr/local/share/man/man1/tamis.1")]
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The pipeline file.
    pub(crate) pipeline: PathBuf,
    /// A file or directory to read, instead of those the pipeline names; may be repeated.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) input: Vec<PathBuf>,
    /// The directory to write, or - for records alone on standard output.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// The number of workers; all cores without it. The output does not depend on it.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
    /// Memory for documents at work, sketches and decisions, beside 25 MiB a worker; what does not fit goes to
    /// temporary files. A quarter of the machine's without it, 4GiB at most.
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(crate) memory: Option<u64>,
    /// Go on with an earlier run of the same pipeline, finished or not: what was made from unchanged input is not made
    /// again.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Write over an earlier run in the output directory.
    #[arg(long)]
    pub(crate) force: bool,
    /// How to tell progress, on standard error.
    #[arg(long, value_enum, default_value_t = Progress::Auto, value_name = "HOW")]
    pub(crate) progress: Progress,
    /// Log what happens to standard error: a level (error, warn, info, debug, trace), or parts with levels, as in
    /// info,tamis::document=trace. Without it, what RUST_LOG says.
    #[arg(long, value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// How to log.
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORM")]
    pub(crate) log_format: LogFormat,
    /// Write counts as OpenMetrics text, whole at any time: at the beginning, every five seconds, at the end.
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Option<PathBuf>,
    /// Tell at the end what each stage and phase has taken.
    #[arg(long)]
    pub(crate) timings: bool,
    /// Read only the first N documents, in input order.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Failed documents that are accepted: with more, the exit code is 3.
    #[arg(long, value_name = "N")]
    pub(crate) max_failed: Option<u64>,
    /// How to end, on standard output: a table, or Markdown for the summary page of a CI job.
    #[arg(long, value_enum, default_value_t = SummaryForm::Text, value_name = "FORM")]
    pub(crate) summary: SummaryForm,
    /// The report.json of an earlier run, in the place of the baselines that the gates name.
    #[arg(long, value_name = "PATH")]
    pub(crate) baseline: Option<PathBuf>,
    /// Tell of the run in another system's words: openlineage=FILE (OpenLineage events, a line each), prov=FILE (W3C
    /// PROV-JSON); may be repeated.
    #[arg(long, value_name = "KIND=FILE", value_parser = emit)]
    pub(crate) emit: Vec<Emit>,
    /// Write nothing: list what would be read and done; with N, run a sample of N documents and predict what each stage
    /// will drop.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) dry_run: Option<u64>,
    /// With `--dry-run N`: another seed draws another sample.
    #[arg(long, value_name = "SEED", default_value_t = 1, requires = "dry_run")]
    pub(crate) seed: u64,
}

fn size(text: &str) -> Result<u64, String> {
    Ok(tamis_pipeline::Size::parse(text)?.0)
}

fn memory(text: &str) -> Result<u64, String> {
    let size = size(text)?;
    if size < LEAST { Err(format!("{} MiB at least", LEAST >> 20)) } else { Ok(size) }
}

/// How a run or a judgement is told at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryForm {
    /// A table for a terminal.
    #[default]
    Text,
    /// Markdown.
    Md,
}

/// A file to write for another system.
#[derive(Clone, Debug)]
pub(crate) struct Emit {
    pub(crate) kind: EmitKind,
    pub(crate) file: PathBuf,
}

/// The other systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmitKind {
    Openlineage,
    Prov,
}

/// `KIND=FILE`.
fn emit(text: &str) -> Result<Emit, String> {
    let kind = match text.split_once('=') {
        Some(("openlineage", _)) => EmitKind::Openlineage,
        Some(("prov", _)) => EmitKind::Prov,
        _ => return Err("write openlineage=FILE or prov=FILE".to_owned()),
    };
    match text.split_once('=') {
        Some((_, file)) if !file.is_empty() => Ok(Emit { kind, file: PathBuf::from(file) }),
        _ => Err("the file has no name".to_owned()),
    }
}

/// How to log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// An object a line.
    Json,
}

/// How to tell progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    /// A bar on a terminal, nothing elsewhere.
    #[default]
    Auto,
    /// A line for each phase and every ten seconds.
    Plain,
    /// A line of JSON for each event and every ten seconds.
    Json,
    None,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The pipeline file.
    pub(crate) pipeline: PathBuf,
    /// Tell errors as lines of JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Tell what deduplication of N documents will need of memory and of temporary files; without it, what the
    /// pipeline's own input will, by the names and sizes of its files.
    #[arg(long, value_name = "N")]
    pub(crate) documents: Option<u64>,
    /// With `--documents`: their text together. 3000 bytes each without it.
    #[arg(long, value_name = "SIZE", value_parser = size, requires = "documents")]
    pub(crate) bytes: Option<u64>,
    /// What the run will be given as `--memory`.
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(crate) memory: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// Pipeline files.
    #[arg(required = true)]
    pub(crate) pipelines: Vec<PathBuf>,
    /// Write what was found into the files, in the place of what was expected.
    #[arg(long)]
    pub(crate) bless: bool,
    /// Write the results as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The directory of the run, or a pipeline file.
    #[arg(value_name = "RUN|PIPELINE")]
    pub(crate) subject: PathBuf,
    /// The document's id, or the end of it, or its path; with a pipeline, the file to explain.
    #[arg(value_name = "ID|FILE")]
    pub(crate) id: Option<String>,
    /// With a pipeline and a file of records: the record's id.
    #[arg(value_name = "RECORD")]
    pub(crate) record: Option<String>,
    /// Documents that this rule dropped; `dedup` stands for every rule of that area.
    #[arg(long, value_name = "RULE")]
    pub(crate) dropped_by: Option<String>,
    /// Kept documents of which this rule removed something.
    #[arg(long, value_name = "RULE", conflicts_with = "dropped_by")]
    pub(crate) removed_by: Option<String>,
    /// So many documents, drawn by the seed.
    #[arg(long, value_name = "N")]
    pub(crate) sample: Option<usize>,
    /// Another seed draws others.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Tell the raw bytes behind this code point of the clean text, and what stood there after each stage.
    #[arg(long, value_name = "OFFSET", conflicts_with = "html")]
    pub(crate) at: Option<u64>,
    /// As a page of HTML, on standard output or into FILE.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-")]
    pub(crate) html: Option<PathBuf>,
    /// Show long removed stretches whole.
    #[arg(long)]
    pub(crate) whole: bool,
    /// Columns to write, if not those of the terminal; 100 where there is none.
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(24..=1000))]
    pub(crate) width: Option<u16>,
    /// Where the raw files are, if not where the run read them; may be repeated.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) input: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    /// The directory of the run.
    pub(crate) run: PathBuf,
    /// Documents that this rule dropped or refused; `dedup` stands for every rule of that area.
    #[arg(long, value_name = "RULE", group = "from")]
    pub(crate) dropped_by: Option<String>,
    /// Passages of kept documents that this rule removed or replaced.
    #[arg(long, value_name = "RULE", group = "from")]
    pub(crate) removed_by: Option<String>,
    /// Kept documents.
    #[arg(long, group = "from")]
    pub(crate) kept: bool,
    /// Failed documents.
    #[arg(long, group = "from")]
    pub(crate) failed: bool,
    /// Only documents in this language.
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    /// How many.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub(crate) count: usize,
    /// Another seed draws others; a larger draw with the same seed has the smaller one in it.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How to tell it.
    #[arg(long, value_enum, default_value_t = SampleFormat::Text, value_name = "HOW")]
    pub(crate) format: SampleFormat,
    /// Show long texts whole.
    #[arg(long)]
    pub(crate) whole: bool,
    /// Columns to write, if not those of the terminal; 100 where there is none.
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(24..=1000))]
    pub(crate) width: Option<u16>,
    /// Where the raw files are, if not where the run read them; may be repeated.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) input: Vec<PathBuf>,
}

/// How to tell what was drawn.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum SampleFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line.
    Jsonl,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The directory of the run.
    pub(crate) run: PathBuf,
    /// The raw files or directories, as they were given to the run; may be repeated. Without it, where the run read
    /// them.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) input: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The earlier run.
    pub(crate) before: PathBuf,
    /// The later run.
    pub(crate) after: PathBuf,
    /// How to tell it.
    #[arg(long, value_enum, default_value_t = DiffFormat::Text, value_name = "HOW")]
    pub(crate) format: DiffFormat,
    /// Documents shown of each kind of change, and texts; all are counted.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) show: usize,
    /// Columns to write, if not those of the terminal; 100 where there is none.
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(24..=1000))]
    pub(crate) width: Option<u16>,
    /// End with 1 when a document changed.
    #[arg(long)]
    pub(crate) exit_code: bool,
}

/// How to tell a difference.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people.
    #[default]
    Text,
    /// Markdown, for a comment on a change.
    Md,
    /// All of it, for programs.
    Json,
    /// A page that needs nothing else.
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// The directory of the run.
    pub(crate) run: PathBuf,
    /// Also tell of the run in another system's words: openlineage=FILE, prov=FILE; may be repeated.
    #[arg(long, value_name = "KIND=FILE", value_parser = emit)]
    pub(crate) emit: Vec<Emit>,
}

#[derive(Debug, Args)]
pub(crate) struct GateArguments {
    /// The directory of the run.
    pub(crate) run: PathBuf,
    /// The pipeline file with the gates.
    pub(crate) pipeline: PathBuf,
    /// The report.json of an earlier run, in the place of the baselines that the gates name.
    #[arg(long, value_name = "PATH")]
    pub(crate) baseline: Option<PathBuf>,
    /// How to tell it: a line for each gate, or Markdown for the summary page of a CI job.
    #[arg(long, value_enum, default_value_t = SummaryForm::Text, value_name = "FORM")]
    pub(crate) summary: SummaryForm,
}

#[derive(Debug, Args)]
pub(crate) struct StagesArguments {
    /// One stage.
    pub(crate) name: Option<String>,
    /// All stages and rules as Markdown.
    #[arg(long)]
    pub(crate) markdown: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// Of what.
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaOf {
    Pipeline,
    Record,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
