//! Times sentence splitters on the same texts, turn by turn in one process, and prints megabytes a second of CPU time.
//!
//!     peers-sentences LANGUAGE ROUNDS FOLDER…
//!     peers-sentences --once PEER LANGUAGE FOLDER…             one pass, for valgrind
//!     peers-sentences --repeat PEER LANGUAGE PIECE MEGABYTES   one pass over the same piece again and again
//!
//! Every file `*.txt` below the folders that is UTF-8 is a document. Each peer splits every document into spans, which
//! are only counted; nothing is copied out. A round gives each peer one turn, so that whatever else the machine does
//! meets all of them; the fastest turn counts.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use cpu_time::ThreadTime;
use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use unicode_segmentation::UnicodeSegmentation;

/// A splitter: how many sentences a text has.
type Peer = (&'static str, Box<dyn Fn(&str) -> usize>);

fn peers(language: &str) -> Vec<Peer> {
    let (ours, theirs) = (language.to_owned(), language.to_owned());
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    vec![
        ("tamis-sentences", Box::new(move |text| tamis_sentences::split(text, &ours).count())),
        ("icu_segmenter", Box::new(move |text| segmenter.segment_str(text).skip(1).count())),
        ("unicode-segmentation", Box::new(|text| text.split_sentence_bound_indices().count())),
        ("sentencex", Box::new(move |text| sentencex::get_sentence_boundaries(&theirs, text).len())),
    ]
}

fn read(folder: &Path, texts: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            texts.extend(std::fs::read_to_string(&path));
        }
    }
}

fn texts(folders: &[String]) -> Vec<String> {
    let mut texts = Vec::new();
    for folder in folders {
        read(Path::new(folder), &mut texts);
    }
    texts
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [once, name, language, folders @ ..] if once == "--once" => {
            let texts = texts(folders);
            for (peer, split) in peers(language) {
                if peer == name {
                    println!("{} sentences", texts.iter().map(|text| split(text)).sum::<usize>());
                }
            }
        }
        [repeat, name, language, piece, megabytes] if repeat == "--repeat" => {
            let bytes = megabytes.parse::<usize>().unwrap_or_default() * 1_000_000;
            let text = piece.repeat(bytes / piece.len().max(1));
            for (peer, split) in peers(language) {
                if peer == name {
                    println!("{} sentences", split(&text));
                }
            }
        }
        [language, rounds, folders @ ..] => {
            let Ok(rounds) = rounds.parse::<usize>() else {
                return eprintln!("`{rounds}` is no number of rounds");
            };
            compare(language, rounds, &texts(folders));
        }
        _ => eprintln!("usage: peers-sentences LANGUAGE ROUNDS FOLDER…"),
    }
}

fn compare(language: &str, rounds: usize, texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    // A turn is long enough to be measured, and short enough to find moments when nothing else runs: a megabyte.
    let passes = (1_000_000 / bytes.max(1)).max(1);
    let peers = peers(language);
    let mut best = BTreeMap::new();
    for _ in 0..rounds {
        for (index, (_, split)) in peers.iter().enumerate() {
            let pass = || texts.iter().map(|text| split(std::hint::black_box(text))).sum::<usize>();
            // The peer before has filled the caches with its own tables.
            std::hint::black_box(pass());
            let start = ThreadTime::now();
            let sentences: usize = (0..passes).map(|_| pass()).sum();
            let took = start.elapsed();
            let fastest = best.get(&index).map_or(Duration::MAX, |&(fastest, _)| fastest);
            best.insert(index, (took.min(fastest), sentences / passes));
        }
    }
    println!(
        "{} texts, {bytes} bytes, language {language}, fastest of {rounds} turns of {passes} passes",
        texts.len()
    );
    let ours = best.get(&0).map_or(0.0, |(took, _)| took.as_secs_f64());
    for (index, (name, _)) in peers.iter().enumerate() {
        if let Some((took, sentences)) = best.get(&index) {
            let seconds = took.as_secs_f64();
            println!(
                "{name:22} {:8.1} MB/s   {:6.2} × the time of tamis   {sentences} sentences",
                (bytes * passes) as f64 / seconds / 1e6,
                seconds / ours
            );
        }
    }
}
