//! What holds for all bytes and all encodings.

use proptest::prelude::*;
use tamis_decode::{Charset, DecodeStage, Decoder, Options, RunKind, Stateful, Wide};

tamis_laws::decode_laws!(DecodeStage::default());

/// Every label that has characters of its own.
const LABELS: &[&str] = &[
    "utf-8",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "x-mac-cyrillic",
    "ibm866",
    "ibm437",
    "ibm720",
    "ibm737",
    "ibm775",
    "ibm850",
    "ibm852",
    "ibm855",
    "ibm857",
    "ibm858",
    "ibm860",
    "ibm861",
    "ibm862",
    "ibm863",
    "ibm865",
    "ibm869",
    "ibm1125",
    "kz-1048",
    "ptcp154",
    "koi8-t",
    "x-mac-ce",
    "x-mac-greek",
    "x-mac-turkish",
    "x-mac-icelandic",
    "x-mac-croatian",
    "x-mac-romanian",
    "hp-roman8",
    "shift_jis",
    "euc-jp",
    "gbk",
    "gb18030",
    "big5",
    "euc-kr",
    "iso-2022-jp",
    "utf-16le",
    "utf-16be",
    "utf-32le",
    "utf-32be",
    "johab",
    "iso-2022-kr",
    "hz-gb-2312",
    "utf-7",
];

/// The bytes of a text, for characters that the encoding has; `None` where it lacks one.
fn encode(charset: Charset, text: &str) -> Option<Vec<u8>> {
    match charset {
        Charset::Utf8 => Some(text.as_bytes().to_vec()),
        Charset::Wide(wide) => Some(match wide {
            Wide::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Wide::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Wide::Utf32Le => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            Wide::Utf32Be => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        }),
        Charset::SingleByte(page) => {
            text.chars().map(|c| (0..=u8::MAX).find(|&byte| page.read(byte) == c)).collect()
        }
        Charset::MultiByte(encoding) => lossless(encoding, text),
        Charset::Stateful(Stateful::Iso2022Jp) => lossless(encoding_rs::ISO_2022_JP, text),
        Charset::Stateful(Stateful::Iso2022Kr) => {
            let mut bytes = b"\x1b$)C".to_vec();
            for c in text.chars() {
                let mut buffer = [0; 4];
                let pair = lossless(encoding_rs::EUC_KR, c.encode_utf8(&mut buffer))?;
                match pair[..] {
                    [byte] => bytes.push(byte),
                    [lead @ 0xa1..=0xff, trail @ 0xa1..=0xff] => {
                        bytes.extend([0x0e, lead & 0x7f, trail & 0x7f, 0x0f]);
                    }
                    _ => return None,
                }
            }
            Some(bytes)
        }
        Charset::Stateful(Stateful::Hz) => {
            let mut bytes = Vec::new();
            for c in text.chars() {
                let mut buffer = [0; 4];
                let pair = lossless(encoding_rs::GBK, c.encode_utf8(&mut buffer))?;
                match pair[..] {
                    [b'~'] => bytes.extend(b"~~"),
                    [byte] => bytes.push(byte),
                    [lead @ 0xa1..=0xf7, trail @ 0xa1..=0xff] => {
                        bytes.extend([b'~', b'{', lead & 0x7f, trail & 0x7f, b'~', b'}']);
                    }
                    _ => return None,
                }
            }
            Some(bytes)
        }
        Charset::Stateful(Stateful::Utf7) => {
            let mut bytes = Vec::new();
            for c in text.chars() {
                match c {
                    '+' => bytes.extend(b"+-"),
                    c if c.is_ascii() => bytes.push(c as u8),
                    c => bytes.extend(base64_of_utf16(c)),
                }
            }
            Some(bytes)
        }
        Charset::Johab => {
            let mut bytes = Vec::new();
            for c in text.chars() {
                match c {
                    '\0'..='\x7f' => bytes.push(c as u8),
                    '가'..='힣' => {
                        let index = c as u16 - 0xac00;
                        let (initial, vowel, tail) = (index / 588, index % 588 / 28, index % 28);
                        let codes =
                            [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29];
                        let vowel = codes.get(usize::from(vowel)).copied()?;
                        let tail = if tail < 17 { tail + 1 } else { tail + 2 };
                        bytes.extend((0x8000 | (initial + 2) << 10 | vowel << 5 | tail).to_be_bytes());
                    }
                    _ => return None,
                }
            }
            Some(bytes)
        }
    }
}

/// A character as UTF-7 has it.
fn base64_of_utf16(c: char) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut coded, mut bits, mut count) = (vec![b'+'], 0_u64, 0_usize);
    for unit in c.encode_utf16(&mut [0; 2]) {
        (bits, count) = (bits << 16 | u64::from(*unit), count + 16);
    }
    let sextets = count.div_ceil(6);
    bits <<= sextets * 6 - count;
    coded.extend((0..sextets).rev().filter_map(|place| DIGITS.get((bits >> (place * 6) & 63) as usize)));
    coded.push(b'-');
    coded
}

fn lossless(encoding: &'static encoding_rs::Encoding, text: &str) -> Option<Vec<u8>> {
    let (bytes, _, lossy) = encoding.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

/// Characters that many encodings have.
fn texts() -> impl Strategy<Value = String> {
    let some = prop::sample::select(
        "abcXYZ 019.,;\n~éèàçœŒÿßñøåđşğıżłőňśšžĂăâţțλέξηςЖышяїќђӘөշאבץشكپيไทย“”’«»–…€№©£¥¤§°±×÷½□│┼■あンア漢字這国한글똠方閣鷗骨①㈱㍻𠮷☺🙂"
            .chars()
            .collect::<Vec<char>>(),
    );
    prop_oneof![
        prop::collection::vec(some, 0..40).prop_map(String::from_iter),
        "[ -~à-ÿ\\n]{0,60}",
        any::<String>()
    ]
}

proptest! {
    // Each case runs through all encodings.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_an_encoding_writes_it_reads(text in texts()) {
        for label in LABELS {
            let charset = Charset::for_label(label).unwrap();
            prop_assert_eq!(charset.label(), *label);
            let written: String = text.chars().filter(|c| encode(charset, &c.to_string()).is_some_and(|bytes| charset.read(&bytes) == c.to_string())).collect();
            let Some(bytes) = encode(charset, &written) else { continue };
            prop_assert_eq!(charset.read(&bytes), written, "in {}", label);
        }
    }

    #[test]
    fn runs_say_how_the_text_comes_of_the_bytes(raw in tamis_laws::strategy::any_bytes()) {
        check_runs(&raw, None)?;
    }

    #[test]
    fn runs_are_true_in_every_encoding(text in texts(), repeat in 1_usize..4) {
        for label in LABELS {
            let charset = Charset::for_label(label).unwrap();
            let written: String = text.chars().filter(|c| encode(charset, &c.to_string()).is_some()).collect();
            check_runs(&encode(charset, &written.repeat(repeat)).unwrap_or_default(), Some(label))?;
        }
    }
}

fn check_runs(raw: &[u8], hint: Option<&str>) -> Result<(), TestCaseError> {
    let mut decoder = Decoder::default();
    let Ok(decoded) = decoder.decode(raw, &Options::default(), hint) else { return Ok(()) };
    let (mut from, mut at) = (0, 0);
    for run in decoded.runs {
        let bytes =
            raw.get(from..from + run.raw).ok_or_else(|| TestCaseError::fail("a run beyond the bytes"))?;
        let text = decoded
            .text
            .get(at..at + run.text)
            .ok_or_else(|| TestCaseError::fail("a run beyond the text"))?;
        match run.kind {
            RunKind::Kept => prop_assert_eq!(bytes, text.as_bytes()),
            RunKind::Transcoded { unit } => {
                prop_assert_eq!(text.chars().count() * usize::from(unit), bytes.len());
                prop_assert_eq!(decoded.charset.read(bytes), text);
            }
            RunKind::Replaced(_) => prop_assert!(run.text > 0),
            RunKind::Removed(_) => prop_assert_eq!(run.text, 0),
        }
        from += run.raw;
        at += run.text;
    }
    prop_assert_eq!((from, at), (raw.len(), decoded.text.len()));
    Ok(())
}

#[test]
fn every_encoding_reads_all_that_it_can_write_of_the_common_scripts() {
    for (label, sample) in [
        ("johab", "한글과 똠방각하"),
        ("iso-2022-kr", "한글 abc"),
        ("hz-gb-2312", "汉字 ~ abc"),
        ("shift_jis", "漢字かなｶﾅ"),
        ("gb18030", "𠮷 汉字"),
        ("x-mac-cyrillic", "Жизнь"),
        ("ibm855", "Жизнь"),
    ] {
        let charset = Charset::for_label(label).unwrap();
        assert_eq!(charset.read(&encode(charset, sample).unwrap()), sample, "{label}");
    }
}

#[test]
fn repairs_take_linear_time() {
    for piece in ["lâ€™Ã©tÃ© ", "Ð¿Ñ€"] {
        tamis_laws::grows_linearly(piece, |text| {
            let _ = Decoder::default()
                .decode(text.as_bytes(), &Options::default(), None)
                .map(|decoded| decoded.text.len());
        });
    }
}

/// What nobody would call a document, and what must come of it.
#[test]
fn bad_inputs_end_as_text_or_as_a_refusal() {
    let mut decoder = Decoder::default();
    let options = Options::default();
    for (raw, text) in [
        (&b""[..], ""),
        (b"a", "a"),
        (b"\xe9", "é"),
        (b"\0", "\0"),
        (b"\xef\xbb\xbf", ""),
        (b"\xff\xfe", ""),
        (b"\xfe\xff", ""),
        (
            b"\xed\xa0\x80 L'\xc3\xa9t\xc3\xa9 a \xc3\xa9t\xc3\xa9 tr\xc3\xa8s sec \xc3\xa0 Orl\xc3\xa9ans, pr\xc3\xa9fecture.",
            "\u{fffd}\u{fffd}\u{fffd} L'été a été très sec à Orléans, préfecture.",
        ),
        ("Le maire a décidé, à cause de la forê".as_bytes(), "Le maire a décidé, à cause de la forê"),
        (b"<meta charset=klingon>Un \xc3\xa9t\xc3\xa9", "<meta charset=klingon>Un été"),
    ] {
        let decoded = decoder.decode(raw, &options, None).expect("a text");
        assert_eq!(decoded.text, text, "{raw:x?}");
    }
    let cut = "Le maire a décidé, à cause de la forê".as_bytes();
    let decoded = decoder.decode(&cut[..cut.len() - 1], &options, None).expect("a text");
    assert_eq!(decoded.text, "Le maire a décidé, à cause de la for\u{fffd}");
    assert_eq!((decoded.losses.count(), decoded.losses.offsets()), (1, &[cut.len() - 2][..]));

    let nuls = vec![0; 64 << 20];
    let refused = decoder.decode(&nuls, &options, None).expect_err("no text");
    assert_eq!(refused.to_string(), "binary: nul bytes");
    let noted = decoder.decode(b"abc", &options, Some("klingon")).expect("a text");
    assert!(noted.unknown_label && noted.declared.is_none());
    let known = decoder.decode(b"<?xml encoding='klingon'?>", &options, Some("koi8-r")).expect("a text");
    assert!(!known.unknown_label && known.declared.is_some());
}

proptest! {
    #[test]
    fn composed_text_is_kept_as_it_is(text in "[a-zA-Zéèêàçùœ’«» .,\n0-9]{0,200}") {
        let mut decoder = Decoder::default();
        let decoded = decoder.decode(text.as_bytes(), &Options { repair: false }, None).expect("a text");
        prop_assert_eq!(decoded.text, &text);
        prop_assert!(decoded.runs.iter().all(|run| run.kind == RunKind::Kept && run.raw == run.text));
        prop_assert!(decoded.runs.len() <= 1);
    }
}
