//! The rules of replace mode, one per kind of amount that gets its canonical form; and of the grammar, which say why
//! something is an amount.

use tamis_core::Rule;

/// A rule of the grammar, or a policy: what the `rule` of an amount names.
#[derive(Debug, PartialEq, Eq)]
pub struct GrammarRule {
    /// `amounts/what-it-is`.
    pub id: &'static str,
    /// What it reads, as a sentence without its full stop.
    pub reads: &'static str,
    /// Language and text of which it reads all amounts.
    pub example: (&'static str, &'static str),
}

macro_rules! grammar {
    ($($name:ident $id:literal $reads:literal $lang:literal $text:literal;)*) => {
        $(pub(crate) const $name: &str = $id;)*

        /// All rules of the grammar: what an amount's `rule` can be.
        pub static GRAMMAR: &[GrammarRule] =
            &[$(GrammarRule { id: $id, reads: $reads, example: ($lang, $text) }),*];
    };
}

grammar! {
    UNIT_AFTER "amounts/unit-after" "a number and the unit behind it, a scale word between them or not"
        "fr" "Un plan de 109 milliards d’euros.";
    UNIT_BEFORE "amounts/unit-before" "a sign or code, and the number behind it"
        "en" "A fund of US$ 1.5 trillion.";
    HUNDREDTHS "amounts/hundredths" "a sum whose hundredths stand behind the currency"
        "fr" "Un café à 3 euros 50.";
    SCALED_NUMBER "amounts/scaled-number" "a number with a scale word and no unit"
        "fr" "Un pays de 1,4 milliard d’habitants.";
    RANGE "amounts/range" "two ends joined by a dash, \"to\", \"or\", or \"between … and\""
        "fr" "Entre 30 et 50 milliards d’euros.";
    LIST "amounts/list" "three numbers or more, of which the last tells scale and unit for all"
        "fr" "Des lots de 10, 20 et 30 millions d’euros.";
    BOUNDS "amounts/bounds" "\"more than …\" and \"less than …\" of the same unit, which close one range"
        "fr" "Plus de 100 euros et moins de 300 euros.";
    MAGNITUDE "amounts/magnitude" "a magnitude without a value"
        "fr" "Des dizaines de milliards d’euros.";
    COLLECTIVE "amounts/collective" "a count by the ten, the dozen, the hundred, which tells its value about"
        "fr" "Une centaine d’euros.";
    PART_OF_SCALE "amounts/part-of-scale" "a third or some other part of a scale word: its value is not told"
        "en" "A third of a million dollars.";
    ENGLISH_COMMA "amounts/english-comma"
        "policy: behind a sign of English-speaking countries a comma before three figures groups thousands, also \
         where commas stand for decimals"
        "fr" "Vendu $5,000 aux enchères.";
    ENGLISH_BILLION "amounts/english-billion"
        "policy: \"$ … billion\" in the singular and \"$…B\" are quoted from English and mean 10^9, also where a billion \
         is 10^12"
        "fr" "Racheté pour US$3.6 billion.";
    NUMBER "amounts/number" "a number by itself, where bare numbers are asked for"
        "fr" "On comptait 12 500 coureurs.";
}

/// Sums of money: digits, a point, the ISO 4217 code behind.
pub(crate) static CANONICAL_MONEY: Rule = Rule {
    id: "amounts/canonical-money",
    reason: "a sum is written one way: plain digits and the ISO 4217 code",
    since: "0.1.0",
    before: "Le billet coûte 1 234,50 € en ligne.",
    after: "Le billet coûte 1234.5 EUR en ligne.",
};

/// Percentages: digits, a point, a space and the sign.
pub(crate) static CANONICAL_PERCENT: Rule = Rule {
    id: "amounts/canonical-percent",
    reason: "a percentage is written one way: plain digits, a space, the sign",
    since: "0.1.0",
    before: "L'indice cède 0,18% à la clôture.",
    after: "L'indice cède 0.18 % à la clôture.",
};

/// Numbers with a scale word: digits.
pub(crate) static CANONICAL_QUANTITY: Rule = Rule {
    id: "amounts/canonical-quantity",
    reason: "a number with a scale word is written in plain digits",
    since: "0.1.0",
    before: "Une métropole de 1,4 million d'habitants.",
    after: "Une métropole de 1400000 d'habitants.",
};

/// Bare numbers, where they are asked for: digits.
pub(crate) static CANONICAL_NUMBER: Rule = Rule {
    id: "amounts/canonical-number",
    reason: "a number is written in plain digits without groups",
    since: "0.1.0",
    before: "On comptait 12 500 coureurs.",
    after: "On comptait 12500 coureurs.",
};

/// All rules of the stage.
pub static RULES: &[&Rule] = &[&CANONICAL_MONEY, &CANONICAL_PERCENT, &CANONICAL_QUANTITY, &CANONICAL_NUMBER];
