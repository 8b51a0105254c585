//! `tamis verify`: a run's promises, from the raw files and the ledger alone.

use tamis_report::{Run, VerifyError};

use crate::arguments::VerifyArguments;
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

pub(crate) fn run(arguments: &VerifyArguments, terminal: Terminal) -> Result<Exit, Error> {
    let run = Run::open(&arguments.run).map_err(|error| Error::Broken(error.to_string()))?;
    let report = tamis_report::verify(&run, &arguments.input).map_err(|error| match error {
        VerifyError::Io(error) => Error::Io(error),
        VerifyError::BrokenFacts => Error::Broken(error.to_string()),
        other => Error::Usage(other.to_string()),
    })?;
    print(&report.to_string())?;
    if report.holds() {
        return Ok(Exit::Ok);
    }
    let first = report.first().map(|first| format!(": first, {first}")).unwrap_or_default();
    terminal.error(&format!("the run does not keep its promises{first}"));
    Ok(Exit::Internal)
}
