//! Files that are whole or not there.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

/// A file that takes its name only when it is whole: written beside it, then renamed.
#[derive(Debug)]
pub struct AtomicFile {
    file: NamedTempFile,
    hash: Sha256,
    bytes: u64,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenFile {
    /// Its name, relative to the run.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl AtomicFile {
    /// A file that will stand in `directory`, which must be there.
    pub fn create(directory: &Path) -> io::Result<Self> {
        let file = tempfile::Builder::new().prefix(".tamis-").suffix(".tmp").tempfile_in(directory)?;
        Ok(Self { file, hash: Sha256::new(), bytes: 0 })
    }

    /// Writes `content` as the file `name` of the run in `root`.
    pub fn write_all(root: &Path, name: &str, content: &[u8]) -> io::Result<WrittenFile> {
        let path = root.join(name);
        let mut file = Self::create(path.parent().unwrap_or(root))?;
        file.write(content)?;
        file.finish(root, name)
    }

    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Syncs the file and gives it the name `name` in `root`.
    pub fn finish(self, root: &Path, name: &str) -> io::Result<WrittenFile> {
        self.file.as_file().sync_data()?;
        let kept = self.file.persist(root.join(name)).map_err(|error| error.error)?;
        // Temporary files are private to their owner; the output of a run is not.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            kept.set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        drop(kept);
        Ok(WrittenFile {
            path: name.to_owned(),
            bytes: self.bytes,
            sha256: hexadecimal(&self.hash.finalize()),
        })
    }
}

/// SHA-256 of `bytes` in hexadecimal, into a buffer.
pub fn sha256(bytes: &[u8], out: &mut String) {
    out.clear();
    let digest = Sha256::digest(bytes);
    push_hexadecimal(&digest, out);
}

fn hexadecimal(digest: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    push_hexadecimal(digest, &mut out);
    out
}

fn push_hexadecimal(digest: &[u8], out: &mut String) {
    for byte in digest {
        let _ = write!(out, "{byte:02x}");
    }
}
