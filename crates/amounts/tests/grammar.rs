//! The rules of the grammar: each reads its own example, stands in the documentation, and no other is ever named.

use tamis_amounts::{Amount, Currency, GRAMMAR, Kind, Options, find};

const FORMATS: &str = include_str!("../../../docs/formats.md");

fn amounts_of(lang: &str, text: &str) -> Vec<Amount> {
    let kinds = vec![Kind::Money, Kind::Percent, Kind::Quantity, Kind::Number];
    let mut amounts = Vec::new();
    find(text, lang, &Options { kinds, ..Options::default() }, &mut amounts);
    amounts
}

#[test]
fn every_rule_of_the_grammar_reads_its_example() {
    for rule in GRAMMAR {
        let (lang, text) = rule.example;
        let found: Vec<&str> = amounts_of(lang, text).iter().map(|amount| amount.rule).collect();
        assert!(!found.is_empty() && found.iter().all(|id| *id == rule.id), "{text}: {found:?}");
    }
}

#[test]
fn the_formats_page_lists_every_rule_of_the_grammar() {
    for rule in GRAMMAR {
        let row = format!("| `{}` | {}: \"{}\" |", rule.id, rule.reads, rule.example.1);
        assert!(FORMATS.contains(&row), "docs/formats.md misses\n{row}");
    }
}

#[test]
fn what_is_not_told_is_marked() {
    for (lang, text, expected) in [
        ("fr", "20 dollars", ("USD", true, false, None, "CAD")),
        ("fr-CA", "20 dollars", ("CAD", true, false, None, "USD")),
        ("fr", "20 francs", ("FRF", true, false, None, "CHF")),
        ("fr", "20 dollars canadiens", ("CAD", false, false, None, "")),
        ("fr", "entre 3 et 5 millions d’euros", ("EUR", false, true, Some(6), "")),
        ("fr", "3 millions à 5 millions d’euros", ("EUR", false, true, Some(6), "")),
        ("fr", "3 millions d’euros à 5 millions d’euros", ("EUR", false, false, Some(6), "")),
        ("en", "$3-5bn", ("USD", true, true, Some(9), "CAD")),
        ("fr", "des dizaines de milliards d’euros", ("EUR", false, false, Some(10), "")),
        ("fr", "une douzaine de couronnes", ("", false, false, Some(1), "SEK")),
        ("de", "3 Mio. Euro", ("EUR", false, false, Some(6), "")),
        ("en", "50 lakh rupees", ("INR", true, false, Some(5), "PKR")),
    ] {
        let found = amounts_of(lang, text);
        assert_eq!(found.len(), 1, "{text}");
        let Amount { currency, assumed, inherited, magnitude, candidates, .. } = found[0];
        let code = |code: Option<Currency>| code.map_or(String::new(), |code| code.to_string());
        let (first, currency_code) = (code(candidates.first().copied()), code(currency));
        let told = (currency_code.as_str(), assumed, inherited, magnitude, first.as_str());
        assert_eq!(told, expected, "{text}");
        assert!(!currency.is_some_and(|code| candidates.contains(&code)), "{text}: {candidates:?}");
    }
}
