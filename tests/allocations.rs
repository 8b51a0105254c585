//! Stages and the runner keep their memory from document to document: in steady state a document allocates nothing, or
//! as little as the table says.

#[path = "../benches/generator/mod.rs"]
mod generator;

use allocation_counter::measure;
use generator::corpus;
use tamis_core::{Document, Engine, Format, Outcome};

const DOCUMENTS: usize = 60;

/// Allocations a document may cost in a stage that has seen the same documents before, on average.
const ALLOWED: [(&str, f64); 7] = [
    ("decode", 0.0),
    // What a page tells of itself is text of its own.
    ("strip-chrome", 3.0),
    ("normalise-unicode", 0.0),
    ("detect-language", 0.0),
    ("split-sentences", 0.0),
    ("deduplicate", 0.0),
    ("normalise-amounts", 0.0),
];

#[test]
fn a_document_allocates_nothing_in_steady_state() {
    let pipeline = tamis_pipeline::parse(include_str!("../pipelines/press.toml")).unwrap();
    let plan = &pipeline.plan;
    let mut engine = Engine::default();
    let mut sketch = Vec::new();
    let files = corpus(7, DOCUMENTS);
    let mut total = vec![(0_u64, 0_u64); plan.stages().len()];
    // One document for all files, as a worker has. Buffers have their size after the first pass; where two of them take
    // turns, after the second.
    let mut document = Document::default();
    for pass in 0..4 {
        for file in &files {
            document.clear();
            document.raw.extend_from_slice(&file.bytes);
            document.metadata.source.push_str(&file.name);
            document.metadata.format = if file.html { Format::Html } else { Format::Text };
            for (place, stage) in plan.stages().iter().enumerate() {
                let info = measure(|| {
                    engine.run_stages(plan, place..place + 1, &mut document);
                    sketch.clear();
                    engine.sketch(stage, &document, &mut sketch).unwrap();
                });
                if let Some((allocations, documents)) = total.get_mut(place).filter(|_| pass == 3) {
                    *allocations += info.count_total;
                    *documents += 1;
                }
                if document.outcome != Outcome::Kept {
                    break;
                }
            }
        }
    }
    let found: Vec<(&str, f64)> = plan
        .stages()
        .iter()
        .zip(&total)
        .map(|(stage, (allocations, documents))| (stage.spec().name, *allocations as f64 / *documents as f64))
        .collect();
    for (stage, each) in &found {
        println!("{stage:<20} {each:.2} allocations a document");
    }
    for ((stage, each), (name, allowed)) in found.iter().zip(ALLOWED) {
        assert_eq!(*stage, name);
        assert!(each <= &allowed, "{stage}: {each:.2} allocations a document, {allowed} allowed");
    }
}
