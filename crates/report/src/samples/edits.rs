//! A ledger line with its edits: read by hand where they stand as tamis writes them, by serde where they do not.
//!
//! Edits are most of a ledger, a hundred to a document of scraped text, and each is four values of which a rule is a
//! name. To read them through serde, names owned, took 150 ns an edit and was a quarter of the report; to look for the
//! brackets takes 20 ns. What stands around them is read by serde as ever.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use tamis_io::{LedgerEdit, LedgerLine};

use crate::Report;

/// One change of a ledger line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Raw bytes, from.
    pub(super) start: u64,
    /// And to.
    pub(super) end: u64,
    /// The rule's place in the report.
    pub(super) rule: usize,
    /// What stands for them.
    pub(super) new: Option<Box<str>>,
}

impl Edit {
    /// As it is in the ledger, but for its rule, which to rebuild a document is not asked for.
    pub(super) fn without_rule(&self) -> LedgerEdit {
        LedgerEdit(self.start, self.end, String::new(), self.new.as_deref().map(ToOwned::to_owned))
    }
}

/// The places of rules in the report, by id.
///
/// The few rules that a document is full of are asked for again and again, so a rule that is found moves towards the
/// front: a search that compares two names on average, where a tree compared seven.
pub(super) struct RulePlaces<'a>(Vec<(&'a str, usize)>);

impl<'a> RulePlaces<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        Self(report.rules.iter().enumerate().map(|(place, rule)| (rule.rule.as_str(), place)).collect())
    }

    /// The place of a rule, `usize::MAX` where the report has none of this name.
    pub(super) fn get(&mut self, rule: &[u8]) -> usize {
        let Some(at) = self.0.iter().position(|(id, _)| id.as_bytes() == rule) else { return usize::MAX };
        self.0.swap(at, at / 2);
        self.0.get(at / 2).map_or(usize::MAX, |(_, place)| *place)
    }

    /// The place of a rule as it is written between quotes; `None` where it is not written as it is read.
    fn written(&mut self, rule: &[u8]) -> Option<usize> {
        let place = self.get(rule);
        (place != usize::MAX || !rule.contains(&b'\\')).then_some(place)
    }
}

/// Reads a line and its edits, which the line is returned without, as it is without their scores; `rest` is a buffer.
pub(super) fn read(
    line: &[u8],
    rules: &mut RulePlaces<'_>,
    rest: &mut Vec<u8>,
) -> serde_json::Result<(LedgerLine<'static>, Vec<Edit>)> {
    let (mut line, edits) = read_with_scores(line, rules, rest, false)?;
    line.scores = Vec::new();
    Ok((line, edits))
}

/// As [`read`], with the edits' scores where they are asked for.
pub(super) fn read_with_scores(
    line: &[u8],
    rules: &mut RulePlaces<'_>,
    rest: &mut Vec<u8>,
    scores: bool,
) -> serde_json::Result<(LedgerLine<'static>, Vec<Edit>)> {
    if let Some((around, edits)) = split(line, rules, scores) {
        rest.clear();
        for part in around {
            rest.extend_from_slice(part);
        }
        return Ok((serde_json::from_slice(rest)?, edits));
    }
    let mut line: LedgerLine<'static> = serde_json::from_slice(line)?;
    let edit = |LedgerEdit(start, end, rule, new): LedgerEdit| Edit {
        start,
        end,
        rule: rules.get(rule.as_bytes()),
        new: new.map(String::into_boxed_str),
    };
    let edits = std::mem::take(&mut line.edits).into_iter().map(edit).collect();
    Ok((line, edits))
}

/// A line's id, the rule that dropped or refused it (`None` for a kept document), and its edits where it is kept.
pub(super) fn outline(line: &[u8], rules: &mut RulePlaces<'_>) -> Option<Outline> {
    let (id, rest) = string(line.strip_prefix(b"{\"id\":\"")?)?;
    let (_, rest) = string_end(rest.strip_prefix(b",\"source\":\"")?)?;
    let rest = rest.strip_prefix(b",\"status\":\"")?;
    if rest.starts_with(b"kept\"") {
        return Some(Outline { id, ended: None, edits: split(rest, rules, false)?.1 });
    }
    let (_, rest) = string_end(rest)?;
    let rest = rest.strip_prefix(b",\"stage\":")?;
    let rest = match rest.strip_prefix(b"null") {
        Some(rest) => rest,
        None => string_end(rest.strip_prefix(b"\"")?)?.1,
    };
    let rest = rest.strip_prefix(b",\"rule\":")?;
    let ended = match rest.strip_prefix(b"\"") {
        Some(rule) => rules.written(string_end(rule)?.0)?,
        None => usize::MAX,
    };
    Some(Outline { id, ended: Some(ended), edits: Vec::new() })
}

/// What tells whether a line has an example.
pub(super) struct Outline {
    pub(super) id: Box<str>,
    /// The rule that a document ended by, where it is not kept.
    pub(super) ended: Option<usize>,
    /// Of a kept document.
    pub(super) edits: Vec<Edit>,
}

/// Where the scores begin, behind the edits.
const SCORES: &[u8] = b"],\"scores\":[";

/// What stands around the edits and their scores, and the edits.
///
/// Inside of a string the quotes of a key are escaped, so that the first `"edits":[` of a line is the key.
fn split<'a>(line: &'a [u8], rules: &mut RulePlaces<'_>, scores: bool) -> Option<([&'a [u8]; 3], Vec<Edit>)> {
    const KEY: &[u8] = b"\"edits\":[";
    static FINDER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(KEY));
    let (before, mut at) = line.split_at_checked(FINDER.find(line)? + KEY.len())?;
    // An edit is some forty bytes, and as much again is its score and what is known of the document.
    let mut edits = Vec::with_capacity(at.len() / 40);
    if !at.starts_with(b"]") {
        loop {
            let (edit, rest) = edit(at, rules)?;
            edits.push(edit);
            match rest.split_first()? {
                (b',', rest) => at = rest,
                (b']', _) => {
                    at = rest;
                    break;
                }
                _ => return None,
            }
        }
    }
    // Only an example needs the scores, and they are a third of what is left.
    let around = match at.strip_prefix(SCORES).filter(|_| !scores) {
        Some(scores) => [before, SCORES, scores.split_at_checked(memchr::memchr(b']', scores)?)?.1],
        None => [before, at, b""],
    };
    Some((around, edits))
}

/// `[start,end,"rule",null]`, or with a string at its end.
fn edit<'a>(at: &'a [u8], rules: &mut RulePlaces<'_>) -> Option<(Edit, &'a [u8])> {
    let (start, at) = number(at.strip_prefix(b"[")?)?;
    let (end, at) = number(at.strip_prefix(b",")?)?;
    let (rule, at) = string_end(at.strip_prefix(b",\"")?)?;
    let rule = rules.written(rule)?;
    if let Some(at) = at.strip_prefix(b",null]") {
        return Some((Edit { start, end, rule, new: None }, at));
    }
    let (new, at) = string(at.strip_prefix(b",\"")?)?;
    Some((Edit { start, end, rule, new: Some(new) }, at.strip_prefix(b"]")?))
}

/// Digits, and what stands behind them.
fn number(at: &[u8]) -> Option<(u64, &[u8])> {
    let (mut value, mut rest) = (0_u64, at);
    while let Some((digit @ b'0'..=b'9', behind)) = rest.split_first() {
        value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        rest = behind;
    }
    (rest.len() < at.len()).then_some((value, rest))
}

/// A string behind its first quote, as it is written, and what stands behind its last one.
pub(super) fn string_end(at: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        let end = from + memchr::memchr2(b'"', b'\\', at.get(from..)?)?;
        if at.get(end) == Some(&b'"') {
            let (string, rest) = at.split_at_checked(end)?;
            return Some((string, rest.get(1..)?));
        }
        from = end + 2;
    }
}

/// A string behind its first quote, read.
fn string(at: &[u8]) -> Option<(Box<str>, &[u8])> {
    let (written, rest) = string_end(at)?;
    unescaped(written).map(|text| (text.into(), rest))
}

/// A string between its quotes, read.
pub(super) fn unescaped(written: &[u8]) -> Option<String> {
    if memchr::memchr(b'\\', written).is_none() {
        return std::str::from_utf8(written).ok().map(ToOwned::to_owned);
    }
    let mut quoted = Vec::with_capacity(written.len() + 2);
    quoted.push(b'"');
    quoted.extend_from_slice(written);
    quoted.push(b'"');
    serde_json::from_slice(&quoted).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const RULES: [&str; 3] = ["chrome/menu", "unicode/space", "a\"b"];

    fn places() -> RulePlaces<'static> {
        RulePlaces(RULES.iter().enumerate().map(|(place, rule)| (*rule, place)).collect())
    }

    fn any_line() -> impl Strategy<Value = Value> {
        let text = "[a-c\"\\\\\n\\[\\]é’,:]{0,8}|\"edits\":\\[|\"scores\":\\[";
        let rule = prop::sample::select(vec![RULES[0], RULES[1], RULES[2], "none"]);
        let edits =
            prop::collection::vec((any::<u64>(), any::<u64>(), rule.clone(), prop::option::of(text)), 0..6);
        let status = prop::sample::select(vec!["kept", "dropped", "failed"]);
        let ended = prop::option::of(rule);
        let scores = prop::collection::vec(prop::option::of(any::<i16>()), 0..4);
        (text, status, ended, edits, scores, any::<bool>()).prop_map(|(id, status, rule, edits, scores, runs)| {
            let mut line = json!({
                "id": id, "source": id, "status": status, "stage": id, "rule": rule, "reason": null, "value": null,
                "threshold": null, "duplicate_of": id, "duplicate_in": null, "similarity": null, "offset": null,
                "raw_bytes": 1, "raw_sha256": null, "text_sha256": null, "encoding": null, "encoding_evidence": null,
                "decoding": null, "told": [], "lang": null, "lang_confidence": null, "lang_second": null,
                "lang_margin": null, "lang_shares": [],
                "bytes": {"kept": 1, "removed": 0, "replaced": 0, "inserted": 0},
                "edits": edits, "runs": [[0, 1, id, 1, "00"]], "scores": scores, "counts": null, "file": id,
                "line": null, "byte_range": null, "field": null
            });
            if !runs {
                line.as_object_mut().map(|line| line.remove("runs"));
            }
            line
        })
    }

    /// The line as tamis writes it: keys in the order of the type.
    fn written(line: &Value) -> Vec<u8> {
        let line: LedgerLine<'static> = serde_json::from_value(line.clone()).unwrap();
        serde_json::to_vec(&line).unwrap()
    }

    proptest! {
        #[test]
        fn a_line_is_read_as_serde_reads_it(line in any_line()) {
            let bytes = written(&line);
            let mut expected: LedgerLine<'static> = serde_json::from_slice(&bytes).unwrap();
            let edits: Vec<Edit> = expected.edits.drain(..).map(|LedgerEdit(start, end, rule, new)| Edit {
                start, end, rule: places().get(rule.as_bytes()), new: new.map(String::into_boxed_str),
            }).collect();
            let scores = std::mem::take(&mut expected.scores);
            let (told, read_edits) = read(&bytes, &mut places(), &mut Vec::new()).unwrap();
            prop_assert_eq!(&told.edits, &expected.edits);
            prop_assert_eq!(&read_edits, &edits);
            let (scored, _) = read_with_scores(&bytes, &mut places(), &mut Vec::new(), true).unwrap();
            prop_assert_eq!(&scored.scores, &scores);
            let Some(outline) = outline(&bytes, &mut places()) else {
                prop_assert!(line.to_string().contains("a\\\"b"));
                return Ok(());
            };
            prop_assert_eq!(&*outline.id, &*expected.id);
            if expected.status == tamis_io::Status::Kept {
                prop_assert_eq!((outline.ended, outline.edits), (None, edits));
            } else {
                let rule = expected.rule.as_deref().map_or(usize::MAX, |rule| places().get(rule.as_bytes()));
                prop_assert_eq!((outline.ended, outline.edits), (Some(rule), Vec::new()));
            }
            // What another program wrote is read by serde: here, keys in the order of the alphabet.
            let (other, edits) = read(line.to_string().as_bytes(), &mut places(), &mut Vec::new()).unwrap();
            prop_assert_eq!(other, told);
            prop_assert_eq!(edits, read_edits);
        }

        #[test]
        fn nothing_is_made_of_what_breaks_off(line in any_line(), at in any::<prop::sample::Index>()) {
            let mut bytes = written(&line);
            bytes.truncate(at.index(bytes.len()));
            prop_assert!(read(&bytes, &mut places(), &mut Vec::new()).is_err());
        }
    }

    #[test]
    fn rules_keep_their_places_wherever_they_are_moved() {
        let mut places = places();
        for _ in 0..4 {
            for (place, rule) in RULES.iter().enumerate().rev() {
                assert_eq!(places.get(rule.as_bytes()), place);
            }
            assert_eq!(places.get(b"none"), usize::MAX);
        }
    }
}
