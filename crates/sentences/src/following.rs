//! What stands after a mark: the first word, and whether it may open a sentence.

use crate::marks;
use crate::text::Text;
use crate::words::{Class, Words};

/// Longest word looked at, in bytes.
const LONGEST_WORD: usize = 40;

/// How many marks may stand before a word: enough for `» (« `, and few enough to keep a text of nothing but marks
/// linear.
const MOST_MARKS: usize = 8;

/// What the first word after a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Capital,
    Small,
    /// A letter of a script without capitals.
    Uncased,
    Number,
    Symbol,
    /// A comma, a closing mark: the sentence goes on.
    Continues,
}

/// The first word after a mark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Following<'t, 'w> {
    text: Text<'t>,
    words: &'w Words,
    /// Where it starts.
    pub(crate) start: usize,
    /// Nothing beyond is looked at.
    end: usize,
    pub(crate) kind: Kind,
    /// A quote or a bracket opened before it.
    pub(crate) opened: bool,
    /// The first that opened is a bracket.
    pub(crate) bracketed: bool,
    /// A dash stands before it.
    pub(crate) dashed: bool,
}

impl<'t, 'w> Following<'t, 'w> {
    /// The first word of `at..end`, behind an ellipsis, quotes, brackets, dashes and bullets.
    pub(crate) fn read(text: Text<'t>, words: &'w Words, at: usize, end: usize) -> Self {
        let mut following = Self::at(text, words, text.skip_space(ellipsis_end(text, at), end), end);
        for _ in 0..MOST_MARKS {
            let at = following.start;
            let Some(letter) = text.letter(at).filter(|_| at < end && following.kind == Kind::Symbol) else {
                break;
            };
            let mut after = at + letter.len_utf8();
            match letter {
                // ",,": a low quotation mark typed with commas.
                ',' if text.byte(after) == b',' => {
                    following.opened = true;
                    after += 1;
                }
                '-' | '–' | '—' | '―' => following.dashed = true,
                '*' | '_' | '•' => {}
                _ if marks::opens(letter) || marks::quotes(letter) => {
                    following.bracketed |= !following.opened && letter == '(';
                    following.opened = true;
                }
                _ => break,
            }
            following.start = text.skip_space(after, end);
            following.kind = kind_at(text, following.start, end);
        }
        following
    }

    /// The word at `start`, whatever stands there.
    pub(crate) fn at(text: Text<'t>, words: &'w Words, start: usize, end: usize) -> Self {
        let kind = kind_at(text, start, end);
        Self { text, words, start, end, kind, opened: false, bracketed: false, dashed: false }
    }

    /// Its letters.
    pub(crate) fn word(self) -> &'t str {
        let rest = self.text.part(self.start, self.end);
        let mut length = 0;
        for letter in rest.chars() {
            if !is_word(letter) || length >= LONGEST_WORD {
                break;
            }
            length += letter.len_utf8();
        }
        rest.get(..length).unwrap_or_default()
    }

    /// The classes of the word.
    pub(crate) fn class(self) -> Class {
        self.words.class(self.word())
    }

    /// The character after the word.
    pub(crate) fn after_word(self) -> Option<char> {
        let after = self.start + self.word().len();
        self.text.letter(after).filter(|_| after < self.end)
    }

    /// Whether it is a word that opens sentences: with a capital it is no name.
    pub(crate) fn opens_sentence(self) -> bool {
        let word = self.word();
        let class = self.words.class(word);
        if !class.has(Class::STARTER) {
            return false;
        }
        let after = self.start + word.len();
        match self.after_word() {
            // "L'Express" after an initial is a name, "L'affaire" and "C'est" are not.
            Some(mark @ ('\'' | '’')) => {
                !class.has(Class::PARTICLE)
                    || self.text.letter(after + mark.len_utf8()).is_some_and(char::is_lowercase)
            }
            Some('-') => !self.text.letter(after + 1).is_some_and(char::is_uppercase),
            Some('.') => word.chars().count() > 2,
            // "Le Pen", "Van Gogh".
            Some(space) if space.is_whitespace() && class.has(Class::PARTICLE) => {
                !self.text.letter(self.text.skip_space(after, self.end)).is_some_and(char::is_uppercase)
            }
            _ => true,
        }
    }
}

/// Where the "..." or "…" at `at` ends; `at` where there is none.
fn ellipsis_end(text: Text<'_>, at: usize) -> usize {
    if text.letter(at) == Some('…') {
        return at + '…'.len_utf8();
    }
    let dots = (0..MOST_MARKS).take_while(|dot| text.byte(at + dot) == b'.').count();
    if dots > 1 { at + dots } else { at }
}

fn kind_at(text: Text<'_>, at: usize, end: usize) -> Kind {
    let Some(letter) = text.letter(at).filter(|_| at < end) else { return Kind::Symbol };
    let after = at + letter.len_utf8();
    if letter.is_lowercase() {
        // "iPhone", "eBay", "mRNA": small by whim.
        if text.letter(after).is_some_and(char::is_uppercase) { Kind::Capital } else { Kind::Small }
    } else if letter.is_uppercase() {
        Kind::Capital
    } else if letter.is_numeric() {
        Kind::Number
    } else if letter.is_alphabetic() {
        Kind::Uncased
    } else if letter == ',' && text.byte(after) == b',' {
        Kind::Symbol
    } else if matches!(letter, ',' | ';' | ':' | '،' | '؛' | '、' | '，' | '/' | '=' | '%')
        || marks::closes(letter)
    {
        Kind::Continues
    } else {
        Kind::Symbol
    }
}

/// Letters, digits and the marks that combine with them.
pub(crate) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{DFF}')
}
