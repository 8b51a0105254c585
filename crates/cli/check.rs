//! `tamis check`: a pipeline file and its plan.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use tamis_core::StageKind;
use tamis_io::{Compression, Discovered, FileKind, discover};
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
    let budget = arguments.memory.unwrap_or_else(crate::memory::default);
    if let Some(documents) = arguments.documents {
        let text = arguments.bytes.unwrap_or_else(|| documents.saturating_mul(TEXT));
        print(&needs(&pipeline, Volume { documents, text }, budget, ""))?;
    } else if let Some(volume) = Volume::of_input(&pipeline) {
        print(&needs(&pipeline, volume, budget, VOLUME))?;
    }
    Ok(Exit::Ok)
}

/// What the text of a document is taken to have where nobody says, in bytes: a press article of 500 words.
const TEXT: u64 = 3000;

/// How many times longer compressed files become: HTML five to eight times, text three times.
const COMPRESSED: u64 = 4;

/// What a run will read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Volume {
    documents: u64,
    /// Bytes of text.
    text: u64,
}

/// How [`Volume::of_input`] knows.
const VOLUME: &str = "  (by the names and sizes of the input: 3 kB a record of JSONL, compressed files four times as long; \
                      `--documents` and `--bytes` tell it better)\n";

impl Volume {
    /// The volume of the pipeline's own input, where it names one that is there. No file is opened.
    fn of_input(pipeline: &Pipeline) -> Option<Self> {
        pipeline.forecast(1, 1, 1)?;
        let paths: Vec<PathBuf> = pipeline.input.paths.iter().map(PathBuf::from).collect();
        // Paths that are not there are no error: `run --input` may name others.
        let found = discover(&paths, &pipeline.input.include).ok()?;
        Some(Self::of(&found)).filter(|volume| volume.documents > 0)
    }

    fn of(found: &Discovered) -> Self {
        let mut volume = Self { documents: 0, text: 0 };
        for file in &found.files {
            let times = if file.compression == Compression::None { 1 } else { COMPRESSED };
            let text = file.size.saturating_mul(times);
            volume.text = volume.text.saturating_add(text);
            volume.documents += match file.kind {
                FileKind::Document(_) => 1,
                FileKind::Jsonl => text.div_ceil(TEXT),
            };
        }
        volume
    }
}

/// What a run over so much will need for its deduplication, and `how` its volume is known.
fn needs(pipeline: &Pipeline, volume: Volume, budget: u64, how: &str) -> String {
    let Some(needs) = pipeline.forecast(volume.documents, volume.text, budget) else {
        return "\nno `deduplicate`: needs do not grow with the number of documents\n".to_owned();
    };
    format!(
        "\n`deduplicate` of {} documents, {} of text, with --memory {}:\n  memory       {}, of which {} whatever the \
         budget; up to 26 MB more for each further worker\n  temporary    {} of files\n{how}",
        count(volume.documents),
        bytes(volume.text),
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

#[cfg(test)]
mod tests {
    use tamis_core::Format;
    use tamis_io::InputFile;

    use super::*;

    #[test]
    fn the_volume_is_that_of_documents_and_of_records_by_their_size() {
        let file = |name: &str, kind, size| InputFile::of(Path::new(name), name, kind, size);
        let files = vec![
            file("a.txt", FileKind::Document(Format::Text), 900),
            file("b.html.gz", FileKind::Document(Format::Html), 1_000),
            file("c.jsonl", FileKind::Jsonl, 30_001),
            file("d.jsonl.zst", FileKind::Jsonl, 30_000),
        ];
        let found = Discovered { files, ..Discovered::default() };
        let text = 900 + 4_000 + 30_001 + 120_000;
        assert_eq!(Volume::of(&found), Volume { documents: 1 + 1 + 11 + 40, text });
        assert_eq!(Volume::of(&Discovered::default()), Volume { documents: 0, text: 0 });
    }
}
