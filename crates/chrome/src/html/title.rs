//! The document's title.

use crate::edit::Replacement;

use super::page::Stream;
use super::reference;
use super::scanner::Run;

/// The title a page gives itself: the main heading, where the document's title repeats it; else that for social
/// networks, as it goes without the site's name; else the headline of its JSON-LD; else the document's title.
pub(crate) fn title(source: &str, stream: &Stream, headline: Option<(&str, Run)>) -> Option<(String, Run)> {
    let found = |run: Run| decode(source, run).map(|text| (text, run));
    let document = found(stream.title);
    if let (Some((document, _)), Some((headline, run))) = (&document, headline)
        && document.contains(headline)
    {
        return Some((headline.to_owned(), run));
    }
    let linked = || {
        let run = stream.linked_data.article.headline;
        super::told::unescape(source, run).map(|text| (text, run))
    };
    decode_attribute(source, stream.declared.title)
        .map(|text| (text, stream.declared.title))
        .or_else(linked)
        .or(document)
        .or_else(|| headline.map(|(text, run)| (text.to_owned(), run)))
}

/// The value of an attribute, references decoded and white space collapsed; `None` when nothing is left.
pub(crate) fn decode_attribute(source: &str, run: Run) -> Option<String> {
    decode_by(source, run, reference::read_in_attribute)
}

/// The text of a run, references decoded and white space collapsed; `None` when nothing is left.
pub(crate) fn decode(source: &str, run: Run) -> Option<String> {
    decode_by(source, run, reference::read)
}

fn decode_by(source: &str, run: Run, read: fn(&[u8]) -> Option<reference::Reference>) -> Option<String> {
    let mut text = String::with_capacity(run.of(source.as_bytes()).len());
    append_by(source, run, read, &mut text);
    let length = text.trim_end().len();
    text.truncate(length);
    (!text.is_empty()).then_some(text)
}

/// Appends the decoded text of a run: white space becomes one space, none at the start.
pub(crate) fn append(source: &str, run: Run, text: &mut String) {
    append_by(source, run, reference::read, text);
}

fn append_by(source: &str, run: Run, read: fn(&[u8]) -> Option<reference::Reference>, text: &mut String) {
    let mut rest = source.get(run.start as usize..run.end as usize).unwrap_or_default();
    while let Some(first) = rest.chars().next() {
        let reference = if first == '&' { read(rest.as_bytes()) } else { None };
        let length = if let Some(found) = reference {
            match found.stands_for {
                Replacement::Text(with) => with.chars().for_each(|character| push(text, character)),
                Replacement::Char(with) => push(text, with),
                _ => {}
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

/// All of a text with its references decoded.
#[cfg(test)]
pub(crate) fn decoded(text: &str, read: fn(&[u8]) -> Option<reference::Reference>) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = if first == '&' { read(rest.as_bytes()) } else { None };
        let length = if let Some(found) = found {
            decoded.push_str(found.stands_for.text("", &mut [0; 4]));
            found.length
        } else {
            decoded.push(first);
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    decoded
}
