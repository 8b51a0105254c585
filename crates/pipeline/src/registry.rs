//! The list of all stages.

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tamis_core::{PlannedStage, StageSpec};

use crate::Diagnostic;
use crate::decode::Table;

/// Every stage there is, in the order they usually run. A new stage is one more line here and one entry below.
pub static STAGES: &[&dyn StageFactory] = &[
    &DECODE,
    &STRIP_CHROME,
    &NORMALISE_UNICODE,
    &DETECT_LANGUAGE,
    &SPLIT_SENTENCES,
    &DEDUPLICATE,
    &NORMALISE_AMOUNTS,
];

static DECODE: Entry<tamis_decode::Options> = Entry {
    spec: &tamis_decode::SPEC,
    problems: |_| Vec::new(),
    make: |options| Ok(PlannedStage::decode(Box::new(tamis_decode::DecodeStage::new(options)))),
};

static STRIP_CHROME: Entry<tamis_chrome::Options> = Entry {
    spec: &tamis_chrome::SPEC,
    problems: |_| Vec::new(),
    make: |options| Ok(PlannedStage::document(Box::new(tamis_chrome::StripChrome::new(options)))),
};

static NORMALISE_UNICODE: Entry<tamis_unicode::Options> = Entry {
    spec: &tamis_unicode::SPEC,
    problems: |_| Vec::new(),
    make: |options| Ok(PlannedStage::document(Box::new(tamis_unicode::NormaliseUnicode::new(options)))),
};

static DETECT_LANGUAGE: Entry<tamis_language::Options> = Entry {
    spec: &tamis_language::SPEC,
    problems: |_| Vec::new(),
    make: |options| {
        let stage = tamis_language::DetectLanguage::new(&options).map_err(|error| error.to_string())?;
        Ok(PlannedStage::document(Box::new(stage)))
    },
};

static SPLIT_SENTENCES: Entry<tamis_sentences::Options> = Entry {
    spec: &tamis_sentences::SPEC,
    problems: tamis_sentences::Options::problems,
    make: |options| Ok(PlannedStage::document(Box::new(tamis_sentences::SplitSentences::new(&options)))),
};

static DEDUPLICATE: Entry<tamis_dedup::Options> = Entry {
    spec: &tamis_dedup::SPEC,
    problems: tamis_dedup::Options::problems,
    make: |options| Ok(PlannedStage::corpus(Box::new(tamis_dedup::Deduplicator::new(options)))),
};

static NORMALISE_AMOUNTS: Entry<tamis_amounts::Options> = Entry {
    spec: &tamis_amounts::SPEC,
    problems: tamis_amounts::Options::problems,
    make: |options| Ok(PlannedStage::document(Box::new(tamis_amounts::NormaliseAmounts::new(options)))),
};

/// Makes a stage from its table in a pipeline file.
pub trait StageFactory: Sync {
    /// What the stage is.
    fn spec(&self) -> &'static StageSpec;

    /// The JSON Schema of its options, with their documentation and defaults.
    fn schema(&self) -> Schema;

    /// The stage and its options with every default; `None` when something was told.
    fn build(&self, table: Table<'_>, told: &mut Vec<Diagnostic>) -> Option<(Value, PlannedStage)>;
}

struct Entry<Options: 'static> {
    spec: &'static StageSpec,
    /// What is out of range, each message naming its option in backticks.
    problems: fn(&Options) -> Vec<String>,
    make: fn(Options) -> Result<PlannedStage, String>,
}

impl<Options: DeserializeOwned + Serialize + JsonSchema> StageFactory for Entry<Options> {
    fn spec(&self) -> &'static StageSpec {
        self.spec
    }

    fn schema(&self) -> Schema {
        schemars::schema_for!(Options)
    }

    fn build(&self, table: Table<'_>, told: &mut Vec<Diagnostic>) -> Option<(Value, PlannedStage)> {
        let read = table.read::<Options>(&format!("stage `{}`", self.spec.name), told)?;
        let problems = (self.problems)(&read.value);
        if !problems.is_empty() {
            told.extend(problems.into_iter().map(|message| {
                let place = read.places.named_in(&message);
                Diagnostic::new(message, place)
            }));
            return None;
        }
        let options = serde_json::to_value(&read.value).unwrap_or_default();
        let places = read.places;
        match (self.make)(read.value) {
            Ok(stage) => Some((options, stage)),
            Err(message) => {
                let place = places.named_in(&message);
                told.push(Diagnostic::new(message, place));
                None
            }
        }
    }
}
