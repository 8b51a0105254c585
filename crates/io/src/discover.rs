//! What is there to read: walk the input paths, filter, sort.

use std::borrow::Cow;
use std::fs::Metadata;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;
#[cfg(unix)]
use std::time::SystemTime;

use globset::{Glob, GlobSet, GlobSetBuilder};
use tamis_core::Format;
use thiserror::Error;

use crate::Compression;

/// A file to read.
///
/// A corpus of a million files is a million of these, so a path that the name tells is not stored again: 64 bytes and
/// the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Its name in the outputs: relative to its input root, `/` between the parts; bytes that are not UTF-8 written
    /// `\xNN`. With several roots, each name starts with its root as it was given.
    pub source: Box<str>,
    /// What its name says it is.
    pub kind: FileKind,
    /// How it is compressed.
    pub compression: Compression,
    /// Bytes on disk when it was found.
    pub size: u64,
    place: FilePlace,
    /// What tells whether it is still the file that was found; none where that cannot be told.
    stamp: Option<NonZeroU64>,
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FilePlace {
    /// Below a root, at its name without so many bytes of prefix.
    Below(Arc<Path>, u32),
    /// Where its name does not say.
    At(Box<Path>),
}

impl InputFile {
    /// The file at `path`, called `source`; `None` where there is none.
    pub fn at(path: &Path, source: &str) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
        Some(input_file(path, source.to_owned(), FilePlace::At(path.into()), &metadata))
    }

    /// Whether it is known to be the file that was found, with the bytes it had: by the system's number of the file, its
    /// length and when it was last changed, which no program can set back. One that was changed less than two seconds before
    /// it was found may have changed once more in the same tick of a coarse clock: it is not known.
    pub fn is_unchanged(&self) -> bool {
        let is_same = |metadata: Metadata| stamp(&metadata) == self.stamp;
        self.stamp.is_some() && std::fs::metadata(self.path()).is_ok_and(is_same)
    }

    /// The path to open.
    pub fn path(&self) -> Cow<'_, Path> {
        match &self.place {
            FilePlace::Below(root, prefix) => {
                Cow::Owned(root.join(self.source.get(*prefix as usize..).unwrap_or_default()))
            }
            FilePlace::At(path) => Cow::Borrowed(path),
        }
    }

    /// A file at a known place.
    pub fn of(path: &Path, source: &str, kind: FileKind, size: u64) -> Self {
        let place = FilePlace::At(path.into());
        Self { source: source.into(), kind, compression: Compression::of(path), size, place, stamp: None }
    }

    /// The same file under another name.
    #[must_use]
    pub fn renamed(self, source: &str) -> Self {
        Self { place: FilePlace::At(self.path().into()), source: source.into(), ..self }
    }
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// One document.
    Document(Format),
    /// One record a line.
    Jsonl,
}

/// Something that was met and cannot be read. Each is a failed document in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its name in the outputs.
    pub source: String,
    /// Why, as a lower-case fragment.
    pub reason: String,
}

/// All there is to read, sorted bytewise by source.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// What can be read.
    pub files: Vec<InputFile>,
    /// What cannot.
    pub unreadable: Vec<Unreadable>,
    /// Symbolic links to directories: not followed, so that no loop can form.
    pub links_passed_over: u64,
    /// Files that no pattern asks for.
    pub files_passed_over: u64,
}

/// Why the inputs cannot be listed at all.
#[derive(Debug, Error)]
pub enum DiscoverError {
    /// An input path is not there.
    #[error("cannot read input `{path}`: {source}")]
    Missing {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A pattern of `include` is not a glob.
    #[error("`{pattern}` is not a glob pattern: {message}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
}

/// Extensions of the files that are read when a pipeline says nothing, before `.gz` and `.zst`.
const KNOWN: [(&str, FileKind); 8] = [
    ("txt", FileKind::Document(Format::Text)),
    ("text", FileKind::Document(Format::Text)),
    ("md", FileKind::Document(Format::Text)),
    ("html", FileKind::Document(Format::Html)),
    ("htm", FileKind::Document(Format::Html)),
    ("xhtml", FileKind::Document(Format::Html)),
    ("jsonl", FileKind::Jsonl),
    ("ndjson", FileKind::Jsonl),
];

/// Walks `paths` and returns what there is to read.
///
/// In a directory, files count when a pattern of `include` matches their path relative to it (or, without patterns,
/// when their extension is a known one); a file named as an input itself always counts. Hidden files are files like
/// any other, and no ignore file is read: an input directory is a corpus, not a work tree.
pub fn discover(paths: &[PathBuf], include: &[String]) -> Result<Discovered, DiscoverError> {
    let patterns = patterns(include)?;
    let mut found = Discovered::default();
    let mut files = Vec::new();
    for root in paths {
        let missing = |source| DiscoverError::Missing { path: root.clone(), source };
        let metadata = std::fs::metadata(root).map_err(missing)?;
        let prefix = if paths.len() > 1 { format!("{}/", printable(root)) } else { String::new() };
        if metadata.is_dir() {
            walk(root, &prefix, patterns.as_ref(), &mut found, &mut files);
        } else {
            let name = root.file_name().map_or_else(|| printable(root), |name| printable(Path::new(name)));
            let source = if paths.len() > 1 { printable(root) } else { name };
            files.push(input_file(root, source, FilePlace::At(root.as_path().into()), &metadata));
        }
    }
    // Sorted bytewise, and a path given twice is read once.
    files.sort_by(|left, right| left.source.cmp(&right.source));
    files.dedup_by(|later, earlier| later.source == earlier.source);
    found.files = files;
    found.unreadable.sort_by(|left, right| left.source.cmp(&right.source));
    Ok(found)
}

fn walk(
    root: &Path,
    prefix: &str,
    patterns: Option<&GlobSet>,
    found: &mut Discovered,
    files: &mut Vec<InputFile>,
) {
    let below: Arc<Path> = root.into();
    let walker = ignore::WalkBuilder::new(root).standard_filters(false).follow_links(false).build();
    for entry in walker {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.unreadable.push(unreadable(root, prefix, &error));
                continue;
            }
        };
        let path = entry.path();
        let relative = path.strip_prefix(root).unwrap_or(path);
        let source = format!("{prefix}{}", printable(relative));
        let kind = entry.file_type();
        if kind.is_none_or(|kind| kind.is_dir()) {
            continue;
        }
        let wanted = match patterns {
            Some(patterns) => patterns.is_match(relative),
            None => known(path).is_some(),
        };
        // A link to a file is read as the file; one to a directory is not followed.
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => found.links_passed_over += 1,
            _ if !wanted => found.files_passed_over += 1,
            Ok(metadata) if metadata.is_file() => {
                // On systems where names are paths, and where the name is what the path says.
                let plain =
                    relative.to_str().is_some_and(|relative| source.get(prefix.len()..) == Some(relative));
                let place = if plain {
                    FilePlace::Below(Arc::clone(&below), prefix.len() as u32)
                } else {
                    FilePlace::At(path.into())
                };
                files.push(input_file(path, source, place, &metadata));
            }
            Ok(_) => found.unreadable.push(Unreadable { source, reason: "not a regular file".into() }),
            Err(error) => {
                found.unreadable.push(Unreadable { source, reason: format!("unreadable: {error}") });
            }
        }
    }
}

fn unreadable(root: &Path, prefix: &str, error: &ignore::Error) -> Unreadable {
    let place = match error {
        ignore::Error::WithDepth { err, .. } => match err.as_ref() {
            ignore::Error::WithPath { path, .. } => Some(path.clone()),
            _ => None,
        },
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        _ => None,
    };
    let relative = place.as_deref().map_or(Path::new(""), |path| path.strip_prefix(root).unwrap_or(path));
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    Unreadable { source: format!("{prefix}{}", printable(relative)), reason: format!("unreadable: {reason}") }
}

fn patterns(include: &[String]) -> Result<Option<GlobSet>, DiscoverError> {
    if include.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for pattern in include {
        let told = |error: globset::Error| DiscoverError::Pattern {
            pattern: pattern.clone(),
            message: error.kind().to_string(),
        };
        set.add(Glob::new(pattern).map_err(told)?);
    }
    let told = |error: globset::Error| DiscoverError::Pattern {
        pattern: include.join(", "),
        message: error.kind().to_string(),
    };
    set.build().map(Some).map_err(told)
}

/// The file, with what its name says of it.
fn input_file(path: &Path, source: String, place: FilePlace, metadata: &Metadata) -> InputFile {
    let kind = known(path).unwrap_or(FileKind::Document(Format::Unknown));
    let (compression, size) = (Compression::of(path), metadata.len());
    let stamp = stamp(metadata).filter(|_| is_settled(metadata));
    InputFile { source: source.into(), kind, compression, size, place, stamp }
}

/// A hash of what the system tells of a file's bytes without reading them.
#[cfg(unix)]
fn stamp(metadata: &Metadata) -> Option<NonZeroU64> {
    use std::os::unix::fs::MetadataExt;
    let mut told = [0; 40];
    let values = [
        metadata.dev(),
        metadata.ino(),
        metadata.len(),
        metadata.ctime().cast_unsigned(),
        metadata.ctime_nsec().cast_unsigned(),
    ];
    for (bytes, value) in told.as_chunks_mut::<8>().0.iter_mut().zip(values) {
        *bytes = value.to_le_bytes();
    }
    NonZeroU64::new(xxhash_rust::xxh3::xxh3_64(&told))
}

/// Whether the file was last changed long enough ago, by both clocks, that a later change shows.
#[cfg(unix)]
fn is_settled(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    const TICK: i64 = 2;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs());
    metadata.ctime().saturating_add(TICK) < now.cast_signed()
}

/// Elsewhere only a time is told that programs set as they like.
#[cfg(not(unix))]
fn stamp(_: &Metadata) -> Option<NonZeroU64> {
    None
}

#[cfg(not(unix))]
fn is_settled(_: &Metadata) -> bool {
    false
}

fn known(path: &Path) -> Option<FileKind> {
    let inner = match Compression::of(path) {
        Compression::None => path.to_owned(),
        _ => path.with_extension(""),
    };
    let extension = inner.extension()?.to_str()?.to_ascii_lowercase();
    KNOWN.iter().find(|(known, _)| *known == extension).map(|(_, kind)| *kind)
}

/// The path as outputs name it: `/` between its parts, bytes that are not UTF-8 as `\xNN`.
pub fn printable(path: &Path) -> String {
    let mut out = String::new();
    for (place, part) in path.iter().enumerate() {
        if place > 0 && !out.ends_with('/') {
            out.push('/');
        }
        for chunk in part.as_encoded_bytes().utf8_chunks() {
            out.push_str(chunk.valid());
            for byte in chunk.invalid() {
                use std::fmt::Write;
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(found: &Discovered) -> Vec<&str> {
        found.files.iter().map(|file| &*file.source).collect()
    }

    fn tree(names: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for name in names {
            let path = root.path().join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "texte").unwrap();
        }
        root
    }

    #[test]
    fn files_come_sorted_bytewise_whatever_the_system_says() {
        let root = tree(&["b/a.txt", "b.txt", "a/é.html", "B.txt", "notes.pdf", "r.jsonl.gz"]);
        let found = discover(&[root.path().to_owned()], &[]).unwrap();
        assert_eq!(sources(&found), ["B.txt", "a/é.html", "b.txt", "b/a.txt", "r.jsonl.gz"]);
        assert_eq!(found.files_passed_over, 1);
        let kinds: Vec<_> = found.files.iter().map(|file| (file.kind, file.compression)).collect();
        assert_eq!(kinds[1], (FileKind::Document(Format::Html), Compression::None));
        assert_eq!(kinds[4], (FileKind::Jsonl, Compression::Gzip));
    }

    #[test]
    fn patterns_choose_and_may_name_unknown_extensions() {
        let root = tree(&["a.txt", "b.html", "c.data", "d/e.data"]);
        let found = discover(&[root.path().to_owned()], &["**/*.data".into()]).unwrap();
        assert_eq!(sources(&found), ["c.data", "d/e.data"]);
        assert!(discover(&[root.path().to_owned()], &["a{".into()]).is_err());
    }

    #[test]
    fn a_file_named_as_input_counts_whatever_its_name() {
        let root = tree(&["c.data"]);
        let found = discover(&[root.path().join("c.data")], &["**/*.txt".into()]).unwrap();
        assert_eq!(sources(&found), ["c.data"]);
    }

    #[test]
    fn several_roots_keep_their_names_apart() {
        let (one, two) = (tree(&["a.txt"]), tree(&["a.txt"]));
        let roots = [one.path().to_owned(), two.path().to_owned(), one.path().to_owned()];
        let found = discover(&roots, &[]).unwrap();
        assert_eq!(found.files.len(), 2);
    }

    #[test]
    fn the_path_is_where_the_name_says_or_is_kept() {
        let root = tree(&["d/é.txt", "b.txt"]);
        let other = tree(&["c.txt"]);
        let found = discover(&[root.path().to_owned(), other.path().join("c.txt")], &[]).unwrap();
        assert_eq!(found.files.len(), 3);
        for file in &found.files {
            assert_eq!(fs_err::read_to_string(file.path()).unwrap(), "texte", "{file:?}");
            let path = file.path().into_owned();
            assert_eq!(file.clone().renamed("other").path(), path);
        }
        assert!(size_of::<InputFile>() <= 64);
    }

    #[cfg(unix)]
    #[test]
    fn what_may_have_changed_is_not_known_to_be_the_same() {
        let root = tree(&["a.txt", "b.txt"]);
        let fresh = discover(&[root.path().to_owned()], &[]).unwrap().files;
        // Just written: another change might not show.
        assert!(fresh.iter().all(|file| !file.is_unchanged()));
        std::thread::sleep(std::time::Duration::from_millis(3_100));
        let files = discover(&[root.path().to_owned()], &[]).unwrap().files;
        assert!(files.iter().all(InputFile::is_unchanged));
        // The same length, and the time of writing set back.
        let path = root.path().join("a.txt");
        let written = fs_err::metadata(&path).unwrap().modified().unwrap();
        fs_err::write(&path, "TEXTE").unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
        assert!(!files[0].is_unchanged());
        // Another file in its place.
        fs_err::rename(root.path().join("b.txt"), root.path().join("c.txt")).unwrap();
        fs_err::write(root.path().join("b.txt"), "texte").unwrap();
        assert!(!files[1].is_unchanged());
        fs_err::remove_file(root.path().join("b.txt")).unwrap();
        assert!(!files[1].is_unchanged());
    }

    #[test]
    fn a_missing_input_is_an_error() {
        let told = discover(&["no/such/place".into()], &[]).unwrap_err().to_string();
        assert!(told.starts_with("cannot read input `no/such/place`"), "{told}");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_odd_names_have_a_defined_outcome() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;
        let root = tree(&["d/a.txt"]);
        symlink(root.path(), root.path().join("d/loop")).unwrap();
        symlink(root.path().join("d/a.txt"), root.path().join("link.txt")).unwrap();
        symlink("nowhere", root.path().join("broken.txt")).unwrap();
        let odd = OsStr::from_bytes(b"caf\xe9.txt");
        fs_err::write(root.path().join(odd), "texte").unwrap();
        let found = discover(&[root.path().to_owned()], &[]).unwrap();
        assert_eq!(sources(&found), ["caf\\xe9.txt", "d/a.txt", "link.txt"]);
        assert_eq!(found.links_passed_over, 1);
        assert_eq!(found.unreadable.len(), 1);
        assert_eq!(found.unreadable[0].source, "broken.txt");
    }
}
