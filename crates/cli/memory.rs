//! How much memory a run may take.

use tamis_pipeline::Pipeline;
use tamis_runner::largest_document;

use crate::sizes::bytes;

/// The most that a run takes unasked.
const AT_MOST: u64 = 4 << 30;
/// Where the system does not tell how much there is.
const UNKNOWN: u64 = 1 << 30;
/// With less, not even an ordinary page can be worked on.
pub(crate) const LEAST: u64 = 64 << 20;

/// A quarter of what the machine, or the group of processes this one belongs to, may use; 4 GiB at most.
pub(crate) fn default() -> u64 {
    let available = match (machine(), group()) {
        (Some(machine), Some(group)) => Some(machine.min(group)),
        (machine, group) => machine.or(group),
    };
    available.map_or(UNKNOWN, |available| available / 4).clamp(LEAST, AT_MOST)
}

fn machine() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

fn group() -> Option<u64> {
    std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok()?.trim().parse().ok()
}

/// Lowers the pipeline's limit on documents to what `memory` has room for. Returns what a person should know of it:
/// which documents fail must not be a secret of the command line.
pub(crate) fn fit(pipeline: &mut Pipeline, memory: u64) -> Option<String> {
    let largest = largest_document(memory);
    let limit = pipeline.limits.document_bytes as u64;
    if limit <= largest {
        return None;
    }
    pipeline.limits.document_bytes = usize::try_from(largest).unwrap_or(usize::MAX);
    Some(format!(
        "documents over {} fail: {} of memory have no room for those of {} that the pipeline allows",
        bytes(largest),
        bytes(memory),
        bytes(limit)
    ))
}
