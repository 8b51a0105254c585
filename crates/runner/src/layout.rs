//! Which shard of the output a part of the input belongs to.

use std::fmt;

use tamis_io::{Cutting, Unit, UnitWork};

use crate::flow::Place;

/// Bytes of one part of a compressed file, as [`tamis_io::StreamReader`] cuts them.
const PART_BYTES: u64 = 1 << 20;

/// A part of the input: a unit, or one of the blocks that a compressed file falls into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub(crate) place: Place,
    /// Whether its unit ends with it.
    pub(crate) last: bool,
}

impl Part {
    /// A unit that is not cut further.
    pub(crate) fn whole(unit: usize) -> Self {
        Self { place: Place { unit, part: 0 }, last: true }
    }
}

/// A shard. A compressed file has as many as its content takes, which nobody knows before it is read; so they carry a
/// number of their own behind that of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shard {
    number: usize,
    part: Option<usize>,
}

/// Names sort as the shards do: `00007`, or `00007-00003` for a part of a compressed file.
impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            None => write!(f, "{:05}", self.number),
            Some(part) => write!(f, "{:05}-{part:05}", self.number),
        }
    }
}

/// From parts to shards.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The shard of each unit, and whether the unit is a compressed file.
    units: Vec<(usize, bool)>,
    /// The units of each shard.
    sizes: Vec<usize>,
    parts_in_shard: usize,
}

impl Layout {
    pub(crate) fn new(units: &[Unit], cutting: Cutting) -> Self {
        let mut sizes = Vec::new();
        for unit in units {
            sizes.resize(sizes.len().max(unit.shard + 1), 0);
            if let Some(size) = sizes.get_mut(unit.shard) {
                *size += 1;
            }
        }
        let is_stream = |unit: &Unit| matches!(unit.work, UnitWork::Stream(_));
        Self {
            units: units.iter().map(|unit| (unit.shard, is_stream(unit))).collect(),
            sizes,
            parts_in_shard: usize::try_from(cutting.shard_bytes / PART_BYTES).unwrap_or(usize::MAX).max(1),
        }
    }

    /// The shard of a part.
    pub(crate) fn shard(&self, place: Place) -> Shard {
        let (number, is_stream) = self.units.get(place.unit).copied().unwrap_or_default();
        Shard { number, part: is_stream.then(|| place.part / self.parts_in_shard) }
    }

    /// Whether a shard has all its parts, given how many there are and, where it is there, the last one of its unit.
    pub(crate) fn is_complete(&self, shard: Shard, count: usize, last: Option<Place>) -> bool {
        match (shard.part, last) {
            (None, _) => self.sizes.get(shard.number).is_some_and(|size| *size == count),
            (Some(_), None) => count == self.parts_in_shard,
            (Some(_), Some(last)) => count == last.part % self.parts_in_shard + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(shard: usize, work: UnitWork) -> Unit {
        Unit { work, shard, bytes: 0 }
    }

    #[test]
    fn shards_are_complete_with_their_last_part() {
        let units = [
            unit(0, UnitWork::Files(0..3)),
            unit(0, UnitWork::Files(3..5)),
            unit(1, UnitWork::Stream(5)),
            unit(2, UnitWork::Unreadable),
        ];
        let layout = Layout::new(&units, Cutting { shard_bytes: 3 << 20 });
        let shard = |unit, part| layout.shard(Place { unit, part });
        assert_eq!((shard(0, 0), shard(1, 0).to_string()), (shard(1, 0), "00000".into()));
        let names: Vec<String> = (0..7).map(|part| shard(2, part).to_string()).collect();
        assert_eq!(names[2..4], ["00001-00000", "00001-00001"]);
        assert!(names.is_sorted() && shard(2, 6) < shard(3, 0) && names[6] < shard(3, 0).to_string());
        assert!(!layout.is_complete(shard(0, 0), 1, Some(Place { unit: 0, part: 0 })));
        assert!(layout.is_complete(shard(0, 0), 2, Some(Place { unit: 1, part: 0 })));
        assert!(layout.is_complete(shard(2, 0), 3, None) && !layout.is_complete(shard(2, 0), 2, None));
        assert!(layout.is_complete(shard(2, 3), 1, Some(Place { unit: 2, part: 3 })));
        assert!(!layout.is_complete(shard(2, 3), 1, Some(Place { unit: 2, part: 4 })));
    }
}
