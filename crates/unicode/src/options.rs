//! What to normalise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How to normalise. Lines, repeated spaces and invisible characters are always cleaned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Options {
    /// The normalisation form of Unicode.
    pub form: Form,
    /// What becomes of no-break and thin spaces.
    pub spaces: Spaces,
    /// What becomes of curly quotes and apostrophes.
    pub quotes: Marks,
    /// What becomes of the many hyphens and dashes.
    pub dashes: Marks,
    /// Join words that were cut at a line's end: `chan-⏎tier` becomes `chantier`.
    pub join_hyphenation: bool,
}

/// A normalisation form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Composed letters.
    #[default]
    Nfc,
    /// Composed letters, and compatibility characters (ligatures, full-width forms) as the characters they stand for.
    /// Characters that stand for a space and a mark (`´`, `¨`) are kept.
    Nfkc,
    /// As it is.
    None,
}

/// What becomes of no-break and thin spaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Spaces {
    /// Kept where French typography has them, inside numbers and beside `« » ; : ! ? %`; plain elsewhere.
    #[default]
    French,
    /// All plain.
    Plain,
    /// All kept.
    Keep,
}

/// What becomes of a family of punctuation marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Marks {
    /// As they are.
    #[default]
    Keep,
    /// One form each: `"` and `'` for quotes (guillemets stay), `-` and `–` for hyphens and dashes.
    Unify,
}
