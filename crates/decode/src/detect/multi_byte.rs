//! What a sample costs in a multi-byte encoding.

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

/// The price of the characters beyond ASCII, in the encoding's cheapest language; `None` from the ceiling on.
pub(super) fn cost(charset: Charset, bytes: &[u8], ceiling: Cost) -> Option<Cost> {
    let mut costs = [0; 3];
    let mut rest = bytes;
    let (mut neighbours, mut lone, mut run, mut after_ideograph) = (0, 0, 0, false);
    while let Some(at) = rest.iter().position(|byte| !byte.is_ascii()) {
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
        neighbours += u32::from(after_ideograph && at > 0 && is_letter(rest.first()));
        if at > 0 {
            lone += u32::from(run == 1);
            run = 0;
        }
        neighbours += u32::from(at > 0 && is_letter(rest.get(at - 1)));
        rest = rest.get(at..).unwrap_or_default();
        let (len, read) = next_character(charset, rest);
        for (cost, language) in costs.iter_mut().zip(Ideographic::ALL) {
            *cost += match read {
                // A last character that the sample or the file cuts is no evidence.
                None if rest.len() < 4 => 0,
                None => ILL_FORMED_COST,
                Some(c) => ideographs::cost(c, language),
            };
        }
        rest = rest.get(len.max(1)..).unwrap_or_default();
        after_ideograph = true;
        run += 1;
        if costs.iter().all(|&cost| cost >= ceiling) {
            return None;
        }
    }
    let cost =
        costs.into_iter().min().unwrap_or_default() + neighbours * LATIN_NEIGHBOUR_COST + lone * LONE_COST;
    (cost < ceiling).then_some(cost)
}
