//! Work against size.

use cpu_time::ThreadTime;

/// Asserts that ten times as many repetitions of `piece` cost at most fifteen times the work, and some slack for what
/// does not depend on size.
///
/// Work is CPU time of the calling thread, the least of several runs: on a busy machine the least is what the work
/// itself costs. Sizes are large enough that a quadratic step shows as a factor near 100.
#[track_caller]
pub fn grows_linearly(piece: &str, mut work: impl FnMut(&str)) {
    const BYTES: usize = 12_000;
    const SLACK: u64 = 200_000;
    let small = piece.repeat(BYTES / piece.len().max(1));
    let large = small.repeat(10);
    work(&small);
    let mut ratios = Vec::new();
    for _ in 0..4 {
        let cost = |text: &str, work: &mut dyn FnMut(&str)| {
            (0..3).map(|_| cpu_nanoseconds(|| work(text))).min().unwrap_or(0)
        };
        let (one, ten) = (cost(&small, &mut work), cost(&large, &mut work));
        if ten <= 15 * one + SLACK {
            return;
        }
        ratios.push(ten as f64 / one as f64);
    }
    panic!("ten times {piece:?} costs {ratios:?} times the work");
}

/// CPU time of this thread, to the nanosecond. The scheduler's own account, which needs no crate, moves in steps of
/// milliseconds: a small piece of work then looks cheaper than it is.
fn cpu_nanoseconds(work: impl FnOnce()) -> u64 {
    let clock = ThreadTime::now();
    work();
    clock.elapsed().as_nanos() as u64
}
