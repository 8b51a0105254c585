//! What a decoder writes to.

use tamis_span::{RuleIndex, Segment, SegmentMap, TextSize};

use crate::{Rule, StageRules};

/// Builds a text and its segment map from raw bytes, run by run, from the first byte to the last.
#[derive(Debug)]
pub struct TextBuilder<'a> {
    text: &'a mut String,
    map: &'a mut SegmentMap,
    rules: StageRules,
    undeclared: Option<&'static str>,
}

impl<'a> TextBuilder<'a> {
    /// A builder that appends to `text` and `map`.
    pub fn new(text: &'a mut String, map: &'a mut SegmentMap, rules: StageRules) -> Self {
        Self { text, map, rules, undeclared: None }
    }

    /// The next raw bytes are `text` as they stand.
    pub fn kept(&mut self, text: &str) {
        self.text.push_str(text);
        self.map.push(Segment::kept(TextSize::of(text.len()).to_u32()));
    }

    /// The next `raw_len` raw bytes are `text` in another encoding, `unit` raw bytes for each code point.
    pub fn transcoded(&mut self, raw_len: usize, text: &str, unit: u8) {
        self.text.push_str(text);
        self.map.push(Segment::transcoded(
            TextSize::of(raw_len).to_u32(),
            TextSize::of(text.len()).to_u32(),
            unit,
        ));
    }

    /// For the next `raw_len` raw bytes stands `text`, by `rule`.
    pub fn replaced(&mut self, raw_len: usize, text: &str, rule: &'static Rule) {
        self.text.push_str(text);
        let index = self.rules.index(rule).unwrap_or_else(|| {
            self.undeclared = Some(rule.id);
            RuleIndex::NONE
        });
        self.map.push(Segment::edited(
            TextSize::of(raw_len).to_u32(),
            TextSize::of(text.len()).to_u32(),
            index,
            None,
        ));
    }

    /// Nothing stands for the next `raw_len` raw bytes, by `rule`.
    pub fn removed(&mut self, raw_len: usize, rule: &'static Rule) {
        self.replaced(raw_len, "", rule);
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        self.text
    }

    /// A rule that was used and is not declared.
    pub(crate) fn undeclared(&self) -> Option<&'static str> {
        self.undeclared
    }
}
