//! What the names that authors give to elements say about their content.
//!
//! Class names, ids and the like are made of words: `c-article__body`, `ArticleBody`, `article-body`. They are
//! lowered and stripped of what joins the words, and one automaton looks for the stems below in the result, at word
//! boundaries. Every element is looked up once; its marks are inherited down the tree.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// A set of marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(pub(crate) u32);

impl Marks {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const NAVIGATION: Self = Self(1);
    pub(crate) const RELATED: Self = Self(1 << 1);
    pub(crate) const SHARE: Self = Self(1 << 2);
    pub(crate) const COOKIE: Self = Self(1 << 3);
    pub(crate) const COMMENTS: Self = Self(1 << 4);
    pub(crate) const SIDEBAR: Self = Self(1 << 5);
    pub(crate) const FOOTER: Self = Self(1 << 6);
    pub(crate) const HEADER: Self = Self(1 << 7);
    pub(crate) const ADVERTISING: Self = Self(1 << 8);
    pub(crate) const NEWSLETTER: Self = Self(1 << 9);
    pub(crate) const TAGS: Self = Self(1 << 10);
    pub(crate) const BYLINE: Self = Self(1 << 11);
    pub(crate) const CAPTION: Self = Self(1 << 12);
    pub(crate) const HIDDEN: Self = Self(1 << 13);
    pub(crate) const FORM: Self = Self(1 << 14);
    pub(crate) const POPUP: Self = Self(1 << 15);
    pub(crate) const WIDGET: Self = Self(1 << 16);
    pub(crate) const BODY: Self = Self(1 << 17);
    pub(crate) const ARTICLE: Self = Self(1 << 18);
    pub(crate) const CONTENT: Self = Self(1 << 19);
    pub(crate) const LEAD: Self = Self(1 << 20);
    pub(crate) const ENTRY: Self = Self(1 << 21);
    pub(crate) const RESPONSIVE: Self = Self(1 << 22);
    pub(crate) const DISCLOSED: Self = Self(1 << 23);
    pub(crate) const BUTTON: Self = Self(1 << 24);
    pub(crate) const TEASER: Self = Self(1 << 25);
    pub(crate) const POST: Self = Self(1 << 26);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// The lists of stems; the file says how they are written.
const NAMES: &str = include_str!("../../data/names.txt");

/// The mark a list of the file sets.
fn mark(list: &str) -> Option<Marks> {
    Some(match list {
        "navigation" => Marks::NAVIGATION,
        "related" => Marks::RELATED,
        "teaser" => Marks::TEASER,
        "post" => Marks::POST,
        "share" => Marks::SHARE,
        "cookie" => Marks::COOKIE,
        "comments" => Marks::COMMENTS,
        "sidebar" => Marks::SIDEBAR,
        "footer" => Marks::FOOTER,
        "header" => Marks::HEADER,
        "advertising" => Marks::ADVERTISING,
        "newsletter" => Marks::NEWSLETTER,
        "tags" => Marks::TAGS,
        "byline" => Marks::BYLINE,
        "caption" => Marks::CAPTION,
        "hidden" => Marks::HIDDEN,
        "form" => Marks::FORM,
        "popup" => Marks::POPUP,
        "widget" => Marks::WIDGET,
        "body" => Marks::BODY,
        "article" => Marks::ARTICLE,
        "content" => Marks::CONTENT,
        "lead" => Marks::LEAD,
        "responsive" => Marks::RESPONSIVE,
        "disclosed" => Marks::DISCLOSED,
        "entry" => Marks::ENTRY,
        "button" => Marks::BUTTON,
        _ => return None,
    })
}

/// One stem in the automaton.
#[derive(Debug, Clone, Copy)]
struct Stem {
    marks: Marks,
    at_start: bool,
    at_end: bool,
    whole: bool,
}

struct Stems {
    automaton: AhoCorasick,
    stems: Vec<Stem>,
}

static COMPILED: LazyLock<Option<Stems>> = LazyLock::new(|| {
    let mut patterns = Vec::new();
    let mut stems = Vec::new();
    for line in NAMES.lines() {
        let Some((list, names)) = line.split_once(": ") else { continue };
        let Some(marks) = mark(list) else { continue };
        for stem in names.split(' ') {
            patterns.push(stem.trim_matches(['^', '$', '=']));
            stems.push(Stem {
                marks,
                at_start: stem.starts_with('^'),
                at_end: stem.ends_with('$'),
                whole: stem.starts_with('='),
            });
        }
    }
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(patterns)
        .ok()?;
    Some(Stems { automaton, stems })
});

/// Reads names into marks; its buffers are reused from name to name.
#[derive(Debug, Default)]
pub(crate) struct NameReader {
    /// The names, lowered, without what joins the words; a space between names.
    letters: Vec<u8>,
    /// For each byte of `letters`, whether a word starts there.
    starts: Vec<bool>,
}

impl NameReader {
    /// Begins a new set of names.
    pub(crate) fn clear(&mut self) {
        self.letters.clear();
        self.starts.clear();
    }

    /// Adds the value of an attribute.
    pub(crate) fn add(&mut self, value: &[u8]) {
        if value.is_empty() {
            return;
        }
        let mut previous = b' ';
        self.push(b' ', true);
        for &byte in value {
            match byte {
                b'a'..=b'z' => self.push(byte, !previous.is_ascii_alphabetic()),
                b'A'..=b'Z' => self.push(byte.to_ascii_lowercase(), !previous.is_ascii_uppercase()),
                // What joins the words of a name, and numbers, leave no trace.
                b'-' | b'_' | b':' | b'.' | b'/' | b'0'..=b'9' => {}
                _ => self.push(b' ', true),
            }
            previous = byte;
        }
        self.push(b' ', true);
    }

    fn push(&mut self, letter: u8, starts: bool) {
        self.letters.push(letter);
        self.starts.push(starts);
    }

    /// The marks of all names added.
    pub(crate) fn marks(&self) -> Marks {
        let Some(compiled) = COMPILED.as_ref() else { return Marks::NONE };
        let mut marks = Marks::NONE;
        for found in compiled.automaton.find_overlapping_iter(&self.letters) {
            let Some(stem) = compiled.stems.get(found.pattern().as_usize()) else { continue };
            let starts = |at: usize| self.starts.get(at).copied().unwrap_or(true);
            let space =
                |at: Option<usize>| at.and_then(|at| self.letters.get(at)).is_none_or(|byte| *byte == b' ');
            if stem.whole && !(space(found.start().checked_sub(1)) && space(Some(found.end()))) {
                continue;
            }
            if (!stem.at_start || starts(found.start())) && (!stem.at_end || starts(found.end())) {
                marks = marks.with(stem.marks);
            }
        }
        if marks.has(Marks::RESPONSIVE) { marks.without(Marks::HIDDEN) } else { marks }
    }
}
