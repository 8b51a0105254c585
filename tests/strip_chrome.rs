//! strip-chrome in a whole run: phrases of one's own, and a site's repetitions.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test should stop here")]

mod tamis;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tamis::{Run, code, folder, tamis, told};

/// A pipeline of decoding and the stages that are given.
fn pipeline(stages: &str) -> String {
    format!("name = \"chrome\"\n[[stage]]\nuse = \"decode\"\n{stages}\n[output]\ncompression = \"none\"\n")
}

const OWN: &str = "[[stage]]\nuse = \"strip-chrome\"\nphrases = \"lists/own.txt\"\n";

/// Three paragraphs, each with the number of the article in it.
fn article(number: usize) -> [String; 3] {
    let places = ["Kerlouan", "Port-Blanc", "Saint-Guénolé", "Lampaul", "Brignogan", "Le Conquet"];
    let (place, other) = (places[number % places.len()], places[(number + 1) % places.len()]);
    [
        format!(
            "Le conseil de {place} a voté lundi soir le budget de la rade, par onze voix contre {}. Les travaux du quai \
             commenceront en mars, a précisé la maire.",
            number + 2
        ),
        format!(
            "« Nous attendions ce chantier depuis {} ans », dit un patron pêcheur de {other}, qui craint pourtant de perdre \
             la saison. Il demande que la criée reste ouverte le matin.",
            number + 7
        ),
        format!(
            "La région paie la moitié des {} millions prévus, et le port de {place} le reste. Une réunion publique est \
             annoncée pour la fin du mois.",
            number + 3
        ),
    ]
}

/// A page of the site as text: menus, the article, the same boxes as on every page, comments that are not the same.
fn page(number: usize) -> String {
    let [first, second, third] = article(number);
    let mut page = String::from("Aller au contenu\nAccueil\nLa rade\nLes îles\nMarées\n\n");
    let _ = write!(page, "Le quai de la page {number}\n\n{first}\n\n{second}\n\n");
    page.push_str("Lire aussi\nLa carte des mouillages de l'été\n\n");
    let _ = write!(page, "{third}\n\n");
    page.push_str(
        "La Gazette de la rade est écrite par ses lecteurs et imprimée à Kerlouan depuis 1911.\n\n",
    );
    let _ = write!(
        page,
        "Commentaires\n\nlecteur{number}\n{} mars 2026\nTrès bien, mais que fait-on des {number} bateaux au sec ?\nRépondre\n\n",
        number + 1
    );
    page.push_str("Laisser un commentaire\nVotre adresse e-mail ne sera pas publiée.\n\n");
    page.push_str("Mentions légales\nContact\n© La Gazette de la rade, tous droits réservés\n");
    page
}

/// What was left of each page of the site.
fn left(stages: &str) -> BTreeMap<String, String> {
    let site = tempfile::tempdir().unwrap();
    for number in 0..6 {
        let path = site.path().join("site/gazette-de-la-rade");
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join(format!("page-{number}.txt")), page(number)).unwrap();
    }
    let file = site.path().join("chrome.toml");
    fs::write(&file, pipeline(stages)).unwrap();
    let run = Run::of(&[file.to_str().unwrap(), "--input", site.path().join("site").to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let text = |record: &serde_json::Value, key: &str| record[key].as_str().unwrap().to_owned();
    run.records().iter().map(|record| (text(record, "source"), text(record, "text"))).collect()
}

const STRIP: &str = "[[stage]]\nuse = \"strip-chrome\"\n";
const SITE: &str = "[[stage]]\nuse = \"deduplicate\"\ndocuments = false\nparagraphs = { scope = \"site\" }\n";

#[test]
fn a_sites_repetitions_and_its_chrome_go_in_either_order() {
    let orders = [left(&(STRIP.to_owned() + SITE)), left(&(SITE.to_owned() + STRIP))];
    for (order, pages) in orders.iter().enumerate() {
        assert_eq!(pages.len(), 6);
        // It looks like prose, and only the site tells. Where strip-chrome comes first it takes the line from some pages;
        // fewer than three pages with it are then no repetition.
        let slogans = pages.values().filter(|text| text.contains("écrite par ses lecteurs")).count();
        assert!(slogans < 3 && (order == 0 || slogans == 0), "order {order}: {slogans}");
        for (number, text) in pages.values().enumerate() {
            for sentence in article(number) {
                assert!(text.contains(&sentence), "order {order}: lost {sentence:?} of\n{text}");
            }
            for chrome in [
                "Aller au contenu",
                "Lire aussi",
                "mouillages",
                "Commentaires",
                "Répondre",
                "Laisser un commentaire",
                "Mentions légales",
            ] {
                assert!(!text.contains(chrome), "order {order}: {chrome:?} stayed in\n{text}");
            }
            // A comment of one line is known by the label above it, which the site repeats.
            assert!(order == 1 || !text.contains("bateaux au sec"), "{text}");
        }
    }
}

fn check(root: &Path) -> std::process::Output {
    tamis(&["check", root.join("own.toml").to_str().unwrap()])
}

#[test]
fn phrases_of_ones_own_are_read_beside_the_pipeline_file() {
    let [first, second, third] = article(1);
    let text = format!("{first}\n\n{second}\n\n{third}\n\nTendez l'oreille à la corne de brume\n");
    let html = format!(
        "<html><body><article><p>{first}</p><p>{second}</p><p>Tendez l'oreille à la corne de brume</p><p>{third}</p>\
         </article></body></html>"
    );
    let root = folder(&[
        ("own.toml", pipeline(OWN).as_bytes()),
        ("plain.toml", pipeline(STRIP).as_bytes()),
        ("lists/own.txt", "# our player\nmedia: tendez l'oreille à la corne | 3 cornes\n".as_bytes()),
        ("in/page.txt", text.as_bytes()),
        ("in/page.html", html.as_bytes()),
    ]);
    let input = root.path().join("in");
    let run =
        |name: &str| Run::of(&[root.path().join(name).to_str().unwrap(), "--input", input.to_str().unwrap()]);
    for record in run("own.toml").records() {
        let text = record["text"].as_str().unwrap();
        assert!(text.contains(&third) && !text.contains("corne de brume"), "{text}");
    }
    let rules = run("own.toml").ledger().iter().map(ToString::to_string).collect::<String>();
    assert_eq!(rules.matches("chrome/media-placeholder").count(), 2, "{rules}");
    assert!(run("plain.toml").records().iter().any(|record| record.to_string().contains("corne de brume")));
}

#[test]
fn mistakes_in_a_list_are_told_with_file_and_line() {
    let list = "media: tendez l'oreille\nplayer: écouter\n\nshare: … | envoyer\nno colon here\n";
    let root = folder(&[("own.toml", pipeline(OWN).as_bytes()), ("lists/own.txt", list.as_bytes())]);
    let done = check(root.path());
    let said = told(&done);
    assert_eq!(code(&done), 2, "{said}");
    for part in [
        "own.toml:6:1",
        "`lists/own.txt`, line 2: no category is called `player`",
        "`lists/own.txt`, line 4: `…` has no word in it",
        "`lists/own.txt`, line 5: a line is `category: phrase | phrase`",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    fs::remove_file(root.path().join("lists/own.txt")).unwrap();
    let done = check(root.path());
    assert_eq!(code(&done), 2);
    assert!(told(&done).contains("cannot read"), "{}", told(&done));
}

#[test]
fn a_run_goes_on_only_with_the_same_list() {
    let [first, second, third] = article(2);
    let root = folder(&[
        ("own.toml", pipeline(OWN).as_bytes()),
        ("lists/own.txt", b"media: the foghorn\n"),
        ("in/page.txt", format!("{first}\n\n{second}\n\n{third}\n").as_bytes()),
    ]);
    let (input, out) = (root.path().join("in"), root.path().join("out"));
    let run = || {
        tamis(&[
            "run",
            root.path().join("own.toml").to_str().unwrap(),
            "--input",
            input.to_str().unwrap(),
            "--output",
            out.to_str().unwrap(),
            "--resume",
        ])
    };
    assert_eq!(code(&run()), 0);
    fs::remove_file(out.join("manifest.json")).unwrap();
    fs::write(root.path().join("lists/own.txt"), "media: the other foghorn\n").unwrap();
    let again = run();
    assert_ne!(code(&again), 0, "{}", told(&again));
}
