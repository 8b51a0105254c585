//! What kind of character a character is to the normaliser.

use std::iter::once;

use tamis_core::Rule;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

use crate::options::{Form, Marks, Options};
use crate::rules::{
    BYTE_ORDER_MARK, CONTROL_CHARACTER, DASH_FORM, DIRECTION_MARK, NONCHARACTER, QUOTE_FORM, SOFT_HYPHEN,
    ZERO_WIDTH,
};

/// A kind of character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Ends a line.
    LineEnd,
    /// Parts words.
    Space,
    /// Goes, by this rule, unless its neighbours need it.
    Invisible(&'static Rule),
    /// Everything else.
    Text,
}

impl Kind {
    pub(crate) fn of(c: char) -> Self {
        match c {
            ' '..='~' if c != ' ' => Self::Text,
            ' '
            | '\t'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => Self::Space,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Self::LineEnd,
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Self::Invisible(&CONTROL_CHARACTER),
            '\u{ad}' => Self::Invisible(&SOFT_HYPHEN),
            '\u{feff}' => Self::Invisible(&BYTE_ORDER_MARK),
            '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{180e}' => Self::Invisible(&ZERO_WIDTH),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{61c}' => {
                Self::Invisible(&DIRECTION_MARK)
            }
            '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e007f}' => {
                Self::Invisible(&NONCHARACTER)
            }
            _ if u32::from(c) & 0xfffe == 0xfffe => Self::Invisible(&NONCHARACTER),
            _ => Self::Text,
        }
    }
}

/// The neighbours (no marks, which may change places) need the invisible character between them: joiners inside words of scripts that shape by them, joiners of
/// emoji, and the tags of subdivision flags.
pub(crate) fn is_needed(before: Option<char>, c: char, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    if is_flag_tag(before, c) {
        return true;
    }
    let Some(after) = after.filter(|&after| canonical_combining_class(after) == 0) else { return false };
    match c {
        '\u{200c}' => shapes(before) && shapes(after),
        '\u{200d}' => shapes(before) && shapes(after) || is_emoji(before) && is_emoji(after),
        _ => false,
    }
}

fn is_flag_tag(before: char, tag: char) -> bool {
    matches!(tag, '\u{e0020}'..='\u{e007f}') && matches!(before, '\u{1f3f4}' | '\u{e0020}'..='\u{e007e}')
}

/// Letters and marks of scripts that are written with joiners: Arabic and its kin, the scripts of India and its neighbours,
/// Mongolian.
fn shapes(c: char) -> bool {
    matches!(
        c,
        '\u{600}'..='\u{6ff}' | '\u{700}'..='\u{74f}' | '\u{750}'..='\u{7ff}' | '\u{840}'..='\u{8ff}' | '\u{900}'..='\u{dff}'
        | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1800}'..='\u{180d}' | '\u{180f}'..='\u{18af}' | '\u{1900}'..='\u{1c4f}' | '\u{1cd0}'..='\u{1cff}'
        | '\u{a800}'..='\u{a97f}' | '\u{a980}'..='\u{abff}' | '\u{fb50}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10a00}'..='\u{10fff}' | '\u{11000}'..='\u{11fff}'
    )
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// A no-break or thin space, which typography may ask for.
pub(crate) fn is_fine_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// The one form of a mark, where the options ask for one.
pub(crate) fn unified(c: char, options: Options) -> Option<(char, &'static Rule)> {
    let quote = |form| (options.quotes == Marks::Unify).then_some((form, &QUOTE_FORM));
    let dash = |form| (options.dashes == Marks::Unify).then_some((form, &DASH_FORM));
    match c {
        '“' | '”' | '„' | '‟' => quote('"'),
        '‘' | '’' | '‚' | '‛' => quote('\''),
        '\u{2010}' | '\u{2011}' => dash('-'),
        '\u{2012}' | '\u{2014}' | '\u{2015}' => dash('–'),
        _ => None,
    }
}

/// The character stands alone in the form: nothing before it changes it, nothing before it is changed by it.
pub(crate) fn is_settled(c: char, form: Form) -> bool {
    if u32::from(c) < 0x300 && form == Form::Nfc || c.is_ascii() {
        return true;
    }
    match form {
        Form::None => true,
        Form::Nfc => is_common_settled(c) || is_settled_nfc(c),
        Form::Nfkc => {
            is_common_settled(c)
                || canonical_combining_class(c) == 0 && is_nfkc_quick(once(c)) == IsNormalized::Yes
                || stands_for_space(c) && is_settled_nfc(c)
        }
    }
}

fn is_settled_nfc(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(once(c)) == IsNormalized::Yes
}

/// Letters of living scripts, for speed; settled in both forms.
fn is_common_settled(c: char) -> bool {
    matches!(
        c,
        '\u{c0}'..='\u{ff}' | '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3ce}' | '\u{400}'..='\u{482}' | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}'
        | '\u{2018}'..='\u{201f}' | '\u{2013}' | '\u{2014}' | '\u{20ac}' | '\u{152}' | '\u{153}' | '\u{ab}' | '\u{bb}'
        | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
    )
}

/// A compatibility character made of a space and something: spelled out it would make text of it that looks like two words.
pub(crate) fn stands_for_space(c: char) -> bool {
    !c.is_ascii() && Kind::of(c) == Kind::Text && once(c).nfkc().any(|part| part == ' ')
}
