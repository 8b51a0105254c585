//! Number words read back: what a language spells out for n is found as n, with the right span.
//!
//! The spellers below follow the standard grammars, written from the orthography books, not from the lexicons.

use proptest::prelude::*;
use tamis_amounts::{Kind, Options, find};

fn pick(words: &[&str], n: u64) -> String {
    words.get(n as usize).copied().unwrap_or_default().to_owned()
}

/// "two hundred | thirty-one" and the like: head, then the rest with a joint unless it is zero.
fn join(head: String, joint: &str, rest: u64, spell: impl Fn(u64) -> String) -> String {
    if rest == 0 { head } else { format!("{head}{joint}{}", spell(rest)) }
}

const FRENCH: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize",
];
const FRENCH_TENS: [&str; 7] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"];

fn french(n: u64) -> String {
    match n {
        0..=16 => pick(&FRENCH, n),
        17..=19 => format!("dix-{}", french(n - 10)),
        20..=69 if n % 10 == 1 => format!("{} et un", pick(&FRENCH_TENS, n / 10)),
        20..=69 => join(pick(&FRENCH_TENS, n / 10), "-", n % 10, french),
        71 => "soixante et onze".to_owned(),
        70..=79 => format!("soixante-{}", french(n - 60)),
        80 => "quatre-vingts".to_owned(),
        81..=99 => format!("quatre-vingt-{}", french(n - 80)),
        100..=199 => join("cent".to_owned(), " ", n - 100, french),
        200..=999 if n.is_multiple_of(100) => format!("{} cents", french(n / 100)),
        200..=999 => format!("{} cent {}", french(n / 100), french(n % 100)),
        1000..=1999 => join("mille".to_owned(), " ", n - 1000, french),
        2000..=999_999 => {
            // "quatre-vingts" and "cents" lose their s before "mille".
            let thousands = french(n / 1000);
            join(
                format!(
                    "{} mille",
                    thousands.strip_suffix('s').filter(|_| thousands.ends_with("ts")).unwrap_or(&thousands)
                ),
                " ",
                n % 1000,
                french,
            )
        }
        _ => {
            let millions = if n / 1_000_000 == 1 {
                "un million".to_owned()
            } else {
                format!("{} millions", french(n / 1_000_000))
            };
            join(millions, " ", n % 1_000_000, french)
        }
    }
}

fn belgian(n: u64) -> String {
    let tens = |word: &str, rest: u64| {
        if rest == 1 { format!("{word} et un") } else { join(word.to_owned(), "-", rest, belgian) }
    };
    match n {
        70..=79 => tens("septante", n - 70),
        90..=99 => tens("nonante", n - 90),
        100..=199 => join("cent".to_owned(), " ", n - 100, belgian),
        200..=999 => join(format!("{} cent", french(n / 100)), " ", n % 100, belgian),
        1000.. => join(
            format!("{} mille", if n < 2000 { String::new() } else { belgian(n / 1000) }).trim().to_owned(),
            " ",
            n % 1000,
            belgian,
        ),
        _ => french(n),
    }
}

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ENGLISH_TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn english(n: u64) -> String {
    match n {
        0..=19 => pick(&ENGLISH, n),
        20..=99 => join(pick(&ENGLISH_TENS, n / 10), "-", n % 10, english),
        100..=999 => join(format!("{} hundred", english(n / 100)), " and ", n % 100, english),
        1000..=999_999 => {
            let joint = if n % 1000 < 100 { " and " } else { " " };
            join(format!("{} thousand", english(n / 1000)), joint, n % 1000, english)
        }
        _ => join(format!("{} million", english(n / 1_000_000)), " ", n % 1_000_000, english),
    }
}

const GERMAN: [&str; 20] = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
const GERMAN_TENS: [&str; 10] =
    ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];

fn german(n: u64) -> String {
    match n {
        1 => "eins".to_owned(),
        _ => german_stem(n),
    }
}

fn german_stem(n: u64) -> String {
    match n {
        0..=19 => pick(&GERMAN, n),
        20..=99 if n.is_multiple_of(10) => pick(&GERMAN_TENS, n / 10),
        20..=99 => format!("{}und{}", pick(&GERMAN, n % 10), pick(&GERMAN_TENS, n / 10)),
        100..=999 => join(format!("{}hundert", german_stem(n / 100)), "", n % 100, german),
        1000..=999_999 => join(format!("{}tausend", german_stem(n / 1000)), "", n % 1000, german),
        _ => {
            let millions = if n / 1_000_000 == 1 {
                "eine Million".to_owned()
            } else {
                format!("{} Millionen", german_stem(n / 1_000_000))
            };
            join(millions, " ", n % 1_000_000, german)
        }
    }
}

const DUTCH: [&str; 20] = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
];
const DUTCH_TENS: [&str; 10] =
    ["", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"];

fn dutch(n: u64) -> String {
    match n {
        0..=19 => pick(&DUTCH, n),
        20..=99 if n.is_multiple_of(10) => pick(&DUTCH_TENS, n / 10),
        20..=99 => {
            // The diaeresis parts two e's: "tweeëntwintig".
            let joint = if matches!(n % 10, 2 | 3) { "ën" } else { "en" };
            format!("{}{joint}{}", pick(&DUTCH, n % 10), pick(&DUTCH_TENS, n / 10))
        }
        100..=999 => join(
            if n < 200 { "honderd".to_owned() } else { format!("{}honderd", dutch(n / 100)) },
            "",
            n % 100,
            dutch,
        ),
        1000..=999_999 => join(
            if n < 2000 { "duizend".to_owned() } else { format!("{}duizend", dutch(n / 1000)) },
            " ",
            n % 1000,
            dutch,
        ),
        _ => join(format!("{} miljoen", dutch(n / 1_000_000)), " ", n % 1_000_000, dutch),
    }
}

const SPANISH: [&str; 30] = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const SPANISH_TENS: [&str; 10] =
    ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
const SPANISH_HUNDREDS: [&str; 10] = [
    "",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
];

fn spanish(n: u64) -> String {
    match n {
        0..=29 => pick(&SPANISH, n),
        30..=99 => join(pick(&SPANISH_TENS, n / 10), " y ", n % 10, spanish),
        100 => "cien".to_owned(),
        101..=999 => join(pick(&SPANISH_HUNDREDS, n / 100), " ", n % 100, spanish),
        1000..=1999 => join("mil".to_owned(), " ", n - 1000, spanish),
        2000..=999_999 => {
            join(format!("{} mil", spanish(n / 1000).replace("uno", "un")), " ", n % 1000, spanish)
        }
        1_000_000..=1_999_999 => join("un millón".to_owned(), " ", n - 1_000_000, spanish),
        _ => join(
            format!("{} millones", spanish(n / 1_000_000).replace("uno", "un")),
            " ",
            n % 1_000_000,
            spanish,
        ),
    }
}

const PORTUGUESE: [&str; 20] = [
    "zero",
    "um",
    "dois",
    "três",
    "quatro",
    "cinco",
    "seis",
    "sete",
    "oito",
    "nove",
    "dez",
    "onze",
    "doze",
    "treze",
    "catorze",
    "quinze",
    "dezesseis",
    "dezessete",
    "dezoito",
    "dezenove",
];
const PORTUGUESE_TENS: [&str; 10] =
    ["", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"];
const PORTUGUESE_HUNDREDS: [&str; 10] = [
    "",
    "cento",
    "duzentos",
    "trezentos",
    "quatrocentos",
    "quinhentos",
    "seiscentos",
    "setecentos",
    "oitocentos",
    "novecentos",
];

fn portuguese(n: u64) -> String {
    match n {
        0..=19 => pick(&PORTUGUESE, n),
        20..=99 => join(pick(&PORTUGUESE_TENS, n / 10), " e ", n % 10, portuguese),
        100 => "cem".to_owned(),
        101..=999 => join(pick(&PORTUGUESE_HUNDREDS, n / 100), " e ", n % 100, portuguese),
        1000..=999_999 => {
            let joint = if n % 1000 < 100 || n.is_multiple_of(100) { " e " } else { " " };
            let thousands = if n < 2000 { "mil".to_owned() } else { format!("{} mil", portuguese(n / 1000)) };
            join(thousands, joint, n % 1000, portuguese)
        }
        1_000_000..=1_999_999 => join("um milhão".to_owned(), " ", n - 1_000_000, portuguese),
        _ => join(format!("{} milhões", portuguese(n / 1_000_000)), " ", n % 1_000_000, portuguese),
    }
}

const ITALIAN: [&str; 20] = [
    "zero",
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
];
const ITALIAN_TENS: [&str; 10] =
    ["", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"];

fn italian(n: u64) -> String {
    match n {
        0..=19 => pick(&ITALIAN, n),
        20..=99 => {
            // The vowel drops before "uno" and "otto"; "tre" takes an accent at the end.
            let tens = pick(&ITALIAN_TENS, n / 10);
            let stem = if matches!(n % 10, 1 | 8) { tens.trim_end_matches(['a', 'i']) } else { &tens };
            match n % 10 {
                0 => tens,
                3 => format!("{stem}tré"),
                unit => format!("{stem}{}", pick(&ITALIAN, unit)),
            }
        }
        100..=999 => join(
            if n < 200 { "cento".to_owned() } else { format!("{}cento", italian(n / 100)) },
            "",
            n % 100,
            italian,
        ),
        1000..=1999 => join("mille".to_owned(), "", n - 1000, italian),
        2000..=999_999 => {
            join(format!("{}mila", italian(n / 1000).replace("tré", "tre")), "", n % 1000, italian)
        }
        1_000_000..=1_999_999 => join("un milione".to_owned(), " ", n - 1_000_000, italian),
        _ => join(format!("{} milioni", italian(n / 1_000_000)), " ", n % 1_000_000, italian),
    }
}

type Speller = fn(u64) -> String;

const SPELLERS: [(&str, Speller, u64); 8] = [
    ("fr", french, 999_999_999),
    ("fr-BE", belgian, 999_999),
    ("en", english, 999_999_999),
    ("de", german, 999_999_999),
    ("nl", dutch, 999_999_999),
    ("es", spanish, 999_999_999),
    ("pt", portuguese, 999_999_999),
    ("it", italian, 999_999_999),
];

fn reads_back(lang: &str, spell: Speller, n: u64) {
    let options = Options {
        kinds: vec![Kind::Money, Kind::Percent, Kind::Quantity, Kind::Number],
        ..Options::default()
    };
    let words = spell(n);
    let mut amounts = Vec::new();
    find(&words, lang, &options, &mut amounts);
    let found: Vec<_> = amounts.iter().map(|a| (a.span.range(), a.value.map(|v| v.to_string()))).collect();
    // One alone is an article in most languages, and articles are no numbers.
    if n != 1 {
        assert_eq!(found, [(0..words.len(), Some(n.to_string()))], "{lang}: {words}");
    }
}

#[test]
fn every_number_to_two_thousand_reads_back() {
    for (lang, spell, _) in SPELLERS {
        for n in 0..=2_000 {
            reads_back(lang, spell, n);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_read_back(index in 0..SPELLERS.len(), n in prop_oneof![0_u64..1_000_000, 0_u64..1_000_000_000]) {
        let (lang, spell, most) = SPELLERS[index];
        reads_back(lang, spell, n % (most + 1));
    }
}
