//! `tamis check`: a pipeline file and its plan.

use std::fmt::Write;
use std::path::Path;

use tamis_core::StageKind;
use tamis_pipeline::{Pipeline, render, render_json};

use crate::arguments::CheckArguments;
use crate::exit::{Error, Exit};
use crate::sizes::{bytes, count};
use crate::terminal::{Terminal, print};

pub(crate) fn run(arguments: &CheckArguments, terminal: Terminal) -> Result<Exit, Error> {
    let path = &arguments.pipeline;
    let text = read(path)?;
    let pipeline = match tamis_pipeline::parse_in(&text, folder(path)) {
        Ok(pipeline) => pipeline,
        Err(told) if arguments.json => {
            print(&render_json(&path.display().to_string(), &text, &told))?;
            return Ok(Exit::Usage);
        }
        Err(told) => {
            Terminal::note(&render(&path.display().to_string(), &text, &told, terminal.error_colour));
            return Ok(Exit::Usage);
        }
    };
    print(&plan(&pipeline))?;
    if let Some(documents) = arguments.documents {
        print(&needs(&pipeline, documents, arguments))?;
    }
    Ok(Exit::Ok)
}

/// What the text of a document is taken to have where nobody says, in bytes: a press article of 500 words.
const TEXT: u64 = 3000;

/// What a run over so many documents will need for its deduplication.
fn needs(pipeline: &Pipeline, documents: u64, arguments: &CheckArguments) -> String {
    let text = arguments.bytes.unwrap_or_else(|| documents.saturating_mul(TEXT));
    let budget = arguments.memory.unwrap_or_else(crate::memory::default);
    let Some(needs) = pipeline.forecast(documents, text, budget) else {
        return "\nno `deduplicate`: needs do not grow with the number of documents\n".to_owned();
    };
    format!(
        "\n`deduplicate` of {} documents, {} of text, with --memory {}:\n  memory       {}, of which {} whatever the \
         budget; up to 26 MB more for each further worker\n  temporary    {} of files\n",
        count(documents),
        bytes(text),
        bytes(budget),
        bytes(needs.memory),
        bytes(needs.resident),
        bytes(needs.disk)
    )
}

/// Reads and checks a pipeline file; its errors are told here, and `None` is the answer.
pub(crate) fn load(path: &Path, terminal: Terminal) -> Result<Option<Pipeline>, Error> {
    let text = read(path)?;
    match tamis_pipeline::parse_in(&text, folder(path)) {
        Ok(pipeline) => Ok(Some(pipeline)),
        Err(told) => {
            Terminal::note(&render(&path.display().to_string(), &text, &told, terminal.error_colour));
            let errors =
                if told.len() == 1 { "1 error".to_owned() } else { format!("{} errors", told.len()) };
            terminal.error(&format!("{errors} in `{}`; nothing was read or written", path.display()));
            Ok(None)
        }
    }
}

/// Where the pipeline file stands.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}

fn read(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path)
        .map_err(|error| Error::Usage(format!("cannot read pipeline `{}`: {error}", path.display())))?;
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Error::Usage(format!("pipeline `{}` is not UTF-8: byte {place}", path.display()))
    })
}

/// The plan for people: phases, stages, options.
pub(crate) fn plan(pipeline: &Pipeline) -> String {
    let mut out = format!("{}: {}\n", pipeline.plan.name, pipeline.description);
    let line = |out: &mut String, name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<12} {value}");
    };
    let paths =
        if pipeline.input.paths.is_empty() { "(none named)".into() } else { pipeline.input.paths.join(", ") };
    let include = &pipeline.input.include;
    let include = if include.is_empty() { "known extensions".into() } else { include.join(", ") };
    line(&mut out, "input", &format!("{paths} [{include}]"));
    line(
        &mut out,
        "output",
        &format!("{} [{:?}]", pipeline.output.directory, pipeline.output.compression).to_lowercase(),
    );
    let mut phase = 1;
    let _ = writeln!(out, "\nphase {phase}");
    for (entry, planned) in pipeline.stages.iter().zip(pipeline.plan.stages()) {
        let spec = planned.spec();
        let _ = writeln!(out, "  {:<20} {}", entry.name, spec.summary);
        for (option, value) in entry.listed() {
            let _ = writeln!(out, "    {option} = {value}");
        }
        if spec.kind == StageKind::Corpus {
            phase += 1;
            let _ = writeln!(out, "\nphase {phase}, after `{}` has seen every document", entry.name);
        }
    }
    if phase > 1 && pipeline.plan.stages().last().is_some_and(|last| last.spec().kind == StageKind::Corpus) {
        let _ = writeln!(out, "  (its decisions are applied)");
    }
    let _ = writeln!(out, "\n{} gates, {} tests", pipeline.gates.len(), pipeline.tests.len());
    out
}
