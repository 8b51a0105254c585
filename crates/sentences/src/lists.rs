//! List markers: "1.", "2)", "(iii)", "b.)", "• 4." at the start of a sentence, and the next one of the same list later on.
//!
//! The stop of a marker ends nothing, and an item ends where the next marker of its own list stands ("1) milk 2) eggs"),
//! since items seldom end in a full stop. Only the successor of the marker before counts: "1. … 2.", never "1. … 7.".

use std::fmt::Write;

use crate::text::Text;

/// How far after a marker its successor is looked for, in bytes: far enough for a long item, and near enough to keep
/// a text of nothing but markers linear.
const REACH: usize = 1_000;

/// Longest counter: "xviii", "1990".
const LONGEST_COUNTER: usize = 6;

/// A marker and where its text ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marker<'t> {
    /// After the marker, before the white space that follows it.
    pub(crate) end: usize,
    kind: Kind<'t>,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'t> {
    /// A bullet with nothing after it that counts.
    Bullet(char),
    /// `before` + counter + `after`.
    Counter { before: &'t str, value: Value, after: &'t str },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Number(u32),
    Letter(u8),
    /// A Roman number below twenty, as an index; whether in capitals.
    Roman(u8, bool),
}

const ROMAN: [&str; 20] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
    "xvii", "xviii", "xix", "xx",
];

/// The marker that `start` begins, if white space or the end of the item's text follows it.
pub(crate) fn marker(text: Text<'_>, start: usize, end: usize) -> Option<Marker<'_>> {
    // Most sentences start with a word: the second letter of a counter is a digit of a Roman number at best.
    let may_follow = |byte: u8| matches!(byte, b'.' | b')' | b'i' | b'v' | b'x' | b'I' | b'V' | b'X');
    if text.byte(start).is_ascii_alphabetic() && !may_follow(text.byte(start + 1)) {
        return None;
    }
    let mut at = start;
    let bullet =
        text.letter(at).filter(|letter| matches!(letter, '•' | '‣' | '◦' | '▪' | '●' | '⁃' | '◆' | '■'));
    if let Some(bullet) = bullet {
        at = text.skip_space(at + bullet.len_utf8(), end);
    }
    counter(text, start, at, end).or_else(|| {
        bullet.map(|letter| Marker { end: start + letter.len_utf8(), kind: Kind::Bullet(letter) })
    })
}

fn counter(text: Text<'_>, start: usize, at: usize, end: usize) -> Option<Marker<'_>> {
    let bracket = usize::from(text.byte(at) == b'(');
    let first = at + bracket;
    let mut last = first;
    while last < end && last - first < LONGEST_COUNTER && text.byte(last).is_ascii_alphanumeric() {
        last += 1;
    }
    let mut stop = last;
    if text.byte(stop) == b'.' {
        stop += 1;
    }
    if text.byte(stop) == b')' {
        stop += 1;
    } else if bracket == 1 {
        return None;
    }
    if stop == last || stop >= end || !text.letter(stop).is_some_and(char::is_whitespace) {
        return None;
    }
    let value = Value::read(text.part(first, last))?;
    let kind = Kind::Counter { before: text.part(start, first), value, after: text.part(last, stop) };
    Some(Marker { end: stop, kind })
}

impl Value {
    fn read(token: &str) -> Option<Self> {
        match token.as_bytes() {
            [] => None,
            bytes if bytes.iter().all(u8::is_ascii_digit) => {
                (bytes.len() <= 4).then(|| token.parse().ok().map(Self::Number))?
            }
            [letter] if !letter.eq_ignore_ascii_case(&b'i') => Some(Self::Letter(*letter)),
            _ => {
                let capitals = token.bytes().all(|byte| byte.is_ascii_uppercase());
                let index = ROMAN
                    .iter()
                    .position(|roman| *roman == token || (capitals && roman.eq_ignore_ascii_case(token)))?;
                Some(Self::Roman(index as u8, capitals))
            }
        }
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::Number(number) => number.checked_add(1).map(Self::Number),
            Self::Letter(b'z' | b'Z') => None,
            Self::Letter(letter) => Some(Self::Letter(letter + 1)),
            Self::Roman(index, capitals) => {
                (usize::from(index) + 1 < ROMAN.len()).then_some(Self::Roman(index + 1, capitals))
            }
        }
    }
}

/// The next marker of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Next {
    pub(crate) start: usize,
    /// It starts an item; otherwise it may be an initial, and starts and ends nothing.
    pub(crate) is_item: bool,
}

impl Marker<'_> {
    /// The next marker of the same list, looking from the end of this one up to `end`.
    pub(crate) fn next(self, text: Text<'_>, end: usize, listed: bool) -> Option<Next> {
        let end = end.min(self.end + REACH);
        match self.kind {
            Kind::Bullet(bullet) => {
                let mut at = self.end;
                loop {
                    at += memchr::memmem::find(
                        text.0.as_bytes().get(at..end)?,
                        bullet.encode_utf8(&mut [0; 4]).as_bytes(),
                    )?;
                    if text.letter_before(at).is_some_and(char::is_whitespace)
                        && text.skip_space_back(at, self.end) > self.end
                    {
                        return Some(Next { start: at, is_item: true });
                    }
                    at += bullet.len_utf8();
                }
            }
            Kind::Counter { before, value, after } => {
                let start = successor(text, self.end, end, before, value.next()?, after)?;
                // "a. … b." may be two initials: a letter and a stop make a list of three items or more.
                let Value::Letter(letter) = value else { return Some(Next { start, is_item: true }) };
                let third = || value.next().and_then(Value::next);
                let is_item = after != "."
                    || listed
                    || third()
                        .is_some_and(|third| successor(text, start + 1, end, before, third, after).is_some());
                (is_item || letter.is_ascii_lowercase()).then_some(Next { start, is_item })
            }
        }
    }
}

/// The first place after `from` where `before value after` stands between white space.
fn successor(
    text: Text<'_>,
    from: usize,
    end: usize,
    before: &str,
    value: Value,
    after: &str,
) -> Option<usize> {
    let mut needle = ArrayText::default();
    match value {
        Value::Number(number) => write!(needle, "{number}{after}"),
        Value::Letter(letter) => write!(needle, "{}{after}", char::from(letter)),
        Value::Roman(index, capitals) => {
            let roman = ROMAN.get(usize::from(index))?;
            let written = roman.chars().try_for_each(|digit| {
                needle.write_char(if capitals { digit.to_ascii_uppercase() } else { digit })
            });
            written.and_then(|()| needle.write_str(after))
        }
    }
    .ok()?;
    let bytes = text.0.as_bytes().get(from..end)?;
    memchr::memmem::find_iter(bytes, needle.bytes()).map(|place| from + place).find_map(|first| {
        let start = first.checked_sub(before.len()).filter(|&start| start > from)?;
        let stands = text.part(start, first) == before
            && text.letter_before(start).is_some_and(char::is_whitespace)
            && text.letter(first + needle.bytes().len()).is_some_and(char::is_whitespace)
            && text.skip_space_back(start, from) > from;
        stands.then_some(start)
    })
}

/// A counter and what follows it, on the stack.
#[derive(Default)]
struct ArrayText {
    buffer: [u8; 16],
    length: usize,
}

impl ArrayText {
    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }
}

impl Write for ArrayText {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        let room = self.buffer.get_mut(self.length..self.length + part.len()).ok_or(std::fmt::Error)?;
        room.copy_from_slice(part.as_bytes());
        self.length += part.len();
        Ok(())
    }
}
