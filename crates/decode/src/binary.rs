//! Telling what is not text from its first bytes.

/// How much of a file is looked at.
pub(crate) const HEAD: usize = 8 * 1024;

/// What a file is that starts with a known signature, as published by its format.
pub(crate) fn signature(raw: &[u8]) -> Option<&'static str> {
    if let Some(&(_, name)) = SIGNATURES.iter().find(|(magic, _)| raw.starts_with(magic)) {
        return Some(name);
    }
    match (raw.get(4..8), raw.get(8..12)) {
        (Some(b"ftyp"), _) => Some("mp4"),
        (_, Some(b"WEBP")) if raw.starts_with(b"RIFF") => Some("webp"),
        (_, Some(b"WAVE")) if raw.starts_with(b"RIFF") => Some("wav"),
        (_, Some(b"AVI ")) if raw.starts_with(b"RIFF") => Some("avi"),
        _ if raw.starts_with(b"MZ") && has_controls(raw) => Some("exe or dll"),
        _ if raw.starts_with(b"BM") && has_controls(raw) => Some("bmp"),
        _ if raw.starts_with(b"PK") && has_controls(raw) => Some("zip"),
        _ if raw.starts_with(b"ID3") && has_controls(raw) => Some("mp3"),
        _ if raw.get(257..262) == Some(b"ustar") => Some("tar"),
        _ => None,
    }
}

const SIGNATURES: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "pdf"),
    (b"\x7fELF", "elf"),
    (b"\xca\xfe\xba\xbe", "java class or mach-o"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
    (b"\xfe\xed\xfa\xce", "mach-o"),
    (b"\xfe\xed\xfa\xcf", "mach-o"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office document"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"wOFF\0", "woff"),
    (b"wOF2", "woff2"),
    (b"\0\x01\0\0\0", "ttf"),
    (b"OTTO\0", "otf"),
    (b"\0\0\x01\0", "ico"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\0asm", "wasm"),
    (b"PAR1", "parquet"),
    (b"ARROW1\0\0", "arrow"),
    (b"!<arch>\n", "ar archive"),
    (b"\xff\xfb\x90", "mp3"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
];

/// The first 8 KB hold control characters that text files have no use for.
pub(crate) fn has_controls(raw: &[u8]) -> bool {
    // In blocks without a branch inside, which become vector code.
    head(raw).chunks(64).any(|block| block.iter().fold(false, |any, &byte| any | is_control(byte)))
}

fn head(raw: &[u8]) -> &[u8] {
    raw.get(..HEAD.min(raw.len())).unwrap_or(raw)
}

/// A control character that text files have no use for. Tabs, line ends, form feeds, escapes (ISO-2022, terminals) and the
/// end-of-file mark of DOS are text.
#[expect(clippy::needless_bitwise_bool, reason = "without branches, so that blocks become vector code")]
fn is_control(byte: u8) -> bool {
    let is_low = (byte < 0x20) & !(0x09..=0x0a).contains(&byte) & !(0x0c..=0x0d).contains(&byte);
    is_low & !(0x1a..=0x1b).contains(&byte) | (byte == 0x7f)
}

/// The bytes are a text in EBCDIC: its space, 40, stands where ASCII has 20, and nearly all else are its letters and digits.
pub(crate) fn is_ebcdic(raw: &[u8]) -> bool {
    let head = head(raw);
    let count = |found: fn(u8) -> bool| head.iter().filter(|&&byte| found(byte)).count();
    // Nearly all that is not EBCDIC has next to none.
    if memchr::memchr_iter(0x40, head).count() * 16 < head.len().max(1) {
        return false;
    }
    let letters = count(
        |byte| matches!(byte, 0x81..=0x89 | 0x91..=0x99 | 0xa2..=0xa9 | 0xc1..=0xc9 | 0xd1..=0xd9 | 0xe2..=0xe9 | 0xf0..=0xf9),
    );
    let ascii = count(|byte| byte == b' ' || byte.is_ascii_lowercase());
    letters * 10 >= head.len() * 6 && ascii * 20 <= head.len()
}

/// A short text is not refused for so few control characters.
const FEW: usize = 4;

/// What the first 8 KB hold that text does not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Controls {
    pub(crate) looked_at: usize,
    pub(crate) nuls: usize,
    pub(crate) others: usize,
}

impl Controls {
    pub(crate) fn of(raw: &[u8]) -> Self {
        let head = head(raw);
        let (mut nuls, mut others) = (0, 0);
        if has_controls(head) {
            for &byte in head {
                nuls += usize::from(byte == 0);
                others += usize::from(byte != 0 && is_control(byte));
            }
        }
        Self { looked_at: head.len(), nuls, others }
    }

    pub(crate) fn any(&self) -> bool {
        self.nuls + self.others > 0
    }

    /// Too many for text: more than 1 in 20, when the encoding is one where each of these bytes is a control character.
    /// Damaged text has a handful in all; in compressed data, where all bytes are alike frequent, one in nine is such.
    pub(crate) fn refuse_text(&self) -> Option<&'static str> {
        if self.nuls + self.others < FEW {
            return None;
        }
        if self.nuls * 20 > self.looked_at {
            return Some("nul bytes");
        }
        if (self.others + self.nuls) * 20 > self.looked_at {
            return Some("control characters");
        }
        None
    }
}
