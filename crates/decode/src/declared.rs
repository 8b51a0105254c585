//! What a document says about its own encoding.
//!
//! HTML: the WHATWG standard's "prescan a byte stream to determine its encoding", over the first 1024 bytes. XML: the
//! declaration's `encoding`. Both only where the bytes look like markup.

use memchr::{memchr, memmem};

use crate::charset::{Charset, Wide};

const PRESCANNED: usize = 1024;

/// The encoding that the document's markup declares.
pub(crate) fn in_markup(raw: &[u8]) -> Option<Charset> {
    let head = raw.get(..PRESCANNED.min(raw.len()))?;
    // Markup starts with a tag, perhaps after a few words of a broken template.
    memchr(b'<', head)?;
    xml_declaration(head).or_else(|| prescan(head))
}

fn xml_declaration(head: &[u8]) -> Option<Charset> {
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
    known(value.get(..memchr(quote, value)?)?)
}

/// A label as the prescan understands it: bytes that could be scanned cannot be UTF-16.
fn known(label: &[u8]) -> Option<Charset> {
    let label = std::str::from_utf8(label).ok()?;
    match Charset::for_label(label)? {
        Charset::Wide(Wide::Utf16Le | Wide::Utf16Be) => Some(Charset::Utf8),
        other => Some(other),
    }
}

fn prescan(head: &[u8]) -> Option<Charset> {
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
            if let Some(found) = meta(&mut attributes) {
                return Some(found);
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

fn meta(attributes: &mut Attributes<'_>) -> Option<Charset> {
    let (mut names, mut pragma) = (Vec::new(), false);
    let (mut by_pragma, mut by_charset) = (None, None);
    for (name, value) in attributes.by_ref() {
        if names.contains(&name) {
            continue;
        }
        match name.as_slice() {
            b"http-equiv" => pragma = value == b"content-type",
            b"content" if by_pragma.is_none() => by_pragma = charset_of_content(&value).map(known),
            b"charset" => by_charset = Some(known(&value)),
            _ => {}
        }
        names.push(name);
    }
    // A charset attribute decides, even when its label is unknown; a content attribute needs its pragma.
    match by_charset {
        Some(found) => found,
        None if pragma => by_pragma?,
        None => None,
    }
}

/// The label in `text/html; charset=…`.
fn charset_of_content(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        rest = rest.get(memmem::find(rest, b"charset")? + 7..)?;
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

/// The attributes of a tag, as the prescan reads them; names and values in lower case. Ends after the tag.
struct Attributes<'a> {
    rest: &'a [u8],
}

impl Attributes<'_> {
    fn advance(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) {
        let len = self.rest.iter().position(|&byte| !skipped(byte)).unwrap_or(self.rest.len());
        self.advance(len);
    }

    fn take_until(&mut self, ends: impl Fn(u8) -> bool) -> Option<Vec<u8>> {
        // A tag that the scanned bytes cut tells nothing.
        let Some(len) = self.rest.iter().position(|&byte| ends(byte)) else {
            self.rest = &[];
            return None;
        };
        let taken = self.rest.get(..len)?.to_ascii_lowercase();
        self.advance(len);
        Some(taken)
    }
}

impl Iterator for Attributes<'_> {
    type Item = (Vec<u8>, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|byte| is_space(byte) || byte == b'/');
        if self.rest.first() == Some(&b'>') {
            self.advance(1);
            return None;
        }
        // A name may start with `=`.
        let first = self.rest.first()?.to_ascii_lowercase();
        self.advance(1);
        let mut name = vec![first];
        name.extend(self.take_until(|byte| is_space(byte) || matches!(byte, b'=' | b'/' | b'>'))?);
        self.skip(is_space);
        if self.rest.first() != Some(&b'=') {
            return Some((name, Vec::new()));
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
        assert_eq!(in_markup(markup.as_bytes()).map(Charset::label), label, "{markup}");
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
