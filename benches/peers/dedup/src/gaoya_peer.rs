//! gaoya 0.2 on the documents of a JSON-lines file: `gaoya-peer FILE [THRESHOLD]`.
//!
//! Tokenising, shingling (five words), signatures (128 of 32 bits, 16 bands), look-up and insertion, one thread, as its
//! documentation shows it; documents that match an earlier one are dropped. Tells CPU seconds without the reading of
//! the file.

use std::io::{BufRead, BufReader};

use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32};
use serde::Deserialize;

#[derive(Deserialize)]
struct Document {
    text: String,
}

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a file");
    let threshold: f64 = arguments.next().map_or(0.7, |threshold| threshold.parse().expect("a number"));
    let lines = BufReader::new(std::fs::File::open(path).expect("readable")).lines();
    let texts: Vec<String> = lines
        .map(|line| serde_json::from_str::<Document>(&line.expect("readable")).expect("a document").text)
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();

    let clock = cpu();
    let (bands, width) = (16, 8);
    let hasher = MinHasher32::new(bands * width);
    let mut index: MinHashIndex<u32, usize> = MinHashIndex::new(bands, width, threshold);
    let mut dropped = 0;
    for (number, text) in texts.iter().enumerate() {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let signature = hasher.create_signature(words.windows(5));
        if index.query(&signature).is_empty() {
            index.insert(number, signature);
        } else {
            dropped += 1;
        }
    }
    let took = cpu() - clock;
    println!(
        "gaoya   {:8.2} s of CPU {:7.1} MB/s, {dropped} of {} dropped",
        took,
        bytes as f64 / 1e6 / took,
        texts.len()
    );
}
