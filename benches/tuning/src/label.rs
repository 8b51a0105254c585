//! Labelled pages: read once, kept decoded.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::measure::{Shingles, normal, shingles};

/// What an article is known to hold.
pub enum Gold {
    /// The whole of it.
    Text(Shingles),
    /// Stretches that it holds, and others that it must not.
    Parts { with: Vec<String>, without: Vec<String> },
}

/// A page and what is known of it.
pub struct Page {
    pub id: String,
    pub set: String,
    pub kind: String,
    pub host: String,
    pub html: String,
    pub gold: Gold,
}

#[derive(Deserialize)]
struct Label {
    id: String,
    set: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    lang: Option<String>,
    host: Option<String>,
    url: Option<String>,
    text: Option<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

/// The pages of a file of labels.
pub fn pages(folder: &Path, labels: &Path) -> Result<Vec<Page>, Box<dyn Error>> {
    let mut decoder = tamis_decode::Decoder::default();
    let mut pages = Vec::new();
    for line in fs::read_to_string(labels)?.lines().filter(|line| !line.trim().is_empty()) {
        let label: Label = serde_json::from_str(line)?;
        let raw = fs::read(folder.join(format!("{}.html", label.id)))?;
        let Ok(decoded) = decoder.decode(&raw, &tamis_decode::Options::default(), None) else { continue };
        let host =
            label.host.or_else(|| label.url.as_deref().map(host_of)).unwrap_or_else(|| label.id.clone());
        let set = label.set.unwrap_or_default();
        let gold = match label.text {
            Some(text) => Gold::Text(shingles(&text)),
            None => Gold::Parts {
                with: label.with.iter().map(|part| normal(part)).collect(),
                without: label.without.iter().map(|part| normal(part)).collect(),
            },
        };
        let kind = label.kind.or(label.lang).unwrap_or_default();
        pages.push(Page { id: label.id, set, kind, host, html: decoded.text.to_string(), gold });
    }
    Ok(pages)
}

fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().trim_start_matches("www.").to_owned()
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<BTreeMap<String, toml::Value>>,
}

/// The case files of the crate that are labelled pages: those without options.
pub fn cases(folder: &Path) -> Result<Vec<Page>, Box<dyn Error>> {
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(|file| file.path());
    let mut pages = Vec::new();
    for file in files {
        let path = file.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let cases: Cases = toml::from_str(&fs::read_to_string(&path)?)?;
        for (place, case) in cases.case.into_iter().enumerate() {
            let of = |key: &str| case.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            let (Some(html), Some(text)) = (of("page"), of("text")) else { continue };
            if case.contains_key("options") {
                continue;
            }
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            pages.push(Page {
                id: format!("{stem} {}", of("name").unwrap_or_default()),
                set: "cases".into(),
                kind: stem.clone(),
                host: format!("{stem}-{place}"),
                html,
                gold: Gold::Text(shingles(&text)),
            });
        }
    }
    Ok(pages)
}
