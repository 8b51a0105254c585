//! Titles of kept documents that lie anywhere in a run.
//!
//! Records tell no place, so that a title had to be looked for in all of them, and to decompress them was a fifth of the
//! report. But they stand in the order of `provenance.csv`, and a shard is made of frames that can be read each by itself.
//! The first record of each shard tells which shard has the document, and the first ones of some of its frames which frame.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};
use std::path::Path;

use serde::de::IgnoredAny;
use tamis_io::Compression;

use super::draw;
use super::edits::{string_end, unescaped};
use super::provenance::{Cluster, Rows};
use super::records::Clean;
use crate::ShardLines;
use crate::shards::read_line;

/// So many bytes of a record have its id mostly.
const HEAD: u64 = 1 << 12;

/// Gives clusters behind the table's last row the titles of the documents that they are named by.
pub(super) fn read(root: &Path, shards: &[String], shown: usize, clusters: &mut [Cluster]) -> io::Result<()> {
    if clusters.iter().all(|cluster| cluster.ordinal < shown) {
        return Ok(());
    }
    let mut starts = BTreeMap::new();
    for (place, name) in shards.iter().enumerate() {
        let path = root.join(name);
        let file = fs_err::File::open(&path).and_then(|file| Compression::of(&path).reader(file));
        if let Some(first) = file.ok().and_then(first_id) {
            starts.insert(first, place);
        }
    }
    let mut rows = Rows::open(root)?;
    let [id, status] = ["id", "status"].map(|name| rows.column(name));
    // The hashes of the ids of one shard, and the clusters that are named by one of them, with its place.
    let (mut ids, mut wanted): (Vec<u64>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    let mut shard = None;
    let mut left = clusters.iter().filter(|cluster| cluster.ordinal >= shown).count();
    while left + wanted.len() > 0 && rows.next()? {
        if rows.field(status) != "kept" {
            continue;
        }
        let hash = draw(rows.field(id).as_bytes());
        if let Some(next) = starts.get(&hash) {
            of_shard(root, shard, &ids, &wanted, clusters);
            (shard, ids, wanted) = (shards.get(*next), Vec::new(), Vec::new());
        }
        let here = clusters.iter().position(|cluster| cluster.ordinal == rows.ordinal);
        if let Some(cluster) = here.filter(|_| rows.ordinal >= shown) {
            wanted.push((cluster, ids.len()));
            left -= 1;
        }
        ids.push(hash);
    }
    of_shard(root, shard, &ids, &wanted, clusters);
    let behind = clusters.iter_mut().filter(|cluster| cluster.ordinal >= shown && cluster.title.is_none());
    by_scan(root, shards, behind.collect());
    Ok(())
}

/// Looks for documents in a shard whose records have these ids.
fn of_shard(
    root: &Path,
    shard: Option<&String>,
    ids: &[u64],
    wanted: &[(usize, usize)],
    clusters: &mut [Cluster],
) {
    let Some(name) = shard.filter(|_| !wanted.is_empty()) else { return };
    let path = root.join(name);
    let compression = Compression::of(&path);
    let Ok(bytes) = fs_err::read(&path) else { return };
    let parts: Vec<(usize, &[u8])> = compression.parts(&bytes).into_iter().enumerate().collect();
    // The places of the first documents of parts that were asked for; the shard's first is that of the first part.
    let mut firsts = BTreeMap::from([(0, Some(0))]);
    // What is wanted comes in the order of the records: the next one may stand further on in the same part.
    let (mut open, mut line) = (None, Vec::new());
    for (cluster, place) in wanted {
        let Some(cluster) = clusters.get_mut(*cluster) else { continue };
        // The last part that begins with the document or one before it.
        let part = parts.partition_point(|(number, part)| {
            let first = firsts.entry(*number).or_insert_with(|| {
                let first = compression.part_reader(part).ok().and_then(first_id);
                first.and_then(|first| ids.iter().position(|id| *id == first))
            });
            first.is_some_and(|first| first <= *place)
        });
        let Some((number, part)) = part.checked_sub(1).and_then(|part| parts.get(part)) else { continue };
        if open.as_ref().is_none_or(|(of, _)| of != number) {
            let Ok(reader) = compression.part_reader(part) else { continue };
            open = Some((*number, BufReader::with_capacity(1 << 16, reader)));
        }
        let Some((_, lines)) = &mut open else { continue };
        let prefix = prefix(&cluster.id);
        line.clear();
        while read_line(lines, &mut line).is_ok_and(|read| read > 0) {
            if line.starts_with(&prefix) {
                cluster.title = Clean::of(&line).map(|record| title(&record));
                break;
            }
            line.clear();
        }
    }
}

/// The titles of documents, looked for in all records: those that were not found where they should stand.
fn by_scan(root: &Path, shards: &[String], mut clusters: Vec<&mut Cluster>) {
    let prefixes: Vec<_> = clusters.iter().map(|cluster| prefix(&cluster.id)).collect();
    let mut left = clusters.len();
    let records = ShardLines::<IgnoredAny>::new(root, shards.to_vec());
    let mut records = records.beginning_with_one_of(prefixes.clone());
    while left > 0
        && let Some(line) = records.next_line()
    {
        let Ok(line) = line else { continue };
        left -= 1;
        for (cluster, prefix) in clusters.iter_mut().zip(&prefixes) {
            if line.starts_with(prefix) {
                cluster.title = Clean::of(line).map(|record| title(&record));
            }
        }
    }
}

fn title(record: &Clean<'_>) -> String {
    record.title.clone().unwrap_or_else(|| record.beginning())
}

/// What the record of a document begins with.
fn prefix(id: &str) -> Vec<u8> {
    format!("{{\"id\":{},", serde_json::to_string(id).unwrap_or_default()).into_bytes()
}

/// The hash of the first record's id.
fn first_id(reader: impl Read) -> Option<u64> {
    let mut head = Vec::new();
    reader.take(HEAD).read_to_end(&mut head).ok()?;
    let (id, _) = string_end(head.strip_prefix(b"{\"id\":\"")?)?;
    Some(draw(unescaped(id)?.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tamis_io::FrameWriter;

    use super::*;

    /// Writes shards of frames of records, with the rows of their documents and of some that were dropped.
    fn write(
        root: &Path,
        compression: Compression,
        frames: &[Vec<usize>],
        same_ids: bool,
    ) -> (Vec<String>, Vec<Cluster>) {
        let (mut csv, mut names, mut clusters, mut ordinal) =
            ("id,status\n".to_owned(), Vec::new(), Vec::new(), 0);
        fs_err::create_dir(root.join("documents")).unwrap();
        for (shard, frames) in frames.iter().enumerate() {
            let mut bytes = Vec::new();
            for records in frames {
                let mut writer = FrameWriter::new(compression);
                for _ in 0..*records {
                    let id = if same_ids { format!("{}", ordinal % 7) } else { format!("d\"{ordinal}") };
                    let record = serde_json::json!({ "id": id, "source": id, "text": id, "title": format!("Of {id}") });
                    // Keys in the order of a record.
                    let part = |key: &str| format!("\"{key}\":{}", record[key]);
                    let line = ["id", "source", "text", "title"].map(part).join(",");
                    writer.line().extend(format!("{{{line}}}\n").into_bytes());
                    let row = if same_ids { id.clone() } else { format!("\"d\"\"{ordinal}\"") };
                    csv.extend([row.as_str(), ",kept\nx,dropped\n"]);
                    clusters.push(Cluster { id, ordinal, ..Cluster::default() });
                    ordinal += 2;
                }
                bytes.extend(writer.finish().unwrap());
            }
            names.push(format!("documents/part-{shard:05}.jsonl{}", compression.extension()));
            fs_err::write(root.join(names.last().unwrap()), bytes).unwrap();
        }
        fs_err::write(root.join("provenance.csv"), csv).unwrap();
        (names, clusters)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn titles_are_found_wherever_documents_stand(
            frames in prop::collection::vec(prop::collection::vec(1_usize..5, 1..5), 1..4),
            chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
            compression in prop::sample::select(vec![Compression::None, Compression::Zstd, Compression::Gzip]),
            same_ids in any::<bool>(),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let (names, all) = write(folder.path(), compression, &frames, same_ids);
            let mut clusters: Vec<Cluster> = chosen.iter().map(|index| index.get(&all).clone()).collect();
            clusters.dedup_by_key(|cluster| cluster.ordinal);
            read(folder.path(), &names, 0, &mut clusters).unwrap();
            for cluster in &clusters {
                prop_assert_eq!(cluster.title.clone(), Some(format!("Of {}", cluster.id)));
            }
            // Those of the table have theirs.
            let mut shown = vec![all[0].clone()];
            read(folder.path(), &names, 1, &mut shown).unwrap();
            prop_assert_eq!(shown[0].title.as_deref(), None);
        }
    }
}
