//! Indexes: the sketches of the documents that a run kept, for later runs to be held against.
//!
//! An index is a directory with two files. `sketches` holds a magic number, one entry for each kept document (checksum,
//! lengths of id and sketch, id, sketch; all numbers little-endian) and at its end the place of each entry. `index.json`
//! is written last and says whose sketches these are: stage, version and options, length and SHA-256 of `sketches`.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tamis_core::{EarlierRun, Sketches, StageError, StageErrorKind};
use thiserror::Error;
use xxhash_rust::xxh3::Xxh3;

use crate::AtomicFile;
use crate::block_file::read_at;

/// The version of the format.
const FORMAT: u32 = 1;
const MAGIC: [u8; 8] = *b"TAMISIX1";
const FACTS: &str = "index.json";
const SKETCHES: &str = "sketches";
/// Checksum, length of the id, length of the sketch.
const ENTRY: usize = 16;

/// Whose sketches an index holds. Indexes can be compared when these are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexKey {
    /// The stage.
    pub stage: String,
    /// Its version.
    pub version: u32,
    /// The options that its sketches and rules depend on.
    pub options: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    format: u32,
    #[serde(flatten)]
    key: IndexKey,
    documents: u64,
    bytes: u64,
    sha256: String,
}

/// Why an index cannot be used.
#[derive(Debug, Error)]
pub enum IndexError {
    /// There is none.
    #[error(
        "`{0}` is no index and holds none: it has no {FACTS}; a run with `index = \"…\"` writes one when it ends"
    )]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("failed to read the index `{path}`: {source}")]
    Io {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is of another format, or its files do not belong together.
    #[error("the index `{path}` is not whole: {detail}")]
    Broken {
        /// The directory.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// It was made by another stage, version or options.
    #[error(
        "the index `{path}` was made by {there}, and this run has {here}: what they drop cannot be compared"
    )]
    Other {
        /// The directory.
        path: PathBuf,
        /// What it was made by.
        there: String,
        /// What this run has.
        here: String,
    },
}

/// An index, opened for reading. Nothing of it is in memory.
#[derive(Debug)]
pub struct Index {
    name: String,
    file: File,
    /// Where the places of the entries stand.
    places: u64,
    documents: usize,
    sha256: String,
}

impl Index {
    /// Opens the index in `directory`, or all those in folders of it by name; not the one at `except`, which is what
    /// the run itself writes.
    pub fn open_all(
        directory: &Path,
        except: Option<&Path>,
        key: &IndexKey,
    ) -> Result<Vec<Self>, IndexError> {
        let told = |source| IndexError::Io { path: directory.to_owned(), source };
        let same = |path: &Path| match (except.map(std::path::absolute), std::path::absolute(path)) {
            (Some(Ok(except)), Ok(path)) => except == path,
            _ => false,
        };
        let mut paths = Vec::new();
        let is_index = |path: &Path| path.join(FACTS).is_file();
        if is_index(directory) {
            paths.push(directory.to_owned());
        } else {
            let entries = match std::fs::read_dir(directory) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(IndexError::Missing(directory.to_owned()));
                }
                Err(error) => return Err(told(error)),
            };
            for entry in entries {
                paths.push(entry.map_err(told)?.path());
            }
            let before = paths.len();
            paths.retain(|path| is_index(path));
            // A folder in which the first index is only now to be written is empty.
            if paths.is_empty() && before > 0 && !except.is_some_and(|except| except.starts_with(directory)) {
                return Err(IndexError::Missing(directory.to_owned()));
            }
        }
        paths.retain(|path| !same(path));
        paths.sort();
        paths.iter().map(|path| Self::open(path, key)).collect()
    }

    fn open(directory: &Path, key: &IndexKey) -> Result<Self, IndexError> {
        let told = |source| IndexError::Io { path: directory.to_owned(), source };
        let broken = |detail: String| IndexError::Broken { path: directory.to_owned(), detail };
        let facts = std::fs::read(directory.join(FACTS)).map_err(told)?;
        let facts: Facts = serde_json::from_slice(&facts).map_err(|error| broken(error.to_string()))?;
        if facts.format != FORMAT {
            return Err(broken(format!("it has format {}, not {FORMAT}", facts.format)));
        }
        if facts.key != *key {
            let of = |key: &IndexKey| format!("`{}` version {} with {}", key.stage, key.version, key.options);
            let (there, here) = (of(&facts.key), of(key));
            return Err(IndexError::Other { path: directory.to_owned(), there, here });
        }
        let file = File::open(directory.join(SKETCHES)).map_err(told)?;
        let bytes = file.metadata().map_err(told)?.len();
        let mut magic = [0; MAGIC.len()];
        read_at(&file, &mut magic, 0).map_err(told)?;
        let places = facts.documents.checked_mul(8).and_then(|table| facts.bytes.checked_sub(table));
        match places {
            Some(places) if bytes == facts.bytes && magic == MAGIC => Ok(Self {
                name: directory
                    .file_name()
                    .map_or_else(|| ".".into(), |name| name.to_string_lossy().into_owned()),
                file,
                places,
                documents: usize::try_from(facts.documents).map_err(|error| broken(error.to_string()))?,
                sha256: facts.sha256,
            }),
            _ => Err(broken(format!("{SKETCHES} has {bytes} bytes, {FACTS} says {}", facts.bytes))),
        }
    }

    /// The SHA-256 of its sketches, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Reads an entry: its id and its sketch. Their checksum is right.
    fn entry(&self, ordinal: usize) -> io::Result<(Vec<u8>, Vec<u8>)> {
        let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        if ordinal >= self.documents {
            return Err(invalid("there is no such document"));
        }
        let mut place = [0; 8];
        read_at(&self.file, &mut place, self.places + 8 * ordinal as u64)?;
        let place = u64::from_le_bytes(place);
        let mut head = [0; ENTRY];
        read_at(&self.file, &mut head, place)?;
        let numbers: Vec<u64> = head.as_chunks().0.iter().map(|number| u64::from_le_bytes(*number)).collect();
        let [checksum, lengths] = numbers.as_slice() else { return Err(invalid("an entry without a head")) };
        let (id, sketch) = ((lengths & 0xFFFF_FFFF) as usize, (lengths >> 32) as usize);
        if place + (ENTRY + id + sketch) as u64 > self.places {
            return Err(invalid("an entry longer than its file"));
        }
        let (mut id, mut sketch) = (vec![0; id], vec![0; sketch]);
        read_at(&self.file, &mut id, place + ENTRY as u64)?;
        read_at(&self.file, &mut sketch, place + (ENTRY + id.len()) as u64)?;
        if self::checksum(&id, &sketch) == *checksum {
            Ok((id, sketch))
        } else {
            Err(invalid("an entry is not what was written"))
        }
    }

    fn told(&self, ordinal: usize, error: &io::Error) -> StageError {
        let detail = format!("in the index `{}`: {error}", self.name);
        StageErrorKind::Sketch { ordinal, detail }.into()
    }
}

fn checksum(id: &[u8], sketch: &[u8]) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(id);
    hash.update(sketch);
    hash.digest()
}

impl Sketches for Index {
    fn len(&self) -> usize {
        self.documents
    }

    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError> {
        let entry = self.entry(ordinal).map_err(|error| self.told(ordinal, &error))?;
        Ok(Cow::Owned(entry.1))
    }
}

impl EarlierRun for Index {
    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self, ordinal: usize) -> Result<String, StageError> {
        let entry = self.entry(ordinal).map_err(|error| self.told(ordinal, &error))?;
        Ok(String::from_utf8_lossy(&entry.0).into_owned())
    }
}

/// Writes an index. It is there when it is finished, and not before.
#[derive(Debug)]
pub struct IndexWriter {
    directory: PathBuf,
    file: AtomicFile,
    key: IndexKey,
    places: Vec<u8>,
    bytes: u64,
}

impl IndexWriter {
    /// An index in `directory`, which is made. An index that stands there is replaced at the end.
    pub fn create(directory: &Path, key: IndexKey) -> io::Result<Self> {
        fs_err::create_dir_all(directory)?;
        let mut file = AtomicFile::create(directory)?;
        file.write(&MAGIC)?;
        let directory = directory.to_owned();
        Ok(Self { directory, file, key, places: Vec::new(), bytes: MAGIC.len() as u64 })
    }

    /// Adds a kept document.
    pub fn add(&mut self, id: &[u8], sketch: &[u8]) -> io::Result<()> {
        let len = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(io::Error::other);
        self.places.extend_from_slice(&self.bytes.to_le_bytes());
        self.file.write(&checksum(id, sketch).to_le_bytes())?;
        self.file.write(&len(id)?.to_le_bytes())?;
        self.file.write(&len(sketch)?.to_le_bytes())?;
        self.file.write(id)?;
        self.file.write(sketch)?;
        self.bytes += (ENTRY + id.len() + sketch.len()) as u64;
        Ok(())
    }

    /// Gives the files their names.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.write(&self.places)?;
        let written = self.file.finish(&self.directory, SKETCHES)?;
        let facts = Facts {
            format: FORMAT,
            key: self.key,
            documents: (self.places.len() / 8) as u64,
            bytes: written.bytes,
            sha256: written.sha256,
        };
        let mut text = serde_json::to_string_pretty(&facts)?;
        text.push('\n');
        AtomicFile::write_all(&self.directory, FACTS, text.as_bytes()).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(options: &str) -> IndexKey {
        IndexKey { stage: "deduplicate".into(), version: 2, options: options.into() }
    }

    fn write(directory: &Path, documents: &[(&str, &[u8])]) {
        let mut writer = IndexWriter::create(directory, key("a")).unwrap();
        for (id, sketch) in documents {
            writer.add(id.as_bytes(), sketch).unwrap();
        }
        writer.finish().unwrap();
    }

    #[test]
    fn what_is_written_is_read() {
        let root = tempfile::tempdir().unwrap();
        let documents = [("février/1", &b"sketch"[..]), ("", b""), ("3", &[7; 5000])];
        write(&root.path().join("a"), &documents);
        let indexes = Index::open_all(&root.path().join("a"), None, &key("a")).unwrap();
        let [index] = indexes.as_slice() else { panic!("{indexes:?}") };
        assert_eq!((index.name(), index.len()), ("a", 3));
        for (ordinal, (id, sketch)) in documents.iter().enumerate() {
            assert_eq!((index.id(ordinal).unwrap().as_str(), &*index.get(ordinal).unwrap()), (*id, *sketch));
        }
        assert!(index.get(3).is_err());
    }

    #[test]
    fn a_folder_of_indexes_is_all_of_them_but_the_runs_own() {
        let root = tempfile::tempdir().unwrap();
        for name in ["b", "a", "own"] {
            write(&root.path().join(name), &[]);
        }
        std::fs::create_dir(root.path().join("other")).unwrap();
        let own = root.path().join("own");
        let indexes = Index::open_all(root.path(), Some(&own), &key("a")).unwrap();
        assert_eq!(indexes.iter().map(EarlierRun::name).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        let root = tempfile::tempdir().unwrap();
        let told =
            |path: &Path, options: &str| Index::open_all(path, None, &key(options)).unwrap_err().to_string();
        assert!(told(&root.path().join("none"), "a").contains("is no index"));
        let path = root.path().join("i");
        write(&path, &[("1", b"sketch"), ("2", b"another")]);
        assert!(told(&path, "b").contains("cannot be compared"));
        let sketches = path.join(SKETCHES);
        let mut bytes = std::fs::read(&sketches).unwrap();
        bytes[8 + ENTRY + 3] ^= 1;
        std::fs::write(&sketches, &bytes).unwrap();
        let index = Index::open_all(&path, None, &key("a")).unwrap().pop().unwrap();
        assert!(index.get(0).unwrap_err().to_string().contains("not what was written"));
        assert!(index.get(1).is_ok());
        bytes.pop();
        std::fs::write(&sketches, &bytes).unwrap();
        assert!(told(&path, "a").contains("not whole"));
    }
}
