//! Bars, columns, and the table of amounts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::Report;
use crate::card::sorted;
use crate::samples::Duplicates;
use crate::shown::{bytes, count, excerpt, percent, plural, share};

/// Rows beyond this many are told as one.
const ROWS: usize = 14;
/// So many kinds of amounts are shown.
const KINDS: usize = 16;

/// A bar for each row.
pub(super) struct Bars {
    pub(super) title: &'static str,
    /// What a row is.
    pub(super) what: &'static str,
    /// What is counted.
    pub(super) counted: &'static str,
    pub(super) rows: Vec<Bar>,
}

pub(super) struct Bar {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) note: String,
    /// In percent of the longest.
    pub(super) width: String,
}

/// Columns side by side, over a scale.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) title: &'static str,
    pub(super) what: &'static str,
    pub(super) counted: &'static str,
    pub(super) bins: Vec<Column>,
    /// A second series, as the path of its outline.
    pub(super) outline: String,
    /// What the second series counts, and its counts.
    pub(super) other: &'static str,
    pub(super) others: Vec<String>,
    /// The chart in words.
    pub(super) told: String,
    /// Labels at the ends of columns, first and last included.
    pub(super) scale: Vec<String>,
}

pub(super) struct Column {
    pub(super) label: String,
    pub(super) count: String,
    pub(super) x: usize,
    /// In percent of the highest.
    pub(super) height: String,
}

impl Columns {
    pub(super) fn width(&self) -> usize {
        self.bins.len() * 10
    }

    pub(super) fn ticks(&self) -> &[String] {
        &self.scale
    }
}

impl Column {
    pub(super) fn top(&self) -> String {
        format!("{:.1}", 100.0 - self.height.parse::<f64>().unwrap_or(0.0))
    }

    fn new(place: usize, label: String, number: u64, most: u64) -> Self {
        let height = if number == 0 { 0.0 } else { share(number, most).max(1.2) };
        Self { label, count: count(number), x: place * 10 + 1, height: format!("{height:.1}") }
    }
}

/// Most first; what is beyond [`ROWS`] as one.
pub(super) fn bars(title: &'static str, what: &'static str, counts: &BTreeMap<String, u64>) -> Bars {
    let sorted = sorted(counts);
    let all: u64 = counts.values().sum();
    let most = sorted.first().map_or(0, |(_, number)| *number);
    let bar = |label: String, number: u64| Bar {
        label,
        value: count(number),
        note: percent(number, all),
        width: format!("{:.2}", share(number, most)),
    };
    let mut rows: Vec<Bar> =
        sorted.iter().take(ROWS).map(|(label, number)| bar(excerpt(label, 80), *number)).collect();
    let rest: u64 = sorted.iter().skip(ROWS).map(|(_, number)| number).sum();
    if rest > 0 {
        let mut row = bar(format!("{} others", sorted.len() - ROWS), rest);
        row.width = format!("{:.2}", share(rest, most).min(100.0));
        rows.push(row);
    }
    Bars { title, what, counted: "Documents", rows }
}

/// Steps of a ratio from 0 to 1, the last for 1 itself; from the first that has something.
pub(super) fn steps(title: &'static str, what: &'static str, counts: &[u64]) -> Columns {
    let steps = counts.len() - 1;
    let Some(first) = counts.iter().position(|number| *number > 0) else { return Columns::default() };
    // A scale that begins at a tenth reads better than one that begins anywhere.
    let first = (first * 10 / steps) * steps / 10;
    let first = first.min(steps.saturating_sub(4));
    let most = counts.iter().copied().max().unwrap_or(0);
    let all: u64 = counts.iter().sum();
    let bound = |step: usize| format!("{:.2}", step as f64 / steps as f64);
    let label = |step: usize| {
        if step == steps { "1".to_owned() } else { format!("{} to {}", bound(step), bound(step + 1)) }
    };
    let columns = counts.iter().enumerate().skip(first);
    let columns: Vec<Column> =
        columns.map(|(step, number)| Column::new(step - first, label(step), *number, most)).collect();
    let highest = counts.iter().position(|number| *number == most).unwrap_or(0);
    Columns {
        title,
        what,
        counted: "Documents",
        bins: columns,
        told: format!(
            "{} documents; most of them, {}, at {}",
            count(all),
            percent(most, all),
            label(highest)
        ),
        scale: vec![bound(first), bound(first.midpoint(steps)), "1".to_owned()],
        ..Columns::default()
    }
}

/// Kept documents by length: columns for texts, an outline for raw bytes.
pub(super) fn lengths(report: &Report) -> Columns {
    let (raw, text) = (&report.lengths.raw, &report.lengths.text);
    // Nothing at all has no place on a scale of octaves: empty texts are told in words.
    let steps: BTreeSet<u64> = raw.keys().chain(text.keys()).copied().filter(|step| *step > 0).collect();
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Columns::default() };
    let mut bounds = vec![*first];
    while let Some(bound) = bounds.last().copied().filter(|bound| bound < last) {
        // 0, 1, 2, 3, 4, 6, 8, 12, …: half an octave, from a power of two to one and a half of it.
        let octave = bound.checked_ilog2().map_or(0, |octave| 1_u64 << octave);
        bounds.push(if bound < 2 {
            bound + 1
        } else if bound == octave {
            octave / 2 * 3
        } else {
            octave * 2
        });
    }
    let of = |counts: &BTreeMap<u64, u64>, bound: u64| counts.get(&bound).copied().unwrap_or(0);
    let most = raw.values().chain(text.values()).copied().max().unwrap_or(0);
    let columns = bounds
        .iter()
        .enumerate()
        .map(|(place, bound)| Column::new(place, format!("from {}", bytes(*bound)), of(text, *bound), most));
    let columns = columns.collect();
    let mut outline = String::from("M0 100");
    for (place, bound) in bounds.iter().enumerate() {
        let _ = write!(outline, "V{:.1}H{}", 100.0 - share(of(raw, *bound), most), (place + 1) * 10);
    }
    outline.push_str("V100");
    let ticks = 4_usize.min(bounds.len());
    let tick = |number: usize| bounds.get(number * (bounds.len() - 1) / (ticks - 1).max(1)).copied();
    Columns {
        title: "Kept documents by length, in steps of half an octave",
        what: "Length",
        counted: "Documents by text",
        bins: columns,
        outline,
        other: "Documents by raw bytes",
        others: bounds.iter().map(|bound| count(of(raw, *bound))).collect(),
        told: lengths_told(report),
        scale: (0..ticks).filter_map(tick).map(bytes).collect(),
    }
}

pub(super) fn lengths_told(report: &Report) -> String {
    let (totals, kept) = (&report.totals, report.accounting.kept);
    if kept == 0 {
        return "No document was kept.".to_owned();
    }
    let raw = totals.kept_bytes + totals.removed_bytes + totals.replaced_bytes;
    let empty = report.lengths.text.get(&0).copied().unwrap_or(0);
    let empty =
        if empty > 0 { format!(" {} without any text.", plural(empty, "document")) } else { String::new() };
    format!(
        "A kept document has {} of raw bytes on average and {} of text; half of the texts are shorter than about {}.{empty}",
        bytes(raw / kept),
        bytes(totals.text_bytes / kept),
        bytes(median(&report.lengths.text))
    )
}

/// The upper bound of the step that the median stands in.
fn median(steps: &BTreeMap<u64, u64>) -> u64 {
    let all: u64 = steps.values().sum();
    let mut seen = 0;
    for (step, number) in steps {
        seen += number;
        if seen * 2 >= all {
            return step + step / 4;
        }
    }
    0
}

/// Clusters by size, large sizes together.
pub(super) fn cluster_sizes(sizes: &BTreeMap<u64, u64>) -> Bars {
    let bounds = [2_u64, 3, 4, 5, 6, 11, 21, 51, 101, 1_001, u64::MAX];
    let all: u64 = sizes.values().sum();
    let counted: Vec<(String, u64)> = bounds
        .windows(2)
        .filter_map(|pair| {
            let [from, to] = *pair else { return None };
            let number = sizes.range(from..to).map(|(_, number)| number).sum();
            let label = match (from, to) {
                (from, u64::MAX) => format!("{} and more", count(from)),
                (from, to) if to == from + 1 => from.to_string(),
                (from, to) => format!("{} to {}", count(from), count(to - 1)),
            };
            (number > 0).then_some((label, number))
        })
        .collect();
    let most = counted.iter().map(|(_, number)| *number).max().unwrap_or(0);
    let rows = counted.into_iter().map(|(label, number)| Bar {
        label,
        value: count(number),
        note: percent(number, all),
        width: format!("{:.2}", share(number, most)),
    });
    Bars {
        title: "Clusters by their number of documents",
        what: "Documents",
        counted: "Clusters",
        rows: rows.collect(),
    }
}

pub(super) fn duplicates_told(duplicates: &Duplicates) -> String {
    let clusters: u64 = duplicates.sizes.values().sum();
    format!(
        "{} dropped because another one was kept, in {}.",
        if duplicates.documents == 1 {
            "1 document was".to_owned()
        } else {
            format!("{} documents were", count(duplicates.documents))
        },
        plural(clusters, "cluster")
    )
}

/// Amounts by kind and power of ten.
#[derive(Default)]
pub(super) struct Heat {
    pub(super) told: String,
    pub(super) powers: Vec<String>,
    pub(super) rows: Vec<HeatRow>,
}

pub(super) struct HeatRow {
    pub(super) label: String,
    pub(super) all: String,
    /// Counts, with a heat from 0 to 4.
    pub(super) cells: Vec<(String, u8)>,
}

pub(super) fn amounts(report: &Report) -> Heat {
    let kinds = sorted(&report.amounts);
    let shown = kinds.iter().take(KINDS);
    let powers: BTreeSet<i32> = shown
        .clone()
        .filter_map(|(name, _)| report.amount_powers.get(*name))
        .flat_map(|powers| powers.keys().copied())
        .collect();
    let range: Vec<i32> = match (powers.first(), powers.last()) {
        // What is beyond stands in the sum.
        (Some(first), Some(last)) => ((*first).max(-4)..=(*last).min(16)).collect(),
        _ => Vec::new(),
    };
    let of = |name: &str, power: i32| {
        report.amount_powers.get(name).and_then(|powers| powers.get(&power)).copied().unwrap_or(0)
    };
    let most =
        shown.clone().flat_map(|(name, _)| range.iter().map(|power| of(name, *power))).max().unwrap_or(0);
    let rows = shown.map(|(name, all)| HeatRow {
        label: excerpt(name, 60),
        all: count(*all),
        cells: range
            .iter()
            .map(|power| {
                let number = of(name, *power);
                (if number == 0 { String::new() } else { count(number) }, heat(number, most))
            })
            .collect(),
    });
    let rows: Vec<HeatRow> = rows.collect();
    let all: u64 = report.amounts.values().sum();
    let kinds = kinds.len();
    let more = if kinds > KINDS { format!(", the {KINDS} most frequent are shown") } else { String::new() };
    Heat {
        told: format!(
            "{} in kept documents, of {}{more}.",
            plural(all, "amount"),
            plural(kinds as u64, "kind")
        ),
        powers: range.into_iter().map(power_shown).collect(),
        rows,
    }
}

/// By the logarithm: one magnitude of counts is one shade.
fn heat(number: u64, most: u64) -> u8 {
    if number == 0 {
        return 0;
    }
    let ratio = (number as f64).ln_1p() / (most as f64).ln_1p();
    (ratio * 4.0).ceil().clamp(1.0, 4.0) as u8
}

/// `10³` and what people call it.
fn power_shown(power: i32) -> String {
    match power {
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        2 => "100".to_owned(),
        3 => "1 k".to_owned(),
        4 => "10 k".to_owned(),
        5 => "100 k".to_owned(),
        6 => "1 M".to_owned(),
        7 => "10 M".to_owned(),
        8 => "100 M".to_owned(),
        9 => "1 G".to_owned(),
        10 => "10 G".to_owned(),
        11 => "100 G".to_owned(),
        12 => "1 T".to_owned(),
        -1 => "0.1".to_owned(),
        -2 => "0.01".to_owned(),
        power => format!("1e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_begin_at_a_tenth_and_tell_themselves() {
        let mut counts = [0_u64; 21];
        (counts[15], counts[20]) = (3, 1);
        let chart = steps("", "", &counts);
        assert_eq!(chart.scale, ["0.70", "0.85", "1"]);
        assert_eq!((chart.bins.len(), chart.bins[1].label.as_str()), (7, "0.75 to 0.80"));
        assert_eq!(chart.told, "4 documents; most of them, 75.0 %, at 0.75 to 0.80");
        assert!(steps("", "", &[0; 21]).bins.is_empty());
    }

    #[test]
    fn clusters_of_all_sizes_are_counted_once() {
        let sizes = BTreeMap::from([(2, 5), (5, 1), (7, 2), (5_000, 1)]);
        let chart = cluster_sizes(&sizes);
        let told: Vec<_> = chart.rows.iter().map(|row| (row.label.as_str(), row.value.as_str())).collect();
        assert_eq!(told, [("2", "5"), ("5", "1"), ("6 to 10", "2"), ("1,001 and more", "1")]);
    }
}
