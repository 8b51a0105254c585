//! Inputs, ledger, documents and `provenance.csv` in one pass.

use std::collections::BTreeSet;
use std::io::{BufReader, Read};
use std::path::Path;

use tamis_io::{
    Discovered, LedgerLine, PROVENANCE_HEADER, ReadDocument, Record, Status, Unit, provenance_row,
};

use super::runs::Runs;
use super::totals::Sums;
use super::{Law, VerifyReport, document, hash, record};
use crate::inputs::InputDocuments;
use crate::{Run, ShardError, ShardLines};

type Line = LedgerLine<'static>;

/// Goes through the run. `wanted` are hashes of ids that duplicates name.
pub(super) fn check(
    run: &Run,
    found: &Discovered,
    units: &[Unit],
    mut wanted: BTreeSet<u64>,
    report: &mut VerifyReport,
) {
    let mut inputs = Ahead::new(InputDocuments::new(found, units, run.report.limits(), run.report.limit));
    let mut lines = Peeking::new(run.ledger(), Law::Complete);
    let mut records = Peeking::new(run.records(), Law::Records);
    let mut rows = Rows::open(&run.root, report);
    let mut sums = Sums::default();
    let mut runs = Runs::default();
    let mut duplicates: u64 = 0;
    loop {
        lines.fill(report);
        inputs.fill();
        // A line that is for no document, or a document without a line, costs one step of one side.
        let pair = match (&lines.first, inputs.first()) {
            (None, None) => break,
            (Some(line), Some(read)) if same_place(line, read) => Pair::Both,
            (Some(_), None) => Pair::Line,
            (None, Some(_)) => Pair::Input,
            (Some(line), Some(read)) => {
                let line_is_extra = lines.second.as_ref().is_some_and(|next| same_place(next, read));
                let input_is_extra = inputs.second().is_some_and(|next| same_place(line, next));
                match (line_is_extra, input_is_extra) {
                    (true, false) => Pair::Line,
                    (false, true) => Pair::Input,
                    _ => Pair::Strangers,
                }
            }
        };
        if !matches!(pair, Pair::Line) {
            report.checked(Law::Complete, 1);
        }
        if matches!(pair, Pair::Input | Pair::Strangers)
            && let Some(read) = inputs.first()
        {
            let what = "it has no ledger line";
            report.broken(Law::Complete, &read.document.metadata.id, None, what);
        }
        if matches!(pair, Pair::Line | Pair::Strangers)
            && let Some(line) = &lines.first
        {
            let what = "the ledger line stands for no document of the inputs";
            report.broken(Law::Complete, &line.id, None, what);
        }
        if let Some(line) = lines.first.as_ref().filter(|_| !matches!(pair, Pair::Input)) {
            report.documents += 1;
            let read = inputs.first().filter(|_| matches!(pair, Pair::Both));
            report.raw_bytes += read.map_or(0, |read| read.document.raw.len() as u64);
            let rebuilt = document::check(run, line, read, report);
            rows.check(line, report);
            let record = (line.status == Status::Kept).then(|| take_record(line, &mut records, report));
            let record = record.flatten();
            if let Some(record) = &record {
                record::check(line, record, rebuilt.as_ref(), report);
                if let Some(read) = read {
                    record::carried(record, read, report);
                }
            }
            let text = rebuilt.as_ref().map(|rebuilt| rebuilt.text.as_str());
            sums.add(line, record.as_ref(), text);
            if line.status == Status::Kept && !wanted.is_empty() {
                wanted.remove(&hash(&line.id));
            }
            duplicates += u64::from(line.duplicate_of.is_some());
            runs.add(run, line, report);
        }
        if !matches!(pair, Pair::Input) {
            lines.advance();
        }
        if !matches!(pair, Pair::Line) {
            inputs.advance();
        }
    }
    loop {
        records.fill(report);
        let Some(extra) = &records.first else { break };
        report.broken(Law::Records, &extra.id, None, "the record has no ledger line of a kept document");
        records.advance();
    }
    rows.finish(report);
    report.checked(Law::Duplicates, duplicates);
    if !wanted.is_empty() {
        lost_duplicates(run, &wanted, report);
    }
    runs.check(run, report);
    sums.compare(run, report);
}

/// Which side steps on.
enum Pair {
    Both,
    Line,
    Input,
    Strangers,
}

fn same_place(line: &Line, read: &ReadDocument) -> bool {
    line.file == read.location.file && line.line == read.location.line
}

/// The record of a kept document's line; one record that no line stands for is passed over.
fn take_record(
    line: &Line,
    records: &mut Peeking<ShardLines<Record>, Record>,
    report: &mut VerifyReport,
) -> Option<Record> {
    records.fill(report);
    report.checked(Law::Records, 1);
    let is_it = |record: &Option<Record>| record.as_ref().is_some_and(|record| record.id == line.id);
    if !is_it(&records.first) && is_it(&records.second) {
        let id = records.first.as_ref().map_or("", |record| &record.id);
        report.broken(Law::Records, id, None, "the record has no ledger line of a kept document");
        records.advance();
        records.fill(report);
    }
    if is_it(&records.first) {
        let found = records.first.take();
        records.advance();
        return found;
    }
    report.broken(Law::Records, &line.id, None, "the document is kept, and its record is not in its place");
    None
}

/// Tells which duplicates name a document that was not kept.
fn lost_duplicates(run: &Run, wanted: &BTreeSet<u64>, report: &mut VerifyReport) {
    for line in run.ledger().flatten() {
        if let Some(id) = line.duplicate_of.as_ref().filter(|_| line.duplicate_in.is_none())
            && wanted.contains(&hash(id))
        {
            let what = format!("dropped as a duplicate of `{id}`, which was not kept");
            report.broken(Law::Duplicates, &line.id, None, what);
        }
    }
}

/// The inputs, one document ahead.
struct Ahead<'a> {
    inputs: InputDocuments<'a>,
    buffers: [ReadDocument; 2],
    ready: usize,
    ended: bool,
}

impl<'a> Ahead<'a> {
    fn new(inputs: InputDocuments<'a>) -> Self {
        Self { inputs, buffers: Default::default(), ready: 0, ended: false }
    }

    fn fill(&mut self) {
        while self.ready < 2 && !self.ended {
            let Some(buffer) = self.buffers.get_mut(self.ready) else { return };
            if self.inputs.next(buffer) {
                self.ready += 1;
            } else {
                self.ended = true;
            }
        }
    }

    fn first(&self) -> Option<&ReadDocument> {
        self.buffers.first().filter(|_| self.ready > 0)
    }

    fn second(&self) -> Option<&ReadDocument> {
        self.buffers.last().filter(|_| self.ready > 1)
    }

    fn advance(&mut self) {
        self.buffers.swap(0, 1);
        self.ready = self.ready.saturating_sub(1);
    }
}

/// Lines of shards, one ahead; those that cannot be read break `law` and are passed over.
struct Peeking<I, T> {
    lines: I,
    law: Law,
    first: Option<T>,
    second: Option<T>,
}

impl<T, I: Iterator<Item = Result<T, ShardError>>> Peeking<I, T> {
    fn new(lines: I, law: Law) -> Self {
        Self { lines, law, first: None, second: None }
    }

    fn fill(&mut self, report: &mut VerifyReport) {
        if self.first.is_none() {
            self.first = self.second.take();
        }
        while self.first.is_none() || self.second.is_none() {
            let slot = if self.first.is_none() { &mut self.first } else { &mut self.second };
            match self.lines.next() {
                None => return,
                Some(Ok(line)) => *slot = Some(line),
                Some(Err(error)) => {
                    let what = format!("line {}: {}", error.line, error.kind);
                    report.broken(self.law, &error.file, None, what);
                }
            }
        }
    }

    fn advance(&mut self) {
        self.first = self.second.take();
    }
}

/// `provenance.csv`, which must be the flat form of the ledger, byte for byte.
struct Rows {
    reader: Option<BufReader<fs_err::File>>,
    expected: Vec<u8>,
    found: Vec<u8>,
    /// Bytes compared so far.
    at: u64,
}

impl Rows {
    fn open(root: &Path, report: &mut VerifyReport) -> Self {
        let reader = match fs_err::File::open(root.join("provenance.csv")) {
            Ok(file) => Some(BufReader::with_capacity(1 << 16, file)),
            Err(error) => {
                report.broken(Law::Provenance, "provenance.csv", None, error.to_string());
                None
            }
        };
        let mut rows = Self { reader, expected: Vec::new(), found: Vec::new(), at: 0 };
        let header = format!("{}\n", PROVENANCE_HEADER.join(","));
        rows.compare(header.as_bytes(), "the header", report);
        rows
    }

    fn check(&mut self, line: &Line, report: &mut VerifyReport) {
        if self.reader.is_none() {
            return;
        }
        report.checked(Law::Provenance, 1);
        let mut expected = std::mem::take(&mut self.expected);
        expected.clear();
        provenance_row(line, &mut expected);
        self.compare(&expected, &line.id, report);
        self.expected = expected;
    }

    /// After the first difference rows and lines no longer stand side by side: it is told, and the rest is left.
    fn compare(&mut self, expected: &[u8], place: &str, report: &mut VerifyReport) {
        let Some(reader) = &mut self.reader else { return };
        self.found.clear();
        let read = reader.take(expected.len() as u64).read_to_end(&mut self.found);
        if read.is_err() || self.found != expected {
            let same = self.found.iter().zip(expected).take_while(|(left, right)| left == right).count();
            let what = "its row of provenance.csv is not what the ledger says, from this byte of the file on; the rows \
                        after it were not read";
            report.broken(Law::Provenance, place, Some(self.at + same as u64), what);
            self.reader = None;
        }
        self.at += expected.len() as u64;
    }

    fn finish(mut self, report: &mut VerifyReport) {
        if let Some(mut reader) = self.reader.take()
            && reader.read(&mut [0; 1]).map_or(true, |more| more > 0)
        {
            let what = "rows that no ledger line stands for, from this byte on";
            report.broken(Law::Provenance, "provenance.csv", Some(self.at), what);
        }
    }
}
