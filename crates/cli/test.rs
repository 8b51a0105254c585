//! `tamis test`: the [[test]] blocks of pipeline files.

use std::fmt::Write;
use std::path::Path;

use tamis_pipeline::TestOutcome;

use crate::arguments::TestArguments;
use crate::check;
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

pub(crate) fn run(arguments: &TestArguments, terminal: Terminal) -> Result<Exit, Error> {
    let mut suites = Vec::new();
    let mut bad_file = false;
    for path in &arguments.pipelines {
        let Some(pipeline) = check::load(path, terminal)? else {
            bad_file = true;
            continue;
        };
        let results: Vec<(String, TestOutcome)> =
            pipeline.tests.iter().map(|test| (test.name.clone(), test.run(&pipeline.plan))).collect();
        if arguments.bless && results.iter().any(|(_, outcome)| !outcome.passed()) {
            bless(path, &results, terminal)?;
        }
        suites.push((path.display().to_string(), results));
    }
    let mut out = String::new();
    let (mut passed, mut failed) = (0, 0);
    for (path, results) in &suites {
        let _ = writeln!(out, "{path}");
        for (name, outcome) in results {
            if outcome.passed() {
                passed += 1;
                let _ = writeln!(out, "  ok      {name}");
                continue;
            }
            failed += 1;
            let _ = writeln!(out, "  FAILED  {name}");
            for (what, expected, found) in &outcome.failures {
                let _ = writeln!(out, "    {what}");
                for (sign, text) in [("expected", expected), ("found", found)] {
                    let _ = writeln!(out, "      {sign}");
                    for line in text.lines() {
                        let _ = writeln!(out, "        {line}");
                    }
                }
            }
        }
    }
    let _ = writeln!(out, "{passed} passed, {failed} failed");
    print(&out)?;
    if let Some(path) = &arguments.junit {
        fs_err::write(path, junit(&suites))?;
    }
    Ok(match (bad_file, failed) {
        (true, _) => Exit::Usage,
        (false, 0) => Exit::Ok,
        (false, _) => Exit::GateFailed,
    })
}

/// Writes what the tests found into their file.
fn bless(path: &Path, results: &[(String, TestOutcome)], terminal: Terminal) -> Result<(), Error> {
    let outcomes: Vec<TestOutcome> = results.iter().map(|(_, outcome)| outcome.clone()).collect();
    let text = fs_err::read_to_string(path)?;
    let (blessed, left) = tamis_pipeline::bless(&text, &outcomes).map_err(Error::Usage)?;
    if blessed != text {
        fs_err::write(path, blessed)?;
        Terminal::note(&format!("blessed {}", path.display()));
    }
    if left > 0 {
        terminal.warning(&format!("{left} expectations of `{}` are a person's to change", path.display()));
    }
    Ok(())
}

fn junit(suites: &[(String, Vec<(String, TestOutcome)>)]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (path, results) in suites {
        let failed = results.iter().filter(|(_, outcome)| !outcome.passed()).count();
        let (path, tests) = (escaped(path), results.len());
        let _ = writeln!(out, "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failed}\">");
        for (name, outcome) in results {
            let _ = writeln!(out, "    <testcase classname=\"{path}\" name=\"{}\">", escaped(name));
            for (what, expected, found) in &outcome.failures {
                let (what, text) =
                    (escaped(what), escaped(&format!("expected:\n{expected}\nfound:\n{found}")));
                let _ = writeln!(out, "      <failure message=\"{what}\">{text}</failure>");
            }
            out.push_str("    </testcase>\n");
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Text for XML: markup escaped, characters that XML 1.0 has no place for replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
