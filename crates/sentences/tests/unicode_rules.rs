//! The sentence rules of Unicode (UAX #29) as an oracle, by two implementations of them.
//!
//! On plain prose we must agree with them exactly. On hard prose we know better, but only for reasons that have a name:
//! where we cut and they do not, one of [`Reason`] holds.

#![expect(clippy::string_slice, reason = "what is not as it should be fails the test")]

mod texts;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tamis_sentences::{LANGUAGES, split};
use texts::line;
use unicode_segmentation::UnicodeSegmentation;

/// Where sentences start by the rules of Unicode, but for the start of the text.
fn by_unicode(text: &str) -> BTreeSet<usize> {
    let starts: BTreeSet<usize> =
        text.split_sentence_bound_indices().map(|(start, _)| start).filter(|&start| start > 0).collect();
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let again: BTreeSet<usize> =
        segmenter.segment_str(text).filter(|&at| at > 0 && at < text.len()).collect();
    assert_eq!(starts, again, "the oracles disagree on {text:?}");
    starts
}

/// A sentence in which nothing is special: no abbreviation, no number at its start, nothing in its own case.
fn plain_sentence() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[b-z][a-z]{4,9}",
        1 => "[A-Z][a-z]{4,9}",
        1 => "[0-9]{1,3}[.,][0-9]{1,3}",
        1 => "[a-z]{5}-[a-z]{5}",
        1 => "[b-z][a-z]{4,9},",
        1 => "\\([a-z]{5,9}\\)",
        1 => "[a-z]{3,9}\\.[a-z]{2,3}/[a-z]{1,5}",
    ];
    let end = prop::sample::select(vec![".", "!", "?", "...", "?!", ".”", ".)", ".»"]);
    ("[A-Z][a-z]{4,9}", vec(word, 0..9), "[a-z]{11,14}", end)
        .prop_map(|(first, words, last, end)| format!("{first} {} {last}{end}", words.join(" ")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn plain_prose_is_split_as_unicode_says(
        sentences in vec((plain_sentence(), prop::sample::select(vec![" ", "  ", "\u{a0}", "\n", "\r\n", "\u{2029}"])), 1..6),
        language in prop_oneof![Just("und"), prop::sample::select(LANGUAGES)],
    ) {
        let text: String = sentences.iter().flat_map(|(sentence, space)| [sentence.as_str(), space]).collect();
        let ours: BTreeSet<usize> = split(&text, language).map(|span| span.start().to_usize()).skip(1).collect();
        prop_assert_eq!(ours, by_unicode(&text), "{:?}", text);
    }
}

/// Why a sentence starts where the rules of Unicode see none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// "fin. 85 pour cent", "fini. et": rule SB8 looks for the next letter and finds a small one.
    SmallLetterNext,
    /// "fin. – Et", "fin. (»": rule SB8a goes on after a dash; a closing mark alone opens no sentence there.
    MarkNext,
    /// "fin ! » Le", ". . . Le", "fin. [12] Le": what belongs to the end stands apart, and Unicode cuts before it.
    SpacedTail,
    /// "fin… Le", "fin. * Le": the mark ends no sentence there.
    OtherMark,
    /// "arrivé.Le": rule SB7 or SB11, a space got lost.
    LostSpace,
    /// "lait 2) pain": an item of a list.
    Item,
}

fn reason(text: &str, start: usize) -> Option<Reason> {
    let before = text[..start].trim_end();
    let after = &text[start..];
    let tail: String = before.chars().rev().take_while(|letter| !letter.is_alphanumeric()).collect();
    let mark = tail.chars().any(|letter| ".!?".contains(letter));
    let marker = after.split_whitespace().next().unwrap_or_default();
    if marker.ends_with(['.', ')']) || marker.starts_with('•') {
        return Some(Reason::Item);
    }
    if before.ends_with(']') || tail.contains(' ') {
        return Some(Reason::SpacedTail);
    }
    if tail.contains('…') || "。！？".chars().any(|other| tail.contains(other)) {
        return Some(Reason::OtherMark);
    }
    if !mark {
        return None;
    }
    if before.len() == start {
        let word = before.trim_end_matches(['.', '!', '?']);
        let whole = word.ends_with(|letter: char| letter.is_lowercase() || letter.is_ascii_digit());
        return (whole && after.starts_with(char::is_uppercase)).then_some(Reason::LostSpace);
    }
    if !after.starts_with(char::is_alphanumeric) {
        return Some(Reason::MarkNext);
    }
    after.chars().find(|letter| letter.is_alphabetic()).filter(|letter| letter.is_lowercase())?;
    Some(Reason::SmallLetterNext)
}

#[test]
fn where_unicode_does_not_cut_we_have_a_reason() {
    let met = RefCell::new(BTreeMap::<Reason, usize>::new());
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(1_500) });
    let language = prop_oneof![Just("und"), Just("fr"), prop::sample::select(LANGUAGES)];
    let law = |(text, language): (String, &str)| {
        let unicode = by_unicode(&text);
        for start in split(&text, language).map(|span| span.start().to_usize()).skip(1) {
            if unicode.contains(&start) {
                continue;
            }
            let Some(reason) = reason(&text, start) else {
                return Err(TestCaseError::fail(format!("cut before {:?} in {text:?}", &text[start..])));
            };
            *met.borrow_mut().entry(reason).or_default() += 1;
        }
        Ok(())
    };
    runner.run(&(line(), language), law).unwrap();
    // A reason that is never met would be a hole in the law.
    let met = met.into_inner();
    assert!(met.len() == 6 && met.values().all(|&count| count > 10), "{met:?}");
}
