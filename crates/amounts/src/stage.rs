//! Finding amounts as a stage of a pipeline.

use tamis_core::{
    About, Amount, AmountKind, Claims, Editor, Scratch, Stage, StageError, StageKind, StageSpec, Verdict,
    View,
};

use crate::alone::stands_alone;
use crate::find::find;
use crate::locale::Locale;
use crate::options::{Mode, Options};
use crate::rules::RULES;
use crate::template::{Trial, reads_in_place, rewriting};

/// What the stage is. It notes what it finds, also where it rewrites it: two of them in a pipeline would be one that
/// counts, so the planner refuses a second.
pub static SPEC: StageSpec = StageSpec {
    name: "normalise-amounts",
    summary: "finds money, percentages and quantities, and can write them in one canonical form",
    version: 2,
    kind: StageKind::Annotate,
    claims: Claims { idempotent: true, only_shrinks: false },
    rules: RULES,
    about: About {
        why: "the same sum is written in a dozen ways; to be compared and added, it must be a number and a currency",
        since: "0.1.0",
        before: "Le plan vaut 109 milliards d’euros.",
        after: "Le plan vaut [109 milliards d’euros = 109000000000 EUR].",
    },
};

/// The stage `normalise-amounts`.
#[derive(Clone, Debug, Default)]
pub struct NormaliseAmounts {
    options: Options,
}

impl NormaliseAmounts {
    /// The stage with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

/// Kept from document to document.
#[derive(Default)]
struct Buffers {
    amounts: Vec<Amount>,
    form: String,
    trial: Trial,
}

impl Stage for NormaliseAmounts {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn apply(
        &self,
        view: View<'_>,
        editor: &mut Editor<'_>,
        scratch: &mut Scratch,
    ) -> Result<Verdict, StageError> {
        let Buffers { amounts, form, trial } = scratch.of::<Buffers>();
        amounts.clear();
        find(view.text, view.language(), &self.options, amounts);
        if self.options.mode == Mode::Annotate {
            for amount in amounts.iter() {
                editor.amount(*amount);
            }
            return Ok(Verdict::Keep);
        }
        let locale = Locale::with(view.language(), &self.options);
        for (place, amount) in amounts.iter().enumerate() {
            if let Some(rule) = rewriting(view.text, amount, &self.options.form, form)
                && stands_alone(
                    view.text,
                    &locale,
                    amount.span,
                    next_with_unit(amounts, place),
                    &self.options.form,
                )
                && reads_in_place(view.text, amount, form, view.language(), &self.options, trial)
            {
                editor.replace(amount.span, form, rule)?;
            }
            editor.amount(*amount);
        }
        Ok(Verdict::Keep)
    }
}

/// Where the amount behind that at `place` starts, if it has a unit of its own.
fn next_with_unit(amounts: &[Amount], place: usize) -> Option<usize> {
    let next = amounts.get(place + 1)?;
    matches!(next.kind, AmountKind::Money | AmountKind::Percent).then(|| next.span.range().start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::CANONICAL_TEMPLATE;
    use crate::options::Kind;
    use proptest::prelude::*;

    fn replacing(form: &str) -> NormaliseAmounts {
        let kinds = vec![Kind::Money, Kind::Percent, Kind::Quantity, Kind::Number];
        let options = Options { mode: Mode::Replace, kinds, form: form.to_owned(), ..Options::default() };
        assert!(options.problems().is_empty(), "{:?}", options.problems());
        NormaliseAmounts::new(options)
    }

    /// Sentences dense with figures, signs, codes and the words of amounts.
    fn amounts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[0-9]{1,4}",
            "[0-9]{1,3}([ .,'\u{a0}\u{202f}][0-9]{3}){1,2}",
            "[0-9]{1,3}[.,][0-9]{1,4}",
            prop::sample::select(vec![
                "€", "$", "US$", "%", "EUR", "CHF", "million", "k€", "MEUR", "euros", "à", "et", "-", "–",
                "entre", "un", "d’", "/", ":", ".", ",", "\n", "+", "tous",
            ])
            .prop_map(str::to_owned),
        ];
        let gap = prop::sample::select(vec!["", " ", " ", "\u{a0}", "\u{202f}"]);
        prop::collection::vec((piece, gap), 0..12)
            .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap.to_owned()]).collect())
    }

    mod annotating {
        use super::*;
        tamis_laws::stage_laws!(
            NormaliseAmounts::default(),
            texts = amounts(),
            example = |_rule| replacing(CANONICAL_TEMPLATE)
        );
    }

    mod canonical {
        use super::*;
        tamis_laws::stage_laws!(replacing(CANONICAL_TEMPLATE), texts = amounts());
    }

    mod in_a_template {
        use super::*;
        tamis_laws::stage_laws!(
            replacing("<{kind}>{value} {unit}</{kind}>"),
            texts = amounts(),
            example = |_rule| replacing(CANONICAL_TEMPLATE)
        );
    }
}
