//! The list of all stages.

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tamis_core::{PlannedStage, StageSpec};

use crate::Diagnostic;
use crate::decode::{Places, Read, Table};
use crate::files::Files;

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

static STRIP_CHROME: WithFiles<tamis_chrome::Options> = WithFiles {
    entry: Entry {
        spec: &tamis_chrome::SPEC,
        problems: |_| Vec::new(),
        make: |options| Ok(PlannedStage::document(Box::new(tamis_chrome::StripChrome::new(options)))),
    },
    read: |options, files| {
        let Some(own) = &mut options.phrases else { return Vec::new() };
        let text = match files.read(own.file()) {
            Ok(text) => text,
            Err(message) => return vec![format!("`phrases`: {message}")],
        };
        let wrong = own.load(text).err().unwrap_or_default();
        wrong.into_iter().map(|error| format!("`phrases`: `{}`, {error}", own.file())).collect()
    },
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
    fn build(
        &self,
        table: Table<'_>,
        files: &Files<'_>,
        told: &mut Vec<Diagnostic>,
    ) -> Option<(Value, PlannedStage)>;
}

struct Entry<Options: 'static> {
    spec: &'static StageSpec,
    /// What is out of range, each message naming its option in backticks.
    problems: fn(&Options) -> Vec<String>,
    make: fn(Options) -> Result<PlannedStage, String>,
}

/// A stage with options that name files.
struct WithFiles<Options: 'static> {
    entry: Entry<Options>,
    /// Reads the files into the options. What is wrong with them, each message naming its option in backticks.
    read: fn(&mut Options, &Files<'_>) -> Vec<String>,
}

impl<Options: DeserializeOwned + Serialize + JsonSchema> Entry<Options> {
    fn read(&self, table: Table<'_>, told: &mut Vec<Diagnostic>) -> Option<Read<Options>> {
        table.read::<Options>(&format!("stage `{}`", self.spec.name), told)
    }

    fn finish(&self, read: Read<Options>, told: &mut Vec<Diagnostic>) -> Option<(Value, PlannedStage)> {
        if !tell((self.problems)(&read.value), &read.places, told) {
            return None;
        }
        let options = serde_json::to_value(&read.value).unwrap_or_default();
        match (self.make)(read.value) {
            Ok(stage) => Some((options, stage)),
            Err(message) => {
                tell(vec![message], &read.places, told);
                None
            }
        }
    }
}

/// Tells messages at the options they name. Says whether there was none.
fn tell(messages: Vec<String>, places: &Places, told: &mut Vec<Diagnostic>) -> bool {
    let none = messages.is_empty();
    told.extend(messages.into_iter().map(|message| {
        let place = places.named_in(&message);
        Diagnostic::new(message, place)
    }));
    none
}

impl<Options: DeserializeOwned + Serialize + JsonSchema> StageFactory for Entry<Options> {
    fn spec(&self) -> &'static StageSpec {
        self.spec
    }

    fn schema(&self) -> Schema {
        schemars::schema_for!(Options)
    }

    fn build(
        &self,
        table: Table<'_>,
        _: &Files<'_>,
        told: &mut Vec<Diagnostic>,
    ) -> Option<(Value, PlannedStage)> {
        let read = self.read(table, told)?;
        self.finish(read, told)
    }
}

impl<Options: DeserializeOwned + Serialize + JsonSchema> StageFactory for WithFiles<Options> {
    fn spec(&self) -> &'static StageSpec {
        self.entry.spec
    }

    fn schema(&self) -> Schema {
        self.entry.schema()
    }

    fn build(
        &self,
        table: Table<'_>,
        files: &Files<'_>,
        told: &mut Vec<Diagnostic>,
    ) -> Option<(Value, PlannedStage)> {
        let mut read = self.entry.read(table, told)?;
        if !tell((self.read)(&mut read.value, files), &read.places, told) {
            return None;
        }
        self.entry.finish(read, told)
    }
}
