//! The tokenizer: HTML text in, tokens with byte spans out.
//!
//! It cuts the text where the WHATWG tokenizer does (tags, attributes, comments, raw text, escaped script data), but
//! decodes nothing and allocates nothing: a token is a pair of offsets, and of the attributes only the few that a
//! verdict can depend on are remembered. Every byte is looked at once, so the cost is linear whatever the input;
//! what runs to the end of the text without closing (a comment, a quote, a script) is consumed by that one token.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/parsing.html#tokenization>.

use memchr::{memchr, memchr2, memmem};

use super::attributes::Attributes;
use super::tag::Tag;

/// A run of bytes of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Run {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(crate) fn of(self, source: &[u8]) -> &[u8] {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// What a token is; its span is the scanner's [`Scanner::span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// Character data in which references count.
    Text,
    /// A start tag; see [`Scanner::tag`] and [`Scanner::attributes`].
    Open,
    /// An end tag.
    Close,
    /// The content of an element that is never rendered as text (`script`, `style`, …); see [`Scanner::tag`].
    Raw,
    /// A comment, doctype or processing instruction.
    Comment,
}

/// How the text after a start tag is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Data,
    /// Up to the matching end tag, references count (`title`, `textarea`).
    Rcdata,
    /// Up to the matching end tag, nothing counts.
    Rawtext,
    /// As raw text, with the escapes of script data.
    Script,
    /// Up to the end.
    Plaintext,
}

/// Reads tokens from front to back.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    source: &'a [u8],
    at: usize,
    mode: Mode,
    /// Span of the current token.
    pub(crate) span: Run,
    /// Tag of the current token, or the element whose raw content it is.
    pub(crate) tag: Tag,
    /// Hash of the tag's name in lower case, to tell unknown elements apart.
    pub(crate) name_hash: u32,
    /// Whether the start tag ended in `/>`.
    pub(crate) self_closing: bool,
    /// Attributes of the current start tag.
    pub(crate) attributes: Attributes,
    /// Every attribute of the current tag, name and value, to hold against the standard's tests.
    #[cfg(test)]
    pub(crate) every: Vec<(Run, Run)>,
}

/// How the content of an element is read.
fn mode_of(tag: Tag) -> Mode {
    match tag {
        Tag::Title | Tag::Textarea => Mode::Rcdata,
        Tag::Script => Mode::Script,
        Tag::Plaintext => Mode::Plaintext,
        Tag::Style | Tag::Xmp | Tag::Iframe | Tag::Noembed | Tag::Noframes | Tag::Noscript => Mode::Rawtext,
        _ => Mode::Data,
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(source: &'a [u8]) -> Self {
        Self {
            source,
            at: 0,
            mode: Mode::Data,
            span: Run::default(),
            tag: Tag::Other,
            name_hash: 0,
            self_closing: false,
            attributes: Attributes::default(),
            #[cfg(test)]
            every: Vec::new(),
        }
    }

    /// A scanner in the content of an element, as after its start tag.
    #[cfg(test)]
    pub(crate) fn inside(source: &'a [u8], tag: Tag) -> Self {
        let mut scanner = Self::new(source);
        scanner.tag = tag;
        scanner.mode = mode_of(tag);
        scanner
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.source.get(self.at..).unwrap_or_default()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the result is what `next` returns")]
    fn token(&mut self, start: usize, token: Token) -> Option<Token> {
        self.span = Run::new(start, self.at);
        Some(token)
    }

    /// The next token, or `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Token> {
        if self.at >= self.source.len() {
            return None;
        }
        match self.mode {
            Mode::Data => self.data(),
            Mode::Plaintext => {
                let start = self.at;
                self.at = self.source.len();
                self.token(start, Token::Text)
            }
            mode => {
                let start = self.at;
                self.at =
                    if mode == Mode::Script { self.script_end() } else { self.raw_end(self.tag.name()) };
                self.mode = Mode::Data;
                if start == self.at {
                    return self.data();
                }
                self.token(start, if mode == Mode::Rcdata { Token::Text } else { Token::Raw })
            }
        }
    }

    fn data(&mut self) -> Option<Token> {
        let start = self.at;
        // A `<` that opens nothing is text: look past it for the next one.
        let mut from = start;
        loop {
            let tail = self.source.get(from..).unwrap_or_default();
            let Some(found) = memchr(b'<', tail) else {
                self.at = self.source.len();
                return self.token(start, Token::Text);
            };
            let angle = from + found;
            let opens = match self.source.get(angle + 1) {
                Some(b'!' | b'?') => true,
                Some(b'/') => angle + 2 < self.source.len(),
                Some(byte) => byte.is_ascii_alphabetic(),
                None => false,
            };
            if opens {
                if angle > start {
                    self.at = angle;
                    return self.token(start, Token::Text);
                }
                break;
            }
            from = angle + 1;
        }
        match self.peek(1) {
            Some(b'!') => self.declaration(start),
            Some(b'?') => self.bogus_comment(start),
            Some(b'/') => match self.peek(2) {
                Some(byte) if byte.is_ascii_alphabetic() => {
                    self.at += 2;
                    self.tag_at(start, Token::Close)
                }
                // `</>` is nothing at all, `</3` a comment: both end at the next `>`.
                _ => self.bogus_comment(start),
            },
            _ => {
                self.at += 1;
                self.tag_at(start, Token::Open)
            }
        }
    }

    fn bogus_comment(&mut self, start: usize) -> Option<Token> {
        self.at = memchr(b'>', self.rest()).map_or(self.source.len(), |found| self.at + found + 1);
        self.token(start, Token::Comment)
    }

    /// `<!…`: a comment, a doctype, a CDATA section. Outside SVG and MathML a CDATA section is a comment up to `>`.
    fn declaration(&mut self, start: usize) -> Option<Token> {
        if !self.rest().starts_with(b"<!--") {
            if self.rest().get(2..9).is_some_and(|name| name.eq_ignore_ascii_case(b"doctype")) {
                return self.doctype(start);
            }
            return self.bogus_comment(start);
        }
        self.at += 4;
        // `<!-->` and `<!--->` are whole.
        if self.rest().starts_with(b">") {
            self.at += 1;
        } else if self.rest().starts_with(b"->") {
            self.at += 2;
        } else {
            self.at = self.comment_end();
        }
        self.token(start, Token::Comment)
    }

    /// Past the `-->` or `--!>` that ends a comment.
    fn comment_end(&self) -> usize {
        let mut from = self.at;
        while let Some(found) = memmem::find(self.source.get(from..).unwrap_or_default(), b"--") {
            let after = from + found + 2;
            match (self.source.get(after), self.source.get(after + 1)) {
                (Some(b'>'), _) => return after + 1,
                (Some(b'!'), Some(b'>')) => return after + 2,
                _ => from = after - 1,
            }
        }
        self.source.len()
    }

    /// A doctype ends at the first `>`, even inside a quoted identifier.
    fn doctype(&mut self, start: usize) -> Option<Token> {
        self.bogus_comment(start)
    }

    fn tag_at(&mut self, start: usize, token: Token) -> Option<Token> {
        let name_start = self.at;
        while self.peek(0).is_some_and(|byte| !is_space(byte) && byte != b'/' && byte != b'>') {
            self.at += 1;
        }
        let name = Run::new(name_start, self.at).of(self.source);
        (self.tag, self.name_hash) = Tag::of(name);
        self.attributes = Attributes::default();
        #[cfg(test)]
        self.every.clear();
        self.self_closing = false;
        let whole = self.read_attributes();
        if !whole {
            // The text ends inside the tag: no tag, no text.
            return self.token(start, Token::Comment);
        }
        if token == Token::Open {
            self.mode = mode_of(self.tag);
        }
        self.token(start, token)
    }

    /// Reads up to and past `>`; `false` when the text ends before.
    fn read_attributes(&mut self) -> bool {
        loop {
            // Before an attribute name.
            match self.peek(0) {
                None => return false,
                Some(b'>') => {
                    self.at += 1;
                    return true;
                }
                Some(b'/') => {
                    self.at += 1;
                    if self.peek(0) == Some(b'>') {
                        self.self_closing = true;
                    }
                    continue;
                }
                Some(byte) if is_space(byte) => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let name_start = self.at;
            // A `=` in first place belongs to the name.
            self.at += 1;
            while self.peek(0).is_some_and(|byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'=')) {
                self.at += 1;
            }
            let name = Run::new(name_start, self.at);
            while self.peek(0).is_some_and(is_space) {
                self.at += 1;
            }
            let mut value = Run::default();
            if self.peek(0) == Some(b'=') {
                self.at += 1;
                while self.peek(0).is_some_and(is_space) {
                    self.at += 1;
                }
                match self.peek(0) {
                    None => return false,
                    Some(quote @ (b'"' | b'\'')) => {
                        self.at += 1;
                        let Some(length) = memchr(quote, self.rest()) else {
                            self.at = self.source.len();
                            return false;
                        };
                        value = Run::new(self.at, self.at + length);
                        self.at += length + 1;
                    }
                    Some(b'>') => {}
                    Some(_) => {
                        let from = self.at;
                        while self.peek(0).is_some_and(|byte| !is_space(byte) && byte != b'>') {
                            self.at += 1;
                        }
                        value = Run::new(from, self.at);
                    }
                }
            }
            self.attributes.add(name.of(self.source), value);
            #[cfg(test)]
            self.every.push((name, value));
        }
    }

    /// Start of the end tag that closes the raw element `name`, or the end of the text.
    fn raw_end(&self, name: &[u8]) -> usize {
        let mut from = self.at;
        while let Some(found) = memmem::find(self.source.get(from..).unwrap_or_default(), b"</") {
            let angle = from + found;
            if self.is_name_at(angle + 2, name) {
                return angle;
            }
            from = angle + 2;
        }
        self.source.len()
    }

    /// Whether `name` stands at `at` and ends there.
    fn is_name_at(&self, at: usize, name: &[u8]) -> bool {
        self.source.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
            && self
                .source
                .get(at + name.len())
                .is_some_and(|&byte| is_space(byte) || matches!(byte, b'/' | b'>'))
    }

    /// Start of the `</script>` that ends script data: one inside `<!-- <script>` does not.
    fn script_end(&self) -> usize {
        let mut from = self.at;
        let mut escaped = false;
        let mut twice = false;
        while let Some(found) = memchr2(b'<', b'-', self.source.get(from..).unwrap_or_default()) {
            let at = from + found;
            from = at + 1;
            let tail = self.source.get(at..).unwrap_or_default();
            if escaped && tail.starts_with(b"-->") {
                escaped = false;
                twice = false;
                from = at + 3;
            } else if self.is_name_at(at, b"</script") {
                if !twice {
                    return at;
                }
                twice = false;
            } else if escaped && self.is_name_at(at, b"<script") {
                twice = true;
            } else if !escaped && tail.starts_with(b"<!--") {
                escaped = true;
                // `<!-->` closes at once: its dashes count twice.
                from = at + 2;
            }
        }
        self.source.len()
    }
}
