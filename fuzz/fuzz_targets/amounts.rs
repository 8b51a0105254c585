//! Amounts of any text in any language: spans in order, typography without effect, replacing done once and for all.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis_amounts::{Amount, Kind, Mode, NormaliseAmounts, Options, RULES, find};
use tamis_core::{Document, Engine, PlannedStage, Span};

const LANGUAGES: [&str; 12] =
    ["fr", "en", "de", "es", "it", "pt", "nl", "und", "fr-CH", "en-IN", "es-MX", "pt-PT"];
const FORMS: [&str; 3] = ["{value} {unit}", "<{kind}>{value} {unit}</{kind}>", "{value}{unit}"];

fn found(text: &str, language: &str, options: &Options) -> Vec<Amount> {
    let mut amounts = Vec::new();
    find(text, language, options, &mut amounts);
    amounts
}

fn replaced(text: &str, language: &str, options: &Options) -> String {
    let stage = PlannedStage::document(Box::new(NormaliseAmounts::new(options.clone())));
    let mut document = Document::from_text(text);
    document.metadata.language_hint = Some(language.into());
    Engine::default().run_stage(&stage, &mut document).unwrap();
    document.map.check(&document.raw, &document.text, RULES.len()).unwrap();
    document.text
}

fuzz_target!(|input: (u8, u8, &str)| {
    let (language, form, text) = input;
    let language = LANGUAGES[usize::from(language) % LANGUAGES.len()];
    let form = FORMS[usize::from(form) % FORMS.len()].to_owned();
    let kinds = vec![Kind::Money, Kind::Percent, Kind::Quantity, Kind::Number];
    let all = Options { kinds, mode: Mode::Replace, form, ..Options::default() };
    let amounts = found(text, language, &all);
    let mut last = 0;
    for amount in &amounts {
        let range = amount.span.range();
        assert!(range.start >= last && amount.span.slice(text).is_some_and(|surface| !surface.is_empty()));
        last = range.end;
    }
    let plain = text.replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ");
    let typeset = plain.replace('\'', "’").replace(' ', "\u{a0}");
    let meanings = |text: &str| -> Vec<Amount> {
        let nowhere = |amount: Amount| Amount { span: Span::default(), ..amount };
        found(text, language, &all).into_iter().map(nowhere).collect()
    };
    assert_eq!(meanings(&plain), meanings(&typeset));
    let once = replaced(text, language, &all);
    assert_eq!(replaced(&once, language, &all), once);
});
