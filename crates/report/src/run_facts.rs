//! `run.json`: what depends on the clock and the machine, apart from everything else.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tamis_core::StageWork;
use tamis_io::{WrittenFile, sha256};

use crate::manifest::write_json;
use crate::report::{FORMAT, VERSION};

/// The name of the file in a run.
pub const RUN_FACTS: &str = "run.json";

/// What the caller knows of a run's circumstances.
#[derive(Clone, Copy, Debug)]
pub struct RunFactsInput<'a> {
    /// The inputs, as they were given.
    pub inputs: &'a [String],
    /// The pipeline file, where there is one.
    pub pipeline_file: Option<&'a Path>,
    /// When the run began.
    pub started: SystemTime,
    /// When its last file was written.
    pub finished: SystemTime,
    /// Wall time of each phase and decision, in order.
    pub times: &'a [(String, Duration)],
    /// The number of workers.
    pub jobs: usize,
    /// What of an earlier run was not made again.
    pub reused: ReusedFacts,
    /// What each stage has cost.
    pub stages: &'a [(&'static str, StageWork)],
    /// Documents read.
    pub documents: u64,
    /// Raw bytes read.
    pub raw_bytes: u64,
}

/// `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFacts {
    /// The version of this format.
    pub format: u32,
    /// The version of tamis.
    pub tamis: String,
    /// The working directory, which relative inputs start from.
    pub directory: Option<String>,
    /// The inputs, as they were given: what `verify` and `explain` read when they are told nothing else.
    pub inputs: Vec<String>,
    /// The pipeline file, as it was given.
    pub pipeline_file: Option<String>,
    /// When the run began, RFC 3339, UTC.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// Wall time in seconds.
    pub seconds: f64,
    /// Documents by second of wall time; null for a run too short to tell.
    pub documents_per_second: Option<f64>,
    /// Raw bytes by second of wall time.
    pub raw_bytes_per_second: Option<f64>,
    /// Wall time of phases and decisions, in order.
    pub phases: Vec<PhaseTime>,
    /// What each stage has cost, in order.
    pub stages: Vec<StageTime>,
    /// What of an earlier run was not made again; where there is any, the rates tell nothing.
    pub reused: ReusedFacts,
    /// The number of workers.
    pub jobs: u64,
    /// Cores the machine offers.
    pub cores: u64,
    /// The most memory the process held at any time, in bytes; null where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// `linux`, `macos`, `windows`, …
    pub system: String,
    /// `x86_64`, `aarch64`, …
    pub architecture: String,
    /// SHA-256 of this file with this field empty: the manifest does not name it, so it answers for itself.
    pub sha256: String,
}

/// The wall time of a part of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseTime {
    /// The part.
    pub name: String,
    /// Seconds.
    pub seconds: f64,
}

/// What a stage has cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageTime {
    /// The stage.
    pub stage: String,
    /// Documents it was given.
    pub documents: u64,
    /// Bytes it was given: raw ones for the first stage, text for all others.
    pub bytes: u64,
    /// Seconds in the stage, of all workers together; for a stage that decides over the corpus, in its sketches.
    pub seconds: f64,
    /// Bytes by second of one worker; null for a stage that took no time.
    pub bytes_per_second: Option<f64>,
}

impl StageTime {
    fn of(name: &str, work: &StageWork) -> Self {
        let seconds = work.time.as_secs_f64();
        let rate = (seconds > 0.0).then(|| (work.bytes as f64 / seconds).round());
        let (documents, bytes, stage) = (work.documents, work.bytes, name.to_owned());
        Self { stage, documents, bytes, seconds: microseconds(seconds), bytes_per_second: rate }
    }
}

/// What of an earlier run was not made again, because its input is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReusedFacts {
    /// Shards of the output.
    pub shards: u64,
    /// Of so many.
    pub of_shards: u64,
    /// Documents in these shards.
    pub documents: u64,
}

impl RunFacts {
    /// The circumstances of a run, the machine's told by the system.
    pub fn new(input: &RunFactsInput<'_>) -> Self {
        let seconds = input.finished.duration_since(input.started).unwrap_or_default().as_secs_f64();
        let rate = |count: u64| (seconds > 0.0).then(|| (count as f64 / seconds).round());
        Self {
            format: FORMAT,
            tamis: VERSION.to_owned(),
            directory: std::env::current_dir().ok().map(|path| path.to_string_lossy().into_owned()),
            inputs: input.inputs.to_vec(),
            pipeline_file: input.pipeline_file.map(|path| path.to_string_lossy().into_owned()),
            started: timestamp(input.started),
            finished: timestamp(input.finished),
            seconds: milliseconds(seconds),
            documents_per_second: rate(input.documents),
            raw_bytes_per_second: rate(input.raw_bytes),
            phases: input
                .times
                .iter()
                .map(|(name, time)| PhaseTime {
                    name: name.clone(),
                    seconds: milliseconds(time.as_secs_f64()),
                })
                .collect(),
            stages: input.stages.iter().map(|(name, work)| StageTime::of(name, work)).collect(),
            reused: input.reused,
            jobs: input.jobs as u64,
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
            peak_memory_bytes: peak_memory(),
            system: std::env::consts::OS.to_owned(),
            architecture: std::env::consts::ARCH.to_owned(),
            sha256: String::new(),
        }
    }
}

/// Writes `run.json`.
pub fn write_run_facts(root: &Path, facts: &RunFacts) -> io::Result<WrittenFile> {
    let mut facts = RunFacts { sha256: String::new(), ..facts.clone() };
    let unsealed = serde_json::to_string_pretty(&facts)? + "\n";
    sha256(unsealed.as_bytes(), &mut facts.sha256);
    write_json(root, RUN_FACTS, &facts)
}

/// Whether the bytes of a `run.json` are those that were written.
pub(crate) fn is_sealed(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Some((before, from)) = text.rsplit_once("\"sha256\": \"") else { return false };
    let Some((told, after)) = from.split_once('"') else { return false };
    let mut found = String::new();
    sha256(format!("{before}\"sha256\": \"\"{after}").as_bytes(), &mut found);
    told == found
}

fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

fn microseconds(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

fn timestamp(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time)
        .and_then(|stamp| stamp.round(jiff::Unit::Millisecond))
        .map_or_else(|_| String::new(), |stamp| stamp.to_string())
}

/// The most memory that the process has held, in bytes, where Linux tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_everyone_reads_them() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_750_000_000_123);
        assert_eq!(timestamp(time), "2025-06-15T15:06:40.123Z");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_the_peak_of_memory() {
        assert!(peak_memory().unwrap() > 1 << 16);
    }
}
