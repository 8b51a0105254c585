//! The colours of rules.
//!
//! Sixty rules cannot have sixty colours that can be told apart. The rules that did most in a run get one of ten in
//! turn; every mark also names its rule in words.

use std::fmt::Write as _;

use crate::Report;

/// Ten hues as they are on light and on dark paper. Each has a contrast of 4.5 and more against its paper and against
/// its own tint on it (WCAG 2.2, 1.4.3).
const PALETTE: [(&str, &str); 10] = [
    ("#1b5aa0", "#86b9f2"),
    ("#a83f24", "#f0977f"),
    ("#076a5f", "#5fcabb"),
    ("#723a97", "#cba2ea"),
    ("#7a5600", "#deb557"),
    ("#9c2f66", "#f197c3"),
    ("#39661d", "#9fce75"),
    ("#4a5678", "#b0bcda"),
    ("#7c4926", "#dcab84"),
    ("#086580", "#72c9e3"),
];

/// The places of rules that did something in the report, and the number of their colour.
pub(super) fn colours(report: &Report) -> Vec<(usize, usize)> {
    let mut busy: Vec<usize> =
        (0..report.rules.len()).filter(|place| weight(report, *place).is_some()).collect();
    busy.sort_by_key(|place| std::cmp::Reverse(weight(report, *place)));
    busy.into_iter().enumerate().map(|(rank, place)| (place, rank % PALETTE.len())).collect()
}

/// How much a rule did: a document weighs more than bytes. `None` for nothing.
pub(super) fn weight(report: &Report, place: usize) -> Option<(u64, u64, u64)> {
    let rule = report.rules.get(place)?;
    let weight = (rule.dropped + rule.failed, rule.raw_bytes, rule.edits);
    (weight != (0, 0, 0)).then_some(weight)
}

/// The style that gives rules their colours.
pub(super) fn style(colours: &[(usize, usize)]) -> String {
    let mut style = String::new();
    let mut variables = |before: &str, of: fn(&(&'static str, &'static str)) -> &'static str, after: &str| {
        style.push_str(before);
        for (number, pair) in PALETTE.iter().enumerate() {
            let _ = write!(style, "--c{number}:{};", of(pair));
        }
        style.push_str(after);
    };
    variables(":root{", |pair| pair.0, "}\n");
    variables("@media (prefers-color-scheme: dark){:root{", |pair| pair.1, "}}\n");
    for (place, colour) in colours {
        let _ = writeln!(style, ".r{place}{{--c:var(--c{colour})}}");
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channels(hex: &str) -> [f64; 3] {
        let number = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap();
        [16, 8, 0].map(|shift| f64::from((number >> shift) & 255) / 255.0)
    }

    fn luminance(channels: [f64; 3]) -> f64 {
        let linear = channels.map(|channel| {
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn mixed(colour: [f64; 3], share: f64, paper: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|place| colour[place] * share + paper[place] * (1.0 - share))
    }

    /// The value of a variable of the style's light or dark part.
    fn variable(name: &str, dark: bool) -> [f64; 3] {
        let part = super::super::STYLE.split("prefers-color-scheme: dark").nth(usize::from(dark)).unwrap();
        let after = part.split(&format!("--{name}: ")).nth(1).unwrap();
        channels(after.split(';').next().unwrap())
    }

    #[test]
    fn every_colour_can_be_read_on_its_paper_and_on_its_tint() {
        for dark in [false, true] {
            let [paper, panel] = ["paper", "panel"].map(|name| variable(name, dark));
            for pair in PALETTE {
                let colour = channels(if dark { pair.1 } else { pair.0 });
                for ground in [paper, panel] {
                    for share in [0.0, 0.09, 0.16] {
                        let contrast = contrast(colour, mixed(colour, share, ground));
                        assert!(contrast >= 4.5, "{pair:?}, dark {dark}, tint {share}: {contrast:.2}");
                    }
                }
            }
            for name in ["ink", "soft", "kept", "dropped", "failed", "link"] {
                for ground in [paper, panel] {
                    let contrast = contrast(variable(name, dark), ground);
                    assert!(contrast >= 4.5, "{name}, dark {dark}: {contrast:.2}");
                }
            }
            // Shapes and large signs need 3.
            for name in ["neutral", "faint"] {
                assert!(contrast(variable(name, dark), paper) >= 3.0, "{name}, dark {dark}");
            }
        }
    }
}
