//! `README.md`: the dataset card, so that `datasets.load_dataset("OUT")` works.

use std::fmt::Write as _;

use crate::Report;
use crate::shown::{count, harmless, percent};

/// The features of [`tamis_io::Record`], field by field.
///
/// They must stand here: without them the loader infers types from the first shard, and a first shard of empty lists
/// makes it fail on the second. `sequence` for lists of plain values and `list` for lists of structs are read alike by
/// all versions of the loader.
const FEATURES: &str = "  features:
  - name: id
    dtype: string
  - name: source
    dtype: string
  - name: text
    dtype: string
  - name: title
    dtype: string
  - name: lang
    dtype: string
  - name: lang_confidence
    dtype: float64
  - name: encoding
    dtype: string
  - name: sentences
    sequence:
      sequence: int64
  - name: amounts
    list:
    - name: start
      dtype: int64
    - name: end
      dtype: int64
    - name: text
      dtype: string
    - name: kind
      dtype: string
    - name: value
      dtype: string
    - name: currency
      dtype: string
    - name: candidates
      sequence: string
    - name: unit
      dtype: string
    - name: low
      dtype: string
    - name: high
      dtype: string
    - name: modifier
      dtype: string
    - name: vague
      dtype: bool
    - name: magnitude
      dtype: int64
    - name: assumed
      dtype: bool
    - name: inherited
      dtype: bool
    - name: rule
      dtype: string
  - name: metadata
    struct:
    - name: path
      dtype: string
    - name: url
      dtype: string
    - name: author
      dtype: string
    - name: published
      dtype: string
    - name: site
      dtype: string
    - name: canonical_url
      dtype: string
    - name: raw_sha256
      dtype: string
    - name: raw_bytes
      dtype: int64
    - name: extra
      dtype: string
";

/// The glob of the files of documents, relative to the run.
pub(crate) fn documents_glob(report: &Report) -> String {
    format!("documents/*.jsonl{}", report.compression().extension())
}

/// The card.
pub(crate) fn card(report: &Report) -> String {
    let mut card = String::from("---\n");
    let mut languages: Vec<&str> = report
        .languages
        .keys()
        .map(|tag| tag.split('-').next().unwrap_or_default())
        .filter(|tag| matches!(tag.len(), 2 | 3) && *tag != "und")
        .collect();
    languages.sort_unstable();
    languages.dedup();
    if !languages.is_empty() {
        card.push_str("language:\n");
        for tag in languages {
            // Quoted: `no` is Norwegian, and false in YAML.
            let _ = writeln!(card, "- \"{tag}\"");
        }
    }
    card.push_str("configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: ");
    let _ = writeln!(card, "{}", documents_glob(report));
    card.push_str("dataset_info:\n");
    card.push_str(FEATURES);
    let _ = writeln!(card, "---\n\n# {}\n", markdown(&report.name));
    let accounting = &report.accounting;
    if let Some(description) = report.pipeline.get("description").and_then(serde_json::Value::as_str)
        && !description.is_empty()
    {
        let _ = writeln!(card, "{}\n", markdown(description));
    }
    let _ = writeln!(
        card,
        "Cleaned by tamis {}: {} documents read, {} kept ({}), {} dropped, {} failed.\n",
        report.tamis,
        count(accounting.documents),
        count(accounting.kept),
        percent(accounting.kept, accounting.documents),
        count(accounting.dropped),
        count(accounting.failed),
    );
    card.push_str(
        "```python\nfrom datasets import load_dataset\n\narticles = load_dataset(\"path/of/this/directory\", \
         split=\"train\")\n```\n\n",
    );
    if report.compression() == tamis_io::Compression::Zstd {
        card.push_str("The shards are compressed with Zstandard: `pip install datasets zstandard`.\n\n");
    }
    card.push_str(
        "Offsets in `sentences` and `amounts` are Unicode code points into `text`: `text[start:end]` in Python.\n\
         `ledger/` has one line for each document read, kept or not, with every change to its raw bytes and the rule \
         that made it; `provenance.csv` has the same without the changes; `report.html` is for people.\n",
    );
    table(&mut card, "Language", &report.languages);
    table(&mut card, "Encoding", &report.encodings);
    card
}

fn table(card: &mut String, title: &str, counts: &std::collections::BTreeMap<String, u64>) {
    if counts.is_empty() {
        return;
    }
    let _ = writeln!(card, "\n| {title} | Documents |\n| --- | ---: |");
    for (name, number) in sorted(counts) {
        let _ = writeln!(card, "| {} | {} |", markdown(name), count(number));
    }
}

/// Most first, then by name.
pub(crate) fn sorted(counts: &std::collections::BTreeMap<String, u64>) -> Vec<(&String, u64)> {
    let mut sorted: Vec<_> = counts.iter().map(|(name, number)| (name, *number)).collect();
    sorted.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    sorted
}

/// Foreign text on one line of Markdown, its marks escaped.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in harmless(text).chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
