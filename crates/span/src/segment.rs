//! One piece of the segment map.

/// The place of a rule in a plan's table of rules.
///
/// The ground floor knows no rule by name: the plan interns them, 16 bits a segment instead of a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIndex(u16);

impl RuleIndex {
    /// Of segments that no rule made: kept and transcoded ones.
    pub const NONE: Self = Self(u16::MAX);

    /// The rule at `index` of the plan's table.
    pub const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The index, `None` for [`RuleIndex::NONE`].
    pub const fn get(self) -> Option<usize> {
        if self.0 == u16::MAX { None } else { Some(self.0 as usize) }
    }
}

/// How a run of raw bytes became a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// The text has the raw bytes as they are.
    Kept,
    /// The text was decoded from another encoding, `unit` raw bytes for each code point of the run.
    ///
    /// A constant unit makes offsets inside the run a matter of counting code points: no second decoder, no table.
    /// A single-byte file is one such run; Shift_JIS alternates between units 1 and 2.
    Transcoded {
        /// Raw bytes for each code point: 1 to 4.
        unit: u8,
    },
    /// Other text stands for the raw bytes.
    Replaced,
    /// Nothing stands for the raw bytes.
    Removed,
    /// The text has no raw bytes behind it.
    Inserted,
}

/// A run of raw bytes, the run of text that stands for it, and the rule that made it so.
///
/// Invariants, kept by [`SegmentMap::push`](crate::SegmentMap::push), the only way into a map:
/// kept ⇒ equal lengths; transcoded ⇒ `raw_len` is a multiple of the unit; removed ⇒ no text; inserted ⇒ no raw
/// bytes; replaced ⇒ both; only kept and transcoded segments have no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Raw bytes covered.
    pub raw_len: u32,
    /// Bytes of text covered.
    pub text_len: u32,
    /// The rule that made the segment, [`RuleIndex::NONE`] when kept or transcoded.
    pub rule: RuleIndex,
    /// What happened.
    pub kind: SegmentKind,
    /// The rule's evidence against its stage's threshold; `None` for rules that do not weigh.
    pub score: Option<i16>,
}

impl Segment {
    /// A run kept as it is.
    pub const fn kept(len: u32) -> Self {
        Self { raw_len: len, text_len: len, rule: RuleIndex::NONE, kind: SegmentKind::Kept, score: None }
    }

    /// A run decoded at `unit` raw bytes for each code point.
    pub const fn transcoded(raw_len: u32, text_len: u32, unit: u8) -> Self {
        Self { raw_len, text_len, rule: RuleIndex::NONE, kind: SegmentKind::Transcoded { unit }, score: None }
    }

    /// A run made by a rule: replaced, removed or inserted, as the lengths tell.
    pub const fn edited(raw_len: u32, text_len: u32, rule: RuleIndex, score: Option<i16>) -> Self {
        let kind = match (raw_len, text_len) {
            (0, _) => SegmentKind::Inserted,
            (_, 0) => SegmentKind::Removed,
            _ => SegmentKind::Replaced,
        };
        Self { raw_len, text_len, rule, kind, score }
    }

    /// Whether raw bytes reach the text through decoding alone.
    pub const fn is_kept(&self) -> bool {
        matches!(self.kind, SegmentKind::Kept | SegmentKind::Transcoded { .. })
    }

    /// Whether `next` continues this segment, so that both are better told as one.
    ///
    /// Replacements never merge: two of one character each map back to one character each.
    pub(crate) fn continued_by(&self, next: &Self) -> bool {
        self.kind == next.kind
            && self.rule == next.rule
            && self.score == next.score
            && self.kind != SegmentKind::Replaced
    }
}
