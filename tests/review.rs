//! Looking at runs: explain, diff, sample, verify, and the dry run.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

mod tamis;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tamis::{Run, SMALL, article, code, folder, project, small, tamis, told};
use tamis_io::Status;

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn verify_proves_a_run_and_catches_a_changed_byte() {
    let run = Run::of(&["pipelines/press.toml"]);
    let out = run.path();
    let verify = || tamis(&["verify", out.to_str().unwrap(), "--input", "corpus"]);
    let done = verify();
    assert_eq!(code(&done), 0, "{}", told(&done));
    assert!(told(&done).contains("reversible"));
    let path = out.join("provenance.csv");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let done = verify();
    assert_eq!(code(&done), 4, "{}", told(&done));
    assert!(told(&done).contains("provenance.csv"), "{}", told(&done));
}

#[test]
fn explain_shows_what_went_and_why() {
    let run = Run::of(&["pipelines/press.toml"]);
    let out = run.path();
    let dropped =
        run.ledger().into_iter().find(|line| line["status"] == "dropped" && !line["duplicate_of"].is_null());
    let dropped = dropped.unwrap();
    let done = tamis(&["explain", out.to_str().unwrap(), dropped["id"].as_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", told(&done));
    assert!(told(&done).contains(dropped["duplicate_of"].as_str().unwrap()), "{}", told(&done));
    assert!(told(&done).contains(dropped["rule"].as_str().unwrap()));
    let kept = run
        .ledger()
        .into_iter()
        .find(|line| line["status"] == "kept" && line["bytes"]["removed"].as_u64() > Some(500));
    let id = kept.unwrap()["id"].as_str().unwrap().to_owned();
    let done = tamis(&["explain", out.to_str().unwrap(), &id]);
    assert!(told(&done).contains("[-") && told(&done).contains("│ chrome/"), "{}", told(&done));
    let at = tamis(&["explain", out.to_str().unwrap(), &id, "--at", "3"]);
    assert_eq!(code(&at), 0, "{}", told(&at));
    assert_eq!(code(&tamis(&["explain", out.to_str().unwrap(), "no-such-document"])), 2);
}

#[test]
fn diff_tells_what_changed_and_by_which_rule() {
    let root = folder(&[("in/a.txt", article(1).as_bytes()), ("in/b.txt", b"Une  ligne.\n\n\nUne autre.\n")]);
    let pipeline = small(root.path());
    let input = root.path().join("in");
    let before = Run::of(&[&pipeline, "--input", input.to_str().unwrap()]);
    let again = Run::of(&[&pipeline, "--input", input.to_str().unwrap()]);
    let compare = |other: &Run| {
        tamis(&["diff", before.path().to_str().unwrap(), other.path().to_str().unwrap(), "--exit-code"])
    };
    assert_eq!(code(&compare(&again)), 0);
    fs::write(
        root.path().join("small.toml"),
        SMALL.replace("\"normalise-unicode\"\n", "\"split-sentences\"\n"),
    )
    .unwrap();
    let other = Run::of(&[&pipeline, "--input", input.to_str().unwrap()]);
    assert_eq!(other.code, 0, "{}", other.errors);
    let done = compare(&other);
    assert_eq!(code(&done), 1, "{}", told(&done));
    assert!(told(&done).contains("b.txt"), "{}", told(&done));
}

#[test]
fn explain_leads_a_character_back_through_every_stage() {
    let run = Run::of(&["pipelines/press.toml"]);
    let out = run.path();
    let ledger = run.ledger();
    // A kept page with an entity that a later stage touched as well.
    let page = ledger.iter().find(|line| {
        let edits = line["edits"].as_array().unwrap();
        let rule = |name: &str| edits.iter().any(|edit| edit[2] == name);
        line["status"] == "kept" && rule("unicode/space-form") && rule("chrome/entity")
    });
    let page = page.unwrap();
    let id = page["id"].as_str().unwrap();
    let record = run.records().into_iter().find(|record| record["id"] == id).unwrap();
    let points = record["text"].as_str().unwrap().chars().count();
    let at = |point: usize| told(&tamis(&["explain", path(&out), id, "--at", &point.to_string()]));
    // Somewhere the steps are told: bytes, characters, and two rules one after the other.
    let spaces = record["text"].as_str().unwrap().chars().enumerate().filter(|(_, c)| *c == ' ');
    let steps =
        spaces.map(|(point, _)| point).map(at).find(|told| told.contains("unicode/space-form:")).unwrap();
    for part in [
        "raw bytes  ",
        "26 6e 62 73 70 3b",
        "decode             `&nbsp;`, read in ",
        "chrome/entity: ",
        "detect-language    unchanged",
    ] {
        assert!(steps.contains(part), "no {part:?} in\n{steps}");
    }
    let last = at(points - 1);
    assert!(last.contains("deduplicate        unchanged"), "{last}");
    let outside = tamis(&["explain", path(&out), id, "--at", &points.to_string()]);
    assert_eq!((code(&outside), told(&outside).contains("code points; there is none at")), (2, true));
}

#[test]
fn explain_takes_a_file_that_no_run_has_read() {
    let root = folder(&[("page.html", b"<nav><a href=/>Accueil</a></nav><article><p>Le port est ouvert &agrave; tous depuis ce matin, dit le maire.</p></article>")]);
    let page = root.path().join("page.html");
    let before: Vec<_> = fs::read_dir(root.path()).unwrap().collect();
    let done = tamis(&["explain", "pipelines/press.toml", path(&page)]);
    let shown = told(&done);
    assert_eq!(code(&done), 0, "{shown}");
    assert!(shown.contains("page.html  kept") && shown.contains("[-&agrave;-]{+à+}"), "{shown}");
    assert!(shown.contains("deduplicate saw this input alone"), "{shown}");
    let at = told(&tamis(&["explain", "pipelines/press.toml", path(&page), "--at", "0"]));
    assert!(at.contains("strip-chrome"), "{at}");
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), before.len(), "something was written");
    // A file of records: all of them, some, one.
    let records = "corpus/agence-littoral/records.jsonl";
    let one = told(&tamis(&["explain", "pipelines/press.toml", records, "al-2024-0120"]));
    assert!(one.contains("al-2024-0120  kept"), "{one}");
    let two = told(&tamis(&["explain", "pipelines/press.toml", records, "--sample", "2"]));
    assert_eq!(two.matches("file       records.jsonl").count(), 2, "{two}");
    assert_eq!(code(&tamis(&["explain", "pipelines/press.toml"])), 2);
}

#[test]
fn explain_picks_documents_by_rule_and_seed_and_writes_pages() {
    let run = Run::of(&["pipelines/press.toml"]);
    let out = run.path();
    let explain = |more: &[&str]| {
        let mut all = vec!["explain", path(&out)];
        all.extend(more);
        tamis(&all)
    };
    let drawn = told(&explain(&["--dropped-by", "dedup/near-duplicate", "--sample", "2", "--seed", "3"]));
    assert_eq!(drawn.matches("rule dedup/near-duplicate").count(), 2, "{drawn}");
    assert!(drawn.contains("words stand in `") && drawn.contains("{+this document+}"), "{drawn}");
    assert_eq!(
        drawn,
        told(&explain(&["--dropped-by", "dedup/near-duplicate", "--sample", "2", "--seed", "3"]))
    );
    let removed = told(&explain(&["--removed-by", "chrome/share-bar", "--sample", "3"]));
    assert_eq!(removed.matches("\nraw ").count(), 3, "{removed}");
    let id = "le-courrier-du-port/ligne-de-ferry.html";
    let html = explain(&[id, "--html"]);
    assert!(told(&html).starts_with("<!DOCTYPE html>"));
    let file = run.folder.path().join("page.html");
    let written = explain(&[id, &format!("--html={}", file.display())]);
    assert_eq!((code(&written), fs::read(&file).unwrap() == html.stdout), (0, true));
    assert_eq!(code(&explain(&["--dropped-by", "dedup", "--html"])), 2);
    assert_eq!(code(&explain(&[])), 2);
    // Colour where it is asked for, none with NO_COLOR; the width that is asked for.
    let colour = told(&explain(&[id, "--color", "always"]));
    assert!(colour.contains("\u{1b}[9;31m") && !colour.contains("[-"), "{colour}");
    for width in ["40", "80", "140"] {
        let shown = told(&explain(&[id, "--width", width]));
        let limit: usize = width.parse().unwrap();
        // The list of rules takes what its names need.
        let body = shown.lines().skip_while(|line| !line.starts_with("[-"));
        assert!(body.clone().count() > 40 && !shown.contains('\u{1b}'));
        body.for_each(|line| assert!(line.chars().count() <= limit, "{width}: {line}"));
    }
}

#[test]
fn diff_speaks_four_formats_and_tells_largest_changes_first() {
    let root = folder(&[]);
    let text = fs::read_to_string(project("pipelines/press.toml")).unwrap();
    let other = root.path().join("other.toml");
    fs::write(
        &other,
        text.replace("drop = [\"it\"]", "drop = [\"es\"]").replace("\"annotate\"", "\"replace\""),
    )
    .unwrap();
    let (before, after) = (Run::of(&["pipelines/press.toml"]), Run::of(&[path(&other)]));
    let diff = |more: &[&str]| {
        let (one, two) = (before.path(), after.path());
        let mut all = vec!["diff", path(&one), path(&two)];
        all.extend(more);
        tamis(&all)
    };
    let text = diff(&[]);
    assert_eq!(code(&text), 0);
    for part in [
        "stages[3].options.drop  [\"it\"] → [\"es\"]",
        "dropped → kept: 1 document",
        "traghetto-lento.txt",
        "kept → dropped: ",
        "by language/dropped: ",
        "text changed: ",
        "amounts/canonical-money",
        "texts, the largest changes first",
        "EUR+}",
    ] {
        assert!(told(&text).contains(part), "no {part:?} in\n{}", told(&text));
    }
    let json: Value = serde_json::from_slice(&diff(&["--format", "json", "--show", "5"]).stdout).unwrap();
    let sizes: Vec<u64> = json["texts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text["gone"].as_u64().unwrap() + text["new"].as_u64().unwrap())
        .collect();
    assert!(sizes.len() == 5 && sizes.is_sorted_by(|left, right| left >= right), "{sizes:?}");
    assert!(json["documents"]["text"]["documents"].as_u64().unwrap() > 5);
    let markdown = told(&diff(&["--format", "md"]));
    assert!(markdown.contains("| dropped → kept | 1 | language/dropped 1 |"), "{markdown}");
    let html = told(&diff(&["--format", "html", "--exit-code"]));
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<ins>"), "{html}");
    assert_eq!(code(&diff(&["--format", "md", "--exit-code"])), 1);
}

#[test]
fn a_sample_shows_what_a_rule_does() {
    let run = Run::of(&["pipelines/press.toml"]);
    let out = run.path();
    let sample = |more: &[&str]| {
        let mut all = vec!["sample", path(&out)];
        all.extend(more);
        tamis(&all)
    };
    let read = told(&sample(&["--removed-by", "chrome/read-also", "-n", "6", "--seed", "7"]));
    assert!(read.starts_with("6 of ") && read.matches("chrome/read-also").count() == 6, "{read}");
    assert!(read.contains("[-") && read.contains(" < 0, raw bytes "), "{read}");
    let lines = sample(&["--dropped-by", "dedup", "--format", "jsonl"]).stdout;
    let lines: Vec<Value> =
        String::from_utf8(lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let dropped = run.ledger().iter().filter(|line| line["stage"] == "deduplicate").count();
    assert_eq!(lines.len(), dropped);
    assert!(lines.iter().all(|line| line["duplicate_of"].is_string() && line["text"].is_string()));
    let spanish = sample(&["--kept", "--lang", "es", "--format", "jsonl"]).stdout;
    for line in String::from_utf8(spanish).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let record = run.records().into_iter().find(|record| record["id"] == line["id"]).unwrap();
        assert_eq!((record["lang"].as_str(), &record["text"]), (Some("es"), &line["text"]));
    }
    let unknown = sample(&["--removed-by", "chrome/read-alos"]);
    assert_eq!(
        (code(&unknown), told(&unknown).contains("`chrome/read-also`")),
        (2, true),
        "{}",
        told(&unknown)
    );
    assert_eq!(code(&sample(&["--kept", "--dropped-by", "dedup"])), 2);
}

#[test]
fn a_dry_run_with_a_number_predicts_the_yield() {
    let mut records = String::new();
    for number in 0..400 {
        let lang = if number % 4 == 0 {
            "Il traghetto parte sempre in ritardo, ma nessuno se ne lamenta piu, dice il capitano del porto"
        } else {
            "Le conseil municipal a voté hier soir le budget de la commune, après une longue séance de débats"
        };
        let _ = writeln!(records, "{{\"id\":\"r{number}\",\"text\":\"{lang} {number}.\"}}");
    }
    let root = folder(&[("in/a.jsonl", records.as_bytes()), ("in/b.txt", article(1).as_bytes())]);
    fs::write(
        root.path().join("fr.toml"),
        "name = \"fr\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"detect-language\"\ndrop = [\"it\"]\n",
    )
    .unwrap();
    let (pipeline, input) = (root.path().join("fr.toml"), root.path().join("in"));
    let predict = |sample: &str, seed: &str| {
        Run::of(&[path(&pipeline), "--input", path(&input), "--dry-run", sample, "--seed", seed])
    };
    let some = predict("80", "5");
    assert_eq!((some.code, some.path().exists()), (0, false), "{}", some.errors);
    assert!(some.output.starts_with("80 of 401 documents, "), "{}", some.output);
    let row = some.output.lines().find(|line| line.starts_with("detect-language")).unwrap();
    let numbers: Vec<f64> = row.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    // in, dropped, low, high: the truth, 100, lies between.
    assert!(numbers[2] < 100.0 && 100.0 < numbers[3] && numbers[3] - numbers[2] < 90.0, "{row}");
    assert_eq!(some.output, predict("80", "5").output);
    assert_ne!(some.output, predict("80", "6").output);
    let all = predict("1000", "5");
    assert!(
        all.output.contains("these numbers are exact") && all.output.contains("100 are dropped"),
        "{}",
        all.output
    );
    assert!(all.output.contains("kept  301\n"), "{}", all.output);
    // Stages that compare documents are not predicted by a rule of three.
    let dedup = Run::of(&["pipelines/press.toml", "--dry-run", "30"]);
    assert!(dedup.output.contains("deduplicate compares documents with each other"), "{}", dedup.output);
    // Before a pipeline's name no number is asked for.
    assert_eq!(code(&tamis(&["run", "--dry-run", path(&pipeline), "--input", path(&input)])), 0);
}

#[test]
fn every_byte_of_a_real_run_is_answered_for() {
    let root = folder(&[
        ("in/a.txt", article(1).as_bytes()),
        ("in/b.txt", article(2).as_bytes()),
        ("in/c.txt", article(1).as_bytes()),
        ("in/d.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"),
    ]);
    let input = root.path().join("in");
    let run = Run::of(&["pipelines/press.toml", "--input", path(&input)]);
    let out = run.path();
    let holds = || {
        let run = tamis_report::Run::open(&out).ok()?;
        tamis_report::verify(&run, std::slice::from_ref(&input))
            .ok()
            .filter(tamis_report::VerifyReport::holds)
    };
    assert!(holds().is_some());
    let mut names: Vec<String> = run.files().into_iter().map(|file| file.0).collect();
    names.push("run.json".to_owned());
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        let file = out.join(&name);
        let whole = fs::read(&file).unwrap();
        for part in 0..8 {
            let mut changed = whole.clone();
            changed[(whole.len() - 1) * part / 7] ^= 1;
            fs::write(&file, changed).unwrap();
            assert!(holds().is_none(), "{name}: a changed byte was not caught");
        }
        fs::write(&file, whole).unwrap();
    }
    // What is told first names document and byte.
    let mut changed = fs::read(input.join("b.txt")).unwrap();
    changed[3] = b'x';
    fs::write(input.join("b.txt"), changed).unwrap();
    let done = tamis(&["verify", path(&out), "--input", path(&input)]);
    assert_eq!(code(&done), 4);
    assert!(told(&done).contains("does not keep its promises: first, raw-bytes: b.txt"), "{}", told(&done));
    assert!(
        told(&done).contains("reversible: b.txt, byte 3:") && told(&done).contains("(raw byte 3)"),
        "{}",
        told(&done)
    );
    let statuses: Vec<Status> =
        tamis_report::Run::open(&out).unwrap().ledger().map(|line| line.unwrap().status).collect();
    assert_eq!(statuses, [Status::Kept, Status::Kept, Status::Dropped, Status::Failed]);
}
