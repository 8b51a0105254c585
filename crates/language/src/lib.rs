//! Detect the language of a text: 175 languages, offline, in 10 to 30 µs.
//!
//! ```
//! let found = tamis_language::detect("La séance est levée à midi, et personne ne s'en plaint.");
//! assert_eq!(found.language.as_str(), "fr");
//! assert!(found.confidence > 0.9);
//!
//! // A name, figures, addresses: no language.
//! assert_eq!(tamis_language::detect("12,50 EUR — https://example.org").language.as_str(), "und");
//! ```
//!
//! [`Detector`] takes [`Options`] and keeps its buffers; [`DetectLanguage`] is the stage `detect-language`, which notes
//! the language of each document and keeps or drops documents by it.
//!
//! # How
//!
//! 1. **Guard** (`guard.rs`). Addresses, numbers with letters, hashes, keys and units are no language. What has no
//!    letters left, or more than two digits to a letter, is `und`.
//! 2. **Sample** (`sample.rs`). 100 bytes of words at the start, in the middle and near the end; 250 where these leave
//!    doubt, twelve windows where they are in different languages. So the cost does not grow with the text.
//! 3. **Script** (`script.rs`). The script of most letters leaves one language, or those written in it.
//! 4. **N-grams** (`model.rs`, `score.rs`). A broad table of sequences and words for all languages; where it leaves
//!    doubt, an interpolated five-gram model of 64. Each window has a voice, and a limit to what it can say: a foreign
//!    quotation does not outvote its host. The voices also tell the shares of a text in several languages.
//! 5. **Close languages** (`close.rs`). Where two of a group come out first (Bosnian, Croatian, Serbian; Indonesian,
//!    Malay; Danish and the Norwegians; …), the forms by which they differ decide.
//! 6. **Confidence** (`confidence.rs`). The probability of being right, by lead, evidence and length. Below 0.2 a text
//!    is `und`; below 0.4 from 160 letters on, where doubt means a language that the model does not know; below 0.95
//!    when it is a few capitalised words, which may be a name or an entry of a menu.
//!
//! # How well
//!
//! The model is one file of 5 MB in the binary, read in place; `data/NOTICE.md` tells where its numbers come from, and
//! `model/build.py` makes it. No memory is allocated per document once the buffers have grown.
//!
//! Confidence is a probability, measured on 12,500 pieces of one word to five sentences in 117 languages, some twenty of
//! them unknown to the model (`model/calibrate.py`; curves fitted on every second piece, read on the others):
//!
//! | confidence | pieces | mean confidence | right |
//! | --- | --- | --- | --- |
//! | 0.00–0.20 | 76 | 17.1 % | 14.5 % |
//! | 0.20–0.40 | 673 | 30.0 % | 26.9 % |
//! | 0.40–0.60 | 504 | 49.1 % | 46.6 % |
//! | 0.60–0.80 | 561 | 70.7 % | 69.2 % |
//! | 0.80–0.90 | 431 | 85.3 % | 82.6 % |
//! | 0.90–0.95 | 362 | 92.6 % | 92.3 % |
//! | 0.95–0.99 | 715 | 97.5 % | 97.1 % |
//! | 0.99–1.00 | 2934 | 99.9 % | 99.8 % |
//!
//! | letters | at 0.5 or more | of these right | at 0.95 or more | of these right |
//! | --- | --- | --- | --- | --- |
//! | 1–9 | 60 % | 86.0 % | 24 % | 98.6 % |
//! | 10–40 | 84 % | 89.8 % | 52 % | 98.9 % |
//! | 41–160 | 95 % | 97.0 % | 83 % | 99.7 % |
//! | 161– | 96 % | 98.3 % | 88 % | 99.6 % |
//!
//! Speed on one core, on documents of 1 to 3 KB, in the same run as `whatlang` 0.18 (`benches/peers/language`): French
//! articles at 125 MB/s, eight times as fast; 152 languages in turn at 49 MB/s, three times.
//!
//! # What it does not know
//!
//! Of documents in languages outside the model, more than half are `und`; others are named for a neighbour (Tahitian
//! for Maori). Close languages share short texts: Bosnian, Croatian and Serbian sentences are told apart in three of four
//! cases, and their confidence says so. A text in several languages is told to be in the one that most of it is in.

mod close;
mod confidence;
mod detector;
mod guard;
mod model;
mod options;
mod rows;
mod sample;
mod score;
mod script;
mod stage;
mod table;
mod trigrams;

pub use detector::{Buffers, Detection, Detector};
pub use options::{Model, Options, OptionsError};
pub use stage::{DROPPED, DetectLanguage, NOT_KEPT, RULES, SPEC, UNSURE};

/// Finds the language of a text, among all that the model knows.
///
/// The thread keeps the buffers. To say where they are kept, take a [`Detector`] and [`Buffers`].
pub fn detect(text: &str) -> Detection {
    Detector::default().detect(text)
}
