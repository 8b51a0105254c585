//! What holds for every text: the laws of the splitter and of the stage.

#![expect(clippy::string_slice, reason = "a slice off a character boundary fails the test, as it should")]

mod texts;

use std::ops::Range;

use proptest::prelude::*;
use tamis_sentences::{LANGUAGES, SplitSentences, Splitter, split};
use texts::{atom, line, prose};

tamis_laws::stage_laws!(SplitSentences::default(), texts = prose());

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        prose(),
        tamis_laws::strategy::any_text(),
        "[.!?…。 \n\"“”«»()\\[\\]'’aAé1]{0,60}",
        "\\PC{0,80}"
    ]
}

fn language() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("und"), Just("fr"), Just("en"), prop::sample::select(LANGUAGES)]
}

fn ranges(text: &str, language: &str) -> Vec<Range<usize>> {
    split(text, language).map(tamis_core::Span::range).collect()
}

/// Spans are sorted, disjoint, not empty and trimmed, and only white space lies between them.
fn tiles(text: &str, spans: &[Range<usize>]) {
    let mut at = 0;
    for span in spans {
        assert!(at <= span.start && span.start < span.end, "{span:?} after {at} in {text:?}");
        assert!(
            text[at..span.start].chars().all(char::is_whitespace),
            "text lost before {span:?} in {text:?}"
        );
        assert_eq!(text[span.clone()].trim(), &text[span.clone()], "untrimmed {span:?} in {text:?}");
        at = span.end;
    }
    assert!(text[at..].chars().all(char::is_whitespace), "text lost after {at} in {text:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn spans_tile_the_text(text in any_text(), language in language()) {
        tiles(&text, &ranges(&text, language));
        let joining = Splitter::new(language).joining_lines();
        tiles(&text, &joining.split(&text).map(tamis_core::Span::range).collect::<Vec<_>>());
    }

    #[test]
    fn line_ends_cut(text in any_text(), language in language(), end in prop::sample::select(vec!["\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"])) {
        let text = text.replace('\n', end);
        let all = split(&text, language).filter_map(|span| span.slice(&text)).collect::<Vec<_>>();
        prop_assert!(all.iter().all(|sentence| !sentence.contains(end)), "{all:?}");
    }

    #[test]
    fn lines_are_split_alone(first in any_text(), second in any_text(), language in language()) {
        let both = format!("{first}\n{second}");
        let offset = first.len() + 1;
        let apart = ranges(&first, language).into_iter()
            .chain(ranges(&second, language).into_iter().map(|range| range.start + offset..range.end + offset));
        prop_assert_eq!(ranges(&both, language), apart.collect::<Vec<_>>());
    }

    #[test]
    fn white_space_at_the_ends_changes_nothing(text in any_text(), language in language(), space in "[ \t\u{a0}\u{202f}\n]{0,4}") {
        let padded = format!("{text}{space}");
        prop_assert_eq!(ranges(&padded, language), ranges(&text, language));
    }

    #[test]
    fn white_space_at_the_end_joins_nothing(text in any_text(), language in language(), space in "[ \t\u{a0}\n]{1,4}") {
        let joining = Splitter::new(language).joining_lines();
        let spans = |text: &str| joining.split(text).collect::<Vec<_>>();
        prop_assert_eq!(spans(&format!("{text}{space}")), spans(&text));
    }

    /// Straight quotes are paired over the paragraph and list items over their list, so texts without either.
    #[test]
    fn a_sentence_is_one_sentence(text in line(), language in language()) {
        let text = text.replace(['"', '•'], "");
        for span in ranges(&text, language) {
            let sentence = &text[span];
            let again = ranges(sentence, language);
            prop_assert!(again.len() == 1 && again.first() == Some(&(0..sentence.len())), "{:?} of {:?} became {:?}", sentence, text, again);
        }
    }

    #[test]
    fn atoms_are_whole(before in line(), atom in atom(), after in line(), language in language()) {
        let text = format!("{before} {atom} {after}");
        let (start, end) = (before.len() + 1, before.len() + 1 + atom.len());
        for span in ranges(&text, language) {
            prop_assert!(span.start <= start || span.start >= end, "{atom:?} cut at {} in {text:?}", span.start);
            prop_assert!(span.end <= start || span.end >= end, "{atom:?} cut at {} in {text:?}", span.end);
        }
    }

    #[test]
    fn titles_wait_for_a_name(name in "[A-Z][a-zé]{2,8}", title in prop::sample::select(vec!["M.", "MM.", "Mme.", "Mgr.", "Dr.", "Prof.", "cf.", "c.-à-d."])) {
        let text = format!("Nous avons vu {title} {name} hier. Fin.");
        let sentences = split(&text, "fr").filter_map(|span| span.slice(&text)).collect::<Vec<_>>();
        prop_assert_eq!(sentences, [format!("Nous avons vu {title} {name} hier."), "Fin.".to_owned()]);
    }

    #[test]
    fn initials_wait_for_a_name(name in "[A-Z][a-zé]{2,8}x", first in "[A-Z]", second in "[A-Z]") {
        let text = format!("Il cite {first}. {name}, {first}.{second}. {name} et {first}.-{second}. {name}. Fin.");
        prop_assert_eq!(ranges(&text, "fr").len(), 2);
    }
}

#[test]
fn time_is_linear() {
    const FRENCH: [&str; 13] = [
        "« A. ", "\"a. B ", "(", ". ", "1. ", "2. 1. ", "a.", "\" . ", "(a. B ", "（。", "M. ", "...", "[1]",
    ];
    let pieces = FRENCH.map(|piece| ("fr", piece)).into_iter().chain([
        ("ru", "«А – б. – "),
        ("en", "a. b. "),
        ("el", "α; "),
    ]);
    for (language, piece) in pieces {
        tamis_laws::grows_linearly(piece, |text| {
            std::hint::black_box(split(text, language).count());
        });
    }
}

/// A marker at the very end of a hard-wrapped text was one only with white space after it.
#[test]
fn white_space_after_a_last_marker_joins_nothing() {
    let joining = Splitter::new("en").joining_lines();
    for text in ["a\ne)", "a\ne) ", "a\ne)\n\n"] {
        let sentences: Vec<_> = joining.split(text).filter_map(|span| span.slice(text)).collect();
        assert_eq!(sentences, ["a\ne)"]);
    }
}

#[test]
fn a_million_bytes_of_the_same_are_no_trouble() {
    for piece in ["« A. ", "\"a. B ", "(", ". ", "\" . ", "• "] {
        let text = piece.repeat(1_000_000 / piece.len());
        tiles(&text, &ranges(&text, "fr"));
    }
}
