//! The laws of the segment map, against an oracle that carries one origin for each character.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test should stop here")]

use proptest::collection::vec;
use proptest::prelude::*;
use tamis_span::{
    EditList, RuleIndex, Segment, SegmentKind, SegmentMap, Span, TextSize, apply, compose, rebase,
};

/// A character and the raw byte it was kept or transcoded from.
type Origins = Vec<(char, Option<usize>)>;

/// A document after decoding: raw bytes stand-in, text, map, and the oracle.
#[derive(Clone, Debug)]
struct Decoded {
    raw: Vec<u8>,
    text: String,
    map: SegmentMap,
    origins: Origins,
}

/// One decoded run.
#[derive(Clone, Debug)]
enum Run {
    Kept(String),
    Transcoded(String, u8),
    Replaced(u8, String),
    Removed(u8),
}

fn decoded(runs: &[Run]) -> Decoded {
    let mut document =
        Decoded { raw: Vec::new(), text: String::new(), map: SegmentMap::default(), origins: Vec::new() };
    for run in runs {
        let at = document.raw.len();
        match run {
            Run::Kept(text) => {
                document.origins.extend(text.char_indices().map(|(i, c)| (c, Some(at + i))));
                document.raw.extend(text.as_bytes());
                document.text.push_str(text);
                document.map.push(Segment::kept(text.len() as u32));
            }
            Run::Transcoded(text, unit) => {
                let unit_len = usize::from(*unit);
                document.origins.extend(text.chars().enumerate().map(|(i, c)| (c, Some(at + i * unit_len))));
                let raw_len = text.chars().count() * unit_len;
                document.raw.extend(std::iter::repeat_n(0xE9, raw_len));
                document.text.push_str(text);
                document.map.push(Segment::transcoded(raw_len as u32, text.len() as u32, *unit));
            }
            Run::Replaced(raw_len, text) => {
                document.origins.extend(text.chars().map(|c| (c, None)));
                document.raw.extend(std::iter::repeat_n(0xFF, usize::from(*raw_len)));
                document.text.push_str(text);
                let rule = RuleIndex::new(0);
                document.map.push(Segment::edited(u32::from(*raw_len), text.len() as u32, rule, None));
            }
            Run::Removed(raw_len) => {
                document.raw.extend(std::iter::repeat_n(0xFE, usize::from(*raw_len)));
                document.map.push(Segment::edited(u32::from(*raw_len), 0, RuleIndex::new(1), None));
            }
        }
    }
    document
}

fn run() -> impl Strategy<Value = Run> {
    let text = "[ae é€😀\n]{1,6}";
    prop_oneof![
        3 => text.prop_map(Run::Kept),
        2 => (text, prop::sample::select(vec![1_u8, 2, 4])).prop_map(|(text, unit)| Run::Transcoded(text, unit)),
        2 => (1_u8..4, text).prop_map(|(raw, text)| Run::Replaced(raw, text)),
        1 => (1_u8..4).prop_map(Run::Removed),
    ]
}

/// Cut points and replacements, turned into edits of any text.
type Plan = Vec<(prop::sample::Index, u8, Option<String>)>;

fn plan() -> impl Strategy<Value = Plan> {
    vec((any::<prop::sample::Index>(), 0_u8..5, prop::option::of("[xyzé]{0,3}")), 0..6)
}

/// The edits a plan makes of `text`, as character ranges with replacements, and as a list with rule `rule`.
fn edits(text: &str, plan: &Plan, rule: u16) -> (EditList, Vec<(usize, usize, String)>) {
    let offsets: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let mut spans: Vec<(usize, usize, String)> = plan
        .iter()
        .map(|(index, len, replacement)| {
            let start = index.index(offsets.len());
            let end = (start + usize::from(*len)).min(offsets.len() - 1);
            (start, end, replacement.clone().unwrap_or_default())
        })
        .collect();
    spans.sort_by_key(|span| (span.0, span.1));
    let (mut list, mut kept, mut last) = (EditList::default(), Vec::new(), 0);
    for (start, end, replacement) in spans {
        if start < last {
            continue;
        }
        last = end;
        list.replace(text, Span::of(offsets[start], offsets[end]), &replacement, RuleIndex::new(rule), None)
            .unwrap();
        kept.push((start, end, replacement));
    }
    (list, kept)
}

/// What the edits make of the oracle.
fn edited(origins: &Origins, spans: &[(usize, usize, String)]) -> Origins {
    let (mut out, mut at) = (Origins::new(), 0);
    for (start, end, replacement) in spans {
        out.extend(&origins[at..*start]);
        out.extend(replacement.chars().map(|c| (c, None)));
        at = *end;
    }
    out.extend(&origins[at..]);
    out
}

/// The map must say of each character what the oracle says.
fn agrees(document: &Decoded, text: &str, map: &SegmentMap, origins: &Origins) {
    assert_eq!(text, origins.iter().map(|(c, _)| c).collect::<String>());
    map.check(&document.raw, text, 9).unwrap();
    let totals = map.totals();
    assert_eq!(totals.kept + totals.removed + totals.replaced, document.raw.len() as u64);
    let mut starts = Vec::new();
    map.walk(|at, out, segment| starts.push((at, out, *segment)));
    for ((offset, _), (_, origin)) in text.char_indices().zip(origins) {
        let at = TextSize::of(offset);
        let segment = starts
            .iter()
            .find(|(_, out, segment)| *out <= at && at < *out + TextSize::new(segment.text_len))
            .unwrap();
        assert_eq!(segment.2.is_kept(), origin.is_some(), "at {offset} of {text:?} in {map:?}");
        if let Some(origin) = origin {
            assert_eq!(map.raw_offset(text, at), Some(TextSize::of(*origin)));
        }
    }
}

fn applied(text: &str, map: &SegmentMap, list: &EditList) -> (String, SegmentMap) {
    let (mut out, mut out_map) = ("left over".to_owned(), SegmentMap::identity(3));
    apply(text, map, list, &mut out, &mut out_map);
    (out, out_map)
}

proptest! {
    #[test]
    fn edits_after_edits_account_for_every_byte(
        runs in vec(run(), 0..8),
        plans in vec(plan(), 0..4),
    ) {
        let document = decoded(&runs);
        let (mut text, mut map, mut origins) =
            (document.text.clone(), document.map.clone(), document.origins.clone());
        agrees(&document, &text, &map, &origins);
        for (stage, plan) in plans.iter().enumerate() {
            let (list, spans) = edits(&text, plan, 2 + stage as u16);
            origins = edited(&origins, &spans);
            (text, map) = applied(&text, &map, &list);
            agrees(&document, &text, &map, &origins);
        }
    }

    #[test]
    fn composing_is_applying_one_after_the_other(runs in vec(run(), 0..8), a in plan(), b in plan()) {
        let document = decoded(&runs);
        let (first, _) = edits(&document.text, &a, 2);
        let (middle, to_middle) = applied(&document.text, &document.map, &first);
        let (second, _) = edits(&middle, &b, 3);
        let (end, to_end) = applied(&middle, &to_middle, &second);
        let (_, alone) = applied(&middle, &SegmentMap::identity(middle.len()), &second);
        let composed = compose(&to_middle, &middle, &alone, &end).unwrap();
        composed.check(&document.raw, &end, 9).unwrap();
        prop_assert_eq!(composed.totals().kept, to_end.totals().kept);
    }

    #[test]
    fn raw_bytes_and_edits_give_back_the_text(runs in vec(run(), 0..8), a in plan(), b in plan()) {
        // What a ledger holds: raw ranges with replacements. What lies between them is decoded anew.
        let document = decoded(&runs);
        let (first, _) = edits(&document.text, &a, 2);
        let (middle, to_middle) = applied(&document.text, &document.map, &first);
        let (second, _) = edits(&middle, &b, 3);
        let (end, map) = applied(&middle, &to_middle, &second);
        let decode: std::collections::HashMap<usize, char> =
            document.origins.iter().filter_map(|(c, origin)| origin.map(|o| (o, *c))).collect();
        let mut rebuilt = String::new();
        map.walk(|at, out, segment| {
            if segment.is_kept() {
                let raw = at.to_usize()..at.to_usize() + segment.raw_len as usize;
                rebuilt.extend(raw.filter_map(|offset| decode.get(&offset)));
            } else {
                rebuilt.push_str(Span::new(out, out + TextSize::new(segment.text_len)).slice(&end).unwrap());
            }
        });
        prop_assert_eq!(rebuilt, end);
    }

    #[test]
    fn neighbours_that_say_the_same_are_one(runs in vec(run(), 0..8), a in plan()) {
        let document = decoded(&runs);
        let (list, _) = edits(&document.text, &a, 2);
        let (_, map) = applied(&document.text, &document.map, &list);
        for pair in map.segments().windows(2) {
            let alike = pair[0].kind == pair[1].kind && pair[0].rule == pair[1].rule;
            prop_assert!(!alike || pair[0].kind == Replaced);
        }
    }

    #[test]
    fn rebased_spans_cover_what_survives_of_them(text in "[ab é]{0,20}", a in plan(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        let (list, spans) = edits(&text, &a, 0);
        let numbered: Origins = text.chars().enumerate().map(|(i, c)| (c, Some(i))).collect();
        let after = edited(&numbered, &spans);
        let (out, _) = applied(&text, &SegmentMap::identity(text.len()), &list);
        let offsets: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(offsets.len())).collect();
        cuts.sort_unstable();
        let chars: Vec<(usize, usize)> = cuts.windows(2).map(|pair| (pair[0], pair[1])).collect();
        let mut moved: Vec<Span> = chars.iter().map(|(s, e)| Span::of(offsets[*s], offsets[*e])).collect();
        rebase(&list, moved.iter_mut());
        let mut last = TextSize::ZERO;
        for (span, (start, end)) in moved.iter().zip(chars) {
            prop_assert!(span.slice(&out).is_some());
            let _ = last;
            last = span.end();
            let inside: Vec<usize> = out.char_indices().zip(&after)
                .filter(|((offset, _), _)| span.contains(TextSize::of(*offset)))
                .filter_map(|(_, (_, origin))| *origin).collect();
            let survivors: Vec<usize> = after.iter().filter_map(|(_, origin)| *origin)
                .filter(|origin| (start..end).contains(origin)).collect();
            prop_assert_eq!(inside, survivors);
        }
    }
}

#[track_caller]
fn check(runs: &[Run], edit: (usize, usize, &str), expected: &[(u32, u32, SegmentKind, Option<usize>)]) {
    let document = decoded(runs);
    let mut list = EditList::default();
    list.replace(&document.text, Span::of(edit.0, edit.1), edit.2, RuleIndex::new(5), None).unwrap();
    let (text, map) = applied(&document.text, &document.map, &list);
    map.check(&document.raw, &text, 9).unwrap();
    let told: Vec<_> = map.segments().iter().map(|s| (s.raw_len, s.text_len, s.kind, s.rule.get())).collect();
    assert_eq!(told, expected);
}

use SegmentKind::{Inserted, Kept, Removed, Replaced, Transcoded};

#[test]
fn an_edit_that_spans_an_earlier_replacement_takes_its_raw_bytes() {
    let runs = [Run::Kept("aa".into()), Run::Replaced(3, "bb".into()), Run::Kept("cc".into())];
    check(&runs, (1, 5, ""), &[(1, 1, Kept, None), (5, 0, Removed, Some(5)), (1, 1, Kept, None)]);
    check(&runs, (1, 5, "x"), &[(1, 1, Kept, None), (5, 1, Replaced, Some(5)), (1, 1, Kept, None)]);
}

#[test]
fn an_edit_that_starts_inside_one_leaves_its_raw_bytes_to_the_survivor() {
    let runs = [Run::Kept("aa".into()), Run::Replaced(3, "bb".into()), Run::Kept("cc".into())];
    check(
        &runs,
        (3, 5, ""),
        &[(2, 2, Kept, None), (3, 1, Replaced, Some(0)), (1, 0, Removed, Some(5)), (1, 1, Kept, None)],
    );
    check(
        &runs,
        (1, 3, "x"),
        &[(1, 1, Kept, None), (1, 1, Replaced, Some(5)), (3, 1, Replaced, Some(0)), (2, 2, Kept, None)],
    );
}

#[test]
fn an_edit_in_the_middle_of_a_replacement_leaves_two_parts() {
    check(
        &[Run::Replaced(2, "abcd".into())],
        (1, 3, "X"),
        &[(2, 1, Replaced, Some(0)), (0, 1, Inserted, Some(5)), (0, 1, Inserted, Some(0))],
    );
}

#[test]
fn deletions_next_to_insertions_stay_apart() {
    let runs = [Run::Kept("a".into()), Run::Removed(2), Run::Kept("b".into())];
    check(
        &runs,
        (1, 1, "x"),
        &[(1, 1, Kept, None), (2, 0, Removed, Some(1)), (0, 1, Inserted, Some(5)), (1, 1, Kept, None)],
    );
    check(&runs, (0, 2, ""), &[(1, 0, Removed, Some(5)), (2, 0, Removed, Some(1)), (1, 0, Removed, Some(5))]);
    check(&runs, (0, 2, "x"), &[(4, 1, Replaced, Some(5))]);
}

#[test]
fn transcoded_runs_split_by_code_points() {
    // windows-1252: one byte each; UTF-16: two, four for a surrogate pair; Shift_JIS: two for a kana.
    let cases = [("é€a", 1_u8), ("ébc", 2), ("😀😀a", 4), ("かなa", 2)];
    for (text, unit) in cases {
        let first = text.chars().next().unwrap().len_utf8();
        let second = text.chars().nth(1).unwrap().len_utf8();
        let u = u32::from(unit);
        check(
            &[Run::Transcoded(text.into(), unit)],
            (first, first + second, ""),
            &[
                (u, first as u32, Transcoded { unit }, None),
                (u, 0, Removed, Some(5)),
                (u, 1, Transcoded { unit }, None),
            ],
        );
    }
}

#[test]
fn an_empty_document_takes_an_insertion() {
    check(&[], (0, 0, "x"), &[(0, 1, Inserted, Some(5))]);
    check(&[Run::Removed(3)], (0, 0, ""), &[(3, 0, Removed, Some(1))]);
    let (text, map) = applied("", &SegmentMap::default(), &EditList::default());
    assert!(text.is_empty() && map.segments().is_empty());
}
