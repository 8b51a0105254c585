//! Any text, in any language and with any option, is tiled by sentences; line ends cut, and white space at the end
//! changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis_sentences::{LANGUAGES, Splitter};

fuzz_target!(|input: (u8, bool, &str, &str)| {
    let (language, join, first, second) = input;
    let language = LANGUAGES.get(usize::from(language)).copied().unwrap_or("und");
    let splitter = Splitter::new(language).with_abbreviations(["xyz."]).with_starters(["moult"]);
    let splitter = if join { splitter.joining_lines() } else { splitter };
    let spans = |text: &str| splitter.split(text).map(|span| span.range()).collect::<Vec<_>>();

    let text = format!("{first}\n{second}");
    let found = spans(&text);
    let mut at = 0;
    for span in &found {
        assert!(at <= span.start && span.start < span.end);
        assert!(text[at..span.start].chars().all(char::is_whitespace));
        assert_eq!(text[span.clone()].trim(), &text[span.clone()]);
        at = span.end;
    }
    assert!(text[at..].chars().all(char::is_whitespace));
    assert_eq!(spans(&format!("{text} \u{a0}\t")), found);
    if !join {
        let mut apart = spans(first);
        apart.extend(spans(second).into_iter().map(|span| span.start + first.len() + 1..span.end + first.len() + 1));
        assert_eq!(found, apart);
    }
});
