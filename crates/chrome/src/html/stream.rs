//! Tokens in, elements and runs of text out.
//!
//! No tree is built: the elements stand in one array in the order of their start tags, each with the index of its
//! parent, so that what belongs to an element is a contiguous range and sums are taken in one pass from the back.
//! End tags that HTML implies are implied here too; formatting (`b`, `em`, …) leaves no element behind.

use memchr::memmem;

use super::attributes::Attributes;
use super::block::BlockKind;
use super::markdown::NONE;
use super::measure::measure;
use super::page::{Block, Counts, Element, NO_CLASS, Open, ROOT, Stream, Sums, TextRun};
use super::scanner::{Run, Scanner, Token};
use super::stems::Marks;
use super::tag::Tag;
use super::told::Declared;

/// How deep elements may nest before deeper ones count as their 512th ancestor. Real pages stay below 100.
const DEPTH_CAP: usize = 512;

/// How many counters of open elements there are; names share them by hash.
pub(super) const COUNTS: usize = 256;

/// State of one reading.
pub(super) struct Reader<'s, 'a> {
    pub(super) stream: &'s mut Stream,
    pub(super) source: &'a str,
    pub(super) scanner: Scanner<'a>,
    /// Open elements beyond the cap.
    pub(super) beyond: u32,
    /// A block ended; the next text starts another.
    pub(super) broken: bool,
    /// The innermost open link with a target.
    pub(super) link: Option<u32>,
    pub(super) linked_data: bool,
    /// An element named itself a post.
    pub(super) post_seen: bool,
    pub(super) in_title: bool,
}

impl Stream {
    /// Takes the page apart, in place of what the stream held.
    pub(crate) fn read(&mut self, source: &str) {
        self.elements.clear();
        self.runs.clear();
        self.blocks.clear();
        self.raw.clear();
        self.stack.clear();
        self.title = Run::default();
        self.declared = Declared::default();
        self.linked_data.clear();
        self.links.clear();
        self.discussion = false;
        self.article = false;
        self.not_article = false;
        self.counts.clear();
        self.counts.resize(COUNTS, 0);
        self.elements.push(Element::default());
        self.stack.push(Open {
            tag: Tag::Html,
            hash: 0,
            element: ROOT,
            block_element: ROOT,
            kind: BlockKind::Paragraph,
            preformatted: false,
        });
        let mut reader = Reader {
            scanner: Scanner::new(source.as_bytes()),
            stream: self,
            source,
            beyond: 0,
            broken: true,
            link: None,
            linked_data: false,
            post_seen: false,
            in_title: false,
        };
        reader.read();
        let elements = self.elements.len() as u32;
        let blocks = self.blocks.len() as u32;
        for open in &self.stack {
            if let Some(element) = self.elements.get_mut(open.element as usize) {
                element.end = elements;
                element.end_block = blocks;
            }
        }
        self.linked_data.resolve(source.as_bytes());
        let runs = self.runs.len() as u32;
        if let Some(last) = self.blocks.last_mut() {
            last.end_run = runs;
        }
    }
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        while let Some(token) = self.scanner.next() {
            match token {
                Token::Text => self.text(),
                Token::Open => self.open(),
                Token::Close => self.close(),
                Token::Raw => {
                    let span = self.scanner.span;
                    self.stream.raw.push(span);
                    if self.linked_data {
                        let data = span.of(self.source.as_bytes());
                        self.declare(data);
                        self.stream.linked_data.read(self.source.as_bytes(), span);
                    }
                }
                Token::Comment => {}
            }
        }
    }

    pub(super) fn top(&self) -> Open {
        self.stream.stack.last().copied().unwrap_or(Open {
            tag: Tag::Html,
            hash: 0,
            element: ROOT,
            block_element: ROOT,
            kind: BlockKind::Paragraph,
            preformatted: false,
        })
    }

    fn text(&mut self) {
        let span = self.scanner.span;
        if self.in_title {
            if self.stream.title.is_empty() {
                self.stream.title = span;
            }
            self.in_title = false;
            return;
        }
        let text = self.source.get(span.start as usize..span.end as usize).unwrap_or_default();
        let measure = measure(text);
        // Only white space: it parts words inside a block, and is nothing between blocks.
        if measure.length == 0 && self.broken {
            return;
        }
        let top = self.top();
        let index = self.stream.runs.len() as u32;
        if self.broken {
            if let Some(last) = self.stream.blocks.last_mut() {
                last.end_run = index;
            }
            self.stream.blocks.push(Block {
                kind: top.kind,
                element: top.block_element,
                first_run: index,
                end_run: index,
            });
            self.broken = false;
        }
        self.stream.runs.push(TextRun {
            span,
            element: top.element,
            measure,
            link: self.link.unwrap_or(NONE),
            is_address: self.link.is_some() && is_address(text),
            preformatted: top.preformatted,
        });
    }

    pub(super) fn break_block(&mut self) {
        self.broken = true;
    }

    fn open(&mut self) {
        let tag = self.scanner.tag;
        self.linked_data = false;
        if tag.is_formatting() {
            return;
        }
        match tag {
            Tag::Meta => return self.meta(),
            Tag::Br => return self.break_block(),
            Tag::Hr => {
                self.close_paragraph();
                return self.break_block();
            }
            Tag::Table | Tag::Pre | Tag::Blockquote => self.count(|own| own.set_pieces += 1),
            Tag::Script => {
                let kind = self.scanner.attributes.kind.of(self.source.as_bytes());
                self.linked_data = kind.eq_ignore_ascii_case(b"application/ld+json");
            }
            Tag::Title => self.in_title = true,
            Tag::Link => self.note(tag),
            _ => {}
        }
        // `/>` means something in SVG and MathML alone; on an unknown element it is meant.
        if tag.is_void() || tag.is_raw() || tag == Tag::Other && self.scanner.self_closing {
            return;
        }
        if self.top().tag == Tag::Head && tag != Tag::Template {
            // What cannot stand in the head ends it.
            self.pop();
        }
        if !tag.is_inline() {
            self.imply_ends(tag);
            self.break_block();
        }
        if tag == Tag::A {
            // A link does not nest: the second start tag ends the first.
            if self.link.is_some() {
                self.close_link();
            }
        }
        self.push(tag);
    }

    fn count(&mut self, add: impl FnOnce(&mut Counts)) {
        let element = self.top().element;
        if let Some(element) = self.stream.elements.get_mut(element as usize) {
            add(&mut element.own);
        }
    }

    /// Takes note of the schema.org types named in `data`.
    fn declare(&mut self, data: &[u8]) {
        let names = |kinds: &[&[u8]]| kinds.iter().any(|kind| memmem::find(data, kind).is_some());
        self.stream.discussion |= names(&[b"DiscussionForumPosting", b"QAPage"]);
        self.stream.article |= names(&[b"Article", b"BlogPosting"]);
        self.stream.not_article |= names(&[
            b"Product",
            b"ItemList",
            b"CollectionPage",
            b"WebPage",
            b"Organization",
            b"LocalBusiness",
            b"Service",
        ]);
    }

    fn push(&mut self, tag: Tag) {
        let hash = self.scanner.name_hash;
        if self.stream.stack.len() >= DEPTH_CAP {
            self.beyond += 1;
            return;
        }
        let top = self.top();
        let index = self.stream.elements.len() as u32;
        let attributes = self.scanner.attributes;
        self.note(tag);
        let (mut marks, hidden) = self.evidence(&attributes);
        if marks.has(Marks::POST) {
            // One post may be the article of a blog; several are a thread.
            self.stream.discussion |= std::mem::replace(&mut self.post_seen, true);
        }
        if top.preformatted {
            // Names inside a listing are those of its syntax: `comment`, `tag`, `meta`.
            marks = Marks::NONE;
        }
        self.stream.elements.push(Element {
            tag,
            parent: top.element,
            marks,
            look: look(attributes.class.of(self.source.as_bytes())),
            end: index + 1,
            first_block: self.stream.blocks.len() as u32,
            end_block: 0,
            hidden,
            own: Counts::default(),
            sums: Sums::default(),
        });
        // In a heading, a link to a place on the same page is the mark by which to refer to it.
        let leads_away = attributes.href.is_some_and(|href| {
            top.kind != BlockKind::Heading || !href.of(self.source.as_bytes()).starts_with(b"#")
        });
        if tag == Tag::A && leads_away {
            self.link = Some(index);
            let address = attributes.href.unwrap_or_default();
            let leads = address.of(self.source.as_bytes()).trim_ascii();
            let script = leads.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"javascript:"));
            if !leads.is_empty() && !script {
                self.stream.links.push((index, address));
            }
            self.count(|own| own.links += 1);
        }
        self.stream.stack.push(Open {
            tag,
            hash,
            element: index,
            block_element: if tag.is_inline() { top.block_element } else { index },
            kind: kind_of(tag, top.kind),
            preformatted: match tag {
                Tag::Pre | Tag::Textarea | Tag::Plaintext | Tag::Xmp => true,
                _ => top.preformatted,
            },
        });
        if let Some(count) = self.stream.counts.get_mut(hash as usize % COUNTS) {
            *count += 1;
        }
    }

    fn evidence(&mut self, attributes: &Attributes) -> (Marks, bool) {
        let source = self.source.as_bytes();
        if !attributes.itemtype.is_empty() {
            self.declare(attributes.itemtype.of(source));
        }
        let names = &mut self.stream.names;
        names.clear();
        names.add(attributes.class.of(source));
        names.add(attributes.id.of(source));
        names.add(attributes.role.of(source));
        names.add(attributes.itemprop.of(source));
        for component in attributes.component {
            names.add(component.of(source));
        }
        let style = attributes.style.of(source);
        let hidden = attributes.hidden
            || attributes.aria_hidden.of(source).eq_ignore_ascii_case(b"true")
            || (!style.is_empty() && hides(style));
        (names.marks(), hidden)
    }
}

/// Whether a text is written as an address: as the text of a link it is what the article cites, not where to go next.
fn is_address(text: &str) -> bool {
    let text = text.trim_ascii_start().as_bytes();
    let starts = |with: &[u8]| text.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    (starts(b"http://") || starts(b"https://") || starts(b"www.")) && !text.trim_ascii().contains(&b' ')
}

/// FNV-1a over the first of the names.
fn look(names: &[u8]) -> u32 {
    let first = names.trim_ascii_start().split(u8::is_ascii_whitespace).next().unwrap_or_default();
    first.iter().fold(NO_CLASS, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn kind_of(tag: Tag, outer: BlockKind) -> BlockKind {
    match tag {
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => BlockKind::Heading,
        Tag::Li => BlockKind::Item,
        Tag::Blockquote => BlockKind::Quote,
        Tag::Pre => BlockKind::Preformatted,
        Tag::Td | Tag::Th => BlockKind::Cell,
        Tag::Figcaption | Tag::Caption | Tag::Legend => BlockKind::Caption,
        Tag::Dt => BlockKind::Term,
        Tag::Dd => BlockKind::Definition,
        Tag::Article | Tag::Section | Tag::Main | Tag::Body => BlockKind::Paragraph,
        _ => outer,
    }
}

/// Whether an inline style hides its element.
fn hides(style: &[u8]) -> bool {
    let mut declarations = style.split(|byte| *byte == b';');
    declarations.any(|declaration| {
        let mut sides = declaration.splitn(2, |byte| *byte == b':');
        let property = sides.next().unwrap_or_default().trim_ascii();
        let value = sides.next().unwrap_or_default().trim_ascii();
        let starts =
            |wanted: &[u8]| value.get(..wanted.len()).is_some_and(|head| head.eq_ignore_ascii_case(wanted));
        property.eq_ignore_ascii_case(b"display") && starts(b"none")
            || property.eq_ignore_ascii_case(b"visibility") && starts(b"hidden")
    })
}
