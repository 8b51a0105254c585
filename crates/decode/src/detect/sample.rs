//! The bytes that tell an encoding.

use crate::letters::Cost;

/// How many bytes are enough; half as much again is taken for bytes that come late.
const BUDGET: usize = 8 * 1024;
/// Of a line that is taken for a new byte, this many.
const NEW_BYTES_LINE: usize = 256;
/// ASCII letters this near to a byte beyond ASCII tell its language.
const NEAR: usize = 48;

/// Two bytes and how often they follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) previous: u8,
    pub(super) current: u8,
    pub(super) count: u32,
}

/// The lines of a document that hold bytes beyond ASCII.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) bytes: Vec<u8>,
    /// Pairs with a byte beyond ASCII, frequent ones first.
    pub(super) beyond: Vec<Pair>,
    /// Pairs of ASCII bytes near them, outside tags.
    pub(super) ascii: Vec<Pair>,
    /// How many pairs `ascii` counts.
    pub(super) ascii_total: u32,
    /// What it costs to say which words are in ASCII and which are not, for readings in which these are of two scripts.
    pub(super) switching: Cost,
}

impl Sample {
    pub(super) fn of(raw: &[u8], counters: &mut Counters) -> Self {
        let bytes = lines(raw);
        let (mut beyond, mut ascii) = (Vec::new(), Vec::new());
        collect(&bytes, &mut beyond, &mut ascii);
        let starts = |pairs: &[u16], ascii: bool| {
            let starts = |pair: &&u16| matches!(pair.to_be_bytes(), [b' ', current] if current != b' ' && current.is_ascii() == ascii);
            pairs.iter().filter(starts).count() as f32
        };
        let (plain, other) = (starts(&ascii, true), starts(&beyond, false).max(1.0));
        let bits =
            plain * ((plain + other) / plain.max(1.0)).log2() + other * ((plain + other) / other).log2();
        let ascii_total = u32::try_from(ascii.len()).unwrap_or(u32::MAX);
        Self {
            beyond: counters.count(&beyond),
            ascii: counters.count(&ascii),
            ascii_total,
            bytes,
            switching: (bits * 10.0) as Cost,
        }
    }
}

impl Sample {
    /// A byte beyond ASCII with no letter near it is the same in every encoding: a character.
    pub(super) fn is_one_character(&self) -> bool {
        self.ascii.is_empty() && self.bytes.iter().filter(|byte| !byte.is_ascii()).count() == 1
    }
}

/// The lines that tell most.
fn lines(raw: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::with_capacity(raw.len().min(BUDGET * 3 / 2));
    let mut seen = Seen::default();
    let mut rest = raw;
    while !rest.is_empty() && bytes.len() < BUDGET * 3 / 2 {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |feed| feed + 1);
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        rest = after;
        // Once there is enough, only bytes that were not met yet are of interest: they may be what decides.
        let enough = bytes.len() >= BUDGET;
        let of_interest = if enough { seen.first_new(line, &bytes).is_some() } else { !line.is_ascii() };
        // Lines that are UTF-8 beyond ASCII, in a file that is not, tell nothing of the file's own encoding.
        if !of_interest || std::str::from_utf8(line).is_ok() {
            continue;
        }
        let room = if enough { NEW_BYTES_LINE } else { BUDGET - bytes.len() };
        let taken = if line.len() <= room {
            line
        } else {
            let start = seen.first_new(line, &bytes).unwrap_or(0).saturating_sub(NEAR);
            line.get(start..(start + room).min(line.len())).unwrap_or(line)
        };
        bytes.extend_from_slice(taken);
    }
    bytes
}

/// Which bytes a sample holds; read from it when asked.
#[derive(Debug)]
struct Seen {
    bytes: [bool; 256],
    read: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { bytes: [false; 256], read: 0 }
    }
}

impl Seen {
    /// Where the first byte beyond ASCII stands in the line that is not in the sample.
    fn first_new(&mut self, line: &[u8], sample: &[u8]) -> Option<usize> {
        for &byte in sample.get(self.read..).unwrap_or_default() {
            if let Some(slot) = self.bytes.get_mut(usize::from(byte)) {
                *slot = true;
            }
        }
        self.read = sample.len();
        let is_new =
            |&byte: &u8| !byte.is_ascii() && !self.bytes.get(usize::from(byte)).copied().unwrap_or(true);
        line.iter().position(is_new)
    }
}

fn collect(bytes: &[u8], beyond: &mut Vec<u16>, ascii: &mut Vec<u16>) {
    let mut previous = b' ';
    let mut in_tag = false;
    let (mut waiting, mut near_until) = (Waiting::default(), 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let is_letter = byte.is_ascii_alphabetic();
        match byte {
            b'<' => {
                in_tag = bytes
                    .get(at + 1)
                    .is_some_and(|&next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
            }
            b'>' => in_tag = false,
            _ => {}
        }
        let current = if byte.is_ascii() && !is_letter { b' ' } else { byte };
        let pair = u16::from_be_bytes([previous, current]);
        if !current.is_ascii() || !previous.is_ascii() {
            beyond.push(pair);
            waiting.move_to(ascii);
            near_until = at + NEAR;
        } else if !in_tag && (current != b' ' || previous != b' ') {
            if at < near_until { ascii.push(pair) } else { waiting.push(pair) }
        }
        previous = current;
    }
}

/// Pairs before a byte beyond ASCII are near only once that byte is met: here they wait, and only the last ones count.
#[derive(Debug)]
struct Waiting {
    /// Each pair in the place of its number, modulo how many places there are.
    pairs: [u16; Waiting::PLACES],
    count: usize,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { pairs: [0; Self::PLACES], count: 0 }
    }
}

impl Waiting {
    /// No fewer than count, and a number by which dividing is cheap.
    const PLACES: usize = NEAR.next_power_of_two();

    fn push(&mut self, pair: u16) {
        if let Some(slot) = self.pairs.get_mut(self.count % Self::PLACES) {
            *slot = pair;
        }
        self.count += 1;
    }

    fn move_to(&mut self, pairs: &mut Vec<u16>) {
        let last = self.count.saturating_sub(NEAR)..self.count;
        pairs.extend(last.filter_map(|number| self.pairs.get(number % Self::PLACES)));
        self.count = 0;
    }
}

/// A counter for each pair of bytes that there may be. Kept from sample to sample: to clear 128 KB for each costs more than
/// the counting, which in turn costs a third of what sorting the pairs did.
#[derive(Debug)]
pub(crate) struct Counters(Vec<u16>);

impl Default for Counters {
    fn default() -> Self {
        Self(vec![0; 1 << 16])
    }
}

impl Counters {
    /// The distinct pairs with how often each is met, frequent ones first. At most 65,535 pairs.
    fn count(&mut self, pairs: &[u16]) -> Vec<Pair> {
        let mut distinct = Vec::new();
        for &pair in pairs {
            if let Some(count) = self.0.get_mut(usize::from(pair)) {
                if *count == 0 {
                    distinct.push(u32::from(pair));
                }
                *count = count.saturating_add(1);
            }
        }
        // What the count lacks to the highest one stands above the pair: numbers are sorted twice as fast as pairs.
        for pair in &mut distinct {
            if let Some(count) = self.0.get_mut(*pair as usize) {
                *pair |= u32::from(u16::MAX - std::mem::take(count)) << 16;
            }
        }
        distinct.sort_unstable();
        let counted = distinct.into_iter().map(|sorted| {
            let [previous, current] = (sorted as u16).to_be_bytes();
            Pair { previous, current, count: u32::from(u16::MAX) - (sorted >> 16) }
        });
        counted.collect()
    }
}
