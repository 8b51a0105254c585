//! A page taken apart: its elements, its runs of text, its blocks.

use std::sync::Arc;

use super::block::BlockKind;
use super::linked_data::LinkedData;
use super::markdown::NONE;
use super::measure::Measure;
use super::scanner::Run;
use super::stems::{Marks, NameReader};
use super::tag::Tag;
use super::told::Declared;
use crate::phrases::Phrases;

/// The element around everything.
pub(crate) const ROOT: u32 = 0;

/// One element.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Element {
    pub(crate) tag: Tag,
    /// Index of the parent; the root is its own.
    pub(crate) parent: u32,
    /// What its own name and attributes say.
    pub(crate) marks: Marks,
    /// Hash of its first class name: elements that look alike share it.
    pub(crate) look: u32,
    /// One past the index of its last descendant.
    pub(crate) end: u32,
    /// Index of the first block it holds, and one past that of the last.
    pub(crate) first_block: u32,
    pub(crate) end_block: u32,
    /// Its own hidden-ness, as declared by `hidden`, `aria-hidden` or an inline style.
    pub(crate) hidden: bool,
    /// Links and set pieces directly inside.
    pub(crate) own: Counts,
    /// Sums over the element and its descendants; see the selection.
    pub(crate) sums: Sums,
}

/// What is counted by tags.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) links: u32,
    /// Tables, preformatted text and quotations.
    pub(crate) set_pieces: u32,
}

/// What an element holds in all.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) length: u32,
    pub(crate) link_length: u32,
    pub(crate) counts: Counts,
    pub(crate) blocks: u32,
    /// Length of the blocks that read like prose.
    pub(crate) prose: u32,
    /// Length of the blocks with a sentence, be it short.
    pub(crate) sentences: u32,
}

impl Sums {
    pub(crate) fn add(&mut self, other: &Self) {
        self.length += other.length;
        self.link_length += other.link_length;
        self.blocks += other.blocks;
        self.prose += other.prose;
        self.sentences += other.sentences;
        self.counts.links += other.counts.links;
        self.counts.set_pieces += other.counts.set_pieces;
    }

    /// Share of the text that stands in links, in percent.
    pub(crate) fn link_share(&self) -> i64 {
        (i64::from(self.link_length) * 100).checked_div(i64::from(self.length)).unwrap_or(0)
    }
}

/// One stretch of text between two tags.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextRun {
    pub(crate) span: Run,
    /// The innermost element.
    pub(crate) element: u32,
    pub(crate) measure: Measure,
    /// The link around it: an element, or [`NONE`].
    pub(crate) link: u32,
    pub(crate) preformatted: bool,
    /// The text of a link, and the address it leads to.
    pub(crate) is_address: bool,
}

/// A paragraph, heading, item, …: the runs between two breaks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// The innermost element that is not inline.
    pub(crate) element: u32,
    pub(crate) first_run: u32,
    pub(crate) end_run: u32,
}
/// The look of an element without class names.
pub(crate) const NO_CLASS: u32 = 0x811c_9dc5;

/// An element that is still open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) tag: Tag,
    pub(super) hash: u32,
    pub(super) element: u32,
    /// The innermost open element that is not inline.
    pub(super) block_element: u32,
    pub(super) kind: BlockKind,
    pub(super) preformatted: bool,
}
/// A page taken apart.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// The phrases to look for, if they are not those that ship.
    pub(crate) phrases: Option<Arc<Phrases>>,
    pub(crate) elements: Vec<Element>,
    pub(crate) runs: Vec<TextRun>,
    pub(crate) blocks: Vec<Block>,
    /// Contents of scripts, styles and the like.
    pub(crate) raw: Vec<Run>,
    /// The page says it is a discussion: what others would call comments is its content.
    pub(crate) discussion: bool,
    /// The page says it is an article.
    pub(crate) article: bool,
    /// The page says it is something else: a product, a list, a site's front.
    pub(crate) not_article: bool,
    /// The first `<title>`.
    pub(crate) title: Run,
    /// Elements that are links, ascending, and where they lead.
    pub(crate) links: Vec<(u32, Run)>,
    /// What attributes tell of the page.
    pub(crate) declared: Declared,
    /// What its JSON-LD tells.
    pub(crate) linked_data: LinkedData,
    /// The open elements, the root first.
    pub(super) stack: Vec<Open>,
    pub(super) names: NameReader,
    /// How many open elements have each name hash, modulo the length.
    pub(super) counts: Vec<u32>,
}

impl Stream {
    pub(crate) fn element(&self, index: u32) -> Element {
        self.elements.get(index as usize).copied().unwrap_or_default()
    }

    pub(crate) fn runs_of(&self, block: &Block) -> &[TextRun] {
        self.runs.get(block.first_run as usize..block.end_run as usize).unwrap_or_default()
    }

    /// Where a link leads; `None` for those that lead nowhere a reader of Markdown could follow.
    pub(crate) fn address_of(&self, link: u32) -> Option<Run> {
        if link == NONE {
            return None;
        }
        let place = self.links.binary_search_by_key(&link, |(element, _)| *element).ok()?;
        self.links.get(place).map(|(_, address)| *address)
    }

    /// The blocks an element holds: the first, and one past the last.
    pub(crate) fn block_range(&self, element: u32) -> (usize, usize) {
        let element = self.element(element);
        (element.first_block as usize, element.end_block.max(element.first_block) as usize)
    }
}
