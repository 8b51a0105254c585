//! Pipeline files, right and wrong.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

use tamis_pipeline::{STAGES, parse, render, schema};

const SMALL: &str = "name = \"small\"\n\n[[stage]]\nuse = \"decode\"\n";

/// Each mistake as the text it points at, its message and its help.
fn told(text: &str) -> Vec<(String, String, String)> {
    let all = parse(text).unwrap_err();
    all.into_iter()
        .map(|told| {
            (text.get(told.span.clone()).unwrap().to_owned(), told.message, told.help.unwrap_or_default())
        })
        .collect()
}

#[track_caller]
fn check(addition: &str, place: &str, message: &str, help: &str) {
    let all = told(&format!("{SMALL}{addition}"));
    assert!(
        all.iter().any(|(at, said, helped)| at == place && said.contains(message) && helped.contains(help)),
        "{all:#?}"
    );
}

#[test]
fn every_default_is_explicit_in_the_resolved_pipeline() {
    let pipeline = parse(&format!("{SMALL}[[stage]]\nuse = \"deduplicate\"\n")).unwrap();
    let resolved = pipeline.resolved();
    assert_eq!(resolved["stages"][0]["options"]["repair"], true);
    assert_eq!(resolved["stages"][1]["options"]["near"]["similarity"], 0.7);
    assert_eq!(resolved["limits"]["document-bytes"], 64 << 20);
    assert_eq!(resolved["output"]["compression"], "zstd");
    assert_eq!(pipeline.output.directory, "out/small");
}

#[test]
fn mistakes_point_at_their_token() {
    check("[[stage]]\nuse = \"strip-chrom\"\n", "\"strip-chrom\"", "unknown stage", "`strip-chrome`");
    check("[[stage]]\nuse = 5\n", "5", "integer where there must be a string", "");
    check("[[stage]]\nname = \"x\"\n", "[[stage]]", "a stage without `use`", "`decode`");
    check(
        "[[stage]]\nuse = \"deduplicate\"\nnear = { similarity = 7 }\n",
        "near = { similarity = 7 }",
        "`near.similarity` is 7",
        "",
    );
    check(
        "[[stage]]\nuse = \"deduplicate\"\nnear = { similarity = \"a lot\" }\n",
        "\"a lot\"",
        "where there must be",
        "",
    );
    check("[[stage]]\nuse = \"strip-chrome\"\nfavour = \"speed\"\n", "\"speed\"", "`favour`", "");
    check("[[stage]]\nuse = \"split-sentences\"\nheadings = \"joined\"\n", "\"joined\"", "`headings`", "");
    check(
        "[[stage]]\nuse = \"split-sentences\"\nabbreviations = { fr = [\"l'art.\"] }\n",
        "abbreviations = { fr = [\"l'art.\"] }",
        "`abbreviations` for `fr` has `l'art.`",
        "",
    );
    check("[output]\ncompresion = \"none\"\n", "compresion", "unknown key", "`compression`");
    check("[limits]\nmax-failed = -1\n", "-1", "`max-failed`", "");
    check("output = 3\n", "output", "unknown key", "");
    check("[[gate]]\nmetric = \"kept\"\n", "metric = \"kept\"", "without `error_if`", "");
    check(
        "[[gate]]\nmetric = \"kept.ration\"\nerror_if = \"< 1\"\n",
        "metric = \"kept.ration\"",
        "unknown metric",
        "`kept.ratio`",
    );
    check("[[test]]\nname = \"t\"\ninput.txt = \"a\"\n", "txt", "unknown key `txt`", "`text`");
    check("inpt = 1\n", "inpt", "unknown key", "");
}

#[test]
fn broken_toml_is_told_with_its_place() {
    let all = told("name = \"a\nstage = [\n");
    assert!(!all.is_empty());
}

#[test]
fn all_mistakes_come_at_once_and_in_order() {
    let text = format!(
        "colour = 1\n{SMALL}[[stage]]\nuse = \"sieve\"\n[[stage]]\nuse = \"decode\"\nrepare = true\n"
    );
    let all = told(&text);
    let places: Vec<&str> = all.iter().map(|(place, _, _)| place.as_str()).collect();
    assert_eq!(places, ["colour", "\"sieve\"", "\"decode\"", "repare"], "{all:#?}");
    let drawn = render("p.toml", &text, &parse(&text).unwrap_err(), false);
    assert_eq!(drawn.matches("--> p.toml:").count(), 4, "{drawn}");
}

#[test]
fn the_schema_names_every_stage_and_option() {
    let schema = schema().to_string();
    for stage in STAGES {
        assert!(schema.contains(&format!("\"const\":\"{}\"", stage.spec().name)));
    }
    for option in ["similarity", "favour", "min-confidence", "join-hyphenation", "repair"] {
        assert!(schema.contains(option), "{option}");
    }
}
