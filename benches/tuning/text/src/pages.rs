//! Labelled pages.

use serde::Deserialize;

/// A page as text, and what is known of its parts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    pub(crate) id: String,
    /// Pages of one host are fitted to or judged together.
    pub(crate) host: String,
    #[serde(default)]
    pub(crate) lang: String,
    pub(crate) text: String,
    /// First byte, one past the last, and whether the article goes on there. What is in no span is not known.
    pub(crate) spans: Vec<(usize, usize, bool)>,
    /// How much the page counts in a fit.
    #[serde(default = "one")]
    pub(crate) weight: f64,
    /// Is it a page as it was found, that weights may be judged by? Variants made from one are not.
    #[serde(default = "yes")]
    pub(crate) judged: bool,
}

fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
}

impl Page {
    /// Which of `parts` parts its host belongs to (FNV-1a, so that it never changes).
    pub(crate) fn part(&self, parts: u64) -> u64 {
        let hash = self.host.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
        });
        (hash >> 20) % parts
    }

    /// The label of most of the bytes from `start` to `end`, if one is known.
    pub(crate) fn label(&self, start: usize, end: usize) -> Option<bool> {
        let mut bytes = [0_usize; 2];
        let first = self.spans.partition_point(|&(_, to, _)| to <= start);
        for &(from, to, keep) in self.spans[first..].iter().take_while(|&&(from, ..)| from < end) {
            bytes[usize::from(keep)] += to.min(end) - from.max(start);
        }
        (bytes != [0, 0]).then(|| bytes[1] > bytes[0])
    }
}

/// Reads pages, one JSON object a line.
pub(crate) fn read(files: &[&str]) -> Vec<Page> {
    let mut pages = Vec::new();
    for file in files {
        for (number, line) in (1..).zip(std::fs::read_to_string(file).unwrap().lines()) {
            match serde_json::from_str::<Page>(line) {
                Ok(page) => pages.push(page),
                Err(error) => println!("{file}:{number}: {error}"),
            }
        }
    }
    pages
}
