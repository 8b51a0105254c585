//! A run that was cut short, or whose input has changed, ends as one that was not, and does not do its work twice.

use std::fs;
use std::path::Path;

use tamis_io::Cutting;
use tamis_runner::{Cancel, RunError};

use crate::stages::{Setup, closed, many, written};

/// Shards of about fifty documents.
const SMALL: Cutting = Cutting { shard_bytes: 1_000 };

#[test]
fn a_run_that_was_stopped_before_its_first_unit_goes_on() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 100);
    let (whole, cut) = (output.path().join("whole"), output.path().join("cut"));
    Setup::new(input.path(), &whole).run().unwrap();
    let cancel = Cancel::new();
    cancel.ask();
    let setup = Setup { resume: true, ..Setup::new(input.path(), &cut) };
    assert!(matches!(setup.run_until(&cancel), Err(RunError::Interrupted)));
    assert_eq!(setup.run().unwrap().reused.shards, 0);
    assert_eq!(written(&cut), written(&whole));
}

#[test]
fn a_run_that_was_cut_short_anywhere_ends_the_same() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 600);
    for corpus in [false, true] {
        let whole = output.path().join(format!("whole-{corpus}"));
        Setup { corpus, cutting: SMALL, ..Setup::new(input.path(), &whole) }.run().unwrap();
        let whole = written(&whole);
        let mut reused = 0;
        for after in [1, 40, 300, 580] {
            let cut = output.path().join(format!("cut-{corpus}-{after}"));
            let setup = Setup { corpus, cutting: SMALL, resume: true, ..Setup::new(input.path(), &cut) };
            let stopped = setup.run_until_documents(after);
            assert!(matches!(stopped, Err(RunError::Interrupted)), "{corpus} {after}: {stopped:?}");
            assert!(!cut.join("journal.jsonl").exists());
            let summary = setup.run().unwrap();
            closed(&summary.tally, 601);
            assert_eq!(written(&cut), whole, "{corpus}, stopped after {after}");
            reused += summary.reused.shards + summary.reused.spooled_parts;
        }
        assert!(reused > 8, "{corpus}: {reused} pieces were reused");
    }
}

#[test]
fn a_stop_in_the_second_phase_costs_nothing_of_the_first() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 600);
    let (whole, cut) = (output.path().join("whole"), output.path().join("cut"));
    Setup { cutting: SMALL, ..Setup::new(input.path(), &whole) }.run().unwrap();
    let setup = Setup { cutting: SMALL, resume: true, ..Setup::new(input.path(), &cut) };
    // A whole run, of which shards are lost: its spool is still there.
    setup.run().unwrap();
    fs::rename(cut.join("journal.jsonl"), output.path().join("elsewhere")).unwrap();
    for shard in ["00001", "00004"] {
        fs::remove_file(cut.join(format!("documents/part-{shard}.jsonl"))).unwrap();
    }
    let journal = fs::read_to_string(cut.join(".work/journal.jsonl")).unwrap();
    fs::write(cut.join(".work/journal.jsonl"), &journal.as_bytes()[..journal.len() - 20]).unwrap();
    let reused = setup.run().unwrap().reused;
    assert!(reused.shards + 4 > reused.of_shards && reused.shards < reused.of_shards, "{reused:?}");
    assert!(reused.spooled_parts >= reused.of_shards, "{reused:?}");
    assert_eq!(written(&cut), written(&whole));
}

#[test]
fn what_was_damaged_is_made_again() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 600);
    let (whole, cut) = (output.path().join("whole"), output.path().join("cut"));
    let setup = |output: &Path, resume| Setup { cutting: SMALL, resume, ..Setup::new(input.path(), output) };
    setup(&whole, false).run().unwrap();
    for damage in
        [".work/spool-1", "documents/part-00002.jsonl", "ledger/part-00003.jsonl", ".work/rows-00001.csv"]
    {
        setup(&cut, false).run().unwrap();
        fs::remove_file(cut.join("journal.jsonl")).unwrap();
        let path = cut.join(damage);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
        let summary = setup(&cut, true).run().unwrap();
        assert_eq!(written(&cut), written(&whole), "{damage}");
        let expected = summary.reused.of_shards - usize::from(damage != ".work/spool-1");
        assert_eq!(summary.reused.shards, expected, "{damage}");
        fs::remove_dir_all(&cut).unwrap();
    }
}

#[test]
fn a_finished_run_is_brought_up_to_date() {
    for corpus in [false, true] {
        let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        many(input.path(), 600);
        let (run, fresh) = (output.path().join("run"), output.path().join("fresh"));
        let setup = |output: &Path, resume| Setup {
            corpus,
            cutting: SMALL,
            resume,
            ..Setup::new(input.path(), output)
        };
        let all = setup(&run, false).run().unwrap().reused.of_shards;
        let changes: [(&str, &dyn Fn()); 5] = [
            ("nothing", &|| {}),
            ("a file changed", &|| fs::write(input.path().join("00300.txt"), "autre chose.\n").unwrap()),
            ("a file came", &|| fs::write(input.path().join("00003b.txt"), "un texte de plus.\n").unwrap()),
            ("a file went", &|| fs::remove_file(input.path().join("00400.txt")).unwrap()),
            ("the last files went", &|| {
                for number in 480..600 {
                    fs::remove_file(input.path().join(format!("{number:05}.txt"))).unwrap();
                }
            }),
        ];
        for (name, change) in changes {
            change();
            fs::remove_dir_all(run.join(".work")).unwrap();
            let summary = setup(&run, true).run().unwrap();
            setup(&fresh, false).run().unwrap();
            assert_eq!(written(&run), written(&fresh), "{name}");
            fs::remove_dir_all(&fresh).unwrap();
            let reused = summary.reused;
            if name == "nothing" {
                assert_eq!((reused.shards, reused.of_shards), (all, all));
                assert_eq!(summary.stages.iter().map(|stage| stage.documents).sum::<u64>(), 0);
            } else if corpus {
                assert_eq!(reused.shards, 0, "{name}: every decision may have changed");
            } else {
                assert!(2 * reused.shards > reused.of_shards, "{name}: {reused:?}");
            }
        }
    }
}

#[test]
fn another_plan_takes_nothing_over() {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    many(input.path(), 300);
    let setup = Setup { cutting: SMALL, corpus: false, ..Setup::new(input.path(), output.path()) };
    setup.run().unwrap();
    fs::remove_dir_all(output.path().join(".work")).unwrap();
    let other = Setup { corpus: true, resume: true, ..setup };
    assert_eq!(other.run().unwrap().reused.shards, 0);
}
