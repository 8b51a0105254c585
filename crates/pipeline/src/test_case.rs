//! Tests inside pipeline files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::Deserialize;
use tamis_core::{
    Amount, Decision, Document, Engine, Format, MemorySketches, Outcome, Plan, PlannedKind, Resources,
    StageError,
};

/// One `[[test]]`: a document in, what must come out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    /// What the test tells, as a sentence.
    pub name: String,
    /// The document.
    pub input: TestInput,
    /// What must hold of it; only what is given is looked at.
    #[serde(default)]
    pub expect: TestExpect,
}

/// The document of a test: exactly one of `text`, `html` and `base64`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TestInput {
    /// Text, as a `.txt` file would hold it.
    pub text: Option<String>,
    /// HTML, as an `.html` file would hold it.
    pub html: Option<String>,
    /// Bytes in base64, for other encodings.
    pub base64: Option<String>,
    /// The language a record would tell.
    pub lang: Option<String>,
    /// The address a record would tell.
    pub url: Option<String>,
    /// Texts that stand before the document in the corpus, for stages that look at all of it.
    pub beside: Vec<String>,
}

/// What must hold of a document at its end.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TestExpect {
    /// The clean text.
    pub text: Option<String>,
    /// Parts of the clean text.
    pub contains: Vec<String>,
    /// What the clean text must not hold.
    pub lacks: Vec<String>,
    /// `kept`, `dropped` or `failed`; without it the document must be kept.
    pub status: Option<String>,
    /// The rule that dropped or refused it.
    pub rule: Option<String>,
    /// Part of the reason of a failure.
    pub reason: Option<String>,
    /// Rules that must have changed something.
    pub rules: Vec<String>,
    /// The document's title.
    pub title: Option<String>,
    /// The language.
    pub lang: Option<String>,
    /// The encoding.
    pub encoding: Option<String>,
    /// The sentences.
    pub sentences: Option<Vec<String>>,
    /// The amounts, all of them in order; only the keys given are looked at.
    pub amounts: Option<Vec<ExpectedAmount>>,
}

/// What must hold of an amount.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectedAmount {
    /// The text it stands for.
    pub text: Option<String>,
    /// `money`, `percent`, `quantity` or `number`.
    pub kind: Option<String>,
    /// Plain decimal.
    pub value: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Lower end of a range.
    pub low: Option<String>,
    /// Upper end of a range.
    pub high: Option<String>,
    /// `min`, `max` or `approx`.
    pub modifier: Option<String>,
    /// Whether it is a magnitude only.
    pub vague: Option<bool>,
}

/// How a test went: empty when it passed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestOutcome {
    /// Each thing that did not hold: what, expected, found.
    pub failures: Vec<(String, String, String)>,
}

impl TestOutcome {
    /// Whether everything held.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    fn held(&mut self, what: &str, expected: &str, found: &str) {
        if expected != found {
            self.failures.push((what.to_owned(), expected.to_owned(), found.to_owned()));
        }
    }
}

impl TestCase {
    /// Runs the test through all stages of the plan.
    pub fn run(&self, plan: &Plan) -> TestOutcome {
        let mut outcome = TestOutcome::default();
        let mut documents: Vec<Document> = self
            .input
            .beside
            .iter()
            .enumerate()
            .map(|(place, text)| {
                document(&format!("beside-{place}"), text.clone().into_bytes(), Format::Text)
            })
            .collect();
        match self.document() {
            Ok(document) => documents.push(document),
            Err(told) => {
                outcome.failures.push(("input".into(), "a document".into(), told));
                return outcome;
            }
        }
        if let Err(error) = through(plan, &mut documents) {
            outcome.failures.push(("run".into(), "a decision".into(), error.to_string()));
            return outcome;
        }
        if let Some(document) = documents.last() {
            self.expect.check(plan, document, &mut outcome);
        }
        outcome
    }

    fn document(&self) -> Result<Document, String> {
        let input = &self.input;
        let (raw, format) = match (&input.text, &input.html, &input.base64) {
            (Some(text), None, None) => (text.clone().into_bytes(), Format::Text),
            (None, Some(html), None) => (html.clone().into_bytes(), Format::Html),
            (None, None, Some(bytes)) => {
                (BASE64.decode(bytes.trim()).map_err(|error| error.to_string())?, Format::Unknown)
            }
            _ => return Err("not exactly one of `text`, `html` and `base64`".into()),
        };
        let mut document = document("test", raw, format);
        document.metadata.language_hint.clone_from(&input.lang);
        document.metadata.url.clone_from(&input.url);
        Ok(document)
    }
}

fn document(id: &str, raw: Vec<u8>, format: Format) -> Document {
    let mut document = Document { raw, ..Document::default() };
    id.clone_into(&mut document.metadata.id);
    id.clone_into(&mut document.metadata.source);
    document.metadata.format = format;
    document
}

/// Runs all stages over a few documents in memory, corpus stages included.
fn through(plan: &Plan, documents: &mut [Document]) -> Result<(), StageError> {
    let mut engine = Engine::default();
    let mut from = 0;
    let ends: Vec<usize> = plan.barriers().chain([plan.stages().len()]).collect();
    for end in ends {
        let kept = |document: &&mut Document| document.outcome == Outcome::Kept;
        for document in documents.iter_mut().filter(kept) {
            engine.run_stages(plan, from..end, document);
        }
        if let Some(stage) = plan.stages().get(end)
            && let PlannedKind::Corpus(corpus) = &stage.kind
        {
            let mut sketches = MemorySketches::default();
            for document in documents.iter_mut().filter(kept) {
                let mut sketch = Vec::new();
                engine.sketch(stage, document, &mut sketch)?;
                sketches.0.push(sketch);
            }
            let decisions = corpus.decide(&sketches, &Resources::unbounded())?;
            for (document, decision) in documents.iter_mut().filter(kept).zip(decisions.iter()) {
                let decision = decision?;
                if decision != Decision::Keep {
                    engine.apply_decision(plan, end, &decision, document);
                }
            }
        }
        from = end + 1;
    }
    Ok(())
}

impl TestExpect {
    fn check(&self, plan: &Plan, document: &Document, outcome: &mut TestOutcome) {
        let rule_id = |index| plan.rule(index).map_or("", |(_, rule)| rule.id);
        let (status, rule, reason) = match &document.outcome {
            Outcome::Kept => ("kept", "", String::new()),
            Outcome::Dropped(dropped) => ("dropped", rule_id(dropped.rule), String::new()),
            Outcome::Failed(failed) => ("failed", failed.rule.map_or("", rule_id), failed.reason.clone()),
        };
        let found = if reason.is_empty() { status.to_owned() } else { format!("{status} ({reason})") };
        let expected = self.status.as_deref().unwrap_or("kept");
        if expected != status {
            outcome.held("status", expected, &found);
        }
        if let Some(expected) = &self.rule {
            outcome.held("rule", expected, rule);
        }
        if let Some(expected) = &self.reason
            && !reason.contains(expected.as_str())
        {
            outcome.held("reason", expected, &reason);
        }
        if let Some(expected) = &self.text {
            outcome.held("text", expected, &document.text);
        }
        for part in self.contains.iter().filter(|part| !document.text.contains(part.as_str())) {
            outcome.held("contains", part, &document.text);
        }
        for part in self.lacks.iter().filter(|part| document.text.contains(part.as_str())) {
            outcome.held("lacks", &format!("no `{part}`"), &document.text);
        }
        for expected in &self.rules {
            let used = document.map.segments().iter().any(|segment| rule_id(segment.rule) == expected);
            if !used {
                outcome.held("rules", expected, "no edit by it");
            }
        }
        let annotations = &document.annotations;
        if let Some(expected) = &self.title {
            outcome.held("title", expected, &annotations.title);
        }
        if let Some(expected) = &self.lang {
            outcome.held("lang", expected, document.view().language());
        }
        if let Some(expected) = &self.encoding {
            outcome.held(
                "encoding",
                expected,
                annotations.decoding.as_ref().map_or("", |told| told.encoding),
            );
        }
        if let Some(expected) = &self.sentences {
            let found: Vec<&str> =
                annotations.sentences.iter().filter_map(|span| span.slice(&document.text)).collect();
            outcome.held("sentences", &expected.join("\n"), &found.join("\n"));
        }
        if let Some(expected) = &self.amounts {
            let found: Vec<String> =
                annotations.amounts.iter().map(|amount| described(amount, &document.text)).collect();
            let fits = expected.len() == annotations.amounts.len()
                && expected
                    .iter()
                    .zip(&annotations.amounts)
                    .all(|(expected, amount)| expected.fits(amount, &document.text));
            if !fits {
                let expected: Vec<String> = expected.iter().map(ExpectedAmount::described).collect();
                outcome.failures.push(("amounts".into(), expected.join("\n"), found.join("\n")));
            }
        }
    }
}

impl ExpectedAmount {
    fn fits(&self, amount: &Amount, text: &str) -> bool {
        let same = |expected: &Option<String>, found: Option<String>| match expected {
            None => true,
            Some(expected) => found.as_ref() == Some(expected),
        };
        same(&self.text, amount.span.slice(text).map(ToOwned::to_owned))
            && same(&self.kind, Some(amount.kind.name().into()))
            && same(&self.value, amount.value.map(|value| value.to_string()))
            && same(&self.currency, amount.currency.map(|currency| currency.to_string()))
            && same(&self.low, amount.low.map(|value| value.to_string()))
            && same(&self.high, amount.high.map(|value| value.to_string()))
            && same(&self.modifier, amount.modifier.map(|modifier| modifier.name().into()))
            && self.vague.is_none_or(|vague| vague == amount.vague)
    }

    fn described(&self) -> String {
        let fields = [
            ("text", &self.text),
            ("kind", &self.kind),
            ("value", &self.value),
            ("currency", &self.currency),
            ("low", &self.low),
            ("high", &self.high),
            ("modifier", &self.modifier),
        ];
        listed(fields.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))), self.vague)
    }
}

fn described(amount: &Amount, text: &str) -> String {
    let fields = [
        ("text", amount.span.slice(text).map(ToOwned::to_owned)),
        ("kind", Some(amount.kind.name().to_owned())),
        ("value", amount.value.map(|value| value.to_string())),
        ("currency", amount.currency.map(|currency| currency.to_string())),
        ("low", amount.low.map(|value| value.to_string())),
        ("high", amount.high.map(|value| value.to_string())),
        ("modifier", amount.modifier.map(|modifier| modifier.name().to_owned())),
    ];
    listed(
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))),
        Some(amount.vague).filter(|vague| *vague),
    )
}

fn listed<'a>(fields: impl Iterator<Item = (&'a str, String)>, vague: Option<bool>) -> String {
    let mut all: Vec<String> = fields.map(|(name, value)| format!("{name} = {value:?}")).collect();
    all.extend(vague.map(|vague| format!("vague = {vague}")));
    format!("{{ {} }}", all.join(", "))
}
