//! From word to word until one can open an amount. Nearly all the time of a run is spent here.

use crate::compound::LONGEST;
use crate::fold::{is_blank, is_letter};
use crate::lexicon::{Entry, Kinds, Reading, Sense, is_sign};
use crate::reader::{LONGEST_WORD, Reader, Word};
use crate::scan::Scan;
use crate::word::{self, WordHash};

/// From one place where an amount may begin to the next.
pub(crate) struct Openers<'a> {
    reader: Reader<'a>,
    scan: Scan<'a>,
    /// Numbers are looked for without a unit too.
    numbers: bool,
}

impl<'a> Openers<'a> {
    pub(crate) fn new(reader: Reader<'a>, numbers: bool) -> Self {
        Self { reader, scan: Scan::new(reader.0.text, &reader.lexicon.prefixes), numbers }
    }

    /// The next place at or after `at` where an amount may begin. `at` is not inside a word.
    pub(crate) fn next(&mut self, mut at: usize) -> Option<usize> {
        self.scan.resume(at);
        loop {
            let place = self.scan.next(at)?;
            match look(self.reader, at, place, self.numbers) {
                Found::Opener(opener) => {
                    if opener < place {
                        // The sign of a currency is one without the word before it too.
                        self.scan.keep(place);
                    }
                    return Some(opener);
                }
                Found::Nothing(end) => at = end,
                Found::Inside => {}
            }
        }
    }
}

enum Found {
    Opener(usize),
    /// Not here: go on from there.
    Nothing(usize),
    /// This is inside a word that opens nothing. It may belong to the sign behind it, so it is not passed over.
    Inside,
}

/// Looks closely at a place that may open an amount. `from` is at or before it, not inside a word, and no amount begins
/// between the two.
fn look(reader: Reader<'_>, from: usize, place: usize, numbers: bool) -> Found {
    let bytes = reader.text.as_bytes();
    let Some(&first) = bytes.get(place) else { return Found::Nothing(place) };
    if first.is_ascii_digit() {
        return Found::Opener(place);
    }
    if first == b'$' {
        return Found::Opener(word_before_sign(reader, from, place));
    }
    let behind_wide = place > from && reader.byte(place - 1).is_some_and(|b| !b.is_ascii());
    let inside = (behind_wide || !first.is_ascii())
        && place > from
        && reader.char_before(place).is_some_and(is_letter);
    if first.is_ascii() {
        if inside {
            return Found::Inside;
        }
        if let Some(end) = reader.lexicon.leaders.counts_nothing(bytes, place, numbers) {
            return Found::Nothing(end);
        }
        return word_at(reader, place);
    }
    let Some(c) = reader.char_at(place) else { return Found::Nothing(place + 1) };
    if !is_letter(c) {
        // A sign, a space, a dash, an emoji.
        return if is_sign(c) {
            Found::Opener(word_before_sign(reader, from, place))
        } else {
            Found::Nothing(place + c.len_utf8())
        };
    }
    if inside {
        return Found::Inside;
    }
    let (end, opens) = wide(reader, place, c);
    if opens { Found::Opener(place) } else { Found::Nothing(end) }
}

/// The word that starts with a letter of ASCII.
#[inline]
fn word_at(reader: Reader<'_>, at: usize) -> Found {
    let lexicon = reader.lexicon;
    let Some(word) = word::short(reader.text.as_bytes(), at) else {
        let (end, opens) = long_word(reader, at);
        return if opens { Found::Opener(at) } else { Found::Nothing(end) };
    };
    let end = at + word.len;
    let unusual = word.len <= 4 && (word.may_have_sign() || word.ends_in_code)
        || lexicon.grammar.compound && word.len > 5;
    if (unusual || lexicon.may_open(word.hash.value())) && word_opens(reader, at, end, word.hash) {
        return Found::Opener(at);
    }
    Found::Nothing(end)
}

/// The start of the short word that belongs to the sign at `sign` ("US$", "hk $"), or the sign's. Nothing before `from`
/// belongs to it.
fn word_before_sign(reader: Reader<'_>, from: usize, sign: usize) -> usize {
    let end = match reader.char_before(sign) {
        Some(c) if reader.byte(sign) == Some(b'$') && c != '\t' && is_blank(c) => sign - c.len_utf8(),
        _ => sign,
    };
    let start = reader.letters_before(end).max(from);
    if (1..=4).contains(&end.saturating_sub(start)) { start } else { sign }
}

/// The end of the word at `at`, and whether an amount may begin with it.
#[inline(never)]
fn long_word(reader: Reader<'_>, at: usize) -> (usize, bool) {
    let (end, hash) = word::read(reader.text, at, WordHash::START, LONGEST_WORD);
    let end = if end - at > LONGEST_WORD { reader.letters_end(end) } else { end };
    (end, word_opens(reader, at, end, hash))
}

/// The end of the word at `at` that starts with `c`, outside ASCII, and whether an amount may begin with it.
#[inline(never)]
fn wide(reader: Reader<'_>, at: usize, c: char) -> (usize, bool) {
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
        || needs_another_word(reader.lexicon.opening, entry, numbers)
            && is_plain_word(reader, word.end + 1)
            && !opens_phrase(reader, opener, word, entry);
    nowhere.then_some(word.end)
}

/// Whether the word means nothing but what another goes on with.
pub(crate) fn always_leads(entry: &Entry) -> bool {
    let leads = |reading: &Reading| matches!(reading.sense, Sense::Article(_) | Sense::Vague | Sense::Link);
    !entry.readings.is_empty() && entry.readings.iter().all(leads)
}

/// Whether the word here only counts together with the next ("un", "plusieurs"), and the next is no word of amounts.
fn only_leads(reader: Reader<'_>, opener: usize, word: Word, entry: &Entry) -> bool {
    if !always_leads(entry) {
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
pub(crate) fn needs_another_word(opening: Kinds, entry: &Entry, numbers: bool) -> bool {
    let numbers = if numbers { Kinds::NONE } else { Kinds::NUMBER.or(Kinds::HUNDRED) };
    let harmless = Kinds::ARTICLE.or(Kinds::VAGUE).or(Kinds::MINUS).or(numbers);
    let alone = opening.without(harmless);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lexicon::Lexicon;
    use crate::locale::Locale;
    use crate::reader::Source;

    /// Whether more is known of the place than that a code in small letters stands there.
    fn may_be_amount(reader: Reader<'_>, at: usize) -> bool {
        let code = reader.word_at(at).is_some_and(|word| {
            let written = reader.slice(at, word.end);
            let opening = |reading: &&Reading| reading.sense.kind().meets(reader.lexicon.opening);
            word.entry.is_some_and(|entry| {
                let mut readings = entry.readings.iter().filter(opening).peekable();
                readings.peek().is_some()
                    && readings.all(|reading| reading.exact.is_some_and(|exact| exact != written))
            })
        });
        !code && leads_nowhere(reader, at, false).is_none()
    }

    /// Where an amount may begin, word by word, but for what leads nowhere.
    fn plainly(reader: Reader<'_>) -> Vec<usize> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(c) = reader.char_at(at) {
            let end = if is_letter(c) { reader.letters_end(at) } else { at + c.len_utf8() };
            let opens = if is_letter(c) {
                word_opens(reader, at, end, word::read(reader.text, at, WordHash::START, usize::MAX).1)
            } else {
                c.is_ascii_digit() || is_sign(c)
            };
            if opens && may_be_amount(reader, at) {
                found.push(at);
            }
            at = end;
        }
        found
    }

    proptest! {
        #[test]
        fn the_scan_finds_what_a_reader_of_each_word_finds(
            language in prop::sample::select(vec!["und", "fr", "en", "de", "es", "it", "pt", "nl"]),
            pieces in prop::collection::vec((
                prop_oneof![
                    prop::sample::select(vec![
                        "un", "une", "Dix", "trois", "a", "an", "one", "ein", "eine", "hundert", "dreiundzwanzig", "tweeënhalf",
                        "EUR", "all", "MEUR", "kUSD", "US", "hk", "R", "d", "moins", "millions", "mìllions", "centaines", "du",
                        "état", "Ⰰun", "œuf", "дом", "рублей", "元", "五百", "euro", "Cinq", "cínq", "que\u{301}un", "été",
                        "half", "demi", "vijfhonderd", "ottanta", "personnes", "longues", "anticonstitutionnellement",
                    ]).prop_map(str::to_owned),
                    "[0-9]{1,3}",
                    "[a-zé]{1,6}",
                    prop::sample::select(vec!["$", "€", "£", "￥", "元", "₺", "×"]).prop_map(str::to_owned),
                ],
                prop::sample::select(vec![" ", " ", " ", " ", "", "’", "-", "\u{a0}", "\t", "\n", "«", "，", ", "]),
            ), 0..30),
        ) {
            let text: String = pieces.into_iter().flat_map(|(piece, gap)| [piece, gap.to_owned()]).collect();
            let locale = Locale::of(language);
            let source = Source::new(&text, &locale);
            let reader = Reader(&source);
            let (mut found, mut at) = (Vec::new(), 0);
            let mut openers = Openers::new(reader, false);
            while let Some(opener) = openers.next(at) {
                if may_be_amount(reader, opener) {
                    found.push(opener);
                }
                at = reader.letters_end(opener).max(opener + reader.char_at(opener).map_or(1, char::len_utf8));
            }
            prop_assert_eq!(found, plainly(reader), "{} {:?}", language, text);
        }
    }

    #[test]
    fn signs_and_words_lie_where_the_scan_looks_for_them() {
        for sign in ('\u{80}'..=char::MAX).filter(|c| is_sign(*c)) {
            let mut bytes = [0; 4];
            let known = match sign.encode_utf8(&mut bytes).as_bytes() {
                [0xC2, second, ..] => matches!(second, 0xA3 | 0xA5),
                [0xE2, second, ..] => matches!(second, 0x82 | 0x83),
                _ => true,
            };
            assert!(known, "{sign}");
        }
        for language in ["und", "fr", "en", "de", "es", "it", "pt", "nl"] {
            let rare = '\u{2C00}'..='\u{2FFF}';
            assert!(!rare.into_iter().any(|c| is_letter(c)
                && Lexicon::of(language).find(word::hash_folded(c.to_string().as_str())).is_some()));
        }
    }
}
