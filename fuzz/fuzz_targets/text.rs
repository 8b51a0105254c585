//! Any text goes through chrome, unicode, sentences and amounts with true maps and annotations in place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis_core::{Document, Engine, Outcome, Plan, PlannedStage};

fuzz_target!(|text: &str| {
    let plan = Plan::new(
        "fuzz",
        vec![
            PlannedStage::document(Box::new(tamis_chrome::StripChrome::new(tamis_chrome::Options::default()))),
            PlannedStage::document(Box::new(tamis_unicode::NormaliseUnicode::new(tamis_unicode::Options::default()))),
            PlannedStage::document(Box::new(tamis_sentences::SplitSentences::new(
                &tamis_sentences::Options::default(),
            ))),
            PlannedStage::document(Box::new(tamis_amounts::NormaliseAmounts::new(tamis_amounts::Options::default()))),
        ],
    );
    let mut document = Document::from_text(text);
    document.metadata.language_hint = Some("fr".into());
    Engine::default().run_stages(&plan, 0..plan.stages().len(), &mut document);
    assert_eq!(document.outcome, Outcome::Kept);
    document.map.check(&document.raw, &document.text, plan.rules().len()).unwrap();
    let amounts = document.annotations.amounts.iter().map(|amount| amount.span);
    for span in document.annotations.sentences.iter().copied().chain(amounts) {
        assert!(span.slice(&document.text).is_some());
    }
});
