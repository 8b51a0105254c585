//! Files that options name.

use std::path::Path;

/// Reads the files that a pipeline file names, relative to the folder it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    folder: Option<&'a Path>,
}

/// A list of phrases is a few kilobytes; whatever is larger is another file.
const LARGEST: u64 = 16 << 20;

impl<'a> Files<'a> {
    /// Beside the pipeline file in `folder`.
    pub(crate) const fn beside(folder: &'a Path) -> Self {
        Self { folder: Some(folder) }
    }

    /// Of a pipeline that is no file.
    pub(crate) const fn none() -> Self {
        Self { folder: None }
    }

    /// The contents of a file; what is wrong, as a lower-case sentence without its full stop.
    pub fn read(&self, name: &str) -> Result<String, String> {
        let Some(folder) = self.folder else {
            return Err(format!("`{name}` is relative to the pipeline file, and this pipeline is in none"));
        };
        let path = folder.join(name);
        let failed = |error| format!("cannot read `{}`: {error}", path.display());
        let length = std::fs::metadata(&path).map_err(failed)?.len();
        if length > LARGEST {
            return Err(format!("`{}` has {length} bytes, and {LARGEST} is the most", path.display()));
        }
        let bytes = std::fs::read(&path).map_err(failed)?;
        String::from_utf8(bytes).map_err(|error| {
            let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = 1 + before.split(|byte| *byte == b'\n').skip(1).count();
            format!("`{}`, line {line}: not UTF-8", path.display())
        })
    }
}
