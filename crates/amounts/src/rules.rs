//! The rules of replace mode: one per kind of amount that gets its canonical form.

use tamis_core::Rule;

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
