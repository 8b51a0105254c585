//! The case files of rules: for each rule blocks that it takes, in their place, and their like that stay.

use crate::Stripped;

#[derive(serde::Deserialize)]
struct RuleCases {
    case: Vec<RuleCase>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleCase {
    name: String,
    place: String,
    block: String,
    text: String,
    verdict: String,
}

/// Judges the case files of one half, `html` or `text`, and returns the rules that have one. `around` puts a block into a
/// document at a place, and tells where it starts there; `find` tells which of several places of a text in its block counts.
pub(crate) fn judge(
    half: &str,
    around: fn(&str, &str) -> (String, usize),
    find: fn(&str, &str) -> Option<usize>,
    strip: fn(&str) -> Stripped,
) -> Vec<String> {
    let folder = format!("{}/cases/{half}/rules", env!("CARGO_MANIFEST_DIR"));
    let (mut wrong, mut seen) = (Vec::new(), Vec::new());
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let rule = format!("chrome/{}", path.file_stem().unwrap().to_str().unwrap());
        let cases: RuleCases = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let has = |verdict| cases.case.iter().any(|case| case.verdict == verdict);
        assert!(has("goes") && has("stays"), "{rule} lacks a block that goes or one that stays");
        for case in &cases.case {
            let (document, start) = around(&case.block, &case.place);
            let end = start + case.block.len();
            assert!(case.block.contains(&case.text), "{rule}, {}: the text is not in the block", case.name);
            let stripped = strip(&document);
            let at = (start + find(&case.block, &case.text).unwrap()) as u32;
            let taken = stripped.edits.iter().find(|edit| edit.start <= at && at < edit.end);
            let right = match case.verdict.as_str() {
                "goes" => taken.is_some_and(|edit| edit.rule.id == rule),
                "stays" => taken.is_none() && stripped.apply(&document).contains(&case.text),
                other => panic!("{other} is no verdict"),
            };
            if !right {
                let by = taken.map(|edit| edit.rule.id);
                let RuleCase { name, verdict, .. } = case;
                wrong.push(format!("{rule}, {name} ({verdict}): taken by {by:?}, block {start}..{end}"));
            }
        }
        seen.push(rule);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    seen
}
