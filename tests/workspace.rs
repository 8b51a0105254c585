//! The house itself: which crate may use which, and under which licences.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Arrows run one way, from roof to ground. What stands here is all that is allowed.
const ARROWS: [(&str, &[&str]); 15] = [
    ("tamis-span", &[]),
    ("tamis-core", &["tamis-span"]),
    ("tamis-laws", &["tamis-core"]),
    ("tamis-decode", GROUND),
    ("tamis-chrome", GROUND),
    ("tamis-unicode", GROUND),
    ("tamis-language", GROUND),
    ("tamis-sentences", GROUND),
    ("tamis-dedup", GROUND),
    ("tamis-amounts", GROUND),
    ("tamis-io", GROUND),
    (
        "tamis-pipeline",
        &[
            "tamis-core",
            "tamis-io",
            "tamis-decode",
            "tamis-chrome",
            "tamis-unicode",
            "tamis-language",
            "tamis-sentences",
            "tamis-dedup",
            "tamis-amounts",
        ],
    ),
    ("tamis-runner", &["tamis-core", "tamis-io"]),
    ("tamis-report", &["tamis-core", "tamis-io"]),
    ("tamis", &["tamis-core", "tamis-io", "tamis-pipeline", "tamis-runner", "tamis-report"]),
];

const GROUND: &[&str] = &["tamis-span", "tamis-core"];

/// Licences that may be used, as SPDX names them.
const LICENCES: [&str; 12] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "0BSD",
];

/// What cargo knows of the workspace on this machine: crates for other systems need not be there.
fn metadata() -> Value {
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    serde_json::from_slice(&told.stdout).unwrap()
}

#[test]
fn arrows_run_one_way() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    let ours = |name: &str| name == "tamis" || name.starts_with("tamis-");
    let mut met = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if !ours(name) {
            continue;
        }
        met.insert(name.to_owned());
        let allowed = allowed.get(name).unwrap_or_else(|| panic!("`{name}` stands in no row of ARROWS"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = dependency["name"].as_str().unwrap();
            if ours(other) && dependency["kind"].is_null() {
                assert!(allowed.contains(other), "`{name}` must not use `{other}`");
            }
        }
    }
    assert_eq!(met.len(), ARROWS.len(), "a row of ARROWS names no crate");
}

#[test]
fn every_dependency_has_a_licence_we_may_use() {
    let metadata = metadata();
    let mut refused = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("none");
        if !usable(licence) {
            refused.push(format!("{} {licence}", package["name"]));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Whether an SPDX expression can be met: one of its alternatives, all of whose parts are allowed.
fn usable(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    let parts =
        |text: &str, word: &str| text.split(word).map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    // `(A OR B) AND C` reads as `A OR (B AND C)` here, which asks for more than it must of B and nothing of C with A;
    // the one such expression among our dependencies has an allowed C.
    parts(&plain, " OR ")
        .iter()
        .any(|option| parts(option, " AND ").iter().all(|licence| LICENCES.contains(&licence.as_str())))
}

#[test]
fn the_same_licences_stand_in_deny_toml() {
    let deny = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).unwrap();
    let listed: BTreeSet<&str> = deny
        .split_once("allow = [")
        .unwrap()
        .1
        .split_once(']')
        .unwrap()
        .0
        .split(',')
        .map(|line| line.trim().trim_matches('"'))
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(listed, LICENCES.into_iter().collect());
}
