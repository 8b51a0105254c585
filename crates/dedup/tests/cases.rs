//! The cases in `cases/`: adding one needs no code.

#![expect(clippy::unwrap_used, reason = "a failed test should stop here")]

use std::collections::BTreeMap;

use serde::Deserialize;
use tamis_core::{Decision, MemorySketches, Original, Resources, Span};
use tamis_dedup::{Context, Deduplicator, Options};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentCases {
    passages: BTreeMap<String, String>,
    case: Vec<DocumentCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentCase {
    name: String,
    #[serde(default)]
    options: String,
    documents: Vec<Document>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    text: String,
    fate: String,
    of: Option<usize>,
}

fn decide(deduplicator: &Deduplicator, sketches: &MemorySketches) -> Vec<Decision> {
    let decisions = deduplicator.decide_all(sketches, &Resources::unbounded()).unwrap();
    decisions.iter().collect::<Result<_, _>>().unwrap()
}

#[test]
fn documents() {
    let cases: DocumentCases = toml::from_str(include_str!("../cases/documents.toml")).unwrap();
    for case in cases.case {
        let options: Options = toml::from_str(&case.options).unwrap();
        assert!(options.problems().is_empty(), "{}", case.name);
        let deduplicator = Deduplicator::new(options);
        let sketch = |document: &Document| {
            let mut text = document.text.clone();
            for (name, passage) in &cases.passages {
                text = text.replace(&format!("{{{name}}}"), passage);
            }
            deduplicator.sketch(&text, Context::default())
        };
        let sketches = MemorySketches(case.documents.iter().map(sketch).collect());
        let decisions = decide(&deduplicator, &sketches);
        for (place, (document, decision)) in case.documents.iter().zip(&decisions).enumerate() {
            let (fate, of) = match decision {
                Decision::Drop { rule, duplicate_of: Some(Original::Document(of)), .. } => {
                    (rule.id, Some(*of))
                }
                _ => ("kept", None),
            };
            assert_eq!((fate, of), (document.fate.as_str(), document.of), "{}: document {place}", case.name);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageCases {
    case: Vec<PageCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageCase {
    name: String,
    options: String,
    pages: Vec<Page>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    url: Option<String>,
    #[serde(default)]
    source: String,
    text: String,
}

#[test]
fn paragraphs() {
    let cases: PageCases = toml::from_str(include_str!("../cases/paragraphs.toml")).unwrap();
    for case in cases.case {
        let deduplicator = Deduplicator::new(toml::from_str(&case.options).unwrap());
        let texts: Vec<String> = case
            .pages
            .iter()
            .map(|page| page.text.split_inclusive('\n').map(|line| line.trim_start_matches("- ")).collect())
            .collect();
        let sketches = case.pages.iter().zip(&texts).map(|(page, text)| {
            let context = Context { url: page.url.as_deref(), source: &page.source, ..Context::default() };
            deduplicator.sketch(text, context)
        });
        let decisions = decide(&deduplicator, &MemorySketches(sketches.collect()));
        for (place, ((page, text), decision)) in case.pages.iter().zip(&texts).zip(&decisions).enumerate() {
            let removed = match decision {
                Decision::Remove(spans) => spans.clone(),
                other => {
                    assert_eq!(*other, Decision::Keep, "{}: page {place}", case.name);
                    Vec::new()
                }
            };
            let mut left = text.clone();
            for removal in removed.iter().rev() {
                left.replace_range(removal.span.range(), "");
            }
            let expected: String =
                page.text.split_inclusive('\n').filter(|line| !line.starts_with("- ")).collect();
            assert_eq!(left, expected, "{}: page {place}", case.name);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunCases {
    passages: BTreeMap<String, String>,
    case: Vec<RunCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunCase {
    name: String,
    #[serde(default = "runs_on")]
    options: String,
    #[serde(default)]
    sentences: bool,
    documents: Vec<WithRuns>,
}

fn runs_on() -> String {
    "runs = true".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithRuns {
    text: String,
    url: Option<String>,
    /// Where its runs stay; nowhere for lines.
    r#in: Option<usize>,
    /// Whether it goes itself.
    #[serde(default)]
    dropped: bool,
}

/// Where the sentences of a made-up text are.
fn sentences(text: &str) -> Vec<Span> {
    let mut at = 0;
    let parts = text.split_inclusive(['.', '\n']).map(|part| {
        let start = at + part.len() - part.trim_start().len();
        at += part.len();
        (start, start + part.trim().len())
    });
    parts.filter(|(start, end)| start < end).map(|(start, end)| Span::of(start, end)).collect()
}

#[test]
fn runs() {
    let cases: RunCases = toml::from_str(include_str!("../cases/runs.toml")).unwrap();
    for case in cases.case {
        let options: Options = toml::from_str(&case.options).unwrap();
        assert!(options.problems().is_empty(), "{}", case.name);
        let deduplicator = Deduplicator::new(options);
        let marked: Vec<String> = case
            .documents
            .iter()
            .map(|document| {
                cases.passages.iter().fold(document.text.clone(), |text, (name, passage)| {
                    text.replace(&format!("{{{name}}}"), passage)
                })
            })
            .collect();
        let texts: Vec<String> = marked.iter().map(|text| text.replace(['⟦', '⟧'], "")).collect();
        let sketches = case.documents.iter().zip(&texts).map(|(document, text)| {
            let sentences = if case.sentences { sentences(text) } else { Vec::new() };
            let context =
                Context { url: document.url.as_deref(), sentences: &sentences, ..Context::default() };
            deduplicator.sketch(text, context)
        });
        let decisions = decide(&deduplicator, &MemorySketches(sketches.collect()));
        for (place, (document, decision)) in case.documents.iter().zip(&decisions).enumerate() {
            let name = format!("{}: document {place}", case.name);
            assert_eq!(matches!(decision, Decision::Drop { .. }), document.dropped, "{name}");
            let removals = match decision {
                Decision::Remove(removals) => removals.clone(),
                _ => Vec::new(),
            };
            let mut found = texts[place].clone();
            for removal in removals.iter().rev() {
                assert_eq!(removal.stays.map(|stays| stays.document), document.r#in, "{name}");
                found.insert(removal.span.range().end, '⟧');
                found.insert(removal.span.range().start, '⟦');
            }
            assert_eq!(found, marked[place], "{name}");
        }
    }
}
