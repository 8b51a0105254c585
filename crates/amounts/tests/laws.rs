//! Laws over every language: spans, typography, exactness, fixed point, linear time.

use proptest::prelude::*;
use tamis_amounts::{
    Amount, AmountKind, CANONICAL_TEMPLATE, GRAMMAR, Kind, Mode, NormaliseAmounts, Options, canonical, find,
};
use tamis_core::{Document, Engine, PlannedStage};
use tamis_laws::grows_linearly;

const LANGUAGES: [&str; 12] =
    ["fr", "en", "de", "es", "it", "pt", "nl", "und", "fr-CH", "en-IN", "es-MX", "xx"];

fn all_kinds() -> Options {
    Options { kinds: vec![Kind::Money, Kind::Percent, Kind::Quantity, Kind::Number], ..Options::default() }
}

fn amounts_of(text: &str, lang: &str, options: &Options) -> Vec<Amount> {
    let mut amounts = Vec::new();
    find(text, lang, options, &mut amounts);
    amounts
}

/// Templates of replace mode: parted from the text by marks of their own, or not.
fn template() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        CANONICAL_TEMPLATE,
        "<{kind}>{value} {unit}</{kind}>",
        "{value}{unit}",
        "[{value} {unit}]",
    ])
}

/// The text after the stage in replace mode.
fn replaced(text: &str, lang: &str, form: &str) -> String {
    let options = Options { mode: Mode::Replace, form: form.to_owned(), ..Options::default() };
    let stage = NormaliseAmounts::new(options);
    let mut document = Document::from_text(text);
    document.metadata.language_hint = Some(lang.to_owned());
    Engine::default()
        .run_stage(&PlannedStage::document(Box::new(stage)), &mut document)
        .map_or_else(|e| e.to_string(), |_| document.text)
}

/// Everything about an amount except where it stands.
fn meaning(amount: &Amount) -> impl PartialEq + std::fmt::Debug + use<> {
    Amount { span: tamis_core::Span::default(), ..*amount }
}

/// Text made of what amounts are made of, in all languages at once, and of anything between.
fn pieces() -> impl Strategy<Value = String> {
    let words = include_str!("../data/lexicon/fr.txt").to_owned()
        + include_str!("../data/lexicon/en.txt")
        + include_str!("../data/lexicon/de.txt")
        + include_str!("../data/lexicon/es.txt")
        + include_str!("../data/lexicon/it.txt")
        + include_str!("../data/lexicon/pt.txt")
        + include_str!("../data/lexicon/nl.txt")
        + include_str!("../data/lexicon/common.txt");
    let phrases: Vec<String> = words
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(_, phrases)| phrases.split('|'))
        .map(|phrase| phrase.trim().trim_start_matches('=').to_owned())
        .filter(|phrase| !phrase.is_empty())
        .collect();
    let piece = prop_oneof![
        4 => prop::sample::select(phrases),
        3 => "[0-9]{1,4}",
        1 => "[0-9]{1,3}([ .,'’\u{a0}\u{202f}][0-9]{2,3}){1,3}",
        1 => "[.,+−–:/%$€£-]",
        1 => "\\PC",
        // "5 euros con 25".
        1 => prop::sample::select(vec!["con".to_owned(), "com".to_owned()]),
    ];
    let gap = prop::sample::select(vec![" ", " ", " ", "", "-", "\u{a0}", "\u{202f}", "’", "\n", "  "]);
    prop::collection::vec((piece, gap), 0..14)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap.to_owned()]).collect())
}

fn language() -> impl Strategy<Value = &'static str> {
    prop::sample::select(LANGUAGES.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_slices_in_order(text in prop_oneof![pieces(), any::<String>()], lang in language()) {
        let mut last = 0;
        for amount in amounts_of(&text, lang, &all_kinds()) {
            let range = amount.span.range();
            prop_assert!(range.start >= last && amount.span.slice(&text).is_some_and(|s| !s.is_empty()));
            prop_assert!(GRAMMAR.iter().any(|rule| rule.id == amount.rule), "{}", amount.rule);
            last = range.end;
        }
    }

    #[test]
    fn typography_changes_offsets_only(text in pieces(), lang in language()) {
        let plain = text.replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ");
        let typeset = plain.replace('\'', "’").replace(' ', "\u{a0}");
        let (plain, typeset) = (amounts_of(&plain, lang, &all_kinds()), amounts_of(&typeset, lang, &all_kinds()));
        let meanings = |amounts: &[Amount]| amounts.iter().map(meaning).collect::<Vec<_>>();
        prop_assert_eq!(meanings(&plain), meanings(&typeset));
    }

    #[test]
    fn no_digit_is_lost(whole in "[1-9][0-9]{0,17}", fraction in "[0-9]{0,2}|[0-9]{4,9}", lang in language()) {
        // Not three decimals: they would be a group somewhere.
        let text = if fraction.is_empty() { format!("{whole} EUR") } else { format!("{whole}.{fraction} EUR") };
        let found = amounts_of(&text, lang, &Options::default());
        prop_assert_eq!(found.len(), 1);
        let expected = if fraction.trim_end_matches('0').is_empty() { whole } else { format!("{whole}.{}", fraction.trim_end_matches('0')) };
        prop_assert_eq!(found[0].value.unwrap().to_string(), expected);
    }

    #[test]
    fn canonical_forms_read_as_themselves(text in pieces(), from in language(), to in language()) {
        for amount in amounts_of(&text, from, &Options::default()) {
            let mut form = String::new();
            if canonical(&amount, CANONICAL_TEMPLATE, &mut form).is_none() || amount.kind == AmountKind::Quantity {
                continue;
            }
            let again = amounts_of(&form, to, &Options::default());
            prop_assert_eq!(again.len(), 1, "{}", form);
            let (a, b) = (&again[0], &amount);
            prop_assert_eq!((a.kind, a.value, a.low, a.high, a.currency), (b.kind, b.value, b.low, b.high, b.currency), "{}", form);
            prop_assert_eq!(a.span.range(), 0..form.len());
        }
    }

    #[test]
    fn replaced_text_is_a_fixed_point(text in pieces(), lang in language(), form in template()) {
        let once = replaced(&text, lang, form);
        prop_assert_eq!(replaced(&once, lang, form), once, "of {:?}", text);
    }

    #[test]
    fn replaced_text_says_the_same(text in pieces(), lang in language(), form in template()) {
        // Quantities lose the scale word that made them amounts.
        let counted = |text: &str| -> Vec<_> {
            let told = |a: &Amount| (a.kind, a.value, a.low, a.high, a.currency, a.unit);
            let kinds = vec![Kind::Money, Kind::Percent];
            amounts_of(text, lang, &Options { kinds, ..Options::default() }).iter().map(told).collect()
        };
        let once = replaced(&text, lang, form);
        prop_assert_eq!(counted(&once), counted(&text), "{:?} became {:?}", text, once);
    }

    #[test]
    fn kinds_not_asked_for_change_nothing_else(text in pieces(), lang in language()) {
        let all = amounts_of(&text, lang, &all_kinds());
        let money = amounts_of(&text, lang, &Options { kinds: vec![Kind::Money], ..Options::default() });
        prop_assert!(money.iter().all(|amount| amount.kind == AmountKind::Money));
        prop_assert!(money.len() <= all.len());
    }
}

/// Runs whose reading goes on and on: quadratic reading of any of these would show as a factor of a hundred.
const RUNS: [&str; 27] = [
    "1",
    "1.",
    "1,",
    "1 ",
    "1\u{a0}",
    "111 ",
    "1,111.",
    "1'111",
    "12:",
    "12/",
    "1-",
    "01 42 ",
    ",",
    "\u{202f}",
    "’",
    "un ",
    "cent ",
    "mille ",
    "vingt-",
    "entre 1 et ",
    "plus de 1 € et moins de ",
    "€",
    "$ ",
    "de ",
    "million ",
    "point un ",
    "12 livres ",
];

#[test]
fn long_runs_cost_linear_time() {
    let mut amounts = Vec::new();
    let french = RUNS.map(|run| ("fr", run));
    for (lang, run) in french.into_iter().chain([
        ("de", "einundzwanzigtausend"),
        ("de", "dreiundzwanzig "),
        ("de", "und"),
        ("nl", "tweeëntwintig"),
        ("nl", "honderd en "),
        ("it", "centoventi"),
        ("es", "mil millones "),
        ("pt", "mil e "),
        ("en", "a million and a half "),
        ("und", "1 € "),
    ]) {
        grows_linearly(run, |text| {
            amounts.clear();
            find(text, lang, &all_kinds(), &mut amounts);
        });
    }
}

#[test]
fn annotating_leaves_every_text_as_it_is() {
    let stage = PlannedStage::document(Box::new(NormaliseAmounts::new(all_kinds())));
    for text in ["Un plan de 109\u{a0}milliards d’euros.\r\n", "", "\u{feff}5\u{202f}€", "0,18%\n\n3 M$"]
    {
        let mut document = Document::from_text(text);
        document.metadata.language_hint = Some("fr".to_owned());
        assert!(Engine::default().run_stage(&stage, &mut document).is_ok());
        assert_eq!(document.text, text);
    }
}
