//! Texts and bytes to try stages on.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

/// 48 cases a law: five laws a stage stay within seconds in a debug build. `PROPTEST_CASES` asks for more.
pub fn config() -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { cases: asked.unwrap_or(48), ..Config::default() }
}

/// Pieces whose repetition is hard on scanners that look back or ahead.
pub const REPEATED: [&str; 10] = [
    "Le conseil a voté 12 millions d’euros mardi. ",
    "« A. ",
    "\"a. B ",
    "(",
    ". ",
    "<div><p>",
    "1 000 000 ",
    "a\u{301}\u{327}",
    "Lire aussi\n",
    "\u{a0}\u{202f}\n",
];

/// Text in the manner of French press, scraped with its chrome: paragraphs, headings, menus, sums, quotes.
pub fn press() -> impl Strategy<Value = String> {
    vec(prop_oneof![6 => paragraph(), 2 => chrome(), 1 => heading()], 0..14)
        .prop_map(|lines| lines.join("\n"))
}

/// A corpus of small documents, some of them copies, near copies or sharing lines.
pub fn corpus() -> impl Strategy<Value = Vec<String>> {
    vec(vec(paragraph(), 1..6).prop_map(|lines| lines.join("\n")), 1..8).prop_flat_map(|bases| {
        let count = bases.len();
        (Just(bases), vec((0..count, 0_u8..4, paragraph()), 0..8)).prop_map(|(bases, copies)| {
            let mut all = bases.clone();
            for (base, how, extra) in copies {
                let base = bases.get(base).cloned().unwrap_or_default();
                all.push(match how {
                    0 => base,
                    1 => base.replace('\n', "\n\n"),
                    2 => format!("{base}\n{extra}"),
                    _ => format!("{extra}\n{base}"),
                });
            }
            all
        })
    })
}

/// Any text at all.
pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,300}",
        "\\PC{0,300}",
        "[ \u{a0}\u{202f}\u{2009}\u{200b}\u{feff}\r\n\t.,0-9€%MGk-]{0,120}",
        "[<>/=\"'&;a-d \n-]{0,200}",
        "[\u{5d0}-\u{5ea}\u{627}-\u{64a}\u{200f}\u{202e} .\n]{0,80}",
        "[a-e\u{300}-\u{30a}\u{1f468}\u{200d}\u{1f469}\u{fe0f}]{0,80}",
    ]
}

/// Any bytes at all, valid text in several encodings among them.
pub fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..300),
        any_text().prop_map(String::into_bytes),
        press().prop_map(|text| text.chars().map(|c| c as u8).collect()),
        press().prop_map(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        (press(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(text, at, byte)| {
            let mut bytes = text.into_bytes();
            let at = at.index(bytes.len() + 1);
            bytes.insert(at, byte);
            bytes
        }),
    ]
}

/// Texts that broke somebody's stage once.
pub fn hard_texts() -> Vec<String> {
    [
        "",
        " ",
        "\n",
        "\u{a0}",
        "\u{feff}",
        "\r",
        "\u{0}",
        "\u{301}",
        "é",
        "e\u{301}",
        "\u{200d}",
        "<",
        "&#",
        "&amp",
        "<!--",
        "<script>",
        "«",
        "»",
        "“",
        ".",
        "…",
        "%",
        "€",
        "0",
        "-",
        "\u{202e}abc\u{202c}",
        "\u{10ffff}",
        "M.",
        "M. ",
        "1,",
        "1 ",
        ",5 %",
        "\u{1f468}\u{200d}\u{1f469}",
    ]
    .into_iter()
    .map(ToOwned::to_owned)
    .chain(["a".repeat(100_000), "é ".repeat(20_000), "\n".repeat(5_000), "mot ".repeat(25_000)])
    .collect()
}

fn paragraph() -> impl Strategy<Value = String> {
    vec(sentence(), 1..5).prop_map(|sentences| sentences.join(" "))
}

fn sentence() -> impl Strategy<Value = String> {
    let end = prop::sample::select(vec![".", ".", ".", " !", "\u{a0}?", "…", " »."]);
    (vec(word(), 3..16), end).prop_map(|(words, end)| {
        let mut text = words.join(" ");
        text.push_str(end);
        let mut chars = text.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
    })
}

fn word() -> impl Strategy<Value = String> {
    const WORDS: [&str; 44] = [
        "le",
        "la",
        "les",
        "de",
        "des",
        "à",
        "et",
        "en",
        "pour",
        "que",
        "qui",
        "dans",
        "sur",
        "avec",
        "conseil",
        "ministre",
        "région",
        "projet",
        "l’usine",
        "d'énergie",
        "port",
        "annonce",
        "budget",
        "mardi",
        "après",
        "selon",
        "élus",
        "œuvre",
        "M. Ferrand",
        "Mme Le Goff",
        "J.D. Vance",
        "« rien »",
        "art. 12",
        "av. J.-C.",
        "109 milliards d’euros",
        "1,2 Md€",
        "-0,18 %",
        "3\u{202f}500\u{a0}€",
        "12.03.2024",
        "https://exemple.fr/a?b=1",
        "une@exemple.fr",
        "(voir p. 3)",
        "cafe\u{301}",
        "10 à 15 %",
    ];
    prop_oneof![
        12 => prop::sample::select(WORDS.to_vec()).prop_map(ToOwned::to_owned),
        1 => "[a-zé]{1,9}",
    ]
}

fn chrome() -> impl Strategy<Value = String> {
    const LINES: [&str; 14] = [
        "Aller au contenu",
        "Menu",
        "Accueil > Économie",
        "Partager sur Facebook",
        "Lire aussi",
        "Chargement...",
        "Votre adresse e-mail ne sera pas publiée.",
        "S’abonner à la newsletter",
        "0 commentaire",
        "<p>",
        "</div>",
        "&nbsp;&eacute;",
        "• Sport • Culture • Météo",
        "CAC 40 7 512,33 -0,18%",
    ];
    prop::sample::select(LINES.to_vec()).prop_map(ToOwned::to_owned)
}

fn heading() -> impl Strategy<Value = String> {
    vec(word(), 2..6).prop_map(|words| words.join(" "))
}
