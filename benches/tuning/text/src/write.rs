//! Writes the tables as source.

use std::fmt::Write;

use tamis_chrome::text::tuning::{self, Group};

use crate::model::Model;

const HEAD: &str = "\
//! The weights of the evidence, in sixteenths of a unit of log-odds: above 0 speaks for keeping.
//!
//! Written by `benches/tuning/text`, whose README says how and from what. The order is that of the fields in `evidence.rs` and
//! `place.rs`. No model runs here: a verdict is a sum of these integers.

use super::chain::Transitions;
";

/// The file `weights.rs`.
pub(crate) fn source(model: &Model) -> String {
    let [first, second] = tuning::groups();
    let mut text = HEAD.to_owned();
    table(&mut text, "ALONE", "A unit alone: the first sheet.", &first, &model.alone);
    let anew = "A unit alone once more, with the weights it has beside the second sheet.";
    table(&mut text, "ANEW", anew, &first, &model.anew);
    table(&mut text, "IN_PLACE", "A unit in its place: the second sheet.", &second, &model.in_place);
    text.push_str("\n/// From one verdict to the next.\n");
    let _ = writeln!(text, "#[rustfmt::skip]\npub(crate) const STEPS: Transitions = {:?};", model.steps);
    text
}

fn table(text: &mut String, name: &str, about: &str, groups: &[Group], weights: &[i16]) {
    let size = weights.len();
    let _ = writeln!(text, "\n/// {about}\n#[rustfmt::skip]\npub(crate) const {name}: [i16; {size}] = [");
    for group in groups {
        let _ = writeln!(text, "    // {}", group.name);
        for row in weights[group.base..group.base + group.bins].chunks(24) {
            let row: Vec<_> = row.iter().map(ToString::to_string).collect();
            let _ = writeln!(text, "    {},", row.join(", "));
        }
    }
    text.push_str("];\n");
}
