//! Runs the cases of `cases/*.toml` and the examples of the rules.

use std::fmt::Write as _;
use std::path::Path;

use tamis_decode::{Charset, Decoder, Options, RULES, RunKind};

/// One case: what it shows, the bytes, and what they become.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    shows: String,
    /// The bytes, in UTF-8 but for `\xNN`.
    bytes: Option<String>,
    /// Or a text, and the encoding that it is written in.
    written: Option<String>,
    encoding: Option<String>,
    /// A charset told beside the bytes.
    hint: Option<String>,
    #[serde(default)]
    options: Options,
    /// The text; without it, the text that was written.
    text: Option<String>,
    /// The reason of a refusal.
    refused: Option<String>,
    /// The label of the encoding, and what told it.
    label: Option<String>,
    evidence: Option<String>,
    /// Rules, in order, without repetition.
    #[serde(default)]
    rules: Vec<String>,
}

#[derive(Debug, serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[test]
fn cases_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let (mut ran, mut failures) = (0, String::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let content = std::fs::read_to_string(&path).unwrap();
        let file: File =
            toml::from_str(&content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in file.case {
            if let Err(what) = run(&case) {
                let _ = writeln!(failures, "{}: {}\n  {what}", path.display(), case.shows);
            }
            ran += 1;
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(ran > 40, "only {ran} cases ran");
}

fn run(case: &Case) -> Result<(), String> {
    let raw = match (&case.bytes, &case.written, &case.encoding) {
        (Some(bytes), ..) => unescape(bytes),
        (_, Some(written), Some(label)) => encode(label, written)?,
        _ => return Err("neither bytes nor written text".to_owned()),
    };
    let mut decoder = Decoder::default();
    let decoded = match (decoder.decode(&raw, &case.options, case.hint.as_deref()), &case.refused) {
        (Err(refusal), Some(reason)) if refusal.to_string() == *reason => return Ok(()),
        (Err(refusal), _) => return Err(format!("was refused: {refusal}")),
        (Ok(decoded), None) => decoded,
        (Ok(decoded), Some(_)) => return Err(format!("was read as {}", decoded.charset.label())),
    };
    let mut rules: Vec<&str> = Vec::new();
    for run in decoded.runs {
        if let RunKind::Replaced(rule) | RunKind::Removed(rule) = run.kind
            && !rules.contains(&rule.id)
        {
            rules.push(rule.id);
        }
    }
    let wanted = case.text.as_ref().or(case.written.as_ref());
    let label = case.label.as_ref().or(case.encoding.as_ref());
    let same = Some(decoded.text) == wanted.map(String::as_str)
        && label.is_none_or(|label| label == decoded.charset.label())
        && case.evidence.as_ref().is_none_or(|evidence| evidence == decoded.evidence.name())
        && rules == case.rules;
    if same {
        return Ok(());
    }
    let (text, label, evidence) = (decoded.text, decoded.charset.label(), decoded.evidence.name());
    Err(format!("gave {text:?} in {label} ({evidence}) by {rules:?}"))
}

#[test]
fn rules_do_what_their_examples_say() {
    for rule in RULES {
        let mut decoder = Decoder::default();
        let raw = unescape(rule.before);
        let Ok(decoded) = decoder.decode(&raw, &Options::default(), None) else {
            assert_eq!(rule.after, "", "`{}` refuses its example", rule.id);
            continue;
        };
        assert_eq!(decoded.text, rule.after, "`{}` in {}", rule.id, decoded.charset.label());
        let by = |kind| matches!(kind, RunKind::Replaced(by) | RunKind::Removed(by) if by == *rule);
        assert!(
            decoded.runs.iter().any(|run| by(run.kind)),
            "`{}` does not show itself in its example",
            rule.id
        );
    }
}

/// Reads `\xNN`.
fn unescape(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).unwrap_or(b'?'));
        bytes.extend(rest.as_bytes());
    }
    bytes
}

/// Writes a text in an encoding.
fn encode(label: &str, text: &str) -> Result<Vec<u8>, String> {
    let charset = Charset::for_label(label).ok_or("an unknown label")?;
    let bytes = match charset {
        Charset::Utf8 => return Ok(text.as_bytes().to_vec()),
        Charset::SingleByte(page) => text
            .chars()
            .map(|c| (0..=u8::MAX).find(|&byte| page.read(byte) == c))
            .collect::<Option<Vec<u8>>>(),
        Charset::Wide(_) => match label {
            "utf-16le" => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            "utf-16be" => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            "utf-32le" => Some(text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
            _ => Some(text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
        },
        _ => encoding_rs::Encoding::for_label(label.as_bytes())
            .map(|encoding| encoding.encode(text).0.into_owned()),
    };
    bytes.ok_or_else(|| format!("{label} lacks a character"))
}
