//! One record of `documents/` against its ledger line and its own offsets.

use tamis_io::{LedgerLine, ReadDocument, Record, sha256};

use super::{Law, VerifyReport};
use crate::Rebuilt;

/// Checks what a record carries of its input against the input.
pub(super) fn carried(record: &Record, read: &ReadDocument, report: &mut VerifyReport) {
    let extra = Some(read.extra.as_str()).filter(|extra| !extra.is_empty());
    for (field, same) in [
        ("metadata.url", record.metadata.url == read.document.metadata.url),
        ("metadata.extra", record.metadata.extra.as_deref() == extra),
    ] {
        if !same {
            let what = format!("record and input differ in `{field}`");
            report.broken(Law::Records, &record.id, read.location.byte_range.map(|range| range.0), what);
        }
    }
}

/// Checks a kept document's record; `rebuilt` is what raw bytes and edits give.
pub(super) fn check(
    line: &LedgerLine<'_>,
    record: &Record,
    rebuilt: Option<&Rebuilt<'_>>,
    report: &mut VerifyReport,
) {
    let mut differs = |field: &str, same: bool| {
        if !same {
            let what = format!("record and ledger line differ in `{field}`");
            report.broken(Law::Records, &line.id, None, what);
        }
    };
    differs("source", record.source == line.source);
    differs("encoding", record.encoding.as_deref() == line.encoding.as_deref());
    differs("lang", line.lang.as_deref().is_none_or(|lang| lang == record.lang));
    differs("lang_confidence", record.lang_confidence == line.lang_confidence);
    differs("metadata.path", record.metadata.path == line.file);
    differs("metadata.raw_bytes", record.metadata.raw_bytes == line.raw_bytes);
    differs("metadata.raw_sha256", Some(record.metadata.raw_sha256.as_str()) == line.raw_sha256.as_deref());
    let mut hash = String::new();
    sha256(record.text.as_bytes(), &mut hash);
    differs("text", line.text_sha256.as_deref() == Some(hash.as_str()));
    if let Some(rebuilt) = rebuilt
        && rebuilt.text != record.text
    {
        let pairs = rebuilt.text.bytes().zip(record.text.bytes());
        let same = pairs.take_while(|(left, right)| left == right).count();
        // The raw byte behind it: exact where bytes were kept as they are, the beginning of the piece elsewhere.
        let piece = rebuilt.pieces.iter().find(|piece| piece.text.contains(&same));
        let raw = piece.map(|piece| match piece.edit {
            None if piece.raw.len() == piece.text.len() => piece.raw.start + (same - piece.text.start),
            _ => piece.raw.start,
        });
        let raw = raw.map(|raw| format!(" (raw byte {raw})")).unwrap_or_default();
        let what = format!(
            "the record's text is not what raw bytes and edits give, from this byte of the text on{raw}"
        );
        report.broken(Law::Reversible, &line.id, Some(same as u64), what);
    }
    offsets(record, report);
}

/// Offsets of sentences and amounts: inside the text, ascending, disjoint; an amount's text is its slice.
fn offsets(record: &Record, report: &mut VerifyReport) {
    report.checked(Law::Offsets, (record.sentences.len() + record.amounts.len()) as u64);
    let points = record.text.chars().count() as u64;
    let mut broken = |kind: &str, at: u64, what: &str| {
        report.broken(Law::Offsets, &record.id, None, format!("{kind} at code point {at}: {what}"));
    };
    let mut before = 0;
    for (start, end) in &record.sentences {
        if *start < before || end <= start || *end > points {
            broken("the sentence", *start, "outside the text, empty, or not after the one before it");
        }
        before = (*end).max(before);
    }
    // One walk through the text serves all amounts, which ascend.
    let (mut rest, mut at, mut before) = (record.text.as_str(), 0_u64, 0);
    for amount in &record.amounts {
        if amount.start < before || amount.end <= amount.start || amount.end > points {
            broken("the amount", amount.start, "outside the text, empty, or not after the one before it");
            continue;
        }
        before = amount.end;
        rest = skip(rest, amount.start - at);
        at = amount.start;
        let after = skip(rest, amount.end - amount.start);
        let slice = rest.get(..rest.len() - after.len()).unwrap_or_default();
        if slice != amount.text {
            broken("the amount", amount.start, &format!("the text has `{slice}`, not `{}`", amount.text));
        }
    }
}

/// `text` without its first characters.
fn skip(text: &str, characters: u64) -> &str {
    let start = text.char_indices().nth(usize::try_from(characters).unwrap_or(usize::MAX));
    start.map_or("", |(start, _)| text.get(start..).unwrap_or_default())
}
