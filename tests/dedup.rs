//! Deduplication end to end: runs against the indexes of earlier runs.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

mod tamis;

use std::fs;
use std::path::Path;

use tamis::{Run, code, folder, tamis, told};

const REPORT: &str = "Le conseil a voté jeudi soir, par douze voix contre sept, la fermeture de la piscine de la rue des \
                      Acacias, dont la charpente menace ruine depuis l’hiver dernier, selon les services techniques.";
const OTHER: &str = "La chorale du lycée chantera dimanche à la halle aux grains un programme de chants de marins, avec le \
                     concours de deux accordéonistes et d’une conteuse venue de Paimpol pour l’occasion.";

fn pipeline(root: &Path, options: &str) -> String {
    let path = root.join(format!("{}.toml", options.len()));
    let text = format!(
        "name = \"daily\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"deduplicate\"\n{options}\n[output]\ncompression = \"none\"\n"
    );
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn options(root: &Path, against: Option<&str>, index: Option<&str>) -> String {
    let line = |key: &str, name: Option<&str>| {
        name.map_or_else(String::new, |name| format!("{key} = '{}'\n", root.join(name).display()))
    };
    line("against", against) + &line("index", index)
}

fn day(root: &Path, input: &str, against: Option<&str>, index: Option<&str>) -> Run {
    let pipeline = pipeline(root, &options(root, against, index));
    Run::of(&[&pipeline, "--input", root.join(input).to_str().unwrap()])
}

/// Monday's story comes back on Tuesday, edited, and on Wednesday from Tuesday's paper.
#[test]
fn a_chain_of_runs_names_the_documents_of_earlier_ones() {
    let edited = format!("CHAMBLY (agence locale) — {REPORT} Les travaux dureront deux ans.");
    let short = "Une brève.";
    let root = folder(&[
        ("monday/a.txt", REPORT.as_bytes()),
        ("monday/short.txt", short.as_bytes()),
        ("tuesday/b.txt", edited.as_bytes()),
        ("tuesday/c.txt", OTHER.as_bytes()),
        ("tuesday/s.txt", short.to_uppercase().as_bytes()),
        ("wednesday/d.txt", OTHER.as_bytes()),
        ("wednesday/e.txt", REPORT.as_bytes()),
    ]);
    let monday = day(root.path(), "monday", None, Some("days/1-monday"));
    assert_eq!(monday.code, 0, "{}", monday.errors);
    let tuesday = day(root.path(), "tuesday", Some("days"), Some("days/2-tuesday"));
    assert_eq!(tuesday.code, 0, "{}", tuesday.errors);
    let ledger = tuesday.ledger();
    let of = |id: &str, key: &str| ledger.iter().find(|line| line["id"] == id).unwrap()[key].clone();
    assert_eq!(of("b.txt", "rule"), "dedup/earlier-near-duplicate");
    assert_eq!(
        (of("b.txt", "duplicate_of"), of("b.txt", "duplicate_in")),
        ("a.txt".into(), "1-monday".into())
    );
    assert_eq!(of("c.txt", "status"), "kept");
    assert_eq!(
        (of("s.txt", "rule"), of("s.txt", "duplicate_of")),
        ("dedup/earlier-exact-duplicate".into(), "short.txt".into())
    );
    let wednesday = day(root.path(), "wednesday", Some("days"), None);
    let ledger = wednesday.ledger();
    let of = |id: &str, key: &str| ledger.iter().find(|line| line["id"] == id).unwrap()[key].clone();
    assert_eq!(
        (of("d.txt", "duplicate_of"), of("d.txt", "duplicate_in")),
        ("c.txt".into(), "2-tuesday".into())
    );
    assert_eq!(of("e.txt", "duplicate_in"), "1-monday");

    // What an earlier run kept is no document of this one, and no broken promise.
    let input = root.path().join("tuesday");
    let done = tamis(&["verify", tuesday.path().to_str().unwrap(), "--input", input.to_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", told(&done));
    let done =
        tamis(&["explain", tuesday.path().to_str().unwrap(), "b.txt", "--input", input.to_str().unwrap()]);
    assert!(told(&done).contains("a.txt of an earlier run (index 1-monday)"), "{}", told(&done));

    // The same day once more: its own index is not held against it.
    let again = day(root.path(), "tuesday", Some("days"), Some("days/2-tuesday"));
    assert_eq!(again.files(), tuesday.files());
}

#[test]
fn an_index_that_cannot_be_used_is_an_error_before_anything_is_read() {
    let root = folder(&[("in/a.txt", REPORT.as_bytes())]);
    let none = day(root.path(), "in", Some("nowhere"), None);
    assert_eq!(none.code, 2);
    assert!(none.errors.contains("is no index and holds none"), "{}", none.errors);

    day(root.path(), "in", None, Some("index"));
    let stricter = format!("near = {{ similarity = 0.9 }}\n{}", options(root.path(), Some("index"), None));
    let stricter = pipeline(root.path(), &stricter);
    let other = Run::of(&[&stricter, "--input", root.path().join("in").to_str().unwrap()]);
    assert_eq!(other.code, 2);
    assert!(
        other.errors.contains("similarity = 0.7") && other.errors.contains("similarity = 0.9"),
        "{}",
        other.errors
    );

    let sketches = root.path().join("index/sketches");
    let bytes = fs::read(&sketches).unwrap();
    fs::write(&sketches, &bytes[1..]).unwrap();
    let broken = day(root.path(), "in", Some("index"), None);
    assert_eq!(broken.code, 2);
    assert!(broken.errors.contains("is not whole"), "{}", broken.errors);
}

/// Stories of words that occur nowhere else, some of them in several states.
fn stories() -> Vec<String> {
    let word = |number: usize| format!("mot{}", number * 7919 % 99_991);
    let story = |number: usize| (0..60).map(|place| word(100 * number + place)).collect::<Vec<_>>().join(" ");
    let mut all: Vec<String> = (0..40).map(story).collect();
    all.extend((0..10).map(|number| format!("CHAMBLY (agence) — {}", story(number))));
    all.extend((5..15).map(|number| story(number).to_uppercase()));
    all.extend((30..35).map(|number| format!("{} {}", story(number), word(100 * number + 60))));
    all
}

fn written(named: impl Iterator<Item = (String, String)>) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("in")).unwrap();
    for (name, text) in named {
        fs::write(root.path().join("in").join(name), text).unwrap();
    }
    root
}

fn texts(run: &Run) -> Vec<String> {
    let mut all: Vec<String> =
        run.records().iter().map(|record| record["text"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

#[test]
fn neither_workers_nor_names_change_what_is_kept() {
    let stories = stories();
    let named = |turn: usize| {
        let turned = stories.iter().cycle().skip(turn).take(stories.len()).cloned();
        turned.enumerate().map(|(number, text)| (format!("{number:03}.txt"), text))
    };
    let root = written(named(0));
    let with = |root: &Path, jobs: &str| {
        let pipeline = pipeline(root, "");
        let run = Run::of(&[&pipeline, "--input", root.join("in").to_str().unwrap(), "--jobs", jobs]);
        assert_eq!(run.code, 0, "{}", run.errors);
        run
    };
    let alone = with(root.path(), "1");
    assert_eq!(texts(&alone).len(), 40);
    for jobs in ["2", "8"] {
        assert_eq!(with(root.path(), jobs).files(), alone.files(), "{jobs} workers");
    }
    for turn in [17, 44] {
        let other = written(named(turn));
        assert_eq!(texts(&with(other.path(), "2")), texts(&alone), "names shifted by {turn}");
    }
}

#[test]
fn a_gate_refuses_a_run_that_one_cluster_fills() {
    let copies = (0..9).map(|number| (format!("{number}.txt"), format!("{REPORT} {number}")));
    let root = written(copies.chain([("other.txt".into(), OTHER.into())]));
    let gated = |limit: &str| {
        let gate = format!("[[gate]]\nmetric = \"cluster.largest.ratio\"\nerror_if = \"> {limit}\"\n");
        let pipeline = pipeline(root.path(), &gate);
        Run::of(&[&pipeline, "--input", root.path().join("in").to_str().unwrap()])
    };
    assert_eq!(gated("0.95").code, 0);
    let refused = gated("0.5");
    assert_eq!(refused.code, 1, "{}", refused.errors);
    let said = refused.output + &refused.errors;
    assert!(said.contains("cluster.largest.ratio") && said.contains("0.9"), "{said}");
}

#[test]
fn check_forecasts_what_a_run_takes() {
    let root = written((0..2000_u64).map(|number| {
        let words: Vec<String> =
            (0..150).map(|place| format!("m{}", (number * 150 + place) * 7919 % 99_991)).collect();
        (format!("{number:04}.txt"), words.join(" "))
    }));
    let pipeline = pipeline(root.path(), "");
    let run = Run::of(&[&pipeline, "--input", root.path().join("in").to_str().unwrap(), "--jobs", "1"]);
    let machine: serde_json::Value =
        serde_json::from_slice(&fs::read(run.path().join("run.json")).unwrap()).unwrap();
    let Some(taken) = machine["peak_memory_bytes"].as_f64() else { return };
    let done = tamis(&["check", &pipeline, "--documents", "2000", "--bytes", "1.8MB"]);
    let said = told(&done);
    assert!(said.contains("`deduplicate` of 2 000 documents"), "{said}");
    let memory = said.lines().find_map(|line| line.trim().strip_prefix("memory ")).unwrap();
    let (number, _) = memory.trim().split_once(" MB").unwrap();
    let forecast = 1e6 * number.parse::<f64>().unwrap();
    assert!(forecast < 2.0 * taken && taken < 2.0 * forecast, "{forecast} told, {taken} taken");
}

#[test]
fn check_forecasts_what_the_input_that_it_names_will_take() {
    let root = written((0..7).map(|number| (format!("{number}.txt"), "un texte ".repeat(100))));
    fs::write(root.path().join("in/more.jsonl"), "x".repeat(9_000)).unwrap();
    let named = |folder: &str| {
        let path = root.path().join("named.toml");
        let folder = root.path().join(folder);
        let stages = "[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"deduplicate\"\n";
        fs::write(&path, format!("name = \"named\"\n[input]\npaths = ['{}']\n{stages}", folder.display()))
            .unwrap();
        told(&tamis(&["check", path.to_str().unwrap(), "--memory", "256MiB"]))
    };
    let said = named("in");
    assert!(
        said.contains("`deduplicate` of 10 documents, 15.3 kB of text, with --memory 268.4 MB"),
        "{said}"
    );
    assert!(said.contains("names and sizes"), "{said}");
    assert!(!named("elsewhere").contains("`deduplicate` of"));
}

/// A passage of 87 words in four sentences.
const NOTICE: &str = "Les textes de ce journal sont libres de lecture pour les abonnés de la bibliothèque municipale, qui en \
                      garde un exemplaire relié par trimestre depuis sa fondation. La rédaction répond aux lettres signées \
                      dans les dix jours ouvrables, et publie celles qui rectifient un fait, un nom ou une date. Les \
                      photographies appartiennent à leurs auteurs, que la page d’accueil nomme tous. Pour toute reprise \
                      d’un article, une demande écrite suffit, pourvu qu’elle dise où et quand il paraîtra.";

/// What is said of where a run stays: its document in the ledger.
fn runs_of(ledger: &[serde_json::Value], id: &str) -> Vec<serde_json::Value> {
    let line = ledger.iter().find(|line| line["id"] == id).unwrap();
    line["runs"].as_array().cloned().unwrap_or_default()
}

fn with_runs(root: &Path, extra: &str) -> Run {
    let path = root.join("runs.toml");
    let text = format!(
        "name = \"runs\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"strip-chrome\"\n[[stage]]\nuse = \"normalise-unicode\"\n\
         [[stage]]\nuse = \"split-sentences\"\n[[stage]]\nuse = \"deduplicate\"\nruns = true\n{extra}\n[output]\ncompression = \"none\"\n"
    );
    fs::write(&path, text).unwrap();
    Run::of(&[path.to_str().unwrap(), "--input", root.join("in").to_str().unwrap()])
}

fn articles() -> tempfile::TempDir {
    let words = |number: usize, count: usize| -> String {
        let words: Vec<String> =
            (0..count).map(|place| format!("mot{}", (number * 1000 + place) * 7919 % 99_991)).collect();
        words.join(" ")
    };
    written(
        [
            ("a.txt".to_owned(), format!("Alpha {}.\n{NOTICE}\nSuite {}.", words(1, 200), words(2, 200))),
            (
                "b.html".to_owned(),
                format!(
                    "<html><body><article><p>Bêta {}.</p>\n<p>{}</p>\n<p>Fin {}.</p></article></body></html>",
                    words(3, 100),
                    NOTICE.replace('é', "&eacute;").replace('’', "&#39;"),
                    words(4, 30)
                ),
            ),
            (
                "c.txt".to_owned(),
                format!("Gamma {}. Voici : {} Puis {}.", words(5, 90), NOTICE.to_uppercase(), words(6, 9)),
            ),
        ]
        .into_iter(),
    )
}

#[test]
fn a_run_stays_in_the_document_that_the_ledger_names() {
    let root = articles();
    let run = with_runs(root.path(), "");
    assert_eq!(run.code, 0, "{}", run.errors);
    let records = run.records();
    let text = |id: &str| {
        records.iter().find(|record| record["id"] == id).unwrap()["text"].as_str().unwrap().to_owned()
    };
    assert!(text("a.txt").contains(NOTICE));
    assert!(!text("b.html").contains("photographies"), "{}", text("b.html"));
    assert!(text("b.html").lines().any(|line| line.starts_with("Fin ")), "{}", text("b.html"));
    // The first sentence begins with words of its own, so it stays whole.
    let left = text("c.txt");
    assert!(left.contains("Voici : LES TEXTES") && left.contains("FONDATION. Puis"), "{left}");
    let ledger = run.ledger();
    assert!(runs_of(&ledger, "a.txt").is_empty());
    for id in ["b.html", "c.txt"] {
        let runs = runs_of(&ledger, id);
        assert_eq!((runs.len(), &runs[0][2]), (1, &"a.txt".into()), "{runs:?}");
        let line = ledger.iter().find(|line| line["id"] == id).unwrap();
        let edit =
            line["edits"].as_array().unwrap().iter().find(|edit| edit[2] == "dedup/repeated-run").unwrap();
        assert!(edit[0].as_u64() >= runs[0][0].as_u64() && edit[1].as_u64() <= runs[0][1].as_u64());
    }

    let input = root.path().join("in");
    let (out, input) = (run.path(), input.to_str().unwrap());
    let done = tamis(&["verify", out.to_str().unwrap(), "--input", input]);
    assert_eq!(code(&done), 0, "{}", told(&done));
    assert!(
        told(&done).contains("every repeated run stays in the kept document it names (2 runs)"),
        "{}",
        told(&done)
    );
    for id in ["b.html", "c.txt"] {
        let done = tamis(&["explain", out.to_str().unwrap(), id, "--input", input]);
        let said = told(&done).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("dedup/repeated-run") && said.contains("stays in a.txt"), "{}", told(&done));
    }
}

/// Every part of what the ledger tells of a run, changed: the law that it is held by says so.
#[test]
fn what_is_told_of_a_run_is_proved() {
    let root = articles();
    let run = with_runs(root.path(), "");
    let shard = run.path().join("ledger/part-00000.jsonl");
    let before = fs::read_to_string(&shard).unwrap();
    let line: serde_json::Value = before
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .find(|line: &serde_json::Value| line["id"] == "c.txt")
        .unwrap();
    let told_run = serde_json::to_string(&line["runs"][0]).unwrap();
    assert!(before.contains(&told_run), "{told_run}");
    let changed = |place: usize, value: serde_json::Value| {
        let mut run = line["runs"][0].clone();
        run[place] = value;
        run
    };
    let number = |place: usize| line["runs"][0][place].as_u64().unwrap();
    let hash = line["runs"][0][4].as_str().unwrap();
    let other: String = hash.chars().rev().map(|digit| if digit == 'a' { 'b' } else { 'a' }).collect();
    for (place, value) in [
        (0, (number(0) - 1).into()),
        (1, (number(1) + 9).into()),
        (2, "b.html".into()),
        (2, "nowhere.txt".into()),
        (3, (number(3) + 1).into()),
        (4, other.into()),
        (4, "none".into()),
    ] {
        let changed = serde_json::to_string(&changed(place, value)).unwrap();
        fs::write(&shard, before.replace(&told_run, &changed)).unwrap();
        let input = root.path().join("in");
        let done = tamis(&["verify", run.path().to_str().unwrap(), "--input", input.to_str().unwrap()]);
        assert_eq!(code(&done), 4, "{changed}");
        assert!(told(&done).contains("\nruns: c.txt, byte "), "{changed}: {}", told(&done));
    }
}

#[test]
fn runs_are_not_held_against_earlier_runs() {
    let root = articles();
    let run = with_runs(root.path(), "against = \"index\"");
    assert_eq!(run.code, 2);
    assert!(run.errors.contains("`runs` compares the documents of one run"), "{}", run.errors);
    let index = root.path().join("index");
    assert_eq!(with_runs(root.path(), &format!("index = '{}'", index.display())).code, 0);
    assert!(index.join("sketches").exists());
}

/// Tests in the pipeline file see documents beside their own.
#[test]
fn a_pipeline_file_may_test_its_runs() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("tested.toml");
    let other = "La chorale répète le mercredi, dans l’ancienne caserne des pompiers, sous la direction d’un ténor à la retraite.";
    let text = format!(
        "name = \"tested\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"split-sentences\"\n\
         [[stage]]\nuse = \"deduplicate\"\nruns = true\n\
         [[test]]\nname = \"a notice that another document has\"\ninput.text = \"{other}\\n{NOTICE}\"\n\
         input.beside = [\"{REPORT} {REPORT}\\n{NOTICE}\"]\nexpect.text = \"{other}\\n\"\n\
         [[test]]\nname = \"a notice of its own\"\ninput.text = \"{other}\\n{NOTICE}\"\n\
         input.beside = [\"{REPORT}\"]\nexpect.text = \"{other}\\n{NOTICE}\"\n"
    );
    fs::write(&path, text).unwrap();
    let done = tamis(&["test", path.to_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", told(&done));
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("runs = true", "runs = false")).unwrap();
    assert_eq!(code(&tamis(&["test", path.to_str().unwrap()])), 1);
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("runs = false", "runs = { min-words = 7 }"))
        .unwrap();
    let done = tamis(&["check", path.to_str().unwrap()]);
    assert_eq!(code(&done), 2);
    let said = told(&done);
    assert!(said.contains("`runs.min-words` is 7, but must be between 20 and 1000"), "{said}");
    assert!(said.contains("tested.toml:8"), "the line is told: {said}");
}
