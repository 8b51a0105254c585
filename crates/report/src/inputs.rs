//! Finds the raw documents of a run again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tamis_io::{
    Cutting, DiscoverError, Discovered, DocumentReader, InputFile, LedgerLine, Limits, ReadDocument, Unit,
    discover, printable, units,
};

use crate::Run;

/// An input root: where it is, and the name that sources of a run with several roots begin with.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    path: PathBuf,
    name: String,
    is_file: bool,
}

/// The roots to read: `inputs`, or those that `run.json` tells. Where there are as many as the run had, sources are
/// named by what the run was given: a corpus may have moved since.
pub(crate) fn roots(run: &Run, inputs: &[PathBuf]) -> Vec<Root> {
    let told = run.facts.as_ref().map(|facts| facts.inputs.as_slice()).unwrap_or_default();
    let paths = if inputs.is_empty() { run.inputs() } else { inputs.to_vec() };
    let renamed = told.len() == paths.len();
    let names = paths.iter().enumerate().map(|(place, path)| match told.get(place) {
        Some(name) if renamed => printable(Path::new(name)),
        _ => printable(path),
    });
    let names: Vec<String> = names.collect();
    let root = |(path, name): (PathBuf, String)| {
        let is_file = path.is_file();
        Root { path, name, is_file }
    };
    paths.into_iter().zip(names).map(root).collect()
}

/// The last part of a path, where it has one.
fn name_of(path: &Path) -> &Path {
    path.file_name().map_or(path, Path::new)
}

/// All there is to read, named and sorted as in the run.
pub(crate) fn discovered(run: &Run, inputs: &[PathBuf]) -> Result<Discovered, DiscoverError> {
    let roots = roots(run, inputs);
    let include = run.report.include();
    let several = roots.len() > 1;
    // A run may stand below its own input, and was not there when it was read.
    let own = run.root.canonicalize().ok();
    let is_own = |path: &Path| {
        // Most paths are told apart by their names, without asking the system.
        let own = own.as_deref().filter(|own| path.ancestors().any(|above| above.ends_with(name_of(own))));
        own.is_some_and(|own| path.canonicalize().is_ok_and(|path| path.starts_with(own)))
    };
    let mut files = BTreeMap::new();
    let mut all = Discovered::default();
    for root in roots {
        let rename = |source: &str| match (several, root.is_file) {
            (false, _) => source.to_owned(),
            (true, true) => root.name.clone(),
            (true, false) => format!("{}/{source}", root.name),
        };
        let found = discover(std::slice::from_ref(&root.path), &include)?;
        for file in found.files.into_iter().filter(|file| !is_own(&file.path())) {
            let source = rename(&file.source);
            let file = if *source == *file.source { file } else { file.renamed(&source) };
            files.entry(source).or_insert(file);
        }
        for mut unreadable in found.unreadable {
            unreadable.source = rename(&unreadable.source);
            all.unreadable.push(unreadable);
        }
    }
    all.files = files.into_values().collect();
    all.unreadable.sort_by(|left, right| left.source.cmp(&right.source));
    Ok(all)
}

/// The input documents, one after the other, in the order of the run.
pub(crate) struct InputDocuments<'a> {
    found: &'a Discovered,
    units: std::slice::Iter<'a, Unit>,
    reader: Option<DocumentReader<'a>>,
    limits: Limits,
    left: u64,
}

impl<'a> InputDocuments<'a> {
    pub(crate) fn new(found: &'a Discovered, units: &'a [Unit], limits: Limits, limit: Option<u64>) -> Self {
        Self { found, units: units.iter(), reader: None, limits, left: limit.unwrap_or(u64::MAX) }
    }

    /// Reads the next document; false after the last.
    pub(crate) fn next(&mut self, into: &mut ReadDocument) -> bool {
        while self.left > 0 {
            if let Some(reader) = &mut self.reader
                && reader.next(into)
            {
                self.left -= 1;
                return true;
            }
            let Some(unit) = self.units.next() else { return false };
            self.reader = Some(DocumentReader::new(unit, self.found, self.limits));
        }
        false
    }
}

/// The file that the ledger calls `name`, where it lies below a root under that name: without walking a whole corpus.
pub(crate) fn locate(roots: &[Root], name: &str) -> Option<InputFile> {
    let several = roots.len() > 1;
    for root in roots {
        let relative = if several {
            let Some(rest) = name.strip_prefix(root.name.as_str()) else { continue };
            rest.trim_start_matches('/')
        } else {
            name
        };
        let path = if root.is_file { root.path.clone() } else { root.path.join(relative) };
        if let Some(file) = InputFile::at(&path, name) {
            return Some(file);
        }
    }
    None
}

/// The raw document of one ledger line, found without walking a whole corpus where its file lies below a root.
pub(crate) fn find(
    run: &Run,
    inputs: &[PathBuf],
    line: &LedgerLine<'_>,
) -> Result<Option<ReadDocument>, DiscoverError> {
    if let Some(file) = locate(&roots(run, inputs), &line.file) {
        return Ok(read(&file, line, run.report.limits()));
    }
    // A name that is not UTF-8 is not its path: look for it.
    let found = discovered(run, inputs)?;
    let file = found.files.iter().find(|file| *file.source == *line.file);
    Ok(file.and_then(|file| read(file, line, run.report.limits())))
}

fn read(file: &InputFile, line: &LedgerLine<'_>, limits: Limits) -> Option<ReadDocument> {
    let from = line.line.zip(line.byte_range.map(|range| range.0)).map(|(number, start)| (start, number));
    let mut reader = DocumentReader::of_file(file, from, limits);
    let mut document = ReadDocument::default();
    while reader.next(&mut document) {
        if document.location.line == line.line {
            return Some(document);
        }
    }
    None
}

/// Cuts what was found as the run did.
pub(crate) fn cut(found: &Discovered) -> std::io::Result<Vec<Unit>> {
    units(found, Cutting::default())
}
