//! The text half: strips chrome from text that was scraped with its menus, teasers, forms and notices.
//!
//! Nothing is left of the page but lines. So each line is measured (`line`), lines that one sentence runs through are
//! grouped (`unit`), each unit is weighed by what stands in it (`evidence`) and around it (`place`, both with the
//! integers of `weights`) and by the words it shares with the core of the document (`topic`), and the verdicts of the
//! whole document are found together (`chain`). When they would leave too little, `ladder` says what stays. `reason`
//! names the rule.
//!
//! Two things follow from the weights alone. No single feature decides: "share" inside a sentence weighs nothing
//! against the sentence. And nothing is bound to a language or a site: an unknown language lacks the evidence of
//! phrases and function words, and keeps that of length, punctuation and place.
//!
//! What is left is stripped again until nothing more goes, so stripping a stripped text changes nothing. A page rarely
//! needs a third round; each costs a fraction of the first, as lines are measured once.
//!
//! The option `favour` is a scale by construction: `precision` goes on where `balance` stops, with a lean against every
//! unit, until neither takes anything more, and `recall` keeps what either `balance` or a strip with a lean towards every
//! unit keeps. `keep` gives back lines that went by the rules it names. (So a text stripped with `recall` or `keep` may
//! lose more when it is stripped again: reader comments are known by the label above them, and that goes.)

mod chain;
mod earlier;
mod evidence;
mod ladder;
mod line;
mod place;
mod reason;
mod scanner;
mod sheet;
mod sign;
mod token;
mod topic;
#[cfg(feature = "tuning")]
pub mod tuning;
mod unit;
mod weights;

use crate::rules::{self, Rule};
use crate::{Edit, Favour, Keep, Options, Replacement, Rung, Stripped};

use chain::{Step, Transitions};
use earlier::Earlier;
use ladder::climb;
use line::{Content, Line};
use place::{Neighbour, Outline, Place, in_place, is_title, survey};
use sheet::{Pairs, SCALE, Sum};
use sign::Last;
use topic::Words;
use unit::Unit;

/// Buffers of this half.
#[derive(Debug, Default)]
pub struct Scratch {
    lines: Vec<Line>,
    content: Content,
    table: Vec<u32>,
    kept: Vec<bool>,
    condemned: Vec<Option<Condemned>>,
    /// What the option `favour` compares with.
    kept_before: Vec<bool>,
    units: Vec<Unit>,
    places: Vec<Place>,
    /// The units of the round before.
    earlier: Earlier,
    neighbours: Vec<Neighbour>,
    scores: Vec<(i32, Step)>,
    forward: Vec<[i64; 2]>,
    margins: Vec<i64>,
}

/// Why a line goes.
#[derive(Debug, Clone, Copy)]
struct Condemned {
    rule: &'static Rule,
    score: i16,
    /// Tells the units apart.
    unit: u32,
}

/// What the evidence weighs.
struct Weights {
    /// A unit alone, and once more beside the second sheet.
    first: Pairs<{ evidence::fields::BINS }>,
    in_place: [i16; place::fields::BINS],
    steps: Transitions,
}

/// The weights of the tables.
static SHIPPED: Weights = Weights {
    first: Pairs::new(&weights::ALONE, &weights::ANEW),
    in_place: weights::IN_PLACE,
    steps: weights::STEPS,
};

/// How often a text is stripped at most. A text that still loses lines after that many rounds was made for it.
const ROUNDS: u32 = 32;

/// What sentences within the core have in their favour: half a unit of log-odds. The last words of an article are often
/// short, and after a long paragraph a short one is more often a notice. A sentence of an article that is lost weighs
/// more than one of a notice that stays.
const BENEFIT: i32 = SCALE / 2;

/// What sentences made of phrases of chrome have against them: two units of log-odds. A request to the readers ends the
/// body of many articles, looks like prose and stands beside it.
const NOTICE: i32 = -2 * SCALE;

/// The edits that leave the article of a text scraped with its chrome.
///
/// Every edit removes whole lines with their line feeds; what is kept is not touched. A text with any word in it keeps
/// at least one line, and [`Stripped::rung`] says how that was come by. Linear in the length of the text.
///
/// ```
/// use tamis_chrome::{Options, Scratch, strip_text};
///
/// let text = "Aller au contenu\n\nLe conseil a voté lundi soir le budget du port, par onze voix contre quatre. Les \
///             travaux commenceront en mars, a précisé la maire.\n\nLaisser un commentaire\n";
/// let stripped = strip_text(text, &Options::default(), &mut Scratch::default());
/// let rules: Vec<_> = stripped.edits.iter().map(|edit| edit.rule.id).collect();
/// assert_eq!(rules, ["chrome/navigation", "chrome/comment-form"]);
/// ```
pub fn strip(text: &str, options: &Options, scratch: &mut Scratch) -> Stripped {
    strip_into(Stripped::default(), text, options, scratch)
}

/// As [`strip`], into the buffers of an empty result.
pub(crate) fn strip_into(
    stripped: Stripped,
    text: &str,
    options: &Options,
    scratch: &mut Scratch,
) -> Stripped {
    strip_by(&SHIPPED, stripped, text, options, scratch)
}

fn strip_by(
    weights: &Weights,
    mut stripped: Stripped,
    text: &str,
    options: &Options,
    scratch: &mut Scratch,
) -> Stripped {
    stripped.rung = condemn(weights, text, options, scratch);
    edits(scratch, &mut stripped.edits);
    stripped
}

/// Says of each line whether it goes, and which step of the ladder decided.
fn condemn(weights: &Weights, text: &str, options: &Options, scratch: &mut Scratch) -> Rung {
    line::scan(text, options.lists(), &mut scratch.lines, &mut scratch.content);
    scratch.earlier.forget();
    scratch.condemned.clear();
    scratch.condemned.resize(scratch.lines.len(), None);
    let mut rung = settle(weights, BALANCE, scratch);
    match options.favour {
        Favour::Balance => {}
        Favour::Precision => {
            // Until neither takes anything more.
            for _ in 0..ROUNDS {
                let (removed, reached) = round(weights, PRECISION, scratch);
                rung = rung.max(reached);
                if !removed {
                    break;
                }
                rung = rung.max(go_on(weights, BALANCE, scratch));
            }
        }
        Favour::Recall => {
            // What stays on request in balance stays here too: gone over again, it may go by a rule that was not asked for.
            for (kept, slot) in scratch.kept.iter_mut().zip(&scratch.condemned) {
                *kept |= slot.is_some_and(|condemned| asked_for(condemned.rule, options));
            }
            std::mem::swap(&mut scratch.kept, &mut scratch.kept_before);
            rung = rung.max(settle(weights, RECALL, scratch));
            for ((slot, kept), before) in
                scratch.condemned.iter_mut().zip(&scratch.kept).zip(&scratch.kept_before)
            {
                if *kept || *before {
                    *slot = None;
                }
            }
        }
    }
    for slot in &mut scratch.condemned {
        if slot.is_some_and(|condemned| asked_for(condemned.rule, options)) {
            *slot = None;
        }
    }
    rung
}

/// What every unit has in its favour, by option.
const PRECISION: i32 = -SCALE;
const BALANCE: i32 = 0;
const RECALL: i32 = SCALE;

/// Strips all lines again and again, until nothing more goes.
fn settle(weights: &Weights, lean: i32, scratch: &mut Scratch) -> Rung {
    scratch.kept.clear();
    scratch.kept.resize(scratch.lines.len(), true);
    go_on(weights, lean, scratch)
}

/// Strips what is left again and again, until nothing more goes.
fn go_on(weights: &Weights, lean: i32, scratch: &mut Scratch) -> Rung {
    let mut rung = Rung::Core;
    for _ in 0..ROUNDS {
        let (removed, reached) = round(weights, lean, scratch);
        rung = rung.max(reached);
        if !removed {
            break;
        }
    }
    rung
}

/// Strips what is left once. Says whether anything went, and which step of the ladder decided.
fn round(weights: &Weights, lean: i32, scratch: &mut Scratch) -> (bool, Rung) {
    let Scratch {
        lines,
        content,
        table,
        kept,
        condemned,
        units,
        places,
        earlier,
        neighbours,
        scores,
        forward,
        margins,
        ..
    } = scratch;
    unit::group(lines, kept, units);
    unit::count_repeats(units, table);
    earlier.find(units);
    let outline = &survey(units, earlier, &weights.first, places, neighbours);
    topic::compare(Words { lines, kept, content }, units, outline, earlier, table, places);
    scores.clear();
    let mut title_before = false;
    for (at, (unit, place)) in units.iter().zip(places.iter()).enumerate() {
        let mut sheet = Sum::new(&weights.in_place);
        in_place(units, places, neighbours, outline, at, &mut sheet);
        let title = is_title(unit, place, outline, at);
        let between = step(unit, title, title_before);
        title_before = title;
        let bias = if is_passage(unit, place, outline, at) {
            BENEFIT
        } else if is_notice(unit, place) {
            NOTICE
        } else {
            0
        };
        scores.push((sheet.total + place.anew + lean + bias, between));
    }
    chain::solve(scores, &weights.steps, forward, margins);
    let rung = climb(units, places, margins);
    let removed = take_away(units, places, outline, margins, kept, condemned);
    earlier.keep(units, places, outline);
    (removed, rung)
}

/// Notes which lines go, and why. Says whether there are any.
fn take_away(
    units: &[Unit],
    places: &[Place],
    outline: &Outline,
    margins: &[i64],
    kept: &mut [bool],
    condemned: &mut [Option<Condemned>],
) -> bool {
    let mut removed = false;
    for (at, (unit, (place, &margin))) in units.iter().zip(places.iter().zip(margins.iter())).enumerate() {
        if margin >= 0 {
            continue;
        }
        let rule = reason::name(unit, place, outline, at);
        let lines = unit.lines.0 as usize..unit.lines.1 as usize;
        removed = true;
        let score = margin.max(i16::MIN.into()) as i16;
        for (kept, slot) in kept.iter_mut().zip(condemned.iter_mut()).take(lines.end).skip(lines.start) {
            if std::mem::replace(kept, false) {
                *slot = Some(Condemned { rule, score, unit: unit.sum.start });
            }
        }
    }
    removed
}

/// What lies between a unit and the one before.
#[inline]
fn step(unit: &Unit, title: bool, title_before: bool) -> Step {
    match unit.blank_before {
        _ if title || title_before => Step::Title,
        true => Step::Loose,
        false => Step::Tight,
    }
}

/// Sentences that are for the most part phrases of chrome; shorter ones are weighed rightly without.
#[inline]
fn is_notice(unit: &Unit, place: &Place) -> bool {
    place.label != 0 && place.words >= 10 && unit.coverage() >= 60
}

/// Sentences of prose within the core, with no phrase of chrome in them.
#[inline]
fn is_passage(unit: &Unit, place: &Place, outline: &Outline, at: usize) -> bool {
    let (start, end) = outline.core;
    at > start
        && at < end
        && place.alone > 0
        && unit.sum.sentences >= 1
        && matches!(unit.sum.last, Last::Terminal | Last::Quoted)
        && unit.coverage() == 0
}

/// Does the reader want to keep what the rule removes?
fn asked_for(rule: &'static Rule, options: &Options) -> bool {
    options.keep.iter().any(|keep| match keep {
        Keep::Comments => std::ptr::eq(rule, &raw const rules::COMMENTS),
        Keep::Captions => std::ptr::eq(rule, &raw const rules::CAPTION),
        // No line tells a link or a cell from other words.
        Keep::Tables | Keep::Links => false,
    })
}

/// One edit for each run of lines that went with one unit.
fn edits(scratch: &Scratch, edits: &mut Vec<Edit>) {
    let mut last = None;
    for (line, condemned) in scratch.lines.iter().zip(&scratch.condemned) {
        let Some(Condemned { rule, score, unit }) = *condemned else { continue };
        match edits.last_mut() {
            Some(edit) if last == Some(unit) && edit.end == line.start => edit.end = line.next,
            _ => {
                edits.push(Edit {
                    start: line.start,
                    end: line.next,
                    replacement: Replacement::Nothing,
                    rule,
                    score,
                });
                last = Some(unit);
            }
        }
    }
}

#[cfg(test)]
mod tests;
