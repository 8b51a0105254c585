//! Texts in the manner of prose, with all that makes splitting hard.

#![allow(dead_code, reason = "each test binary uses some of them")]
#![allow(unreachable_pub, reason = "a module of tests")]

use proptest::collection::vec;
use proptest::prelude::*;

/// A word, an abbreviation, a number, an address, with or without the marks around it.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zéà]{1,9}",
        4 => "[A-ZÉ][a-zé]{0,8}",
        2 => "[A-Z]\\.([ -]?[A-Z]\\.)?",
        2 => prop::sample::select(vec!["M.", "Mme", "Dr.", "p.", "art.", "etc.", "févr.", "Inc.", "J.-C.", "a.m.", "No."]).prop_map(str::to_owned),
        2 => atom(),
        1 => prop::sample::select(vec!["«", "»", "« ", " »", "“", "”", "„", "\"", "'", "’", "(", ")", "[", "]", ",,", "–", "•"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["Le", "The", "Il", "Die", "L'affaire", "Cependant", "à", "I"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["1.", "2.", "1)", "2)", "(i)", "(ii)", "a.", "b.", "c."]).prop_map(str::to_owned),
        1 => "[一-龥]{1,5}[。！？，]?",
        1 => "[a-z]{3,8}\\.(Le|The|Il)",
    ]
}

/// Something that is never cut: number, address, mail, file name, ticker, abbreviation with stops inside.
pub fn atom() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,3}([.,][0-9]{2,3}){1,2}",
        "https?://[a-z]{2,8}\\.[a-z]{2,3}/[a-z]{0,5}\\?[a-z]=[0-9]",
        "https?://[a-z]{2,8}\\.[a-z]{2,3}/[a-z]{2,5}[?.](Le|The|Il)",
        "www\\.[a-z]{2,8}\\.(fr|com|org)",
        "[a-z]{2,6}\\.[a-z]{2,6}@[a-z]{2,6}\\.(fr|com)",
        "[a-z]{2,8}\\.(txt|rs|pdf|Rs)",
        "[A-Z]{3,5}\\.[A-Z]{1,2}",
        prop::sample::select(vec!["c.-à-d.", "p.ex.", "i.e.", "a.m.", "J.-C.", "U.S.A.", "J.D."])
            .prop_map(str::to_owned),
    ]
}

/// Text in the manner of prose, without line ends.
pub fn line() -> impl Strategy<Value = String> {
    vec((piece(), prop_oneof![8 => Just(""), 4 => Just("."), 1 => Just("!"), 1 => Just(" ?"), 1 => Just("..."), 1 => Just(". . ."), 1 => Just("…"), 1 => Just(","), 1 => Just(".»"), 1 => Just(".\""), 1 => Just(" »."), 1 => Just(".[12]")]), 0..24)
        .prop_map(|pieces| pieces.iter().map(|(word, mark)| format!("{word}{mark}")).collect::<Vec<_>>().join(" "))
}

pub fn prose() -> impl Strategy<Value = String> {
    vec(line(), 0..5).prop_map(|lines| lines.join("\n"))
}
