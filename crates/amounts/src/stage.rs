//! Finding amounts as a stage of a pipeline.

use tamis_core::{
    About, Amount, Claims, Editor, Scratch, Stage, StageError, StageKind, StageSpec, Verdict, View,
};

use crate::canonical::{canonical, stands_alone};
use crate::find::find;
use crate::locale::Locale;
use crate::options::{Mode, Options};
use crate::rules::RULES;

/// What the stage is. One spec for both modes: that only annotates is the text's good luck, not another stage.
pub static SPEC: StageSpec = StageSpec {
    name: "normalise-amounts",
    summary: "finds money, percentages and quantities, and can write them in one canonical form",
    version: 1,
    kind: StageKind::Edit,
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
        let Buffers { amounts, form } = scratch.of::<Buffers>();
        amounts.clear();
        find(view.text, view.language(), &self.options, amounts);
        let locale = Locale::of(view.language());
        for amount in amounts.iter() {
            if self.options.mode == Mode::Replace
                && let Some(rule) = canonical(amount, form)
                && amount.span.slice(view.text) != Some(form.as_str())
                && stands_alone(view.text, &locale, amount.span)
            {
                editor.replace(amount.span, form, rule)?;
            }
            editor.amount(*amount);
        }
        Ok(Verdict::Keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Kind;
    use proptest::prelude::*;

    fn replacing() -> NormaliseAmounts {
        let kinds = vec![Kind::Money, Kind::Percent, Kind::Quantity, Kind::Number];
        NormaliseAmounts::new(Options { mode: Mode::Replace, kinds, ..Options::default() })
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
            example = |_rule| replacing()
        );
    }

    mod canonical {
        use super::*;
        tamis_laws::stage_laws!(replacing(), texts = amounts());
    }
}
