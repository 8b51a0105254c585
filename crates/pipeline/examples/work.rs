//! The work that `benches/instructions` counts, over the generated corpus.
//!
//!     work rows DOCUMENTS          each stage over all documents; prints a row's name, documents and bytes
//!     work run DOCUMENTS PASSES    whole runs with one worker, from files to files
//!
//! Each row has a function of its own in [`passes`]: callgrind tells what was spent inside it, so that one process counts
//! all rows, and neither starting nor preparing is in any of them. A row is passed over once before, so that tables that
//! are made at first use are there. Workers of a run are threads, which callgrind ascribes to nobody: there the script
//! takes the difference of two passes and one.
//!
//! It stands in this crate because it is the lowest one that knows all stages: an example of `tamis` itself would build
//! the command line first, and take twice as long.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that fails should stop")]

#[path = "../../../benches/generator/mod.rs"]
mod generator;

use std::hint::black_box;
use std::ops::Range;

use generator::corpus;
use tamis_core::{Document, Engine, Format, Outcome};
use tamis_pipeline::Pipeline;
use tamis_runner::{Cancel, Counters, Job};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pipeline = tamis_pipeline::parse(include_str!("../../../pipelines/press.toml")).unwrap();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["rows", documents] => rows(&pipeline, documents.parse().unwrap()),
        ["run", documents, passes] => runs(&pipeline, documents.parse().unwrap(), passes.parse().unwrap()),
        _ => println!("see benches/instructions"),
    }
}

/// A line of the table.
struct Row {
    name: &'static str,
    /// The stage, or all of them.
    stage: Option<&'static str>,
    /// Documents of this format only.
    format: Option<Format>,
    pass: fn(&mut Pass<'_>),
}

/// Documents as they stand before the stages of a row.
struct Pass<'a> {
    pipeline: &'a Pipeline,
    stages: Range<usize>,
    engine: Engine,
    sketch: Vec<u8>,
    documents: Vec<Document>,
}

impl Pass<'_> {
    fn work(&mut self) {
        let plan = &self.pipeline.plan;
        for document in &mut self.documents {
            for place in self.stages.clone() {
                if document.outcome != Outcome::Kept {
                    break;
                }
                self.engine.run_stages(plan, place..place + 1, document);
                self.sketch.clear();
                let stage = plan.stages().get(place).unwrap();
                self.engine.sketch(stage, document, &mut self.sketch).unwrap();
            }
        }
    }
}

macro_rules! rows {
    ($($function:ident = $name:literal, $stage:expr, $format:expr;)+) => {
        const ROWS: &[Row] =
            &[$(Row { name: $name, stage: $stage, format: $format, pass: passes::$function },)+];

        /// A function for each row, by whose name the script finds its count.
        mod passes {
            $(
                #[inline(never)]
                pub(super) fn $function(pass: &mut super::Pass<'_>) {
                    // Functions that are the same become one: the names keep them apart.
                    super::black_box(stringify!($function));
                    pass.work();
                    super::black_box(&pass.sketch);
                }
            )+
        }
    };
}

rows! {
    decode = "decode", Some("decode"), None;
    strip_chrome_html = "strip-chrome-html", Some("strip-chrome"), Some(Format::Html);
    strip_chrome_text = "strip-chrome-text", Some("strip-chrome"), Some(Format::Text);
    normalise_unicode = "normalise-unicode", Some("normalise-unicode"), None;
    detect_language = "detect-language", Some("detect-language"), None;
    split_sentences = "split-sentences", Some("split-sentences"), None;
    deduplicate_sketch = "deduplicate-sketch", Some("deduplicate"), None;
    normalise_amounts = "normalise-amounts", Some("normalise-amounts"), None;
    stages = "stages", None, None;
}

fn rows(pipeline: &Pipeline, count: usize) {
    let plan = &pipeline.plan;
    for row in ROWS {
        let stages = match row.stage {
            None => 0..plan.stages().len(),
            Some(name) => {
                let place = plan.stages().iter().position(|planned| planned.spec().name == name).unwrap();
                place..place + 1
            }
        };
        let mut engine = Engine::default();
        let mut ready = Vec::new();
        for file in corpus(7, count) {
            let mut document = Document { raw: file.bytes, ..Document::default() };
            document.metadata.source = file.name;
            document.metadata.format = if file.html { Format::Html } else { Format::Text };
            let is_of_row = row.format.is_none_or(|format| format == document.metadata.format);
            engine.run_stages(plan, 0..stages.start, &mut document);
            if is_of_row && document.outcome == Outcome::Kept {
                ready.push(document);
            }
        }
        let given = |document: &Document| {
            if stages.start == 0 { document.raw.len() } else { document.text.len() }
        };
        let bytes: usize = ready.iter().map(given).sum();
        println!("{} {} {bytes}", row.name, ready.len());
        let documents = ready.clone();
        let mut pass = Pass { pipeline, stages, engine, sketch: Vec::new(), documents };
        pass.work();
        pass.documents = ready;
        (row.pass)(&mut pass);
    }
}

fn runs(pipeline: &Pipeline, count: usize, passes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    let mut bytes = 0;
    for file in corpus(7, count) {
        let path = input.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        bytes += file.bytes.len();
        std::fs::write(path, file.bytes).unwrap();
    }
    println!("run {count} {bytes}");
    let found = tamis_io::discover(&[input], &pipeline.input.include).unwrap();
    for pass in 0..passes {
        let output = folder.path().join(format!("out-{pass}"));
        std::fs::create_dir(&output).unwrap();
        let observer = Counters::default();
        let job = Job {
            plan: &pipeline.plan,
            input: &found,
            output,
            compression: pipeline.output.compression,
            counts_only: false,
            limits: pipeline.limits,
            jobs: 1,
            memory: 256 << 20,
            cutting: pipeline.output.cutting,
            limit: None,
            plan_hash: "counts".to_owned(),
            resume: false,
            writes_indexes: false,
            observer: &observer,
        };
        let summary = tamis_runner::run(&job, &Cancel::new()).unwrap();
        assert_eq!((summary.tally.documents, summary.tally.failed), (count as u64, 0));
    }
}
