//! The laws of a corpus stage.

use tamis_core::{
    Decision, Document, Engine, MemorySketches, Original, Outcome, Plan, PlannedKind, PlannedStage, Resources,
};

/// Decisions are the same each time, one for each document, drop only what matches a kept one, and leave a corpus
/// that needs no second pass.
pub fn holds(stage: &dyn Fn() -> PlannedStage, corpus: &[String]) {
    let documents: Vec<Document> = corpus
        .iter()
        .enumerate()
        .map(|(ordinal, text)| {
            let mut document = Document::from_text(text);
            document.metadata.source = format!("site-{}/{ordinal:03}.txt", ordinal % 3);
            document.metadata.id.clone_from(&document.metadata.source);
            document
        })
        .collect();
    let decisions = decide(&stage(), &documents);
    assert_eq!(decisions, decide(&stage(), &documents), "a second decision differs");
    assert_eq!(decisions.len(), documents.len());

    for (ordinal, decision) in decisions.iter().enumerate() {
        if let Decision::Drop { duplicate_of: Some(Original::Document(kept)), .. } = decision {
            assert!(
                !matches!(decisions.get(*kept), None | Some(Decision::Drop { .. })),
                "document {ordinal} lost to document {kept}, which is not kept"
            );
        }
    }

    let plan = Plan::new("laws", vec![stage()]);
    let mut engine = Engine::default();
    let mut left = Vec::new();
    for (document, decision) in documents.iter().zip(&decisions) {
        let mut document = document.clone();
        engine.apply_decision(&plan, 0, decision, &mut document);
        if let Err(error) = document.map.check(&document.raw, &document.text, plan.rules().len()) {
            panic!("the segment map of {:?} is wrong: {error}", document.text);
        }
        match document.outcome {
            Outcome::Kept => {
                left.push(Document { metadata: document.metadata, ..Document::from_text(&document.text) });
            }
            Outcome::Dropped(_) => {}
            Outcome::Failed(failed) => panic!("{}", failed.reason),
        }
    }
    let second = decide(&stage(), &left);
    for decision in &second {
        assert!(!matches!(decision, Decision::Drop { .. }), "a second pass drops again: {decision:?}");
    }
}

/// Sketches all documents and decides: a decision for each.
pub fn decide(stage: &PlannedStage, documents: &[Document]) -> Vec<Decision> {
    let mut engine = Engine::default();
    let mut sketches = MemorySketches::default();
    for document in documents {
        let mut sketch = Vec::new();
        if let Err(error) = engine.sketch(stage, document, &mut sketch) {
            panic!("no sketch of {:?}: {error}", document.text);
        }
        sketches.0.push(sketch);
    }
    let PlannedKind::Corpus(corpus) = &stage.kind else { panic!("not a corpus stage") };
    let decided = corpus.decide(&sketches, &Resources::unbounded());
    match decided.and_then(|decisions| decisions.iter().collect()) {
        Ok(decisions) => decisions,
        Err(error) => panic!("no decision: {error}"),
    }
}
