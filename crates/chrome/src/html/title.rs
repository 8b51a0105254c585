//! The document's title.

use crate::edit::Replacement;

use super::page::Stream;
use super::reference;
use super::scanner::Run;

/// The title a page gives itself: that for social networks where there is one, as it goes without the site's name;
/// else the main heading, where the document's title repeats it; else the document's title.
pub(crate) fn title(source: &str, stream: &Stream, headline: Option<&str>) -> Option<String> {
    let social = decode(source, stream.open_graph_title);
    let document = decode(source, stream.title);
    match (social, document, headline) {
        (_, Some(document), Some(headline)) if document.contains(headline) => Some(headline.to_owned()),
        (Some(social), _, _) => Some(social),
        (None, Some(document), _) => Some(document),
        (None, None, headline) => headline.map(str::to_owned),
    }
}

/// The text of a run, references decoded and white space collapsed; `None` when nothing is left.
pub(crate) fn decode(source: &str, run: Run) -> Option<String> {
    let mut text = String::new();
    append(source, run, &mut text);
    let length = text.trim_end().len();
    text.truncate(length);
    (!text.is_empty()).then_some(text)
}

/// Appends the decoded text of a run: white space becomes one space, none at the start.
pub(crate) fn append(source: &str, run: Run, text: &mut String) {
    let mut rest = source.get(run.start as usize..run.end as usize).unwrap_or_default();
    while let Some(first) = rest.chars().next() {
        let reference = if first == '&' { reference::read(rest.as_bytes()) } else { None };
        let length = if let Some(found) = reference {
            match found.stands_for {
                Replacement::Text(with) => with.chars().for_each(|character| push(text, character)),
                Replacement::Char(with) => push(text, with),
                Replacement::Nothing => {}
            }
            found.length
        } else {
            push(text, first);
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn push(text: &mut String, character: char) {
    if !character.is_whitespace() {
        text.push(character);
    } else if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}
