//! What of an earlier run need not be made again.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use tamis_core::PlannedKind;
use tamis_io::spool::{Spool, SpooledUnit};
use tamis_io::{
    Basis, BasisHasher, DocumentReader, Journal, JournalDecision, JournalLine, JournalShard, JournalUnit,
    ReadDocument, StreamBlock, Unit, WrittenFile,
};

use crate::flow::Place;
use crate::layout::{Layout, Part, Shard};
use crate::opened::Opened;
use crate::phase::beyond;
use crate::run::WORK_DIRECTORY;
use crate::{Cancel, Job, RunError};

/// The journal of a finished run, beside its manifest.
pub const JOURNAL: &str = "journal.jsonl";

/// What the journal of an earlier run tells, as far as the input is still the same.
#[derive(Default)]
pub(crate) struct Earlier {
    /// Shards of the output that are whole.
    pub(crate) shards: BTreeMap<Shard, JournalShard>,
    /// Parts in the spool of each phase; not checked yet.
    pub(crate) spooled: BTreeMap<(usize, Place), JournalUnit>,
    /// The parts of the input and what they are made from, phase by phase. Empty where there is nothing to compare with.
    pub(crate) parts: Vec<Vec<(Part, Basis)>>,
    /// What corpus stages told, by their place in the plan.
    pub(crate) decisions: BTreeMap<usize, JournalDecision>,
    /// Whether all shards of the output are whole.
    pub(crate) is_complete: bool,
}

impl Earlier {
    /// The parts that stand in the spool of a phase, as they were written there.
    pub(crate) fn spooled_units(
        &self,
        phase: usize,
        spool: &Spool,
    ) -> BTreeMap<Place, (bool, Basis, SpooledUnit)> {
        let mut units = BTreeMap::new();
        let Some(parts) = phase.checked_sub(1).and_then(|before| self.parts.get(before)) else {
            return units;
        };
        for (part, basis) in parts {
            let noted = self.spooled.get(&(phase, part.place)).filter(|noted| noted.basis == *basis);
            if let Some(unit) = noted.and_then(|noted| spool.reopen(noted.place)) {
                units.insert(part.place, (part.last, *basis, unit));
            }
        }
        units
    }
}

/// Opens the journal, and reads the input once to see what has changed where an earlier run left something.
pub(crate) fn resume(
    job: &Job<'_>,
    pool: &rayon::ThreadPool,
    units: &[Unit],
    take: Option<&[u64]>,
    layout: &Layout,
    cancel: &Cancel,
) -> Result<(Journal, Earlier), RunError> {
    let work = job.output.join(WORK_DIRECTORY);
    let path = work.join(JOURNAL);
    let opened = if job.resume { Journal::open(&path, &job.plan_hash)? } else { None };
    let Some((mut journal, lines)) = opened else {
        remove_shards(&job.output, &[])?;
        return Ok((Journal::create(&path, &job.plan_hash)?, Earlier::default()));
    };
    if lines.is_empty() {
        remove_shards(&job.output, &[])?;
        return Ok((journal, Earlier::default()));
    }
    let mut parts = vec![bases(job, pool, units, take, cancel)?];
    for _ in job.plan.barriers() {
        let next = beyond(parts.last().map_or(&[], Vec::as_slice));
        parts.push(next);
    }
    let mut earlier = Earlier::default();
    let mut shards = Vec::new();
    for line in lines {
        match line {
            JournalLine::Spooled(unit) => {
                let place = Place { unit: unit.unit, part: unit.part };
                earlier.spooled.insert((unit.phase, place), unit);
            }
            JournalLine::Shard(shard) => shards.push(*shard),
            JournalLine::Decided(decision) => {
                earlier.decisions.insert(decision.stage, decision);
            }
        }
    }
    let wanted = shards_of(layout, parts.last().map_or(&[], Vec::as_slice));
    earlier.shards = find(job, pool, &wanted, shards)?;
    for shard in earlier.shards.values() {
        journal.append(&JournalLine::Shard(Box::new(shard.clone())))?;
    }
    earlier.is_complete = earlier.shards.len() == wanted.len()
        && job.plan.barriers().all(|stage| earlier.decisions.contains_key(&stage))
        // An index is written with the decisions.
        && !job.plan.stages().iter().any(|stage| matches!(&stage.kind, PlannedKind::Corpus(stage) if stage.indexes().index.is_some()));
    earlier.parts = parts;
    Ok((journal, earlier))
}

/// What each part of the input is made from: reads all of it.
fn bases(
    job: &Job<'_>,
    pool: &rayon::ThreadPool,
    units: &[Unit],
    take: Option<&[u64]>,
    cancel: &Cancel,
) -> Result<Vec<(Part, Basis)>, RunError> {
    let of_unit = |(number, unit): (usize, &Unit)| {
        let mut left = take.map_or(u64::MAX, |take| take.get(number).copied().unwrap_or(0));
        let (mut hasher, mut read) = (BasisHasher::default(), ReadDocument::default());
        let mut basis = |mut documents: DocumentReader<'_>, left: &mut u64| {
            while *left > 0 && documents.next(&mut read) {
                *left -= 1;
                hasher.add(&read);
            }
            hasher.finish()
        };
        let mut parts = Vec::new();
        if cancel.is_asked() {
            return parts;
        }
        match Opened::new(unit, job.input, job.limits, left) {
            Opened::Documents(documents) => parts.push((Part::whole(number), basis(documents, &mut left))),
            Opened::Blocks(file, mut reader) => {
                let mut block = StreamBlock::default();
                while left > 0 && !cancel.is_asked() && reader.next(&mut block) {
                    let place = Place { unit: number, part: parts.len() };
                    let basis = basis(DocumentReader::of_block(file, &block, job.limits), &mut left);
                    parts.push((Part { place, last: block.last || left == 0 }, basis));
                }
            }
        }
        parts
    };
    let parts: Vec<_> = pool.install(|| units.par_iter().enumerate().map(of_unit).collect::<Vec<_>>());
    if cancel.is_asked() {
        return Err(RunError::Interrupted);
    }
    Ok(parts.into_iter().flatten().collect())
}

/// The shards that the parts make, and what each is made from.
fn shards_of(layout: &Layout, parts: &[(Part, Basis)]) -> BTreeMap<Shard, Basis> {
    let mut shards: BTreeMap<Shard, Vec<Basis>> = BTreeMap::new();
    for (part, basis) in parts {
        shards.entry(layout.shard(part.place)).or_default().push(*basis);
    }
    shards.into_iter().map(|(shard, bases)| (shard, Basis::of(bases))).collect()
}

/// Finds the wanted shards among those of the earlier run, under whatever name they have there, and gives them their
/// names in this one. Files of shards that are not wanted go.
fn find(
    job: &Job<'_>,
    pool: &rayon::ThreadPool,
    wanted: &BTreeMap<Shard, Basis>,
    shards: Vec<JournalShard>,
) -> Result<BTreeMap<Shard, JournalShard>, RunError> {
    let work = job.output.join(WORK_DIRECTORY);
    let by_basis: BTreeMap<Basis, JournalShard> =
        shards.into_iter().map(|shard| (shard.basis, shard)).collect();
    let candidates: Vec<(Shard, &JournalShard)> =
        wanted.iter().filter_map(|(shard, basis)| Some((*shard, by_basis.get(basis)?))).collect();
    let is_whole = |shard: &JournalShard| {
        shard.files.iter().all(|file| file.is_whole(&job.output)) && shard.rows.is_whole(&work)
    };
    let whole: Vec<(Shard, &JournalShard)> =
        pool.install(|| candidates.into_par_iter().filter(|(_, shard)| is_whole(shard)).collect());
    let kept: Vec<&str> =
        whole.iter().flat_map(|(_, shard)| &shard.files).map(|file| file.path.as_str()).collect();
    remove_shards(&job.output, &kept)?;
    // Names may be swapped among shards, so those that change go through a name of their own.
    let mut found = BTreeMap::new();
    let mut moves = Vec::new();
    for (shard, earlier) in whole {
        let mut renamed = earlier.clone();
        renamed.shard = shard.to_string();
        let all =
            renamed.files.iter_mut().map(|file| (&job.output, file)).chain([(&work, &mut renamed.rows)]);
        for (root, file) in all {
            let name = file.path.replacen(&earlier.shard, &renamed.shard, 1);
            if name != file.path {
                moves.push((root.join(&file.path), root.join(&name)));
                file.path = name;
            }
        }
        found.insert(shard, renamed);
    }
    for (from, _) in &moves {
        fs_err::rename(from, moved(from))?;
    }
    for (from, to) in &moves {
        fs_err::rename(moved(from), to)?;
    }
    Ok(found)
}

fn moved(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".moved");
    name.into()
}

/// Removes shards of an earlier run, but for the files in `kept`: a reader takes every file of the folder.
fn remove_shards(root: &Path, kept: &[&str]) -> Result<(), RunError> {
    for kind in ["documents", "ledger"] {
        for entry in fs_err::read_dir(root.join(kind))? {
            let name = format!("{kind}/{}", entry?.file_name().to_string_lossy());
            if !kept.contains(&name.as_str()) {
                fs_err::remove_file(root.join(name))?;
            }
        }
    }
    Ok(())
}

/// Makes a finished run one that can be gone on with: its journal and rows come back into the work directory. False
/// when it holds no journal of this plan; then nothing is changed.
pub(crate) fn reopen(root: &Path, plan_hash: &str) -> Result<bool, RunError> {
    let (finished, work) = (root.join(JOURNAL), root.join(WORK_DIRECTORY));
    if work.join(JOURNAL).exists() || !finished.exists() {
        return Ok(false);
    }
    let Some(lines) = Journal::read(&finished, plan_hash)? else { return Ok(false) };
    // The rows of each shard are a stretch of the table, in the order of the journal.
    let table = fs_err::read(root.join("provenance.csv")).unwrap_or_default();
    let mut rest = table.split_at_checked(crate::run::header().len()).map_or(&[][..], |(_, rest)| rest);
    for line in &lines {
        if let JournalLine::Shard(shard) = line {
            let WrittenFile { path, bytes, .. } = &shard.rows;
            let Some((rows, after)) = usize::try_from(*bytes).ok().and_then(|len| rest.split_at_checked(len))
            else {
                break;
            };
            fs_err::write(work.join(path), rows)?;
            rest = after;
        }
    }
    // From here on the run is unfinished; the manifest has said otherwise.
    match fs_err::remove_file(root.join("manifest.json")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs_err::rename(finished, work.join(JOURNAL))?;
    Ok(true)
}
