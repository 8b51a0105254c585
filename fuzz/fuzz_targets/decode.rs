//! Any bytes end as text with a true segment map, or as a refusal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis_core::{Document, Engine, Outcome, Plan, PlannedStage};

fuzz_target!(|raw: &[u8]| {
    let stage = tamis_decode::DecodeStage::new(tamis_decode::Options::default());
    let plan = Plan::new("fuzz", vec![PlannedStage::decode(Box::new(stage))]);
    let mut document = Document { raw: raw.to_vec(), ..Document::default() };
    Engine::default().run_stages(&plan, 0..1, &mut document);
    if document.outcome == Outcome::Kept {
        document.map.check(&document.raw, &document.text, plan.rules().len()).unwrap();
    }
});
