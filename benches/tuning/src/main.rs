//! Scores and fits the weights of the HTML half of `strip-chrome` on labelled pages.
//!
//! ```text
//! tamis-tuning [--fit] [--folds N] [--set WEIGHT=VALUE]… [--cases DIR] PAGES LABELS.jsonl…
//! ```
//!
//! Pages are `PAGES/<id>.html`. A label is one object a line: `id`, and either `text` (the article) or `with` and
//! `without` (stretches that must and must not be in it); `set` groups pages that weigh alike, `type` and `lang` are for
//! the table, `host` (or `url`) keeps pages of one host in one fold. `--cases` adds the case files of the crate.
//!
//! Without `--fit` it prints a table; with `--set` another, and the pages that differ. With `--fit`, weights are moved one at a time, as far as that gains; then the same is
//! done N times without one fold of hosts, and the gain on the hosts that were left out is printed beside the gain on
//! the others: what gains on the latter alone is not worth having.

mod fit;
mod label;
mod measure;

use std::error::Error;
use std::path::PathBuf;

use label::Page;
use tamis_chrome::html::Weights;

fn set(weights: &mut Weights, change: &str) -> Result<(), Box<dyn Error>> {
    let (wanted, value) = change.split_once('=').ok_or("--set takes WEIGHT=VALUE")?;
    let mut entries = weights.entries();
    let (_, _, weight) = entries.iter_mut().find(|(name, _, _)| *name == wanted).ok_or("no such weight")?;
    **weight = value.parse()?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut fit, mut folds, mut cases, mut paths) = (false, 5, None, Vec::new());
    let mut weights = Weights::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--fit" => fit = true,
            "--folds" => folds = arguments.next().ok_or("--folds takes a number")?.parse()?,
            "--set" => set(&mut weights, &arguments.next().unwrap_or_default())?,
            "--cases" => cases = arguments.next().map(PathBuf::from),
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    let mut paths = paths.into_iter();
    let mut pages: Vec<Page> = Vec::new();
    if let Some(folder) = paths.next() {
        for labels in paths {
            pages.extend(label::pages(&folder, &labels)?);
        }
    }
    if let Some(cases) = cases {
        pages.extend(label::cases(&cases)?);
    }
    if pages.is_empty() {
        return Err("usage: tamis-tuning [--fit] [--folds N] [--cases DIR] PAGES LABELS.jsonl…".into());
    }
    if fit {
        fit::fit(&pages, folds);
    } else {
        measure::table(&pages, &weights);
        if weights != Weights::default() {
            measure::differences(&pages, &weights);
        }
    }
    Ok(())
}
