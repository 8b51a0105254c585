//! Units in the spool's file, and the sketches and ids that lie with them.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use tamis_core::{Outcome, Sketches, StageError, StageErrorKind};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::{Spooled, write};
use crate::block_file::BlockFile;

/// The documents of one unit while they are collected.
#[derive(Clone, Debug, Default)]
pub struct UnitBuffer {
    block: Vec<u8>,
    sketches: Vec<u8>,
    ids: Vec<u8>,
    /// Where the sketch and the id of each document that has a sketch end, in their sections.
    ends: Vec<[u32; 2]>,
    documents: u64,
}

/// Where a unit lies in its file: documents, sketches, ids, and the ends of the latter two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPlace {
    offset: u64,
    documents: u64,
    /// Bytes of the documents.
    text: u64,
    /// Bytes of the sketches.
    sketches: u64,
    /// Bytes of the ids.
    ids: u64,
    /// Documents with a sketch.
    reached: u64,
    /// XXH3 of all of it.
    checksum: u64,
}

/// A unit in the spool.
#[derive(Clone, Debug, Default)]
pub struct SpooledUnit {
    place: UnitPlace,
    ends: Box<[[u32; 2]]>,
    /// The sketches, where memory had room.
    cached: Option<Box<[u8]>>,
}

/// The file of one phase. It has a name, so that a run that was cut short finds it again.
#[derive(Debug)]
pub struct Spool {
    file: BlockFile,
    /// Bytes of sketches that may still be held in memory.
    cache: AtomicU64,
}

impl UnitBuffer {
    /// Makes it ready for the next unit and keeps the memory.
    pub fn clear(&mut self) {
        self.block.clear();
        self.sketches.clear();
        self.ids.clear();
        self.ends.clear();
        self.documents = 0;
    }

    /// Adds a document; those that go on bring their sketch.
    pub fn push(&mut self, spooled: &Spooled, sketch: &[u8]) {
        self.documents += 1;
        write(spooled, &mut self.block);
        if spooled.read.document.outcome == Outcome::Kept {
            self.sketches.extend_from_slice(sketch);
            self.ids.extend_from_slice(spooled.read.document.metadata.id.as_bytes());
            self.ends.push([self.sketches.len() as u32, self.ids.len() as u32]);
        }
    }
}

impl Spool {
    /// The spool at `path`, behind what it holds. At most `cache` bytes of sketches are held in memory as well.
    pub fn open(path: &Path, cache: u64) -> io::Result<Self> {
        Ok(Self { file: BlockFile::open(path)?, cache: AtomicU64::new(cache) })
    }

    /// Writes a unit.
    pub fn append(&self, unit: &mut UnitBuffer) -> io::Result<SpooledUnit> {
        let UnitBuffer { block, sketches, ids, ends, documents } = unit;
        if u32::try_from(sketches.len().max(ids.len())).is_err() {
            return Err(io::Error::other("the sketches of one unit of work take more than 4 GiB"));
        }
        let (sketch_bytes, id_bytes) = (sketches.len() as u64, ids.len() as u64);
        ids.extend(ends.iter().flatten().flat_map(|end| end.to_le_bytes()));
        // In parts: to join them first would copy all of it once more.
        let parts = [block.as_slice(), sketches, ids];
        let mut checksum = Xxh3::new();
        for part in &parts {
            checksum.update(part);
        }
        let place = UnitPlace {
            offset: self.file.append_parts(&parts)?,
            documents: *documents,
            text: block.len() as u64,
            sketches: sketch_bytes,
            ids: id_bytes,
            reached: ends.len() as u64,
            checksum: checksum.digest(),
        };
        Ok(SpooledUnit { place, ends: ends.as_slice().into(), cached: self.cached(sketches) })
    }

    /// Finds a unit again that an earlier process wrote; `None` when it is not what was written.
    pub fn reopen(&self, place: UnitPlace) -> Option<SpooledUnit> {
        let ends_bytes = place.reached.checked_mul(8)?;
        let len =
            [place.text, place.sketches, place.ids, ends_bytes].into_iter().try_fold(0, u64::checked_add)?;
        // A torn journal line could ask for anything.
        if place.offset.checked_add(len)? > self.file.len() {
            return None;
        }
        let mut block = Vec::new();
        self.file.read(place.offset, usize::try_from(len).ok()?, &mut block).ok()?;
        if xxh3_64(&block) != place.checksum {
            return None;
        }
        let (rest, ends) = block.split_at_checked(usize::try_from(len - ends_bytes).ok()?)?;
        let numbers: Vec<u32> =
            ends.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        let sketches =
            rest.get(usize::try_from(place.text).ok()?..)?.get(..usize::try_from(place.sketches).ok()?)?;
        Some(SpooledUnit { place, ends: numbers.as_chunks::<2>().0.into(), cached: self.cached(sketches) })
    }

    /// A copy of sketches, where there is room for them.
    fn cached(&self, sketches: &[u8]) -> Option<Box<[u8]>> {
        let len = sketches.len() as u64;
        let taken =
            self.cache.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(len));
        taken.is_ok().then(|| sketches.into())
    }

    /// Reads a unit's documents back, to be decoded by [`super::Reader`].
    pub fn read(&self, unit: &SpooledUnit, into: &mut Vec<u8>) -> io::Result<()> {
        self.file.read(unit.place.offset, usize::try_from(unit.place.text).unwrap_or(usize::MAX), into)
    }
}

impl UnitPlace {
    /// Bytes of its documents.
    pub fn bytes(&self) -> u64 {
        self.text
    }
}

impl SpooledUnit {
    /// Where it lies.
    pub fn place(&self) -> UnitPlace {
        self.place
    }

    /// The number of documents that have a sketch.
    pub fn reached(&self) -> usize {
        self.ends.len()
    }

    /// The bounds of section `section` (0: sketches, 1: ids) of document `number`, in that section.
    fn bounds(&self, number: usize, section: usize) -> Option<(u32, u32)> {
        let end = *self.ends.get(number)?.get(section)?;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)?.get(section).copied());
        Some((start.unwrap_or(0), end))
    }
}

/// A complete spool: documents by unit, sketches and ids by ordinal.
///
/// Takes eight bytes of memory for each document, and what sketches were cached.
#[derive(Debug)]
pub struct SpooledCorpus {
    spool: Spool,
    units: Vec<SpooledUnit>,
    /// The ordinal of each unit's first document with a sketch, and the number of all.
    first: Vec<usize>,
}

impl SpooledCorpus {
    /// The units of `spool`, in input order.
    pub fn new(spool: Spool, units: Vec<SpooledUnit>) -> Self {
        let mut first = vec![0];
        let mut total = 0;
        for unit in &units {
            total += unit.reached();
            first.push(total);
        }
        Self { spool, units, first }
    }

    /// The units.
    pub fn units(&self) -> &[SpooledUnit] {
        &self.units
    }

    /// The ordinal of the unit's first document with a sketch.
    pub fn first(&self, unit: usize) -> usize {
        self.first.get(unit).copied().unwrap_or_default()
    }

    /// Reads a unit's documents, to be decoded by [`super::Reader`].
    pub fn read(&self, unit: usize, into: &mut Vec<u8>) -> io::Result<()> {
        match self.units.get(unit) {
            Some(unit) => self.spool.read(unit, into),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The id of the document with this ordinal.
    pub fn id(&self, ordinal: usize) -> Option<String> {
        let (unit, number) = self.find(ordinal)?;
        let (start, end) = unit.bounds(number, 1)?;
        let offset = unit.place.offset + unit.place.text + unit.place.sketches + u64::from(start);
        let mut id = Vec::new();
        self.spool.file.read(offset, (end - start) as usize, &mut id).ok()?;
        String::from_utf8(id).ok()
    }

    fn find(&self, ordinal: usize) -> Option<(&SpooledUnit, usize)> {
        // Units without documents share their first ordinal with the next one: the last of them has it.
        let place = self.first.partition_point(|first| *first <= ordinal).checked_sub(1)?;
        Some((self.units.get(place)?, ordinal - self.first.get(place)?))
    }
}

impl Sketches for SpooledCorpus {
    fn len(&self) -> usize {
        self.first.last().copied().unwrap_or(0)
    }

    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError> {
        let told = |detail: String| StageError::from(StageErrorKind::Sketch { ordinal, detail });
        let found = self.find(ordinal).and_then(|(unit, number)| Some((unit, unit.bounds(number, 0)?)));
        let (unit, (start, end)) = found.ok_or_else(|| told("there is no such document".into()))?;
        if let Some(cached) = &unit.cached {
            let sketch = cached.get(start as usize..end as usize);
            return sketch.map(Cow::Borrowed).ok_or_else(|| told("it is cut off".into()));
        }
        let mut sketch = Vec::new();
        let offset = unit.place.offset + unit.place.text + u64::from(start);
        self.spool
            .file
            .read(offset, (end - start) as usize, &mut sketch)
            .map_err(|error| told(error.to_string()))?;
        Ok(Cow::Owned(sketch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::Reader;

    fn spooled(id: &str, kept: bool) -> Spooled {
        let mut spooled = Spooled::default();
        spooled.read.document.metadata.id = id.into();
        if !kept {
            let dropped = tamis_core::Dropped {
                stage: 0,
                rule: tamis_core::RuleIndex::new(0),
                value: None,
                threshold: None,
                duplicate_of: None,
                similarity: None,
            };
            spooled.read.document.outcome = Outcome::Dropped(dropped);
        }
        spooled
    }

    #[test]
    fn units_sketches_and_ids_are_found_again_also_by_another_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let written: [&[(&str, bool, &str)]; 4] = [
            &[("a", true, "sketch of a"), ("b", false, ""), ("c", true, "")],
            &[],
            &[("d", false, "")],
            &[("e", true, "sketch of e")],
        ];
        for cache in [0, 11, 1 << 20] {
            let spool = Spool::open(&path, cache).unwrap();
            let mut buffer = UnitBuffer::default();
            let units: Vec<SpooledUnit> = written
                .iter()
                .map(|unit| {
                    buffer.clear();
                    for (id, kept, sketch) in *unit {
                        buffer.push(&spooled(id, *kept), sketch.as_bytes());
                    }
                    spool.append(&mut buffer).unwrap()
                })
                .collect();
            let places: Vec<UnitPlace> = units.iter().map(SpooledUnit::place).collect();
            check(&SpooledCorpus::new(spool, units), &written);

            let again = Spool::open(&path, cache).unwrap();
            let units: Option<Vec<SpooledUnit>> = places.iter().map(|place| again.reopen(*place)).collect();
            check(&SpooledCorpus::new(again, units.unwrap()), &written);
        }
    }

    fn check(corpus: &SpooledCorpus, written: &[&[(&str, bool, &str)]]) {
        let reached: Vec<_> = written.concat().into_iter().filter(|(_, kept, _)| *kept).collect();
        assert_eq!(corpus.len(), reached.len());
        for (ordinal, (id, _, sketch)) in reached.iter().enumerate() {
            assert_eq!(corpus.get(ordinal).unwrap(), sketch.as_bytes());
            assert_eq!(corpus.id(ordinal).as_deref(), Some(*id));
        }
        assert!(corpus.get(reached.len()).is_err() && corpus.id(reached.len()).is_none());
        let mut block = Vec::new();
        for (place, unit) in written.iter().enumerate() {
            corpus.read(place, &mut block).unwrap();
            let (mut reader, mut one, mut ids) = (Reader::new(&block), Spooled::default(), Vec::new());
            while reader.next(&mut one).unwrap() {
                ids.push(one.read.document.metadata.id.clone());
            }
            assert_eq!(ids, unit.iter().map(|(id, _, _)| *id).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_unit_that_is_not_what_was_written_is_not_found() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(&folder.path().join("spool"), 0).unwrap();
        let mut buffer = UnitBuffer::default();
        buffer.push(&spooled("a", true), b"sketch");
        let place = spool.append(&mut buffer).unwrap().place();
        assert!(spool.reopen(place).is_some());
        for torn in [
            UnitPlace { offset: place.offset + 1, ..place },
            UnitPlace { text: u64::MAX, ..place },
            UnitPlace { reached: place.reached + 1, ..place },
            UnitPlace { checksum: 0, ..place },
        ] {
            assert!(spool.reopen(torn).is_none(), "{torn:?}");
        }
        for at in [0, place.text, place.text + place.sketches, place.text + place.sketches + place.ids] {
            let mut byte = Vec::new();
            spool.file.read(at, 1, &mut byte).unwrap();
            spool.file.write(&[byte[0] ^ 1], at).unwrap();
            assert!(spool.reopen(place).is_none(), "byte {at}");
            spool.file.write(&byte, at).unwrap();
        }
        assert!(spool.reopen(place).is_some());
    }
}
