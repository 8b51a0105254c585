//! `tamis sample`: a few documents or passages of a run, drawn by a seed.

use tamis_report::{Run, SampleError, SampleOf, SampleOptions};

use crate::arguments::{SampleArguments, SampleFormat};
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

pub(crate) fn run(arguments: &SampleArguments, terminal: Terminal) -> Result<Exit, Error> {
    let run = Run::open(&arguments.run).map_err(|error| Error::Usage(error.to_string()))?;
    let of = match (&arguments.dropped_by, &arguments.removed_by) {
        (Some(rule), _) => SampleOf::DroppedBy(rule.clone()),
        (None, Some(rule)) => SampleOf::RemovedBy(rule.clone()),
        (None, None) if arguments.kept => SampleOf::Kept,
        (None, None) if arguments.failed => SampleOf::Failed,
        (None, None) => SampleOf::Documents,
    };
    let options =
        SampleOptions { of, lang: arguments.lang.clone(), count: arguments.count, seed: arguments.seed };
    let sample = tamis_report::sample(&run, &arguments.input, &options).map_err(|error| match error {
        SampleError::Ledger(_) => Error::Broken(error.to_string()),
        _ => Error::Usage(error.to_string()),
    })?;
    match arguments.format {
        SampleFormat::Jsonl => print(&sample.jsonl())?,
        SampleFormat::Text => {
            let width = arguments.width.map(usize::from).or_else(Terminal::width);
            print(&sample.terminal(terminal.colour, width, arguments.whole))?;
        }
    }
    Ok(Exit::Ok)
}
