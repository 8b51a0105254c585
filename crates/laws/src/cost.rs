//! Work against size.

use cpu_time::ThreadTime;

/// Asserts that ten times as many repetitions of `piece` cost at most fifteen times the work, and some slack for what
/// does not depend on size.
///
/// Work is CPU time of the calling thread, where in doubt the least of several runs: on a busy machine the least is
/// what the work itself costs. One large text is held against ten small ones, which take as long: a virtual machine
/// charges threads for time it did not give them, and more likely in a long run than in a short one. Sizes are large
/// enough that a quadratic step shows as a factor near ten.
#[track_caller]
pub fn grows_linearly(piece: &str, mut work: impl FnMut(&str)) {
    const BYTES: usize = 12_000;
    const SLACK: u64 = 200_000;
    let small = piece.repeat(BYTES / piece.len().max(1));
    let large = small.repeat(10);
    work(&small);
    let mut ratios = Vec::new();
    // Once is enough when it shows nothing; what looks too dear is measured again.
    for runs in [1, 3, 3, 3] {
        let cost = |text: &str, work: &mut dyn FnMut(&str)| {
            (0..runs).map(|_| cpu_nanoseconds(|| work(text))).min().unwrap_or(0)
        };
        let parts = cost(&small, &mut |text: &str| (0..10).for_each(|_| work(text)));
        let whole = cost(&large, &mut work);
        if 2 * whole <= 3 * parts + SLACK {
            return;
        }
        ratios.push(10.0 * whole as f64 / parts as f64);
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
