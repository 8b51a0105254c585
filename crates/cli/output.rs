//! The directory of a run: whose it is, and what may be done to it.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use tamis_runner::{JOURNAL, WORK_DIRECTORY};

use crate::exit::Error;

/// What a run writes, for `--force` to remove and nothing else.
const OURS: [&str; 11] = [
    "documents",
    "ledger",
    ".work",
    "journal.jsonl",
    "provenance.csv",
    "report.json",
    "report.html",
    "README.md",
    "croissant.json",
    "run.json",
    "manifest.json",
];

/// Makes the directory ready. One that holds anything is refused, unless it is this plan's own unfinished run or
/// `force` is set; then what an earlier run wrote there is removed, and only that.
pub(crate) fn prepare(directory: &Path, plan_hash: &str, resume: bool, force: bool) -> Result<(), Error> {
    let refuse = |why: &str| {
        Err(Error::Usage(format!(
            "output directory `{}` {why}\n\nhint: name another one with `--output`, or write over it with `--force`",
            directory.display()
        )))
    };
    if !directory.exists() {
        fs_err::create_dir_all(directory)?;
        return Ok(());
    }
    if !directory.is_dir() {
        return Err(Error::Usage(format!("output `{}` is not a directory", directory.display())));
    }
    let unfinished = plan(&directory.join(WORK_DIRECTORY).join(JOURNAL));
    let own = unfinished.as_deref() == Some(plan_hash);
    let finished = || plan(&directory.join(JOURNAL)).as_deref() == Some(plan_hash);
    if resume && (own || unfinished.is_none() && finished()) {
        return Ok(());
    }
    if fs_err::read_dir(directory)?.next().is_none() {
        return Ok(());
    }
    match (own || force, &unfinished) {
        (true, _) => clear(directory),
        (false, Some(_)) => refuse("holds an unfinished run of another pipeline"),
        (false, None) if directory.join("manifest.json").exists() => {
            refuse(if resume { "holds a finished run of another pipeline" } else { "holds a finished run" })
        }
        (false, None) => refuse("is not empty"),
    }
}

/// The plan of a run, as the first line of its journal names it.
fn plan(journal: &Path) -> Option<String> {
    let file = fs::File::open(journal).ok()?;
    let head = BufReader::new(file).lines().next()?.ok()?;
    let head: serde_json::Value = serde_json::from_str(&head).ok()?;
    head.get("plan")?.as_str().map(ToOwned::to_owned)
}

fn clear(directory: &Path) -> Result<(), Error> {
    for name in OURS {
        let path = directory.join(name);
        let gone = match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => fs_err::remove_dir_all(&path),
            Ok(_) => fs_err::remove_file(&path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        };
        gone?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(directory: &Path, plan: &str) {
        fs::create_dir_all(directory.join(".work")).unwrap();
        fs::write(directory.join(".work/journal.jsonl"), format!("{{\"plan\":\"{plan}\"}}\n")).unwrap();
    }

    #[test]
    fn a_directory_of_others_is_refused_and_force_takes_only_what_is_ours() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.tex"), "").unwrap();
        assert!(prepare(root.path(), "a", false, false).is_err());
        journal(root.path(), "a");
        assert!(prepare(root.path(), "b", true, false).is_err());
        assert!(prepare(root.path(), "a", true, false).is_ok());
        assert!(root.path().join(".work").exists());
        assert!(prepare(root.path(), "b", false, true).is_ok());
        assert!(!root.path().join(".work").exists() && root.path().join("thesis.tex").exists());
    }

    #[test]
    fn an_unfinished_run_of_our_own_starts_anew() {
        let root = tempfile::tempdir().unwrap();
        journal(root.path(), "a");
        assert!(prepare(root.path(), "a", false, false).is_ok());
        assert!(!root.path().join(".work").exists());
    }
}
