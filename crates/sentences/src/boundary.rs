//! Whether a mark ends the sentence it stands in: the rules, in the order they are asked.
//!
//! 1. Without white space after the mark and its tail, nothing ends; only marks of scripts without spaces are free of
//!    that, and words glued by a lost space.
//! 2. What follows decides: a capital, a number or an uncased letter may open a sentence, a small letter may not.
//! 3. A single full stop also asks the word before it: title, reference, unit, abbreviation, initial, ordinal.
//!    Most of these end a sentence only before a *starter*, a word that is no name when it has a capital. That is what
//!    tells "in the U.S. The" from "the U.S. Senate".

use crate::following::{Following, Kind};
use crate::marks::{self, Ending};
use crate::tail::{Mark, Tail};
use crate::text::Text;
use crate::token::{Token, is_roman};
use crate::words::{Class, Words};

/// Longest opening adverbial, in bytes.
const LONGEST_ADVERBIAL: usize = 80;

/// Longest speech that is looked through for its dash, in bytes: a bound keeps a text of nothing but dashes linear.
const LONGEST_SPEECH: usize = 400;

/// The sentence around a mark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'t, 'w> {
    pub(crate) text: Text<'t>,
    /// Where the sentence starts.
    pub(crate) start: usize,
    /// Where its paragraph ends: nothing beyond is looked at.
    pub(crate) end: usize,
    pub(crate) words: &'w Words,
}

/// Whether the sentence ends at the end of `tail`.
pub(crate) fn ends(context: Context<'_, '_>, mark: Mark, tail: Tail) -> bool {
    let Context { text, end, words, .. } = context;
    let at = text.skip_space(tail.end, end);
    if at >= end {
        return true;
    }
    if at == tail.end {
        return ends_without_space(context, mark, tail);
    }
    let following = Following::read(text, words, at, end);
    if following.kind == Kind::Continues || (following.opened && is_omission(text.part(at, end))) {
        return false;
    }
    if words.traits.interrupted_speech && following.dashed && is_interrupted(context, tail.end) {
        return false;
    }
    match tail.ending {
        Ending::Plain => true,
        Ending::Strong => ends_after_strong(context, mark, tail, following),
        Ending::Ellipsis => ends_after_ellipsis(context, mark, tail, following),
        Ending::Stop => ends_after_stop(context, mark, tail, following),
    }
}

/// "«Yes, – he said. – Now go»": whether the sentence opened with a quotation that is still open at `at`, and a dash has
/// told who speaks.
fn is_interrupted(context: Context<'_, '_>, at: usize) -> bool {
    let Context { text, start, .. } = context;
    let said = text.part(start, at);
    said.len() <= LONGEST_SPEECH
        && said.starts_with(['«', '„', '“'])
        && !said.contains(['»', '”'])
        && [" – ", " — "].iter().any(|dash| said.contains(dash))
}

/// "[...]", "(…)" and nothing after it: what is left out at the end of a paragraph stands with its last sentence.
fn is_omission(rest: &str) -> bool {
    matches!(rest.trim_end(), "[...]" | "[…]" | "(...)" | "(…)")
}

/// A mark with no white space after it.
fn ends_without_space(context: Context<'_, '_>, mark: Mark, tail: Tail) -> bool {
    let Context { text, end, words, .. } = context;
    let Some(next) = text.letter(tail.end) else { return true };
    if matches!(next, ',' | '，' | '、' | ';' | '；' | ':' | '：' | '،' | '~' | '～') || marks::closes(next)
    {
        return false;
    }
    let ideographic = marks::ideographic(next);
    let before = text.letter_before(mark.start).unwrap_or(' ');
    match tail.ending {
        Ending::Plain => true,
        Ending::Strong => ideographic || is_glued(context, mark, Following::at(text, words, tail.end, end)),
        Ending::Stop if ideographic => marks::ideographic(before) && !next.is_numeric(),
        Ending::Stop => is_glued(context, mark, Following::at(text, words, tail.end, end)),
        Ending::Ellipsis => {
            let following = Following::at(text, words, tail.end, end);
            is_glued(context, mark, following) && !is_capital_i(context, mark, tail, following)
        }
    }
}

/// "arrivé.Le": a word or a number stands before the mark, and after it a word that opens sentences. Names of files,
/// hosts and tickers ("GOOGL.O", "Main.java") have one of the two at most.
fn is_glued(context: Context<'_, '_>, mark: Mark, following: Following<'_, '_>) -> bool {
    if following.kind != Kind::Capital {
        return false;
    }
    let after = following.after_word();
    let opens = (following.class().has(Class::TITLE) && after == Some('.'))
        || (following.opens_sentence()
            && after.is_none_or(|letter| letter.is_whitespace() || matches!(letter, '\'' | '’')));
    if !opens {
        return false;
    }
    let token = Token::before(context.text, context.start, mark.start);
    let word = token.text.chars().skip(1).all(|letter| letter.is_lowercase() || letter == '-');
    let number = token.text.bytes().all(|byte| byte.is_ascii_digit());
    token.text.chars().nth(1).is_some() && (word || number) && !token.is_in_address()
}

/// "!" and "?": an end, unless a small letter goes on or the mark belongs to a name.
fn ends_after_strong(context: Context<'_, '_>, mark: Mark, tail: Tail, following: Following<'_, '_>) -> bool {
    let Context { text, start, words, .. } = context;
    if tail.end == mark.end && words.class(Token::before(text, start, mark.start).text).has(Class::MARKED) {
        return following.kind == Kind::Capital && following.opens_sentence();
    }
    // "(!)", "(?)": a remark on the word before.
    if tail.closed && text.letter_before(mark.start) == Some('(') {
        return false;
    }
    if following.kind != Kind::Small {
        return true;
    }
    // Hasty writing leaves out the capital; a quotation goes on with who asked, so without words of speech nothing ends.
    let class = following.class();
    let asks = words.traits.hasty_questions && text.letter_before(tail.end) == Some('?');
    words.traits.speech
        && !tail.closed
        && !following.opened
        && (asks || class.has(Class::STARTER))
        && !class.has(Class::SPEECH)
}

/// "...": a pause before a small letter, an end before a capital.
fn ends_after_ellipsis(
    context: Context<'_, '_>,
    mark: Mark,
    tail: Tail,
    following: Following<'_, '_>,
) -> bool {
    let Context { text, start, .. } = context;
    // "(...)", "[…]": something left out; "... Et" at the start: something left out before.
    let left_out =
        tail.closed && text.letter_before(mark.start).is_some_and(|letter| matches!(letter, '(' | '['));
    if left_out || text.skip_space_back(mark.start, start) <= start {
        return false;
    }
    match following.kind {
        Kind::Small => false,
        Kind::Uncased => !text.letter(following.start).is_some_and(marks::ideographic),
        Kind::Capital => !is_capital_i(context, mark, tail, following),
        _ => true,
    }
}

/// "..." before "I", which English writes with a capital wherever it stands.
fn is_capital_i(context: Context<'_, '_>, mark: Mark, tail: Tail, following: Following<'_, '_>) -> bool {
    context.words.traits.capital_i && following.word() == "I" && tail.end - mark.start > 2
}

/// A single full stop: the word before it counts.
fn ends_after_stop(context: Context<'_, '_>, mark: Mark, tail: Tail, following: Following<'_, '_>) -> bool {
    let Context { text, start, words, .. } = context;
    let kind = following.kind;
    let at = text.skip_space_back(mark.start, start);
    // Most stops stand after a word that no abbreviation ends like, and there the rest need not be asked.
    let ending = text.0.as_bytes().get(start..at).and_then(<[u8]>::last_chunk::<4>);
    if kind != Kind::Small && ending.is_some_and(|&ending| words.is_whole(ending)) {
        return true;
    }
    let token = Token::before(text, start, at);
    let class = token.class(words);
    if kind == Kind::Small {
        // "(1179). così": what closed is no abbreviation. Where numbers count, it may be one: "(2). kapitola".
        let closed = text
            .letter_before(mark.start)
            .is_some_and(|letter| marks::closes(letter) || marks::quotes(letter));
        return !tail.closed
            && ((closed && !words.traits.ordinals) || is_hasty(words, token, class, following));
    }
    if tail.closed && !class.has(Class::SHORTENED) && !(kind == Kind::Uncased && token.is_dotted()) {
        return true;
    }
    if class.has(Class::UNIT) && token.follows_number() {
        // "1998 г. Орлов": where it is a title too ("г. Москва"), a name goes on.
        let named = kind == Kind::Capital && class.has(Class::TITLE);
        return !(named || kind == Kind::Number) || following.opens_sentence();
    }
    if class.has(Class::TITLE) {
        // "(par ex.) Ainsi": what closes after it ends the wait for a name.
        return tail.closed && following.opens_sentence();
    }
    // "Fig. A": a single letter is as good as a number, but for "A" as a word.
    let lettered = || {
        let after = following.after_word();
        following.word().len() == 1
            && after.is_none_or(|letter| letter.is_whitespace() || matches!(letter, '.' | ',' | ')'))
            && !following.opens_sentence()
    };
    if class.has(Class::REFERENCE)
        && (kind == Kind::Number || is_roman(following.word()) || (kind == Kind::Capital && lettered()))
    {
        return false;
    }
    if class.has(Class::CLOSING) {
        return match kind {
            Kind::Number => class.has(Class::TIME),
            _ => following.opens_sentence() || !(following.bracketed || is_fronted(context, token.start)),
        };
    }
    let counted = words.traits.ordinals && !following.opened && !following.dashed;
    if class.has(Class::ABBREVIATION)
        || token.is_initial()
        || token.is_dotted()
        || (counted && token.is_ordinal())
    {
        return matches!(kind, Kind::Capital | Kind::Uncased) && following.opens_sentence();
    }
    true
}

/// A full stop before a small letter is one where only the capital got lost: after a whole word, or between a word or
/// a number that is no abbreviation and a word that opens sentences.
fn is_hasty(words: &Words, token: Token<'_>, class: Class, following: Following<'_, '_>) -> bool {
    let ordinary = !class.has(Class::SHORTENED);
    let known = class.has(Class::STARTER) && token.text.len() > 1;
    let number = token.is_long_number() && !words.traits.ordinals;
    ordinary && (token.is_whole_word() || ((known || number) && following.opens_sentence()))
}

/// Whether all the sentence up to `at` is an opening adverbial, "On the same day at 6 a.m.": then the clause is yet to
/// come. Quoted words may be anything.
fn is_fronted(context: Context<'_, '_>, at: usize) -> bool {
    if at.saturating_sub(context.start) > LONGEST_ADVERBIAL {
        return false;
    }
    let before = context.text.part(context.start, at);
    let clause = before.rsplit(": ").next().unwrap_or(before);
    let is_fronting = |word: &str| context.words.class(word).has(Class::FRONTING);
    let mut quoted = false;
    let mut first = true;
    for word in clause.split_whitespace() {
        let letters = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let opens = word.starts_with(marks::quotes);
        let closes = word.ends_with(marks::quotes);
        let named = letters.chars().next().is_none_or(|letter| letter.is_numeric() || letter.is_uppercase());
        let fits =
            if first { is_fronting(letters) } else { quoted || opens || named || is_fronting(letters) };
        if !fits {
            return false;
        }
        quoted = (quoted || opens) && !closes;
        first = false;
    }
    !first
}
