//! What changed between two runs.

use std::fs;

use tamis_report::{Change, Run, diff};

use crate::support::{OPTIONS, Options, run, write_run};

#[test]
fn two_runs_of_the_same_differ_in_nothing() {
    let (inputs, _out, before) = run(&OPTIONS);
    let out = tempfile::tempdir().unwrap();
    write_run(&[inputs.path().to_owned()], out.path(), &Options::default());
    let found = diff(&before, &Run::open(out.path()).unwrap()).unwrap();
    assert!(found.is_empty() && found.rules.is_empty(), "{found}");
    assert_eq!(found.pipeline.len(), 1, "compression alone differs: {found}");
}

#[test]
fn a_difference_names_documents_rules_and_options() {
    let (inputs, _out, before) = run(&OPTIONS);
    let out = tempfile::tempdir().unwrap();
    fs::remove_file(inputs.path().join("d.txt")).unwrap();
    fs::write(inputs.path().join("ajout.txt"), "Un fichier de plus.").unwrap();
    fs::write(inputs.path().join("b.txt"), "Un tout autre texte.").unwrap();
    write_run(&[inputs.path().to_owned()], out.path(), &Options { shortest: 2, menus: false, ..OPTIONS });
    let after = Run::open(out.path()).unwrap();
    let found = diff(&before, &after).unwrap();
    let first = |change: Change| -> Vec<(&str, &str)> {
        let changed = found.documents.get(&change).into_iter().flat_map(|changed| &changed.first);
        changed.map(|(id, what)| (id.as_str(), what.as_str())).collect()
    };
    assert_eq!(
        first(Change::DroppedToKept),
        [("c/court.txt", "tidy/short 2"), ("c/double.txt", "tidy/twin 1 of a.txt")]
    );
    assert_eq!(first(Change::Text), [("a.txt", "tidy/menu −1 +0"), ("f.jsonl#4", "tidy/menu −1 +0")]);
    assert_eq!(first(Change::Input), [("b.txt", "")]);
    assert_eq!(first(Change::Added), [("ajout.txt", "kept")]);
    assert_eq!(first(Change::Gone), [("d.txt", "failed")]);
    let told = found.to_string();
    for part in [
        "stages[1].options.menus  true → false",
        "stages[1].options.short  3 → 2",
        "tidy/menu",
        "−2 edits, −25 B",
    ] {
        assert!(told.contains(part), "`{part}` is not in\n{told}");
    }
    // The other way round is the mirror image.
    let back = diff(&after, &before).unwrap();
    assert_eq!(back.documents[&Change::KeptToDropped].documents, 2);
    assert_eq!(back.documents[&Change::Added].first[0].0, "d.txt");
    serde_json::to_string(&back).unwrap();
}
