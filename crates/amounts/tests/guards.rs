//! The table of guards: what each passes over, what it must not reach, and cases for all of them.

#![expect(clippy::unwrap_used, reason = "a case file that cannot be read fails its test")]

use std::collections::BTreeSet;

use tamis_amounts::{GUARDS, Options, find};

fn amounts(lang: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    find(text, lang, &Options::default(), &mut found);
    found.iter().map(|amount| amount.span.slice(text).unwrap().to_owned()).collect()
}

#[test]
fn every_guard_passes_over_its_text_and_lets_its_neighbour_through() {
    for guard in GUARDS {
        assert_eq!(amounts(guard.never.0, guard.never.1), [""; 0], "{}", guard.name);
        assert_eq!(amounts(guard.yet.0, guard.yet.1).len(), 1, "{}: {}", guard.name, guard.yet.1);
    }
}

#[test]
fn every_guard_has_cases_and_every_case_a_guard() {
    let file: toml::Table = toml::from_str(include_str!("../cases/never.toml")).unwrap();
    let cases = file["case"].as_array().unwrap();
    let named: BTreeSet<&str> = cases.iter().map(|case| case["guard"].as_str().unwrap_or("none")).collect();
    let listed: BTreeSet<&str> = GUARDS.iter().map(|guard| guard.name).collect();
    assert_eq!(named, listed);
    for case in cases {
        assert!(case["amounts"].as_array().unwrap().is_empty(), "{case}");
    }
}
