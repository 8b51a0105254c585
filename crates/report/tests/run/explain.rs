//! Single documents for people.

use std::fs;

use tamis_report::{ExplainError, ExplainOptions, Run, explain};

use crate::support::{OPTIONS, run, write_run};

fn explained(run: &Run, id: &str, options: ExplainOptions) -> String {
    explain(run, id, &[], &options).unwrap()
}

#[test]
fn a_kept_document_is_shown_with_what_was_removed() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let plain = explained(&run, "a.txt", ExplainOptions::default());
    assert!(plain.starts_with("a.txt  kept\n"), "{plain}");
    assert!(
        plain.contains("[-[Accueil | Sport]-]{tidy/menu 7}\nLe port vaut 12[-⍽-]{+␣+}millions d’euros."),
        "{plain}"
    );
    assert!(plain.contains("1 edit, 18 bytes"), "{plain}");
    assert!(plain.contains("utf-8 (utf8-valid)"), "{plain}");
    let color = explained(&run, "a.txt", ExplainOptions { color: true, ..ExplainOptions::default() });
    assert!(color.contains("\u{1b}[9;31m[Accueil | Sport]\u{1b}[0m"), "{color}");
}

#[test]
fn dropped_and_failed_documents_are_explained() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let short = explained(&run, "c/court.txt", ExplainOptions::default());
    assert!(short.contains("dropped") && short.contains("2 against a threshold of 3"), "{short}");
    let twin = explained(&run, "double.txt", ExplainOptions::default());
    assert!(twin.contains("of a.txt, similarity 1"), "{twin}");
    let failed = explained(&run, "d.txt", ExplainOptions::default());
    assert!(failed.contains("binary: NUL") && failed.contains("stage read, rule read/binary"), "{failed}");
    let broken = explained(&run, "f.jsonl#2", ExplainOptions::default());
    assert!(broken.contains("line 2") && broken.contains("could not be read"), "{broken}");
    let record = explained(&run, "f.jsonl#4", ExplainOptions::default());
    assert!(record.contains("[-[Menu]-]") && record.contains("field `text`"), "{record}");
}

#[test]
fn a_hostile_document_cannot_steer_the_terminal() {
    let (inputs, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(
        inputs.path().join("a\u{1b}[2J.txt"),
        "[\u{1b}]0;titre\u{7}\u{9b}]\nTrois \u{202e}mots \u{1b}[31mici.",
    )
    .unwrap();
    write_run(&[inputs.path().to_owned()], out.path(), &OPTIONS);
    let run = Run::open(out.path()).unwrap();
    let shown = explained(&run, ".txt", ExplainOptions::default());
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{shown:?}");
    assert!(!shown.contains('\u{202e}'), "{shown:?}");
}

#[test]
fn a_character_leads_back_to_its_bytes() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let at = |id: &str, at| explained(&run, id, ExplainOptions { at: Some(at), ..ExplainOptions::default() });
    // "L'été & l'hiver": the third character is é, one byte of windows-1252.
    let kept = at("b.txt", 2);
    assert!(kept.contains("U+00E9") && kept.contains("raw bytes  2–3") && kept.contains("e9"), "{kept}");
    let replaced = at("b.txt", 6);
    assert!(replaced.contains("by read/entity") && replaced.contains("raw bytes  6–11"), "{replaced}");
    assert!(replaced.contains("26 61 6d 70 3b"), "{replaced}");
    let outside = ExplainOptions { at: Some(5000), ..ExplainOptions::default() };
    assert!(matches!(explain(&run, "b.txt", &[], &outside), Err(ExplainError::Outside { .. })));
}

#[test]
fn ids_must_be_known_and_their_ends_unambiguous() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let options = ExplainOptions::default();
    assert!(matches!(explain(&run, "nulle-part", &[], &options), Err(ExplainError::Unknown(_))));
    assert!(matches!(explain(&run, ".txt", &[], &options), Err(ExplainError::Ambiguous { .. })));
}

#[test]
fn without_the_raw_file_the_ledger_still_tells() {
    let (inputs, _out, run) = run(&OPTIONS);
    fs::remove_file(inputs.path().join("a.txt")).unwrap();
    let shown = explained(&run, "a.txt", ExplainOptions::default());
    assert!(shown.contains("tidy/menu") && shown.contains("--input"), "{shown}");
}
