//! What the removal of repeated runs promises, on corpora with known runs, against all common runs of all pairs.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "the makers of corpora are tests as well, and what they index they have made"
)]

mod numbers;

use std::ops::Range;

use numbers::Numbers;
use proptest::prelude::*;
use tamis_core::{Decision, MemorySketches, Original, Removal, Resources, Span, Stays};
use tamis_dedup::{Context, Deduplicator, rules};

tamis_laws::corpus_laws!(removing("documents = false\nruns = { min-words = 20 }"));

fn removing(options: &str) -> Deduplicator {
    Deduplicator::new(toml::from_str(options).unwrap())
}

/// A document and its sentences, if they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Text {
    text: String,
    sentences: Vec<(usize, usize)>,
}

/// What became of a corpus.
struct Decided {
    removals: Vec<Vec<Removal>>,
    /// The document that each dropped one lost to.
    dropped: Vec<Option<usize>>,
    warnings: Vec<String>,
    measures: std::collections::BTreeMap<&'static str, u64>,
}

fn decide(deduplicator: &Deduplicator, texts: &[Text], memory: u64) -> Decided {
    let sketch = |text: &Text| {
        let spans: Vec<Span> = text.sentences.iter().map(|(start, end)| Span::of(*start, *end)).collect();
        deduplicator.sketch(&text.text, Context { sentences: &spans, ..Context::default() })
    };
    let sketches = MemorySketches(texts.iter().map(sketch).collect());
    let resources = Resources { memory, ..Resources::unbounded() };
    let decisions = deduplicator.decide_all(&sketches, &resources).unwrap();
    let all: Vec<Decision> = decisions.iter().collect::<Result<_, _>>().unwrap();
    let removals = all.iter().map(|decision| match decision {
        Decision::Remove(removals) => removals.clone(),
        _ => Vec::new(),
    });
    Decided {
        removals: removals.collect(),
        dropped: all.iter().map(lost_to).collect(),
        warnings: decisions.warnings,
        measures: decisions.measures,
    }
}

fn lost_to(decision: &Decision) -> Option<usize> {
    let Decision::Drop { duplicate_of: Some(Original::Document(other)), .. } = decision else { return None };
    Some(*other)
}

/// The words of a text, folded as the made-up words need it, and where they are.
fn words(text: &str) -> Vec<(String, Range<usize>)> {
    let mut words: Vec<(String, Range<usize>)> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            let plain: String = c.to_lowercase().map(|c| if c == 'é' { 'e' } else { c }).collect();
            if !open {
                words.push((String::new(), at..at));
            }
            let last = words.last_mut().unwrap();
            last.0.push_str(&plain);
            last.1.end = at + c.len_utf8();
        }
        open = c.is_alphanumeric();
    }
    words
}

/// A document after the decision: its words, and which are gone.
struct Left {
    words: Vec<(String, Range<usize>)>,
    gone: Vec<bool>,
}

fn left(texts: &[Text], decided: &Decided) -> Vec<Left> {
    let one = |(text, removals): (&Text, &Vec<Removal>)| {
        let words = words(&text.text);
        let inside = |word: &Range<usize>| {
            let touched = removals.iter().filter(|removal| {
                removal.span.range().start < word.end && word.start < removal.span.range().end
            });
            let touched: Vec<&Removal> = touched.collect();
            assert!(touched.len() <= 1, "a word in two removals");
            touched.iter().any(|removal| {
                let span = removal.span.range();
                assert!(span.start <= word.start && word.end <= span.end, "half a word goes");
                true
            })
        };
        let gone = words.iter().map(|(_, word)| inside(word)).collect();
        Left { words, gone }
    };
    texts.iter().zip(&decided.removals).map(one).collect()
}

fn applied(texts: &[Text], decided: &Decided) -> Vec<Text> {
    let stay =
        texts.iter().zip(&decided.removals).zip(&decided.dropped).filter(|(_, dropped)| dropped.is_none());
    stay.map(|((text, removals), _)| {
        let mut left = text.clone();
        for removal in removals.iter().rev() {
            let gone = removal.span.range();
            left.text.replace_range(gone.clone(), "");
            left.sentences.retain(|(start, end)| *end <= gone.start || *start >= gone.end);
            for sentence in left.sentences.iter_mut().filter(|sentence| sentence.0 >= gone.end) {
                *sentence = (sentence.0 - gone.len(), sentence.1 - gone.len());
            }
        }
        left
    })
    .collect()
}

/// The longest runs that two texts have left in common, of `least` words at least: all of them, by dynamic programming.
fn common_runs(left: &Left, right: &Left, least: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let mut above = vec![0; right.words.len() + 1];
    for row in (0..left.words.len()).rev() {
        let mut lengths = vec![0; right.words.len() + 1];
        for column in (0..right.words.len()).rev() {
            let here = !left.gone[row] && !right.gone[column] && left.words[row].0 == right.words[column].0;
            lengths[column] = if here { above[column + 1] + 1 } else { 0 };
            let length = lengths[column];
            let begins = row == 0
                || column == 0
                || left.gone[row - 1]
                || right.gone[column - 1]
                || left.words[row - 1].0 != right.words[column - 1].0;
            if length >= least && begins {
                found.push((row..row + length, column..column + length));
            }
        }
        above = lengths;
    }
    found
}

/// How many words of a run are left when it is cut between sentences.
fn in_whole_sentences(text: &Text, words: &[(String, Range<usize>)], run: &Range<usize>) -> usize {
    if text.sentences.is_empty() {
        return run.len();
    }
    let of = |word: usize| {
        text.sentences.iter().position(|(start, end)| (*start..*end).contains(&words[word].1.start))
    };
    let is_cut = |word: usize| word == 0 || word == words.len() || of(word - 1) != of(word);
    let (Some(start), Some(end)) = (
        (run.start..run.end).find(|word| is_cut(*word)),
        (run.start..=run.end).rev().find(|word| is_cut(*word)),
    ) else {
        return 0;
    };
    end.saturating_sub(start)
}

/// Documents of some hundred words, with passages of 10 to 90 words from a common stock, whole and in part; some of the
/// stock in every second document. With `sentences`, with full stops, capitals and accents too.
fn corpus(seed: u64, documents: usize, sentences: bool) -> Vec<Text> {
    corpus_of(seed, documents, sentences, true)
}

/// The same with passages in part or not.
fn corpus_of(seed: u64, documents: usize, sentences: bool, parts: bool) -> Vec<Text> {
    let mut numbers = Numbers(seed | 1);
    let stock: Vec<Vec<String>> = (0..12)
        .map(|_| {
            let length = 10 + numbers.below(80);
            numbers.words(length)
        })
        .collect();
    (0..documents)
        .map(|number| {
            let mut words = Vec::new();
            for _ in 0..=numbers.below(4) {
                let own = numbers.below(60);
                words.extend(numbers.words(own));
                // What a removal brings together stands nowhere else.
                words.push(format!("mark{number}of{}", words.len()));
                let of_stock = if numbers.below(2) == 0 { number % 2 } else { numbers.below(stock.len()) };
                let passage = &stock[of_stock];
                let (mut from, mut to) = (0, passage.len());
                if parts && numbers.below(3) == 0 {
                    from = numbers.below(passage.len());
                    to = from + 1 + numbers.below(passage.len() - from);
                }
                words.extend_from_slice(&passage[from..to]);
            }
            words.push(format!("document{number}"));
            if sentences {
                sentenced(&words, &mut numbers)
            } else {
                Text { text: words.join(" "), sentences: vec![] }
            }
        })
        .collect()
}

/// Words as sentences, which end where the words say so, so that a passage is divided alike everywhere but at its edges.
fn sentenced(words: &[String], numbers: &mut Numbers) -> Text {
    let mut text = Text::default();
    let mut start = 0;
    for (place, word) in words.iter().enumerate() {
        let ends = place + 1 == words.len() || word.len() % 4 == 2;
        let styled = if numbers.below(5) == 0 { word.to_uppercase() } else { word.replacen('e', "é", 1) };
        text.text.push_str(&styled);
        if ends {
            text.text.push_str(if numbers.below(2) == 0 { "." } else { " !" });
            text.sentences.push((start, text.text.len()));
            text.text.push(if numbers.below(4) == 0 { '\n' } else { ' ' });
            start = text.text.len();
        } else {
            text.text.push_str(if numbers.below(9) == 0 { ", " } else { " " });
        }
    }
    text
}

const LEAST: usize = 20;
const OPTIONS: &str = "near = false\nexact = false\nruns = { min-words = 20 }";

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_run_that_goes_stays_in_the_document_it_names(seed: u64, sentences: bool) {
        let texts = corpus(seed, 25, sentences);
        let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
        let left = left(&texts, &decided);
        prop_assert!(sentences || decided.removals.iter().any(|removals| !removals.is_empty()));
        for (place, removals) in decided.removals.iter().enumerate() {
            for Removal { span, rule, stays } in removals {
                prop_assert_eq!(rule.id, rules::REPEATED_RUN.id);
                let Stays { document, letters, hash } = stays.unwrap();
                prop_assert!(document != place && decided.dropped[document].is_none());
                let gone: Vec<&String> =
                    left[place].words.iter().filter(|word| span.range().contains(&word.1.start)).map(|word| &word.0).collect();
                let told: String = gone.iter().map(|word| word.as_str()).collect();
                prop_assert_eq!((letters as usize, hash), (told.len(), Stays::hash(told.bytes())));
                let other = &left[document];
                let stands = (0..=other.words.len().saturating_sub(gone.len())).any(|from| {
                    (0..gone.len()).all(|at| !other.gone[from + at] && other.words[from + at].0 == *gone[at])
                });
                prop_assert!(stands, "{:?} of {} is not in {}", gone, place, document);
            }
        }
    }

    #[test]
    fn a_document_that_goes_stands_in_the_one_it_names(seed: u64) {
        let mut texts = corpus(seed, 12, false);
        let parts: Vec<Text> = texts
            .iter()
            .map(|text| Text { text: text.text.split_inclusive(' ').skip(3).take(40).collect(), sentences: vec![] })
            .collect();
        texts.extend(parts);
        let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
        prop_assert!(decided.dropped.iter().flatten().count() > 3);
        let left = left(&texts, &decided);
        for (place, other) in decided.dropped.iter().enumerate() {
            let Some(other) = *other else { continue };
            prop_assert_eq!(decided.dropped[other], None);
            let mut stands = vec![false; left[place].words.len()];
            for (run, _) in common_runs(&left[place], &left[other], LEAST) {
                stands[run].fill(true);
            }
            prop_assert!(stands.iter().all(|stands| *stands), "{} is not in {}", place, other);
        }
    }

    /// The oracle: no two documents have a run left in common that could go from both.
    #[test]
    fn no_two_documents_keep_a_run(seed: u64, sentences: bool) {
        let texts = corpus(seed, 25, sentences);
        let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
        let left = left(&texts, &decided);
        let stay: Vec<usize> = (0..texts.len()).filter(|place| decided.dropped[*place].is_none()).collect();
        for (place, one) in stay.iter().copied().enumerate() {
            for other in stay[place + 1..].iter().copied() {
                for (run, there) in common_runs(&left[one], &left[other], LEAST) {
                    let cut = in_whole_sentences(&texts[one], &left[one].words, &run)
                        .min(in_whole_sentences(&texts[other], &left[other].words, &there));
                    prop_assert!(cut < LEAST, "{} and {} have {:?} in common", one, other, &left[one].words[run]);
                }
            }
        }
    }

    #[test]
    fn nothing_below_the_length_goes(seed: u64, sentences: bool) {
        let texts = corpus(seed, 25, sentences);
        let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
        for (text, left) in texts.iter().zip(left(&texts, &decided)) {
            for run in left.gone.chunk_by(|one, next| one == next).filter(|run| run[0]) {
                prop_assert!(run.len() >= LEAST, "{} words of {:?}", run.len(), text);
            }
        }
        let long = removing("near = false\nexact = false\nruns = { min-words = 100 }");
        prop_assert!(decide(&long, &texts, u64::MAX).removals.iter().all(Vec::is_empty));
    }

    #[test]
    fn no_sentence_is_cut(seed: u64) {
        let texts = corpus(seed, 25, true);
        let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
        for (text, left) in texts.iter().zip(left(&texts, &decided)) {
            for (start, end) in &text.sentences {
                let of_sentence = left.words.iter().zip(&left.gone).filter(|(word, _)| (*start..*end).contains(&word.1.start));
                let gone: Vec<bool> = of_sentence.map(|(_, gone)| *gone).collect();
                prop_assert!(gone.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", &text.text[*start..*end]);
            }
        }
    }

    /// Not so where two documents keep the same ends of a passage, too short by themselves, after its middle has gone from
    /// both.
    #[test]
    fn a_second_pass_removes_nothing(seed: u64) {
        let texts = corpus_of(seed, 40, false, false);
        let deduplicator = removing(OPTIONS);
        let left = applied(&texts, &decide(&deduplicator, &texts, u64::MAX));
        let again = decide(&deduplicator, &left, u64::MAX);
        prop_assert!(again.removals.iter().all(Vec::is_empty));
    }

    #[test]
    fn input_order_changes_nothing(seed: u64, turn in 0_usize..100, sentences: bool) {
        let texts = corpus(seed, 25, sentences);
        let mut turned = texts.clone();
        turned.rotate_left(turn % texts.len());
        let after = |texts: &[Text]| {
            let mut left = applied(texts, &decide(&removing(OPTIONS), texts, u64::MAX));
            left.sort();
            left
        };
        prop_assert_eq!(after(&texts), after(&turned));
    }

    /// Edits on character boundaries, ascending and disjoint, whatever the script.
    #[test]
    fn any_text_is_cut_between_characters(parts in prop::collection::vec("\\PC{0,12}", 1..8), picks in prop::collection::vec(0_usize..8, 60..200)) {
        let texts: Vec<Text> = picks
            .chunks(40)
            .map(|picks| {
                let words: Vec<&str> = picks.iter().map(|pick| parts[pick % parts.len()].as_str()).collect();
                Text { text: words.join(if picks.len() % 2 == 0 { " " } else { "" }), sentences: vec![] }
            })
            .collect();
        let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
        for (text, removals) in texts.iter().zip(&decided.removals) {
            prop_assert!(removals.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
            for removal in removals {
                let span = removal.span.range();
                prop_assert!(text.text.is_char_boundary(span.start) && text.text.is_char_boundary(span.end));
                prop_assert!(!span.is_empty());
            }
        }
    }
}

#[test]
fn neither_threads_nor_memory_change_anything() {
    let mut texts = corpus(5, 400, true);
    texts.extend(corpus(5, 300, false));
    let deduplicator = removing(
        "near = false\nexact = false\nparagraphs = { scope = \"corpus\" }\nruns = { min-words = 20 }",
    );
    let with = |threads: usize, memory: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let decided = pool.install(|| decide(&deduplicator, &texts, memory));
        (decided.removals, decided.warnings, decided.measures)
    };
    let alone = with(1, u64::MAX);
    assert!(alone.2["runs.removed"] > 300, "{:?}", alone.2);
    assert_eq!(alone, with(2, u64::MAX));
    assert_eq!(alone, with(7, 1 << 20));
    assert_eq!(alone, with(2, 0));
}

/// A phrase of 15 words in all of 60 documents says nothing about runs of 20; two of them go on alike, and the second of
/// these loses the run. A notice of 30 words in all of them stays once.
#[test]
fn set_phrases_hide_no_run_and_notices_stay_once() {
    let mut numbers = Numbers(41);
    let (phrase, rest, notice) = (numbers.words(15), numbers.words(9), numbers.words(30));
    let texts: Vec<Text> = (0..60)
        .map(|number| {
            let (before, after) = (numbers.words(20), numbers.words(20));
            let rest = if number == 17 || number == 44 { rest.clone() } else { numbers.words(9) };
            let words = [before, phrase.clone(), rest, after, notice.clone()].concat();
            Text { text: words.join(" "), sentences: vec![] }
        })
        .collect();
    let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
    let words_gone: Vec<usize> =
        left(&texts, &decided).iter().map(|left| left.gone.iter().filter(|gone| **gone).count()).collect();
    let mut sorted = words_gone.clone();
    sorted.sort_unstable();
    // A neighbour of a run may be the same by chance.
    assert!(
        sorted[0] == 0 && (30..34).contains(&sorted[1]) && (30..34).contains(&sorted[58]),
        "{words_gone:?}"
    );
    assert!((54..58).contains(&words_gone[17].max(words_gone[44])), "{words_gone:?}");

    // A document that another one has whole goes; one that two others have together stays, empty.
    let words = |numbers: &mut Numbers, count| numbers.words(count).join(" ");
    let (one, two) = (words(&mut numbers, 40), words(&mut numbers, 40));
    let texts = [
        one.clone(),
        format!("{} {one}", words(&mut numbers, 90)),
        format!("{two} {}", words(&mut numbers, 90)),
        format!("{one} {two}"),
    ]
    .map(|text| Text { text, sentences: vec![] });
    let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
    assert_eq!(decided.dropped, [Some(1), None, None, None]);
    assert_eq!((decided.measures["runs.emptied"], decided.removals[3].len()), (1, 2));
    assert!(
        decided.warnings.iter().any(|warning| warning.contains("stay as empty texts")),
        "{:?}",
        decided.warnings
    );
    let kept = decide(&removing(&format!("documents = false\n{OPTIONS}")), &texts, u64::MAX);
    assert_eq!((kept.dropped, kept.measures["runs.emptied"]), (vec![None; 4], 2));
    // A copy was dropped for the first one, which therefore stays.
    let twice = [&texts[..], &texts[..1]].concat();
    let decided = decide(&removing("near = false\nruns = { min-words = 20 }"), &twice, u64::MAX);
    assert_eq!(decided.dropped.iter().flatten().count(), 1);
}

/// Texts of one word a hundred thousand times over, and of two words in turn: the work is bounded, and that is said.
#[test]
fn texts_that_repeat_themselves_take_bounded_work() {
    let text = |word: &str, times: usize| Text { text: word.repeat(times), sentences: vec![] };
    let texts = [
        text("la ", 30_000),
        text("la ", 29_000),
        text("la la li ", 9_000),
        text("la la li la li ", 5_000),
        text("li ", 28_000),
    ];
    let decided = decide(&removing(OPTIONS), &texts, u64::MAX);
    assert_eq!(decided.dropped[1], Some(0));
}

#[test]
fn off_by_default_and_without_cost() {
    let texts = corpus(9, 5, false);
    let plain = Deduplicator::default();
    for text in &texts {
        let sentences = [Span::of(0, 5)];
        let with = Context { sentences: &sentences, ..Context::default() };
        assert_eq!(plain.sketch(&text.text, with), plain.sketch(&text.text, Context::default()));
    }
    assert!(decide(&plain, &texts, u64::MAX).removals.iter().all(Vec::is_empty));
}

/// A sketch that is cut off is no sketch.
#[test]
fn broken_sketches_are_told() {
    let deduplicator = removing(OPTIONS);
    let whole = deduplicator.sketch(&corpus(3, 1, true)[0].text, Context::default());
    let (mut told, mut all) = (0, 0);
    for cut in 64..whole.len() {
        let sketches = MemorySketches(vec![whole[..cut].to_vec(), whole.clone()]);
        all += 1;
        told += usize::from(deduplicator.decide_all(&sketches, &Resources::unbounded()).is_err());
    }
    assert!(told * 10 > all * 9, "{told} of {all}");
}
