//! The verdicts of a document as one chain of two states, solved exactly.
//!
//! A unit is kept or chrome. Its sheets give a score for keeping it, and every step from one unit to the next has a
//! weight that depends on both verdicts and on what lies between them ([`Step`]). The best chain is found by dynamic
//! programming over integers, forwards and backwards; the difference between the best chain that keeps a unit and the
//! best that does not is the unit's margin. (Viterbi 1967; the margins are max-marginals.)

/// What lies between a unit and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing: the lines follow each other.
    Tight,
    /// A blank line.
    Loose,
    /// One of the two may be a title, which often stands alone between chrome.
    Title,
}

/// `[step][verdict before][verdict after]`, steps in the order of [`Step`]; 0 is chrome, 1 is kept.
pub(crate) type Transitions = [[[i32; 2]; 2]; 3];

/// Fills `margins` with one margin a unit: below 0, the best chain does without it.
///
/// `scores` holds the score of each unit and the step that leads to it.
pub(crate) fn solve(
    scores: &[(i32, Step)],
    steps: &Transitions,
    forward: &mut Vec<[i64; 2]>,
    margins: &mut Vec<i64>,
) {
    forward.clear();
    margins.clear();
    let mut best: Option<[i64; 2]> = None;
    for &(score, between) in scores {
        let own = i64::from(score);
        let reached = best.map_or([0, own], |[chrome, kept]| {
            let [from_chrome, from_kept] = step(steps, between);
            [
                (chrome + from_chrome[0]).max(kept + from_kept[0]),
                (chrome + from_chrome[1]).max(kept + from_kept[1]) + own,
            ]
        });
        best = Some(reached);
        forward.push(reached);
    }
    let mut rest = [0, 0];
    for (&(score, between), &[chrome, kept]) in scores.iter().zip(forward.iter()).rev() {
        margins.push(kept + rest[1] - chrome - rest[0]);
        let [from_chrome, from_kept] = step(steps, between);
        let stay = [rest[0], rest[1] + i64::from(score)];
        rest = [
            (from_chrome[0] + stay[0]).max(from_chrome[1] + stay[1]),
            (from_kept[0] + stay[0]).max(from_kept[1] + stay[1]),
        ];
    }
    margins.reverse();
}

#[inline]
fn step(steps: &Transitions, between: Step) -> [[i64; 2]; 2] {
    let [tight, loose, title] = steps;
    let [[a, b], [c, d]] = match between {
        Step::Tight => *tight,
        Step::Loose => *loose,
        Step::Title => *title,
    };
    [[i64::from(a), i64::from(b)], [i64::from(c), i64::from(d)]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The best score of all chains with unit `at` in state `state`, by trying every chain.
    fn exhaustive(scores: &[(i32, Step)], steps: &Transitions, at: usize, state: usize) -> i64 {
        (0..1_usize << scores.len())
            .filter(|chain| chain >> at & 1 == state)
            .map(|chain| {
                let mut total = 0;
                for (index, &(score, between)) in scores.iter().enumerate() {
                    let own = chain >> index & 1;
                    total += if own == 1 { i64::from(score) } else { 0 };
                    if index > 0 {
                        total += i64::from(steps[between as usize][chain >> (index - 1) & 1][own]);
                    }
                }
                total
            })
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn margins_are_those_of_all_chains() {
        let steps = [[[3, -9], [-4, 6]], [[1, -2], [-7, 5]], [[-3, 0], [2, -1]]];
        let between =
            [Step::Loose, Step::Tight, Step::Title, Step::Title, Step::Loose, Step::Tight, Step::Loose];
        let scores: Vec<_> = [-12, 7, -3, 4, -20, 15, 2].into_iter().zip(between).collect();
        let (mut forward, mut margins) = (Vec::new(), Vec::new());
        solve(&scores, &steps, &mut forward, &mut margins);
        for (at, &margin) in margins.iter().enumerate() {
            assert_eq!(
                margin,
                exhaustive(&scores, &steps, at, 1) - exhaustive(&scores, &steps, at, 0),
                "unit {at}"
            );
        }
    }
}
