//! Runs one stage over a generated corpus and nothing else: what `benches/instructions` counts.
//!
//!     work STAGE DOCUMENTS
//!
//! The stages before it run over all documents first; those instructions are the same for one pass and for two, so
//! the script counts both and takes the difference.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails should stop")]

mod generator;

use generator::corpus;
use tamis_core::{Document, Engine, Format, Outcome};

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [stage, documents, passes] = arguments.as_slice() else { return };
    let (count, passes): (usize, usize) = (documents.parse().unwrap(), passes.parse().unwrap());
    let pipeline = tamis_pipeline::parse(include_str!("../pipelines/press.toml")).unwrap();
    let plan = &pipeline.plan;
    let (first, last) = if stage == "all" {
        (0, plan.stages().len())
    } else {
        let place = plan.stages().iter().position(|planned| planned.spec().name == stage).unwrap();
        (place, place + 1)
    };
    let (mut engine, mut sketch) = (Engine::default(), Vec::new());
    let mut ready = Vec::new();
    for file in corpus(7, count) {
        let mut document = Document { raw: file.bytes, ..Document::default() };
        document.metadata.source = file.name;
        document.metadata.format = if file.html { Format::Html } else { Format::Text };
        engine.run_stages(plan, 0..first, &mut document);
        ready.push(document);
    }
    for _ in 0..passes {
        for document in &ready {
            let mut document = document.clone();
            for place in first..last {
                if document.outcome != Outcome::Kept {
                    break;
                }
                engine.run_stages(plan, place..place + 1, &mut document);
                sketch.clear();
                engine.sketch(plan.stages().get(place).unwrap(), &document, &mut sketch).unwrap();
            }
        }
    }
}
