//! What elements are in Markdown: where a line begins, and with which marks.
//!
//! Standard: CommonMark 0.31 (<https://spec.commonmark.org>), with the tables of GitHub Flavored Markdown. Kept are
//! headings, lists, quotations, listings, tables, links and code; emphasis is not, as half of it is layout. What the
//! text holds that would be read as a mark is escaped, so that a reader of Markdown reads the text that
//! `format = "text"` gives: a test holds that against a parser.

use std::fmt::Write as _;

use super::block::BlockKind;
use super::page::{Block, ROOT, Stream};
use super::select::Selection;
use super::tag::Tag;

/// No element.
pub(crate) const NONE: u32 = u32::MAX;

/// Lists and quotations nested deeper than this are written at this depth: an indent for each of 500 lists would be most
/// of the text.
const DEEPEST: usize = 12;

/// A table with a longer cell is layout, not data.
const LONGEST_CELL: u32 = 300;

/// Where a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The outermost list or quotation around it.
    root: u32,
    /// The innermost item.
    item: u32,
    /// The listing it is part of.
    listing: u32,
    table: u32,
    row: u32,
    cell: u32,
}

const NOWHERE: Place = Place { root: NONE, item: NONE, listing: NONE, table: NONE, row: NONE, cell: NONE };

/// What a table holds that is kept.
#[derive(Debug, Clone, Copy, Default)]
struct Grid {
    columns: u32,
    rows: u32,
    last_row: u32,
    is_layout: bool,
}

/// The elements of a page as Markdown sees them, and how far its writing has come.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Of an item, its number in its list; of a cell, its column.
    ordinals: Vec<u32>,
    /// How many items or cells an element holds.
    children: Vec<u32>,
    grids: Vec<Grid>,
    /// Items whose mark is written, and lists that have one.
    begun: Vec<bool>,
    core: u32,
    last: Option<Place>,
    column: u32,
    /// The header row is open: the row of dashes comes next.
    in_header: bool,
    /// Backticks of the open fence.
    fence: usize,
    /// Elements around the block, the innermost first.
    path: Vec<u32>,
}

impl Outline {
    /// Looks at a page whose verdicts are known.
    pub(crate) fn read(&mut self, stream: &Stream, selection: &Selection) {
        let count = stream.elements.len();
        for list in [&mut self.ordinals, &mut self.children] {
            list.clear();
            list.resize(count, 0);
        }
        self.grids.clear();
        self.grids.resize(count, Grid::default());
        self.begun.clear();
        self.begun.resize(count, false);
        self.core = selection.core;
        self.last = None;
        self.fence = 0;
        self.in_header = false;
        for (index, element) in stream.elements.iter().enumerate() {
            if matches!(element.tag, Tag::Li | Tag::Td | Tag::Th)
                && let Some(children) = self.children.get_mut(element.parent as usize)
                && let Some(ordinal) = self.ordinals.get_mut(index)
            {
                *children += 1;
                *ordinal = *children;
            }
        }
        for (block, verdict) in stream.blocks.iter().zip(&selection.verdicts) {
            if verdict.condemned.is_some() {
                continue;
            }
            let place = self.find(stream, block);
            let mut element = block.element;
            while element != ROOT && element != self.core {
                let here = stream.element(element);
                if here.tag == Tag::Table
                    && let Some(grid) = self.grids.get_mut(element as usize)
                {
                    let fits = element == place.table
                        && block.kind == BlockKind::Cell
                        && verdict.length <= LONGEST_CELL
                        && place.cell != NONE;
                    grid.is_layout |= !fits && block.kind != BlockKind::Caption;
                    let columns = self.children.get(place.row as usize).copied().unwrap_or(0);
                    grid.columns = grid.columns.max(columns);
                    if fits && grid.last_row != place.row {
                        grid.last_row = place.row;
                        grid.rows += 1;
                    }
                }
                element = here.parent;
            }
        }
    }

    /// Where a block stands below the core. Nesting is capped, so the way up is too.
    fn find(&mut self, stream: &Stream, block: &Block) -> Place {
        let mut place = NOWHERE;
        self.path.clear();
        let mut inside = true;
        let mut next = block.element;
        while next != ROOT {
            let element = next;
            let here = stream.element(element);
            next = here.parent;
            // Lists, quotations and tables around the article are layout; a listing keeps its white space anywhere.
            inside &= element != self.core;
            match here.tag {
                Tag::Pre | Tag::Xmp | Tag::Plaintext | Tag::Textarea if place.listing == NONE => {
                    place.listing = element;
                }
                _ if !inside => {}
                Tag::Blockquote | Tag::Ul | Tag::Ol => place.root = element,
                Tag::Li if place.item == NONE => place.item = element,
                Tag::Td | Tag::Th if place.table == NONE && place.cell == NONE => place.cell = element,
                Tag::Tr if place.table == NONE && place.row == NONE => place.row = element,
                Tag::Table if place.table == NONE => place.table = element,
                _ => {}
            }
            if inside && matches!(here.tag, Tag::Blockquote | Tag::Li) {
                self.path.push(element);
            }
        }
        let excess = self.path.len().saturating_sub(DEEPEST);
        if excess > 0 {
            self.path.drain(..excess);
            place.item = NONE;
        }
        place
    }

    fn is_data(&self, table: u32) -> bool {
        self.grids
            .get(table as usize)
            .is_some_and(|grid| !grid.is_layout && grid.columns > 1 && grid.rows > 1)
    }

    /// Whether the block that is being written stands in a table.
    pub(crate) fn in_table(&self) -> bool {
        self.last.is_some_and(|place| place.table != NONE)
    }

    /// Appends what parts a block from the one before it: what ends that one, line feeds, the marks of this one.
    /// `backticks` is the longest run of backticks in the listing that starts here.
    pub(crate) fn begin(
        &mut self,
        stream: &Stream,
        block: &Block,
        backticks: impl FnOnce(u32) -> usize,
        out: &mut String,
    ) {
        let mut place = self.find(stream, block);
        if !self.is_data(place.table) || block.kind == BlockKind::Caption {
            (place.table, place.row, place.cell) = (NONE, NONE, NONE);
        }
        if place.table != NONE || place.listing != NONE {
            // Listings and tables stand on their own: their lines take no marks of lists around them.
            (place.root, place.item) = (NONE, NONE);
            self.path.clear();
        }
        let last = self.last.replace(place);
        if let Some(last) = last {
            if last.listing != NONE && last.listing == place.listing {
                out.push('\n');
                return;
            }
            if last.table != NONE && last.table == place.table {
                return self.go_on(last, place, out);
            }
            self.close(last, out);
        }
        let within = last.is_some_and(|last| last.root != NONE && last.root == place.root);
        let item_is_new = place.item != NONE && !self.has_begun(place.item);
        let ordered_list_is_new = item_is_new && {
            let list = stream.element(place.item).parent;
            stream.element(list).tag == Tag::Ol && !self.has_begun(list)
        };
        if last.is_some() {
            out.push_str(if within && item_is_new && !ordered_list_is_new { "\n" } else { "\n\n" });
        }
        self.prefix(stream, out);
        if place.listing != NONE {
            self.fence = backticks(place.listing).max(2) + 1;
            out.extend(std::iter::repeat_n('`', self.fence));
            out.push('\n');
        } else if place.table != NONE {
            self.in_header = true;
            self.row(place, out);
        } else if block.kind == BlockKind::Heading {
            let rank = rank(stream, block.element);
            out.extend(std::iter::repeat_n('#', rank));
            out.push(' ');
        }
    }

    /// Appends what ends the last block.
    pub(crate) fn finish(&mut self, out: &mut String) {
        if let Some(last) = self.last.take() {
            self.close(last, out);
        }
    }

    fn has_begun(&self, element: u32) -> bool {
        self.begun.get(element as usize).copied().unwrap_or(false)
    }

    fn close(&mut self, last: Place, out: &mut String) {
        if self.fence > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n('`', self.fence));
            self.fence = 0;
        }
        if last.table != NONE {
            self.end_row(last.table, out);
        }
    }

    /// The marks of quotations and items around the block, the outermost first.
    fn prefix(&mut self, stream: &Stream, out: &mut String) {
        for index in (0..self.path.len()).rev() {
            let Some(element) = self.path.get(index).copied() else { continue };
            let here = stream.element(element);
            if here.tag == Tag::Blockquote {
                out.push_str("> ");
                continue;
            }
            let ordered = stream.element(here.parent).tag == Tag::Ol;
            let ordinal = self.ordinals.get(element as usize).copied().unwrap_or(1);
            let from = out.len();
            if ordered {
                let _ = write!(out, "{ordinal}. ");
            } else {
                out.push_str("- ");
            }
            if self.has_begun(element) {
                let width = out.len() - from;
                out.truncate(from);
                out.extend(std::iter::repeat_n(' ', width));
            }
            for begun in [element, here.parent] {
                if let Some(begun) = self.begun.get_mut(begun as usize) {
                    *begun = true;
                }
            }
        }
    }

    /// The next block of the same table: of the same cell, of another cell, or of another row.
    fn go_on(&mut self, last: Place, place: Place, out: &mut String) {
        if last.cell == place.cell {
            // A cell is one line.
            out.push_str("<br>");
        } else if last.row == place.row {
            self.cells(place, out);
        } else {
            self.end_row(place.table, out);
            out.push('\n');
            self.row(place, out);
        }
    }

    fn row(&mut self, place: Place, out: &mut String) {
        self.column = 0;
        self.cells(place, out);
    }

    /// The bars before a cell, for itself and the empty ones before it.
    fn cells(&mut self, place: Place, out: &mut String) {
        let column = self.ordinals.get(place.cell as usize).copied().unwrap_or(1);
        if self.column > 0 {
            out.push(' ');
        }
        while self.column < column {
            out.push_str("| ");
            self.column += 1;
        }
    }

    fn end_row(&mut self, table: u32, out: &mut String) {
        out.push_str(" |");
        if !std::mem::take(&mut self.in_header) {
            return;
        }
        let columns = self.grids.get(table as usize).map_or(0, |grid| grid.columns);
        while self.column < columns {
            out.push_str(" |");
            self.column += 1;
        }
        out.push_str("\n|");
        for _ in 0..columns {
            out.push_str(" --- |");
        }
    }
}

/// The rank of the heading around an element.
fn rank(stream: &Stream, mut element: u32) -> usize {
    while element != ROOT {
        let here = stream.element(element);
        match here.tag {
            Tag::H1 => return 1,
            Tag::H2 => return 2,
            Tag::H3 => return 3,
            Tag::H4 => return 4,
            Tag::H5 => return 5,
            Tag::H6 => return 6,
            _ => element = here.parent,
        }
    }
    2
}

/// What a character is escaped for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context {
    /// Nothing stands before it on its line but digits.
    pub(crate) starts: bool,
    /// At least one digit.
    pub(crate) digits: bool,
    pub(crate) in_link: bool,
    pub(crate) in_table: bool,
}

/// Whether a byte needs a backslash so that it stands for itself. `before` and `after` are its neighbours, if known.
pub(crate) fn needs_escape(byte: u8, before: Option<u8>, after: Option<u8>, context: Context) -> bool {
    let Context { starts, digits, in_link, in_table } = context;
    match byte {
        b'\\' | b'`' | b'*' | b'~' | b'<' => true,
        b'_' => ![before, after].iter().all(|byte| byte.is_some_and(|byte| byte.is_ascii_alphanumeric())),
        b'[' => in_link || starts,
        b']' => in_link || after.is_none_or(|byte| matches!(byte, b'(' | b'[' | b':')),
        b'!' => after.is_none_or(|byte| byte == b'['),
        b'&' => after.is_none_or(|byte| byte == b'#' || byte.is_ascii_alphanumeric()),
        b'|' => in_table,
        b'#' => before.is_none_or(|byte| byte.is_ascii_whitespace() || byte == b'#'),
        b'>' | b'+' | b'-' | b'=' => starts && !digits,
        b'.' | b')' => starts && digits,
        _ => false,
    }
}

/// Appends the address of a link as its destination.
pub(crate) fn destination(url: &str, out: &mut String) {
    let plain = !url.contains(|c: char| matches!(c, '(' | ')' | '<' | '>' | ' ' | '\\') || c.is_control());
    if !plain {
        out.push('<');
    }
    for character in url.chars() {
        match character {
            '<' | '>' | '|' | '\\' | '`' | '*' | '_' | '&' if character != '_' && character != '&' => {
                let _ = write!(out, "%{:02X}", u32::from(character));
            }
            _ if character.is_control() => {}
            _ => out.push(character),
        }
    }
    if !plain {
        out.push('>');
    }
}
