//! What changed between two runs.

use std::fs;

use tamis_report::{Change, DiffError, DiffOptions, PartKind, Run, RunDiff};

use crate::support::{OPTIONS, Options, run, write_run};

fn diff(before: &Run, after: &Run) -> Result<RunDiff, DiffError> {
    tamis_report::diff(before, after, &DiffOptions::default())
}

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
        [("c/court.txt", "tidy/short 2 against 3"), ("c/double.txt", "tidy/twin 1 against 0.7 of a.txt")]
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

#[test]
fn texts_are_compared_word_by_word_the_largest_change_first() {
    let (inputs, _out, before) = run(&OPTIONS);
    let out = tempfile::tempdir().unwrap();
    write_run(&[inputs.path().to_owned()], out.path(), &Options { menus: false, ..OPTIONS });
    let after = Run::open(out.path()).unwrap();
    let found = diff(&before, &after).unwrap();
    let ids: Vec<_> = found.texts.iter().map(|text| text.id.as_str()).collect();
    assert_eq!(ids, ["a.txt", "f.jsonl#4"]);
    let first = &found.texts[0];
    assert_eq!((first.gone, first.new), (0, 18), "{first:?}");
    assert_eq!(first.rules["tidy/menu"], (1, 0));
    assert!(
        first.parts.iter().any(|part| part.kind == PartKind::New && part.text == "[Accueil | Sport]\n"),
        "{first:?}"
    );
    let told = found.to_string();
    assert!(told.contains("{+[Accueil | Sport]"), "{told}");
    let markdown = found.markdown();
    assert!(markdown.contains("<ins>&#91;Accueil &#124; Sport&#93;<br>"), "{markdown}");
    let page = found.page().unwrap();
    assert!(page.contains("<ins>[Accueil | Sport]\n</ins>") && !page.contains("http:"), "{page}");
    // Only the largest where one is asked for; all are counted.
    let one = tamis_report::diff(&before, &after, &DiffOptions { shown: 1 }).unwrap();
    assert_eq!((one.texts.len(), one.documents[&Change::Text].documents), (1, 2));
    assert_eq!(one.texts[0].id, "a.txt");
}

#[test]
fn amounts_and_sentences_that_changed_are_told() {
    let (inputs, _out, before) = run(&OPTIONS);
    let out = tempfile::tempdir().unwrap();
    write_run(&[inputs.path().to_owned()], out.path(), &OPTIONS);
    let shard = out.path().join("documents/part-00000.jsonl");
    let text = fs::read_to_string(&shard).unwrap();
    let changed = text.replacen("\"value\":\"12000000\"", "\"value\":\"12\"", 1);
    let changed = changed.replacen("\"sentences\":[[0,33]]", "\"sentences\":[[0,12],[13,33]]", 1);
    assert_ne!(text, changed);
    fs::write(&shard, changed).unwrap();
    let after = Run::open(out.path()).unwrap();
    let found = diff(&before, &after).unwrap();
    let amounts = &found.documents[&Change::Amounts].first;
    assert_eq!(amounts[0].1, "−“12 millions d’euros” = 12000000 EUR, +“12 millions d’euros” = 12 EUR");
    assert_eq!(found.amounts["money EUR"], (1, 1));
    let sentences = &found.documents[&Change::Sentences].first;
    assert_eq!(sentences[0].1, "1 → 2: Le port vaut ¦ 12 millions d’euros.");
    assert_eq!(found.sentences, (1, 2));
}

#[test]
fn what_cannot_be_read_at_first_and_can_be_later_is_one_document() {
    let inputs = crate::support::inputs();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    #[cfg(unix)]
    std::os::unix::fs::symlink("nulle-part", inputs.path().join("b2.txt")).unwrap();
    write_run(&[inputs.path().to_owned()], one.path(), &OPTIONS);
    #[cfg(unix)]
    fs::remove_file(inputs.path().join("b2.txt")).unwrap();
    fs::write(inputs.path().join("b2.txt"), "Un texte qui est enfin là.").unwrap();
    write_run(&[inputs.path().to_owned()], two.path(), &OPTIONS);
    let found = diff(&Run::open(one.path()).unwrap(), &Run::open(two.path()).unwrap()).unwrap();
    #[cfg(unix)]
    {
        assert_eq!(found.documents.keys().collect::<Vec<_>>(), [&Change::NoLongerFailed], "{found}");
        assert_eq!(found.documents[&Change::NoLongerFailed].first[0].0, "b2.txt");
    }
}

#[test]
fn a_ledger_out_of_order_is_refused() {
    let (inputs, _out, before) = run(&OPTIONS);
    let out = tempfile::tempdir().unwrap();
    write_run(&[inputs.path().to_owned()], out.path(), &OPTIONS);
    let shard = out.path().join("ledger/part-00000.jsonl");
    let text = fs::read_to_string(&shard).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    fs::write(&shard, lines.join("\n") + "\n").unwrap();
    let told = diff(&before, &Run::open(out.path()).unwrap()).unwrap_err().to_string();
    assert!(told.contains("not in input order") || told.contains("not in its place"), "{told}");
}
