//! Parameters of a sheet: one for each bin, and one for each run of bins that have something in common.

use tamis_chrome::text::tuning::Group;

/// Where the parameters of a sheet stand.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// For each bin, the parameter of its run, if it has one.
    runs: Vec<Option<u32>>,
    /// How many parameters there are.
    pub(crate) size: usize,
    /// Where the first one stands.
    pub(crate) base: usize,
}

impl Layout {
    /// The parameters of `groups`, from `base` on.
    pub(crate) fn new(groups: &[Group], base: usize) -> Self {
        let bins = groups.last().map_or(0, |group| group.base + group.bins);
        let mut runs = vec![None; bins];
        let mut size = bins;
        for group in groups.iter().filter(|group| group.run > 1) {
            for bin in 0..group.bins {
                runs[group.base + bin] = Some((base + size + bin / group.run) as u32);
            }
            size += group.bins.div_ceil(group.run);
        }
        Self { runs, size, base }
    }

    /// The parameters behind the bins of a unit.
    pub(crate) fn parameters(&self, bins: &[u32], into: &mut Vec<u32>) {
        for &bin in bins {
            into.push(self.base as u32 + bin);
            into.extend(self.runs[bin as usize]);
        }
    }

    /// One weight a bin: its own and that of its run.
    pub(crate) fn weights(&self, parameters: &[f64]) -> Vec<f64> {
        let weight = |bin: usize| {
            parameters[self.base + bin] + self.runs[bin].map_or(0.0, |run| parameters[run as usize])
        };
        (0..self.runs.len()).map(weight).collect()
    }
}
