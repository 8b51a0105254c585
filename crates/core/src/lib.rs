//! Documents, stages, rules, verdicts and the editor: what every tamis stage is written against.
//!
//! A stage never touches a text. It reads a [`View`] and asks an [`Editor`] to remove, replace or insert, each time
//! naming a [`Rule`]; the engine applies the edits and composes the segment map. So "every byte is accounted for"
//! holds by construction, whatever a stage does.
//!
//! - [`Stage`] works on one document at a time; [`Decode`] is the first one, from bytes to text; [`CorpusStage`]
//!   needs to see the whole corpus before it decides.
//! - [`Document`] carries raw bytes, text, segment map, annotations and metadata; one is reused for many inputs.
//! - [`Annotations`] are what stages find without changing the text: language, sentences, amounts, title.
//! - [`Plan`] is a checked sequence of stages with their rules interned.
//! - [`Engine`] runs stages over documents.
//!
//! # Example: a stage that removes shouting
//!
//! ```
//! use tamis_core::{
//!     About, Claims, Document, Editor, Engine, Plan, PlannedStage, Rule, Scratch, Span, Stage, StageError, StageKind,
//!     StageSpec, Verdict, View,
//! };
//!
//! static SHOUTING: Rule = Rule {
//!     id: "manners/shouting",
//!     reason: "a line of capitals with an exclamation mark is no news",
//!     since: "0.1.0",
//!     before: "ABONNEZ-VOUS !\nLa séance est levée.",
//!     after: "La séance est levée.",
//! };
//!
//! static SPEC: StageSpec = StageSpec {
//!     name: "mind-manners",
//!     summary: "removes lines that shout",
//!     version: 1,
//!     kind: StageKind::Edit,
//!     claims: Claims { idempotent: true, only_shrinks: true },
//!     rules: &[&SHOUTING],
//!     about: About {
//!         why: "who shouts has nothing to say",
//!         since: "0.1.0",
//!         before: SHOUTING.before,
//!         after: SHOUTING.after,
//!     },
//! };
//!
//! struct MindManners;
//!
//! impl Stage for MindManners {
//!     fn spec(&self) -> &'static StageSpec {
//!         &SPEC
//!     }
//!
//!     fn apply(&self, view: View<'_>, editor: &mut Editor<'_>, _: &mut Scratch) -> Result<Verdict, StageError> {
//!         let mut at = 0;
//!         for line in view.text.split_inclusive('\n') {
//!             if line.trim_end().ends_with('!') && !line.chars().any(char::is_lowercase) {
//!                 editor.remove(Span::of(at, at + line.len()), &SHOUTING)?;
//!             }
//!             at += line.len();
//!         }
//!         Ok(Verdict::Keep)
//!     }
//! }
//!
//! let plan = Plan::new("example", vec![PlannedStage::document(Box::new(MindManners))]);
//! let mut document = Document::from_text(SHOUTING.before);
//! let mut engine = Engine::default();
//! engine.run_stages(&plan, 0..1, &mut document);
//! assert_eq!(document.text, SHOUTING.after);
//! ```

mod amount;
mod annotations;
mod blocks;
mod corpus;
mod decisions;
mod document;
mod editor;
mod engine;
mod error;
mod letters;
mod outcome;
mod plan;
mod resources;
mod rule;
mod scratch;
mod stage;
mod text_builder;

pub use amount::{Amount, AmountKind, Currency, Decimal, Modifier};
pub use annotations::{
    Annotations, Decoding, EncodingEvidence, Language, LanguageShares, LanguageTag, PageField, RepeatedRun,
    Told,
};
pub use blocks::{BLOCK, bits_of};
pub use corpus::{CorpusStage, EarlierRun, Indexes, MemorySketches, Sketches};
pub use decisions::{Decision, Decisions, Original, Removal, Stays};
pub use document::{Document, Format, Metadata, View};
pub use editor::Editor;
pub use engine::{Engine, StageWork};
pub use error::{StageError, StageErrorKind};
pub use letters::letters;
pub use outcome::{Dropped, Failed, Outcome};
pub use plan::{Plan, PlannedKind, PlannedStage};
pub use resources::{BlockPlace, Blocks, MemoryStorage, Resources, Storage};
pub use rule::{Rule, StageRules};
pub use scratch::Scratch;
pub use stage::{About, Claims, Decode, Stage, StageKind, StageSpec, Verdict};
pub use tamis_span::{
    Edit, EditError, EditErrorKind, EditList, RuleIndex, Segment, SegmentKind, SegmentMap, Span, TextSize,
    Totals,
};
pub use text_builder::TextBuilder;
