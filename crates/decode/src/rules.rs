//! The rules of decoding: every change of bytes that is not plain reading names one of them.
//!
//! Examples are bytes: `\xNN` in them stands for one that is not the UTF-8 written here.

use tamis_core::Rule;

const fn rule(id: &'static str, reason: &'static str, before: &'static str, after: &'static str) -> Rule {
    Rule { id, reason, since: "0.1.0", before, after }
}

/// A byte order mark says how to read the file; it is not text.
pub(crate) static BYTE_ORDER_MARK: Rule = rule(
    "decode/byte-order-mark",
    "a byte order mark says how to read the bytes and is not text",
    "\\xEF\\xBB\\xBFUn mot",
    "Un mot",
);
/// Bytes that mean nothing in the document's encoding.
pub(crate) static UNREADABLE_BYTES: Rule = rule(
    "decode/unreadable-bytes",
    "the bytes mean nothing in the document's encoding",
    "L’été à la mairie\\xFF",
    "L’été à la mairie\u{fffd}",
);
/// A stray windows-1252 byte in UTF-8.
pub(crate) static STRAY_BYTE: Rule = rule(
    "decode/stray-windows-1252-byte",
    "a single byte that is not UTF-8 completes a word when it is read as windows-1252",
    "La rentrée a été décalée à cause de la chaleur.\nIl a d\\xE9cidé de rester.",
    "La rentrée a été décalée à cause de la chaleur.\nIl a décidé de rester.",
);
/// A line in another encoding than its document.
pub(crate) static OTHER_ENCODING: Rule = rule(
    "decode/line-in-another-encoding",
    "the line is in another encoding than the rest of the document",
    "L’été a été très sec à Orléans.\nLa for\\xEAt a br\\xFBl\\xE9 apr\\xE8s l'\\xE9t\\xE9.",
    "L’été a été très sec à Orléans.\nLa forêt a brûlé après l'été.",
);
/// A character of an encoding that is outside the WHATWG standard.
pub(crate) static RARE_ENCODING: Rule = rule(
    "decode/encoding-outside-the-standard",
    "the document's encoding is outside the WHATWG standard, so its characters are written out",
    "Le maire a d\\x82cid\\x82 : l'\\x82cole sera r\\x82nov\\x82e, \\x85 c\\x93t\\x82 de la for\\x88t.",
    "Le maire a décidé : l'école sera rénovée, à côté de la forêt.",
);
/// A byte sequence on which decoders disagree.
pub(crate) static CONTESTED_BYTES: Rule = rule(
    "decode/contested-bytes",
    "decoders disagree on what these bytes mean in the document's encoding, so the character is written out",
    "\\xA4\\xB3\\xA4\\xEC\\xA4\\xCF\\xAD\\xA1\\xA4\\xC7\\xA4\\xB9\\xA1\\xA3\\xA4\\xBD\\xA4\\xEC\\xA4\\xCF\\xAD\\xA2\\xA4\\xC7\\xA4\\xB9\\xA1\\xA3",
    "これは①です。それは②です。",
);
/// Text between escape sequences.
pub(crate) static STATEFUL_ENCODING: Rule = rule(
    "decode/stateful-encoding",
    "what the bytes mean depends on the escape sequences before them, so the characters are written out",
    "\\x1B$B$\\x22\\x1B(B",
    "あ",
);
/// UTF-8 read as windows-1252.
pub(crate) static MOJIBAKE_WINDOWS_1252: Rule = rule(
    "decode/mojibake-windows-1252",
    "UTF-8 was once read as windows-1252 and saved again; this is undone",
    "rÃ©pÃ©tÃ©s",
    "répétés",
);
/// UTF-8 read as macintosh.
pub(crate) static MOJIBAKE_MACINTOSH: Rule = rule(
    "decode/mojibake-macintosh",
    "UTF-8 was once read as macintosh and saved again; this is undone",
    "r√©p√©t√©s",
    "répétés",
);
/// UTF-8 read as ibm437.
pub(crate) static MOJIBAKE_IBM437: Rule = rule(
    "decode/mojibake-ibm437",
    "UTF-8 was once read as ibm437 and saved again; this is undone",
    "r├⌐p├⌐t├⌐s",
    "répétés",
);
/// UTF-8 read as ibm850.
pub(crate) static MOJIBAKE_IBM850: Rule = rule(
    "decode/mojibake-ibm850",
    "UTF-8 was once read as ibm850 and saved again; this is undone",
    "r├®p├®t├®s",
    "répétés",
);
/// UTF-8 read as windows-1250.
pub(crate) static MOJIBAKE_WINDOWS_1250: Rule = rule(
    "decode/mojibake-windows-1250",
    "UTF-8 was once read as windows-1250 and saved again; this is undone",
    "zaĹĽĂłĹ‚Ä‡ gÄ™Ĺ›lÄ…",
    "zażółć gęślą",
);
/// UTF-8 read as windows-1251.
pub(crate) static MOJIBAKE_WINDOWS_1251: Rule = rule(
    "decode/mojibake-windows-1251",
    "UTF-8 was once read as windows-1251 and saved again; this is undone",
    "Р·РёРјР°",
    "зима",
);
/// UTF-8 read as windows-1254.
pub(crate) static MOJIBAKE_WINDOWS_1254: Rule = rule(
    "decode/mojibake-windows-1254",
    "UTF-8 was once read as windows-1254 and saved again; this is undone",
    "Ğ¼Ğ¸Ñ€",
    "мир",
);
/// UTF-8 read as windows-1253.
pub(crate) static MOJIBAKE_WINDOWS_1253: Rule = rule(
    "decode/mojibake-windows-1253",
    "UTF-8 was once read as windows-1253 and saved again; this is undone",
    "ΞΊΞ±Ξ»Ξ®",
    "καλή",
);
/// UTF-8 read as windows-1257.
pub(crate) static MOJIBAKE_WINDOWS_1257: Rule = rule(
    "decode/mojibake-windows-1257",
    "UTF-8 was once read as windows-1257 and saved again; this is undone",
    "ÄÆÄ—jo ÄÆ miestÄ…",
    "įėjo į miestą",
);
/// UTF-8 read as iso-8859-2.
pub(crate) static MOJIBAKE_ISO_8859_2: Rule = rule(
    "decode/mojibake-iso-8859-2",
    "UTF-8 was once read as iso-8859-2 and saved again; this is undone",
    "pĹ\u{99}Ă\u{ad}ĹĄtÄ\u{9b}",
    "příště",
);
/// UTF-8 read as ibm852.
pub(crate) static MOJIBAKE_IBM852: Rule = rule(
    "decode/mojibake-ibm852",
    "UTF-8 was once read as ibm852 and saved again; this is undone",
    "p┼Ö├ş┼ít─Ť",
    "příště",
);
/// UTF-8 read as x-mac-cyrillic.
pub(crate) static MOJIBAKE_MAC_CYRILLIC: Rule = rule(
    "decode/mojibake-x-mac-cyrillic",
    "UTF-8 was once read as x-mac-cyrillic and saved again; this is undone",
    "–Ј–Є–Љ–∞",
    "зима",
);
/// Text spoiled more than once.
pub(crate) static MOJIBAKE_TWICE: Rule = rule(
    "decode/mojibake-repeated",
    "UTF-8 was more than once read in another encoding and saved; this is undone",
    "rÃƒÂ©pÃƒÂ©tÃƒÂ©s",
    "répétés",
);
/// Windows-1252 read as ISO 8859-1.
pub(crate) static MOJIBAKE_CONTROLS: Rule = rule(
    "decode/mojibake-controls",
    "control characters stand where windows-1252 has letters and quotes: it was read as ISO 8859-1",
    "\u{93}oui\u{94}",
    "“oui”",
);
/// Files that are not text.
pub(crate) static BINARY: Rule = rule(
    "decode/not-text",
    "the bytes are those of a program, an image or other data, not of a text",
    "\\x89PNG\\x0D\\x0A\\x1A\\x0A\\x00\\x00",
    "",
);

/// A text in an encoding that is not read.
pub(crate) static EBCDIC: Rule = rule(
    "decode/ebcdic",
    "the bytes are a text in EBCDIC, and nothing in them tells in which of its code pages",
    "\\xE3\\x88\\x85\\x40\\x83\\x96\\xA4\\x95\\x83\\x89\\x93\\x40\\xA6\\x89\\x93\\x93\\x40\\x94\\x85\\x85\\xA3\\x40\\x81\\x87\\x81\\x89\\x95\\x40\\x96\\x95\\x40\\xD4\\x96\\x95\\x84\\x81\\xA8\\x4B",
    "",
);

/// All rules of decoding.
pub static RULES: &[&Rule] = &[
    &BYTE_ORDER_MARK,
    &UNREADABLE_BYTES,
    &STRAY_BYTE,
    &OTHER_ENCODING,
    &RARE_ENCODING,
    &CONTESTED_BYTES,
    &STATEFUL_ENCODING,
    &MOJIBAKE_WINDOWS_1252,
    &MOJIBAKE_MACINTOSH,
    &MOJIBAKE_IBM437,
    &MOJIBAKE_IBM850,
    &MOJIBAKE_WINDOWS_1250,
    &MOJIBAKE_WINDOWS_1251,
    &MOJIBAKE_WINDOWS_1254,
    &MOJIBAKE_WINDOWS_1253,
    &MOJIBAKE_WINDOWS_1257,
    &MOJIBAKE_ISO_8859_2,
    &MOJIBAKE_IBM852,
    &MOJIBAKE_MAC_CYRILLIC,
    &MOJIBAKE_TWICE,
    &MOJIBAKE_CONTROLS,
    &BINARY,
    &EBCDIC,
];
