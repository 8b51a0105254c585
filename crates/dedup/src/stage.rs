//! The stage `deduplicate`.

use tamis_core::{
    About, Claims, CorpusStage, Decisions, Indexes, Resources, Scratch, Sketches, StageError, StageKind,
    StageSpec, View,
};

use crate::Deduplicator;
use crate::rules::RULES;
use crate::sketch::{Context, SketchBuffers};

/// What the stage is.
pub static SPEC: StageSpec = StageSpec {
    name: "deduplicate",
    summary: "drops documents that repeat another one, and on request lines that many pages carry",
    version: 2,
    kind: StageKind::Corpus,
    // Dropping documents twice drops nothing more, but pages that lose their repeated lines may become alike.
    claims: Claims { idempotent: false, only_shrinks: true },
    rules: RULES,
    about: About {
        why: "a dispatch that twenty papers print is one text; counted twenty times, it outweighs the others",
        since: "0.1.0",
        before: "Le pont rouvre mardi à six heures, après deux mois de travaux.\nLe pont rouvre mardi à six heures, après deux mois de travaux.",
        after: "Le pont rouvre mardi à six heures, après deux mois de travaux.",
    },
};

impl CorpusStage for Deduplicator {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn sketch(&self, view: View<'_>, sketch: &mut Vec<u8>, scratch: &mut Scratch) -> Result<(), StageError> {
        let decoding = view.annotations.decoding.as_ref();
        let context = Context {
            url: view.metadata.url.as_deref(),
            source: &view.metadata.source,
            replacements: decoding.map_or(0, |decoding| decoding.replacements),
            repairs: decoding.map_or(0, |decoding| decoding.repairs),
            sentences: &view.annotations.sentences,
        };
        self.sketch_text(view.text, context, scratch.of::<SketchBuffers>(), sketch);
        Ok(())
    }

    fn indexes(&self) -> Indexes {
        let options = self.options();
        Indexes {
            against: options.against.clone(),
            index: options.index.clone(),
            options: options.compared_by(),
        }
    }

    fn decide(&self, sketches: &dyn Sketches, resources: &Resources<'_>) -> Result<Decisions, StageError> {
        self.decide_all(sketches, resources)
    }
}
