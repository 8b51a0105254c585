//! From word to word until one can open an amount. Nearly all the time of a run is spent here.

use crate::compound::LONGEST;
use crate::fold::{WordHash, is_blank, is_letter};
use crate::lexicon::{Reading, Sense, is_sign};
use crate::reader::Reader;

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
        match start_of(*bytes.get(at)?) {
            Start::Nothing => at += 1,
            Start::Digit | Start::Sign => return Some(at),
            Start::Letter | Start::Wide => {
                let word = at;
                let mut hash = WordHash::START;
                while let Some(&b) = bytes.get(at) {
                    match start_of(b) {
                        Start::Letter => {
                            hash = hash.byte(b | 0x20);
                            at += 1;
                        }
                        Start::Wide => {
                            let c = reader.char_at(at).unwrap_or(' ');
                            if !is_letter(c) {
                                break;
                            }
                            hash = hash.letter(c);
                            at += c.len_utf8();
                        }
                        _ => break,
                    }
                }
                if at == word {
                    // Not a letter after all: a sign, a space, a dash, an emoji.
                    let c = reader.char_at(at)?;
                    if is_sign(c) {
                        return Some(at);
                    }
                    at += c.len_utf8();
                } else if at - word > LONGEST {
                    // In no lexicon, whatever its hash says by chance.
                } else if lexicon.may_open(hash.value())
                    || compound && at - word > 5 && lexicon.morphemes.split(reader.slice(word, at)).is_some()
                    || at - word <= 4 && sign_follows(reader, at)
                    || scaled_code(bytes.get(word..at))
                {
                    return Some(word);
                }
            }
        }
    }
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

/// Whether the word here only counts together with the next ("un", "des"), and the next is no word of amounts: true
/// of most openers, and known after two lookups.
pub(crate) fn leads_nowhere(reader: Reader<'_>, opener: usize) -> bool {
    let Some(word) = reader.word_at(opener) else { return false };
    let Some(entry) = reader.lexicon.find(word.hash.value()) else { return false };
    // "ils" is no shekel: most codes stand in the lexicon in capitals only.
    let written = reader.slice(opener, word.end);
    let other_spelling = |reading: &Reading| reading.exact.is_some_and(|exact| exact != written);
    if entry.phrase <= 1
        && !entry.readings.is_empty()
        && entry.readings.iter().all(other_spelling)
        && !sign_follows(reader, word.end)
    {
        return true;
    }
    let leads = |reading: &Reading| matches!(reading.sense, Sense::Article(_) | Sense::Vague | Sense::Link);
    if reader.byte(word.end) != Some(b' ') || entry.readings.is_empty() || !entry.readings.iter().all(leads) {
        return false;
    }
    // "a few", "un paio di".
    let longer = |sense| (sense == Sense::Vague).then_some(());
    if entry.phrase > 1 && reader.phrase(opener, longer).is_some_and(|((), end)| end > word.end) {
        return false;
    }
    let next = reader.skip_blanks(word.end);
    match reader.word_at(next) {
        Some(following) => {
            let counts = reader.lexicon.find(following.hash.value()).is_some_and(|entry| entry.counts);
            let sign = following.end - next <= 4 && sign_follows(reader, following.end);
            let compound = || reader.lexicon.morphemes.split(reader.slice(next, following.end)).is_some();
            !counts && !sign && !compound()
        }
        None => reader.byte(next).is_some_and(|b| b.is_ascii_punctuation() && b != b'$'),
    }
}

/// "MEUR", "kUSD" before a number.
fn scaled_code(word: Option<&[u8]>) -> bool {
    matches!(word, Some([b'M' | b'k' | b'K' | b'G' | b'T', b'A'..=b'Z', b'A'..=b'Z', b'A'..=b'Z']))
}
