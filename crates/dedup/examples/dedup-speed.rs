//! How fast documents are sketched and decided over, and which copies are found, on a corpus made from a seed.
//!
//! `cargo run --release -p tamis-dedup --example dedup-speed -- [DOCUMENTS] [THREADS] [SEED]`
//!
//! Four documents in five are originals of 150 to 900 words. Of the rest, three in ten are exact copies, five are
//! near copies with 1 to 10 words in a hundred replaced in one to six places, and two are near misses in which a
//! third to two thirds of the text is new. Words follow Zipf's law over a vocabulary of 60,000.

#![expect(clippy::print_stdout, reason = "a report on the terminal")]

use std::time::Instant;

use tamis_core::{Decision, MemorySketches, Resources};
use tamis_dedup::{Context, Deduplicator, SketchBuffers};

/// xorshift64*: the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        (((self.next() >> 32) * limit as u64) >> 32) as usize
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const VOCABULARY: usize = 60_000;

/// A word of French letters for a rank; frequent words are short.
fn word(rank: usize) -> String {
    let syllables = [
        "le", "de", "ré", "ci", "on", "ta", "mi", "é", "pour", "sa", "men", "tion", "ba", "vrai", "ju", "no",
    ];
    let mut word = String::new();
    let mut rest = rank + 1;
    while rest > 0 {
        word.push_str(syllables.get(rest % syllables.len()).copied().unwrap_or_default());
        rest /= syllables.len();
    }
    word
}

fn words(numbers: &mut Numbers, count: usize, out: &mut Vec<usize>) {
    out.extend((0..count).map(|_| ((VOCABULARY as f64).powf(numbers.share()) - 1.0) as usize));
}

/// What a document is made from, and the share of its words that are new.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Original,
    Exact,
    Near,
    Miss,
}

fn text(ranks: &[usize], vocabulary: &[String], numbers: &mut Numbers) -> String {
    let mut text = String::with_capacity(ranks.len() * 7);
    for rank in ranks {
        text.push_str(vocabulary.get(*rank).map_or("", String::as_str));
        text.push_str(match numbers.below(40) {
            0 => ".\n",
            1..4 => ", ",
            4 => " « ",
            5 => "’",
            _ => " ",
        });
    }
    text
}

/// Runs `work` and tells its seconds: for work `alone` on this thread those it spent on a processor, where Linux tells
/// them; else those on the clock, which a busy machine stretches.
fn timed<T>(alone: bool, work: impl FnOnce() -> T) -> (T, f64) {
    let on_processor = || -> Option<f64> {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    };
    let (began, before) = (Instant::now(), on_processor());
    let done = work();
    let seconds = match (before, on_processor()) {
        (Some(before), Some(after)) if alone => after - before,
        _ => began.elapsed().as_secs_f64(),
    };
    (done, seconds)
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().unwrap_or(0));
    let documents = arguments.next().filter(|n| *n > 0).unwrap_or(20_000);
    let threads = arguments.next().filter(|n| *n > 0).unwrap_or(1);
    let mut numbers = Numbers(arguments.next().filter(|n| *n > 0).unwrap_or(42) as u64);

    let vocabulary: Vec<String> = (0..VOCABULARY).map(word).collect();
    let mut texts: Vec<String> = Vec::with_capacity(documents);
    let mut kinds = Vec::with_capacity(documents);
    let mut bases: Vec<Vec<usize>> = Vec::new();
    for _ in 0..documents {
        let kind = match numbers.below(50) {
            0..3 => Kind::Exact,
            3..8 => Kind::Near,
            8..10 => Kind::Miss,
            _ => Kind::Original,
        };
        let base = numbers.below(bases.len().max(1));
        let mut ranks = Vec::new();
        match bases.get(base).filter(|_| kind != Kind::Original) {
            None => {
                let count = 150 + numbers.below(750);
                words(&mut numbers, count, &mut ranks);
                bases.push(ranks.clone());
            }
            Some(base) => {
                ranks.clone_from(base);
                let share = match kind {
                    Kind::Near => 0.01 + 0.09 * numbers.share(),
                    Kind::Miss => 0.35 + 0.3 * numbers.share(),
                    _ => 0.0,
                };
                let places = 1 + numbers.below(6);
                let each = (share * ranks.len() as f64) as usize / places;
                for _ in 0..places {
                    let at = numbers.below(ranks.len().saturating_sub(each).max(1));
                    let mut new = Vec::new();
                    words(&mut numbers, each, &mut new);
                    let end = (at + each).min(ranks.len());
                    ranks.splice(at..end, new);
                }
            }
        }
        texts.push(text(&ranks, &vocabulary, &mut numbers));
        kinds.push(kind);
    }
    let megabytes = texts.iter().map(String::len).sum::<usize>() as f64 / 1e6;
    println!("{documents} documents, {megabytes:.1} MB, {threads} threads for the decision");

    let deduplicator = Deduplicator::default();
    let mut buffers = SketchBuffers::default();
    let mut sketch = Vec::new();
    let ((), sketched) = timed(true, || {
        for text in &texts {
            sketch.clear();
            deduplicator.sketch_text(text, Context::default(), &mut buffers, &mut sketch);
        }
    });
    let sketches = texts.iter().map(|text| deduplicator.sketch(text, Context::default()));
    let sketches = MemorySketches(sketches.collect());
    let bytes = sketches.0.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
    println!("sketch  {:7.1} MB/s on one core, sketches {bytes:.1} MB", megabytes / sketched);

    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
    let (decisions, took) =
        pool.install(|| timed(threads == 1, || deduplicator.decide_all(&sketches, &Resources::unbounded())));
    let Ok(decisions) = decisions else { return println!("no decision") };
    println!("decide  {:7.1} MB/s on {threads} threads", megabytes / took);
    println!("both    {:7.1} MB/s", megabytes / (sketched + took));
    for (kind, name) in [
        (Kind::Original, "originals"),
        (Kind::Exact, "exact copies"),
        (Kind::Near, "near copies"),
        (Kind::Miss, "near misses"),
    ] {
        let of_kind = || kinds.iter().zip(decisions.iter()).filter(|(found, _)| **found == kind);
        let dropped = of_kind().filter(|(_, decision)| !matches!(decision, Ok(Decision::Keep))).count();
        println!("{name:13} {:7}, dropped {dropped}", of_kind().count());
    }
    for warning in &decisions.warnings {
        println!("warning: {warning}");
    }
}
