//! tamis-language beside other detectors, on the same texts in the same run.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/language/Cargo.toml -- speed [FILE.jsonl or DIRECTORY [DETECTOR]]
//! cargo run --release --manifest-path benches/peers/language/Cargo.toml -- answers DETECTOR FILE.jsonl
//! ```
//!
//! `speed` takes the texts of 1 to 3 KB and prints the CPU time of each detector, the least of nine passes; the
//! detectors take turns, so that what disturbs one disturbs all. `answers` prints `{"id", "lang", "lang_confidence"}` for
//! each `{"id", "text"}`. Without a path, `speed` takes the articles of `corpus/`.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use cpu_time::ThreadTime;
use serde_json::{Value, json};
use tamis_language::{Buffers, Detector, Model, Options};

const PASSES: usize = 9;

/// A detector by name: a text to a language and a confidence.
type Named = (&'static str, Box<dyn FnMut(&str) -> (String, f64)>);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["answers", detector, file] => answers(detector, Path::new(file)),
        ["speed", path, only] => speed(Path::new(path), only),
        ["speed", path] => speed(Path::new(path), ""),
        _ => speed(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus")), ""),
    }
}

fn detectors() -> Result<Vec<Named>, Box<dyn Error>> {
    let (own, all) = (Detector::default(), Options::default());
    let few = Options {
        candidates: ["fr", "en", "de", "es", "it", "pt", "nl", "pl", "ru", "ca"].map(String::from).to_vec(),
        ..all.clone()
    };
    let (few, trigrams) = (Detector::new(&few)?, Detector::new(&Options { model: Model::Whatlang, ..all })?);
    let with = |detector: Detector| {
        let mut buffers = Buffers::default();
        Box::new(move |text: &str| {
            let found = detector.detect_with(text, &mut buffers);
            (found.language.as_str().to_owned(), found.confidence)
        })
    };
    Ok(vec![
        ("tamis", with(own)),
        ("tamis, 10 candidates", with(few)),
        ("tamis, model whatlang", with(trigrams)),
        (
            "whatlang",
            Box::new(|text| {
                whatlang::detect(text).map_or_else(
                    || ("und".into(), 0.0),
                    |found| (found.lang().code().into(), found.confidence()),
                )
            }),
        ),
        (
            "whatlang, if reliable",
            Box::new(|text| {
                whatlang::detect(text).filter(whatlang::Info::is_reliable).map_or_else(
                    || ("und".into(), 0.0),
                    |found| (found.lang().code().into(), found.confidence()),
                )
            }),
        ),
        ("whichlang", Box::new(|text| (whichlang::detect_language(text).three_letter_code().into(), 1.0))),
    ])
}

fn speed(path: &Path, only: &str) -> Result<(), Box<dyn Error>> {
    let texts: Vec<String> = texts(path)?
        .into_iter()
        .map(|(_, text)| text)
        .filter(|text| (1000..3000).contains(&text.len()))
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut detectors = detectors()?;
    detectors.retain(|(name, _)| only.is_empty() || *name == only);
    let mut least = vec![Duration::MAX; detectors.len()];
    for _ in 0..PASSES {
        for ((_, detect), least) in detectors.iter_mut().zip(&mut least) {
            let start = ThreadTime::now();
            for text in &texts {
                std::hint::black_box(detect(text));
            }
            *least = (*least).min(start.elapsed());
        }
    }
    println!("{} texts of 1 to 3 KB, {:.2} MB", texts.len(), bytes as f64 / 1e6);
    let peer = detectors.iter().position(|(name, _)| *name == "whatlang").unwrap_or(0);
    let peer = least[peer].as_secs_f64();
    for ((name, _), least) in detectors.iter().zip(&least) {
        let seconds = least.as_secs_f64();
        println!(
            "{name:<24} {:>8.1} us a text {:>8.1} MB/s {:>6.1} x whatlang",
            seconds * 1e6 / texts.len() as f64,
            bytes as f64 / 1e6 / seconds,
            peer / seconds
        );
    }
    Ok(())
}

fn answers(wanted: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut detectors = detectors()?;
    let (_, detect) = detectors.iter_mut().find(|(name, _)| *name == wanted).ok_or("no such detector")?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (id, text) in texts(file)? {
        let (language, confidence) = detect(&text);
        writeln!(out, "{}", json!({"id": id, "lang": language, "lang_confidence": confidence}))?;
    }
    Ok(())
}

/// Ids and texts of a JSONL file, or of the files of a directory.
fn texts(path: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    if path.is_dir() {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let path = entry?.path();
            if path.is_dir() {
                found.extend(texts(&path)?);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
                found.push((path.display().to_string(), text));
            }
        }
        return Ok(found);
    }
    let mut found = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let record: Value = serde_json::from_str(line)?;
        let field = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        found.push((field("id"), field("text")));
    }
    Ok(found)
}
