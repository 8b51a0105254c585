//! Fits both sheets: logistic regression for units alone, then a conditional random field of two states for units in
//! their place (Lafferty, McCallum and Pereira 2001). Both with a quadratic penalty, so that a bin few pages fall into
//! stays near 0.

use tamis_chrome::text::Scratch;
use tamis_chrome::text::tuning::{self, Measured, Weights};

use crate::field::Layout;
use crate::minimise::minimise;
use crate::model::Model;
use crate::pages::Page;

/// What a fit is told.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Penalties of the two sheets.
    pub(crate) first: f64,
    pub(crate) second: f64,
    pub(crate) steps: usize,
    /// Where to write what cross-validation left of each page.
    pub(crate) predictions: Option<String>,
}

impl Settings {
    pub(crate) fn from(arguments: &[String]) -> Self {
        let mut settings = Self { first: 3.0, second: 8.0, steps: 120, predictions: None };
        for (name, value) in arguments.iter().filter_map(|argument| argument.split_once('=')) {
            match name {
                "--first" => settings.first = value.parse().unwrap(),
                "--second" => settings.second = value.parse().unwrap(),
                "--steps" => settings.steps = value.parse().unwrap(),
                "--predictions" => settings.predictions = Some(value.to_owned()),
                _ => println!("{name} is not known"),
            }
        }
        settings
    }
}

/// Weights count in sixteenths of a unit of log-odds.
const SCALE: f64 = 16.0;

/// The units of all pages, page after page.
#[derive(Debug, Default)]
struct Units {
    /// Parameters of each unit, one unit after the other.
    parameters: Vec<u32>,
    /// Where those of each unit end.
    ends: Vec<usize>,
    labels: Vec<Option<bool>>,
    words: Vec<f64>,
    steps: Vec<usize>,
    /// Units up to each page's end, and the weight of each page.
    pages: Vec<(usize, f64)>,
}

impl Units {
    fn of(pages: &[&Page], weights: &Weights, mut parameters: impl FnMut(&Measured, &mut Vec<u32>)) -> Self {
        let mut units = Self::default();
        let mut scratch = Scratch::default();
        for page in pages {
            for unit in tuning::measure(&page.text, weights, &mut scratch) {
                parameters(&unit, &mut units.parameters);
                units.ends.push(units.parameters.len());
                units.labels.push(page.label(unit.bytes.0, unit.bytes.1));
                units.words.push(f64::from(unit.words));
                units.steps.push(unit.step);
            }
            units.pages.push((units.ends.len(), page.weight));
        }
        units
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn parameters(&self, unit: usize) -> &[u32] {
        let start = if unit == 0 { 0 } else { self.ends[unit - 1] };
        &self.parameters[start..self.ends[unit]]
    }

    fn score(&self, unit: usize, weights: &[f64]) -> f64 {
        self.parameters(unit).iter().map(|&at| weights[at as usize]).sum()
    }
}

/// Fits everything.
pub(crate) fn fit(pages: &[&Page], settings: &Settings) -> Model {
    let [first, second] = tuning::groups();
    let layout = Layout::new(&first, 0);
    let nothing = Weights::new(&[], &[], &[], [[[0; 2]; 2]; 3]);
    let units = Units::of(pages, &nothing, |unit, into| layout.parameters(&unit.alone, into));
    let (weights, bias) = logistic(&units, layout.size, settings);
    let mut model =
        Model { alone: rounded(&layout.weights(&weights), bias, first[0].bins), ..Model::default() };

    let beside = Layout::new(&second, 0);
    let anew = Layout::new(&first, beside.size);
    let units = Units::of(pages, &model.weights(), |unit, into| {
        beside.parameters(&unit.in_place, into);
        anew.parameters(&unit.alone, into);
    });
    let (weights, bias, steps) = chain(&units, beside.size + anew.size, settings);
    model.in_place = rounded(&beside.weights(&weights), 0.0, 0);
    model.anew = rounded(&anew.weights(&weights), bias, first[0].bins);
    model.steps = steps.map(|step| step.map(|from| from.map(|weight| (weight * SCALE).round() as i32)));
    model
}

/// Integers; `bias` goes to the first `dense` bins, of which every unit has one.
fn rounded(weights: &[f64], bias: f64, dense: usize) -> Vec<i16> {
    let whole = |(bin, &weight): (usize, &f64)| {
        let weight = if bin < dense { weight + bias } else { weight };
        (weight * SCALE).round().clamp(-3e4, 3e4) as i16
    };
    weights.iter().enumerate().map(whole).collect()
}

/// Logistic regression: weights and bias. A unit counts by the root of its words.
fn logistic(units: &Units, size: usize, settings: &Settings) -> (Vec<f64>, f64) {
    let mut weight = Vec::with_capacity(units.len());
    let mut page = 0;
    for unit in 0..units.len() {
        while units.pages[page].0 <= unit {
            page += 1;
        }
        let known = if units.labels[unit].is_some() { 1.0 } else { 0.0 };
        weight.push(known * units.pages[page].1 * (1.0 + units.words[unit]).sqrt());
    }
    let mean = weight.iter().sum::<f64>() / weight.iter().filter(|&&weight| weight > 0.0).count() as f64;
    let point = minimise(size + 1, settings.steps, |point, gradient| {
        let mut loss = penalty(settings.first, &point[..size], gradient);
        gradient[size] = 0.0;
        for unit in 0..units.len() {
            let Some(label) = units.labels[unit] else { continue };
            let score = units.score(unit, point) + point[size];
            let (sign, weight) = (if label { 1.0 } else { -1.0 }, weight[unit] / mean);
            loss += weight * (-sign * score).exp().ln_1p().min(1e3);
            let slope = -sign * weight / (1.0 + (sign * score).exp());
            for &at in units.parameters(unit) {
                gradient[at as usize] += slope;
            }
            gradient[size] += slope;
        }
        loss
    });
    (point[..size].to_vec(), point[size])
}

fn penalty(strength: f64, point: &[f64], gradient: &mut [f64]) -> f64 {
    for (slope, weight) in gradient.iter_mut().zip(point) {
        *slope = strength * weight;
    }
    0.5 * strength * point.iter().map(|weight| weight * weight).sum::<f64>()
}

/// The conditional random field: weights, bias and transitions. Transitions are hardly penalised.
fn chain(units: &Units, size: usize, settings: &Settings) -> (Vec<f64>, f64, [[[f64; 2]; 2]; 3]) {
    let (bias, steps) = (size, size + 1);
    let mut paths = [Paths::default(), Paths::default()];
    let point = minimise(size + 13, settings.steps, |point, gradient| {
        let mut loss = penalty(settings.second, &point[..size], gradient);
        gradient[bias] = 0.0;
        loss += penalty(0.01, &point[steps..], &mut gradient[steps..]);
        let scores: Vec<f64> = (0..units.len()).map(|unit| units.score(unit, point) + point[bias]).collect();
        let mut start = 0;
        for &(end, weight) in &units.pages {
            // All paths, and those that agree with the labels.
            for (paths, (known, sign)) in paths.iter_mut().zip([(false, 1.0), (true, -1.0)]) {
                loss += sign * weight * paths.solve(units, start..end, &scores, &point[steps..], known);
                paths.expect(units, start..end, &point[steps..], sign * weight, &mut gradient[steps..]);
            }
            for unit in start..end {
                let slope = weight * (paths[0].kept[unit - start] - paths[1].kept[unit - start]);
                for &at in units.parameters(unit) {
                    gradient[at as usize] += slope;
                }
                gradient[bias] += slope;
            }
            start = end;
        }
        loss
    });
    let mut transitions = [[[0.0; 2]; 2]; 3];
    for (at, weight) in point[steps..].iter().enumerate() {
        transitions[at / 4][at / 2 % 2][at % 2] = *weight;
    }
    (point[..size].to_vec(), point[bias], transitions)
}

/// Sums over the paths through the units of one page, in logarithms.
#[derive(Debug, Default)]
struct Paths {
    forward: Vec<[f64; 2]>,
    backward: Vec<[f64; 2]>,
    own: Vec<[f64; 2]>,
    total: f64,
    /// Probability that each unit is kept.
    kept: Vec<f64>,
}

impl Paths {
    /// Sums all paths, or with `known` those that agree with the labels. Returns the logarithm of the sum.
    fn solve(
        &mut self,
        units: &Units,
        page: std::ops::Range<usize>,
        scores: &[f64],
        steps: &[f64],
        known: bool,
    ) -> f64 {
        let Self { forward, backward, own, total, kept } = self;
        forward.clear();
        backward.clear();
        own.clear();
        kept.clear();
        for unit in page.clone() {
            let mut score = [0.0, scores[unit]];
            if let Some(label) = units.labels[unit].filter(|_| known) {
                score[usize::from(!label)] = f64::NEG_INFINITY;
            }
            let reached = forward.last().map_or(score, |before: &[f64; 2]| {
                let step = &steps[units.steps[unit] * 4..];
                [0, 1].map(|to| score[to] + add_logs(before[0] + step[to], before[1] + step[2 + to]))
            });
            own.push(score);
            forward.push(reached);
        }
        *total = forward.last().map_or(0.0, |last| add_logs(last[0], last[1]));
        let mut rest = [0.0, 0.0];
        for unit in page.clone().rev() {
            backward.push(rest);
            let step = &steps[units.steps[unit] * 4..];
            let ahead = [0, 1].map(|to| rest[to] + own[unit - page.start][to]);
            rest = [0, 1].map(|from| add_logs(ahead[0] + step[from * 2], ahead[1] + step[from * 2 + 1]));
        }
        backward.reverse();
        for (forward, backward) in forward.iter().zip(backward.iter()) {
            kept.push((forward[1] + backward[1] - *total).exp());
        }
        *total
    }

    /// Adds how often each transition is expected, times `weight`.
    fn expect(
        &self,
        units: &Units,
        page: std::ops::Range<usize>,
        steps: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        for unit in page.clone().skip(1) {
            let (at, kind) = (unit - page.start, units.steps[unit] * 4);
            for (from, to) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let path = self.forward[at - 1][from]
                    + steps[kind + from * 2 + to]
                    + self.own[at][to]
                    + self.backward[at][to]
                    - self.total;
                gradient[kind + from * 2 + to] += weight * path.exp();
            }
        }
    }
}

fn add_logs(a: f64, b: f64) -> f64 {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    if less == f64::NEG_INFINITY { more } else { more + (less - more).exp().ln_1p() }
}
