//! Lines that many pages carry: menus, notices, calls to subscribe.
//!
//! A line goes from every page, the first included: what stands on many pages of a site is no one's content, and a
//! tool that leaves the first occurrence leaves every menu once. Sites are counted apart, so that a quotation or an
//! agency's paragraph which several sites carry stays. Copies of one story count as one page.
//!
//! Lines, like shingles, go to partitions on disk; what is in memory is a table of the sites with enough pages, 16 bytes
//! each.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tamis_core::{Removal, Sketches, StageError};

use crate::census::{Header, read};
use crate::corpus::Fates;
use crate::options::{Paragraphs, Scope};
use crate::rules::REPEATED_PARAGRAPH;
use crate::shingles::scatter;
use crate::spill::{Budget, Sorted, Spill, SpillWriter, grouped, sort_by_bucket};

const PARTITIONS: usize = 64;

/// Documents whose lines are looked up together.
const TOGETHER: usize = 1024;

/// A line that stands on this share of a scope's documents is its frame, even where most of them are copies of one
/// story.
const FRAME: f64 = 0.8;

/// A line of a scope by its key, the place of its scope and the page it stands on, and the document that has it.
type Entry = ((u64, u32), u32, u32);

/// Where a line of a scope stands.
#[derive(Default)]
struct Spread {
    pages: u32,
    documents: u32,
    last: Option<(u32, u32)>,
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

/// The lines that go.
pub(crate) struct Repeated {
    /// A document and the key of a line that goes from it.
    lines: Spill<(u32, u64)>,
    scope: Scope,
}

impl Repeated {
    /// Finds the lines that enough pages of their scope carry.
    pub(crate) fn find(
        options: &Paragraphs,
        sketches: &dyn Sketches,
        fates: &Fates<'_>,
        budget: &Budget<'_>,
    ) -> Result<Self, StageError> {
        let census = fates.census;
        let sites = sites(options, fates, budget)?;
        let entries = Spill::<Entry>::with_partitions(budget, PARTITIONS)?;
        census.headers(|headers| {
            let mut entries = entries.writer();
            for header in headers.iter().filter(|header| fates.is_own(header.ordinal)) {
                let scope = scope_of(options.scope, header);
                let Ok(place) = sites.binary_search_by_key(&scope, |site| site.scope) else { continue };
                let bytes = sketches.get(header.ordinal as usize)?;
                for line in read(header.ordinal, &bytes)?.lines() {
                    let key = key(scope, line.hash);
                    let page = fates.page(header.ordinal);
                    entries.push(partition(key), ((key, place as u32), page, header.ordinal))?;
                }
            }
            entries.finish()
        })?;
        let lines = Spill::with_partitions(budget, PARTITIONS)?;
        let documents = census.len().max(1);
        (0..entries.partitions()).into_par_iter().try_for_each(|partition| {
            let sorted = || {
                entries.sorted_by(partition, budget, |entries| {
                    let bits = entries.len().max(2).ilog2();
                    sort_by_bucket(entries, 1 << bits, |entry| ((entry.0.0 << 6) >> (64 - bits)) as usize);
                })
            };
            let first = sorted()?;
            let again = first.again();
            let repeated = repeated(first, &sites)?;
            let mut lines = lines.writer();
            let mut last = None;
            let mut ahead = repeated.iter().peekable();
            grouped(
                again.map_or_else(sorted, Ok)?,
                |entry| entry.0,
                |entry, _| {
                    let ((key, place), _, document) = entry;
                    while ahead.next_if(|group| **group < (key, place)).is_some() {}
                    if ahead.peek() == Some(&&(key, place)) && last.replace(entry) != Some(entry) {
                        lines.push(document as usize * PARTITIONS / documents, (document, key))?;
                    }
                    Ok(())
                },
            )?;
            lines.finish()
        })?;
        Ok(Self { lines, scope: options.scope })
    }

    /// Has `each` see the documents that lose lines and `stay`, in order, with the spans of the lines.
    pub(crate) fn for_each(
        &self,
        sketches: &dyn Sketches,
        budget: &Budget<'_>,
        stays: &(dyn Fn(u32) -> bool + Sync),
        mut each: impl FnMut(u32, Vec<Removal>) -> Result<(), StageError>,
    ) -> Result<(), StageError> {
        let mut give = |together: &mut Vec<(u32, Vec<u64>)>| {
            let spans: Vec<_> = together
                .par_iter()
                .map(|(document, keys)| self.spans(*document, keys, sketches))
                .collect::<Result<_, StageError>>()?;
            let documents = together.drain(..).map(|(document, _)| document);
            documents.zip(spans).try_for_each(|(document, spans)| each(document, spans))
        };
        for partition in 0..self.lines.partitions() {
            let mut together: Vec<(u32, Vec<u64>)> = Vec::new();
            grouped(
                self.lines.sorted(partition, budget)?,
                |line| line.0,
                |(document, key), begins| {
                    if !stays(document) {
                        return Ok(());
                    }
                    if begins {
                        if together.len() == TOGETHER {
                            give(&mut together)?;
                        }
                        together.push((document, Vec::new()));
                    }
                    if let Some((_, keys)) = together.last_mut() {
                        keys.push(key);
                    }
                    Ok(())
                },
            )?;
            give(&mut together)?;
        }
        Ok(())
    }

    /// The lines of a document with one of these keys, which are sorted.
    fn spans(
        &self,
        document: u32,
        keys: &[u64],
        sketches: &dyn Sketches,
    ) -> Result<Vec<Removal>, StageError> {
        let bytes = sketches.get(document as usize)?;
        let sketch = read(document, &bytes)?;
        let scope = scope_of(self.scope, &Header { ordinal: document, lot: 0, site: sketch.site });
        let lines = sketch.lines().filter(|line| keys.binary_search(&key(scope, line.hash)).is_ok());
        Ok(lines.map(|line| Removal::new(line.span, &REPEATED_PARAGRAPH)).collect())
    }
}

/// The lines among these, by key and place of their scope, that their scope repeats; sorted.
fn repeated(entries: Sorted<Entry>, sites: &[Site]) -> Result<Vec<(u64, u32)>, StageError> {
    let mut repeated = Vec::new();
    let mut spread = Spread::default();
    let mut group = (0, 0);
    let mut end = |group: (u64, u32), spread: &Spread| {
        if sites.get(group.1 as usize).is_some_and(|site| site.repeats(spread)) {
            repeated.push(group);
        }
    };
    grouped(
        entries,
        |entry| entry.0,
        |(key, page, document), begins| {
            if begins {
                end(group, &spread);
                (group, spread) = (key, Spread::default());
            }
            spread.pages += u32::from(spread.last.is_none_or(|last| last.0 != page));
            spread.documents += u32::from(spread.last != Some((page, document)));
            spread.last = Some((page, document));
            Ok(())
        },
    )?;
    end(group, &spread);
    Ok(repeated)
}

fn partition(key: u64) -> usize {
    (key >> 58) as usize
}

fn key(scope: u64, line: u64) -> u64 {
    scatter(scope ^ line.rotate_left(32))
}

/// A document's scope; 0 for none.
fn scope_of(scope: Scope, header: &Header) -> u64 {
    match scope {
        Scope::Site => header.site,
        Scope::Corpus => 1,
    }
}

/// The scopes with enough documents, sorted.
fn sites(options: &Paragraphs, fates: &Fates<'_>, budget: &Budget<'_>) -> Result<Vec<Site>, StageError> {
    let scopes = Spill::with_partitions(budget, PARTITIONS)?;
    fates.census.headers(|headers| {
        let mut scopes: SpillWriter<'_, u64> = scopes.writer();
        let own = headers.iter().filter(|header| fates.is_own(header.ordinal));
        let mut found = own.map(|header| scope_of(options.scope, header)).filter(|scope| *scope != 0);
        found.try_for_each(|scope| scopes.push(partition(scope), scope))?;
        scopes.finish()
    })?;
    let sites = Mutex::new(Vec::new());
    (0..scopes.partitions()).into_par_iter().try_for_each(|partition| {
        let (mut found, mut scope, mut documents) = (Vec::new(), 0, 0_u32);
        let mut end = |scope, documents: u32| {
            let share = (options.min_share * f64::from(documents)).ceil() as u32;
            if documents >= options.min_pages {
                found.push(Site { scope, documents, needed: options.min_pages.max(share) });
            }
        };
        grouped(
            scopes.sorted(partition, budget)?,
            |scope| *scope,
            |found, begins| {
                if begins {
                    end(scope, documents);
                    (scope, documents) = (found, 0);
                }
                documents += 1;
                Ok(())
            },
        )?;
        end(scope, documents);
        sites.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        Ok::<_, StageError>(())
    })?;
    let mut sites = sites.into_inner().unwrap_or_else(PoisonError::into_inner);
    sites.par_sort_unstable_by_key(|site| site.scope);
    Ok(sites)
}
