//! Writes what people and tools read of a run.

use std::io;
use std::path::Path;

use tamis_io::{AtomicFile, InputFile, WrittenFile};

use crate::manifest::{Manifest, write_json};
use crate::report::{FORMAT, VERSION};
use crate::samples::Samples;
use crate::{Report, ReportInput, Run, card, croissant, page};

/// Writes `report.json`, `report.html`, `README.md` and `croissant.json` into the run at `root`, where the runner has
/// written documents, ledger and `provenance.csv`.
pub fn write_report(root: &Path, input: &ReportInput<'_>) -> io::Result<Vec<WrittenFile>> {
    let report = Report::new(input);
    // The page is made of the run as it stands, so that it can be made again from it alone.
    let manifest = Manifest { format: FORMAT, tamis: VERSION.to_owned(), files: input.files.to_vec() };
    let run = Run { root: root.to_owned(), manifest, report, facts: Some(input.facts.clone()) };
    Ok(vec![
        write_json(root, "report.json", &run.report)?,
        write_page_of(&run, input.files_read)?,
        AtomicFile::write_all(root, "README.md", card::card(&run.report).as_bytes())?,
        write_json(root, "croissant.json", &croissant::croissant(&run.report))?,
    ])
}

/// Writes `report.html` of a run, again or for the first time.
pub fn write_page(run: &Run) -> io::Result<WrittenFile> {
    // Long after, every document is held against the hash that the run took of it.
    write_page_of(run, &[])
}

fn write_page_of(run: &Run, files_read: &[InputFile]) -> io::Result<WrittenFile> {
    let samples = Samples::read(run, files_read)?;
    let html = page::page(&run.report, samples).map_err(io::Error::other)?;
    AtomicFile::write_all(&run.root, "report.html", html.as_bytes())
}
