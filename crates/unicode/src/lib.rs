//! Normalise Unicode text: composed letters, clean lines and spaces, no invisible characters.
//!
//! Text from many sources spells the same thing in many ways: letters with loose marks, Windows line ends, no-break spaces in
//! odd places, soft hyphens, byte order marks in mid-text. [`normalise`] tells what to change to have one spelling, each change
//! with its rule, so that a clean copy can always be traced back.
//!
//! - Letters are composed (NFC by default).
//! - Lines end with `\n`, paragraphs are one `\n` apart, no line starts or ends with a space, nor does the text start or end
//!   with a line end; runs of spaces and tabs are one space.
//! - Control characters, zero-width characters, direction marks, soft hyphens and byte order marks go; joiners stay where a
//!   script or an emoji needs them.
//! - No-break and thin spaces stay where French typography asks for them; quotes and dashes stay as they are.
//!
//! The result is its own normal form: normalising again changes nothing, whatever the options.
//!
//! # Example
//!
//! ```
//! use tamis_unicode::{Edits, Options, normalise, normalised};
//!
//! let text = "Le prix\u{a0}: 10\u{202f}000\u{a0}euros  \r\n\r\n\u{feff}L'e\u{301}te\u{301}";
//! assert_eq!(normalised(text, &Options::default()), "Le prix\u{a0}: 10\u{202f}000 euros\nL'été");
//!
//! let mut edits = Edits::default();
//! normalise(text, &Options::default(), &mut edits);
//! let rules: Vec<&str> = edits.iter().map(|(edit, _)| edit.rule.id).collect();
//! assert_eq!(rules.first(), Some(&"unicode/space-form"));
//! assert!(rules.contains(&"unicode/composition"));
//! ```

mod characters;
mod edits;
mod normaliser;
mod options;
mod rules;
mod scan;
mod stage;

pub use edits::{Edit, Edits};
pub use normaliser::normalise;
pub use options::{Form, Marks, Options, Spaces};
pub use rules::RULES;
pub use stage::{NormaliseUnicode, SPEC};

/// The normal form of a text.
///
/// ```
/// use tamis_unicode::{Options, Spaces, normalised};
/// let options = Options { spaces: Spaces::Plain, ..Options::default() };
/// assert_eq!(normalised("quoi\u{202f}?", &options), "quoi ?");
/// ```
pub fn normalised(text: &str, options: &Options) -> String {
    let mut edits = Edits::default();
    normalise(text, options, &mut edits);
    edits.apply(text)
}
