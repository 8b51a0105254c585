//! How much text a run holds: its length, words and marks of prose.

use crate::edit::Replacement;

use super::reference;

/// What a run, block or element holds.
///
/// `length` is in units of about one Latin letter: a Han, Kana or Hangul character says as much as two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) length: u32,
    pub(crate) words: u32,
    pub(crate) commas: u32,
    /// Marks that end a sentence.
    pub(crate) stops: u32,
    /// Letters and digits.
    pub(crate) letters: u32,
}

/// Classes of bytes.
const SPACE: u8 = 1;
const WORD: u8 = 2;
const COMMA: u8 = 3;
const STOP: u8 = 4;
const OTHER: u8 = 5;
const CONTINUATION: u8 = 6;
const LEAD_2: u8 = 7;
const LEAD_3: u8 = 8;
const LEAD_4: u8 = 9;
const AMPERSAND: u8 = 10;

#[expect(clippy::indexing_slicing, reason = "the index is a byte, the table has 256 entries")]
const CLASS: [u8; 256] = {
    let mut table = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\n' | b'\t' | b'\r' | 0x0c => SPACE,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => WORD,
            b',' | b';' => COMMA,
            b'.' | b'!' | b'?' => STOP,
            b'&' => AMPERSAND,
            0x80..=0xbf => CONTINUATION,
            0xc0..=0xdf => LEAD_2,
            0xe0..=0xef => LEAD_3,
            0xf0..=0xff => LEAD_4,
            _ => OTHER,
        };
        byte += 1;
    }
    table
};

/// State of the measuring of one run.
#[derive(Default)]
struct Meter {
    measure: Measure,
    in_word: bool,
    in_space: bool,
    /// Half words: two characters of a script written without spaces make one.
    half: bool,
}

impl Meter {
    fn space(&mut self) {
        self.measure.length += u32::from(!self.in_space);
        self.in_space = true;
        self.in_word = false;
    }

    fn letter(&mut self) {
        self.measure.length += 1;
        self.measure.letters += 1;
        self.measure.words += u32::from(!self.in_word);
        self.in_word = true;
        self.in_space = false;
    }

    fn ideograph(&mut self) {
        self.measure.length += 2;
        self.measure.letters += 2;
        self.measure.words += u32::from(self.half);
        self.half = !self.half;
        self.in_word = false;
        self.in_space = false;
    }

    fn mark(&mut self) {
        self.measure.length += 1;
        self.in_word = false;
        self.in_space = false;
    }

    fn character(&mut self, character: char) {
        match character {
            ' ' | '\n' | '\t' | '\r' | '\x0c' | '\u{a0}' => self.space(),
            ',' | ';' | '،' | '，' | '、' | '；' => {
                self.mark();
                self.measure.commas += 1;
            }
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।' => {
                self.mark();
                self.measure.stops += 1;
            }
            '\u{2e80}'..='\u{2fff}'
            | '\u{3040}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7ff}'
            | '\u{f900}'..='\u{faff}' => {
                self.ideograph();
            }
            _ if character.is_alphanumeric() => self.letter(),
            _ => self.mark(),
        }
    }
}

/// Measures the run; white space counts once however long, a reference as the character it stands for.
pub(crate) fn measure(text: &str) -> Measure {
    let bytes = text.as_bytes();
    let mut meter = Meter { in_space: true, ..Meter::default() };
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        #[expect(clippy::indexing_slicing, reason = "the index is a byte, the table has 256 entries")]
        let class = CLASS[byte as usize];
        at += 1;
        match class {
            SPACE => meter.space(),
            WORD => meter.letter(),
            COMMA => {
                meter.mark();
                meter.measure.commas += 1;
            }
            STOP => {
                meter.mark();
                meter.measure.stops += 1;
            }
            AMPERSAND => match bytes.get(at - 1..).and_then(reference::read) {
                Some(found) => {
                    at += found.length - 1;
                    match found.stands_for {
                        Replacement::Text(text) => {
                            text.chars().for_each(|character| meter.character(character));
                        }
                        Replacement::Char(character) => meter.character(character),
                        Replacement::Nothing | Replacement::Written { .. } => {}
                    }
                }
                None => meter.mark(),
            },
            // Blocks of Latin and Cyrillic that hold letters alone; U+00D7 and U+00F7 are the two exceptions.
            LEAD_2
                if matches!(byte, 0xc4..=0xc9 | 0xd0 | 0xd1)
                    || (byte == 0xc3 && !matches!(bytes.get(at), Some(0x97 | 0xb7))) =>
            {
                at += 1;
                meter.letter();
            }
            LEAD_2 | LEAD_3 | LEAD_4 => {
                let length = if class == LEAD_2 {
                    2
                } else if class == LEAD_3 {
                    3
                } else {
                    4
                };
                if let Some(character) =
                    text.get(at - 1..at - 1 + length).and_then(|tail| tail.chars().next())
                {
                    meter.character(character);
                }
                at += length - 1;
            }
            CONTINUATION => {}
            _ => meter.mark(),
        }
    }
    // A trailing space belongs to no one.
    if meter.in_space && meter.measure.length > 0 {
        meter.measure.length -= 1;
    }
    meter.measure
}
