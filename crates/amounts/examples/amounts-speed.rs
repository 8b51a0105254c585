//! How fast amounts are found in a text: megabytes a second of CPU time, the best of some rounds.
//!
//! `cargo run --release -p tamis-amounts --example amounts-speed -- FILE [LANGUAGE] [ROUNDS]`
//!
//! The text is read in pieces of 5,000 characters, about an article each. The instructions of one round are those of a
//! run with two rounds less those of a run with one, under `valgrind --tool=callgrind`.

#![expect(clippy::print_stdout, reason = "a report on the terminal")]

use std::time::Duration;

use cpu_time::ThreadTime;
use tamis_amounts::{Options, find};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or(std::io::ErrorKind::InvalidInput)?;
    let language = arguments.next().unwrap_or_else(|| "fr".to_owned());
    let rounds: usize = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(50);
    let text = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
    let characters: Vec<char> = text.chars().collect();
    let pieces: Vec<String> = characters.chunks(5_000).map(|piece| piece.iter().collect()).collect();

    let options = Options::default();
    let mut amounts = Vec::new();
    // The tables are made on first use.
    find("", &language, &options, &mut amounts);
    let mut least = Duration::MAX;
    let mut found = 0;
    for _ in 0..rounds {
        found = 0;
        let clock = ThreadTime::now();
        for piece in &pieces {
            amounts.clear();
            find(piece, &language, &options, &mut amounts);
            found += amounts.len();
        }
        least = least.min(clock.elapsed());
    }
    let rate = text.len() as f64 / least.as_secs_f64() / 1e6;
    println!("{} bytes, {} pieces, {found} amounts: {rate:.0} MB/s", text.len(), pieces.len());
    Ok(())
}
