//! What a whole run will yield, judged by a sample of it.
//!
//! Intervals hold 95 times of 100. Shares have Wilson's interval, which is right for few and for none; the volume of text
//! has the ratio estimator's, since a document's text is nearly proportional to its bytes; both are narrowed by the share of
//! the corpus that the sample is (Cochran, Sampling Techniques, 1977, §2.7, §3.4 and §6.4).
//!
//! Stages that compare documents are another matter. In a sample of one in a hundred, a pair of duplicates is met once in
//! ten thousand. With a share `f` of the corpus and `d` documents dropped, a corpus of pairs alone has `d / f²` of them
//! to drop, one of huge clusters `d / f`: both ends are told, and what lies between them is not known.

use std::fmt;

use tamis_core::StageKind;
use tamis_io::{StageTally, Tally};
use tamis_pipeline::Pipeline;

use crate::sizes::{bytes, count};

/// Two-sided, 95 %.
const Z: f64 = 1.96;

/// One drawn document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    /// Its bytes as they lie in the input.
    pub(crate) input: u64,
    /// Bytes of its clean text, 0 when it was not kept.
    pub(crate) text: u64,
}

/// A sample and what it was drawn from.
pub(crate) struct Prediction<'a> {
    pub(crate) pipeline: &'a Pipeline,
    /// What became of the sample.
    pub(crate) tally: &'a Tally,
    pub(crate) drawn: Vec<Drawn>,
    /// Documents to draw from.
    pub(crate) documents: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Documents known to fail, which were not drawn from.
    pub(crate) unreadable: u64,
    pub(crate) seed: u64,
}

/// An estimate, and between what it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) low: f64,
    pub(crate) mid: f64,
    pub(crate) high: f64,
}

impl Estimate {
    /// How many of `all` have what `with` of `sample` have.
    pub(crate) fn share(with: u64, sample: u64, all: u64) -> Self {
        if sample >= all || sample == 0 {
            let exact = with as f64;
            return Self { low: exact, mid: exact, high: exact };
        }
        let (sample_f, all_f) = (sample as f64, all as f64);
        let p = with as f64 / sample_f;
        // A sample that is most of the corpus tells more than its size says.
        let n = sample_f * (all_f - 1.0) / (all_f - sample_f);
        let z2 = Z * Z;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        // What the sample has, the corpus has.
        let (least, most) = (with as f64, all_f - (sample - with.min(sample)) as f64);
        let within = |share: f64| (share * all_f).clamp(least, most);
        Self { low: within(centre - half), mid: within(p), high: within(centre + half) }
    }

    /// How many of `all` a stage will drop that compares documents, when it dropped `with` of `sample`.
    pub(crate) fn compared(with: u64, sample: u64, all: u64, reach: f64) -> Self {
        if sample >= all || sample == 0 {
            return Self::share(with, sample, all);
        }
        let f = sample as f64 / all as f64;
        // Poisson counts have a constant spread in their square roots.
        let (low, high) = ((with as f64).sqrt() - Z / 2.0, (with as f64 + 1.0).sqrt() + Z / 2.0);
        let low = (low.max(0.0).powi(2) / f).max(with as f64).min(reach);
        let high = (high * high / (f * f)).min(reach);
        Self { low, mid: (with as f64 / f).min(reach), high }
    }

    /// How much text `bytes` of input give.
    pub(crate) fn text(drawn: &[Drawn], all: u64, bytes: u64) -> Self {
        let (x, y) =
            drawn.iter().fold((0.0, 0.0), |(x, y), drawn| (x + drawn.input as f64, y + drawn.text as f64));
        let n = drawn.len() as f64;
        if drawn.len() as u64 >= all || n < 2.0 || x <= 0.0 {
            return Self { low: y, mid: y, high: y };
        }
        let ratio = y / x;
        let rest: f64 =
            drawn.iter().map(|drawn| (drawn.text as f64 - ratio * drawn.input as f64).powi(2)).sum();
        let all = all as f64;
        let error = all * ((1.0 - n / all) / n * rest / (n - 1.0)).sqrt();
        let mid = ratio * bytes as f64;
        Self { low: (mid - Z * error).max(y), mid, high: mid + Z * error }
    }
}

impl fmt::Display for Prediction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sample = self.drawn.len() as u64;
        let all = self.documents;
        let whole = sample >= all;
        let percent = if all == 0 { 100.0 } else { sample as f64 * 100.0 / all as f64 };
        writeln!(
            f,
            "{} of {} documents, {} of input ({percent:.1} %, seed {}); nothing was written\n",
            count(sample),
            count(all),
            bytes(self.bytes),
            self.seed
        )?;
        if whole {
            writeln!(f, "the sample is all there is: these numbers are exact\n")?;
        }
        writeln!(f, "{:<20} {:>9} {:>9} {:>9}   of all documents", "", "in", "dropped", "failed")?;
        let mut reach = self.tally.documents;
        let mut reach_all = all as f64;
        let by_stages: u64 = self.tally.stages.values().map(|stage| stage.failed).sum();
        let unread = self.tally.failed.saturating_sub(by_stages);
        if unread > 0 {
            let told = told(Estimate::share(unread, sample, all), "fail");
            row(f, "(reading)", reach, 0, unread, &told)?;
            reach = reach.saturating_sub(unread);
        }
        let (mut compares, mut spread) = (Vec::new(), 0.0);
        for (place, stage) in self.pipeline.plan.stages().iter().enumerate() {
            let spec = stage.spec();
            let StageTally { dropped, failed, .. } =
                self.tally.stages.get(&place).copied().unwrap_or_default();
            let mut words = Vec::new();
            if spec.kind == StageKind::Corpus && !whole {
                compares.push(spec.name);
                let estimate = Estimate::compared(dropped, sample, all, reach_all);
                words.push(format!("{} to {} are dropped", round(estimate.low), round(estimate.high)));
                spread += estimate.high - estimate.mid;
                reach_all -= estimate.low;
            } else if dropped > 0 {
                let estimate = Estimate::share(dropped, sample, all);
                reach_all -= estimate.low;
                words.push(told(estimate, "are dropped"));
            }
            if failed > 0 {
                words.push(told(Estimate::share(failed, sample, all), "fail"));
            }
            row(f, spec.name, reach, dropped, failed, &words.join(", "))?;
            reach = reach.saturating_sub(dropped + failed);
        }
        let kept = Estimate::share(self.tally.kept, sample, all);
        let text = Estimate::text(&self.drawn, all, self.bytes);
        writeln!(f)?;
        // Duplicates that the sample does not show may take from both.
        let missed = if kept.mid > 0.0 { (spread / kept.mid).min(1.0) } else { 0.0 };
        let range = |low: f64, high: f64, shown: &dyn Fn(f64) -> String| {
            if whole { shown(high) } else { format!("{} to {}", shown(low), shown(high)) }
        };
        let kept_low = (kept.low * (1.0 - missed)).max(self.tally.kept.min(1) as f64);
        writeln!(f, "kept  {}", range(kept_low, kept.high, &round))?;
        let size = |number: f64| bytes(number.max(0.0) as u64);
        writeln!(f, "text  {}", range(text.low * (1.0 - missed), text.high, &size))?;
        if self.unreadable > 0 {
            let plural = if self.unreadable == 1 { "document" } else { "documents" };
            writeln!(f, "and {} {plural} cannot be read, whatever the stages do", count(self.unreadable))?;
        }
        if !compares.is_empty() {
            writeln!(
                f,
                "\n{} compares documents with each other, and a sample shows few of its pairs: {} of the sample lost to \
                 another one.\nThe first number holds if documents come in large clusters, the second if they come in \
                 pairs.\nA larger sample narrows this faster than anything else here.",
                compares.join(", "),
                self.compared(),
            )?;
        }
        Ok(())
    }
}

impl Prediction<'_> {
    /// Documents of the sample that lost to another one.
    fn compared(&self) -> String {
        let stages = self.pipeline.plan.stages().iter().enumerate();
        let corpus = stages.filter(|(_, stage)| stage.spec().kind == StageKind::Corpus);
        let dropped: u64 =
            corpus.map(|(place, _)| self.tally.stages.get(&place).map_or(0, |stage| stage.dropped)).sum();
        if dropped == 0 { "none".to_owned() } else { count(dropped) }
    }
}

/// One line of the table.
fn row(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    reach: u64,
    dropped: u64,
    failed: u64,
    told: &str,
) -> fmt::Result {
    let number = |number: u64| if number == 0 { "–".to_owned() } else { count(number) };
    let row = format!("{name:<20} {:>9} {:>9} {:>9}   {told}", count(reach), number(dropped), number(failed));
    writeln!(f, "{}", row.trim_end())
}

fn told(estimate: Estimate, verb: &str) -> String {
    if (estimate.high - estimate.low).abs() < 0.5 {
        return format!("{} {verb}", round(estimate.mid));
    }
    format!("{} to {} {verb}", round(estimate.low), round(estimate.high))
}

/// A count as far as an estimate goes: three digits.
fn round(number: f64) -> String {
    let number = number.max(0.0);
    let step = 10_f64.powf((number.max(1.0).log10().floor() - 2.0).max(0.0));
    count(((number / step).round() * step) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_wilsons_interval_and_a_whole_sample_is_exact() {
        // Without a limit to the corpus: 10 of 100, from Wilson's formula 5.52 % to 17.44 %.
        let estimate = Estimate::share(10, 100, 1_000_000_000);
        assert!((estimate.low / 1e9 - 0.0552).abs() < 1e-4, "{estimate:?}");
        assert!((estimate.high / 1e9 - 0.1744).abs() < 1e-4, "{estimate:?}");
        assert_eq!(Estimate::share(10, 100, 100), Estimate { low: 10.0, mid: 10.0, high: 10.0 });
        let none = Estimate::share(0, 50, 1000);
        assert!(none.low == 0.0 && none.high > 20.0 && none.high < 90.0, "{none:?}");
        // Half of the corpus is seen: what was seen is certain.
        let half = Estimate::share(5, 50, 100);
        assert!(half.low >= 5.0 && half.high < 25.0, "{half:?}");
    }

    #[test]
    fn intervals_hold_about_as_often_as_they_say() {
        // A corpus of 2,000 documents, every ninth of which goes; a thousand samples of 100, drawn by a generator.
        let mut state = 7_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as usize) % below
        };
        let corpus: Vec<Drawn> = (0..2_000)
            .map(|place: u64| {
                let input = 500 + (place * 7_919) % 9_000;
                let share = if place.is_multiple_of(9) { 0 } else { 55 + place % 31 };
                Drawn { input, text: input * share / 100 }
            })
            .collect();
        let gone = corpus.iter().filter(|drawn| drawn.text == 0).count() as f64;
        let bytes: u64 = corpus.iter().map(|drawn| drawn.input).sum();
        let text = corpus.iter().map(|drawn| drawn.text).sum::<u64>() as f64;
        let (mut shares, mut texts) = (0, 0);
        for _ in 0..1_000 {
            let mut deck: Vec<usize> = (0..corpus.len()).collect();
            let sample: Vec<Drawn> =
                (0..100).filter_map(|_| corpus.get(deck.swap_remove(next(deck.len()))).copied()).collect();
            let with = sample.iter().filter(|drawn| drawn.text == 0).count() as u64;
            let share = Estimate::share(with, 100, 2_000);
            shares += u32::from(share.low <= gone && gone <= share.high);
            let volume = Estimate::text(&sample, 2_000, bytes);
            texts += u32::from(volume.low <= text && text <= volume.high);
        }
        assert!((930..=985).contains(&shares), "shares hold {shares} times of 1,000");
        assert!((920..=985).contains(&texts), "texts hold {texts} times of 1,000");
    }

    #[test]
    fn duplicates_lie_between_clusters_and_pairs() {
        // 4 of 1,000 drawn from 10,000: as one huge cluster some 40, as pairs some 400.
        let estimate = Estimate::compared(4, 1_000, 10_000, 9_000.0);
        assert!(estimate.low < 40.0 && estimate.high > 400.0 && estimate.high < 1_200.0, "{estimate:?}");
        let none = Estimate::compared(0, 100, 100_000, 90_000.0);
        assert_eq!((none.low, none.high), (0.0, 90_000.0));
    }

    #[test]
    fn estimates_are_told_to_three_digits() {
        assert_eq!(
            [0.4, 7.6, 123.4, 98_765.0].map(round),
            ["0".into(), "8".into(), "123".into(), count(98_800)]
        );
    }
}
