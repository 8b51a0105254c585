//! The sheets of evidence, opened for the tool that fits the weights (`benches/tuning/text`). Not part of the interface: no
//! promise is made about it.

use crate::phrases::Phrases;
use crate::{Options, Stripped};

use super::chain::Transitions;
use super::earlier::Earlier;
use super::place::{in_place, is_title, survey};
use super::sheet::{Field, Pairs, Sheet};
use super::topic::{self, Words};
use super::{SHIPPED, Scratch, evidence, line, place, step, unit};

/// A field and the place of its bins in the table.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// What it measures.
    pub name: &'static str,
    /// Its first bin.
    pub base: usize,
    /// How many bins it has.
    pub bins: usize,
    /// Runs of so many bins share a weight beside their own; 1 if they do not.
    pub run: usize,
}

/// The fields of the first and of the second sheet.
pub fn groups() -> [Vec<Group>; 2] {
    let group = |&Field { name, base, bins, run }: &Field| Group { name, base, bins, run };
    [evidence::fields::all().iter().map(group).collect(), place::fields::all().iter().map(group).collect()]
}

/// Weights under trial.
pub struct Weights(Box<super::Weights>);

impl Weights {
    /// From tables as long as the sheets; a shorter one is filled up with 0.
    pub fn new(alone: &[i16], anew: &[i16], in_place: &[i16], steps: Transitions) -> Self {
        Self(Box::new(super::Weights {
            first: Pairs::new(&filled(alone), &filled(anew)),
            in_place: filled(in_place),
            steps,
        }))
    }

    /// Strips with these weights.
    pub fn strip(&self, text: &str, scratch: &mut Scratch) -> Stripped {
        super::strip_by(&self.0, Stripped::default(), text, &Options::default(), scratch)
    }
}

/// Strips with the weights that ship.
pub fn strip_shipped(text: &str, scratch: &mut Scratch) -> Stripped {
    super::strip_by(&SHIPPED, Stripped::default(), text, &Options::default(), scratch)
}

fn filled<const SIZE: usize>(weights: &[i16]) -> [i16; SIZE] {
    let mut table = [0; SIZE];
    for (slot, &weight) in table.iter_mut().zip(weights) {
        *slot = weight;
    }
    table
}

/// One unit of a text and the bins it falls into.
#[derive(Debug, Clone)]
pub struct Measured {
    /// First byte, and one past the last.
    pub bytes: (usize, usize),
    /// How much there is to read.
    pub words: u32,
    /// What lies before it: an index into the transitions.
    pub step: usize,
    /// Bins of the first sheet.
    pub alone: Vec<u32>,
    /// Bins of the second sheet.
    pub in_place: Vec<u32>,
}

impl Sheet for Vec<u32> {
    fn add(&mut self, field: Field, bin: usize) {
        self.push((field.base + bin.min(field.bins - 1)) as u32);
    }
}

/// Measures the units of a text as the first round sees them.
pub fn measure(text: &str, weights: &Weights, scratch: &mut Scratch) -> Vec<Measured> {
    let Scratch { lines, content, table, kept, units, places, neighbours, .. } = scratch;
    line::scan(text, Phrases::shared(), lines, content);
    kept.clear();
    kept.resize(lines.len(), true);
    unit::group(lines, kept, units);
    unit::count_repeats(units, table);
    let earlier = &Earlier::default();
    let outline = &survey(units, earlier, &weights.0.first, places, neighbours);
    topic::compare(Words { lines, kept, content }, units, outline, earlier, table, places);
    let mut title_before = false;
    let mut measured = Vec::with_capacity(units.len());
    for (at, (unit, place)) in units.iter().zip(places.iter()).enumerate() {
        let (mut alone, mut beside) = (Vec::new(), Vec::new());
        evidence::alone(unit, place.words, &mut alone);
        in_place(units, places, neighbours, outline, at, &mut beside);
        let title = is_title(unit, place, outline, at);
        measured.push(Measured {
            bytes: (unit.sum.start as usize, unit.sum.next as usize),
            words: place.words,
            step: step(unit, title, title_before) as usize,
            alone,
            in_place: beside,
        });
        title_before = title;
    }
    measured
}
