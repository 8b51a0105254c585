//! Adds up number words and figures, and refuses sequences no language builds.
//!
//! A number is a sum of groups below 1000, each times a scale, scales falling: "deux millions | trois cent mille |
//! quinze". The builder keeps what the current group may still take, so "vingt trente" is two numbers, not fifty.
//! Scales may also multiply what stands before them ("mil millones", "cinquante mille millions").

use tamis_core::Decimal;

use crate::lexicon::{NumberGrammar, Sense};

/// A value, or `None`: more digits than a [`Decimal`] holds. Too long stays too long whatever is added.
#[derive(Clone, Copy)]
struct Sum(Option<Decimal>);

impl Sum {
    fn plus(self, other: Self) -> Self {
        Self(self.0.zip(other.0).and_then(|(a, b)| a.plus(b)))
    }

    fn shifted(self, places: u8) -> Self {
        Self(self.0.and_then(|value| value.shifted(places)))
    }
}

/// Groups with different scales a number may have: up to 10^18 by steps of 10^3, lakhs and crores between.
const GROUPS: usize = 10;

/// A number being read.
#[derive(Clone, Copy)]
pub(crate) struct Builder {
    grammar: NumberGrammar,
    /// Finished groups: (scale, value with scale applied), scales falling.
    groups: [(u8, Sum); GROUPS],
    count: usize,
    /// The group below 1000 being read, and whether anything of it was read.
    group: u32,
    open: bool,
    /// What the next word must stay below to fit into the group: 1000, 100, 10 or 1.
    room: u32,
    /// A number in figures that is no group: decimals, or 1000 and more.
    figures: Option<Sum>,
    /// "dix" was read last: it takes 7 to 9 only.
    ten: bool,
    /// Only zeros were read, as words: "zéro quatre".
    zero: bool,
    /// "und" was read between a unit and its ten.
    unit_and: bool,
    /// Scale of the last group, for "et demi".
    last_scale: u8,
    /// The group so far is an article.
    article: bool,
    /// A half closed the number.
    closed: bool,
}

impl Builder {
    pub(crate) fn new(grammar: NumberGrammar) -> Self {
        Self {
            grammar,
            groups: [(0, Sum(None)); GROUPS],
            count: 0,
            group: 0,
            open: false,
            room: 1000,
            figures: None,
            ten: false,
            zero: false,
            unit_and: false,
            last_scale: 0,
            article: false,
            closed: false,
        }
    }

    /// Takes a number in figures. Only at the head of a number, or of a group after a scale.
    pub(crate) fn figures(&mut self, value: Option<Decimal>) -> bool {
        if self.open || self.closed {
            return false;
        }
        self.open = true;
        match value {
            Some(v) if v.scale() == 0 && (0..1000).contains(&v.mantissa()) => {
                self.group = v.mantissa() as u32;
                self.room = 0;
            }
            _ => self.figures = Some(Sum(value)),
        }
        true
    }

    /// Takes a word, or refuses it: then the number ends before it.
    pub(crate) fn take(&mut self, sense: Sense) -> bool {
        if self.closed {
            return false;
        }
        match sense {
            Sense::Number(n) => self.below_thousand(u32::from(n)),
            Sense::Article(n) => {
                let first = !self.open;
                let taken = self.below_thousand(u32::from(n));
                self.article |= taken && first && self.count == 0;
                taken
            }
            Sense::Hundred => self.hundred(),
            Sense::Scale(scale) => self.scale(scale),
            Sense::And => {
                // Inside a compound: "drei|und|zwanzig", "tausend|und|eins".
                self.unit_and = self.open && (1..10).contains(&(self.group % 100)) && self.room == 1;
                true
            }
            Sense::Tenths(n) if !self.open && self.count == 0 => {
                self.open = true;
                self.figures = Some(Sum(Some(Decimal::new(i128::from(n), 1))));
                true
            }
            Sense::WithHalf => self.and_half(),
            _ => false,
        }
    }

    /// "… and" before a word: whether the pair continues the number.
    pub(crate) fn take_after_and(&mut self, sense: Sense) -> bool {
        if matches!(sense, Sense::Half | Sense::WithHalf) {
            return self.and_half();
        }
        if self.figures.is_some() || self.closed {
            return false;
        }
        let (Sense::Number(n) | Sense::Article(n)) = sense else {
            // "duas mil e cem": hundreds are numbers there; elsewhere "and hundred" starts something else.
            return self.grammar.and_anywhere
                && matches!(sense, Sense::Scale(3))
                && self.count > 0
                && !self.open
                && self.take(sense);
        };
        let grammar = self.grammar;
        let in_tens = self.open && self.room == 10 || grammar.score_tens && self.open && self.room == 20;
        let allowed = if grammar.score_tens {
            in_tens && matches!(n, 1 | 11)
        } else if grammar.units_first && self.open && (1..10).contains(&(self.group % 100)) && self.room == 1
        {
            self.unit_and = true;
            n >= 20
        } else if grammar.and_anywhere {
            true
        } else if grammar.and_after_tens {
            in_tens
        } else {
            grammar.and_after_hundred && (self.open && self.room == 100 || !self.open && self.count > 0)
        };
        allowed && self.take(Sense::Number(n))
    }

    fn below_thousand(&mut self, n: u32) -> bool {
        if self.figures.is_some() {
            return false;
        }
        let unit = self.group % 10;
        if self.grammar.score_tens && n == 20 && self.open && self.group % 100 == 4 && self.room == 1 {
            // "quatre-vingts".
            self.group += 76;
            self.room = 20;
        } else if self.unit_and
            && (20..100).contains(&n)
            && n.is_multiple_of(10)
            && self.room == 1
            && unit > 0
        {
            self.group += n;
            self.room = 0;
        } else if self.ten && !(7..10).contains(&n) {
            // After "dix" only "dix-sept" to "dix-neuf".
            return false;
        } else if self.zero && n < 10 || n < self.room || !self.open {
            if self.open && n == 0 && !self.zero {
                return false;
            }
            self.zero = n == 0;
            self.ten = self.grammar.score_tens && n == 10;
            self.group += n;
            self.room = match n {
                1..10 => 1,
                10 if self.grammar.score_tens => 10,
                0..20 => 0,
                20..100 if n.is_multiple_of(10) => {
                    if self.grammar.score_tens && n == 60 {
                        20
                    } else {
                        10
                    }
                }
                _ if n.is_multiple_of(100) => 100,
                _ => 0,
            };
        } else {
            return false;
        }
        self.open = true;
        self.unit_and = false;
        true
    }

    fn hundred(&mut self) -> bool {
        if self.figures.is_some() {
            return false;
        }
        if self.open {
            let counted = if self.grammar.score_tens { 2..20 } else { 1..100 };
            if !counted.contains(&self.group) {
                return false;
            }
            self.group *= 100;
        } else {
            self.group = 100;
        }
        self.open = true;
        self.room = 100;
        true
    }

    fn scale(&mut self, scale: u8) -> bool {
        let mut sum = self.pending();
        // What stands before a larger scale is multiplied by it: "mil | millones".
        let mut kept = self.count;
        while let Some((smaller, value)) = kept.checked_sub(1).and_then(|i| self.groups.get(i)).copied() {
            if smaller >= scale {
                break;
            }
            // Only thousands count larger scales.
            if smaller != 3 {
                return false;
            }
            sum = Some(match sum {
                Some(sum) => sum.plus(value),
                None => value,
            });
            kept -= 1;
        }
        if kept.checked_sub(1).and_then(|i| self.groups.get(i)).is_some_and(|(last, _)| *last <= scale) {
            return false;
        }
        let sum = match sum {
            Some(sum) => sum,
            // "mil", "mille", "a" thousand of its own; a million always has a number before it.
            None if scale == 3 => Sum(Some(Decimal::new(1, 0))),
            None => return false,
        };
        let Some(slot) = self.groups.get_mut(kept) else { return false };
        *slot = (scale, sum.shifted(scale));
        self.count = kept + 1;
        (self.group, self.open, self.room, self.figures, self.unit_and) = (0, false, 1000, None, false);
        (self.ten, self.zero) = (false, false);
        self.last_scale = scale;
        true
    }

    /// "milliards de milliards": the scale of a scale.
    pub(crate) fn scale_of_scale(&mut self, scale: u8) -> bool {
        if self.open || self.closed || self.count != 1 || self.last_scale < 6 || scale < 6 {
            return false;
        }
        let Some((first, value)) = self.groups.first_mut() else { return false };
        *value = value.shifted(scale);
        *first = first.saturating_add(scale);
        self.last_scale = *first;
        true
    }

    /// "and a half": of the last scale, or of one.
    fn and_half(&mut self) -> bool {
        if self.closed || self.figures.is_some() || (!self.open && self.count == 0) {
            return false;
        }
        let half = Sum(Some(Decimal::new(5, 1)));
        if self.open {
            // A scale may follow: "zwei und eine halbe Million".
            self.figures = self.pending().map(|whole| whole.plus(half));
        } else if let Some(slot) = self.count.checked_sub(1).and_then(|i| self.groups.get_mut(i)) {
            slot.1 = slot.1.plus(half.shifted(self.last_scale));
            self.closed = true;
        }
        true
    }

    /// The open group, if any.
    fn pending(&self) -> Option<Sum> {
        let group = || self.open.then(|| Sum(Some(Decimal::new(i128::from(self.group), 0))));
        self.figures.or_else(group)
    }

    /// Sets the fraction digits read after a "point" word.
    pub(crate) fn fraction(&mut self, digits: i128, places: u8) {
        let value = Sum(self.value()).plus(Sum(Some(Decimal::new(digits, places))));
        self.count = 0;
        self.open = true;
        self.figures = Some(value);
    }

    /// The number read so far; `None` when it does not fit.
    pub(crate) fn value(&self) -> Option<Decimal> {
        let groups = self.groups.get(..self.count)?.iter().map(|(_, value)| *value);
        groups.chain(self.pending()).fold(Sum(Some(Decimal::new(0, 0))), Sum::plus).0
    }

    /// The largest scale word read, as a power of ten; 0 without one.
    pub(crate) fn largest_scale(&self) -> u8 {
        self.groups.get(..self.count).and_then(<[_]>::first).map_or(0, |(scale, _)| *scale)
    }

    /// The scale word read last, as a power of ten.
    pub(crate) fn last_scale(&self) -> u8 {
        self.last_scale
    }

    /// Whether a group waits for its scale or end, and no scale was read since.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether nothing but an article was read.
    pub(crate) fn is_article(&self) -> bool {
        self.article && self.count == 0 && self.group == 1 && self.figures.is_none()
    }
}
