//! The script that compares two commands tells what is faster, and when it cannot.

#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use std::process::{Command, Output};

/// Work that takes far longer than starting a shell.
const SLOW: &str = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";

/// None where there is no Python.
fn compare(arguments: &[&str]) -> Option<Output> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let done = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/compare"))
        .args(arguments)
        .output();
    if done.is_err() {
        println!("skipped: needs Python");
    }
    done.ok()
}

fn told(done: &Output) -> String {
    String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr)
}

#[test]
fn the_faster_command_is_told_with_an_interval() {
    let Some(done) = compare(&["-n", "6", "--max-ratio", "2", "true", SLOW]) else { return };
    let text = told(&done);
    assert!(done.status.success(), "{text}");
    let (_, cpu) = text.split_once("CPU ").unwrap();
    assert!(cpu.contains("with 96.9 %: A is faster"), "{text}");

    let slower = compare(&["-n", "6", "--max-ratio", "2", SLOW, "true"]).unwrap();
    let text = told(&slower);
    assert_eq!(slower.status.code(), Some(1), "{text}");
    assert!(text.contains("B is faster"), "{text}");
}

#[test]
fn few_pairs_promise_little_and_a_failure_ends_all() {
    let Some(done) = compare(&["-n", "3", "true", "true"]) else { return };
    assert!(told(&done).contains("with 75.0 %"), "{}", told(&done));
    let failed = compare(&["-n", "1", "true", "echo broken >&2; exit 3"]).unwrap();
    assert!(!failed.status.success());
    assert!(told(&failed).contains("broken") && told(&failed).contains("ended with 3"), "{}", told(&failed));
}
