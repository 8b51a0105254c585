//! Minimises a smooth convex function (L-BFGS: Liu and Nocedal 1989), with a backtracking line search.

use std::collections::VecDeque;

/// How many steps back the shape of the function is remembered.
const MEMORY: usize = 12;

/// The least point of `function`, which gives its value and writes its gradient, after at most `steps` steps.
pub(crate) fn minimise(
    size: usize,
    steps: usize,
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Vec<f64> {
    let (mut point, mut gradient) = (vec![0.0; size], vec![0.0; size]);
    let mut value = function(&point, &mut gradient);
    let mut history: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    for _ in 0..steps {
        let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        let mut factors = Vec::new();
        for (step, change, scale) in history.iter().rev() {
            let factor = dot(step, &direction) * scale;
            add(&mut direction, change, -factor);
            factors.push(factor);
        }
        if let Some((step, change, _)) = history.back() {
            let scale = dot(step, change) / dot(change, change);
            for part in &mut direction {
                *part *= scale;
            }
        }
        for ((step, change, scale), factor) in history.iter().zip(factors.into_iter().rev()) {
            let rest = factor - dot(change, &direction) * scale;
            add(&mut direction, step, rest);
        }
        let slope = dot(&gradient, &direction);
        if slope > -1e-9 * value.abs().max(1.0) {
            break;
        }
        let mut length = if history.is_empty() { 1.0 / dot(&gradient, &gradient).sqrt() } else { 1.0 };
        let mut next_gradient = vec![0.0; size];
        let (next, next_value) = loop {
            let mut next = point.clone();
            add(&mut next, &direction, length);
            let next_value = function(&next, &mut next_gradient);
            if next_value <= value + 1e-4 * length * slope || length < 1e-10 {
                break (next, next_value);
            }
            length /= 2.0;
        };
        let step: Vec<f64> = next.iter().zip(&point).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = dot(&step, &change);
        if curvature > 1e-12 {
            history.push_back((step, change, 1.0 / curvature));
            if history.len() > MEMORY {
                history.pop_front();
            }
        }
        let gain = value - next_value;
        (point, value, gradient) = (next, next_value, next_gradient);
        if gain < 1e-7 * value.abs() {
            break;
        }
    }
    point
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], what: &[f64], factor: f64) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += what * factor;
    }
}
