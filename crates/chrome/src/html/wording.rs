//! What the words of a short block say.
//!
//! Names and tags cannot tell "Read also: …" written as a paragraph of the article; its words can. Only blocks that are
//! little else than phrases of chrome are condemned: a sentence that mentions a newsletter stays.

use crate::phrases::{Category, Phrases};
use crate::rules::{self, Rule};

use super::page::{Block, Stream};
use super::title;
use super::verdict::Verdict;
use super::weights::Weights;

/// The rule for a block whose words are those of chrome.
pub(crate) fn rule(
    source: &str,
    stream: &Stream,
    block: &Block,
    verdict: &Verdict,
    weights: &Weights,
    text: &mut String,
) -> Option<&'static Rule> {
    if verdict.words > weights.wording_words {
        return None;
    }
    text.clear();
    for run in stream.runs_of(block) {
        title::append(source, run.span, text);
    }
    let phrases = stream.phrases.as_deref().unwrap_or_else(|| Phrases::shared());
    if verdict.link_length > 0 {
        // "Read also:" and then a link: the phrase need not be most of the words.
        let mut opening = None;
        phrases.scan(text, |hit| {
            opening.get_or_insert(hit);
        });
        let label =
            opening.filter(|hit| hit.words > 1 && is_opening(text, hit.start) && is_label(hit.category));
        if let Some(hit) = label {
            return of(hit.category);
        }
    }
    let (covered, category) = phrases.coverage(text);
    if covered < weights.wording_covered { None } else { category.and_then(of) }
}

/// Whether a phrase of the category leads to what is behind the link after it.
fn is_label(category: Category) -> bool {
    matches!(
        category,
        Category::Related
            | Category::ReadMore
            | Category::Newsletter
            | Category::Share
            | Category::Paywall
            | Category::Comments
    )
}

/// Whether nothing but marks stands before `at`.
fn is_opening(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| !before.contains(char::is_alphanumeric))
}

/// The rule of a category of phrases. Prices, dates and shares are the matter of many articles: they condemn nothing
/// that a container has vouched for.
fn of(category: Category) -> Option<&'static Rule> {
    match category {
        Category::Event | Category::Ticker | Category::Shop | Category::Calendar => None,
        other => Some(rules::of(other)),
    }
}
