//! Which elements are open: end tags, told and implied.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody>, less what needs a tree: a
//! formatting element never parts a block, and an inline end tag never closes one.

use super::page::Open;
use super::stream::{COUNTS, Reader};
use super::tag::Tag;

impl Reader<'_, '_> {
    /// Whether an element of this name may be open.
    fn maybe_open(&self, hash: u32) -> bool {
        self.stream.counts.get(hash as usize % COUNTS).is_some_and(|count| *count > 0)
    }

    pub(super) fn pop(&mut self) {
        // The root stays.
        if self.stream.stack.len() <= 1 {
            return;
        }
        if let Some(open) = self.stream.stack.pop() {
            self.forget(open);
        }
    }

    fn forget(&mut self, open: Open) {
        let elements = self.stream.elements.len() as u32;
        let blocks = self.stream.blocks.len() as u32;
        if let Some(element) = self.stream.elements.get_mut(open.element as usize) {
            element.end = elements;
            element.end_block = blocks;
        }
        if let Some(count) = self.stream.counts.get_mut(open.hash as usize % COUNTS) {
            *count -= 1;
        }
        if self.link == Some(open.element) {
            self.link = None;
        }
    }

    fn pop_to(&mut self, depth: usize) {
        while self.stream.stack.len() > depth {
            self.pop();
        }
    }

    /// Closes the innermost of `tags` unless one of `barriers` stands before it.
    fn close_nearest(&mut self, tags: &[Tag], barriers: fn(Tag) -> bool) {
        if !tags.iter().any(|tag| self.maybe_open(*tag as u32)) {
            return;
        }
        let found = self.stream.stack.iter().rposition(|open| tags.contains(&open.tag) || barriers(open.tag));
        if let Some(depth) = found
            && depth > 0
            && self.stream.stack.get(depth).is_some_and(|open| tags.contains(&open.tag))
        {
            self.pop_to(depth);
        }
    }

    pub(super) fn close_paragraph(&mut self) {
        self.close_nearest(&[Tag::P], |tag| tag.is_scope() || tag == Tag::Button);
    }

    /// The end tags that a start tag implies.
    pub(super) fn imply_ends(&mut self, tag: Tag) {
        match tag {
            Tag::Li => self.close_nearest(&[Tag::Li], |tag| {
                tag.is_scope() || matches!(tag, Tag::Ul | Tag::Ol | Tag::Menu | Tag::Dir)
            }),
            Tag::Dt | Tag::Dd => {
                self.close_nearest(&[Tag::Dt, Tag::Dd], |tag| tag.is_scope() || tag == Tag::Dl);
            }
            Tag::Td | Tag::Th => {
                self.close_nearest(&[Tag::Td, Tag::Th], |tag| matches!(tag, Tag::Table | Tag::Tr));
                return;
            }
            Tag::Tr => {
                self.close_nearest(&[Tag::Tr], |tag| matches!(tag, Tag::Table));
                return;
            }
            Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                self.close_nearest(&[Tag::Tbody, Tag::Thead, Tag::Tfoot, Tag::Caption], |tag| {
                    tag == Tag::Table
                });
                return;
            }
            Tag::Option | Tag::Optgroup => {
                return self.close_nearest(&[Tag::Option], |tag| matches!(tag, Tag::Select | Tag::Optgroup));
            }
            Tag::Body | Tag::Html | Tag::Head => {
                // Late ones add attributes to the first and open nothing; harmless as elements.
                return;
            }
            _ if tag.is_heading() => {
                const HEADINGS: &[Tag] = &[Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6];
                if HEADINGS.contains(&self.top().tag) {
                    self.pop();
                }
            }
            Tag::Select | Tag::Button | Tag::Colgroup | Tag::Other => return,
            _ => {}
        }
        self.close_paragraph();
    }

    pub(super) fn close(&mut self) {
        let tag = self.scanner.tag;
        self.linked_data = false;
        self.in_title = false;
        if tag.is_formatting() {
            return;
        }
        if tag == Tag::Br {
            return self.break_block();
        }
        if tag.is_void() || tag.is_raw() {
            return;
        }
        if !tag.is_inline() {
            self.break_block();
        }
        // Markup after `</body>` belongs to the body still.
        if matches!(tag, Tag::Body | Tag::Html) {
            return;
        }
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        if tag == Tag::A {
            if self.link.is_some() {
                self.close_link();
            } else {
                self.close_inline(tag, self.scanner.name_hash);
            }
            return;
        }
        let hash = self.scanner.name_hash;
        if matches!(tag, Tag::Span | Tag::Label | Tag::Code | Tag::Time | Tag::Slot) {
            return self.close_inline(tag, hash);
        }
        if !self.maybe_open(hash) {
            return;
        }
        let is_it =
            |open: &Open| open.hash == hash && open.tag == tag || tag.is_heading() && open.tag.is_heading();
        let mut found = None;
        for (depth, open) in self.stream.stack.iter().enumerate().skip(1).rev() {
            if is_it(open) {
                found = Some(depth);
                break;
            }
            if open.tag.is_scope() && !tag.is_table_part() || open.tag == Tag::Table {
                break;
            }
        }
        if let Some(depth) = found {
            self.pop_to(depth);
        }
    }

    /// An inline end tag closes its element only when no block stands between.
    fn close_inline(&mut self, tag: Tag, hash: u32) {
        if !self.maybe_open(hash) {
            return;
        }
        for (depth, open) in self.stream.stack.iter().enumerate().skip(1).rev() {
            if open.tag == tag && open.hash == hash {
                return self.pop_to(depth);
            }
            if !open.tag.is_inline() {
                return;
            }
        }
    }

    /// Ends the open link, wherever it stands in the stack.
    pub(super) fn close_link(&mut self) {
        let Some(link) = self.link.take() else { return };
        if let Some(depth) = self.stream.stack.iter().rposition(|open| open.element == link) {
            let above_is_inline = self.stream.stack.iter().skip(depth + 1).all(|open| open.tag.is_inline());
            if above_is_inline {
                self.pop_to(depth);
            } else {
                let open = self.stream.stack.remove(depth);
                self.forget(open);
            }
        }
    }
}
