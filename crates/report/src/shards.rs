//! Reads the lines of a run's shards, one after the other, decompressed as they come.

use std::io::{self, BufRead, BufReader, Read};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use tamis_io::Compression;
use thiserror::Error;

/// A shard, or one of its lines, that cannot be read.
#[derive(Debug, Error)]
#[error("{file}, line {line}: {kind}")]
pub struct ShardError {
    /// The shard, relative to the run.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub kind: ShardErrorKind,
}

/// What is wrong with a shard.
#[derive(Debug, Error)]
pub enum ShardErrorKind {
    /// It cannot be read on from here.
    #[error("unreadable: {0}")]
    Io(#[from] io::Error),
    /// The line is not what it should be; those after it can be read.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

/// A question about a line that is answered without parsing it.
type Wanted = Box<dyn Fn(&[u8]) -> bool>;

/// The lines of the shards, in order. Holds one line at a time.
pub struct ShardLines<T> {
    root: PathBuf,
    names: std::vec::IntoIter<String>,
    current: Option<BufReader<Box<dyn Read>>>,
    name: String,
    line: u64,
    buffer: Vec<u8>,
    /// Lines that this says no to are passed over, unparsed.
    wanted: Option<Wanted>,
    kind: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> ShardLines<T> {
    /// The lines of the files `names` of the run at `root`.
    pub(crate) fn new(root: &Path, names: Vec<String>) -> Self {
        Self {
            root: root.to_owned(),
            names: names.into_iter(),
            current: None,
            name: String::new(),
            line: 0,
            buffer: Vec::new(),
            wanted: None,
            kind: PhantomData,
        }
    }

    /// Passes over lines that do not begin with `prefix`, unparsed: a search at the speed of reading.
    pub(crate) fn beginning_with(self, prefix: Vec<u8>) -> Self {
        self.beginning_with_one_of(vec![prefix])
    }

    /// As [`Self::beginning_with`], for several beginnings.
    pub(crate) fn beginning_with_one_of(self, prefixes: Vec<Vec<u8>>) -> Self {
        self.only(move |line| prefixes.iter().any(|prefix| line.starts_with(prefix)))
    }

    /// Passes over lines that `wanted` says no to, unparsed.
    pub(crate) fn only(mut self, wanted: impl Fn(&[u8]) -> bool + 'static) -> Self {
        self.wanted = Some(Box::new(wanted));
        self
    }

    /// The next line as it is written, its end included.
    pub(crate) fn next_line(&mut self) -> Option<Result<&[u8], ShardError>> {
        let filled = self.fill()?;
        let error = |kind| ShardError { file: self.name.clone(), line: self.line, kind };
        Some(filled.map(|()| self.buffer.as_slice()).map_err(error))
    }

    fn fill(&mut self) -> Option<Result<(), ShardErrorKind>> {
        loop {
            let Some(reader) = &mut self.current else {
                self.name = self.names.next()?;
                self.line = 0;
                let path = self.root.join(&self.name);
                let opened = fs_err::File::open(&path).and_then(|file| Compression::of(&path).reader(file));
                match opened {
                    Ok(reader) => self.current = Some(BufReader::with_capacity(1 << 17, reader)),
                    Err(error) => return Some(Err(error.into())),
                }
                continue;
            };
            self.buffer.clear();
            self.line += 1;
            match read_line(reader, &mut self.buffer) {
                Ok(0) => self.current = None,
                Ok(_) if self.wanted.as_ref().is_some_and(|wanted| !wanted(&self.buffer)) => {}
                Ok(_) => return Some(Ok(())),
                Err(error) => {
                    self.current = None;
                    return Some(Err(error.into()));
                }
            }
        }
    }
}

/// Appends a line, its end included, and says how long it is: `BufRead::read_until` with a faster search.
pub(crate) fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    let before = line.len();
    loop {
        let bytes = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        let end = memchr::memchr(b'\n', bytes).map(|at| at + 1);
        let used = end.unwrap_or(bytes.len());
        line.extend_from_slice(bytes.get(..used).unwrap_or_default());
        reader.consume(used);
        if end.is_some() || used == 0 {
            return Ok(line.len() - before);
        }
    }
}

impl<T: DeserializeOwned> Iterator for ShardLines<T> {
    type Item = Result<T, ShardError>;

    fn next(&mut self) -> Option<Self::Item> {
        let parsed =
            self.fill()?.and_then(|()| serde_json::from_slice(&self.buffer).map_err(ShardErrorKind::Json));
        Some(parsed.map_err(|kind| ShardError { file: self.name.clone(), line: self.line, kind }))
    }
}
