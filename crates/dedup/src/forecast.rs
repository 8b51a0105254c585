//! What a corpus will need before it is read.
//!
//! | what | bytes |
//! | --- | --- |
//! | sketches | 448 a document, and its text |
//! | memory | 24 MiB, the sketches up to an eighth of the budget, 26 a document, 100 a document up to 3/16 of the budget, 64 a document and two thirds of its text up to 1/16 of the budget and 24 MiB |
//! | temporary files | the sketches over an eighth of the budget, 1,100 a document |
//!
//! Repeated runs, where they are looked for, add a quarter of the text to the sketches, a fifth of it to the temporary files
//! and 16 MiB of memory.
//!
//! For one worker; each other one takes up to 25 MiB more. The 26 bytes are the only part that no budget bounds. Runs over
//! 20,000 to 1,000,000 generated documents of 1 to 2 kB, with budgets of 64 to 512 MiB, took 0.75 to 1.2 times the
//! forecast memory.

use crate::slots::KeptSlots;

/// Bytes of a sketch beside the words: its header and samples.
const SKETCH: u64 = 64 + 8 * crate::sketch::SAMPLES as u64;
/// The vocabulary, a batch of documents, buffers, the program.
const FIXED: u64 = 24 << 20;
/// Tables by document, while the order of documents is made.
const RESIDENT: u64 = 26;
/// Shared keys, lists and partitions that are being sorted.
const WORK: u64 = 100;
/// Sampled shingles, exact hashes, headers and shared keys of a document, and lists of candidates.
const SPILLED: u64 = 1100;

/// The words of a document that are kept, beside those themselves: four bytes for each, which had six.
const KEPT: u64 = 64;

/// Runs around crowded fingerprints.
const RUNS_FIXED: u64 = 16 << 20;

/// What deduplication of a corpus will need, in bytes; see [`Forecast::new`].
///
/// ```
/// use tamis_dedup::Forecast;
///
/// let forecast = Forecast::new(10_000_000, 30_000_000_000, 1 << 30);
/// assert!(forecast.memory < 1 << 30);
/// assert!(forecast.disk > 30_000_000_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// The largest amount of memory, with one worker.
    pub memory: u64,
    /// The part of it that grows with the number of documents, whatever the budget.
    pub resident: u64,
    /// The largest amount of temporary files.
    pub disk: u64,
}

impl Forecast {
    /// The needs of so many documents with so many bytes of text together, under a budget of so much memory.
    pub fn new(documents: u64, text: u64, budget: u64) -> Self {
        Self::of(documents, text, [0, 0], budget)
    }

    /// The same where repeated runs are looked for too.
    pub fn with_runs(documents: u64, text: u64, budget: u64) -> Self {
        let found = Self::of(documents, text, [text / 4, text / 5], budget);
        Self { memory: found.memory.saturating_add(RUNS_FIXED), ..found }
    }

    /// The same where `runs` add so many bytes to the sketches and to the temporary files.
    fn of(documents: u64, text: u64, runs: [u64; 2], budget: u64) -> Self {
        let each = |bytes: u64| documents.saturating_mul(bytes);
        let [sketched, spilled] = runs;
        let sketches = each(SKETCH).saturating_add(text).saturating_add(sketched);
        let held = sketches.min(budget / 8);
        let resident = each(RESIDENT);
        let work = each(WORK).min(budget / 16 * 3);
        let kept = each(KEPT).saturating_add(text - text / 3).min(KeptSlots::most(budget));
        let memory = [held, resident, work, kept].into_iter().fold(FIXED, u64::saturating_add);
        Self {
            memory,
            resident,
            disk: (sketches - held).saturating_add(each(SPILLED)).saturating_add(spilled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_of_each_document_outgrows_the_budget() {
        let budget = 512 << 20;
        let forecast = |documents: u64| Forecast::new(documents, 3000 * documents, budget);
        let (some, more) = (forecast(100_000_000), forecast(200_000_000));
        assert_eq!(more.memory - some.memory, more.resident - some.resident);
        assert_eq!(some.resident, 2_600_000_000);
        assert_eq!(forecast(0), Forecast { memory: FIXED, resident: 0, disk: 0 });
        assert_eq!(Forecast::new(u64::MAX, u64::MAX, budget).disk, u64::MAX);
        assert_eq!(Forecast::with_runs(u64::MAX, u64::MAX, budget).disk, u64::MAX);
        let with_runs = Forecast::with_runs(1_000_000, 3_000_000_000, budget);
        let without = Forecast::new(1_000_000, 3_000_000_000, budget);
        assert_eq!(with_runs.disk - without.disk, 1_350_000_000);
    }

    #[test]
    fn kept_words_are_told() {
        const MIB: u64 = 1 << 20;
        let kept = |documents: u64, budget: u64| {
            let text = 600 * documents;
            let others = FIXED + budget / 8 + 26 * documents + budget / 16 * 3;
            Forecast::new(documents, text, budget).memory - others
        };
        assert_eq!(kept(100_000_000, 256 * MIB), 16 * MIB, "a sixteenth of the budget");
        assert_eq!(kept(100_000_000, 1024 * MIB), 24 * MIB);
        let few = |documents: u64| {
            Forecast::new(documents, 600 * documents, 1 << 40).memory
                - FIXED
                - documents * (SKETCH + 600 + 26 + 100)
        };
        assert_eq!(few(1000), 1000 * (64 + 400), "no more than there is");
    }
}
