//! Documents with known pairs, as JSON lines on standard output: any number of them, in constant memory.
//!
//! `generate DOCUMENTS [WORDS] [SEED]`
//!
//! Document *n* depends on the seed and *n* alone. Four in five are originals of WORDS / 2 to 3 WORDS / 2 words by
//! Zipf's law over a vocabulary of 60,000, in sentences and paragraphs; the others are copies of an earlier original,
//! each by one kind of edit. `of` names the original and `kind` the edit; `share` is how much of the words was edited.

use std::io::{BufWriter, Write};

/// SplitMix64 from a seed and a number.
struct Numbers(u64);

impl Numbers {
    fn of(seed: u64, document: u64) -> Self {
        let mut numbers = Self(seed ^ document.wrapping_mul(0xD134_2543_DE82_EF95));
        numbers.next();
        numbers
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (((self.next() >> 32) * limit.max(1) as u64) >> 32) as usize
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn word(&mut self) -> u32 {
        ((VOCABULARY as f64).powf(self.share()) - 1.0) as u32
    }
}

const VOCABULARY: usize = 60_000;

/// A word of French letters for a rank; frequent words are short.
fn word(rank: usize) -> String {
    let syllables = [
        "le", "de", "ré", "ci", "on", "ta", "mi", "é", "pour", "sa", "men", "tion", "ba", "vrai", "ju", "no",
    ];
    let mut word = String::new();
    let mut rest = rank + 1;
    while rest > 0 {
        word.push_str(syllables[rest % syllables.len()]);
        rest /= syllables.len();
    }
    word
}

/// What is done to an original to make a copy, and of how many copies in 60.
const KINDS: [(&str, usize); 12] = [
    ("exact", 12),
    ("case", 4),
    ("accents", 4),
    ("typography", 4),
    ("headline", 4),
    ("replaced", 14),
    ("added", 4),
    ("cut", 4),
    ("contained", 3),
    ("moved", 3),
    ("misread", 2),
    ("miss", 2),
];

/// What a document is: an original, or a copy of one by a kind of edit.
fn fate(seed: u64, document: u64) -> Option<(u64, &'static str)> {
    let mut numbers = Numbers::of(seed ^ 0xFA7E, document);
    if document == 0 || numbers.below(5) > 0 {
        return None;
    }
    // The original is found from the last million documents, as copies are near one another in most crawls.
    let mut original = document - 1 - numbers.below(document.min(1_000_000) as usize) as u64;
    while fate_is_copy(seed, original) {
        original -= 1;
    }
    let mut drawn = numbers.below(60);
    for (kind, count) in KINDS {
        if drawn < count {
            return Some((original, kind));
        }
        drawn -= count;
    }
    None
}

fn fate_is_copy(seed: u64, document: u64) -> bool {
    document > 0 && Numbers::of(seed ^ 0xFA7E, document).below(5) == 0
}

fn original(seed: u64, document: u64, words: usize) -> Vec<u32> {
    let mut numbers = Numbers::of(seed, document);
    let count = words / 2 + numbers.below(words);
    (0..count).map(|_| numbers.word()).collect()
}

/// The words of a copy, and the share of them that was edited.
fn edit(words: &mut Vec<u32>, kind: &str, numbers: &mut Numbers) -> f64 {
    let len = words.len();
    let part = |share: f64| (share * len as f64) as usize;
    match kind {
        "headline" => {
            let headline: Vec<u32> = (0..8).map(|_| numbers.word()).collect();
            words.splice(0..0, headline);
            8.0 / len as f64
        }
        // From next to nothing to all, half of them more than seven eighths, where the S-curve bends. In runs, as people
        // edit.
        "replaced" => {
            let high = numbers.below(2) == 0;
            let share = if high { 1.0 - 0.12 * numbers.share() } else { numbers.share() };
            let (mut at, mut replaced) = (0, 0);
            while at < len {
                let run = (3 + numbers.below(20)).min(len - at);
                if numbers.share() < share {
                    words[at..at + run].iter_mut().for_each(|word| *word = numbers.word());
                    replaced += run;
                }
                at += run;
            }
            replaced as f64 / len as f64
        }
        "added" => {
            let more = part(0.1 + 0.2 * numbers.share());
            let at = numbers.below(len);
            let added: Vec<u32> = (0..more).map(|_| numbers.word()).collect();
            words.splice(at..at, added);
            more as f64 / len as f64
        }
        "cut" => {
            let less = part(0.05 + 0.2 * numbers.share());
            words.truncate(len - less);
            less as f64 / len as f64
        }
        "contained" => {
            let less = part(0.35 + 0.1 * numbers.share());
            words.truncate(len - less);
            less as f64 / len as f64
        }
        "moved" => {
            words.rotate_left(len / 3);
            0.0
        }
        "miss" => {
            let keep = part(0.25);
            words[keep..].iter_mut().for_each(|word| *word = numbers.word());
            0.75
        }
        _ => 0.0,
    }
}

fn text(ranks: &[u32], vocabulary: &[String], out: &mut String) {
    out.clear();
    let mut begins = true;
    for (place, rank) in ranks.iter().enumerate() {
        let word = &vocabulary[*rank as usize % VOCABULARY];
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if begins => {
                out.extend(first.to_uppercase());
                out.push_str(letters.as_str());
            }
            _ => out.push_str(word),
        }
        // Punctuation by the words, not by their places: so that it moves with them.
        let mark = (rank.wrapping_mul(0x9E37_79B1) >> 16) as usize
            + ranks.get(place + 1).map_or(0, |next| *next as usize);
        begins = mark.is_multiple_of(13);
        out.push_str(match mark % 13 {
            0 if mark.is_multiple_of(4) => ".\n",
            0 => ". ",
            1 => ", ",
            2 if mark.is_multiple_of(5) => " « ",
            _ => " ",
        });
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap_or(0));
    let documents = arguments.next().filter(|count| *count > 0).unwrap_or(20_000);
    let words = arguments.next().filter(|count| *count > 0).unwrap_or(500) as usize;
    let seed = arguments.next().unwrap_or(42);
    let vocabulary: Vec<String> = (0..VOCABULARY).map(word).collect();
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let (mut plain, mut line) = (String::new(), Vec::new());
    for document in 0..documents {
        let fate = fate(seed, document);
        let mut share = 0.0;
        let mut ranks = original(seed, fate.map_or(document, |(of, _)| of), words);
        let mut numbers = Numbers::of(seed ^ 0xED17, document);
        let kind = fate.map_or("original", |(_, kind)| kind);
        if fate.is_some() {
            share = edit(&mut ranks, kind, &mut numbers);
        }
        text(&ranks, &vocabulary, &mut plain);
        match kind {
            "case" => plain = plain.to_uppercase(),
            "accents" => plain = plain.replace('é', "e"),
            "typography" => plain = plain.replace(" « ", " \"").replace(", ", " , ").replace(' ', "\u{a0}"),
            // Every twentieth letter misread, as by a scanner.
            "misread" => {
                let mut at = numbers.below(40);
                plain = plain
                    .chars()
                    .map(|letter| {
                        at += usize::from(letter.is_alphabetic());
                        if letter.is_alphabetic() && at.is_multiple_of(40) { 'c' } else { letter }
                    })
                    .collect();
                share = 1.0 / 40.0;
            }
            _ => {}
        }
        line.clear();
        let of = fate.map(|(of, _)| format!("d{of:08}"));
        serde_json::to_writer(
            &mut line,
            &serde_json::json!({
                "id": format!("d{document:08}"), "text": plain, "kind": kind, "of": of,
                "share": (share * 1000.0).round() / 1000.0,
            }),
        )?;
        line.push(b'\n');
        out.write_all(&line)?;
    }
    out.flush()
}
