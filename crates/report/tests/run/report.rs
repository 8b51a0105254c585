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
fn bytes_are_accounted_for_from_stage_to_stage() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let (totals, stages) = (&run.report.totals, &run.report.stages);
    for stage in stages {
        let gone = stage.dropped_bytes + stage.failed_bytes + stage.removed_bytes;
        assert_eq!(stage.bytes, stage.passed_bytes + gone, "{}", stage.stage);
    }
    assert_eq!(stages[1].bytes, stages[0].passed_bytes);
    assert_eq!(stages[1].passed_bytes, totals.kept_bytes + totals.replaced_bytes);
    assert_eq!(stages.iter().map(|stage| stage.removed_bytes).sum::<u64>(), totals.removed_bytes);
    assert_eq!(stages.iter().map(|stage| stage.replaced_bytes).sum::<u64>(), totals.replaced_bytes);
    assert_eq!(run.report.lengths.raw.values().sum::<u64>(), run.report.accounting.kept);
    assert_eq!(run.report.amount_powers["money EUR"][&7], 1);
}

#[test]
fn the_page_holds_nothing_that_runs_or_reaches_out() {
    let (_inputs, out, _) = run(&OPTIONS);
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    // One script and one style, let through by their hashes.
    let policy = page.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1).unwrap();
    let policy = policy.split('"').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!((page.matches("<script").count(), page.matches("<style").count()), (1, 1));
    for refused in [
        "<img",
        "<b ",
        "onerror=alert(1)>",
        "</dd><script",
        "src=\"",
        "@import",
        "url(",
        "style=\"",
        "://",
        "\u{202e}",
    ] {
        assert!(!page.contains(refused), "the page has `{refused}`");
    }
    assert!(page.matches("href=\"").count() == page.matches("href=\"#").count(), "a link leads away");
    assert!(page.contains("Every document is accounted for; 2 failed documents, 1 warning to look at."));
    // What hostile names say is shown, not done.
    assert!(page.contains("one &#60;script&#62; to look at"), "{page}");
    assert!(page.contains("kept &#60;b onclick=alert(&#39;rule&#39;)&#62;before"), "{page}");
    for told in [
        "tidy/menu",
        "a line in brackets is a menu",
        "binary: NUL",
        "c/court.txt",
        "2 against 3",
        "Kept instead: <a href=\"#d0\">a.txt</a>",
    ] {
        assert!(page.contains(told), "the page lacks `{told}`");
    }
    // Every tag that opens closes: the template is one well-formed tree.
    for tag in [
        "div", "table", "tbody", "details", "section", "dl", "p", "ul", "ol", "li", "h2", "h3", "span",
        "svg", "pre", "del", "ins",
    ] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn the_page_shows_documents_before_and_after_in_the_colours_of_their_rules() {
    let (_inputs, out, run) = run(&OPTIONS);
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    let place = |id: &str| run.report.rules.iter().position(|rule| rule.rule == id).unwrap();
    let (menu, space, entity) = (place("tidy/menu"), place("tidy/space"), place("read/entity"));
    for part in [
        format!(
            "<del class=\"r{menu}\">[Accueil | Sport]\n</del>Le port vaut 12<del class=\"r{space}\">⍽</del><ins class=\"r{space}\"> </ins>millions"
        ),
        // Bytes of another encoding are read as what they are.
        format!(
            "L&#39;été <del class=\"r{entity}\">&#38;amp;</del><ins class=\"r{entity}\">&#38;</ins> l&#39;hiver"
        ),
        format!(".r{menu}{{--c:var(--c"),
        format!("id=\"rule-{menu}\""),
        format!("href=\"#rule-{menu}\""),
        format!("data-rules=\"{space} 1 2;"),
    ] {
        let part = if page.contains(&part) { continue } else { part };
        // Counts stand in the order of the plan, so the menu may come first.
        assert!(
            part.starts_with("data-rules") && page.contains(&format!("{space} 1 2")),
            "the page lacks `{part}`"
        );
    }
    // A row takes at least what the room for texts is reckoned with: 360 bytes, and twelve for a step of its strip.
    for row in page.split("<li id=\"d").skip(1) {
        let (before, rest) = row.split_once("<pre").unwrap_or((row, ""));
        let after = rest.split_once("</pre>").map_or("", |(_, after)| after);
        let after = after.split("</li>").next().unwrap();
        assert!(before.len() + after.len() >= 360 + 12 * row.matches("v1h-").count(), "{row}");
    }
    // Examples of every rule that did something.
    let busy = run.report.rules.iter().filter(|rule| rule.edits + rule.dropped + rule.failed > 0).count();
    assert_eq!(page.matches("<ol class=\"examples\">").count(), busy);
}

#[test]
fn without_its_inputs_the_page_shows_what_is_left() {
    let (inputs, out, run) = run(&OPTIONS);
    let first = fs::read(out.path().join("report.html")).unwrap();
    tamis_report::write_page(&run).unwrap();
    assert!(first == fs::read(out.path().join("report.html")).unwrap(), "the page made again is another");
    fs::write(inputs.path().join("b.txt"), "autre chose").unwrap();
    fs::remove_file(inputs.path().join("a.txt")).unwrap();
    tamis_report::write_page(&run).unwrap();
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    assert!(
        page.contains("Its file has changed since the run.")
            && page.contains("no longer where the run read it.")
    );
    assert!(!page.contains("Accueil") && page.contains("Le port vaut 12 millions"));
}

#[test]
fn a_ledger_of_counts_makes_a_page_too() {
    let (_inputs, out, _) = run(&Options { counts_only: true, ..OPTIONS });
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    assert!(page.contains("The ledger has counts instead of edits: there is nothing to show."));
    assert!(page.contains("what went where cannot be shown"));
}

#[test]
fn the_summary_is_markdown_that_no_name_can_break() {
    let (_inputs, _out, mut run) = run(&OPTIONS);
    run.report.rejudge(vec![tamis_report::GateResult {
        metric: "kept".to_owned(),
        value: 5.0,
        baseline: Some(8.0),
        error_if: Some("< baseline - 10%".to_owned()),
        warn_if: None,
        verdict: Verdict::Fail,
        condition: Some("< baseline - 10%".to_owned()),
        note: None,
    }]);
    let summary = tamis_report::summary(&run.report);
    assert!(summary.starts_with("## ❌ essai: fail\n\n1 of 1 gates do not hold."), "{summary}");
    assert!(summary.contains("| kept | 5 | 8 | **fail**: \\< baseline - 10% |"), "{summary}");
    assert!(summary.contains("- one \\<script\\> to look at"), "{summary}");
    // Every row of a table has as many cells as its head.
    for table in summary.split("\n\n").filter(|part| part.starts_with('|')) {
        let cells: Vec<usize> =
            table.lines().map(|line| line.replace("\\|", "").matches('|').count()).collect();
        assert!(cells.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
    }
}

#[test]
fn lineage_tells_inputs_outputs_and_what_happened() {
    let (inputs, out, run) = run(&OPTIONS);
    let lines = String::from_utf8(tamis_report::openlineage(&run).unwrap()).unwrap();
    assert_eq!(lines, String::from_utf8(tamis_report::openlineage(&run).unwrap()).unwrap());
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&events[0]["eventType"], &events[1]["eventType"]), (&"START".into(), &"COMPLETE".into()));
    assert_eq!(events[0]["run"]["runId"], events[1]["run"]["runId"]);
    for event in &events {
        // What the base schema requires, and of every facet who tells it and by which schema.
        for key in ["eventTime", "producer", "schemaURL", "run", "job"] {
            assert!(!event[key].is_null(), "{key}");
        }
        facets(event);
    }
    let (input, output) = (&events[1]["inputs"][0], &events[1]["outputs"][0]);
    assert_eq!(input["name"].as_str(), inputs.path().to_str());
    assert_eq!(input["inputFacets"]["inputStatistics"]["rowCount"], 9);
    assert_eq!(output["name"].as_str(), std::path::absolute(out.path()).unwrap().to_str());
    assert_eq!(output["outputFacets"]["outputStatistics"]["rowCount"], 5);
    let record = serde_json::to_value(run.records().next().unwrap().unwrap()).unwrap();
    let columns: Vec<&str> = output["facets"]["schema"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    assert!(record.as_object().unwrap().keys().all(|key| columns.contains(&key.as_str())), "{columns:?}");

    let prov: Value = serde_json::from_slice(&tamis_report::prov(&run).unwrap()).unwrap();
    let names: Vec<&String> = ["entity", "activity", "agent"]
        .iter()
        .flat_map(|kind| prov[kind].as_object().unwrap().keys())
        .collect();
    // Every relation is between things that are there, and every prefix is declared.
    for (kind, relations) in prov.as_object().unwrap() {
        for (name, relation) in relations
            .as_object()
            .unwrap()
            .iter()
            .filter(|_| kind.starts_with("was") || kind == "used" || kind == "hadMember")
        {
            for (key, target) in relation.as_object().unwrap().iter().filter(|(key, _)| *key != "prov:time") {
                let target = target.as_str().unwrap().to_owned();
                assert!(names.contains(&&target), "{kind} {name}: {key} is {target}");
            }
        }
    }
    for name in names {
        assert!(prov["prefix"].get(name.split(':').next().unwrap()).is_some(), "{name}");
    }
    assert_eq!(prov["hadMember"].as_object().unwrap().len(), run.manifest.files.len());
    assert_eq!(prov["activity"].as_object().unwrap().len(), 1 + run.report.stages.len());
}

/// Every facet below a value has its producer and its schema, and the schema's name is the facet's.
fn facets(value: &Value) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        if key.to_lowercase().ends_with("facets") {
            for (name, facet) in inner.as_object().unwrap() {
                let schema = facet["_schemaURL"].as_str().unwrap();
                assert!(facet["_producer"].is_string() && schema.contains("/spec/facets/"), "{name}");
                let (file, definition) = schema.split_once(".json#/$defs/").unwrap();
                assert!(file.ends_with(definition), "{schema}");
            }
        }
        facets(inner);
        inner.as_array().into_iter().flatten().for_each(facets);
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
