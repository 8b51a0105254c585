//! From word to word until one can open an amount. Nearly all the time of a run is spent here.

use crate::compound::LONGEST;
use crate::fold::{is_blank, is_letter};
use crate::lexicon::{Entry, Kinds, Reading, Sense, is_sign};
use crate::reader::{LONGEST_WORD, Reader, Word};
use crate::word::{self, WordHash};

/// What a byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Nothing,
    Letter,
    Digit,
    Sign,
    Wide,
}

const STARTS: [Start; 256] = {
    let mut table = [Start::Nothing; 256];
    let mut b = 0;
    #[expect(clippy::indexing_slicing, reason = "`b` is below 256, checked when compiled")]
    while b < 256 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Start::Letter,
            b'0'..=b'9' => Start::Digit,
            b'$' => Start::Sign,
            0x80..=0xFF => Start::Wide,
            _ => Start::Nothing,
        };
        b += 1;
    }
    table
};

#[inline]
fn start_of(b: u8) -> Start {
    STARTS.get(usize::from(b)).copied().unwrap_or(Start::Nothing)
}

/// The next place at or after `at` where an amount may begin. `at` is not inside a word.
pub(crate) fn next(reader: Reader<'_>, mut at: usize) -> Option<usize> {
    let bytes = reader.text.as_bytes();
    let lexicon = reader.lexicon;
    let compound = lexicon.grammar.compound;
    loop {
        let start = start_of(*bytes.get(at)?);
        if start == Start::Letter {
            if let Some(word) = word::short(bytes, at) {
                let end = at + word.len;
                let unusual =
                    word.len <= 4 && (word.may_have_sign() || word.ends_in_code) || compound && word.len > 5;
                if (unusual || lexicon.may_open(word.hash.value())) && word_opens(reader, at, end, word.hash)
                {
                    return Some(at);
                }
                at = end + usize::from(word.has_blank());
                continue;
            }
        } else if start == Start::Nothing {
            at += 1;
            continue;
        } else if start != Start::Wide {
            return Some(at);
        }
        let (end, opens) = if start == Start::Letter { long_word(reader, at) } else { wide(reader, at) };
        if opens {
            return Some(at);
        }
        at = end;
    }
}

/// The end of the word at `at`, and whether an amount may begin with it.
#[inline(never)]
fn long_word(reader: Reader<'_>, at: usize) -> (usize, bool) {
    let (end, hash) = word::read(reader.text, at, WordHash::START, LONGEST_WORD);
    let end = if end - at > LONGEST_WORD { reader.letters_end(end) } else { end };
    (end, word_opens(reader, at, end, hash))
}

/// The end of the word that starts outside ASCII at `at`, or of the character there, and whether an amount may begin
/// with it.
#[inline(never)]
fn wide(reader: Reader<'_>, at: usize) -> (usize, bool) {
    let Some(c) = reader.char_at(at) else { return (at + 1, false) };
    if !is_letter(c) {
        // A sign, a space, a dash, an emoji.
        return (at + c.len_utf8(), is_sign(c));
    }
    if c > LAST_ACCENT && !reader.lexicon.may_open_with(c) {
        // In most languages no word of such letters opens anything.
        let end = reader.letters_end(at);
        return (end, end - at <= 4 && sign_follows(reader, end));
    }
    long_word(reader, at)
}

/// The last combining accent. Behind it no character folds to a letter of ASCII.
const LAST_ACCENT: char = '\u{36F}';

/// Whether the word at `at` opens an amount: by its meaning, as a compound, or by the sign behind it.
#[inline]
fn word_opens(reader: Reader<'_>, at: usize, end: usize, hash: WordHash) -> bool {
    let lexicon = reader.lexicon;
    let length = end - at;
    if length <= LONGEST_WORD && lexicon.may_open(hash.value()) {
        let entry = lexicon.find(hash.value());
        if entry.is_some_and(|entry| entry.leads.meets(lexicon.opening)) {
            return true;
        }
    }
    if length > 5 {
        let compound = lexicon.grammar.compound && length <= LONGEST;
        return compound && lexicon.morphemes.split(reader.slice(at, end)).is_some();
    }
    length <= 4 && (sign_follows(reader, end) || scaled_code(reader.text.as_bytes().get(at..end)))
}

/// "US$", "CN¥", "hk $".
fn sign_follows(reader: Reader<'_>, at: usize) -> bool {
    match reader.byte(at) {
        Some(b'$') => true,
        Some(b' ') => reader.byte(at + 1) == Some(b'$'),
        Some(0x80..) => {
            let c = reader.char_at(at);
            c.is_some_and(is_sign)
                || c.is_some_and(is_blank) && reader.byte(at + c.map_or(0, char::len_utf8)) == Some(b'$')
        }
        _ => false,
    }
}

/// Where to go on, if nothing that opens here can be an amount: true of most openers, and known after two lookups.
/// `numbers` are looked for without a unit too.
pub(crate) fn leads_nowhere(reader: Reader<'_>, opener: usize, numbers: bool) -> Option<usize> {
    if reader.digit_at(opener) {
        return if numbers { None } else { figures_count_nothing(reader, opener) };
    }
    let word = reader.word_at(opener)?;
    let entry = word.entry?;
    // "ils" is no shekel: most codes stand in the lexicon in capitals only.
    let written = reader.slice(opener, word.end);
    let other_spelling = |reading: &Reading| reading.exact.is_some_and(|exact| exact != written);
    if entry.phrase <= 1
        && !entry.readings.is_empty()
        && entry.readings.iter().all(other_spelling)
        && !sign_follows(reader, word.end)
    {
        return Some(word.end);
    }
    if reader.byte(word.end) != Some(b' ') {
        return None;
    }
    let nowhere = only_leads(reader, opener, word, entry)
        || needs_another_word(reader, entry, numbers)
            && is_plain_word(reader, word.end + 1)
            && !opens_phrase(reader, opener, word, entry);
    nowhere.then_some(word.end)
}

/// Whether the word here only counts together with the next ("un", "plusieurs"), and the next is no word of amounts.
fn only_leads(reader: Reader<'_>, opener: usize, word: Word, entry: &Entry) -> bool {
    let leads = |reading: &Reading| matches!(reading.sense, Sense::Article(_) | Sense::Vague | Sense::Link);
    if entry.readings.is_empty() || !entry.readings.iter().all(leads) {
        return false;
    }
    // "a few", "un paio di".
    if entry.phrase > 1 && reader.means(opener, Sense::Vague).is_some_and(|end| end > word.end) {
        return false;
    }
    let next = reader.skip_blanks(word.end);
    match reader.word_at(next) {
        Some(following) => {
            let counts = following.entry.is_some_and(Entry::counts);
            let sign = following.end - next <= 4 && sign_follows(reader, following.end);
            let compound = || reader.lexicon.morphemes.split(reader.slice(next, following.end)).is_some();
            !counts && !sign && !compound()
        }
        None => reader.byte(next).is_some_and(|b| b.is_ascii_punctuation() && b != b'$'),
    }
}

/// Whether nothing that the word means is an amount without another word: "a" that is also "for each", "moins", and
/// "deux" where bare numbers are not looked for.
fn needs_another_word(reader: Reader<'_>, entry: &Entry, numbers: bool) -> bool {
    let numbers = if numbers { Kinds::NONE } else { Kinds::NUMBER.or(Kinds::HUNDRED) };
    let harmless = Kinds::ARTICLE.or(Kinds::VAGUE).or(Kinds::MINUS).or(numbers);
    let alone = reader.lexicon.opening.without(harmless);
    !entry.readings.iter().any(|reading| reading.sense.kind().meets(alone))
}

/// Whether an amount may begin with a phrase longer than the word, or with the word as a compound.
fn opens_phrase(reader: Reader<'_>, opener: usize, word: Word, entry: &Entry) -> bool {
    entry.phrase > 1
        && reader.phrase(opener, reader.lexicon.opening, Some).is_some_and(|(_, end)| end > word.end)
        || reader.lexicon.morphemes.split(reader.slice(opener, word.end)).is_some()
}

/// Whether a word stands here that no number counts and none goes on with: nine words in ten.
fn is_plain_word(reader: Reader<'_>, at: usize) -> bool {
    reader.word_at(at).is_some_and(|word| {
        let length = word.end - at;
        word.entry.is_none()
            // "p. 100" is a percentage, "MEUR" and "MdUSD" are currencies, "US$" is one.
            && length > 1
            // "元" is a letter, and a sign.
            && !reader.char_at(at).is_some_and(is_sign)
            && !reader.byte(word.end - 1).is_some_and(|b| b.is_ascii_uppercase())
            && !(length <= 4 && sign_follows(reader, word.end))
            && reader.lexicon.morphemes.split(reader.slice(at, word.end)).is_none()
    })
}

/// The end of figures that are a number without a unit, a scale or another number beside them: "2024.", "12 coureurs".
fn figures_count_nothing(reader: Reader<'_>, at: usize) -> Option<usize> {
    let figures =
        reader.text.as_bytes().get(at..)?.iter().take(MOST_FIGURES).take_while(|b| b.is_ascii_digit());
    let end = at + figures.count();
    let nothing = match reader.byte(end) {
        None | Some(b'\n' | b')' | b']' | b'"' | b';' | b'!' | b'?' | b'|') => true,
        Some(b'.' | b':') => matches!(reader.byte(end + 1), None | Some(b' ' | b'\n')),
        Some(b' ') => is_plain_word(reader, end + 1),
        Some(b',') => reader.byte(end + 1) == Some(b' ') && is_plain_word(reader, end + 2),
        _ => false,
    };
    nothing.then_some(end)
}

/// More figures than these are read with all care.
const MOST_FIGURES: usize = 12;

/// "MEUR", "kUSD" before a number.
fn scaled_code(word: Option<&[u8]>) -> bool {
    matches!(word, Some([b'M' | b'k' | b'K' | b'G' | b'T', b'A'..=b'Z', b'A'..=b'Z', b'A'..=b'Z']))
}
