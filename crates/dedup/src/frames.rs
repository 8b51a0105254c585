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

use crate::census::{Census, read};
use crate::fold::{count_words, lines_of, words_of};
use crate::shingles::scatter;
use crate::spill::{Budget, Spill, grouped};

/// Partitions of pages by site.
const PARTITIONS: usize = 64;

/// Pages drawn of each site: a line on a fifth of the site's pages stands on eight of forty.
const DRAWN_PAGES: usize = 40;
/// Drawn pages a line of a frame stands on.
const FRAME_PAGES: usize = 8;
/// Words that a frame leaves on most of its pages.
const CONTENT_WORDS: usize = 25;
/// The most words in a line of a frame: menus and buttons have fewer, lines of prose more even where they are wrapped.
const LINE_WORDS: usize = 8;

/// Some pages of a site, drawn by their words.
#[derive(Default)]
struct DrawnPages {
    pages: Vec<(u64, u32)>,
    is_contested: bool,
}

/// The lines of all frames; eight bytes of memory each, and for each site that has one.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    keys: Vec<u64>,
    /// The sites that have a frame: the lines of others are not looked at.
    sites: Vec<u64>,
}

impl Frames {
    /// Finds the frames of the sites of contested documents. Copies with the same words count once.
    pub(crate) fn find(
        sketches: &dyn Sketches,
        census: &Census,
        is_contested: impl Fn(u32) -> bool + Sync,
        budget: &Budget<'_>,
    ) -> Result<Self, StageError> {
        let pages = Spill::with_partitions(budget, PARTITIONS)?;
        census.headers(|headers| {
            let mut pages = pages.writer();
            for header in headers.iter().filter(|header| census.is_compared(header.ordinal)) {
                let place = scatter(header.site) as usize % PARTITIONS;
                pages.push(place, (header.site, header.lot, header.ordinal))?;
            }
            pages.finish()
        })?;
        let frames = |partition| {
            let mut found = Self::default();
            let mut site = DrawnPages::default();
            let mut end = |site: &DrawnPages| {
                if site.is_contested && site.pages.len() >= FRAME_PAGES {
                    let keys = frame(sketches, &site.pages)?;
                    found.sites.extend(site.pages.first().filter(|_| !keys.is_empty()).map(|page| page.0));
                    found.keys.extend(keys);
                }
                Ok::<_, StageError>(())
            };
            grouped(
                pages.sorted(partition, budget)?,
                |page| page.0,
                |(key, _, ordinal), begins| {
                    if begins {
                        end(&site)?;
                        site.pages.clear();
                        site.is_contested = false;
                    }
                    if site.pages.len() < DRAWN_PAGES {
                        site.pages.push((key, ordinal));
                    }
                    site.is_contested |= is_contested(ordinal);
                    Ok(())
                },
            )?;
            end(&site)?;
            Ok::<_, StageError>(found)
        };
        let partitions = (0..pages.partitions()).into_par_iter().map(frames);
        let mut all = partitions.try_reduce(Self::default, |mut all, found| {
            all.keys.extend(found.keys);
            all.sites.extend(found.sites);
            Ok(all)
        })?;
        all.keys.par_sort_unstable();
        all.sites.sort_unstable();
        Ok(all)
    }

    /// The lines of folded words that are not their site's frame.
    pub(crate) fn content<'a>(&'a self, site: u64, folded: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        lines_of(folded).filter(move |line| !self.has(site, line))
    }

    /// The same in passages of several lines.
    pub(crate) fn passages<'a>(&'a self, site: u64, folded: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let is_framed = self.sites.binary_search(&site).is_ok();
        let whole = (!is_framed).then_some(folded);
        let lines = is_framed.then(|| self.content(site, folded));
        whole.into_iter().chain(lines.into_iter().flatten())
    }

    /// Whether no line of these folded words is a frame.
    pub(crate) fn leave_all(&self, site: u64, folded: &[u8]) -> bool {
        self.sites.binary_search(&site).is_err() || !lines_of(folded).any(|line| self.has(site, line))
    }

    fn has(&self, site: u64, line: &[u8]) -> bool {
        key(site, line).is_some_and(|key| self.keys.binary_search(&key).is_ok())
    }
}

/// The lines that enough of these pages carry, sorted.
fn frame(sketches: &dyn Sketches, pages: &[(u64, u32)]) -> Result<Vec<u64>, StageError> {
    let mut lines = Vec::new();
    for (site, ordinal) in pages {
        let bytes = sketches.get(*ordinal as usize)?;
        let folded = read(*ordinal, &bytes)?.folded;
        let keys = lines_of(folded).filter_map(|line| key(*site, line));
        lines.extend(keys.map(|key| (key, *ordinal)));
    }
    lines.sort_unstable();
    lines.dedup();
    let groups = lines.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() >= FRAME_PAGES);
    let keys = groups.filter_map(|group| Some(group.first()?.0)).collect();
    let frame = Frames { keys, sites: Vec::new() };
    if frame.keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut framed = 0;
    let mut empty = 0;
    for (site, ordinal) in pages {
        let bytes = sketches.get(*ordinal as usize)?;
        let folded = read(*ordinal, &bytes)?.folded;
        let left: usize = frame.content(*site, folded).map(count_words).sum();
        if left < count_words(folded) {
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
