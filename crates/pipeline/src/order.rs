//! Which stages may stand where.

use std::ops::Range;

use tamis_core::StageKind;

use crate::{Diagnostic, StageFactory};

/// Tells every stage that cannot stand where it stands.
pub(crate) fn check(stages: &[(&'static dyn StageFactory, Range<usize>)], told: &mut Vec<Diagnostic>) {
    for (place, (stage, span)) in stages.iter().enumerate() {
        let spec = stage.spec();
        let decodes = spec.kind == StageKind::Decode;
        let earlier = stages.iter().take(place).any(|(other, _)| other.spec().name == spec.name);
        if place == 0 && !decodes {
            told.push(
                Diagnostic::new(format!("`{}` stands before `decode`", spec.name), span.clone())
                    .with_help("the first stage must be `decode`: the others work on text"),
            );
        } else if earlier && (decodes || spec.kind == StageKind::Annotate) {
            told.push(
                Diagnostic::new(format!("`{}` stands twice", spec.name), span.clone())
                    .with_help("its findings would replace those of the first"),
            );
        } else if place > 0 && decodes {
            told.push(
                Diagnostic::new("`decode` stands after another stage", span.clone())
                    .with_help("it makes text of bytes: it must be the first stage"),
            );
        }
    }
}
