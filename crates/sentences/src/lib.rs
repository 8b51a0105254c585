//! Split text into sentences.
//!
//! ```
//! let text = "M. Aubry est né en déc. 1977 à Amiens. « Qui l'a dit ? » demande-t-il.";
//! let sentences: Vec<_> = tamis_sentences::split(text, "fr").filter_map(|span| span.slice(text)).collect();
//! assert_eq!(sentences, ["M. Aubry est né en déc. 1977 à Amiens.", "« Qui l'a dit ? » demande-t-il."]);
//! ```
//!
//! A hand-written scanner reads the text once, from left to right, and allocates nothing. It stops at the marks that may
//! end a sentence, takes along what belongs to them (`?!`, a closing quote), and looks at the word before and the word
//! after. The words that matter (abbreviations, words that open sentences) stand in one data file per language, in
//! `data/`; a language without one is split by the rules that need no words.
//!
//! What holds for every text, language and option:
//!
//! - spans are sorted, disjoint, not empty, on character boundaries; white space is trimmed from their ends, and there is
//!   nothing but white space between them;
//! - a line end ends a sentence ([`Splitter::joining_lines`] reads hard-wrapped text);
//! - a number, an address, a file name or a ticker is never cut, except where a space got lost after a whole word;
//! - the time is linear in the length of the text.
//!
//! Thai, Lao and Khmer part clauses and sentences alike by spaces; only line ends and marks (`។`, `?`) end a sentence
//! there.
//!
//! [`SplitSentences`] is the pipeline stage `split-sentences`.
//!
//! Neither the sentence rules of Unicode (UAX #29) nor a segmenter built on them are used: they know no abbreviations,
//! never break before a number, and put a break before a spaced `»`. Undoing that costs more than the scan.

mod asides;
mod boundary;
mod candidates;
mod following;
mod languages;
mod lists;
mod marks;
mod options;
mod scanner;
mod splitter;
mod stage;
mod table;
mod tail;
mod text;
mod token;
mod words;
mod wrapping;

pub use languages::LANGUAGES;
pub use options::{Headings, LanguageCode, Options};
pub use scanner::Sentences;
pub use splitter::Splitter;
pub use stage::{SPEC, SplitSentences};

/// The sentences of `text` in the language of a BCP 47 tag (`fr`, `pt-BR`; `und` when unknown), as byte spans.
pub fn split<'a>(text: &'a str, language: &str) -> Sentences<'a> {
    Sentences::new(text, languages::words(language), false)
}
