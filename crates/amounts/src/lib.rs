//! Finds money, percentages and quantities in text, with their exact values.
//!
//! ```
//! use tamis_amounts::{Amount, Options, find};
//!
//! let text = "Un plan de 109 milliards d’euros, entre 3 et 5 M$ de frais, plus de 40 % du marché.";
//! let mut amounts: Vec<Amount> = Vec::new();
//! find(text, "fr", &Options::default(), &mut amounts);
//!
//! let plan = &amounts[0];
//! assert_eq!(plan.span.slice(text), Some("109 milliards d’euros"));
//! assert_eq!(plan.value.unwrap().to_string(), "109000000000");
//! assert_eq!(plan.currency.unwrap().code(), "EUR");
//!
//! let fees = &amounts[1];
//! assert_eq!((fees.low.unwrap().to_string(), fees.high.unwrap().to_string()), ("3000000".into(), "5000000".into()));
//! assert!(fees.assumed); // nobody said which dollar
//!
//! assert_eq!(amounts[2].modifier, Some(tamis_amounts::Modifier::Min));
//! ```
//!
//! # What it reads
//!
//! French, English, German, Spanish, Italian, Portuguese and Dutch, with their regions' separators and currencies
//! (`fr-CH`, `en-IN`, `es-MX`, …); in any other language signs, codes, figures and the words that mean the same
//! everywhere. Figures with every separator in use, number words, scale words and abbreviations (k€, Md€, bn, lakh),
//! ranges, lists that share a unit, modifiers, hundredths ("3 euros 50"), magnitudes without a value ("des dizaines de millions d’euros").
//! `’` or `'`, any kind of space, composed or combining accents: only offsets change.
//!
//! # What it promises
//!
//! - Values are exact decimals; floating point never appears. A number of more digits than 128 bits hold is found
//!   without a value.
//! - Spans are byte ranges of the text as it is, ascending and disjoint.
//! - Linear time, no recursion on input, no allocation beyond the vector of findings.
//! - Nothing is money by its figures alone: dates, times, telephone numbers, scores, versions and references are
//!   passed over; words that are also other things ("livre", "won", "real") need a reason to be money.
//! - What the text does not tell is not invented: a bare "$" is the US one (or the region's) with `assumed` set, a
//!   "couronne" without its country is money without a code.
//!
//! # How it works
//!
//! One pass over the text ([`find()`]), sixty bytes at a time (`scan`): a word's first four bytes are looked up in a bitmap
//! of how words begin that can open an amount (`prefix`). What passes is hashed, eight letters at a time (`word`), and looked
//! up in the lexicon; most of that ends there, or because of the word behind it (`opener`). From an opener a hand-written
//! parser reads forward: `range` joins two `expression`s, `list` more of them, an expression is a currency, a `numeral` (from
//! `digits` and number words added up by `builder`) and a `unit`; `context` looks back for modifiers; `guards` throws out what
//! touches something that makes it a reference. The words live in `data/`, see `lexicon`.
//!
//! [`NormaliseAmounts`] is the stage `normalise-amounts`. With `mode = "replace"` it writes each amount in one
//! [`canonical()`] form that every language reads alike.

mod alone;
mod builder;
mod canonical;
mod compound;
mod context;
mod digits;
mod expression;
mod find;
mod fold;
mod guards;
mod lexicon;
mod list;
mod locale;
mod numeral;
mod opener;
mod options;
mod prefix;
mod range;
mod reader;
mod rules;
mod scan;
mod stage;
mod template;
mod unit;
mod vague;
mod word;

pub use canonical::{CANONICAL_TEMPLATE, canonical};
pub use find::find;
pub use guards::{GUARDS, Guard};
pub use options::{Billion, Code, DecimalSign, Kind, Mode, Options};
pub use rules::{GRAMMAR, GrammarRule, RULES};
pub use stage::{NormaliseAmounts, SPEC};
pub use tamis_core::{Amount, AmountKind, Currency, Decimal, Modifier};
