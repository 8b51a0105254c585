//! The report page in a browser, and what must hold of it without one: nothing hostile runs, nothing is fetched, the
//! bytes are the same for any number of workers, and the page stays small.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed test should stop here; a skipped one says so"
)]

mod tamis;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tamis::{Run, code, folder, project, tamis, told};

/// Where Chromium and Node stand; says why the test is skipped where they do not.
fn browser() -> Option<PathBuf> {
    let there = |program: &str| {
        Command::new(program).arg("--version").output().is_ok_and(|done| done.status.success())
    };
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    if there(&chromium) && there("node") {
        return Some(PathBuf::from(chromium));
    }
    println!("skipped: needs `chromium` (or the program that CHROMIUM names) and `node`");
    None
}

/// Drives the page; what does not hold is told.
fn drive(chromium: &Path, page: &Path) {
    let done = Command::new("node")
        .arg(project("tests/browser/report.mjs"))
        .args([chromium, page])
        .args(std::env::var_os("SCREENSHOTS"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", told(&done));
}

#[test]
fn the_page_loads_silently_and_search_and_opening_work() {
    let Some(chromium) = browser() else { return };
    let run = Run::of(&["pipelines/press.toml"]);
    assert_eq!(run.code, 0, "{}", run.errors);
    drive(&chromium, &run.path().join("report.html"));
}

/// Inputs that would like to run, to fetch, or to lead a reader astray.
fn hostile() -> tempfile::TempDir {
    let script =
        "</script></pre></style><script>console.log('ran')</script><img src=x onerror=console.log('ran')>";
    let mut records = String::new();
    for (number, id) in [
        script,
        "\" onfocus=console.log('ran') autofocus x=\"",
        "'><svg/onload=console.log('ran')>",
        "\u{202e}gnp.exe",
    ]
    .iter()
    .enumerate()
    {
        let text = format!(
            "Accueil | Sport | <b>Menu</b>\n{script} numéro {number} : le conseil a voté le budget du port à l’unanimité.\n\
             Le maire promet 12 millions d’euros pour le quai, et {{{{ autant }}}} {{% pour %}} la digue.\n&lt;script&gt;\n"
        );
        let record = serde_json::json!({ "id": id, "text": text, "title": script, "url": "javascript:console.log('ran')" });
        let _ = writeln!(records, "{record}");
    }
    // A record that fails, and its reason told with it.
    records.push_str("{\"id\": \"<script>console.log('ran')</script>\", \"text\": 7}\n");
    folder(&[
        ("in/records.jsonl", records.as_bytes()),
        ("in/<img src=x onerror=console.log('ran')>.txt", "Une  ligne.\n\n\nUne autre.\n".as_bytes()),
        (
            "hostile.toml",
            b"name = \"</title><script>console.log('ran')</script>\"\n\
              description = \"<img src=x onerror=console.log('ran')>\"\n\
              [[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"strip-chrome\"\n[[stage]]\nuse = \"normalise-unicode\"\n\
              [limits]\nmax-failed = 1\n",
        ),
    ])
}

#[test]
fn nothing_hostile_gets_past_the_page() {
    let root = hostile();
    let run = Run::of(&[
        root.path().join("hostile.toml").to_str().unwrap(),
        "--input",
        root.path().join("in").to_str().unwrap(),
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let page = fs::read_to_string(run.path().join("report.html")).unwrap();
    // One script and one style, both our own and both named by their hashes; no element that loads anything.
    for (part, times) in
        [("<script", 1), ("<style", 1), ("<img", 0), ("<iframe", 0), ("<link", 0), ("<object", 0)]
    {
        assert_eq!(page.matches(part).count(), times, "{part}");
    }
    for part in [
        " onerror=c",
        " onfocus=",
        " onload=",
        "src=\"",
        "url(",
        "@import",
        "\u{202e}",
        "style=\"",
        "http://",
        "https://",
    ] {
        let inside_text = page
            .replace("&#60;img src=x onerror=", "")
            .replace("&#34; onfocus=", "")
            .replace("&#60;svg/onload=", "");
        assert!(!inside_text.contains(part), "the page has `{part}`");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-") && page.contains("script-src 'sha256-"));
    if let Some(chromium) = browser() {
        drive(&chromium, &run.path().join("report.html"));
    }
}

#[test]
fn the_page_is_the_same_for_any_number_of_workers_and_made_again() {
    let pages: Vec<Vec<u8>> = ["1", "3", "8"]
        .iter()
        .map(|jobs| {
            let run = Run::of(&["pipelines/press.toml", "--jobs", jobs]);
            let path = run.path().join("report.html");
            let first = fs::read(&path).unwrap();
            assert_eq!(code(&tamis(&["report", run.path().to_str().unwrap()])), 0);
            assert!(first == fs::read(&path).unwrap(), "the page made again is another");
            first
        })
        .collect();
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn the_page_stays_below_two_megabytes_and_says_what_it_leaves_out() {
    // More documents than the table holds, each with more text than its share, and failures after the first thousand.
    let paragraph =
        "Le conseil a voté le point à l’unanimité, après <b>une heure</b> de débat & deux de silence.\n";
    let mut records = String::new();
    for number in 0..2_600 {
        if number % 2 == 1 && number > 1_000 {
            let _ = writeln!(records, "{{\"text\":7}}");
        } else {
            let text = format!("Point {number}.\u{a0}\n{}", paragraph.repeat(60));
            let _ =
                writeln!(records, "{}", serde_json::json!({ "id": format!("point-{number}"), "text": text }));
        }
    }
    let root = folder(&[
        ("records.jsonl", records.as_bytes()),
        ("small.toml", b"name = \"small\"\n[[stage]]\nuse = \"decode\"\n[[stage]]\nuse = \"normalise-unicode\"\n[limits]\nmax-failed = 2000\n"),
    ]);
    let run = Run::of(&[
        root.path().join("small.toml").to_str().unwrap(),
        "--input",
        root.path().join("records.jsonl").to_str().unwrap(),
    ]);
    assert_eq!(run.code, 0, "{}", run.errors);
    let page = fs::read_to_string(run.path().join("report.html")).unwrap();
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    assert!(page.contains("The first 1,000 of 2,600 documents, and 800 failed ones after them."));
    assert_eq!(page.matches("<li id=\"d").count(), 1_000);
    assert_eq!(page.matches("<li class=\"f\"").count(), 800);
    assert_eq!(page.matches("<pre").count(), 1_000);
}
