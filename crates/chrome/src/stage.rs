//! The stage `strip-chrome`.

use tamis_core::{
    About, Claims, Editor, Format, Scratch as Buffers, Span, Stage, StageError, StageKind, StageSpec,
    Verdict, View,
};

use crate::{Options, RULES, Scratch, Stripped, looks_like_html, strip_html, strip_text};

/// What the stage is.
pub static SPEC: StageSpec = StageSpec {
    name: "strip-chrome",
    summary: "removes markup, navigation, teasers, forms and notices around an article",
    version: 1,
    kind: StageKind::Edit,
    // `&nGt;` is shorter than the two characters it stands for, and `&lt;p>` is a tag the second time.
    claims: Claims { idempotent: false, only_shrinks: false },
    rules: RULES,
    about: About {
        why: "menus, teasers and forms stand on every page of a site; left in, they are most of what a model or a count sees",
        since: "0.1.0",
        before: "<p>A caf&eacute; on the quay.</p>",
        after: "A café on the quay.",
    },
};

/// Strips web chrome from HTML and from text.
///
/// A document declared as HTML is read as HTML, one declared as text as text; what is not declared is looked at.
/// The page's title is noted.
#[derive(Debug, Clone, Default)]
pub struct StripChrome {
    options: Options,
}

impl StripChrome {
    /// The stage with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Stage for StripChrome {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn apply(
        &self,
        view: View<'_>,
        editor: &mut Editor<'_>,
        buffers: &mut Buffers,
    ) -> Result<Verdict, StageError> {
        let scratch = buffers.of::<Scratch>();
        let is_html = match view.metadata.format {
            Format::Html => view.text.contains('<'),
            Format::Text | Format::Unknown => looks_like_html(view.text),
        };
        let stripped = if is_html {
            strip_html(view.text, &self.options, scratch)
        } else {
            strip_text(view.text, &self.options, scratch)
        };
        write(&stripped, view, editor)?;
        scratch.reuse(stripped);
        Ok(Verdict::Keep)
    }
}

fn write(stripped: &Stripped, view: View<'_>, editor: &mut Editor<'_>) -> Result<(), StageError> {
    let mut buffer = [0; 4];
    for edit in &stripped.edits {
        let replacement = edit.replacement.text(&stripped.written, &mut buffer);
        let score = (edit.score != 0).then_some(edit.score);
        editor.edit(Span::of(edit.start as usize, edit.end as usize), replacement, edit.rule, score)?;
    }
    if let Some(title) = &stripped.title {
        editor.title(title);
    }
    for told in &stripped.told {
        let span = Span::of(told.start as usize, told.end as usize);
        if let Some(raw) = view.map.raw_span(view.text, span) {
            editor.tell(told.field, &told.value, raw);
        }
    }
    Ok(())
}
