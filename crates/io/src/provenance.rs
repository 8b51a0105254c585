//! `provenance.csv`: the ledger line as a row of a table.
//!
//! Rows are written straight into a buffer, one for each document of a run: through the csv crate, a row took as many
//! strings as it has fields. The same bytes come out, which the tests hold against it.

use std::io::Write as _;

use crate::LedgerLine;
use crate::json::JsonWriter;

/// The columns of `provenance.csv`.
pub const PROVENANCE_HEADER: [&str; 25] = [
    "id",
    "source",
    "status",
    "stage",
    "rule",
    "reason",
    "value",
    "threshold",
    "duplicate_of",
    "duplicate_in",
    "similarity",
    "offset",
    "raw_bytes",
    "kept_bytes",
    "removed_bytes",
    "replaced_bytes",
    "inserted_bytes",
    "encoding",
    "encoding_evidence",
    "lang",
    "lang_confidence",
    "raw_sha256",
    "text_sha256",
    "file",
    "line",
];

/// Appends the ledger line as one row of `provenance.csv`, in the order of [`PROVENANCE_HEADER`]; null is the empty field.
pub fn provenance_row<E>(line: &LedgerLine<'_, E>, out: &mut Vec<u8>) {
    let mut row = Row(out);
    row.text(&line.id).text(&line.source).text(line.status.name());
    row.text(line.stage.as_deref().unwrap_or_default());
    row.text(line.rule.as_deref().unwrap_or_default());
    row.text(line.reason.as_deref().unwrap_or_default());
    row.ratio(line.value).ratio(line.threshold);
    row.text(line.duplicate_of.as_deref().unwrap_or_default());
    row.text(line.duplicate_in.as_deref().unwrap_or_default());
    row.ratio(line.similarity).number(line.offset).number(Some(line.raw_bytes));
    for bytes in [line.bytes.kept, line.bytes.removed, line.bytes.replaced, line.bytes.inserted] {
        row.number(Some(bytes));
    }
    row.text(line.encoding.as_deref().unwrap_or_default());
    row.text(line.encoding_evidence.as_deref().unwrap_or_default());
    row.text(line.lang.as_deref().unwrap_or_default()).ratio(line.lang_confidence);
    row.text(line.raw_sha256.as_deref().unwrap_or_default());
    row.text(line.text_sha256.as_deref().unwrap_or_default());
    row.text(&line.file).number(line.line).end();
}

/// Fields of a row by RFC 4180, each with a comma behind it.
struct Row<'a>(&'a mut Vec<u8>);

impl Row<'_> {
    fn text(&mut self, text: &str) -> &mut Self {
        // Few fields need quotes, and most are shorter than a search in wide steps is worth.
        if text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r')) {
            self.0.push(b'"');
            for (number, part) in text.split('"').enumerate() {
                self.0.extend_from_slice(if number == 0 { b"" } else { b"\"\"" });
                self.0.extend_from_slice(part.as_bytes());
            }
            self.0.push(b'"');
        } else {
            self.0.extend_from_slice(text.as_bytes());
        }
        self.comma()
    }

    fn ratio(&mut self, ratio: Option<f64>) -> &mut Self {
        if let Some(ratio) = ratio
            && !JsonWriter::new(self.0).thousandths(ratio, "")
        {
            // A buffer in memory takes all it is given.
            let _ = write!(self.0, "{ratio}");
        }
        self.comma()
    }

    fn number(&mut self, number: Option<u64>) -> &mut Self {
        if let Some(number) = number {
            JsonWriter::new(self.0).number(number);
        }
        self.comma()
    }

    fn comma(&mut self) -> &mut Self {
        self.0.push(b',');
        self
    }

    /// Behind the last field stands the end of the line.
    fn end(&mut self) {
        self.0.pop();
        self.0.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::tests::any_line;

    proptest! {
        #[test]
        fn rows_are_those_of_the_csv_crate(line in any_line()) {
            let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
            let ratio = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            let whole = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
            let fields = [
                line.id.to_string(),
                line.source.to_string(),
                line.status.name().to_owned(),
                text(line.stage.as_deref()),
                text(line.rule.as_deref()),
                text(line.reason.as_deref()),
                ratio(line.value),
                ratio(line.threshold),
                text(line.duplicate_of.as_deref()),
                text(line.duplicate_in.as_deref()),
                ratio(line.similarity),
                whole(line.offset),
                line.raw_bytes.to_string(),
                line.bytes.kept.to_string(),
                line.bytes.removed.to_string(),
                line.bytes.replaced.to_string(),
                line.bytes.inserted.to_string(),
                text(line.encoding.as_deref()),
                text(line.encoding_evidence.as_deref()),
                text(line.lang.as_deref()),
                ratio(line.lang_confidence),
                text(line.raw_sha256.as_deref()),
                text(line.text_sha256.as_deref()),
                line.file.to_string(),
                whole(line.line),
            ];
            prop_assert_eq!(fields.len(), PROVENANCE_HEADER.len());
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&fields).unwrap();
            let mut row = Vec::new();
            provenance_row(&line, &mut row);
            prop_assert_eq!(String::from_utf8(row), String::from_utf8(writer.into_inner().unwrap()));
        }

        #[test]
        fn a_field_is_that_of_the_csv_crate(text in "[ab,\"\r\n\\\\#é\u{0} ]{0,12}") {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record([text.as_str(), "x"]).unwrap();
            let mut row = Vec::new();
            Row(&mut row).text(&text).text("x").end();
            prop_assert_eq!(row, writer.into_inner().unwrap());
        }
    }
}
