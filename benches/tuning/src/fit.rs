//! Coordinate descent over the weights, and its cross-validation by host.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use tamis_chrome::html::Weights;

use crate::label::Page;
use crate::measure::{mean, scores};

/// A weight that gains less than this, in points of the mean F1, stays as it is.
const GAIN: f64 = 0.01;

/// Passes over all weights.
const PASSES: usize = 2;

/// What a weight is tried at: up and down by a tenth, a quarter, a half, and twice.
fn trials(now: u32) -> Vec<u32> {
    let step = |part: u32| (now / part).max(1);
    let mut trials: Vec<u32> =
        [10, 4, 2].iter().flat_map(|part| [now.saturating_sub(step(*part)), now + step(*part)]).collect();
    trials.push(now * 2);
    trials.retain(|trial| *trial != now);
    trials.sort_unstable();
    trials.dedup();
    trials
}

/// Scores under weights that were tried before are not computed again: folds try mostly the same.
type Known = BTreeMap<Vec<u32>, Vec<f64>>;

fn values(weights: &mut Weights) -> Vec<u32> {
    weights.entries().iter().map(|(_, _, value)| **value).collect()
}

fn known<'a>(known: &'a mut Known, pages: &[Page], weights: &mut Weights) -> &'a [f64] {
    let key = values(weights);
    known.entry(key).or_insert_with(|| scores(pages, weights))
}

fn descend(pages: &[Page], cache: &mut Known, chosen: &dyn Fn(usize) -> bool, tell: bool) -> Weights {
    let mut weights = Weights::default();
    let mut best = mean(pages, known(cache, pages, &mut weights), chosen);
    let count = weights.entries().len();
    for _ in 0..PASSES {
        let before = best;
        for place in 0..count {
            let now = *weights.entries()[place].2;
            let mut kept = now;
            for trial in trials(now) {
                *weights.entries()[place].2 = trial;
                let score = mean(pages, known(cache, pages, &mut weights), chosen);
                if score > best + GAIN {
                    best = score;
                    kept = trial;
                }
            }
            let mut entries = weights.entries();
            let (name, rule, value) = &mut entries[place];
            **value = kept;
            if kept != now && tell {
                println!("{name} ({rule}): {now} -> {kept}, mean {best:.3}");
            }
        }
        if best <= before {
            break;
        }
    }
    weights
}

fn fold_of(page: &Page, folds: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    page.host.hash(&mut hasher);
    hasher.finish() % folds
}

/// Fits, and prints what the fit is worth on hosts it has not seen.
pub fn fit(pages: &[Page], folds: u64) {
    let mut cache = Known::new();
    let start = known(&mut cache, pages, &mut Weights::default()).to_vec();
    println!("now: mean {:.3}", mean(pages, &start, |_| true));
    let mut all = descend(pages, &mut cache, &|_| true, true);
    let fitted = known(&mut cache, pages, &mut all).to_vec();
    println!("fitted on all: mean {:.3}", mean(pages, &fitted, |_| true));
    let (mut seen, mut unseen, mut held) = (0.0, 0.0, vec![0.0; pages.len()]);
    for fold in 0..folds {
        let outside = |place: usize| fold_of(&pages[place], folds) != fold;
        let inside = |place: usize| !outside(place);
        let mut weights = descend(pages, &mut cache, &outside, false);
        let scores = known(&mut cache, pages, &mut weights);
        let gain = |chosen: &dyn Fn(usize) -> bool| mean(pages, scores, chosen) - mean(pages, &start, chosen);
        println!("fold {fold}: seen {:+.3}, left out {:+.3}", gain(&outside), gain(&inside));
        seen += gain(&outside) / folds as f64;
        unseen += gain(&inside) / folds as f64;
        for (place, score) in scores.iter().enumerate().filter(|(place, _)| inside(*place)) {
            held[place] = *score;
        }
    }
    println!(
        "cross-validated: seen {seen:+.3}, left out {unseen:+.3}; mean with each host left out {:.3}",
        mean(pages, &held, |_| true)
    );
}
