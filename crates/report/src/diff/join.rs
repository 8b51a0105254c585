//! Reads two runs side by side: a merge join over ledgers in input order.
//!
//! Input order is the order of files by the bytes of their names, then of lines; only what could be listed and not read
//! comes last, in a shard of its own, in the same order among itself. So a ledger is two sorted sequences, which are merged
//! here into one, and the join needs no more memory than one line of each.

use tamis_io::{LedgerLine, Record, Status};

use super::compare::DiffError;
use crate::{Run, ShardLines};

type Line = LedgerLine<'static>;

/// A document of a run: its ledger line, and its record when it was kept.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) line: Line,
    pub(super) record: Option<Record>,
}

/// A document of two runs.
pub(super) enum Pair {
    Both(Box<Entry>, Box<Entry>),
    Before(Box<Entry>),
    After(Box<Entry>),
}

/// Two runs side by side.
pub(super) struct Joined {
    before: Side,
    after: Side,
}

impl Joined {
    pub(super) fn new(before: &Run, after: &Run) -> Self {
        Self { before: Side::new(before), after: Side::new(after) }
    }

    pub(super) fn next(&mut self) -> Result<Option<Pair>, DiffError> {
        let order = match (self.before.peek()?, self.after.peek()?) {
            (None, None) => return Ok(None),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(was), Some(is)) => key(was).cmp(&key(is)).then_with(|| was.id.cmp(&is.id)),
        };
        let was = if order.is_le() { self.before.take()? } else { None };
        let is = if order.is_ge() { self.after.take()? } else { None };
        Ok(match (was, is) {
            (Some(was), Some(is)) => Some(Pair::Both(was, is)),
            (Some(was), None) => Some(Pair::Before(was)),
            (None, Some(is)) => Some(Pair::After(is)),
            (None, None) => None,
        })
    }
}

/// What ledgers are sorted by. The rest of a file that breaks off comes after what could be read of it.
fn key(line: &Line) -> (&str, bool, Option<u64>) {
    let rest = line.source.strip_prefix(line.file.as_ref()) == Some("#rest");
    (&line.file, rest, line.line)
}

/// One run.
struct Side {
    /// All shards of the ledger but the last, then the last.
    streams: [ShardLines<Line>; 2],
    ready: [Option<Line>; 2],
    records: ShardLines<Record>,
    /// The line taken last, to see that the order holds.
    last: Option<(String, bool, Option<u64>)>,
}

impl Side {
    fn new(run: &Run) -> Self {
        let mut shards = run.shards("ledger/");
        let last = shards.split_off(shards.len().saturating_sub(1));
        let lines = |shards| ShardLines::new(&run.root, shards);
        Self {
            streams: [lines(shards), lines(last)],
            ready: [None, None],
            records: run.records(),
            last: None,
        }
    }

    /// The stream whose line comes next.
    fn first(&mut self) -> Result<usize, DiffError> {
        for (ready, stream) in self.ready.iter_mut().zip(&mut self.streams) {
            if ready.is_none() {
                *ready = stream.next().transpose()?;
            }
        }
        Ok(match &self.ready {
            [Some(one), Some(two)] => usize::from(key(two) < key(one)),
            [one, _] => usize::from(one.is_none()),
        })
    }

    fn peek(&mut self) -> Result<Option<&Line>, DiffError> {
        let first = self.first()?;
        Ok(self.ready.get(first).and_then(Option::as_ref))
    }

    fn take(&mut self) -> Result<Option<Box<Entry>>, DiffError> {
        let first = self.first()?;
        let Some(line) = self.ready.get_mut(first).and_then(Option::take) else { return Ok(None) };
        let (file, rest, number) = key(&line);
        let here = (file.to_owned(), rest, number);
        if self.last.as_ref().is_some_and(|last| *last > here) {
            return Err(DiffError::Order { id: line.id.to_string() });
        }
        self.last = Some(here);
        let mut record = None;
        if line.status == Status::Kept {
            record = self.records.next().transpose()?;
            if record.as_ref().is_none_or(|record| record.id != line.id) {
                return Err(DiffError::Record { id: line.id.to_string() });
            }
        }
        Ok(Some(Box::new(Entry { line, record })))
    }
}
