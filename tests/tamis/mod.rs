//! Runs the binary and reads what it wrote.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A path of the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The binary, in the project's root, without colour.
pub(crate) fn tamis(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tamis"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// Decode and normalise: a pipeline that keeps what it is given.
pub(crate) const SMALL: &str = "name = \"small\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"normalise-unicode\"\n\
                     [output]\ncompression = \"none\"\n";

/// Writes [`SMALL`] below `root`, and tells its path.
pub(crate) fn small(root: &Path) -> String {
    let path = root.join("small.toml");
    std::fs::write(&path, SMALL).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A short article, unlike those of other numbers.
pub(crate) fn article(number: usize) -> String {
    format!("Le conseil a voté le point {number} à l’unanimité, après une heure de débat.\n")
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A run in a directory of its own.
pub(crate) struct Run {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) code: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Run {
    /// `tamis run` with these arguments and an output of its own.
    pub(crate) fn of(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let mut all = vec!["run"];
        all.extend(arguments);
        all.extend(["--output", out.to_str().unwrap()]);
        let done = tamis(&all);
        Self {
            code: code(&done),
            output: String::from_utf8_lossy(&done.stdout).into_owned(),
            errors: String::from_utf8_lossy(&done.stderr).into_owned(),
            folder,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub(crate) fn ledger(&self) -> Vec<Value> {
        lines(&self.path(), "ledger")
    }

    pub(crate) fn records(&self) -> Vec<Value> {
        lines(&self.path(), "documents")
    }

    /// The bytes of every file that must not depend on clock or machine, by name.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(self.path()).unwrap().to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if name != "run.json" {
                    files.push((name, std::fs::read(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }
}

/// The lines of a run's shards, in order.
pub(crate) fn lines(run: &Path, kind: &str) -> Vec<Value> {
    let mut shards: Vec<PathBuf> =
        std::fs::read_dir(run.join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
    shards.sort();
    let mut all = Vec::new();
    for shard in shards {
        let bytes = std::fs::read(&shard).unwrap();
        let mut text = String::new();
        match shard.extension().and_then(|extension| extension.to_str()) {
            Some("zst") => zstd::Decoder::new(bytes.as_slice()).unwrap().read_to_string(&mut text).unwrap(),
            Some("gz") => {
                flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap()
            }
            _ => bytes.as_slice().read_to_string(&mut text).unwrap(),
        };
        all.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
    }
    all
}

/// Writes files below a folder and returns it.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    root
}
