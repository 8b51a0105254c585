//! The files of a run against its manifest.

use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use tamis_io::WrittenFile;

use super::{Law, VerifyReport};
use crate::report::FORMAT;
use crate::run_facts::is_sealed;
use crate::{MANIFEST, RUN_FACTS, Run};

/// Hashes every file that the manifest names, looks for files that it does not name, and holds the manifest against the form
/// in which it is written.
pub(super) fn check(run: &Run, report: &mut VerifyReport) {
    manifest(run, report);
    facts(run, report);
    for file in &run.manifest.files {
        report.checked(Law::Files, 1);
        match digest(&run.root.join(&file.path)) {
            Ok((bytes, _)) if bytes != file.bytes => {
                let what = format!("{bytes} bytes, not {} as the manifest says", file.bytes);
                report.broken(Law::Files, &file.path, Some(bytes.min(file.bytes)), what);
            }
            Ok((_, sha256)) if sha256 != file.sha256 => {
                report.broken(Law::Files, &file.path, None, "its SHA-256 is not that of the manifest");
            }
            Ok(_) => {}
            Err(error) => report.broken(Law::Files, &file.path, None, error.to_string()),
        }
    }
    for name in WRITTEN {
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

/// What every run writes.
const WRITTEN: [&str; 5] = ["report.json", "report.html", "README.md", "croissant.json", "provenance.csv"];

/// The manifest answers for itself: it has one form, byte for byte.
fn manifest(run: &Run, report: &mut VerifyReport) {
    report.checked(Law::Files, 1);
    let found = fs_err::read(run.root.join(MANIFEST)).unwrap_or_default();
    let written = serde_json::to_string_pretty(&run.manifest).unwrap_or_default() + "\n";
    if found != written.as_bytes() {
        let same = found.iter().zip(written.as_bytes()).take_while(|(left, right)| left == right).count();
        report.broken(
            Law::Files,
            MANIFEST,
            Some(same as u64),
            "not as manifests are written, from this byte on",
        );
    }
    for (what, same) in [
        ("its `format` is none of this tamis", run.manifest.format == FORMAT),
        ("its `tamis` is not that of report.json", run.manifest.tamis == run.report.tamis),
        ("its files are not sorted", run.manifest.files.is_sorted_by(|left, right| left.path < right.path)),
    ] {
        if !same {
            report.broken(Law::Files, MANIFEST, None, what);
        }
    }
}

/// `run.json` may be gone; where it is there, it is as it was written.
fn facts(run: &Run, report: &mut VerifyReport) {
    let Ok(bytes) = std::fs::read(run.root.join(RUN_FACTS)) else { return };
    report.check(Law::Files, RUN_FACTS, run.facts.is_some() && is_sealed(&bytes), || {
        "it is not as it was written".into()
    });
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
