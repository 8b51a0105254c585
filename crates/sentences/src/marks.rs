//! The marks of writing that matter at a boundary: what ends a sentence, what closes after it, what opens before it.

/// How a mark ends a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// `.`: may also belong to an abbreviation, an initial, a number.
    Stop,
    /// `…`, `..`, `. . .`: may also be a pause.
    Ellipsis,
    /// `!`, `?` and their kin: ends a sentence unless the text goes on in lower case.
    Strong,
    /// Marks that need no space after them: `。`, `！`, `।`, `።`, `։`.
    Plain,
}

/// What `letter` ends, if anything. Language-specific marks (`;`, `:`, `|`) are the scanner's business.
#[inline]
pub(crate) fn ending(letter: char) -> Option<Ending> {
    Some(match letter {
        '.' | '．' => Ending::Stop,
        '…' | '︙' => Ending::Ellipsis,
        '!' | '?' | '‼' | '⁇' | '⁈' | '⁉' | '؟' | '۔' | '\u{61E}' | '\u{1367}' | '\u{55C}' => {
            Ending::Strong
        }
        '。' | '｡' | '！' | '？' | '︒' | '।' | '॥' | '։' | '።' | '፨' | '။' | '។' | '៕' | '᠃' | '꓿' | '꘎' => {
            Ending::Plain
        }
        _ => return None,
    })
}

/// Marks that close a quotation or a bracket and open nothing.
#[inline]
pub(crate) fn closes(letter: char) -> bool {
    matches!(
        letter,
        ')' | ']'
            | '}'
            | '）'
            | '］'
            | '｝'
            | '」'
            | '』'
            | '】'
            | '》'
            | '〉'
            | '〕'
            | '〗'
            | '〞'
            | '〟'
            | '›'
            | '﴾'
            | '⟩'
    )
}

/// Marks that open a quotation or a bracket and close nothing, and what may stand before the first word of a sentence.
#[inline]
pub(crate) fn opens(letter: char) -> bool {
    matches!(
        letter,
        '(' | '['
            | '{'
            | '（'
            | '［'
            | '｛'
            | '「'
            | '『'
            | '【'
            | '《'
            | '〈'
            | '〔'
            | '〖'
            | '〝'
            | '‹'
            | '⟨'
            | '„'
            | '‚'
            | '¿'
            | '¡'
    )
}

/// Quotation marks that open in one tradition and close in another: only their surroundings tell.
#[inline]
pub(crate) fn quotes(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '“' | '”' | '‘' | '’' | '«' | '»' | '`' | '´' | '＂')
}

/// Han, kana and their kin: written without spaces, so a mark between two of them needs none.
#[inline]
pub(crate) fn ideographic(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
