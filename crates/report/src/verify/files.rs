//! The files of a run against its manifest.

use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use tamis_io::WrittenFile;

use super::{Law, VerifyReport};
use crate::Run;

/// Hashes every file that the manifest names, and looks for shards that it does not name.
pub(super) fn check(run: &Run, report: &mut VerifyReport) {
    for file in &run.manifest.files {
        report.checked(Law::Files, 1);
        match digest(&run.root.join(&file.path)) {
            Ok((bytes, _)) if bytes != file.bytes => {
                let what = format!("{bytes} bytes, not {} as the manifest says", file.bytes);
                report.broken(Law::Files, &file.path, None, what);
            }
            Ok((_, sha256)) if sha256 != file.sha256 => {
                report.broken(Law::Files, &file.path, None, "its SHA-256 is not that of the manifest");
            }
            Ok(_) => {}
            Err(error) => report.broken(Law::Files, &file.path, None, error.to_string()),
        }
    }
    for name in ["report.json", "provenance.csv"] {
        let named = run.manifest.files.iter().any(|file| file.path == name);
        report.check(Law::Files, name, named, || "the manifest does not name it".into());
    }
    // A shard that the manifest does not know would be loaded with the others.
    for folder in ["documents", "ledger"] {
        for name in listed(&run.root.join(folder)) {
            let path = format!("{folder}/{name}");
            if !run.manifest.files.iter().any(|file| file.path == path) {
                report.broken(Law::Files, &path, None, "the manifest does not name it");
            }
        }
    }
}

fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = fs_err::File::open(path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0_u64);
    let mut buffer = vec![0; 1 << 17];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
    let sha256: Vec<String> = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = WrittenFile { path: String::new(), bytes, sha256: sha256.concat() };
    Ok((digest.bytes, digest.sha256))
}
