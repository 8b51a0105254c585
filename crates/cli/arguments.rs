//! The command line.

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
  tamis run pipelines/press.toml --resume               go on with an unfinished run, or bring one up to date")]
    Run(RunArguments),
    /// Check a pipeline file and print its plan; reads no input.
    #[command(after_help = "Example:\n  tamis check pipelines/press.toml")]
    Check(CheckArguments),
    /// Run the [[test]] blocks of pipeline files.
    #[command(after_help = "Example:\n  tamis test pipelines/*.toml")]
    Test(TestArguments),
    /// Show one document of a run: what went, by which rule, on which evidence.
    #[command(after_help = "\
Examples:
  tamis explain out/press le-port/003.html
  tamis explain out/press le-port/003.html --at 120     the raw bytes behind a character of the clean text")]
    Explain(ExplainArguments),
    /// Prove a run's promises from the raw files and the ledger alone.
    #[command(after_help = "Example:\n  tamis verify out/press --input scraped/")]
    Verify(VerifyArguments),
    /// Tell what changed between two runs, and by which rule.
    #[command(after_help = "Example:\n  tamis diff out/before out/after --exit-code")]
    Diff(DiffArguments),
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
    /// List what would be read and done; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

fn memory(text: &str) -> Result<u64, String> {
    let size = tamis_pipeline::Size::parse(text)?.0;
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

/// How to tell progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    /// A bar on a terminal, nothing elsewhere.
    #[default]
    Auto,
    /// A line every ten seconds.
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
    /// The directory of the run.
    pub(crate) run: PathBuf,
    /// The document's id.
    pub(crate) id: String,
    /// Tell the raw bytes behind this code point of the clean text.
    #[arg(long, value_name = "OFFSET")]
    pub(crate) at: Option<u64>,
    /// Show long removed stretches whole.
    #[arg(long)]
    pub(crate) whole: bool,
    /// Where the raw files are, if not where the run read them; may be repeated.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) input: Vec<PathBuf>,
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
    /// Tell it as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// End with 1 when the runs differ.
    #[arg(long)]
    pub(crate) exit_code: bool,
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
