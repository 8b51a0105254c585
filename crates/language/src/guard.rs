//! What is made of letters and yet is not language: addresses, numbers, hashes, keys.
//!
//! A detector that has to name some language names one for `e90b0ef51ab0` too. Tokens like it are left out before
//! anything is counted; a text of nothing else has no letters left, and no language.

/// Longest token that is looked at as a whole. Words of languages written without spaces are longer, but never ASCII.
pub(crate) const LONG: usize = 20;

/// Whether a token (text between white space) is an address, a number with letters, a hash or a key.
pub(crate) fn is_noise(token: &str) -> bool {
    let bytes = token.as_bytes();
    if is_address(bytes) {
        return true;
    }
    if !token.is_ascii() {
        return false;
    }
    let mut digits = 0_usize;
    let mut letters = 0_usize;
    let mut rises = 0_usize;
    let mut symbols = 0_usize;
    let mut previous = 0_u8;
    for &byte in bytes {
        if byte.is_ascii_digit() {
            digits += 1;
        } else if byte.is_ascii_alphabetic() {
            letters += 1;
            rises += usize::from(previous.is_ascii_lowercase() && byte.is_ascii_uppercase());
        } else if matches!(byte, b'+' | b'=' | b'_' | b'\\' | b'{' | b'}' | b'<' | b'>' | b'#' | b'%') {
            symbols += 1;
        }
        previous = byte;
    }
    // `sha256-…`, `e90b0ef5`, `GTM-M396TR`, `10x`, `mp3`: letters among digits. `COVID-19` is a word with a number.
    let mixed = digits > 0 && letters > 0 && (digits * 2 > letters || letters < 4 || digits_inside(bytes));
    // `R0lGODlhAQABAPAB…`, `getElementById`, `data_layer_push`: no prose has such long words.
    let key = bytes.len() >= LONG && (rises >= 2 || symbols > 0);
    mixed || key || (bytes.len() > 2 * LONG && !bytes.contains(&b'-'))
}

/// An address: a scheme, `www.`, `name@host`, or a path of two or more slashes.
fn is_address(bytes: &[u8]) -> bool {
    let mut slashes = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b':' if bytes.get(at + 1..).is_some_and(|rest| rest.starts_with(b"//")) => return true,
            b'@' if at > 0 && bytes.get(at + 1..).is_some_and(|rest| rest.contains(&b'.')) => return true,
            b'/' => slashes += 1,
            _ => {}
        }
    }
    let lead = bytes.iter().take_while(|byte| !byte.is_ascii_alphanumeric()).count();
    let body = bytes.get(lead..).unwrap_or_default();
    (slashes >= 2 && bytes.len() >= 12)
        || body.get(..4).is_some_and(|four| four.eq_ignore_ascii_case(b"www."))
}

/// Whether a digit stands between two letters.
fn digits_inside(bytes: &[u8]) -> bool {
    let mut state = 0;
    for byte in bytes {
        state = match (state, byte.is_ascii_alphabetic(), byte.is_ascii_digit()) {
            (2, true, _) => return true,
            (_, true, _) => 1,
            (1 | 2, _, true) => 2,
            _ => 0,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_noise() {
        for token in [
            "https://example.org/a",
            "(http://example.org)",
            "www.example.org",
            "anna.berger@example.org,",
            "/static/js/main.js",
            "e90b0ef51ab026fd",
            "R0lGODlhAQABAPABAP",
            "sha384-oqVuAfXRKap7fdgcCY5uykM6",
            "x86_64",
            "10x",
            "(mp3)",
            "dataLayerPushEventName",
        ] {
            assert!(is_noise(token), "{token}");
        }
    }

    #[test]
    fn words_are_words() {
        for token in [
            "maison",
            "l’article",
            "COVID-19",
            "et/ou",
            "Donaudampfschifffahrtsgesellschaft",
            "arc-en-ciel",
            "McDonald",
            "https",
            "日本語の文章はここにあります",
            "@elle",
        ] {
            assert!(!is_noise(token), "{token}");
        }
    }
}
