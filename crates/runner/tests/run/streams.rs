//! Compressed files in blocks, records in one stream, large documents in little memory.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tamis_io::{Compression, Cutting, FrameWriter};
use tamis_runner::{Cancel, Counters, RunError, run, stream};

use crate::stages::{Setup, closed, ledger, many, plan_with_delays, written};

/// Writes `count` records as a file of several megabytes.
fn records(path: &Path, count: usize, compression: Compression) {
    let mut writer = FrameWriter::new(compression);
    let mut bytes = Vec::new();
    for number in 0..count {
        let text = format!("phrase {number} {}", "mot ".repeat(number * 7919 % 1_000));
        writeln!(writer.line(), "{{\"id\":\"r{number}\",\"text\":\"{text}\"}}").unwrap();
        writer.end_line().unwrap();
        bytes.append(&mut writer.take_finished());
    }
    bytes.append(&mut writer.finish().unwrap());
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_compressed_file_falls_into_shards_whoever_works_on_it() {
    let output = tempfile::tempdir().unwrap();
    for (name, compression) in [("b.jsonl.gz", Compression::Gzip), ("b.jsonl.zst", Compression::Zstd)] {
        let input = tempfile::tempdir().unwrap();
        many(input.path(), 50);
        fs::write(input.path().join("a.jsonl"), "{\"text\":\"avant\"}\n").unwrap();
        records(&input.path().join(name), 2_000, compression);
        fs::write(input.path().join("c.jsonl.gz"), "not gzip").unwrap();
        for corpus in [false, true] {
            let mut all = Vec::new();
            for jobs in [1, 2, 8] {
                let place = output.path().join(format!("{name}-{corpus}-{jobs}"));
                let cutting = Cutting { shard_bytes: 1 << 20 };
                let setup = Setup { jobs, corpus, cutting, ..Setup::new(input.path(), &place) };
                closed(&setup.run().unwrap().tally, 2_053);
                all.push(written(&place));
            }
            assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{name} {corpus}");
            let names: Vec<_> = all[0].keys().filter(|name| name.starts_with("documents")).collect();
            assert!(names.iter().filter(|name| name.contains("-00002-0")).count() >= 3, "{names:?}");
            let place = output.path().join(format!("{name}-{corpus}-1"));
            let ids: Vec<String> = ledger(&place)
                .iter()
                .filter_map(|line| {
                    line["id"].as_str().filter(|id| id.starts_with('r')).map(ToOwned::to_owned)
                })
                .collect();
            assert_eq!(ids, (0..2_000).map(|number| format!("r{number}")).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_limit_ends_inside_a_compressed_file() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    records(&input.path().join("a.jsonl.gz"), 2_000, Compression::Gzip);
    records(&input.path().join("b.jsonl.gz"), 100, Compression::Gzip);
    for corpus in [false, true] {
        let setup = |output: &Path| Setup {
            limit: Some(1_500),
            corpus,
            resume: true,
            ..Setup::new(input.path(), output)
        };
        let place = output.path().join(format!("{corpus}"));
        closed(&setup(&place).run().unwrap().tally, 1_500);
        let before = written(&place);
        assert_eq!(setup(&place).run().unwrap().reused.documents, 1_500);
        assert_eq!(written(&place), before);
    }
}

/// A writer whose bytes can be looked at, and which takes its time.
#[derive(Clone, Default)]
struct Slow(Arc<Mutex<Vec<u8>>>);

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        std::thread::sleep(std::time::Duration::from_micros(200));
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stream_is_the_shards_one_after_the_other() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 500);
    records(&input.path().join("00100b.jsonl.gz"), 2_000, Compression::Gzip);
    records(&input.path().join("00200b.jsonl"), 1_000, Compression::None);
    for corpus in [false, true] {
        let place = output.path().join(format!("{corpus}"));
        let summary = Setup { corpus, ..Setup::new(input.path(), &place) }.run().unwrap();
        let shards: String = written(&place)
            .into_iter()
            .filter(|(name, _)| name.starts_with("documents"))
            .map(|(_, records)| records)
            .collect();
        for (jobs, memory) in [(1, 1 << 30), (4, 1 << 30), (4, 1 << 20)] {
            let slow = Slow::default();
            let setup =
                Setup { jobs, corpus, memory, ..Setup::new(input.path(), &output.path().join("scratch")) };
            let streamed = setup.stream(slow.clone()).unwrap();
            assert_eq!(streamed.tally, summary.tally);
            assert!(*slow.0.lock().unwrap() == shards.as_bytes(), "{corpus}, {jobs} workers, {memory} bytes");
        }
    }
}

#[test]
fn whoever_is_late_the_bytes_are_the_same() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 200);
    records(&input.path().join("00050b.jsonl.gz"), 600, Compression::Gzip);
    records(&input.path().join("00100b.jsonl"), 600, Compression::None);
    fs::write(input.path().join("00150b.txt"), "Une ligne. ".repeat(200_000)).unwrap();
    let cutting = Cutting { shard_bytes: 1 << 20 };
    let (place, scratch) = (output.path().join("calm"), output.path().join("scratch"));
    let calm = Setup { jobs: 1, cutting, ..Setup::new(input.path(), &place) };
    let plan = plan_with_delays(0);
    let tally = calm.with_plan(&plan, &Counters::default(), |job| run(job, &Cancel::new())).unwrap().tally;
    let expected = written(&place);
    let records: String = expected
        .iter()
        .filter(|(name, _)| name.starts_with("documents"))
        .map(|(_, text)| text.as_str())
        .collect();
    for seed in 1..9 {
        let plan = plan_with_delays(seed);
        let (jobs, memory) = (2 + seed as usize % 7, if seed % 2 == 0 { 1 << 20 } else { 1 << 30 });
        let place = output.path().join(format!("{seed}"));
        let setup = |place: &Path| Setup { jobs, cutting, memory, ..Setup::new(input.path(), place) };
        let told =
            setup(&place).with_plan(&plan, &Counters::default(), |job| run(job, &Cancel::new())).unwrap();
        assert_eq!(told.tally, tally);
        assert!(written(&place) == expected, "seed {seed}: {jobs} workers, {memory} bytes");
        let slow = Slow::default();
        let writer = Box::new(slow.clone());
        let streamed = setup(&scratch)
            .with_plan(&plan, &Counters::default(), |job| stream(job, writer, &Cancel::new()))
            .unwrap();
        assert_eq!(streamed.tally, tally);
        assert!(*slow.0.lock().unwrap() == records.as_bytes(), "seed {seed}: {jobs} workers, {memory} bytes");
    }
}

#[test]
fn a_reader_who_leaves_ends_the_stream() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 1_000);
    for jobs in [1, 2, 8] {
        let told = Setup { jobs, ..Setup::new(input.path(), output.path()) }.stream(Closed).unwrap_err();
        assert!(
            matches!(&told, RunError::Io(error) if error.kind() == io::ErrorKind::BrokenPipe),
            "{told:?}"
        );
    }
}

#[test]
fn large_documents_take_turns_and_change_nothing() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for number in 0..4 {
        let text = format!("document {number}.\n").repeat(100_000 + number);
        fs::write(input.path().join(format!("{number:02}.txt")), &text).unwrap();
        let record = serde_json::json!({ "id": format!("r{number}"), "text": text });
        let mut writer = FrameWriter::new(Compression::Gzip);
        writer.line().extend(format!("{{\"text\":\"court\"}}\n{record}\n").into_bytes());
        fs::write(input.path().join(format!("{number:02}b.jsonl.gz")), writer.finish().unwrap()).unwrap();
        let mut plain = FrameWriter::new(Compression::None);
        plain.line().extend(format!("{record}\n{record}\n").into_bytes());
        fs::write(input.path().join(format!("{number:02}c.jsonl")), plain.finish().unwrap()).unwrap();
    }
    let mut all = Vec::new();
    for (jobs, memory) in [(1, 1 << 30), (4, 1 << 30), (4, 70 << 20)] {
        let place = output.path().join(format!("{jobs}-{memory}"));
        let setup = Setup { jobs, memory, ..Setup::new(input.path(), &place) };
        closed(&setup.run().unwrap().tally, 4 * 5);
        all.push(written(&place));
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
}
