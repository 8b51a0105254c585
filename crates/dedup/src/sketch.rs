//! What is kept of a document until the whole corpus has been seen, in a stable binary form.
//!
//! A sketch holds a header, a sample of shingle hashes to find candidates by, the hashes and spans of the lines, and
//! the folded words themselves. Words rather than shingle hashes: they take less room (about 6 bytes a word against
//! 8), cannot collide, and let a pair be compared letter by letter where a scan was misread.
//!
//! All numbers are little-endian:
//!
//! | offset | bytes | what |
//! | --- | --- | --- |
//! | 0 | 4 | `TDS2` |
//! | 4 | 4 | words |
//! | 8 | 16 | XXH3-128 of the folded words; of the trimmed text where there is no word |
//! | 24 | 8 | hash of the site; 0 when there is none |
//! | 32 | 4 | words that are single characters of a script without spaces |
//! | 36 | 4 | U+FFFD characters or bad sequences, whichever are more |
//! | 40 | 4 | repaired stretches of mojibake |
//! | 44 | 4 | capitals where they are the smaller half of the ASCII letters, and bytes beyond ASCII |
//! | 48 | 8 | XXH3-64 of the text |
//! | 56 | 4 | samples *s* |
//! | 60 | 4 | lines *l* |
//! | 64 | 8 *s* | the smallest distinct shingle hashes, ascending |
//! | … | 16 *l* | per line: hash, start, end in the text |
//! | … | rest | folded words, a space after each, or a line break where it is the last of its line |
//!
//! Where repeated runs are looked for, the first bytes are `TDR2` and a section for them follows ([`crate::runs`]).

use std::fmt;

use tamis_span::{Span, TextSize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::fold::Words;
use crate::line::{self, Line};
use crate::runs::{Section, Widths, write_section};
use crate::shingles::{for_each_word, into_set, shingles};

/// Shingles sampled per document: the smallest hashes (a bottom-k sketch; Broder 1997, Cohen and Kaplan 2007).
///
/// Two texts of one length with a Jaccard index of .3 share 22 of 48 samples on average; asking for three misses one such
/// pair in a million, one in 2,000 at .15 and one in 30 at .08. The usual 128 minima in 32 bands of 4 bring 32 keys
/// instead of 48, and miss three pairs in four at .3.
pub(crate) const SAMPLES: usize = 48;

const MAGIC: [u8; 4] = *b"TDS2";
/// Of a sketch with a section for repeated runs behind the words.
const MAGIC_RUNS: [u8; 4] = *b"TDR2";
const HEADER: usize = 64;

/// What the stage knows about a document besides its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The page's address.
    pub url: Option<&'a str>,
    /// Path relative to the input's root, `/` between its parts.
    pub source: &'a str,
    /// Bad sequences met while decoding.
    pub replacements: u32,
    /// Stretches of mojibake repaired while decoding.
    pub repairs: u32,
    /// Its sentences, where they are known: ascending, disjoint, in bytes. Repeated runs are cut between them.
    pub sentences: &'a [Span],
}

/// Buffers that live from document to document.
#[derive(Debug, Default)]
pub struct SketchBuffers {
    words: Words,
    lines: Vec<Line>,
    samples: Vec<u64>,
    /// Of all words; longer than what is in use, as what follows.
    hashes: Vec<u64>,
    /// Shingles that may be sampled.
    drawn: Vec<u64>,
}

/// Appends the sketch of `text` to `out`.
pub(crate) fn write(
    text: &str,
    context: Context<'_>,
    with_lines: bool,
    runs: Option<Widths>,
    buffers: &mut SketchBuffers,
    out: &mut Vec<u8>,
) {
    let SketchBuffers { words, lines, samples: sample, hashes, drawn } = buffers;
    words.clear();
    lines.clear();
    words.fold(text);
    if with_lines {
        line::find(text, words, lines);
    }
    let hashes = hash_words(&words.bytes, words.count, hashes);
    take_samples(hashes, drawn, sample);

    let exact = if words.count == 0 { xxh3_128(text.trim().as_bytes()) } else { xxh3_128(&words.bytes) };
    let mut start = 0;
    for end in &words.lines {
        if let Some(place) = end.checked_sub(1).and_then(|place| words.bytes.get_mut(place as usize))
            && *end > start
        {
            *place = b'\n';
        }
        start = *end;
    }
    let look = Look::at(text);
    out.reserve(HEADER + 8 * sample.len() + 16 * lines.len() + words.bytes.len());
    out.extend_from_slice(if runs.is_some() { &MAGIC_RUNS } else { &MAGIC });
    put(out, words.count);
    out.extend_from_slice(&exact.to_le_bytes());
    out.extend_from_slice(&line::site(context.url, context.source).to_le_bytes());
    out.extend_from_slice(&words.characters.to_le_bytes());
    put(out, look.damage.max(context.replacements as usize));
    out.extend_from_slice(&context.repairs.to_le_bytes());
    put(out, look.style);
    out.extend_from_slice(&xxh3_64(text.as_bytes()).to_le_bytes());
    put(out, sample.len());
    put(out, lines.len());
    for hash in &*sample {
        out.extend_from_slice(&hash.to_le_bytes());
    }
    for line in &*lines {
        out.extend_from_slice(&line.hash.to_le_bytes());
        out.extend_from_slice(&line.span.start().to_u32().to_le_bytes());
        out.extend_from_slice(&line.span.end().to_u32().to_le_bytes());
    }
    out.extend_from_slice(&words.bytes);
    if let Some(widths) = runs {
        write_section(text, context.sentences, hashes, widths, out);
    }
}

fn put(out: &mut Vec<u8>, number: usize) {
    out.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

/// Hashes folded words, of which there are `count`.
fn hash_words<'b>(folded: &[u8], count: usize, buffer: &'b mut Vec<u64>) -> &'b [u64] {
    buffer.resize(count.max(buffer.len()), 0);
    let mut places = buffer.iter_mut();
    for_each_word(folded, |_, _, hash| {
        if let Some(place) = places.next() {
            *place = hash;
        }
    });
    buffer.get(..count).unwrap_or_default()
}

/// Takes the [`SAMPLES`] smallest distinct shingle hashes of words, ascending.
fn take_samples(words: &[u64], drawn: &mut Vec<u64>, samples: &mut Vec<u64>) {
    samples.clear();
    let shingles = || shingles(words.iter().copied());
    // A cut at half as much again as is wanted leaves a short list to sort. One list in four hundred is too short, and
    // more where texts repeat themselves: then all are sorted.
    let wanted = 3 * SAMPLES / 2;
    if words.len() > wanted {
        let cut = u64::MAX / words.len() as u64 * wanted as u64;
        drawn.resize(words.len().max(drawn.len()), 0);
        let mut taken = 0;
        // Each is written, and counts where it is below: a branch would be guessed wrong too often.
        shingles().for_each(|hash| {
            if let Some(place) = drawn.get_mut(taken) {
                *place = hash;
                taken += usize::from(hash < cut);
            }
        });
        samples.extend_from_slice(drawn.get(..taken).unwrap_or_default());
        into_set(samples);
    }
    if samples.len() < SAMPLES {
        samples.clear();
        samples.extend(shingles());
        into_set(samples);
    }
    samples.truncate(SAMPLES);
}

/// Why bytes are no sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SketchError {
    /// They do not begin as this version's sketches do.
    Version,
    /// They end before they should.
    Truncated,
}

impl fmt::Display for SketchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "written by another version",
            Self::Truncated => "truncated",
        })
    }
}

impl std::error::Error for SketchError {}

/// A sketch, read where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sketch<'a> {
    pub(crate) words: u32,
    pub(crate) characters: u32,
    pub(crate) exact: u128,
    pub(crate) site: u64,
    damage: u32,
    repairs: u32,
    style: u32,
    pub(crate) text: u64,
    samples: &'a [u8],
    lines: &'a [u8],
    pub(crate) folded: &'a [u8],
    /// What repeated runs are looked for by, where it was asked for.
    pub(crate) runs: Option<Section<'a>>,
}

impl<'a> Sketch<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, SketchError> {
        let mut reader = Reader(bytes);
        let has_runs = match reader.array()? {
            MAGIC => false,
            MAGIC_RUNS => true,
            _ => return Err(SketchError::Version),
        };
        let words = reader.number()?;
        let exact = u128::from_le_bytes(reader.array()?);
        let site = u64::from_le_bytes(reader.array()?);
        let characters = reader.number()?;
        let damage = reader.number()?;
        let repairs = reader.number()?;
        let style = reader.number()?;
        let text = u64::from_le_bytes(reader.array()?);
        let samples = reader.number()? as usize;
        let lines = reader.number()? as usize;
        let samples = reader.take(samples.saturating_mul(8))?;
        let lines = reader.take(lines.saturating_mul(16))?;
        let (folded, runs) = if has_runs {
            let (folded, section) = Section::split(reader.0).ok_or(SketchError::Truncated)?;
            (folded, Some(section))
        } else {
            (reader.0, None)
        };
        Ok(Self {
            words,
            characters,
            exact,
            site,
            damage,
            repairs,
            style,
            text,
            samples,
            lines,
            folded,
            runs,
        })
    }

    /// The sampled shingle hashes, ascending.
    pub(crate) fn samples(&self) -> impl Iterator<Item = u64> + 'a {
        self.samples.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// The lines, in text order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line> + 'a {
        self.lines.as_chunks::<16>().0.iter().map(|bytes| {
            let mut reader = Reader(bytes);
            let hash = reader.array().map_or(0, u64::from_le_bytes);
            let start = TextSize::new(reader.number().unwrap_or_default());
            let end = TextSize::new(reader.number().unwrap_or_default());
            Line { hash, span: Span::new(start, end) }
        })
    }

    /// Whether the text is long enough to be compared: a character of a script without spaces weighs three fifths
    /// of a word.
    pub(crate) fn is_comparable(&self, min_words: u32) -> bool {
        let characters = u64::from(self.characters.min(self.words));
        5 * u64::from(self.words) - 2 * characters >= 5 * u64::from(min_words)
    }

    /// The order of copies with the same words, the best first: those of earlier runs, then the least damaged, then
    /// those with most of their capitals and accents left.
    pub(crate) fn merit(&self, is_own: bool) -> u64 {
        let cost = u64::from(self.cost().min(u32::MAX >> 1));
        (u64::from(is_own) << 63) | (cost << 32) | u64::from(!self.style)
    }

    /// What damage costs in the order of copies, in words.
    pub(crate) fn cost(&self) -> u32 {
        self.damage.saturating_mul(8).saturating_add(self.repairs)
    }
}

/// What a text looks like, apart from its words.
struct Look {
    /// U+FFFD characters.
    damage: usize,
    /// How much of what makes a text readable is left where only the words are compared: capitals, unless all letters
    /// are, and accents, quotes and dashes. The sum of ASCII capitals and of bytes beyond ASCII.
    style: usize,
}

impl Look {
    fn at(text: &str) -> Self {
        let (mut capitals, mut small, mut other, mut leads) = (0, 0, 0, 0);
        // Counted in bytes, sixteen at a time; as many as a byte can count.
        for bytes in text.as_bytes().chunks(240) {
            let mut counts = [0_u8; 4];
            for byte in bytes {
                counts[0] += u8::from(byte.is_ascii_uppercase());
                counts[1] += u8::from(byte.is_ascii_lowercase());
                counts[2] += u8::from(!byte.is_ascii());
                counts[3] += u8::from(*byte == 0xEF);
            }
            capitals += usize::from(counts[0]);
            small += usize::from(counts[1]);
            other += usize::from(counts[2]);
            leads += usize::from(counts[3]);
        }
        // U+FFFD begins with 0xEF, as little else does.
        let damage = if leads == 0 { 0 } else { text.matches('\u{FFFD}').count() };
        Self { damage, style: other + if capitals <= small { capitals } else { 0 } }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], SketchError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(SketchError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SketchError> {
        self.take(N)?.try_into().map_err(|_| SketchError::Truncated)
    }

    fn number(&mut self) -> Result<u32, SketchError> {
        self.array().map(u32::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        write(text, Context::default(), true, None, &mut SketchBuffers::default(), &mut out);
        out
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = sketch("Une première ligne.\n\nLa seconde, plus longue que la première.\n");
        let read = Sketch::read(&bytes).unwrap();
        assert_eq!(read.words, 10);
        assert_eq!(read.samples().count(), 6);
        let spans: Vec<_> = read.lines().map(|line| line.span.range()).collect();
        assert_eq!(spans, [0..21, 22..64]);
        assert_eq!(read.folded, b"une premiere ligne\nla seconde plus longue que la premiere\n");
    }

    /// Sketches are kept in files: when this fails, the magic number must change.
    #[test]
    fn the_form_is_stable() {
        let text =
            "L’été, « déjà » fini : 12 ﬁlms, œuvres d’une trentaine de cinéastes…\n東京 и Москва\n\n* * *\n";
        assert_eq!(xxh3_128(&sketch(text)), 0xb54e_67c3_5c53_f214_9ade_518a_c1f8_bbe3);
    }

    #[test]
    fn cut_sketches_are_refused() {
        let bytes = sketch("Un texte de cinq mots, au moins.");
        assert_eq!(Sketch::read(b"none").unwrap_err(), SketchError::Version);
        for len in 0..bytes.len() {
            let cut = Sketch::read(&bytes[..len]);
            assert!(cut.is_err() || len >= HEADER, "{len}");
        }
    }

    #[test]
    fn samples_are_the_smallest_distinct_hashes() {
        let (mut samples, mut hashes, mut drawn) = (Vec::new(), Vec::new(), Vec::new());
        for (words, different) in [(1000, 1000), (1000, 700), (1000, 7), (150, 150), (80, 80), (3, 3)] {
            let words: Vec<String> = (0..words).map(|n| format!("w{} ", n % different)).collect();
            let words = words.concat();
            let hashes = hash_words(words.as_bytes(), words.matches(' ').count(), &mut hashes);
            let mut all: Vec<u64> = shingles(hashes.iter().copied()).collect();
            into_set(&mut all);
            all.truncate(SAMPLES);
            take_samples(hashes, &mut drawn, &mut samples);
            assert_eq!(samples, all);
        }
    }
}
