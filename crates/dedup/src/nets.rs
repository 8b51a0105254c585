//! What should make a person look before they use the output: signs that a rule did far too much, or nothing.
//!
//! The worst stories of deduplication are silent ones: 859,092 documents of which two were left, clusters of 150,000.
//! No such cluster can form here by chains of likenesses, but a crawl that got the same error page a million times looks
//! the same. So what is unusual is told, and counted for gates.

use tamis_core::{Decisions, Rule};

use crate::census::Census;
use crate::corpus::Fates;
use crate::options::Options;
use crate::rules::{
    CONTAINED_COPY, EARLIER_CONTAINED_COPY, EARLIER_EXACT_DUPLICATE, EARLIER_MISREAD_COPY,
    EARLIER_NEAR_DUPLICATE, EXACT_DUPLICATE, MISREAD_COPY, NEAR_DUPLICATE, REPEATED_PARAGRAPH, REPEATED_RUN,
};
use crate::runs::Told;

/// Fewer documents in a cluster than this are nothing to look at, whatever their share.
const CLUSTER: u64 = 100;
/// In fewer documents than this, a rule may well find nothing.
const FEW: usize = 1000;

/// The documents of the largest cluster, the kept one among them.
pub(crate) const LARGEST_CLUSTER: &str = "cluster.largest";
/// Documents too short to have near duplicates.
pub(crate) const TOO_SHORT: &str = "too-short";

/// Runs of words that went because another document has them.
pub(crate) const RUNS: &str = "runs.removed";
/// Documents that lost all their words so, to several others.
pub(crate) const EMPTIED: &str = "runs.emptied";

/// Tells what became of repeated runs.
pub(crate) fn runs(told: &Told, decisions: &mut Decisions) {
    decisions.measures.insert(RUNS, told.runs);
    decisions.measures.insert(EMPTIED, told.emptied);
    if told.emptied > 0 {
        decisions.warnings.push(format!(
            "{} documents lost all their words to repeated runs and stay as empty texts: each of their passages stands \
             in another document, and no single one has them all, or a copy was dropped for this one",
            told.emptied
        ));
    }
    if told.cut_short > 0 {
        decisions.warnings.push(format!(
            "{} documents repeat phrases so often that repeated runs were looked for at some of their places only",
            told.cut_short
        ));
    }
}

/// Looks at what was decided; warnings and measures go to the decisions.
pub(crate) fn look(
    options: &Options,
    census: &Census,
    fates: &Fates<'_>,
    own: usize,
    decisions: &mut Decisions,
) {
    let largest = largest_cluster(fates.kept_by_drop());
    decisions.measures.insert(LARGEST_CLUSTER, largest);
    let share = |part: u64| part as f64 / own.max(1) as f64;
    let percent = |part: u64| 100.0 * share(part);
    if largest >= CLUSTER && share(largest) > options.cluster_warning {
        decisions.warnings.push(format!(
            "one cluster holds {largest} of {own} documents ({:.1} %): one is kept, the others are dropped for it; is it \
             an error page, or a frame that should have been stripped?",
            percent(largest)
        ));
    }
    let Some(near) = &options.near else { return };
    let too_short = census.too_short;
    decisions.measures.insert(TOO_SHORT, too_short);
    if own >= FEW && 2 * too_short > own as u64 {
        decisions.warnings.push(format!(
            "{too_short} of {own} documents ({:.1} %) have fewer than {} words and are compared exactly only \
             (`near.min-words`); half of all have {} words at most",
            percent(too_short),
            near.min_words,
            census.median_words
        ));
    }
}

/// Tells the rules that are asked for and found nothing among many documents.
pub(crate) fn idle(options: &Options, own: usize, decisions: &mut Decisions) {
    let of_documents = |asked: bool, rules: &[&'static Rule]| {
        (asked && options.documents).then(|| rules.to_vec()).into_iter().flatten().collect::<Vec<_>>()
    };
    let kinds = [
        ("exact", of_documents(options.exact, &[&EXACT_DUPLICATE, &EARLIER_EXACT_DUPLICATE])),
        ("near", of_documents(options.near.is_some(), NEAR_RULES)),
        ("paragraphs", options.paragraphs.iter().map(|_| &REPEATED_PARAGRAPH).collect()),
        ("runs", options.runs.iter().map(|_| &REPEATED_RUN).collect()),
    ];
    for (option, rules) in kinds {
        if own >= FEW && !rules.is_empty() && !rules.iter().any(|rule| decisions.names(rule)) {
            decisions.warnings.push(format!("`{option}` is asked for, and matched none of {own} documents"));
        }
    }
}

static NEAR_RULES: &[&Rule] = &[
    &NEAR_DUPLICATE,
    &CONTAINED_COPY,
    &MISREAD_COPY,
    &EARLIER_NEAR_DUPLICATE,
    &EARLIER_CONTAINED_COPY,
    &EARLIER_MISREAD_COPY,
];

/// The size of the largest cluster, by the kept document of each drop.
fn largest_cluster(mut kept: Vec<u32>) -> u64 {
    kept.sort_unstable();
    kept.chunk_by(u32::eq).map(|cluster| cluster.len() as u64 + 1).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_counts_its_kept_document() {
        assert_eq!(largest_cluster(vec![]), 0);
        assert_eq!(largest_cluster(vec![7, 3, 7, 7, 3]), 4);
    }
}
