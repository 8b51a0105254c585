//! Normalisation as a stage of a pipeline.

use tamis_core::{About, Claims, Editor, Scratch, Stage, StageError, StageKind, StageSpec, Verdict, View};

use crate::edits::Edits;
use crate::normaliser::normalise;
use crate::options::Options;
use crate::rules::RULES;

/// What the stage is.
pub static SPEC: StageSpec = StageSpec {
    name: "normalise-unicode",
    summary: "composes letters, cleans lines and spaces, removes invisible characters",
    version: 1,
    kind: StageKind::Edit,
    claims: Claims { idempotent: true, only_shrinks: false },
    rules: RULES,
    about: About {
        why: "the same word must be the same characters: search, counts and comparison see characters, not what they look like",
        since: "0.1.0",
        before: "L’e\u{301}te\u{301} fut\u{a0}long.\r\n\r\n\r\nL’hiver fut court.",
        after: "L’été fut long.\nL’hiver fut court.",
    },
};

/// The stage `normalise-unicode`.
#[derive(Debug, Clone, Default)]
pub struct NormaliseUnicode {
    options: Options,
}

impl NormaliseUnicode {
    /// The stage with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Stage for NormaliseUnicode {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn apply(
        &self,
        view: View<'_>,
        editor: &mut Editor<'_>,
        scratch: &mut Scratch,
    ) -> Result<Verdict, StageError> {
        let edits = scratch.of::<Edits>();
        normalise(view.text, &self.options, edits);
        for (edit, replacement) in edits.iter() {
            editor.edit(edit.span, replacement, edit.rule, None)?;
        }
        Ok(Verdict::Keep)
    }
}
