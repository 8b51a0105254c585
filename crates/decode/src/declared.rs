//! What a document says about its own encoding.
//!
//! HTML: the WHATWG standard's "prescan a byte stream to determine its encoding", over the first 1024 bytes. XML: the
//! declaration's `encoding`. Both only where the bytes look like markup.

use memchr::{memchr, memmem};

use crate::charset::{Charset, Wide};

const PRESCANNED: usize = 1024;

/// What is declared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) known: Option<Charset>,
    /// A label is declared that names no encoding.
    pub(crate) unknown: bool,
}

impl Declared {
    /// What a label declares.
    pub(crate) fn label(label: &[u8]) -> Self {
        let label = label.trim_ascii();
        let known = std::str::from_utf8(label).ok().and_then(Charset::for_label);
        Self { known, unknown: known.is_none() && !label.is_empty() }
    }

    /// This, or the other where this names no encoding.
    pub(crate) fn or(self, other: Self) -> Self {
        let known = self.known.or(other.known);
        Self { known, unknown: known.is_none() && (self.unknown || other.unknown) }
    }
}

/// The encoding that the document's markup declares.
pub(crate) fn in_markup(raw: &[u8]) -> Declared {
    let head = raw.get(..PRESCANNED.min(raw.len())).unwrap_or(raw);
    // Markup starts with a tag, perhaps after a few words of a broken template.
    if memchr(b'<', head).is_none() {
        return Declared::default();
    }
    let xml = xml_declaration(head).map_or(Declared::default(), label);
    if xml.known.is_some() {
        return xml;
    }
    let mut unknown = false;
    let known = prescan(head, &mut unknown);
    Declared { known, unknown: known.is_none() && unknown }.or(xml)
}

/// The label of an XML declaration.
fn xml_declaration(head: &[u8]) -> Option<&[u8]> {
    let body = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let body = body.get(..memmem::find(body, b"?>")?)?;
    let after = body
        .get(memmem::find(body, b"encoding")? + 8..)?
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (&quote, value) = after.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    value.get(..memchr(quote, value)?)
}

/// A label as the prescan understands it: bytes that could be scanned cannot be UTF-16.
fn label(label: &[u8]) -> Declared {
    let declared = Declared::label(label);
    match declared.known {
        Some(Charset::Wide(Wide::Utf16Le | Wide::Utf16Be)) => {
            Declared { known: Some(Charset::Utf8), ..declared }
        }
        _ => declared,
    }
}

/// The encoding of the first `meta` element that names a known one. Notes whether one names an unknown one.
fn prescan(head: &[u8], unknown: &mut bool) -> Option<Charset> {
    let mut rest = head;
    while let Some(at) = memchr(b'<', rest) {
        rest = rest.get(at..)?;
        if rest.starts_with(b"<!--") {
            // The standard lets `<!-->` close at once: the two hyphens may be the opening ones.
            rest = rest.get(memmem::find(rest.get(2..)?, b"-->")? + 5..)?;
            continue;
        }
        let is_meta = rest.get(1..5).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
            && rest.get(5).is_some_and(|byte| is_space(*byte) || *byte == b'/');
        if is_meta {
            let mut attributes = Attributes { rest: rest.get(5..)? };
            let declared = meta(&mut attributes);
            *unknown |= declared.unknown;
            if declared.known.is_some() {
                return declared.known;
            }
            rest = attributes.rest;
        } else if rest.get(1).is_some_and(u8::is_ascii_alphabetic)
            || rest.get(1) == Some(&b'/') && rest.get(2).is_some_and(u8::is_ascii_alphabetic)
        {
            let name_end = rest.iter().position(|&byte| is_space(byte) || byte == b'>')?;
            let mut attributes = Attributes { rest: rest.get(name_end..)? };
            while attributes.next().is_some() {}
            rest = attributes.rest;
        } else if matches!(rest.get(1), Some(b'!' | b'/' | b'?')) {
            rest = rest.get(memchr(b'>', rest)? + 1..)?;
        } else {
            rest = rest.get(1..)?;
        }
    }
    None
}

fn meta(attributes: &mut Attributes<'_>) -> Declared {
    let (mut pragma, mut by_pragma, mut by_charset) = (None, None, None);
    // Of an attribute that is told twice the first one counts.
    for (name, value) in attributes.by_ref() {
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        if is(b"http-equiv") && pragma.is_none() {
            pragma = Some(value.eq_ignore_ascii_case(b"content-type"));
        } else if is(b"content") && by_pragma.is_none() {
            by_pragma = Some(charset_of_content(value).map(label));
        } else if is(b"charset") && by_charset.is_none() {
            by_charset = Some(label(value));
        }
    }
    // A charset attribute decides, even when its label is unknown; a content attribute needs its pragma.
    by_charset.or(by_pragma.flatten().filter(|_| pragma == Some(true))).unwrap_or_default()
}

/// The label in `text/html; charset=…`.
fn charset_of_content(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        rest = rest.get(rest.windows(7).position(|word| word.eq_ignore_ascii_case(b"charset"))? + 7..)?;
        let after = rest.trim_ascii_start();
        let Some(value) = after.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        return match value.split_first()? {
            (&quote @ (b'"' | b'\''), quoted) => quoted.get(..memchr(quote, quoted)?),
            _ => value
                .get(..value.iter().position(|&byte| is_space(byte) || byte == b';').unwrap_or(value.len())),
        };
    }
}

/// The attributes of a tag, as the prescan reads them. Ends after the tag.
struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Attributes<'a> {
    fn advance(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) {
        let len = self.rest.iter().position(|&byte| !skipped(byte)).unwrap_or(self.rest.len());
        self.advance(len);
    }

    fn take_until(&mut self, ends: impl Fn(u8) -> bool) -> Option<&'a [u8]> {
        // A tag that the scanned bytes cut tells nothing.
        let Some(len) = self.rest.iter().position(|&byte| ends(byte)) else {
            self.rest = &[];
            return None;
        };
        let taken = self.rest.get(..len)?;
        self.advance(len);
        Some(taken)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|byte| is_space(byte) || byte == b'/');
        if self.rest.first() == Some(&b'>') {
            self.advance(1);
            return None;
        }
        // A name may start with `=`.
        let from = self.rest;
        self.advance(1);
        let behind = self.take_until(|byte| is_space(byte) || matches!(byte, b'=' | b'/' | b'>'))?;
        let name = from.get(..1 + behind.len())?;
        self.skip(is_space);
        if self.rest.first() != Some(&b'=') {
            return Some((name, &[]));
        }
        self.advance(1);
        self.skip(is_space);
        match self.rest.first() {
            Some(&quote @ (b'"' | b'\'')) => {
                self.advance(1);
                let value = self.take_until(|byte| byte == quote)?;
                self.advance(1);
                Some((name, value))
            }
            _ => Some((name, self.take_until(|byte| is_space(byte) || byte == b'>')?)),
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn declares(markup: &str, label: Option<&str>) {
        assert_eq!(in_markup(markup.as_bytes()).known.map(Charset::label), label, "{markup}");
    }

    #[test]
    fn meta_elements_are_read_as_the_standard_says() {
        declares("<meta charset=koi8-r>", Some("koi8-r"));
        declares("<META CHARSET='KOI8-R'/>", Some("koi8-r"));
        declares("<meta charset = \" koi8-r \" >", Some("koi8-r"));
        declares("<meta/charset=koi8-r>", Some("koi8-r"));
        declares("<meta http-equiv=content-type content='text/html; charset=koi8-r'>", Some("koi8-r"));
        declares("<meta content='charset=koi8-r;x' http-equiv=Content-Type>", Some("koi8-r"));
        // A content attribute without its pragma says nothing, nor does an unknown label.
        declares("<meta content='text/html; charset=koi8-r'>", None);
        declares("<meta charset=nothing><meta charset=koi8-r>", Some("koi8-r"));
        declares("<metacharset=koi8-r>", None);
    }

    #[test]
    fn unknown_labels_are_noted_where_no_known_one_stands() {
        let unknown = |markup: &str| in_markup(markup.as_bytes()).unknown;
        assert!(unknown("<meta charset=nothing>"));
        assert!(unknown("<?xml version='1.0' encoding='klingon'?>"));
        assert!(!unknown("<meta charset=nothing><meta charset=koi8-r>"));
        assert!(!unknown("<meta charset=''>") && !unknown("<p>nothing</p>"));
    }

    #[test]
    fn what_only_looks_like_a_declaration_is_passed_over() {
        declares("<!-- <meta charset=koi8-u> --><meta charset=koi8-r>", Some("koi8-r"));
        declares("<!--><meta charset=koi8-r>", Some("koi8-r"));
        declares("<p title='<meta charset=koi8-u>'><meta charset=koi8-r>", Some("koi8-r"));
        declares("<meta charset='koi8-r", None);
        declares("no markup, charset=koi8-r", None);
        declares(&format!("{}<meta charset=koi8-r>", " ".repeat(PRESCANNED)), None);
    }

    #[test]
    fn bytes_that_could_be_scanned_are_not_utf_16() {
        declares("<meta charset=utf-16le>", Some("utf-8"));
        declares("<?xml version='1.0' encoding='UTF-16'?>", Some("utf-8"));
    }

    #[test]
    fn xml_declarations_come_first() {
        declares("<?xml version=\"1.0\" encoding=\"koi8-r\"?><meta charset=koi8-u>", Some("koi8-r"));
        declares("<?xml version=\"1.0\"?><meta charset=koi8-u>", Some("koi8-u"));
    }
}
