//! Whole runs verify; every corruption is caught.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tamis_io::{Compression, LedgerLine, Status};
use tamis_report::{ExplainOptions, Law, OpenError, Run, VerifyReport, explain, verify};

use crate::support::{self, OPTIONS, Options, run, write_run};

fn verified(run: &Run) -> VerifyReport {
    verify(run, &[]).unwrap()
}

#[test]
fn a_whole_run_verifies_in_every_compression() {
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
        let (_inputs, _out, run) = run(&Options { compression, ..Options::default() });
        let report = verified(&run);
        assert!(report.holds(), "{report}");
        assert_eq!(report.documents, 9);
        // Stages of these tests see one document at a time: repeated runs have tests of their own.
        for law in Law::ALL.into_iter().filter(|law| *law != Law::Runs) {
            assert!(report.of(law).checked > 0, "{law:?} was never checked");
        }
    }
}

#[test]
fn a_run_of_the_first_documents_verifies() {
    let (_inputs, _out, run) = run(&Options { limit: Some(3), ..OPTIONS });
    let report = verified(&run);
    assert!(report.holds(), "{report}");
    assert_eq!(report.documents, 3);
}

#[test]
fn a_ledger_of_counts_says_that_reversal_is_not_proved() {
    let (_inputs, _out, run) = run(&Options { counts_only: true, ..OPTIONS });
    let report = verified(&run);
    assert!(report.holds(), "{report}");
    assert_eq!(report.of(Law::Reversible).checked, 0);
    assert!(report.to_string().contains("not proved, the ledger has counts instead of edits"), "{report}");
    // What can still be proved is: the records' texts have the hashes told.
    assert!(report.of(Law::Records).checked > 0);
}

#[test]
fn inputs_may_move_and_several_roots_keep_their_names() {
    let (one, two) = (support::inputs(), support::inputs());
    let out = tempfile::tempdir().unwrap();
    write_run(&[one.path().to_owned(), two.path().join("a.txt")], out.path(), &OPTIONS);
    let moved = tempfile::tempdir().unwrap();
    let elsewhere = moved.path().join("ailleurs");
    fs::rename(one.path(), &elsewhere).unwrap();
    let run = Run::open(out.path()).unwrap();
    let report = verify(&run, &[elsewhere.clone(), two.path().join("a.txt")]).unwrap();
    assert!(report.holds(), "{report}");
    let options = ExplainOptions::default();
    let inputs = [elsewhere, two.path().join("a.txt")];
    assert!(explain(&run, "b.txt", &inputs, &options).unwrap().contains("[-&amp;-]{+&+}"));
}

#[test]
fn a_run_below_its_own_input_is_no_input() {
    let inputs = support::inputs();
    let out = inputs.path().join("sortie");
    let plain = tempfile::tempdir().unwrap();
    write_run(&[inputs.path().to_owned()], plain.path(), &OPTIONS);
    fs::rename(plain.path(), &out).unwrap();
    let report = verified(&Run::open(&out).unwrap());
    assert!(report.holds(), "{report}");
}

/// Changes a file of the run, verifies, and gives what was found.
fn after(name: &str, options: &Options, change: impl FnOnce(String) -> String) -> VerifyReport {
    let (_inputs, out, _) = run(options);
    let path = out.path().join(name);
    let before = fs::read_to_string(&path).unwrap();
    let changed = change(before.clone());
    assert_ne!(before, changed, "the test changes nothing");
    fs::write(&path, changed).unwrap();
    let report = verified(&Run::open(out.path()).unwrap());
    assert!(!report.holds());
    report
}

/// As [`after`], with a manifest that knows the changed file: a forger would have written one.
fn forged(name: &str, options: &Options, change: impl FnOnce(String) -> String) -> VerifyReport {
    let (_inputs, out, before) = run(options);
    let path = out.path().join(name);
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "the test changes nothing");
    let written = tamis_io::AtomicFile::write_all(out.path(), name, changed.as_bytes()).unwrap();
    let mut files = before.manifest.files;
    files.retain(|file| file.path != name);
    files.push(written);
    tamis_report::write_manifest(out.path(), &files).unwrap();
    let report = verified(&Run::open(out.path()).unwrap());
    assert_eq!(report.of(Law::Files).broken, 0, "{report}");
    assert!(!report.holds(), "not caught");
    report
}

#[track_caller]
fn breaks(report: &VerifyReport, law: Law, what: &str) {
    assert!(
        report.broken.iter().any(|broken| broken.law == law && broken.what.contains(what)),
        "no broken {law:?} about `{what}`:\n{report}"
    );
}

#[test]
fn one_flipped_byte_in_any_file_is_caught() {
    for options in [OPTIONS, Options::default()] {
        let (_inputs, out, opened) = run(&options);
        let files = opened.manifest.files.clone();
        assert!(files.len() > 8);
        for file in files {
            let path = out.path().join(&file.path);
            let whole = fs::read(&path).unwrap();
            for at in [0, whole.len() / 3, whole.len() - 1] {
                let mut flipped = whole.clone();
                flipped[at] ^= 0x04;
                fs::write(&path, &flipped).unwrap();
                // A broken report.json may not open at all, which is caught too.
                if let Ok(opened) = Run::open(out.path()) {
                    let report = verified(&opened);
                    assert!(report.of(Law::Files).broken > 0, "{} at {at}:\n{report}", file.path);
                }
            }
            fs::write(&path, whole).unwrap();
        }
        assert!(verified(&opened).holds());
    }
}

#[test]
fn a_missing_or_additional_shard_is_caught() {
    let (_inputs, out, opened) = run(&OPTIONS);
    fs::copy(out.path().join("documents/part-00000.jsonl"), out.path().join("documents/part-00099.jsonl"))
        .unwrap();
    breaks(&verified(&opened), Law::Files, "does not name it");
    fs::remove_file(out.path().join("documents/part-00099.jsonl")).unwrap();
    fs::remove_file(out.path().join("ledger/part-00001.jsonl")).unwrap();
    let report = verified(&opened);
    breaks(&report, Law::Files, "part-00001");
    breaks(&report, Law::Complete, "it has no ledger line");
}

#[test]
fn a_forged_ledger_is_caught() {
    let shard = "ledger/part-00000.jsonl";
    let edit = |from: &str, to: &str| {
        let (from, to) = (from.to_owned(), to.to_owned());
        forged(shard, &OPTIONS, move |text| text.replacen(&from, &to, 1))
    };
    // One edit: its end, its replacement, its rule, its order, its absence.
    breaks(
        &edit("[0,18,\"tidy/menu\",null]", "[0,17,\"tidy/menu\",null]"),
        Law::Reversible,
        "another SHA-256",
    );
    breaks(&edit("\"tidy/space\",\" \"]", "\"tidy/space\",\"_\"]"), Law::Reversible, "from this byte");
    breaks(&edit("[0,18,\"tidy/menu\"", "[0,18,\"tidy/menus\""), Law::Rules, "`tidy/menus`");
    breaks(
        &edit("[0,18,\"tidy/menu\",null]", "[0,999,\"tidy/menu\",null]"),
        Law::Edits,
        "outside the raw bytes",
    );
    breaks(&edit("[0,18,\"tidy/menu\",null]", "[19,18,\"tidy/menu\",null]"), Law::Edits, "before it starts");
    breaks(&edit("[0,18,\"tidy/menu\",null],", ""), Law::Edits, "the line tells");
    // Sums, hashes, encoding, places.
    breaks(&edit("\"removed\":18", "\"removed\":19"), Law::Edits, "the line tells");
    breaks(&edit("\"raw_bytes\":", "\"raw_bytes\":1"), Law::RawBytes, "raw bytes, not");
    breaks(&edit("\"raw_sha256\":\"", "\"raw_sha256\":\"0"), Law::RawBytes, "another SHA-256");
    breaks(&edit("\"text_sha256\":\"", "\"text_sha256\":\"0"), Law::Reversible, "another SHA-256");
    breaks(&edit("\"windows-1252\"", "\"utf-8\""), Law::Edits, "not text in the document's encoding");
    breaks(&edit("\"id\":\"a.txt\"", "\"id\":\"z.txt\""), Law::Complete, "the input has `a.txt`");
    breaks(&edit("\"file\":\"a.txt\"", "\"file\":\"z.txt\""), Law::Complete, "no document of the inputs");
    breaks(&edit("\"status\":\"kept\"", "\"status\":\"dropped\""), Law::Rules, "not explained");
    breaks(&edit("\"lang\":\"fr\"", "\"lang\":\"de\""), Law::Records, "`lang`");
    breaks(&edit("\"scores\":[7,", "\"scores\":["), Law::Edits, "scores for");
    // A line gone, a line twice, no line at all.
    let gone = forged(shard, &OPTIONS, |text| text.split_inclusive('\n').skip(1).collect());
    breaks(&gone, Law::Complete, "it has no ledger line");
    assert_eq!(gone.of(Law::Complete).broken, 1, "{gone}");
    let twice = forged(shard, &OPTIONS, |text| {
        let first = text.split_inclusive('\n').next().unwrap().to_owned();
        first + &text
    });
    breaks(&twice, Law::Complete, "no document of the inputs");
    assert_eq!(twice.of(Law::Complete).broken, 1, "{twice}");
    breaks(&forged(shard, &OPTIONS, |text| text.replacen('{', "[", 1)), Law::Complete, "line 1: expected");
}

#[test]
fn a_forged_end_is_caught() {
    // The second shard has the short text and the duplicate.
    let shard = "ledger/part-00001.jsonl";
    let edit = |from: &'static str, to: &'static str| {
        forged(shard, &OPTIONS, move |text| text.replacen(from, to, 1))
    };
    breaks(&edit("\"duplicate_of\":\"a.txt\"", "\"duplicate_of\":\"d.txt\""), Law::Duplicates, "`d.txt`");
    breaks(&edit("\"rule\":\"tidy/short\"", "\"rule\":\"tidy/shorter\""), Law::Rules, "`tidy/shorter`");
    breaks(&edit("\"rule\":\"tidy/short\"", "\"rule\":\"read/entity\""), Law::Rules, "is one of `read`");
    breaks(&edit("\"stage\":\"tidy\"", "\"stage\":\"tidily\""), Law::Rules, "`tidily`");
    breaks(&edit("\"stage\":\"tidy\"", "\"stage\":null"), Law::Rules, "not explained");
}

#[test]
fn a_forged_record_is_caught() {
    let shard = "documents/part-00000.jsonl";
    let edit = |from: &'static str, to: &'static str| {
        forged(shard, &OPTIONS, move |text| text.replacen(from, to, 1))
    };
    breaks(&edit("Fin de", "Fin du"), Law::Reversible, "from this byte of the text on");
    breaks(&edit("\"sentences\":[[0,33]]", "\"sentences\":[[0,333]]"), Law::Offsets, "outside the text");
    breaks(&edit("\"sentences\":[[0,33]]", "\"sentences\":[[0,33],[30,40]]"), Law::Offsets, "not after");
    breaks(&edit("\"start\":13", "\"start\":14"), Law::Offsets, "the text has `2 millions d’euros`");
    breaks(&edit("\"encoding\":\"utf-8\"", "\"encoding\":\"utf-16le\""), Law::Records, "`encoding`");
    breaks(&edit("\"raw_bytes\":", "\"raw_bytes\":1"), Law::Records, "`metadata.raw_bytes`");
    let gone = forged(shard, &OPTIONS, |text| text.split_inclusive('\n').skip(1).collect());
    breaks(&gone, Law::Records, "its record is not in its place");
    assert_eq!(gone.of(Law::Records).broken, 1, "{gone}");
    let twice = forged(shard, &OPTIONS, |text| {
        let first = text.split_inclusive('\n').next().unwrap().to_owned();
        text + &first
    });
    breaks(&twice, Law::Records, "no ledger line");
}

#[test]
fn a_forged_count_is_caught() {
    let report = |pointer: &'static str| {
        forged("report.json", &OPTIONS, move |text| {
            let mut json: Value = serde_json::from_str(&text).unwrap();
            let slot = json.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"));
            *slot = Value::from(slot.as_u64().unwrap() + 1);
            json.to_string()
        })
    };
    for pointer in [
        "/accounting/documents",
        "/accounting/kept",
        "/accounting/dropped",
        "/accounting/failed",
        "/totals/raw_bytes",
        "/totals/kept_bytes",
        "/totals/removed_bytes",
        "/totals/replaced_bytes",
        "/totals/inserted_bytes",
        "/totals/text_bytes",
        "/totals/sentences",
        "/stages/1/documents",
        "/stages/1/dropped",
        "/stages/0/failed",
        "/stages/1/passed",
        "/rules/0/edits",
        "/rules/2/documents",
        "/rules/2/raw_bytes",
        "/rules/3/text_bytes",
        "/rules/5/dropped",
        "/rules/1/failed",
        "/languages/fr",
        "/encodings/utf-8",
        "/amounts/money EUR",
        "/failures/binary",
    ] {
        let report = report(pointer);
        assert!(report.of(Law::Totals).broken > 0, "{pointer}:\n{report}");
    }
    breaks(
        &forged("provenance.csv", &OPTIONS, |text| text.replacen("tidy/short", "tidy/space", 1)),
        Law::Provenance,
        "not what the ledger says",
    );
    breaks(&forged("provenance.csv", &OPTIONS, |text| text + "x\n"), Law::Provenance, "no ledger line");
}

#[test]
fn changed_inputs_are_caught() {
    let (inputs, _out, opened) = run(&OPTIONS);
    let path = inputs.path().join("b.txt");
    let before = fs::read(&path).unwrap();
    let mut flipped = before.clone();
    flipped[3] ^= 1;
    fs::write(&path, flipped).unwrap();
    breaks(&verified(&opened), Law::RawBytes, "another SHA-256");
    fs::write(&path, before).unwrap();
    fs::write(inputs.path().join("nouveau.txt"), "Un fichier de plus.").unwrap();
    let report = verified(&opened);
    breaks(&report, Law::Complete, "it has no ledger line");
    assert_eq!(report.broken.len(), 1, "{report}");
    fs::remove_file(inputs.path().join("nouveau.txt")).unwrap();
    fs::remove_file(inputs.path().join("a.txt")).unwrap();
    breaks(&verified(&opened), Law::Complete, "no document of the inputs");
}

#[test]
fn many_broken_laws_are_counted_and_not_all_listed() {
    let report = after("ledger/part-00000.jsonl", &OPTIONS, |_| "x\n".repeat(500));
    assert!(report.broken.len() <= 100);
    let broken: u64 = report.laws.iter().map(|law| law.broken).sum();
    assert!(broken >= 500);
    assert!(report.to_string().contains(" more\n"), "{report}");
}

#[test]
fn an_unfinished_run_is_not_opened() {
    let (_inputs, out, _) = run(&OPTIONS);
    fs::remove_file(out.path().join("manifest.json")).unwrap();
    assert!(matches!(Run::open(out.path()), Err(OpenError::Unfinished(_))));
}

#[test]
fn python_rebuilds_every_text() {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/rebuild.py");
    let python = std::process::Command::new("python3").arg("--version").output();
    if python.is_err() {
        println!("skipped: no python3");
        return;
    }
    let (inputs, out, run) = run(&OPTIONS);
    let output =
        std::process::Command::new("python3").arg(&script).arg(out.path()).arg(inputs.path()).output();
    let output = output.unwrap();
    let told =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let lines: Vec<LedgerLine<'_>> = run.ledger().collect::<Result<_, _>>().unwrap();
    let texts = lines.iter().filter(|line| line.status != Status::Failed).count();
    assert!(told.contains(&format!("{texts} texts rebuilt")), "{told}");
    let one = std::process::Command::new("python3")
        .arg(&script)
        .arg(out.path())
        .arg(inputs.path())
        .arg("b.txt")
        .output();
    assert_eq!(String::from_utf8_lossy(&one.unwrap().stdout), "L'été & l'hiver sont là.\n");
}
