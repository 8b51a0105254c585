//! The encodings that can be read, and their names.
//!
//! The WHATWG standard's encodings come from `encoding_rs`; what its users never meet but archives are full of (DOS code pages,
//! Mac scripts, UTF-32, Johab) is read from tables of ours.

use std::sync::LazyLock;

use encoding_rs::Encoding;

use crate::contested;

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// UTF-16 or UTF-32.
    Wide(Wide),
    /// One byte per character.
    SingleByte(&'static SingleByte),
    /// One to four bytes per character, without state: Shift_JIS, EUC-JP, EUC-KR, Big5, GBK, gb18030.
    MultiByte(&'static Encoding),
    /// Johab, the Korean encoding that spells syllables out.
    Johab,
    /// Encodings whose escape sequences change what the bytes after them mean.
    Stateful(Stateful),
}

/// UTF-16 and UTF-32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Wide {
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
}

/// Encodings with shift states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Stateful {
    Iso2022Jp,
    Iso2022Kr,
    Hz,
    Utf7,
}

/// The upper half of a single-byte encoding whose lower half is ASCII.
#[derive(Debug)]
pub struct SingleByte {
    /// The label, in lower case.
    pub label: &'static str,
    /// The WHATWG standard knows it.
    pub standard: bool,
    /// Characters of bytes 80 to FF; U+FFFD where the byte means nothing.
    pub upper: [char; 128],
    /// Bytes (80 to FF) that Python's codec of the same name reads otherwise, a bit each.
    pub(crate) contested: u128,
}

impl PartialEq for SingleByte {
    fn eq(&self, other: &Self) -> bool {
        self.label == other.label
    }
}

impl Eq for SingleByte {}

impl SingleByte {
    /// The character of a byte.
    pub fn read(&self, byte: u8) -> char {
        match byte.checked_sub(0x80) {
            None => char::from(byte),
            Some(index) => self.upper.get(usize::from(index)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        }
    }

    /// The byte is read alike by everyone.
    pub(crate) fn is_agreed(&self, byte: u8) -> bool {
        byte < 0x80 || self.contested >> (byte & 0x7f) & 1 == 0
    }
}

static CODEPAGES: &str = include_str!("../data/codepages.txt");

static STANDARD_SINGLE_BYTE: [(&Encoding, &str); 28] = [
    (encoding_rs::WINDOWS_1252, "windows-1252"),
    (encoding_rs::WINDOWS_1250, "windows-1250"),
    (encoding_rs::WINDOWS_1251, "windows-1251"),
    (encoding_rs::WINDOWS_1253, "windows-1253"),
    (encoding_rs::WINDOWS_1254, "windows-1254"),
    (encoding_rs::WINDOWS_1255, "windows-1255"),
    (encoding_rs::WINDOWS_1256, "windows-1256"),
    (encoding_rs::WINDOWS_1257, "windows-1257"),
    (encoding_rs::WINDOWS_1258, "windows-1258"),
    (encoding_rs::WINDOWS_874, "windows-874"),
    (encoding_rs::ISO_8859_15, "iso-8859-15"),
    (encoding_rs::ISO_8859_2, "iso-8859-2"),
    (encoding_rs::ISO_8859_3, "iso-8859-3"),
    (encoding_rs::ISO_8859_4, "iso-8859-4"),
    (encoding_rs::ISO_8859_5, "iso-8859-5"),
    (encoding_rs::ISO_8859_6, "iso-8859-6"),
    (encoding_rs::ISO_8859_7, "iso-8859-7"),
    (encoding_rs::ISO_8859_8, "iso-8859-8"),
    (encoding_rs::ISO_8859_8_I, "iso-8859-8-i"),
    (encoding_rs::ISO_8859_10, "iso-8859-10"),
    (encoding_rs::ISO_8859_13, "iso-8859-13"),
    (encoding_rs::ISO_8859_14, "iso-8859-14"),
    (encoding_rs::ISO_8859_16, "iso-8859-16"),
    (encoding_rs::KOI8_R, "koi8-r"),
    (encoding_rs::KOI8_U, "koi8-u"),
    (encoding_rs::MACINTOSH, "macintosh"),
    (encoding_rs::X_MAC_CYRILLIC, "x-mac-cyrillic"),
    (encoding_rs::IBM866, "ibm866"),
];

static MULTI_BYTE: [(&Encoding, &str); 6] = [
    (encoding_rs::SHIFT_JIS, "shift_jis"),
    (encoding_rs::EUC_JP, "euc-jp"),
    (encoding_rs::GBK, "gbk"),
    (encoding_rs::GB18030, "gb18030"),
    (encoding_rs::BIG5, "big5"),
    (encoding_rs::EUC_KR, "euc-kr"),
];

static SINGLE_BYTES: LazyLock<Vec<SingleByte>> = LazyLock::new(|| {
    let contested_of = |label: &str| {
        let ranges = contested::ranges(label);
        (0x80..=0xff_u32)
            .filter(|&byte| contested::covers(ranges, byte))
            .fold(0u128, |bits, byte| bits | 1 << (byte & 0x7f))
    };
    let mut tables: Vec<SingleByte> = STANDARD_SINGLE_BYTE
        .iter()
        .map(|&(encoding, label)| {
            let mut upper = [char::REPLACEMENT_CHARACTER; 128];
            for (byte, slot) in (0x80..=0xff_u8).zip(upper.iter_mut()) {
                let bytes = [byte];
                let (text, _) = encoding.decode_without_bom_handling(&bytes);
                *slot = text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            SingleByte { label, standard: true, upper, contested: contested_of(label) }
        })
        .collect();
    for line in CODEPAGES.lines() {
        let mut fields = line.split('\t');
        let (Some(label), Some(_codec), Some(points)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let mut upper = [char::REPLACEMENT_CHARACTER; 128];
        for (point, slot) in points.split(' ').zip(upper.iter_mut()) {
            *slot = u32::from_str_radix(point, 16)
                .ok()
                .and_then(char::from_u32)
                .unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        tables.push(SingleByte { label, standard: false, upper, contested: 0 });
    }
    tables
});

impl Charset {
    /// The encoding of a label as servers, pages and archives write it. Labels of the WHATWG standard mean what it says
    /// (`iso-8859-1` is windows-1252); others are the usual names of code pages, such as `cp850`.
    pub fn for_label(label: &str) -> Option<Self> {
        // The standard maps some labels to an encoding that refuses all bytes, for browsers' safety; ours read them.
        if let Some(known) = Encoding::for_label(label.as_bytes()).and_then(Self::of_encoding) {
            return Some(known);
        }
        let label = label.trim().to_ascii_lowercase();
        Some(match label.as_str() {
            "utf-32" | "utf-32le" | "utf32" | "ucs-4" | "ucs-4le" => Self::Wide(Wide::Utf32Le),
            "utf-32be" | "ucs-4be" => Self::Wide(Wide::Utf32Be),
            "johab" | "cp1361" | "ms1361" | "ks_c_5601-1992" => Self::Johab,
            "iso-2022-kr" | "csiso2022kr" => Self::Stateful(Stateful::Iso2022Kr),
            "hz-gb-2312" | "hz" => Self::Stateful(Stateful::Hz),
            "utf-7" | "utf7" | "unicode-1-1-utf-7" | "csunicode11utf7" => Self::Stateful(Stateful::Utf7),
            _ => {
                let digits = label.trim_start_matches(['c', 'p', 'i', 'b', 'm', '-', '_', 'd', 'o', 's']);
                return single_bytes()
                    .iter()
                    .find(|table| {
                        table.label == label
                            || !digits.is_empty() && table.label.strip_prefix("ibm") == Some(digits)
                            || label == "kz1048" && table.label == "kz-1048"
                            || label == "cp154" && table.label == "ptcp154"
                    })
                    .map(Self::SingleByte);
            }
        })
    }

    pub(crate) fn of_encoding(encoding: &'static Encoding) -> Option<Self> {
        if encoding == encoding_rs::UTF_8 {
            return Some(Self::Utf8);
        }
        if encoding == encoding_rs::UTF_16LE {
            return Some(Self::Wide(Wide::Utf16Le));
        }
        if encoding == encoding_rs::UTF_16BE {
            return Some(Self::Wide(Wide::Utf16Be));
        }
        if encoding == encoding_rs::ISO_2022_JP {
            return Some(Self::Stateful(Stateful::Iso2022Jp));
        }
        if MULTI_BYTE.iter().any(|&(known, _)| known == encoding) {
            return Some(Self::MultiByte(encoding));
        }
        let (_, label) = STANDARD_SINGLE_BYTE.iter().find(|(known, _)| *known == encoding)?;
        single_byte(label).map(Self::SingleByte)
    }

    /// The label in lower case: the WHATWG standard's name where it has one, else the usual name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Wide(Wide::Utf16Le) => "utf-16le",
            Self::Wide(Wide::Utf16Be) => "utf-16be",
            Self::Wide(Wide::Utf32Le) => "utf-32le",
            Self::Wide(Wide::Utf32Be) => "utf-32be",
            Self::SingleByte(table) => table.label,
            Self::MultiByte(encoding) => {
                MULTI_BYTE.iter().find(|(known, _)| *known == encoding).map_or("", |&(_, label)| label)
            }
            Self::Johab => "johab",
            Self::Stateful(Stateful::Iso2022Jp) => "iso-2022-jp",
            Self::Stateful(Stateful::Iso2022Kr) => "iso-2022-kr",
            Self::Stateful(Stateful::Hz) => "hz-gb-2312",
            Self::Stateful(Stateful::Utf7) => "utf-7",
        }
    }

    /// Reads bytes that are all in this encoding; what means nothing becomes U+FFFD. No byte order mark is looked for.
    ///
    /// ```
    /// let page = tamis_decode::Charset::for_label("cp850").ok_or("an unknown label")?;
    /// assert_eq!(page.label(), "ibm850");
    /// assert_eq!(page.read(b"\x82t\x82"), "été");
    /// # Ok::<(), &str>(())
    /// ```
    pub fn read(self, raw: &[u8]) -> String {
        let (mut text, mut runs) = (String::new(), Vec::new());
        crate::read::document(self, raw, &mut crate::runs::Output::new(&mut text, &mut runs));
        text
    }

    /// ASCII bytes are ASCII text, whatever stands beside them.
    pub(crate) fn extends_ascii(self) -> bool {
        !matches!(self, Self::Wide(_) | Self::Stateful(_))
    }
}

/// The single-byte encodings, those of the WHATWG standard first.
pub(crate) fn single_bytes() -> &'static [SingleByte] {
    &SINGLE_BYTES
}

pub(crate) fn single_byte(label: &str) -> Option<&'static SingleByte> {
    single_bytes().iter().find(|table| table.label == label)
}

/// The encoding that stands for all others where nothing is known: every byte is a character.
pub(crate) fn windows_1252() -> Charset {
    single_byte("windows-1252").map_or(Charset::Utf8, Charset::SingleByte)
}

pub(crate) fn multi_bytes() -> impl Iterator<Item = &'static Encoding> {
    MULTI_BYTE.iter().map(|&(encoding, _)| encoding)
}
