//! `tamis report` and `tamis gate`: what a finished run says, again.

use std::fmt::Write as _;
use tamis_io::{RuleTally, Tally};
use tamis_pipeline::Verdict;
use tamis_report::{Report, RuleReport, Run};

use crate::arguments::{GateArguments, ReportArguments};
use crate::check;
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

pub(crate) fn report(arguments: &ReportArguments, _: Terminal) -> Result<Exit, Error> {
    let run = Run::open(&arguments.run).map_err(|error| Error::Usage(error.to_string()))?;
    let written = tamis_report::write_page(&arguments.run, &run.report)?;
    let mut files = run.manifest.files;
    files.retain(|file| file.path != written.path);
    files.push(written);
    tamis_report::write_manifest(&arguments.run, &files)?;
    print(&format!("report: {}\n", arguments.run.join("report.html").display()))?;
    Ok(Exit::Ok)
}

pub(crate) fn gate(arguments: &GateArguments, terminal: Terminal) -> Result<Exit, Error> {
    let Some(pipeline) = check::load(&arguments.pipeline, terminal)? else { return Ok(Exit::Usage) };
    let run = Run::open(&arguments.run).map_err(|error| Error::Usage(error.to_string()))?;
    let tally = tally(&run.report);
    let mut worst = Verdict::Pass;
    let mut out = String::new();
    for gate in &pipeline.gates {
        let judgement = gate.judge(&pipeline.plan, &tally);
        let word = match judgement.verdict {
            Verdict::Pass => "pass",
            Verdict::Warn => "warn",
            Verdict::Fail => "FAIL",
        };
        let condition = judgement.condition.map(|condition| format!(" ({condition})")).unwrap_or_default();
        let _ = writeln!(out, "{word}  {} = {:.4}{condition}", judgement.metric, judgement.value);
        worst = worst.max(judgement.verdict);
    }
    if pipeline.gates.is_empty() {
        out.push_str("the pipeline has no gates\n");
    }
    print(&out)?;
    Ok(if worst == Verdict::Fail { Exit::GateFailed } else { Exit::Ok })
}

/// The counts of a finished run, as its report tells them.
fn tally(report: &Report) -> Tally {
    let stages = report.stages.iter().enumerate();
    let place = |name: &str| report.stages.iter().position(|stage| stage.stage == name).unwrap_or(0);
    let rule = |rule: &RuleReport| RuleTally {
        stage: place(&rule.stage),
        documents: rule.documents,
        edits: rule.edits,
        raw_bytes: rule.raw_bytes,
        text_bytes: rule.text_bytes,
        dropped: rule.dropped,
        failed: rule.failed,
    };
    Tally {
        documents: report.accounting.documents,
        kept: report.accounting.kept,
        dropped: report.accounting.dropped,
        failed: report.accounting.failed,
        raw_bytes: report.totals.raw_bytes,
        kept_bytes: report.totals.kept_bytes,
        removed_bytes: report.totals.removed_bytes,
        replaced_bytes: report.totals.replaced_bytes,
        inserted_bytes: report.totals.inserted_bytes,
        text_bytes: report.totals.text_bytes,
        sentences: report.totals.sentences,
        stages: stages.map(|(place, stage)| (place, (stage.dropped, stage.failed))).collect(),
        rules: report.rules.iter().map(|told| (told.rule.clone(), rule(told))).collect(),
        languages: report.languages.clone(),
        encodings: report.encodings.clone(),
        amounts: report.amounts.clone(),
        failures: report.failures.clone(),
        measures: report.measures.clone(),
    }
}
