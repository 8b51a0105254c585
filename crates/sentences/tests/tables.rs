//! The word tables in `data/` are what `words/build.py` writes, and none is edited by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sha256(path: &Path) -> String {
    Sha256::digest(fs::read(path).unwrap()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

fn files(folder: &str, extension: &str) -> BTreeSet<String> {
    fs::read_dir(crate_folder().join(folder))
        .unwrap()
        .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap()))
        .filter(|name| name.ends_with(extension))
        .collect()
}

/// Whoever changes the script, a curated list or a table without the others fails here; no network is needed.
#[test]
fn tables_belong_to_their_inputs() {
    let checksums = fs::read_to_string(crate_folder().join("data/checksums.txt")).unwrap();
    let mut named = BTreeSet::new();
    for line in checksums.lines().filter(|line| !line.starts_with('#')) {
        let (name, expected) = line.split_once(' ').unwrap();
        assert_eq!(sha256(&crate_folder().join(name)), expected, "{name} has changed: run words/build.py");
        named.insert(name.to_owned());
    }
    let mut should: BTreeSet<String> = ["words/build.py", "words/months.txt", "words/sources.txt"]
        .into_iter()
        .map(str::to_owned)
        .chain(files("words/curated", ".txt"))
        .chain(files("data", ".txt"))
        .collect();
    should.remove("data/checksums.txt");
    assert_eq!(named, should);
}

/// The script writes the same bytes again. `TABLE_SOURCES` is a folder with the packages of `words/sources.txt`, or
/// one to fetch them into.
#[test]
#[ignore = "fetches packages, or takes them from the folder TABLE_SOURCES: cargo test -p tamis-sentences -- --ignored"]
fn tables_are_reproducible() {
    let mut build = Command::new("python3");
    build.arg(crate_folder().join("words/build.py")).arg("--check");
    if let Some(folder) = std::env::var_os("TABLE_SOURCES") {
        build.arg("--cache").arg(folder);
    }
    let output = build.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
