//! The rules of normalisation.

use tamis_core::Rule;

const fn rule(id: &'static str, reason: &'static str, before: &'static str, after: &'static str) -> Rule {
    Rule { id, reason, since: "0.1.0", before, after }
}

/// Letters and their marks.
pub(crate) static COMPOSITION: Rule = rule(
    "unicode/composition",
    "a letter and its marks have one composed spelling",
    "e\u{301}te\u{301}",
    "été",
);
/// Compatibility characters.
pub(crate) static COMPATIBILITY: Rule = rule(
    "unicode/compatibility-character",
    "a compatibility character stands for others that text is better written with",
    "ﬁn",
    "fin",
);
/// Line ends.
pub(crate) static LINE_END: Rule = rule(
    "unicode/line-end",
    "a line ends with a line feed, whatever system wrote it",
    "un\r\ndeux",
    "un\ndeux",
);
/// Lines without text.
pub(crate) static BLANK_LINE: Rule =
    rule("unicode/blank-line", "paragraphs are one line end apart", "un\n\n\ndeux", "un\ndeux");
/// Spaces at a line's edge.
pub(crate) static SPACE_AT_LINE_EDGE: Rule = rule(
    "unicode/space-at-line-edge",
    "spaces at the start or end of a line say nothing",
    "un \n  deux",
    "un\ndeux",
);
/// Spaces after spaces.
pub(crate) static REPEATED_SPACE: Rule =
    rule("unicode/repeated-space", "one space parts words as well as several", "un   deux", "un deux");
/// Spaces that are no plain space.
pub(crate) static SPACE_FORM: Rule = rule(
    "unicode/space-form",
    "a tab, a no-break or a thin space is written as a plain space where typography does not ask for it",
    "un\u{a0}chat",
    "un chat",
);
/// Control characters.
pub(crate) static CONTROL_CHARACTER: Rule =
    rule("unicode/control-character", "control characters are not text", "un\u{7}", "un");
/// Byte order marks inside the text.
pub(crate) static BYTE_ORDER_MARK: Rule = rule(
    "unicode/byte-order-mark",
    "a byte order mark inside the text is left over from joined files",
    "un\u{feff}",
    "un",
);
/// Zero-width characters.
pub(crate) static ZERO_WIDTH: Rule = rule(
    "unicode/zero-width-character",
    "an invisible character that neither script nor emoji needs here",
    "un\u{200b}deux",
    "undeux",
);
/// Marks of writing direction.
pub(crate) static DIRECTION_MARK: Rule =
    rule("unicode/direction-mark", "marks of writing direction are layout", "\u{200e}un\u{202c}", "un");
/// Soft hyphens.
pub(crate) static SOFT_HYPHEN: Rule =
    rule("unicode/soft-hyphen", "a soft hyphen says where a word may be cut", "chan\u{ad}tier", "chantier");
/// Noncharacters and tags.
pub(crate) static NONCHARACTER: Rule = rule(
    "unicode/noncharacter",
    "code points that are no characters have no place in text",
    "un\u{ffff}",
    "un",
);
/// Curly quotes.
pub(crate) static QUOTE_FORM: Rule =
    rule("unicode/quote-form", "quotes and apostrophes are asked for in one form", "l’été", "l'été");
/// Hyphens and dashes.
pub(crate) static DASH_FORM: Rule = rule(
    "unicode/dash-form",
    "hyphens and dashes are asked for in one form each",
    "vingt\u{2011}deux",
    "vingt-deux",
);
/// Words cut at a line's end.
pub(crate) static HYPHENATION: Rule =
    rule("unicode/hyphenation", "a word cut at the end of a line is one word", "chan-\ntier", "chantier");

/// All rules of normalisation.
pub static RULES: &[&Rule] = &[
    &COMPOSITION,
    &COMPATIBILITY,
    &LINE_END,
    &BLANK_LINE,
    &SPACE_AT_LINE_EDGE,
    &REPEATED_SPACE,
    &SPACE_FORM,
    &CONTROL_CHARACTER,
    &BYTE_ORDER_MARK,
    &ZERO_WIDTH,
    &DIRECTION_MARK,
    &SOFT_HYPHEN,
    &NONCHARACTER,
    &QUOTE_FORM,
    &DASH_FORM,
    &HYPHENATION,
];
