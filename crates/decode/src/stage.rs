//! Decoding as the first stage of a pipeline.

use tamis_core::{
    About, Claims, Decode, Decoding, Metadata, Rule, Scratch, StageError, StageKind, StageSpec, TextBuilder,
};

use crate::decoder::{Decoder, Options, Refusal};
use crate::rules::{BINARY, EBCDIC, RULES};
use crate::runs::RunKind;

/// What the stage is.
pub static SPEC: StageSpec = StageSpec {
    name: "decode",
    summary: "reads bytes as text: byte order marks, declared and detected encodings, mojibake; refuses what is not text",
    version: 1,
    kind: StageKind::Decode,
    claims: Claims { idempotent: false, only_shrinks: false },
    rules: RULES,
    about: About {
        why: "a text read in the wrong encoding is wrong in every accent, and nothing after it can put that right",
        since: "0.1.0",
        before: "rÃ©pÃ©tÃ©s",
        after: "répétés",
    },
};

/// The stage `decode`.
#[derive(Debug, Clone, Default)]
pub struct DecodeStage {
    options: Options,
}

impl DecodeStage {
    /// The stage with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Decode for DecodeStage {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn decode(
        &self,
        raw: &[u8],
        metadata: &Metadata,
        builder: &mut TextBuilder<'_>,
        scratch: &mut Scratch,
    ) -> Result<Decoding, StageError> {
        let decoder = scratch.of::<Decoder>();
        let decoded = decoder
            .decode(raw, &self.options, metadata.charset_hint.as_deref())
            .map_err(|refusal| StageError::refused(rule_of(refusal), refusal.to_string()))?;
        let mut rest = decoded.text;
        let mut repairs = 0;
        for run in decoded.runs {
            let (text, after) = rest.split_at_checked(run.text).unwrap_or((rest, ""));
            rest = after;
            match run.kind {
                RunKind::Kept => builder.kept(text),
                RunKind::Transcoded { unit } => builder.transcoded(run.raw, text, unit),
                RunKind::Replaced(rule) => {
                    repairs += u32::from(crate::mojibake::is_repair(rule));
                    builder.replaced(run.raw, text, rule);
                }
                RunKind::Removed(rule) => builder.removed(run.raw, rule),
            }
        }
        Ok(Decoding {
            encoding: decoded.charset.label(),
            evidence: decoded.evidence,
            declared: decoded
                .declared
                .map(crate::Charset::label)
                .or(decoded.unknown_label.then_some("unknown")),
            runner_up: decoded.runner_up.map(crate::Charset::label),
            replacements: u32::try_from(decoded.losses.count()).unwrap_or(u32::MAX),
            repairs,
        })
    }
}

fn rule_of(refusal: Refusal) -> &'static Rule {
    match refusal {
        Refusal::Binary(_) => &BINARY,
        Refusal::Ebcdic => &EBCDIC,
    }
}
