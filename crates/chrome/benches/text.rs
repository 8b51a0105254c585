//! How fast the text half is, and what it costs on texts made to be hard.
//!
//!     cargo bench -p tamis-chrome --bench text                       # MB a second of this thread's CPU time, over corpus/
//!     cargo bench -p tamis-chrome --bench text -- FILE…              # over other texts
//!     benches/text-scaling                                           # instructions at sizes n, 2n, 4n

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that fails should stop, and prints what it found"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use cpu_time::ThreadTime;
use tamis_chrome::{Options, Scratch, strip_text};

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let mut scratch = Scratch::default();
    if let [word, shape, size] = arguments.as_slice()
        && word == "shape"
    {
        let text = made(shape, size.parse().unwrap());
        black_box(strip_text(&text, &Options::default(), &mut scratch));
        return;
    }
    let files = if arguments.is_empty() {
        texts(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus")))
    } else {
        arguments.iter().map(PathBuf::from).collect()
    };
    let texts: Vec<String> = files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut least = f64::MAX;
    let start = ThreadTime::now();
    while start.elapsed().as_secs() < 2 {
        let pass = ThreadTime::now();
        for text in &texts {
            black_box(strip_text(text, &Options::default(), &mut scratch));
        }
        least = least.min(pass.elapsed().as_secs_f64());
    }
    println!("{} texts, {bytes} bytes: {:.0} MB/s", texts.len(), bytes as f64 / 1e6 / least);
}

fn texts(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A text of about `size` bytes.
fn made(shape: &str, size: usize) -> String {
    let sentence = "Le conseil a voté le budget du port, et la maire a promis un débat. ";
    let piece = match shape {
        "article" => format!("{}\n\n", sentence.repeat(4)),
        "menu" => "Accueil\nSport\nCulture\nLa rade\n".to_owned(),
        "one-line" => sentence.to_owned(),
        "one-word" => "a".to_owned(),
        "blank-lines" => "\n".to_owned(),
        "open-sentence" => "et le port de la ville de\n".to_owned(),
        "phrases" => "lire aussi partager commentaires lire la suite ".to_owned(),
        "chinese" => "渔船靠岸价格不变".to_owned(),
        "marks" => "a\u{301}\u{301}".to_owned(),
        _ => shape.to_owned(),
    };
    piece.repeat(size / piece.len())
}
