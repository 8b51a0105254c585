//! The second sheet of evidence: a unit in its place, beside the sums of its neighbours, the labels above it and the core
//! of the document.

use crate::phrases::Category;

use super::evidence::{CATEGORIES, SCALE, Sheet, Sum, alone, bin, label};
use super::sign::{First, Last};
use super::unit::Unit;

/// Adds up two sets of weights over the same bins.
#[derive(Debug)]
struct Twice<'a> {
    first: Sum<'a>,
    second: Sum<'a>,
}

impl Sheet for Twice<'_> {
    #[inline]
    fn field(&mut self, name: &'static str, bins: u32, bin: u32) {
        self.first.field(name, bins, bin);
        self.second.field(name, bins, bin);
    }

    #[inline]
    fn absent(&mut self, names: &[&'static str], bins: u32) {
        self.first.absent(names, bins);
        self.second.absent(names, bins);
    }
}

/// The bin of a sum of weights between ascending bounds, in quarters of a unit of log-odds.
#[inline]
fn level(score: i32, bounds: &[i32]) -> u32 {
    bounds.iter().map(|&bound| u32::from(score >= bound * (SCALE / 4))).sum()
}

const FINE: &[i32] = &[-20, -16, -12, -8, -5, -2, 0, 2, 5, 8, 12, 16, 20];
const COARSE: &[i32] = &[-14, -8, -3, 0, 3, 8, 14];
const FINE_BINS: u32 = FINE.len() as u32 + 1;
const COARSE_BINS: u32 = COARSE.len() as u32 + 1;

/// What is known of a unit once the whole document has been looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    /// Sum of the first sheet: how much the unit looks like prose by itself.
    pub(crate) alone: i32,
    /// Sum of the first sheet with the weights it has beside the second.
    pub(crate) anew: i32,
    /// The bins of `alone`.
    fine: u32,
    coarse: u32,
    /// Length and end in one number.
    pub(crate) shape: u32,
    /// [`label`].
    pub(crate) label: u32,
    /// Words of prose in the units before it.
    pub(crate) prose_before: u32,
    /// Units since a label of comments, of related articles, of an event or ticker, of another end of the article.
    pub(crate) since: [u32; SECTIONS],
    pub(crate) words: u32,
    /// Share of its content words that the core uses elsewhere, in percent; `None` if it has none.
    pub(crate) shared: Option<u32>,
}

/// The core of a document and its sums.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outline {
    /// First and one past the last unit of the core.
    pub(crate) core: (usize, usize),
    /// Words in units that look like prose.
    pub(crate) prose: u32,
    /// Units that look like prose, in percent.
    pub(crate) share: u32,
}

/// How many kinds of labels open a section that is not the article's.
const SECTIONS: usize = 4;

/// "Long ago", for [`Place::since`].
const NEVER: u32 = 1 << 20;

/// Looks at the whole document: fills `places`, returns its outline.
pub(crate) fn survey(units: &[Unit], weights: &[i16], anew: &[i16], places: &mut Vec<Place>) -> Outline {
    places.clear();
    let mut outline = Outline::default();
    let mut since = [NEVER; SECTIONS];
    let (mut good, mut sum, mut start, mut best) = (0_u32, 0_i64, 0, 0_i64);
    for (index, unit) in units.iter().enumerate() {
        let mut sheets = Twice { first: Sum::new(weights), second: Sum::new(anew) };
        alone(unit, &mut sheets);
        let Twice { first: sheet, second } = sheets;
        let words = unit.words();
        let label = label(unit);
        let long = bin(words, &[3, 6, 11, 21, 41]);
        let ends = match unit.sum.last {
            Last::Terminal | Last::Quoted => 2,
            Last::Ellipsis | Last::Colon | Last::Comma | Last::Closing => 1,
            Last::Open | Last::Other => 0,
        };
        places.push(Place {
            alone: sheet.total,
            anew: second.total,
            fine: level(sheet.total, FINE),
            coarse: level(sheet.total, COARSE),
            shape: long * 3 + ends,
            label,
            prose_before: outline.prose,
            since,
            words,
            shared: None,
        });
        let section = match label.checked_sub(1).and_then(|at| Category::ALL.get(at as usize)) {
            Some(Category::Comments) => Some(0),
            Some(Category::Related | Category::ReadMore) => Some(1),
            Some(Category::Event | Category::Ticker) => Some(2),
            Some(
                Category::Newsletter
                | Category::Legal
                | Category::Paywall
                | Category::Breadcrumb
                | Category::Share,
            ) => Some(3),
            _ => None,
        };
        for (at, count) in since.iter_mut().enumerate() {
            *count = if outline.prose > 0 && section == Some(at) { 0 } else { count.saturating_add(1) };
        }
        if sheet.total > 0 {
            good += 1;
            outline.prose += words;
        }
        // The core is the run of units with the greatest sum: prose adds, chrome takes away, so it bridges a short
        // gap (a link to another article) and stops before a long one. Paragraphs count by the square of their
        // length: a page of teasers has as many words as the article, in shorter pieces.
        let bulk = if sheet.total > 0 { words.min(80).pow(2) / 40 } else { words.min(8) };
        let value = i64::from(sheet.total.clamp(-3 * SCALE, 3 * SCALE)) * i64::from(2 + bulk);
        if sum <= 0 {
            (sum, start) = (0, index);
        }
        sum += value;
        if sum > best {
            best = sum;
            outline.core = (start, index + 1);
        }
    }
    outline.share = (good * 100).checked_div(units.len() as u32).unwrap_or(0);
    outline
}

/// Short, and no phrase of chrome.
fn is_heading(unit: &Unit, place: &Place) -> bool {
    matches!(unit.sum.first, First::Upper | First::Digit | First::Quote | First::Ideograph)
        && place.words <= 20
        && place.label == 0
        && matches!(unit.sum.last, Last::Open | Last::Closing | Last::Quoted | Last::Terminal)
}

/// May it be the title? A heading above the core that shares its words.
pub(crate) fn is_title(unit: &Unit, place: &Place, outline: Outline, at: usize) -> bool {
    at < outline.core.0
        && place.words >= 3
        && place.shared.is_some_and(|share| share >= 33)
        && is_heading(unit, place)
}

/// The unit in its place.
pub(crate) fn in_place(
    units: &[Unit],
    places: &[Place],
    outline: Outline,
    at: usize,
    sheet: &mut impl Sheet,
) {
    let nothing = Place::default();
    let place_at = |distance: isize| {
        at.checked_add_signed(distance).and_then(|at| places.get(at)).copied().unwrap_or(nothing)
    };
    let exists = |distance: isize| at.checked_add_signed(distance).is_some_and(|at| at < places.len());
    let fine = |distance| if exists(distance) { 1 + place_at(distance).fine } else { 0 };
    let rough = |distance| if exists(distance) { 1 + place_at(distance).coarse } else { 0 };
    let own = place_at(0);
    let Some(unit) = units.get(at) else { return };
    let short = bin(own.words, &[5, 13]);
    let coarse = own.coarse;
    sheet.field("alone", FINE_BINS, own.fine);
    for (name, distance) in [
        ("alone -3", -3),
        ("alone -2", -2),
        ("alone -1", -1),
        ("alone +1", 1),
        ("alone +2", 2),
        ("alone +3", 3),
    ] {
        sheet.field(name, FINE_BINS + 1, fine(distance));
    }
    let pair = COARSE_BINS * (COARSE_BINS + 1);
    sheet.field("alone, before", pair, coarse * (COARSE_BINS + 1) + rough(-1));
    sheet.field("alone, after", pair, coarse * (COARSE_BINS + 1) + rough(1));
    for (name, distance) in [("shape, before", -1), ("shape, after", 1)] {
        let other = if exists(distance) { 1 + place_at(distance).shape } else { 0 };
        sheet.field(name, 18 * 19, own.shape * 19 + other);
    }
    let same = [-3, -2, 2, 3].iter().filter(|&&d| exists(d) && place_at(d).shape == own.shape).count() as u32;
    sheet.field("pattern", 15, short * 5 + same);
    for (name, distance) in [("label -1", -1), ("label -2", -2), ("label +1", 1)] {
        sheet.field(name, 3 * CATEGORIES, short * CATEGORIES + place_at(distance).label);
    }
    let window = |range: [isize; 5]| {
        let prose: u32 = range.iter().map(|&d| place_at(d)).filter(|p| p.alone > 0).map(|p| p.words).sum();
        bin(prose, &[1, 15, 40, 100, 200])
    };
    let nearby = window([-5, -4, -3, -2, -1]) * 6 + window([1, 2, 3, 4, 5]);
    sheet.field("prose nearby", 36, nearby);
    sheet.field("prose nearby, short", 36 * 3, nearby * 3 + short);

    let (start, end) = outline.core;
    let distance = |units: usize| bin(units as u32, &[1, 2, 3, 5, 9, 20]);
    let relation = if at < start {
        distance(start - at)
    } else if at >= end {
        7 + distance(at - end + 1)
    } else {
        14 + bin((at - start) as u32, &[1, 2, 4]) * 4 + bin((end - 1 - at) as u32, &[1, 2, 4])
    };
    sheet.field("core", 30, relation);
    sheet.field("core, alone", 30 * COARSE_BINS, relation * COARSE_BINS + coarse);
    let side = if at < start { 0 } else { u32::from(at >= end) + 1 };
    sheet.field("core, shape", 54, side * 18 + own.shape);
    let shared = own.shared.map_or(0, |share| 1 + bin(share, &[1, 10, 20, 33, 50, 75]));
    let length = bin(own.words, &[4, 13, 30]);
    sheet.field("shared words", 8 * 12, (side * 4 + length) * 8 + shared);
    sheet.field("shared words, alone", 8 * COARSE_BINS, shared * COARSE_BINS + coarse);
    let permille = (u64::from(own.prose_before) * 1000 / u64::from(outline.prose.max(1))) as u32;
    let portion = bin(permille, &[1, 20, 60, 150, 400, 700, 900, 960, 990]);
    sheet.field("portion", 10, portion);
    sheet.field("portion, alone", 10 * COARSE_BINS, portion * COARSE_BINS + coarse);
    let clean = bin(outline.share, &[15, 30, 50, 75]);
    sheet.field("clean page", 5 * COARSE_BINS, clean * COARSE_BINS + coarse);
    let from_start = bin(at as u32, &[1, 2, 4, 8]);
    let from_end = bin((units.len() - 1 - at.min(units.len() - 1)) as u32, &[1, 2, 4, 8]);
    sheet.field("from the start", 25, clean * 5 + from_start);
    sheet.field("from the end", 25, clean * 5 + from_end);
    let names: [[&str; 2]; SECTIONS] = [
        ["since comments", "since comments, alone"],
        ["since related", "since related, alone"],
        ["since event", "since event, alone"],
        ["since other labels", "since other labels, alone"],
    ];
    for ([name, joint], since) in names.into_iter().zip(own.since) {
        let since = bin(since, &[1, 2, 4, 9, 21, NEVER]);
        sheet.field(name, 7, since);
        sheet.field(joint, 7 * COARSE_BINS, since * COARSE_BINS + coarse);
    }
    let heading = is_heading(unit, &own);
    let prose = |distance: isize| {
        let place = place_at(distance);
        u32::from(place.alone > 2 * SCALE && place.words >= 20)
    };
    let next_to_prose =
        prose(-1) + 2 * prose(1) + 4 * u32::from(unit.blank_before) + 8 * u32::from(unit.sum.bullet);
    sheet.field("heading", 17, if heading { 1 + next_to_prose } else { 0 });
    // A title stands a little above the article and shares its words.
    let title = heading && at < start && own.words >= 3;
    let above = bin((start - at.min(start)) as u32, &[2, 3, 5, 9, 20]);
    let topic = bin(own.shared.unwrap_or(0), &[20, 40, 66]);
    sheet.field("title", 25, if title { 1 + above * 4 + topic } else { 0 });
    sheet.field("title, clean page", 21, if title { 1 + clean * 4 + topic } else { 0 });
}
