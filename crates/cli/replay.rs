//! Runs a run's stages over one document again, to see what it was after each of them.
//!
//! The ledger holds the sum of all stages, and is what the steps are held against: where stages run again give another
//! text, no step is told. What a corpus stage decided is taken from the ledger, since it saw the whole corpus.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;
use tamis_core::{Decision, Document, Engine, PlannedKind, PlannedStage, Removal, Span, Verdict};
use tamis_io::{LedgerLine, sha256};
use tamis_pipeline::Pipeline;
use tamis_report::{Explanation, Run, Step};

/// The pipeline of a run and what the document was after each of its stages; or why that cannot be told.
pub(crate) fn replay(run: &Run, explanation: &Explanation<'_>) -> Result<(Pipeline, Vec<Step>), String> {
    let pipeline = pipeline(run)?;
    let line = explanation.line();
    let read = explanation.raw().ok_or("the raw file is gone")?;
    let mut document = read.document.clone();
    let steps = catch_unwind(AssertUnwindSafe(|| steps(&pipeline, line, &mut document)))
        .map_err(|_| "a stage panicked on the document".to_owned())?;
    let mut hash = String::new();
    sha256(document.text.as_bytes(), &mut hash);
    if line.text_sha256.as_deref() != Some(hash.as_str()) {
        return Err(
            "the stages of this tamis give another text than the run has: the steps between are not told"
                .into(),
        );
    }
    Ok((pipeline, steps))
}

fn steps(pipeline: &Pipeline, line: &LedgerLine<'_>, document: &mut Document) -> Vec<Step> {
    let (mut engine, mut steps) = (Engine::default(), Vec::new());
    for (place, stage) in pipeline.plan.stages().iter().enumerate() {
        let verdict = if let PlannedKind::Corpus(_) = &stage.kind {
            if line.stage.as_deref() == Some(stage.spec().name) {
                break;
            }
            let spans = removed(stage, line, document);
            let removals = spans.into_iter().map(|(span, rule)| Removal::new(span, rule));
            let decision = Decision::Remove(removals.collect());
            engine.apply_decision(&pipeline.plan, place, &decision, document);
            // As in a run: behind a barrier a document has no raw bytes.
            document.raw.clear();
            Ok(Verdict::Keep)
        } else {
            engine.run_stage(stage, document)
        };
        steps.push(Step { text: document.text.clone(), map: document.map.clone() });
        if !matches!(verdict, Ok(Verdict::Keep)) {
            break;
        }
    }
    steps
}

/// What a corpus stage removed of the document, as the ledger tells it.
fn removed(
    stage: &PlannedStage,
    line: &LedgerLine<'_>,
    document: &Document,
) -> Vec<(Span, &'static tamis_core::Rule)> {
    let rules = stage.spec().rules;
    let mut spans: Vec<(Span, &'static tamis_core::Rule)> = Vec::new();
    for edit in &line.edits {
        let Some(rule) = rules.iter().find(|rule| rule.id == edit.2) else { continue };
        let (Ok(start), Ok(end)) = (usize::try_from(edit.0), usize::try_from(edit.1)) else { continue };
        let Some(span) = document.map.text_span(&document.text, Span::of(start, end)) else { continue };
        match spans.last_mut() {
            Some((last, _)) if span.start() <= last.end() => {
                *last = Span::new(last.start(), span.end().max(last.end()));
            }
            _ if span.is_empty() => {}
            _ => spans.push((span, rule)),
        }
    }
    spans
}

/// The pipeline that the report tells, made again.
fn pipeline(run: &Run) -> Result<Pipeline, String> {
    let mut file = String::from("name = \"replay\"\n");
    let stages = run.report.pipeline.get("stages").and_then(Value::as_array);
    for stage in stages.into_iter().flatten() {
        let name = stage.get("use").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(file, "[[stage]]\nuse = {}", Value::from(name));
        for (key, value) in stage.get("options").and_then(Value::as_object).into_iter().flatten() {
            if !value.is_null() {
                let _ = writeln!(file, "{} = {}", Value::from(key.as_str()), toml(value));
            }
        }
    }
    let other = "the run was made by stages of another version: the steps between are not told";
    let pipeline = tamis_pipeline::parse(&file).map_err(|_| other.to_owned())?;
    let same = run.report.stages.len() == pipeline.plan.stages().len()
        && run.report.stages.iter().zip(pipeline.plan.stages()).all(|(told, planned)| {
            told.stage == planned.spec().name && told.version == planned.spec().version
        });
    if same { Ok(pipeline) } else { Err(other.to_owned()) }
}

/// A JSON value as TOML: tables without what is null, which TOML cannot say. Strings of JSON are strings of TOML.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(toml).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Object(table) => {
            let pairs = table.iter().filter(|(_, value)| !value.is_null());
            let pairs: Vec<String> = pairs
                .map(|(key, value)| format!("{} = {}", Value::from(key.as_str()), toml(value)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}
