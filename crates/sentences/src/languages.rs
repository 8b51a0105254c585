//! The languages with word tables, each read from its data file when it is first asked for.

use crate::words::Words;
use std::sync::LazyLock;

/// Words that many languages share; all that a language without a table has.
const COMMON: &str = include_str!("../data/common.txt");

/// Declares the tables: code, and other codes that use the same.
macro_rules! languages {
    ($($code:literal $(| $other:literal)*),+ $(,)?) => {
        /// Codes of the languages with a word table of their own (ISO 639-1).
        pub const LANGUAGES: &[&str] = &[$($code),+];

        /// The code of the table for a BCP 47 tag: `nb` for `no-NO`, the primary code where there is no table.
        pub(crate) fn table(tag: &str) -> &str {
            let code = tag.split(['-', '_']).next().unwrap_or_default();
            match code {
                $($code $(| $other)* => $code,)+
                // Tags are seldom written in capitals.
                _ => LANGUAGES.iter().find(|known| known.eq_ignore_ascii_case(code)).unwrap_or(&code),
            }
        }

        /// The words for a BCP 47 tag.
        pub(crate) fn words(tag: &str) -> &'static Words {
            static GENERIC: LazyLock<Words> = LazyLock::new(|| Words::parse([COMMON]));
            match table(tag) {
                $($code => {
                    static WORDS: LazyLock<Words> =
                        LazyLock::new(|| Words::parse([COMMON, include_str!(concat!("../data/", $code, ".txt"))]));
                    &WORDS
                })+
                _ => &GENERIC,
            }
        }
    };
}

languages!(
    "fr" | "fra" | "fre",
    "en" | "eng",
    "de" | "deu" | "ger",
    "es" | "spa",
    "it" | "ita",
    "pt" | "por",
    "nl" | "nld" | "dut",
    "ru" | "rus",
    "uk" | "ukr",
    "pl" | "pol",
    "cs" | "ces" | "cze",
    "sk" | "slk" | "slo",
    "da" | "dan",
    "sv" | "swe",
    "nb" | "no" | "nn" | "nob" | "nor" | "nno",
    "fi" | "fin",
    "el" | "ell" | "gre",
    "tr" | "tur",
    "ro" | "ron" | "rum",
    "hu" | "hun",
    "sl" | "slv",
    "hr" | "hrv" | "bs" | "bos" | "sr" | "srp" | "sh",
    "et" | "est" | "ekk",
    "lt" | "lit",
    "lv" | "lav" | "lvs",
    "ca" | "cat",
    "bg" | "bul",
    "ar" | "ara" | "arb",
    "hi" | "hin" | "mr" | "ne",
    "hy" | "hye" | "arm",
    "kk" | "kaz",
    "ml" | "mal",
);

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: [&str; 12] = [
        "titles",
        "references",
        "closing",
        "times",
        "units",
        "abbreviations",
        "starters",
        "particles",
        "speech",
        "fronting",
        "marked",
        "traits",
    ];
    const TRAITS: [&str; 8] = [
        "hasty-questions",
        "ordinals",
        "capital-i",
        "speech",
        "greek-question",
        "armenian-stop",
        "interrupted-speech",
        "danda-bar",
    ];

    #[test]
    fn data_files_are_well_formed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if code == "checksums" || path.extension().is_none_or(|extension| extension != "txt") {
                continue;
            }
            files += 1;
            assert!(code == "common" || LANGUAGES.contains(&code.as_str()), "{code}.txt is read by nobody");
            let mut section = String::new();
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let line = line.split('#').next().unwrap_or_default().trim();
                if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    assert!(SECTIONS.contains(&name), "{code}.txt has an unknown section `{name}`");
                    name.clone_into(&mut section);
                    continue;
                }
                assert!(line.split_whitespace().eq(line.split_ascii_whitespace()), "{code}.txt: {line}");
                for word in line.split_whitespace() {
                    assert!(
                        section != "traits" || TRAITS.contains(&word),
                        "{code}.txt has an unknown trait `{word}`"
                    );
                    assert!(!word.ends_with('.'), "{code}.txt: `{word}` ends in a full stop");
                }
            }
        }
        assert_eq!(files, LANGUAGES.len() + 1);
    }

    #[test]
    fn tags_find_their_table() {
        for (tag, code) in [
            ("fr", "fr"),
            ("pt-BR", "pt"),
            ("no", "nb"),
            ("nn_NO", "nb"),
            ("FR-fr", "fr"),
            ("und", "und"),
            ("fra", "fr"),
        ] {
            assert_eq!(table(tag), code);
        }
    }
}
