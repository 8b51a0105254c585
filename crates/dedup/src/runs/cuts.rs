//! Where a text may be cut: before each of its words, and at its end.
//!
//! Removed runs are runs of folded words; what goes are stretches of text. A cut stands in the gap between two words, so
//! it is never inside a character: after what closes the word before (a full stop, a closing quote) and before what
//! opens the next one. Where sentences are known, a run is cut between sentences alone, since half a sentence is worth
//! less to a reader than a passage that stands twice. Elsewhere it is cut at spaces and line ends, and between
//! characters of scripts without spaces: not inside `l’été`, `peut-être` or `3,5`.

use tamis_span::{Span, TextSize};

use crate::fold::{Kind, kind, letters_and_digits};

/// One place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The byte of the text.
    pub(crate) at: u32,
    /// Bytes of white space before it.
    pub(crate) back: u32,
    /// Whether a run may begin or end here.
    pub(crate) is_allowed: bool,
    /// Whether a line begins here, or the text ends.
    pub(crate) begins_line: bool,
}

/// Appends the cuts of `text`, one before each word and one at its end, and tells how many words there are. Sentences
/// ascend and are disjoint.
pub(crate) fn write(text: &str, sentences: &[Span], out: &mut Vec<u8>) -> usize {
    let mut writer = Writer { text, sentences, sentence: 0, out, last: 0, before: Word::default() };
    let mut words = 0;
    each_word(text, |word| {
        writer.cut(Some(word));
        words += 1;
    });
    writer.cut(None);
    words
}

/// Reads what [`write`] wrote; `None` where that is not whole.
pub(crate) fn read(mut bytes: &[u8], cuts: &mut Vec<Cut>) -> Option<()> {
    cuts.clear();
    let mut at = 0_u32;
    while !bytes.is_empty() {
        let number = take(&mut bytes)?;
        at = at.checked_add(u32::try_from(number >> 2).ok()?)?;
        let cut = match number & 3 {
            FORBIDDEN => Cut { at, ..Cut::default() },
            SPACE => Cut { at, back: 1, is_allowed: true, begins_line: false },
            LINE => Cut { at, back: 1, is_allowed: true, begins_line: true },
            _ => {
                let number = take(&mut bytes)?;
                let back = u32::try_from(number >> 1).ok().filter(|back| *back <= at)?;
                Cut { at, back, is_allowed: true, begins_line: number & 1 == 1 }
            }
        };
        cuts.push(cut);
    }
    Some(())
}

/// The stretches of text of the words from each of `edges` to the next, which are removed together; `edges` ascend and
/// begin and end where runs may.
///
/// What ends a line takes the line's end along if it also began one, and else leaves it: nothing is glued together.
pub(crate) fn spans(cuts: &[Cut], edges: &[u32]) -> Vec<Span> {
    let cut = |word: &u32| cuts.get(*word as usize).copied().unwrap_or_default();
    let (Some(first), Some(last)) = (edges.first().map(cut), edges.last().map(cut)) else {
        return Vec::new();
    };
    let is_tail = !first.begins_line && last.begins_line;
    let mut places: Vec<u32> = edges.iter().map(|edge| cut(edge).at).collect();
    if is_tail {
        if let Some(start) = places.first_mut() {
            *start -= first.back;
        }
        if let Some(end) = places.last_mut() {
            *end -= last.back;
        }
    }
    let place = |at: &u32| TextSize::new(*at);
    places.windows(2).filter_map(|pair| Some(Span::new(place(pair.first()?), place(pair.last()?)))).collect()
}

const FORBIDDEN: u64 = 0;
/// Allowed after one byte of white space.
const SPACE: u64 = 1;
/// Allowed after one line break.
const LINE: u64 = 2;
/// Allowed; the white space before follows, and whether a line begins.
const OTHER: u64 = 3;

#[derive(Clone, Copy, Default)]
struct Word {
    start: usize,
    end: usize,
    /// Whether it is one character of a script without spaces.
    is_alone: bool,
}

/// Has `each` see the words that folding makes of a text.
fn each_word(text: &str, mut each: impl FnMut(Word)) {
    let bytes = text.as_bytes();
    let mut open: Option<Word> = None;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let letters = ascii_letters(rest);
        if letters > 0 {
            open.get_or_insert(Word { start: at, ..Word::default() }).end = at + letters;
            at += letters;
            continue;
        }
        let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let start = at;
        at += character.len_utf8();
        let found = if character.is_ascii() { Kind::Divider } else { kind(character) };
        match (found, &mut open) {
            (Kind::Letter | Kind::Skipped, Some(word)) => word.end = at,
            (Kind::Letter, none) => *none = Some(Word { start, end: at, is_alone: false }),
            (Kind::Skipped, None) => {}
            (Kind::Divider, open) => open.take().into_iter().for_each(&mut each),
            (Kind::Word, open) => {
                open.take().into_iter().for_each(&mut each);
                each(Word { start, end: at, is_alone: true });
            }
        }
    }
    open.into_iter().for_each(each);
}

/// How many ASCII letters and digits bytes begin with; eight at most, and most words have fewer.
#[inline]
fn ascii_letters(bytes: &[u8]) -> usize {
    match bytes.first_chunk() {
        Some(eight) => (!letters_and_digits(u64::from_le_bytes(*eight))).trailing_zeros() as usize / 8,
        None => bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count(),
    }
}

struct Writer<'a> {
    text: &'a str,
    sentences: &'a [Span],
    /// The first sentence that is not over.
    sentence: usize,
    out: &'a mut Vec<u8>,
    /// The cut before.
    last: usize,
    before: Word,
}

impl Writer<'_> {
    /// Puts the cut before a word, or the last one.
    fn cut(&mut self, next: Option<Word>) {
        let start = self.before.end;
        if let Some(next) = next
            && next.start == start + 1
            && start > 0
            && self.text.as_bytes().get(start) == Some(&b' ')
        {
            return self.space(next);
        }
        let is_first = start == 0;
        let end = next.map_or(self.text.len(), |next| next.start);
        let gap = self.text.get(start..end).unwrap_or_default();
        let (mut at, mut begins_line) = match (next, gap.rfind('\n')) {
            (None, _) => (end, true),
            (Some(_), Some(line_end)) => (start + line_end + 1, true),
            (Some(_), None) if is_first => (0, true),
            (Some(_), None) => (start + closing(gap), false),
        };
        let is_allowed = match next {
            Some(next) if !is_first && !self.sentences.is_empty() => match self.sentence_of(next) {
                Some(sentence) if sentence.start().to_usize() <= self.before.start => false,
                Some(sentence) => {
                    let place = sentence.start().to_usize();
                    if place >= start && (place > at || !begins_line) {
                        begins_line &= place == at;
                        at = place;
                    }
                    true
                }
                None => true,
            },
            Some(next) if !is_first => {
                let is_between_characters = next.is_alone || self.before.is_alone;
                begins_line || is_between_characters || gap.contains(char::is_whitespace)
            }
            _ => true,
        };
        let before = self.text.get(start..at).unwrap_or_default();
        let back = before.len() - before.trim_end().len();
        let kind = match (is_allowed, back, begins_line) {
            (false, ..) => FORBIDDEN,
            (true, 1, false) => SPACE,
            (true, 1, true) => LINE,
            _ => OTHER,
        };
        put(self.out, ((at - self.last) as u64) << 2 | kind);
        if kind == OTHER {
            put(self.out, (back as u64) << 1 | u64::from(begins_line));
        }
        self.last = at;
        self.before = next.unwrap_or_default();
    }

    /// Puts the cut after one space, which is what most words come after.
    fn space(&mut self, next: Word) {
        let is_inside = !self.sentences.is_empty()
            && self.sentence_of(next).is_some_and(|it| it.start().to_usize() <= self.before.start);
        let kind = if is_inside { FORBIDDEN } else { SPACE };
        put(self.out, ((next.start - self.last) as u64) << 2 | kind);
        self.last = next.start;
        self.before = next;
    }

    /// The sentence that a word begins in.
    fn sentence_of(&mut self, word: Word) -> Option<Span> {
        loop {
            let sentence = *self.sentences.get(self.sentence)?;
            if sentence.end().to_usize() > word.start {
                return (sentence.start().to_usize() <= word.start).then_some(sentence);
            }
            self.sentence += 1;
        }
    }
}

/// How much of a gap without a line end belongs to the word before: all but what opens the next.
fn closing(gap: &str) -> usize {
    let mut had_space = false;
    for (at, character) in gap.char_indices() {
        if opens(character) || (had_space && may_open(character)) {
            return at;
        }
        had_space |= character.is_whitespace();
    }
    gap.len()
}

fn opens(character: char) -> bool {
    matches!(character, '«' | '“' | '„' | '‘' | '‹' | '(' | '[' | '{' | '¿' | '¡' | '「' | '『' | '（' | '【')
}

/// What opens after a space and closes elsewhere.
fn may_open(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '*' | '_' | '#' | '-' | '–' | '—' | '•' | '·' | '$' | '€' | '£' | '@' | '+' | '<'
    )
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fold::Words;

    fn cuts(text: &str, sentences: &[Span]) -> Vec<Cut> {
        let (mut bytes, mut cuts) = (Vec::new(), Vec::new());
        let words = write(text, sentences, &mut bytes);
        read(&bytes, &mut cuts).unwrap();
        assert_eq!(cuts.len(), words + 1);
        cuts
    }

    /// The text with a stroke at each cut that is allowed.
    fn cut(text: &str, sentences: &[Span]) -> String {
        let mut out = text.to_owned();
        for cut in cuts(text, sentences).iter().rev().filter(|cut| cut.is_allowed) {
            out.insert(cut.at as usize, '|');
        }
        out
    }

    #[test]
    fn cuts_stand_between_what_closes_and_what_opens() {
        assert_eq!(cut("Il a dit : « Non. » Puis rien.", &[]), "|Il |a |dit : |« Non. » |Puis |rien.|");
        assert_eq!(cut("L’été (peut-être) 3,5 % – soit", &[]), "|L’été |(peut-être) |3,5 % |– soit|");
        assert_eq!(cut("dit \"oui\" et\n\n- non\n", &[]), "|dit |\"oui\" |et\n\n|- non\n|");
        assert_eq!(cut("東京は。夏、 é", &[]), "|東|京|は。|夏、 |é|");
        assert_eq!(cut("***\nmot", &[]), "***\n|mot|");
        assert_eq!((cut("", &[]), cut("…", &[])), ("|".into(), "…|".into()));
    }

    #[test]
    fn sentences_are_not_cut() {
        let text = "Un deux. « Trois »\nquatre cinq. Six";
        let sentences = ["Un deux.", "« Trois »\nquatre cinq.", "Six"].map(|sentence| {
            let start = text.find(sentence).unwrap();
            Span::of(start, start + sentence.len())
        });
        assert_eq!(cut(text, &sentences), "|Un deux. |« Trois »\nquatre cinq. |Six|");
        assert_eq!(cut("Titre seul\nUn deux.", &[Span::of(11, 19)]), "|Titre |seul\n|Un deux.|");
    }

    #[test]
    fn nothing_is_glued_together() {
        let left = |text: &str, from: usize, to: usize| {
            let span = spans(&cuts(text, &[]), &[from as u32, to as u32])[0];
            let mut left = text.to_owned();
            left.replace_range(span.range(), "");
            left
        };
        assert_eq!(left("a b c d", 1, 3), "a d");
        assert_eq!(left("a. B c.\nD", 1, 3), "a.\nD");
        assert_eq!(left("a\nB c.\nD", 1, 3), "a\nD");
        assert_eq!(left("a\nB c. D", 1, 3), "a\nD");
        assert_eq!(left("a b c\n", 1, 3), "a\n");
        assert_eq!(left("a b c\n", 0, 3), "");
        assert_eq!(left("a\n\nb c\n\nd", 1, 3), "a\n\nd");
    }

    #[test]
    fn neighbouring_runs_share_their_edge() {
        let text = "x a b\nc d\ny";
        let found = spans(&cuts(text, &[]), &[1, 3, 5]);
        assert_eq!(found.iter().map(|span| span.slice(text).unwrap()).collect::<Vec<_>>(), [" a b\n", "c d"]);
    }

    proptest! {
        #[test]
        fn words_are_those_that_folding_finds(text: String, ascii in "[ -~\\n]{0,40}") {
            for text in [text.as_str(), &ascii, &format!("{ascii}{text}")] {
                let mut words = Words::default();
                words.fold(text);
                let cuts = cuts(text, &[]);
                prop_assert_eq!(cuts.len(), words.count + 1);
                prop_assert!(cuts.iter().all(|cut| text.is_char_boundary(cut.at as usize)));
                prop_assert!(cuts.iter().all(|cut| text.is_char_boundary((cut.at - cut.back) as usize)));
                prop_assert!(cuts.is_sorted_by_key(|cut| cut.at));
            }
        }
    }
}
