//! Lines that many pages carry: menus, notices, calls to subscribe.
//!
//! A line goes from every page, the first included: what stands on many pages of a site is no one's content, and a
//! tool that leaves the first occurrence leaves every menu once. Sites are counted apart, so that a quotation or an
//! agency's paragraph which several sites carry stays. Copies of one story count as one page.

use rayon::prelude::*;
use tamis_core::{Decision, Sketches, StageError};

use crate::corpus::{Header, read};
use crate::line::Line;
use crate::options::{Paragraphs, Scope};
use crate::rules::REPEATED_PARAGRAPH;
use crate::shingles::scatter;

/// Line keys held at once; more lines are counted in several passes over the sketches. 16 bytes each.
const LINES_AT_ONCE: usize = 1 << 26;

/// A line that stands on this share of a scope's documents is its frame, even where most of them are copies of one
/// story.
const FRAME: f64 = 0.8;

/// A line of a scope, and a document that has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u64,
    page: u32,
    document: u32,
}

/// Where a line of a scope stands.
struct Spread {
    key: u64,
    pages: u32,
    documents: u32,
}

/// What is asked of the lines of a scope.
#[derive(Clone, Copy)]
struct Site {
    scope: u64,
    documents: u32,
    needed: u32,
}

impl Site {
    fn repeats(&self, spread: &Spread) -> bool {
        let is_frame = f64::from(spread.documents) >= FRAME * f64::from(self.documents);
        spread.pages >= self.needed || (is_frame && spread.pages > 1 && spread.documents >= self.needed)
    }
}

/// Replaces `Keep` by `Remove` for documents with repeated lines. `pages` tells for each document the page it counts
/// as.
pub(crate) fn remove_repeated(
    options: &Paragraphs,
    sketches: &dyn Sketches,
    headers: &[Header],
    pages: &[u32],
    documents: &mut [Decision],
) -> Result<(), StageError> {
    let scope_of = |header: &Header| match options.scope {
        Scope::Site => header.site,
        Scope::Corpus => 1,
    };
    let sites = sites(options, headers.iter().map(scope_of));
    let site_of = |ordinal: usize| {
        let scope = scope_of(headers.get(ordinal)?);
        sites.get(sites.binary_search_by_key(&scope, |site| site.scope).ok()?).copied()
    };
    let counted: Vec<(usize, Site)> =
        (0..headers.len()).filter_map(|ordinal| Some((ordinal, site_of(ordinal)?))).collect();
    let total = counted
        .par_iter()
        .map(|(ordinal, _)| Ok(read(*ordinal as u32, &sketches.get(*ordinal)?)?.lines().count()))
        .try_reduce(|| 0, |a, b| Ok::<_, StageError>(a + b))?;
    let passes = total.div_ceil(LINES_AT_ONCE).max(1) as u64;
    let mut repeated = Vec::new();
    for pass in 0..passes {
        let mut entries = counted
            .par_iter()
            .try_fold(Vec::new, |mut entries, (ordinal, site)| {
                let page = pages.get(*ordinal).copied().unwrap_or_default();
                let bytes = sketches.get(*ordinal)?;
                let lines = read(*ordinal as u32, &bytes)?.lines();
                let keys = lines.map(|line| key(site.scope, line.hash)).filter(|key| key % passes == pass);
                entries.extend(keys.map(|key| Entry { key, page, document: *ordinal as u32 }));
                Ok::<_, StageError>(entries)
            })
            .try_reduce(Vec::new, |mut a, b| {
                a.extend(b);
                Ok(a)
            })?;
        entries.par_sort_unstable();
        entries.dedup();
        repeated.extend(entries.chunk_by(|a, b| a.key == b.key).filter(|group| group.len() > 1).filter_map(
            |group| {
                let pages = group.chunk_by(|a, b| a.page == b.page).count() as u32;
                Some(Spread { key: group.first()?.key, pages, documents: group.len() as u32 })
            },
        ));
    }
    repeated.par_sort_unstable_by_key(|spread| spread.key);

    documents.par_iter_mut().enumerate().try_for_each(|(ordinal, document)| {
        let Some(site) = site_of(ordinal).filter(|_| *document == Decision::Keep) else { return Ok(()) };
        let bytes = sketches.get(ordinal)?;
        let is_repeated = |line: &Line| {
            let found = repeated.binary_search_by_key(&key(site.scope, line.hash), |spread| spread.key);
            found.ok().and_then(|at| repeated.get(at)).is_some_and(|spread| site.repeats(spread))
        };
        let lines = read(ordinal as u32, &bytes)?.lines().filter(is_repeated);
        let removed: Vec<_> = lines.map(|line| (line.span, &REPEATED_PARAGRAPH)).collect();
        if !removed.is_empty() {
            *document = Decision::Remove(removed);
        }
        Ok(())
    })
}

fn key(scope: u64, line: u64) -> u64 {
    scatter(scope ^ line.rotate_left(32))
}

/// The scopes with enough documents, sorted.
fn sites(options: &Paragraphs, scopes: impl Iterator<Item = u64>) -> Vec<Site> {
    let mut scopes: Vec<u64> = scopes.filter(|scope| *scope != 0).collect();
    scopes.par_sort_unstable();
    let groups = scopes.chunk_by(u64::eq).map(|group| (group.first(), group.len() as u32));
    groups
        .filter(|(_, documents)| *documents >= options.min_pages)
        .filter_map(|(scope, documents)| {
            let share = (options.min_share * f64::from(documents)).ceil() as u32;
            Some(Site { scope: *scope?, documents, needed: options.min_pages.max(share) })
        })
        .collect()
}
