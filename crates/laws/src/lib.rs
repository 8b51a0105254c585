//! Property-test strategies and the laws every tamis stage obeys. A dev-dependency of stage crates.
//!
//! [`stage_laws!`] expands to a test module for a [`Stage`](tamis_core::Stage), [`decode_laws!`] for the decoder,
//! [`corpus_laws!`] for a [`CorpusStage`](tamis_core::CorpusStage). Each law is also a function here
//! ([`document`], [`decoder`], [`corpus`]), for tests with inputs of their own.
//!
//! ```
//! # use tamis_core::*;
//! # static SPEC: StageSpec = StageSpec { name: "do-nothing", summary: "does nothing", version: 1,
//! #     kind: StageKind::Edit, claims: Claims { idempotent: true, only_shrinks: true }, rules: &[],
//! #     about: About::NOTHING };
//! # #[derive(Default)]
//! # struct DoNothing;
//! # impl Stage for DoNothing {
//! #     fn spec(&self) -> &'static StageSpec { &SPEC }
//! #     fn apply(&self, _: View<'_>, _: &mut Editor<'_>, _: &mut Scratch) -> Result<Verdict, StageError> {
//! #         Ok(Verdict::Keep)
//! #     }
//! # }
//! // In the stage crate, under `#[cfg(test)]`:
//! tamis_laws::stage_laws!(DoNothing::default());
//!
//! // With more texts of its own, and with options that rules of its own need to show themselves:
//! mod more {
//!     # use super::*;
//!     tamis_laws::stage_laws!(DoNothing::default(), texts = "[ab]{0,9}", example = |_rule| DoNothing::default());
//! }
//! # fn main() {}
//! ```

#![expect(clippy::panic, reason = "a broken law stops the test that found it")]

pub mod corpus;
mod cost;
pub mod decoder;
pub mod document;
pub mod strategy;

pub use cost::grows_linearly;
pub use proptest;
pub use tamis_core;

/// The laws of a stage that works on one document at a time, as a module of tests.
///
/// - `$stage`: an expression that makes the stage, with the options under test.
/// - `texts = $strategy` (optional): texts in which the stage finds work, tried beside the general ones.
/// - `example = |rule| $stage` (optional): the stage with the options under which `rule` shows itself.
#[macro_export]
macro_rules! stage_laws {
    ($stage:expr) => {
        $crate::stage_laws!($stage, texts = $crate::strategy::press());
    };
    ($stage:expr, texts = $texts:expr) => {
        $crate::stage_laws!($stage, texts = $texts, example = |_rule| $stage);
    };
    ($stage:expr, texts = $texts:expr, example = $example:expr) => {
        mod stage_laws {
            #[allow(unused_imports, reason = "a stage of the crate itself or of its tests")]
            use super::*;
            use $crate::proptest::prelude::*;

            fn stage() -> $crate::tamis_core::PlannedStage {
                $crate::tamis_core::PlannedStage::document(Box::new($stage))
            }

            $crate::proptest::proptest! {
                #![proptest_config($crate::strategy::config())]

                #[test]
                fn holds_on_press(text in $crate::strategy::press(), other in $texts) {
                    $crate::document::holds(&stage, &text, &other);
                }

                #[test]
                fn holds_on_its_own_texts(text in $texts, other in $crate::strategy::press()) {
                    $crate::document::holds(&stage, &text, &other);
                }

                #[test]
                fn holds_on_any_text(text in $crate::strategy::any_text(), other in $texts) {
                    $crate::document::holds(&stage, &text, &other);
                }
            }

            #[test]
            fn holds_on_hard_texts() {
                for text in $crate::strategy::hard_texts() {
                    $crate::document::holds(&stage, &text, "Une phrase.\n");
                }
            }

            #[test]
            fn every_rule_shows_itself_in_its_example() {
                let make = $example;
                $crate::document::rules_hold(&stage(), |rule| {
                    $crate::tamis_core::PlannedStage::document(Box::new(make(rule)))
                });
            }

            #[test]
            fn ten_times_the_text_costs_ten_times_the_work() {
                $crate::document::linear(&stage);
            }
        }
    };
}

/// The laws of the decoder, as a module of tests. `$stage` makes the stage.
#[macro_export]
macro_rules! decode_laws {
    ($stage:expr) => {
        mod decode_laws {
            #[allow(unused_imports, reason = "a stage of the crate itself or of its tests")]
            use super::*;
            use $crate::proptest::prelude::*;

            fn stage() -> $crate::tamis_core::PlannedStage {
                $crate::tamis_core::PlannedStage::decode(Box::new($stage))
            }

            $crate::proptest::proptest! {
                #![proptest_config($crate::strategy::config())]

                #[test]
                fn holds_on_any_bytes(raw in $crate::strategy::any_bytes(), other in $crate::strategy::any_bytes()) {
                    $crate::decoder::holds(&stage, &raw, &other);
                }

                #[test]
                fn text_is_kept_as_it_is(text in $crate::strategy::press()) {
                    $crate::decoder::keeps_utf8(&stage(), &text);
                }
            }

            #[test]
            fn ten_times_the_bytes_cost_ten_times_the_work() {
                $crate::decoder::linear(&stage);
            }
        }
    };
}

/// The laws of a corpus stage, as a module of tests. `$stage` makes the stage.
#[macro_export]
macro_rules! corpus_laws {
    ($stage:expr) => {
        mod corpus_laws {
            #[allow(unused_imports, reason = "a stage of the crate itself or of its tests")]
            use super::*;
            use $crate::proptest::prelude::*;

            fn stage() -> $crate::tamis_core::PlannedStage {
                $crate::tamis_core::PlannedStage::corpus(Box::new($stage))
            }

            $crate::proptest::proptest! {
                #![proptest_config($crate::strategy::config())]

                #[test]
                fn holds_on_press(corpus in $crate::strategy::corpus()) {
                    $crate::corpus::holds(&stage, &corpus);
                }
            }
        }
    };
}
