//! The ladder: from what proves an encoding to what only suggests one.

use memchr::memchr3;
use tamis_core::EncodingEvidence;

use crate::binary::{self, Controls};
use crate::charset::{Charset, Stateful, Wide};
use crate::declared::Declared;
use crate::mojibake::Repair;
use crate::nearly_utf8::{self, Census};
use crate::rules::BYTE_ORDER_MARK;
use crate::runs::{Losses, Output, Run};
use crate::{declared, detect, read, stateful_shape, utf8_lines, wide_shape};

/// How to decode.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Options {
    /// Repair text that was decoded wrongly and saved again (mojibake).
    pub repair: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { repair: true }
    }
}

/// A decoded document.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text.
    pub text: &'a str,
    /// The runs that tile the raw bytes and the text.
    pub runs: &'a [Run],
    /// The encoding.
    pub charset: Charset,
    /// What told it.
    pub evidence: EncodingEvidence,
    /// The encoding that the document or its surroundings declare.
    pub declared: Option<Charset>,
    /// They declare one that nobody knows, and none that is known. Such a label is passed over.
    pub unknown_label: bool,
    /// The encoding that came second, where there was a choice.
    pub runner_up: Option<Charset>,
    /// U+FFFD written for bytes that mean nothing.
    pub losses: Losses,
}

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes are of another kind of file.
    #[error("binary: {0}")]
    Binary(&'static str),
    /// The bytes are a text in EBCDIC. Its code pages differ in the letters beyond ASCII and nothing in a file tells which
    /// it is, so a reading would be a guess; whoever has such files knows where they come from.
    #[error("ebcdic: convert it first, for example with `iconv -f IBM1147 -t UTF-8`")]
    Ebcdic,
}

/// A decoder with its buffers.
#[derive(Debug, Default)]
pub struct Decoder {
    text: String,
    runs: Vec<Run>,
    counters: detect::Counters,
}

impl Decoder {
    /// Decodes a document. `hint` is a charset told beside the bytes, as by an HTTP header.
    pub fn decode<'a>(
        &'a mut self,
        raw: &'a [u8],
        options: &Options,
        hint: Option<&str>,
    ) -> Result<Decoded<'a>, Refusal> {
        self.text.clear();
        self.runs.clear();
        let mut out = Output::new(&mut self.text, &mut self.runs);
        let mut repair = Repair::new(options.repair);
        let (charset, evidence, mark) = match byte_order_mark(raw) {
            Some((charset, mark)) => (charset, EncodingEvidence::ByteOrderMark, mark),
            None => (Charset::Utf8, EncodingEvidence::Utf8, 0),
        };
        out.remove(mark, &BYTE_ORDER_MARK);
        let body = raw.get(mark..).unwrap_or_default();
        let valid = if charset == Charset::Utf8 { simdutf8::basic::from_utf8(body).ok() } else { None };
        let mut decided =
            Decided { charset, evidence, declared: None, unknown_label: false, runner_up: None };
        match valid {
            Some(text)
                if memchr3(0, 0x1b, 0x0e, body).is_none()
                    && !binary::has_controls(body)
                    && !text.contains("~{")
                    && !body.starts_with(b"%PDF-") =>
            {
                let declared = declared(body, hint);
                decided = Decided { declared: declared.known, unknown_label: declared.unknown, ..decided };
                if declared.known == Some(UTF_7) && text.is_ascii() && text.contains('+') {
                    // Nothing but a declaration tells: a plus sign and letters also stand in formulas and programs.
                    decided = Decided { charset: UTF_7, evidence: EncodingEvidence::Declared, ..decided };
                    read::document(UTF_7, body, &mut out);
                } else {
                    repair.write(text, &mut out);
                }
            }
            _ => {
                decided = decide(body, valid, decided, hint, &mut self.counters)?;
                match decided.charset {
                    Charset::Utf8 if decided.evidence == EncodingEvidence::NearlyUtf8 => {
                        nearly_utf8::read(body, &mut repair, &mut out);
                    }
                    Charset::Utf8 => match valid {
                        Some(text) => repair.write(text, &mut out),
                        None => read::utf8_lossy(body, &mut out),
                    },
                    Charset::SingleByte(table) if table.standard => utf8_lines::read(table, body, &mut out),
                    charset => read::document(charset, body, &mut out),
                }
            }
        }
        let losses = out.losses;
        Ok(Decoded {
            text: &self.text,
            runs: &self.runs,
            charset: decided.charset,
            evidence: decided.evidence,
            declared: decided.declared,
            unknown_label: decided.unknown_label,
            runner_up: decided.runner_up,
            losses,
        })
    }
}

const UTF_7: Charset = Charset::Stateful(Stateful::Utf7);

#[derive(Debug, Clone, Copy)]
struct Decided {
    charset: Charset,
    evidence: EncodingEvidence,
    declared: Option<Charset>,
    unknown_label: bool,
    runner_up: Option<Charset>,
}

fn byte_order_mark(raw: &[u8]) -> Option<(Charset, usize)> {
    Some(match raw {
        [0xef, 0xbb, 0xbf, ..] => (Charset::Utf8, 3),
        [0xff, 0xfe, 0, 0, ..] if raw.len().is_multiple_of(4) => (Charset::Wide(Wide::Utf32Le), 4),
        [0, 0, 0xfe, 0xff, ..] => (Charset::Wide(Wide::Utf32Be), 4),
        [0xff, 0xfe, ..] => (Charset::Wide(Wide::Utf16Le), 2),
        [0xfe, 0xff, ..] => (Charset::Wide(Wide::Utf16Be), 2),
        _ => return None,
    })
}

fn declared(body: &[u8], hint: Option<&str>) -> Declared {
    let beside = hint.map_or(Declared::default(), |label| Declared::label(label.as_bytes()));
    if beside.known.is_some() { beside } else { declared::in_markup(body).or(beside) }
}

/// The way down the ladder for bytes that are not plainly UTF-8.
fn decide(
    body: &[u8],
    valid: Option<&str>,
    marked: Decided,
    hint: Option<&str>,
    counters: &mut detect::Counters,
) -> Result<Decided, Refusal> {
    if let Some(kind) = binary::signature(body) {
        return Err(Refusal::Binary(kind));
    }
    if valid.is_none() && marked.evidence != EncodingEvidence::ByteOrderMark && binary::is_ebcdic(body) {
        return Err(Refusal::Ebcdic);
    }
    if marked.evidence == EncodingEvidence::ByteOrderMark {
        if let Charset::Wide(wide) = marked.charset
            && wide_shape::is_garbage(wide, body)
        {
            return Err(Refusal::Binary("data after a byte order mark"));
        }
        let nearly = marked.charset == Charset::Utf8 && valid.is_none();
        return Ok(if nearly {
            Decided { evidence: EncodingEvidence::NearlyUtf8, ..marked }
        } else {
            marked
        });
    }
    let Declared { known: declared, unknown: unknown_label } = declared(body, hint);
    let decided = |charset, evidence| Decided { charset, evidence, declared, unknown_label, runner_up: None };
    let controls = Controls::of(body);
    if (controls.any() || valid.is_none())
        && let Some(wide) = wide_shape::detect(body)
    {
        return Ok(decided(Charset::Wide(wide), EncodingEvidence::Shape));
    }
    if body.is_ascii()
        && let Some(stateful) = stateful_shape::detect(body)
        && (stateful != Stateful::Hz
            || controls.any()
            || declared.is_none_or(|declared| declared != Charset::Utf8))
    {
        return Ok(decided(Charset::Stateful(stateful), EncodingEvidence::Shape));
    }
    if let Some(kind) = controls.refuse_text() {
        return Err(Refusal::Binary(kind));
    }
    if valid.is_some() {
        return Ok(decided(Charset::Utf8, EncodingEvidence::Utf8));
    }
    let census = Census::of(body);
    if census.is_nearly_utf8() {
        return Ok(decided(Charset::Utf8, EncodingEvidence::NearlyUtf8));
    }
    let found = detect::detect(body, declared, counters);
    let evidence = if Some(found.best.charset) == declared {
        EncodingEvidence::Declared
    } else {
        EncodingEvidence::Detected
    };
    Ok(Decided {
        charset: found.best.charset,
        evidence,
        declared,
        unknown_label,
        runner_up: found.runner_up.map(|second| second.charset),
    })
}
