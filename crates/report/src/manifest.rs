//! `manifest.json`: every file with length and hash, written last. Its presence says that the run is whole.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tamis_io::{AtomicFile, WrittenFile};

use crate::report::{FORMAT, VERSION};

/// The name of the manifest in a run.
pub const MANIFEST: &str = "manifest.json";

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format.
    pub format: u32,
    /// The version of tamis that wrote the run.
    pub tamis: String,
    /// Every file of the run but `run.json` and the manifest, sorted by path.
    pub files: Vec<WrittenFile>,
}

/// Writes the manifest of `files`. What depends on clock and machine stays out of it, so that two runs of the same
/// input have the same manifest.
pub fn write_manifest(root: &Path, files: &[WrittenFile]) -> io::Result<WrittenFile> {
    let mut files: Vec<WrittenFile> =
        files.iter().filter(|file| file.path != crate::RUN_FACTS && file.path != MANIFEST).cloned().collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    let manifest = Manifest { format: FORMAT, tamis: VERSION.to_owned(), files };
    write_json(root, MANIFEST, &manifest)
}

/// Writes `value` as indented JSON with a newline at its end.
pub(crate) fn write_json<T: Serialize>(root: &Path, name: &str, value: &T) -> io::Result<WrittenFile> {
    let mut json = serde_json::to_vec_pretty(value)?;
    json.push(b'\n');
    AtomicFile::write_all(root, name, &json)
}
