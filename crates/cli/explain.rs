//! `tamis explain`: one document of a run.

use tamis_report::{ExplainError, ExplainOptions, Run};

use crate::arguments::ExplainArguments;
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

pub(crate) fn run(arguments: &ExplainArguments, terminal: Terminal) -> Result<Exit, Error> {
    let run = Run::open(&arguments.run).map_err(|error| Error::Usage(error.to_string()))?;
    let options = ExplainOptions { color: terminal.colour, at: arguments.at, whole: arguments.whole };
    match tamis_report::explain(&run, &arguments.id, &arguments.input, &options) {
        Ok(text) => {
            print(&text)?;
            Ok(Exit::Ok)
        }
        Err(error @ (ExplainError::Unknown(_) | ExplainError::Ambiguous { .. })) => {
            Err(Error::Usage(error.to_string()))
        }
        Err(error) => Err(Error::Broken(error.to_string())),
    }
}
