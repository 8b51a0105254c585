//! `tamis diff`: what changed between two runs.

use tamis_report::{DiffOptions, Run};

use crate::arguments::{DiffArguments, DiffFormat};
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

pub(crate) fn run(arguments: &DiffArguments, terminal: Terminal) -> Result<Exit, Error> {
    let open = |path| Run::open(path).map_err(|error| Error::Usage(error.to_string()));
    let (before, after) = (open(&arguments.before)?, open(&arguments.after)?);
    let broken = |error: &dyn std::fmt::Display| Error::Broken(error.to_string());
    let options = DiffOptions { shown: arguments.show };
    let diff = tamis_report::diff(&before, &after, &options).map_err(|error| broken(&error))?;
    let told = match arguments.format {
        DiffFormat::Text => {
            let width = arguments.width.map(usize::from).or_else(Terminal::width);
            diff.terminal(terminal.colour, width)
        }
        DiffFormat::Md => diff.markdown(),
        DiffFormat::Json => serde_json::to_string_pretty(&diff).map_err(|error| broken(&error))? + "\n",
        DiffFormat::Html => diff.page().map_err(|error| broken(&error))?,
    };
    print(&told)?;
    Ok(if arguments.exit_code && !diff.is_empty() { Exit::GateFailed } else { Exit::Ok })
}
