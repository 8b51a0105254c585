//! The laws of the decoder.

use tamis_core::{Document, Engine, PlannedStage, StageErrorKind};

use crate::grows_linearly;

/// Any bytes end as text with a true map, or as a refusal with a reason; the same each time.
pub fn holds(stage: &dyn Fn() -> PlannedStage, raw: &[u8], other: &[u8]) {
    let planned = stage();
    let fresh = decode(&planned, &mut Engine::default(), raw);
    let mut used = Engine::default();
    let _ = decode(&planned, &mut used, other);
    let again = decode(&planned, &mut used, raw);
    match (fresh, again) {
        (Ok(left), Ok(right)) => {
            if let Err(error) = left.map.check(raw, &left.text, planned.spec().rules.len()) {
                panic!("the segment map of {raw:?} is wrong: {error}");
            }
            assert_eq!(left.text, right.text, "another text after another document");
            assert_eq!(left.map, right.map, "another map after another document");
            assert_eq!(left.annotations.decoding, right.annotations.decoding);
        }
        (Err(left), Err(right)) => assert_eq!(left, right),
        (left, right) => panic!("{:?} and then {:?}", left.is_ok(), right.is_ok()),
    }
}

/// Well-formed text without a byte order mark is kept byte for byte.
pub fn keeps_utf8(stage: &PlannedStage, text: &str) {
    let document = decode(stage, &mut Engine::default(), text.as_bytes()).unwrap_or_else(|reason| {
        panic!("{text:?} was refused: {reason}");
    });
    assert_eq!(document.text, text);
}

/// Ten times the bytes cost at most fifteen times the work.
pub fn linear(stage: &dyn Fn() -> PlannedStage) {
    let planned = stage();
    for piece in crate::strategy::REPEATED {
        grows_linearly(piece, |text| {
            let _ = decode(&planned, &mut Engine::default(), text.as_bytes());
        });
    }
    for piece in ["d\u{e9}cid\u{e9} hier ", "\u{ff}\u{fe}"] {
        grows_linearly(piece, |text| {
            let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
            let _ = decode(&planned, &mut Engine::default(), &latin);
        });
    }
}

fn decode(stage: &PlannedStage, engine: &mut Engine, raw: &[u8]) -> Result<Document, String> {
    let mut document = Document { raw: raw.to_vec(), ..Document::default() };
    match engine.run_stage(stage, &mut document) {
        Ok(_) => Ok(document),
        Err(error) if matches!(error.kind, StageErrorKind::Refused { .. }) => Err(error.to_string()),
        Err(error) => panic!("the decoder misbehaved on {raw:?}: {error}"),
    }
}
