//! Sheets of evidence: measurements that fall into bins, and the sums of the bins' weights.
//!
//! A [`Field`] is one measurement; its bins stand side by side in a table of integers. Where a field names no bin for a
//! unit, it weighs nothing: so what a line rarely has costs a line without it no look-up.

#![expect(
    clippy::inline_always,
    reason = "a field is a constant where it is added, and its place in the table one too: measured, without it the crate is a tenth slower"
)]

/// Weights count in sixteenths of a unit of log-odds.
pub(crate) const SCALE: i32 = 16;

/// One measurement and the place of its bins in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) base: usize,
    pub(crate) bins: usize,
    /// Runs of so many bins have something in common: a fit gives them one more weight together, which is then added to
    /// each. 1 where they have not.
    pub(crate) run: usize,
}

impl Field {
    /// The first field of a table.
    pub(crate) const fn first(name: &'static str, bins: usize) -> Self {
        Self { name, base: 0, bins, run: 1 }
    }

    /// The field that stands behind this one.
    pub(crate) const fn then(self, name: &'static str, bins: usize) -> Self {
        Self { name, base: self.end(), bins, run: 1 }
    }

    /// With bins in runs of `run`.
    pub(crate) const fn in_runs(self, run: usize) -> Self {
        Self { run, ..self }
    }

    /// One past its last bin.
    pub(crate) const fn end(self) -> usize {
        self.base + self.bins
    }
}

/// Receives the bins a unit falls into.
pub(crate) trait Sheet {
    /// The unit falls into `bin` of `field`, which has so many.
    fn add(&mut self, field: Field, bin: usize);
}

/// Adds up the weights of the bins of one table.
#[derive(Debug)]
pub(crate) struct Sum<'a, const BINS: usize> {
    weights: &'a [i16; BINS],
    pub(crate) total: i32,
}

impl<'a, const BINS: usize> Sum<'a, BINS> {
    pub(crate) const fn new(weights: &'a [i16; BINS]) -> Self {
        Self { weights, total: 0 }
    }
}

impl<const BINS: usize> Sheet for Sum<'_, BINS> {
    #[inline(always)]
    fn add(&mut self, field: Field, bin: usize) {
        debug_assert!(bin < field.bins, "{}: bin {bin} of {}", field.name, field.bins);
        let at = field.base + bin;
        self.total += i32::from(self.weights.get(at).copied().unwrap_or(0));
    }
}

/// Two tables over the same bins, in one: a look-up gives both weights.
#[derive(Debug)]
pub(crate) struct Pairs<const BINS: usize>([i64; BINS]);

impl<const BINS: usize> Pairs<BINS> {
    #[expect(
        clippy::indexing_slicing,
        reason = "evaluated while compiling, where an index out of range is an error"
    )]
    pub(crate) const fn new(low: &[i16; BINS], high: &[i16; BINS]) -> Self {
        let mut pairs = [0; BINS];
        let mut at = 0;
        while at < BINS {
            pairs[at] = ((high[at] as i64) << 32) + low[at] as i64;
            at += 1;
        }
        Self(pairs)
    }
}

/// Adds up the weights of the bins of two tables at once.
#[derive(Debug)]
pub(crate) struct PairSum<'a, const BINS: usize> {
    weights: &'a Pairs<BINS>,
    total: i64,
}

impl<'a, const BINS: usize> PairSum<'a, BINS> {
    pub(crate) const fn new(weights: &'a Pairs<BINS>) -> Self {
        Self { weights, total: 0 }
    }

    /// The sums of the two tables.
    pub(crate) const fn totals(&self) -> (i32, i32) {
        let low = self.total as i32;
        (low, ((self.total - low as i64) >> 32) as i32)
    }
}

impl<const BINS: usize> Sheet for PairSum<'_, BINS> {
    #[inline(always)]
    fn add(&mut self, field: Field, bin: usize) {
        debug_assert!(bin < field.bins, "{}: bin {bin} of {}", field.name, field.bins);
        let at = field.base + bin;
        self.total += self.weights.0.get(at).copied().unwrap_or(0);
    }
}

/// How many of the ascending bounds a value has reached. Counts all bounds, as a loop that stops is mispredicted.
#[inline]
pub(super) fn bin<const BOUNDS: usize>(value: u32, bounds: &[u32; BOUNDS]) -> usize {
    let mut reached = 0;
    for &bound in bounds {
        reached += usize::from(value >= bound);
    }
    reached
}

/// How many bounds each small number has reached: [`bin`] as a table, for values that stop at the last bound.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling, where an index out of range is an error"
)]
pub(super) const fn reached<const SIZE: usize>(bounds: &[u32]) -> [u8; SIZE] {
    let mut table = [0; SIZE];
    let mut value = 0;
    while value < SIZE {
        let mut bound = 0;
        while bound < bounds.len() {
            table[value] += (value as u32 >= bounds[bound]) as u8;
            bound += 1;
        }
        value += 1;
    }
    table
}

/// Looks a value up in a table made by [`reached`]; what lies beyond counts as the last.
#[inline(always)]
pub(super) fn look_up<const SIZE: usize>(table: &[u8; SIZE], value: u32) -> usize {
    usize::from(table.get((value as usize).min(SIZE - 1)).copied().unwrap_or(0))
}
