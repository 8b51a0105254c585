//! Numbers and foreign text, made fit to be shown.

use std::fmt::Write as _;

/// A count with commas between thousands.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of bytes with a decimal unit: `7.6 kB`.
pub(crate) fn bytes(number: u64) -> String {
    if number < 1000 {
        return format!("{number} B");
    }
    let mut value = number as f64;
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB"] {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if value < 9.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// A share in percent: `12.5 %`.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    format!("{:.1} %", share(part, whole))
}

/// A share in percent, 0 of nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// `1 document`, `2 documents`.
pub(crate) fn plural(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", count(number)) }
}

/// Text of a document or a file name without what could lead a terminal or a reader astray: control characters
/// (a file name may carry escape sequences) and bidirectional overrides are written out. Newlines and tabs stay.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_harmless(text, &mut out);
    out
}

/// Appends `text` as [`harmless`] has it.
pub(crate) fn push_harmless(text: &str, out: &mut String) {
    let mut rest = text;
    // Whole stretches at once: by characters, the pages of a report took a third of its time.
    while let Some(at) = rest.bytes().position(may_harm) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let mut chars = from.chars();
        push_character(chars.next(), out);
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Whether nothing of a text is written out: asked without a branch, sixteen bytes at a time, until a byte of another
/// script's beginning asks for more.
pub(crate) fn is_harmless(text: &str) -> bool {
    let bytes = text.as_bytes();
    let class = |byte: u8| {
        u8::from((byte < 0x20 && byte != b'\n' && byte != b'\t') || byte == 0x7f)
            | (u8::from(byte == 0xc2 || byte == 0xd8 || byte == 0xe2) << 1)
    };
    match bytes.iter().fold(0, |found, byte| found | class(*byte)) {
        0 => true,
        2 => !memchr::memchr3_iter(0xc2, 0xd8, 0xe2, bytes).any(|at| {
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            character.is_some_and(is_written_out)
        }),
        _ => false,
    }
}

/// The number of characters: of bytes that begin one.
///
/// Sums of a byte each, which the widest steps of the machine add up; `Chars::count` takes eight bytes at a time, and pages
/// of HTML have megabytes that are left out and counted.
pub(crate) fn characters(text: &str) -> usize {
    let begins = |byte: &u8| u8::from(byte.cast_signed() >= -0x40);
    let (blocks, rest) = text.as_bytes().as_chunks::<192>();
    let of_blocks: usize =
        blocks.iter().map(|block| usize::from(block.iter().map(begins).fold(0, u8::wrapping_add))).sum();
    of_blocks + rest.iter().map(|byte| usize::from(begins(byte))).sum::<usize>()
}

/// The first `count` characters of a text, and the others.
pub(crate) fn split_at_character(text: &str, count: usize) -> (&str, &str) {
    if text.len() <= count {
        return (text, "");
    }
    if text.as_bytes().get(..count).is_some_and(<[u8]>::is_ascii) {
        return text.split_at_checked(count).unwrap_or((text, ""));
    }
    let mut rest = text.chars();
    // `Chars::nth` counts 32 bytes at a time, `CharIndices::nth` one character.
    let left = match count.checked_sub(1) {
        None => text.len(),
        Some(last) => rest.nth(last).map_or(0, |_| rest.as_str().len()),
    };
    text.split_at_checked(text.len() - left).unwrap_or((text, ""))
}

/// The length of a text in HTML.
pub(crate) fn escaped(text: &str) -> usize {
    // Counted in bytes, which are sixteen to a step.
    let longer = text
        .as_bytes()
        .chunks(255)
        .map(|chunk| usize::from(chunk.iter().map(|byte| u8::from(is_longer(*byte))).sum::<u8>()));
    text.len() + 4 * longer.sum::<usize>()
}

/// Whether a byte takes four bytes more in HTML.
#[inline]
fn is_longer(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')
}

/// The length of a text in HTML, where nothing of it is written out.
pub(crate) fn escaped_if_harmless(text: &str) -> Option<usize> {
    // Most stretches are a word or a line, for which wide steps are more trouble than they save.
    const SHORT: usize = 48;
    if text.len() > SHORT {
        return is_harmless(text).then(|| escaped(text));
    }
    let mut escaped = text.len();
    for (at, byte) in text.bytes().enumerate() {
        escaped += 4 * usize::from(is_longer(byte));
        if may_harm(byte) && text.get(at..)?.chars().next().is_some_and(is_written_out) {
            return None;
        }
    }
    Some(escaped)
}

/// Whether a byte may be the first one of a character that is written out: controls, and the lead bytes of U+0080 to
/// U+009F, of U+061C, and of U+2000 to U+2FFF.
#[inline]
fn may_harm(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0b..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe2)
}

fn is_written_out(c: char) -> bool {
    !matches!(c, '\n' | '\t') && (c.is_control() || is_directional(c))
}

fn push_character(c: Option<char>, out: &mut String) {
    if let Some(c) = c {
        match c {
            '\n' | '\t' => out.push(c),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
            '\u{7f}' => out.push('\u{2421}'),
            c if c.is_control() || is_directional(c) => {
                let _ = write!(out, "<U+{:04X}>", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

/// Characters that reorder what stands around them, and those that end a line for some readers only.
fn is_directional(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first `limit` characters on one line, with an ellipsis when there are more.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    let (head, rest) = split_at_character(text, limit);
    if is_plain(head) {
        let more = if rest.is_empty() { "" } else { "…" };
        return [head, more].concat();
    }
    excerpt_by_characters(text, limit)
}

/// Whether a text has no white space but spaces, and nothing that is written out: of bytes that begin neither.
fn is_plain(text: &str) -> bool {
    let may_not_be = |byte: u8| u8::from(byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe1..=0xe3));
    text.bytes().fold(0, |found, byte| found | may_not_be(byte)) == 0
}

fn excerpt_by_characters(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut left = limit;
    for c in text.chars() {
        if left == 0 {
            out.push('…');
            break;
        }
        left -= 1;
        out.push(if c.is_whitespace() { ' ' } else { c });
    }
    harmless(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([12, 7_568, 999_999, 12_345_678].map(bytes), ["12 B", "7.6 kB", "1.0 MB", "12 MB"]);
        assert_eq!(percent(1, 8), "12.5 %");
        assert_eq!(percent(0, 0), "0.0 %");
    }

    #[test]
    fn stretches_are_what_their_characters_are() {
        for c in '\0'..=char::MAX {
            let mut alone = String::new();
            push_character(Some(c), &mut alone);
            assert_eq!(is_harmless(&format!("a{c}b")), alone.chars().eq([c]), "{c:?}");
            assert_eq!(is_harmless(&c.to_string()), alone.chars().eq([c]), "{c:?}");
            for text in [format!("<{c}"), format!("{}{c}", "<".repeat(40))] {
                let escaped = alone.chars().eq([c]).then(|| escaped(&text));
                assert_eq!(escaped_if_harmless(&text), escaped, "{c:?}");
            }
            assert_eq!(harmless(&format!("a{c}b")), format!("a{alone}b"), "{c:?}");
        }
    }

    #[test]
    fn characters_are_counted() {
        for length in (0..600).chain([4_000]) {
            let mixed: String = "aé’😀".chars().cycle().take(length).collect();
            assert_eq!((characters(&mixed), characters(&"a".repeat(length))), (length, length));
        }
    }

    #[test]
    fn excerpts_are_those_by_characters() {
        for c in '\0'..=char::MAX {
            let text = format!("aé{c}b");
            for limit in [2, 3, 4] {
                assert_eq!(excerpt(&text, limit), excerpt_by_characters(&text, limit), "{c:?}");
            }
        }
        assert_eq!((excerpt("", 0), excerpt("a", 0)), (String::new(), "…".to_owned()));
    }

    #[test]
    fn nothing_that_steers_a_terminal_comes_through() {
        let shown = harmless("a\u{1b}[2Jb\u{202e}c\u{9b}d\0e\tf\ng\u{7f}");
        assert_eq!(shown, "a␛[2Jb<U+202E>c<U+009B>d␀e\tf\ng␡");
        assert_eq!(excerpt("un deux\ntrois", 8), "un deux …");
    }
}
