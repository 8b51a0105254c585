//! tamis-decode and tamis-unicode beside other crates, on the same bytes in the same run.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/decode/Cargo.toml [-- DIRECTORY]
//! ```
//!
//! Takes the text files of a directory (`corpus/` without one) and writes them in several encodings. Prints the CPU time
//! of each program over each of these, the least of nine passes, in which the programs take turns. With a directory of
//! files in many encodings, the row `as they are` reads them as they stand.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use cpu_time::ThreadTime;
use tamis_decode::{Decoder, Options};
use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

const PASSES: usize = 9;

/// What a program does with one input; the number keeps it from being left out.
type Reads<T> = Box<dyn FnMut(&T) -> usize>;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1);
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../corpus");
    let files = files(Path::new(folder.as_deref().unwrap_or(corpus)))?;
    // As they read once mojibake is repaired: what the other rows show is reading, not repair.
    let mut decoder = Decoder::default();
    let mut read =
        |file: &Vec<u8>| Some(decoder.decode(file, &Options::default(), None).ok()?.text.to_owned());
    let texts: Vec<String> = files.iter().filter_map(&mut read).collect();
    let whole = texts.concat().repeat(8);
    let in_1252 = |text: &String| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let short = |text: &String| text.chars().take(2000).collect::<String>();
    decoders("as they are", &files);
    decoders("utf-8", &texts.iter().map(|text| text.clone().into_bytes()).collect::<Vec<_>>());
    decoders("utf-8, one file", &[whole.clone().into_bytes()]);
    decoders(
        "windows-1252, 2 KB each",
        &texts.iter().map(short).map(|text| in_1252(&text)).collect::<Vec<_>>(),
    );
    decoders("windows-1252", &texts.iter().map(in_1252).collect::<Vec<_>>());
    decoders("windows-1252, one file", &[in_1252(&whole)]);
    let wide = |text: &String| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    decoders("utf-16 without a mark", &texts.iter().map(wide).collect::<Vec<Vec<u8>>>());

    println!("\nnormalising");
    let clean: Vec<String> =
        texts.iter().map(|text| tamis_unicode::normalised(text, &Default::default())).collect();
    normalisers("clean text", &clean);
    normalisers("as found", &texts);
    Ok(())
}

fn normalisers(name: &str, inputs: &[String]) {
    let (mut edits, options) = (tamis_unicode::Edits::default(), tamis_unicode::Options::default());
    let mut rows: Vec<(&str, Reads<String>)> = vec![
        (
            "tamis-unicode",
            Box::new(move |text| {
                tamis_unicode::normalise(text, &options, &mut edits);
                edits.iter().count()
            }),
        ),
        ("is_nfc_quick", Box::new(|text| is_nfc_quick(text.chars()) as usize)),
        ("nfc()", Box::new(|text| text.nfc().map(char::len_utf8).sum())),
    ];
    race(name, inputs, &mut rows);
}

fn decoders(name: &str, inputs: &[Vec<u8>]) {
    let (mut decoder, options) = (Decoder::default(), Options::default());
    let mut rows: Vec<(&str, Reads<Vec<u8>>)> = vec![
        (
            "tamis-decode",
            Box::new(move |raw| decoder.decode(raw, &options, None).map_or(0, |read| read.text.len())),
        ),
        (
            "chardetng, encoding_rs",
            Box::new(|raw| {
                let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
                detector.feed(raw, true);
                detector.guess(None, Utf8Detection::Allow).decode(raw).0.len()
            }),
        ),
        ("from_utf8_lossy", Box::new(|raw| String::from_utf8_lossy(raw).into_owned().len())),
    ];
    race(name, inputs, &mut rows);
}

fn race<T: AsRef<[u8]>>(name: &str, inputs: &[T], rows: &mut [(&str, Reads<T>)]) {
    let bytes: usize = inputs.iter().map(|input| input.as_ref().len()).sum();
    // Enough work for the clock.
    let rounds = 2_000_000 / bytes.max(1) + 1;
    let mut least = vec![Duration::MAX; rows.len()];
    for _ in 0..PASSES {
        for ((_, read), least) in rows.iter_mut().zip(&mut least) {
            let start = ThreadTime::now();
            for _ in 0..rounds {
                for raw in inputs {
                    std::hint::black_box(read(raw));
                }
            }
            *least = (*least).min(start.elapsed());
        }
    }
    println!("{name}: {} files, {:.2} MB", inputs.len(), bytes as f64 / 1e6);
    for ((program, _), least) in rows.iter().zip(&least) {
        println!("    {program:<24} {:>9.1} MB/s", (bytes * rounds) as f64 / 1e6 / least.as_secs_f64());
    }
}

fn files(folder: &Path) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    paths.sort_by_key(std::fs::DirEntry::path);
    for entry in paths {
        if entry.path().is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(std::fs::read(entry.path())?);
        }
    }
    Ok(found)
}
