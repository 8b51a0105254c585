//! What holds for every text and every set of options.

use proptest::prelude::*;
use tamis_unicode::{Edits, Form, Marks, NormaliseUnicode, Options, RULES, Spaces, normalise, normalised};
use unicode_normalization::is_nfc;

tamis_laws::stage_laws!(NormaliseUnicode::default(), texts = texts(), example = stage_for);

/// The stage with the options under which a rule shows itself.
fn stage_for(rule: &'static tamis_core::Rule) -> NormaliseUnicode {
    let default = Options::default();
    NormaliseUnicode::new(match rule.id {
        "unicode/compatibility-character" => Options { form: Form::Nfkc, ..default },
        "unicode/quote-form" => Options { quotes: Marks::Unify, ..default },
        "unicode/dash-form" => Options { dashes: Marks::Unify, ..default },
        "unicode/hyphenation" => Options { join_hyphenation: true, ..default },
        _ => default,
    })
}

fn options() -> impl Strategy<Value = Options> {
    let form = prop_oneof![Just(Form::Nfc), Just(Form::Nfkc), Just(Form::None)];
    let spaces = prop_oneof![Just(Spaces::French), Just(Spaces::Plain), Just(Spaces::Keep)];
    let marks = || prop_oneof![Just(Marks::Keep), Just(Marks::Unify)];
    (form, spaces, marks(), marks(), any::<bool>()).prop_map(
        |(form, spaces, quotes, dashes, join_hyphenation)| Options {
            form,
            spaces,
            quotes,
            dashes,
            join_hyphenation,
        },
    )
}

/// Texts thick with what normalisation works on.
fn texts() -> impl Strategy<Value = String> {
    let special = prop::sample::select(
        "aeEi1290 -.;:!?%«»'\"\t\n\r\u{b}\u{c}\u{85}\u{2028}\u{2029}\u{a0}\u{202f}\u{2009}\u{2003}\u{3000}\u{2000}\u{1680}\u{ad}\u{feff}\u{200b}\u{200c}\u{200d}\u{200e}\
         \u{202a}\u{2060}\u{7}\u{0}\u{7f}\u{9f}\u{300}\u{301}\u{308}\u{327}\u{323}\u{338}\u{345}é’‘“”–—\u{2010}\u{2011}\u{2013}ﬁ½²´¨\u{385}…ſŉǆﬅ\u{37e}\u{387}\u{212b}\u{2126}\
         \u{1100}\u{1161}\u{11a8}가\u{3099}か\u{ff76}\u{ff9e}\u{915}\u{94d}\u{937}\u{9be}\u{9c7}بـی👨👩🏴\u{e0067}\u{e007f}\u{fe0f}\u{ffff}\u{fdd0}\u{958}\u{fb1d}\u{1d15e}\u{fdfa}\u{1fc1}<>=|＂＇－"
            .chars()
            .collect::<Vec<char>>(),
    );
    prop_oneof![
        prop::collection::vec(special.clone(), 0..24).prop_map(String::from_iter),
        prop::collection::vec(prop_oneof![4 => special, 1 => any::<char>()], 0..80)
            .prop_map(String::from_iter),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn normal_text_is_left_alone(text in texts(), options in options()) {
        let once = normalised(&text, &options);
        let mut edits = Edits::default();
        normalise(&once, &options, &mut edits);
        prop_assert!(edits.is_empty(), "{text:?} became {once:?} and then {:?}", edits.apply(&once));
    }

    #[test]
    fn the_result_is_composed_and_its_lines_are_clean(text in texts(), options in options()) {
        let result = normalised(&text, &options);
        if options.form != Form::None {
            prop_assert!(is_nfc(&result), "{text:?} became {result:?}");
        }
        let unclean = result.contains(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}', '\u{ad}', '\u{feff}', '\u{200b}', '\t', '\0']);
        prop_assert!(!unclean, "{text:?} became {result:?}");
        let unclean = ["\n\n", "  ", " \n", "\n "].iter().any(|part| result.contains(part));
        prop_assert!(!unclean, "{text:?} became {result:?}");
        prop_assert_eq!(result.trim(), result.as_str());
    }

    #[test]
    fn edits_are_ascending_on_characters_and_named(text in texts(), options in options()) {
        let mut edits = Edits::default();
        normalise(&text, &options, &mut edits);
        let mut last = 0;
        for (edit, replacement) in edits.iter() {
            let (start, end) = (edit.span.start().to_usize(), edit.span.end().to_usize());
            prop_assert!(last <= start && start <= end && text.is_char_boundary(start) && text.is_char_boundary(end));
            prop_assert_ne!(text.get(start..end), Some(replacement), "an edit that changes nothing in {:?}", text);
            prop_assert!(RULES.iter().any(|rule| std::ptr::eq(*rule, edit.rule)));
            last = end;
        }
    }

    #[test]
    fn what_is_no_space_and_not_invisible_stays(text in "[a-zA-Zéàç0-9.,;()]{0,40}", options in options()) {
        prop_assert_eq!(normalised(&text, &options), text);
    }
}
