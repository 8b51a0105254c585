//! Lines are what serde_json writes of their type, and edits those of the document.

use proptest::prelude::*;
use tamis_core::{
    About, Claims, Decode, Decoding, Metadata, PlannedStage, Rule, RuleIndex, Scratch, Segment, StageError,
    StageKind, StageSpec, TextBuilder,
};

use super::*;
use crate::FieldKind;

impl LedgerLine<'_> {
    fn written(&self) -> String {
        let mut out = Vec::new();
        self.write_with(&mut out, |edits, json| {
            json.list(edits, |json, LedgerEdit(start, end, rule, new)| {
                json.raw("[").number(*start).raw(",").number(*end).raw(",").string(rule);
                json.raw(",").optional_string(new.as_deref()).raw("]");
            });
        });
        String::from_utf8(out).unwrap()
    }
}

const TEXT: &str = "[a-cé\"\\\\\n,\u{1}]{0,6}";

fn text() -> impl Strategy<Value = Cow<'static, str>> {
    TEXT.prop_map(Cow::Owned)
}

fn optional<T: Clone + std::fmt::Debug>(
    values: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::of(values)
}

pub(crate) fn any_line() -> impl Strategy<Value = LedgerLine<'static>> {
    let status = prop::sample::select(vec![Status::Kept, Status::Dropped, Status::Failed]);
    let field = prop::sample::select(vec![FieldKind::Text, FieldKind::Html, FieldKind::Raw]);
    let ratio = || optional(prop_oneof![any::<f64>(), (0..=1_000_u32).prop_map(|k| f64::from(k) / 1_000.0)]);
    let texts = prop::collection::vec(optional(text()), 12);
    let numbers = any::<[u64; 8]>();
    let decoding = (optional(text()), optional(text()), any::<[u32; 2]>()).prop_map(
        |(declared, runner_up, [replacements, repairs])| LedgerDecoding {
            declared,
            runner_up,
            replacements,
            repairs,
        },
    );
    let lists = (
        prop::collection::vec((text(), any::<u64>(), any::<u64>()), 0..3),
        prop::collection::vec((text(), any::<f64>()), 0..3),
        prop::collection::vec((any::<u64>(), any::<u64>(), TEXT, optional(TEXT)), 0..3),
        prop::collection::vec((any::<u64>(), any::<u64>(), text(), any::<u32>(), text()), 0..3),
        prop::collection::vec(optional(any::<i16>()), 0..4),
        optional(prop::collection::vec((text(), any::<u64>(), any::<u64>()), 0..3)),
    );
    let ratios = [ratio().boxed(), ratio().boxed(), ratio().boxed(), ratio().boxed(), ratio().boxed()];
    let rest =
        (optional(any::<u64>()), optional(any::<u64>()), optional(any::<(u64, u64)>()), optional(field));
    (text(), text(), status, texts, ratios, numbers, optional(decoding), lists, rest).prop_map(
        |(id, file, status, texts, ratios, numbers, decoding, lists, (offset, line, byte_range, field))| {
            let mut texts = texts.into_iter();
            let mut text = || texts.next().flatten();
            let [value, threshold, similarity, lang_confidence, lang_margin] = ratios;
            let (told, lang_shares, edits, runs, scores, counts) = lists;
            LedgerLine {
                source: text().unwrap_or_default(),
                stage: text(),
                rule: text(),
                reason: text(),
                duplicate_of: text(),
                duplicate_in: text(),
                raw_sha256: text(),
                text_sha256: text(),
                encoding: text(),
                encoding_evidence: text(),
                lang: text(),
                lang_second: text(),
                bytes: LedgerBytes {
                    kept: numbers[0],
                    removed: numbers[1],
                    replaced: numbers[2],
                    inserted: numbers[3],
                },
                raw_bytes: numbers[4],
                edits: edits.into_iter().map(|(a, b, rule, new)| LedgerEdit(a, b, rule, new)).collect(),
                runs: runs
                    .into_iter()
                    .map(|(a, b, id, letters, hash)| LedgerRun(a, b, id, letters, hash))
                    .collect(),
                id,
                status,
                value,
                threshold,
                similarity,
                offset,
                decoding,
                told,
                lang_confidence,
                lang_margin,
                lang_shares,
                scores,
                counts,
                file,
                line,
                byte_range,
                field,
            }
        },
    )
}

static RULES: [Rule; 2] = [
    Rule { id: "tidy/menu", reason: "", since: "", before: "", after: "" },
    Rule { id: "tidy/\"space\"", reason: "", since: "", before: "", after: "" },
];

static TIDY: StageSpec = StageSpec {
    name: "tidy",
    summary: "",
    version: 1,
    kind: StageKind::Decode,
    claims: Claims { idempotent: false, only_shrinks: false },
    rules: &[&RULES[0], &RULES[1]],
    about: About::NOTHING,
};

struct Tidy;

impl Decode for Tidy {
    fn spec(&self) -> &'static StageSpec {
        &TIDY
    }

    fn decode(
        &self,
        _: &[u8],
        _: &Metadata,
        _: &mut TextBuilder<'_>,
        _: &mut Scratch,
    ) -> Result<Decoding, StageError> {
        Err(StageError::refused(&RULES[0], "never run"))
    }
}

proptest! {
    #[test]
    fn a_line_is_what_serde_json_writes(line in any_line()) {
        prop_assert_eq!(line.written(), serde_json::to_string(&line).unwrap() + "\n");
    }

    /// Edits and scores of a document: as many as its map has, where it has them, with their text.
    #[test]
    fn edits_are_those_of_the_map(
        steps in prop::collection::vec((0_u32..9, "[a-cé\"\\\\]{0,3}", optional(0_u16..3), optional(any::<i16>())), 0..9),
    ) {
        let plan = Plan::new("", vec![PlannedStage::decode(Box::new(Tidy))]);
        let mut read = ReadDocument::default();
        for (raw, text, rule, score) in steps {
            let segment = match rule {
                Some(rule) => Segment::edited(raw, text.len() as u32, RuleIndex::new(rule), score),
                None => Segment::kept(text.len() as u32),
            };
            read.document.text.push_str(&text);
            read.document.map.push(segment);
        }
        let line = LedgerLine::of(&plan, &read, None, 7, "00", "11", false);
        let mut written = Vec::new();
        line.write(&mut written);
        let told: LedgerLine<'static> = serde_json::from_slice(&written).unwrap();
        prop_assert_eq!(told.written(), String::from_utf8(written).unwrap());
        let (mut raw_at, mut text_at, mut edits, mut scores) = (0, 0, Vec::new(), Vec::new());
        for segment in read.document.map.segments() {
            let (raw_end, text_end) = (raw_at + u64::from(segment.raw_len), text_at + segment.text_len as usize);
            if !segment.is_kept() {
                let rule = segment.rule.get().and_then(|rule| RULES.get(rule)).map_or("", |rule| rule.id);
                let new = read.document.text.get(text_at..text_end).unwrap().to_owned();
                edits.push(LedgerEdit(raw_at, raw_end, rule.to_owned(), Some(new).filter(|new| !new.is_empty())));
                scores.push(segment.score);
            }
            (raw_at, text_at) = (raw_end, text_end);
        }
        prop_assert_eq!(told.edits, edits);
        let weighs = scores.iter().any(Option::is_some);
        prop_assert_eq!(told.scores, if weighs { scores } else { Vec::new() });
    }
}
