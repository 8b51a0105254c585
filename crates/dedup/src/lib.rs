//! Exact, near-duplicate, repeated-paragraph and repeated-passage removal that names the document a duplicate lost to.
//!
//! The promise: a document is dropped only if it verifiably matches a document that is **kept**, and the decision
//! names that document, the rule and the measured likeness.
//!
//! # How
//!
//! 1. Each document is [sketched](Deduplicator::sketch_text) alone: its words are folded (case, accents, quotes,
//!    spaces and punctuation do not count), hashed whole, and sampled.
//! 2. Documents with the same words are exact duplicates; the least damaged stays, then the one with most of its
//!    capitals and accents, then one drawn by its text.
//! 3. Documents that share sampled five-word shingles are compared in full, without the frames of their sites, best
//!    copy first and each with kept documents only. [`Likeness::judge`] has the rules. The best copy is the one with
//!    most words that other documents use too, less what decoding had to repair.
//! 4. On request, lines that stand on many pages of one site go, from the first page too.
//! 5. On request, runs of fifty words and more that stand in several of the documents that are left go from all but the
//!    best of them ([`Runs`]). The decision names, for each, the document where it stays.
//!
//! # What to expect
//!
//! - Decisions depend on the sketches and their order alone; order decides between documents with the same text, and
//!   nothing else. Threads and memory change nothing.
//! - A second pass over the kept documents drops nothing, unless paragraphs are removed: pages that lose their repeated
//!   lines may become alike.
//! - Decisions keep to a memory budget ([`Resources`]). Beside it, 14 bytes a document stay in memory (26 for a moment)
//!   and 48 for one that goes; sampled shingles, lines and lists of candidates go to temporary storage, about 1 kB a
//!   document. Least is about 40 MiB: a table of words, buffers, one batch of documents. Sketches are about as long as
//!   the texts; they are read where they lie, those of documents with candidates several times.
//! - Copies are found by sampling: of two texts of one length with a Jaccard index of .3, one pair in a million is missed.
//! - Time grows with the number of documents, also where all share their sentences: weather bulletins, match reports,
//!   legal notices. There a document is compared with those alone that share clearly more with it than is usual, and a
//!   warning tells for how many documents this was so. Near duplicates are found all the same (3,960 of 3,961 copies
//!   with a paragraph added, among 32,000 texts made from 74 phrases); of contained copies, 60 % of a text, a few in a
//!   hundred stay among 4,000 such texts and one in seven among 16,000.
//! - Texts of fewer than 25 words have exact duplicates only. Amended numbers and names do not keep two longer texts
//!   apart: this week's table of results may be a near duplicate of last week's.
//!
//! # Repeated runs
//!
//! Off by default: a passage that two articles share is often a quotation, and an article without it may read badly.
//! With `runs`,
//!
//! - a run of `min-words` folded words or more, 50 by default, goes from a document where a better one has it word for word
//!   and keeps it; which is better the order of copies says. Other case, accents, punctuation and line ends do not matter.
//!   Every such run is found (fingerprints by winnowing: 15,634 of 15,634 passages of 50 to 200 words, put into 200,000
//!   documents);
//! - where sentences are known (`split-sentences` before it), whole sentences go, and nothing where what is left of a run
//!   in whole sentences is shorter than asked for: words that stand twice harm less than half a sentence. Elsewhere runs
//!   are cut at spaces and line ends. No cut is inside a character, and no lines are glued together;
//! - with `scope = "site"`, runs are looked for within each site, so that quotations and dispatches that sites have from one
//!   another stay;
//! - with `paragraphs`, lines that go are no part of a run, and end it;
//! - a document of which one other has everything in such runs is dropped for it, an excerpt that near duplicates leave
//!   among them, unless a copy was dropped for this very document. What several others have together stays as an empty text;
//!   a warning tells how many there are;
//! - a second pass removes nothing more, unless two documents keep the same ends of a passage, each too short, when its
//!   middle has gone from both, or sentences of one are cut otherwise than those of the other;
//! - the documents of one run are compared with one another, not with those of `against`, which is refused;
//! - sketches grow by a fifth of the text, the CPU time of sketching and deciding by two thirds to three quarters, that of
//!   a run that does little else by a quarter.
//!
//! # Runs against runs
//!
//! With `index`, a run leaves the sketches of the documents that this stage keeps; with `against`, a run is held against
//! such indexes. Documents of earlier runs come first and stay, so a better copy that comes later is dropped for the
//! worse one that an earlier run has published; and as among the documents of one run, nothing is dropped for a document
//! that was itself dropped. A chain of runs therefore keeps what one run over everything would keep, or less good copies
//! of it; it may keep a document that is alike only to one that an earlier run dropped. All sketches of the indexes are
//! read, 3 µs a document. Later stages may drop documents that the index has.
//!
//! `benches/peers/dedup` measures all of it on documents made from a seed, `cargo run --release -p tamis-dedup --example
//! dedup-speed` the parts.
//!
//! # Example
//!
//! ```
//! use tamis_core::{Decision, MemorySketches, Original, Resources};
//! use tamis_dedup::{Context, Deduplicator, Options};
//!
//! let deduplicator = Deduplicator::new(Options::default());
//! let report = "Le conseil a voté jeudi soir, par douze voix contre sept, la fermeture de la piscine de la rue \
//!               des Acacias, dont la charpente menace ruine depuis l’hiver.";
//! let texts = [
//!     report.to_uppercase().replace('’', "'"),
//!     format!("CHAMBLY (agence locale) — {report} Les travaux dureront deux ans."),
//!     "Tout autre chose.".to_owned(),
//! ];
//! let sketches = MemorySketches(texts.iter().map(|text| deduplicator.sketch(text, Context::default())).collect());
//! let decisions = deduplicator.decide_all(&sketches, &Resources::unbounded())?;
//! let Decision::Drop { rule, duplicate_of, similarity, .. } = decisions.get(0)? else { panic!("kept") };
//! assert_eq!((rule.id, duplicate_of), ("dedup/near-duplicate", Some(Original::Document(1))));
//! assert!(similarity.unwrap() > 0.8);
//! assert_eq!((decisions.get(1)?, decisions.get(2)?), (Decision::Keep, Decision::Keep));
//! # Ok::<(), tamis_core::StageError>(())
//! ```

mod align;
mod candidates;
mod census;
mod compare;
mod corpus;
mod earlier;
mod epochs;
mod fold;
mod forecast;
mod frames;
mod line;
mod listing;
mod near;
mod nets;
mod options;
mod order;
mod outlines;
mod paragraphs;
mod ranking;
pub mod rules;
mod runs;
mod shingles;
mod sketch;
mod slots;
mod spill;
mod stage;
mod switch;

use tamis_core::{Decisions, Resources, Sketches, StageError};

pub use compare::{Likeness, Match};
pub use forecast::Forecast;
pub use options::{Near, Options, Paragraphs, Runs, Scope};
pub use rules::RULES;
pub use sketch::{Context, SketchBuffers, SketchError};
pub use stage::SPEC;

/// Finds duplicates by its options. Also the stage `deduplicate`.
#[derive(Clone, Debug, Default)]
pub struct Deduplicator {
    options: Options,
}

impl Deduplicator {
    /// A deduplicator with these options. [`Options::problems`] tells what is wrong with them; values out of range
    /// make rules that never or always hold, nothing worse.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// Its options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The sketch of a text: all that the decision needs of it.
    pub fn sketch(&self, text: &str, context: Context<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        self.sketch_text(text, context, &mut SketchBuffers::default(), &mut out);
        out
    }

    /// Appends the sketch of a text to `out`, with buffers that serve many texts.
    pub fn sketch_text(
        &self,
        text: &str,
        context: Context<'_>,
        buffers: &mut SketchBuffers,
        out: &mut Vec<u8>,
    ) {
        let runs = self.options.runs.as_ref().map(Runs::widths);
        sketch::write(text, context, self.options.paragraphs.is_some(), runs, buffers, out);
    }

    /// Decides over all sketches: one decision each, by ordinal. Uses the current rayon pool; the result does not
    /// depend on the number of its threads, nor on how much memory there is.
    pub fn decide_all(
        &self,
        sketches: &dyn Sketches,
        resources: &Resources<'_>,
    ) -> Result<Decisions, StageError> {
        corpus::decide(&self.options, sketches, resources)
    }

    /// How alike two sketched texts are, whatever their length; the same whichever comes first.
    ///
    /// ```
    /// use tamis_dedup::{Context, Deduplicator, Match, Near};
    ///
    /// let deduplicator = Deduplicator::default();
    /// let sketch = |text| deduplicator.sketch(text, Context::default());
    /// let (a, b) = (sketch("Le vote a été reporté à mardi."), sketch("LE VOTE A ETE REPORTE A MARDI"));
    /// let likeness = deduplicator.similarity(&a, &b)?;
    /// assert_eq!(likeness.similarity(), 1.0);
    /// assert_eq!(likeness.judge(&Near::default()), Some(Match::Near));
    /// # Ok::<(), tamis_dedup::SketchError>(())
    /// ```
    pub fn similarity(&self, left: &[u8], right: &[u8]) -> Result<Likeness, SketchError> {
        let (mut left_profile, mut right_profile) =
            (compare::Profile::default(), compare::Profile::default());
        left_profile.load(std::iter::once(sketch::Sketch::read(left)?.folded));
        right_profile.load(std::iter::once(sketch::Sketch::read(right)?.folded));
        Ok(compare::compare(&mut left_profile, &right_profile, &mut align::AlignBuffers::default()))
    }
}
