//! Indexes of earlier runs, and the index of this one.

use std::path::Path;

use tamis_core::{CorpusStage, Decisions, EarlierRun, Plan, PlannedKind, Sketches};
use tamis_io::spool::SpooledCorpus;
use tamis_io::{Index, IndexError, IndexKey, IndexWriter};

use crate::RunError;

/// Opens the indexes that a corpus stage asks for.
pub(crate) fn open(stage: &dyn CorpusStage) -> Result<Vec<Index>, IndexError> {
    let asked = stage.indexes();
    let Some(against) = &asked.against else { return Ok(Vec::new()) };
    Index::open_all(Path::new(against), asked.index.as_deref().map(Path::new), &key(stage))
}

/// The hashes of all indexes that the stages of a plan ask for: a run's output depends on what stands in them.
pub fn index_hashes(plan: &Plan) -> Result<Vec<String>, IndexError> {
    let mut hashes = Vec::new();
    for stage in plan.stages() {
        if let PlannedKind::Corpus(stage) = &stage.kind {
            let indexes = open(stage.as_ref())?;
            hashes.extend(indexes.iter().map(|index| format!("{}\0{}", index.name(), index.sha256())));
        }
    }
    Ok(hashes)
}

/// Writes the index of a run, where the stage asks for one, up to giving it its name.
pub(crate) fn write(
    stage: &dyn CorpusStage,
    decisions: &Decisions,
    corpus: &SpooledCorpus,
) -> Result<Option<IndexWriter>, RunError> {
    let Some(directory) = stage.indexes().index else { return Ok(None) };
    let mut writer = IndexWriter::create(Path::new(&directory), key(stage))?;
    let told = |source| RunError::Decision { stage: stage.spec().name, source };
    for ordinal in (0..corpus.len()).filter(|ordinal| !decisions.drops(*ordinal)) {
        let id = corpus.id(ordinal).unwrap_or_default();
        writer.add(id.as_bytes(), &corpus.get(ordinal).map_err(told)?)?;
    }
    Ok(Some(writer))
}

fn key(stage: &dyn CorpusStage) -> IndexKey {
    let spec = stage.spec();
    IndexKey { stage: spec.name.to_owned(), version: spec.version, options: stage.indexes().options }
}
