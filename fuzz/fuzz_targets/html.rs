//! Any text read as HTML gives a true segment map.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis_core::{Document, Engine, Format, Outcome, Plan, PlannedStage};

fuzz_target!(|page: &str| {
    // The length decides the options, so that a crash needs no more than its page to be seen again.
    let length = page.len();
    let mut options = tamis_chrome::Options::default();
    if length % 2 == 1 {
        options.format = tamis_chrome::Format::Markdown;
    }
    if length % 3 == 1 {
        options.favour = tamis_chrome::Favour::Recall;
    }
    if length % 5 == 1 {
        options.keep = vec![tamis_chrome::Keep::Comments, tamis_chrome::Keep::Links];
    }
    let stage = tamis_chrome::StripChrome::new(options);
    let plan = Plan::new("fuzz", vec![PlannedStage::document(Box::new(stage))]);
    let mut document = Document::from_text(page);
    document.metadata.format = Format::Html;
    Engine::default().run_stages(&plan, 0..1, &mut document);
    assert_eq!(document.outcome, Outcome::Kept);
    document.map.check(&document.raw, &document.text, plan.rules().len()).unwrap();
});
