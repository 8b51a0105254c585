//! Repeated runs in the documents of a JSON-lines file that `generate` made: `tamis-runs FILE`.
//!
//! Every fifth document gets a passage of 20 to 200 words of an earlier original, at a place drawn for it. Tells CPU
//! seconds of sketching and deciding on one thread with and without the option, in turn, and how many of the known
//! passages are left in both documents, by their length.

use std::io::{BufRead, BufReader};

use serde::Deserialize;
use tamis_core::{Decision, Decisions, MemorySketches, Resources};
use tamis_dedup::{Context, Deduplicator, Options, Runs, SketchBuffers};

#[derive(Deserialize)]
struct Document {
    text: String,
    of: Option<String>,
}

/// A passage that was put into a document, in places of whitespace-separated words.
struct Passage {
    from: (usize, usize),
    to: (usize, usize),
    len: usize,
    words: usize,
}

/// Some number that depends on another one alone (SplitMix64).
fn scattered(number: u64) -> u64 {
    let mut value = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn decide(texts: &[String], runs: Option<Runs>) -> (Decisions, [f64; 2], usize) {
    let deduplicator = Deduplicator::new(Options { runs, ..Options::default() });
    let start = cpu();
    let mut buffers = SketchBuffers::default();
    let mut sketches = MemorySketches::default();
    for text in texts {
        let mut sketch = Vec::new();
        deduplicator.sketch_text(text, Context::default(), &mut buffers, &mut sketch);
        sketches.0.push(sketch);
    }
    let sketched = cpu();
    let decisions = deduplicator.decide_all(&sketches, &Resources::unbounded()).expect("decisions");
    let bytes = sketches.0.iter().map(Vec::len).sum();
    (decisions, [sketched - start, cpu() - sketched], bytes)
}

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let lines = BufReader::new(std::fs::File::open(path).expect("readable")).lines();
    let documents: Vec<Document> =
        lines.map(|line| serde_json::from_str(&line.expect("readable")).expect("a document")).collect();
    let mut texts: Vec<String> = documents.iter().map(|document| document.text.clone()).collect();
    let mut passages = Vec::new();
    for document in
        (0..documents.len()).filter(|document| document % 5 == 4 && documents[*document].of.is_none())
    {
        let mut drawn = scattered(document as u64);
        let mut below = |limit: usize| {
            drawn = scattered(drawn);
            (drawn >> 33) as usize % limit.max(1)
        };
        let from = document - 1 - below(document.min(1000));
        // Those that got a passage themselves have moved words.
        if from % 5 == 4 || documents[from].of.is_some() {
            continue;
        }
        let source: Vec<&str> = texts[from].split(' ').collect();
        let len = (20 + below(181)).min(source.len());
        let start = below(source.len() - len + 1);
        // A quotation mark between spaces is none.
        let words =
            source[start..start + len].iter().filter(|word| word.contains(char::is_alphanumeric)).count();
        let mut into: Vec<&str> = texts[document].split(' ').collect();
        let at = below(into.len());
        into.splice(at..at, source[start..start + len].iter().copied());
        texts[document] = into.join(" ");
        passages.push(Passage { from: (from, start), to: (document, at), len, words });
    }
    let bytes: usize = texts.iter().map(String::len).sum();

    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let mut best: [Option<[f64; 2]>; 2] = [None; 2];
    let mut found = None;
    for _ in 0..3 {
        for (place, runs) in [None, Some(Runs::default())].into_iter().enumerate() {
            let (decisions, took, sketches) = pool.install(|| decide(&texts, runs));
            let least = best[place].get_or_insert(took);
            *least = [least[0].min(took[0]), least[1].min(took[1])];
            if place == 1 {
                found = Some((decisions, sketches));
            }
        }
    }
    let (decisions, sketches) = found.expect("decisions");
    let mut sums = [0.0; 2];
    for ((name, took), sum) in ["without", "with   "].iter().zip(best.into_iter().flatten()).zip(&mut sums) {
        *sum = took[0] + took[1];
        println!(
            "{name} {:7.2} s to sketch {:7.2} s to decide {:7.1} MB/s",
            took[0],
            took[1],
            bytes as f64 / 1e6 / *sum
        );
    }
    println!(
        "{:.1} % more CPU; sketches {:.2} times the text",
        100.0 * (sums[1] / sums[0] - 1.0),
        sketches as f64 / bytes as f64
    );
    println!("{:?}", decisions.measures);
    decisions.warnings.iter().for_each(|warning| println!("warning: {warning}"));

    // Which words of a document stay.
    let stays = |document: usize| -> Option<Vec<bool>> {
        let mut at = 0;
        let removed = match decisions.get(document).expect("a decision") {
            Decision::Drop { .. } => return None,
            Decision::Remove(removals) => removals,
            Decision::Keep => Vec::new(),
        };
        let words = texts[document].split(' ').map(|word| {
            let start = at;
            at += word.len() + 1;
            !removed.iter().any(|gone| gone.span.range().start < at - 1 && start < gone.span.range().end)
        });
        Some(words.collect())
    };
    let edges = [20, 40, 50, 60, 80, 120, 201];
    println!("\n  words        passages   left in both   gone");
    for edge in edges.windows(2) {
        let (mut count, mut left, mut gone) = (0, 0, 0);
        for passage in passages.iter().filter(|passage| (edge[0]..edge[1]).contains(&passage.words)) {
            let (Some(source), Some(copy)) = (stays(passage.from.0), stays(passage.to.0)) else { continue };
            count += 1;
            let (mut run, mut longest, mut lost) = (0, 0, 0);
            let words: Vec<&str> = texts[passage.to.0].split(' ').skip(passage.to.1).collect();
            for word in 0..passage.len {
                let (here, there) = (source[passage.from.1 + word], copy[passage.to.1 + word]);
                let is_word = words[word].contains(char::is_alphanumeric);
                run = if here && there { run + usize::from(is_word) } else { 0 };
                longest = longest.max(run);
                lost += usize::from(!here || !there);
            }
            left += usize::from(longest >= Runs::default().min_words as usize);
            gone += usize::from(lost > 0);
        }
        println!("  {:3} to {:3} {count:12} {left:14} {gone:6}", edge[0], edge[1] - 1);
    }
}
