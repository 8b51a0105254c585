//! The stage in a plan: which language it takes, and its options as a pipeline file gives them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use tamis_core::{Document, Engine, Plan, PlannedStage};
use tamis_sentences::{Options, SplitSentences};

fn sentences(options: &str, language: Option<&str>, text: &str) -> Vec<String> {
    let options: Options = toml::from_str(options).unwrap();
    let plan = Plan::new("test", vec![PlannedStage::document(Box::new(SplitSentences::new(&options)))]);
    let mut document = Document::from_text(text);
    document.metadata.language_hint = language.map(str::to_owned);
    Engine::default().run_stages(&plan, 0..1, &mut document);
    assert_eq!(document.text, text);
    document.annotations.sentences.iter().map(|span| span.slice(text).unwrap().to_owned()).collect()
}

#[test]
fn the_language_of_the_document_counts() {
    let text = "Es war am 12. Mai. Danach nichts.";
    assert_eq!(sentences("", Some("de-AT"), text), ["Es war am 12. Mai.", "Danach nichts."]);
    assert_eq!(sentences("", None, text), ["Es war am 12.", "Mai.", "Danach nichts."]);
}

#[test]
fn options_add_words_for_one_language() {
    let text = "Voir la xyz. Dupont aux U.S.A. Moult amis.";
    let options = "abbreviations = { fr = [\"xyz.\"] }\nstarters = { fr = [\"moult\"] }";
    assert_eq!(sentences(options, Some("fr"), text), ["Voir la xyz. Dupont aux U.S.A.", "Moult amis."]);
    assert_eq!(sentences(options, Some("it"), text), ["Voir la xyz.", "Dupont aux U.S.A. Moult amis."]);
}

#[test]
fn options_for_norwegian_reach_both_its_codes() {
    let options = "abbreviations = { no = [\"xyz.\"] }";
    for code in ["nb", "no", "nn"] {
        assert_eq!(sentences(options, Some(code), "Se xyz. Oslo."), ["Se xyz. Oslo."]);
    }
}

#[test]
fn headings_split_or_join() {
    let text = "Un budget\n\nLe conseil de Lorval a voté\nhier soir.";
    assert_eq!(sentences("", None, text), ["Un budget", "Le conseil de Lorval a voté", "hier soir."]);
    let joined = ["Un budget", "Le conseil de Lorval a voté\nhier soir."];
    assert_eq!(sentences("headings = \"join\"", None, text), joined);
}

#[test]
fn bad_options_are_refused() {
    for (options, token) in [
        ("abbreviation = {}", "abbreviation"),
        ("headings = \"maybe\"", "maybe"),
        ("starters = { french = [\"moult\"] }", "french"),
        ("abbreviations = { fr = \"chap.\" }", "chap."),
    ] {
        let error = toml::from_str::<Options>(options).unwrap_err().to_string();
        assert!(error.contains(token), "{error}");
    }
}

#[test]
fn words_that_are_never_met_are_told() {
    let problems = |options: &str| toml::from_str::<Options>(options).unwrap().problems();
    assert_eq!(
        problems("abbreviations = { fr = [\"p. ex.\", \"c.-à-d.\", \"n°\"] }\nstarters = { fr = [\"où\"] }"),
        [""; 0]
    );
    let long = "x".repeat(41);
    for (options, told) in [
        ("abbreviations = { fr = [\" \"] }", "`abbreviations` for `fr` has ` `, which is empty"),
        (
            "abbreviations = { fr = [\"chap.\", \"...\"] }",
            "`abbreviations` for `fr` has `...`, which has no letter",
        ),
        (
            "abbreviations = { und = [\"l'art.\"] }",
            "`abbreviations` for `und` has `l'art.`, but no word is read with `'` inside",
        ),
        (
            "starters = { de = [\"so dass\"] }",
            "`starters` for `de` has `so dass`, but a starter is a single word",
        ),
        (
            "starters = { fr = [\"est-ce\"] }",
            "`starters` for `fr` has `est-ce`, but no word is read with `-` inside",
        ),
    ] {
        assert_eq!(problems(options), [told]);
    }
    let told = problems(&format!("starters = {{ de = [\"{long}\"] }}"));
    assert!(told.first().is_some_and(|told| told.ends_with("which is longer than 40 bytes")), "{told:?}");
}
