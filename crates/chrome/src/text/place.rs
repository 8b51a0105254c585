//! The second sheet of evidence: a unit in its place, beside the sums of its neighbours, the labels above it and the core
//! of the document.

use crate::phrases::Category;

use super::earlier::Earlier;
use super::evidence::{self, CATEGORIES, alone, label, short};
use super::sheet::{Field, PairSum, Pairs, SCALE, Sheet, bin, look_up, reached};
use super::sign::{First, Last};
use super::unit::Unit;

/// The bin of a sum of weights between ascending bounds, in quarters of a unit of log-odds, by the table of the bounds.
#[inline]
fn level(score: i32, table: &[u8; LEVELS]) -> u8 {
    let quarters = score.div_euclid(SCALE / 4).clamp(LOWEST, -LOWEST) - LOWEST;
    look_up(table, quarters as u32) as u8
}

/// As [`reached`], for bounds and values on both sides of 0.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling, where an index out of range is an error"
)]
const fn levels(bounds: &[i32]) -> [u8; LEVELS] {
    let mut table = [0; LEVELS];
    let mut value = LOWEST;
    while value <= -LOWEST {
        let mut bound = 0;
        while bound < bounds.len() {
            table[(value - LOWEST) as usize] += (value >= bounds[bound]) as u8;
            bound += 1;
        }
        value += 1;
    }
    table
}

/// Below the lowest bound; the highest is no farther from 0.
const LOWEST: i32 = -21;
const LEVELS: usize = (1 - 2 * LOWEST) as usize;
static FINE_LEVELS: [u8; LEVELS] = levels(FINE);
static COARSE_LEVELS: [u8; LEVELS] = levels(COARSE);

const FINE: &[i32; 13] = &[-20, -16, -12, -8, -5, -2, 0, 2, 5, 8, 12, 16, 20];
const COARSE: &[i32; 7] = &[-14, -8, -3, 0, 3, 8, 14];
const FINE_BINS: usize = FINE.len() + 1;
const COARSE_BINS: usize = COARSE.len() + 1;
/// Length and end in one number.
const SHAPES: usize = 18;

/// The fields of the second sheet, in the order of their weights.
pub(crate) mod fields {
    use super::{CATEGORIES, COARSE_BINS, FINE_BINS, Field, SHAPES};

    pub(crate) const ALONE: Field = Field::first("alone", FINE_BINS);
    const THIRD_BEFORE: Field = ALONE.then("alone -3", FINE_BINS + 1);
    const SECOND_BEFORE: Field = THIRD_BEFORE.then("alone -2", FINE_BINS + 1);
    const BEFORE: Field = SECOND_BEFORE.then("alone -1", FINE_BINS + 1);
    const AFTER: Field = BEFORE.then("alone +1", FINE_BINS + 1);
    const SECOND_AFTER: Field = AFTER.then("alone +2", FINE_BINS + 1);
    const THIRD_AFTER: Field = SECOND_AFTER.then("alone +3", FINE_BINS + 1);
    pub(crate) const BESIDE: [Field; 6] =
        [THIRD_BEFORE, SECOND_BEFORE, BEFORE, AFTER, SECOND_AFTER, THIRD_AFTER];
    pub(crate) const PAIR_BEFORE: Field = THIRD_AFTER.then("alone, before", COARSE_BINS * (COARSE_BINS + 1));
    pub(crate) const PAIR_AFTER: Field = PAIR_BEFORE.then("alone, after", COARSE_BINS * (COARSE_BINS + 1));
    pub(crate) const SHAPE_BEFORE: Field = PAIR_AFTER.then("shape, before", SHAPES * (SHAPES + 1));
    pub(crate) const SHAPE_AFTER: Field = SHAPE_BEFORE.then("shape, after", SHAPES * (SHAPES + 1));
    pub(crate) const PATTERN: Field = SHAPE_AFTER.then("pattern", 3 * 5);
    pub(crate) const SECOND_LABEL_BEFORE: Field = PATTERN.then("label -2", 3 * CATEGORIES);
    pub(crate) const LABEL_BEFORE: Field = SECOND_LABEL_BEFORE.then("label -1", 3 * CATEGORIES);
    pub(crate) const LABEL_AFTER: Field = LABEL_BEFORE.then("label +1", 3 * CATEGORIES);
    pub(crate) const PROSE_NEARBY: Field = LABEL_AFTER.then("prose nearby", 36 * 3).in_runs(3);
    pub(crate) const CORE: Field = PROSE_NEARBY.then("core, alone", 30 * COARSE_BINS).in_runs(COARSE_BINS);
    pub(crate) const CORE_SHAPE: Field = CORE.then("core, shape", 3 * SHAPES);
    pub(crate) const SHARED: Field = CORE_SHAPE.then("shared words", 8 * 12);
    pub(crate) const SHARED_ALONE: Field = SHARED.then("shared words, alone", 8 * COARSE_BINS);
    pub(crate) const PORTION: Field =
        SHARED_ALONE.then("portion, alone", 10 * COARSE_BINS).in_runs(COARSE_BINS);
    pub(crate) const CLEAN: Field = PORTION.then("clean page", 5 * COARSE_BINS);
    pub(crate) const FROM_START: Field = CLEAN.then("from the start", 25);
    pub(crate) const FROM_END: Field = FROM_START.then("from the end", 25);
    const COMMENTS: Field = FROM_END.then("since comments", 6 * COARSE_BINS).in_runs(COARSE_BINS);
    const RELATED: Field = COMMENTS.then("since related", 6 * COARSE_BINS).in_runs(COARSE_BINS);
    const EVENT: Field = RELATED.then("since event", 6 * COARSE_BINS).in_runs(COARSE_BINS);
    const OTHER: Field = EVENT.then("since other labels", 6 * COARSE_BINS).in_runs(COARSE_BINS);
    pub(crate) const SINCE: [Field; super::SECTIONS] = [COMMENTS, RELATED, EVENT, OTHER];
    pub(crate) const HEADING: Field = OTHER.then("heading", 17);
    pub(crate) const TITLE: Field = HEADING.then("title", 25);
    pub(crate) const TITLE_CLEAN: Field = TITLE.then("title, clean page", 21);
    /// How many bins the sheet has.
    pub(crate) const BINS: usize = TITLE_CLEAN.end();

    /// Every field, in order.
    #[cfg(feature = "tuning")]
    pub(crate) fn all() -> Vec<Field> {
        let mut fields = vec![ALONE];
        fields.extend(BESIDE);
        fields.extend([
            PAIR_BEFORE,
            PAIR_AFTER,
            SHAPE_BEFORE,
            SHAPE_AFTER,
            PATTERN,
            SECOND_LABEL_BEFORE,
            LABEL_BEFORE,
            LABEL_AFTER,
            PROSE_NEARBY,
            CORE,
            CORE_SHAPE,
            SHARED,
            SHARED_ALONE,
            PORTION,
            CLEAN,
            FROM_START,
            FROM_END,
        ]);
        fields.extend(SINCE);
        fields.extend([HEADING, TITLE, TITLE_CLEAN]);
        fields
    }
}

/// What is known of a unit once the whole document has been looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    /// Sum of the first sheet: how much the unit looks like prose by itself.
    pub(crate) alone: i32,
    /// Sum of the first sheet with the weights it has beside the second.
    pub(crate) anew: i32,
    pub(crate) words: u32,
    /// Words of prose in the units before it.
    pub(crate) prose_before: u32,
    /// Units since a label of comments, of related articles, of an event or ticker, of another end of the article.
    pub(crate) since: [u32; SECTIONS],
    /// Share of its content words that the core uses elsewhere, in percent; `None` if it has none.
    pub(crate) shared: Option<u32>,
    /// Category (plus one) of the phrases that cover most of it.
    pub(crate) label: u8,
}

/// What a unit's neighbours see of it; all 0 beyond the ends of the document.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Neighbour {
    /// Bins of [`Place::alone`] and the shape, each plus one.
    fine: u8,
    coarse: u8,
    shape: u8,
    label: u8,
}

/// How far a unit sees on each side.
const REACH: usize = 3;

/// The core of a document and its sums.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outline {
    /// First and one past the last unit of the core.
    pub(crate) core: (usize, usize),
    /// Words in units that look like prose.
    pub(crate) prose: u32,
    /// The bin of the share of units that look like prose.
    clean: usize,
    /// So many words of prose are the first thousandths of [`PORTIONS`].
    portions: [u32; PORTIONS.len()],
}

const PORTIONS: [u32; 9] = [1, 20, 60, 150, 400, 700, 900, 960, 990];

/// How many kinds of labels open a section that is not the article's.
const SECTIONS: usize = 4;

/// "Long ago", for [`Place::since`].
const NEVER: u32 = 1 << 20;

/// The kind of section a label opens.
#[inline]
fn section(label: usize) -> Option<usize> {
    match Category::ALL.get(label.checked_sub(1)?)? {
        Category::Comments => Some(0),
        Category::Related | Category::ReadMore => Some(1),
        Category::Event | Category::Ticker => Some(2),
        Category::Newsletter
        | Category::Legal
        | Category::Paywall
        | Category::Breadcrumb
        | Category::Share => Some(3),
        _ => None,
    }
}

/// Looks at the whole document: fills `places` and `neighbours`, returns its outline.
pub(crate) fn survey(
    units: &[Unit],
    earlier: &Earlier,
    weights: &Pairs<{ evidence::fields::BINS }>,
    places: &mut Vec<Place>,
    neighbours: &mut Vec<Neighbour>,
) -> Outline {
    places.clear();
    neighbours.clear();
    neighbours.resize(REACH, Neighbour::default());
    let mut outline = Outline::default();
    let mut since = [NEVER; SECTIONS];
    let (mut good, mut sum, mut start, mut best) = (0_u32, 0_i64, 0, 0_i64);
    for (index, unit) in units.iter().enumerate() {
        let (words, alone, anew, label) =
            if let Some(&Place { words, alone, anew, label, .. }) = earlier.alone(index, unit) {
                (words, alone, anew, label)
            } else {
                let words = unit.words();
                let mut sheet = PairSum::new(weights);
                alone(unit, words, &mut sheet);
                let (alone, anew) = sheet.totals();
                (words, alone, anew, label(unit) as u8)
            };
        let ends = match unit.sum.last {
            Last::Terminal | Last::Quoted => 2,
            Last::Ellipsis | Last::Colon | Last::Comma | Last::Closing => 1,
            Last::Open | Last::Other => 0,
        };
        neighbours.push(Neighbour {
            fine: 1 + level(alone, &FINE_LEVELS),
            coarse: 1 + level(alone, &COARSE_LEVELS),
            shape: 1 + look_up(&LONG, words) as u8 * 3 + ends,
            label,
        });
        places.push(Place { alone, anew, words, prose_before: outline.prose, since, shared: None, label });
        for count in &mut since {
            *count = count.saturating_add(1);
        }
        if label != 0
            && outline.prose > 0
            && let Some(count) = section(label.into()).and_then(|section| since.get_mut(section))
        {
            *count = 0;
        }
        // The core is the run of units with the greatest sum: prose adds, chrome takes away, so it bridges a short
        // gap (a link to another article) and stops before a long one. Paragraphs count by the square of their
        // length: a page of teasers has as many words as the article, in shorter pieces.
        let bulk = if alone > 0 {
            good += 1;
            outline.prose += words;
            words.min(80).pow(2) / 40
        } else {
            words.min(8)
        };
        let value = i64::from(alone.clamp(-3 * SCALE, 3 * SCALE)) * i64::from(2 + bulk);
        if sum <= 0 {
            (sum, start) = (0, index);
        }
        sum += value;
        if sum > best {
            best = sum;
            outline.core = (start, index + 1);
        }
    }
    neighbours.resize(neighbours.len() + REACH, Neighbour::default());
    let share = (good * 100).checked_div(units.len() as u32).unwrap_or(0);
    outline.clean = bin(share, &[15, 30, 50, 75]);
    let prose = u64::from(outline.prose.max(1));
    outline.portions = PORTIONS.map(|thousandths| (u64::from(thousandths) * prose).div_ceil(1000) as u32);
    outline
}

static LONG: [u8; 42] = reached(&[3, 6, 11, 21, 41]);
static DISTANCE: [u8; 21] = reached(&[1, 2, 3, 5, 9, 20]);
static INSIDE: [u8; 5] = reached(&[1, 2, 4]);
static SHARED: [u8; 76] = reached(&[1, 10, 20, 33, 50, 75]);
static EDGE: [u8; 9] = reached(&[1, 2, 4, 8]);
static SINCE: [u8; 22] = reached(&[1, 2, 4, 9, 21]);

/// Short, and no phrase of chrome.
#[inline]
fn is_heading(unit: &Unit, place: &Place) -> bool {
    matches!(unit.sum.first, First::Upper | First::Digit | First::Quote | First::Ideograph)
        && place.words <= 20
        && place.label == 0
        && matches!(unit.sum.last, Last::Open | Last::Closing | Last::Quoted | Last::Terminal)
}

/// May it be the title? A heading above the core that shares its words.
#[inline]
pub(crate) fn is_title(unit: &Unit, place: &Place, outline: &Outline, at: usize) -> bool {
    at < outline.core.0
        && place.words >= 3
        && place.shared.is_some_and(|share| share >= 33)
        && is_heading(unit, place)
}

/// The unit in its place.
#[inline]
pub(crate) fn in_place(
    units: &[Unit],
    places: &[Place],
    neighbours: &[Neighbour],
    outline: &Outline,
    at: usize,
    sheet: &mut impl Sheet,
) {
    use fields::{
        ALONE, BESIDE, CLEAN, CORE, CORE_SHAPE, FROM_END, FROM_START, HEADING, LABEL_AFTER, LABEL_BEFORE,
        PAIR_AFTER, PAIR_BEFORE, PATTERN, PORTION, PROSE_NEARBY, SECOND_LABEL_BEFORE, SHAPE_AFTER,
        SHAPE_BEFORE, SHARED_ALONE, TITLE, TITLE_CLEAN,
    };
    let (Some(unit), Some(own)) = (units.get(at), places.get(at)) else { return };
    let Some(around) = neighbours.get(at..).and_then(|after| after.first_chunk::<{ 2 * REACH + 1 }>()) else {
        return;
    };
    let [third_before, second_before, before, me, after, second_after, third_after] = around;
    let (coarse, shape) = (usize::from(me.coarse - 1), usize::from(me.shape - 1));
    let short = short(own.words);
    sheet.add(ALONE, usize::from(me.fine - 1));
    for (field, other) in
        BESIDE.into_iter().zip([third_before, second_before, before, after, second_after, third_after])
    {
        sheet.add(field, usize::from(other.fine));
    }
    sheet.add(PAIR_BEFORE, coarse * (COARSE_BINS + 1) + usize::from(before.coarse));
    sheet.add(PAIR_AFTER, coarse * (COARSE_BINS + 1) + usize::from(after.coarse));
    sheet.add(SHAPE_BEFORE, shape * (SHAPES + 1) + usize::from(before.shape));
    sheet.add(SHAPE_AFTER, shape * (SHAPES + 1) + usize::from(after.shape));
    let mut same = 0;
    for other in [third_before, second_before, second_after, third_after] {
        same += usize::from(other.shape == me.shape);
    }
    sheet.add(PATTERN, short * 5 + same);
    for (field, other) in [(LABEL_BEFORE, before), (SECOND_LABEL_BEFORE, second_before), (LABEL_AFTER, after)]
    {
        if other.label > 0 {
            sheet.add(field, short * CATEGORIES + usize::from(other.label));
        }
    }
    let prose_at = |at: usize| places.get(at).map_or(outline.prose, |place| place.prose_before);
    let above = own.prose_before - prose_at(at.saturating_sub(5));
    let below = prose_at(at + 6) - prose_at(at + 1);
    let nearby = |prose| bin(prose, &[1, 15, 40, 100, 200]);
    sheet.add(PROSE_NEARBY, (nearby(above) * 6 + nearby(below)) * 3 + short);

    let (start, end) = outline.core;
    let (side, relation) = if at < start {
        (0, look_up(&DISTANCE, (start - at) as u32))
    } else if at >= end {
        (2, 7 + look_up(&DISTANCE, (at - end + 1) as u32))
    } else {
        let (into, left) = ((at - start) as u32, (end - 1 - at) as u32);
        (1, 14 + look_up(&INSIDE, into) * 4 + look_up(&INSIDE, left))
    };
    sheet.add(CORE, relation * COARSE_BINS + coarse);
    sheet.add(CORE_SHAPE, side * SHAPES + shape);
    let shared = own.shared.map_or(0, |share| 1 + look_up(&SHARED, share));
    let length = bin(own.words, &[4, 13, 30]);
    sheet.add(fields::SHARED, (side * 4 + length) * 8 + shared);
    sheet.add(SHARED_ALONE, shared * COARSE_BINS + coarse);
    let portion = bin(own.prose_before, &outline.portions);
    sheet.add(PORTION, portion * COARSE_BINS + coarse);
    let clean = outline.clean;
    sheet.add(CLEAN, clean * COARSE_BINS + coarse);
    if at < 8 {
        sheet.add(FROM_START, clean * 5 + look_up(&EDGE, at as u32));
    }
    if at + 8 >= units.len() {
        sheet.add(FROM_END, clean * 5 + look_up(&EDGE, (units.len() - 1 - at) as u32));
    }
    for (field, since) in fields::SINCE.into_iter().zip(own.since) {
        if since < NEVER {
            sheet.add(field, look_up(&SINCE, since) * COARSE_BINS + coarse);
        }
    }
    if !is_heading(unit, own) {
        return;
    }
    let prose = |at: Option<usize>| {
        at.and_then(|at| places.get(at)).is_some_and(|place| place.alone > 2 * SCALE && place.words >= 20)
    };
    let next_to_prose = usize::from(prose(at.checked_sub(1)))
        + 2 * usize::from(prose(Some(at + 1)))
        + 4 * usize::from(unit.blank_before)
        + 8 * usize::from(unit.sum.bullet);
    sheet.add(HEADING, 1 + next_to_prose);
    // A title stands a little above the article and shares its words.
    if at < start && own.words >= 3 {
        let above = bin((start - at) as u32, &[2, 3, 5, 9, 20]);
        let topic = bin(own.shared.unwrap_or(0), &[20, 40, 66]);
        sheet.add(TITLE, 1 + above * 4 + topic);
        sheet.add(TITLE_CLEAN, 1 + clean * 4 + topic);
    }
}
