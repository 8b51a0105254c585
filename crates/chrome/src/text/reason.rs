//! Names the rule that condemned a unit.
//!
//! The verdict is a sum; the rule is the strongest thing a person can see in the unit itself, then in what stands
//! above it, then its place.

use crate::phrases::Category;
use crate::rules::{self, Rule};

use super::place::{Outline, Place};
use super::sign::{Last, Signs};
use super::unit::Unit;

/// The category behind a one-based index; 0 is none.
fn category(index: u8) -> Option<Category> {
    Category::ALL.get(index.checked_sub(1)? as usize).copied()
}

/// How many units a label of comments, and a label of related articles or of an event, stands for.
const UNDER_COMMENTS: u32 = 40;
const UNDER_LABEL: u32 = 15;

/// The rule for a unit that goes.
pub(crate) fn name(unit: &Unit, place: &Place, outline: &Outline, at: usize) -> &'static Rule {
    let sum = &unit.sum;
    let (start, end) = outline.core;
    let (inside, after) = (at >= start && at < end, at >= end);
    // What the words say, when they say little else.
    if let Some(category) = category(place.label) {
        return rules::of(category);
    }
    if sum.tokens > 0
        && unit.share(sum.numbers) >= 40
        && (sum.signs.has(Signs::PERCENT) || sum.signs.has(Signs::MONEY))
    {
        return &rules::TICKER;
    }
    // A sentence cut short, or one that ends in "read more".
    let read_more = matches!(category(sum.closes), Some(Category::ReadMore | Category::Related));
    if place.words > 4 && (read_more || sum.last == Last::Ellipsis) {
        return &rules::TEASER_LIST;
    }
    if sum.signs.has(Signs::COPYRIGHT) {
        return &rules::LEGAL_NOTICE;
    }
    // What stands above it.
    let [comments, related, event, _] = place.since;
    let labels = [
        (comments, UNDER_COMMENTS, &rules::COMMENTS),
        (related, UNDER_LABEL, &rules::READ_ALSO),
        (event, UNDER_LABEL, &rules::EVENT_DETAILS),
    ];
    let near = labels.into_iter().filter(|(since, reach, _)| since <= reach);
    if let Some((_, _, rule)) = near.min_by_key(|&(since, ..)| since) {
        return rule;
    }
    // What it starts with.
    if let Some(category) = category(sum.opens).filter(|_| place.words <= 40) {
        return rules::of(category);
    }
    // Its place.
    if unit.repeats > 1 {
        &rules::REPEATED_LINE
    } else if inside {
        &rules::INSET
    } else if !after && place.words <= 5 {
        &rules::NAVIGATION
    } else {
        &rules::OUTSIDE
    }
}
