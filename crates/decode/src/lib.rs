//! Bytes to text, with a reason for every byte that is not plain text.
//!
//! [`Decoder::decode`] goes down a ladder, from what proves an encoding to what only suggests one:
//!
//! 1. A signature of another kind of file, or too many control characters: a [`Refusal`] that says what was found.
//! 2. A byte order mark.
//! 3. Valid UTF-8: kept byte for byte.
//! 4. Zero bytes and pairs where UTF-16 or UTF-32 has them; escape sequences of ISO-2022 and HZ.
//! 5. UTF-8 with damage: bad sequences become U+FFFD, one for each maximal ill-formed subpart; a stray windows-1252 byte that
//!    completes a word is read as such; lines in another encoding are read in theirs.
//! 6. Detection: each encoding's reading is priced by how likely its letters follow each other in the languages that it can
//!    write. A declaration (HTTP, `meta`, XML) lowers its encoding's price, and cannot win against the evidence; chardetng
//!    decides between near equals.
//! 7. Mojibake: text that was read in the wrong encoding and saved is repaired, where the words get likelier by it.
//!
//! Beside the text stands a list of [`Run`]s that ties each character to its bytes; every change names a rule of [`RULES`].
//! Encodings are named by the WHATWG standard's labels in lower case; those outside it (DOS and Mac code pages, UTF-32,
//! Johab) by their usual names.
//!
//! # Example
//!
//! ```
//! use tamis_decode::{Decoder, Options, Refusal};
//!
//! let mut decoder = Decoder::default();
//! let options = Options::default();
//!
//! let decoded = decoder.decode(b"Le pr\xe9fet a d\xe9cid\xe9 hier.", &options, None)?;
//! assert_eq!(decoded.text, "Le préfet a décidé hier.");
//! assert_eq!(decoded.charset.label(), "windows-1252");
//! assert_eq!(decoded.evidence.name(), "detected");
//! assert_eq!(decoded.runs.len(), 1);
//!
//! let decoded = decoder.decode("Le prÃ©fet a dÃ©cidÃ©.".as_bytes(), &options, None)?;
//! assert_eq!(decoded.text, "Le préfet a décidé.");
//!
//! let refused = decoder.decode(b"\x89PNG\r\n\x1a\n", &options, None).unwrap_err();
//! assert_eq!(refused.to_string(), "binary: png");
//! # Ok::<(), Refusal>(())
//! ```
//!
//! # Rebuilding the text elsewhere
//!
//! Runs that are kept or transcoded are what the encoding's name says, also for Python's codecs: byte sequences that these
//! read otherwise than the WHATWG standard are written out as replacements, and so are all characters of the code pages
//! outside the standard. The codec of a label is its own name but for these: `shift_jis` is `cp932`, `euc-kr` is `cp949`,
//! `gbk` is `gb18030`, `big5` is `big5hkscs`, `windows-874` is `cp874`, `x-mac-cyrillic` is `mac_cyrillic`, `iso-8859-8-i` is
//! `iso8859_8`; code pages outside the standard, where only ASCII is left to the codec, are `ascii`.

mod binary;
mod charset;
mod contested;
mod declared;
mod decoder;
mod detect;
mod ideographs;
mod letters;
mod mojibake;
mod nearly_utf8;
mod read;
mod rules;
mod runs;
mod stage;
mod stateful_shape;
mod utf8_lines;
mod wide_shape;

pub use charset::{Charset, SingleByte, Stateful, Wide};
pub use decoder::{Decoded, Decoder, Options, Refusal};
pub use rules::RULES;
pub use runs::{Losses, Run, RunKind};
pub use stage::{DecodeStage, SPEC};
