//! Gates: what a run is held against, and `tamis gate`, which holds a finished one against them again.

use std::path::Path;

use tamis_core::Plan;
use tamis_io::{RuleTally, StageTally, Tally};
use tamis_pipeline::{Baseline, Gate, Judgement, Pipeline, Verdict, metric};
use tamis_report::{GateResult, Report, RuleReport, Run, StageReport};

use crate::arguments::{GateArguments, SummaryForm};
use crate::check;
use crate::exit::{Error, Exit};
use crate::terminal::{Terminal, print};

/// The baselines of a pipeline's gates, read before any work is done: a run should not fail at its end for a path.
pub(crate) struct Baselines {
    values: Vec<Option<f64>>,
}

impl Baselines {
    /// Reads them. `instead` stands in for every baseline that the gates name. A report that is not there is no
    /// baseline yet; one that cannot be understood is a mistake.
    pub(crate) fn read(pipeline: &Pipeline, instead: Option<&Path>) -> Result<Self, Error> {
        let value = |gate: &Gate| -> Result<Option<f64>, Error> {
            let path = match (&gate.baseline, instead) {
                (None, _) => return Ok(None),
                (Some(_), Some(path)) => path,
                (Some(Baseline::Report(path)), None) => path,
                (Some(Baseline::Number(number)), None) => return Ok(Some(*number)),
            };
            let of_report =
                |report: Report| metric(&pipeline.plan, &tally(&report, &pipeline.plan), &gate.metric);
            Ok(earlier(path)?.and_then(of_report))
        };
        Ok(Self { values: pipeline.gates.iter().map(value).collect::<Result<_, _>>()? })
    }

    /// What every gate says of the counts.
    pub(crate) fn judge(&self, pipeline: &Pipeline, tally: &Tally) -> Vec<Judgement> {
        let gates = pipeline.gates.iter().zip(&self.values);
        gates.map(|(gate, baseline)| gate.judge(&pipeline.plan, tally, *baseline)).collect()
    }
}

/// The report of an earlier run, by its path or that of its directory.
fn earlier(path: &Path) -> Result<Option<Report>, Error> {
    let file = if path.is_dir() { path.join("report.json") } else { path.to_owned() };
    let bytes = match fs_err::read(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::Usage(format!("a gate's baseline cannot be read: {error}"))),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| {
        Error::Usage(format!(
            "a gate's baseline, `{}`, is no report.json of this version: {error}",
            file.display()
        ))
    })
}

/// A judgement as the report has it.
pub(crate) fn result(judgement: &Judgement) -> GateResult {
    GateResult {
        metric: judgement.metric.clone(),
        value: judgement.value,
        baseline: judgement.baseline,
        error_if: judgement.error_if.clone(),
        warn_if: judgement.warn_if.clone(),
        verdict: match judgement.verdict {
            Verdict::Pass => tamis_report::Verdict::Pass,
            Verdict::Warn => tamis_report::Verdict::Warn,
            Verdict::Fail => tamis_report::Verdict::Fail,
        },
        condition: judgement.condition.clone(),
        note: judgement.note.clone(),
    }
}

pub(crate) fn gate(arguments: &GateArguments, terminal: Terminal) -> Result<Exit, Error> {
    let Some(pipeline) = check::load(&arguments.pipeline, terminal)? else { return Ok(Exit::Usage) };
    let mut run = Run::open(&arguments.run).map_err(|error| Error::Usage(error.to_string()))?;
    let baselines = Baselines::read(&pipeline, arguments.baseline.as_deref())?;
    let judgements = baselines.judge(&pipeline, &tally(&run.report, &pipeline.plan));
    match arguments.summary {
        SummaryForm::Text if judgements.is_empty() => print("the pipeline has no gates\n")?,
        SummaryForm::Text => print(&judgements.iter().map(line).collect::<String>())?,
        SummaryForm::Md => {
            run.report.rejudge(judgements.iter().map(result).collect());
            print(&tamis_report::summary(&run.report))?;
        }
    }
    let failed = judgements.iter().any(|judgement| judgement.verdict == Verdict::Fail);
    Ok(if failed { Exit::GateFailed } else { Exit::Ok })
}

/// A judgement on one line.
fn line(judgement: &Judgement) -> String {
    let word = match judgement.verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Fail => "FAIL",
    };
    let baseline = judgement.baseline.map(|value| format!(", baseline {value:.4}")).unwrap_or_default();
    let why = judgement.condition.as_ref().or(judgement.note.as_ref());
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{word}  {} = {:.4}{baseline}{why}\n", judgement.metric, judgement.value)
}

/// The counts of a finished run, as its report tells them; stages at their places in `plan`.
fn tally(report: &Report, plan: &Plan) -> Tally {
    let place = |name: &str| plan.stages().iter().position(|stage| stage.spec().name == name);
    let rule = |rule: &RuleReport| RuleTally {
        stage: place(&rule.stage).unwrap_or_default(),
        documents: rule.documents,
        edits: rule.edits,
        raw_bytes: rule.raw_bytes,
        text_bytes: rule.text_bytes,
        dropped: rule.dropped,
        failed: rule.failed,
    };
    let stages = report.stages.iter().filter_map(|stage| Some((place(&stage.stage)?, stage_tally(stage))));
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
        stages: stages.collect(),
        rules: report.rules.iter().map(|told| (told.rule.clone(), rule(told))).collect(),
        languages: report.languages.clone(),
        encodings: report.encodings.clone(),
        amounts: report.amounts.clone(),
        amount_powers: report.amount_powers.clone(),
        raw_lengths: report.lengths.raw.clone(),
        text_lengths: report.lengths.text.clone(),
        failures: report.failures.clone(),
        measures: report.measures.clone(),
    }
}

fn stage_tally(stage: &StageReport) -> StageTally {
    StageTally {
        dropped: stage.dropped,
        failed: stage.failed,
        dropped_bytes: stage.dropped_bytes,
        failed_bytes: stage.failed_bytes,
        removed_bytes: stage.removed_bytes,
        replaced_bytes: stage.replaced_bytes,
    }
}
