//! `--memory` holds: a run takes no more than its budget and what the workers take anyway, however large the input.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed test should stop here, and tells what it found"
)]

mod tamis;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tamis::Run;

/// What tables and small documents take beside the budget: about 30 MiB, and 25 MiB for each of two workers.
const BESIDE: u64 = 80 << 20;

const WORDS: &str = "conseil ville port budget lundi maire quai travaux euros habitants projet soir voix région eau \
                     digue école association ministère enquête rapport hausse saison pêche bateau gare train pont";

/// Records of about 3 kB that are unlike each other, until there are so many bytes.
fn records(mut out: impl Write, bytes: u64) {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let (mut state, mut written, mut number) = (7_u64, 0, 0);
    while written < bytes {
        let mut text = String::new();
        for place in 1..450 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(words[(state >> 33) as usize % words.len()]);
            text.push_str(if place % 15 == 0 { ".\\n" } else { " " });
        }
        let line = format!("{{\"id\":\"r{number}\",\"text\":\"{text}\"}}\n");
        out.write_all(line.as_bytes()).unwrap();
        written += line.len() as u64;
        number += 1;
    }
    out.flush().unwrap();
}

/// Runs all stages but those that decide over the corpus, or all, and returns the peak.
fn peak(folder: &Path, input: &Path, memory: &str, corpus: bool) -> u64 {
    let stages = ["decode", "strip-chrome", "normalise-unicode", "detect-language", "split-sentences"];
    let corpus: &[&str] = if corpus { &["deduplicate"] } else { &[] };
    let stages = stages.iter().chain(corpus).chain(&["normalise-amounts"]);
    let stages: Vec<String> = stages.map(|name| format!("[[stage]]\nuse = \"{name}\"\n")).collect();
    let stages = stages.concat();
    let pipeline = folder.join("memory.toml");
    std::fs::write(&pipeline, format!("name = \"memory\"\n{stages}")).unwrap();
    let (pipeline, input) = (pipeline.to_str().unwrap(), input.to_str().unwrap());
    let run = Run::of(&[pipeline, "--input", input, "--memory", memory, "--jobs", "2"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let facts: serde_json::Value =
        serde_json::from_slice(&std::fs::read(run.path().join("run.json")).unwrap()).unwrap();
    let peak = facts["peak_memory_bytes"].as_u64().unwrap();
    println!("{input}: {} MB under {memory}", peak / 1_000_000);
    peak
}

#[test]
fn a_run_takes_no_more_than_its_budget() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("a.jsonl"), folder.path().join("b.jsonl.gz"));
    records(BufWriter::new(File::create(&plain).unwrap()), 12 << 20);
    records(GzEncoder::new(File::create(&packed).unwrap(), Compression::fast()), 12 << 20);
    // A document of 3 MiB, let in where there is memory for it.
    let large = folder.path().join("c");
    std::fs::create_dir(&large).unwrap();
    std::fs::write(large.join("c.txt"), "Une phrase de plus, dit la maire.\n".repeat(90_000)).unwrap();
    for input in [&plain, &packed, &large] {
        let peak = peak(folder.path(), input, "96MiB", true);
        assert!(peak < (96 << 20) + BESIDE, "{}: {peak} bytes", input.display());
    }
}

/// Takes minutes: `cargo test --release --test memory -- --ignored --nocapture`.
#[test]
#[ignore = "2 GB of input"]
fn two_gigabytes_take_no_more_than_256_mebibytes() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.jsonl");
    records(BufWriter::new(File::create(&input).unwrap()), 2 << 30);
    let peak = peak(folder.path(), &input, "256MiB", false);
    assert!(peak < 256 << 20, "{peak} bytes");
}
