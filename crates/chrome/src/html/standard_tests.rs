//! The scanner against the tokenizer tests of html5lib, from `cases/html5lib-tokenizer`.
//!
//! Compared are tags with all their attributes, text, and comments. Of a doctype only that it is one: the scanner does
//! not read its name. Left out are the tests that start inside a CDATA section, which exists in SVG and MathML alone
//! and is never text here, and those whose input holds a lone surrogate, which no `str` can.

#![expect(
    clippy::string_slice,
    reason = "a slice in the middle of a character fails the test that asked for it"
)]

use std::fs;

use serde_json::Value;

use super::reference;
use super::scanner::{Run, Scanner, Token};
use super::tag::Tag;
use super::title::decoded;

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Undoes `\uXXXX` where a test is escaped twice; `None` for lone surrogates.
fn unescape(text: &str, twice: bool) -> Option<String> {
    if !twice {
        return Some(text.to_owned());
    }
    serde_json::from_str(&format!("\"{}\"", text.replace('"', "\\\""))).ok()
}

fn replaced(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// What the tests call the state after a start tag.
fn element(state: &str, last: &str) -> Option<Tag> {
    match state {
        "Data state" => Some(Tag::Other),
        // Without a start tag before, no end tag fits; none of these inputs has one of the elements below.
        "RCDATA state" if last.is_empty() => Some(Tag::Title),
        "RAWTEXT state" if last.is_empty() => Some(Tag::Noembed),
        "RCDATA state" | "RAWTEXT state" => {
            // The mode is that of the state, whatever the element.
            let tag = Tag::of(last.as_bytes()).0;
            let known = matches!(
                (state, tag),
                ("RCDATA state", Tag::Title | Tag::Textarea) | ("RAWTEXT state", Tag::Xmp | Tag::Style)
            );
            known.then_some(tag)
        }
        "PLAINTEXT state" => Some(Tag::Plaintext),
        "Script data state" if last.is_empty() || last == "script" => Some(Tag::Script),
        _ => None,
    }
}

fn push_text(tokens: &mut Vec<Value>, text: String) {
    if text.is_empty() {
        return;
    }
    if let Some(Value::Array(last)) = tokens.last_mut()
        && last[0] == "Character"
    {
        last[1] = Value::from(format!("{}{text}", text_of(&last[1])));
        return;
    }
    tokens.push(Value::from(vec!["Character".to_owned(), text]));
}

fn comment(text: &str) -> Option<Value> {
    if text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
        return Some(Value::from(vec!["DOCTYPE"]));
    }
    let content = if let Some(rest) = text.strip_prefix("<!--") {
        let whole = rest == ">" || rest == "->";
        let end = ["-->", "--!>", "--!", "--", "-"].iter().find_map(|end| rest.strip_suffix(end));
        if whole { "" } else { end.unwrap_or(rest) }
    } else if let Some(rest) = text.strip_prefix("<!").or_else(|| text.strip_prefix("</")) {
        rest.strip_suffix('>').unwrap_or(rest)
    } else {
        let rest = text.strip_prefix('<')?;
        rest.strip_suffix('>').unwrap_or(rest)
    };
    Some(Value::from(vec!["Comment".to_owned(), replaced(content)]))
}

fn ours(input: &str, tag: Tag) -> Vec<Value> {
    let source = input.as_bytes();
    let mut scanner = Scanner::inside(source, tag);
    let mut tokens = Vec::new();
    // NUL is a character of its own only between tags.
    let mut raw = tag != Tag::Other;
    while let Some(token) = scanner.next() {
        let text = &input[scanner.span.start as usize..scanner.span.end as usize];
        let name = |skip: usize| {
            let end = text[skip..].find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>');
            replaced(&text[skip..end.map_or(text.len(), |end| skip + end)].to_ascii_lowercase())
        };
        match token {
            Token::Text if raw && tag == Tag::Plaintext => push_text(&mut tokens, replaced(text)),
            Token::Text if raw => push_text(&mut tokens, replaced(&decoded(text, reference::read))),
            Token::Text => push_text(&mut tokens, decoded(text, reference::read)),
            Token::Raw => push_text(&mut tokens, replaced(text)),
            Token::Open => {
                let mut attributes = serde_json::Map::new();
                for (name, value) in &scanner.every {
                    let of = |run: &Run| &input[run.start as usize..run.end as usize];
                    let name = replaced(&of(name).to_ascii_lowercase());
                    let value = replaced(&decoded(of(value), reference::read_in_attribute));
                    attributes.entry(name).or_insert(value.into());
                }
                let mut tag = vec![Value::from("StartTag"), name(1).into(), attributes.into()];
                if scanner.self_closing {
                    tag.push(true.into());
                }
                tokens.push(tag.into());
            }
            Token::Close => tokens.push(Value::from(vec!["EndTag".to_owned(), name(2)])),
            // A tag that the end of the text cuts off is nothing.
            Token::Comment
                if text[1..].trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic()) => {}
            Token::Comment if text == "</>" => {}
            Token::Comment => tokens.extend(comment(text)),
        }
        raw = false;
    }
    tokens
}

fn expected(output: &Value, twice: bool) -> Option<Vec<Value>> {
    let mut tokens = Vec::new();
    for token in output.as_array().into_iter().flatten() {
        let mut token = token.clone();
        let kind = text_of(&token[0]).to_owned();
        match kind.as_str() {
            "DOCTYPE" => tokens.push(Value::from(vec!["DOCTYPE"])),
            "Character" => push_text(&mut tokens, unescape(text_of(&token[1]), twice)?),
            _ => {
                token[1] = unescape(text_of(&token[1]), twice)?.into();
                tokens.push(token);
            }
        }
    }
    Some(tokens)
}

#[test]
fn tokens_are_those_of_html5lib() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/html5lib-tokenizer");
    let (mut wrong, mut ran, mut left_out) = (Vec::new(), 0, 0);
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            let test: Value = serde_json::from_str(line).unwrap();
            let twice = test["doubleEscaped"] == true;
            let states = test["initialStates"].as_array().cloned().unwrap_or(vec!["Data state".into()]);
            for state in states {
                let tag = element(text_of(&state), text_of(&test["lastStartTag"]));
                let (Some(tag), Some(input), Some(expected)) =
                    (tag, unescape(text_of(&test["input"]), twice), expected(&test["output"], twice))
                else {
                    left_out += 1;
                    continue;
                };
                // The standard reads line ends before it cuts tokens.
                let input = input.replace("\r\n", "\n").replace('\r', "\n");
                ran += 1;
                let found = ours(&input, tag);
                if found != expected {
                    wrong.push(format!(
                        "{input:?} in {state}:\n  {found:?}\n  {expected:?}",
                        found = Value::from(found),
                        expected = Value::from(expected)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {ran} differ\n{}", wrong.len(), wrong.join("\n"));
    assert!(ran > 2300 && left_out < 120, "{ran} tests ran, {left_out} were left out");
}
