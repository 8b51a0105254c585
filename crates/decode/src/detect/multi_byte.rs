//! What a sample costs in a multi-byte encoding.

use encoding_rs::Encoding;

use crate::charset::Charset;
use crate::ideographs::{self, Ideographic};
use crate::letters::Cost;
use crate::read::next_character;

/// What bytes cost that mean nothing.
const ILL_FORMED_COST: Cost = 400;

/// A small Latin letter right beside an ideograph, which the middle of a Latin word has all the time.
const LATIN_NEIGHBOUR_COST: Cost = 110;
/// An ideograph with none beside it.
const LONE_COST: Cost = 80;

/// Bytes that are decoded between two looks at the ceiling.
const BYTES_AT_ONCE: usize = 384;

/// The price of the characters beyond ASCII, in the encoding's cheapest language; `None` from the ceiling on.
pub(super) fn cost(encoding: &'static Encoding, bytes: &[u8], ceiling: Cost) -> Option<Cost> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(BYTES_AT_ONCE)?);
    let mut bill = Bill::default();
    let mut chunks = bytes.chunks(BYTES_AT_ONCE).peekable();
    while let Some(chunk) = chunks.next() {
        text.clear();
        let is_last = chunks.peek().is_none();
        let (_, read, _) = decoder.decode_to_string(chunk, &mut text, is_last);
        debug_assert_eq!(read, chunk.len(), "the buffer has room for all of a chunk");
        // A last character that the sample or the file cuts is no evidence.
        let told = if is_last { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
        told.chars().for_each(|c| bill.add(Some(c)));
        if bill.is_over(ceiling) {
            return None;
        }
    }
    bill.total(ceiling)
}

/// The same for Johab.
pub(super) fn johab_cost(bytes: &[u8], ceiling: Cost) -> Option<Cost> {
    let mut bill = Bill::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (len, read) = next_character(Charset::Johab, rest);
        if read.is_some() || rest.len() >= 4 {
            bill.add(read);
        }
        rest = rest.get(len.max(1)..).unwrap_or_default();
        if bill.is_over(ceiling) {
            return None;
        }
    }
    bill.total(ceiling)
}

/// What has been read so far, and what it costs.
#[derive(Debug, Default)]
struct Bill {
    /// By language.
    costs: [Cost; 3],
    /// Small Latin letters beside ideographs.
    neighbours: u32,
    /// Ideographs alone between ASCII characters.
    lone: u32,
    /// Characters beyond ASCII in a row, up to here.
    run: u32,
    after_letter: bool,
    /// Some bytes beyond ASCII are a character: a single one that is cut speaks for no encoding.
    any: bool,
}

impl Bill {
    fn add(&mut self, read: Option<char>) {
        match read {
            Some(c) if c.is_ascii() => {
                self.neighbours += u32::from(self.run > 0 && c.is_ascii_lowercase());
                self.lone += u32::from(self.run == 1);
                self.run = 0;
                self.after_letter = c.is_ascii_lowercase();
                return;
            }
            None | Some(char::REPLACEMENT_CHARACTER) => {
                self.costs.iter_mut().for_each(|cost| *cost += ILL_FORMED_COST);
            }
            Some(c) => {
                self.any = true;
                for (cost, language) in self.costs.iter_mut().zip(Ideographic::ALL) {
                    *cost += ideographs::cost(c, language);
                }
            }
        }
        self.neighbours += u32::from(self.after_letter && self.run == 0);
        self.run += 1;
    }

    /// What it costs so far: it only grows.
    fn cost(&self) -> Cost {
        let cheapest = self.costs.into_iter().min().unwrap_or_default();
        cheapest + self.neighbours * LATIN_NEIGHBOUR_COST + self.lone * LONE_COST
    }

    fn is_over(&self, ceiling: Cost) -> bool {
        self.cost() >= ceiling
    }

    fn total(self, ceiling: Cost) -> Option<Cost> {
        let cost = self.cost();
        (cost < ceiling && self.any).then_some(cost)
    }
}
