//! tamis-dedup on the documents of a JSON-lines file that `generate` made: `tamis-peer FILE [curve]`.
//!
//! Tells CPU seconds of sketching and deciding on one thread, without the reading of the file, and how many copies were
//! dropped by kind of edit. With `curve`, every pair that shares a shingle is a duplicate, and what is told is how many
//! of the pairs with some Jaccard index became candidates, against the theory.

use std::io::{BufRead, BufReader};

use serde::Deserialize;
use tamis_core::{Decision, MemorySketches, Original, Resources};
use tamis_dedup::{Context, Deduplicator, Near, Options, SketchBuffers};

#[derive(Deserialize)]
struct Document {
    id: String,
    text: String,
    kind: String,
    of: Option<String>,
}

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a file");
    let curve = arguments.next().is_some();
    let lines = BufReader::new(std::fs::File::open(path).expect("readable")).lines();
    let documents: Vec<Document> =
        lines.map(|line| serde_json::from_str(&line.expect("readable")).expect("a document")).collect();
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();

    let near = if curve {
        Near { similarity: 1e-6, containment: None, reading: None, own_passages: 2.0, ..Near::default() }
    } else {
        Near::default()
    };
    let deduplicator = Deduplicator::new(Options { near: Some(near.clone()), ..Options::default() });
    let clock = cpu();
    let mut buffers = SketchBuffers::default();
    let mut sketches = MemorySketches::default();
    for document in &documents {
        let mut sketch = Vec::new();
        deduplicator.sketch_text(&document.text, Context::default(), &mut buffers, &mut sketch);
        sketches.0.push(sketch);
    }
    let sketching = cpu() - clock;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let (decisions, deciding) = pool.install(|| {
        let clock = cpu();
        (deduplicator.decide_all(&sketches, &Resources::unbounded()).expect("decisions"), cpu() - clock)
    });
    let took = sketching + deciding;
    let decisions: Vec<Decision> = decisions.iter().map(|decision| decision.expect("a decision")).collect();
    let is_dropped = |ordinal: usize| decisions[ordinal] != Decision::Keep;
    let dropped = (0..documents.len()).filter(|ordinal| is_dropped(*ordinal)).count();
    println!(
        "tamis   {took:8.2} s of CPU {:7.1} MB/s, {dropped} of {} dropped; sketching {sketching:.2} s",
        bytes as f64 / 1e6 / took,
        documents.len()
    );

    let pair = |ordinal: usize| {
        let of: usize = documents[ordinal].of.as_ref()?.get(1..)?.parse().ok()?;
        let likeness = deduplicator.similarity(&sketches.0[ordinal], &sketches.0[of]).ok()?;
        let is_for = |lost: usize, won: usize| matches!(&decisions[lost], Decision::Drop { duplicate_of: Some(Original::Document(kept)), .. } if *kept == won);
        if curve {
            // Pairs of which one is dropped for a third tell nothing.
            let found = is_for(ordinal, of) || is_for(of, ordinal);
            return (found || !(is_dropped(ordinal) || is_dropped(of))).then_some((likeness, found));
        }
        // Either may be the one that is dropped, for the other or for a better copy of both.
        Some((likeness, is_dropped(ordinal) || is_dropped(of)))
    };
    if curve {
        println!("\n  Jaccard index    pairs    found   theory");
        let edges = [0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0];
        let pairs: Vec<(f64, bool)> = (0..documents.len())
            .filter(|ordinal| documents[*ordinal].kind == "replaced")
            .filter_map(pair)
            .filter(|(likeness, _)| likeness.left.min(likeness.right) >= 100)
            .map(|(likeness, found)| (likeness.jaccard(), found))
            .collect();
        for edge in edges.windows(2) {
            let of_bin = || pairs.iter().filter(|(jaccard, _)| (edge[0]..edge[1]).contains(jaccard));
            let (count, found) = (of_bin().count(), of_bin().filter(|(_, found)| *found).count());
            let theory: f64 = of_bin().map(|(jaccard, _)| candidate(*jaccard)).sum();
            let share = |part: f64| if count == 0 { f64::NAN } else { part / count as f64 };
            println!(
                "  {:4.2} to {:4.2} {count:10} {:8.4} {:8.4}",
                edge[0],
                edge[1],
                share(found as f64),
                share(theory)
            );
        }
        return;
    }
    println!("\n  kind        copies   dropped   the rules hold   of these dropped");
    let mut kinds: Vec<&str> = documents.iter().map(|document| document.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds.into_iter().filter(|kind| *kind != "original") {
        let of_kind = (0..documents.len()).filter(|ordinal| documents[*ordinal].kind == kind);
        let pairs: Vec<(bool, bool)> = of_kind
            .filter_map(pair)
            .map(|(likeness, dropped)| (likeness.shorter >= 25 && likeness.judge(&near).is_some(), dropped))
            .collect();
        let count = |of: &dyn Fn(&&(bool, bool)) -> bool| pairs.iter().filter(of).count();
        let (dropped, hold) = (count(&|pair| pair.1), count(&|pair| pair.0));
        let found = count(&|pair| pair.0 && pair.1);
        println!(
            "  {kind:10} {:7} {:9.4} {:16.4} {:18.4}",
            pairs.len(),
            dropped as f64 / pairs.len() as f64,
            hold as f64 / pairs.len() as f64,
            found as f64 / hold as f64
        );
    }
    let lost = (0..documents.len())
        .filter(|ordinal| is_dropped(*ordinal) && documents[*ordinal].kind == "original")
        .filter(|ordinal| {
            let Decision::Drop { duplicate_of: Some(Original::Document(kept)), .. } = &decisions[*ordinal]
            else {
                return false;
            };
            documents[*kept].of.as_deref() != Some(documents[*ordinal].id.as_str())
                && documents[*kept].of.is_none()
        });
    println!("  originals dropped for another original: {}", lost.count());
}

/// The chance that two texts with this Jaccard index share three of 48 samples: each sample of the one is in the other
/// with the probability 2 J / (1 + J).
fn candidate(jaccard: f64) -> f64 {
    let shared = 2.0 * jaccard / (1.0 + jaccard);
    let mut missed = 0.0;
    let mut ways = 1.0;
    for hits in 0..3 {
        missed += ways * shared.powi(hits) * (1.0 - shared).powi(48 - hits);
        ways *= f64::from(48 - hits) / f64::from(hits + 1);
    }
    1.0 - missed
}
