//! Whether a text is HTML.

use super::scanner::{Scanner, Token};
use super::tag::Tag;

/// How much of a text is looked at, in bytes: pages declare themselves at the start, fragments soon show their tags.
const LOOKED_AT: usize = 1 << 16;

/// Whether a text of unknown format is HTML: it starts as a page does, or its elements are closed as HTML's are.
///
/// A tag quoted in prose, or a generic type in code, is not enough.
///
/// ```
/// use tamis_chrome::looks_like_html;
/// assert!(looks_like_html("<!doctype html><title>Quay</title>"));
/// assert!(looks_like_html("<p>The mayor <b>spoke</b>.</p>"));
/// assert!(!looks_like_html("The tag <p> starts a paragraph; 3 < 4."));
/// ```
pub fn looks_like_html(text: &str) -> bool {
    let head = text.as_bytes().get(..LOOKED_AT).unwrap_or(text.as_bytes());
    let mut scanner = Scanner::new(head);
    let mut first = None;
    let (mut opened, mut closed) = (0_usize, 0_usize);
    let mut prose = 0;
    while let Some(token) = scanner.next() {
        let span = scanner.span.of(head);
        match token {
            Token::Text => {
                let letters = span.trim_ascii().trim_ascii_start();
                let blank = letters.is_empty() || letters == b"\xef\xbb\xbf";
                if !blank {
                    first.get_or_insert(Token::Text);
                    prose += 1;
                }
            }
            Token::Open | Token::Close => {
                if matches!(scanner.tag, Tag::Html | Tag::Head | Tag::Body) && first.is_none() {
                    return true;
                }
                if scanner.tag != Tag::Other {
                    first.get_or_insert(token);
                    opened += usize::from(token == Token::Open);
                    closed += usize::from(token == Token::Close);
                }
            }
            Token::Comment => {
                let doctype =
                    span.get(..14).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype html"));
                if doctype && first.is_none() {
                    return true;
                }
            }
            Token::Raw => {}
        }
    }
    let starts_with_tag = first == Some(Token::Open);
    // In HTML about every second tag closes an element; a text that mentions tags rarely closes what it mentions.
    closed > 0 && (starts_with_tag || closed >= 3 && closed * 4 >= opened && (opened + closed) * 2 >= prose)
}
