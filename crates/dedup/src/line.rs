//! Lines and sites: what repeated paragraphs are counted by.

use tamis_span::Span;
use xxhash_rust::xxh3::xxh3_64;

use crate::fold::Words;

/// A line of a document that is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Of its folded words, or of the trimmed line where it has none.
    pub(crate) hash: u64,
    /// With its line break, so that removing it glues nothing together. A last line without a break takes none.
    pub(crate) span: Span,
}

/// The lines of a text that are not blank, from its folded words.
pub(crate) fn find(text: &str, words: &Words, lines: &mut Vec<Line>) {
    let (mut at, mut start) = (0, 0);
    for (line_end, end) in words.breaks.iter().zip(&words.lines) {
        let folded = words.bytes.get(start..*end as usize).unwrap_or_default();
        let whole = at..*line_end as usize;
        (at, start) = (whole.end, *end as usize);
        let hash = if folded.is_empty() {
            let line = text.get(whole.clone()).unwrap_or_default().trim();
            (!line.is_empty()).then(|| xxh3_64(line.as_bytes()))
        } else {
            Some(xxh3_64(folded))
        };
        lines.extend(hash.map(|hash| Line { hash, span: Span::of(whole.start, whole.end) }));
    }
}

/// A hash of the document's site: the host of its address, else the top folder of its source; 0 for neither.
///
/// `www.example.fr` and `example.fr` are one site, `news.example.fr` is another: registrable domains would need the
/// Public Suffix List, and pages of one host share their frame anyway.
pub(crate) fn site(url: Option<&str>, source: &str) -> u64 {
    let host = url.and_then(host).map(str::to_ascii_lowercase);
    let name = match &host {
        Some(host) => host.strip_prefix("www.").unwrap_or(host),
        None => source.split_once('/').map_or("", |(folder, _)| folder),
    };
    if name.is_empty() { 0 } else { xxh3_64(name.as_bytes()).max(1) }
}

/// The host of an address: what stands between the scheme (and credentials) and the path or port.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_addresses() {
        assert_eq!(host("https://www.example.fr/a?b"), Some("www.example.fr"));
        assert_eq!(host("//example.fr:8080/a"), Some("example.fr"));
        assert_eq!(host("http://me:secret@example.fr"), Some("example.fr"));
        assert_eq!(host("https:///path"), None);
    }

    #[test]
    fn a_site_is_a_host_or_a_folder() {
        assert_eq!(site(Some("https://www.Example.fr/a"), "x/1"), site(Some("http://example.fr/b?c"), "y/2"));
        assert_ne!(site(Some("https://example.fr/"), "x/1"), site(None, "x/1"));
        assert_eq!(site(None, "le-courrier/2024/a.txt"), site(None, "le-courrier/b.txt"));
        assert_eq!(site(None, "a.txt"), 0);
        assert_eq!(site(None, ""), 0);
    }
}
