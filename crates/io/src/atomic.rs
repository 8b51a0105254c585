//! Files that are whole or not there.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
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

    /// Gives the file the name `name` in `root`.
    ///
    /// It is whole for every other process, but not yet safe from a loss of power: [`sync`] does that for all files of a
    /// run at its end, when most have reached the disk by themselves. One by one it took 3 ms a file.
    pub fn finish(self, root: &Path, name: &str) -> io::Result<WrittenFile> {
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

/// Waits until files of `root`, and their names, are safe on disk.
pub fn sync<'a>(root: &Path, files: impl IntoIterator<Item = &'a WrittenFile>) -> io::Result<()> {
    let mut folders = BTreeSet::from([root.to_owned()]);
    for file in files {
        let path = root.join(&file.path);
        fs_err::File::open(&path)?.sync_all()?;
        folders.extend(path.parent().map(Path::to_owned));
    }
    // Names are part of their folder. Windows has no way to open one, and no need to.
    #[cfg(unix)]
    for folder in folders {
        fs_err::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

impl WrittenFile {
    /// Whether the file stands in `root` as it was written.
    pub fn is_whole(&self, root: &Path) -> bool {
        let path = root.join(&self.path);
        let same_length = std::fs::metadata(&path).is_ok_and(|found| found.len() == self.bytes);
        let hash = || -> io::Result<String> {
            let (mut file, mut hash) = (std::fs::File::open(&path)?, Sha256::new());
            let mut buffer = vec![0; 1 << 17];
            loop {
                match file.read(&mut buffer)? {
                    0 => return Ok(hexadecimal(&hash.finalize())),
                    read => hash.update(buffer.get(..read).unwrap_or_default()),
                }
            }
        };
        same_length && hash().is_ok_and(|hash| hash == self.sha256)
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
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    out.extend(digits.filter_map(|digit| DIGITS.get(usize::from(digit))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_is_not_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = AtomicFile::write_all(folder.path(), "a", b"content").unwrap();
        sync(folder.path(), [&file]).unwrap();
        assert!(file.is_whole(folder.path()));
        for changed in [&b"Content"[..], b"conten", b""] {
            fs_err::write(folder.path().join("a"), changed).unwrap();
            assert!(!file.is_whole(folder.path()));
        }
        fs_err::remove_file(folder.path().join("a")).unwrap();
        assert!(!file.is_whole(folder.path()));
        assert!(sync(folder.path(), [&file]).is_err());
    }
}
