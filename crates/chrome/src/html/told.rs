//! What a page says of itself: title, author, date, site, address.
//!
//! Read from JSON-LD, from `meta` and `link` elements and from microdata, in this order of trust except for the title,
//! where the page's own heading comes first. Every value has the span of the source it was read from.
//!
//! Vocabularies: <https://schema.org/Article>, <https://ogp.me>, Dublin Core (`dc.…`), Highwire Press (`citation_…`).

use tamis_core::PageField;

use crate::edit::Told;

use super::linked_data::read_escape;
use super::page::Stream;
use super::scanner::Run;
use super::stream::Reader;
use super::tag::Tag;
use super::title::{append, decode, decode_attribute, title};

/// No author's name is longer, in bytes; what is longer is a biography.
const LONGEST_AUTHOR: usize = 200;

/// Values of attributes, as spans of the source; empty where the page has none.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    pub(crate) title: Run,
    author: Run,
    published: Run,
    site: Run,
    canonical: Run,
    open_graph_url: Run,
    time: Run,
    /// The first element that says it holds the author's name.
    author_element: Option<u32>,
}

fn first(slot: &mut Run, value: Run) {
    if slot.is_empty() {
        *slot = value;
    }
}

impl Reader<'_, '_> {
    /// A `meta` element.
    pub(super) fn meta(&mut self) {
        let attributes = &self.scanner.attributes;
        let source = self.source.as_bytes();
        let content = attributes.content;
        if content.is_empty() {
            return;
        }
        for name in [attributes.property, attributes.name, attributes.itemprop] {
            let mut lower = [0; 32];
            let name = name.of(source);
            let Some(lower) = lower.get_mut(..name.len()).filter(|lower| !lower.is_empty()) else { continue };
            lower.copy_from_slice(name);
            lower.make_ascii_lowercase();
            let declared = &mut self.stream.declared;
            match &*lower {
                b"og:type" => {
                    let kind = content.of(source);
                    let article = kind.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"article"));
                    self.stream.article |= article;
                    self.stream.not_article |= !article;
                }
                b"og:title" => first(&mut declared.title, content),
                b"citation_title" => self.stream.article = true,
                b"article:published_time" | b"pubdate" => {
                    first(&mut declared.published, content);
                    self.stream.article = true;
                }
                b"datepublished"
                | b"date"
                | b"dc.date"
                | b"dc.date.issued"
                | b"dcterms.created"
                | b"parsely-pub-date"
                | b"sailthru.date"
                | b"citation_publication_date"
                | b"citation_date"
                | b"og:published_time"
                | b"publish-date"
                | b"publication_date" => {
                    first(&mut declared.published, content);
                }
                b"author" | b"article:author" | b"dc.creator" | b"dcterms.creator" | b"parsely-author"
                | b"sailthru.author" | b"citation_author" | b"byl"
                    if !content.of(source).starts_with(b"http") =>
                {
                    first(&mut declared.author, content);
                }
                b"og:site_name" | b"application-name" => first(&mut declared.site, content),
                b"og:url" => first(&mut declared.open_graph_url, content),
                _ => {}
            }
        }
    }

    /// Takes note of an element that tells the canonical address, a date, or the author.
    pub(super) fn note(&mut self, tag: Tag) {
        let attributes = &self.scanner.attributes;
        let source = self.source.as_bytes();
        let declared = &mut self.stream.declared;
        match tag {
            Tag::Link if attributes.rel.of(source).eq_ignore_ascii_case(b"canonical") => {
                first(&mut declared.canonical, attributes.href.unwrap_or_default());
            }
            Tag::Time if attributes.itemprop.of(source).eq_ignore_ascii_case(b"datePublished") => {
                declared.time = attributes.datetime;
            }
            Tag::Time => first(&mut declared.time, attributes.datetime),
            _ => {
                let says = |run: Run| run.of(source).eq_ignore_ascii_case(b"author");
                if declared.author_element.is_none() && (says(attributes.itemprop) || says(attributes.rel)) {
                    declared.author_element = Some(self.stream.elements.len() as u32);
                }
            }
        }
    }
}

/// Adds all that the page tells, by field.
pub(crate) fn tell(source: &str, stream: &Stream, headline: Option<(&str, Run)>, all: &mut Vec<Told>) {
    let mut tell = |field, found: Option<(String, Run)>| {
        if let Some((value, span)) = found {
            all.push(Told { field, value, start: span.start, end: span.end });
        }
    };
    let declared = &stream.declared;
    let linked = &stream.linked_data.article;
    let plain = |run: Run| decode_attribute(source, run).map(|value| (trimmed(value), run));
    let json = |run: Run| unescape(source, run).map(|value| (value, run));
    tell(PageField::Title, title(source, stream, headline));
    tell(
        PageField::Author,
        authors(source, &linked.authors)
            .or_else(|| plain(declared.author))
            .or_else(|| declared.author_element.and_then(|element| text_of(source, stream, element)))
            .filter(|(name, _)| name.len() <= LONGEST_AUTHOR && name.contains(char::is_alphabetic)),
    );
    let is_date =
        |(value, _): &(String, Run)| value.len() <= 64 && value.contains(|c: char| c.is_ascii_digit());
    tell(
        PageField::Published,
        json(linked.published)
            .filter(is_date)
            .or_else(|| plain(declared.published).filter(is_date))
            .or_else(|| plain(declared.time).filter(is_date)),
    );
    tell(PageField::Site, plain(declared.site).or_else(|| json(linked.publisher)));
    let is_address =
        |(value, _): &(String, Run)| value.starts_with("https://") || value.starts_with("http://");
    tell(
        PageField::CanonicalUrl,
        plain(declared.canonical)
            .filter(is_address)
            .or_else(|| plain(declared.open_graph_url).filter(is_address))
            .or_else(|| json(linked.url).filter(is_address)),
    );
}

/// Without the marks that templates leave at the end of a list.
fn trimmed(mut value: String) -> String {
    value.truncate(value.trim_end_matches([',', ';', '|', ' ']).len());
    value
}

/// The names, joined; the span reaches from the first to the last.
fn authors(source: &str, runs: &[Run]) -> Option<(String, Run)> {
    let mut names: Vec<String> = Vec::new();
    let mut span: Option<Run> = None;
    for run in runs.iter().filter(|run| !run.is_empty()) {
        let Some(name) = unescape(source, *run).map(trimmed) else { continue };
        if name.starts_with("http") || names.contains(&name) {
            continue;
        }
        names.push(name);
        let around = span.get_or_insert(*run);
        *around = Run { start: around.start.min(run.start), end: around.end.max(run.end) };
    }
    Some((names.join(", "), span?))
}

/// The text of an element.
fn text_of(source: &str, stream: &Stream, element: u32) -> Option<(String, Run)> {
    let end = stream.element(element).end;
    let inside = |run: &&super::page::TextRun| run.element >= element && run.element < end;
    let mut text = String::new();
    let mut span: Option<Run> = None;
    for run in stream.runs.iter().filter(inside) {
        append(source, run.span, &mut text);
        span.get_or_insert(run.span).end = run.span.end;
        if text.len() > LONGEST_AUTHOR {
            return None;
        }
    }
    text.truncate(text.trim_end().len());
    Some((text, span?)).filter(|(text, _)| !text.is_empty())
}

/// The text of a JSON string: escapes and then references decoded (templates write `&quot;` in JSON too), white space
/// collapsed.
pub(super) fn unescape(source: &str, run: Run) -> Option<String> {
    let mut rest = source.get(run.start as usize..run.end as usize)?;
    if !rest.contains('\\') {
        return decode(source, run);
    }
    let mut text = String::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        let escape = if first == '\\' { read_escape(rest.as_bytes()) } else { None };
        let (length, character) = escape.unwrap_or((first.len_utf8(), first));
        text.push(character);
        rest = rest.get(length..).unwrap_or_default();
    }
    decode(&text, Run::new(0, text.len()))
}
