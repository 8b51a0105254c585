//! Every file of a run, every input, one edit, one count: changed, and caught each time.
//!
//! `cargo test -p tamis-report --test run corruption -- --nocapture` prints the table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tamis_io::{Compression, WrittenFile, sha256};
use tamis_report::{Broken, Law, MANIFEST, Run, verify, write_manifest};

use crate::support::{Options, run};

/// What can happen to a byte.
const CHANGES: [&str; 4] = ["flipped", "blanked", "lost", "doubled"];

fn change(bytes: &[u8], at: usize, how: &str) -> Vec<u8> {
    let (before, from) = bytes.split_at(at);
    let (byte, after) = from.split_first().unwrap();
    let middle: &[u8] = match how {
        "flipped" => &[byte ^ 1],
        "blanked" => &[if *byte == b' ' { b'_' } else { b' ' }],
        "lost" => &[],
        _ => &[*byte, *byte],
    };
    [before, middle, after].concat()
}

/// What caught a change, and what was told of it first.
fn caught(out: &Path, inputs: &Path) -> Option<(Vec<&'static str>, String)> {
    let run = match Run::open(out) {
        Ok(run) => run,
        Err(error) => return Some((vec!["open"], error.to_string())),
    };
    let report = verify(&run, &[inputs.to_owned()]).unwrap();
    let laws = report.laws.iter().filter(|law| law.broken > 0).map(|law| law.law.name()).collect();
    report.first().map(|first: &Broken| (laws, first.to_string()))
}

/// The places of a file that are tried: both ends and three between.
fn places(len: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..=4).map(|part| (len - 1) * part / 4).collect();
    places.dedup();
    places
}

fn files(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names
}

/// A row of the table.
fn row(name: &str, tried: usize, laws: &BTreeMap<&str, usize>, first: &str) -> String {
    let laws: Vec<String> = laws.iter().map(|(law, times)| format!("{law} {times}")).collect();
    let first: String = first.chars().take(110).collect();
    format!("{name:<42} {tried:>4} of {tried:<4} {:<44} {first}", laws.join(", "))
}

#[test]
fn corruption_of_any_byte_of_any_file_is_caught() {
    for compression in [Compression::None, Compression::Zstd] {
        let (inputs, out, _) = run(&Options { compression, ..Options::default() });
        println!(
            "\n{:<42} {:>12}  {:<44} first told",
            format!("one byte of ({compression:?})"),
            "caught",
            "by"
        );
        let mut written = 0;
        for (root, name) in files(out.path())
            .into_iter()
            .map(|name| (out.path(), name))
            .chain(files(inputs.path()).into_iter().map(|name| (inputs.path(), name)))
        {
            written += usize::from(root == out.path());
            let path = root.join(&name);
            let whole = fs::read(&path).unwrap();
            let (mut laws, mut first, mut tried) = (BTreeMap::new(), String::new(), 0);
            // The last line end of a file of records belongs to no document.
            let len = if name == "f.jsonl" { whole.len() - 1 } else { whole.len() };
            for at in places(len) {
                for how in CHANGES {
                    let changed = change(&whole, at, how);
                    if changed == whole {
                        continue;
                    }
                    fs::write(&path, &changed).unwrap();
                    let found = caught(out.path(), inputs.path());
                    let Some((by, told)) = found else { panic!("{name}: byte {at} {how} was not caught") };
                    assert!(!told.is_empty());
                    tried += 1;
                    for law in by {
                        *laws.entry(law).or_insert(0) += 1;
                    }
                    if first.is_empty() {
                        first = told;
                    }
                }
            }
            fs::write(&path, &whole).unwrap();
            println!("{}", row(&name, tried, &laws, &first));
        }
        assert!(written >= 12, "{written} files");
        assert!(caught(out.path(), inputs.path()).is_none());
    }
}

/// Writes the manifest anew, as a forger would who knows of it.
fn reseal(out: &Path) {
    let run = Run::open(out).unwrap();
    let files = run.manifest.files.iter().map(|file| {
        let bytes = fs::read(out.join(&file.path)).unwrap();
        let mut hash = String::new();
        sha256(&bytes, &mut hash);
        WrittenFile { path: file.path.clone(), bytes: bytes.len() as u64, sha256: hash }
    });
    write_manifest(out, &files.collect::<Vec<_>>()).unwrap();
}

#[test]
fn corruption_of_one_edit_or_one_count_is_caught_behind_a_new_manifest() {
    let (inputs, out, _) = run(&Options { compression: Compression::None, ..Options::default() });
    println!("\n{:<42} {:>12}  {:<44} first told", "forged, with a new manifest", "caught", "by");
    let mut totals: BTreeMap<String, usize> = BTreeMap::new();
    for name in files(out.path()).into_iter().filter(|name| name.ends_with("json") || name.ends_with("jsonl"))
    {
        if name == MANIFEST || name == "run.json" || name == "croissant.json" {
            continue;
        }
        let path = out.path().join(&name);
        let whole = fs::read_to_string(&path).unwrap();
        let (mut laws, mut first, mut tried) = (BTreeMap::new(), String::new(), 0);
        let lines: Vec<&str> = if name.ends_with('l') { whole.lines().collect() } else { vec![&whole] };
        for (number, line) in lines.iter().enumerate() {
            let json: Value = serde_json::from_str(line).unwrap();
            for pointer in numbers(&json) {
                if is_free(&pointer) {
                    continue;
                }
                let mut forged = json.clone();
                let slot = forged.pointer_mut(&pointer).unwrap();
                *slot = match slot.as_u64() {
                    Some(number) => Value::from(number + 1),
                    None => Value::from(slot.as_f64().unwrap() / 2.0 + 0.1),
                };
                let mut all: Vec<String> = lines.iter().map(ToString::to_string).collect();
                all[number] = forged.to_string();
                fs::write(&path, all.join("\n") + "\n").unwrap();
                reseal(out.path());
                let found = caught(out.path(), inputs.path());
                let Some((by, told)) = found else {
                    panic!("{name}, line {}: {pointer} was not caught", number + 1)
                };
                tried += 1;
                for law in by {
                    *laws.entry(law).or_insert(0) += 1;
                }
                if first.is_empty() {
                    first = format!("{pointer}: {told}");
                }
            }
        }
        fs::write(&path, &whole).unwrap();
        reseal(out.path());
        *totals.entry(name.split('/').next().unwrap().to_owned()).or_default() += tried;
        println!("{}", row(&format!("one number of {name}"), tried, &laws, &first));
    }
    assert!(totals["ledger"] > 60 && totals["documents"] >= 10 && totals["report.json"] > 60, "{totals:?}");
    assert!(caught(out.path(), inputs.path()).is_none());
}

/// Where the numbers of a JSON value stand.
fn numbers(json: &Value) -> Vec<String> {
    let (mut out, mut stack) = (Vec::new(), vec![(String::new(), json)]);
    while let Some((path, value)) = stack.pop() {
        match value {
            Value::Number(_) => out.push(path),
            Value::Array(values) => {
                stack.extend(
                    values.iter().enumerate().map(|(place, value)| (format!("{path}/{place}"), value)),
                );
            }
            Value::Object(table) => {
                let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
                stack.extend(table.iter().map(|(key, value)| (format!("{path}/{}", escaped(key)), value)));
            }
            _ => {}
        }
    }
    out
}

/// Numbers that are told once and follow from nothing: evidence, where a sentence ends, what was asked for. Only the hash
/// of their file holds them.
fn is_free(pointer: &str) -> bool {
    let head = pointer.split('/').nth(1).unwrap_or_default();
    let last = pointer.rsplit('/').next().unwrap_or_default();
    matches!(
        head,
        "pipeline"
            | "format"
            | "found"
            | "max_failed"
            | "limit"
            | "scores"
            | "decoding"
            | "sentences"
            | "lang_shares"
    ) || matches!(last, "version" | "lang_margin" | "magnitude")
}

#[test]
fn a_run_without_run_json_is_whole_and_one_with_another_is_not() {
    let (inputs, out, _) = run(&Options::default());
    let path = out.path().join("run.json");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.replacen("\"jobs\": 1", "\"jobs\": 2", 1)).unwrap();
    let (laws, first) = caught(out.path(), inputs.path()).unwrap();
    assert!(laws == [Law::Files.name()] && first.contains("run.json"), "{first}");
    fs::remove_file(&path).unwrap();
    assert!(caught(out.path(), inputs.path()).is_none());
    // Nobody tells where the raw files are.
    let run = Run::open(out.path()).unwrap();
    assert!(verify(&run, &[]).unwrap_err().to_string().contains("--input"));
    fs::write(&path, "{").unwrap();
    let told = verify(&Run::open(out.path()).unwrap(), &[]).unwrap_err().to_string();
    assert!(told.contains("run.json is not as it was written"), "{told}");
}
