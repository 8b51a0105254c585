//! What a page's JSON-LD tells of its article.
//!
//! A scanner of its own rather than a JSON parser: it gives spans of the source, it goes on where a template wrote a
//! trailing comma or a line feed inside a string (parsers refuse about one page in a hundred for that), and it neither
//! recurses nor builds values. Every byte is looked at once.
//!
//! Vocabulary: <https://schema.org/Article>. `@graph` is read like any other list; an author or publisher that is told
//! by reference (`{"@id": "#ada"}`) is looked up among the persons and organizations of the page.

use memchr::memchr2;

use super::scanner::Run;

/// Values nested deeper than this are passed over.
const DEPTH_CAP: usize = 32;

/// No page names more authors that a reader would call authors.
pub(crate) const AUTHORS: usize = 4;

/// How many persons and organizations are remembered to look references up.
const NAMED_CAP: usize = 64;

/// Spans of the contents of JSON strings, escapes and all; empty where the page tells nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Article {
    pub(crate) headline: Run,
    pub(crate) authors: [Run; AUTHORS],
    pub(crate) published: Run,
    pub(crate) publisher: Run,
    pub(crate) body: Run,
    pub(crate) url: Run,
}

/// Reads the scripts of one page.
#[derive(Debug, Default)]
pub(crate) struct LinkedData {
    /// The article with the longest body; the first among equals.
    pub(crate) article: Article,
    found: bool,
    /// Persons and organizations: identifier and name.
    named: Vec<(Run, Run)>,
    stack: Vec<Frame>,
}

/// What a value is to the object it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Key {
    #[default]
    Other,
    Type,
    Id,
    Name,
    Headline,
    Author,
    Published,
    Publisher,
    Body,
    Url,
    Page,
}

impl Key {
    fn of(name: &[u8]) -> Self {
        match name {
            b"@type" => Self::Type,
            b"@id" => Self::Id,
            b"name" => Self::Name,
            b"headline" => Self::Headline,
            b"author" | b"creator" => Self::Author,
            b"datePublished" => Self::Published,
            b"publisher" => Self::Publisher,
            b"articleBody" => Self::Body,
            b"url" => Self::Url,
            b"mainEntityOfPage" => Self::Page,
            _ => Self::Other,
        }
    }
}

/// An object or list that is still open.
#[derive(Debug, Clone, Copy, Default)]
struct Frame {
    is_list: bool,
    /// What it is to the object around it.
    role: Key,
    /// The key that was read last: what the next value is.
    key: Key,
    /// The next string is a key.
    key_due: bool,
    is_article: bool,
    id: Run,
    name: Run,
    article: Article,
}

fn first(slot: &mut Run, value: Run) {
    if slot.is_empty() {
        *slot = value;
    }
}

fn push_author(article: &mut Article, name: Run) {
    if let Some(free) = article.authors.iter_mut().find(|slot| slot.is_empty()) {
        *free = name;
    }
}

impl LinkedData {
    /// Forgets the page and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.article = Article::default();
        self.found = false;
        self.named.clear();
        self.stack.clear();
    }

    /// Reads one script, `span` of `source`.
    pub(crate) fn read(&mut self, source: &[u8], span: Run) {
        self.stack.clear();
        let (mut at, end) = (span.start as usize, span.end as usize);
        let mut beyond = 0_usize;
        while at < end {
            let Some(byte) = source.get(at).copied() else { break };
            at += 1;
            match byte {
                b'{' | b'[' if beyond > 0 || self.stack.len() >= DEPTH_CAP => beyond += 1,
                b'}' | b']' if beyond > 0 => beyond -= 1,
                b'{' | b'[' => {
                    let role = self
                        .stack
                        .last()
                        .map_or(Key::Other, |frame| if frame.is_list { frame.role } else { frame.key });
                    self.stack.push(Frame {
                        is_list: byte == b'[',
                        role,
                        key_due: byte == b'{',
                        ..Frame::default()
                    });
                }
                b'}' | b']' => {
                    if let Some(closed) = self.stack.pop() {
                        self.close(source, closed);
                    }
                }
                b'"' => {
                    let start = at;
                    at = string_end(source, at, end);
                    let value = Run::new(start, at);
                    at += 1;
                    if beyond == 0 {
                        self.string(source, value);
                    }
                }
                b':' => {
                    if let Some(frame) = self.stack.last_mut() {
                        frame.key_due = false;
                    }
                }
                b',' if beyond == 0 => {
                    if let Some(frame) = self.stack.last_mut() {
                        frame.key_due = !frame.is_list;
                    }
                }
                _ => {}
            }
        }
        // A script that breaks off tells what it told.
        while let Some(open) = self.stack.pop() {
            self.close(source, open);
        }
    }

    fn string(&mut self, source: &[u8], value: Run) {
        let Some(frame) = self.stack.last_mut() else { return };
        if frame.key_due {
            frame.key = Key::of(value.of(source));
            return;
        }
        let role = if frame.is_list { frame.role } else { frame.key };
        let Some(object) = self.stack.iter_mut().rev().find(|frame| !frame.is_list) else { return };
        match role {
            Key::Type => {
                let name = value.of(source);
                object.is_article |= name.ends_with(b"Article") || name.ends_with(b"BlogPosting");
            }
            Key::Id => first(&mut object.id, value),
            Key::Name => first(&mut object.name, value),
            Key::Headline => first(&mut object.article.headline, value),
            Key::Author => push_author(&mut object.article, value),
            Key::Published => first(&mut object.article.published, value),
            Key::Publisher => first(&mut object.article.publisher, value),
            Key::Body => first(&mut object.article.body, value),
            Key::Url | Key::Page => first(&mut object.article.url, value),
            Key::Other => {}
        }
    }

    /// Hands what an object told to the object it stands in, or to the page.
    fn close(&mut self, source: &[u8], closed: Frame) {
        if closed.is_list {
            return;
        }
        if !closed.id.is_empty() && !closed.name.is_empty() && self.named.len() < NAMED_CAP {
            self.named.push((closed.id, closed.name));
        }
        // A reference is kept as such and looked up at the end: what it means may stand further down.
        let told = if closed.name.is_empty() { closed.id } else { closed.name };
        if let Some(object) = self.stack.iter_mut().rev().find(|frame| !frame.is_list) {
            match closed.role {
                Key::Author if !told.is_empty() => push_author(&mut object.article, told),
                Key::Publisher => first(&mut object.article.publisher, told),
                Key::Page => first(&mut object.article.url, closed.id),
                _ => {}
            }
        }
        if closed.is_article {
            let mut article = closed.article;
            first(&mut article.headline, closed.name);
            let longer = article.body.of(source).len() > self.article.body.of(source).len();
            if !self.found || longer {
                self.found = true;
                self.article = article;
            }
        }
    }

    /// Looks up who is told by reference; what is not found is dropped.
    pub(crate) fn resolve(&mut self, source: &[u8]) {
        let named = &self.named;
        let look_up = |slot: &mut Run| {
            let told = slot.of(source);
            if let Some((_, name)) = named.iter().find(|(id, _)| id.of(source) == told) {
                *slot = *name;
            } else if told.starts_with(b"http") || told.starts_with(b"#") || told.starts_with(b"/") {
                *slot = Run::default();
            }
        };
        self.article.authors.iter_mut().for_each(look_up);
        look_up(&mut self.article.publisher);
    }
}

/// Where a string that starts at `at` ends: its quote, or the end of the script.
pub(crate) fn string_end(source: &[u8], mut at: usize, end: usize) -> usize {
    while let Some(found) = source.get(at..end).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if source.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    end
}

/// A JSON escape, read at its `\`: its length in bytes and the character it stands for.
///
/// Standard: RFC 8259, section 7. A lone surrogate stands for U+FFFD; a backslash before anything else for what
/// follows it.
pub(crate) fn read_escape(text: &[u8]) -> Option<(usize, char)> {
    let character = match text.get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        byte @ (b'"' | b'\\' | b'/' | b'\'') => char::from(*byte),
        b'u' => {
            let first = hexadecimal(text.get(2..6)?)?;
            if (0xd800..0xdc00).contains(&first)
                && text.get(6..8) == Some(b"\\u")
                && let Some(second) = text.get(8..12).and_then(hexadecimal)
                && (0xdc00..0xe000).contains(&second)
            {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Some((12, char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            return Some((6, char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)));
        }
        _ => return None,
    };
    Some((2, character))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |code, byte| Some(code * 16 + char::from(*byte).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(script: &str) -> (String, Vec<String>, String, String, String) {
        let source = script.as_bytes();
        let mut data = LinkedData::default();
        data.read(source, Run::new(0, source.len()));
        data.resolve(source);
        let of = |run: Run| String::from_utf8_lossy(run.of(source)).into_owned();
        let article = data.article;
        let authors = article.authors.iter().filter(|run| !run.is_empty()).map(|run| of(*run)).collect();
        (of(article.headline), authors, of(article.published), of(article.publisher), of(article.body))
    }

    #[test]
    fn an_article_is_found_wherever_it_stands() {
        let article = r#"{"author": [{"@type": "Person", "name": "Ada Quay"}, "Bob Pier"], "headline": "The \"quay\"",
            "@type": ["Thing", "NewsArticle"], "publisher": {"name": "The Gazette", "logo": {"name": "logo"}},
            "datePublished": "2024-03-01", "articleBody": "One.\nTwo."}"#;
        let expected = (
            r#"The \"quay\""#.to_owned(),
            vec!["Ada Quay".to_owned(), "Bob Pier".to_owned()],
            "2024-03-01".to_owned(),
            "The Gazette".to_owned(),
            r"One.\nTwo.".to_owned(),
        );
        assert_eq!(read(article), expected);
        assert_eq!(read(&format!("[{{\"@type\": \"WebSite\", \"name\": \"x\"}}, {article}]")), expected);
        assert_eq!(read(&format!("{{\"@graph\": [{article},], \"x\": null}}")), expected);
        assert_eq!(read(&format!("/* <![CDATA[ */ {article} /* ]]> */")), expected);
    }

    #[test]
    fn references_are_looked_up() {
        let graph = r##"{"@graph": [{"@type": "Article", "headline": "H", "author": {"@id": "#ada"}, "publisher": {"@id": "#none"}},
            {"@id": "#ada", "@type": "Person", "name": "Ada"}]}"##;
        let (headline, authors, _, publisher, _) = read(graph);
        assert_eq!((headline.as_str(), authors, publisher.as_str()), ("H", vec!["Ada".to_owned()], ""));
    }

    #[test]
    fn what_is_broken_tells_what_it_can() {
        assert_eq!(read(r#"{"@type": "Article", "headline": "A line"#).0, "A line");
        assert_eq!(read("{\"@type\": \"Article\", \"articleBody\": \"One\nTwo\" \"headline\"").4, "One\nTwo");
        for broken in
            ["", "{", "}", "]]]", "\"", "{\"a\":}", "\\", "{\"@type\":\"Article\",\"author\":[[[[{\"name\":"]
        {
            read(broken);
        }
        let deep = "[".repeat(100_000) + "{\"@type\": \"Article\", \"headline\": \"x\"}";
        assert_eq!(read(&deep).0, "");
    }

    #[test]
    fn escapes_stand_for_characters() {
        let of = |text: &str| read_escape(text.as_bytes());
        assert_eq!(of(r"\n"), Some((2, '\n')));
        assert_eq!(of(r"\u00e9x"), Some((6, 'é')));
        assert_eq!(of(r"\ud83d\ude00"), Some((12, '😀')));
        assert_eq!(of(r"\ud83dx"), Some((6, '\u{fffd}')));
        assert_eq!(of(r"\u00g9"), None);
        assert_eq!(of(r"\x"), None);
        assert_eq!(of(r"\"), None);
    }
}
