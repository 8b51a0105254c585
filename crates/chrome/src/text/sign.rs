//! The signs that tell how lines begin and end, and what may stand in between.

/// How a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(crate) enum First {
    /// Nothing but spaces.
    #[default]
    Blank,
    /// A capital letter.
    Upper,
    /// A small letter.
    Lower,
    /// A digit.
    Digit,
    /// A quotation mark or an opening bracket.
    Quote,
    /// A dash.
    Dash,
    /// A character of a script without spaces.
    Ideograph,
    /// A mark that closes or continues a sentence.
    Continuation,
    /// Any other sign.
    Other,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(crate) enum Last {
    /// A letter or digit, or nothing.
    #[default]
    Open,
    /// A full stop, question or exclamation mark of any script.
    Terminal,
    /// An ellipsis.
    Ellipsis,
    /// A colon.
    Colon,
    /// A comma, a semicolon or an opening bracket: the sentence goes on.
    Comma,
    /// A sentence end inside a closing quotation mark or bracket.
    Quoted,
    /// A closing quotation mark or bracket.
    Closing,
    /// Any other sign.
    Other,
}

/// Signs that matter wherever they stand in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Signs(pub(crate) u16);

impl Signs {
    pub(crate) const ADDRESS: u16 = 1;
    pub(crate) const AT: u16 = 1 << 1;
    pub(crate) const HASH: u16 = 1 << 2;
    pub(crate) const MONEY: u16 = 1 << 3;
    pub(crate) const PERCENT: u16 = 1 << 4;
    pub(crate) const COPYRIGHT: u16 = 1 << 5;
    pub(crate) const CLOCK: u16 = 1 << 6;
    pub(crate) const CUT: u16 = 1 << 7;
    pub(crate) const QUESTION: u16 = 1 << 8;
    pub(crate) const QUOTE: u16 = 1 << 9;
    pub(crate) const BRACKET: u16 = 1 << 10;
    pub(crate) const STOP_LAST: u16 = 1 << 11;

    #[inline]
    pub(crate) const fn has(self, sign: u16) -> bool {
        self.0 & sign != 0
    }
}

/// Does it end a sentence?
#[inline]
pub(crate) const fn is_terminal(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '。' | '！' | '？' | '．' | '؟' | '।' | '۔' | '‽')
}

/// Does it close a quotation or a bracket?
#[inline]
pub(crate) const fn is_closing(character: char) -> bool {
    matches!(
        character,
        '"' | '”'
            | '“'
            | '»'
            | '«'
            | '’'
            | '\''
            | '」'
            | '』'
            | ')'
            | ']'
            | '）'
            | '】'
            | '》'
            | '›'
            | '*'
    )
}

/// What a punctuation mark or symbol does in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Comma,
    /// A colon or semicolon.
    Colon,
    /// It ends a sentence when a space follows.
    End,
    /// It ends a sentence, and no space need follow.
    WideEnd,
    /// It parts the items of a menu.
    Separator,
    /// As a separator; at the beginning of a line it marks an item of a list.
    Bullet,
    /// As a separator; two of them stand in addresses.
    Slash,
    /// It matters wherever it stands.
    Sign(u16),
    Quotation,
    Apostrophe,
    /// Brackets.
    Opening,
    Closing,
    Dash,
    Other,
}

/// Looks up a punctuation mark or symbol.
#[inline]
pub(crate) const fn mark(character: char) -> Mark {
    match character {
        ',' | '，' | '、' | '،' => Mark::Comma,
        ':' | ';' | '：' | '；' | '؛' => Mark::Colon,
        '.' | '!' | '?' | '．' | '؟' | '।' | '۔' | '…' | '‽' => Mark::End,
        '。' | '！' | '？' => Mark::WideEnd,
        '•' | '·' | '▪' | '►' | '▸' | '■' | '●' | '‣' | '∙' | '◆' => Mark::Bullet,
        '|' | '›' | '→' | '>' | '¦' | '｜' | '★' => Mark::Separator,
        '/' => Mark::Slash,
        '@' => Mark::Sign(Signs::AT),
        '#' => Mark::Sign(Signs::HASH),
        '$' | '€' | '£' | '¥' | '₽' | '₹' | '₴' | '₺' => Mark::Sign(Signs::MONEY),
        '%' | '٪' => Mark::Sign(Signs::PERCENT),
        '©' | '®' | '™' => Mark::Sign(Signs::COPYRIGHT),
        '"' | '“' | '„' | '«' | '‘' | '「' | '『' | '‚' | '‹' | '”' | '»' | '」' | '』' => {
            Mark::Quotation
        }
        '\'' | '’' => Mark::Apostrophe,
        '(' | '[' | '（' | '【' | '《' => Mark::Opening,
        ')' | ']' | '）' | '】' | '》' => Mark::Closing,
        '-' | '–' | '—' | '―' | '−' => Mark::Dash,
        _ => Mark::Other,
    }
}
