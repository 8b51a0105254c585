//! Three examples of each rule, drawn by a fixed seed.
//!
//! Shards of the ledger are read in an order that the seed shuffles, until every rule has its examples; from the fifth
//! shard on, lines that name no rule still wanting are passed over unparsed. Common rules are so drawn from a few
//! thousand documents, and rare ones are found wherever they are.

use std::collections::BTreeMap;
use std::rc::Rc;

use tamis_io::{LedgerEdit, LedgerLine, Status};

use super::draw;
use super::raw::{FileDocuments, RawDocuments};
use crate::encoding::read_lossily;
use crate::shown::excerpt;
use crate::{Run, ShardLines, rebuild};

/// So many examples of each rule.
const EXAMPLES: usize = 3;
/// Characters of context on either side.
const CONTEXT: usize = 90;
/// Characters of what went, and of a dropped text.
const SHOWN: usize = 180;
/// So many shards are read whole before lines are chosen.
const WHOLE: usize = 4;

/// What a rule did to one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Example {
    /// The document.
    pub(crate) id: String,
    /// Clean text before the edit.
    pub(crate) before: String,
    /// What went.
    pub(crate) gone: String,
    /// What stands for it.
    pub(crate) new: String,
    /// Clean text after the edit.
    pub(crate) after: String,
    /// Evidence against threshold, the document it lost to, why it was refused.
    pub(crate) evidence: String,
}

/// A line and the edit to show, `None` for the whole document.
struct Candidate {
    draw: u64,
    line: Rc<LedgerLine<'static>>,
    edit: Option<usize>,
}

/// Draws the examples of all rules that did something.
pub(super) fn read(run: &Run, raw: &mut RawDocuments<'_>) -> BTreeMap<String, Vec<Example>> {
    let mut wanting: BTreeMap<String, usize> = BTreeMap::new();
    for rule in &run.report.rules {
        // A ledger of counts has no edits to show.
        let edited = if run.report.counts_only() { 0 } else { rule.documents };
        let documents = edited + rule.dropped + rule.failed;
        if documents > 0 {
            wanting.insert(rule.rule.clone(), EXAMPLES.min(documents as usize));
        }
    }
    let mut shards = run.shards("ledger/");
    shards.sort_by_key(|name| draw(name));
    let mut found: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for (place, shard) in shards.into_iter().enumerate() {
        wanting.retain(|rule, number| found.get(rule).map_or(0, Vec::len) < *number);
        if wanting.is_empty() {
            break;
        }
        let mut lines = ShardLines::<LedgerLine<'static>>::new(&run.root, vec![shard]);
        if place >= WHOLE {
            let quoted = |rule: &String| memchr::memmem::Finder::new(&format!("\"{rule}\"")).into_owned();
            let names: Vec<_> = wanting.keys().map(quoted).collect();
            lines = lines.only(move |line| names.iter().any(|name| name.find(line).is_some()));
        }
        for line in lines.filter_map(Result::ok) {
            consider(line, &wanting, &mut found);
        }
    }
    shown(found, raw)
}

/// Takes the line as a candidate of every wanting rule it shows.
fn consider(
    line: LedgerLine<'static>,
    wanting: &BTreeMap<String, usize>,
    found: &mut BTreeMap<String, Vec<Candidate>>,
) {
    let line = Rc::new(line);
    let mut take = |rule: &str, edit: Option<usize>, draw: u64| {
        let candidates = found.entry(rule.to_owned()).or_default();
        let place = candidates.partition_point(|candidate| candidate.draw < draw);
        if place < EXAMPLES {
            candidates.insert(place, Candidate { draw, line: Rc::clone(&line), edit });
            candidates.truncate(EXAMPLES);
        }
    };
    let drawn = |rule: &str| draw(&format!("{rule}\0{}", line.id));
    if line.status != Status::Kept {
        if let Some(rule) = line.rule.as_deref().filter(|rule| wanting.contains_key(*rule)) {
            take(rule, None, drawn(rule));
        }
        return;
    }
    let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, LedgerEdit(_, _, rule, _)) in line.edits.iter().enumerate() {
        if wanting.contains_key(rule) {
            by_rule.entry(rule).or_default().push(place);
        }
    }
    for (rule, places) in by_rule {
        let draw = drawn(rule);
        let place = places.get((draw % places.len().max(1) as u64) as usize).copied();
        take(rule, place, draw);
    }
}

/// Reads the raw documents of the candidates, file by file.
fn shown(
    found: BTreeMap<String, Vec<Candidate>>,
    raw: &mut RawDocuments<'_>,
) -> BTreeMap<String, Vec<Example>> {
    let mut all: Vec<(String, Candidate)> = found
        .into_iter()
        .flat_map(|(rule, candidates)| candidates.into_iter().map(move |candidate| (rule.clone(), candidate)))
        .collect();
    let place = |candidate: &Candidate| (candidate.line.file.to_string(), candidate.line.line);
    all.sort_by_cached_key(|(_, candidate)| place(candidate));
    let mut examples: BTreeMap<String, Vec<(u64, Example)>> = BTreeMap::new();
    for of_file in all.chunk_by(|left, right| left.1.line.file == right.1.line.file) {
        let Some((_, first)) = of_file.first() else { continue };
        let file = raw.file(&first.line.file);
        let mut documents = FileDocuments::new(file.as_ref());
        for (rule, candidate) in of_file {
            let example = example(candidate, &mut documents);
            examples.entry(rule.clone()).or_default().push((candidate.draw, example));
        }
    }
    let in_order = examples.into_iter().map(|(rule, mut drawn)| {
        drawn.sort_by_key(|(draw, _)| *draw);
        (rule, drawn.into_iter().map(|(_, example)| example).collect())
    });
    in_order.collect()
}

fn example(candidate: &Candidate, documents: &mut FileDocuments<'_>) -> Example {
    let line = &candidate.line;
    let mut example = Example { id: line.id.to_string(), ..Example::default() };
    example.evidence = evidence(line, candidate.edit);
    if line.status == Status::Failed {
        return example;
    }
    let Ok(raw) = documents.raw(line) else { return example };
    let Ok(rebuilt) = rebuild(raw, line.encoding.as_deref(), &line.edits) else { return example };
    let Some(edit) = candidate.edit else {
        example.gone = excerpt(rebuilt.text.trim_start(), SHOWN);
        return example;
    };
    let found = rebuilt.pieces.iter().find(|piece| piece.edit.is_some_and(|(place, _)| place == edit));
    let Some(piece) = found else { return example };
    let old = raw.get(piece.raw.clone()).unwrap_or_default();
    example.gone = clipped(&read_lossily(line.encoding.as_deref(), old));
    example.new = clipped(rebuilt.text.get(piece.text.clone()).unwrap_or_default());
    example.before = last(rebuilt.text.get(..piece.text.start).unwrap_or_default());
    example.after = excerpt(rebuilt.text.get(piece.text.end..).unwrap_or_default(), CONTEXT);
    example
}

/// What a decision rested on.
fn evidence(line: &LedgerLine<'_>, edit: Option<usize>) -> String {
    if let Some(edit) = edit {
        if let Some(score) = line.scores.get(edit).copied().flatten() {
            return format!("score {score}");
        }
        let edit = line.edits.get(edit);
        let stays = line.runs.iter().find(|run| edit.is_some_and(|edit| run.0 < edit.1 && edit.0 < run.1));
        return stays.map_or_else(String::new, |run| format!("stays in {}", run.2));
    }
    if line.status == Status::Failed {
        return excerpt(line.reason.as_deref().unwrap_or_default(), SHOWN);
    }
    super::table::evidence(line)
}

/// A stretch on one line, spaces alone by their signs.
fn clipped(text: &str) -> String {
    if !text.is_empty() && text.chars().all(char::is_whitespace) {
        return excerpt(&super::view::spaces_shown(text), SHOWN);
    }
    excerpt(text, SHOWN)
}

/// The last characters of a text on one line.
fn last(text: &str) -> String {
    let more = text.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let tail = text.get(more..).unwrap_or_default();
    let shown = excerpt(tail, CONTEXT + 1);
    if more > 0 { format!("…{shown}") } else { shown }
}
