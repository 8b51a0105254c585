//! The HTML half: a page in, the edits that leave its article out.
//!
//! No tree of nodes is built and no text is copied: whatever is kept stays where it stands in the source, and what goes
//! is named by spans. One page goes through these steps, each a pass over arrays:
//!
//! 1. `scanner` cuts the page into tags, text, comments and raw text, where the HTML standard cuts it. `tag`,
//!    `attributes` and `reference` hold what the standard says of names and character references.
//! 2. `stream`, with `nesting`, turns tokens into the elements (one array, each with the index of its parent), runs of text, and blocks:
//!    paragraphs, headings, items. End tags that HTML implies are implied; nesting is capped, nothing recurses.
//!    `measure` counts the letters, words, commas and sentence marks of a run, `stems` reads class names and ids
//!    (`data/names.txt`) into marks such as "share" or "article body". `linked_data` and `told` note what the page says of
//!    itself: title, author, date, site, address, each with the span where it says so.
//! 3. `evidence` vetoes elements by tag and name, unless that would take most of the page's prose: a name is believed
//!    only as far as it leaves an article. `verdict` measures blocks and sums them over elements without the vetoed.
//! 4. `core` finds the element that holds the article: paragraphs give points to the elements around them, links take
//!    some away, and the winner may climb to an ancestor that gains enough prose. On a page that says it is no article
//!    the main part is taken whole.
//! 5. `select` keeps the blocks of the core, the lead before it and paragraphs elsewhere that look like the core's;
//!    it drops lists of links, what `wording` condemns by its words, the headline (it becomes the title), repeats, and
//!    scraps at the end. If too little is left it tries again with fewer rules: the ladder, [`Rung`](crate::Rung). `favour`
//!    then takes away or adds what the options ask for. All numbers stand in `weights`.
//! 6. `emit` writes the edits: tags away, white space collapsed, references replaced, a line feed between blocks.
//!    `markdown` and `inline` say where marks of Markdown go, `json_text` keeps the article of a page's JSON-LD.
//!
//! Readability gave the points of step 4, trafilatura the idea of names as evidence and of a ladder; what is new here is
//! that names are checked against the prose they would take, and that every removal has a reason. Cost is linear in the
//! length of the page; a page of a megabyte takes a few milliseconds.

mod attributes;
mod block;
mod core;
mod emit;
mod evidence;
mod favour;
mod inline;
mod json_text;
mod linked_data;
mod markdown;
mod measure;
#[cfg(test)]
mod metamorphic_tests;
mod nesting;
#[cfg(test)]
mod option_tests;
mod page;
mod recognise;
mod reference;
mod scanner;
#[cfg(test)]
mod scanner_tests;
mod select;
#[cfg(test)]
mod standard_tests;
mod stems;
mod stream;
mod tag;
#[cfg(test)]
mod tests;
mod title;
mod told;
mod verdict;
mod weights;
mod wording;

pub use recognise::looks_like_html;
pub use weights::Weights;

use tamis_core::PageField;

use crate::edit::Stripped;
use crate::options::Options;

/// Buffers of this half.
#[derive(Debug, Default)]
pub struct Scratch {
    stream: page::Stream,
    selection: select::Selection,
    pieces: emit::Pieces,
}

impl Scratch {
    /// Buffers that judge by other weights than those of the stage, for tuning.
    pub fn weighted(weights: Weights) -> Self {
        let mut scratch = Self::default();
        scratch.selection.weights = weights;
        scratch
    }
}

/// The edits that leave the article of a page: its paragraphs and headings, one to a line, in the order of the source.
///
/// Spans are bytes of `source`. A page with any prose keeps some; which step of the ladder found it is in
/// [`Stripped::rung`].
///
/// ```
/// use tamis_chrome::{Options, html};
///
/// let page = "<nav><a href=/>Home</a></nav><p>The mayor &amp; the council met on Monday,\n  late in the evening.</p>";
/// let stripped = html::strip(page, &Options::default(), &mut html::Scratch::default());
/// assert_eq!(stripped.apply(page), "The mayor & the council met on Monday, late in the evening.");
/// let navigation = stripped.edits.iter().find(|edit| edit.rule.id == "chrome/navigation").unwrap();
/// assert_eq!(&page[navigation.start as usize..navigation.end as usize], "Home");
/// ```
pub fn strip(source: &str, options: &Options, scratch: &mut Scratch) -> Stripped {
    strip_into(Stripped::default(), source, options, scratch)
}

/// As [`strip`], into the buffers of an empty result.
pub(crate) fn strip_into(
    mut stripped: Stripped,
    source: &str,
    options: &Options,
    scratch: &mut Scratch,
) -> Stripped {
    let Scratch { stream, selection, pieces } = scratch;
    stream.phrases = options.own_lists();
    stream.read(source);
    selection.judge(source, stream, options);
    let Stripped { edits, written, title, told, rung } = &mut stripped;
    emit::emit(source, stream, selection, options.format, pieces, edits, written);
    let headline = selection.headline.and_then(|block| stream.blocks.get(block)).and_then(|block| {
        let runs = stream.runs_of(block);
        let mut text =
            String::with_capacity(runs.iter().map(|run| run.span.of(source.as_bytes()).len()).sum());
        for run in runs {
            title::append(source, run.span, &mut text);
        }
        text.truncate(text.trim_end().len());
        let span = scanner::Run { start: runs.first()?.span.start, end: runs.last()?.span.end };
        (!text.is_empty()).then_some((text, span))
    });
    told::tell(source, stream, headline.as_ref().map(|(text, span)| (text.as_str(), *span)), told);
    *title = told.iter().find(|told| told.field == PageField::Title).map(|told| told.value.clone());
    *rung = selection.rung;
    stripped
}
