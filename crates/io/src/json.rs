//! JSON written straight into a buffer, for the lines that a run writes most of.
//!
//! What serde_json does for a derived struct, it does for each field of each element: a key is escaped, a separator
//! chosen, a result checked. A record has some forty numbers for its sentences and sixteen keys for each amount. With
//! keys as constants, and strings searched eight bytes at a time for what must be escaped, records are written in three
//! fifths of the time; the same bytes come out, which the tests hold against serde_json.

use std::fmt::Display;
use std::io::Write as _;
use std::iter::Rev;
use std::slice::IterMut;

/// Writes JSON values and the constant text between them to the end of a buffer.
pub(crate) struct JsonWriter<'a>(&'a mut Vec<u8>);

impl<'a> JsonWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self(out)
    }

    /// Braces, keys, commas: JSON as it stands.
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    pub(crate) fn string(&mut self, text: &str) -> &mut Self {
        self.0.push(b'"');
        let mut rest = text.as_bytes();
        while let Some(place) = first_escaped(rest) {
            let Some((run, [byte, behind @ ..])) = rest.split_at_checked(place) else { break };
            self.0.extend_from_slice(run);
            self.escape(*byte);
            rest = behind;
        }
        self.0.extend_from_slice(rest);
        self.0.push(b'"');
        self
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            _ => {
                // A buffer in memory takes all it is given.
                let _ = write!(self.0, "\\u{byte:04x}");
                return;
            }
        };
        self.0.extend_from_slice(&[b'\\', short]);
    }

    /// What is displayed, as a string. It must not need escapes.
    pub(crate) fn shown(&mut self, value: impl Display) -> &mut Self {
        let _ = write!(self.0, "\"{value}\"");
        self
    }

    /// A number with a fraction, in as few digits as tell it.
    pub(crate) fn ratio(&mut self, ratio: f64) -> &mut Self {
        if !self.thousandths(ratio, ".0") {
            // No error can come of a number and a buffer in memory.
            let _ = serde_json::to_writer(&mut *self.0, &ratio);
        }
        self
    }

    /// Writes a number that has three decimals at most, as ratios of records and ledgers mostly do: no search is needed for
    /// the digits that tell it. `whole` stands behind a number without decimals. Returns whether it was such a number.
    pub(crate) fn thousandths(&mut self, ratio: f64, whole: &str) -> bool {
        let thousandths = (ratio * 1000.0).round();
        if ratio.is_sign_negative()
            || !(0.0..1e6).contains(&thousandths)
            || (thousandths / 1000.0).to_bits() != ratio.to_bits()
        {
            return false;
        }
        let thousandths = thousandths as u64;
        self.number(thousandths / 1000);
        let digits = [100, 10, 1].map(|unit| b'0' + (thousandths / unit % 10) as u8);
        let [first, second, third] = digits;
        match digits {
            [b'0', b'0', b'0'] => self.0.extend_from_slice(whole.as_bytes()),
            [_, b'0', b'0'] => self.0.extend_from_slice(&[b'.', first]),
            [_, _, b'0'] => self.0.extend_from_slice(&[b'.', first, second]),
            _ => self.0.extend_from_slice(&[b'.', first, second, third]),
        }
        true
    }

    pub(crate) fn flag(&mut self, value: bool) -> &mut Self {
        self.raw(if value { "true" } else { "false" })
    }

    pub(crate) fn number(&mut self, number: u64) -> &mut Self {
        let mut digits = [0; 20];
        let mut room = digits.iter_mut().rev();
        put_digits(number, &mut room);
        let unused = room.len();
        self.0.extend_from_slice(digits.get(unused..).unwrap_or_default());
        self
    }

    /// Two numbers behind a bracket, which is left open: a range, with which most items of lists begin.
    ///
    /// In one piece: a line has a hundred of them, and to append a comma costs as much as a number's digits.
    pub(crate) fn range(&mut self, start: u64, end: u64) -> &mut Self {
        let mut bytes = [b','; 42];
        let mut room = bytes.iter_mut().rev();
        put_digits(end, &mut room);
        // The comma is there.
        room.next();
        put_digits(start, &mut room);
        if let Some(bracket) = room.next() {
            *bracket = b'[';
        }
        let unused = room.len();
        self.0.extend_from_slice(bytes.get(unused..).unwrap_or_default());
        self
    }

    /// `null`, or what `write` writes of the value.
    pub(crate) fn optional<T>(
        &mut self,
        value: Option<T>,
        write: impl FnOnce(&mut Self, T) -> &mut Self,
    ) -> &mut Self {
        match value {
            None => self.raw("null"),
            Some(value) => write(self, value),
        }
    }

    /// A string, or `null`.
    pub(crate) fn optional_string(&mut self, text: Option<&str>) -> &mut Self {
        self.optional(text, Self::string)
    }

    /// A list of what `write` writes of each item.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        let mut separator = "[";
        let mut is_empty = true;
        for item in items {
            self.raw(separator);
            write(self, item);
            separator = ",";
            is_empty = false;
        }
        self.raw(if is_empty { "[]" } else { "]" })
    }
}

/// Writes the digits of a number, the last one first.
#[inline]
fn put_digits(mut number: u64, room: &mut Rev<IterMut<'_, u8>>) {
    for digit in room {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
}

/// The place of the first byte that JSON escapes in a string: a control character, a quotation mark or a backslash.
///
/// Eight bytes at a time. A borrow may run into the bytes above one that is found, never below it, and the lowest is what
/// is asked for. A table for single bytes, serde_json's way, is a third as fast on text.
fn first_escaped(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGH;
    let found = |word: u64| {
        let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
        below(word, 0x20) | is(b'"') | is(b'\\')
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let mask = found(u64::from_le_bytes(*word));
        if mask != 0 {
            return Some(8 * number + (mask.trailing_zeros() / 8) as usize);
        }
    }
    let place = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))?;
    Some(8 * words.len() + place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut JsonWriter<'_>)) -> String {
        let mut out = Vec::new();
        write(&mut JsonWriter::new(&mut out));
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn strings_are_those_of_serde_json(text in prop_oneof![
            ".{0,80}",
            "[\\x00-\\x7f]{0,80}",
            "[a-zé\"\\\\\n\u{80}-\u{ff}]{0,80}",
            proptest::collection::vec(any::<char>(), 0..80).prop_map(String::from_iter),
        ]) {
            prop_assert_eq!(written(|json| { json.string(&text); }), serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn numbers_are_those_of_serde_json(
            number in prop_oneof![any::<u64>(), 0..1000_u64, Just(u64::MAX)],
            end in prop_oneof![any::<u64>(), 0..1000_u64, Just(u64::MAX)],
            ratio in any::<f64>(),
        ) {
            prop_assert_eq!(written(|json| { json.range(number, end).raw("]"); }), format!("[{number},{end}]"));
            prop_assert_eq!(written(|json| { json.number(number); }), number.to_string());
            prop_assert_eq!(written(|json| { json.ratio(ratio); }), serde_json::to_string(&ratio).unwrap());
        }

        #[test]
        fn lists_are_those_of_serde_json(list in proptest::collection::vec(proptest::option::of(any::<bool>()), 0..4)) {
            let json = written(|json| {
                json.list(&list, |json, item| {
                    json.optional(*item, JsonWriter::flag);
                });
            });
            prop_assert_eq!(json, serde_json::to_string(&list).unwrap());
        }
    }

    #[test]
    fn thousandths_are_those_of_serde_json_and_of_display() {
        for thousandths in (0..20_000).chain(990_000..1_000_100_u32) {
            let ratio = f64::from(thousandths) / 1000.0;
            let mut out = Vec::new();
            let mut json = JsonWriter::new(&mut out);
            assert_eq!(json.thousandths(ratio, ""), thousandths < 1_000_000);
            if thousandths < 1_000_000 {
                assert_eq!(String::from_utf8(out).unwrap(), ratio.to_string());
            }
            if !(2_000..999_000).contains(&thousandths) {
                assert_eq!(
                    written(|json| {
                        json.ratio(ratio);
                    }),
                    serde_json::to_string(&ratio).unwrap()
                );
            }
        }
        assert_eq!(
            written(|json| {
                json.ratio(-0.0);
            }),
            "-0.0"
        );
    }

    #[test]
    fn every_byte_at_every_place() {
        for byte in 0..0x80_u8 {
            for place in 0..20 {
                let text = format!("{}{}é tail of sixteen", "é".repeat(place), char::from(byte));
                assert_eq!(
                    written(|json| {
                        json.string(&text);
                    }),
                    serde_json::to_string(&text).unwrap()
                );
            }
        }
    }
}
