//! What a resumed run may trust.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::spool::UnitPlace;
use crate::{Basis, Tally, WrittenFile};

/// A file of lines, one for each piece of work that is done; the first line names the plan they belong to.
///
/// Lines are not synced one by one: whoever trusts a line checks the hash of what it tells of, which also holds after
/// the machine lost its power.
#[derive(Debug)]
pub struct Journal {
    file: fs_err::File,
    line: Vec<u8>,
}

/// A piece of work that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JournalLine {
    /// A shard of the output is written.
    Shard(Box<JournalShard>),
    /// A part of the input stands in the spool of a phase.
    Spooled(JournalUnit),
    /// A corpus stage has decided.
    Decided(JournalDecision),
}

/// What a corpus stage told beside its decisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalDecision {
    /// The stage's place in the plan.
    pub stage: usize,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// What was measured, by the name of the metric.
    pub measures: BTreeMap<String, u64>,
}

/// A shard of the output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalShard {
    /// Its name, as its files carry it: `00003`.
    pub shard: String,
    /// What it was made from.
    pub basis: Basis,
    /// Its files.
    pub files: Vec<WrittenFile>,
    /// Its rows of `provenance.csv`, a file beside the journal.
    pub rows: WrittenFile,
    /// Its counts.
    pub tally: Tally,
}

/// A part of the input in the spool of a phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalUnit {
    /// The number of the phase, from 1.
    pub phase: usize,
    /// The unit.
    pub unit: usize,
    /// The part of the unit.
    pub part: usize,
    /// What it was made from.
    pub basis: Basis,
    /// Where it stands.
    pub place: UnitPlace,
}

#[derive(Serialize, Deserialize)]
struct Head {
    plan: String,
}

impl Journal {
    /// Starts a journal for the plan with this hash, over any earlier one.
    pub fn create(path: &Path, plan: &str) -> io::Result<Self> {
        let mut journal = Self { file: fs_err::File::create(path)?, line: Vec::new() };
        journal.line(&Head { plan: plan.to_owned() })?;
        Ok(journal)
    }

    /// The lines of the journal at `path` when it belongs to the plan with this hash, up to the first that is not whole.
    /// `None` when it belongs to another plan or is not there.
    pub fn read(path: &Path, plan: &str) -> io::Result<Option<Vec<JournalLine>>> {
        let reader = match fs_err::File::open(path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut lines = reader.split(b'\n');
        let head = lines.next().transpose()?.and_then(|line| serde_json::from_slice::<Head>(&line).ok());
        if head.is_none_or(|head| head.plan != plan) {
            return Ok(None);
        }
        let mut whole = Vec::new();
        for line in lines {
            let Ok(line) = serde_json::from_slice::<JournalLine>(&line?) else { break };
            whole.push(line);
        }
        Ok(Some(whole))
    }

    /// Goes on with the journal at `path`: returns its lines, as [`Journal::read`] does. Those of shards are to be noted
    /// again, since they may carry other names now.
    pub fn open(path: &Path, plan: &str) -> io::Result<Option<(Self, Vec<JournalLine>)>> {
        let Some(lines) = Self::read(path, plan)? else { return Ok(None) };
        // Written anew, so that a torn last line does not stand in the middle; and under its name only when that is
        // done.
        let beside = path.with_extension("new");
        let mut journal = Self::create(&beside, plan)?;
        for line in lines.iter().filter(|line| !matches!(line, JournalLine::Shard(_))) {
            journal.append(line)?;
        }
        fs_err::rename(beside, path)?;
        Ok(Some((journal, lines)))
    }

    /// A whole journal as bytes.
    pub fn lines(plan: &str, lines: impl IntoIterator<Item = JournalLine>) -> io::Result<Vec<u8>> {
        let mut out = serde_json::to_vec(&Head { plan: plan.to_owned() })?;
        for line in lines {
            out.push(b'\n');
            serde_json::to_writer(&mut out, &line)?;
        }
        out.push(b'\n');
        Ok(out)
    }

    /// Notes what is done.
    pub fn append(&mut self, line: &JournalLine) -> io::Result<()> {
        self.line(line)
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value)?;
        self.line.push(b'\n');
        self.file.write_all(&self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(shard: usize) -> JournalLine {
        let rows = WrittenFile { path: format!("rows-{shard}"), bytes: 1, sha256: String::new() };
        let (shard, basis) = (format!("{shard:05}"), Basis::of([]));
        JournalLine::Shard(Box::new(JournalShard {
            shard,
            basis,
            files: vec![rows.clone()],
            rows,
            tally: Tally::default(),
        }))
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
