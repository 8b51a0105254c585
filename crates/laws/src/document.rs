//! The laws of a stage that works on one document at a time.

use tamis_core::{Document, Engine, Outcome, Plan, PlannedStage, Rule, StageErrorKind, Verdict};

use crate::grows_linearly;

/// Runs every law on one text: the segment laws, determinism with fresh and used buffers, annotations in place, and
/// what the stage claims.
pub fn holds(stage: &dyn Fn() -> PlannedStage, text: &str, other: &str) {
    let planned = stage();
    let (document, verdict) = run(&planned, &mut Engine::default(), text);
    in_place(&planned, &document);

    let mut used = Engine::default();
    run(&planned, &mut used, other);
    same(&planned, &document, &run(&planned, &mut used, text).0, "after another document");
    same(&planned, &document, &run(&stage(), &mut used, text).0, "from a new stage");

    let claims = planned.spec().claims;
    if claims.only_shrinks {
        assert!(document.text.len() <= text.len(), "the text grew:\n{text:?}\n{:?}", document.text);
    }
    if claims.idempotent && verdict == Verdict::Keep {
        let (again, _) = run(&planned, &mut Engine::default(), &document.text);
        assert_eq!(again.text, document.text, "a second run changed the text; the first met {text:?}");
    }
}

/// Every declared rule changes or drops its own example, and leaves the text its example says.
pub fn rules_hold(planned: &PlannedStage, with_options: impl Fn(&'static Rule) -> PlannedStage) {
    for rule in planned.spec().rules {
        let stage = with_options(rule);
        assert!(rule.id.contains('/') && !rule.reason.ends_with('.'), "rule `{}` is badly written", rule.id);
        let (document, verdict) = run(&stage, &mut Engine::default(), rule.before);
        if matches!(verdict, Verdict::Drop { rule: by, .. } if by == *rule) {
            continue;
        }
        let index = stage.rules().index(rule);
        assert!(
            document.map.segments().iter().any(|segment| Some(segment.rule) == index),
            "rule `{}` does not show itself in its example; the text became {:?}",
            rule.id,
            document.text
        );
        assert_eq!(document.text, rule.after, "rule `{}` makes something else of its example", rule.id);
    }
}

/// Ten times the text costs at most fifteen times the work.
pub fn linear(stage: &dyn Fn() -> PlannedStage) {
    let planned = stage();
    for piece in crate::strategy::REPEATED {
        grows_linearly(piece, |text| {
            run(&planned, &mut Engine::default(), text);
        });
    }
}

#[track_caller]
fn run(stage: &PlannedStage, engine: &mut Engine, text: &str) -> (Document, Verdict) {
    let mut document = Document::from_text(text);
    let verdict = match engine.run_stage(stage, &mut document) {
        Ok(verdict) => verdict,
        Err(error) => match &error.kind {
            StageErrorKind::Refused { .. } | StageErrorKind::Other(_) => {
                document.outcome = Outcome::Failed(tamis_core::Failed {
                    stage: Some(0),
                    rule: None,
                    reason: error.to_string(),
                    offset: error.offset,
                });
                Verdict::Keep
            }
            _ => panic!("stage `{}` misbehaved on {text:?}: {error}", stage.spec().name),
        },
    };
    (document, verdict)
}

/// The segment laws, and annotations sorted, disjoint and on character boundaries.
fn in_place(stage: &PlannedStage, document: &Document) {
    let rules = stage.spec().rules.len();
    if let Err(error) = document.map.check(&document.raw, &document.text, rules) {
        panic!("the segment map of {:?} is wrong: {error}", document.text);
    }
    let amounts = document.annotations.amounts.iter().map(|amount| amount.span);
    for spans in [document.annotations.sentences.clone(), amounts.collect()] {
        for span in &spans {
            assert!(!span.is_empty() && span.slice(&document.text).is_some(), "bad span {span:?}");
        }
        for (left, right) in spans.iter().zip(spans.iter().skip(1)) {
            assert!(left.end() <= right.start(), "spans {left:?} and {right:?} overlap or are out of order");
        }
    }
}

#[track_caller]
fn same(stage: &PlannedStage, left: &Document, right: &Document, when: &str) {
    let name = stage.spec().name;
    assert_eq!(left.text, right.text, "`{name}` gives another text {when}");
    assert_eq!(left.map, right.map, "`{name}` gives another map {when}");
    let (left, right) = (&left.annotations, &right.annotations);
    assert_eq!(left.sentences, right.sentences, "`{name}` gives other sentences {when}");
    assert_eq!(left.amounts, right.amounts, "`{name}` gives other amounts {when}");
    assert_eq!(left.language, right.language, "`{name}` gives another language {when}");
    assert_eq!(left.title, right.title, "`{name}` gives another title {when}");
}

/// Runs the whole of a plan over a text, for tests that want the end result.
pub fn through(plan: &Plan, text: &str) -> Document {
    let mut document = Document::from_text(text);
    Engine::default().run_stages(plan, 0..plan.stages().len(), &mut document);
    document
}
