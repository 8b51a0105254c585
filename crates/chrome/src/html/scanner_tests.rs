//! The scanner cuts a page where a tokenizer that follows the standard to the letter does.

#![expect(
    clippy::string_slice,
    reason = "a slice in the middle of a character fails the test that asked for it"
)]

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token as Standard, Tokenizer};
use proptest::prelude::*;

use super::reference;
use super::scanner::{Scanner, Token};
use super::tag::Tag;
use crate::edit::Replacement;

/// What both tokenizers say, in one form: `<name>`, `</name>`, `!` for a comment, and text.
fn ours(page: &str) -> Vec<String> {
    let source = page.as_bytes();
    let mut scanner = Scanner::new(source);
    let mut tokens = Vec::new();
    while let Some(token) = scanner.next() {
        let text = &page[scanner.span.start as usize..scanner.span.end as usize];
        let name = |skip: usize| {
            let end = text[skip..].find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>');
            text[skip..end.map_or(text.len(), |end| skip + end)].to_ascii_lowercase()
        };
        match token {
            Token::Text if scanner.tag == Tag::Plaintext => push_text(&mut tokens, text),
            Token::Text => push_text(&mut tokens, &decode(text)),
            Token::Raw => push_text(&mut tokens, text),
            Token::Open => {
                tokens.push(format!("<{}{}>", name(1), if scanner.self_closing { "/" } else { "" }));
            }
            Token::Close => tokens.push(format!("</{}>", name(2))),
            Token::Comment => {}
        }
    }
    tokens
}

fn standard(page: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut tokens = Vec::new();
    for token in Tokenizer::new_with_emitter(page, emitter).flatten() {
        let of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match token {
            Standard::StartTag(tag) => {
                tokens.push(format!("<{}{}>", of(&tag.name), if tag.self_closing { "/" } else { "" }));
            }
            Standard::EndTag(tag) => tokens.push(format!("</{}>", of(&tag.name))),
            Standard::String(text) => push_text(&mut tokens, &of(&text)),
            Standard::Comment(_) | Standard::Doctype(_) | Standard::Error(_) => {}
        }
    }
    tokens
}

fn push_text(tokens: &mut Vec<String>, text: &str) {
    match tokens.last_mut() {
        Some(last) if !last.starts_with('<') || last == "<" => last.push_str(text),
        _ if text.is_empty() => {}
        // A mark, so that text is never taken for a tag.
        _ => tokens.push(format!("\u{1}{text}")),
    }
}

fn decode(text: &str) -> String {
    let mut decoded = String::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let found = if first == '&' { reference::read(&text.as_bytes()[at..]) } else { None };
        if let Some(found) = found {
            match found.stands_for {
                Replacement::Text(with) => decoded.push_str(with),
                Replacement::Char(with) => decoded.push(with),
                Replacement::Nothing | Replacement::Written { .. } => {}
            }
            at += found.length;
        } else {
            decoded.push(first);
            at += first.len_utf8();
        }
    }
    decoded
}

fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "<", "</", ">", "/>", "=", "\"", "'", " ", "\n", "\t", "-", "--", "<!--", "-->", "--!>", "<!", "<!>", "<!-", "<?",
            "<![CDATA[", "]]>", "<!DOCTYPE html>", "<!doctype html PUBLIC \">", "<script>", "</script>", "</script", "<script",
            "<!--<script>", "<style>", "</style>", "</STYLE >", "<title>", "</title>", "</titles>", "<textarea>", "</textarea/>",
            "<plaintext>", "<xmp>", "</xmp>", "<iframe>", "</iframe>", "<p class=a>", "<p a='b' c=\"d\">", "<P/>", "</p x=y>", "<a/b>", "<br/>",
            "&", "&amp;", "&amp", "&ampx", "&notit;", "&notin;", "&not", "&#65;", "&#x41", "&#", "&#x", "&#0;", "&#128;", "&#xD800;",
            "&#9999999999;", "&nGt;", "&eacute;", "&eacutes", "&;", "&x",
        ]).prop_map(str::to_owned),
        2 => "[a-zA-Zé日 ]{1,5}",
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn tokens_are_those_of_the_standard(page in page()) {
        prop_assert_eq!(ours(&page), standard(&page), "{:?}", page);
    }
}
