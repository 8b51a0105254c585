//! What the decisions promise, on corpora with known copies, against a comparison of all pairs.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the makers of corpora are tests as well, and what they index they have made"
)]

mod numbers;

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use numbers::Numbers;
use proptest::prelude::*;
use tamis_core::{
    BlockPlace, Blocks, Decision, MemorySketches, MemoryStorage, Original, Resources, Sketches, StageError,
    Storage,
};
use tamis_dedup::{Context, Deduplicator, Forecast, Match, Near, Options, SketchBuffers, rules};

tamis_laws::corpus_laws!(Deduplicator::default());

mod lines {
    use super::*;

    fn removes_lines() -> Deduplicator {
        Deduplicator::new(toml::from_str("documents = false\nparagraphs = true").unwrap())
    }

    tamis_laws::corpus_laws!(removes_lines());
}

/// A corpus of originals and copies in all states, shuffled.
fn corpus(seed: u64, originals: usize) -> Vec<String> {
    let mut numbers = Numbers(seed | 1);
    let mut all = Vec::new();
    for _ in 0..originals {
        let len = 10 + numbers.below(300);
        let words = numbers.words(len);
        for _ in 0..numbers.below(4) {
            let mut copy = words.clone();
            for _ in 0..numbers.below(3) {
                let at = numbers.below(copy.len());
                match numbers.below(6) {
                    0 => copy.truncate(at.max(5)),
                    1 => copy.splice(at..at, numbers.words(20)).for_each(drop),
                    2 => copy.rotate_left(at),
                    3 => copy.iter_mut().step_by(9).for_each(|word| *word = word.replace('o', "0")),
                    4 => copy.iter_mut().for_each(|word| *word = word.to_uppercase()),
                    _ => copy.splice(at..at, numbers.words(len)).for_each(drop),
                }
            }
            all.push(copy.join(" "));
        }
        all.push(words.join(" "));
    }
    for last in (1..all.len()).rev() {
        let other = numbers.below(last + 1);
        all.swap(last, other);
    }
    all
}

fn sketches(deduplicator: &Deduplicator, texts: &[String]) -> MemorySketches {
    MemorySketches(texts.iter().map(|text| deduplicator.sketch(text, Context::default())).collect())
}

/// What was decided, one by one.
#[derive(Debug, PartialEq)]
struct Decided {
    documents: Vec<Decision>,
    warnings: Vec<String>,
}

fn decide_over(deduplicator: &Deduplicator, sketches: &dyn Sketches) -> Result<Decided, StageError> {
    let decisions = deduplicator.decide_all(sketches, &Resources::unbounded())?;
    Ok(Decided { documents: decisions.iter().collect::<Result<_, _>>()?, warnings: decisions.warnings })
}

fn decide(texts: &[String]) -> (MemorySketches, Decided) {
    let deduplicator = Deduplicator::default();
    let sketches = sketches(&deduplicator, texts);
    let decisions = decide_over(&deduplicator, &sketches).unwrap();
    (sketches, decisions)
}

fn kept(decisions: &Decided) -> Vec<usize> {
    let kept = |(ordinal, decision): (usize, &Decision)| (*decision == Decision::Keep).then_some(ordinal);
    decisions.documents.iter().enumerate().filter_map(kept).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_drop_is_proved_by_a_kept_document(seed: u64) {
        let (sketches, decisions) = decide(&corpus(seed, 25));
        let (deduplicator, near) = (Deduplicator::default(), Near::default());
        for (ordinal, decision) in decisions.documents.iter().enumerate() {
            let Decision::Drop { rule, duplicate_of, similarity, threshold } = decision else { continue };
            let Some(Original::Document(other)) = duplicate_of else { panic!("{duplicate_of:?}") };
            let other = *other;
            prop_assert_eq!(&decisions.documents[other], &Decision::Keep);
            let likeness = deduplicator.similarity(&sketches.0[ordinal], &sketches.0[other]).unwrap();
            let (found, measured) = match likeness.judge(&near) {
                _ if *rule == &rules::EXACT_DUPLICATE => (&rules::EXACT_DUPLICATE, 1.0),
                Some(Match::Near) => (&rules::NEAR_DUPLICATE, likeness.similarity()),
                Some(Match::Contained) => (&rules::CONTAINED_COPY, likeness.containment()),
                Some(Match::Misread) => (&rules::MISREAD_COPY, likeness.reading()),
                None => return Err(TestCaseError::fail(format!("{ordinal} and {other} are no match: {likeness:?}"))),
            };
            prop_assert_eq!((rule.id, *similarity), (found.id, Some(measured)));
            prop_assert!(measured >= threshold.unwrap());
        }
    }

    /// The oracle: no pair of kept documents matches, by a comparison of all of them.
    #[test]
    fn no_two_kept_documents_match(seed: u64) {
        let (sketches, decisions) = decide(&corpus(seed, 25));
        let (deduplicator, near) = (Deduplicator::default(), Near::default());
        let words = |ordinal: usize| deduplicator.similarity(&sketches.0[ordinal], &sketches.0[ordinal]).unwrap().shorter;
        let kept: Vec<usize> = kept(&decisions).into_iter().filter(|ordinal| words(*ordinal) >= 25).collect();
        for (place, left) in kept.iter().enumerate() {
            for right in &kept[place + 1..] {
                let likeness = deduplicator.similarity(&sketches.0[*left], &sketches.0[*right]).unwrap();
                prop_assert_eq!(likeness.judge(&near), None, "{} and {}: {:?}", left, right, likeness);
            }
        }
    }

    #[test]
    fn a_second_pass_drops_nothing(seed: u64) {
        let texts = corpus(seed, 40);
        let left: Vec<String> = kept(&decide(&texts).1).into_iter().map(|ordinal| texts[ordinal].clone()).collect();
        prop_assert_eq!(kept(&decide(&left).1).len(), left.len());
    }

    #[test]
    fn input_order_changes_nothing(seed: u64, turn in 0_usize..100) {
        let mut texts = corpus(seed, 25);
        // Of texts with the same words, the first stays.
        texts.sort();
        texts.retain({
            let mut seen = std::collections::BTreeSet::new();
            move |text| seen.insert(text.to_lowercase())
        });
        let mut here: Vec<String> = kept(&decide(&texts).1).into_iter().map(|ordinal| texts[ordinal].clone()).collect();
        let mut turned = texts.clone();
        turned.rotate_left(turn % texts.len());
        let mut there: Vec<String> = kept(&decide(&turned).1).into_iter().map(|ordinal| turned[ordinal].clone()).collect();
        here.sort();
        there.sort();
        prop_assert_eq!(here, there);
    }

    #[test]
    fn a_likeness_has_no_direction(seed: u64) {
        let texts = corpus(seed, 6);
        let deduplicator = Deduplicator::default();
        let sketches = sketches(&deduplicator, &texts);
        for left in &sketches.0 {
            for right in &sketches.0 {
                let (there, back) = (deduplicator.similarity(left, right).unwrap(), deduplicator.similarity(right, left).unwrap());
                prop_assert_eq!(there.judge(&Near::default()), back.judge(&Near::default()));
                prop_assert!((there.similarity() - back.similarity()).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn any_text_can_be_sketched(text: String, lines in any::<bool>()) {
        let options = if lines { "paragraphs = { scope = \"corpus\", min-pages = 2 }" } else { "" };
        let deduplicator = Deduplicator::new(toml::from_str(options).unwrap());
        let sketches = sketches(&deduplicator, &[text.clone(), text.clone(), format!("{text}\n{text}")]);
        let decisions = decide_over(&deduplicator, &sketches).unwrap();
        let is_twin = matches!(decisions.documents[1], Decision::Drop { duplicate_of: Some(Original::Document(0)), .. });
        prop_assert!(is_twin);
    }

    #[test]
    fn broken_sketches_are_told(seed: u64, cut in 0_usize..60) {
        let texts = corpus(seed, 3);
        let mut broken = sketches(&Deduplicator::default(), &texts);
        let last = broken.0.len() - 1;
        broken.0[last].truncate(cut);
        let decided = decide_over(&Deduplicator::default(), &broken);
        prop_assert!(decided.is_err() || cut >= 52);
    }
}

#[test]
fn threads_change_nothing() {
    let texts = corpus(7, 600);
    let deduplicator = Deduplicator::new(toml::from_str("paragraphs = { scope = \"corpus\" }").unwrap());
    let sketches = sketches(&deduplicator, &texts);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| decide_over(&deduplicator, &sketches).unwrap())
    };
    let alone = with(1);
    assert!(kept(&alone).len() < texts.len() - 100, "the corpus has copies");
    assert_eq!(alone, with(2));
    assert_eq!(alone, with(7));
}

/// A budget of a megabyte puts the pass into several epochs and merges partitions from runs.
#[test]
fn memory_changes_nothing() {
    let mut texts = corpus(19, 700);
    // A frame on every page: keys that all documents have.
    let frame = Numbers(29).words(70).join(" ");
    texts.iter_mut().step_by(3).for_each(|text| *text = format!("{frame}\n{text}"));
    let deduplicator = Deduplicator::new(toml::from_str("paragraphs = { scope = \"corpus\" }").unwrap());
    let sketches = sketches(&deduplicator, &texts);
    let with = |memory: u64| {
        let resources = Resources { memory, ..Resources::unbounded() };
        let decisions = deduplicator.decide_all(&sketches, &resources).unwrap();
        let documents = decisions.iter().collect::<Result<_, _>>().unwrap();
        Decided { documents, warnings: decisions.warnings }
    };
    let all = with(u64::MAX);
    assert!(kept(&all).len() < texts.len() - 100, "the corpus has copies");
    assert!(all.documents.iter().any(|decision| matches!(decision, Decision::Remove(_))));
    for memory in [0, 1 << 20, 1 << 22] {
        assert_eq!(all, with(memory), "{memory} bytes");
    }
}

#[test]
fn buffers_carry_nothing_over() {
    let deduplicator = Deduplicator::default();
    let mut buffers = SketchBuffers::default();
    for text in corpus(3, 10) {
        let mut used = Vec::new();
        deduplicator.sketch_text(&text, Context::default(), &mut buffers, &mut used);
        assert_eq!(used, deduplicator.sketch(&text, Context::default()));
    }
}

/// A wire story in fifty papers, each with its own headline and a word of its own, leaves one; ten others stay.
#[test]
fn a_story_with_fifty_copies_leaves_one() {
    let mut numbers = Numbers(11);
    let story = numbers.words(240).join(" ");
    let mut texts: Vec<String> = (0..50)
        .map(|paper| {
            format!("{} {} paper{paper}", numbers.words(6).join(" "), story.replacen("qui", "que", paper))
        })
        .collect();
    texts.extend((0..10).map(|_| numbers.words(240).join(" ")));
    assert_eq!(kept(&decide(&texts).1).len(), 11);

    // The same in the narrow columns of one folder: lines in many files, but no frame.
    let deduplicator = Deduplicator::default();
    let column = |text: &String| {
        let words: Vec<&str> = text.split(' ').collect();
        let lines: Vec<String> = words.chunks(6).map(|line| line.join(" ")).collect();
        deduplicator.sketch(&lines.join("\n"), Context { source: "wire/1.txt", ..Context::default() })
    };
    let sketches = MemorySketches(texts.iter().map(column).collect());
    assert_eq!(kept(&decide_over(&deduplicator, &sketches).unwrap()).len(), 11);
}

/// Briefs that are a tenth of their pages: the frame is their site's, so none is a copy of another; a corrected brief is.
#[test]
fn briefs_in_a_large_frame_stay() {
    let mut numbers = Numbers(17);
    let menu: Vec<String> = (0..150).map(|_| numbers.words(3).join(" ")).collect();
    let menu = menu.join("\n");
    let mut briefs: Vec<String> = (0..60).map(|_| numbers.words(50).join(" ")).collect();
    briefs.push(format!("corrige {}", briefs[7]));
    let deduplicator = Deduplicator::default();
    let decide = |folder: &dyn Fn(usize) -> String| {
        let sketch = |(page, brief): (usize, &String)| {
            let source = folder(page);
            let context = Context { source: &source, ..Context::default() };
            deduplicator.sketch(&format!("{menu}\n{brief}\n{menu}"), context)
        };
        let sketches = MemorySketches(briefs.iter().enumerate().map(sketch).collect());
        kept(&decide_over(&deduplicator, &sketches).unwrap())
    };
    let of_one_site = decide(&|page| format!("gazette/{page}.txt"));
    assert_eq!(of_one_site.len(), 60);
    assert!(!of_one_site.contains(&7) || !of_one_site.contains(&60));
    // Sites of one page have no frame that could be known.
    assert!(decide(&|page| format!("site-{page}/1.txt")).len() < 5);
}

/// A frame around many articles is no reason to drop any, and pages are not all compared with all.
#[test]
fn a_frame_on_many_pages_drops_none() {
    let mut numbers = Numbers(13);
    let frame = numbers.words(60).join(" ");
    let texts: Vec<String> =
        (0..150).map(|_| format!("{frame} {} {frame}", numbers.words(40).join(" "))).collect();
    let (_, decisions) = decide(&texts);
    assert_eq!(kept(&decisions).len(), 150);
    assert!(decisions.warnings.iter().any(|warning| warning.contains("likeliest only")), "{decisions:?}");
}

/// Sketches that count how often they are read.
struct Counted(MemorySketches, AtomicUsize);

impl Sketches for Counted {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, ordinal: usize) -> Result<Cow<'_, [u8]>, StageError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.get(ordinal)
    }
}

/// Reports put together from a few sentences share many shingles with all others. Copies are found, and others are not
/// compared with one another: a document is read as often in a corpus four times as large.
#[test]
fn templates_cost_no_more_in_a_larger_corpus() {
    let mut numbers = Numbers(23);
    let phrases: Vec<String> = (0..60).map(|_| numbers.words(6).join(" ")).collect();
    let mut reads = |documents: usize| {
        let mut texts: Vec<String> = Vec::new();
        let mut copies = 0;
        for _ in 0..documents {
            let report: Vec<&str> = (0..40).map(|_| phrases[numbers.below(60)].as_str()).collect();
            let copied = numbers.below(texts.len().max(1));
            match texts.get(copied).filter(|_| numbers.below(8) == 0) {
                Some(text) => {
                    copies += 1;
                    texts.push(format!("{text} {}", report[..4].join(" ")));
                }
                None => texts.push(report.join(" ")),
            }
        }
        let deduplicator = Deduplicator::default();
        let counted = Counted(sketches(&deduplicator, &texts), AtomicUsize::new(0));
        let decisions = decide_over(&deduplicator, &counted).unwrap();
        let dropped = texts.len() - kept(&decisions).len();
        assert_eq!(dropped, copies, "{:?}", decisions.warnings);
        counted.1.into_inner() as f64 / documents as f64
    };
    let (few, many) = (reads(500), reads(2000));
    assert!(few < 8.0 && many < 1.15 * few, "{few} and {many} reads a document");
}

/// Texts of one repeated piece are the hard ones: every run of words stands everywhere.
#[test]
fn ten_times_the_text_costs_ten_times_the_work() {
    let deduplicator = Deduplicator::new(toml::from_str("paragraphs = true").unwrap());
    for piece in tamis_laws::strategy::REPEATED.into_iter().chain(["la mer, le vent, la mer ", "東京 "]) {
        tamis_laws::grows_linearly(piece, |text| {
            let other: String = text
                .split_inclusive(' ')
                .enumerate()
                .fold(String::new(), |text, (n, word)| text + word + if n % 7 == 0 { "autre " } else { "" });
            let sketch = |text: &str| deduplicator.sketch(text, Context::default());
            deduplicator.similarity(&sketch(text), &sketch(&other)).unwrap();
        });
    }
}

/// Storage that counts what is written to it.
#[derive(Default)]
struct Metered(std::sync::Arc<AtomicUsize>);

struct MeteredBlocks(Box<dyn Blocks>, std::sync::Arc<AtomicUsize>);

impl Storage for Metered {
    fn create(&self) -> Result<Box<dyn Blocks>, StageError> {
        Ok(Box::new(MeteredBlocks(MemoryStorage.create()?, self.0.clone())))
    }
}

impl Blocks for MeteredBlocks {
    fn append(&self, block: &[u8]) -> Result<BlockPlace, StageError> {
        self.1.fetch_add(block.len(), Ordering::Relaxed);
        self.0.append(block)
    }

    fn read(&self, place: BlockPlace, into: &mut Vec<u8>) -> Result<(), StageError> {
        self.0.read(place, into)
    }
}

#[test]
fn the_forecast_of_temporary_files_is_within_a_factor_of_two() {
    let texts = corpus(41, 1500);
    let deduplicator = Deduplicator::default();
    let sketches = sketches(&deduplicator, &texts);
    let storage = Metered::default();
    let resources = Resources { memory: 0, storage: &storage, ..Resources::unbounded() };
    deduplicator.decide_all(&sketches, &resources).unwrap();
    let sketched: usize = sketches.0.iter().map(Vec::len).sum();
    let written = (storage.0.load(Ordering::Relaxed) + sketched) as f64;
    let bytes: usize = texts.iter().map(String::len).sum();
    let told = Forecast::new(texts.len() as u64, bytes as u64, 0).disk as f64;
    assert!(told < 2.0 * written && written < 2.0 * told, "{told} told, {written} written");
}

#[test]
fn exact_duplicates_always_go() {
    for seed in [1, 5, 9] {
        let texts = corpus(seed, 60);
        let (_, once) = decide(&texts);
        let twice: Vec<String> =
            texts.iter().cloned().chain(texts.iter().map(|text| text.to_uppercase())).collect();
        let (_, decisions) = decide(&twice);
        assert_eq!(kept(&decisions).len(), kept(&once).len());
        let mut seen = std::collections::BTreeSet::new();
        for ordinal in kept(&decisions) {
            assert!(seen.insert(twice[ordinal].to_lowercase()), "two of {:?}", twice[ordinal]);
        }
    }
}

/// Copies of which less is left than any rule asks for.
#[test]
fn below_the_floor_nothing_goes() {
    let mut numbers = Numbers(43);
    let mut texts = Vec::new();
    for _ in 0..60 {
        let words = numbers.words(200);
        let mut other = numbers.words(200);
        // Two fifths in one piece: a Dice coefficient of .4, and passages of their own on both sides.
        other[..80].clone_from_slice(&words[..80]);
        texts.push(words.join(" "));
        texts.push(other.join(" "));
        // An excerpt: an eighth of the text.
        texts.push(words[150..175].join(" "));
    }
    assert_eq!(kept(&decide(&texts).1).len(), texts.len());
}

#[test]
fn documents_that_were_made_apart_stay() {
    for seed in [47, 53] {
        let mut numbers = Numbers(seed);
        let texts: Vec<String> = (0..300)
            .map(|_| {
                let words = 5 + numbers.below(300);
                numbers.words(words).join(" ")
            })
            .collect();
        assert_eq!(kept(&decide(&texts).1).len(), texts.len());
    }
}

/// A scan whose menu was misread, and so was not stripped, has more words than the clean article, known ones too.
#[test]
fn a_scan_with_a_misread_menu_is_not_the_better_copy() {
    let mut numbers = Numbers(59);
    let mut texts: Vec<String> = (0..1100).map(|_| numbers.words(60).join(" ")).collect();
    let lines: Vec<String> = (0..10).map(|_| numbers.words(15).join(" ")).collect();
    let misread = |line: &String| {
        let words = line.split(' ').enumerate();
        let words = words.map(|(n, word)| if n % 8 == 2 { format!("{word}x") } else { word.to_owned() });
        words.collect::<Vec<_>>().join(" ")
    };
    let menu = misread(&numbers.words(36).join(" "));
    let scan: Vec<String> = lines.iter().map(misread).collect();
    texts.push(lines.join("\n"));
    texts.push(format!("{}\n{menu}", scan.join("\n")));
    let (_, decisions) = decide(&texts);
    let best = texts.len() - 2;
    assert_eq!(decisions.documents[best], Decision::Keep);
    let lost = &decisions.documents[best + 1];
    assert!(
        matches!(lost, Decision::Drop { duplicate_of: Some(Original::Document(of)), .. } if *of == best),
        "{lost:?}"
    );
}

/// The best of documents with the same words has its capitals and accents, wherever it stands.
#[test]
fn the_best_of_equal_words_stays_in_any_order() {
    let best = "La séance est levée, a dit la présidente.";
    let mut texts =
        [best, "LA SEANCE EST LEVEE, A DIT LA PRESIDENTE", "la seance est levee a dit la presidente"];
    for _ in 0..3 {
        texts.rotate_left(1);
        let (_, decisions) = decide(&texts.map(str::to_owned));
        assert_eq!(kept(&decisions).into_iter().map(|ordinal| texts[ordinal]).collect::<Vec<_>>(), [best]);
    }
}

/// A thousand copies of one error page, then documents that are all too short, then nothing for any rule.
#[test]
fn what_is_unusual_is_told() {
    let mut numbers = Numbers(31);
    let page = numbers.words(60).join(" ");
    let told = |texts: &[String], options: &str| {
        let deduplicator = Deduplicator::new(toml::from_str(options).unwrap());
        let sketches = sketches(&deduplicator, texts);
        let decisions = deduplicator.decide_all(&sketches, &Resources::unbounded()).unwrap();
        (decisions.warnings.join("\n"), decisions.measures)
    };
    let copies: Vec<String> =
        (0..300).map(|n| if n < 150 { format!("{page} {n}") } else { numbers.words(60).join(" ") }).collect();
    let (warnings, measures) = told(&copies, "");
    assert!(warnings.contains("one cluster holds 150 of 300 documents (50.0 %)"), "{warnings}");
    assert_eq!(measures["cluster.largest"], 150);
    assert_eq!(told(&copies, "cluster-warning = 0.6").0, "");

    let short: Vec<String> = (0..1200).map(|n| format!("la dépêche numéro {n}")).collect();
    let (warnings, measures) = told(&short, "");
    assert!(warnings.contains("1200 of 1200 documents (100.0 %) have fewer than 25 words"), "{warnings}");
    assert!(warnings.contains("half of all have 4 words at most"), "{warnings}");
    assert!(warnings.contains("`exact` is asked for, and matched none"), "{warnings}");
    assert!(warnings.contains("`near` is asked for, and matched none"), "{warnings}");
    assert_eq!(measures["too-short"], 1200);
    let silent = told(&short, "documents = false\nparagraphs = { scope = \"corpus\" }").0;
    assert!(silent.contains("`paragraphs` is asked for") && !silent.contains("`exact`"), "{silent}");
}

#[test]
fn no_corpus_at_all() {
    for options in [Options::default(), toml::from_str("paragraphs = true").unwrap()] {
        let decisions = decide_over(&Deduplicator::new(options), &MemorySketches::default()).unwrap();
        assert_eq!(decisions, Decided { documents: Vec::new(), warnings: Vec::new() });
    }
}
