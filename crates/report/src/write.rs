//! Writes what people and tools read of a run.

use std::io;
use std::path::Path;

use tamis_io::{AtomicFile, WrittenFile};

use crate::manifest::write_json;
use crate::samples::Samples;
use crate::{Report, ReportInput, card, croissant, page};

/// Writes `report.json`, `report.html`, `README.md` and `croissant.json` into the run at `root`, where the runner has
/// written `provenance.csv`.
pub fn write_report(root: &Path, input: &ReportInput<'_>) -> io::Result<Vec<WrittenFile>> {
    let report = Report::new(input);
    let json = write_json(root, "report.json", &report)?;
    // The page and the cards are made of what was written, so that they can be made again from it alone.
    let mut files = vec![json];
    files.push(write_page(root, &report)?);
    files.push(AtomicFile::write_all(root, "README.md", card::card(&report).as_bytes())?);
    files.push(write_json(root, "croissant.json", &croissant::croissant(&report))?);
    Ok(files)
}

/// Writes `report.html` of a finished run, again or for the first time.
pub fn write_page(root: &Path, report: &Report) -> io::Result<WrittenFile> {
    let samples = Samples::read(root)?;
    let html = page::page(report, &samples).map_err(io::Error::other)?;
    AtomicFile::write_all(root, "report.html", html.as_bytes())
}
