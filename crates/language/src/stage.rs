//! The stage `detect-language`.

use tamis_core::{
    About, Claims, Editor, Language, LanguageTag, Rule, Scratch, Stage, StageError, StageKind, StageSpec,
    Verdict, View,
};

use crate::detector::{Buffers, Detector};
use crate::{Options, OptionsError};

/// A document in a language that `keep` does not list.
pub static NOT_KEPT: Rule = Rule {
    id: "language/not-kept",
    reason: "the document is in a language that the pipeline does not keep",
    since: "0.1.0",
    before: "The committee will meet again on Thursday to discuss the budget for the coming year.",
    after: "",
};

/// A document in a language that `drop` lists.
pub static DROPPED: Rule = Rule {
    id: "language/dropped",
    reason: "the document is in a language that the pipeline drops",
    since: "0.1.0",
    before: "El ayuntamiento aprobó ayer las obras del nuevo mercado, que empezarán en otoño.",
    after: "",
};

/// A document whose language is too uncertain, in a pipeline that keeps certain languages.
pub static UNSURE: Rule = Rule {
    id: "language/unsure",
    reason: "the document's language cannot be told with the confidence that the pipeline asks for",
    since: "0.1.0",
    before: "12 345 — 67,8 % (https://example.org)",
    after: "",
};

/// All rules of the stage.
pub static RULES: &[&Rule] = &[&NOT_KEPT, &DROPPED, &UNSURE];

/// What the stage is.
pub static SPEC: StageSpec = StageSpec {
    name: "detect-language",
    summary: "finds the language of each document, and keeps or drops documents by it",
    version: 1,
    kind: StageKind::Annotate,
    claims: Claims { idempotent: true, only_shrinks: true },
    rules: RULES,
    about: About {
        why: "later stages read by language, and a corpus of one language should hold no other",
        since: "0.1.0",
        before: "Le conseil municipal a voté hier le budget du port et des écluses.",
        after: "fr",
    },
};

/// The stage `detect-language`: notes each document's language and drops documents by it.
///
/// What a record says of its own language is metadata: it neither helps nor stands in for the detection.
#[derive(Clone, Debug, Default)]
pub struct DetectLanguage {
    detector: Detector,
    keep: Vec<String>,
    drop: Vec<String>,
}

impl DetectLanguage {
    /// The stage with options.
    pub fn new(options: &Options) -> Result<Self, OptionsError> {
        Ok(Self { detector: Detector::new(options)?, keep: options.keep.clone(), drop: options.drop.clone() })
    }
}

impl Stage for DetectLanguage {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn apply(
        &self,
        view: View<'_>,
        editor: &mut Editor<'_>,
        scratch: &mut Scratch,
    ) -> Result<Verdict, StageError> {
        let found = self.detector.detect_with(view.text, scratch.of::<Buffers>());
        editor.language(Language {
            tag: found.language,
            confidence: found.confidence,
            second: found.second,
            margin: found.margin,
            shares: found.shares,
        });
        let value = Some(found.confidence);
        let threshold = Some(found.threshold);
        if lists(&self.drop, found.language) {
            return Ok(Verdict::Drop { rule: &DROPPED, value, threshold });
        }
        if self.keep.is_empty() || lists(&self.keep, found.language) {
            return Ok(Verdict::Keep);
        }
        let rule = if found.language == LanguageTag::UNDETERMINED { &UNSURE } else { &NOT_KEPT };
        Ok(Verdict::Drop { rule, value, threshold })
    }
}

/// Whether a list of tags covers a tag: `sr` covers `sr-Latn`, not the other way round.
fn lists(tags: &[String], tag: LanguageTag) -> bool {
    tags.iter().any(|listed| listed == tag.as_str() || listed == tag.primary())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tamis_laws::proptest::prelude::*;

    fn with(keep: &[&str], drop: &[&str]) -> DetectLanguage {
        let list = |tags: &[&str]| tags.iter().map(ToString::to_string).collect();
        let options = Options { keep: list(keep), drop: list(drop), ..Options::default() };
        DetectLanguage::new(&options).unwrap_or_default()
    }

    fn texts() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                "une école ",
                "the school ",
                "школа ",
                "日本語の",
                "学校",
                "학교 ",
                "שלום ",
                "https://example.org ",
                "4,5 kg ",
                "e\u{301}",
                "İstanbul ",
                "A",
                "\n",
                "1234567890",
            ]),
            0..400,
        )
        .prop_map(|pieces| pieces.concat())
    }

    fn for_rule(rule: &'static Rule) -> DetectLanguage {
        if std::ptr::eq(rule, &raw const DROPPED) { with(&[], &["es"]) } else { with(&["fr"], &[]) }
    }

    tamis_laws::stage_laws!(DetectLanguage::default(), texts = texts(), example = for_rule);
}
