//! Any text read as HTML gives a true segment map.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis_core::{Document, Engine, Format, Outcome, Plan, PlannedStage};

fuzz_target!(|page: &str| {
    let stage = tamis_chrome::StripChrome::new(tamis_chrome::Options::default());
    let plan = Plan::new("fuzz", vec![PlannedStage::document(Box::new(stage))]);
    let mut document = Document::from_text(page);
    document.metadata.format = Format::Html;
    Engine::default().run_stages(&plan, 0..1, &mut document);
    assert_eq!(document.outcome, Outcome::Kept);
    document.map.check(&document.raw, &document.text, plan.rules().len()).unwrap();
});
