//! How a ledger line is written: what serde_json writes of the type, in less time.

use tamis_core::{SegmentMap, Span, TextSize};

use super::{LedgerLine, LedgerRun, MapEdits};
use crate::FieldKind;
use crate::json::JsonWriter;

impl LedgerLine<'_, MapEdits<'_>> {
    /// Appends the line, its end included.
    pub fn write(&self, out: &mut Vec<u8>) {
        self.write_with(out, MapEdits::write);
    }
}

impl MapEdits<'_> {
    fn write(&self, json: &mut JsonWriter<'_>) {
        let segments = self.map.map(SegmentMap::segments).unwrap_or_default();
        let (mut at, mut out) = (0_u64, TextSize::ZERO);
        let edits = segments.iter().filter_map(|segment| {
            let (start, text_start) = (at, out);
            at += u64::from(segment.raw_len);
            out += TextSize::new(segment.text_len);
            (!segment.is_kept()).then_some((segment, start, at, Span::new(text_start, out)))
        });
        json.list(edits, |json, (segment, start, end, text)| {
            let rule = self.plan.rule(segment.rule).map_or("", |(_, rule)| rule.id);
            json.range(start, end).raw(",").string(rule);
            if text.is_empty() {
                json.raw(",null]");
            } else {
                json.raw(",").string(text.slice(self.text).unwrap_or_default()).raw("]");
            }
        });
    }
}

impl<E> LedgerLine<'_, E> {
    /// Appends the line with the edits that `edits` writes. Keys stand as the type has them: tests hold the two together.
    pub(super) fn write_with(&self, out: &mut Vec<u8>, edits: impl FnOnce(&E, &mut JsonWriter<'_>)) {
        let mut json = JsonWriter::new(out);
        json.raw(r#"{"id":"#).string(&self.id);
        json.raw(r#","source":"#).string(&self.source);
        json.raw(r#","status":"#).string(self.status.name());
        json.raw(r#","stage":"#).optional_string(self.stage.as_deref());
        json.raw(r#","rule":"#).optional_string(self.rule.as_deref());
        json.raw(r#","reason":"#).optional_string(self.reason.as_deref());
        json.raw(r#","value":"#).optional(self.value, JsonWriter::ratio);
        json.raw(r#","threshold":"#).optional(self.threshold, JsonWriter::ratio);
        json.raw(r#","duplicate_of":"#).optional_string(self.duplicate_of.as_deref());
        json.raw(r#","duplicate_in":"#).optional_string(self.duplicate_in.as_deref());
        json.raw(r#","similarity":"#).optional(self.similarity, JsonWriter::ratio);
        json.raw(r#","offset":"#).optional(self.offset, JsonWriter::number);
        json.raw(r#","raw_bytes":"#).number(self.raw_bytes);
        json.raw(r#","raw_sha256":"#).optional_string(self.raw_sha256.as_deref());
        json.raw(r#","text_sha256":"#).optional_string(self.text_sha256.as_deref());
        json.raw(r#","encoding":"#).optional_string(self.encoding.as_deref());
        json.raw(r#","encoding_evidence":"#).optional_string(self.encoding_evidence.as_deref());
        json.raw(r#","decoding":"#).optional(self.decoding.as_ref(), |json, decoding| {
            json.raw(r#"{"declared":"#).optional_string(decoding.declared.as_deref());
            json.raw(r#","runner_up":"#).optional_string(decoding.runner_up.as_deref());
            json.raw(r#","replacements":"#).number(decoding.replacements.into());
            json.raw(r#","repairs":"#).number(decoding.repairs.into()).raw("}")
        });
        json.raw(r#","told":"#).list(&self.told, |json, (field, start, end)| {
            json.raw("[").string(field).raw(",").number(*start).raw(",").number(*end).raw("]");
        });
        json.raw(r#","lang":"#).optional_string(self.lang.as_deref());
        json.raw(r#","lang_confidence":"#).optional(self.lang_confidence, JsonWriter::ratio);
        json.raw(r#","lang_second":"#).optional_string(self.lang_second.as_deref());
        json.raw(r#","lang_margin":"#).optional(self.lang_margin, JsonWriter::ratio);
        json.raw(r#","lang_shares":"#).list(&self.lang_shares, |json, (language, share)| {
            json.raw("[").string(language).raw(",").ratio(*share).raw("]");
        });
        json.raw(r#","bytes":{"kept":"#).number(self.bytes.kept);
        json.raw(r#","removed":"#).number(self.bytes.removed);
        json.raw(r#","replaced":"#).number(self.bytes.replaced);
        json.raw(r#","inserted":"#).number(self.bytes.inserted);
        json.raw(r#"},"edits":"#);
        edits(&self.edits, &mut json);
        if !self.runs.is_empty() {
            json.raw(r#","runs":"#).list(
                &self.runs,
                |json, LedgerRun(start, end, document, letters, hash)| {
                    json.raw("[").number(*start).raw(",").number(*end).raw(",").string(document);
                    json.raw(",").number((*letters).into()).raw(",").string(hash).raw("]");
                },
            );
        }
        json.raw(r#","scores":"#).list(&self.scores, |json, score| {
            json.optional(*score, |json, score| {
                let sign = if score < 0 { "-" } else { "" };
                json.raw(sign).number(score.unsigned_abs().into())
            });
        });
        json.raw(r#","counts":"#).optional(self.counts.as_ref(), |json, counts| {
            json.list(counts, |json, (rule, edits, raw_bytes)| {
                json.raw("[").string(rule).raw(",").number(*edits).raw(",").number(*raw_bytes).raw("]");
            })
        });
        json.raw(r#","file":"#).string(&self.file);
        json.raw(r#","line":"#).optional(self.line, JsonWriter::number);
        json.raw(r#","byte_range":"#).optional(self.byte_range, |json, (start, end)| {
            json.raw("[").number(start).raw(",").number(end).raw("]")
        });
        json.raw(r#","field":"#).optional_string(self.field.map(FieldKind::name));
        json.raw("}\n");
    }
}
