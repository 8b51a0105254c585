//! The frames of sites: short lines that many pages of one site carry.
//!
//! A news brief of sixty words in a menu of six hundred is nine tenths menu, and so are all other briefs of its site:
//! compared whole, they are near duplicates of one another. So documents are compared without their site's frame.
//! Only short lines count, and only within a site, so a dispatch that fifty papers print, or that stands in fifty files
//! of one folder, keeps its paragraphs; and what leaves nothing on most pages is no frame but a text in many copies,
//! printed in a narrow column.

use rayon::prelude::*;
use tamis_core::{Sketches, StageError};
use xxhash_rust::xxh3::xxh3_64;

use crate::corpus::{Header, read};
use crate::fold::words_of;
use crate::order::lot;
use crate::shingles::scatter;

/// Pages drawn of each site: a line on a fifth of the site's pages stands on eight of forty.
const DRAWN_PAGES: usize = 40;
/// Drawn pages a line of a frame stands on.
const FRAME_PAGES: usize = 8;
/// Words that a frame leaves on most of its pages.
const CONTENT_WORDS: usize = 25;
/// The most words in a line of a frame: menus and buttons have fewer, lines of prose more even where they are wrapped.
const LINE_WORDS: usize = 8;

/// The lines of all frames.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    keys: Vec<u64>,
}

impl Frames {
    /// Finds the frames of the sites of the `contested` documents. Copies with the same words count once.
    pub(crate) fn find(
        sketches: &dyn Sketches,
        headers: &[Header],
        contested: impl Iterator<Item = u32>,
    ) -> Result<Self, StageError> {
        let mut sites: Vec<u64> =
            contested.filter_map(|ordinal| Some(headers.get(ordinal as usize)?.site)).collect();
        sites.par_sort_unstable();
        sites.dedup();
        let mut pages: Vec<(u64, u64, u32)> = (0..)
            .zip(headers)
            .filter(|(_, header)| header.is_compared && sites.binary_search(&header.site).is_ok())
            .map(|(ordinal, header)| (header.site, lot(header.exact), ordinal))
            .collect();
        pages.par_sort_unstable();
        let sites: Vec<&[(u64, u64, u32)]> =
            pages.chunk_by(|a, b| a.0 == b.0).filter(|pages| pages.len() >= FRAME_PAGES).collect();
        let mut keys: Vec<u64> = sites
            .into_par_iter()
            .map(|pages| frame(sketches, pages.get(..DRAWN_PAGES).unwrap_or(pages)))
            .try_reduce(Vec::new, |mut all, keys| {
                all.extend(keys);
                Ok(all)
            })?;
        keys.par_sort_unstable();
        Ok(Self { keys })
    }

    /// The lines of folded words that are not their site's frame.
    pub(crate) fn content<'a>(&'a self, site: u64, folded: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let is_frame = move |line: &&[u8]| {
            !self.keys.is_empty() && key(site, line).is_some_and(|key| self.keys.binary_search(&key).is_ok())
        };
        folded.split_inclusive(|byte| *byte == b'\n').filter(move |line| !is_frame(line))
    }
}

/// The lines that enough of these pages carry, sorted.
fn frame(sketches: &dyn Sketches, pages: &[(u64, u64, u32)]) -> Result<Vec<u64>, StageError> {
    let mut lines = Vec::new();
    for (site, _, ordinal) in pages {
        let bytes = sketches.get(*ordinal as usize)?;
        let folded = read(*ordinal, &bytes)?.folded;
        let keys = folded.split_inclusive(|byte| *byte == b'\n').filter_map(|line| key(*site, line));
        lines.extend(keys.map(|key| (key, *ordinal)));
    }
    lines.sort_unstable();
    lines.dedup();
    let groups = lines.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() >= FRAME_PAGES);
    let frame = Frames { keys: groups.filter_map(|group| Some(group.first()?.0)).collect() };
    let mut framed = 0;
    let mut empty = 0;
    for (site, _, ordinal) in pages {
        let bytes = sketches.get(*ordinal as usize)?;
        let folded = read(*ordinal, &bytes)?.folded;
        let left: usize = frame.content(*site, folded).map(|line| words_of(line).count()).sum();
        if left < words_of(folded).count() {
            framed += 1;
            empty += usize::from(left < CONTENT_WORDS);
        }
    }
    Ok(if 2 * empty > framed { Vec::new() } else { frame.keys })
}

/// What a short line of a site is known by.
fn key(site: u64, line: &[u8]) -> Option<u64> {
    let is_short = words_of(line).take(LINE_WORDS + 1).count() <= LINE_WORDS;
    is_short.then(|| scatter(site ^ xxh3_64(line)))
}
