//! Three examples of each rule, drawn by a fixed seed.
//!
//! Shards of the ledger are read in an order that the seed shuffles, until every rule has its examples; from the fifth
//! shard on, lines that name no rule still wanting are passed over unparsed. Common rules are so drawn from a few
//! thousand documents, and rare ones are found wherever they are.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::de::IgnoredAny;
use tamis_io::{LedgerEdit, LedgerLine, Status};

use super::edits::{self, Edit, RulePlaces};
use super::raw::{Buffers, FileDocuments, RawDocuments};
use super::{draw, stretches};
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
#[derive(Clone, Debug)]
struct Candidate {
    draw: u64,
    line: Rc<[u8]>,
    edit: Option<usize>,
}

/// Candidates by the places of their rules, those that are drawn first before others.
#[derive(Debug, Default)]
struct Candidates(BTreeMap<usize, Vec<Candidate>>);

/// Draws examples while the ledger is read.
///
/// Each shard has candidates of its own: what the table has read of it before its turn is not read again.
pub(super) struct Draws<'a> {
    run: &'a Run,
    /// How many examples each rule has, by its place.
    wanting: Vec<usize>,
    shards: Vec<(String, Candidates)>,
    whole: BTreeSet<String>,
    /// A shard that was read in part.
    open: Option<(String, ShardLines<IgnoredAny>)>,
    key: Vec<u8>,
}

impl<'a> Draws<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        // A ledger of counts has no edits to show.
        let counts_only = run.report.counts_only();
        let wanting = run.report.rules.iter().map(|rule| {
            let edited = if counts_only { 0 } else { rule.documents };
            EXAMPLES.min((edited + rule.dropped + rule.failed) as usize)
        });
        let wanting = wanting.collect();
        Self { run, wanting, shards: Vec::new(), whole: BTreeSet::new(), open: None, key: Vec::new() }
    }

    /// Takes a line of a shard as a candidate of every wanting rule that it shows: of the one that the document `ended` by,
    /// or of its edits.
    pub(super) fn consider(
        &mut self,
        shard: &str,
        line: &[u8],
        id: &str,
        ended: Option<usize>,
        edits: &[Edit],
    ) {
        if self.shards.last().is_none_or(|(name, _)| name != shard) {
            self.shards.push((shard.to_owned(), Candidates::default()));
        }
        let Self { run, wanting, shards, key, .. } = self;
        let Some((_, candidates)) = shards.last_mut() else { return };
        let mut copy: Option<Rc<[u8]>> = None;
        let mut take = |rule: usize, of: u64, place: &dyn Fn(u64) -> Option<usize>| {
            let Some(name) =
                run.report.rules.get(rule).filter(|_| wanting.get(rule).is_some_and(|wanting| *wanting > 0))
            else {
                return;
            };
            key.clear();
            key.extend_from_slice(name.rule.as_bytes());
            key.push(0);
            key.extend_from_slice(id.as_bytes());
            let draw = draw(key);
            if candidates.wants(rule, draw) {
                let line = Rc::clone(copy.get_or_insert_with(|| line.into()));
                candidates.insert(rule, Candidate { draw, line, edit: place(draw % of.max(1)) });
            }
        };
        if let Some(rule) = ended {
            take(rule, 1, &|_| None);
            return;
        }
        let mut by_rule: Vec<(usize, u64)> = Vec::new();
        for edit in edits {
            match by_rule.iter_mut().find(|(rule, _)| *rule == edit.rule) {
                Some((_, number)) => *number += 1,
                None => by_rule.push((edit.rule, 1)),
            }
        }
        for (rule, number) in by_rule {
            let of_rule =
                || edits.iter().enumerate().filter(|(_, edit)| edit.rule == rule).map(|(place, _)| place);
            take(rule, number, &|drawn| of_rule().nth(drawn as usize));
        }
    }

    /// A shard has come to its end.
    pub(super) fn read_whole(&mut self, shard: String) {
        self.whole.insert(shard);
    }

    /// A shard was read as far as `lines` have come.
    pub(super) fn read_on(&mut self, shard: String, lines: ShardLines<IgnoredAny>) {
        self.open = Some((shard, lines));
    }

    /// Draws the examples of all rules that did something.
    pub(super) fn finish(
        mut self,
        raw: &mut RawDocuments<'_>,
        rules: &mut RulePlaces<'_>,
    ) -> BTreeMap<String, Vec<Example>> {
        let mut shards = self.run.shards("ledger/");
        shards.sort_by_key(|name| draw(name.as_bytes()));
        let (mut found, mut buffer) = (Candidates::default(), Vec::new());
        for (place, shard) in shards.into_iter().enumerate() {
            for (rule, wanting) in self.wanting.iter_mut().enumerate() {
                if found.0.get(&rule).map_or(0, Vec::len) >= *wanting {
                    *wanting = 0;
                }
            }
            if self.wanting.iter().all(|wanting| *wanting == 0) {
                break;
            }
            self.read(place, &shard, rules, &mut buffer);
            let of_shard = self.shards.iter_mut().find(|(name, _)| *name == shard);
            for (rule, candidates) in
                of_shard.map(|(_, candidates)| std::mem::take(candidates)).unwrap_or_default().0
            {
                if self.wanting.get(rule).is_some_and(|wanting| *wanting > 0) {
                    // Of equal draws the last one comes first.
                    candidates.into_iter().rev().for_each(|candidate| found.insert(rule, candidate));
                }
            }
        }
        let named = found.0.into_iter().filter_map(|(rule, candidates)| {
            Some((self.run.report.rules.get(rule)?.rule.clone(), candidates))
        });
        shown(named.collect(), raw, rules)
    }

    /// Reads what is left of a shard.
    fn read(&mut self, place: usize, shard: &str, rules: &mut RulePlaces<'_>, buffer: &mut Vec<u8>) {
        if self.whole.contains(shard) {
            return;
        }
        let mut lines = match self.open.take_if(|(name, _)| name == shard) {
            Some((_, lines)) => lines,
            None => ShardLines::new(&self.run.root, vec![shard.to_owned()]),
        };
        if place >= WHOLE {
            let wanting =
                self.run.report.rules.iter().zip(&self.wanting).filter(|(_, wanting)| **wanting > 0);
            let quoted = |name: &str| memchr::memmem::Finder::new(&format!("\"{name}\"")).into_owned();
            let names: Vec<_> = wanting.map(|(rule, _)| quoted(&rule.rule)).collect();
            lines = lines.only(move |line| names.iter().any(|name| name.find(line).is_some()));
        }
        // The candidates of a shard stand last while it is read.
        if let Some(at) = self.shards.iter().position(|(name, _)| name == shard) {
            let of_shard = self.shards.remove(at);
            self.shards.push(of_shard);
        }
        while let Some(line) = lines.next_line() {
            let Ok(line) = line else { continue };
            if let Some(told) = edits::outline(line, rules) {
                self.consider(shard, line, &told.id, told.ended, &told.edits);
            } else if let Ok((told, edits)) = edits::read(line, rules, buffer) {
                let rule = told.rule.as_deref().map_or(usize::MAX, |rule| rules.get(rule.as_bytes()));
                let ended = (told.status != Status::Kept).then_some(rule);
                self.consider(shard, line, &told.id, ended, &edits);
            }
        }
    }
}

impl Candidates {
    /// Whether a candidate of this draw is among the first.
    fn wants(&self, rule: usize, draw: u64) -> bool {
        self.0
            .get(&rule)
            .is_none_or(|candidates| candidates.partition_point(|candidate| candidate.draw < draw) < EXAMPLES)
    }

    fn insert(&mut self, rule: usize, candidate: Candidate) {
        let candidates = self.0.entry(rule).or_default();
        let place = candidates.partition_point(|known| known.draw < candidate.draw);
        candidates.insert(place, candidate);
        candidates.truncate(EXAMPLES);
    }
}

/// A candidate that was drawn.
struct Drawn {
    draw: u64,
    line: LedgerLine<'static>,
    edits: Vec<LedgerEdit>,
    edit: Option<usize>,
}

/// Reads the raw documents of the candidates, file by file.
fn shown(
    found: BTreeMap<String, Vec<Candidate>>,
    raw: &mut RawDocuments<'_>,
    rules: &mut RulePlaces<'_>,
) -> BTreeMap<String, Vec<Example>> {
    let mut buffer = Vec::new();
    let mut drawn = |candidate: Candidate| {
        let (line, edits) = edits::read_with_scores(&candidate.line, rules, &mut buffer, true).ok()?;
        let edits = edits.iter().map(Edit::without_rule).collect();
        Some(Drawn { draw: candidate.draw, line, edits, edit: candidate.edit })
    };
    let mut all: Vec<(String, Drawn)> = found
        .into_iter()
        .flat_map(|(rule, candidates)| {
            let drawn: Vec<Drawn> = candidates.into_iter().filter_map(&mut drawn).collect();
            drawn.into_iter().map(move |drawn| (rule.clone(), drawn))
        })
        .collect();
    all.sort_by_cached_key(|(_, drawn)| (drawn.line.file.to_string(), drawn.line.line));
    let mut examples: BTreeMap<String, Vec<(u64, Example)>> = BTreeMap::new();
    let mut buffers = Buffers::default();
    for of_file in all.chunk_by(|left, right| left.1.line.file == right.1.line.file) {
        let Some((_, first)) = of_file.first() else { continue };
        let file = raw.file(&first.line.file);
        let mut documents = FileDocuments::new(file.as_ref(), &mut buffers);
        for (rule, drawn) in of_file {
            let example = example(drawn, &mut documents);
            examples.entry(rule.clone()).or_default().push((drawn.draw, example));
        }
    }
    let in_order = examples.into_iter().map(|(rule, mut drawn)| {
        drawn.sort_by_key(|(draw, _)| *draw);
        (rule, drawn.into_iter().map(|(_, example)| example).collect())
    });
    in_order.collect()
}

fn example(drawn: &Drawn, documents: &mut FileDocuments<'_>) -> Example {
    let line = &drawn.line;
    let mut example = Example { id: line.id.to_string(), ..Example::default() };
    example.evidence = evidence(drawn);
    if line.status == Status::Failed {
        return example;
    }
    let Ok(raw) = documents.raw(line) else { return example };
    let Ok(rebuilt) = rebuild(raw, line.encoding.as_deref(), &drawn.edits) else { return example };
    let Some(edit) = drawn.edit else {
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
fn evidence(Drawn { line, edits, edit, .. }: &Drawn) -> String {
    if let Some(edit) = *edit {
        if let Some(score) = line.scores.get(edit).copied().flatten() {
            return format!("score {score}");
        }
        let edit = edits.get(edit);
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
        return excerpt(&stretches::spaces_shown(text), SHOWN);
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
