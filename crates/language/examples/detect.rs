//! Detects the language of each line of standard input.
//!
//! ```text
//! cargo run --release -p tamis-language --example detect < lines.txt
//! ```
//!
//! Prints, parted by tabs: the language, the likeliest language, its confidence, the letters it rests on, and the bits
//! by which it leads and that speak for it (what `model/calibrate.py` fits the confidence on).

use std::io::{self, BufRead, BufWriter, Write};

use tamis_language::{Buffers, Detector};

fn main() -> io::Result<()> {
    let detector = Detector::default();
    let mut buffers = Buffers::default();
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let found = detector.detect_with(&line?, &mut buffers);
        let likeliest = found.likeliest.unwrap_or_default();
        let numbers = (found.confidence, found.letters, found.lead, found.evidence);
        writeln!(
            out,
            "{}\t{likeliest}\t{:.4}\t{}\t{:.2}\t{:.2}",
            found.language, numbers.0, numbers.1, numbers.2, numbers.3
        )?;
    }
    out.flush()
}
