//! `tamis diff`: what changed between two runs.

use tamis_report::Run;

use crate::arguments::DiffArguments;
use crate::exit::{Error, Exit};
use crate::terminal::print;

pub(crate) fn run(arguments: &DiffArguments) -> Result<Exit, Error> {
    let open = |path| Run::open(path).map_err(|error| Error::Usage(error.to_string()));
    let (before, after) = (open(&arguments.before)?, open(&arguments.after)?);
    let diff = tamis_report::diff(&before, &after).map_err(|error| Error::Broken(error.to_string()))?;
    if arguments.json {
        let json = serde_json::to_string_pretty(&diff).map_err(|error| Error::Broken(error.to_string()))?;
        print(&(json + "\n"))?;
    } else {
        print(&diff.to_string())?;
    }
    Ok(if arguments.exit_code && !diff.is_empty() { Exit::GateFailed } else { Exit::Ok })
}
