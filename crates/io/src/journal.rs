//! What a resumed run trusts.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Tally, WrittenFile};

/// A file of lines, one for each shard that is whole; the first line names the plan they belong to.
#[derive(Debug)]
pub struct Journal {
    file: fs_err::File,
}

/// A shard that is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalLine {
    /// The shard.
    pub shard: usize,
    /// Its files.
    pub files: Vec<WrittenFile>,
    /// Its rows of `provenance.csv`, a file beside the journal.
    pub rows: WrittenFile,
    /// Its counts.
    pub tally: Tally,
}

#[derive(Serialize, Deserialize)]
struct Head {
    plan: String,
}

impl Journal {
    /// Starts a journal for the plan with this hash, over any earlier one.
    pub fn create(path: &Path, plan: &str) -> io::Result<Self> {
        let mut journal = Self { file: fs_err::File::create(path)? };
        journal.line(&Head { plan: plan.to_owned() })?;
        Ok(journal)
    }

    /// Goes on with the journal at `path` when it belongs to the plan with this hash: returns its lines up to the
    /// first that is not whole. `None` when it belongs to another plan or is not there.
    pub fn open(path: &Path, plan: &str) -> io::Result<Option<(Self, Vec<JournalLine>)>> {
        let reader = match fs_err::File::open(path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut lines = reader.lines();
        let head = lines.next().transpose()?.and_then(|line| serde_json::from_str::<Head>(&line).ok());
        if head.is_none_or(|head| head.plan != plan) {
            return Ok(None);
        }
        let mut trusted = Vec::new();
        for line in lines {
            let Ok(line) = serde_json::from_str::<JournalLine>(&line?) else { break };
            trusted.push(line);
        }
        // Written anew, so that a torn last line does not stand in the middle.
        let mut journal = Self::create(path, plan)?;
        for line in &trusted {
            journal.append(line)?;
        }
        Ok(Some((journal, trusted)))
    }

    /// Notes a shard that is whole.
    pub fn append(&mut self, line: &JournalLine) -> io::Result<()> {
        self.line(line)
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(shard: usize) -> JournalLine {
        let rows = WrittenFile { path: format!("rows-{shard}"), bytes: 1, sha256: String::new() };
        JournalLine { shard, files: vec![rows.clone()], rows, tally: Tally::default() }
    }

    #[test]
    fn only_whole_lines_of_the_same_plan_are_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        assert!(Journal::open(&path, "a").unwrap().is_none());
        let mut journal = Journal::create(&path, "a").unwrap();
        journal.append(&line(0)).unwrap();
        journal.append(&line(1)).unwrap();
        let mut bytes = fs_err::read(&path).unwrap();
        bytes.truncate(bytes.len() - 9);
        fs_err::write(&path, &bytes).unwrap();
        assert!(Journal::open(&path, "b").unwrap().is_none());
        let (mut journal, trusted) = Journal::open(&path, "a").unwrap().unwrap();
        assert_eq!(trusted, [line(0)]);
        journal.append(&line(2)).unwrap();
        assert_eq!(Journal::open(&path, "a").unwrap().unwrap().1, [line(0), line(2)]);
    }
}
