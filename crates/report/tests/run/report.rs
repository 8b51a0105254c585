//! What is written for people and tools.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tamis_report::Verdict;

use crate::support::{OPTIONS, Options, run, write_run};

#[test]
fn the_same_inputs_give_the_same_bytes_but_for_the_clock() {
    let (inputs, first, _) = run(&OPTIONS);
    let second = tempfile::tempdir().unwrap();
    write_run(&[inputs.path().to_owned()], second.path(), &OPTIONS);
    let manifest = |root: &Path| fs::read(root.join("manifest.json")).unwrap();
    assert_eq!(manifest(first.path()), manifest(second.path()));
    let manifest = String::from_utf8(manifest(first.path())).unwrap();
    assert!(!manifest.contains("run.json"));
    let report = fs::read_to_string(first.path().join("report.json")).unwrap();
    assert!(!report.contains(inputs.path().to_str().unwrap()), "report.json names a place of the machine");
}

#[test]
fn the_report_counts_what_happened() {
    let (_inputs, out, run) = run(&OPTIONS);
    let report = &run.report;
    let accounting = &report.accounting;
    assert_eq!((accounting.documents, accounting.kept, accounting.dropped, accounting.failed), (9, 5, 2, 2));
    assert!(accounting.closed);
    assert_eq!(report.verdict, Verdict::Warn);
    assert_eq!(report.failed_before_stages(), 1);
    assert_eq!((report.stages[0].documents, report.stages[0].failed, report.stages[1].documents), (8, 1, 7));
    assert_eq!(report.rules.len(), 7);
    let facts: Value = serde_json::from_slice(&fs::read(out.path().join("run.json")).unwrap()).unwrap();
    assert_eq!(facts["seconds"], 1.5);
    assert_eq!(facts["documents_per_second"], 6.0);
}

#[test]
fn the_page_holds_nothing_that_runs_or_reaches_out() {
    let (_inputs, out, _) = run(&OPTIONS);
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    assert!(page.contains("default-src 'none'"));
    for refused in [
        "<script",
        "<img",
        "onerror=alert(1)>",
        "</dd><script",
        "src=\"",
        "href=",
        "@import",
        "url(",
        "\u{202e}",
    ] {
        assert!(!page.contains(refused), "the page has `{refused}`");
    }
    assert!(page.contains("Every document is accounted for; 2 failed documents, 1 warning to look at."));
    // What hostile names say is shown, not done.
    assert!(page.contains("one &#60;script&#62; to look at"), "{page}");
    for told in
        ["tidy/menu", "a line in brackets is a menu", "binary: NUL", "c/court.txt", "2 against 3", "of a.txt"]
    {
        assert!(page.contains(told), "the page lacks `{told}`");
    }
    // Every tag that opens closes: the template is one well-formed tree.
    for tag in ["div", "table", "tbody", "details", "section", "dl", "p", "ul", "h2", "h3", "span"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn the_cards_name_every_field_of_a_record() {
    let (_inputs, out, run) = run(&Options::default());
    let record = run.records().next().unwrap().unwrap();
    let record = serde_json::to_value(record).unwrap();
    let card = fs::read_to_string(out.path().join("README.md")).unwrap();
    assert!(
        card.contains("path: documents/*.jsonl.zst\ndataset_info:\n  features:\n  - name: id\n"),
        "{card}"
    );
    let croissant: Value =
        serde_json::from_slice(&fs::read(out.path().join("croissant.json")).unwrap()).unwrap();
    let fields = croissant["recordSet"][0]["field"].as_array().unwrap();
    let names = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let amount = run.records().flatten().find_map(|record| record.amounts.first().cloned()).unwrap();
    let nested =
        [("amounts", serde_json::to_value(amount).unwrap()), ("metadata", record["metadata"].clone())];
    for name in names(&record) {
        assert!(card.contains(&format!("  - name: {name}\n")), "the card lacks {name}");
        assert!(
            fields.iter().any(|field| field["@id"] == format!("articles/{name}")),
            "croissant lacks {name}"
        );
    }
    for (outer, value) in nested {
        let outer_field = fields.iter().find(|field| field["@id"] == format!("articles/{outer}")).unwrap();
        let parts = outer_field["subField"].as_array().unwrap();
        assert_eq!(parts.len(), names(&value).len());
        for name in names(&value) {
            assert!(card.contains(&format!("    - name: {name}\n")), "the card lacks {outer}.{name}");
            assert!(parts.iter().any(|part| part["@id"] == format!("articles/{outer}/{name}")));
        }
    }
    for key in ["equivalentProperty", "samplingRate"] {
        assert!(croissant["@context"][key].is_string());
    }
    assert!(croissant["distribution"][0].get("containedIn").is_none());
}
