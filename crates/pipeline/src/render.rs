//! Diagnostics for people and for machines.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

use crate::Diagnostic;

/// Draws diagnostics with the lines they are about; coloured when `colour` is set.
pub fn render(path: &str, text: &str, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let drawn = diagnostics.iter().map(|diagnostic| {
        let span = placed(text, diagnostic);
        let snippet = Snippet::source(text).path(path).fold(true);
        let title = Level::ERROR.primary_title(diagnostic.message.as_str());
        let mut group = title.element(snippet.annotation(AnnotationKind::Primary.span(span)));
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    });
    drawn.collect::<Vec<_>>().join("\n\n")
}

/// Diagnostics as one JSON object a line: message, line and column from 1, byte range, help.
pub fn render_json(path: &str, text: &str, diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|diagnostic| {
        let span = placed(text, diagnostic);
        let before = text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let told = json!({
            "path": path, "message": diagnostic.message, "line": line, "column": column,
            "start": span.start, "end": span.end, "help": diagnostic.help,
        });
        told.to_string() + "\n"
    });
    lines.collect()
}

/// The span, moved into the text and onto character boundaries.
fn placed(text: &str, diagnostic: &Diagnostic) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(diagnostic.span.start);
    let end = text.ceil_char_boundary(diagnostic.span.end.max(start));
    start..end
}
