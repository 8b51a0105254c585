//! What normalisation wants changed.

use tamis_core::{Rule, Span};

/// One change: the bytes under `span` give way to other text.
#[derive(Debug, Clone, Copy)]
pub struct Edit {
    /// Bytes of the text.
    pub span: Span,
    /// Why.
    pub rule: &'static Rule,
    start: usize,
    end: usize,
}

/// Changes to one text, ascending and disjoint. Keeps its memory when cleared.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    list: Vec<Edit>,
    arena: String,
}

impl Edits {
    /// Forgets all changes.
    pub fn clear(&mut self) {
        self.list.clear();
        self.arena.clear();
    }

    /// Nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The changes, each with the text that takes the place of its span.
    pub fn iter(&self) -> impl Iterator<Item = (&Edit, &str)> {
        self.list.iter().map(|edit| (edit, self.arena.get(edit.start..edit.end).unwrap_or_default()))
    }

    /// The text after the changes.
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (edit, replacement) in self.iter() {
            out.push_str(text.get(at..edit.span.start().to_usize()).unwrap_or_default());
            out.push_str(replacement);
            at = edit.span.end().to_usize();
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }

    pub(crate) fn replace(&mut self, start: usize, end: usize, text: &str, rule: &'static Rule) {
        if start == end && text.is_empty() {
            return;
        }
        let from = self.arena.len();
        self.arena.push_str(text);
        self.list.push(Edit { span: Span::of(start, end), rule, start: from, end: self.arena.len() });
    }

    /// Removes bytes; touching removals by one rule are one.
    pub(crate) fn remove(&mut self, start: usize, end: usize, rule: &'static Rule) {
        if let Some(last) = self.list.last_mut()
            && last.start == last.end
            && last.span.end().to_usize() == start
            && std::ptr::eq(last.rule, rule)
        {
            last.span = Span::of(last.span.start().to_usize(), end);
            return;
        }
        self.replace(start, end, "", rule);
    }

    /// Removes a character at `start..end` that lies before the last removals. Where an edit has rewritten it, with others
    /// before it, the last character of what that edit writes goes.
    pub(crate) fn remove_earlier(&mut self, start: usize, end: usize, rule: &'static Rule) {
        let after = self.list.partition_point(|edit| edit.span.start().to_usize() < end);
        let rewritten = after.checked_sub(1).and_then(|place| self.list.get_mut(place));
        if let Some(edit) = rewritten.filter(|edit| edit.span.end().to_usize() > start) {
            let written = self.arena.get(edit.start..edit.end).unwrap_or_default();
            edit.end -= written.chars().next_back().map_or(0, char::len_utf8);
            if edit.start == edit.end {
                edit.rule = rule;
            }
            return;
        }
        let tail = self.list.split_off(after);
        self.remove(start, end, rule);
        self.list.extend(tail);
    }
}
