//! What a mark takes along: its run (`?!`, `...`, `. . .`) and what closes after it (`»`, `)`, a quote, `[12]`).

use crate::marks::{self, Ending};
use crate::text::Text;

/// A mark, where it starts and ends in the text, and how it ends a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) ending: Ending,
}

/// A mark with its run and what closes after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tail {
    /// After the last closing mark.
    pub(crate) end: usize,
    pub(crate) ending: Ending,
    /// Something closed after the mark.
    pub(crate) closed: bool,
}

/// Reads on from `mark`, at most to `end`. `odd_quotes(at)` tells whether an odd number of straight quotes stands
/// before `at` in the paragraph.
pub(crate) fn tail(
    text: Text<'_>,
    mark: Mark,
    end: usize,
    odd_quotes: &mut impl FnMut(usize) -> bool,
) -> Tail {
    let mut tail = Tail { end: mark.end, ending: mark.ending, closed: false };
    while tail.end < end {
        let Some(letter) = text.letter(tail.end) else { break };
        let after = tail.end + letter.len_utf8();
        if letter == ' ' && text.byte(after).is_ascii_alphanumeric() {
            break; // by far the most frequent case
        }
        if let Some(ending) = marks::ending(letter) {
            tail.ending = tail.joined(ending);
            tail.end = after;
        } else if marks::closes(letter)
            || (marks::quotes(letter) && closes_here(text, letter, tail.end, end, odd_quotes))
        {
            tail.closed = true;
            tail.end = after;
        } else if letter == '[' {
            let Some(cited) = citation(text, tail.end, end) else { break };
            tail.end = cited;
        } else if letter.is_whitespace() {
            if !tail.goes_on_after_space(text, end, odd_quotes) {
                break;
            }
        } else {
            break;
        }
    }
    tail
}

impl Tail {
    /// The ending of a run that had one ending and meets another.
    fn joined(self, next: Ending) -> Ending {
        match (self.ending, next) {
            (Ending::Plain, _) | (_, Ending::Plain) => Ending::Plain,
            // `(...).` and `dit-il ».`: what closed cannot be an abbreviation or a pause.
            (_, Ending::Stop) if self.closed => Ending::Strong,
            (Ending::Stop | Ending::Ellipsis, Ending::Stop | Ending::Ellipsis) => Ending::Ellipsis,
            _ => Ending::Strong,
        }
    }

    /// Takes what belongs to the run after white space: the dots of `. . .`, a spaced closing quote, a spaced citation.
    /// False when nothing does.
    fn goes_on_after_space(
        &mut self,
        text: Text<'_>,
        end: usize,
        odd_quotes: &mut impl FnMut(usize) -> bool,
    ) -> bool {
        let at = text.skip_space(self.end, end);
        let Some(letter) = text.letter(at).filter(|_| at < end) else { return false };
        let after = at + letter.len_utf8();
        let ends =
            |letter: char| letter.is_whitespace() || (!letter.is_alphanumeric() && !marks::opens(letter));
        match letter {
            // ". . ." and, in text cut into tokens, "! ." or `" .`.
            '.' if text.ends_or(after, end, |next| next.is_whitespace() || marks::quotes(next)) => {
                if self.ending == Ending::Stop && !self.closed && opens_with_omission(text, self.end, at, end)
                {
                    return false;
                }
                self.ending = self.joined(Ending::Stop);
                self.end = after;
            }
            // "! ... Next": dots typed behind a mark trail off, they do not open.
            '.' if self.ending == Ending::Strong => {
                let dots = text.part(at, end.min(at + 8)).bytes().take_while(|&byte| byte == b'.').count();
                if dots < 2 || !text.ends_or(at + dots, end, char::is_whitespace) {
                    return false;
                }
                self.end = at + dots;
            }
            // "… …", as Chinese is typed.
            '…' if self.ending != Ending::Stop
                && text.ends_or(after, end, |next| !next.is_alphanumeric()) =>
            {
                self.end = after;
            }
            '!' | '?'
                if text.ends_or(after, end, |next| next.is_whitespace() || marks::ending(next).is_some()) =>
            {
                self.ending = Ending::Strong;
                self.end = after;
            }
            '”' | '’' | '」' | '』' if self.ending == Ending::Plain => self.close(after),
            '»' | '”' | ')' | ']' if text.ends_or(after, end, ends) => self.close(after),
            '"' if text.ends_or(after, end, ends) && odd_quotes(at) => self.close(after),
            // '' and ``, as text cut into tokens writes quotes.
            '\'' | '`' if text.letter(after) == Some(letter) && text.ends_or(after + 1, end, ends) => {
                self.close(after + 1);
            }
            '[' => match citation(text, at, end) {
                Some(cited) => self.end = cited,
                None => return false,
            },
            _ => return false,
        }
        true
    }

    fn close(&mut self, end: usize) {
        self.closed = true;
        self.end = end;
    }
}

/// Whether a quotation mark right after an ending mark closes. Most marks open in one tradition and close in another:
/// what closes is followed by white space or punctuation, what opens by a word.
fn closes_here(
    text: Text<'_>,
    letter: char,
    at: usize,
    end: usize,
    odd_quotes: &mut impl FnMut(usize) -> bool,
) -> bool {
    if text.ends_or(at + letter.len_utf8(), end, |next| !next.is_alphanumeric()) {
        return true;
    }
    match letter {
        '»' | '”' => true,
        '"' => odd_quotes(at),
        _ => false,
    }
}

/// Whether ". . . The" stands at `at`: after a full stop that ends at `stop`, three more dots and a capital are what the
/// next sentence left out. A spaced stop is one of four dots that end a sentence.
fn opens_with_omission(text: Text<'_>, stop: usize, at: usize, end: usize) -> bool {
    const OMISSION: &str = ". . . ";
    let after = at + OMISSION.len();
    text.letter_before(stop.saturating_sub(1)).is_some_and(|letter| !letter.is_whitespace())
        && text.part(at, after) == OMISSION
        && after < end
        && text.letter(after).is_some_and(char::is_uppercase)
}

/// `[12]` or `[12, 13]` at `at`: where it ends.
fn citation(text: Text<'_>, at: usize, end: usize) -> Option<usize> {
    let mut digits = 0;
    for place in at + 1..end.min(at + 12) {
        match text.byte(place) {
            b'0'..=b'9' => digits += 1,
            b',' | b' ' | b'-' => {}
            b']' if digits > 0 => return Some(place + 1),
            _ => return None,
        }
    }
    None
}
