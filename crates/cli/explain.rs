//! `tamis explain`: documents of a run, or of a file that no run has read yet.

use std::path::Path;

use tamis_io::discover;
use tamis_pipeline::Pipeline;
use tamis_report::{ExplainError, ExplainOptions, Explanation, History, Run, SampleOf, SampleOptions};

use crate::arguments::ExplainArguments;
use crate::exit::{Error, Exit};
use crate::replay::replay;
use crate::terminal::{Terminal, print};
use crate::{check, trial};

/// So many documents are shown where a file or a rule has more.
const SEVERAL: usize = 5;

pub(crate) fn run(arguments: &ExplainArguments, terminal: Terminal) -> Result<Exit, Error> {
    if arguments.subject.is_file() {
        return dry(arguments, terminal);
    }
    let run = Run::open(&arguments.subject).map_err(|error| Error::Usage(error.to_string()))?;
    if arguments.record.is_some() {
        return Err(Error::Usage(
            "a run and one id; a third argument goes with a pipeline and a file".into(),
        ));
    }
    let explained = explanations(&run, arguments.id.as_deref(), arguments)?;
    show(&run, &explained, arguments, terminal)?;
    Ok(Exit::Ok)
}

/// A file through a pipeline, without a run before.
fn dry(arguments: &ExplainArguments, terminal: Terminal) -> Result<Exit, Error> {
    let Some(file) = &arguments.id else {
        return Err(Error::Usage(format!(
            "`{}` is a file; with a pipeline, name the file to explain\n\nhint: tamis explain {} FILE",
            arguments.subject.display(),
            arguments.subject.display()
        )));
    };
    let Some(pipeline) = check::load(&arguments.subject, terminal)? else { return Ok(Exit::Usage) };
    let inputs = [Path::new(file).to_owned()];
    let found = discover(&inputs, &pipeline.input.include)?;
    let trial = trial::run(&pipeline, &arguments.subject, &found, &inputs)?;
    let alone = corpus_stages(&pipeline);
    if !alone.is_empty() {
        terminal.remark(&format!("{alone} saw this input alone: a run compares it with all others"));
    }
    let explained = explanations(&trial.run, arguments.record.as_deref(), arguments)?;
    show(&trial.run, &explained, arguments, terminal)?;
    Ok(Exit::Ok)
}

/// The names of the stages that look at the whole corpus.
pub(crate) fn corpus_stages(pipeline: &Pipeline) -> String {
    let stages = pipeline.plan.stages();
    let names = pipeline.plan.barriers().filter_map(|place| stages.get(place)).map(|stage| stage.spec().name);
    names.collect::<Vec<_>>().join(", ")
}

/// The documents that were asked for.
fn explanations<'a>(
    run: &'a Run,
    id: Option<&str>,
    arguments: &ExplainArguments,
) -> Result<Vec<Explanation<'a>>, Error> {
    // A trial reads what `run.json` tells.
    let inputs = if arguments.subject.is_file() { &[] } else { arguments.input.as_slice() };
    if let Some(id) = id {
        let found = Explanation::find(run, id, inputs).map_err(told)?;
        return Ok(vec![found]);
    }
    let of = match (&arguments.dropped_by, &arguments.removed_by) {
        (Some(rule), _) => SampleOf::DroppedBy(rule.clone()),
        (None, Some(rule)) => SampleOf::RemovedBy(rule.clone()),
        (None, None) if arguments.sample.is_none() && !arguments.subject.is_file() => {
            return Err(Error::Usage(
                "which document?\n\nhint: name an id or a path, or draw some with `--sample N` or `--dropped-by RULE`"
                    .into(),
            ));
        }
        (None, None) => SampleOf::Documents,
    };
    // One passage of a document stands for it: draw more than asked, and take each document once.
    let count = arguments.sample.unwrap_or(SEVERAL);
    let drawn = if matches!(of, SampleOf::RemovedBy(_)) { count.saturating_mul(16) } else { count };
    let options = SampleOptions { of, lang: None, count: drawn, seed: arguments.seed };
    let mut lines =
        tamis_report::sample_lines(run, &options).map_err(|error| Error::Usage(error.to_string()))?;
    lines.dedup_by(|later, earlier| {
        later.file == earlier.file && later.line == earlier.line && later.id == earlier.id
    });
    lines.truncate(count);
    Ok(lines.into_iter().map(|line| Explanation::of(run, line, inputs)).collect())
}

/// Shows them, in the way that was asked for.
fn show(
    run: &Run,
    explained: &[Explanation<'_>],
    arguments: &ExplainArguments,
    terminal: Terminal,
) -> Result<(), Error> {
    let width = arguments.width.map(usize::from).or_else(Terminal::width);
    let options = ExplainOptions { color: terminal.colour, whole: arguments.whole, width };
    if let Some(target) = &arguments.html {
        let [one] = explained else {
            return Err(Error::Usage(format!(
                "`--html` shows one document, and here are {}",
                explained.len()
            )));
        };
        let page = one.page(&options).map_err(told)?;
        if target == Path::new("-") {
            print(&page)?;
        } else {
            fs_err::write(target, page)?;
        }
        return Ok(());
    }
    if explained.is_empty() {
        return Ok(print("no document\n")?);
    }
    for (place, one) in explained.iter().enumerate() {
        let text = match arguments.at {
            None => one.terminal(&options),
            Some(at) => {
                let replayed = replay(run, one);
                let history = replayed
                    .as_ref()
                    .map(|(pipeline, steps)| History { plan: &pipeline.plan, steps: steps.clone() });
                let history = history.as_ref().map_err(|why| why.as_str());
                one.at(at, history, &options).map_err(told)?
            }
        };
        if place > 0 {
            let rule = "─".repeat(width.unwrap_or(100).min(100));
            print(&format!("\n{rule}\n\n"))?;
        }
        print(&text)?;
    }
    Ok(())
}

fn told(error: ExplainError) -> Error {
    match error {
        ExplainError::Unknown(_) | ExplainError::Ambiguous { .. } | ExplainError::Outside { .. } => {
            Error::Usage(error.to_string())
        }
        error => Error::Broken(error.to_string()),
    }
}
