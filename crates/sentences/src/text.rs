//! A text read by byte offset, without slicing that can panic: outside the text there is nothing.

/// A text and the ways of looking at one place of it. Offsets are bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'t>(pub(crate) &'t str);

impl<'t> Text<'t> {
    /// The byte at `at`, or 0 beyond the end.
    #[inline]
    pub(crate) fn byte(self, at: usize) -> u8 {
        self.0.as_bytes().get(at).copied().unwrap_or_default()
    }

    /// The character that starts at `at`.
    #[inline]
    pub(crate) fn letter(self, at: usize) -> Option<char> {
        let byte = self.byte(at);
        if byte.is_ascii() && at < self.0.len() {
            return Some(char::from(byte));
        }
        self.0.get(at..)?.chars().next()
    }

    /// The character that ends at `at`.
    #[inline]
    pub(crate) fn letter_before(self, at: usize) -> Option<char> {
        let byte = self.byte(at.checked_sub(1)?);
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        self.0.get(..at)?.chars().next_back()
    }

    /// The text of `from..to`, or nothing where that is no range of whole characters.
    #[inline]
    pub(crate) fn part(self, from: usize, to: usize) -> &'t str {
        self.0.get(from..to).unwrap_or_default()
    }

    /// The first place from `at` on that is no white space, at most `end`.
    #[inline]
    pub(crate) fn skip_space(self, mut at: usize, end: usize) -> usize {
        while at < end {
            match self.byte(at) {
                b' ' => at += 1,
                b'!'..=b'~' => break,
                _ => match self.letter(at) {
                    Some(letter) if letter.is_whitespace() => at += letter.len_utf8(),
                    _ => break,
                },
            }
        }
        at.min(end)
    }

    /// The last place before `at` that follows something other than white space, at least `start`.
    #[inline]
    pub(crate) fn skip_space_back(self, mut at: usize, start: usize) -> usize {
        while at > start {
            match self.letter_before(at) {
                Some(letter) if letter.is_whitespace() => at -= letter.len_utf8(),
                _ => break,
            }
        }
        at.max(start)
    }

    /// Whether a character at `at` is missing (at or after `end`) or satisfies `test`.
    #[inline]
    pub(crate) fn ends_or(self, at: usize, end: usize, test: impl Fn(char) -> bool) -> bool {
        at >= end || self.letter(at).is_none_or(test)
    }
}
