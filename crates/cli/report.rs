//! `tamis report`: what a finished run says, again; and what `--emit` writes for other systems.

use std::path::Path;

use tamis_report::Run;

use crate::arguments::{Emit, EmitKind, ReportArguments};
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

pub(crate) fn report(arguments: &ReportArguments, _: Terminal) -> Result<Exit, Error> {
    let run = Run::open(&arguments.run).map_err(|error| Error::Usage(error.to_string()))?;
    let written = tamis_report::write_page(&run)?;
    let mut files = run.manifest.files;
    files.retain(|file| file.path != written.path);
    files.push(written);
    tamis_report::write_manifest(&arguments.run, &files)?;
    emit(&arguments.run, &arguments.emit)?;
    print(&format!("report: {}\n", arguments.run.join("report.html").display()))?;
    Ok(Exit::Ok)
}

/// Tells of the finished run at `root` in the words of other systems. These files carry the clock, so they are no part
/// of the run.
pub(crate) fn emit(root: &Path, emits: &[Emit]) -> Result<(), Error> {
    if emits.is_empty() {
        return Ok(());
    }
    let run = Run::open(root).map_err(|error| Error::Broken(error.to_string()))?;
    for emit in emits {
        let content = match emit.kind {
            EmitKind::Openlineage => tamis_report::openlineage(&run)?,
            EmitKind::Prov => tamis_report::prov(&run)?,
        };
        fs_err::write(&emit.file, content)?;
    }
    Ok(())
}
