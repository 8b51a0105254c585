//! The stage `split-sentences`.

use std::collections::BTreeMap;

use tamis_core::{About, Claims, Editor, Scratch, Stage, StageError, StageKind, StageSpec, Verdict, View};

use crate::languages;
use crate::{Headings, Options, Splitter};

/// What the stage is.
pub static SPEC: StageSpec = StageSpec {
    name: "split-sentences",
    summary: "notes where each sentence starts and ends",
    version: 1,
    kind: StageKind::Annotate,
    claims: Claims { idempotent: true, only_shrinks: true },
    rules: &[],
    about: About {
        why: "sentences are what is trained on, quoted and checked, and a full stop alone does not end one",
        since: "0.1.0",
        before: "M. Duval a dit oui. Il part demain.",
        after: "[M. Duval a dit oui.] [Il part demain.]",
    },
};

/// Notes the sentences of a document, in the language detected, else hinted, else by the rules that need no words.
///
/// The text is left as it is.
#[derive(Debug, Clone, Default)]
pub struct SplitSentences {
    /// Splitters of languages with words of their own in the options, by the code of their table.
    own: BTreeMap<String, Splitter>,
    headings: Headings,
}

impl SplitSentences {
    /// The stage with these options.
    pub fn new(options: &Options) -> Self {
        let mut stage = Self { own: BTreeMap::new(), headings: options.headings };
        for (code, words) in &options.abbreviations {
            stage.change(code.as_str(), |splitter| splitter.with_abbreviations(words));
        }
        for (code, words) in &options.starters {
            stage.change(code.as_str(), |splitter| splitter.with_starters(words));
        }
        stage
    }

    fn change(&mut self, code: &str, change: impl FnOnce(Splitter) -> Splitter) {
        let table = languages::table(code);
        let splitter = self.own.remove(table).unwrap_or_else(|| self.plain(code));
        self.own.insert(table.to_owned(), change(splitter));
    }

    fn plain(&self, language: &str) -> Splitter {
        match self.headings {
            Headings::Split => Splitter::new(language),
            Headings::Join => Splitter::new(language).joining_lines(),
        }
    }
}

impl Stage for SplitSentences {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn apply(&self, view: View<'_>, editor: &mut Editor<'_>, _: &mut Scratch) -> Result<Verdict, StageError> {
        let plain;
        let splitter = if let Some(own) = self.own.get(languages::table(view.language())) {
            own
        } else {
            plain = self.plain(view.language());
            &plain
        };
        for span in splitter.split(view.text) {
            editor.sentence(span);
        }
        Ok(Verdict::Keep)
    }
}
