//! Single documents for people.

use std::fs;

use tamis_report::{ExplainError, ExplainOptions, Explanation, History, Run, Step, explain};

use crate::support::{self, OPTIONS, run, write_run};

fn explained(run: &Run, id: &str, options: ExplainOptions) -> String {
    explain(run, id, &[], &options).unwrap()
}

#[test]
fn a_kept_document_is_shown_with_what_was_removed() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let plain = explained(&run, "a.txt", ExplainOptions::default());
    assert!(plain.starts_with("a.txt  kept\n"), "{plain}");
    let lines: Vec<&str> = plain.lines().collect();
    let menu = lines.iter().find(|line| line.starts_with("[-[Accueil | Sport]-]")).unwrap();
    assert!(menu.ends_with("│ tidy/menu 7 ≥ 0"), "{plain}");
    assert!(lines.contains(&"Le port vaut 12‹⍽→␣›millions d’euros."), "{plain}");
    assert!(plain.contains("1 edit, 18 bytes"), "{plain}");
    assert!(plain.contains("utf-8 (utf8-valid)"), "{plain}");
    let color = explained(&run, "a.txt", ExplainOptions { color: true, ..ExplainOptions::default() });
    assert!(
        color.contains("\u{1b}[9;31m[Accueil | Sport]\u{1b}[0m") && color.contains("\u{1b}[31mtidy/menu"),
        "{color}"
    );
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
    assert!(failed.contains("raw bytes from 0 on: 50 4e 47 00 00  PNG··"), "{failed}");
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
    let options = ExplainOptions::default();
    let at = |id: &str, at| Explanation::find(&run, id, &[]).unwrap().at(at, Err("no stages here"), &options);
    // "L'été & l'hiver": the third character is é, one byte of windows-1252.
    let kept = at("b.txt", 2).unwrap();
    for part in ["U+00E9", "raw bytes  2 of the file, 1 byte\n           e9\n", "no stages here"] {
        assert!(kept.contains(part), "no {part:?} in\n{kept}");
    }
    let replaced = at("b.txt", 6).unwrap();
    assert!(replaced.contains("by read/entity") && replaced.contains("raw bytes  6–11 of"), "{replaced}");
    assert!(replaced.contains("26 61 6d 70 3b"), "{replaced}");
    let inserted = at("b.txt", 23).unwrap();
    assert!(inserted.contains("none: inserted at byte 27 of the file"), "{inserted}");
    assert!(matches!(at("b.txt", 5000), Err(ExplainError::Outside { points: 24, .. })));
    assert!(matches!(at("d.txt", 0), Err(ExplainError::NoWayBack(_))));
}

#[test]
fn each_step_between_is_told_where_a_history_is_there() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let explanation = Explanation::find(&run, "b.txt", &[]).unwrap();
    let plan = support::plan(&OPTIONS);
    let mut document = explanation.raw().unwrap().document.clone();
    let mut engine = tamis_core::Engine::default();
    let mut steps = Vec::new();
    for stage in plan.stages() {
        engine.run_stage(stage, &mut document).unwrap();
        steps.push(Step { text: document.text.clone(), map: document.map.clone() });
    }
    let history = History { plan: &plan, steps };
    let told = |at| explanation.at(at, Ok(&history), &ExplainOptions::default()).unwrap();
    let entity = told(6);
    assert!(
        entity.contains("read  U+0026 `&`, read/entity: an entity stands for its character\n"),
        "{entity}"
    );
    assert!(entity.contains("tidy  unchanged\n"), "{entity}");
    let inserted = told(23);
    assert!(inserted.contains("read  nothing, read in windows-1252\n"), "{inserted}");
    assert!(inserted.contains("tidy  U+002E `.`, tidy/full-stop"), "{inserted}");
}

#[test]
fn a_duplicate_stands_beside_the_document_it_lost_to() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let shown = explained(&run, "double.txt", ExplainOptions::default());
    assert!(shown.contains("word for word the text of `a.txt`"), "{shown}");
}

#[test]
fn every_width_is_kept_to() {
    let (_inputs, _out, run) = run(&OPTIONS);
    for width in [24, 60, 80, 140] {
        for id in ["a.txt", "court.txt", "double.txt", "d.txt", "f.jsonl#4"] {
            let shown =
                explained(&run, id, ExplainOptions { width: Some(width), ..ExplainOptions::default() });
            // Nothing here has wide characters or accents that combine.
            let widest = shown.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.max(80), "{widest} columns instead of {width}:\n{shown}");
        }
    }
    let narrow = explained(&run, "a.txt", ExplainOptions { width: Some(50), ..ExplainOptions::default() });
    assert!(narrow.contains("[-[Accueil | Sport]-]{tidy/menu 7 ≥ 0}"), "{narrow}");
}

#[test]
fn the_page_stands_alone_and_escapes_what_it_shows() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let page = |id: &str| Explanation::find(&run, id, &[]).unwrap().page(&ExplainOptions::default()).unwrap();
    let kept = page("a.txt");
    assert!(
        kept.starts_with("<!DOCTYPE html>") && kept.contains("<del class=\"h1\">[Accueil | Sport]</del>"),
        "{kept}"
    );
    assert!(kept.contains("tidy/menu 7 ≥ 0"), "{kept}");
    let hostile = page("onerror=alert(1)>\u{202e}.txt");
    assert!(
        !hostile.contains("<script") && !hostile.contains("<img") && !hostile.contains('\u{202e}'),
        "{hostile}"
    );
    assert!(!kept.contains("http:") && !kept.contains("https:"), "{kept}");
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
