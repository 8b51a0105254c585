//! What a pipeline file may set.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::runs::Widths;
use crate::switch;

/// Options of `deduplicate`. Without any, exact and near duplicates of documents are dropped and lines stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Options {
    /// Whether duplicate documents are dropped.
    pub documents: bool,
    /// Whether documents with the same folded words are duplicates, whatever their length.
    pub exact: bool,
    /// When documents are near duplicates; `false` for never, `true` for the defaults.
    #[serde(deserialize_with = "switch::table", serialize_with = "switch::write")]
    #[schemars(schema_with = "switch::table_schema::<Near>")]
    pub near: Option<Near>,
    /// Which lines go because they stand on many pages; `false` for none, `true` for the defaults.
    #[serde(deserialize_with = "switch::table", serialize_with = "switch::write")]
    #[schemars(schema_with = "switch::table_schema::<Paragraphs>")]
    pub paragraphs: Option<Paragraphs>,
    /// Which runs of words go because they stand in another document too; `false` for none, `true` for the defaults.
    #[serde(deserialize_with = "switch::table", serialize_with = "switch::write")]
    #[schemars(schema_with = "switch::table_schema::<Runs>")]
    pub runs: Option<Runs>,
    /// The directory of an index of an earlier run, or of several: documents that match one of theirs go. Documents of
    /// earlier runs stay whatever comes, so what is dropped depends on the order of runs.
    pub against: Option<String>,
    /// The directory where this run leaves an index of the documents it keeps, for later runs.
    pub index: Option<String>,
    /// The share of documents from which one cluster of duplicates is told in a warning, 0 to 1, where it has a hundred
    /// documents at least. A gate on `cluster.largest.ratio` makes it an error.
    pub cluster_warning: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            documents: true,
            exact: true,
            near: Some(Near::default()),
            paragraphs: None,
            runs: None,
            against: None,
            index: None,
            cluster_warning: 0.1,
        }
    }
}

/// When two documents are near duplicates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Near {
    /// The share of both texts' five-word shingles that both must have, 0 to 1: 0.7 is a Jaccard index of 0.54.
    pub similarity: f64,
    /// The share of the smaller text's shingles that the other must have for it to be a contained copy, 0 to 1. It
    /// must also be a good part of the other: the Jaccard index must reach 0.3. `false` keeps contained copies.
    #[serde(deserialize_with = "switch::number", serialize_with = "switch::write")]
    #[schemars(schema_with = "switch::number_schema")]
    pub containment: Option<f64>,
    /// The share of the shorter text's words that must agree or look alike for one to be a misread copy of the other,
    /// 0 to 1. Half of what differs must look alike. `false` keeps misread copies.
    #[serde(deserialize_with = "switch::number", serialize_with = "switch::write")]
    #[schemars(schema_with = "switch::number_schema")]
    pub reading: Option<f64>,
    /// The share of the shorter text from which passages of their own make two texts documents in their own right,
    /// 0 to 1. Both must have as much of their own, and at least 15 words.
    pub own_passages: f64,
    /// Shorter texts are compared exactly, in words.
    pub min_words: u32,
}

impl Default for Near {
    fn default() -> Self {
        Self {
            similarity: 0.7,
            containment: Some(0.75),
            reading: Some(0.85),
            own_passages: 0.1,
            min_words: 25,
        }
    }
}

/// Which lines go because they stand on many pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Paragraphs {
    /// What pages are counted over.
    pub scope: Scope,
    /// Pages a line must stand on. Sites with fewer pages are not touched. At least 2.
    pub min_pages: u32,
    /// The share of the pages of its scope that a line must stand on, 0 to 1.
    pub min_share: f64,
}

impl Default for Paragraphs {
    fn default() -> Self {
        Self { scope: Scope::Site, min_pages: 3, min_share: 0.01 }
    }
}

/// Which runs of words go because they stand in another document too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Runs {
    /// The shortest run that goes, in words; also what is left of one that is cut at the ends of sentences. 20 to 1000; a
    /// character of a script without spaces is a word.
    pub min_words: u32,
    /// Where the other document may be: in the whole corpus, or on the same site, so that what sites have from one
    /// another (quotations, dispatches) stays.
    pub scope: Scope,
}

impl Default for Runs {
    fn default() -> Self {
        Self { min_words: 50, scope: Scope::Corpus }
    }
}

impl Runs {
    pub(crate) fn widths(&self) -> Widths {
        Widths::of(self.min_words)
    }
}

/// What pages are counted over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The pages of one site: the host of `url`, else the top folder of the source.
    #[default]
    Site,
    /// All documents.
    Corpus,
}

impl Options {
    /// The options that decide what a duplicate is: those of two runs must be the same for one to be held against the
    /// other.
    pub(crate) fn compared_by(&self) -> String {
        let near = match &self.near {
            None => "near = false".into(),
            Some(Near { similarity, containment, reading, own_passages, min_words }) => {
                let told =
                    |limit: &Option<f64>| limit.map_or_else(|| "false".into(), |limit| limit.to_string());
                format!(
                    "near = {{ similarity = {similarity}, containment = {}, reading = {}, own-passages = {own_passages}, \
                     min-words = {min_words} }}",
                    told(containment),
                    told(reading)
                )
            }
        };
        format!("exact = {}, {near}", self.exact)
    }

    /// What is out of range, in words that name the option; empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, path) in [("against", &self.against), ("index", &self.index)] {
            if path.as_ref().is_some_and(|path| path.trim().is_empty()) {
                problems.push(format!("`{name}` must name a directory"));
            }
        }
        if self.index.is_some() && self.index == self.against {
            problems.push(
                "`index` would replace the index that `against` reads; give each run a folder of its own"
                    .into(),
            );
        }
        if let Some(runs) = &self.runs {
            if !(20..=1000).contains(&runs.min_words) {
                let told = runs.min_words;
                problems.push(format!("`runs.min-words` is {told}, but must be between 20 and 1000"));
            }
            if self.against.is_some() {
                problems.push(
                    "`runs` compares the documents of one run: what earlier ones removed from theirs, their index does \
                     not say; leave out `runs` or `against`"
                        .into(),
                );
            }
        }
        let mut share = |name: &str, value: f64, least: f64| {
            if !(least..=1.0).contains(&value) {
                problems.push(format!("`{name}` is {value}, but must be between {least} and 1"));
            }
        };
        share("cluster-warning", self.cluster_warning, 0.0);
        if let Some(near) = &self.near {
            share("near.similarity", near.similarity, 0.3);
            share("near.containment", near.containment.unwrap_or(1.0), 0.3);
            share("near.reading", near.reading.unwrap_or(1.0), 0.5);
            share("near.own-passages", near.own_passages, 0.0);
        }
        if let Some(paragraphs) = &self.paragraphs {
            share("paragraphs.min-share", paragraphs.min_share, 0.0);
            if paragraphs.min_pages < 2 {
                problems.push("`paragraphs.min-pages` must be at least 2".into());
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<Options, toml::de::Error> {
        toml::from_str(toml)
    }

    #[test]
    fn everything_has_a_default() {
        assert_eq!(read("").unwrap(), Options::default());
        assert_eq!(read("near = true\nparagraphs = false").unwrap(), Options::default());
        assert_eq!(read("near = {}").unwrap(), Options::default());
    }

    #[test]
    fn switches_take_tables() {
        let options =
            read("documents = false\nnear = false\nparagraphs = { scope = \"corpus\", min-pages = 5 }");
        let options = options.unwrap();
        assert_eq!(options.near, None);
        let paragraphs = Paragraphs { scope: Scope::Corpus, min_pages: 5, ..Paragraphs::default() };
        assert_eq!(options.paragraphs, Some(paragraphs));
        let runs = read("runs = { scope = \"site\" }").unwrap().runs;
        assert_eq!(runs, Some(Runs { scope: Scope::Site, ..Runs::default() }));
        assert_eq!(read("runs = true").unwrap().runs, Some(Runs::default()));
        assert_eq!(read("runs = false").unwrap(), Options::default());
    }

    #[test]
    fn what_is_written_is_read() {
        for toml in ["", "runs = true", "near = false\nparagraphs = true", "near = { reading = false }"] {
            let options = read(toml).unwrap();
            assert_eq!(read(&toml::to_string(&options).unwrap()).unwrap(), options);
        }
    }

    #[test]
    fn the_schema_knows_switches() {
        let schema = schemars::schema_for!(Options);
        let near = &schema.get("properties").unwrap()["near"];
        assert_eq!(near["anyOf"][1]["type"], "boolean");
        assert!(near["description"].as_str().unwrap().contains("near duplicates"), "{near}");
        assert_eq!(near["default"]["similarity"], 0.7);
    }

    #[test]
    fn unknown_keys_and_values_are_refused() {
        for bad in
            ["nera = false", "near = { similarty = 0.7 }", "near = 0.7", "paragraphs = { scope = \"page\" }"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(read("near = { reading = false, containment = 1 }").unwrap().near.unwrap().reading, None);
        assert!(read("near = { reading = true }").is_err());
        let error = read("exact = true\nnear = { similarty = 0.7 }").unwrap_err().to_string();
        assert!(error.contains("similarty") && error.contains("line 2"), "{error}");
    }

    #[test]
    fn values_out_of_range_are_told() {
        let options = read("near = { similarity = 7 }\nparagraphs = { min-pages = 1 }").unwrap();
        let problems = options.problems();
        assert_eq!(problems.len(), 2);
        assert!(problems[0].contains("near.similarity"), "{problems:?}");
        assert!(Options::default().problems().is_empty());
        for (runs, told) in [
            ("runs = { min-words = 19 }", "`runs.min-words` is 19, but must be between 20 and 1000"),
            ("runs = { min-words = 1001 }", "`runs.min-words` is 1001"),
            ("runs = true\nagainst = 'index'", "leave out `runs` or `against`"),
        ] {
            let problems = read(runs).unwrap().problems();
            assert!(problems.len() == 1 && problems[0].contains(told), "{problems:?}");
        }
        assert!(read("runs = { min-words = 20 }\nindex = 'index'").unwrap().problems().is_empty());
    }
}
